"""Products: the files of the marked observations, calibrated science first, with their sum against the free disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

import numpy as np
from textual import on
from textual.binding import BindingType
from textual.widgets import Static

from mast_tui.core.columns import PRODUCT_COLUMNS, Column, product_column
from mast_tui.core.errors import MastTuiError
from mast_tui.core.products import Amount, BoolArray, ProductSet
from mast_tui.core.table import ColumnTable
from mast_tui.core.text import clean, human_bytes, plural
from mast_tui.core.times import mjd_to_date
from mast_tui.tui.actions import bindings_for
from mast_tui.tui.screens.listing import ListingScreen, chips
from mast_tui.tui.widgets.column_table import ColumnTableView

if TYPE_CHECKING:
    from mast_tui.core.query import Query
    from mast_tui.tui.screens.preview import PreviewScreen
    from mast_tui.tui.screens.take import TakeScreen

T = TypeVar("T")


class ProductsScreen(ListingScreen):
    CONTEXT: ClassVar[str] = "products"
    NAME: ClassVar[str] = "Files"
    ROW: ClassVar[str] = "file"
    FIELDS: ClassVar[tuple[Column, ...]] = PRODUCT_COLUMNS
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("products")
    COLUMNS: ClassVar[tuple[str, ...]] = (
        "productFilename", "size", "productType", "calib_level", "productSubGroupDescription", "dataRights",
        "description", "obs_collection", "obs_id",
    )  # fmt: skip

    def __init__(self, query: Query, observations: ColumnTable, rows: Sequence[int]) -> None:
        super().__init__(ColumnTable(product_column, PRODUCT_COLUMNS))
        self._query = query
        self._obsids: list[str] = []
        self._releases: dict[str, float] = {}
        self._pictures: dict[str, str] = {}
        for row in rows:
            obsid = str(observations.get(row, "obsid") or "")
            self._obsids.append(obsid)
            self._pictures[obsid] = str(observations.get(row, "jpegURL") or "")
            release = observations.get(row, "t_obs_release")
            if isinstance(release, float):
                self._releases[obsid] = release
        self.products = ProductSet(self.table, 0)
        self._raw = False
        self._recommended = False
        self._complete = False

    def on_mount(self) -> None:
        self.show_chips()
        self.start(self._load(), "load")

    async def _load(self) -> None:
        controller = await self.room.controller()
        self.say_busy(f"asking for the files of {plural(len(self._obsids), 'observation')} … esc stops")
        found = await controller.products(self._obsids, self.say_busy, self._grew)
        self._complete = True
        self._grew(found)
        if not len(found):
            self.status.wrong("The archive lists no files for this.")
        elif not self._shown().any():
            self.status.idle("No calibrated science files: r shows raw and auxiliary ones.")
        else:
            self.status.idle()

    def failed(self, error: MastTuiError) -> None:
        super().failed(error)
        self.refresh_chrome()

    def _grew(self, found: ProductSet) -> None:
        if not self.is_attached:
            return
        if found.table is not self.table:
            self.table = found.table
            self.rows.show_table(found.table)
        self.products = found
        self._restrict()

    # --- which files are shown ------------------------------------------------------------------------------------

    def _shown(self) -> BoolArray:
        shown = np.ones(len(self.products), bool)
        if not self._raw:
            shown &= self.products.calibrated_science()
        if self._recommended:
            shown &= self.products.recommended()
        return shown

    def _restrict(self) -> None:
        self.rows.restrict(self._shown())
        self.show_chips()
        self.show_detail()
        self.refresh_chrome()

    def _chosen(self) -> list[int]:
        """The marked files, or all shown ones."""
        return self.view.marked() or [int(r) for r in self.view.rows()]

    def show_chips(self) -> None:
        products = self.products
        if not len(products):
            self.query_one("#chips", Static).update(chips("no files yet"))
            return
        shown = self._shown()
        hidden = products.amount(~shown)
        marked = self.view.marked()
        taking = products.amount(marked if marked else shown)
        shared = products.listed - len(products)
        what = "all files" if self._raw else "calibrated science"
        if self._recommended:
            what += ", recommended"
        exclusive = int((products.exclusive() & shown).sum())
        self.query_one("#chips", Static).update(
            chips(
                (f"{what}: {_amount(products.amount(shown))}", True),
                f"raw and other hidden [r]: {_amount(hidden)}" if hidden.files else None,
                f"{shared:,} repeats joined" if shared else None,
                (f"{exclusive:,} exclusive", True) if exclusive else None,
                (f"{len(self.view):,} match “{self.view.filter_text}”", True) if self.view.filter_text else None,
                (f"{len(marked):,} marked ✓ {human_bytes(taking.bytes)}", True) if marked else None,
                self._free(),
            )
        )

    def _free(self) -> str | None:
        controller = self.room.controller_if_ready
        if controller is None:
            return None
        free = controller.free_bytes()
        return None if free is None else f"{human_bytes(free)} free"

    def do_raw(self) -> None:
        self._raw = not self._raw
        self._restrict()

    def do_recommended(self) -> None:
        self._recommended = not self._recommended
        self._restrict()

    def do_mark_all(self) -> None:
        self.rows.mark_all_or_none()
        self.show_chips()

    # --- look, take -----------------------------------------------------------------------------------------------

    def why_not(self, action_id: str) -> str | None:
        if action_id in ("take", "mark_all") and not len(self.view):
            return "There are no files to take here."
        if action_id == "look" and self.row is not None:
            return self._why_exclusive(self.row)
        return super().why_not(action_id)

    def _why_exclusive(self, row: int) -> str | None:
        """Why a file can't be had now: who it is reserved for, and until when."""
        controller = self.room.controller_if_ready
        if self.table.value(row, "dataRights") in ("PUBLIC", None, "") or (controller and controller.token_source):
            return None
        release = self._release(row)
        until = f" until {mjd_to_date(release)}" if release is not None else ""
        return f"Exclusive access{until}: only the proposal's team may have it. L to log in with a token."

    def _release(self, row: int) -> float | None:
        return self._of_observation(row, self._releases)

    def _of_observation(self, row: int, known: Mapping[str, T]) -> T | None:
        """What is known of the observation that a file belongs to."""
        for name in ("parent_obsid", "obsID"):
            found = known.get(str(self.table.value(row, name) or ""))
            if found is not None:
                return found
        return None

    @on(ColumnTableView.CursorMoved)
    def _say_rights(self) -> None:
        if self._complete and self.row is not None:
            self.status.idle(self._why_exclusive(self.row) or "")

    @on(ColumnTableView.Activated)
    async def _activated(self) -> None:
        await self.action_do("look")

    def do_look(self) -> None:
        """The archive's picture of the file, where there is one; the file itself is one key further."""
        from mast_tui.tui.screens.first_look import FirstLookScreen

        row, controller = self.row, self.room.controller_if_ready
        if row is None or controller is None:
            return
        first = controller.looks.first_look(self.products, row, self._of_observation(row, self._pictures) or "")
        if first.why:
            go_on = "looks at the data itself"
            self.room.push_screen(
                FirstLookScreen(first.uri, self._file(row), first.why, go_on, partial(self._data, row))
            )
        else:
            self.room.push_screen(self._data(row))

    def _data(self, row: int) -> PreviewScreen:
        """The screen of the file itself."""
        from mast_tui.tui.screens.preview import PreviewScreen

        size = self.table.value(row, "size")
        marked = [(self.products.uri(other), self._file(other)) for other in self.view.marked() if other != row]
        return PreviewScreen(
            self.products.uri(row), self._file(row), size if isinstance(size, int) else None, marked=marked
        )

    def _file(self, row: int) -> str:
        return clean(self.table.value(row, "productFilename") or "", 80)

    def do_take(self) -> None:
        from mast_tui.tui.screens.take import TakeScreen

        controller = self.room.controller_if_ready
        if controller is None:
            return
        dialog = TakeScreen(None, bool(controller.token_source), self.room.settings.folder)
        self.room.push_screen(dialog, self._taken)
        self.start(self._plan_for(dialog), "plan")

    async def _plan_for(self, dialog: TakeScreen) -> None:
        controller = await self.room.controller()
        dialog.show(await controller.plan(self.products, self._chosen(), releases=self._release))

    def _taken(self, folder: str | None) -> None:
        if folder is not None:
            self.start(self._take(folder), "take")

    async def _take(self, folder: str) -> None:
        from pathlib import Path

        controller = await self.room.controller()
        plan = await controller.plan(self.products, self._chosen(), Path(folder).expanduser(), releases=self._release)
        session = await controller.fetch(plan, self._query.asked, [self._query])
        self.status.good(
            f"{plural(len(session.items), 'file')} queued into {clean(session.folder, 60)}. D shows the downloads."
        )

    def do_lineage(self) -> None:
        from mast_tui.tui.screens.lineage import LineageScreen

        row = self.row
        if row is None:
            return
        group, name = str(self.table.value(row, "obsID") or ""), str(self.table.value(row, "productFilename") or "")
        self.room.push_screen(
            LineageScreen(
                name,
                lambda controller, everything: controller.lineages.of_groups(
                    [group], name, asked=name, everything=everything
                ),
            )
        )

    def do_copy(self) -> None:
        self.copy_value("dataURI")

    def do_back(self) -> None:
        if self.clear_filter():
            return
        if self.stop("load"):
            self.status.idle("Stopped: what has come stays.")
            return
        self.room.go_back()


def _amount(amount: Amount) -> str:
    sizes = human_bytes(amount.bytes)
    if amount.unknown:
        sizes = f"≥ {sizes}"
    return f"{plural(amount.files, 'file')} {sizes}"
