"""Times of the archive: Modified Julian Dates of the observation columns, and the calendar dates that people read.

MJD = JD − 2400000.5 (IAU 1997, resolution B1); day 0 is 1858-11-17. Days are taken as 86400 s: within the second or
so that leap seconds, and TDB against UTC, make, which is more than a date in a table needs. Used by `core.table`,
`core.table_search` and the query form.
"""

from __future__ import annotations

import datetime as dt
import math

#: `datetime.date.toordinal` of 1858-11-17.
_MJD_0_ORDINAL = 678576
_DAY = dt.timedelta(days=1)
_FIRST_MJD = dt.date.min.toordinal() - _MJD_0_ORDINAL
_LAST_MJD = dt.date.max.toordinal() - _MJD_0_ORDINAL


def mjd_to_iso(mjd: float) -> str:
    """'2018-07-25T19:29:42', to the nearest second; ValueError outside the years 1 to 9999."""
    if not math.isfinite(mjd) or not _FIRST_MJD <= mjd <= _LAST_MJD:
        raise ValueError("no calendar date: the year is not between 1 and 9999")
    day = math.floor(mjd)
    midnight = dt.datetime.fromordinal(day + _MJD_0_ORDINAL)
    return (midnight + dt.timedelta(seconds=round((mjd - day) * 86400))).isoformat()


def mjd_to_date(mjd: float) -> str:
    """'2018-07-25': the calendar day that holds `mjd`; ValueError outside the years 1 to 9999."""
    if not math.isfinite(mjd) or not _FIRST_MJD <= mjd <= _LAST_MJD:
        raise ValueError("no calendar date: the year is not between 1 and 9999")
    return dt.date.fromordinal(math.floor(mjd) + _MJD_0_ORDINAL).isoformat()


def iso_to_mjd(text: str) -> float:
    """MJD of an ISO 8601 date or time ('2018', '2018-07', '2018-07-25', '2018-07-25T19:29:42'); ValueError if none.

    A year or month alone means its first day. A time zone is honoured; without one the time is UTC.
    """
    words = text.strip()
    parts = words.split("-")
    if len(parts) <= 2 and all(p.isascii() and p.isdigit() for p in parts) and len(parts[0]) == 4:
        when = dt.datetime(int(parts[0]), int(parts[1]) if len(parts) == 2 else 1, 1)
    else:
        when = dt.datetime.fromisoformat(words)
    if when.tzinfo is not None:
        when = when.astimezone(dt.UTC).replace(tzinfo=None)
    return (when - dt.datetime.fromordinal(_MJD_0_ORDINAL)) / _DAY
