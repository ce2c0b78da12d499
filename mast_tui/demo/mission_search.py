"""One search of a mission's own service: conditions, cone, sorting and paging over rows held in memory.

`missions` calls `search` with a mission and the JSON that astroquery's MastMissions sends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mast_tui.demo.criteria import like
from mast_tui.demo.footprints import separations_deg, unit_vectors
from mast_tui.demo.holdings import Cell
from mast_tui.demo.messages import Json

#: The longest radius the service takes, in degrees (astroquery #2662, #3447).
MAX_RADIUS_DEG = 0.5
_UNITS_DEG = {"arcseconds": 1 / 3600, "arcminutes": 1 / 60, "degrees": 1.0}
_WIRE = {
    "string": "VARCHAR",
    "substring": "VARCHAR",
    "datetime": "DATETIME",
    "float": "FLOAT",
    "ra": "FLOAT",
    "dec": "FLOAT",
    "integer": "INTEGER",
    "boolean": "INTEGER",
}


class BadSearch(ValueError):
    """A search that the service refuses with status 400."""


@dataclass(frozen=True)
class DataSet:
    """One row of a mission, and the products behind it under the name of the data set."""

    name: str
    row: Mapping[str, Cell]
    products: Callable[[], Sequence[Mapping[str, Cell]]]


@dataclass(frozen=True)
class Mission:
    """The columns of a mission's search and what it holds; `key` names a data set, `ra` and `dec` place it."""

    columns: Sequence[Json]
    key: str
    ra: str
    dec: str
    sets: Sequence[DataSet]

    def types(self) -> dict[str, str]:
        return {column["column_name"]: _WIRE[column["qual_type"]] for column in self.columns}


def search(mission: Mission, asked: Json) -> Json:
    """The answer in the service's layout. Raises BadSearch for a question that makes no sense."""
    types = mission.types()
    rows = [dict(data_set.row) for data_set in mission.sets]
    for name, wanted in _conditions(asked):
        kind = types[_known(name, types)]
        rows = [row for row in rows if _meets(row.get(name), wanted, kind)]
    targets = _texts(asked, "target")
    found = _around(mission, rows, targets, _radius_deg(asked)) if targets else _unplaced(mission, rows)
    names = [_known(name, types) for name in _texts(asked, "sort_by") or (["ang_sep"] if targets else [])]
    down = _list(asked, "sort_desc")
    for i, name in reversed([*enumerate(names)]):
        _sort(found, name, i < len(down) and bool(down[i]))
    params = {"offset": 0, "limit": 5000, "skip_count": False, "search_key": [], "user_fields": []} | asked
    params["count_only"] = bool(asked.get("count_only", False))
    if params["count_only"]:
        return {"messages": [], "info": [], "search_params": params, "totalResults": len(found), "results": []}
    columns = _columns(mission, asked)
    extra = ("search_key", "search_pos", "ang_sep") if targets else ("search_key",)
    kept = [*columns, *(name for name in extra if name not in columns)]
    offset, limit = max(0, _whole(asked, "offset", 0)), max(0, _whole(asked, "limit", 5000))
    return {
        "messages": [],
        "info": [{"name": name, "type": types[name]} for name in columns],
        "search_params": params,
        "totalResults": len(found),
        "results": [{name: row.get(name) for name in kept} for row in found[offset : offset + limit]],
    }


# -- reading the question -------------------------------------------------------------------------------------------


def _list(asked: Json, name: str) -> list[Any]:
    given = asked.get(name)
    if given is None or given == "":
        return []
    if not isinstance(given, list):
        raise BadSearch(f"{name} must be a list")
    return given


def _texts(asked: Json, name: str) -> list[str]:
    return [str(item) for item in _list(asked, name)]


def _whole(asked: Json, name: str, missing: int) -> int:
    try:
        return int(asked.get(name) or missing)
    except (OverflowError, TypeError, ValueError):
        raise BadSearch(f"{name} must be a whole number") from None


def _conditions(asked: Json) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for condition in _list(asked, "conditions"):
        if not isinstance(condition, dict):
            raise BadSearch("a condition must be an object of column and value")
        found += condition.items()
    return found


def _known(name: str, types: Mapping[str, str]) -> str:
    if name not in types:
        raise BadSearch(f"Unknown column: {name[:80]}")
    return name


def _columns(mission: Mission, asked: Json) -> list[str]:
    chosen = _texts(asked, "select_cols")
    if not chosen:
        given = [str(column["column_name"]) for column in mission.columns if column["default_output"] == "yes"]
        return [name for name in given if name != "ang_sep"]
    types = mission.types()
    return list(dict.fromkeys([*(_known(name, types) for name in chosen), mission.key]))


def _radius_deg(asked: Json) -> float:
    unit = _UNITS_DEG.get(str(asked.get("radius_units", "arcminutes")))
    try:
        radius_deg = float(asked.get("radius", 3)) * (unit or float("nan"))
    except (TypeError, ValueError):
        raise BadSearch("radius must be a number") from None
    if not 0 <= radius_deg <= MAX_RADIUS_DEG + 1e-9:
        raise BadSearch("The radius must be 30 arcminutes or less.")
    return radius_deg


# -- rows -----------------------------------------------------------------------------------------------------------


def _unplaced(mission: Mission, rows: Sequence[dict[str, Cell]]) -> list[dict[str, Cell]]:
    return [row | {"search_key": str(row.get(mission.key))} for row in rows]


def _around(
    mission: Mission, rows: Sequence[dict[str, Cell]], targets: Sequence[str], radius_deg: float
) -> list[dict[str, Cell]]:
    """The rows around each of the targets, with their distance in arcminutes."""
    found = []
    placed = [row for row in rows if row.get(mission.ra) is not None and row.get(mission.dec) is not None]
    for target in targets:
        try:
            ra, dec = (float(word) for word in target.split())
        except ValueError:
            raise BadSearch(f"A target is 'ra dec' in degrees, not {target:.60}") from None
        point = unit_vectors(ra, dec)
        for row in placed:
            away = float(separations_deg(point, unit_vectors(_float(row, mission.ra), _float(row, mission.dec))))
            if away <= radius_deg:
                key = f"{target}{row.get(mission.key)}"
                found.append(row | {"search_key": key, "search_pos": target, "ang_sep": away * 60})
    return found


def _float(row: Mapping[str, Cell], name: str) -> float:
    return float(row[name] or 0)


def _sort(rows: list[dict[str, Cell]], name: str, down: bool) -> None:
    rows.sort(key=lambda row: _order(row.get(name)), reverse=down)


def _order(cell: Cell) -> tuple[int, float, str]:
    if cell is None:
        return (2, 0.0, "")
    return (1, 0.0, cell.casefold()) if isinstance(cell, str) else (0, float(cell), "")


def _meets(cell: Cell, wanted: Any, kind: str) -> bool:
    """One condition: alternatives with commas, `!`, `<`, `>`, `<=`, `>=`, `a..b` and `*` as the service has them."""
    if wanted is None or wanted == "" or wanted == []:
        return True
    words = wanted if isinstance(wanted, list) else str(wanted).split(",")
    texts = [str(word).strip() for word in words]
    against = [text[1:] for text in texts if text.startswith("!")]
    wanted_any = [text for text in texts if not text.startswith("!")]
    if any(_is(cell, text, kind) for text in against):
        return False
    return not wanted_any or any(_is(cell, text, kind) for text in wanted_any)


def _is(cell: Cell, text: str, kind: str) -> bool:
    if cell is None:
        return False
    if ".." in text:
        low, high = text.split("..", 1)
        return _compare(cell, ">=", low, kind) and _compare(cell, "<=", high, kind)
    for sign in ("<=", ">=", "<", ">"):
        if text.startswith(sign):
            return _compare(cell, sign, text.removeprefix(sign), kind)
    if kind == "VARCHAR" or "*" in text:
        return bool(like(text).fullmatch(str(cell).strip()))
    if kind == "DATETIME":
        return str(cell).startswith(text)
    return _compare(cell, "=", text, kind)


def _compare(cell: Cell, sign: str, word: str, kind: str) -> bool:
    left: Any = str(cell).strip()
    right: Any = word.strip()
    if kind in ("FLOAT", "INTEGER"):
        try:
            left, right = float(left), float(right)
        except ValueError:
            raise BadSearch(f"not a number: {word!s:.40}") from None
    compared = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right, "=": left == right}
    return bool(compared[sign])
