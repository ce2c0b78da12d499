"""An image or a cube: a crosshair with value and place on the sky, zoom that reads the window anew, cuts, spectra."""

from __future__ import annotations

import asyncio
import math
from typing import ClassVar, Literal

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from mast_tui.core.errors import MastTuiError
from mast_tui.core.look import ImageLook, Preview
from mast_tui.plot import pretty_unit, to_ascii
from mast_tui.tui.actions import bindings_for
from mast_tui.tui.image_readings import Window, compass, cut, full_size, panned, read_out, window_of, zoomed
from mast_tui.tui.screens.look_item import LookScreen
from mast_tui.tui.widgets.chrome import Line
from mast_tui.tui.widgets.image_view import ImageView
from mast_tui.tui.widgets.plot_view import PlotView

#: Keys that come within this time (s) are read as one wish: only the last window is asked for.
_COALESCE_S = 0.12
#: Half sides of the boxes whose mean spectrum is drawn: 1, 3 x 3 and 5 x 5 pixels.
_HALVES = (0, 1, 2)

Below = Literal["", "row", "column", "spectrum"]


class ImageScreen(LookScreen):
    """One image of a file, the whole plane or a window of it, and below it a cut or a spectrum when asked for."""

    CONTEXT: ClassVar[str] = "image"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("image")
    DEFAULT_CSS = """
    ImageScreen #readout { padding: 0 1; height: auto; max-height: 2; }
    ImageScreen #below { height: 45%; display: none; }
    ImageScreen #below.shown { display: block; }
    ImageScreen.short #below { height: 1fr; }
    ImageScreen.short.two ImageView { display: none; }
    """

    def __init__(self, where: str, file: str, preview: Preview, item: int) -> None:
        super().__init__(where, file, preview, item)
        image = preview.items[item]
        assert isinstance(image, ImageLook)
        self._image = image
        #: What was asked for; it becomes what is shown when it has been read.
        self._window: Window | None = window_of(image)
        self._plane: int | None = image.plane
        self._below: Below = ""
        self._half = 0

    def drawing(self) -> ComposeResult:
        yield ImageView(ascii_only=self.ascii_only)
        yield PlotView(ascii_only=self.ascii_only, id="below")
        yield Line("", id="readout")

    def begin(self) -> None:
        self.view.show(self._image)
        self.view.focus()
        self._say_place()

    @property
    def look(self) -> ImageLook:
        return self._image

    @property
    def view(self) -> ImageView:
        return self.query_one(ImageView)

    def about_parts(self) -> tuple[str, ...]:
        image = self._image
        ny, nx = full_size(image)
        parts = [f"{nx} × {ny} pixels"]
        window = window_of(image)
        if window is not None:
            x0, y0, x1, y1 = window
            parts.append(f"columns {x0 + 1}–{x1}, rows {y0 + 1}–{y1}")
        if image.n_planes > 1:
            parts.append(plane_words(image))
        parts += [compass(image, ascii_only=self.ascii_only)]
        return tuple(to_ascii(part) if self.ascii_only else part for part in parts if part)

    # --- reading ------------------------------------------------------------------------------------------------

    def _ask(self, window: Window | None, plane: int | None) -> None:
        """Read this window of this plane; what is shown stays until it is here."""
        if (window, plane) == (self._window, self._plane) and not self._is_reading():
            return
        self._window, self._plane = window, plane
        self.start(self._read(window, plane), "look")

    def _is_reading(self) -> bool:
        return any(w.group == "look" and w.is_running for w in self.workers if w.node is self)

    async def _read(self, window: Window | None, plane: int | None) -> None:
        await asyncio.sleep(_COALESCE_S)
        controller = await self.room.controller()
        self.say_busy("reading … esc stops")
        hdu = self._image.hdu
        preview = await controller.looks.look(self.where, hdu=hdu, window=window, plane=plane, notice=self.say_busy)
        found = next((i for i in preview.items if isinstance(i, ImageLook) and i.hdu == hdu), None)
        if found is None:
            self._stay()
            self.status.wrong(" ".join(preview.problems) or "There is no image in this window.")
            return
        self._image = found
        self._window, self._plane = window_of(found), found.plane
        self.view.show(found)
        self.say_about()
        self._say_place()
        self.status.idle("")
        self.refresh_chrome()

    def _stay(self) -> None:
        """What was asked for is not to come: the next key starts from what is shown."""
        self._window, self._plane = window_of(self._image), self._image.plane

    def failed(self, error: MastTuiError) -> None:
        self._stay()
        super().failed(error)

    # --- the crosshair and what is below --------------------------------------------------------------------------

    @on(ImageView.CrosshairMoved)
    def _moved(self) -> None:
        self._say_place()

    def _say_place(self) -> None:
        x, y = self.view.crosshair
        words = read_out(self._image, x, y, ascii_only=self.ascii_only)
        self.query_one("#readout", Line).say(Text(words, overflow="fold"))
        below = self.query_one("#below", PlotView)
        if self._below in ("row", "column"):
            below.show(cut(self._image, "row" if self._below == "row" else "column", x, y))
        elif self._below == "spectrum":
            self.start(self._read_spectrum(x, y, self._half), "spectrum")

    async def _read_spectrum(self, x: int, y: int, half: int) -> None:
        await asyncio.sleep(_COALESCE_S)
        controller = await self.room.controller()
        series = await controller.looks.spaxel(self.where, hdu=self._image.hdu, x=x, y=y, half=half)
        self.query_one("#below", PlotView).show(series)
        side = 2 * half + 1
        self.status.idle(f"spectrum of {f'{side} × {side} pixels around ' if half else ''}pixel ({x + 1}, {y + 1})")

    def _show_below(self, what: Below) -> None:
        self._below = "" if what == self._below else what
        self.query_one("#below").set_class(bool(self._below), "shown")
        self.set_class(bool(self._below), "two")
        self._say_place()
        self.refresh_chrome()

    # --- keys ---------------------------------------------------------------------------------------------------

    def why_not(self, action_id: str) -> str | None:
        image = self._image
        if action_id in ("previous_plane", "next_plane") and image.n_planes < 2:
            return "This image has one plane only."
        if action_id == "combined" and (image.n_planes < 2 or self._plane is None):
            return "All planes are shown as one already." if image.n_planes > 1 else "This image has one plane only."
        if action_id in ("spectrum", "box") and image.kind != "cube":
            return "Only a cube has a spectrum behind a pixel; x and y cut through an image."
        if action_id in ("previous_item", "next_item") and image.n_planes > 1:
            return None
        if action_id in ("zoom_in", "zoom_out") and image.extent is not None:
            return "This is drawn whole; x and y cut through it, and a cut has the same axes."
        if action_id in ("pan_left", "pan_right", "pan_up", "pan_down", "whole") and self._window is None:
            return "All of it is in sight."
        return super().why_not(action_id)

    def do_left(self) -> None:
        self.view.move(-1, 0)

    def do_right(self) -> None:
        self.view.move(1, 0)

    def do_up(self) -> None:
        self.view.move(0, 1)

    def do_down(self) -> None:
        self.view.move(0, -1)

    def do_pan_left(self) -> None:
        self._ask(panned(self._image, self._window, -1, 0), self._plane)

    def do_pan_right(self) -> None:
        self._ask(panned(self._image, self._window, 1, 0), self._plane)

    def do_pan_up(self) -> None:
        self._ask(panned(self._image, self._window, 0, 1), self._plane)

    def do_pan_down(self) -> None:
        self._ask(panned(self._image, self._window, 0, -1), self._plane)

    def do_zoom_in(self) -> None:
        self._ask(zoomed(self._image, self._window, self.view.crosshair, inwards=True), self._plane)

    def do_zoom_out(self) -> None:
        self._ask(zoomed(self._image, self._window, self.view.crosshair, inwards=False), self._plane)

    def do_whole(self) -> None:
        self._ask(None, self._plane)

    def do_previous_plane(self) -> None:
        self._turn_plane(-1)

    def do_next_plane(self) -> None:
        self._turn_plane(1)

    def _turn_plane(self, by: int) -> None:
        n = self._image.n_planes
        start = self._plane if self._plane is not None else (-1 if by > 0 else n)
        self._ask(self._window, (start + by) % n)

    def do_combined(self) -> None:
        self._ask(self._window, None)

    def do_previous_item(self) -> None:
        if self._image.n_planes > 1:
            self._turn_plane(-1)
        else:
            super().do_previous_item()

    def do_next_item(self) -> None:
        if self._image.n_planes > 1:
            self._turn_plane(1)
        else:
            super().do_next_item()

    def do_stretch(self) -> None:
        self.status.idle(f"stretch: {self.view.next_stretch()}")

    def do_limits(self) -> None:
        self.status.idle(f"limits: {self.view.next_limits()}")

    def do_cut_row(self) -> None:
        self._show_below("row")

    def do_cut_column(self) -> None:
        self._show_below("column")

    def do_spectrum(self) -> None:
        self._show_below("spectrum")

    def do_box(self) -> None:
        self._half = _HALVES[(_HALVES.index(self._half) + 1) % len(_HALVES)]
        if self._below != "spectrum":
            self._show_below("spectrum")
        else:
            self._say_place()

    def do_back(self) -> None:
        if self.stop("look"):
            self._stay()
            self.status.idle("stopped; what was there before is still shown")
        elif self._below:
            self.stop("spectrum")
            self._show_below(self._below)
        else:
            self.room.go_back()


def plane_words(image: ImageLook) -> str:
    """'slice 33 of 120: 5.123 µm', or which planes are drawn as one."""
    if image.plane is None:
        return f"{image.n_planes} planes as one"
    words = f"plane {image.plane + 1} of {image.n_planes}"
    if image.plane_axis is not None and math.isfinite(image.plane_value):
        unit = pretty_unit(image.plane_axis.unit)
        words += f": {image.plane_axis.label} {image.plane_value:.6g} {unit}".rstrip()
    return words
