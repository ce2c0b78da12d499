"""The masks of a recipe put to a table's rows: which are bad, their quality values, and what their bits mean.

Used by the readers of light curves and pixel files.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mast_tui.core.look import SECOND_COLUMN, BoolArray, Flag, IndexArray, Quality
from mast_tui.preview.fits_file import Table
from mast_tui.preview.headers import Header
from mast_tui.preview.masks import Level, Mask, bad_points, flag_values, flags_that_occur


@dataclass(frozen=True, eq=False)
class Masked:
    """`bad` and `flags` have a value a row; None where the table has no quality column, or one without bits.

    The bits of a second column are in `flags` and in the flags of `quality` `SECOND_COLUMN` places higher.
    """

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
    flags = flag_values(mask, values)
    meanings = () if flags is None else flags_that_occur(mask, flags)
    for other in also:
        if other.column not in table.columns:
            continue
        second = table.raw(other.column)
        bad = bad | bad_points(other, second, header, level)[0]
        more = flag_values(other, second)
        if flags is not None and more is not None:
            more &= (1 << (63 - SECOND_COLUMN)) - 1
            flags = flags | more << SECOND_COLUMN
            meanings += tuple(
                Flag(flag.bit << SECOND_COLUMN, f"{flag.meaning} ({table.columns[other.column].name})", flag.n)
                for flag in flags_that_occur(other, more)
            )
    quality = Quality(table.columns[mask.column].name, bitmask, int(np.count_nonzero(bad)), meanings)
    return Masked(bad, flags, quality)
