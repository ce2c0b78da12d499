"""Times of a light curve as people know them: the mission's own, full Julian dates, calendar dates, days since start.

TDB is taken as TT: they differ by less than 2 ms (IERS Conventions 2010, ch. 10). TT = TAI + 32.184 s. The times of
most light curves are barycentric; they stay so here: up to 8.3 minutes from what a clock at the spacecraft showed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeAlias

import numpy as np

from mast_tui.analysis.remake import needs_light_curve, remade
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Axis, FloatArray, Series, TimeReference
from mast_tui.core.times import mjd_to_iso

TimeForm: TypeAlias = Literal["native", "jd", "utc", "days"]
Move: TypeAlias = Callable[[FloatArray], FloatArray]

#: (first day as a Julian date in UTC, TAI - UTC in seconds from then on): IERS Bulletin C, file `leap-seconds.list`.
#: Nothing was added after 2017-01-01. Before 1972 UTC ran at another rate; no mission of the archive is that old
#: but OAO-2 and Copernicus, whose times are good to minutes.
_LEAP_SECONDS = (
    (2441317.5, 10), (2441499.5, 11), (2441683.5, 12), (2442048.5, 13), (2442413.5, 14), (2442778.5, 15),
    (2443144.5, 16), (2443509.5, 17), (2443874.5, 18), (2444239.5, 19), (2444786.5, 20), (2445151.5, 21),
    (2445516.5, 22), (2446247.5, 23), (2447161.5, 24), (2447892.5, 25), (2448257.5, 26), (2448804.5, 27),
    (2449169.5, 28), (2449534.5, 29), (2450083.5, 30), (2450630.5, 31), (2451179.5, 32), (2453736.5, 33),
    (2454832.5, 34), (2456109.5, 35), (2457204.5, 36), (2457754.5, 37),
)  # fmt: skip
_TT_MINUS_TAI_S = 32.184
_DYNAMICAL = frozenset({"tdb", "tt", "tdt", "et"})
_DAY_S = 86400.0
_MJD_0_JD = 2400000.5


def utc_from_tdb(jd: FloatArray) -> FloatArray:
    """Julian dates in TDB (or TT) as Julian dates in UTC, float64 of the same shape; good to 0.04 ms of rounding."""
    starts = np.array([day for day, _ in _LEAP_SECONDS])
    tai_utc = np.array([seconds for _, seconds in _LEAP_SECONDS], np.float64)
    begins = starts + (tai_utc + _TT_MINUS_TAI_S) / _DAY_S
    at = np.clip(np.searchsorted(begins, jd, side="right") - 1, 0, None)
    return jd - (tai_utc[at] + _TT_MINUS_TAI_S) / _DAY_S


def in_time(series: Series, form: TimeForm) -> Series:
    """The light curve over time as it was read ('native'), as Julian date, as UTC date, or as days since its start.

    'utc' gives Julian dates in UTC on an axis with `dates`. Epochs of the file's ephemerides move along. InvalidQuery
    where the file does not say when its times count from, or in which scale they are (for 'utc').
    """
    needs_light_curve(series, "a time axis")
    if form == "native":
        return series
    if form == "days":
        start = float(series.x.min())
        axis = Axis(series.x_axis.name, "Days since the first point", "d")
        offset = None if series.time is None else replace(series.time, offset_jd=series.time.offset_jd + start)
        return _moved(series, lambda x: x - start, axis, offset)
    time = series.time
    if time is None:
        raise InvalidQuery("these times have no known zero point", "The file doesn't say what they count from")
    scale = time.scale.lower()
    if form == "jd":
        scale_words = f", {scale.upper()}" if scale else ""
        word = "BJD" if "bjd" in series.x_axis.label.lower() or time.format in ("btjd", "bkjd") else "JD"
        axis = Axis(series.x_axis.name, f"{word} ({_WHAT[word]}{scale_words})", "d")
        return _moved(series, lambda x: x + time.offset_jd, axis, TimeReference("jd", 0.0, time.scale))
    if scale != "utc" and scale not in _DYNAMICAL:
        raise InvalidQuery(
            "these times can't be written as UTC dates",
            f"Their scale is {scale.upper()}, for which no rule is built in" if scale else "The file names no scale",
            "Look at them as Julian dates",
        )
    to_utc = utc_from_tdb if scale in _DYNAMICAL else _same
    axis = Axis(series.x_axis.name, "Date (UTC)", "d", dates=True)
    return _moved(series, lambda x: to_utc(x + time.offset_jd), axis, TimeReference("jd", 0.0, "utc"))


def utc_at(series: Series, x: float) -> str | None:
    """'2018-07-26T07:04:48', the UTC date of one x of a light curve (for a cursor); None where `in_time` gives none."""
    if series.x.size == 0 or not math.isfinite(x):
        return None
    if series.x_axis.dates:
        jd = x
    else:
        one = replace(series, x=np.array([x]), y=np.zeros(1), error=None, starts=np.zeros(1, np.int64), ephemerides=())
        try:
            jd = float(in_time(one, "utc").x[0])
        except InvalidQuery:
            return None
    try:
        return mjd_to_iso(jd - _MJD_0_JD)
    except ValueError:
        return None


_WHAT = {"BJD": "barycentric Julian date", "JD": "Julian date"}


def _same(jd: FloatArray) -> FloatArray:
    return jd


def _moved(series: Series, move: Move, axis: Axis, time: TimeReference | None) -> Series:
    out = remade(series, x=move(series.x), error=series.error, x_axis=axis)
    epochs = tuple(replace(e, epoch=float(move(np.array([e.epoch]))[0])) for e in series.ephemerides)
    return replace(out, time=time, ephemerides=epochs)
