"""Where the cursor of a table is, which rows are on the screen, and which lines a change touches.

Used by `column_table.ColumnTableView` alone, which redraws only the lines named here: a key costs a few bytes, rows
that arrive below the screen cost none. No screen is needed to test it.
"""

from __future__ import annotations

from typing import NamedTuple

from mast_tui.core.table_view import TableView


class Line(NamedTuple):
    """What stands on one line: a row of the table, and the signs before it."""

    row: int
    at_cursor: bool
    marked: bool


class Change(NamedTuple):
    """A line, from 0, that has to be drawn again; `signs_only` when its row is drawn as it was."""

    line: int
    signs_only: bool


class Window:
    """The `height` lines of `view` from position `top`, with the cursor at position `cursor` among them.

    `marker` says that the cursor is a sign before its row, so that the row itself is drawn the same without it.
    """

    def __init__(self, view: TableView, height: int, marker: bool) -> None:
        self.view, self.height, self.marker = view, height, marker
        self.cursor = self.top = 0
        #: So many lines the rows move at least when the cursor leaves the screen (vim calls it scrolljump).
        self.jump = 1
        self.lines: list[Line] = []

    @property
    def table_row(self) -> int | None:
        """The table's row under the cursor; None when the view is empty."""
        return self.view.row_at(self.cursor) if self.cursor < len(self.view) else None

    def page(self, pages: int) -> None:
        self.top += pages * self.height
        self.cursor += pages * self.height

    def scroll(self, lines: int) -> None:
        """Move the rows under the reader; the cursor is taken along at the edge."""
        self.top = max(0, min(self.top + lines, len(self.view) - self.height))
        self.cursor = max(self.top, min(self.cursor, self.top + self.height - 1))

    def follow(self, row: int | None) -> None:
        """After the order changed: put the cursor on that row of the table again, on the same line, if it is there."""
        position = None if row is None else self.view.index_of(row)
        if position is not None:
            self.top += position - self.cursor
            self.cursor = position

    def settle(self) -> list[Change]:
        """Bring cursor and top into their limits; gives the lines that are not what they were."""
        last = max(0, len(self.view) - 1)
        self.cursor = max(0, min(self.cursor, last))
        above, below = self.top - self.cursor, self.cursor - (self.top + self.height - 1)
        if above > 0:
            self.top -= max(above, min(self.jump, self.height))
        elif below > 0:
            self.top += max(below, min(self.jump, self.height))
        self.top = max(0, min(self.top, last + 1 - self.height))
        marks = self.view.marks
        rows = self.view.rows(self.top, self.top + self.height)
        before = self.lines
        self.lines = [
            Line(row, self.top + at == self.cursor, row in marks) for at, row in enumerate(map(int, rows.tolist()))
        ]
        changes = []
        for at in range(max(len(before), len(self.lines))):
            old = before[at] if at < len(before) else None
            new = self.lines[at] if at < len(self.lines) else None
            if old != new:
                same_row = old is not None and new is not None and old.row == new.row
                same_cursor = old is not None and new is not None and old[1] == new[1]
                changes.append(Change(at, same_row and (self.marker or same_cursor)))
        return changes
