"""A table in a file: its first rows, its units, and the low, median and high of its columns."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from mast_tui.core.look import TableLook
from mast_tui.tui.actions import bindings_for
from mast_tui.tui.screens.look_item import LookScreen
from mast_tui.tui.widgets.table_rows import TableRows


class TableScreen(LookScreen):
    CONTEXT: ClassVar[str] = "table"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("table")

    def drawing(self) -> ComposeResult:
        assert isinstance(self.look, TableLook)
        yield TableRows(self.look)

    def about_parts(self) -> tuple[str, ...]:
        look = self.look
        assert isinstance(look, TableLook)
        return (f"{len(look.rows):,} of {look.n_rows:,} rows", f"{len(look.columns)} columns")

    def why_not(self, action_id: str) -> str | None:
        if action_id in ("columns_left", "columns_right") and not self.query_one(TableRows).is_cut:
            return "All columns are in sight."
        return super().why_not(action_id)

    def do_columns_left(self) -> None:
        self.query_one(TableRows).scroll_columns(-1)

    def do_columns_right(self) -> None:
        self.query_one(TableRows).scroll_columns(1)
