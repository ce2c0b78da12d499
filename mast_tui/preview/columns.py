"""Columns of a FITS table as its header declares them, and which HDU a recipe means.

Works on headers alone, so that a file can be recognised before its data are read. Used by `fits_file` and the readers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from mast_tui.preview.guard import MAX_FIELDS, Hdu
from mast_tui.preview.headers import Header
from mast_tui.preview.recipe import Value, Where

_BINARY = re.compile(r"\s*(\d*)\s*([LXBIJKAEDCMPQ])")
_NUMBERS = frozenset("BIJKEDF")


@dataclass(frozen=True)
class Column:
    """`shape` is that of one row's cell, () for a scalar; `code` the letter of TFORM."""

    name: str
    unit: str
    code: str
    shape: tuple[int, ...]

    @property
    def numeric(self) -> bool:
        return self.code in _NUMBERS


#: By name in upper case: some products write lower-case names.
Columns: TypeAlias = Mapping[str, Column]


def columns_of(header: Header) -> Columns:
    found: dict[str, Column] = {}
    for k in range(1, min(header.integer("TFIELDS") or 0, MAX_FIELDS) + 1):
        name = header.text(f"TTYPE{k}") or f"col{k}"
        code, repeat = _form(header.text(f"TFORM{k}"), header.text("XTENSION").upper() == "TABLE")
        found.setdefault(
            name.upper(), Column(name, header.text(f"TUNIT{k}"), code, _cell(repeat, header.text(f"TDIM{k}"), code))
        )
    return found


def _form(form: str, ascii_table: bool) -> tuple[str, int]:
    if ascii_table:
        return form[:1].upper(), 1
    match = _BINARY.match(form.upper())
    return (match[2], int(match[1] or 1)) if match else ("", 1)


def _cell(repeat: int, dim: str, code: str) -> tuple[int, ...]:
    lengths = tuple(int(n) for n in re.findall(r"\d+", dim))[::-1] if dim else ()
    if lengths and math.prod(lengths) == repeat:
        return lengths
    return () if repeat == 1 or code == "A" else (repeat,)


def first_present(names: Sequence[str], columns: Columns) -> str | None:
    return next((name for name in names if name in columns), None)


def present_values(values: Sequence[Value], columns: Columns) -> list[Value]:
    return [value for value in values if value.column in columns and columns[value.column].numeric]


def matches(where: Where, hdu: Hdu, columns: Columns, primary: Header, file_name: str) -> bool:
    """Whether the HDU is what `where` describes."""
    if not all(name in columns for name in where.columns):
        return False
    for keyword, pattern in where.headers:
        written = hdu.header.text(keyword) or primary.text(keyword)
        if not re.search(pattern, written, re.IGNORECASE):
            return False
    if where.extname and not re.search(where.extname, hdu.header.name, re.IGNORECASE):
        return False
    return not where.file_name or re.search(where.file_name, file_name, re.IGNORECASE) is not None
