"""Slow links and plain terminals: keys that arrive together, few colours or none, a screen that changes size."""

from __future__ import annotations

import re

import pytest

from tests.journeys.conftest import World
from tests.journeys.ptyharness import Terminal


def test_keys_that_arrive_together_go_where_they_were_meant(world: World) -> None:
    """Over a slow link a line of typing comes in one piece; "t" in it would take files, "q" would leave."""
    app = world.demo()
    app.send("proposal 1073\t\t\t\tF277W\r")
    app.wait_for("15 of 15 · proposal 1073")
    app.send("/query takes x\r")
    app.wait_for("0 match “query takes x”")
    app.press("esc")
    app.wait_gone("0 match")
    app.send(":sessions fetched\r")
    app.wait_for("Sessions", "Nothing has been fetched")
    app.press("esc")
    app.wait_for("15 of 15")
    app.send("Labc")
    app.wait_for("Token  •••")


@pytest.mark.parametrize(
    ("term", "environment"), [("xterm-256color", {"NO_COLOR": "1"}), ("xterm", {}), ("screen", {}), ("linux", {})]
)
def test_meaning_is_in_words_and_signs(world: World, term: str, environment: dict[str, str]) -> None:
    app = world.app("--demo", term=term, env=environment)
    app.wait_for("Demo: try")
    app.send("proposal 1979")
    app.press("enter")
    app.wait_for("5 of 5")
    app.press("space", "space", "enter")
    app.wait_for("Exclusive access until")
    app.press("t")
    app.wait_for("will wait for a login")
    app.press("enter")
    app.wait_for("queued")
    app.press("D")
    app.wait_for("log in: L", "need login")
    app.wait_for("▸? jw01979")  # each file asks for itself: the first may do so after the second
    app.press("q")
    assert app.wait_exit()[0] == 0
    assert colours(app) <= ({"plain"} if "NO_COLOR" in environment else {"plain", "16"})


def colours(app: Terminal) -> set[str]:
    """The kinds of colour that were ever asked of the terminal."""
    kinds = {"plain"}
    for words in re.findall(rb"\x1b\[([\d;]*)m", bytes(app.raw)):
        numbers = [int(n or 0) for n in words.split(b";")]
        if 38 in numbers or 48 in numbers:
            kinds.add("true" if 2 in numbers else "256")
        elif any(30 <= n <= 37 or 40 <= n <= 47 or 90 <= n <= 107 for n in numbers):
            kinds.add("16")
    return kinds


def test_the_screen_follows_the_terminal_through_sizes(world: World) -> None:
    app = world.demo(size=(120, 40))
    app.press("f3")
    app.wait_for("The queue is empty")
    for columns, rows in ((80, 24), (60, 20), (200, 50), (80, 24)):
        app.resize(columns, rows)
        app.rest()
        app.wait_for("The queue is empty", "? help")
        assert all(len(line) <= columns for line in app.lines)
    app.press("q")
    assert app.wait_exit()[0] == 0
