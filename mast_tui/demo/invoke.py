"""`POST /api/v0/invoke`: the Mashup, dispatched by the name of the service in the request.

The server calls `invoke` with the archive's sky and resolver. A question that can't be answered gives MAST's
`{"status": "ERROR", "msg": ...}` with HTTP status 200; only what is not a Mashup request at all gives 400.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from mast_tui.demo import formats, recorded, tables
from mast_tui.demo.bundles import Bundles
from mast_tui.demo.criteria import InvalidRequest, read_filters
from mast_tui.demo.facets import all_observations
from mast_tui.demo.fields import DISTANCE, OBJ_ID1, OBSERVATION_FIELDS, PRODUCT_FIELDS, SEPARATED, Field
from mast_tui.demo.holdings import Cell
from mast_tui.demo.messages import Json, Request, Response
from mast_tui.demo.products import Products
from mast_tui.demo.resolver import Resolver
from mast_tui.demo.sky import Position, Selection, Sky
from mast_tui.demo.tables import Catalog

#: MAST's own when a request names none; astroquery always sends 50,000.
_PAGE_SIZE = 1000
_COUNT = "COUNT_BIG(*)"
_COUNT_FIELD = Field("Column1", "string", "int")
_KEPT_SELECTIONS = 16
_SEPARATORS = dict.fromkeys(SEPARATED, ";")

_CONES: dict[str, Callable[[], Catalog]] = {
    "Mast.Catalogs.Tic.Cone": tables.tic,
    "Mast.Catalogs.Ctl.Cone": tables.tic,
    "Mast.Catalogs.DiskDetective.Cone": tables.disk_detective,
    "Mast.Catalogs.Dd.Cone": tables.disk_detective,
    "Mast.Catalogs.GaiaDR1.Cone": tables.gaia,
    "Mast.Catalogs.GaiaDR2.Cone": tables.gaia,
    "Mast.Catalogs.GaiaDR3.Cone": tables.gaia,
    "Mast.Galex.Catalog": tables.galex,
    "Mast.Hsc.Db.v2": tables.hsc,
    "Mast.Hsc.Db.v3": tables.hsc,
}
_FILTERED: dict[str, Callable[[], Catalog]] = {
    f"Mast.Catalogs.Filtered.{name}{position}{rows}": catalog
    for name, catalog in (("Tic", tables.tic), ("Ctl", tables.tic), ("DiskDetective", tables.disk_detective))
    for position in ("", ".Position")
    for rows in ("", ".Rows")
}
_RECORDED_WHOLE = {
    "Mast.Catalogs.All.Tic": "ticcolumns_filtered.json",
    "Mast.Catalogs.All.DiskDetective": "ddcolumns_filtered.json",
}


def read_request(request: Request) -> Json:
    """The Mashup object in a form body (`request=...`) or in the query. Raises ValueError when there is none."""
    form = parse_qs(request.body.decode("utf-8", "replace"))
    written = form.get("request") or request.query.get("request")
    found = json.loads(written[0]) if written else None
    if not isinstance(found, dict):
        raise ValueError("the body must be request=<URL-encoded JSON object>")
    return found


def page_number(asked: Mapping[str, Any]) -> int:
    return max(1, _whole(asked.get("page"), 1))


class Mashup:
    """The services over one sky. Safe to call from many threads."""

    def __init__(self, sky: Sky, products: Products, resolver: Resolver, bundles: Bundles):
        self._sky, self._products, self._resolver, self._bundles = sky, products, resolver, bundles
        self._lock = threading.Lock()
        self._selections: OrderedDict[str, Selection] = OrderedDict()
        self._facets: Json | None = None

    def invoke(self, asked: Json, base_url: str = "") -> Response:
        """The answer to one Mashup object; `base_url` is where the files of an answer can be had."""
        try:
            if asked.get("service") == "Mast.Bundle.Request" and isinstance(asked.get("params"), dict):
                return Response.of_json(self._bundles.stage(asked["params"], base_url))
            return self._answer(str(asked.get("service", "")), asked.get("params") or {}, asked)
        except InvalidRequest as error:
            return formats.error(str(error))

    def _answer(self, service: str, params: Any, asked: Json) -> Response:
        if not isinstance(params, dict):
            raise InvalidRequest("params must be an object")
        if service in ("Mast.Caom.Cone", "Mast.Caom.Filtered", "Mast.Caom.Filtered.Position"):
            return self._observations(service, params, asked)
        if service == "Mast.Caom.Products":
            return self._product_list(params, asked)
        if service == "Mast.Caom.All":
            return Response.of_json(self._all_observations())
        if service == "Mast.Name.Lookup":
            names = [str(params.get("input", ""))]
            return Response.of_json(self._resolver.answer(names, resolve_all=False, only=()))
        if service in _RECORDED_WHOLE:
            return Response(200, {"Content-Type": "application/json"}, recorded.raw(_RECORDED_WHOLE[service]))
        return _catalog_answer(service, params, asked)

    # -- observations -------------------------------------------------------------------------------------------

    def _observations(self, service: str, params: Json, asked: Json) -> Response:
        position = None
        if service == "Mast.Caom.Cone":
            position = _cone(params)
        elif service == "Mast.Caom.Filtered.Position":
            position = _position(params.get("position"))
        selection = self._selected(params.get("filters", []), position)
        columns = params.get("columns", "*")
        if str(columns).strip().upper() == _COUNT:
            return _paged([_COUNT_FIELD], [(len(selection),)], asked)
        fields = _chosen(columns, _observation_fields(service, position))
        page, size = _page(asked)
        part = selection.part((page - 1) * size, page * size)
        rows: Sequence[tuple[Cell, ...]] = list(self._sky.rows(part, fields))
        paging = formats.paging_of(page, size, len(selection))
        if str(asked.get("removenullcolumns", "")).lower() == "true":
            fields, rows = _without_empty(fields, rows)
        return formats.answer(fields, rows, paging, str(asked.get("format", "json")))

    def _selected(self, filters: Any, position: Position | None) -> Selection:
        """The whole selection, kept for the next pages of the same question."""
        key = json.dumps([filters, str(position)], sort_keys=True)
        with self._lock:
            kept = self._selections.get(key)
        if kept is not None:
            return kept
        found = self._sky.select(read_filters(filters, _SEPARATORS), position)
        with self._lock:
            self._selections[key] = found
            while len(self._selections) > _KEPT_SELECTIONS:
                self._selections.popitem(last=False)
        return found

    def _all_observations(self) -> Json:
        with self._lock:
            if self._facets is None:
                self._facets = all_observations(self._sky)
            return self._facets

    # -- products -----------------------------------------------------------------------------------------------

    def _product_list(self, params: Json, asked: Json) -> Response:
        obsids = [_obsid(word) for word in str(params.get("obsid", "")).split(",") if word.strip()]
        if not obsids:
            raise InvalidRequest("Procedure needs parameter '@obsid', which was not supplied.")
        rows = [row for obsid in dict.fromkeys(obsids) for row in self._products.rows(obsid)]
        fields = [field for field in PRODUCT_FIELDS if field.name in {*_names(params.get("columns", "*"))}]
        cells = [tuple(row.get(field.name) for field in fields or PRODUCT_FIELDS) for row in rows]
        return _paged(fields or list(PRODUCT_FIELDS), cells, asked)


def _catalog_answer(service: str, params: Json, asked: Json) -> Response:
    if service in _CONES:
        fields, rows = _CONES[service]().search(_hsc_limit(service, params), _cone(params))
        limit = _whole(params.get("nr", params.get("maxrecords")), len(rows))
        return _paged(fields, rows[:limit], asked)
    if service in _FILTERED:
        position = _cone(params) if "ra" in params else None
        fields, rows = _FILTERED[service]().search(read_filters(params.get("filters", []), {}), position)
        if str(params.get("columns", "*")).strip().upper() == _COUNT:
            return _paged([_COUNT_FIELD], [(len(rows),)], asked)
        return _paged(fields, rows, asked)
    if service in ("Mast.HscMatches.Db.v3", "Mast.HscMatches.Db.v2"):
        match = [{"paramName": "MatchID", "values": [str(params.get("input", ""))]}]
        return _paged(*tables.hsc_matches().search(read_filters(match, {}), None), asked)
    if service == "Mast.HscSpectra.Db.All":
        return _paged(*tables.hsc_spectra().search([], None), asked)
    raise InvalidRequest(f"Invalid service: {service:.80}")


def _hsc_limit(service: str, params: Json) -> Any:
    """HSC's `ni`, the least number of images of a source, as a criterion."""
    least = params.get("ni") if ".Hsc." in service else None
    entries = [] if least is None else [{"paramName": "NumImages", "values": [{"min": least, "max": None}]}]
    return read_filters(entries, {})


# -- reading the request ----------------------------------------------------------------------------------------


def _cone(params: Json) -> Position:
    try:
        return Position(float(params["ra"]), float(params["dec"]), float(params.get("radius", 0.2)))
    except (KeyError, TypeError, ValueError):
        raise InvalidRequest("ra, dec and radius must be numbers of degrees") from None


def _position(text: Any) -> Position:
    words = str(text or "").replace(",", " ").split()
    try:
        ra, dec, radius = (float(word) for word in words)
    except ValueError:
        raise InvalidRequest('position must be "ra, dec, radius" in degrees') from None
    return Position(ra, dec, radius)


def _observation_fields(service: str, position: Position | None) -> list[Field]:
    fields = list(OBSERVATION_FIELDS)
    if service == "Mast.Caom.Filtered.Position":
        fields.append(OBJ_ID1)
    if position is not None:
        fields.append(DISTANCE)
    return fields


def _chosen(columns: Any, fields: list[Field]) -> list[Field]:
    """The fields named in `columns`, in that order; `*` is all. Raises InvalidRequest for unknown ones."""
    by_name = {field.name.lower(): field for field in fields}
    wanted = _names(columns)
    if not wanted or "*" in wanted:
        return fields
    unknown = next((name for name in wanted if name.lower() not in by_name), None)
    if unknown is not None:
        raise InvalidRequest(f"Invalid column name '{unknown:.80}'.")
    return [by_name[name.lower()] for name in wanted]


def _names(columns: Any) -> list[str]:
    words = columns if isinstance(columns, list) else str(columns).split(",")
    return [str(word).strip() for word in words if str(word).strip()]


def _obsid(word: str) -> int:
    try:
        return int(word.strip())
    except ValueError:
        raise InvalidRequest("Error converting data type varchar to bigint.") from None


def _whole(value: Any, missing: int) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return missing


def _page(asked: Json) -> tuple[int, int]:
    return page_number(asked), max(1, _whole(asked.get("pagesize"), _PAGE_SIZE))


def _paged(fields: Sequence[Field], rows: Sequence[tuple[Cell, ...]], asked: Json) -> Response:
    page, size = _page(asked)
    paging = formats.paging_of(page, size, len(rows))
    part = rows[(page - 1) * size : page * size]
    return formats.answer(fields, part, paging, str(asked.get("format", "json")))


def _without_empty(
    fields: list[Field], rows: Sequence[tuple[Cell, ...]]
) -> tuple[list[Field], Sequence[tuple[Cell, ...]]]:
    kept = [i for i in range(len(fields)) if any(row[i] is not None for row in rows)]
    return [fields[i] for i in kept], [tuple(row[i] for i in kept) for row in rows]
