"""MAST's JSON rows as compact columns: what a worker process makes of a page before it crosses to the app.

Runs in the worker (50,000 rows take it about a second, which would freeze a screen). What comes out is numbers and
bytes only, so that `core.wire` can carry it; `core.table.ColumnTable.append` takes it in. The format is private to
these two.

A page is `{"n": rows, "columns": [column…]}`. A column has `name`, `kind` and
 - str: `codes` (u1/u2/u4, one a row) into `words`, UTF-8, each ended by the byte 0xFF, which UTF-8 never holds;
 - float: `values` f8, NaN where masked;
 - int: `values` i1…i8, and `mask` where any is masked;
 - bool: `values` i1, -1 where masked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mast_tui.core.columns import Kind
from mast_tui.core.text import clean

#: Columns whose values go back to the archive in requests: kept byte for byte, cleaned only when they are shown.
RAW_COLUMNS = frozenset(
    {
        *("obsid", "obsID", "parent_obsid", "objID", "obs_id", "productFilename", "filename"),
        *("dataURI", "dataURL", "jpegURL", "uri"),
    }
)

#: How the archive writes a missing integer (astroquery 0.4.11, `mast.utils.parse_type`).
INT_NULL = -999

#: Longest text of one cell, in signs; footprints of mosaics take some thousand.
MAX_CELL = 100_000

#: Ends each text in a blob.
END = 0xFF

#: Type names of MAST's services (astroquery 0.4.11, `mast.utils.parse_type`, and those it does not know).
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("char", "string", "datetime", "date", "text", "varchar", "guid"), "str"),
    **dict.fromkeys(("double", "float", "decimal", "real", "numeric"), "float"),
    **dict.fromkeys(
        ("int", "integer", "short", "long", "number", "unsignedbyte", "bigint", "smallint", "tinyint"), "int"
    ),
    **dict.fromkeys(("boolean", "binary", "bool", "bit"), "bool"),
}
_BOOLS = {True: 1, False: 0, None: -1, "true": 1, "false": 0, "True": 1, "False": 0, "": -1}


def pack_rows(fields: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One page of an answer, from its `fields` (name, type) and `data` rows.

    A value that its column's type can't hold makes the column of this page one of text: nothing is dropped. Masked
    are null, the empty text, NaN and, for integers, -999, as in astroquery. `_selected_` is the portal's own and is
    left out.
    """
    columns: dict[str, dict[str, Any]] = {}
    for field in fields:
        name = str(field["name"])
        if name == "_selected_" or name in columns:
            continue
        values = [row.get(name) for row in rows]
        columns[name] = {"name": name, **_pack(values, _kind(field.get("type"), values), name in RAW_COLUMNS)}
    return {"n": len(rows), "columns": list(columns.values())}


def _kind(type_name: object, values: Sequence[object]) -> Kind:
    known = _KINDS.get(str(type_name).lower().partition("(")[0])
    if known is not None:
        return known
    types = {type(v) for v in values if v is not None}
    if types == {bool}:
        return "bool"
    if types == {int}:
        return "int"
    return "float" if types and types <= {int, float} else "str"


def _pack(values: list[Any], kind: Kind, raw: bool) -> dict[str, Any]:
    packed: dict[str, Any] | None = None
    if kind == "float":
        packed = _pack_floats(values)
    elif kind == "int":
        packed = _pack_ints(values)
    elif kind == "bool":
        packed = _pack_bools(values)
    return packed if packed is not None else _pack_strings(values, raw)


def _pack_floats(values: list[Any]) -> dict[str, Any] | None:
    try:
        return {"kind": "float", "values": np.array(values, dtype=np.float64).reshape(len(values))}
    except (TypeError, ValueError, OverflowError):
        return None


def _pack_ints(values: list[Any]) -> dict[str, Any] | None:
    try:
        found = np.array([INT_NULL if v is None else v for v in values])
    except (ValueError, OverflowError):
        return None
    if found.dtype.kind == "f":
        whole = np.isnan(found) | ((found == np.floor(found)) & (np.abs(found) < 2.0**53))
        if not whole.all():
            return _pack_floats(values)
        found = np.where(np.isnan(found), INT_NULL, found).astype(np.int64)
    if found.ndim != 1 or found.dtype.kind not in "bi":
        return None
    mask = found == INT_NULL
    packed = {"kind": "int", "values": narrowed(np.where(mask, 0, found))}
    if mask.any():
        packed["mask"] = mask
    return packed


def _pack_bools(values: list[Any]) -> dict[str, Any] | None:
    try:
        return {"kind": "bool", "values": np.array([_BOOLS[v] for v in values], dtype=np.int8)}
    except (KeyError, TypeError):
        return None


def _pack_strings(values: list[Any], raw: bool) -> dict[str, Any]:
    texts = [v if type(v) is str else _as_text(v) for v in values]
    index: dict[str, int] = {}
    codes = np.fromiter((index.setdefault(t, len(index)) for t in texts), dtype=np.uint32, count=len(texts))
    words = [t.encode("utf-8", "surrogatepass") for t in (index if raw else (clean(t, MAX_CELL) for t in index))]
    return {"kind": "str", "codes": narrowed(codes), "words": b"".join(w + b"\xff" for w in words)}


def _as_text(value: object) -> str:
    if value is None or value != value:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def narrowed(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The same integers in the smallest type of the same signedness that holds them all."""
    sizes = (np.uint8, np.uint16, np.uint32) if values.dtype.kind == "u" else (np.int8, np.int16, np.int32)
    low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    for size in sizes:
        if np.iinfo(size).min <= low and high <= np.iinfo(size).max:
            return values.astype(size)
    return values if values.dtype.kind == "u" else values.astype(np.int64)
