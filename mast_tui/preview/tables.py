"""Tables that no recipe knows: their first rows as text. Used by `jobs`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from mast_tui.core.look import TableColumn, TableLook
from mast_tui.preview.fits_file import FitsFile, Table
from mast_tui.preview.guard import Hdu

SHOWN_ROWS, SHOWN_COLUMNS = 200, 100
#: Elements of an array in one cell that are written out.
_SHOWN_ELEMENTS = 3


def read(file: FitsFile, hdu: Hdu) -> TableLook:
    """The first rows of a FITS table; arrays in cells are shortened."""
    table = file.table(hdu)
    names = list(table.columns)[:SHOWN_COLUMNS]
    columns = tuple(TableColumn(table.columns[name].name, table.columns[name].unit) for name in names)
    cells = [_texts(table, name) for name in names]
    notes: tuple[str, ...] = ()
    if table.n_rows > SHOWN_ROWS:
        notes = (f"the first {SHOWN_ROWS} of {table.n_rows:,} rows are shown",)
    return TableLook(
        name=hdu.header.name or f"HDU {hdu.index}",
        hdu=hdu.index,
        columns=columns,
        rows=tuple(zip(*cells, strict=True)) if cells else (),
        n_rows=table.n_rows,
        shape=(table.n_rows, len(table.columns)),
        notes=notes,
    )


def _texts(table: Table, name: str) -> list[str]:
    n = min(table.n_rows, SHOWN_ROWS)
    if table.columns[name].shape == (0,):
        return [""] * n
    return [_cell(value) for value in table.raw(name)[:n]]


def _cell(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, float | np.floating):
        return f"{value:.8g}"
    return str(value).strip()


def _array(values: npt.NDArray[Any]) -> str:
    first = " ".join(_cell(value) for value in values.ravel()[:_SHOWN_ELEMENTS])
    return f"{first} … ({values.size})" if values.size > _SHOWN_ELEMENTS else first
