"""What a user asked of a curve, and what is drawn for it: one state, one way from the file's numbers to the picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal, TypeAlias

from mast_tui.analysis import (
    binned,
    default_bin,
    flattened,
    folded,
    in_medium,
    in_time,
    in_unit,
    in_x_unit,
    lines_within,
    normalised,
    odd_even,
    phase_zero,
    stitched,
)
from mast_tui.core.look import Series
from mast_tui.plot import Mark, full_range

TimeForm: TypeAlias = Literal["native", "jd", "utc", "days"]
#: How many default bins wide the bins are that `b` goes through; 0 for none.
BINS = (0, 1, 3, 10)


@dataclass(frozen=True)
class Dips:
    """What recurs, as a search or the file's header gives it: relative depth, length (d), signal-to-noise of the depth.

    NaN for what is not known.
    """

    depth: float = math.nan
    duration_d: float = math.nan
    snr: float = math.nan


@dataclass(frozen=True)
class Fold:
    """A period (d), and the time of phase 0 in the x of the file; None where the faintest phase decides."""

    period_d: float
    epoch: float | None = None
    dips: Dips = Dips()


@dataclass(frozen=True)
class Asked:
    """Every question can be taken back; the file's own numbers are never changed.

    `unit` and `x_unit` are '' for the file's own, `bin` is a place in `BINS`. `odd_even`: of a folded curve, the bins
    of the odd turns apart from those of the even ones.
    """

    unit: str = ""
    x_unit: str = ""
    medium: Literal["", "air", "vacuum"] = ""
    time: TimeForm = "native"
    normalise: bool = False
    flatten: Literal["", "flat", "trend"] = ""
    fold: Fold | None = None
    odd_even: bool = False
    bin: int = 0
    errors: bool = False
    lines: bool = False
    redshift: float = 0.0
    join: bool = False


@dataclass(frozen=True, eq=False)
class Drawn:
    """What the plot shows, and `searched`: the light curve over time in which a period is looked for.

    `epoch` is the x of `searched` that is at phase 0, where the curve is folded.
    """

    series: Series
    searched: Series
    also: tuple[Series, ...] = ()
    over: Series | None = None
    marks: tuple[Mark, ...] = ()
    epoch: float | None = None

    @property
    def steps(self) -> tuple[str, ...]:
        """What was done to the numbers, in words, the binned line too."""
        over = self.over.steps if self.over is not None else ()
        return (*self.series.steps, *over[len(self.series.steps) :])


def drawn(base: Series, others: Sequence[Series], asked: Asked) -> Drawn:
    """What is asked, done to the series of a file and to those laid over it or joined to it.

    Some 100 ms for a million points, so not for the event loop. InvalidQuery where a question does not fit the series.
    """
    joins: tuple[int, ...] = ()
    if asked.join and others:
        joins = _joins([base, *others])
        base, others = stitched([base, *others]), ()
    curve, trend = _as_asked(base, asked)
    also = tuple(_as_asked(other, asked)[0] for other in others)
    if asked.fold is not None:
        return _folded(curve, also, asked, asked.fold)
    one, moved_trend = _in_time(curve, asked), None if trend is None else _in_time(trend, asked)
    line = _binned_line(one, asked)
    marks = (*_lines(one, asked), *(Mark(float(one.x[first]), kind="join") for first in joins))
    return Drawn(one, curve, tuple(_in_time(other, asked) for other in also), line or moved_trend, marks)


def _as_asked(series: Series, asked: Asked) -> tuple[Series, Series | None]:
    """The series as asked over its own x, and its trend where that is asked for."""
    if asked.medium:
        series = in_medium(series, asked.medium)
    if asked.x_unit:
        series = in_x_unit(series, asked.x_unit)
    if asked.unit:
        series = in_unit(series, asked.unit)
    if asked.normalise:
        series = normalised(series)
    if not asked.flatten:
        return series, None
    flat, trend = flattened(series)
    return (flat, None) if asked.flatten == "flat" else (series, trend)


def _in_time(series: Series, asked: Asked) -> Series:
    return in_time(series, asked.time) if asked.time != "native" else series


def _folded(curve: Series, also: Sequence[Series], asked: Asked, fold: Fold) -> Drawn:
    epoch = phase_zero(curve, fold.period_d, fold.epoch)
    one, *rest = (folded(part, fold.period_d, epoch) for part in (curve, *also))
    if not asked.odd_even:
        return Drawn(one, curve, tuple(rest), _binned_line(one, asked), epoch=epoch)
    even, odd = (_turns(part, fold.period_d, epoch) for part in odd_even(curve, fold.period_d, epoch))
    return Drawn(one, curve, (odd,) if odd is not None else (), even, epoch=epoch)


def _turns(part: Series, period_d: float, epoch: float) -> Series | None:
    """The bins of some turns of a curve; None where none of them was seen."""
    if part.x.size < 2:
        return None
    bins = folded(part, period_d, epoch)
    return binned(bins, default_bin(bins))


def _binned_line(series: Series, asked: Asked) -> Series | None:
    if not BINS[asked.bin] or series.x.size < 2:
        return None
    return binned(series, BINS[asked.bin] * default_bin(series))


def _joins(parts: Sequence[Series]) -> tuple[int, ...]:
    """The places of the first points of the second and later parts in the curve that `stitched` makes of them."""
    ordered = sorted(parts, key=lambda part: float(part.x[0]) + (0.0 if part.time is None else part.time.offset_jd))
    return tuple(accumulate(part.x.size for part in ordered[:-1]))


def _lines(series: Series, asked: Asked) -> tuple[Mark, ...]:
    if not asked.lines:
        return ()
    low, high = full_range(series)
    return tuple(
        Mark(line.x, line.name, "line", line.strong) for line in lines_within(series, asked.redshift, low, high)
    )


def next_flatten(asked: Asked) -> Asked:
    """Flattened, then the trend over the curve, then as it was."""
    following: dict[str, Literal["", "flat", "trend"]] = {"": "flat", "flat": "trend", "trend": ""}
    return replace(asked, flatten=following[asked.flatten])


def of_file(series: Series, period_d: float) -> Dips:
    """What the file's headers say of dips that recur with this period."""
    found = next((e for e in series.ephemerides if math.isclose(e.period_d, period_d, rel_tol=1e-6)), None)
    return Dips() if found is None else Dips(found.depth, found.duration_d)


def fold_words(fold: Fold, epoch: float) -> tuple[str, ...]:
    """'T0 1325.5040', 'depth 340 ppm', '2.95 h long', 'S/N 45': what is known of the dips at phase 0."""
    dips = fold.dips
    known = (
        (epoch, f"T0 {epoch:.4f}"),
        (dips.depth, f"depth {_parts(dips.depth)}"),
        (dips.duration_d, f"{dips.duration_d * 24:.3g} h long"),
        (dips.snr, f"S/N {dips.snr:.3g}"),
    )
    return tuple(words for value, words in known if math.isfinite(value))


def _parts(depth: float) -> str:
    return f"{depth * 1e6:.0f} ppm" if abs(depth) < 0.01 else f"{depth * 100:.3g} %"


def tweaked(fold: Fold, span_d: float, direction: int) -> Fold:
    """The period longer or shorter by what shifts the last cycle of `span_d` by a tenth of a period."""
    step = 0.1 * fold.period_d**2 / span_d if span_d > 0 else 0.0
    period = fold.period_d + direction * step
    return replace(fold, period_d=period) if period > 0 else fold
