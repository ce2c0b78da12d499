"""An archive that wishes us ill: its words are shown on every screen, and none reaches the terminal as an order."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest

from mast_tui.core.columns import OBSERVATION_COLUMNS, PRODUCT_COLUMNS, Column
from tests.archive.servers import Asked, Reply, Script, as_json, error_status, scripted_server, table
from tests.journeys.conftest import SIZES, World
from tests.journeys.ptyharness import Terminal

#: Writes the clipboard, sets the title, clears the screen, reads backwards, ends styles, runs an action, hides.
EVIL = "E\x1b]52;c;UFdO\x1b\\V\x1b]0;PWN\x07I\x1b[2J\x9b31mL\u202egpj.[/][@click=app.quit]x[/]\x00\u200b"
#: Orders that would stand in what the program sends if one of those words had got through.
ORDERS = (b"\x1b]52", b"\x1b]0;", b"\xc2\x9b", b"\x9b31m", b"PWN\x07", "\u202e".encode(), "\u200b".encode(), b"\x00")
TOKEN = "a-token-that-nobody-may-see-0123456789"

OBSERVATION = {"obsid": "1001", "calib_level": 3}
PRODUCT = {
    "obsID": "1001",
    "productFilename": "a_x1d.fits",
    "productType": "SCIENCE",
    "dataURI": f"mast:HST/product/{EVIL}",
    "dataRights": "PUBLIC",
    "calib_level": 3,
    "size": 2880,
}


def one_row(columns: tuple[Column, ...], known: dict[str, Any]) -> Reply:
    """A table of one row, with evil words wherever there may be words."""
    zeros: dict[str, Any] = {"str": EVIL, "int": 0, "float": 0.0, "bool": False}
    row = {c.name: known.get(c.name, zeros[c.kind]) for c in columns}
    fields = [{"name": c.name, "type": "string" if c.kind == "str" else c.kind} for c in columns]
    return table(fields, [row], 1, 1000, 1)


def ill_wishing(asked: Asked) -> Reply:
    if asked.path.endswith("whoami"):
        return as_json({"anon": False, "ezid": EVIL, "scopes": [EVIL], "attrib": {"display_name": EVIL}})
    if "products" in asked.service.lower():
        return one_row(PRODUCT_COLUMNS, PRODUCT)
    if asked.service:
        if asked.mashup.get("params", {}).get("columns") == "COUNT_BIG(*)":
            return table([{"name": "Column1", "type": "int"}], [{"Column1": 1}], 1, 10, 1)
        return one_row(OBSERVATION_COLUMNS, OBSERVATION)
    return Reply(
        404, f"<html>{EVIL}</html>".encode("utf-8", "replace"), {"Content-Type": "text/html", "X-Evil": quote(EVIL)}
    )


def wrong(asked: Asked) -> Reply:
    return error_status(f"Error: {EVIL} in {EVIL}")


def open_on(world: World, script: Script, server: Any, size: tuple[int, int] = (80, 24)) -> Terminal:
    server.play(script)
    app = world.app("--archive", server.base, size=size)
    app.wait_for("❯")
    app.rest()
    return app


def said_no_orders(app: Terminal) -> None:
    """Also over everything that was ever sent; our own sequences for the screen are none of these."""
    assert [order for order in ORDERS if order in app.raw] == []


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
def test_no_word_of_the_archive_is_obeyed(world: World, size: tuple[int, int]) -> None:
    with scripted_server() as server:
        app = open_on(world, ill_wishing, server, size)
        app.send("proposal 1234")
        app.press("enter")
        app.wait_for("1 of 1", "E␛")
        app.press("d")
        app.rest()
        app.press("F", "enter")
        app.rest()
        app.press("esc", "x")
        app.rest()
        app.press("esc", "enter")
        app.wait_for("a_x1d.fits", limit_s=10)
        app.press("d")
        app.rest()
        app.press("enter")
        app.rest(1.0)
        app.press("esc", "t")
        app.wait_for("Take these files?")
        app.press("enter")
        app.wait_for("queued")
        app.press("D")
        app.wait_for("1 failed", limit_s=60)
        app.press("d")
        app.rest()
        app.press("S")
        app.wait_for("1 failed", "state")
        app.press("enter")
        app.rest()
        app.press("L")
        app.wait_for("Token")
        app.send(TOKEN)
        app.press("enter")
        app.wait_for("The archive knows you as E␛")
        app.press("esc")
        app.rest()
        app.press("q")
        assert app.wait_exit()[0] == 0
        said_no_orders(app)
        assert TOKEN.encode() not in app.raw
        assert world.holds(TOKEN) == [], "the token is in no file"
        assert not [p for p in world.home.rglob("*") if re.search(r"[\x00-\x1f\x7f-\x9f]", p.name)]


def test_an_error_of_the_archive_is_shown_and_not_obeyed(world: World) -> None:
    with scripted_server() as server:
        app = open_on(world, wrong, server)
        app.send("proposal 1234")
        app.press("enter")
        app.wait_for("! ", "E␛]52")
        app.press("ctrl+q")
        assert app.wait_exit()[0] == 0
        said_no_orders(app)
