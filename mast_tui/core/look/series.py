"""Light curves, spectra and periodograms: their points, what was masked, and when something recurs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from mast_tui.core.look.common import (
    Axis,
    FloatArray,
    IndexArray,
    Json,
    Summary,
    axis_json,
    item_json,
    number_or_none,
)

#: A mask for which every flag counts: all bits of a signed 32-bit column.
ANY_FLAG = 0x7FFF_FFFF
#: The bits of a second quality column stand this much higher than those of the first, which has at most so many.
SECOND_COLUMN = 32


@dataclass(frozen=True)
class Flag:
    """One bit of a quality column: its value (a power of two), what it means, how many points of the file have it.

    Bits of a second column (TGLC's beside those of TESS) stand `SECOND_COLUMN` places higher.
    """

    bit: int
    meaning: str
    n: int

    @property
    def written(self) -> int:
        """The bit's value in its own column."""
        return self.bit >> SECOND_COLUMN or self.bit


@dataclass(frozen=True)
class Quality:
    """What was masked: points whose `column` shares a bit with `bitmask`, `n_flagged` of them.

    `bitmask` is 0 where the column is not a bit field (a weight, a letter) and the recipe's rule was applied. `flags`
    are the bits that occur in the file, in ascending order.
    """

    column: str
    bitmask: int
    n_flagged: int
    flags: tuple[Flag, ...] = ()

    @property
    def rule(self) -> str:
        """'QUALITY & 17087'; the column alone where any flag counts, or where the rule is not one of bits."""
        return self.column if self.bitmask in (0, ANY_FLAG) else f"{self.column} & {self.bitmask}"

    def decode(self, value: int) -> tuple[str, ...]:
        """The meanings of the bits that are set in one quality value."""
        return tuple(flag.meaning for flag in self.flags if value & flag.bit)


@dataclass(frozen=True)
class TimeReference:
    """x + `offset_jd` is a (barycentric) Julian date in days; `scale` is the file's TIMESYS in lower case, or ''."""

    format: str
    offset_jd: float
    scale: str


@dataclass(frozen=True)
class Ephemeris:
    """When something recurs: `epoch` in the x of the series it came with; `depth` is relative, NaN where not known."""

    name: str
    period_d: float
    epoch: float
    duration_d: float = math.nan
    depth: float = math.nan


@dataclass(frozen=True, eq=False)
class Series:
    """A light curve or a spectrum: the good points only, finite in x and y, in the file's own units.

    `x`, `y`, `error`: float64 (n,), `error` may be None or hold NaN. `starts`: index of the first point of every
    unbroken run (a gap or a detector segment begins there; lines are not drawn across); x ascends within a run.
    `n_rows` counts the points in the file, `n_good` those left after masking; a list of hundreds of spectra carries
    the points only of the first ones: where `x` is empty although `n_good` is not, ask again for this `hdu` and `row`.
    So too where `read` is false: of such a row only its name and length are known, `n_good` is 0 and `summary` NaN.
    `product` says what kind of data product this is, `columns` are the y columns that may be asked for instead.
    `ignore_for_limits` are ranges in x (start, end) that the choice of y limits leaves out: airglow.
    `flags`: int64 (n,), the quality value of each point, where the column is a bit field. `cadence`: int64 (n,), the
    cadence number of each point of a light curve, where the file has one. `ephemerides` are those that the file's
    headers give. `medium` says what a wavelength was measured in. `steps` are what was done to the numbers
    since they were read ("flattened over 1.5 d"); a "periodogram" is only ever made by the room `analysis`.
    """

    kind: Literal["lightcurve", "spectrum", "periodogram"]
    name: str
    hdu: int
    x_axis: Axis
    y_axis: Axis
    x: FloatArray
    y: FloatArray
    error: FloatArray | None
    starts: IndexArray
    n_rows: int
    n_good: int
    summary: Summary
    shape: tuple[int, ...]
    product: str = ""
    row: int | None = None
    error_name: str | None = None
    quality: Quality | None = None
    time: TimeReference | None = None
    columns: tuple[str, ...] = ()
    ignore_for_limits: tuple[tuple[float, float], ...] = ()
    flags: IndexArray | None = None
    cadence: IndexArray | None = None
    ephemerides: tuple[Ephemeris, ...] = ()
    medium: Literal["", "vacuum", "air"] = ""
    steps: tuple[str, ...] = ()
    read: bool = True
    notes: tuple[str, ...] = ()

    @property
    def loaded(self) -> bool:
        return self.x.size > 0 or (self.read and self.n_good == 0)

    def to_json(self) -> Json:
        s = self.summary
        return item_json(
            self,
            x={**axis_json(self.x_axis), "min": number_or_none(s.x_min), "max": number_or_none(s.x_max)},
            y={
                **axis_json(self.y_axis),
                "min": number_or_none(s.y_min),
                "max": number_or_none(s.y_max),
                "median": number_or_none(s.y_median),
            },
            error=self.error_name,
            quality=None
            if self.quality is None
            else {
                "column": self.quality.column,
                "bitmask": self.quality.bitmask,
                "n_flagged": self.quality.n_flagged,
            },
            time=None
            if self.time is None
            else {"format": self.time.format, "offset_jd": self.time.offset_jd, "scale": self.time.scale},
            read=self.read,
        )
