"""Which parts of a FITS file are worth fetching or reading for a look, as data: an index range for each array's side.

Pure arithmetic over headers (FITS 4.0, 3.3 and 7.3: arrays and tables are rows of fixed length, one after the other).
Used by `sparse`, which asks for the parts and makes a small whole file of them, and by `large`, which does so with a
file that is here.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mast_tui.core.look import Window
from mast_tui.preview.columns import columns_of
from mast_tui.preview.fits_file import image_axes
from mast_tui.preview.guard import BITPIX_BYTES, Hdu
from mast_tui.preview.recipe import COMPANIONS

#: HDUs up to this size are always taken whole: they come with the headers' requests.
ALWAYS_WHOLE = 64 << 10
#: Planes of a cube of small planes; the reader draws the median of as many.
PLANES = 64
#: Bytes from which on a row of a table is long: pixel files, a spectrum a row.
LONG_ROW = 4096


@dataclass(frozen=True)
class Budget:
    """How much of a large file one look is worth, in bytes: `most` of all of it, `of_one` of one array or table.

    HDUs up to `often_whole` are taken whole while the sum allows; where one was asked for, of the others those up to
    `others`, such as the aperture of a pixel file. `image_rows` is how many rows of an image stand for all, where all
    are too many; `small_plane` the bytes of a plane of which several are taken; `long_rows` how many rows of a table
    with long rows.
    """

    most: int
    of_one: int
    often_whole: int
    others: int
    image_rows: int
    small_plane: int
    long_rows: int


#: Of a file in the archive: what a thin line brings in a few seconds, and some three rows of an image for each row of
#: cells of a tall terminal.
FETCHED = Budget(8 << 20, 4 << 20, 1 << 20, 0, 128, 256 << 10, 48)
#: Of a file that is here: as many rows of an image as the reader draws (`shrinking.MAX_ROWS`). A part of up to 64 MiB
#: is read with every pixel, so a plane of 4096 x 4096 floats is whole, and so are 838 rows of 20,000.
READ = Budget(128 << 20, 64 << 20, 64 << 20, 1 << 20, 160, 1 << 20, 1 << 16)


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

    @property
    def n_bytes(self) -> int:
        if not self.sides:
            return self.hdu.data_bytes if self.whole else 0
        return math.prod(side.count for side in self.sides) * self.row_bytes

    def spans(self) -> Iterator[tuple[int, int]]:
        """Where the bytes lie in the file, in the order of the array; rows that touch are one span."""
        start = self.hdu.data_offset
        if not self.sides:
            if self.whole:
                yield start, start + self.hdu.data_bytes
            return
        *outer, rows = self.sides
        lengths = [side.length for side in self.sides]
        together = rows.count if rows.step == 1 else 1
        first = range(rows.first, rows.first + 1) if rows.step == 1 and rows.count else rows.indices()
        for index in itertools.product(*(side.indices() for side in outer), first):
            at = 0
            for k, length in zip(index, lengths, strict=True):
                at = at * length + k
            yield start + at * self.row_bytes, start + (at + together) * self.row_bytes


@dataclass(frozen=True)
class Aim:
    """What is looked for: as `Asked`, and `rows` of a table for its frames (first, step, count)."""

    hdu: int | None = None
    row: int | None = None
    plane: int | None = None
    window: Window | None = None
    rows: tuple[int, int, int] | None = None


def choose(hdus: Sequence[Hdu], aim: Aim, budget: Budget = FETCHED) -> list[Taken]:
    """What to take of each HDU of a large file whose headers are known."""
    left = budget.most
    picture: Taken | None = None
    taken: list[Taken] = []
    for hdu in hdus:
        part = _choose_one(hdu, aim, left, picture, budget, is_ramp(hdus[0], hdu))
        if part.sides and not part.is_table and picture is None:
            picture = part
        left -= part.n_bytes
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


def is_ramp(primary: Hdu, hdu: Hdu) -> bool:
    """Integrations of groups, as JWST's detectors are read: the reader takes an integration for a plane."""
    axes = image_axes(hdu)
    return len(axes) == 4 and axes[1] > 1 and "JWST" in primary.header.text("TELESCOP").upper()


def _choose_one(hdu: Hdu, aim: Aim, left: int, picture: Taken | None, budget: Budget, ramp: bool) -> Taken:
    size = hdu.data_bytes
    if size <= ALWAYS_WHOLE:
        return Taken(hdu, True)
    sides, row_bytes = _rows(hdu)
    flags = picture is not None and hdu.header.name == "DQ" and hdu.axes == picture.hdu.axes
    if flags and picture is not None and sides:
        return Taken(hdu, False, picture.sides, row_bytes)  # tells which of the rows' pixels must not be used
    chosen = aim.hdu == hdu.index
    if not chosen and size <= min(left - budget.of_one, budget.others):
        return Taken(hdu, True)
    if not chosen and (aim.hdu is not None or hdu.header.name.upper() in COMPANIONS):
        return Taken(hdu, False)
    if size <= min(left, budget.often_whole):
        return Taken(hdu, True)
    if sides and hdu.extension == "BINTABLE":
        part = Taken(hdu, False, (_table_rows(sides[0].length, row_bytes, aim, budget),), row_bytes)
    elif sides and (chosen or picture is None):
        part = Taken(hdu, False, _image_sides(sides, row_bytes, aim, budget, ramp), row_bytes)
    else:
        return Taken(hdu, size <= left)  # can't be thinned: compressed tiles, cells of varying length
    return part if part.n_bytes <= max(left, budget.of_one) else Taken(hdu, False)


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


def _table_rows(length: int, row_bytes: int, aim: Aim, budget: Budget) -> Side:
    affordable = max(1, budget.of_one // row_bytes)
    if aim.rows is not None:
        first, step, count = aim.rows
        return Side(first, step, max(0, min(count, affordable, -(-(length - first) // step))), length)
    single = aim.row if aim.row is not None else aim.plane
    if single is not None and 0 <= single < length and (row_bytes >= LONG_ROW or single >= affordable):
        return Side(single, 1, 1, length)
    if row_bytes < LONG_ROW:
        return Side(0, 1, min(length, affordable), length)
    step = -(-length // min(budget.long_rows, affordable))
    return Side(0, step, -(-length // step), length)


def _image_sides(sides: tuple[Side, ...], row_bytes: int, aim: Aim, budget: Budget, ramp: bool) -> tuple[Side, ...]:
    *outer, rows = sides
    low, high = (0, rows.length) if aim.window is None else (aim.window[1], aim.window[3])
    low = min(max(low, 0), rows.length - 1)
    high = min(max(high, low + 1), rows.length)
    plane_bytes = rows.length * row_bytes
    kept: tuple[Side, ...]
    if not outer:
        return (_affordable(low, high, rows.length, row_bytes, budget.of_one, budget.image_rows),)
    if ramp:  # the last less the first group of an integration is the signal
        n = outer[1].length
        kept = (_one_of(outer[0], outer[0].length - 1 if aim.plane is None else aim.plane), Side(0, n - 1, 2, n))
    elif aim.plane is not None:
        planes = _unravelled(aim.plane, [side.length for side in outer])
        kept = tuple(_one_of(side, k) for side, k in zip(outer, planes, strict=True))
    elif len(outer) == 1 and plane_bytes <= budget.small_plane:
        spread = min(PLANES, max(1, budget.of_one // plane_bytes))
        return (_spread(0, outer[0].length, spread, outer[0].length), Side(low, 1, high - low, rows.length))
    else:
        kept = tuple(_one_of(side, side.length - 1) for side in outer)  # of a stack the last plane is shown
    share = budget.of_one // math.prod(side.count for side in kept)
    return (*kept, _affordable(low, high, rows.length, row_bytes, share, budget.image_rows))


def _affordable(low: int, high: int, length: int, row_bytes: int, most_bytes: int, most_rows: int) -> Side:
    """Rows `low` to `high`: all where they fit, else evenly spread ones."""
    if (high - low) * row_bytes <= most_bytes:
        return Side(low, 1, high - low, length)
    return _spread(low, high, min(most_rows, max(1, most_bytes // row_bytes)), length)


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
