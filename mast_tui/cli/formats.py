"""Rows of an answer in the formats that programs read: CSV, JSON lines; VOTable and ECSV have files of their own.

Values are the archive's: numbers with all their digits, times in MJD, masked ones empty (CSV) or null (JSON). Texts
pass the cleaning gate except in JSON, whose escapes are exact and harmless on a terminal.
"""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mast_tui.cli import talk
from mast_tui.cli.text_table import Heading, write_text_table
from mast_tui.core.table import ColumnTable, Value, heading
from mast_tui.core.text import clean

FORMATS = ("table", "json", "jsonl", "csv", "votable", "ecsv")


def json_row(table: ColumnTable, row: int, names: Sequence[str]) -> dict[str, Value]:
    """One row as JSON has it; a number that JSON can't write is null."""
    return {name: _json_value(table.value(row, name)) for name in names}


def _json_value(value: Value) -> Value:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def json_columns(table: ColumnTable, names: Sequence[str]) -> list[dict[str, str]]:
    """What the columns mean, for a JSON answer."""
    return [
        {"name": c.name, "kind": c.kind, "unit": c.unit, "description": clean(c.description)}
        for c in (table.column(name) for name in names)
    ]


def plain(value: Value) -> str:
    """A value as a machine reads it, masked ones as nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    return repr(value)


class RowWriter:
    """CSV or JSON lines, written while the rows arrive: `head` stops a search, and memory holds no second copy."""

    def __init__(self, form: str, columns: Sequence[str] | None) -> None:
        self._form, self._columns, self._written = form, columns, 0

    def write_new(self, table: ColumnTable) -> None:
        """Write the rows of `table` that were not there at the last call."""
        if self._columns is None and table.names:
            self._columns = table.names
        if self._columns is None or len(table) == self._written:
            return
        if self._form == "jsonl":
            for row in range(self._written, len(table)):
                talk.out(json.dumps(json_row(table, row, self._columns)))
        else:
            first = [self._columns] if self._written == 0 else []
            rows = ([plain(table.value(row, n)) for n in self._columns] for row in range(self._written, len(table)))
            write_csv([*first], rows)
        self._written = len(table)
        sys.stdout.flush()

    def end(self) -> None:
        """After the last row: an answer without rows still has its CSV header."""
        if self._form == "csv" and self._written == 0 and self._columns is not None:
            write_csv([self._columns], ())


def write_csv(first: Sequence[Sequence[str]], rows: Iterable[Sequence[str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(first)
    for number, row in enumerate(rows, 1):
        writer.writerow(row)
        if number % 1000 == 0:
            sys.stdout.write(text.getvalue())
            text.seek(0)
            text.truncate()
    sys.stdout.write(text.getvalue())


def write_rows_as_table(table: ColumnTable, names: Sequence[str]) -> int:
    """A table for people; how many of its columns did not fit the terminal."""
    columns = [table.column(name) for name in names]
    headings = [Heading(heading(c), right=c.kind in ("int", "float")) for c in columns]
    return write_text_table(headings, [[table.text(row, n) for n in names] for row in range(len(table))])


def write_finished(form: str, table: ColumnTable, names: Sequence[str], about: Mapping[str, Any]) -> None:
    """A whole table in VOTable or ECSV; `about` is what was asked and how much of it this is."""
    if form == "votable":
        from mast_tui.cli.votable import votable_lines as lines
    else:
        from mast_tui.cli.ecsv import ecsv_lines as lines
    for line in lines(table, names, about):
        sys.stdout.write(line)
        sys.stdout.write("\n")
