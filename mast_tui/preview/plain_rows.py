"""The rows of a binary table read straight from its bytes, for columns that hold plain numbers, letters or booleans.

astropy takes about 5 ms to set up a table of twenty columns, however few of its numbers are wanted; a file of sixty
spectra is read here in the time of two such tables. What is not plain (scaled values, bits, complex numbers, arrays of
variable length) is left to astropy, column by column. Used by `fits_file`. The layout is that of the FITS standard 4.0,
section 7.3.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any, BinaryIO, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from mast_tui.preview.columns import Columns
from mast_tui.preview.guard import MAX_FIELDS, Hdu
from mast_tui.preview.headers import Header

#: Larger tables are left to astropy: mapped twice, by it too for another HDU, they would not fit into the worker.
MAX_BYTES = 256 << 20
_FORM = re.compile(r"\s*(\d*)\s*([LXBIJKAEDCMPQ])")
#: FITS 4.0, table 18: bytes of an element; of X eight elements make a byte.
_BYTES = {"L": 1, "B": 1, "I": 2, "J": 4, "K": 8, "A": 1, "E": 4, "D": 8, "C": 8, "M": 16, "P": 8, "Q": 16}
_NUMBERS = {"B": "u1", "I": ">i2", "J": ">i4", "K": ">i8", "E": ">f4", "D": ">f8"}
#: TZERO by which integers are unsigned (FITS 4.0, table 19).
_UNSIGNED = {"I": 2.0**15, "J": 2.0**31, "K": 2.0**63}
#: What is done to the stored values of a column.
_How: TypeAlias = Literal["number", "unsigned", "truth", "letters"]


class PlainRows:
    """`field(name)` is a column as astropy's FITS_rec gives it: (rows, *shape), strings without blanks at their end."""

    def __init__(self, rows: npt.NDArray[Any], how: dict[str, _How], others: Callable[[], Any]) -> None:
        self._rows, self._how, self._others = rows, how, others
        self._made: dict[str, npt.NDArray[Any]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def field(self, name: str) -> npt.NDArray[Any]:
        if name not in self._made:
            how = self._how.get(name)
            self._made[name] = (
                np.asarray(self._others().field(name)) if how is None else _finished(self._rows[name], how)
            )
        return self._made[name]


def _finished(values: npt.NDArray[Any], how: _How) -> npt.NDArray[Any]:
    """What the stored bytes of a column mean."""
    if how == "unsigned":
        kind = np.dtype(f">u{values.dtype.itemsize}")
        return np.asarray(values.view(kind) ^ np.array(1 << (8 * kind.itemsize - 1), kind))
    if how == "truth":
        return np.asarray(values == ord("T"))
    if how == "letters":
        return np.char.rstrip(np.char.decode(values, "ascii", "replace"))
    return values


def plain_rows(file: BinaryIO, hdu: Hdu, columns: Columns, others: Callable[[], Any]) -> PlainRows | None:
    """The whole rows of a binary table that `file` holds; `others` gives astropy's table, for columns not read here.

    None where the table is not one to be read in this way: an ASCII or very large one, a compressed image, a header
    whose columns do not add up to its rows, or without a row.
    """
    header = hdu.header
    row_bytes, n_rows = header.integer("NAXIS1") or 0, header.integer("NAXIS2") or 0
    if hdu.extension != "BINTABLE" or header.get("ZIMAGE") is True or row_bytes <= 0:
        return None
    n_rows = min(n_rows, hdu.present_bytes // row_bytes)
    if not 0 < n_rows * row_bytes <= MAX_BYTES:
        return None
    found = _row_type(header, columns, row_bytes)
    if found is None:
        return None
    kind, how = found
    return PlainRows(mapped(file, hdu.data_offset, kind, n_rows), how, others)


def mapped(file: BinaryIO, offset: int, kind: np.dtype[Any], n_rows: int) -> npt.NDArray[Any]:
    """`n_rows` things of a kind from `offset` on, without copying them."""
    if isinstance(file, io.BytesIO):  # unpacked gzip
        return np.frombuffer(file.getvalue(), kind, n_rows, offset)
    return np.asarray(np.memmap(file, kind, "r", offset, (n_rows,)))


def _row_type(header: Header, columns: Columns, row_bytes: int) -> tuple[np.dtype[Any], dict[str, _How]] | None:
    """The plain columns of a row, each at its place; None where the row's length is not that of its columns."""
    shapes = {column.name: column.shape for column in columns.values()}
    formats: list[Any] = []
    offsets: list[int] = []
    how: dict[str, _How] = {}
    at = 0
    for k in range(1, min(header.integer("TFIELDS") or 0, MAX_FIELDS) + 1):
        match = _FORM.match(header.text(f"TFORM{k}").upper())
        if match is None:
            return None
        code, repeat = match[2], int(match[1] or 1)
        name = header.text(f"TTYPE{k}") or f"col{k}"
        if name in shapes and name not in how and _is_plain(header, k, code):
            formats.append((f"S{repeat}", ()) if code == "A" else (_NUMBERS.get(code, "u1"), shapes[name]))
            offsets.append(at)
            number: _How = "unsigned" if _is_unsigned(header, k, code) else "number"
            how[name] = "letters" if code == "A" else "truth" if code == "L" else number
        at += -(-repeat // 8) if code == "X" else repeat * _BYTES[code]
    if at != row_bytes:
        return None
    return np.dtype({"names": list(how), "formats": formats, "offsets": offsets, "itemsize": row_bytes}), how


def _is_plain(header: Header, k: int, code: str) -> bool:
    if code == "A":
        return not header.text(f"TDIM{k}") and not header.text(f"TFORM{k}").strip().startswith("0")
    unscaled = header.number(f"TSCAL{k}") in (None, 1.0) and header.number(f"TZERO{k}") in (None, 0.0)
    return code == "L" or (code in _NUMBERS and (unscaled or _is_unsigned(header, k, code)))


def _is_unsigned(header: Header, k: int, code: str) -> bool:
    half = _UNSIGNED.get(code)
    return half is not None and header.number(f"TZERO{k}") == half and header.number(f"TSCAL{k}") in (None, 1.0)
