"""The four ways in which a Mashup answer is written: json, extjs, votable and csv.

`invoke` hands over fields and rows; astroquery asks for json, and extjs for the facets. The layouts of json and extjs
are those of the recordings; of csv only that it has one header line is assumed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from mast_tui.demo.fields import Field
from mast_tui.demo.holdings import Cell
from mast_tui.demo.messages import Json, Response

NO_PAGING = {"page": 0, "pageSize": 0, "pagesFiltered": 0, "rows": 0, "rowsFiltered": 0, "rowsTotal": 0}
_VOTABLE_TYPES = {"string": 'datatype="char" arraysize="*"', "float": 'datatype="double"', "int": 'datatype="long"'}


def answer(
    fields: Sequence[Field], rows: Iterable[Sequence[Cell]], paging: dict[str, int], format_name: str
) -> Response:
    """One page of rows in the format asked for; json when the format is not known."""
    if format_name == "csv":
        return Response.text(_csv(fields, rows), kind="text/csv; charset=utf-8")
    if format_name == "votable":
        return Response.text(_votable(fields, rows), kind="text/xml; charset=utf-8")
    if format_name == "extjs":
        return Response.of_json(extjs(fields, rows, paging))
    names = [field.name for field in fields]
    data = [dict(zip(names, row, strict=True)) for row in rows]
    return Response.of_json(
        {"status": "COMPLETE", "msg": "", "data": data, "fields": field_list(fields), "paging": paging}
    )


def error(message: str) -> Response:
    """MAST's way to say that a question can't be answered: status 200 and ERROR in the body."""
    return Response.of_json({"status": "ERROR", "msg": message, "data": [], "fields": [], "paging": NO_PAGING})


def executing(percent: int) -> Response:
    return Response.of_json({"status": "EXECUTING", "msg": "", "percent complete": percent / 100})


def field_list(fields: Sequence[Field]) -> list[dict[str, str]]:
    return [{"name": field.name, "type": field.wire} for field in fields]


def extjs(fields: Sequence[Field], rows: Iterable[Sequence[Cell]], paging: dict[str, int]) -> Json:
    table: dict[str, Any] = {
        "name": "Table",
        "ExtendedProperties": {"Paging": paging},
        "Columns": [{"text": f.name, "dataIndex": f.name, "ExtendedProperties": {}} for f in fields],
        "Fields": field_list(fields),
        "Rows": [list(row) for row in rows],
    }
    data = {"name": "NewDataSet", "ExtendedProperties": {}, "Tables": [table]}
    return {"status": "COMPLETE", "msg": "", "data": data}


def paging_of(page: int, page_size: int, total: int) -> dict[str, int]:
    """MAST's paging object: page and size as asked, rows on this page, and the true total."""
    pages = max(1, -(-total // page_size))
    return {
        "page": page,
        "pageSize": page_size,
        "pagesFiltered": pages,
        "rows": max(0, min(page_size, total - (page - 1) * page_size)),
        "rowsFiltered": total,
        "rowsTotal": total,
    }


def _csv(fields: Sequence[Field], rows: Iterable[Sequence[Cell]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([field.name for field in fields])
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return out.getvalue()


def _votable(fields: Sequence[Field], rows: Iterable[Sequence[Cell]]) -> str:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<VOTABLE version="1.3" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">',
        '<RESOURCE type="results"><INFO name="QUERY_STATUS" value="OK"/><TABLE>',
    ]
    for field in fields:
        kind = _VOTABLE_TYPES.get(field.wire, 'datatype="boolean"')
        lines.append(f"<FIELD name={quoteattr(field.name)} {kind}/>")
    lines.append("<DATA><TABLEDATA>")
    for row in rows:
        cells = "".join(f"<TD>{'' if cell is None else escape(str(cell))}</TD>" for cell in row)
        lines.append(f"<TR>{cells}</TR>")
    lines.append("</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>")
    return "\n".join(lines) + "\n"
