"""The picture of a terminal: rows of cells, each a character and the pen it is written with.

A cell's text is a character with what combines with it; "" is the second half of the wide character left of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple


class Pen(NamedTuple):
    """Colours and attributes as SGR parameters ("31", "48;5;17", "1"); `link` is the target of a hyperlink (OSC 8)."""

    foreground: str = ""
    background: str = ""
    attributes: frozenset[str] = frozenset()
    link: str = ""


PLAIN = Pen()
#: Attributes that show on a blank: underlines, reverse, strike, overline. Erasing can't leave them.
SEEN_ON_BLANKS = frozenset({"4", "7", "9", "21", "53"})

Cell = tuple[str, Pen]
Row = list[Cell]

BLANK: Cell = (" ", PLAIN)
#: What a cell holds that is not known: equal to nothing that is ever wanted.
UNKNOWN: Cell = ("\0", PLAIN)


@lru_cache(4096)
def blank(pen: Pen) -> Cell:
    """The cell of a blank: without what does not show on one, so that blanks that look the same are the same."""
    return " ", pen if pen.attributes & SEEN_ON_BLANKS else Pen(background=pen.background, link=pen.link)


class Picture:
    """Cells in `rows`, each of `width`."""

    def __init__(self, width: int, height: int, fill: Cell = BLANK) -> None:
        self.width, self.height = width, height
        self.rows: list[Row] = [[fill] * width for _ in range(height)]

    def fill(self, cell: Cell) -> None:
        self.rows = [[cell] * self.width for _ in range(self.height)]

    def put(self, y: int, x: int, cells: Sequence[Cell]) -> None:
        """Write cells from a place on, as a terminal without line wrap does: what is beyond the edge is lost, and half
        a wide character is none."""
        if not (0 <= y < self.height and 0 <= x < self.width) or not cells:
            return
        row = self.rows[y]
        end = min(x + len(cells), self.width)
        if x > 0 and row[x][0] == "":
            row[x - 1] = (" ", row[x - 1][1])
        if end < self.width and row[end][0] == "":
            row[end] = (" ", row[end][1])
        row[x:end] = cells[: end - x]
        if end == self.width and end - x < len(cells) and cells[end - x][0] == "":
            row[end - 1] = (" ", row[end - 1][1])
