"""Where a file's time axis begins: the offset to Julian dates, from the header before any guess.

The order of the tests is that of the missions' and high-level products' habits; see `reference`. Times are shown, not
converted: `scale` is what TIMESYS says. Used by the light-curve reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mast_tui.core.look import TimeReference
from mast_tui.preview.headers import Header

BTJD_OFFSET, BKJD_OFFSET, MJD_OFFSET = 2_457_000.0, 2_454_833.0, 2_400_000.5
SECONDS_A_DAY, HOURS_A_DAY = 86_400.0, 24.0

_IN_UNIT = re.compile(r"\b(B|H|M)?JD\s*-\s*([\d.]+)", re.IGNORECASE)
_PAIRS = (("BJDREFI", "BJDREFF", 0.0), ("JDREFI", "JDREFF", 0.0), ("MJDREFI", "MJDREFF", MJD_OFFSET))
_SINGLES = (("JDREF", 0.0), ("MJDREF", MJD_OFFSET))


@dataclass(frozen=True)
class TimeAxis:
    """`reference`, the label of the axis, and what the column's values are multiplied by to be days."""

    reference: TimeReference
    label: str
    days_per_unit: float = 1.0


def time_axis(
    extension: Header, primary: Header, unit: str, median: float, fixed_offset_jd: float | None = None
) -> TimeAxis:
    """The time axis of a column with this `unit` and `median` value; a recipe may know the offset (`fixed_offset_jd`).

    The header's reference wins; without one the unit, the mission, and at last the size of the values decide.
    """
    scale = (extension.text("TIMESYS") or primary.text("TIMESYS")).lower()
    per_unit = _days_per_unit(unit or extension.text("TIMEUNIT") or primary.text("TIMEUNIT"))
    offset = fixed_offset_jd
    if offset is None:
        offset = _from_headers(extension, primary)
    if offset is None:
        offset = _from_unit(unit)
        if offset in (BTJD_OFFSET, BKJD_OFFSET) and not scale:
            scale = "tdb"  # by the definition of BTJD and BKJD
    modified = 5e4 < median * per_unit < 1e5
    if offset is None and not modified:  # a mission's habit is a guess: days of such a size are modified Julian dates
        offset = _from_mission(extension, primary)
    if median * per_unit > 2.4e6:
        offset = 0.0  # full Julian dates, whatever the header says of an offset
    if offset is None:
        offset = MJD_OFFSET if modified else 0.0
    kind, label = _named(offset, scale)
    return TimeAxis(TimeReference(kind, offset, scale), label, per_unit)


def _from_headers(extension: Header, primary: Header) -> float | None:
    for whole, fraction, base in _PAIRS:
        for header in (extension, primary):
            value = header.number(whole)
            if value is not None:
                return base + value + (header.number(fraction) or 0.0)
    for keyword, base in _SINGLES:
        for header in (extension, primary):
            value = header.number(keyword)
            if value is not None:
                return base + value
    return None


def _from_unit(unit: str) -> float | None:
    written = _IN_UNIT.search(unit)
    if written:
        base = MJD_OFFSET if (written[1] or "").upper() == "M" else 0.0
        return base + float(written[2])
    return {"btjd": BTJD_OFFSET, "bkjd": BKJD_OFFSET, "mjd": MJD_OFFSET}.get(
        re.split(r"[\s,]", unit.strip().lower())[0]
    )


def _from_mission(extension: Header, primary: Header) -> float | None:
    mission = " ".join(h.text(k) for h in (primary, extension) for k in ("TELESCOP", "MISSION")).upper()
    if "TESS" in mission:
        return BTJD_OFFSET
    if "KEPLER" in mission or "K2" in mission.split():
        return BKJD_OFFSET
    return None


def _days_per_unit(unit: str) -> float:
    short = unit.strip().lower()
    if short in ("s", "sec", "second", "seconds"):
        return 1 / SECONDS_A_DAY
    if short in ("h", "hr", "hour", "hours"):
        return 1 / HOURS_A_DAY
    return 1.0


def _named(offset: float, scale: str) -> tuple[str, str]:
    tail = f", {scale.upper()}" if scale else ""
    if offset == BTJD_OFFSET:
        return "btjd", f"BTJD (BJD − 2457000{tail})"
    if offset == BKJD_OFFSET:
        return "bkjd", f"BKJD (BJD − 2454833{tail})"
    if offset == MJD_OFFSET:
        return "mjd", f"MJD (JD − 2400000.5{tail})"
    if offset == 0.0:
        return "jd", f"JD{' (' + scale.upper() + ')' if scale else ''}"
    return "jd", f"JD − {offset:.10g}{' (' + scale.upper() + ')' if scale else ''}"
