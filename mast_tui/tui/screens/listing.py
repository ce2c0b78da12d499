"""What the lists of observations and of files share: table, filter line, columns, sorting, the detail of a row."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.timer import Timer
from textual.widgets import Input, Static

from mast_tui.core.columns import OBSERVATION_COLUMNS, Column
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.table import ColumnTable, heading
from mast_tui.core.table_view import TableView
from mast_tui.core.text import clean, human_bytes
from mast_tui.tui.screens.base import RoomScreen
from mast_tui.tui.screens.choosers import ChooseColumns, ChooseOne, FacetsScreen
from mast_tui.tui.widgets.column_table import ColumnTableView

#: From this width the detail stands beside the table, below it under it.
BESIDE = 100
#: From this width it is there unasked: less would leave the table only its first columns.
_UNASKED = 120


class ListingScreen(RoomScreen):
    """A screen around one `ColumnTableView`. Subclasses set the columns and the word for a row."""

    COLUMNS: ClassVar[tuple[str, ...]] = ()
    FIELDS: ClassVar[tuple[Column, ...]] = OBSERVATION_COLUMNS
    ROW: ClassVar[str] = "row"
    DEFAULT_CSS = """
    ListingScreen #chips { height: auto; max-height: 2; padding: 0 1; }
    ListingScreen #middle { height: 1fr; }
    ListingScreen #detail { display: none; width: 40; border-left: solid $primary; padding: 0 1; }
    ListingScreen #detail { scrollbar-size-vertical: 1; }
    ListingScreen #detail.shown { display: block; }
    ListingScreen.-narrow #middle { layout: vertical; }
    ListingScreen.-narrow #detail { width: 1fr; height: 9; border-left: none; border-top: solid $primary; }
    ListingScreen #filter-box { height: 1; display: none; }
    ListingScreen #filter-box.shown { display: block; }
    ListingScreen #filter-label { width: auto; padding: 0 0 0 1; text-style: bold; }
    ListingScreen #filter { width: 1fr; }
    """

    def __init__(self, table: ColumnTable) -> None:
        super().__init__()
        self.table = table
        self._detail_timer: Timer | None = None

    # --- layout ---------------------------------------------------------------------------------------------------

    def body(self) -> ComposeResult:
        yield Static("", id="chips", markup=False)
        with Horizontal(id="middle"):
            marker = self.room.manners.marker(self.room.settings)
            yield ColumnTableView(
                self.table,
                self.COLUMNS,
                cursor="marker" if marker else "row",
                formats={"size": lambda value: human_bytes(value) if isinstance(value, int | float) else ""},
                fixed=1,
                widest=40 if self.app.size.width >= BESIDE else 22,
                id="table",
            )
            with VerticalScroll(id="detail", can_focus=False):
                yield Static("", id="fields", markup=False)
        with Horizontal(id="filter-box"):
            yield Static("filter / ", id="filter-label", markup=False)
            box = Input("", "words, column:word, !word, column>number", id="filter", compact=True)
            box.cursor_blink = False
            yield box

    @property
    def rows(self) -> ColumnTableView:
        return self.query_one("#table", ColumnTableView)

    @property
    def view(self) -> TableView:
        return self.rows.view

    @property
    def row(self) -> int | None:
        """The table's row under the cursor, or None in an empty list."""
        return self.rows.cursor_table_row

    def on_mount(self) -> None:
        self.rows.focus()
        self.rows.jumps = self.room.manners.slow
        if self.app.size.width >= _UNASKED and not self.room.manners.slow:
            self.do_detail()

    def follow_manners(self) -> None:
        super().follow_manners()
        self.rows.jumps = self.room.manners.slow
        self.rows.show_marker(self.room.manners.marker(self.room.settings))

    def chosen_rows(self) -> list[int]:
        """The marked rows, or the one under the cursor."""
        marked = self.view.marked()
        if marked:
            return marked
        return [] if self.row is None else [self.row]

    # --- what changes with the cursor -----------------------------------------------------------------------------

    @on(ColumnTableView.CursorMoved)
    def _moved(self) -> None:
        # while a key is held, only the row at which it stops is worth its bytes
        if self._detail_timer is not None:
            self._detail_timer.stop()
        self._detail_timer = self.set_timer(self.room.manners.rest_s, self.show_detail)

    @on(ColumnTableView.MarksChanged)
    def _marked(self) -> None:
        self.show_chips()
        self.refresh_chrome()

    def show_chips(self) -> None:
        """The lines above the table; subclasses say what they hold."""

    def show_detail(self) -> None:
        pane = self.query_one("#detail")
        if not pane.has_class("shown"):
            return
        fields = self.query_one("#fields", Static)
        row = self.row
        fields.update("" if row is None else self.detail(row))

    def detail(self, row: int) -> Text:
        """All fields of a row that have a value, with their units."""
        text = Text(overflow="fold")
        # in the order of `core.columns`; what the archive serves beyond them comes last
        weight = {c.name: i for i, c in enumerate(self.FIELDS)}
        for column in sorted(self.table.columns, key=lambda c: weight.get(c.name, len(weight))):
            words = self.table.text(row, column.name)
            if words and words != "--":
                text.append(f"{column.label} ", Style(bold=True))
                text.append(f"{words}{_unit(column, words)}\n")
        return text

    # --- filter ---------------------------------------------------------------------------------------------------

    def do_filter(self) -> None:
        self.query_one("#filter-box").add_class("shown")
        self.query_one("#filter", Input).focus()

    @on(Input.Changed, "#filter")
    def _filter_typed(self, event: Input.Changed) -> None:
        try:
            self.rows.set_filter(event.value)
        except InvalidQuery as error:
            self.status.wrong(str(error))
            return
        self.show_chips()
        self.show_detail()

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self.rows.focus()
        if not self.query_one("#filter", Input).value:
            self.query_one("#filter-box").remove_class("shown")

    def clear_filter(self) -> bool:
        """Take the filter away; was there one?"""
        box = self.query_one("#filter", Input)
        shown = self.query_one("#filter-box").has_class("shown")
        if shown or box.value:
            box.value = ""
            self.query_one("#filter-box").remove_class("shown")
            self.rows.focus()
        return shown

    # --- sort, columns, facets --------------------------------------------------------------------------------------

    def do_sort(self) -> None:
        choices = [(n, heading(self.table.column(n))) for n in self.rows.column_names]
        self.app.push_screen(ChooseOne("Sort by", choices), self._sort_by)

    def _sort_by(self, name: str | None) -> None:
        if name is not None:
            self.rows.sort_by(name)
            self.show_chips()

    def do_columns(self) -> None:
        known = [(c.name, c.description or c.label) for c in self.table.columns]
        self.app.push_screen(ChooseColumns(known, self.rows.column_names), self._show_columns)

    def _show_columns(self, names: str | None) -> None:
        if names:
            self.rows.set_columns(names.split(","))

    def do_facets(self) -> None:
        choices = [(n, heading(self.table.column(n))) for n in self.rows.column_names]
        self.app.push_screen(ChooseOne("Counts of which column?", choices), self._facets_of)

    def _facets_of(self, name: str | None) -> None:
        if name is None:
            return
        counts = [("" if v is None else str(v), n) for v, n in self.view.facets(name, limit=500)]

        def narrow(value: str | None) -> None:
            if value:
                self.query_one("#filter-box").add_class("shown")
                self.query_one("#filter", Input).value = f'{name}="{value}"'

        title = f"{self.table.column(name).label} in {len(self.view):,} {self.ROW}s"
        self.app.push_screen(FacetsScreen(title, counts), narrow)

    # --- marks, detail ----------------------------------------------------------------------------------------------

    def do_mark(self) -> None:
        self.rows.action_toggle_mark()

    def do_unmark_all(self) -> None:
        self.rows.clear_marks()
        self.show_chips()

    def do_detail(self) -> None:
        pane = self.query_one("#detail")
        pane.toggle_class("shown")
        self.show_detail()

    def copy_value(self, name: str) -> None:
        row = self.row
        if row is not None:
            self.status.good(self.room.copy(str(self.table.get(row, name) or "")))

    def why_not(self, action_id: str) -> str | None:
        if self.row is None and action_id in ("mark", "copy", "products", "look", "lineage"):
            return f"There is no {self.ROW} here."
        return super().why_not(action_id)


def _unit(column: Column, words: str) -> str:
    """The unit behind a number; dates are shown as dates, so theirs is left out."""
    return f" {clean(column.unit, 12)}" if column.unit and "-" not in words[1:] and column.unit != "MJD" else ""


def chips(*parts: tuple[str, bool] | str | None) -> Text:
    """Words between dots; those with True stand out."""
    text = Text(overflow="fold")
    for part in parts:
        if part is None:
            continue
        words, strong = part if isinstance(part, tuple) else (part, False)
        if text:
            text.append(" · ", Style(dim=True))
        text.append(words, Style(bold=strong))
    return text
