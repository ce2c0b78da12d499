"""Relative flux: what the mission gives in electrons per second, ppm or magnitudes, about its own median."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from mast_tui.analysis.remake import median, needs_points, remade, spread
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Axis, FloatArray, Series

#: What one unit of a relative series is; it is zero-centred in each of them but "".
_PARTS = {"ppt": 1e-3, "ppm": 1e-6}
_WITHOUT_UNIT = frozenset({"", "1", "-", "none", "relative", "normalized", "normalised", "dimensionless", "unitless"})
_MAGNITUDES = frozenset({"mag", "mags", "magnitude", "magnitudes"})
#: Deviations (of 99.8 percent of the points) below which thousandths and millionths are read more easily.
_PPT_BELOW, _PPM_BELOW = 0.05, 0.001


@dataclass(frozen=True, eq=False)
class Relative:
    """Flux about 1 (or magnitudes about 0), its error, and the factor and zero that lead back to the series' own unit.

    own = y * factor + zero.
    """

    y: FloatArray
    error: FloatArray | None
    factor: float
    zero: float
    magnitudes: bool = False

    def back(self, y: FloatArray) -> FloatArray:
        """Relative values as they would stand in the series that they were made of."""
        out = y * self.factor
        return out + self.zero if self.zero else out


def relative(series: Series) -> Relative:
    """The series about 1, by the unit and the median (the rule that holds for the light curves of all missions).

    ppm and ppt: 1 + y. Without a unit: a median in (0.2, 5) is relative already, one within ±0.2 is zero-centred
    (never divided by: TASOC's median is -1e-10). Magnitudes: the median is subtracted. All else is divided by the
    median; InvalidQuery where that is not above half the scatter, as no ratio means anything there.
    """
    needs_points(series, "normalising")
    unit, y = series.y_axis.unit.strip().lower(), series.y
    middle = median(y)
    magnitudes = unit in _MAGNITUDES or (series.y_axis.upside_down and unit in _WITHOUT_UNIT)
    factor, zero = middle, 0.0
    if magnitudes:
        factor, zero = 1.0, middle
    elif unit in _PARTS:
        factor, zero = 1 / _PARTS[unit], -1 / _PARTS[unit]
    elif unit in _WITHOUT_UNIT and abs(middle) < 0.2 and series.kind == "lightcurve":
        factor, zero = 1.0, -1.0
    elif unit in _WITHOUT_UNIT and 0.2 <= middle < 5:
        factor = 1.0
    elif not middle > 0.5 * spread(y):
        raise InvalidQuery(
            "this series can't be normalised",
            f"Its median, {middle:.3g}, is too near to zero (or below it) to divide by",
            "Look at it in its own unit",
        )
    error = None if series.error is None else series.error / abs(factor)
    about_zero = y - zero if zero else y
    return Relative(about_zero / factor if factor != 1 else about_zero, error, factor, zero, magnitudes)


def normalised(series: Series) -> Series:
    """Relative flux (unit '', about 1), in ppt or ppm about 0 where all of it is small; magnitudes about their median.

    Errors are scaled with it. InvalidQuery where the series has no level to divide by.
    """
    return presented(series, relative(series), "normalised")


def presented(series: Series, found: Relative, step: str) -> Series:
    """`found` as a series with the unit in which it is read best."""
    axis, y, error = series.y_axis, found.y, found.error
    if found.magnitudes:
        axis = replace(axis, label="Δ magnitude", unit="mag", upside_down=True)
        return remade(series, y=y, error=error, y_axis=axis, step=step)
    low, high = np.percentile(_sample(y), (0.1, 99.9))
    deviation = max(abs(low - 1), abs(high - 1))
    unit = "ppm" if deviation < _PPM_BELOW else "ppt" if deviation < _PPT_BELOW else ""
    if unit:
        y = (y - 1) / _PARTS[unit]
        error = None if error is None else error / _PARTS[unit]
    axis = Axis(axis.name, "Relative flux − 1" if unit else "Relative flux", unit)
    return remade(series, y=y, error=error, y_axis=axis, step=step)


def _sample(y: FloatArray) -> FloatArray:
    """Enough of the points to choose a unit by: at most some 100,000."""
    return y[:: max(1, y.size // 100_000)]
