"""Reading the escape text that Textual writes: what is drawing becomes cells, what is not is passed on as it is.

Textual's drawing is a small language: a cursor move (CUP), then text with its colours (SGR) and links (OSC 8), line
after line, between the marks of synchronised output (mode 2026). All else sets modes or asks questions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rich.cells import split_graphemes

from mast_tui.tui.wire.cells import PLAIN, Cell, Pen, blank
from mast_tui.tui.wire.palette import Depth, colour, indexed

SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"

_MOVE = re.compile(r"\x1b\[(\d*)(?:;(\d*))?H")
_MARK = re.compile(
    r"\x1b\[([0-9;:]*)m"  # SGR
    r"|\x1b\]8;[^;\x07\x1b]*;([^\x07\x1b]*)(?:\x07|\x1b\\)"  # a link begins or ends
    r"|\x1b\[[0-9;:?<>=$ ]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_^X][^\x1b]*\x1b\\|\x1b[()][A-Z0-9]"
    r"|\x1b[ -~]"  # all other sequences, whole
    r"|([^\x1b]+)"
)
#: What a plot is made of: ASCII, boxes, blocks and braille take a cell each, and nothing combines with them.
_ONE_CELL_EACH = re.compile("[ -~\u2500-\u259f\u2800-\u28ff]*")
_PLAIN_NUMBERS = frozenset(["1", "2", "3", "4", "5", "7", "8", "9", "21", "53"])
#: The attributes that each "off" number ends.
_OFF = {"22": ("1", "2"), "23": ("3",), "24": ("4", "21"), "25": ("5",), "27": ("7",), "28": ("8",), "29": ("9",),
        "55": ("53",)}  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """Cells from a place on (from 0), and where the cursor ends."""

    y: int
    x: int
    cells: tuple[Cell, ...]


def read(text: str, depth: Depth) -> list[Drawn | str]:
    """The steps of what was written: drawings in order, and what is to be passed on, as it is."""
    steps: list[Drawn | str] = []
    parts = _MOVE.split(text)
    if parts[0]:
        steps.append(parts[0])
    for at in range(1, len(parts), 3):
        y, x = int(parts[at] or 1) - 1, int(parts[at + 1] or 1) - 1
        cells, passed = cells_of(parts[at + 2], depth)
        steps.append(Drawn(y, x, cells))
        if passed:
            steps.append(passed)
    return steps


@lru_cache(1024)  # at 4.6 kB for a line of 120 columns, as measured
def cells_of(run: str, depth: Depth) -> tuple[tuple[Cell, ...], str]:
    """The cells of one line's text with its colours, and what was in it that is no drawing.

    Each line of Textual's begins and ends without colours, so a line that comes again is known whole.
    """
    cells: list[Cell] = []
    passed: list[str] = []
    pen = PLAIN
    for mark in _MARK.finditer(run):
        numbers, link, words = mark.groups()
        if words is not None:
            _write(cells, words, pen)
        elif numbers is not None:
            pen = pen_after(pen, numbers, depth)
        elif link is not None:
            pen = pen._replace(link=link)
        else:
            passed.append(mark[0])
    return tuple(cells), "".join(passed)


def _write(cells: list[Cell], words: str, pen: Pen) -> None:
    if _ONE_CELL_EACH.fullmatch(words):
        space = blank(pen)
        cells += [(char, pen) if char != " " else space for char in words]
        return
    words = "".join([char for char in words if char >= " "])
    # by the signs that Textual counts in, or all behind one would stand elsewhere than it was painted
    for start, end, width in split_graphemes(words)[0]:
        sign = words[start:end]
        if width:
            cells.append(blank(pen) if sign == " " else (sign, pen))
            cells += [("", pen)] * (width - 1)
        elif cells:  # it combines with what stands before it
            at = -1 if cells[-1][0] else -2
            cells[at] = (cells[at][0] + sign, cells[at][1])


@lru_cache(4096)
def pen_after(pen: Pen, numbers: str, depth: Depth) -> Pen:
    """The pen after the SGR parameters `numbers`."""
    foreground, background, attributes = pen.foreground, pen.background, set(pen.attributes)
    words = numbers.replace(":", ";").split(";")
    at = 0
    while at < len(words):
        word = words[at]
        if word in ("", "0"):
            foreground = background = ""
            attributes.clear()
        elif word in ("38", "48"):
            made, used = _extended(int(word), words[at + 1 :], depth)
            if word == "38":
                foreground = made
            else:
                background = made
            at += used
        elif word in _PLAIN_NUMBERS:
            attributes.add(word)
        elif word in _OFF:
            attributes.difference_update(_OFF[word])
        elif word.isdigit():
            number = int(word)
            if 30 <= number <= 37 or 90 <= number <= 97:
                foreground = word if depth != "none" else ""
            elif 40 <= number <= 47 or 100 <= number <= 107:
                background = word if depth != "none" else ""
            elif number == 39:
                foreground = ""
            elif number == 49:
                background = ""
        at += 1
    return Pen(foreground, background, frozenset(attributes), pen.link)


def _extended(base: int, words: list[str], depth: Depth) -> tuple[str, int]:
    """The colour that follows a 38 or 48, and how many parameters it took."""
    try:
        if words[0] == "5":
            return indexed(base, min(255, int(words[1])), depth), 2
        if words[0] == "2":
            red, green, blue = (min(255, int(word)) for word in words[1:4])
            return colour(base, red, green, blue, depth), 4
    except (IndexError, ValueError):
        pass
    return "", len(words)
