"""What a user asked of a curve, and what is drawn for it: one state, one way from the file's numbers to the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    stitched,
)
from mast_tui.core.look import Series
from mast_tui.plot import Mark, full_range

TimeForm: TypeAlias = Literal["native", "jd", "utc", "days"]
#: How many default bins wide the bins are that `b` goes through; 0 for none.
BINS = (0, 1, 3, 10)


@dataclass(frozen=True)
class Fold:
    """A period (d), and the time of phase 0 in the x of the file; None where the faintest phase decides."""

    period_d: float
    epoch: float | None = None


@dataclass(frozen=True)
class Asked:
    """Every question can be taken back; the file's own numbers are never changed.

    `unit` and `x_unit` are '' for the file's own, `bin` is a place in `BINS`.
    """

    unit: str = ""
    x_unit: str = ""
    medium: Literal["", "air", "vacuum"] = ""
    time: TimeForm = "native"
    normalise: bool = False
    flatten: Literal["", "flat", "trend"] = ""
    fold: Fold | None = None
    bin: int = 0
    errors: bool = False
    lines: bool = False
    redshift: float = 0.0
    join: bool = False


@dataclass(frozen=True, eq=False)
class Drawn:
    """What the plot shows, and `searched`: the light curve over time in which a period is looked for."""

    series: Series
    searched: Series
    also: tuple[Series, ...] = ()
    over: Series | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def steps(self) -> tuple[str, ...]:
        """What was done to the numbers, in words, the binned line too."""
        over = self.over.steps if self.over is not None else ()
        return (*self.series.steps, *over[len(self.series.steps) :])


def drawn(base: Series, others: Sequence[Series], asked: Asked) -> Drawn:
    """What is asked, done to the series of a file and to those laid over it or joined to it.

    Some 100 ms for a million points, so not for the event loop. InvalidQuery where a question does not fit the series.
    """
    if asked.join and others:
        base, others = stitched([base, *others]), ()
    one, trend, searched = _answered(base, asked)
    also = tuple(_answered(other, asked)[0] for other in others)
    over = trend
    if BINS[asked.bin] and one.x.size > 1:
        over = binned(one, BINS[asked.bin] * default_bin(one))
    return Drawn(one, searched, also, over, _marks(one, asked))


def _answered(series: Series, asked: Asked) -> tuple[Series, Series | None, Series]:
    """The series as asked, its trend where that is asked for, and the series before it was folded or moved in time."""
    if asked.medium:
        series = in_medium(series, asked.medium)
    if asked.x_unit:
        series = in_x_unit(series, asked.x_unit)
    if asked.unit:
        series = in_unit(series, asked.unit)
    if asked.normalise:
        series = normalised(series)
    trend = None
    if asked.flatten:
        flat, fitted = flattened(series)
        if asked.flatten == "flat":
            series = flat
        else:
            trend = fitted
    searched = series
    if asked.fold is not None:
        return folded(series, asked.fold.period_d, asked.fold.epoch), None, searched
    if asked.time != "native":
        series = in_time(series, asked.time)
        trend = in_time(trend, asked.time) if trend is not None else None
    return series, trend, searched


def _marks(series: Series, asked: Asked) -> tuple[Mark, ...]:
    if not asked.lines:
        return ()
    low, high = full_range(series)
    return tuple(Mark(line.x, line.name, "line") for line in lines_within(series, asked.redshift, low, high))


def next_flatten(asked: Asked) -> Asked:
    """Flattened, then the trend over the curve, then as it was."""
    following: dict[str, Literal["", "flat", "trend"]] = {"": "flat", "flat": "trend", "trend": ""}
    return replace(asked, flatten=following[asked.flatten])


def tweaked(fold: Fold, span_d: float, direction: int) -> Fold:
    """The period longer or shorter by what shifts the last cycle of `span_d` by a tenth of a period."""
    step = 0.1 * fold.period_d**2 / span_d if span_d > 0 else 0.0
    period = fold.period_d + direction * step
    return replace(fold, period_d=period) if period > 0 else fold
