"""A light curve without what a period search has found in it, for the search of what is left."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mast_tui.analysis.grouping import phases
from mast_tui.analysis.periodograms import PeriodSearch
from mast_tui.analysis.remake import needs_light_curve, remade, starts_after
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Series

#: Points this many box durations from the middle of a dip go: a box is shorter than a round or V-shaped eclipse.
_REACH = 0.75


def without_dips(series: Series, search: PeriodSearch) -> Series:
    """The points of `series` outside of all dips that `search` ("bls") found in it, the second eclipse's too.

    InvalidQuery where the search found none, or where nothing would be left.
    """
    needs_light_curve(series, "a search of what is left")
    if not search.dips:
        raise InvalidQuery("there are no dips to leave out", search.verdict.words)
    keep = np.ones(series.x.size, bool)
    for middle in search.dips:
        keep &= np.abs(phases(series.x, search.period_d, middle)) * search.period_d > _REACH * search.duration_d
    if not keep.any():
        raise InvalidQuery("nothing is left without these dips", "They fill the whole curve")
    kept = remade(
        series,
        x=series.x[keep],
        y=series.y[keep],
        error=None if series.error is None else series.error[keep],
        starts=starts_after(keep, series.starts),
        flags=None if series.flags is None else series.flags[keep],
        step=f"without the dips every {search.period_d:.6g} d ({keep.size - int(keep.sum())} points)",
    )
    return replace(kept, n_good=kept.x.size)
