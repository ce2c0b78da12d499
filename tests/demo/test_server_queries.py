"""An astronomer asks the embedded archive for observations: cones, filters, pages, counts, facets, formats."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mast_tui.demo.criteria import Criterion
from mast_tui.demo.footprints import parse_footprint, unit_vectors

from .conftest import Client, value


def distances(archive: Client, position: str) -> dict[str, float]:
    rows = archive.filtered(position=position)["data"]
    return {row["target_name"]: row["distance"] for row in rows}


# -- cones -----------------------------------------------------------------------------------------------------------


def test_inside_a_footprint_the_distance_is_zero_even_far_from_its_centre(archive: Client) -> None:
    assert distances(archive, "150.09, 2.09, 0.0") == {"NGC-1": 0.0}
    assert distances(archive, "245.915, -26.51, 0.0") == {"M-4": 0.0}


def test_outside_it_is_the_way_to_the_nearest_edge_in_arcseconds(archive: Client) -> None:
    found = distances(archive, "150.0, 2.2, 0.2")
    assert found["NGC-1"] == pytest.approx(0.1 * 3600, rel=1e-3)
    assert distances(archive, "150.0, 2.2, 0.0999") == {}
    circle = distances(archive, "105.0, 88.0, 1.5")
    assert circle["POLE"] == pytest.approx(3600, rel=1e-6)


def test_a_row_without_a_footprint_is_a_point(archive: Client) -> None:
    assert distances(archive, "60.0, -60.01, 0.02")["375422201"] == pytest.approx(36, rel=1e-6)


@pytest.mark.parametrize("ra", [359.9, 0.0, 0.4, 359.51])
def test_a_footprint_across_the_zero_of_right_ascension_is_one_piece(archive: Client, ra: float) -> None:
    assert distances(archive, f"{ra}, 10.0, 0.0") == {"WRAP": 0.0}


def test_the_pole_is_a_place_like_others(archive: Client) -> None:
    for ra in (0.0, 123.4, 300.0):
        assert distances(archive, f"{ra}, 89.5, 0.0") == {"POLE": 0.0}


def test_two_polygons_in_one_footprint_have_a_gap_between_them(archive: Client) -> None:
    assert distances(archive, "29.25, 0.0, 0.0") == {"TWO": 0.0}
    assert distances(archive, "30.75, 0.5, 0.0") == {"TWO": 0.0}
    assert distances(archive, "30.0, 0.0, 0.4") == {}
    assert distances(archive, "30.0, 0.0, 0.6")["TWO"] == pytest.approx(1800, rel=1e-4)


def test_a_row_without_a_position_is_found_by_name_and_by_no_cone(archive: Client) -> None:
    assert archive.names(value("target_name", "nowhere")) == ["NOWHERE"]
    everywhere = archive.filtered(position="0, 0, 180", pagesize=5000)["data"]
    assert "NOWHERE" not in {row["target_name"] for row in everywhere}
    assert len(everywhere) > 30


@given(st.floats(0, 360), st.floats(-90, 90), st.floats(0, 360), st.floats(-88, 88), st.floats(0.001, 5))
@settings(max_examples=60, deadline=None)
def test_the_distance_to_a_circle_is_the_haversine_one(
    ra: float, dec: float, cra: float, cdec: float, radius: float
) -> None:
    import math

    footprint = parse_footprint(f"circle icrs {cra:.9f} {cdec:.9f} {radius:.9f}")
    assert footprint is not None
    a, b, c, d = map(math.radians, (ra, dec, cra, cdec))
    half = math.sin((b - d) / 2) ** 2 + math.cos(b) * math.cos(d) * math.sin((a - c) / 2) ** 2
    apart = math.degrees(2 * math.asin(min(1.0, math.sqrt(half))))
    expected = max(0.0, apart - radius) * 3600
    assert footprint.distance_arcsec(unit_vectors(ra, dec)) == pytest.approx(expected, abs=2e-2)


@pytest.mark.parametrize(
    "text",
    ["", "POLYGON", "POLYGON 1 2 3 4", "CIRCLE ICRS nan 2 3", "CIRCLE 1 2", "BOX 1 2 3 4", "POLYGON 1 2 3 4 5 6 7"],
)
def test_a_footprint_that_cannot_be_read_is_none_rather_than_an_error(text: str) -> None:
    assert parse_footprint(text) is None


def test_a_position_that_is_none_is_refused_in_words(archive: Client) -> None:
    for position in ("1, 2", "a, b, c", "10, 95, 1", "10, 5, -1", "nan, 5, 1"):
        answer = archive.filtered(position=position)
        assert answer["status"] == "ERROR"
        assert "position" in answer["msg"]
    assert archive.mashup("Mast.Caom.Cone", {"ra": "x", "dec": 1}).json()["status"] == "ERROR"


# -- filters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "filters", "targets"),
    [
        ("one of the values", value("target_name", "WRAP", "pole"), ["POLE", "WRAP"]),
        ("a wildcard", value("target_name", freeText="M-%"), ["M-4", "M-4", "M-4"]),
        ("a star is one too", value("target_name", freeText="*AP"), ["WRAP"]),
        ("a wildcard or a value", value("target_name", "POLE", freeText="wr%"), ["POLE", "WRAP"]),
        ("signs of patterns mean themselves", value("proposal_pi", freeText="O'N_il"), []),
        ("an apostrophe", value("proposal_pi", "O'Neil"), ["NGC-1"]),
        ("part of a list", value("filters", "MIRROR", separator=";"), ["WRAP"]),
        ("a wildcard in a part", value("filters", freeText="CLEAR%", separator=";"), ["NGC-1"]),
        ("the whole list", value("filters", "F814W;CLEAR2L"), ["NGC-1"]),
        ("numbers as words", value("sequence_number", "15", "7"), ["375422201", "M-4"]),
        ("a range", value("sequence_number", {"min": 10, "max": 20}), ["375422201"]),
        ("a range open above", value("sequence_number", {"min": 8, "max": None}), ["375422201"]),
        ("below zero", value("calib_level", "-1"), ["M-4"]),
        ("any case of the column", value("SEQUENCE_NUMBER", "15"), ["375422201"]),
        ("an id", value("obsid", "105"), ["POLE"]),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_a_filter_finds(archive: Client, name: str, filters: dict[str, Any], targets: list[str]) -> None:
    mine = value("provenance_name", "SIMULATED")
    assert archive.names(filters, mine) == targets


def test_filters_and_a_cone_all_have_to_hold(archive: Client) -> None:
    around = "245.9, -26.5, 0.2"
    assert len(archive.names(position=around)) == 3
    assert len(archive.names(value("calib_level", "3"), position=around)) == 2
    assert archive.names(value("calib_level", "3"), value("proposal_id", "2733"), position=around) == ["M-4"]


def test_an_unknown_column_service_or_value_is_an_error_with_words(archive: Client) -> None:
    assert "wave_region" in archive.filtered(value("wave_region", "UV"))["msg"]
    for answer in (
        archive.filtered(value("t_min", {"min": "yesterday"})),
        archive.mashup("Mast.Nothing", {}).json(),
        archive.mashup("Mast.Caom.Products", {"obsid": "U9O40504M"}).json(),
        archive.mashup("Mast.Caom.Products", {}).json(),
        archive.filtered(columns="obs_id,nonsense"),
    ):
        assert answer["status"] == "ERROR"
        assert answer["msg"]
    assert archive.post("/api/v0/invoke", data={"request": "not json"}).status_code == 400


@given(st.text(max_size=12), st.text(max_size=12))
@settings(max_examples=100, deadline=None)
def test_a_wildcard_never_matches_less_than_the_text_itself(left: str, right: str) -> None:
    criterion = Criterion.read({"paramName": "x", "values": [], "freeText": f"{left}%{right}"})
    if criterion.free_text:
        assert criterion.accepts_text(left.replace("%", "") + "between" + right.replace("%", ""))


# -- pages and counts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 7, 19, 1000])
def test_pages_put_together_are_the_whole_and_each_says_where_it_stands(archive: Client, size: int) -> None:
    whole = archive.filtered(pagesize=10_000)
    total = len(whole["data"])
    assert whole["paging"]["rowsFiltered"] == total
    found: list[Any] = []
    pages = -(-total // size)
    for page in range(1, pages + 1):
        answer = archive.filtered(page=page, pagesize=size)
        found += answer["data"]
        paging = answer["paging"]
        assert (paging["page"], paging["pageSize"], paging["pagesFiltered"]) == (page, size, pages)
        assert paging["rows"] == len(answer["data"])
    assert found == whole["data"]
    behind = archive.filtered(page=pages + 1, pagesize=size)
    assert (behind["status"], behind["data"], behind["paging"]["rows"]) == ("COMPLETE", [], 0)


@pytest.mark.parametrize(
    "filters", [[], [value("obs_collection", "HST")], [value("filters", freeText="%UV")], [value("obs_id", "none")]]
)
def test_the_count_is_the_number_of_rows(archive: Client, filters: list[dict[str, Any]]) -> None:
    for position in ("", "23.34086, 60.658, 0.2"):
        count = archive.filtered(*filters, position=position, columns="COUNT_BIG(*)")
        rows = archive.filtered(*filters, position=position, pagesize=10_000)["data"]
        assert count["data"] == [{"Column1": len(rows)}]
        assert count["fields"] == [{"name": "Column1", "type": "string"}]


def test_facets_count_what_is_there(archive: Client) -> None:
    table = archive.mashup("Mast.Caom.All", {}, format="extjs").json()["data"]["Tables"][0]
    facets = {c["text"]: c["ExtendedProperties"].get("histObj") for c in table["Columns"]}
    rows = archive.filtered(pagesize=10_000)["data"]
    for name in ("obs_collection", "dataproduct_type", "dataRights", "calib_level"):
        counted = {entry["key"]: entry["count"] for entry in facets[name]["hist"]}
        assert sum(counted.values()) == len(rows)
        for key, count in counted.items():
            assert facets[name][key] == {"key": key, "count": count}
    hst = archive.filtered(value("obs_collection", "HST"), columns="COUNT_BIG(*)")["data"][0]["Column1"]
    assert facets["obs_collection"]["HST"]["count"] == hst
    clear = archive.filtered(value("filters", "CLEAR2L"), columns="COUNT_BIG(*)")["data"][0]["Column1"]
    assert facets["filters"]["CLEAR2L"]["count"] == clear == 1
    bins = facets["t_min"]
    assert bins["type"] == "numeric"
    assert sum(entry["count"] for entry in bins["hist"]["hist"]) == sum(row["t_min"] is not None for row in rows)


# -- what an answer looks like ---------------------------------------------------------------------------------------


def test_columns_come_as_asked_and_missing_cells_are_null(archive: Client) -> None:
    answer = archive.filtered(value("target_name", "NOWHERE"), columns="obs_id, s_ra,sequence_number")
    assert answer["data"] == [{"obs_id": "demo_108", "s_ra": None, "sequence_number": None}]
    assert [field["type"] for field in answer["fields"]] == ["string", "float", "int"]
    bare = archive.filtered(value("target_name", "NOWHERE"), removenullcolumns=True)
    assert "s_ra" not in bare["data"][0]
    assert bare["data"][0]["obs_id"] == "demo_108"


def test_csv_and_votable_hold_the_same_rows(archive: Client) -> None:
    asked = {"filters": [value("target_name", freeText="M-%")], "columns": "obs_id,s_ra,obsid"}
    rows = archive.mashup("Mast.Caom.Filtered", asked).json()["data"]
    text = archive.mashup("Mast.Caom.Filtered", asked, format="csv").text
    assert [row["obs_id"] for row in csv.DictReader(io.StringIO(text))] == [row["obs_id"] for row in rows]
    xml = ET.fromstring(archive.mashup("Mast.Caom.Filtered", asked, format="votable").content)
    cells = [cell.text for cell in xml.iter("{http://www.ivoa.net/xml/VOTable/v1.3}TD")]
    assert cells[::3] == [row["obs_id"] for row in rows]
    extjs = archive.mashup("Mast.Caom.Filtered", asked, format="extjs").json()["data"]["Tables"][0]
    assert extjs["Rows"] == [list(row.values()) for row in rows]


def test_products_carry_their_groups_id_and_planes_do_not_repeat_them(archive: Client) -> None:
    answer = archive.mashup("Mast.Caom.Products", {"obsid": "100,101,100,999999"}).json()
    assert [row["obsID"] for row in answer["data"]] == [100, 100, 101]
    assert {row["parent_obsid"] for row in answer["data"]} == {100, 101}
    assert answer["data"][0]["size"] == 200_000
    galex = archive.mashup("Mast.Caom.Products", {"obsid": "1000016660"}).json()["data"]
    uris = [row["dataURI"] for row in galex]
    assert len(uris) == len(set(uris)) == 8  # two bands, four files each
    assert archive.mashup("Mast.Caom.Products", {"obsid": "103"}).json()["data"] == []


def test_todays_columns_are_described(archive: Client) -> None:
    config = archive.post("/portal/Mashup/Mashup.asmx/columnsconfig", data="colConfigId=Mast.Caom.Cone",
                          headers={"Content-Type": "application/x-www-form-urlencoded"}).json()  # fmt: skip
    fields = archive.filtered(pagesize=1)["fields"]
    assert {field["name"] for field in fields} <= set(config)
    assert {field["type"] for field in fields} <= {"string", "float", "int", "boolean"}


def test_the_resolver_answers_for_every_spelling_and_every_resolver(archive: Client) -> None:
    def ask(query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = archive.get(f"/Santa-war/query?outputFormat=json&{query}").json()[
            "resolvedCoordinate"
        ]
        return found

    assert [e["resolver"] for e in ask("name=M8&resolveAll=True")] == ["SIMBAD", "NED"]
    assert [e["resolver"] for e in ask("name=m%208&resolver=NED")] == ["NED"]
    assert [e["resolver"] for e in ask("name=M8&resolver=SIMBAD&resolver=NED")] == ["SIMBAD", "NED"]
    assert [e["searchString"] for e in ask("name=MESSIER%20103&name=Barnard%27s%20Star")] == [
        "messier 103",
        "barnard's star",
    ]
    assert ask("name=no%20such%20thing") == []
    tic = ask("name=TIC%20375422201")[0]
    assert (tic["resolver"], tic["ra"], tic["decl"]) == ("TIC", 60.0, -60.0)
    assert [e["resolver"] for e in ask("name=TIC%20307210830&resolveAll=True")] == ["TIC", "SIMBAD", "SIMBADCFA"]
    assert archive.get("/Santa-war/query").status_code == 400
    lookup = archive.mashup("Mast.Name.Lookup", {"input": "M101", "format": "json"}).json()
    assert lookup["resolvedCoordinate"][0]["canonicalName"] == "M 101"


def test_as_a_proxy_it_stands_for_the_resolver_and_for_nothing_else(archive: Client) -> None:
    import requests

    proxies = {"http": archive.url}
    session = requests.Session()
    session.trust_env = False
    santa = "http://mastresolver.stsci.edu/Santa-war/query?name=M101&outputFormat=json&resolveAll=False"
    answer = session.get(santa, proxies=proxies, timeout=20)
    assert answer.json()["resolvedCoordinate"][0]["ra"] == pytest.approx(210.802429)
    assert session.get("http://example.org/", proxies=proxies, timeout=20).status_code == 502
    assert archive.get("/no/such/place").status_code == 404
    assert archive.get("/portal/Mashup/Mashup.asmx/columnsconfig").status_code == 405
