"""An embedded archive with a few large made-up files, and `Looks` in front of it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache, partial
from pathlib import Path

import pytest
import pytest_asyncio

from mast_tui.archive import Archive, RetryPolicy
from mast_tui.controller.looks import Looks
from mast_tui.core.host import parse_host
from mast_tui.demo.faults import parse_fault
from mast_tui.demo.holdings import Cell, HeldObservation, HeldProduct, MadeContent
from mast_tui.demo.server import DemoServer, serve

from .large_files import FILES


@cache
def content(name: str) -> bytes:
    return FILES[name]()


def uri(name: str) -> str:
    return f"mast:HST/product/{name}"


def _observation() -> HeldObservation:
    row: dict[str, Cell] = {
        "intentType": "science",
        "obs_collection": "HST",
        "obs_id": "large",
        "obsid": "777",
        "objID": "1777",
        "dataRights": "PUBLIC",
        "t_min": 55000.0,
        "t_max": 55000.1,
    }

    def listed() -> list[HeldProduct]:
        return [
            HeldProduct(
                {"dataURI": uri(name), "productFilename": name, "productType": "SCIENCE", "obs_id": "large"},
                MadeContent(partial(content, name)),
            )
            for name in FILES
        ]

    return HeldObservation(row, listed)


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with serve(observations=[_observation()], resolver_entries=[]) as made:
        yield made


@pytest.fixture(autouse=True)
def _clean_slate(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "server" in request.fixturenames:
        request.getfixturevalue("server").archive.faults.replace([])


@pytest.fixture
def faults(server: DemoServer) -> Callable[..., None]:
    def switch_on(*names: str) -> None:
        server.archive.faults.replace([parse_fault(name) for name in names])

    return switch_on


@pytest_asyncio.fixture(loop_scope="module")
async def archive(server: DemoServer) -> AsyncIterator[Archive]:
    made = Archive(parse_host(server.base_url), retries=RetryPolicy(base_s=0.02))
    yield made
    await made.close()


@pytest_asyncio.fixture(loop_scope="module")
async def looks(archive: Archive, server: DemoServer) -> AsyncIterator[Looks]:
    server.journal.clear()

    async def the_archive() -> Archive:
        return archive

    def nothing_taken(_: str) -> Path | None:
        return None

    made = Looks(the_archive, nothing_taken)
    yield made
    await made.close()


@pytest.fixture
def sent(server: DemoServer) -> Callable[[], int]:
    """How many bytes of files the server has sent in this test, once no answer is on its way any more.

    It counts an answer when that has ended, which may be after the look that needed it.
    """

    def counted() -> int:
        deadline = time.monotonic() + 10
        while (stats := server.journal.stats())["now_at_once"].get("download"):
            assert time.monotonic() < deadline, "an answer does not end"
            time.sleep(0.005)
        return int(stats["bytes_sent"].get("download", 0))

    return counted
