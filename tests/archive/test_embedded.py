"""The archive room and the embedded archive together: the user's first minutes, without any network."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

import mast_tui
from mast_tui.archive import Archive, Page, PageFailed, RetryPolicy
from mast_tui.core.columns import product_column
from mast_tui.core.errors import MastTuiError, NotAllowed, NotFound, ServerError, TemporarilyUnavailable
from mast_tui.core.host import parse_host
from mast_tui.core.look_store import read_kept
from mast_tui.core.query import Position, Query, parse_criteria
from mast_tui.core.resolution import largest_separation_arcsec
from mast_tui.core.secret import Secret
from mast_tui.core.table import ColumnTable

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = Path(mast_tui.__file__).resolve().parents[1]


@contextlib.contextmanager
def embedded(*arguments: str) -> Iterator[str]:
    """The base address of an embedded archive that lives as long as the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mast_tui.demo", "--port", "0", "--exit-with-stdin", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None and process.stdin is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait(10)
        process.stdin.close()
        process.stdout.close()


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with embedded("--rows", "3000") as address:
        yield address


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def mast(base: str) -> AsyncIterator[Archive]:
    made = Archive(parse_host(base), page_size=500)
    await made.start()
    yield made
    await made.close()


@asynccontextmanager
async def troubled(fault: str) -> AsyncIterator[Archive]:
    with embedded("--fault", fault) as address:
        made = Archive(parse_host(address), page_size=10, deadline_s=20, retries=RetryPolicy(base_s=0.02))
        try:
            yield made
        finally:
            await made.close()


async def place_of(mast: Archive, name: str, radius_deg: float = 0.2) -> Query:
    (answer, *_) = (await mast.resolve([name]))[name]
    return Query(name, Position(answer.ra_deg, answer.dec_deg, radius_deg, name, answer.resolver))


HST_AND_TESS = Query("", None, parse_criteria(["obs_collection=HST,TESS"]))


async def test_m8_is_in_two_places(mast: Archive) -> None:
    answers = (await mast.resolve(["M8"]))["M8"]
    assert {a.resolver for a in answers} >= {"SIMBAD", "NED"}
    assert largest_separation_arcsec(answers) == pytest.approx(63.76, abs=0.01)


async def test_nobody_knows_nonsense(mast: Archive) -> None:
    with pytest.raises(NotFound, match="obody knows “qwertyuiop”"):
        await mast.resolve(["qwertyuiop"])


async def test_pi_men_has_observations_and_the_count_says_how_many(mast: Archive) -> None:
    query = await place_of(mast, "pi Men")
    page = await mast.page(query, 1)
    assert page.total == await mast.count(query) > 0
    table = ColumnTable()
    table.append(page.packed)
    assert "TESS" in table.strings("obs_collection")
    assert table.column("t_min").unit == "MJD"


async def test_all_pages_agree_with_the_total_and_no_row_comes_twice(mast: Archive) -> None:
    table, totals = ColumnTable(), set[int]()
    async with aclosing(mast.pages(HST_AND_TESS)) as pages:
        async for page in pages:
            assert isinstance(page, Page)
            table.append(page.packed)
            totals.add(page.total)
    assert totals == {len(table)}
    assert len(table) == await mast.count(HST_AND_TESS) > 1000
    assert len(set(table.strings("obsid"))) == len(table)
    assert set(table.strings("obs_collection")) == {"HST", "TESS"}


async def test_the_products_of_what_was_found_are_unique_files(mast: Archive) -> None:
    query = await place_of(mast, "pi Men")
    found = ColumnTable()
    found.append((await mast.page(query, 1)).packed)
    products, seen, listed = ColumnTable(product_column), set[str](), 0
    async with aclosing(mast.products(found.strings("obsid"))) as answers:
        async for answer in answers:
            listed += answer.listed_rows
            products.append(answer.without(seen))
    uris = products.strings("dataURI")
    assert 0 < len(uris) == len(set(uris)) <= listed
    assert all(uri.startswith("mast:") for uri in uris)


async def test_webb_lists_the_same_files_thousands_of_times(mast: Archive) -> None:
    page = await mast.page(Query("", None, parse_criteria(["obs_collection=JWST"])), 1)
    found = ColumnTable()
    found.append(page.packed)
    async with aclosing(mast.products(found.strings("obsid")[:20])) as answers:
        sizes = [(answer.packed["n"], answer.listed_rows) async for answer in answers]
    assert any(unique < listed for unique, listed in sizes)


async def test_missions_with_their_numbers(mast: Archive) -> None:
    missions = await mast.missions()
    assert {"HST", "JWST", "TESS"} <= missions.keys()
    assert list(missions.values()) == sorted(missions.values(), reverse=True)
    assert missions["TESS"] == await mast.count(Query("", None, parse_criteria(["obs_collection=TESS"])))


async def test_a_wrong_token_is_refused(mast: Archive) -> None:
    assert (await mast.whoami(None)).anonymous
    with pytest.raises(NotAllowed):
        await mast.whoami(Secret("no-such-token"))


async def test_a_file_can_be_fetched_for_a_look(mast: Archive) -> None:
    query = await place_of(mast, "pi Men")
    found = ColumnTable()
    found.append((await mast.page(query, 1)).packed)
    async with aclosing(mast.products(found.strings("obsid")[:1])) as answers:
        products = ColumnTable(product_column)
        async for answer in answers:
            products.append(answer.packed)
    row = next(i for i, name in enumerate(products.strings("productFilename")) if name.endswith(".fits"))
    uri = str(products.value(row, "dataURI"))
    own = Archive(mast.host)  # its worker takes over this test's own cache folder
    try:
        await own.parts(uri, None)
    finally:
        await own.close()
    kept = read_kept(mast.host.base, uri)
    assert kept is not None and kept.whole
    data = kept.data.read_bytes()
    assert data.startswith(b"SIMPLE  =") and len(data) == products.value(row, "size")


async def test_unavailable_for_a_moment() -> None:
    heard: list[str] = []
    async with troubled("unavailable=1") as mast:
        assert (await mast.page(HST_AND_TESS, 1, heard.append)).total > 0
    assert heard == ["waiting 1 s: the archive asks for a pause (503)"]


async def test_still_executing() -> None:
    heard: list[str] = []
    async with troubled("executing=2") as mast:
        assert (await mast.page(HST_AND_TESS, 1, heard.append)).total > 0
    assert 0 < len(heard) < 10


@pytest.mark.parametrize(
    ("fault", "error", "told"),
    [("html", TemporarilyUnavailable, "web page"), ("error", ServerError, "reports an error")],
)
async def test_down_for_long(fault: str, error: type[MastTuiError], told: str) -> None:
    async with troubled(fault) as mast:
        with pytest.raises(error, match=told):
            await mast.page(HST_AND_TESS, 1)


async def test_the_second_page_fails_for_good() -> None:
    async with troubled("page2-always") as mast, aclosing(mast.pages(HST_AND_TESS, limit=40)) as pages:
        kinds = [type(page) async for page in pages]
    assert kinds[:4] == [Page, PageFailed, Page, Page]
