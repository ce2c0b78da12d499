"""The slow trend of a light curve, and the curve without it.

A Savitzky-Golay smoother (Savitzky & Golay 1964, Anal. Chem. 36, 1627) is a local least-squares polynomial. Here it is
a quadratic fitted in a moving window to weighted means of short bins: the same trend for even sampling, also right
where points are missing, and as fast for a million points as for a thousand, as the fit sees only the bins.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mast_tui.analysis.remake import BREAK_CADENCES, median, needs_light_curve, remade, spread
from mast_tui.analysis.scaling import presented, relative
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import BoolArray, FloatArray, Series

#: Bins on either side of the middle of a window, so 51 in all; the trend is interpolated between their middles.
_HALF = 25
_ITERATIONS, _SIGMA = 3, 3.0
#: A gap shorter than this part of the window is bridged: a fit that starts anew there would follow half a transit.
_BRIDGED = 0.25
#: What keeps the slope and curvature of a window with hardly any points near zero, in parts of a full window's weight.
_RIDGE = 1e-4


def flattened(series: Series, window_d: float = 1.5) -> tuple[Series, Series]:
    """The light curve divided by its trend (magnitudes: less it), and the trend in the unit of `series`.

    `window_d`: length of the moving quadratic in days, at most half the span; dips much shorter stay. 3 iterations
    leave out what is 3 sigma off. The fit starts anew after gaps of 5 cadences that are a quarter of the window too.
    """
    needs_light_curve(series, "flattening", 10)
    if not (math.isfinite(window_d) and window_d > 0):
        raise InvalidQuery("the window must be a number of days above zero")
    span = float(series.x[-1] - series.x[0])
    window = min(window_d, span / 2)
    if not window > 0:
        raise InvalidQuery("flattening needs points at more than one time")
    found = relative(series)
    trend = trend_of(series.x, found.y, window)
    with np.errstate(divide="ignore", invalid="ignore"):  # where the trend is zero no relative flux is left: NaN
        flat = found.y - trend if found.magnitudes else found.y / trend
        error = found.error if found.magnitudes or found.error is None else found.error / trend
    step = f"flattened over {window:.3g} d"
    trend_axis = replace(series.y_axis, label=f"Trend of {series.y_axis.label}")
    return (
        presented(series, replace(found, y=flat, error=error), step),
        remade(series, y=found.back(trend), y_axis=trend_axis, step=f"trend over {window:.3g} d"),
    )


def trend_of(x: FloatArray, y: FloatArray, window_d: float, ignore: BoolArray | None = None) -> FloatArray:
    """The trend at each point: x (n,) in days, y (n,) about 1; `ignore` are points that the fit does not see."""
    order = None
    if (np.diff(x) < 0).any():  # overlapping sectors
        order = np.argsort(x, kind="stable")
        x, y, ignore = x[order], y[order], None if ignore is None else ignore[order]
    steps = np.diff(x)
    cadence = median(steps[:: max(1, steps.size // 100_000)])
    longest = max(BREAK_CADENCES * cadence, _BRIDGED * window_d) if steps.size else 0.0
    cuts = [0, *(np.flatnonzero(steps > longest) + 1).tolist(), x.size]
    trend = np.empty_like(y)
    for first, last in pairwise(cuts):
        piece = slice(first, last)
        trend[piece] = _piece(x[piece], y[piece], window_d, None if ignore is None else ignore[piece])
    if order is not None:
        back = np.empty_like(trend)
        back[order] = trend
        return back
    return trend


def _piece(x: FloatArray, y: FloatArray, window_d: float, ignore: BoolArray | None) -> FloatArray:
    """The trend over one stretch without long gaps."""
    seen = slice(None) if ignore is None or ignore.all() else ~ignore
    times, values = x[seen], y[seen]
    level = median(values[:: max(1, values.size // 100_000)])
    width = window_d / (2 * _HALF + 1)
    n_bins = int((x[-1] - x[0]) / width) + 1
    # x ascends, so the points of a bin stand together
    edges = np.searchsorted(times, x[0] + np.arange(n_bins + 1) * width)
    edges[-1] = times.size
    n = np.diff(edges).astype(np.float64)
    some = n > 0
    first = edges[:-1][some]
    middle: FloatArray = (np.arange(n_bins, dtype=np.float64) + 0.5) * width
    time, value = middle.copy(), np.zeros(n_bins)
    time[some] = np.add.reduceat(times, first) / n[some] - x[0]
    value[some] = np.add.reduceat(values, first) / n[some] - level
    weight = n
    smooth = np.zeros(n_bins)
    for turn in range(_ITERATIONS):
        smooth = _quadratic(time, value, weight, middle, window_d)
        away = value - np.interp(time, middle, smooth)
        # a bin of few points scatters more than a full one
        away = away * np.sqrt(n / max(float(n.max()), 1.0))
        sigma = spread(away[weight > 0])
        keep = some & (np.abs(away) <= _SIGMA * sigma)
        if turn == _ITERATIONS - 1 or not keep.any():
            break
        weight = np.where(keep, n, 0.0)
    if n_bins > 1:  # the line of the outermost bins goes on to the ends
        half = np.diff(smooth)[[0, -1]] / 2
        smooth = np.concatenate(([smooth[0] - half[0]], smooth, [smooth[-1] + half[1]]))
        middle = np.concatenate(([0.0], middle, [n_bins * width]))
    trend: FloatArray = np.interp(x, x[0] + middle, level + smooth)
    return trend


def _quadratic(
    time: FloatArray, value: FloatArray, weight: FloatArray, middle: FloatArray, window_d: float
) -> FloatArray:
    """At each of `middle`: the weighted quadratic through the bins (time, value) within half a window of it."""

    def windows(a: FloatArray) -> FloatArray:
        return np.asarray(sliding_window_view(np.pad(a, _HALF), 2 * _HALF + 1))

    w = windows(weight)
    u = (windows(time) - middle[:, None]) * (2 / window_d)
    wu = w * u
    wuu = wu * u
    v = windows(value)
    s0, s1, s2 = w.sum(1), wu.sum(1), wuu.sum(1)
    s3, s4 = (wuu * u).sum(1), (wuu * u * u).sum(1)
    t0, t1, t2 = (w * v).sum(1), (wu * v).sum(1), (wuu * v).sum(1)
    ridge = _RIDGE * float(s0.max()) + 1e-12
    s2r, s4r = s2 + ridge, s4 + ridge
    # Cramer's rule for the value at u = 0 of a + b u + c u²
    top = t0 * (s2r * s4r - s3 * s3) - s1 * (t1 * s4r - s3 * t2) + s2 * (t1 * s3 - s2r * t2)
    below = s0 * (s2r * s4r - s3 * s3) - s1 * (s1 * s4r - s3 * s2) + s2 * (s1 * s3 - s2r * s2)
    # no point in reach: nearest neighbours carry the trend over
    known = s0 > 0
    found = np.divide(top, below, out=np.zeros_like(top), where=known & (below > 0))
    usable = known & (below > 0)
    if not usable.any():
        return np.zeros_like(middle)
    return np.asarray(np.interp(middle, middle[usable], found[usable]), np.float64)
