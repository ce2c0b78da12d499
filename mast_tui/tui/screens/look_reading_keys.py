"""How a file is read: which column of it is drawn, under which quality mask, and the keys that choose these."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from mast_tui.core.look import ImageLook, Series, same_place
from mast_tui.core.text import human_bytes
from mast_tui.tui.screens.choosers import ChooseOne
from mast_tui.tui.screens.look_curve import CurveScreen

_MASKS: tuple[Literal["default", "hard", "none"], ...] = ("default", "hard", "none")


class ReadingKeys(CurveScreen):
    """`read` asks for the file, of `size` bytes where that is known; `show_item` is called when it is here."""

    def __init__(self, where: str, file: str, size: int | None = None) -> None:
        super().__init__(where, file)
        self._n_bytes = size
        self._column: str | None = None
        self._mask = 0

    @property
    def mask(self) -> Literal["default", "hard", "none"]:
        return _MASKS[self._mask]

    def show_item(self) -> None:
        """The item of the file, on the screen of its kind."""
        raise TypeError("a screen of a file shows it")

    def read(self, *, whole: bool = False) -> None:
        self.start(self._load(whole), "look")

    async def _load(self, whole: bool) -> None:
        controller = await self.room.controller()
        size = f" ({human_bytes(self._n_bytes)})" if self._n_bytes is not None else ""
        self.say_busy(f"getting {self.file}{size} … esc stops")
        if whole:
            await controller.looks.whole(self.where, notice=self.say_busy)
        self.preview = await controller.looks.look(
            self.where, quality=self.mask, column=self._column, notice=self.say_busy
        )
        if self.item >= len(self.preview.items):
            self.item = 0
        self.show_item()

    async def read_item(self, item: Series | ImageLook) -> None:
        """A list of hundreds of spectra carries only the first ones, one of large images the first; the others are
        read when they are looked at."""
        controller = await self.room.controller()
        preview = await controller.looks.look(
            self.where,
            hdu=item.hdu,
            row=item.row if isinstance(item, Series) else None,
            quality=self.mask,
            column=self._column if isinstance(item, Series) else None,
            notice=self.say_busy,
        )
        assert self.preview is not None
        found = next((i for i in preview.items if same_place(i, item)), None)
        if found is not None:
            items = list(self.preview.items)
            items[self.item] = found
            self.preview = replace(self.preview, items=tuple(items), problems=preview.problems)
        self.show_item()

    # --- keys -------------------------------------------------------------------------------------------------------

    def why_not(self, action_id: str) -> str | None:
        preview, series = self.preview, self.base
        if action_id in ("column", "choose_column") and (series is None or len(series.columns) < 2):
            return "There is no other column to draw."
        if action_id == "quality" and (preview is None or preview.kind != "lightcurve"):
            return "Only light curves have quality masks to choose from."
        if action_id == "whole" and (preview is None or preview.moved is None):
            return "The whole file is here."
        return super().why_not(action_id)

    def do_column(self) -> None:
        series = self.base
        assert series is not None
        names = series.columns
        now = names.index(series.y_axis.name) if series.y_axis.name in names else -1
        self._draw_column(names[(now + 1) % len(names)])

    def do_choose_column(self) -> None:
        assert self.base is not None
        self.room.push_screen(ChooseOne("Which column?", [(c, c) for c in self.base.columns]), self._draw_column)

    def _draw_column(self, name: str | None) -> None:
        if name is not None:
            self._column = name
            self.read()

    def do_quality(self) -> None:
        self._mask = (self._mask + 1) % len(_MASKS)
        self.read()

    def do_whole(self) -> None:
        self.read(whole=True)
