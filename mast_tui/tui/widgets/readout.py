"""What the cursor on a curve says: the point's place in physical units, its flags in words, its date."""

from __future__ import annotations

from collections.abc import Sequence

from mast_tui.core.look import Series
from mast_tui.plot import number, pretty_unit

_GAP = "   "


def read_out(series: Series, index: int, width: int) -> str:
    """'BTJD 1339.5321   PDCSAP flux 1464602 ± 130 e⁻/s   flags: desat (32)   point 9,012 of 18,264'.

    Place, value and flags are always there; which point it is only where `width` cells hold that too.
    """
    x_name = series.x_axis.label.split(" (")[0]
    error = None if series.error is None else float(series.error[index])
    y_unit, x_unit = pretty_unit(series.y_axis.unit), pretty_unit(series.x_axis.unit)
    x = f"{x_name} {float(series.x[index]):.10g}" + ("" if series.time is not None else f" {x_unit}".rstrip())
    y = f"{series.y_axis.label} {number(float(series.y[index]), error)} {y_unit}".rstrip()
    parts = [x, y, *_flags(series, index)]
    return _fitting(parts, [f"point {index + 1:,} of {series.x.size:,}"], width)


def _flags(series: Series, index: int) -> list[str]:
    if series.flags is None or series.quality is None or not series.flags[index]:
        return []
    value = int(series.flags[index])
    return [f"flags: {', '.join(series.quality.decode(value)) or 'set'} ({value})"]


def _fitting(parts: Sequence[str], extra: Sequence[str], width: int) -> str:
    """All `parts`, and of `extra` those that still fit, in order."""
    words = _GAP.join(parts)
    for part in extra:
        if len(words) + len(_GAP) + len(part) <= width:
            words += _GAP + part
    return words
