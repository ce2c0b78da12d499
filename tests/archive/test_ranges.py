"""Parts of a file under one validator: what a server may do wrong, and that no wrong byte is kept."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from mast_tui.archive import Archive, RetryPolicy
from mast_tui.core.errors import MastTuiError, NotAllowed, NotFound
from mast_tui.core.host import parse_host
from mast_tui.core.look_store import read_kept

from .servers import Asked, Reply, ScriptedServer, always

pytestmark = pytest.mark.asyncio(loop_scope="module")

URI = "mast:HST/product/part_drz.fits"
DATA = bytes(range(256)) * 40_000
TYPE = {"Content-Type": "application/fits"}


def part(asked: Asked, data: bytes = DATA, etag: str = '"v1"', **more: str) -> Reply:
    headers = {"ETag": etag, **TYPE, **more}
    start, stop = (int(n) for n in asked.headers["range"].removeprefix("bytes=").split("-"))
    if asked.headers.get("if-range", etag) != etag:
        return Reply(200, data, headers)
    piece = data[start : stop + 1]
    span = f"bytes {start}-{start + len(piece) - 1}/{len(data)}"
    return Reply(206, piece, {**headers, "Content-Range": span})


@pytest_asyncio.fixture(loop_scope="module")
async def archive(server: ScriptedServer) -> AsyncIterator[Archive]:
    """Made for each test: its worker takes over the test's own cache folder."""
    made = Archive(parse_host(server.base), retries=RetryPolicy(base_s=0.02))
    yield made
    await made.close()


async def test_only_what_is_missing_is_asked_for(archive: Archive, server: ScriptedServer) -> None:
    server.play(part)
    await archive.parts(URI, [(0, 1000), (5_000_000, 5_010_000)])
    server.asked.clear()
    moved, changed = await archive.parts(URI, [(4_999_950, 5_010_100), (10, 20)])
    assert not changed and moved == 150
    assert {a.headers["range"] for a in server.asked} == {"bytes=4999950-4999999", "bytes=5010000-5010099"}
    assert all(a.headers["if-range"] == '"v1"' and a.headers["accept-encoding"] == "identity" for a in server.asked)


async def test_a_small_file_comes_whole(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: part(asked, DATA[:200_000]))
    await archive.parts(URI, [(0, 10)])
    kept = read_kept(archive.host.base, URI)
    assert kept is not None and kept.whole and kept.data.read_bytes() == DATA[:200_000]


@pytest.mark.parametrize("kind", ["ignored", "packed", "weak", "unknown length"])
async def test_a_server_that_sends_no_usable_parts_is_read_from_the_start(
    archive: Archive, server: ScriptedServer, kind: str
) -> None:
    data = DATA[:300_000]

    def script(asked: Asked) -> Reply:
        if "range" not in asked.headers or kind == "ignored":
            return Reply(200, data, {"ETag": '"v1"', **TYPE})
        if kind == "packed":
            return Reply(200, gzip.compress(data), {"ETag": '"v1"', "Content-Encoding": "gzip", **TYPE})
        if kind == "weak":
            return part(asked, data, 'W/"v1"')
        return Reply(206, data[:100], {"ETag": '"v1"', "Content-Range": "bytes 0-99/*", **TYPE})

    server.play(script)
    await archive.parts(URI, [(0, 65536)])
    kept = read_kept(archive.host.base, URI)
    assert kept is not None and not kept.ranges
    assert kept.whole and kept.data.read_bytes() == data


async def test_without_parts_a_large_file_is_left_at_the_limit(archive: Archive, server: ScriptedServer) -> None:
    server.play(always(Reply(200, DATA, {"ETag": '"v1"', **TYPE})))
    moved, _ = await archive.parts(URI, [(0, 65536)])
    kept = read_kept(archive.host.base, URI)
    assert kept is not None and not kept.whole and kept.total == len(DATA)
    assert kept.prefix == 8 << 20 and moved <= (8 << 20) + (64 << 10)
    assert kept.data.read_bytes() == DATA[: 8 << 20]


async def test_bytes_of_two_versions_never_meet(archive: Archive, server: ScriptedServer) -> None:
    other = DATA[::-1]
    server.play(part)
    await archive.parts(URI, [(0, 10)])
    server.play(lambda asked: part(asked, other, '"v2"'))
    _, changed = await archive.parts(URI, [(6_000_000, 6_000_100)])
    kept = read_kept(archive.host.base, URI)
    assert changed and kept is not None and kept.validator == '"v2"'
    held = kept.data.read_bytes()
    assert all(held[a:b] == other[a:b] for a, b in kept.known)


@pytest.mark.parametrize(("status", "error"), [(404, NotFound), (403, NotAllowed)])
async def test_a_refusal_is_told(
    archive: Archive, server: ScriptedServer, status: int, error: type[MastTuiError]
) -> None:
    server.play(always(Reply(status)))
    with pytest.raises(error):
        await archive.parts(URI, [(0, 10)])
    assert read_kept(archive.host.base, URI) is None
