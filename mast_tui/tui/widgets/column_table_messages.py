"""What a `ColumnTableView` tells its screen. Reached as `ColumnTableView.CursorMoved` and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from mast_tui.tui.widgets.column_table import ColumnTableView


class TableMessage(Message, namespace="column_table_view"):
    """Base of the messages; `table_view` is the widget. A later one stands for those that still wait."""

    def __init__(self, table_view: ColumnTableView) -> None:
        super().__init__()
        self.table_view = table_view

    @property
    def control(self) -> ColumnTableView:
        return self.table_view

    def can_replace(self, message: Message) -> bool:
        return type(message) is type(self) and message._sender is self._sender


class CursorMoved(TableMessage, namespace="column_table_view"):
    """The cursor is on another row of the table: `table_row`, or None when no row is left."""

    def __init__(self, table_view: ColumnTableView, table_row: int | None) -> None:
        super().__init__(table_view)
        self.table_row = table_row


class MarksChanged(TableMessage, namespace="column_table_view"):
    """Rows were marked or unmarked."""


class ViewChanged(TableMessage, namespace="column_table_view"):
    """Other rows are in the view, or more of them: by a filter, a sort, or because the table grew."""


class Activated(TableMessage, namespace="column_table_view"):
    """Enter, or a double click, on `table_row`."""

    def __init__(self, table_view: ColumnTableView, table_row: int) -> None:
        super().__init__(table_view)
        self.table_row = table_row
