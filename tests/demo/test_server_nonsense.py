"""Whatever comes in, the embedded archive answers; it never drops a connection because of a question."""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from mast_tui.demo.archive import Archive
from mast_tui.demo.messages import Request

from .conftest import sample

words = st.sampled_from(["", "1", "x", "nan", "1,2,3", "10 20", "s_ra", "obs_id", "sci_ra", "%", "COUNT_BIG(*)", "<1"])
plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words
nested = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=6
)
filters = st.lists(
    st.fixed_dictionaries({}, optional=dict.fromkeys(("paramName", "values", "freeText", "separator"), nested)),
    max_size=2,
)
services = st.sampled_from(
    [
        "Mast.Caom.Cone",
        "Mast.Caom.Filtered",
        "Mast.Caom.Filtered.Position",
        "Mast.Caom.Products",
        "Mast.Catalogs.Tic.Cone",
        "Mast.Catalogs.Filtered.Tic.Rows",
        "Mast.Hsc.Db.v3",
        "Mast.HscMatches.Db.v3",
        "Mast.Name.Lookup",
    ]
)


def some(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, nested))


@cache
def archive() -> Archive:
    return Archive(sample())


def ask(method: str, path: str, **more: Any) -> int:
    return archive().respond(Request(method, path, base_url="http://127.0.0.1:1", **more)).status


@given(
    services,
    some("ra", "dec", "radius", "columns", "position", "obsid", "input", "nr", "ni"),
    nested | filters,
    some("page", "pagesize", "format"),
)
@settings(max_examples=150, deadline=None)
def test_the_mashup(service: str, params: dict[str, Any], entries: Any, more: dict[str, Any]) -> None:
    for given_params in (params, params | {"filters": entries}, entries):
        asked = json.dumps({"service": service, "params": given_params} | more)
        assert ask("POST", "/api/v0/invoke", body=urlencode({"request": asked}).encode()) == 200


@given(
    st.sampled_from(["search", "post_list_products"]),
    nested
    | some(
        "target",
        "radius",
        "radius_units",
        "limit",
        "offset",
        "select_cols",
        "conditions",
        "sort_by",
        "sort_desc",
        "count_only",
        "dataset_ids",
    ),
)
@settings(max_examples=150, deadline=None)
def test_the_missions_search(verb: str, asked: Any) -> None:
    assert ask("POST", f"/search/hst/api/v0.1/{verb}", body=json.dumps(asked).encode()) in (200, 400)


@given(some("ra", "dec", "radius", "columns", "sort_by", "pagesize", "page", "iMeanApMag.gt", "objID", "objName.like"))
@settings(max_examples=150, deadline=None)
def test_panstarrs(asked: dict[str, Any]) -> None:
    assert ask("POST", "/api/v0.1/panstarrs/dr2/mean.json", body=json.dumps(asked).encode()) in (200, 422)


@given(
    st.sampled_from(["tesscut", "zcut", "hapcut"]),
    st.sampled_from(["sector", "astrocut", "survey", "moving_target/astrocut"]),
    st.dictionaries(st.sampled_from(["ra", "dec", "radius", "x", "y", "units", "sector", "format", "obj_id"]), words),
)
@settings(max_examples=150, deadline=None)
def test_cut_outs(tool: str, verb: str, asked: dict[str, str]) -> None:
    query = {name: [value] for name, value in asked.items()}
    assert ask("GET", f"/{tool}/api/v0.1/{verb}", query=query) in (200, 400, 404)


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=30))
@settings(max_examples=150, deadline=None)
def test_headers_of_a_download(range_header: str, if_range: str, cookie: str) -> None:
    headers = {"range": f"bytes={range_header}", "if-range": if_range, "cookie": cookie, "authorization": cookie}
    query = {"uri": ["mast:HST/product/u9o40504m_c3m.fits"]}
    assert ask("GET", "/api/v0.1/Download/file", query=query, headers=headers) in (200, 206, 416)


@given(nested)
@settings(max_examples=80, deadline=None)
def test_faults(asked: Any) -> None:
    assert ask("POST", "/demo/faults", body=json.dumps({"faults": asked}).encode()) in (200, 400)
    archive().faults.replace([])
