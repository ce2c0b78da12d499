"""A table as ECSV 1.0 (APE 6), the text format of astropy: `Table.read(…, format="ascii.ecsv")` gives units and masks.

The header is YAML, of which JSON's own spelling of texts is a part; so no YAML writer is needed. Masked values are
empty.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mast_tui.cli.formats import plain
from mast_tui.core.columns import Column
from mast_tui.core.table import ColumnTable
from mast_tui.core.text import clean

_DATATYPES = {"str": "string", "float": "float64", "int": "int64", "bool": "bool"}
#: A time in MJD is a number of days; the description says of what. Bytes are spelled out in astropy.
_UNITS = {"MJD": "d", "B": "byte"}


def ecsv_lines(table: ColumnTable, names: Sequence[str], about: Mapping[str, Any]) -> Iterator[str]:
    """The document's lines; `about` goes into the table's meta."""
    yield "# %ECSV 1.0"
    yield "# ---"
    yield "# delimiter: ','"
    yield "# datatype:"
    for name in names:
        yield f"# - {_described(table.column(name))}"
    if about:
        yield "# meta: !!omap"
    for key, value in about.items():
        yield f"# - {_yaml({key: value})}"
    yield "# schema: astropy-2.0"
    yield _csv_line(names)
    for row in range(len(table)):
        yield _csv_line([plain(table.value(row, name)) for name in names])


def _described(column: Column) -> str:
    described = {"name": column.name}
    if column.unit:
        described["unit"] = _UNITS.get(column.unit, column.unit)
    described["datatype"] = _DATATYPES[column.kind]
    if column.description:
        note = " (MJD)" if column.unit == "MJD" else ""
        described["description"] = column.description + note
    return _yaml(described)


def _yaml(value: Mapping[str, Any]) -> str:
    """JSON, which is YAML as long as nothing odd stands in it."""
    return json.dumps({k: clean(v) if isinstance(v, str) else v for k, v in value.items()})


def _csv_line(cells: Sequence[str]) -> str:
    # a first cell that begins like a comment, or a line of nothing, would be read as something else
    odd = cells[0].startswith("#") or not any(cells)
    text = io.StringIO()
    csv.writer(text, lineterminator="", quoting=csv.QUOTE_ALL if odd else csv.QUOTE_MINIMAL).writerow(cells)
    return text.getvalue()
