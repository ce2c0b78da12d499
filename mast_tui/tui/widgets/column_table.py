"""The table that shows observations, products and files: any number of rows, drawn line by line.

Textual's own table measures every cell of every row (100 s for 500,000 rows); this one formats what is seen. It keeps
its own scroll place, so that rows that arrive below the screen cost neither a layout nor a byte. Screens mount it,
call `table_grew` after each page, bind their keys to its actions and listen to its messages. It binds the motions of
the cursor and Enter itself, nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import TypeAlias

from textual.timer import Timer

from mast_tui.core.table import ColumnTable
from mast_tui.core.table_store import Mask
from mast_tui.core.table_view import TableView
from mast_tui.core.text import clean
from mast_tui.tui.widgets import column_table_messages as messages
from mast_tui.tui.widgets.column_table_layout import Format
from mast_tui.tui.widgets.column_table_lines import TableLines

#: Seconds that a search may take before keys and the screen get their turn.
_SCAN_SLICE_S = 0.008
_SCAN_STEP_ROWS = 8192


class ColumnTableView(TableLines):
    """A table with a cursor, marks, sort and filter over a `ColumnTable` that may grow, or a `TableView` of one.

    `columns` are drawn (all when None; names that the table does not have yet appear when they come), the first
    `fixed` of them stay when the others scroll. `cursor` is "row", the whole row reversed, or "marker", a ▸ before
    it, which costs a tenth of the bytes on a thin line. `formats` writes a column's values in another way.
    `placeholder` is said when there are no rows to show.
    """

    CursorMoved: TypeAlias = messages.CursorMoved
    MarksChanged: TypeAlias = messages.MarksChanged
    ViewChanged: TypeAlias = messages.ViewChanged
    Activated: TypeAlias = messages.Activated

    def __init__(
        self,
        table: ColumnTable | TableView | None = None,
        columns: Sequence[str] | None = None,
        *,
        cursor: str = "row",
        formats: Mapping[str, Format] | None = None,
        fixed: int = 0,
        widest: int = 40,
        placeholder: str = "",
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        view = table if isinstance(table, TableView) else TableView(table if table is not None else ColumnTable())
        super().__init__(
            view,
            columns,
            marker=cursor == "marker",
            formats=formats or {},
            fixed=fixed,
            widest=widest,
            placeholder=placeholder,
            name=name,
            id=id,
            classes=classes,
        )
        self._scan_timer: Timer | None = None

    def on_mount(self) -> None:
        self._tell_cursor(None)
        self._scan_later()

    def cursor_moved(self) -> None:
        self.post_message(messages.CursorMoved(self, self.cursor_table_row))

    def action_activate(self) -> None:
        row = self.cursor_table_row
        if row is not None:
            self.post_message(messages.Activated(self, row))

    # --- what it shows --------------------------------------------------------------------------------------------

    @property
    def table(self) -> ColumnTable:
        return self.view.table

    def show_table(self, table: ColumnTable, columns: Sequence[str] | None = None) -> None:
        """Another table, without marks, sort or filter; `columns` as in the constructor, the same ones when None."""
        self._columns = columns if columns is not None else self._columns
        self._start(TableView(table, self.view.searched))
        self._rows_changed(everything=True)

    def table_grew(self) -> None:
        """The table has got rows: take them into the view. What is on the screen stays, as does the cursor's row."""
        row = self.cursor_table_row
        self.view.grow(wait=False)
        if self.view.sort_name is not None:
            self._window.follow(row)
        self._rows_changed(row, everything=self._layout.measure())
        self._scan_later()

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns that are drawn."""
        return self._layout.names

    def set_columns(self, names: Sequence[str] | None) -> None:
        self._columns = names
        self._left = 0
        self._layout.choose(names)
        self._update(everything=True)

    def fit_columns(self) -> None:
        """Measure the columns again, now that more rows are known."""
        if self._layout.measure(again=True):
            self._update(everything=True)

    def set_placeholder(self, words: str) -> None:
        if clean(words) != self._placeholder:
            self._placeholder = clean(words)
            if not len(self.view):
                self.refresh()

    # --- sort and filter ------------------------------------------------------------------------------------------

    def sort_by(self, name: str | None, descending: bool | None = None) -> None:
        """Sort by a column and go to the first row. Without a direction: up, then down, then as the rows came.

        KeyError, with the nearest name, for a column that the table does not have.
        """
        row = self.cursor_table_row
        if descending is None:
            again = name is not None and name == self.view.sort_name
            name, descending = (None, False) if again and self.view.descending else (name, again)
        self.view.sort(name, descending)
        self._window.cursor = 0
        self._rows_changed(row, header=True)

    def set_filter(self, text: str) -> None:
        """Show only rows that fulfil `text` (see `core.table_search`); '' shows all and stays on the cursor's row.

        The first hits are drawn at once; the search of a large table goes on between keys until `view.complete`.
        """
        row = self.cursor_table_row
        self.view.filter(text, wait=False)
        self._scan_slice(enough=self._lines)
        self._window.cursor = 0
        if not text:
            self._window.follow(row)
        self._rows_changed(row)
        self._scan_later()

    def restrict(self, allowed: Mask | None) -> None:
        """Show only the rows of the table for which `allowed` is true, beside the filter; None is all.

        Takes in rows that the table has got, so it stands for `table_grew`. The cursor stays on its row.
        """
        row = self.cursor_table_row
        self.view.restrict(allowed)
        self._window.follow(row)
        self._rows_changed(row, everything=self._layout.measure())

    def _rows_changed(self, row_before: int | None = None, header: bool = False, everything: bool = False) -> None:
        self._update(header, everything)
        self.post_message(messages.ViewChanged(self))
        self._tell_cursor(row_before)

    def _scan_slice(self, enough: int | None = None) -> bool:
        """Search until time is up, all is searched, or a view of `enough` rows can be drawn; is all searched?"""
        until = monotonic() + _SCAN_SLICE_S
        while not self.view.scan(_SCAN_STEP_ROWS):
            if monotonic() > until or (enough is not None and len(self.view) >= enough):
                return False
        return True

    def _scan_later(self) -> None:
        if self._scan_timer is None and not self.view.complete and self.is_attached:
            self._scan_timer = self.set_timer(0.001, self._scan_on)

    def _scan_on(self) -> None:
        self._scan_timer = None
        row, complete = self.cursor_table_row, self._scan_slice()
        self._update()
        if complete:
            self.post_message(messages.ViewChanged(self))
        self._tell_cursor(row)
        self._scan_later()

    # --- marks ----------------------------------------------------------------------------------------------------

    @property
    def marked_rows(self) -> list[int]:
        """The marked rows of the table, in the order of the view, then those that the filter hides."""
        return self.view.marked()

    def set_marks(self, rows: Sequence[int], marked: bool = True) -> None:
        """Mark or unmark these rows of the table."""
        before = len(self.view.marks)
        if marked:
            self.view.marks.update(map(int, rows))
        else:
            self.view.marks.difference_update(map(int, rows))
        if len(self.view.marks) != before:
            self._update()
            self.post_message(messages.MarksChanged(self))

    def action_toggle_mark(self) -> None:
        """Mark or unmark the cursor's row, and go on to the next."""
        row = self.cursor_table_row
        if row is not None:
            self.set_marks([row], row not in self.view.marks)
            self.action_cursor_down()

    def mark_all_or_none(self) -> None:
        """Mark every row of the view, or unmark them when all are marked."""
        rows = self.view.rows().tolist()
        self.set_marks(rows, not self.view.marks.issuperset(rows))

    def clear_marks(self) -> None:
        """Unmark all rows, also those that the filter hides."""
        self.set_marks(list(self.view.marks), False)

    def gutter_clicked(self) -> None:
        row = self.cursor_table_row
        if row is not None:
            self.set_marks([row], row not in self.view.marks)

    def head_clicked(self, name: str) -> None:
        self.sort_by(name)
