"""Whatever Textual paints, a terminal behind the wire shows the same: characters, colours, attributes, cursor."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mast_tui.tui.wire.difference import Abilities
from tests.wire.emulated import Emulated, Wired

WIDTH, HEIGHT = 24, 10

_SIGNS = ["a", "b", " ", "    ", "─", "│", "Å", "e\u0301", "漢", "字", "⠿", "█", "▸", "✓", "🔭", "0"]
_COLOURS = ["", "1", "31", "7", "44", "4", "38;5;100", "48;2;10;20;30", "1;33;45", "2", "3;9", "38;2;250;250;250"]

_words = st.lists(st.sampled_from(_SIGNS), max_size=14).map("".join)
_run = st.lists(st.tuples(st.sampled_from(_COLOURS), _words), min_size=1, max_size=4)
_line = st.tuples(st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 1), _run)
_Lines = list[tuple[int, int, list[tuple[str, str]]]]
_frame = st.lists(_line, min_size=1, max_size=12)


def as_textual_writes(lines: _Lines) -> str:
    """Each line by a move and its segments, cut at the edge as the compositor cuts them."""
    out = []
    for y, x, run in lines:
        room = WIDTH - x
        out.append(f"\x1b[{y + 1};{x + 1}H")
        for colours, words in run:
            text = ""
            for sign in re.findall(".\u0301?", words):
                if cell_len(text + sign) > room:
                    break
                text += sign
            room -= cell_len(text)
            out.append(f"\x1b[{colours}m{text}\x1b[0m" if colours else text)
    return "".join(out)


@pytest.mark.parametrize("bce", [False, True], ids=["no bce", "bce"])
@settings(max_examples=200, deadline=None)
@given(frames=st.lists(_frame, min_size=1, max_size=6), cursor=st.tuples(st.integers(0, 9), st.integers(0, 23)))
def test_any_frames_in_a_row(bce: bool, frames: list[_Lines], cursor: tuple[int, int]) -> None:
    stock, wired = Emulated(WIDTH, HEIGHT), Wired(WIDTH, HEIGHT, Abilities(bce=bce))
    for lines in frames:
        text = as_textual_writes(lines)
        stock.feed(text)
        wired.show(text, cursor)
        assert wired.cells == stock.cells
        assert wired.cursor == cursor


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(st.text("abc─ ", min_size=1, max_size=WIDTH), min_size=HEIGHT, max_size=40, unique=True),
    steps=st.lists(st.integers(-6, 6), min_size=1, max_size=8),
    head=st.integers(0, 2),
)
def test_a_list_that_scrolls_by_any_steps(rows: list[str], steps: list[int], head: int) -> None:
    stock, wired = Emulated(WIDTH, HEIGHT), Wired(WIDTH, HEIGHT, Abilities(bce=True))
    top = 0
    for step in [0, *steps]:
        top = max(0, min(len(rows) - (HEIGHT - head), top + step))
        lines = [(y + head, 0, [("", rows[top + y].ljust(WIDTH))]) for y in range(HEIGHT - head)]
        text = as_textual_writes(lines)
        stock.feed(text)
        wired.show(text)
        assert wired.cells == stock.cells


def test_nothing_changed_is_no_byte() -> None:
    wired = Wired(WIDTH, HEIGHT, Abilities())
    text = as_textual_writes([(2, 3, [("31", "spectrum")]), (4, 0, [("", "x" * WIDTH)])])
    assert wired.show(text)
    assert wired.show(text) == ""


def test_one_line_scrolled_is_told_by_the_line_alone() -> None:
    wired = Wired(WIDTH, HEIGHT, Abilities())
    rows = [f"TESS sector {n:<12}"[:WIDTH].ljust(WIDTH) for n in range(30)]
    wired.show(as_textual_writes([(y, 0, [("", rows[y])]) for y in range(HEIGHT)]))
    sent = wired.show(as_textual_writes([(y, 0, [("", rows[y + 1])]) for y in range(HEIGHT)]))
    assert len(sent) < 45


def test_a_terminal_of_unknown_content_is_wiped_and_painted() -> None:
    wired = Wired(WIDTH, HEIGHT, Abilities())
    text = as_textual_writes([(1, 1, [("1", "IUE")])])
    wired.show(text)
    wired.feed("\x1b[5;5H\x1b[41mwall: going down\x1b[0m")
    wired.difference.forget(WIDTH, HEIGHT)
    wired.show("")
    fresh = Emulated(WIDTH, HEIGHT)
    fresh.feed(text)
    assert wired.cells == fresh.cells
