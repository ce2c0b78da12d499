"""Period searches: a light curve in, a periodogram, the best period and a judgement out.

The search runs in one worker process (`analysis.jobs`), which imports astropy; cancelling ends it at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, cast, get_args

import numpy as np

from mast_tui.analysis.remake import ONE_RUN, needs_light_curve, summary_of
from mast_tui.analysis.scaling import relative
from mast_tui.core.errors import InvalidQuery, ServerError
from mast_tui.core.look import Axis, Series
from mast_tui.core.text import clean
from mast_tui.core.workers import Limits, Progress, WorkerPool

Method: TypeAlias = Literal["bls", "ls"]
VerdictKind: TypeAlias = Literal["planet-like", "eclipsing binary", "variable", "dips", "none"]
#: Verdicts that something passes in front of the star.
_BODIES = ("planet-like", "eclipsing binary")

#: Of the worker: a search of a million points holds some 30 arrays of them.
LIMITS = Limits(memory_bytes=3 << 30, cpu_s=180)
DEADLINE_S = 180.0
_MIN_POINTS = 50


@dataclass(frozen=True)
class HarmonicTest:
    """One question asked of the best period: `name` ("2P: odd and even"), the period it speaks for, its number."""

    name: str
    period_d: float
    value: float
    words: str


@dataclass(frozen=True)
class Verdict:
    """What recurs, and how often: `period_d` is the judge's, which may be twice or half of what the search found.

    "dips" is what Lomb-Scargle says of a curve whose light falls in short dips: the box search is the one to ask.
    """

    kind: VerdictKind
    period_d: float
    words: str
    tests: tuple[HarmonicTest, ...]


@dataclass(frozen=True, eq=False)
class PeriodSearch:
    """`spectrum`: signal-to-noise ratio ("bls") or normalised power ("ls") over the period in days.

    `period_d`: the best period, `epoch`: the middle of a dip (or a minimum) in the x of the series; `duration_d` (NaN
    for "ls"); `depth`: of the box, or from crest to trough of the sine, relative; `snr`: of that depth.
    `dips`: the middles of the dips that were found (a first and second eclipse), each every `period_d`; () where it was
    no dips, or "ls".
    `false_alarm`: the probability that noise alone gives such a peak, `level`: the power that noise passes in 1 of 100
    cases (Baluev 2008, MNRAS 385, 1279); both NaN for "bls".
    """

    method: Method
    spectrum: Series
    period_d: float
    epoch: float
    duration_d: float
    depth: float
    snr: float
    verdict: Verdict
    false_alarm: float
    level: float
    dips: tuple[float, ...] = ()


class Periodograms:
    """Searches one light curve at a time. `close` ends the worker; it starts with the first search."""

    def __init__(self) -> None:
        self._pool = WorkerPool("mast_tui.analysis.jobs", size=1, limits=LIMITS)

    async def search(
        self,
        series: Series,
        method: Method,
        *,
        progress: Progress | None = None,
        low_d: float | None = None,
        high_d: float | None = None,
        deadline_s: float = DEADLINE_S,
    ) -> PeriodSearch:
        """The best period between `low_d` and `high_d` days (by default what the series can tell) and what it may be.

        `series` as it was read or normalised, not flattened: the search does that itself. "bls": box least squares
        (Kovács et al. 2002, A&A 391, 369), for transits; "ls": Lomb-Scargle (Lomb 1976, Scargle 1982), for waves.
        InvalidQuery for less than 50 points or a range without periods; cancelling the task ends the search at once.
        """
        needs_light_curve(series, "a period search", _MIN_POINTS)
        if method not in get_args(Method):
            raise InvalidQuery("there is no such period search", "", "Choose bls or ls")
        found = relative(series)
        # a magnitude is -2.5 log10 of the flux: dips must go down
        y = 10 ** (-0.4 * found.y) if found.magnitudes else found.y
        start = float(series.x.min())
        answer = await self._pool.run(method, deadline_s, progress, x=series.x - start, y=y, low_d=low_d, high_d=high_d)
        try:
            return _search(answer, series, method, start)
        except (KeyError, TypeError, ValueError) as error:
            raise ServerError("the period search gave no sound answer", clean(error, 200), "Please report it") from None

    async def close(self) -> None:
        await self._pool.close()


def _search(answer: Mapping[str, Any], series: Series, method: Method, start: float) -> PeriodSearch:
    periods, power = answer["periods"].astype(np.float64), answer["power"].astype(np.float64)
    if periods.ndim != 1 or periods.shape != power.shape:
        raise ValueError("periods and power differ in number")
    label, unit = ("Signal-to-noise ratio of the dips", "") if method == "bls" else ("Power", "")
    spectrum = replace(
        series,
        kind="periodogram",
        name=f"{series.name}: {'box least squares' if method == 'bls' else 'Lomb-Scargle'}",
        x=periods,
        y=power,
        error=None,
        error_name=None,
        starts=ONE_RUN,
        flags=None,
        cadence=None,
        quality=None,
        time=None,
        ephemerides=(),
        ignore_for_limits=(),
        columns=(),
        n_rows=periods.size,
        n_good=periods.size,
        shape=(periods.size,),
        summary=summary_of(periods, power),
        x_axis=Axis("period", "Period", "d", log=True),
        y_axis=Axis("power", label, unit),
        notes=tuple(clean(note) for note in answer["notes"]),
    )
    judged = answer["verdict"]
    kind = judged["kind"]
    if kind not in get_args(VerdictKind):
        raise ValueError("no such verdict")
    tests = tuple(
        HarmonicTest(clean(t["name"]), float(t["period_d"]), float(t["value"]), clean(t["words"]))
        for t in judged["tests"]
    )
    period_d, epoch = float(answer["period_d"]), float(answer["epoch"]) + start
    return PeriodSearch(
        method=method,
        spectrum=spectrum,
        period_d=period_d,
        epoch=epoch,
        duration_d=float(answer["duration_d"]),
        depth=float(answer["depth"]),
        snr=float(answer["snr"]),
        verdict=Verdict(cast(VerdictKind, kind), float(judged["period_d"]), clean(judged["words"]), tests),
        false_alarm=float(answer["false_alarm"]),
        level=float(answer["level"]),
        dips=(epoch, *(epoch + float(place) * period_d for place in judged["more"])) if kind in _BODIES else (),
    )
