"""The app on two terminals, one behind Textual's own driver, one behind the wire: after every key the same cells."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pyte.screens import Char

from tests.journeys.ptyharness import Terminal
from tests.wire.emulated import cells_seen

#: How long both may take to come to the same picture: searches and looks run in processes of their own.
_PATIENCE_S = 30.0

Pair = tuple[Terminal, Terminal]


def _environment(home: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "MAST_", "TEXTUAL"))}
    # the tests read both terminals in turn, and a terminal that answers late is a slow link: its manners are others
    return {**kept, "HOME": str(home), "MAST_TUI_LOW_BANDWIDTH": "off", **more}


@pytest.fixture
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    argv = [sys.executable, "-m", "mast_tui.cli", "--demo"]
    with ExitStack() as stack:
        terminals = []
        for more in ({"MAST_TUI_STOCK_DRIVER": "1"}, {}):
            terminal = Terminal(argv, size=request.param, env=_environment(tmp_path, **more))
            terminals.append(stack.enter_context(terminal))
        yield terminals[0], terminals[1]


def _press(pair: Pair, *keys: str) -> None:
    for terminal in pair:
        terminal.press(*keys)


def _cells(terminal: Terminal) -> list[list[Char]]:
    return [cells_seen(row) for row in terminal.cells]


def _rest(pair: Pair, quiet_s: float) -> None:
    """Read until nothing has come from either for so long."""
    end, last = time.monotonic() + 10.0, time.monotonic()
    while time.monotonic() < end and time.monotonic() - last < quiet_s:
        if sum(terminal.pump(0.05) for terminal in pair):
            last = time.monotonic()


def same(pair: Pair, *words: str) -> None:
    """Both show `words`, and the same picture, cell by cell, with the cursor in the same place if it is to be seen."""
    stock, wire = pair
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        for terminal in pair:
            terminal.pump(0.1)
        if all(word in stock.screen for word in words) and _cells(stock) == _cells(wire):
            _rest(pair, 0.3)
            if _cells(stock) == _cells(wire):
                assert stock.cursor == wire.cursor
                return
    for y, (one, other) in enumerate(zip(_cells(stock), _cells(wire), strict=True)):
        assert one == other, f"row {y}: {stock.lines[y]!r} and {wire.lines[y]!r}"
    raise AssertionError(f"{words} did not come\n{stock.screen}")


@pytest.mark.parametrize("pair", [(120, 40)], indirect=True, ids=["120x40"])
def test_the_whole_journey(pair: Pair) -> None:
    same(pair, "Demo: try")
    for letter in "pi Men":
        _press(pair, letter)
    same(pair, "pi Men")
    _press(pair, "enter")
    same(pair, "TESS", "20 of 20")
    for key in ("down", "down", "down", "up", "right", "pagedown", "end", "home", "space"):
        _press(pair, key)
        same(pair)
    _press(pair, "?")
    same(pair, "help")
    _press(pair, "esc")
    same(pair, "20 of 20")
    _press(pair, "F")
    same(pair)
    _press(pair, "esc", "enter")
    same(pair, "calibrated science")
    _press(pair, "S")
    same(pair)
    _press(pair, "esc", "L")
    same(pair, "token")
    _press(pair, "esc", "D")
    same(pair)


@pytest.mark.parametrize("pair", [(80, 24)], indirect=True, ids=["80x24"])
def test_sizes_in_mid_journey(pair: Pair) -> None:
    same(pair, "Demo: try")
    _press(pair, *"M101", "enter")
    same(pair, "M101")
    for columns, rows in ((100, 30), (60, 16), (200, 50), (80, 24)):
        for terminal in pair:
            terminal.resize(columns, rows)
        same(pair)
    _press(pair, "ctrl+l")
    same(pair)
