"""The picture of an image, as a widget of the preview screen."""

from __future__ import annotations

import numpy as np
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from mast_tui.core.look import ImageLook
from mast_tui.plot import ImageFrame, draw_image
from mast_tui.plot.images import legend, ramp_lines


class ImageView(Widget):
    """One image, whole, in greys as half blocks; as characters where there is no colour or no UTF-8."""

    DEFAULT_CSS = "ImageView { width: 1fr; height: 1fr; }"

    def __init__(self, *, ascii_only: bool = False, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._ascii_only = ascii_only
        self._image: ImageLook | None = None
        self._strips: list[Strip] = []
        self._drawn_for: tuple[object, ...] = ()

    def show(self, image: ImageLook | None) -> None:
        self._image = image
        self._drawn_for = ()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        self._draw()
        if y < len(self._strips):
            return self._strips[y].adjust_cell_length(self.size.width, self.rich_style)
        return Strip.blank(self.size.width, self.rich_style)

    def _draw(self) -> None:
        image, size = self._image, self.size
        key = (id(image), size, self.app.theme)
        if key == self._drawn_for:
            return
        self._drawn_for = key
        if image is None or size.width < 2 or size.height < 3:
            self._strips = []
            return
        frame = draw_image(image, size.width, size.height - 1)
        # sixteen colours hold too few greys for a picture; signs of growing weight show more
        few_colours = self.app.no_color or self.app.console.color_system == "standard"
        as_signs = self._ascii_only or few_colours
        lines = [Strip([Segment(line, self.rich_style)]) for line in ramp_lines(frame)] if as_signs else _blocks(frame)
        self._strips = [*lines, Strip([Segment(legend(frame, self._ascii_only), self.rich_style)])]


def _blocks(frame: ImageFrame) -> list[Strip]:
    """Half blocks: the upper half cell in the foreground, the lower behind it; equal neighbours share a segment."""
    strips = []
    for upper, lower in zip(frame.levels[0::2], frame.levels[1::2], strict=True):
        edges = np.flatnonzero((np.diff(upper) != 0) | (np.diff(lower) != 0)) + 1
        segments = []
        for start, end in zip([0, *edges], [*edges, upper.size], strict=True):
            front, back = int(upper[start]), int(lower[start])
            sign = " " if front < 0 and back < 0 else "▄" if front < 0 else "▀"
            colours = (back, front) if front < 0 else (front, back)
            segments.append(Segment(sign * int(end - start), _GREYS[colours]))
        strips.append(Strip(segments, int(upper.size)))
    return strips


class _Greys(dict[tuple[int, int], Style]):
    """Styles by (foreground, background) level, made when first used: making one costs more than drawing with it."""

    def __missing__(self, levels: tuple[int, int]) -> Style:
        front, back = (None if level < 0 else f"color({232 + level})" for level in levels)
        style = self[levels] = Style(color=front, bgcolor=back)
        return style


_GREYS = _Greys()
