"""Which parts of a FITS file are worth fetching for a look at it, as data: an index range for each of an array's sides.

Pure arithmetic over headers (FITS 4.0, 3.3 and 7.3: arrays and tables are rows of fixed length, one after the other).
Used by `sparse`, which asks for the parts and makes a small whole file of them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mast_tui.preview.columns import columns_of
from mast_tui.preview.fits_file import image_axes
from mast_tui.preview.guard import BITPIX_BYTES, Hdu
from mast_tui.preview.recipe import COMPANIONS

#: A look moves at most this much of a large file, and of one array or table half of it.
MOST_BYTES, MOST_OF_ONE = 8 << 20, 4 << 20
#: HDUs up to the first size are always taken whole (they come with the headers' requests), up to the second while
#: the sum allows.
ALWAYS_WHOLE, OFTEN_WHOLE = 64 << 10, 1 << 20
#: Rows of a large image: some three for each row of cells of a tall terminal.
IMAGE_ROWS = 128
#: Planes of a cube of small planes; the reader draws the median of as many.
PLANES, SMALL_PLANE = 64, 256 << 10
#: Rows of a table whose rows are this long or longer (pixel files, a spectrum a row).
LONG_ROWS, LONG_ROW = 48, 4096


@dataclass(frozen=True)
class Side:
    """Indices first, first + step, … (`count` of them) of a side that is `length` long in the file."""

    first: int
    step: int
    count: int
    length: int

    @property
    def whole(self) -> bool:
        return self.count == self.length

    def at(self, k: int) -> int:
        """The index in the file of the `k`-th that is taken."""
        return self.first + self.step * k

    def indices(self) -> range:
        return range(self.first, self.first + self.step * self.count, self.step)


@dataclass(frozen=True)
class Taken:
    """What is taken of one HDU's data: of an array or table the rows at `sides` (numpy order, the contiguous last side
    left out), each `row_bytes` long. No sides: all of it where `whole`, else nothing.
    """

    hdu: Hdu
    whole: bool
    sides: tuple[Side, ...] = ()
    row_bytes: int = 0

    @property
    def is_table(self) -> bool:
        return self.hdu.extension in ("BINTABLE", "TABLE")

    @property
    def only_whole(self) -> bool:
        """Not taken, and never in part: compressed tiles and cells of varying length are not rows of bytes."""
        return not self.whole and not self.sides and not _rows(self.hdu)[0]

    @property
    def sampled(self) -> bool:
        return bool(self.sides) and not all(side.whole for side in self.sides)

    def spans(self) -> Iterator[tuple[int, int]]:
        """Where the bytes lie in the file, in the order in which they are in the array."""
        start = self.hdu.data_offset
        if not self.sides:
            if self.whole:
                yield start, start + self.hdu.data_bytes
            return
        lengths = [side.length for side in self.sides]
        for index in itertools.product(*(side.indices() for side in self.sides)):
            at = 0
            for k, length in zip(index, lengths, strict=True):
                at = at * length + k
            yield start + at * self.row_bytes, start + (at + 1) * self.row_bytes


@dataclass(frozen=True)
class Aim:
    """What is looked for: as `Asked`, and `rows` of a table for its frames (first, step, count)."""

    hdu: int | None = None
    row: int | None = None
    plane: int | None = None
    window: tuple[int, int, int, int] | None = None
    rows: tuple[int, int, int] | None = None


def choose(hdus: Sequence[Hdu], aim: Aim) -> list[Taken]:
    """What to take of each HDU of a large file whose headers are known."""
    left = MOST_BYTES
    picture: Taken | None = None
    taken: list[Taken] = []
    for hdu in hdus:
        part = _choose_one(hdu, aim, left, picture)
        if part.sides and not part.is_table and picture is None:
            picture = part
        left -= sum(b - a for a, b in part.spans())
        taken.append(part)
    return taken


def available(hdus: Sequence[Hdu], n_bytes: int) -> list[Taken]:
    """What there is of each HDU when only the first `n_bytes` bytes of the file can be had."""
    taken: list[Taken] = []
    for hdu in hdus:
        there = max(0, min(hdu.data_bytes, n_bytes - hdu.data_offset))
        if there == hdu.data_bytes:
            taken.append(Taken(hdu, True))
            continue
        sides, row_bytes = _rows(hdu)
        if not sides or there < row_bytes or row_bytes == 0:
            taken.append(Taken(hdu, False))
            continue
        taken.append(Taken(hdu, False, _first_rows(sides, there // row_bytes), row_bytes))
    return taken


def _choose_one(hdu: Hdu, aim: Aim, left: int, picture: Taken | None) -> Taken:
    size = hdu.data_bytes
    if size <= ALWAYS_WHOLE:
        return Taken(hdu, True)
    sides, row_bytes = _rows(hdu)
    flags = picture is not None and hdu.header.name == "DQ" and hdu.axes == picture.hdu.axes
    if flags and picture is not None and sides:
        return Taken(hdu, False, picture.sides, row_bytes)  # tells which of the rows' pixels must not be used
    chosen = aim.hdu == hdu.index
    if not chosen and (aim.hdu is not None or hdu.header.name.upper() in COMPANIONS):
        return Taken(hdu, False)
    if size <= min(left, OFTEN_WHOLE):
        return Taken(hdu, True)
    if sides and hdu.extension == "BINTABLE":
        part = Taken(hdu, False, (_table_rows(sides[0].length, row_bytes, aim),), row_bytes)
    elif sides and (chosen or picture is None):
        part = Taken(hdu, False, _image_sides(sides, row_bytes, aim), row_bytes)
    else:
        return Taken(hdu, size <= left)  # can't be thinned: compressed tiles, cells of varying length
    return part if sum(b - a for a, b in part.spans()) <= max(left, MOST_OF_ONE) else Taken(hdu, False)


def _rows(hdu: Hdu) -> tuple[tuple[Side, ...], int]:
    """The sides of an array or table and the bytes of a row; nothing where its bytes are not rows."""
    if hdu.extension == "BINTABLE":
        heap = (hdu.header.integer("PCOUNT") or 0) > 0 and any(c.code in "PQ" for c in columns_of(hdu.header).values())
        length, row_bytes = hdu.header.integer("NAXIS2") or 0, hdu.header.integer("NAXIS1") or 0
        return ((), 0) if heap or not length * row_bytes else ((_all(length),), row_bytes)
    axes = image_axes(hdu)
    if len(axes) < 2 or 0 in axes or hdu.extension not in ("", "IMAGE"):
        return (), 0
    width = BITPIX_BYTES.get(hdu.header.integer("BITPIX") or 0, 0)
    return tuple(_all(length) for length in axes[:-1]), axes[-1] * width


def _all(length: int) -> Side:
    return Side(0, 1, length, length)


def _one_of(side: Side, index: int) -> Side:
    return Side(min(max(index, 0), side.length - 1), 1, 1, side.length)


def _spread(first: int, stop: int, most: int, length: int) -> Side:
    """At most `most` indices between `first` and `stop` (excluded), evenly."""
    n = max(1, stop - first)
    step = -(-n // max(1, most))
    return Side(first + (step - 1) // 2, step, max(1, (n - (step - 1) // 2 + step - 1) // step), length)


def _table_rows(length: int, row_bytes: int, aim: Aim) -> Side:
    affordable = max(1, MOST_OF_ONE // row_bytes)
    if aim.rows is not None:
        first, step, count = aim.rows
        return Side(first, step, max(0, min(count, affordable, -(-(length - first) // step))), length)
    single = aim.row if aim.row is not None else aim.plane
    if single is not None and row_bytes >= LONG_ROW and 0 <= single < length:
        return Side(single, 1, 1, length)
    if row_bytes < LONG_ROW:
        return Side(0, 1, min(length, affordable), length)
    step = -(-length // min(LONG_ROWS, affordable))
    return Side(0, step, -(-length // step), length)


def _image_sides(sides: tuple[Side, ...], row_bytes: int, aim: Aim) -> tuple[Side, ...]:
    *outer, rows = sides
    low, high = (0, rows.length) if aim.window is None else (aim.window[1], aim.window[3])
    low = min(max(low, 0), rows.length - 1)
    high = min(max(high, low + 1), rows.length)
    plane_bytes = rows.length * row_bytes
    if not outer:
        return (_affordable(low, high, rows.length, row_bytes, MOST_OF_ONE),)
    if aim.plane is not None:
        planes = _unravelled(aim.plane, [side.length for side in outer])
        kept = tuple(_one_of(side, k) for side, k in zip(outer, planes, strict=True))
    elif len(outer) == 1 and plane_bytes <= SMALL_PLANE:
        spread = min(PLANES, max(1, MOST_OF_ONE // plane_bytes))
        return (_spread(0, outer[0].length, spread, outer[0].length), rows)
    else:
        # of a stack the last plane is shown; of an exposure read up the ramp the last less the first is the signal
        kept = tuple(_one_of(side, side.length - 1) for side in outer)
        if len(outer) == 2 and outer[1].length > 1:
            n = outer[1].length
            kept = (kept[0], Side(0, n - 1, 2, n))
    share = MOST_OF_ONE // math.prod(side.count for side in kept)
    return (*kept, _affordable(low, high, rows.length, row_bytes, share))


def _affordable(low: int, high: int, length: int, row_bytes: int, most_bytes: int) -> Side:
    """Rows `low` to `high`: all where they fit, else evenly spread ones."""
    if (high - low) * row_bytes <= most_bytes:
        return Side(low, 1, high - low, length)
    return _spread(low, high, min(IMAGE_ROWS, max(1, most_bytes // row_bytes)), length)


def _first_rows(sides: tuple[Side, ...], n_rows: int) -> tuple[Side, ...]:
    """The first `n_rows` rows of an array as sides: whole planes where there are some, else rows of the first."""
    if len(sides) == 1:
        return (Side(0, 1, min(n_rows, sides[0].length), sides[0].length),)
    inner = math.prod(side.length for side in sides[1:])
    if n_rows >= inner:
        return (Side(0, 1, n_rows // inner, sides[0].length), *sides[1:])
    return (Side(0, 1, 1, sides[0].length), *_first_rows(sides[1:], n_rows))


def _unravelled(index: int, lengths: Sequence[int]) -> list[int]:
    found: list[int] = []
    for length in reversed(lengths):
        index, k = divmod(index, length)
        found.append(k)
    return found[::-1]
