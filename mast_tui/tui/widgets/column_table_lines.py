"""The lines of a table on the screen, the cursor in them, keys and mouse that move it: the base of `ColumnTableView`.

It draws a `TableView` and knows nothing of how rows get sorted, filtered or added; `column_table` adds that. Only the
lines that changed are redrawn, and only the cells that are seen are formatted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from mast_tui.core.table_view import TableView
from mast_tui.core.text import clean
from mast_tui.tui.widgets.column_table_layout import ColumnLayout, Format, fitted
from mast_tui.tui.widgets.column_table_window import Window

_WHEEL_LINES = 3
#: Cells before the first column: the cursor's marker, the mark, a blank.
GUTTER = 3


class TableLines(Widget, can_focus=True):
    """A table with a head and a cursor. Subclasses say by `cursor_moved`, `activated` … what follows from it."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "column-table--header",
        "column-table--cursor",
        "column-table--gutter",
    }
    DEFAULT_CSS = """
    TableLines { width: 1fr; height: 1fr; }
    TableLines > .column-table--header { text-style: bold; }
    TableLines > .column-table--gutter { text-style: bold; }
    TableLines > .column-table--cursor { text-style: underline; }
    TableLines:focus > .column-table--cursor { text-style: reverse; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "cursor_down", "Down", show=False),
        Binding("up,k", "cursor_up", "Up", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("home,g", "first_row", "First row", show=False),
        Binding("end,G", "last_row", "Last row", show=False),
        Binding("right", "columns_right", "Columns right", show=False),
        Binding("left", "columns_left", "Columns left", show=False),
        Binding("enter", "activate", "Open", show=False),
    ]

    def __init__(
        self,
        view: TableView,
        columns: Sequence[str] | None,
        *,
        marker: bool,
        formats: Mapping[str, Format],
        fixed: int,
        widest: int,
        placeholder: str,
        name: str | None,
        id: str | None,  # noqa: A002 - Textual's own name
        classes: str | None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._marker = marker
        #: Whether a cursor that leaves the screen takes the rows a page on: a page costs the bytes of five lines, so a
        #: thin line keeps up with a held key.
        self.jumps = False
        self._formats, self._fixed, self._widest = dict(formats), fixed, widest
        self._placeholder = clean(placeholder)
        self._columns = columns
        self._styles_of_lines: dict[tuple[str, ...], Style] = {}
        self._start(view)

    def _start(self, view: TableView) -> None:
        self.view = view
        self._window = Window(view, self._lines, self._marker)
        self._left = 0
        self._layout = ColumnLayout(view.table, self._columns, self._formats, self._fixed, self._widest)
        self._layout.measure()

    def show_marker(self, marker: bool) -> None:
        """Show the cursor as a ▸ before its row, or by the whole row, from now on."""
        if marker != self._marker:
            self._marker = self._window.marker = marker
            self.refresh()

    # --- cursor ---------------------------------------------------------------------------------------------------

    @property
    def cursor_row(self) -> int:
        """The cursor's position in the view, from 0."""
        return self._window.cursor

    @property
    def cursor_table_row(self) -> int | None:
        """The table's row under the cursor; None when there are no rows to show."""
        return self._window.table_row

    def move_to(self, position: int) -> None:
        """Put the cursor on that position of the view, or on the nearest there is."""
        row = self.cursor_table_row
        self._window.cursor = position
        self._moved_from(row)

    def move_to_table_row(self, row: int) -> bool:
        """Put the cursor on that row of the table; False, and nothing moves, when the filter hides it."""
        position = self.view.index_of(row)
        if position is not None:
            self.move_to(position)
        return position is not None

    def _moved_from(self, row: int | None) -> None:
        self._update()
        self._tell_cursor(row)

    def _tell_cursor(self, row_before: int | None) -> None:
        if self.cursor_table_row != row_before:
            self.cursor_moved()

    def action_cursor_down(self) -> None:
        self.move_to(self.cursor_row + 1)

    def action_cursor_up(self) -> None:
        self.move_to(self.cursor_row - 1)

    def action_page_down(self) -> None:
        self._page(1)

    def action_page_up(self) -> None:
        self._page(-1)

    def _page(self, pages: int) -> None:
        row = self.cursor_table_row
        self._window.page(pages)
        self._moved_from(row)

    def action_first_row(self) -> None:
        self.move_to(0)

    def action_last_row(self) -> None:
        self.move_to(len(self.view) - 1)

    def action_columns_right(self) -> None:
        self._scroll_columns(self._left + 1)

    def action_columns_left(self) -> None:
        self._scroll_columns(self._left - 1)

    def _scroll_columns(self, left: int) -> None:
        left = max(0, min(left, self._layout.rightmost(self.size.width - GUTTER)))
        if left != self._left:
            self._left = left
            self._update(everything=True)

    # --- drawing --------------------------------------------------------------------------------------------------

    @property
    def _lines(self) -> int:
        """Lines for rows: all but the head."""
        return max(1, self.size.height - 1)

    def _update(self, header: bool = False, everything: bool = False) -> None:
        """Redraw the lines that are not what they were."""
        self._window.jump = self._lines - 1 if self.jumps else 1
        changes = self._window.settle()
        if everything:
            self.refresh()
            return
        regions = [Region(0, 0, self.size.width, 1)] if header else []
        regions += [Region(0, c.line + 1, GUTTER if c.signs_only else self.size.width, 1) for c in changes]
        if regions:
            self.refresh(*regions)

    def on_resize(self) -> None:
        self._left = min(self._left, self._layout.rightmost(self.size.width - GUTTER))
        self._window.height = self._lines
        self._update(everything=True)

    def notify_style_update(self) -> None:
        self._styles_of_lines = {}
        super().notify_style_update()

    def _style(self, *names: str) -> Style:
        style = self._styles_of_lines.get(names)
        if style is None:
            style = self.rich_style
            for component in names:
                style += self.get_component_rich_style(f"column-table--{component}", partial=True)
            self._styles_of_lines[names] = style
        return style

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        room = max(0, width - GUTTER)
        if y == 0:
            more = ("‹" if self._left else " ") + ("›" if self._left < self._layout.rightmost(room) else " ")
            head = self._layout.header(self._left, room, self.view.sort_name, self.view.descending)
            return Strip([Segment(f"{more} {head}"[:width], self._style("header"))], width)
        if y > len(self._window.lines):
            if y == 1 and self._placeholder:
                return Strip([Segment(fitted("   " + self._placeholder, width), self._style())], width)
            return Strip.blank(width, self._style())
        row, at_cursor, marked = self._window.lines[y - 1]
        names = ("cursor",) if at_cursor and not self._marker else ()
        sign = "▸" if at_cursor and self._marker else " "
        line = self._layout.line(row, self._left, room)
        style = self._style(*names)
        if not marked:
            return Strip([Segment(f"{sign}  {line}"[:width], style)], width)
        # the marker is drawn as all else is: changes of style would make it dearer to move than to draw
        mark = Segment("✓"[: max(0, width - 1)], self._style(*names, "gutter"))
        return Strip([Segment(sign, style), mark, Segment(f" {line}"[: max(0, width - 2)], style)], width)

    # --- mouse ----------------------------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        place = event.get_content_offset(self)
        if place is None:
            return
        event.stop()
        if place.y == 0:
            name = self._column_at(place.x - GUTTER)
            if name is not None:
                self.head_clicked(name)
        elif place.y <= len(self._window.lines):
            self.move_to(self._window.top + place.y - 1)
            if place.x < GUTTER:
                self.gutter_clicked()
            elif event.chain == 2:
                self.action_activate()

    def _column_at(self, x: int) -> str | None:
        for cell in self._layout.cells(self._left, max(0, self.size.width - GUTTER)):
            if cell.x <= x < cell.x + cell.width:
                return cell.column.name
        return None

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._wheel(_WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._wheel(-_WHEEL_LINES)

    def _wheel(self, lines: int) -> None:
        row = self.cursor_table_row
        self._window.scroll(lines)
        self._moved_from(row)

    # --- what subclasses make of it -------------------------------------------------------------------------------

    def cursor_moved(self) -> None:
        """The cursor is on another row of the table."""

    def head_clicked(self, name: str) -> None:
        """The head of that column was clicked."""

    def gutter_clicked(self) -> None:
        """The signs before the cursor's row were clicked."""

    def action_activate(self) -> None:
        """Enter, or a double click, on the cursor's row."""
