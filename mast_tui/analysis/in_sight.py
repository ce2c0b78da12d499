"""The summary of the part of a series that is looked at: its level, its scatter, its signal-to-noise ratio."""

from __future__ import annotations

from mast_tui.analysis.grouping import chosen
from mast_tui.analysis.quality import quality_report
from mast_tui.core.look import Fact, Series

#: Lines of the summary that mean something for a part of a series.
_OF_A_PART = frozenset({"Median", "Scatter", "1-h noise", "S/N", "S/N (DER_SNR)"})


def report_in_sight(series: Series, low: float, high: float) -> tuple[Fact, ...]:
    """Lines for the points with x from `low` to `high`: how many, then those of `quality_report` for them alone."""
    part = chosen(series, (series.x >= low) & (series.x <= high))
    where = f"{low:.8g} to {high:.8g} {series.x_axis.unit}".strip()
    return (
        Fact("In sight", f"{part.x.size} points", where),
        *(fact for fact in quality_report(part) if fact.name in _OF_A_PART),
    )
