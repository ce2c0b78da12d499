"""Tables that are not FITS, parsed for real: ECSV and VOTable by astropy, comma-separated values, columns of numbers.

What the recipes of light curves and spectra recognise becomes a series, beside the table. Used by `jobs` on what
`plain` took for a table or a text; a file that can't be parsed stays what `plain` made of it, and that is said.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Look, TableLook, TextLook
from mast_tui.core.text import clean, human_bytes
from mast_tui.preview import light_curves, nameless, spectra, tables
from mast_tui.preview.asking import Asked
from mast_tui.preview.columns import Column
from mast_tui.preview.fits_file import PARSER_ERRORS, Table
from mast_tui.preview.guard import Hdu
from mast_tui.preview.headers import EMPTY, Header, Value
from mast_tui.preview.plain import is_number, table_cells

#: Larger files are looked at by their first rows only.
MAX_PARSED = 32 << 20
#: What a table is called that has no name of its own: the file's is told already.
_TABLE = "table"
_ECSV = b"# %ECSV"
_Names = dict[str, npt.NDArray[Any]]


def items(file: BinaryIO, head: bytes, look: TableLook | TextLook, asked: Asked) -> list[Look]:
    """The series in the file, if any, then its tables; `look` alone where it is a text without columns of numbers.

    `file` is unpacked, `head` its first bytes.

    InvalidQuery for a column or a table that is not there.
    """
    n_bytes = file.seek(0, io.SEEK_END)
    if n_bytes > MAX_PARSED:
        note = f"with {human_bytes(n_bytes)} only its first rows are read"
        return [replace(look, notes=(*look.notes, note))]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = _parsed(file, head, look)
    except PARSER_ERRORS as error:
        what = "the table" if isinstance(look, TableLook) else "the text"
        return [replace(look, notes=(*look.notes, f"{what} could not be parsed: {clean(error, 120)}"))]
    if not found:
        return [look]
    if asked.hdu is not None:
        if not 0 <= asked.hdu < len(found):
            raise InvalidQuery(f"this file has no table {asked.hdu}", "", f"Its tables are 0 to {len(found) - 1}")
        found = [found[asked.hdu]]
    return _looks(found, look, asked)


def _looks(found: Sequence[_Plain], look: TableLook | TextLook, asked: Asked) -> list[Look]:
    series: list[Look] = []
    shown: list[Look] = []
    for one in found:
        curve = light_curves.recipe_for(one.hdu, one.content.columns, EMPTY, asked.file_name)
        spectrum = None if curve else spectra.recipe_for(one.hdu, one.content.columns, EMPTY, asked.file_name)
        if curve is not None:
            series += light_curves.read_table(one.content, one.hdu, EMPTY, curve, asked)
        elif spectrum is not None:
            series += spectra.read(one, one.hdu, spectrum, asked)
        shown.append(tables.table_look(one.content, one.name, one.hdu.index, look.notes))
    return [*series, *shown]


class _Plain:
    """One parsed table, in the shape in which the readers expect one of a FITS file."""

    def __init__(self, index: int, name: str, columns: Sequence[Column], values: _Names, meta: Mapping[str, Any]):
        n_rows = len(next(iter(values.values()))) if values else 0
        written: dict[str, Value] = {
            key.upper(): value for key, value in meta.items() if isinstance(value, str | int | float | bool)
        }
        if "INSTRUME" not in written and "INSTRUMENT" in written:
            written["INSTRUME"] = written["INSTRUMENT"]
        header = Header((), written | {"NAXIS": 2, "NAXIS1": 0, "NAXIS2": n_rows})
        self.name = name
        self.hdu = Hdu(index, header, 0, 0, 0, 0)
        by_name = {column.name.upper(): column for column in reversed(columns)}
        self.content = Table(_Fields(values, n_rows), dict(reversed(by_name.items())))

    def table(self, hdu: Hdu) -> Table:
        """Its only table, as `spectra.read` asks for it."""
        return self.content


class _Fields:
    """Columns by name, as `Table` asks for them."""

    def __init__(self, values: _Names, n_rows: int) -> None:
        self._values, self._n_rows = values, n_rows

    def __len__(self) -> int:
        return self._n_rows

    def field(self, name: str) -> npt.NDArray[Any]:
        return self._values[name]


def _parsed(file: BinaryIO, head: bytes, look: TableLook | TextLook) -> list[_Plain]:
    file.seek(0)
    if b"<VOTABLE" in head:
        return _votable(file)
    lines = file.read().decode("utf-8", "replace").splitlines()
    if head.startswith(_ECSV):
        from astropy.table import Table as AstropyTable

        return [_from_astropy(0, _TABLE, AstropyTable.read(lines, format="ascii.ecsv"))]
    if isinstance(look, TableLook):
        rows = table_cells(lines)
        return [_from_rows(_TABLE, [cell.strip() for cell in rows[0]], rows[1:])]
    return _from_text(_TABLE, [line for line in lines if line.strip() and not line.lstrip().startswith("#")])


def _votable(file: BinaryIO) -> list[_Plain]:
    from astropy.io.votable import parse

    document = parse(file, verify="ignore")
    found = []
    for index, table in enumerate(document.iter_tables()):
        name = str(table.name or table.ID or (f"{_TABLE} {index}" if index else _TABLE))
        found.append(_from_astropy(index, name, table.to_table(use_names_over_ids=True)))
    return found


def _from_astropy(index: int, name: str, table: Any) -> _Plain:
    columns, values = [], {}
    for column_name in table.colnames:
        column = table[column_name]
        unit = getattr(column, "unit", None)
        data = _filled(getattr(column, "value", column))
        values[column_name] = data
        columns.append(Column(column_name, "" if unit is None else str(unit), _code(data), data.shape[1:]))
    return _Plain(index, name, columns, values, dict(table.meta))


def _filled(values: Any) -> npt.NDArray[Any]:
    """Masked numbers as NaN; masked words as ''."""
    if not isinstance(values, np.ma.MaskedArray):
        return np.asarray(values)
    hidden = np.ma.getmaskarray(values)
    data = np.asarray(values.data)
    if data.dtype.kind in "iufb" and hidden.any():
        return np.where(hidden, np.nan, data.astype(np.float64))
    return np.where(hidden, "", data) if data.dtype.kind == "U" else data


def _from_rows(name: str, names: Sequence[str], rows: Sequence[Sequence[str]], units: Sequence[str] = ()) -> _Plain:
    """Columns of words, or of numbers where every cell is one (or is empty)."""
    n = len(names)
    whole = [row for row in rows if len(row) == n]
    columns, values = [], {}
    units = units or [""] * n
    for column_name, cells, unit in zip(names, zip(*whole, strict=True) if whole else [()] * n, units, strict=True):
        data = _numbers(cells)
        values[column_name] = data
        columns.append(Column(column_name, unit, _code(data), ()))
    return _Plain(0, name, columns, values, {})


def _from_text(name: str, lines: Sequence[str]) -> list[_Plain]:
    """A text whose lines all hold the same number of words, numbers from the second line on; else nothing."""
    rows = [line.replace(",", " ").split() for line in lines]
    if len(rows) < 3 or not 2 <= len(rows[0]) <= 200 or any(len(row) != len(rows[0]) for row in rows):
        return []
    titled = not all(map(is_number, rows[0]))
    if not all(map(is_number, rows[1])):
        return []
    if titled:
        return [_from_rows(name, rows[0], rows[1:])]
    known = nameless.names_of([_numbers(cells) for cells in zip(*rows, strict=True)] if _all_numbers(rows) else [])
    names = [word for word, _ in known] or [f"col{k + 1}" for k in range(len(rows[0]))]
    return [_from_rows(name, names, rows, [unit for _, unit in known])]


def _all_numbers(rows: Sequence[Sequence[str]]) -> bool:
    return all(is_number(cell) for row in rows for cell in row)


def _numbers(cells: Sequence[str]) -> npt.NDArray[Any]:
    for words in (cells, [cell.strip() or "nan" for cell in cells]):
        try:
            values = np.array(list(map(float, words)), np.float64)
        except ValueError:
            continue
        # Python takes 2018_01 for a number, an archive means a name
        return np.array(cells) if "_" in "".join(words) else values
    return np.array(cells)


def _code(values: npt.NDArray[Any]) -> str:
    """The letter that TFORM would have: what `Column.numeric` asks for."""
    return {"f": "D", "i": "K", "u": "K", "b": "L"}.get(values.dtype.kind, "A")
