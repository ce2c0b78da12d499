"""The missions' own search (MastMissions): columns, searches with conditions, product lists and files.

HST's recorded rows are held, and the HST and JWST observations of the sky in the columns of their missions. The
server calls `respond` for everything under `/search/`; files go through `downloads`, so rights and ranges are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

from mast_tui.demo import recorded
from mast_tui.demo.datasets import simulated_products
from mast_tui.demo.downloads import download
from mast_tui.demo.faults import Faults
from mast_tui.demo.fields import OBSERVATION_FIELDS
from mast_tui.demo.holdings import Cell, HeldObservation, HeldProduct
from mast_tui.demo.messages import Json, Request, Response
from mast_tui.demo.mission_rows import JWST_COLUMNS, hst_row, jwst_row, product_row
from mast_tui.demo.mission_search import BadSearch, DataSet, Mission, search
from mast_tui.demo.products import Products
from mast_tui.demo.simulated import filler
from mast_tui.demo.sky import Sky


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
                return Response.of_json(search(mission, request.json()))
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
        **{field.name: None for field in OBSERVATION_FIELDS},
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


def _product_list(mission: Mission, wanted: Sequence[Any]) -> list[Mapping[str, Cell]]:
    if not isinstance(wanted, list):
        raise BadSearch("dataset_ids must be a list")
    names = {str(name).strip().lower() for name in wanted}
    rows = [row for data_set in mission.sets if data_set.name.lower() in names for row in data_set.products()]
    return [{k: v for k, v in row.items() if not k.startswith("_")} for row in rows]


def _unknown(what: str) -> Response:
    return Response.of_json({"detail": f"Not Found: {what[:100]}"}, 404)
