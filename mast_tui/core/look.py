"""What a file looks like: the series, images, tables and headers that a preview found, as numbers and labels.

The room `preview` makes a `Preview`, `plot` draws its items, the faces show it or print `to_json`. Nothing here knows a
screen or astropy. All words in a `Preview` that `preview.Previewer` hands out have passed `core.text.clean`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]
IndexArray: TypeAlias = npt.NDArray[np.int64]
ImageArray: TypeAlias = npt.NDArray[np.float32]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
ByteArray: TypeAlias = npt.NDArray[np.uint8]
Json: TypeAlias = dict[str, Any]

Kind: TypeAlias = Literal[
    "lightcurve",
    "spectrum",
    "image",
    "cube",
    "pixels",
    "table",
    "header",
    "picture",
    "text",
    "unreadable",
]


@dataclass(frozen=True)
class Axis:
    """One axis of a series. `name` is the file's column, `unit` its unit as the file writes it ('' when it has none).

    `label` is for people, without the unit. `upside_down` is true for magnitudes, which grow downwards; `dates` where
    the values are Julian dates (UTC) to be written as calendar dates; `log` where they are drawn on a logarithmic axis.
    """

    name: str
    label: str
    unit: str = ""
    upside_down: bool = False
    dates: bool = False
    log: bool = False


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


@dataclass(frozen=True)
class Fact:
    """One line of the data-quality summary: a name or header keyword, its value, what it means."""

    name: str
    value: str
    meaning: str = ""


@dataclass(frozen=True)
class Moved:
    """What a look at a remote file cost: `n_bytes` came of the file's `of_bytes` (None where nobody said).

    `how`: in words, why more came than the look needed (a server that sends no parts of files), '' where not.
    """

    n_bytes: int
    of_bytes: int | None
    how: str = ""


@dataclass(frozen=True)
class Summary:
    """Limits and median over the good points, NaN when there is none."""

    x_min: float = math.nan
    x_max: float = math.nan
    y_min: float = math.nan
    y_max: float = math.nan
    y_median: float = math.nan


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
        return _item(
            self,
            x={**_axis_json(self.x_axis), "min": _number(s.x_min), "max": _number(s.x_max)},
            y={
                **_axis_json(self.y_axis),
                "min": _number(s.y_min),
                "max": _number(s.y_max),
                "median": _number(s.y_median),
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
        )


@dataclass(frozen=True, eq=False)
class SkyGrid:
    """Where on the sky an image lies: right ascension and declination in degrees at a grid of its pixels.

    `x` (m,) and `y` (n,): ascending pixel coordinates counted from 0; `ra`, `dec`: (n, m), NaN off the sphere. Between
    the nodes directions are interpolated as unit vectors; the error is far below a pixel for fields up to degrees.
    """

    x: FloatArray
    y: FloatArray
    ra: FloatArray
    dec: FloatArray
    frame: str = "ICRS"

    def at(self, x: float, y: float) -> tuple[float, float] | None:
        """Right ascension and declination (deg) at a pixel (0-based, fractions allowed); None outside of the grid."""
        if not (self.x[0] <= x <= self.x[-1] and self.y[0] <= y <= self.y[-1]):
            return None
        i = min(int(np.searchsorted(self.x, x, side="right")) - 1, self.x.size - 2)
        j = min(int(np.searchsorted(self.y, y, side="right")) - 1, self.y.size - 2)
        u = (x - self.x[i]) / (self.x[i + 1] - self.x[i])
        v = (y - self.y[j]) / (self.y[j + 1] - self.y[j])
        ra, dec = np.radians(self.ra[j : j + 2, i : i + 2]), np.radians(self.dec[j : j + 2, i : i + 2])
        weights = np.array([[(1 - u) * (1 - v), u * (1 - v)], [(1 - u) * v, u * v]])
        east, north, up = (
            float((weights * part).sum()) for part in (np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec))
        )
        if not math.isfinite(east + north + up):
            return None
        return math.degrees(math.atan2(north, east)) % 360.0, math.degrees(math.atan2(up, math.hypot(east, north)))


@dataclass(frozen=True)
class Extent:
    """What the sides of an image stand for where they are not pixels (a dynamic spectrum): data at its outer edges."""

    x_axis: Axis
    x_low: float
    x_high: float
    y_axis: Axis
    y_low: float
    y_high: float


@dataclass(frozen=True, eq=False)
class ImageLook:
    """A two-dimensional array made small for a terminal; NaN is a pixel without data. Row 0 is the bottom (FITS).

    `pixels`: float32 (ny, nx), each the maximum of a block of `step` (rows, columns) of the file's pixels.
    `limits`: the values drawn darkest and brightest (z-scale), `wide_limits` the same at 0.5 and 99.5 percent.
    `summary` is over the pixels that were read: x_min..x_max are pixel columns counted from 1.
    `origin`: the file's pixel (row, column) from 0 at the lower left of `pixels`; `full` the (ny, nx) of the whole
    plane, of which a look with a window shows a part. `plane` of `n_planes` (slice, frame, integration) is shown, None
    for a median of them; `plane_value` is its place on `plane_axis`. `aperture`: the pixels (ny, nx) that the mission
    summed, for pixel files. Of a file of many large images all but the first are listed by their headers alone, with
    no pixels and nothing summed up: ask again for this `hdu`.
    """

    kind: Literal["image", "cube", "pixels"]
    name: str
    hdu: int
    value_axis: Axis
    pixels: ImageArray
    limits: tuple[float, float]
    step: tuple[int, int]
    shape: tuple[int, ...]
    n_rows: int
    n_good: int
    summary: Summary
    wide_limits: tuple[float, float] | None = None
    origin: tuple[int, int] = (0, 0)
    full: tuple[int, int] = (0, 0)
    plane: int | None = None
    n_planes: int = 1
    plane_axis: Axis | None = None
    plane_value: float = math.nan
    sky: SkyGrid | None = None
    extent: Extent | None = None
    aperture: BoolArray | None = None
    notes: tuple[str, ...] = ()

    @property
    def loaded(self) -> bool:
        return self.pixels.size > 0

    def to_json(self) -> Json:
        s = self.summary
        return _item(
            self,
            x={"name": "x", "label": "pixel column", "unit": "pix", "min": _number(s.x_min), "max": _number(s.x_max)},
            y={
                **_axis_json(self.value_axis),
                "min": _number(s.y_min),
                "max": _number(s.y_max),
                "median": _number(s.y_median),
            },
        )


@dataclass(frozen=True, eq=False)
class Frames:
    """Consecutive frames of a pixel file, for its animation.

    `pixels`: float32 (n, ny, nx); `first` is the index of the first in the file, `step` the rows from one to the next,
    `n_rows` the number of cadences in the file. `times`: float64 (n,) on `time_axis`, NaN where the file has none;
    `flags`: int64 (n,). `limits` hold for all frames.
    """

    hdu: int
    pixels: ImageArray
    times: FloatArray
    time_axis: Axis
    flags: IndexArray
    first: int
    step: int
    n_rows: int
    limits: tuple[float, float]
    value_axis: Axis


@dataclass(frozen=True)
class TableColumn:
    """`low`, `median`, `high`: over the finite values of a column of numbers, NaN for others."""

    name: str
    unit: str = ""
    low: float = math.nan
    median: float = math.nan
    high: float = math.nan


@dataclass(frozen=True)
class TableLook:
    """The first rows of a table, as text. `rows` has one tuple of cells a row, as many cells as `columns`."""

    name: str
    hdu: int | None
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    n_rows: int
    shape: tuple[int, ...]
    notes: tuple[str, ...] = ()
    kind: Literal["table"] = "table"

    @property
    def n_good(self) -> int:
        return self.n_rows

    def to_json(self) -> Json:
        return _item(self)


@dataclass(frozen=True)
class TextLook:
    """The first lines of a text file. `n_rows` is the number of lines read."""

    name: str
    lines: tuple[str, ...]
    n_rows: int
    notes: tuple[str, ...] = ()
    kind: Literal["text"] = "text"
    hdu: int | None = None

    @property
    def n_good(self) -> int:
        return self.n_rows

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.n_rows,)

    def to_json(self) -> Json:
        return _item(self)


@dataclass(frozen=True, eq=False)
class PictureLook:
    """A JPEG, PNG or other picture. `shape` is (height, width) in pixels of the file.

    `pixels`: uint8 (ny, nx, 3), top row first, made small for a terminal; None where it could not be decoded.
    """

    name: str
    format: str
    shape: tuple[int, ...]
    pixels: ByteArray | None = None
    notes: tuple[str, ...] = ()
    kind: Literal["picture"] = "picture"
    hdu: int | None = None
    n_rows: int = 0
    n_good: int = 0

    def to_json(self) -> Json:
        return _item(self)


@dataclass(frozen=True)
class Card:
    keyword: str
    value: str
    comment: str


@dataclass(frozen=True)
class HduLook:
    """One header-data unit. `kind` is 'image', 'table', 'ascii table', 'compressed image', 'groups' or 'other'.

    `shape` is the array's in numpy order (rows, columns), or (rows, fields) of a table; `columns` are its field names.
    """

    index: int
    name: str
    version: int
    kind: str
    shape: tuple[int, ...]
    cards: tuple[Card, ...]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class HeaderLook:
    """All headers of a FITS file, for the header browser; the last item of a file with nothing that can be drawn."""

    hdus: tuple[HduLook, ...]
    notes: tuple[str, ...] = ()
    kind: Literal["header"] = "header"
    name: str = "headers"
    hdu: int | None = None

    @property
    def n_rows(self) -> int:
        return sum(len(hdu.cards) for hdu in self.hdus)

    @property
    def n_good(self) -> int:
        return self.n_rows

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self.hdus),)

    def to_json(self) -> Json:
        return _item(self)


Look: TypeAlias = Series | ImageLook | TableLook | TextLook | PictureLook | HeaderLook


@dataclass(frozen=True)
class Preview:
    """What was found in one file. `items[0]` is what the screen shows first; `problems` are whole sentences.

    `header` is there for every FITS file whose headers could be read, also when `items` hold something to draw.
    `facts` are what the headers say of the data's quality and making, for the summary; `moved` is set where the file
    was looked at in the archive.
    """

    file: str
    kind: Kind
    instrument: str | None
    target: str | None
    items: tuple[Look, ...]
    problems: tuple[str, ...] = ()
    header: HeaderLook | None = None
    n_bytes: int = 0
    facts: tuple[Fact, ...] = ()
    moved: Moved | None = None

    @property
    def series(self) -> tuple[Series, ...]:
        return tuple(item for item in self.items if isinstance(item, Series))

    def to_json(self) -> Json:
        """The object that `mast-tui preview --format json` prints; numbers that are not finite are null."""
        return {
            "file": self.file,
            "kind": self.kind,
            "instrument": self.instrument,
            "target": self.target,
            "items": [item.to_json() for item in self.items],
            "problems": list(self.problems),
        }


def same_place(one: Look, other: Look) -> bool:
    """Whether both are of one kind and from the same HDU and row: the same item, read at different times."""
    rows = [look.row if isinstance(look, Series) else None for look in (one, other)]
    return (one.kind, one.hdu, rows[0]) == (other.kind, other.hdu, rows[1])


# --- JSON of the command line -----------------------------------------------------------------------------------


def _axis_json(axis: Axis) -> Json:
    return {"name": axis.name, "label": axis.label, "unit": axis.unit}


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _item(
    item: Look,
    x: Json | None = None,
    y: Json | None = None,
    error: str | None = None,
    quality: Json | None = None,
    time: Json | None = None,
) -> Json:
    return {
        "name": item.name,
        "hdu": item.hdu,
        "kind": item.kind,
        "x": x,
        "y": y,
        "error": error,
        "n_rows": item.n_rows,
        # not known before it is read
        "n_good": None if isinstance(item, Series) and not item.read else item.n_good,
        "quality": quality,
        "time": time,
        "shape": list(item.shape),
        "notes": list(item.notes),
    }
