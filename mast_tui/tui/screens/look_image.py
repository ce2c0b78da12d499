"""An image or a cube: a crosshair with value and place on the sky, zoom that reads the window anew, cuts, spectra."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import ClassVar, Literal

from textual import on
from textual.binding import BindingType

from mast_tui.core.errors import MastTuiError
from mast_tui.core.look import ImageLook, Preview, Series, Window
from mast_tui.plot import to_ascii
from mast_tui.plot.image_places import full_size
from mast_tui.plot.image_windows import panned, window_around, window_of, window_words, zoomed
from mast_tui.tui.actions import bindings_for
from mast_tui.tui.image_readings import compass, cut
from mast_tui.tui.plane_range import PlaneRange, Wish, parsed, plane_words
from mast_tui.tui.screens.ask import AskLine
from mast_tui.tui.screens.look_raster import RasterScreen
from mast_tui.tui.widgets.image_view import ImageView

#: Keys that come within this time (s) are read as one wish: only the last window is asked for.
_COALESCE_S = 0.12
#: Half sides of the boxes whose mean spectrum is drawn: 1, 3 x 3 and 5 x 5 pixels.
_HALVES = (0, 1, 2)

Below = Literal["", "row", "column", "spectrum"]


class ImageScreen(RasterScreen):
    """One image of a file, the whole plane or a window of it, and below it a cut or a spectrum when asked for."""

    CONTEXT: ClassVar[str] = "image"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("image")
    DEFAULT_CSS = """
    ImageScreen #below { display: none; }
    ImageScreen #below.shown { display: block; }
    ImageScreen.short #below { height: 1fr; }
    ImageScreen.short.two ImageView { display: none; }
    """

    def __init__(self, where: str, file: str, preview: Preview, item: int) -> None:
        super().__init__(where, file, preview, item)
        #: What was asked for; it becomes what is shown when it has been read.
        self._wish = self._shown = Wish(window_of(self._image), self._image.plane)
        #: The place that the crosshair goes to once its window is read.
        self._going_to: tuple[int, int] | None = None
        self._below: Below = ""
        self._half = 0

    def begin(self) -> None:
        super().begin()
        self._say_place()

    def curve_below(self) -> Series | None:
        return self.below.series if self._below else None

    def about_parts(self) -> tuple[str, ...]:
        image = self._image
        ny, nx = full_size(image)
        parts = [f"{nx} × {ny} pixels", window_words(image)]
        if image.n_planes > 1:
            parts.append(plane_words(image, self._shown.together))
        parts += [compass(image, ascii_only=self.ascii_only)]
        return tuple(to_ascii(part) if self.ascii_only else part for part in parts if part)

    # --- reading ------------------------------------------------------------------------------------------------

    def _ask(self, wish: Wish) -> None:
        """Read this; what is shown stays until it is here."""
        if wish == self._wish and not self._is_reading():
            return
        self._wish = wish
        self.start(self._read(wish), "look")

    def _ask_window(self, window: Window | None) -> None:
        self._ask(replace(self._wish, window=window))

    def _is_reading(self) -> bool:
        return any(w.group == "look" and w.is_running for w in self.workers if w.node is self)

    async def _read(self, wish: Wish) -> None:
        await asyncio.sleep(_COALESCE_S)
        controller = await self.room.controller()
        self.say_busy("reading … esc stops")
        hdu, planes = self._image.hdu, wish.together
        if planes is not None:
            preview = await controller.looks.collapsed(
                self.where, hdu=hdu, first=planes.first, last=planes.last, how=planes.how, window=wish.window,
                notice=self.say_busy,
            )  # fmt: skip
        else:
            preview = await controller.looks.look(
                self.where, hdu=hdu, window=wish.window, plane=wish.plane, notice=self.say_busy
            )
        found = next((i for i in preview.items if isinstance(i, ImageLook) and i.hdu == hdu), None)
        if found is None:
            self._wish = self._shown
            self.status.wrong(" ".join(preview.problems) or "There is no image in this window.")
            return
        self._wish = self._shown = Wish(window_of(found), found.plane, planes)
        self.show_image(found)
        if self._going_to is not None:
            self.view.put(*self._going_to)
            self._going_to = None
        self.say_about()
        self._say_place()
        self.status.idle("")
        self.refresh_chrome()

    def failed(self, error: MastTuiError) -> None:
        # what was asked for is not to come: the next key starts from what is shown
        self._wish, self._going_to = self._shown, None
        super().failed(error)

    # --- the crosshair and what is below --------------------------------------------------------------------------

    @on(ImageView.CrosshairMoved)
    def _moved(self) -> None:
        self._say_place()

    def _say_place(self) -> None:
        self.say_readout()
        x, y = self.view.crosshair
        if self._below in ("row", "column"):
            self.below.show(cut(self._image, "row" if self._below == "row" else "column", x, y))
        elif self._below == "spectrum":
            self.start(self._read_spectrum(x, y, self._half), "spectrum")

    async def _read_spectrum(self, x: int, y: int, half: int) -> None:
        await asyncio.sleep(_COALESCE_S)
        controller = await self.room.controller()
        series = await controller.looks.spaxel(self.where, hdu=self._image.hdu, x=x, y=y, half=half)
        self.below.show(series)
        side = 2 * half + 1
        self.refresh_chrome()
        self.status.idle(f"spectrum of {f'{side} × {side} pixels around ' if half else ''}pixel ({x + 1}, {y + 1})")

    def _show_below(self, what: Below) -> None:
        self._below = "" if what == self._below else what
        self.below.set_class(bool(self._below), "shown")
        self.set_class(bool(self._below), "two")
        self._say_place()
        self.refresh_chrome()

    # --- keys ---------------------------------------------------------------------------------------------------

    def why_not(self, action_id: str) -> str | None:
        image = self._image
        if action_id == "combined" and (image.n_planes < 2 or self._wish == Wish(self._wish.window, None)):
            return "All planes are shown as one already." if image.n_planes > 1 else "This image has one plane only."
        if action_id == "range" and image.kind != "cube":
            return "Only the planes of a cube can be taken together."
        if action_id in ("spectrum", "box") and image.kind != "cube":
            return "Only a cube has a spectrum behind a pixel; x and y cut through an image."
        if action_id in ("previous_item", "next_item") and image.n_planes > 1:
            return None
        if action_id == "place" and image.extent is not None:
            return "The sides of this image are no places on the sky."
        if action_id in ("zoom_in", "zoom_out") and image.extent is not None:
            return "This is drawn whole; x and y cut through it, and a cut has the same axes."
        if action_id in ("pan_left", "pan_right", "pan_up", "pan_down", "whole") and self._wish.window is None:
            return "All of it is in sight."
        return super().why_not(action_id)

    def _pan(self, right: int, up: int) -> None:
        self._ask_window(panned(self._image, self._wish.window, right, up))

    def do_pan_left(self) -> None:
        self._pan(-1, 0)

    def do_pan_right(self) -> None:
        self._pan(1, 0)

    def do_pan_up(self) -> None:
        self._pan(0, 1)

    def do_pan_down(self) -> None:
        self._pan(0, -1)

    def do_zoom_in(self) -> None:
        self._ask_window(zoomed(self._image, self._wish.window, self.view.crosshair, inwards=True))

    def do_zoom_out(self) -> None:
        self._ask_window(zoomed(self._image, self._wish.window, self.view.crosshair, inwards=False))

    def do_whole(self) -> None:
        self._ask_window(None)

    def put_crosshair(self, place: tuple[int, int]) -> None:
        """A window that does not show the place is read anew around it."""
        window = self._wish.window
        if window is not None and not (window[0] <= place[0] < window[2] and window[1] <= place[1] < window[3]):
            self._going_to = place
            size = (window[2] - window[0], window[3] - window[1])
            self._ask_window(window_around(self._image, place, size))
        elif self._is_reading():
            self._going_to = place
        else:
            self.view.put(*place)

    def _turn_plane(self, by: int) -> None:
        n = self._image.n_planes
        wish = self._wish
        start = wish.plane if wish.plane is not None else (-1 if by > 0 else n)
        if wish.together is not None:
            start = wish.together.last if by > 0 else wish.together.first
        self._ask(Wish(wish.window, (start + by) % n))

    def do_combined(self) -> None:
        self._ask(Wish(self._wish.window, None))

    def do_range(self) -> None:
        n = self._image.n_planes
        now = self._wish.together.written if self._wish.together is not None else f"1-{n} sum"

        def wrong(words: str) -> str | None:
            found = parsed(words, n)
            return found if isinstance(found, str) else None

        def answered(words: str | None) -> None:
            found = parsed(words or "", n)
            if isinstance(found, PlaneRange):
                self._ask(Wish(self._wish.window, None, found))

        hint = f"planes 1 to {n}: 10-20, 10-20 sum or 10-20 median"
        self.room.push_screen(AskLine("Which planes, as one image?", now, hint, wrong), answered)

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
            self._wish, self._going_to = self._shown, None
            self.status.idle("stopped; what was there before is still shown")
        elif self._below:
            self.stop("spectrum")
            self._show_below(self._below)
        else:
            self.room.go_back()
