"""A colour picture, a JPEG or PNG, as half blocks; in characters of growing weight where there are few colours."""

from __future__ import annotations

import numpy as np
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from mast_tui.core.look import PictureLook
from mast_tui.plot.image_frame import ImageFrame
from mast_tui.plot.image_text import ramp_lines
from mast_tui.plot.pictures import PictureFrame, draw_picture
from mast_tui.tui.widgets.drafts import Drafts


class PictureView(Widget, can_focus=True):
    """One picture, as large as fits: true colour where the terminal says it has it, else 256 colours."""

    DEFAULT_CSS = "PictureView { width: 1fr; height: 1fr; }"

    def __init__(self, picture: PictureLook, *, ascii_only: bool = False) -> None:
        super().__init__()
        self._picture, self._ascii_only = picture, ascii_only
        self._strips: list[Strip] = []
        self._drawn_for: object = None
        self._drafts = Drafts(self)

    def render_line(self, y: int) -> Strip:
        self._draw()
        if y < len(self._strips):
            return self._strips[y].adjust_cell_length(self.size.width, self.rich_style)
        return Strip.blank(self.size.width, self.rich_style)

    def _draw(self) -> None:
        size, system = self.size, self.app.console.color_system
        if self._drawn_for == size:
            return
        self._drawn_for = size
        frame = draw_picture(self._picture, size.width, size.height)
        plain = self.rich_style

        def in_characters(ascii_only: bool) -> list[Strip]:
            greys = ImageFrame(frame.levels, 1.0, "")
            return [Strip([Segment(line, plain)]) for line in ramp_lines(greys, ascii_only)]

        if self._ascii_only or self.app.no_color or system in (None, "standard"):
            self._strips = in_characters(self._ascii_only)
        else:
            fine = _strips(frame, _true_colours(frame) if system == "truecolor" else _codes(frame))
            self._strips = self._drafts.lines(size, fine, lambda: in_characters(ascii_only=True))


def _true_colours(frame: PictureFrame) -> list[list[Color | None]]:
    return [
        [Color.from_rgb(*rgb) if level >= 0 else None for rgb, level in zip(colours, levels, strict=True)]
        for colours, levels in zip(frame.colours.tolist(), frame.levels.tolist(), strict=True)
    ]


def _codes(frame: PictureFrame) -> list[list[Color | None]]:
    return [[Color.from_ansi(code) if code >= 0 else None for code in line] for line in frame.codes.tolist()]


def _strips(frame: PictureFrame, colours: list[list[Color | None]]) -> list[Strip]:
    """The upper half cell in the foreground, the lower behind it; equal neighbours share a segment."""
    strips = []
    for row in range(0, len(colours), 2):
        upper, lower = colours[row], colours[row + 1]
        pair = np.concatenate((frame.colours[row], frame.colours[row + 1]), axis=1)
        edges = np.flatnonzero((np.diff(pair.astype(np.int16), axis=0) != 0).any(axis=1)) + 1
        segments = []
        for start, end in zip([0, *edges.tolist()], [*edges.tolist(), len(upper)], strict=True):
            segments.append(Segment("▀" * (end - start), Style(color=upper[start], bgcolor=lower[start])))
        strips.append(Strip(segments, len(upper)))
    return strips
