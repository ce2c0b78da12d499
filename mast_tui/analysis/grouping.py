"""Points brought together: means in bins, a curve folded at a period, sectors set behind each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mast_tui.analysis.remake import ONE_RUN, cadence_of, median, needs_light_curve, needs_points, remade
from mast_tui.analysis.scaling import Relative, presented, relative
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Axis, BoolArray, Ephemeris, Flag, FloatArray, IndexArray, Quality, Series

_TEN_MINUTES_D = 10 / 1440
_FOLD_BINS = 200


def binned(series: Series, width: float) -> Series:
    """Means in bins of `width` (in the unit of x); x is the mean x of the points, the error the standard error.

    The standard error is the scatter (n-1) of a bin's points over sqrt(n); a bin of one point keeps that point's own
    error. Bins are counted from the first x; empty ones are left out. A bin never joins two runs of which the second
    starts over (the orders of a spectrum).
    """
    needs_points(series, "binning")
    if not (math.isfinite(width) and width > 0):
        raise InvalidQuery("a bin needs a width above zero")
    x, y = series.x, series.y
    place = np.floor((x - x[0]) / width)
    change = np.empty(x.size, np.bool_)
    change[0] = True
    np.not_equal(place[1:], place[:-1], out=change[1:])
    change[1:] |= x[1:] < x[:-1]
    first = np.flatnonzero(change)
    n = np.diff(np.append(first, x.size)).astype(np.float64)
    middle = median(y)  # sums of deviations keep their digits: fluxes of 1e6 vary by 1e-6 of that
    away = y - middle
    total = np.add.reduceat(away, first)
    squares = np.add.reduceat(away * away, first)
    variance = np.maximum(squares - total * total / n, 0.0) / np.maximum(n - 1, 1)
    error = np.sqrt(variance / n)
    alone = n == 1
    error[alone] = np.nan if series.error is None else series.error[first[alone]]
    starts = np.searchsorted(first, series.starts)
    begins = starts[(starts < first.size) & (first[np.minimum(starts, first.size - 1)] == series.starts)]
    return remade(
        series,
        x=x[0] + np.add.reduceat(x - x[0], first) / n,
        y=middle + total / n,
        error=error,
        starts=np.union1d([0], begins).astype(np.int64),
        step=f"bins of {_in_words(width, series.x_axis.unit)}",
    )


def default_bin(series: Series) -> float:
    """A width (in the unit of x) that makes a readable line.

    Light curves: 10 minutes, or 5 cadences where that is longer. Folded ones: 1/200 of the period. Spectra: 5 samples,
    or 1/2000 of the range where that is longer.
    """
    needs_points(series, "binning", 2)
    if series.x_axis.unit == "" and series.x_axis.label == "Phase":
        return 1 / _FOLD_BINS
    step = cadence_of(series)
    span = float(series.x.max() - series.x.min())
    least = _TEN_MINUTES_D if series.x_axis.unit == "d" else span / 2000
    return max(least, 5 * step if math.isfinite(step) else 0.0) or 1.0


def folded(series: Series, period_d: float, epoch: float | None = None) -> Series:
    """The light curve over phase, -0.5 to 0.5, with `epoch` (in the x of the series) at 0; sorted by phase.

    Without an epoch: that of the file's ephemeris of this period; where there is none, the lowest of 200 phase bins
    comes to 0 (for magnitudes the highest, the faintest).
    """
    needs_light_curve(series, "folding", 2)
    if not (math.isfinite(period_d) and period_d > 0):
        raise InvalidQuery("a period must be a number of days above zero")
    phase = phases(series.x, period_d, phase_zero(series, period_d, epoch))
    order = np.argsort(phase)
    out = remade(
        series,
        x=phase[order],
        y=series.y[order],
        error=None if series.error is None else series.error[order],
        starts=ONE_RUN,
        flags=None if series.flags is None else series.flags[order],
        x_axis=Axis("phase", "Phase"),
        step=f"folded at {period_d:.7g} d",
    )
    return replace(out, time=None, ephemerides=(), cadence=None)


def phase_zero(series: Series, period_d: float, epoch: float | None = None) -> float:
    """The x that comes to phase 0 where the series is folded with `epoch`, or without one."""
    if epoch is None:
        epoch = next((e.epoch for e in series.ephemerides if _same(e.period_d, period_d)), None)
    return epoch if epoch is not None and math.isfinite(epoch) else faintest(series, period_d)


def odd_even(series: Series, period_d: float, epoch: float) -> tuple[Series, Series]:
    """The series of the turns 0, 2, 4 … and that of 1, 3, 5 …, counted from `epoch`, each turn around its phase 0.

    Where dips of the two differ, two stars eclipse each other at twice the period. Either may be without points.
    """
    needs_light_curve(series, "odd and even turns", 2)
    odd = np.floor((series.x - epoch) / period_d + 0.5) % 2 == 1
    return replace(chosen(series, ~odd), name="even turns"), replace(chosen(series, odd), name="odd turns")


def chosen(series: Series, which: BoolArray) -> Series:
    """The points for which `which` is true. Runs begin where they did, or at the first point that is left of them."""
    before = np.concatenate(([0], np.cumsum(which)))
    starts = np.unique(before[series.starts])
    return remade(
        series,
        x=series.x[which],
        y=series.y[which],
        error=None if series.error is None else series.error[which],
        starts=starts[starts < before[-1]].astype(np.int64),
        flags=None if series.flags is None else series.flags[which],
    )


def within(series: Series, low: float, high: float) -> Series:
    """The points from `low` to `high` in x. InvalidQuery where there is none."""
    found = chosen(series, (series.x >= low) & (series.x <= high))
    if not found.x.size:
        s, unit = series.summary, series.x_axis.unit
        raise InvalidQuery(
            f"{series.name} has no good point there", f"It goes from {s.x_min:.10g} to {s.x_max:.10g} {unit}".rstrip()
        )
    ends = [f"{word} {end:.10g}" for word, end in (("from", low), ("to", high)) if math.isfinite(end)]
    return replace(found, steps=(*found.steps, " ".join((series.x_axis.name or series.x_axis.label, *ends))))


def phases(x: FloatArray, period_d: float, epoch: float) -> FloatArray:
    """Phase in [-0.5, 0.5) of times `x` (d)."""
    turns = (x - epoch) / period_d
    turns -= np.floor(turns + 0.5)
    # a hair below a half comes out as 0.5 by rounding
    return np.where(turns >= 0.5, -0.5, turns)


def faintest(series: Series, period_d: float) -> float:
    """The x at which the phase bin (of 200, mean of at least 3 points) with the least light has its middle."""
    start = float(series.x.min())
    place = ((series.x - start) / period_d % 1 * _FOLD_BINS).astype(np.int64).clip(0, _FOLD_BINS - 1)
    n = np.bincount(place, minlength=_FOLD_BINS)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(place, series.y, minlength=_FOLD_BINS) / n
    light = -mean if series.y_axis.upside_down else mean
    enough = min(3, int(n.max()))
    best = int(np.argmin(np.where(n >= enough, light, np.inf)))
    return start + (best + 0.5) / _FOLD_BINS * period_d


def stitched(parts: Sequence[Series]) -> Series:
    """Light curves (sectors, quarters) behind each other in time, each normalised by its own median before.

    All x are in the time system of the first in time; every part begins a new run. InvalidQuery for none, for other
    kinds of series, and for magnitudes among fluxes.
    """
    if not parts:
        raise InvalidQuery("there is nothing to stitch", "", "Choose two or more light curves")
    for part in parts:
        needs_light_curve(part, "stitching")
    scales = {part.time.scale for part in parts if part.time is not None}
    if len(scales) > 1:
        raise InvalidQuery(
            "these light curves can't be stitched",
            f"Their times are in different scales: {', '.join(sorted(scale or 'unknown' for scale in scales))}",
        )
    ordered = sorted(parts, key=lambda part: float(part.x[0]) + _offset(part))
    first = ordered[0]
    found = [_at_one(relative(part)) for part in ordered]
    if len({r.magnitudes for r in found}) > 1:
        raise InvalidQuery("magnitudes and fluxes can't be stitched", "", "Choose light curves of one kind")
    shifts = [_offset(part) - _offset(first) for part in ordered]
    ends = np.cumsum([0, *(part.x.size for part in ordered)])
    whole = replace(
        first,
        name=f"{first.name} + {len(ordered) - 1} more" if len(ordered) > 1 else first.name,
        x=np.concatenate([part.x + shift for part, shift in zip(ordered, shifts, strict=True)]),
        y=np.concatenate([r.y for r in found]),
        starts=np.concatenate([_begins(part) + end for part, end in zip(ordered, ends, strict=False)]),
        flags=_all_or_none([part.flags for part in ordered]),
        cadence=_all_or_none([part.cadence for part in ordered]),
        n_rows=sum(part.n_rows for part in ordered),
        n_good=int(ends[-1]),
        shape=(sum(part.n_rows for part in ordered),),
        quality=_merged([part.quality for part in ordered]),
        ephemerides=_ephemerides(ordered, shifts),
    )
    together = Relative(whole.y, _errors(found), 1.0, 0.0, found[0].magnitudes)
    return presented(whole, together, f"{len(ordered)} light curves stitched, each normalised")


def _at_one(found: Relative) -> Relative:
    """The median at exactly 1 (0 for magnitudes), so that no step is left between the parts."""
    if found.magnitudes:
        return found
    level = median(found.y)
    return replace(found, y=found.y / level, error=None if found.error is None else found.error / level)


def _begins(part: Series) -> IndexArray:
    return part.starts if part.starts.size else ONE_RUN


def _offset(part: Series) -> float:
    return part.time.offset_jd if part.time is not None else 0.0


def _errors(found: Sequence[Relative]) -> FloatArray | None:
    if all(r.error is None for r in found):
        return None
    return np.concatenate([np.full(r.y.size, np.nan) if r.error is None else r.error for r in found])


def _all_or_none(arrays: Sequence[IndexArray | None]) -> IndexArray | None:
    there = [array for array in arrays if array is not None]
    return np.concatenate(there) if len(there) == len(arrays) else None


def _merged(qualities: Sequence[Quality | None]) -> Quality | None:
    there = [quality for quality in qualities if quality is not None]
    if len(there) != len(qualities) or len({(q.column, q.bitmask) for q in there}) != 1:
        return None  # masks of different kinds can't be told in one line
    flags: dict[int, Flag] = {}
    for flag in (flag for quality in there for flag in quality.flags):
        known = flags.get(flag.bit)
        flags[flag.bit] = flag if known is None else replace(known, n=known.n + flag.n)
    total = sum(quality.n_flagged for quality in there)
    return replace(there[0], n_flagged=total, flags=tuple(flags[bit] for bit in sorted(flags)))


def _ephemerides(parts: Sequence[Series], shifts: Sequence[float]) -> tuple[Ephemeris, ...]:
    """Those of the first part that has any; the others' are of the same planets."""
    for part, shift in zip(parts, shifts, strict=True):
        if part.ephemerides:
            return tuple(replace(e, epoch=e.epoch + shift) for e in part.ephemerides)
    return ()


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-6 * b


def _in_words(width: float, unit: str) -> str:
    if unit == "d":
        return f"{width * 1440:.4g} min" if width < 0.25 else f"{width:.4g} d"
    return f"{width:.4g} {unit}".strip()
