"""One FITS file inside the worker: the sound part of its structure, and its tables and arrays through astropy.

astropy sees only HDUs that `guard` found sound; of a table that was cut off it gets the rows that are there. Used by
`jobs` and the readers; astropy is imported on first use.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol

import numpy as np
import numpy.typing as npt

from mast_tui.core.errors import UnreadableFile
from mast_tui.core.text import human_bytes
from mast_tui.preview import guard
from mast_tui.preview.columns import Columns, columns_of
from mast_tui.preview.headers import BLOCK_BYTES, EMPTY, Header
from mast_tui.preview.plain_array import plain_array
from mast_tui.preview.plain_rows import plain_rows

#: What astropy and numpy raise on mangled data; caught around the reading of one HDU, and told in one sentence.
PARSER_ERRORS = (
    ValueError,
    TypeError,
    LookupError,
    OSError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    RuntimeError,
    MemoryError,
    EOFError,
    struct.error,
    zlib.error,
)
#: A file is mapped into memory as a whole; the worker's address space is limited.
MAX_MAPPED = 1_200 << 20
#: Header bytes that are not printable ASCII become '?'.
_PRINTABLE = bytes(byte if 32 <= byte < 127 else 63 for byte in range(256))
#: Decoded, an array may have so many pixels: 2^27 of 4 bytes are half a gigabyte.
MAX_PIXELS = 1 << 27


class TooLarge(UnreadableFile):
    """The data of an HDU are too large to be read as a whole. `large` reads a part of them."""


class FitsFile:
    """An open FITS file. `walk` tells the HDUs; `table` and `image` read the data of one."""

    def __init__(self, path: Path, opened: tuple[BinaryIO, int] | None = None) -> None:
        """`opened`: the file's bytes and their number, as `guard.open_bytes` gives them."""
        self._file, self.n_bytes = opened or guard.open_bytes(path)
        self.walk = guard.walk(self._file, self.n_bytes)
        self._opened: Any = None
        self._columns: dict[int, Columns] = {}

    def __enter__(self) -> FitsFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._opened is not None:
            self._opened.close()
        self._file.close()

    @property
    def primary(self) -> Header:
        return self.walk.hdus[0].header if self.walk.hdus else EMPTY

    def raw_bytes(self, offset: int, n_bytes: int) -> bytes:
        """Bytes of the unpacked file; fewer at its end."""
        self._file.seek(offset)
        return self._file.read(n_bytes)

    def columns(self, hdu: guard.Hdu) -> Columns:
        if hdu.index not in self._columns:
            self._columns[hdu.index] = columns_of(hdu.header)
        return self._columns[hdu.index]

    def table(self, hdu: guard.Hdu) -> Table:
        """The rows that are there. Raises one of `PARSER_ERRORS` for a mangled table."""
        columns = self.columns(hdu)
        plain = plain_rows(self._file, hdu, columns, lambda: self._parsed(hdu))
        return Table(self._parsed(hdu) if plain is None else plain, columns)

    def _parsed(self, hdu: guard.Hdu) -> Any:
        """The table as astropy's FITS_rec."""
        if not hdu.complete:
            return self._rebuilt(hdu)
        try:
            return self._astropy(hdu.index).data
        except _NotAstropys as error:
            if hdu.extension != "BINTABLE":
                raise ValueError(str(error)) from None
            return self._rebuilt(hdu)

    def image(self, hdu: guard.Hdu) -> npt.NDArray[Any]:
        """The array of an image HDU, scaled as the header says, in numpy order."""
        n_pixels = 1
        for length in image_axes(hdu):
            n_pixels *= length
        if n_pixels > MAX_PIXELS:
            raise TooLarge("this array is too large for a preview", f"it has {n_pixels:,} pixels", "")
        plain = plain_array(self._file, hdu)
        if plain is not None:
            return plain
        try:
            data = self._astropy(hdu.index).data
        except _NotAstropys as error:
            raise ValueError(str(error)) from None
        if not isinstance(data, np.ndarray) or data.dtype.names is not None:
            raise ValueError("the HDU holds no plain array")
        return data

    def _astropy(self, index: int) -> Any:
        from astropy.io import fits

        if self.n_bytes > MAX_MAPPED:
            size = human_bytes(self.n_bytes)
            raise TooLarge("this can only be read whole", f"a file of {size} is too large for that", "")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                if self._opened is None:
                    self._file.seek(0)
                    # memmap=None maps files on disk, and reads scaled integers, where True would refuse them
                    self._opened = fits.open(self._file, mode="readonly", memmap=None, lazy_load_hdus=True)
                hdu = self._opened[index]
                _ = hdu.data  # read here, where warnings are caught
            except fits.VerifyError as error:
                raise _NotAstropys(error) from None
        return hdu

    def _rebuilt(self, hdu: guard.Hdu) -> Any:
        """The whole rows of a binary table that are there, under its own header made printable, without its heap."""
        from astropy.io import fits

        row_bytes = hdu.header.integer("NAXIS1") or 0
        n_rows = min(hdu.header.integer("NAXIS2") or 0, hdu.present_bytes // row_bytes) if row_bytes else 0
        if n_rows == 0 or hdu.extension != "BINTABLE":
            raise ValueError("no row of the table is complete")
        self._file.seek(hdu.header_offset)
        written = self._file.read(hdu.data_offset - hdu.header_offset).translate(_PRINTABLE)
        rows = self._file.read(n_rows * row_bytes)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                header = fits.Header.fromstring(written)
                header["NAXIS2"], header["PCOUNT"] = n_rows, 0
                content = header.tostring().encode("ascii") + rows
                content += b"\0" * (-len(content) % BLOCK_BYTES)
                return fits.BinTableHDU.fromstring(content).data
            except fits.VerifyError as error:
                raise ValueError(str(error)) from None


class _NotAstropys(Exception):
    """astropy refuses the header; its VerifyError is not known here before astropy is imported."""


class HasTable(Protocol):
    """What a reader of tables needs of a file."""

    def table(self, hdu: guard.Hdu) -> Table: ...


class Table:
    """Columns of one table by upper-case name, as native numbers."""

    def __init__(self, data: Any, columns: Columns) -> None:
        self._data, self.columns = data, columns
        self.n_rows = 0 if data is None else len(data)

    def raw(self, name: str, row: int | None = None) -> npt.NDArray[Any]:
        """The column as it is stored (scaled), whole or one row of it."""
        values = np.asarray(self._data.field(self.columns[name].name))
        return values if row is None else values[row]

    def numbers(self, name: str, row: int | None = None) -> npt.NDArray[np.float64]:
        """The column as float64; ValueError where it does not hold plain numbers."""
        values = self.raw(name, row)
        if values.dtype.kind not in "fiub":
            raise ValueError(f"column {name} does not hold numbers")
        return values.astype(np.float64)

    def counters(self, names: Sequence[str]) -> npt.NDArray[np.int64] | None:
        """The first of these columns that is there and holds a whole number a row; None where none does."""
        name = next((name for name in names if name in self.columns), None)
        values = None if name is None else self.raw(name)
        if values is None or values.ndim != 1 or values.dtype.kind not in "fiu":
            return None
        if values.dtype.kind == "f" and not (np.isfinite(values).all() and (values == np.rint(values)).all()):
            return None
        return values.astype(np.int64)


def image_axes(hdu: guard.Hdu) -> tuple[int, ...]:
    """The axes of an image HDU in numpy order, also of a compressed one; () where there is no image."""
    header = hdu.header
    if hdu.extension == "BINTABLE" and header.get("ZIMAGE") is True:
        n = header.integer("ZNAXIS") or 0
        return tuple(header.integer(f"ZNAXIS{k}") or 0 for k in range(min(n, guard.MAX_AXES), 0, -1))
    if hdu.extension in ("", "IMAGE") and header.get("GROUPS") is not True:
        return hdu.axes
    return ()
