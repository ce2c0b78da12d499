"""Which part of the y axis is shown: robust against a few wild points, honest about them. Used by `series`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mast_tui.plot.scales import LARGEST, drawable

FloatArray = npt.NDArray[np.float64]

#: Percentiles over a sample of at most so many points, and the margin added on both sides.
LOW, HIGH, SAMPLE, MARGIN = 0.05, 99.95, 20_000, 0.08
#: Where the extremes lie within this many robust spans of the robust limits, nothing is clipped.
_NEAR = 0.6


def robust_limits(x: FloatArray, y: FloatArray, ignored: Sequence[tuple[float, float]] = ()) -> tuple[float, float]:
    """y limits for the points; those inside the `ignored` ranges of x have no say while others remain."""
    if ignored and x.size:
        kept = np.ones(x.size, bool)
        for low, high in ignored:
            kept &= (x < low) | (x > high)
        if kept.any():
            y = y[kept]
    if not drawable(y):
        y = y[np.abs(y) <= LARGEST]
    if y.size == 0:
        return 0.0, 1.0
    low, high = np.percentile(y[:: -(-y.size // SAMPLE)], (LOW, HIGH))
    span = high - low
    least, most = float(y.min()), float(y.max())
    low = least if least >= low - _NEAR * span else float(low)
    high = most if most <= high + _NEAR * span else float(high)
    return with_margin(low, high)


def with_margin(low: float, high: float) -> tuple[float, float]:
    """The limits with room above and below; a constant gets a range of its own size."""
    margin = MARGIN * (high - low) if high > low else 0.05 * abs(high) or 0.5
    return low - margin, high + margin
