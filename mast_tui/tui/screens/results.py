"""Results: the observations, page by page; what has come stays, and how much of how many is always said."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.timer import Timer
from textual.widgets import Static

from mast_tui.core.products import is_picture_uri
from mast_tui.core.text import clean, plural
from mast_tui.tui.actions import bindings_for
from mast_tui.tui.screens.choosers import ReadText
from mast_tui.tui.screens.listing import ListingScreen, chips
from mast_tui.tui.widgets.column_table import ColumnTableView

if TYPE_CHECKING:
    from mast_tui.controller import Search

#: Products of so many observations are asked for at once; more is a bulk job that should be narrowed first.
MOST_OBSERVATIONS = 500

_DRAW_EVERY_S = 0.25


class ResultsScreen(ListingScreen):
    CONTEXT: ClassVar[str] = "results"
    NAME: ClassVar[str] = "Results"
    ROW: ClassVar[str] = "observation"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("results")
    COLUMNS: ClassVar[tuple[str, ...]] = (
        "obs_collection", "instrument_name", "filters", "target_name", "dataproduct_type", "calib_level", "t_min",
        "t_exptime", "sequence_number", "distance", "dataRights", "proposal_id", "obs_id", "provenance_name",
    )  # fmt: skip

    def __init__(self, search: Search, run: asyncio.Task[None]) -> None:
        super().__init__(search.table)
        self.search, self._run = search, run
        self._loaded = search.loaded
        self._drawing: Timer | None = None

    def on_mount(self) -> None:
        self.search.on_change(self._changed)
        self._draw()

    def on_unmount(self) -> None:
        # the pages nobody will see are not asked for
        self._run.cancel()

    def _changed(self) -> None:
        """A page or a notice came: many a second may come, and each drawing takes time from the keys."""
        if self._drawing is None and self.is_attached:
            self._drawing = self.set_timer(_DRAW_EVERY_S, self._draw)

    def _draw(self) -> None:
        self._drawing = None
        if self.search.loaded != self._loaded:
            self._loaded = self.search.loaded
            self.rows.table_grew()
        self.show_chips()
        self._show_state()

    def show_chips(self) -> None:
        search = self.search
        total = "?" if search.total is None else f"{search.total:,}"
        view, marks = self.view, len(self.view.marks)
        self.query_one("#chips", Static).update(
            chips(
                (f"{search.loaded:,} of {total}", True),
                search.query.describe(),
                (f"{len(view):,} match “{view.filter_text}”", True) if view.filter_text else None,
                f"by {view.sort_name} {'↓' if view.descending else '↑'}" if view.sort_name else None,
                (f"{marks} marked ✓", True) if marks else None,
            )
        )

    def _show_state(self) -> None:
        search, status = self.search, self.status
        left = (search.total or 0) - search.loaded
        if search.notice:
            status.busy(search.notice)
        elif search.state == "loading":
            status.busy(f"{left:,} more rows are on their way … esc stops") if left > 0 else status.idle()
        elif search.state == "paused":
            status.idle(f"{plural(left, 'row')} not loaded yet: a loads them all")
        elif search.error is not None:
            status.wrong(f"{search.error} {left:,} rows are missing; the others are here.")
        elif search.failed_pages:
            first = next(iter(search.failed_pages.values()))
            pages = plural(len(search.failed_pages), "page")
            status.wrong(f"{pages} ({left:,} rows) could not be had: {first} The others are here; a asks again.")
        else:
            status.idle()
        self.refresh_chrome()

    def why_not(self, action_id: str) -> str | None:
        if action_id == "load_all" and self.search.state != "paused" and not self.search.failed_pages:
            return "All rows are here." if self.search.state == "done" else "The rows are on their way."
        if action_id == "look" and (self.row is None or not is_picture_uri(self._picture(self.row))):
            return "The archive serves no picture of this observation: enter lists its files."
        return super().why_not(action_id)

    def do_load_all(self) -> None:
        if self._run.done():
            self._run = asyncio.create_task(self.search.resume())
        self.search.load_all()

    @on(ColumnTableView.Activated)
    def _activated(self) -> None:
        self.do_products()

    def do_products(self) -> None:
        from mast_tui.tui.screens.products import ProductsScreen

        rows = self.chosen_rows()
        if not rows:
            return
        if len(rows) > MOST_OBSERVATIONS:
            self.status.wrong(
                f"{len(rows):,} observations are marked: at most {MOST_OBSERVATIONS} at once. Narrow them."
            )
            return
        planned = [r for r in rows if self.table.get(r, "calib_level") == -1]
        if len(planned) == len(rows):
            self.status.wrong("Planned, not observed yet: there are no files.")
            return
        self.room.push_screen(ProductsScreen(self.search.query, self.table, [r for r in rows if r not in set(planned)]))

    def do_look(self) -> None:
        """The archive's picture of this observation; its files are one key further."""
        from mast_tui.tui.screens.first_look import FirstLookScreen
        from mast_tui.tui.screens.products import ProductsScreen

        row = self.row
        if row is not None:
            name = clean(self.table.get(row, "obs_id") or "", 80)
            files = partial(ProductsScreen, self.search.query, self.table, [row])
            self.room.push_screen(
                FirstLookScreen(
                    self._picture(row), name, "the archive's picture of this observation", "lists its files", files
                )
            )

    def _picture(self, row: int) -> str:
        return str(self.table.get(row, "jpegURL") or "")

    def do_code(self) -> None:
        controller = self.room.controller_if_ready
        if controller is not None:
            spelled = controller.spellings(self.search.query)
            text = "\n\n".join(f"── {name} ──\n{code}" for name, code in spelled.items())
            self.room.push_screen(ReadText("This query elsewhere", text))

    def do_copy(self) -> None:
        self.copy_value("obs_id")

    def do_back(self) -> None:
        if self.clear_filter():
            return
        if self.search.state in ("asking", "loading") and not self._run.done():
            self._run.cancel()
            self.status.idle("Stopped: what has come stays.")
            return
        self.room.go_back()
