"""A target pixel file: its frames one by one or as a film, the aperture, and the light curve of the aperture."""

from __future__ import annotations

import asyncio
import math
import os
from dataclasses import replace
from typing import ClassVar

import numpy as np
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer

from mast_tui.core.errors import MastTuiError
from mast_tui.core.look import BoolArray, Frames, Preview, Series
from mast_tui.tui.actions import bindings_for
from mast_tui.tui.image_readings import compass
from mast_tui.tui.screens.look_raster import RasterScreen
from mast_tui.tui.widgets.chrome import Line
from mast_tui.tui.widgets.image_view import ImageView

#: Seconds from frame to frame of the film; through SSH half as many, and on a slow link still fewer.
_FRAME_S, _FRAME_SSH_S, _FRAME_SLOW_S = 0.1, 0.2, 0.4
#: A film is of at most this many frames; longer files are shown in steps.
_FILM = 600
#: So many frames are read at once, and so long (s) toggled pixels are waited for before the curve is made anew.
_CHUNK, _COALESCE_S = 50, 0.15


class PixelScreen(RasterScreen):
    """The median frame first; any frame of the file; `space` plays. The aperture is the mission's until a pixel is
    toggled."""

    CONTEXT: ClassVar[str] = "pixels"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("pixels")
    DEFAULT_CSS = """
    PixelScreen #frame { padding: 0 1; height: auto; max-height: 2; }
    PixelScreen.short #below { display: none; }
    """

    def __init__(self, where: str, file: str, preview: Preview, item: int) -> None:
        super().__init__(where, file, preview, item)
        self._median = image = self._image
        shape = image.pixels.shape
        given = image.aperture if image.aperture is not None and image.aperture.shape == shape else None
        self._given: BoolArray = np.zeros(shape, np.bool_) if given is None else given
        self._aperture = self._given.copy()
        self._curve: Series | None = None
        self._frames: Frames | None = None
        #: The cadence that is shown; None for the median of all.
        self._cadence: int | None = None
        self._film_step = max(1, -(-image.n_rows // _FILM))
        self._playing: Timer | None = None

    def between(self) -> ComposeResult:
        yield Line("", id="frame")

    def begin(self) -> None:
        super().begin()
        self._say_frame()
        self._outline()

    def curve_below(self) -> Series | None:
        return self._curve

    def outlined(self) -> BoolArray:
        return self._aperture.copy()

    def about_parts(self) -> tuple[str, ...]:
        ny, nx = self._median.pixels.shape
        good = f"{self._median.n_good:,} of {self._median.n_rows:,} cadences good"
        return tuple(part for part in (f"{nx} × {ny} pixels", good, compass(self._median)) if part)

    def notes(self) -> tuple[str, ...]:
        # which frame is shown is told below the picture
        return tuple(note for note in self._median.notes if not note.startswith("the median"))

    # --- frames -------------------------------------------------------------------------------------------------

    def _say_frame(self) -> None:
        """Which frame is shown, when it was taken, and the flags it has."""
        frames, cadence = self._frames, self._cadence
        if frames is None or cadence is None:
            words = f"median of the good cadences; {self._aperture.sum()} pixels summed"
            self.query_one("#frame", Line).say(Text(words, overflow="fold"))
        else:
            at = (cadence - frames.first) // frames.step
            parts = [f"cadence {cadence + 1:,} of {frames.n_rows:,}"]
            if math.isfinite(frames.times[at]):
                parts.append(f"{frames.time_axis.label} {frames.times[at]:.5f}")
            parts.append(f"flags: {self._flag_words(int(frames.flags[at]))}")
            if self._playing is not None:
                parts.append("playing" if self._film_step == 1 else f"playing, every {self._film_step}th")
            self.query_one("#frame", Line).say(Text("   ".join(parts), overflow="fold"))
        self.say_readout()

    def _flag_words(self, value: int) -> str:
        if value == 0:
            return "none"
        quality = self._curve.quality if self._curve is not None else None
        meanings = quality.decode(value) if quality is not None else ()
        return f"{', '.join(meanings)} ({value})" if meanings else str(value)

    def _go_to(self, cadence: int, step: int) -> None:
        """Show a cadence; frames that are not here yet are read, `step` apart, beginning with this one."""
        frames = self._frames
        if frames is not None and self._holds(frames, cadence):
            self._show_cadence(frames, cadence)
        else:
            self.start(self._read_frames(cadence, step), "look")

    @staticmethod
    def _holds(frames: Frames, cadence: int) -> bool:
        at, rest = divmod(cadence - frames.first, frames.step)
        return rest == 0 and 0 <= at < frames.pixels.shape[0]

    async def _read_frames(self, cadence: int, step: int) -> None:
        controller = await self.room.controller()
        # going backwards one by one, the frames before it are wanted next
        backwards = self._cadence is not None and cadence < self._cadence and step == 1
        first = max(0, cadence - _CHUNK + 1) if backwards else cadence
        frames = await controller.looks.frames(self.where, hdu=self._median.hdu, first=first, count=_CHUNK, step=step)
        if not self._holds(frames, cadence):
            self.status.wrong("The file has no frame for this cadence.")
            self._pause()
            return
        self._frames = frames
        self._show_cadence(frames, cadence)

    def _show_cadence(self, frames: Frames, cadence: int) -> None:
        at = (cadence - frames.first) // frames.step
        self._cadence = cadence
        self.show_image(replace(self._median, pixels=frames.pixels[at], limits=frames.limits, wide_limits=None))
        self._say_frame()

    def _next_of_film(self) -> None:
        if any(w.group == "look" and w.is_running for w in self.workers if w.node is self):
            return  # the frame before has not come yet: none is skipped, none is queued
        self._go_to(self._stepped(self._film_step), self._film_step)

    def _stepped(self, by: int) -> int:
        n = self._median.n_rows
        if self._cadence is None:
            return 0 if by > 0 else n - 1
        there = self._cadence + by
        return there if 0 <= there < n else (0 if by > 0 else n - 1)

    def _pause(self) -> None:
        if self._playing is not None:
            self._playing.stop()
            self._playing = None
            self._say_frame()

    def failed(self, error: MastTuiError) -> None:
        self._pause()
        super().failed(error)

    # --- the aperture -------------------------------------------------------------------------------------------

    def _outline(self) -> None:
        """Show the aperture as it is now, and make the curve of it."""
        self.view.show_aperture(self._aperture)
        self._say_frame()
        self.refresh_chrome()
        if self._aperture.any():
            self.status.idle("")
            self.start(self._read_curve(self._aperture.copy()), "curve")
        else:
            self.stop("curve")
            self._curve = None
            self.below.show(None)
            self.status.idle("the aperture is empty: enter adds the pixel under the crosshair")

    async def _read_curve(self, aperture: BoolArray) -> None:
        await asyncio.sleep(_COALESCE_S)
        controller = await self.room.controller()
        series = await controller.looks.aperture_curve(
            self.where, hdu=self._median.hdu, aperture=aperture, quality="default"
        )
        self._curve = series
        self.below.show(series)
        self._say_frame()
        self.refresh_chrome()

    @on(ImageView.CrosshairMoved)
    def _moved(self, event: ImageView.CrosshairMoved) -> None:
        self._say_frame()
        if event.clicked:
            self.do_toggle()

    # --- keys ---------------------------------------------------------------------------------------------------

    def why_not(self, action_id: str) -> str | None:
        if action_id == "mission_aperture" and np.array_equal(self._aperture, self._given):
            return "The aperture is the file's own already." if self._given.any() else "The file gives no aperture."
        if action_id == "combined" and self._cadence is None:
            return "The median of all good frames is shown already."
        return super().why_not(action_id)

    def do_play(self) -> None:
        if self._playing is not None:
            self._pause()
            return
        pause = _FRAME_SSH_S if os.environ.get("SSH_TTY") else _FRAME_S
        pause = _FRAME_SLOW_S if self.room.manners.slow else pause
        self._playing = self.set_interval(pause, self._next_of_film)
        self._next_of_film()

    def do_previous_frame(self) -> None:
        self._pause()
        self._go_to(self._stepped(-1), 1)

    def do_next_frame(self) -> None:
        self._pause()
        self._go_to(self._stepped(1), 1)

    def do_combined(self) -> None:
        self._pause()
        self._cadence = None
        self.show_image(self._median)
        self._say_frame()
        self.refresh_chrome()

    def do_toggle(self) -> None:
        x, y = self.view.crosshair
        self._aperture[y, x] = not self._aperture[y, x]
        self._outline()

    def do_mission_aperture(self) -> None:
        self._aperture = self._given.copy()
        self._outline()

    def do_back(self) -> None:
        if self._playing is not None:
            self._pause()
        elif not self.stop("look"):
            self.room.go_back()
