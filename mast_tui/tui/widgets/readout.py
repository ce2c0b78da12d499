"""What the cursor on a curve says: the point's place in physical units, its flags in words, its cadence, its date."""

from __future__ import annotations

from collections.abc import Sequence

from mast_tui.analysis import utc_at
from mast_tui.core.look import Series
from mast_tui.plot import number, pretty_unit

_GAP = "   "
_TO_MINUTES = len("2018-08-09T00:46")


def read_out(series: Series, index: int, width: int) -> str:
    """'BTJD 1339.5321   PDCSAP flux 1464602 ± 130 e⁻/s   flags: desat (32)   cadence 91234   2018-08-09 00:46 UTC'.

    Where `width` cells do not hold that, the names go first, which stand at the axes too; then what is furthest to the
    right. Place, value and flags are always there; which point it is, where there is room for that as well.
    """
    date = [] if series.x_axis.dates else _date(series, index)
    rest = [*_flags(series, index), *_cadence(series, index), *date]
    named = [*_place(series, index, names=True), *rest]
    n_kept = 2 + len(_flags(series, index))
    parts = named if len(_GAP.join(named)) <= width else [*_place(series, index, names=False), *rest]
    return _fitting(parts[:n_kept], [*parts[n_kept:], f"point {index + 1:,} of {series.x.size:,}"], width)


def _place(series: Series, index: int, *, names: bool) -> tuple[str, str]:
    x, y = float(series.x[index]), float(series.y[index])
    error = None if series.error is None else float(series.error[index])
    x_unit = "" if series.time is not None else pretty_unit(series.x_axis.unit)
    digits = 10 if abs(x) >= 1 else 6
    number_of_x = f"{x:.{digits}g} {x_unit}".rstrip()
    place = (_date(series, index) or [number_of_x])[0] if series.x_axis.dates else number_of_x
    value = f"{number(y, error)} {pretty_unit(series.y_axis.unit)}".rstrip()
    if not names:
        return place, value
    return f"{series.x_axis.label.split(' (')[0]} {place}", f"{series.y_axis.label} {value}"


def _flags(series: Series, index: int) -> list[str]:
    if series.flags is None or series.quality is None or not series.flags[index]:
        return []
    value = int(series.flags[index])
    return [f"flags: {', '.join(series.quality.decode(value)) or 'set'} ({value})"]


def _cadence(series: Series, index: int) -> list[str]:
    return [] if series.cadence is None else [f"cadence {int(series.cadence[index])}"]


def _date(series: Series, index: int) -> list[str]:
    """'2018-08-09 00:46 UTC', where the file says from when and in which scale its times count."""
    if series.kind != "lightcurve" or (series.time is None and not series.x_axis.dates):
        return []
    words = utc_at(series, float(series.x[index]))
    return [] if words is None else [f"{words[:_TO_MINUTES].replace('T', ' ')} UTC"]


def _fitting(parts: Sequence[str], extra: Sequence[str], width: int) -> str:
    """All `parts`, and of `extra` those that still fit, in order."""
    words = _GAP.join(parts)
    for part in extra:
        if len(words) + len(_GAP) + len(part) <= width:
            words += _GAP + part
    return words
