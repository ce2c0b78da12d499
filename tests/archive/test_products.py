"""Products: each file once, however often the archive lists it, and addresses byte for byte as it gives them."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

import pytest

from mast_tui.archive import Archive, ProductsAnswer
from mast_tui.core.columns import product_column
from mast_tui.core.errors import ServerError
from mast_tui.core.table import ColumnTable

from .servers import Asked, Reply, ScriptedServer, error_status, table

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIELDS = [{"name": n, "type": "string"} for n in ("obsID", "dataURI", "productFilename")] + [
    {"name": "size", "type": "int"}
]


def file(obsid: str, name: str) -> dict[str, Any]:
    return {"obsID": obsid, "dataURI": f"mast:JWST/product/{name}", "productFilename": name, "size": 2880}


def listing(asked: Asked, rows: list[dict[str, Any]]) -> Reply:
    size, page = asked.mashup["pagesize"], asked.page
    return table(FIELDS, rows[(page - 1) * size : page * size], page, size, len(rows))


def obsids_of(asked: Asked) -> list[str]:
    return str(asked.mashup["params"]["obsid"]).split(",")


async def all_answers(archive: Archive, obsids: list[str]) -> list[ProductsAnswer]:
    async with aclosing(archive.products(obsids)) as answers:
        return [answer async for answer in answers]


def joined(answers: list[ProductsAnswer]) -> ColumnTable:
    made, seen = ColumnTable(product_column), set[str]()
    for answer in answers:
        made.append(answer.without(seen))
    return made


async def test_a_shared_file_is_one_row_and_the_archives_own_count_is_kept(
    archive: Archive, server: ScriptedServer
) -> None:
    rows = [file("1", "a.fits"), file("2", "shared.fits"), file("1", "shared.fits"), file("2", "b.fits")]
    server.play(lambda asked: listing(asked, rows))
    (answer,) = await all_answers(archive, ["1", "2", "1"])
    assert (answer.listed_rows, answer.packed["n"], answer.obsids) == (4, 3, ("1", "2"))
    assert joined([answer]).strings("productFilename") == ["a.fits", "shared.fits", "b.fits"]
    (asked,) = server.asked
    assert (asked.service, asked.mashup["params"]) == ("Mast.Caom.Products", {"obsid": "1,2"})


async def test_a_file_shared_by_two_answers_is_one_row_too(archive: Archive, server: ScriptedServer) -> None:
    server.play(
        lambda asked: listing(asked, [file(o, n) for o in obsids_of(asked) for n in (f"{o}.fits", "guide.fits")])
    )
    answers = await all_answers(archive, [str(i) for i in range(8)])
    assert len(answers) == 2
    assert sum(a.listed_rows for a in answers) == 16
    assert sorted(joined(answers).strings("productFilename")) == [*(f"{i}.fits" for i in range(8)), "guide.fits"]


async def test_addresses_come_byte_for_byte(archive: Archive, server: ScriptedServer) -> None:
    uri = "mast:HLSP/a b+c%20\u200bd/é.fits"
    server.play(lambda asked: listing(asked, [{"obsID": "1", "dataURI": uri, "productFilename": "x", "size": None}]))
    products = joined(await all_answers(archive, ["1"]))
    assert products.value(0, "dataURI") == uri
    assert products.value(0, "size") is None


async def test_thirty_thousand_rows_of_one_webb_observation(archive: Archive, server: ScriptedServer) -> None:
    rows = [file("1", f"jw{i % 9000:05d}_gs.fits") for i in range(30_000)]
    server.play(lambda asked: listing(asked, rows))
    (answer,) = await all_answers(archive, ["1"])
    assert (answer.listed_rows, answer.packed["n"]) == (30_000, 9_000)
    assert [a.page for a in server.asked] == [1, 2]


async def test_small_observations_are_asked_for_by_fifty_large_ones_one_by_one(
    archive: Archive, server: ScriptedServer
) -> None:
    each = 4
    server.play(lambda asked: listing(asked, [file(o, f"{o}-{i}") for o in obsids_of(asked) for i in range(each)]))
    await all_answers(archive, [str(i) for i in range(120)])
    assert max(len(obsids_of(a)) for a in server.asked) == 50
    each = 3000
    server.play(lambda asked: listing(asked, [file(o, f"{o}-{i}") for o in obsids_of(asked) for i in range(each)]))
    await all_answers(archive, [str(i) for i in range(13)])
    assert [len(obsids_of(a)) for a in server.asked[2:]].count(1) >= 3


async def test_observations_that_fail_do_not_lose_the_others(archive: Archive, server: ScriptedServer) -> None:
    def second_fails(asked: Asked) -> Reply:
        if "7" in obsids_of(asked):
            return error_status("Query timed out")
        return listing(asked, [file(o, f"{o}.fits") for o in obsids_of(asked)])

    server.play(second_fails)
    got: list[str] = []
    with pytest.raises(ServerError, match="Query timed out"):
        async for answer in archive.products([str(i) for i in range(40)]):
            got += answer.obsids
    assert "0" in got and "39" in got and "7" not in got


async def test_rows_without_an_address_are_all_kept(archive: Archive, server: ScriptedServer) -> None:
    rows = [{"obsID": str(i), "dataURI": None, "productFilename": "planned", "size": None} for i in range(3)]
    server.play(lambda asked: listing(asked, rows))
    assert len(joined(await all_answers(archive, ["1"]))) == 3


async def test_no_products_is_an_answer(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: listing(asked, []))
    assert len(joined(await all_answers(archive, ["1"]))) == 0
    assert await all_answers(archive, []) == []
