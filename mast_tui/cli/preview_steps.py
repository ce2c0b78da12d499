"""What `mast-tui preview` does to a curve or a spectrum before it is drawn, in the order of the trade.

What lies outside of the window goes, so that nothing is fitted to it. Unit, stitching, normalising and flattening
first; then a period search on every point; then folding and bins. The time system last: a window, a period and an
epoch are in the file's own time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import click

from mast_tui.cli import talk
from mast_tui.core.errors import InvalidQuery

if TYPE_CHECKING:
    from mast_tui.analysis import PeriodSearch
    from mast_tui.controller import Controller
    from mast_tui.core.look import Series


@dataclass(frozen=True)
class Steps:
    """The options that change numbers; None and False leave them alone. `fold`: a period in days, or 0 for the best."""

    unit: str | None = None
    stitch: bool = False
    normalise: bool = False
    flatten: float | None = None
    periodogram: Literal["bls", "ls"] | None = None
    fold: float | None = None
    epoch: float | None = None
    bin: float | None = None
    time: Literal["native", "jd", "utc", "days"] | None = None
    residual: bool = False
    x_range: tuple[float, float] | None = None

    def check(self) -> None:
        """UsageError for options that make no sense together."""
        if self.epoch is not None and self.fold is None:
            raise click.UsageError("--epoch is the time of phase 0: use it with --fold.")
        if self.time is not None and (self.fold is not None or self.periodogram is not None):
            raise click.UsageError("--time can't be used with --fold or --periodogram: neither has times.")
        if self.residual and (self.periodogram == "ls" or (self.periodogram is None and self.fold != 0)):
            raise click.UsageError("--residual searches again for dips: use it with --periodogram bls or --fold best.")

    @property
    def any(self) -> bool:
        return self != Steps()


@dataclass(frozen=True)
class Worked:
    """What is drawn: the first series, those laid over it, a line over the points; what searches found, in order."""

    series: Series
    also: tuple[Series, ...] = ()
    over: Series | None = None
    searches: tuple[PeriodSearch, ...] = ()


async def worked(controller: Controller, found: Sequence[Series], steps: Steps) -> Worked:
    """The steps done to `found` (one series a file). InvalidQuery where one makes no sense for such a series."""
    from mast_tui import analysis

    parts = [prepared(series, steps) for series in found]
    if steps.stitch:
        parts = [analysis.stitched(parts)]
    first = parts[0]
    searches: list[PeriodSearch] = []
    if steps.periodogram is not None or steps.fold == 0:
        method = steps.periodogram or "bls"
        searches.append(await controller.periodograms.search(first, method, progress=talk.passing))
        if steps.residual and searches[0].dips:
            first = analysis.without_dips(first, searches[0])
            searches.append(await controller.periodograms.search(first, method, progress=talk.passing))
        elif steps.residual:
            talk.say("There are no dips to search without.")
        talk.wipe()
    if steps.fold is not None:
        period, epoch = steps.fold, steps.epoch
        if searches and period == 0:
            search = searches[-1]
            period = search.verdict.period_d
            if not period > 0:
                raise InvalidQuery("there is no period to fold at", search.verdict.words, "Give one: --fold DAYS")
            epoch = search.epoch if epoch is None else epoch
        first = analysis.folded(first, period, epoch)
        line = analysis.binned(first, steps.bin or analysis.default_bin(first))
        return Worked(first, tuple(analysis.folded(part, period, epoch) for part in parts[1:]), line, tuple(searches))
    if searches:
        return Worked(searches[-1].spectrum, searches=tuple(searches))
    if steps.bin is not None:
        parts = [analysis.binned(part, steps.bin) for part in parts]
    if steps.time is not None:
        parts = [analysis.in_time(part, steps.time) for part in parts]
    return Worked(parts[0], tuple(parts[1:]))


def prepared(series: Series, steps: Steps) -> Series:
    """The part of one series that was asked for, in the unit asked for, normalised, flattened."""
    from mast_tui import analysis

    if steps.x_range is not None:
        series = analysis.within(series, *steps.x_range)
    if steps.unit is not None:
        series = _in_unit(series, steps.unit)
    if steps.normalise:
        series = analysis.normalised(series)
    if steps.flatten is not None:
        series = analysis.flattened(series, steps.flatten)[0]
    return series


def _in_unit(series: Series, unit: str) -> Series:
    """`unit` may be one of y or one of x; InvalidQuery tells which there are."""
    from mast_tui import analysis

    for_y, for_x = analysis.units_for(series), analysis.x_units_for(series)
    if (wanted := analysis.unit_meant(unit, for_y)) is not None:
        return analysis.in_unit(series, wanted)
    if (wanted := analysis.unit_meant(unit, for_x)) is not None:
        return analysis.in_x_unit(series, wanted)
    choices = ", ".join((*for_y, *for_x))
    raise InvalidQuery(
        f"this series can't be shown in {unit}", "", f"Choose one of {choices}" if choices else "Leave --unit out"
    )


def numbered(found: Worked) -> Worked:
    """The same, with names that tell the overlaid series apart."""
    drawn = (found.series, *found.also)
    if len({series.name for series in drawn}) == len(drawn):
        return found
    told = [replace(series, name=f"{k}: {series.name}") for k, series in enumerate(drawn, 1)]
    return replace(found, series=told[0], also=tuple(told[1:]))


def search_json(search: PeriodSearch) -> dict[str, Any]:
    """What a period search found, for JSON; numbers that are not finite are null."""
    verdict = search.verdict
    return {
        "method": search.method,
        **{
            name: _number(value)
            for name, value in (
                ("period_d", search.period_d),
                ("epoch", search.epoch),
                ("duration_d", search.duration_d),
                ("depth", search.depth),
                ("snr", search.snr),
            )
        },
        "verdict": {
            "kind": verdict.kind,
            "period_d": _number(verdict.period_d),
            "words": verdict.words,
            "tests": [
                {"name": t.name, "period_d": _number(t.period_d), "value": _number(t.value), "words": t.words}
                for t in verdict.tests
            ],
        },
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
