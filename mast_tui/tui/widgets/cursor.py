"""The cursor of a curve: on one of its points, moved by columns of the drawn plot. Arithmetic, without a widget."""

from __future__ import annotations

import time
from typing import Literal

import numpy as np

from mast_tui.core.look import Series
from mast_tui.plot import PlotFrame, Range, in_sight

#: A held cursor key comes this often at least (s); its steps grow so that crossing the plot takes seconds, not minutes.
_REPEAT_S, _LONGEST_STEP = 0.12, 8
Direction = Literal["left", "right"]


def nearest(series: Series, x: float, within: Range) -> int | None:
    """The index of the point nearest in x of those that are within this range; None where there is none."""
    beside = []
    for part in in_sight(series, within):
        after = part.start + int(np.searchsorted(series.x[part], x))
        beside += [k for k in (after - 1, after) if part.start <= k < part.stop]
    return min(beside, key=lambda k: abs(float(series.x[k]) - x), default=None)


class Cursor:
    """`index` is the point it stands on, None where it does not show."""

    def __init__(self) -> None:
        self.index: int | None = None
        self._last: tuple[float, Direction | None, int] = (0.0, None, 1)

    def x_in(self, series: Series | None) -> float | None:
        """Where it stands, in units of the x axis."""
        return None if series is None or self.index is None else float(series.x[self.index])

    def beside(self, direction: Direction, series: Series, frame: PlotFrame) -> int | None:
        """The point a column to the side, or several when the key is held; from nowhere, that in the middle."""
        at = self.x_in(series)
        column = None if at is None else frame.column_of(at)
        if at is None or column is None:
            return nearest(series, frame.x_at(frame.left + frame.columns // 2), frame.x_range)
        step = self._step(direction) * (1 if direction == "right" else -1)
        target = frame.x_at(min(max(column + step, frame.left), frame.left + frame.columns - 1))
        found = nearest(series, target, frame.x_range)
        if found is not None and (series.x[found] - at) * step > 0:
            return found
        # there is no point in that column: the next one further on
        beyond = series.x[(series.x > at) if step > 0 else (series.x < at)]
        if beyond.size == 0:
            return self.index
        following = float(beyond.min() if step > 0 else beyond.max())
        low, high = frame.x_range
        return nearest(series, following, frame.x_range) if low <= following <= high else self.index

    def _step(self, direction: Direction) -> int:
        now, (before, way, step) = time.monotonic(), self._last
        step = min(_LONGEST_STEP, step + 1) if way == direction and now - before < _REPEAT_S else 1
        self._last = (now, direction, step)
        return step
