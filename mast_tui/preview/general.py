"""The rule for spectra that no recipe knows: columns by their units, as specutils does it. Used by `spectra`.

The first column whose unit is one of wavelength, frequency or energy is x; the next with a unit of flux is y; the next
with the same unit as y is its error (`specutils.io.parsing_utils.generic_spectrum_from_table`).
"""

from __future__ import annotations

import re

from mast_tui.preview.columns import Columns
from mast_tui.preview.recipe import Spectrum, Value, Where

_SPECTRAL = re.compile(
    r"^(a|aa|ang|angstroe?ms?|nm|nanomet\w+|um|µm|μm|micron\w*|micromet\w+|mm|cm|m|[gmkt]?hz|[mk]?ev|cm-1|1/cm|cm\^-1)$",
    re.IGNORECASE,
)
_FLUX = re.compile(
    r"jy|flam|fnu|erg.*(/|-1).*(s|sec)|w[ */.]*m|photon.*/|ph/|magnitude|^mag$|count.*/s|ct/s|electron.*/s",
    re.IGNORECASE,
)


def general_recipe(columns: Columns) -> Spectrum | None:
    """A recipe made from the units of the columns; None where they are not those of a spectrum."""
    numeric = [(name, column) for name, column in columns.items() if column.numeric]
    x = next((item for item in numeric if _SPECTRAL.match(item[1].unit.strip())), None)
    if x is None:
        return None
    after = [(name, c) for name, c in numeric if name != x[0] and c.shape == x[1].shape]
    y = next((item for item in after if _FLUX.search(item[1].unit)), None)
    if y is None:
        return None
    same = [name for name, c in after if c.unit == y[1].unit and name != y[0]]
    values = tuple(
        Value(name, tuple(same[:1]) if name == y[0] else (), "Flux" if name == y[0] else c.name)
        for name, c in after
        if _FLUX.search(c.unit) and name not in same[:1]
    )
    return Spectrum("spectrum, by the units of its columns", Where(), values, x=(x[0],))
