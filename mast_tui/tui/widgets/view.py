"""Which part of a series is in sight: zoom, pan, boxes and limits as arithmetic on ranges, without a widget."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from mast_tui.core.look import Axis, Series
from mast_tui.plot import PlotFrame, Range, full_range, visible_limits

#: A zoom step, a pan step as a share of what is seen, and how far in one may go in median point distances.
ZOOM, PAN, CLOSEST = 2.0, 0.25, 4.0
#: Views that can be gone back to.
_REMEMBERED = 50
#: Room above and below when all points are to be in sight, as a share of their height.
_MARGIN = 0.05
_SAMPLE = 10_000
Cell = tuple[int, int]


@dataclass(frozen=True)
class View:
    """The ranges that are in sight; None where the series and what is seen of it decide."""

    x: Range | None = None
    y: Range | None = None

    def x_of(self, everything: Range) -> Range:
        return self.x or everything

    def y_of(self, series: Series, everything: Range) -> Range:
        return self.y or visible_limits(series, self.x_of(everything))


class Views:
    """The view that is shown, and those before it, to go back to."""

    def __init__(self) -> None:
        self.now = View()
        self._before: list[View] = []

    def look_at(self, view: View) -> bool:
        """Another view; the one before is remembered. False where it is the same."""
        if view == self.now:
            return False
        self._before = [*self._before[-(_REMEMBERED - 1) :], self.now]
        self.now = view
        return True

    def back(self) -> bool:
        """The view before this one; False when there was none."""
        if self._before:
            self.now = self._before.pop()
            return True
        return False

    def keep_only_x(self) -> None:
        """Limits of y that were chosen for other values mean nothing."""
        self.now, self._before = View(self.now.x), [View(view.x) for view in self._before]


def whole_range(series: Series, also: Sequence[Series]) -> Range:
    """All of x of a series and of those drawn with it."""
    ranges = [full_range(one) for one in (series, *also) if one.x.size] or [full_range(series)]
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def zoomed(
    view: View, series: Series, everything: Range, direction: Literal["in", "out"], around: float | None
) -> View:
    """Half or twice of the x in sight; `around` stays where it is on the screen, or else the middle."""
    to, back = _scale(series.x_axis)
    low, high = (to(end) for end in view.x_of(everything))
    width = (high - low) / (ZOOM if direction == "in" else 1 / ZOOM)
    all_low, all_high = (to(end) for end in everything)
    if width >= all_high - all_low:
        return replace(view, x=None)
    if not series.x_axis.log:
        width = max(width, CLOSEST * _spacing(series))
    middle = to(around) if around is not None and low <= to(around) <= high else (low + high) / 2
    share = (middle - low) / (high - low)
    low, high = _kept_inside(middle - share * width, width, (all_low, all_high))
    return replace(view, x=(back(low), back(high)))


def panned(view: View, series: Series, everything: Range, direction: Literal["left", "right"]) -> View:
    """A quarter of what is seen to the side; the same view when all is seen."""
    if view.x is None:
        return view
    to, back = _scale(series.x_axis)
    low, high = to(view.x[0]), to(view.x[1])
    step = PAN * (high - low) * (1 if direction == "right" else -1)
    all_low, all_high = (to(end) for end in everything)
    low, high = _kept_inside(low + step, high - low, (all_low, all_high))
    return replace(view, x=(back(low), back(high)))


def zoomed_y(view: View, series: Series, everything: Range, direction: Literal["in", "out"]) -> View:
    """Half or twice of the y in sight, around its middle."""
    to, back = _scale(series.y_axis)
    low, high = (to(end) for end in view.y_of(series, everything))
    half = (high - low) / 2 / (ZOOM if direction == "in" else 1 / ZOOM)
    middle = (low + high) / 2
    if not middle - half < middle + half:
        return view
    return replace(view, y=(back(middle - half), back(middle + half)))


def with_all_points(view: View, series: Series, everything: Range) -> View:
    """y limits that hold every point of the x in sight, outliers too."""
    low, high = view.x_of(everything)
    y = series.y[(series.x >= low) & (series.x <= high)]
    if series.y_axis.log:
        y = y[y > 0]
    if not y.size or not y.min() < y.max():
        return replace(view, y=None)
    margin = 0.0 if series.y_axis.log else _MARGIN * float(y.max() - y.min())
    return replace(view, y=(float(y.min()) - margin, float(y.max()) + margin))


def boxed(view: View, series: Series, frame: PlotFrame, one: Cell, other: Cell) -> View:
    """What lies in the box between two cells (column, row) of a drawn plot; all y where the box is one row high."""
    (left, right), (top, bottom) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    x = (frame.x_at(left), frame.x_at(right))
    if top == bottom:
        return replace(view, x=x)
    to, back = _scale(series.y_axis)
    low, high = (to(end) for end in frame.y_range)
    shares = [(row - frame.top) / frame.rows for row in (top, bottom + 1)]
    if not series.y_axis.upside_down:
        shares = [1 - share for share in reversed(shares)]
    return View(x, (back(low + shares[0] * (high - low)), back(low + shares[1] * (high - low))))


def _scale(axis: Axis) -> tuple[Callable[[float], float], Callable[[float], float]]:
    """To where a value stands on the axis, and back: steps on a logarithmic axis are factors."""
    if axis.log:
        return (lambda x: math.log10(max(x, sys.float_info.min))), (lambda at: float(10.0**at))
    return float, float


def _spacing(series: Series) -> float:
    """The median distance of neighbours in x, of a sample of them."""
    first = np.arange(0, series.x.size - 1, max(1, series.x.size // _SAMPLE))
    steps = series.x[first + 1] - series.x[first]
    steps = steps[steps > 0]
    return float(np.median(steps)) if steps.size else 0.0


def _kept_inside(low: float, width: float, bounds: Range) -> Range:
    """A range of this width, moved until it lies within the bounds."""
    low = min(max(low, bounds[0]), bounds[1] - width)
    return low, low + width
