"""Which columns of a table are drawn, how wide, and the text of one line. No screen is needed to test it.

Used by `column_table.ColumnTableView` alone. Only the cells that are seen are ever formatted. Widths come from a
sample of the first rows and stay while more rows arrive, so that nothing moves under the reader's eye.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len, set_cell_size

from mast_tui.core.columns import Column
from mast_tui.core.table import DATE_COLUMNS, RAW_COLUMNS, ColumnTable, Value, heading
from mast_tui.core.text import clean

Format = Callable[[Value], str]

#: Cells between two columns; the sort arrow stands in the first of them.
GAP = 2
#: A column cut down to less than this at the edge of the screen is left out.
_NARROWEST_CUT = 4
_SAMPLE_ROWS = 300


@dataclass(frozen=True)
class Cell:
    """Where one column is drawn: from cell `x` of the line, `width` wide."""

    column: Column
    x: int
    width: int

    @property
    def at_right(self) -> bool:
        return self.column.kind in ("float", "int") and self.column.name not in DATE_COLUMNS


class ColumnLayout:
    """The columns of `table` as they are drawn; `formats` replaces how a column's values are written."""

    def __init__(
        self, table: ColumnTable, names: Sequence[str] | None, formats: Mapping[str, Format], fixed: int, widest: int
    ) -> None:
        self._table, self._formats, self._fixed, self._widest = table, formats, fixed, widest
        self._wanted = None if names is None else tuple(names)
        self._widths: dict[str, int] = {}
        self._placed: dict[tuple[int, int], list[Cell]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The columns drawn, of those that the table has by now."""
        there = self._table.names
        return there if self._wanted is None else tuple(name for name in self._wanted if name in there)

    def _head(self, column: Column) -> str:
        """A column's head; values written in another way carry their own unit."""
        return column.label if column.name in self._formats else heading(column)

    def choose(self, names: Sequence[str] | None) -> None:
        self._wanted = None if names is None else tuple(names)
        self._placed.clear()
        self.measure()

    def measure(self, again: bool = False) -> bool:
        """Give a width to each column that has none yet, or to all `again`; gives whether any changed."""
        if not len(self._table):
            return False
        before = dict(self._widths)
        for name in self.names:
            if again or name not in self._widths:
                self._widths[name] = self._width(name)
        if self._widths == before:
            return False
        self._placed.clear()
        return True

    def _width(self, name: str) -> int:
        column = self._table.column(name)
        rows = np.unique(np.linspace(0, len(self._table) - 1, _SAMPLE_ROWS).astype(int))
        longest = max(cell_len(self._text(int(row), column)) for row in rows)
        if column.kind == "float" and name not in DATE_COLUMNS and column.digits is not None and longest:
            # the sample may lack a three-figure right ascension or a southern declination
            longest = max(longest, column.digits + 4)
        return min(self._widest, max(cell_len(self._head(column)), longest, 1))

    def cells(self, left: int, width: int) -> list[Cell]:
        """The columns that fit into `width` cells, with the `left` first movable ones scrolled away."""
        placed = self._placed.get((left, width))
        if placed is None:
            placed, x = [], 0
            names = self.names
            for name in names[: self._fixed] + names[self._fixed + left :]:
                column = self._table.column(name)
                full = self._widths.get(name, cell_len(self._head(column)))
                room = min(full, width - x)
                if room < full and room < _NARROWEST_CUT:
                    break
                placed.append(Cell(column, x, room))
                x += full + GAP
            if len(self._placed) > 8:
                self._placed.clear()
            self._placed[left, width] = placed
        return placed

    def rightmost(self, width: int) -> int:
        """The largest `left` that is of use: with it the last column is whole, if it can be."""
        names = self.names
        room = width - sum(self._full(name) + GAP for name in names[: self._fixed])
        movable = names[self._fixed :]
        left = len(movable)
        while left > 0 and (left == len(movable) or room >= self._full(movable[left - 1])):
            left -= 1
            room -= self._full(movable[left]) + GAP
        return left

    def _full(self, name: str) -> int:
        return self._widths.get(name, 1)

    def header(self, left: int, width: int, sort_name: str | None, descending: bool) -> str:
        """The head line: labels with units, and an arrow behind the column that the rows are sorted by."""
        line = ""
        for cell in self.cells(left, width):
            arrow = ("↓" if descending else "↑") if cell.column.name == sort_name else ""
            if arrow and cell.x + cell.width >= width:
                label = fitted(self._head(cell.column), cell.width - 1, cell.at_right) + arrow
            else:
                label = fitted(self._head(cell.column), cell.width, cell.at_right) + arrow
            line += " " * (cell.x - cell_len(line)) + label
        return line + " " * (width - cell_len(line))

    def line(self, row: int, left: int, width: int) -> str:
        """One row of the table as text of exactly `width` cells."""
        parts, at = [], 0
        for cell in self.cells(left, width):
            text = self._text(row, cell.column)
            if len(text) > cell.width and cell.at_right and cell.column.kind == "float":
                text = self._shorter(row, cell)
            parts.append(" " * (cell.x - at))
            if cell.column.name in RAW_COLUMNS and text.isascii():
                text = middle_cut(text, cell.width)
            parts.append(fitted(text, cell.width, cell.at_right))
            at = cell.x + cell.width
        parts.append(" " * (width - at))
        return "".join(parts)

    def _text(self, row: int, column: Column) -> str:
        write = self._formats.get(column.name)
        if write is not None:
            return clean(write(self._table.value(row, column.name)))
        return self._table.text(row, column.name)

    def _shorter(self, row: int, cell: Cell) -> str:
        """A number with fewer digits rather than with its end cut off, which would read as another number."""
        value = self._table.value(row, cell.column.name)
        if isinstance(value, float) and cell.column.name not in self._formats:
            for digits in range(cell.column.digits or 0, -1, -1):
                text = f"{value:.{digits}f}"
                if len(text) <= cell.width:
                    return text
            return f"{value:.0e}"
        return self._text(row, cell.column)


def middle_cut(text: str, width: int) -> str:
    """An identifier in at most `width` signs: file names and observations often differ only at their ends."""
    if len(text) <= width or width < 8:
        return text
    tail = width * 3 // 5
    return text[: width - 1 - tail] + "…" + text[-tail:]


def fitted(text: str, width: int, at_right: bool = False) -> str:
    """`text` in exactly `width` cells: padded, or cut with an ellipsis. Wide signs take two cells."""
    if text.isascii():
        if len(text) > width:
            return text[: width - 1] + "…" if width > 0 else ""
        return text.rjust(width) if at_right else text.ljust(width)
    length = cell_len(text)
    if length > width:
        return set_cell_size(text, width - 1) + "…" if width > 0 else ""
    pad = " " * (width - length)
    return pad + text if at_right else text + pad
