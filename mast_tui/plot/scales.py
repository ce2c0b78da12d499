"""From data to places on an axis: linear, logarithmic or upside down; and its ticks, calendar dates included.

Used by `series`, `overview` and `images`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from mast_tui.core.look import Axis
from mast_tui.plot.labels import METRE, Ticks, nice_ticks, power_of_ten, pretty_unit

FloatArray = npt.NDArray[np.float64]
Range: TypeAlias = tuple[float, float]

#: Julian dates and such are written out on the x axis.
X_WRITTEN_OUT = (-2, 7)
#: Limits are kept this far from the ends of float64, so that differences and products of them stay finite.
LARGEST, _SMALLEST = 1e150, 1e-150
#: The narrowest range, as a share of its values: below, neighbouring floats are some columns apart.
_NARROWEST = 1e-13
#: Julian date of 1970-01-01T00:00 UTC, and of the years 1 and 9999, between which the calendar is used.
_UNIX_JD, _FIRST_JD, _LAST_JD = 2440587.5, 1721425.5, 5373484.5
_DAY_S = 86_400
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200)
_STEPS_D = (1, 2, 5, 10)
_STEPS_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000)


@dataclass(frozen=True)
class Scale:
    """A place grows to the right or upwards: the value itself, its decimal logarithm, or minus that."""

    log: bool = False
    down: bool = False

    def places(self, values: FloatArray) -> FloatArray:
        """NaN where the axis is logarithmic and the value is not positive."""
        if self.log:
            with np.errstate(all="ignore"):
                values = np.where(values > 0, np.log10(values), np.nan)
        return -values if self.down else values

    def place(self, value: float) -> float:
        if self.log:
            value = math.log10(value) if value > 0 else -math.inf
        return -value if self.down else value

    def value(self, place: float) -> float:
        place = -place if self.down else place
        return 10.0 ** min(max(place, -307.0), 307.0) if self.log else place

    def window(self, limits: Range) -> Range:
        """The places of two limits, the lower one first."""
        first, last = self.place(limits[0]), self.place(limits[1])
        return (first, last) if first <= last else (last, first)


LINEAR = Scale()


def drawable(values: FloatArray) -> bool:
    """Whether none of the values is NaN or beyond `LARGEST`."""
    return values.size == 0 or bool(values.min() >= -LARGEST and values.max() <= LARGEST)


def scale_of(axis: Axis, *, x: bool) -> Scale:
    return Scale(axis.log, axis.upside_down and not x)


def sound_range(limits: Range, log: bool = False) -> Range:
    """The limits in order, finite and far enough apart to be drawn; of a logarithmic axis positive."""
    low, high = (min(max(value, -LARGEST), LARGEST) if value == value else 0.0 for value in limits)
    low, high = min(low, high), max(low, high)
    if log:
        high = high if high > 0 else 1.0
        low = low if low > 0 else high / 1000.0
        low, high = max(low, _SMALLEST), max(high, _SMALLEST)
        return (low, high) if high / low > 1 + 1e-9 else (low / 1.1, high * 1.1)
    size = max(abs(low), abs(high))
    if high - low <= size * _NARROWEST or high - low < _SMALLEST:
        room = max(size * _NARROWEST * 10, _SMALLEST * 10)
        return low - room, high + room
    return low, high


def x_ticks(axis: Axis, limits: Range, columns: int) -> tuple[Ticks, str]:
    """As many ticks as fit side by side, and words for the axis label (the day, when the ticks are hours)."""
    for at_most in (max(2, columns // 10), max(2, columns // 14), max(2, columns // 20), 2, 1):
        words = ""
        if axis.log:
            ticks = log_ticks(*limits, at_most)
        elif axis.dates and limits[0] > _FIRST_JD and limits[1] < _LAST_JD:
            ticks, words = date_ticks(*limits, at_most)
        else:
            every = 3 if pretty_unit(axis.unit) == METRE else 1  # a wavelength in metres is one in µm or nm
            ticks = nice_ticks(*limits, at_most, X_WRITTEN_OUT, every)
        widest = max((len(label) for label in ticks.labels), default=0)
        if len(ticks.labels) * (widest + 3) <= columns:
            return ticks, words
    return Ticks((), (), 0), ""


def y_ticks(axis: Axis, limits: Range, at_most: int) -> Ticks:
    return log_ticks(*limits, at_most) if axis.log else nice_ticks(*limits, at_most)


def log_ticks(low: float, high: float, at_most: int) -> Ticks:
    """Decades; their halves (2 and 5) where those are too few; as on a linear axis where even these are."""
    if not 0 < low < high:
        return Ticks((), (), 0)
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    n_decades = last - first + 1
    if n_decades >= 2:
        step = -(-n_decades // max(1, at_most))
        powers = list(range(first, last + 1, step))
        values = [10.0**power for power in powers]
        if 3 * n_decades <= at_most:
            values = [m * 10.0**p for p in range(first - 1, last + 1) for m in (1, 2, 5) if low <= m * 10.0**p <= high]
        return Ticks(tuple(values), tuple(_decade(value) for value in values), 0)
    return nice_ticks(low, high, at_most)


def _decade(value: float) -> str:
    power = math.floor(math.log10(value) + 1e-9)
    first = round(value / 10.0**power)
    if -3 <= power <= 4:
        return f"{first * 10**power:d}" if power >= 0 else f"{first * 10.0**power:.{-power}f}"
    return power_of_ten(power) if first == 1 else f"{first}×{power_of_ten(power)}"


def date_ticks(low: float, high: float, at_most: int) -> tuple[Ticks, str]:
    """Ticks at calendar dates (UTC) for Julian dates; hours and minutes where less than days are in sight.

    The second value is the day to be named in the label where the ticks do not name it.
    """
    span_s = (high - low) * _DAY_S
    start, end = _datetime(low), _datetime(high)
    for step in _STEPS_S:
        if span_s / step <= at_most:
            return _clock_ticks(low, high, step)
    for step in _STEPS_D:
        if span_s / _DAY_S / step <= at_most:
            days = range(math.ceil(low - _UNIX_JD), math.floor(high - _UNIX_JD) + 1)
            moments = [datetime(1970, 1, 1) + timedelta(day) for day in days if day % step == 0]
            return _dated(moments, "%Y-%m-%d"), ""
    months = range(start.year * 12 + start.month, end.year * 12 + end.month)
    chosen: list[datetime] = []
    for step in _STEPS_MONTHS:
        chosen = [datetime(m // 12, m % 12 + 1, 1) for m in months if m % step == 0]
        if len(chosen) <= at_most:
            return _dated(chosen, "%Y-%m" if step < 12 else "%Y"), ""
    return _dated(chosen[:at_most], "%Y"), ""


def _clock_ticks(low: float, high: float, step: int) -> tuple[Ticks, str]:
    first = math.ceil(round((low - _UNIX_JD) * _DAY_S / step, 6))
    last = math.floor(round((high - _UNIX_JD) * _DAY_S / step, 6))
    moments = [datetime(1970, 1, 1) + timedelta(seconds=k * step) for k in range(first, last + 1)]
    clock = "%H:%M:%S" if step < 60 else "%H:%M"
    one_day = _datetime(low).date() == _datetime(high).date()
    return _dated(moments, clock if one_day else f"%m-%d {clock}"), f"{_datetime(low):%Y-%m-%d}" if one_day else (
        f"{_datetime(low):%Y}"
    )


def _datetime(jd: float) -> datetime:
    return datetime(1970, 1, 1) + timedelta(days=jd - _UNIX_JD)


def _dated(moments: list[datetime], form: str) -> Ticks:
    places = tuple((moment - datetime(1970, 1, 1)) / timedelta(days=1) + _UNIX_JD for moment in moments)
    # strftime writes years before 1000 without their zeros, which is how they are written anyway
    return Ticks(places, tuple(moment.strftime(form) for moment in moments), 0)


def cells_of(scale: Scale, window: Range, n: int, values: tuple[float, ...]) -> list[int]:
    """The cell (0 to n - 1, from the left or the bottom) of each value of an axis of `n` cells."""
    low, high = window
    return [min(n - 1, max(0, math.floor((scale.place(value) - low) / (high - low) * n))) for value in values]
