"""Tables that no recipe knows: their first rows as text. Used by `jobs`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from mast_tui.core.look import TableColumn, TableLook
from mast_tui.preview.fits_file import FitsFile, Table
from mast_tui.preview.guard import Hdu

SHOWN_ROWS, SHOWN_COLUMNS = 200, 100
#: Rows over which a column's least, median and largest values are taken.
_SUMMED_ROWS = 200_000
#: Elements of an array in one cell that are written out.
_SHOWN_ELEMENTS = 3


def read(file: FitsFile, hdu: Hdu) -> TableLook:
    """The first rows of a FITS table; arrays in cells are shortened."""
    return table_look(file.table(hdu), hdu.header.name or f"HDU {hdu.index}", hdu.index)


def table_look(table: Table, name: str, hdu: int, notes: tuple[str, ...] = ()) -> TableLook:
    """The first rows of any table, and each column's least, median and largest value."""
    names = list(table.columns)[:SHOWN_COLUMNS]
    cells = [_texts(table, name) for name in names]
    if table.n_rows > SHOWN_ROWS:
        notes = (*notes, f"the first {SHOWN_ROWS} of {table.n_rows:,} rows are shown")
    if table.n_rows > _SUMMED_ROWS:
        notes = (*notes, f"low, median and high are of the first {_SUMMED_ROWS:,} rows")
    if len(table.columns) > SHOWN_COLUMNS:
        notes = (*notes, f"the first {SHOWN_COLUMNS} of {len(table.columns):,} columns are shown")
    return TableLook(
        name=name,
        hdu=hdu,
        columns=tuple(_column(table, name) for name in names),
        rows=tuple(zip(*cells, strict=True)) if cells else (),
        n_rows=table.n_rows,
        shape=(table.n_rows, len(table.columns)),
        notes=notes,
    )


def _column(table: Table, name: str) -> TableColumn:
    column = table.columns[name]
    low = median = high = math.nan
    if column.numeric and column.shape == () and table.n_rows:
        values = table.raw(name)[:_SUMMED_ROWS]
        if values.dtype.kind in "iuf":
            values = values.astype(np.float64)
            values = values[np.isfinite(values)]
            if values.size:
                low, median, high = float(values.min()), float(np.median(values)), float(values.max())
    return TableColumn(column.name, column.unit, low, median, high)


def _texts(table: Table, name: str) -> list[str]:
    n = min(table.n_rows, SHOWN_ROWS)
    if table.columns[name].shape == (0,):
        return [""] * n
    return [_cell(value) for value in table.raw(name)[:n]]


def _cell(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, float | np.floating):
        # as many digits as the number was stored with: 33.3 and not 33.299999, a Julian date to the millisecond
        return f"{float(str(value)):.15g}"
    return str(value).strip()


def _array(values: npt.NDArray[Any]) -> str:
    first = " ".join(_cell(value) for value in values.ravel()[:_SHOWN_ELEMENTS])
    return f"{first} … ({values.size})" if values.size > _SHOWN_ELEMENTS else first
