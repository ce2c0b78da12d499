"""The masks of a recipe put to a table's rows: which are bad, their quality values, and what their bits mean.

Used by the readers of light curves and pixel files.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mast_tui.core.look import BoolArray, IndexArray, Quality
from mast_tui.preview.fits_file import Table
from mast_tui.preview.headers import Header
from mast_tui.preview.masks import Level, Mask, bad_points, flag_values, flags_that_occur


@dataclass(frozen=True, eq=False)
class Masked:
    """`bad` and `flags` have a value a row; None where the table has no quality column, or one without bits."""

    bad: BoolArray | None = None
    flags: IndexArray | None = None
    quality: Quality | None = None


def masked(table: Table, masks: tuple[Mask, ...], also: tuple[Mask, ...], header: Header, level: Level) -> Masked:
    """The bad rows by the first of `masks` whose column the table has, and by all of `also`."""
    mask = next((mask for mask in masks if mask.column in table.columns), None)
    if mask is None:
        return Masked()
    values = table.raw(mask.column)
    bad, bitmask = bad_points(mask, values, header, level)
    for other in also:
        if other.column in table.columns:
            bad = bad | bad_points(other, table.raw(other.column), header, level)[0]
    flags = flag_values(mask, values)
    meanings = () if flags is None else flags_that_occur(mask, flags)
    quality = Quality(table.columns[mask.column].name, bitmask, int(np.count_nonzero(bad)), meanings)
    return Masked(bad, flags, quality)
