"""The missions' own search (MastMissions): columns, searches with conditions, product lists and files.

HST's recorded rows are held, and the HST and JWST observations of the sky in the columns of their missions. The
server calls `respond` for everything under `/search/`; files go through `downloads`, so rights and ranges are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from mast_tui.demo import recorded
from mast_tui.demo.criteria import like
from mast_tui.demo.downloads import download
from mast_tui.demo.faults import Faults
from mast_tui.demo.footprints import separations_deg, unit_vectors
from mast_tui.demo.holdings import Cell, HeldObservation, HeldProduct
from mast_tui.demo.messages import Json, Request, Response
from mast_tui.demo.mission_rows import JWST_COLUMNS, hst_row, jwst_row, product_row
from mast_tui.demo.products import Products
from mast_tui.demo.simulated import filler, simulated_products
from mast_tui.demo.sky import Sky

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


class Missions:
    """All searches under `/search/`. Safe to call from many threads."""

    def __init__(self, sky: Sky, products: Products, faults: Faults):
        self._products, self._faults = products, faults
        self._missions = {
            "hst": Mission(
                recorded.table("mission_columns.json"),
                "sci_data_set_name",
                "sci_ra",
                "sci_dec",
                [*_recorded_sets(), *_sky_sets(sky, "HST", hst_row)],
            ),
            "jwst": Mission(JWST_COLUMNS, "fileSetName", "targ_ra", "targ_dec", _sky_sets(sky, "JWST", jwst_row)),
        }
        for row, content in _recorded_files():
            products.add(str(row["uri"]), content, {"dataRights": row["access"]})
        for product in _simulated_files():
            if product.content is not None:
                products.add(str(product.row["dataURI"]), product.content, product.row)

    def respond(self, request: Request) -> Response:
        """`/search/{mission}/api/v0.1/{search,post_list_products,retrieve_product}` and the column list."""
        parts = request.path.strip("/").split("/")
        if parts[:2] == ["search", "util"] and parts[-1] == "column_list":
            mission = self._missions.get(request.first("mission").lower())
            return _unknown(request.first("mission")) if mission is None else Response.of_json(mission.columns)
        mission = self._missions.get(parts[1]) if len(parts) == 5 else None
        if mission is None:
            return _unknown(request.path)
        try:
            if parts[4] == "search":
                return Response.of_json(_search(mission, request.json()))
            if parts[4] == "post_list_products":
                wanted = request.json().get("dataset_ids") or []
                return Response.of_json({"products": _product_list(mission, wanted)})
        except ValueError as error:
            return Response.of_json({"detail": str(error)}, 400)
        if parts[4] == "retrieve_product":
            return download(self._products, self._faults, request, self._uri(parts[1], request.first("product_name")))
        return _unknown(request.path)

    def _uri(self, mission: str, name: str) -> str:
        """The address of a product given as `dataset/file`, as a file name or as an address."""
        if name.startswith("mast:"):
            return name
        if self._products.file(name) is not None:
            return name
        for data_set in self._missions[mission].sets:
            for row in data_set.products() if name.split("/")[0] == data_set.name else ():
                if name == row["uri"]:
                    return str(row["_dataURI"])
        return f"mast:{mission.upper()}/product/{name.rsplit('/', 1)[-1]}"


# -- what is held ---------------------------------------------------------------------------------------------------


@cache
def _recorded_files() -> list[tuple[Json, Any]]:
    rows = recorded.table("mission_products.json")["products"]
    return [(row, filler(row["filename"], row["size"])) for row in rows]


def _simulated_files() -> list[HeldProduct]:
    return [product for row in _recorded_rows() for product in simulated_products(_as_observation(row))]


def _recorded_rows() -> list[dict[str, Any]]:
    """The recorded data sets; what belonged to the recorded question is left out."""
    asked = ("search_key", "search_pos", "ang_sep")
    defaults = {"sci_aec": "S", "sci_obs_type": "IMAGE"}
    rows = recorded.table("mission_results.json")["results"]
    return [defaults | {name: cell for name, cell in row.items() if name not in asked} for row in rows]


def _as_observation(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "obs_collection": "HST",
        "obs_id": row["sci_data_set_name"],
        "obsid": row["sci_data_set_name"],
        "dataproduct_type": "image",
        "dataRights": "PUBLIC",
        "calib_level": 2,
        "filters": row["sci_spec_1234"],
        "instrument_name": str(row["sci_instrume"]).strip(),
    }


def _recorded_sets() -> list[DataSet]:
    """The three recorded data sets with simulated files, and the one whose product list is recorded."""
    sets = []
    for row in _recorded_rows():
        observation = _as_observation(row)
        sets.append(_data_set(row, HeldObservation(observation, partial(simulated_products, observation))))
    products = [row for row, _ in _recorded_files()]
    name = products[0]["dataset"]
    listed = {"sci_data_set_name": name, "sci_instrume": products[0]["instrument_name"], "sci_aec": "S"}
    sets.append(DataSet(name, listed | {"sci_status": "PUBLIC"}, lambda: products))
    return sets


def _data_set(row: Mapping[str, Cell], held: HeldObservation) -> DataSet:
    name = str(held.row["obs_id"])
    return DataSet(name, row, lambda: [product_row(name, product, held.row) for product in held.products()])


def _sky_sets(sky: Sky, collection: str, make: Callable[[HeldObservation], dict[str, Cell] | None]) -> list[DataSet]:
    sets = []
    for held in sky.held:
        row = make(held) if held.row.get("obs_collection") == collection else None
        if row is not None:
            sets.append(_data_set(row, held))
    return sets


# -- searching ------------------------------------------------------------------------------------------------------


def _product_list(mission: Mission, wanted: Sequence[Any]) -> list[Mapping[str, Cell]]:
    if not isinstance(wanted, list):
        raise BadSearch("dataset_ids must be a list")
    names = {str(name).strip().lower() for name in wanted}
    rows = [row for data_set in mission.sets if data_set.name.lower() in names for row in data_set.products()]
    return [{k: v for k, v in row.items() if not k.startswith("_")} for row in rows]


def _search(mission: Mission, asked: Json) -> Json:
    types = mission.types()
    rows = [dict(data_set.row) for data_set in mission.sets]
    for condition in asked.get("conditions") or []:
        for name, wanted in condition.items():
            if name not in types:
                raise BadSearch(f"Unknown column: {name}")
            rows = [row for row in rows if _meets(row.get(name), wanted, types[name])]
    positioned = _positioned(mission, rows, asked)
    for name, down in reversed([*_sorting(asked, bool(asked.get("target")))]):
        if name not in types:
            raise BadSearch(f"Unknown column to sort by: {name}")
        positioned.sort(key=lambda row: _order(row.get(name)), reverse=down)
    offset, limit = int(asked.get("offset") or 0), int(asked.get("limit") or 5000)
    page = positioned[max(0, offset) : max(0, offset) + limit]
    columns = _columns(mission, asked)
    params = {"offset": 0, "limit": 5000, "skip_count": False, "search_key": [], "user_fields": []} | asked
    params["count_only"] = bool(asked.get("count_only", False))
    if params["count_only"]:
        return {"messages": [], "info": [], "search_params": params, "totalResults": len(positioned), "results": []}
    extra = ("search_key", "search_pos", "ang_sep") if asked.get("target") else ("search_key",)
    kept = [*columns, *(name for name in extra if name not in columns)]
    return {
        "messages": [],
        "info": [{"name": name, "type": types[name]} for name in columns],
        "search_params": params,
        "totalResults": len(positioned),
        "results": [{name: row.get(name) for name in kept} for row in page],
    }


def _columns(mission: Mission, asked: Json) -> list[str]:
    types = mission.types()
    chosen = asked.get("select_cols")
    if not chosen:
        given = [c["column_name"] for c in mission.columns if c["default_output"] == "yes"]
        return [name for name in given if name != "ang_sep"]
    unknown = next((name for name in chosen if name not in types), None)
    if unknown is not None:
        raise BadSearch(f"Unknown column: {unknown}")
    return list(dict.fromkeys([*chosen, mission.key]))


def _positioned(mission: Mission, rows: list[dict[str, Cell]], asked: Json) -> list[dict[str, Cell]]:
    """The rows around each of the targets, with their distance in arcminutes; all rows without a target."""
    targets = asked.get("target") or []
    if not targets:
        return [row | {"search_key": str(row.get(mission.key))} for row in rows]
    radius_deg = float(asked.get("radius", 3)) * _UNITS_DEG.get(str(asked.get("radius_units", "arcminutes")), 1 / 60)
    if not 0 <= radius_deg <= MAX_RADIUS_DEG + 1e-9:
        raise BadSearch("The radius must be 30 arcminutes or less.")
    found = []
    placed = [row for row in rows if row.get(mission.ra) is not None and row.get(mission.dec) is not None]
    for target in targets:
        try:
            ra, dec = (float(word) for word in str(target).split())
        except ValueError:
            raise BadSearch(f"A target is 'ra dec' in degrees, not {target!s:.60}") from None
        point = unit_vectors(ra, dec)
        for row in placed:
            away = float(separations_deg(point, unit_vectors(_float(row, mission.ra), _float(row, mission.dec))))
            if away <= radius_deg:
                key = f"{target}{row.get(mission.key)}"
                found.append(row | {"search_key": key, "search_pos": str(target), "ang_sep": away * 60})
    return found


def _float(row: Mapping[str, Cell], name: str) -> float:
    return float(row[name] or 0)


def _sorting(asked: Json, with_target: bool) -> list[tuple[str, bool]]:
    names = list(asked.get("sort_by") or (["ang_sep"] if with_target else []))
    down = list(asked.get("sort_desc") or [])
    return [(name, bool(down[i]) if i < len(down) else False) for i, name in enumerate(names)]


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


def _unknown(what: str) -> Response:
    return Response.of_json({"detail": f"Not Found: {what[:100]}"}, 404)
