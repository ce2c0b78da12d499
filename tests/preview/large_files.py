"""Large files that cost next to no disk: a header, a few bright rows, and nothing but holes between them (zeros)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from astropy.io import fits

#: A tangential projection with its middle in the middle of 20,000 pixels, 0.05 arcseconds each.
SKY: Mapping[str, Any] = {
    "CTYPE1": "RA---TAN",
    "CTYPE2": "DEC--TAN",
    "CRVAL1": 150.0,
    "CRVAL2": 2.0,
    "CRPIX1": 10_000.5,
    "CRPIX2": 10_000.5,
    "CD1_1": -1.4e-5,
    "CD1_2": 2e-6,
    "CD2_1": 2e-6,
    "CD2_2": 1.4e-5,
}


def large_image(
    path: Path,
    axes: Sequence[int],
    kind: str = ">f4",
    rows: Mapping[Any, Any] | None = None,
    cards: Mapping[str, Any] | None = None,
    primary: Mapping[str, Any] | None = None,
) -> Path:
    """A file whose HDU 1 (SCI) is an array of `axes` (numpy order) of a stored `kind`, zero but for `rows`.

    `rows` gives the pixels (nx,) at the indices before the last axis, a tuple.
    """
    first, science = fits.Header(), fits.Header()
    first["SIMPLE"], first["BITPIX"], first["NAXIS"], first["EXTEND"] = True, 8, 0, True
    first.update(dict(primary or {"TELESCOP": "HST", "INSTRUME": "ACS", "TARGNAME": "DEMO-FIELD"}))
    pixel = np.dtype(kind)
    science["XTENSION"], science["BITPIX"] = "IMAGE", pixel.itemsize * (-8 if pixel.kind == "f" else 8)
    science["NAXIS"] = len(axes)
    for k, length in enumerate(reversed(axes), 1):
        science[f"NAXIS{k}"] = length
    science["PCOUNT"], science["GCOUNT"], science["EXTNAME"] = 0, 1, "SCI"
    science.update(dict(cards or {}))
    start = first.tostring().encode() + science.tostring().encode()
    row_bytes = axes[-1] * pixel.itemsize
    with path.open("wb") as file:
        file.write(start)
        for at, values in (rows or {}).items():
            file.seek(len(start) + int(np.ravel_multi_index(at, tuple(axes[:-1]))) * row_bytes)
            file.write(values.astype(pixel).tobytes())
        size = int(np.prod(axes, dtype=np.int64)) * pixel.itemsize
        file.truncate(len(start) + -(-size // 2880) * 2880)
    return path


def stored(hdu: Any) -> bytes:
    """The data of an HDU as a file has them, in whole blocks."""
    out = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(out)
    return out.getvalue()[2880 + len(hdu.header.tostring()) :]


def mapped(path: Path, axes: Sequence[int], kind: str = ">f4") -> npt.NDArray[Any]:
    """The array of `large_image` as it is stored, mapped."""
    size = int(np.prod(axes, dtype=np.int64)) * np.dtype(kind).itemsize
    offset = path.stat().st_size - -(-size // 2880) * 2880
    return np.asarray(np.memmap(path, kind, "r", offset, tuple(axes)))


def large_table(path: Path, n_rows: int, columns: Sequence[fits.Column], rows: Mapping[int, Sequence[Any]]) -> Path:
    """A file whose HDU 1 is a table of `n_rows` rows with these columns, zero but for `rows`."""
    table = fits.BinTableHDU.from_columns(list(columns), nrows=len(rows), name="PIXELS")
    for k, values in enumerate(rows.values()):
        table.data[k] = tuple(values)
    row_bytes = table.header["NAXIS1"]
    written = stored(table)[: row_bytes * len(rows)]
    header = table.header.copy()
    header["NAXIS2"] = n_rows
    header["BJDREFI"], header["BJDREFF"] = 2457000, 0.0
    primary = fits.PrimaryHDU()
    primary.header["TELESCOP"], primary.header["OBJECT"] = "TESS", "TIC 1"
    start = primary.header.tostring().encode() + header.tostring().encode()
    with path.open("wb") as file:
        file.write(start)
        for k, at in enumerate(rows):
            file.seek(len(start) + at * row_bytes)
            file.write(written[k * row_bytes : (k + 1) * row_bytes])
        file.truncate(len(start) + -(-n_rows * row_bytes // 2880) * 2880)
    return path
