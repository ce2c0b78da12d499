"""A table as VOTable 1.4 in TABLEDATA, for TOPCAT, Aladin and astropy; written line by line, with the standard library.

IVOA VOTable 1.4 (REC 20191021): an empty cell is a null of its column. Units follow VOUnits 1.0; a time in MJD has the
unit day and the xtype `mjd` (DALI 1.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from mast_tui.core.columns import Column
from mast_tui.core.table import ColumnTable, Value
from mast_tui.core.text import clean

#: UCD1+ of columns that other programs look for by meaning.
_UCDS = {
    "s_ra": "pos.eq.ra;meta.main",
    "s_dec": "pos.eq.dec;meta.main",
    "t_min": "time.start;obs.exposure",
    "t_max": "time.end;obs.exposure",
    "t_exptime": "time.duration;obs.exposure",
    "t_obs_release": "time.release",
    "em_min": "em.wl;stat.min",
    "em_max": "em.wl;stat.max",
    "distance": "pos.angDistance",
    "target_name": "meta.id;src",
    "obs_id": "meta.id;obs",
    "obsid": "meta.id",
    "instrument_name": "meta.id;instr",
    "obs_title": "meta.title;obs",
    "s_region": "pos.outline;obs.field",
    "dataURI": "meta.ref.uri",
    "size": "phys.size;meta.file",
}
_UNITS = {"MJD": "d", "B": "byte"}


def votable_lines(table: ColumnTable, names: Sequence[str], about: Mapping[str, Any]) -> Iterator[str]:
    """The document's lines. `about` becomes INFO elements; `complete` False becomes the overflow mark."""
    columns = [table.column(name) for name in names]
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">'
    yield '<RESOURCE type="results">'
    yield f'<INFO name="QUERY_STATUS" value="{"OK" if about.get("complete", True) else "OVERFLOW"}"/>'
    for name, value in about.items():
        yield f"<INFO name={quoteattr(name)} value={quoteattr(clean(value))}/>"
    yield f'<TABLE name="results" nrows="{len(table)}">'
    for column in columns:
        yield from _field(table, column)
    yield "<DATA><TABLEDATA>"
    for row in range(len(table)):
        cells = "".join(f"<TD>{_cell(table.value(row, name))}</TD>" for name in names)
        yield f"<TR>{cells}</TR>"
    yield "</TABLEDATA></DATA>"
    yield "</TABLE></RESOURCE></VOTABLE>"


def _field(table: ColumnTable, column: Column) -> Iterator[str]:
    attributes = {"name": column.name}
    if column.kind == "str":
        # `char` is ASCII by the standard
        plain = all(clean(text).isascii() for text in table.strings(column.name))
        attributes.update(datatype="char" if plain else "unicodeChar", arraysize="*")
    else:
        attributes["datatype"] = {"float": "double", "int": "long", "bool": "boolean"}[column.kind]
    if column.unit:
        attributes["unit"] = _UNITS.get(column.unit, column.unit)
    if column.unit == "MJD":
        attributes["xtype"] = "mjd"
    if column.name in _UCDS:
        attributes["ucd"] = _UCDS[column.name]
    written = " ".join(f"{key}={quoteattr(clean(value))}" for key, value in attributes.items())
    if column.description:
        yield f"<FIELD {written}><DESCRIPTION>{escape(clean(column.description))}</DESCRIPTION></FIELD>"
    else:
        yield f"<FIELD {written}/>"


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return escape(clean(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)
