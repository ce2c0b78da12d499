"""Which points are good: quality flags of the missions, as rules a recipe names.

The bit masks are lightkurve's (`lightkurve/utils.py`, 2.5.1 and later), so that counts agree with what its users see.
Used by the recipes (as data) and by the readers (to apply them).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from mast_tui.core.look import ANY_FLAG, Flag, IndexArray
from mast_tui.preview.headers import Header
from mast_tui.preview.quality_bits import Meanings

Level: TypeAlias = Literal["none", "default", "hard"]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

#: TESS: 1 attitude tweak, 2 safe mode, 4 coarse point, 8 Earth point, 16 argabrightening, 32 desaturation, 128 manual
#: exclude, 512 impulsive outlier, 16384 bad calibration; hard adds 64, 1024, 2048, 4096.
TESS_DEFAULT, TESS_HARD = 17087, 24319
#: Kepler and K2: 1 attitude tweak, 2 safe mode, 4 coarse point, 8 Earth point, 32 desaturation, 256 manual exclude,
#: 16384 detector anomaly, 65536 no data, 1048576 thruster firing; hard adds 128 and 8192 (cosmic rays), 1024, 524288.
KEPLER_DEFAULT, KEPLER_HARD = 1130799, 1664431
#: JWST: DO_NOT_USE is bit 0 of every DQ array.
JWST_DO_NOT_USE = 1


@dataclass(frozen=True)
class Bits:
    """A point is bad when its value shares a bit with the mask; a header `keyword` overrides the default mask.

    `meanings` name the bits, see `quality_bits`.
    """

    column: str
    default: int
    hard: int = ANY_FLAG
    keyword: str = ""
    meanings: Meanings = ()


@dataclass(frozen=True)
class Weight:
    """A point is bad when its weight is 0; where `only_hard`, that is too strict for every day."""

    column: str
    only_hard: bool = False


@dataclass(frozen=True)
class Letters:
    """A point is good when its letter is one of `good`."""

    column: str
    good: tuple[str, ...]


@dataclass(frozen=True)
class AtMost:
    """A point is bad when its value is `limit` or lower (IUE counts downwards); with hard, when it is below 0.

    None as `limit`: by default no value is bad.
    """

    column: str
    limit: int | None


@dataclass(frozen=True)
class Share:
    """A point is bad when none of its light, with hard: not all of it, fell on sound pixels (percent)."""

    column: str


Mask: TypeAlias = Bits | Weight | Letters | AtMost | Share


def bad_points(mask: Mask, values: npt.NDArray[Any], header: Header, level: Level) -> tuple[BoolArray, int]:
    """Which of `values` (any shape) are bad, and the bit mask that was used (0 where the rule is not one of bits)."""
    if level == "none":
        return np.zeros(values.shape, bool), 0
    match mask:
        case Bits():
            bitmask = mask.hard if level == "hard" else _default(mask, header)
            return (_whole(values) & bitmask) != 0, bitmask
        case Weight():
            return (values == 0) & (level == "hard" or not mask.only_hard), 0
        case AtMost():
            limit = -1 if level == "hard" else mask.limit
            return (np.zeros(values.shape, bool) if limit is None else _whole(values) <= limit), 0
        case Share():
            return values < (100 if level == "hard" else 1), 0
        case Letters():
            return ~np.isin(np.char.strip(values.astype(str)), mask.good), 0


def flag_values(mask: Mask, values: npt.NDArray[Any]) -> IndexArray | None:
    """The quality values as whole numbers, where they are bits; None for weights, letters and grades."""
    return _whole(values) if isinstance(mask, Bits) else None


def flags_that_occur(mask: Mask, values: IndexArray) -> tuple[Flag, ...]:
    """Each bit that is set somewhere in `values`: its meaning and how many of the values have it."""
    if not isinstance(mask, Bits) or values.size == 0:
        return ()
    meanings = dict(mask.meanings)
    kinds, counts = np.unique(values[values > 0], return_counts=True)
    found = []
    for k in range(int(kinds.max()).bit_length() if kinds.size else 0):
        bit = 1 << k
        n = int(counts[(kinds & bit) != 0].sum())
        if n:
            found.append(Flag(bit, meanings.get(bit, f"bit {k + 1} (value {bit})"), n))
    return tuple(found)


def _default(mask: Bits, header: Header) -> int:
    written = header.integer(mask.keyword) if mask.keyword else None
    return mask.default if written is None else written


def _whole(values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Flags as integers: some files store them as floats, with NaN for padding."""
    if values.dtype.kind == "f":
        values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    return values.astype(np.int64)
