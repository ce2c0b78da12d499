"""How a series is made out of another one: the same labels, new numbers, one more step. Used by all of this room."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Axis, FloatArray, IndexArray, Series, Summary
from mast_tui.core.text import plural

ONE_RUN: IndexArray = np.zeros(1, np.int64)
#: A gap is longer than this many cadences; lightkurve's `break_tolerance` of `flatten` is the same.
BREAK_CADENCES = 5.0


def remade(
    series: Series,
    *,
    x: FloatArray | None = None,
    y: FloatArray | None = None,
    error: FloatArray | None = None,
    starts: IndexArray | None = None,
    flags: IndexArray | None = None,
    x_axis: Axis | None = None,
    y_axis: Axis | None = None,
    step: str = "",
) -> Series:
    """`series` with these numbers and axes in the place of its own; its limits and median are counted again.

    `error` is always replaced (None: no errors). Where the number of points changes, `flags` that are not given are
    dropped with the points they belonged to, and so are the cadence numbers.
    """
    x = series.x if x is None else x
    y = series.y if y is None else y
    same_points = x.size == series.x.size
    return replace(
        series,
        x=x,
        y=y,
        error=error,
        starts=series.starts if starts is None else starts,
        flags=flags if flags is not None or not same_points else series.flags,
        cadence=series.cadence if same_points else None,
        n_good=series.n_good if same_points else x.size,
        summary=summary_of(x, y),
        x_axis=x_axis or series.x_axis,
        y_axis=y_axis or series.y_axis,
        steps=(*series.steps, step) if step else series.steps,
    )


def summary_of(x: FloatArray, y: FloatArray) -> Summary:
    if x.size == 0:
        return Summary()
    return Summary(float(x.min()), float(x.max()), float(y.min()), float(y.max()), median(y))


def needs_points(series: Series, what: str, n: int = 1) -> None:
    """InvalidQuery where there is nothing to ask."""
    if series.x.size < n:
        has = "no good point" if series.x.size == 0 else f"only {plural(series.x.size, 'good point')}"
        raise InvalidQuery(f"{what} needs more points", f"This series has {has}", "Choose another column or mask")


def needs_light_curve(series: Series, what: str, n: int = 1) -> None:
    """InvalidQuery where x isn't a time in days."""
    if series.kind != "lightcurve" or series.x_axis.unit != "d":
        raise InvalidQuery(f"{what} needs a light curve over time", "This is a series of another kind")
    needs_points(series, what, n)


def cadence_of(series: Series) -> float:
    """The median step of x (its own unit, positive); NaN for fewer than two points."""
    steps = np.abs(np.diff(series.x))
    steps = steps[steps > 0]
    return median(steps)


def spread(values: FloatArray) -> float:
    """Standard deviation of the bulk: 1.4826 times the median absolute deviation (Gaussian noise assumed)."""
    if values.size == 0:
        return float("nan")
    return 1.4826 * median(np.abs(values - median(values)))


def median(values: FloatArray) -> float:
    """`np.median` of finite values, exactly; NaN of none. Asking `partition` for one place is 8 times faster."""
    if values.size == 0:
        return float("nan")
    middle = values.size // 2
    parted = np.partition(values, middle)
    if values.size % 2:
        return float(parted[middle])
    return float(parted[:middle].max() + parted[middle]) / 2


def starts_after(keep: np.ndarray[tuple[int], np.dtype[np.bool_]], starts: IndexArray) -> IndexArray:
    """Where the runs begin once only the points with `keep` are left."""
    if not keep.any():
        return starts[:0]
    run = np.searchsorted(starts, np.flatnonzero(keep), side="right")
    return np.flatnonzero(np.concatenate(([True], np.diff(run) > 0))).astype(np.int64)


def reversed_runs(starts: IndexArray, n: int) -> IndexArray:
    """Where the runs begin once all points stand in the opposite order."""
    ends = np.append(starts[1:], n)
    return (n - ends[::-1]).astype(np.int64)
