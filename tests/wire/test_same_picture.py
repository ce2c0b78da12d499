"""Whatever Textual paints, a terminal behind the wire shows the same: characters, colours, attributes, cursor."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mast_tui.tui.wire.cells import BLANK, PLAIN
from mast_tui.tui.wire.difference import Abilities
from mast_tui.tui.wire.palette import Depth, colour, indexed
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


_abilities = st.builds(Abilities, bce=st.booleans(), rep=st.booleans())
_frames = st.lists(_frame, min_size=1, max_size=6)


@settings(max_examples=300, deadline=None)
@given(abilities=_abilities, frames=_frames, cursor=st.tuples(st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 1)))
def test_any_frames_in_a_row(abilities: Abilities, frames: list[_Lines], cursor: tuple[int, int]) -> None:
    stock, wired = Emulated(WIDTH, HEIGHT), Wired(WIDTH, HEIGHT, abilities)
    for lines in frames:
        text = as_textual_writes(lines)
        stock.feed(text)
        wired.show(text, cursor)
        assert wired.cells == stock.cells
        assert wired.cursor == cursor


_colour_words = re.compile(r"([34]8);(?:2;(\d+);(\d+);(\d+)|5;(\d+))")


def in_colours_of(depth: Depth, text: str) -> str:
    """`text` with its colours written as a terminal of `depth` has them."""

    def mapped(match: re.Match[str]) -> str:
        base, red, green, blue, index = match.groups()
        if index is not None:
            return indexed(int(base), int(index), depth) or str(int(base) + 1)
        return colour(int(base), int(red), int(green), int(blue), depth) or str(int(base) + 1)

    text = _colour_words.sub(mapped, text)
    if depth == "none":
        text = re.sub(r"(?<=[\[;])[34][0-7](?=[;m])", "39", text)
    return text


@pytest.mark.parametrize("depth", ["256", "16", "none"])
@settings(max_examples=100, deadline=None)
@given(abilities=_abilities, frames=_frames)
def test_fewer_colours_are_the_same_frames_in_fewer_colours(
    depth: Depth, abilities: Abilities, frames: list[_Lines]
) -> None:
    stock, wired = Emulated(WIDTH, HEIGHT), Wired(WIDTH, HEIGHT, abilities, depth)
    for lines in frames:
        text = as_textual_writes(lines)
        stock.feed(in_colours_of(depth, text))
        wired.show(text)
        assert wired.cells == stock.cells


@settings(max_examples=100, deadline=None)
@given(
    frames=st.lists(_frame, min_size=4, max_size=8),
    happenings=st.lists(st.sampled_from(["", "another program", "cleared", "repeats"]), min_size=8, max_size=8),
)
def test_any_frames_with_what_happens_between_them(frames: list[_Lines], happenings: list[str]) -> None:
    """Another program writes there and all is painted anew; the screen is blank again; repeating is found out late."""
    stock, wired = Emulated(WIDTH, HEIGHT), Wired(WIDTH, HEIGHT, Abilities(bce=True))
    everything = ""
    for lines, what in zip(frames, happenings, strict=False):
        if what == "another program":
            wired.feed("\x1b[3;4H\x1b[0;41mBroadcast message\r\nfrom root\x1b[K\x1b[0m")
            wired.difference.pen = PLAIN
            wired.difference.forget(WIDTH, HEIGHT)
        elif what == "cleared":
            for terminal in (stock, wired):
                terminal.feed("\x1b[0m\x1b[2J")
            wired.difference.pen = PLAIN
            wired.difference.cleared()
            wired.wanted.fill(BLANK)
        elif what == "repeats":
            wired.difference.abilities = Abilities(bce=True, rep=True)
        everything = as_textual_writes(lines)
        stock.feed(everything)
        wired.show(everything)
        assert wired.cells == stock.cells


#: Signs that terminals take for as wide as their parts, or for one: hearts and digits with a variation selector, joined
#: and coloured people. Textual counts two columns for each.
_CLUSTERS = ["\u2764\ufe0f", "1\ufe0f\u20e3", "\U0001f469\u200d\U0001f52c", "\U0001f44d\U0001f3fd"]


@settings(max_examples=200, deadline=None)
@given(frames=st.lists(st.lists(st.sampled_from([*"abc ", "漢", *_CLUSTERS]), max_size=8), min_size=1, max_size=5))
def test_behind_a_sign_of_doubtful_width_all_stands_where_it_belongs(frames: list[list[str]]) -> None:
    """What stands in a doubtful sign's own columns is the terminal's; nothing beside it is moved or left over."""
    wired = Wired(WIDTH, HEIGHT, Abilities())
    for signs in frames:
        run = [("", sign) for sign in signs]
        wired.show(f"\x1b[3;1H{''.join(signs)}{' ' * (WIDTH - cell_len(''.join(signs)))}")
        x = 0
        for _colours, sign in run:
            cell = wired.cells[2][x]
            if sign in _CLUSTERS:
                assert cell.data[0] in (sign[0], " ")
                assert wired.screen.buffer[2][x + 1].data in ("", " ")
            else:
                assert cell.data == sign, (signs, x)
            x += cell_len(sign)
        assert all(cell.data == " " for cell in wired.cells[2][x:])


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
