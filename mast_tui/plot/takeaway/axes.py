"""From data to places on the page: linear, logarithmic and upside-down axes, and what frames a field.

Used by `series_page` and `image_page`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mast_tui.core.look import Axis, FloatArray
from mast_tui.plot import scales
from mast_tui.plot.labels import Ticks, axis_label
from mast_tui.plot.scales import Range
from mast_tui.plot.takeaway.drawing import FAINT, GREY, INK, Drawing, Field, Lines, Words, text_width

#: Width on the page of a character of a tick label, with room around it.
_TICK_CHARACTER = 10.0


@dataclass(frozen=True)
class Ruler:
    """`low` and `high` of the data lie at `start` and `end` on the page; on a `log` scale both are above zero."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def of(self, values: npt.ArrayLike) -> FloatArray:
        """Places on the page; NaN for what a logarithm has no place for."""
        data = np.asarray(values, np.float64)
        low, high = self.low, self.high
        if self.log:
            data = np.log10(data, out=np.full_like(data, np.nan), where=data > 0)
            low, high = math.log10(low), math.log10(high)
        with np.errstate(over="ignore", invalid="ignore"):  # a point far outside of narrow limits is infinitely far
            return np.asarray(self.start + (data - low) / (high - low) * (self.end - self.start))


def x_ticks_of(axis: Axis, limits: Range, width: float) -> tuple[Ticks, str]:
    """Ticks for an axis of this width on the page, and the words beside it."""
    ticks, words = scales.x_ticks(axis, limits, int(width / _TICK_CHARACTER))
    label = words_of(axis, ticks.exponent)
    return ticks, f"{label}, {words}" if words else label


def y_ticks_of(axis: Axis, limits: Range, height: float) -> tuple[Ticks, str]:
    ticks = scales.y_ticks(axis, limits, max(2, int(height / 60)))
    return ticks, words_of(axis, ticks.exponent)


def words_of(axis: Axis, exponent: int) -> str:
    return axis_label(axis.label or axis.name, "" if axis.dates else axis.unit, exponent)


def room_for(ticks: Ticks, size: float) -> float:
    """Width of the widest tick label."""
    return max((text_width(label, size) for label in ticks.labels), default=0.0)


def frame(drawing: Drawing, x: Ruler, x_ticks: Ticks, x_words: str, y: Ruler, y_ticks: Ticks, y_words: str) -> None:
    """Border, grid, tick labels and axis labels around the drawing's field."""
    box, size = drawing.box, 15.0
    xs, ys = x.of(x_ticks.positions).tolist(), y.of(y_ticks.positions).tolist()
    grid = [_path((a, box.top), (a, box.bottom)) for a in xs] + [_path((box.left, b), (box.right, b)) for b in ys]
    drawing.inside.insert(0, Lines(tuple(grid), FAINT, 0.6))
    corners = _path((box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom))
    marks = [_path((a, box.bottom), (a, box.bottom + 6)) for a in xs]
    marks += [_path((box.left - 6, b), (box.left, b)) for b in ys]
    drawing.outside.append(Lines((np.vstack((corners, corners[:1])), *marks), GREY, 1.2))
    for place, label in zip(xs, x_ticks.labels, strict=True):
        drawing.outside.append(Words(place, box.bottom + 12 + size, label, size, "middle"))
    for place, label in zip(ys, y_ticks.labels, strict=True):
        drawing.outside.append(Words(box.left - 11, place + 0.36 * size, label, size, "end"))
    drawing.outside.append(Words((box.left + box.right) / 2, box.bottom + 58, x_words, 18, "middle", INK))
    left = box.left - 26 - room_for(y_ticks, size)
    drawing.outside.append(Words(left, (box.top + box.bottom) / 2, y_words, 18, "middle", INK, turned=True))


def heading(drawing: Drawing, under: str, notes: tuple[str, ...]) -> None:
    """The title, a smaller line under it, and in strong colour what a viewer must know: that data are simulated."""
    left, right = min(drawing.box.left, 100.0), drawing.width - 32.0
    for down, text, most, bold, colour in ((38, drawing.title, 24.0, True, INK), (64, under, 15.0, False, GREY)):
        size = min(most, most * (right - left) / max(1.0, text_width(text, most)))
        drawing.outside.append(Words(left, down, text, max(9.0, size), colour=colour, bold=bold))
    if any("simulated" in note.lower() for note in notes):
        box = Field(drawing.box.right - 178, drawing.box.top + 8, drawing.box.right - 8, drawing.box.top + 34)
        outline = _path((box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom))
        drawing.outside.append(Lines((np.vstack((outline, outline[:1])),), "#a0001c", 1.4))
        place = (box.left + box.right) / 2
        drawing.outside.append(Words(place, box.bottom - 8, "SIMULATED DATA", 15, "middle", "#a0001c", bold=True))


def _path(*corners: tuple[float, float]) -> FloatArray:
    return np.array(corners, np.float64)
