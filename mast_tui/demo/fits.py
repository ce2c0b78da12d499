"""A small writer of FITS files, so that the embedded archive needs numpy alone.

The data sets describe a file as HDUs whose shapes are known before any number is: a product list can then give the
true size of a file at once, and the pixels are made when somebody downloads it. Every HDU carries DATASUM and
CHECKSUM. Called by `demo.datasets`; nothing in the app reads with this.

Formats: FITS Standard 4.0, sections 3-4 (blocks, cards), 7.3 (binary tables), appendix J (checksum).
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from mast_tui.demo.fits_cards import Card, Value, cards, format_card

__all__ = ["BLOCK", "Array", "Card", "Column", "FitsFile", "Hdu", "Image", "Table", "TiledFits", "Value", "cards"]

Array = npt.NDArray[Any]

BLOCK = 2880
_ZERO_CHECKSUM = "0" * 16
_DTYPES = {"L": "S1", "B": "u1", "I": ">i2", "J": ">i4", "K": ">i8", "E": ">f4", "D": ">f8"}
_BITPIX = {"u1": 8, "i2": 16, "i4": 32, "f4": -32, "f8": -64}


@dataclass(frozen=True)
class Column:
    """A column of a binary table; `form` is its TFORM, such as `D`, `16384E`, `4A`.

    `zero` is TZERO, for unsigned integers; `dim` is TDIM without its parentheses' spaces, as `(11,11)`.
    """

    name: str
    form: str
    unit: str = ""
    disp: str = ""
    comment: str = ""
    dim: str = ""
    null: int | None = None
    zero: int | None = None

    @property
    def dtype(self) -> tuple[str, str] | tuple[str, str, tuple[int, ...]]:
        count, code = self.form[:-1], self.form[-1]
        if code == "A":
            return self.name, f"S{count or 1}"
        if not count:
            return self.name, _DTYPES[code]
        if self.dim:
            shape = tuple(int(n) for n in reversed(self.dim.strip("()").split(",")))
            return self.name, _DTYPES[code], shape
        return (self.name, _DTYPES[code], (int(count),)) if int(count) != 1 else (self.name, _DTYPES[code])

    def cards(self, number: int) -> list[Card]:
        made: list[Card] = [(f"TTYPE{number}", self.name, self.comment), (f"TFORM{number}", self.form, "")]
        if self.unit:
            made.append((f"TUNIT{number}", self.unit, ""))
        if self.disp:
            made.append((f"TDISP{number}", self.disp, ""))
        if self.dim:
            made.append((f"TDIM{number}", self.dim, ""))
        if self.null is not None:
            made.append((f"TNULL{number}", self.null, ""))
        if self.zero is not None:
            made.append((f"TZERO{number}", self.zero, ""))
        return made


@dataclass(frozen=True)
class Table:
    """A binary table; its data is a mapping from column name to an array with `rows` first."""

    columns: Sequence[Column]
    rows: int
    cards: Sequence[Card]

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype([c.dtype for c in self.columns])

    @property
    def data_bytes(self) -> int:
        return self.dtype.itemsize * self.rows

    def header(self, primary: bool) -> list[Card]:
        if primary:
            raise ValueError("a table can't be the primary HDU")
        made = cards(
            """
            XTENSION= 'BINTABLE'  / binary table extension
            BITPIX  = 8           / array data type
            NAXIS   = 2           / number of array dimensions
            NAXIS1  = {width}     / length of dimension 1
            NAXIS2  = {rows}      / length of dimension 2
            PCOUNT  = 0           / number of group parameters
            GCOUNT  = 1           / number of groups
            TFIELDS = {fields}    / number of table fields
            """.strip(),
            width=self.dtype.itemsize,
            rows=self.rows,
            fields=len(self.columns),
        )
        for number, column in enumerate(self.columns, 1):
            made += column.cards(number)
        return made + list(self.cards)

    def pack(self, data: Any) -> bytes:
        packed = np.zeros(self.rows, dtype=self.dtype)
        for column in self.columns:
            values = data[column.name]
            if column.zero is not None:
                values = np.asarray(values).astype(np.int64) - column.zero
            packed[column.name] = values
        return packed.tobytes()


@dataclass(frozen=True)
class Image:
    """An image HDU; `kind` is a numpy code (`f4`, `i2`, ...), an empty `shape` is a header without data."""

    cards: Sequence[Card]
    shape: tuple[int, ...] = ()
    kind: str = "u1"
    #: set for the unsigned 16-bit integers of raw data, stored as signed ones with BZERO 32768
    unsigned: bool = False
    #: set for data-quality planes: all zero in a tiled file
    flags: bool = False

    @property
    def data_bytes(self) -> int:
        return int(np.prod(self.shape)) * np.dtype(self.kind).itemsize if self.shape else 0

    def header(self, primary: bool) -> list[Card]:
        made: list[Card] = [
            ("SIMPLE", True, "conforms to FITS standards") if primary else ("XTENSION", "IMAGE", "Image extension"),
            ("BITPIX", _BITPIX[self.kind], "array data type"),
            ("NAXIS", len(self.shape), "number of array dimensions"),
        ]
        made += [(f"NAXIS{i}", n, "") for i, n in enumerate(reversed(self.shape), 1)]
        if primary:
            made.append(("EXTEND", True, "file contains extensions"))
        else:
            made += [("PCOUNT", 0, "number of parameters"), ("GCOUNT", 1, "number of groups")]
        if self.unsigned:
            made += [("BSCALE", 1, ""), ("BZERO", 32768, "")]
        return made + list(self.cards)

    def pack(self, data: Any) -> bytes:
        if not self.shape:
            return b""
        values = np.asarray(data)
        if values.shape != self.shape:
            raise ValueError(f"an image of {self.shape} was promised and {values.shape} came")
        if self.unsigned:
            values = values.astype(np.int32) - 32768
        return values.astype(np.dtype(self.kind).newbyteorder(">")).tobytes()


Hdu = Table | Image


def _padded(length: int) -> int:
    return -(-length // BLOCK) * BLOCK


def _sum32(data: bytes, start: int = 0) -> int:
    """The ones' complement sum of `data` (a multiple of 4 bytes) as big-endian 32-bit words."""
    return _folded(start + int(np.frombuffer(data, dtype=">u4").sum(dtype=np.uint64)))


def _folded(total: int) -> int:
    while total >> 32:
        total = (total & 0xFFFFFFFF) + (total >> 32)
    return total


def _encoded(total: int) -> str:
    """The 16 letters and digits that make the sum of an HDU all ones (FITS Standard 4.0, appendix J.2)."""
    complement = 0xFFFFFFFF - total
    punctuation = {*range(0x3A, 0x41), *range(0x5B, 0x61)}
    letters = [0] * 16
    for i in range(4):
        byte = (complement >> (24 - 8 * i)) & 0xFF
        four = [byte // 4 + 0x30 + byte % 4, *[byte // 4 + 0x30] * 3]
        while punctuation & set(four):
            for j in (0, 2):
                if four[j] in punctuation or four[j + 1] in punctuation:
                    four[j], four[j + 1] = four[j] + 1, four[j + 1] - 1
        for j, letter in enumerate(four):
            letters[4 * j + i] = letter
    return bytes(letters[-1:] + letters[:-1]).decode("ascii")


def _header_bytes(made: Sequence[Card]) -> bytes:
    text = b"".join(format_card(c) for c in made) + b"END".ljust(80)
    return text.ljust(_padded(len(text)))


def _sums(datasum: int, checksum: str) -> list[Card]:
    return [("CHECKSUM", checksum, "HDU checksum"), ("DATASUM", str(datasum), "data unit checksum")]


def hdu_header(hdu: Hdu, primary: bool, datasum: int = 0) -> bytes:
    """The blocks of the header alone; with the true `datasum`, CHECKSUM is right too."""
    made = hdu.header(primary)
    total = _sum32(_header_bytes([*made, *_sums(datasum, _ZERO_CHECKSUM)]), datasum)
    return _header_bytes([*made, *_sums(datasum, _encoded(total))])


def hdu_size(hdu: Hdu, primary: bool) -> int:
    """Bytes of the HDU with its padding, from its description alone."""
    return _padded(80 * (len(hdu.header(primary)) + 3)) + _padded(hdu.data_bytes)


@dataclass
class TiledFits:
    """A large simulated file of images as `Content`: nothing big is ever made, every byte can be read.

    The pixels of an image are one tile of noise, repeated; images of `flags` are zero. DATASUM and
    CHECKSUM are those of the whole, worked out from the tile.
    """

    hdus: Sequence[Image]
    #: mean and spread of the noise, in the file's units
    level: float = 10.0
    spread: float = 1.0
    _parts: list[tuple[int, bytes, bytes, int]] = field(default_factory=list, repr=False)

    @property
    def size(self) -> int:
        return sum(hdu_size(h, i == 0) for i, h in enumerate(self.hdus))

    def _tile(self, hdu: Image) -> bytes:
        if hdu.flags:
            return bytes(BLOCK)
        noise = np.random.default_rng(3).normal(self.level, self.spread, 16 * BLOCK)
        return Image((), noise.shape, hdu.kind, hdu.unsigned).pack(noise)

    def _laid_out(self) -> list[tuple[int, bytes, bytes, int]]:
        """Offset of each HDU, its header, its tile and how many bytes of data it has without padding."""
        if not self._parts:
            parts, offset = [], 0
            for number, hdu in enumerate(self.hdus):
                tile, length = self._tile(hdu), hdu.data_bytes
                whole, rest = divmod(length, len(tile))
                datasum = _sum32(tile[:rest].ljust(-(-rest // 4) * 4, b"\0"))
                datasum = _folded(datasum + whole * _sum32(tile))
                parts.append((offset, hdu_header(hdu, number == 0, datasum), tile, length))
                offset += hdu_size(hdu, number == 0)
            self._parts = parts
        return self._parts

    @property
    def etag(self) -> str:
        digest = hashlib.sha256(b"".join(head for _, head, _, _ in self._laid_out()))
        return '"' + digest.hexdigest()[:24] + '"'

    def read(self, offset: int, length: int) -> bytes:
        end = min(offset + length, self.size)
        out = bytearray(max(end - offset, 0))
        for start, head, tile, data in self._laid_out():
            _copy(out, offset, start, head)
            first = start + len(head)
            lo, hi = max(offset, first), min(end, first + data)
            if lo < hi:
                skip = (lo - first) % len(tile)
                copies = tile * ((hi - lo + skip) // len(tile) + 1)
                out[lo - offset : hi - offset] = copies[skip : skip + hi - lo]
        return bytes(out)


def _copy(out: bytearray, offset: int, start: int, piece: bytes) -> None:
    """Put `piece`, which lies at `start` of a file, into `out`, which is the file from `offset`."""
    lo, hi = max(offset, start), min(offset + len(out), start + len(piece))
    if lo < hi:
        out[lo - offset : hi - offset] = piece[lo - start : hi - start]


class _Recent:
    """The bytes of the last few files that were read, so that a server that runs for long does not keep them all."""

    _KEPT = 16

    def __init__(self) -> None:
        # the file is kept with its bytes, so that no other can have its id meanwhile
        self._files: OrderedDict[int, tuple[FitsFile, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, file: FitsFile) -> bytes:
        key = id(file)
        with self._lock:
            if key not in self._files:
                self._files[key] = file, file.made()
                while len(self._files) > self._KEPT:
                    self._files.popitem(last=False)
            self._files.move_to_end(key)
            return self._files[key][1]


_recent = _Recent()


@dataclass(eq=False)
class FitsFile:
    """A simulated file as `Content`: its size is known from `hdus`, its bytes are made when they are read.

    `data()` gives one entry an HDU: None for a bare header, an array for an image, a mapping for a table.
    """

    hdus: Sequence[Hdu]
    data: Callable[[], Sequence[Any]]
    _etag: str | None = field(default=None, repr=False)

    def made(self) -> bytes:
        """The whole file."""
        parts = []
        for number, (hdu, values) in enumerate(zip(self.hdus, self.data(), strict=True)):
            body = hdu.pack(values)
            body = body.ljust(_padded(len(body)), b"\0")
            parts += [hdu_header(hdu, number == 0, _sum32(body)), body]
        return b"".join(parts)

    @property
    def size(self) -> int:
        return sum(hdu_size(h, i == 0) for i, h in enumerate(self.hdus))

    @property
    def etag(self) -> str:
        if self._etag is None:
            self._etag = '"' + hashlib.sha256(_recent.get(self)).hexdigest()[:24] + '"'
        return self._etag

    def read(self, offset: int, length: int) -> bytes:
        return _recent.get(self)[offset : offset + length]
