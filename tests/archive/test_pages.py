"""Asking for observations: pages, totals, counts, and pages that fail among others that do not."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import aclosing

import pytest

from mast_tui import __version__
from mast_tui.archive import Archive, Page, PageFailed
from mast_tui.core.errors import InvalidQuery, ServerError, TemporarilyUnavailable
from mast_tui.core.query import Position, Query, parse_criteria
from mast_tui.core.table import ColumnTable

from .servers import Asked, Reply, ScriptedServer, a_page, as_json, error_status

pytestmark = pytest.mark.asyncio(loop_scope="module")

CONE = Query("M8", Position(270.904, -24.387, 0.02, "M8", "SIMBAD"))


async def all_pages(
    archive: Archive, query: Query = CONE, limit: int | None = None, heard: list[str] | None = None
) -> list[Page | PageFailed]:
    async with aclosing(archive.pages(query, limit=limit, notice=None if heard is None else heard.append)) as pages:
        return [page async for page in pages]


def rows_of(pages: list[Page | PageFailed]) -> list[str]:
    table = ColumnTable()
    for page in pages:
        if isinstance(page, Page):
            table.append(page.packed)
    return table.strings("obsid")


async def test_the_first_page_says_how_many_there_are(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: a_page(asked, 25))
    page = await archive.page(CONE, 1)
    assert (page.number, page.n_pages, page.total) == (1, 3, 25)
    table = ColumnTable()
    table.append(page.packed)
    assert table.row(9) == {
        "obsid": "1009",
        "target_name": "star 9",
        "s_ra": 19.0,
        "calib_level": 3,
        "obs_collection": "HST",
    }


async def test_the_archive_is_asked_what_the_query_says_and_nothing_more(
    archive: Archive, server: ScriptedServer
) -> None:
    server.play(lambda asked: a_page(asked, 5))
    query = Query("M8", CONE.position, parse_criteria(["obs_collection=HST,JWST", "t_exptime=10..100"]))
    await archive.page(query, 1)
    (asked,) = server.asked
    assert (asked.method, asked.path, asked.service) == ("POST", "/api/v0/invoke", "Mast.Caom.Filtered.Position")
    assert asked.mashup["params"] == query.params()
    assert asked.headers["user-agent"].startswith(f"mast-tui/{__version__} (+astroquery/")
    assert "authorization" not in asked.headers and "cookie" not in asked.headers


async def test_all_pages_come_in_order_each_asked_for_once(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: a_page(asked, 47))
    pages = await all_pages(archive)
    assert [p.number for p in pages] == [1, 2, 3, 4, 5]
    assert rows_of(pages) == [str(1000 + i) for i in range(47)]
    assert sorted(a.page for a in server.asked) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("limit", "rows", "requests"), [(7, 7, 1), (10, 10, 1), (14, 14, 2), (1000, 47, 5)])
async def test_a_limit_asks_for_no_more_than_it_needs(
    archive: Archive, server: ScriptedServer, limit: int, rows: int, requests: int
) -> None:
    server.play(lambda asked: a_page(asked, 47))
    pages = await all_pages(archive, limit=limit)
    assert rows_of(pages) == [str(1000 + i) for i in range(rows)]
    assert len(server.asked) == requests
    assert all(isinstance(p, Page) and p.total == 47 for p in pages)


async def test_no_observations_is_an_answer(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: a_page(asked, 0))
    (page,) = await all_pages(archive)
    assert isinstance(page, Page) and (page.total, page.n_pages, page.packed["n"]) == (0, 1, 0)


async def test_a_page_that_fails_in_passing_is_asked_for_again(archive: Archive, server: ScriptedServer) -> None:
    tries: Counter[int] = Counter()

    def second_page_fails_once(asked: Asked) -> Reply:
        tries[asked.page] += 1
        return Reply(503) if asked.page == 2 and tries[2] == 1 else a_page(asked, 30)

    server.play(second_page_fails_once)
    heard: list[str] = []
    pages = await all_pages(archive, heard=heard)
    assert rows_of(pages) == [str(1000 + i) for i in range(30)]
    assert tries == {1: 1, 2: 2, 3: 1}
    assert any("can't answer now (503)" in words for words in heard)


async def test_a_page_that_always_fails_does_not_lose_the_others(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: Reply(502) if asked.page == 2 else a_page(asked, 40))
    pages = await all_pages(archive)
    assert [(p.number, isinstance(p, PageFailed)) for p in pages] == [(1, False), (2, True), (3, False), (4, False)]
    assert len(rows_of(pages)) == 30
    failed = pages[1]
    assert isinstance(failed, PageFailed) and isinstance(failed.error, TemporarilyUnavailable)


async def test_an_error_on_a_later_page_is_tried_once_more_since_the_question_is_right(
    archive: Archive, server: ScriptedServer
) -> None:
    tries: Counter[int] = Counter()

    def script(asked: Asked) -> Reply:
        tries[asked.page] += 1
        return error_status("Timeout expired") if asked.page == 2 and tries[2] == 1 else a_page(asked, 20)

    server.play(script)
    assert len(rows_of(await all_pages(archive))) == 20
    assert tries[2] == 2


async def test_an_archive_that_goes_down_is_left_alone_after_three_pages(
    archive: Archive, server: ScriptedServer
) -> None:
    server.play(lambda asked: a_page(asked, 200) if asked.page <= 2 else Reply(503))
    pages = await all_pages(archive)
    assert [p.number for p in pages] == list(range(1, 21))
    assert [isinstance(p, PageFailed) for p in pages] == [False] * 2 + [True] * 18
    assert max(a.page for a in server.asked) <= 6


async def test_an_error_on_the_first_page_is_raised(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: error_status("No connection to\nthe \x1b]0;database\x07"))
    with pytest.raises(ServerError) as caught:
        await all_pages(archive)
    assert "No connection to the ␛]0;database␇" in str(caught.value)
    assert len(server.asked) == 1


async def test_the_server_may_say_that_the_question_is_wrong(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: error_status("Invalid column name 'colour'."))
    with pytest.raises(InvalidQuery, match="Invalid column name 'colour'"):
        await archive.page(CONE, 1)


async def test_a_total_that_changes_is_told(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: a_page(asked, 20 if asked.page == 1 else 33))
    heard: list[str] = []
    pages = await all_pages(archive, heard=heard)
    assert [p.total for p in pages if isinstance(p, Page)] == [20, 33, 33, 33]
    assert "the archive now counts 33 rows, it was 20 a moment ago" in heard


async def test_leaving_early_asks_for_no_more(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: a_page(asked, 1000) if asked.page < 3 else Reply(silent=True))
    async with aclosing(archive.pages(CONE)) as pages:
        async for page in pages:
            if page.number == 2:
                async with asyncio.timeout(10):
                    while all(a.page != 3 for a in server.asked):
                        await asyncio.sleep(0.01)
                break
    server.play(lambda asked: a_page(asked, 5))
    assert (await archive.page(CONE, 1)).total == 5


async def test_counting_asks_for_no_rows(archive: Archive, server: ScriptedServer) -> None:
    fields = [{"name": "Column1", "type": "string"}]
    server.play(lambda asked: as_json({"status": "COMPLETE", "data": [{"Column1": "599"}], "fields": fields}))
    assert await archive.count(CONE) == 599
    assert await archive.count(Query("", None, parse_criteria(["proposal_id=1979"]))) == 599
    cone, filtered = (a.mashup for a in server.asked)
    assert (cone["service"], cone["params"]["columns"]) == ("Mast.Caom.Filtered.Position", "COUNT_BIG(*)")
    assert cone["params"]["position"] == "270.904, -24.387, 0.02"
    assert (filtered["service"], filtered["params"]["filters"][0]["values"]) == ("Mast.Caom.Filtered", ["1979"])


async def test_a_count_that_is_no_number_is_no_count(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: as_json({"status": "COMPLETE", "data": [], "fields": []}))
    with pytest.raises(ServerError, match="can't be read"):
        await archive.count(CONE)


async def test_a_query_for_the_whole_archive_is_not_sent(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: a_page(asked, 5))
    with pytest.raises(InvalidQuery):
        await archive.count(Query())
    with pytest.raises(InvalidQuery):
        await archive.page(Query(), 1)
    assert server.asked == []


async def test_the_archives_values_with_counts_are_asked_for_once(archive: Archive, server: ScriptedServer) -> None:
    histogram = {"hist": [{"key": "TESS", "count": 7}, {"key": "HST", "count": 20}], "TESS": {"count": 7}}
    bins = {"hist": {"hist": [{"key": 0.5, "count": 9}]}}
    columns = [
        {"text": "obs_collection", "ExtendedProperties": {"histObj": histogram}},
        {"text": "t_min", "ExtendedProperties": {"histObj": bins}},
        {"text": "obs_id", "ExtendedProperties": {}},
    ]
    server.play(lambda asked: as_json({"status": "COMPLETE", "data": {"Tables": [{"Columns": columns}]}}))
    assert list((await archive.missions()).items()) == [("HST", 20), ("TESS", 7)]
    assert await archive.facets() == {"obs_collection": {"TESS": 7, "HST": 20}}
    assert server.services() == ["Mast.Caom.All"]
    assert server.asked[0].mashup["format"] == "extjs"
