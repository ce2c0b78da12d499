"""From raw columns to a `Series`: drop what is bad, put in order, find the gaps, sum up.

Shared by the readers of light curves and spectra. All values stay in the file's own units.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mast_tui.core.look import BoolArray, FloatArray, IndexArray, Summary

#: A light curve is broken where the next point is further than this many median cadences (lightkurve's
#: `break_tolerance`); a spectrum where the step is this many times the local median step (MAST's IUE code).
GAP_CADENCES, GAP_STEPS = 5.0, 3.0
_LOCAL = 64


@dataclass(frozen=True, eq=False)
class Points:
    """The good points, ascending in x within each run; `starts` as in `Series`."""

    x: FloatArray
    y: FloatArray
    error: FloatArray | None
    starts: IndexArray
    flags: IndexArray | None = None
    cadence: IndexArray | None = None

    @property
    def summary(self) -> Summary:
        if self.x.size == 0:
            return Summary()
        return Summary(
            float(self.x.min()),
            float(self.x.max()),
            float(self.y.min()),
            float(self.y.max()),
            float(np.median(self.y)),
        )

    def dropped(self) -> Points:
        """The same without the points, for lists too long to be sent whole."""
        none = np.empty(0)
        return Points(none, none, None, np.empty(0, np.int64))


def good_points(
    x: FloatArray,
    y: FloatArray,
    error: FloatArray | None,
    bad: BoolArray | None,
    *,
    evenly_sampled: bool,
    flags: IndexArray | None = None,
    cadence: IndexArray | None = None,
) -> Points:
    """Finite and unmasked points of 1-D columns. `evenly_sampled`: gaps are against the median of all steps.

    `flags` and `cadence` are the quality values and cadence numbers of all points; those of the good ones are kept.
    """
    good = np.isfinite(x) & np.isfinite(y)
    if bad is not None:
        good &= ~bad
    if good.all():
        order: IndexArray | slice = slice(None)
    else:
        order = np.flatnonzero(good)
    kept = x[order]
    if (np.diff(kept) < 0).any():
        by_x = np.argsort(kept, kind="stable")
        order, kept = np.arange(x.size)[order][by_x], kept[by_x]
    return Points(
        kept,
        y[order],
        None if error is None else error[order],
        _starts(kept, evenly_sampled),
        None if flags is None else flags[order],
        None if cadence is None else cadence[order],
    )


def _starts(x: FloatArray, evenly_sampled: bool) -> IndexArray:
    if x.size == 0:
        return np.empty(0, np.int64)
    steps = np.diff(x)
    if steps.size == 0:
        return np.zeros(1, np.int64)
    limit = GAP_CADENCES * _typical(steps) if evenly_sampled else GAP_STEPS * _local_median(steps)
    return np.concatenate(([0], np.flatnonzero(steps > limit) + 1)).astype(np.int64)


def _typical(steps: FloatArray) -> float:
    positive = steps[steps > 0]
    return float(np.median(positive)) if positive.size else math.inf


def _local_median(steps: FloatArray) -> FloatArray:
    """The median of each block of steps, for its every step: dispersion changes slowly along a spectrum."""
    if steps.size <= 2 * _LOCAL:
        return np.full(steps.size, _typical(steps))
    n_blocks = steps.size // _LOCAL
    medians = np.median(steps[: n_blocks * _LOCAL].reshape(n_blocks, _LOCAL), axis=1)
    medians[medians <= 0] = math.inf
    block = np.minimum(np.arange(steps.size) // _LOCAL, n_blocks - 1)
    return np.asarray(medians[block], np.float64)


def joined(parts: Sequence[Points]) -> Points:
    """Several runs as one series; each part begins a new run."""
    at = np.cumsum([0, *(part.x.size for part in parts)])
    starts = [part.starts + offset for part, offset in zip(parts, at, strict=False)]
    errors = [part.error for part in parts]
    return Points(
        np.concatenate([part.x for part in parts]),
        np.concatenate([part.y for part in parts]),
        np.concatenate([e for e in errors if e is not None]) if all(e is not None for e in errors) else None,
        np.concatenate(starts).astype(np.int64),
        _all_or_none([part.flags for part in parts]),
    )


def _all_or_none(flags: Sequence[IndexArray | None]) -> IndexArray | None:
    present = [values for values in flags if values is not None]
    return np.concatenate(present) if present and len(present) == len(flags) else None


def cut_overlaps(parts: Sequence[Points], at: float) -> list[Points]:
    """Orders by wavelength, each ending where the next begins: at the fraction `at` of their overlap."""
    ordered = sorted((part for part in parts if part.x.size), key=lambda part: float(part.x[0]))
    kept: list[Points] = []
    low = -math.inf
    for part, following in zip(ordered, [*ordered[1:], None], strict=True):
        high = math.inf
        if following is not None and following.x[0] < part.x[-1]:
            high = float(following.x[0] + at * (part.x[-1] - following.x[0]))
        inside = (part.x >= low) & (part.x < high)
        error = None if part.error is None else part.error[inside]
        if inside.any():
            x = part.x[inside]
            flags = None if part.flags is None else part.flags[inside]
            kept.append(Points(x, part.y[inside], error, _starts(x, evenly_sampled=False), flags))
        low = high if math.isfinite(high) else low
    return kept
