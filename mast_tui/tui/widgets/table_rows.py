"""The first rows of a table in a file, with units, and the low, median and high of each column above them."""

from __future__ import annotations

import math
from collections.abc import Hashable

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical

from mast_tui.core.look import TableColumn, TableLook
from mast_tui.tui.widgets.chrome import Line
from mast_tui.tui.widgets.line_list import LineList, clip

_WIDEST, _GAP, _LABEL = 28, 2, 7
_HEADS = ("name", "unit", "low", "median", "high")


class _Rows(LineList[int]):
    """Row numbers; the cells are looked up when a line is drawn."""

    look: TableLook | None = None
    shown: tuple[tuple[int, int], ...] = ()

    def key_of(self, item: int) -> Hashable:
        return item

    def line_of(self, item: int, width: int) -> Text:
        assert self.look is not None
        cells = self.look.rows[item]
        return Text(_joined([(cells[at], room) for at, room in self.shown]), no_wrap=True, end="")


class TableRows(Vertical):
    """A `TableLook`: rows scroll with a cursor, columns as the screen says."""

    DEFAULT_CSS = """
    TableRows { height: 1fr; }
    TableRows .heads { text-style: bold; }
    TableRows .stats { text-style: dim; }
    """

    def __init__(self, look: TableLook) -> None:
        super().__init__()
        self._look = look
        self._left = 0
        self._widths = tuple(_width(look, at) for at in range(len(look.columns)))
        columns = look.columns
        self._units = any(c.unit for c in columns)
        self._stats = any(math.isfinite(c.low) for c in columns)

    def compose(self) -> ComposeResult:
        yield Line("", id="head-name", classes="heads")
        if self._units:
            yield Line("", id="head-unit", classes="stats")
        if self._stats:
            for what in ("low", "median", "high"):
                yield Line("", id=f"head-{what}", classes="stats")
        rows = _Rows(id="rows")
        rows.look = self._look
        yield rows

    def on_mount(self) -> None:
        self.query_one(_Rows).show(range(len(self._look.rows)))
        self.query_one(_Rows).focus()

    def on_resize(self) -> None:
        self._place()

    @property
    def is_cut(self) -> bool:
        """Are there columns out of sight?"""
        return len(self.query_one(_Rows).shown) < len(self._look.columns)

    def scroll_columns(self, by: int) -> None:
        """Scroll by whole columns, until the last one is in sight."""
        self._left = max(0, min(self._left + by, self._rightmost()))
        self._place()

    def _rightmost(self) -> int:
        """The first column of the farthest place of use: with it the last one is in sight."""
        room, at = self._room(), len(self._widths)
        while at > 0 and room >= self._widths[at - 1]:
            at -= 1
            room -= self._widths[at] + _GAP
        return min(at, max(0, len(self._widths) - 1))

    def _room(self) -> int:
        # less the row's cursor sign, the scroll bar, and the word that says what a line above the rows is
        return self.size.width - 2 - self._label

    @property
    def _label(self) -> int:
        return _LABEL if self._stats or self._units else 0

    def _place(self) -> None:
        room = self._room()
        shown: list[tuple[int, int]] = []
        for at in range(self._left, len(self._widths)):
            width = min(self._widths[at], room)
            if width < self._widths[at] and (width < 4 and shown):
                break
            shown.append((at, max(1, width)))
            room -= width + _GAP
            if room <= 0:
                break
        rows = self.query_one(_Rows)
        rows.shown = tuple(shown)
        rows.refresh()
        rows.styles.padding = (0, 0, 0, self._label)
        for what in _HEADS:
            for line in self.query(f"#head-{what}").results(Line):
                label = "" if what == "name" else what
                prefix = f"{label:>{_LABEL - 1}} " if self._label else ""
                cells = [(_head(self._look.columns[at], what), width) for at, width in shown]
                line.say(Text(f"{prefix} {_joined(cells)}", no_wrap=True, overflow="crop"))


def _joined(cells: list[tuple[str, int]]) -> str:
    return (" " * _GAP).join(set_cell_size(clip(words, width), width) for words, width in cells)


def _head(column: TableColumn, what: str) -> str:
    if what in ("name", "unit"):
        return str(getattr(column, what))
    value = float(getattr(column, what))
    return f"{value:.6g}" if math.isfinite(value) else ""


def _width(look: TableLook, at: int) -> int:
    heads = [cell_len(_head(look.columns[at], what)) for what in _HEADS]
    return max(1, min(_WIDEST, max([*heads, *(cell_len(row[at]) for row in look.rows)])))
