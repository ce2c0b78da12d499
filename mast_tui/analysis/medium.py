"""Wavelengths in air and in vacuum.

Index of standard air (15 °C, 101325 Pa, dry, 450 ppm CO2): Birch & Downs 1994 (Metrologia 31, 315), the formula that
Morton 2000 (ApJS 130, 403), VALD and MAST's own documents use; the other usual one, Ciddor 1996, differs by less than
1e-8. By the custom of the IAU (1957) wavelengths below 2000 Å are those in vacuum also in lists "in air".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from mast_tui.analysis.remake import remade
from mast_tui.analysis.unit_words import LENGTH, read_unit
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import FloatArray, Series

_AIR_FROM = 2000.0


def index_of_air(vacuum: FloatArray) -> FloatArray:
    """Refractive index at vacuum wavelengths in Å, above 2000 Å."""
    s2 = (1e4 / vacuum) ** 2
    return 1 + 8.34254e-5 + 2.406147e-2 / (130 - s2) + 1.5998e-4 / (38.9 - s2)


def to_air(vacuum: FloatArray) -> FloatArray:
    """Wavelengths in air (Å) of those in vacuum (Å); unchanged below 2000 Å."""
    return np.where(vacuum < _AIR_FROM, vacuum, vacuum / index_of_air(np.maximum(vacuum, _AIR_FROM)))


def to_vacuum(air: FloatArray) -> FloatArray:
    """Wavelengths in vacuum (Å) of those in air (Å); the index is worked out three times, good to 1e-9 Å."""
    vacuum = air
    for _ in range(3):
        vacuum = air * index_of_air(np.maximum(vacuum, _AIR_FROM))
    return np.where(air < float(to_air(np.array([_AIR_FROM]))[0]), air, vacuum)


def in_medium(series: Series, medium: Literal["air", "vacuum"]) -> Series:
    """The spectrum over wavelengths in this medium; InvalidQuery where the file doesn't say which its own are."""
    unit = read_unit(series.x_axis.unit)
    if series.kind != "spectrum" or unit is None or unit.powers != LENGTH:
        raise InvalidQuery("air and vacuum differ for wavelengths only", "", "Show the spectrum over wavelength first")
    if series.medium == medium:
        return series
    if not series.medium:
        raise InvalidQuery(
            f"these wavelengths can't be given in {medium}", "The file doesn't say whether its own are in air or vacuum"
        )
    change = to_air if medium == "air" else to_vacuum
    per_angstrom = unit.factor * 1e8

    def move(x: FloatArray) -> FloatArray:
        return change(x * per_angstrom) / per_angstrom

    out = remade(series, x=move(series.x), error=series.error, step=f"wavelengths in {medium}")
    ranges = (move(np.array(pair)) for pair in series.ignore_for_limits)
    return replace(out, medium=medium, ignore_for_limits=tuple((float(a), float(b)) for a, b in ranges))
