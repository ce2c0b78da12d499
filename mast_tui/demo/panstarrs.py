"""catalogs.mast's Pan-STARRS service: the recorded column list, and the 35 recorded sources, truly searched.

The recording has six of 124 columns and no positions; right ascension and declination are read from the objects' IAU
names. A condition on a column that was not recorded holds for no row, as with NULL in SQL. Called by `server`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from mast_tui.demo import recorded
from mast_tui.demo.criteria import like
from mast_tui.demo.footprints import separations_deg, unit_vectors
from mast_tui.demo.holdings import Cell
from mast_tui.demo.messages import Json, Request, Response

_NAME = re.compile(r"PSO J(\d\d)(\d\d)([\d.]{6})([+-])(\d\d)(\d\d)([\d.]{6})")
_PATH = re.compile(r"/api/v0\.1/panstarrs/(dr[12])/(mean|stack|detection)(/metadata)?\.json")
_SEARCH = ("ra", "dec", "radius", "columns", "sort_by", "pagesize", "page", "format")
_DEFAULT_PAGE = 5000
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "": lambda a, b: bool(a == b),
    "eq": lambda a, b: bool(a == b),
    "neq": lambda a, b: bool(a != b),
    "lt": lambda a, b: bool(a < b),
    "lte": lambda a, b: bool(a <= b),
    "max": lambda a, b: bool(a <= b),
    "gt": lambda a, b: bool(a > b),
    "gte": lambda a, b: bool(a >= b),
    "min": lambda a, b: bool(a >= b),
}


class BadSearch(ValueError):
    """A search that the service refuses with status 422."""


def respond(request: Request) -> Response:
    """`metadata.json` by GET, a search by GET or POST with a JSON body."""
    found = _PATH.fullmatch(request.path)
    if not found:
        return Response.of_json({"detail": "Not Found"}, 404)
    if found[3]:
        return Response(200, {"Content-Type": "application/json"}, recorded.raw("panstarrs_columns.json"))
    try:
        asked: Json = {k: v if len(v) > 1 else v[0] for k, v in request.query.items()}
        if request.method == "POST":
            asked |= request.json()
        return Response.of_json(_search(asked))
    except ValueError as error:
        return Response.of_json({"detail": str(error)}, 422)


@cache
def _columns() -> dict[str, Json]:
    """The columns that rows have: the recorded ones, then positions; by lower-case name."""
    answer = recorded.table("panstarrs.json")
    found: dict[str, Json] = {info["name"].lower(): info for info in answer["info"]}
    for column in recorded.table("panstarrs_columns.json"):
        if column["column_name"] in ("raMean", "decMean"):
            kept = {k: column[k] for k in ("name", "type", "db_type", "description")}
            found[column["column_name"].lower()] = kept
    words = "Distance from the position searched for, in degrees"
    found["distance"] = {"name": "distance", "type": "double", "db_type": "NUMBER", "description": words}
    return found


@cache
def _all_columns() -> dict[str, Json]:
    """Every column of the table by lower-case name."""
    return {c["column_name"].lower(): c for c in recorded.table("panstarrs_columns.json")} | _columns()


@cache
def _rows() -> list[dict[str, Cell]]:
    answer = recorded.table("panstarrs.json")
    names = [info["name"].lower() for info in answer["info"]]
    rows = []
    for cells in answer["data"]:
        row = dict(zip(names, cells, strict=True))
        found = _NAME.fullmatch(row["objname"])
        if found:
            sign = -1 if found[4] == "-" else 1
            row["ramean"] = 15 * (int(found[1]) + int(found[2]) / 60 + float(found[3]) / 3600)
            row["decmean"] = sign * (int(found[5]) + int(found[6]) / 60 + float(found[7]) / 3600)
        rows.append(row)
    return rows


def _search(asked: Json) -> Json:
    rows = _within(_rows(), asked)
    for key, wanted in asked.items():
        name, _, operator = key.partition(".")
        if name in _SEARCH:
            continue
        if name.lower() not in _all_columns():
            raise BadSearch(f"there is no column {name!r}")
        rows = [row for row in rows if _meets(row.get(name.lower()), operator, wanted)]
    for text in reversed(_list(asked.get("sort_by"))):
        name, down = _sorting(str(text))
        rows = sorted(rows, key=lambda row: (row.get(name) is None, row.get(name) or 0), reverse=down)
    columns = _chosen(asked, "ra" in asked)
    size, page = max(1, _whole(asked, "pagesize", _DEFAULT_PAGE)), max(1, _whole(asked, "page", 1))
    part = rows[(page - 1) * size : page * size]
    return {
        "info": [_all_columns()[name] for name in columns],
        "data": [[row.get(name) for name in columns] for row in part],
    }


def _within(rows: list[dict[str, Cell]], asked: Mapping[str, Any]) -> list[dict[str, Cell]]:
    if "ra" not in asked:
        return rows
    try:
        ra, dec, radius = float(asked["ra"]), float(asked["dec"]), float(asked.get("radius", 0.01))
    except (KeyError, TypeError, ValueError):
        raise BadSearch("ra, dec and radius must be numbers of degrees") from None
    point = unit_vectors(ra, dec)
    others = unit_vectors([_degrees(row, "ramean") for row in rows], [_degrees(row, "decmean") for row in rows])
    away = separations_deg(point, others).tolist()
    return [row | {"distance": angle} for row, angle in zip(rows, away, strict=True) if angle <= radius]


def _degrees(row: Mapping[str, Cell], name: str) -> float:
    cell = row.get(name)
    return float("nan") if cell is None else float(cell)


def _meets(cell: Cell, operator: str, wanted: Any) -> bool:
    """One condition; a list of values is any of them, as the service has it (astroquery #2355)."""
    if cell is None:
        return False
    values = _list(wanted)
    if operator == "like":
        return any(like(str(value)).fullmatch(str(cell)) for value in values)
    compare = _COMPARE.get("" if operator == "in" else operator)
    if compare is None:
        raise BadSearch(f"there is no operator {operator!r}")
    try:
        return any(compare(float(cell), float(value)) for value in values)
    except (TypeError, ValueError):
        return any(compare(str(cell), str(value)) for value in values)


def _sorting(text: str) -> tuple[str, bool]:
    """`distance.desc` and `desc.distance` both occur in what astroquery sends."""
    words = text.lower().split(".")
    name = next((word for word in words if word not in ("asc", "desc")), "")
    if name not in _all_columns():
        raise BadSearch(f"there is no column {name!r} to sort by")
    return name, "desc" in words


def _chosen(asked: Mapping[str, Any], with_distance: bool) -> list[str]:
    wanted = [str(name).lower() for name in _list(asked.get("columns"))]
    unknown = next((name for name in wanted if name not in _all_columns()), None)
    if unknown is not None:
        raise BadSearch(f"there is no column {unknown!r}")
    return wanted or [name for name in _columns() if name != "distance" or with_distance]


def _whole(asked: Mapping[str, Any], name: str, missing: int) -> int:
    try:
        return int(asked.get(name) or missing)
    except (OverflowError, TypeError, ValueError):
        raise BadSearch(f"{name} must be a whole number") from None


def _list(value: Any) -> Sequence[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
