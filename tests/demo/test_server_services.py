"""The smaller services of the embedded archive: missions' search, catalogues, cut-outs."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from mast_tui.demo import recorded

from .conftest import Client

NGC1068 = "40.66963 -0.01328"


def search(archive: Client, mission: str = "hst", **asked: Any) -> Any:
    return archive.post(f"/search/{mission}/api/v0.1/search", json=asked).json()


#: The rows that astroquery recorded; they are other ones in 0.4.12 than in 0.4.11.
RECORDED = recorded.table("mission_results.json")["results"]
FIRST = RECORDED[0]
WFPC, LONG, TARGET = FIRST["sci_instrume"].strip(), FIRST["sci_actual_duration"], FIRST["sci_targname"]
START, PROGRAMME = FIRST["sci_start_time"], FIRST["sci_pep_id"]
CITED = {"sci_refnum": ">0"}


def instrument(row: dict[str, Any]) -> str:
    return str(row["sci_instrume"]).strip()


def cited(row: dict[str, Any]) -> bool:
    return (row["sci_refnum"] or 0) > 0


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"sci_instrume": WFPC}, lambda r: instrument(r) == WFPC),
        ({"sci_instrume": f"{WFPC},COS", **CITED}, lambda r: instrument(r) in (WFPC, "COS") and cited(r)),
        ({"sci_instrume": f"!{WFPC}", **CITED}, lambda r: instrument(r) != WFPC and cited(r)),
        ({"sci_actual_duration": f"<={LONG}", **CITED}, lambda r: r["sci_actual_duration"] <= LONG and cited(r)),
        ({"sci_actual_duration": f">{LONG}", **CITED}, lambda r: r["sci_actual_duration"] > LONG and cited(r)),
        ({"sci_actual_duration": "900..2200", **CITED}, lambda r: 900 <= r["sci_actual_duration"] <= 2200 and cited(r)),
        ({"sci_targname": f"*{TARGET[1:].lower()}"}, lambda r: r["sci_targname"].endswith(TARGET[1:])),
        ({"sci_start_time": f"1980..{START}", **CITED}, lambda r: r["sci_start_time"] <= START and cited(r)),
        ({"sci_start_time": START[:10]}, lambda r: r["sci_start_time"][:10] == START[:10]),
        ({"sci_pep_id": f"{PROGRAMME}"}, lambda r: r["sci_pep_id"] == PROGRAMME),
        ({"sci_obs_type": "", "sci_pep_id": f"{PROGRAMME}"}, lambda r: r["sci_pep_id"] == PROGRAMME),
    ],
)
def test_a_condition_of_the_missions_search_finds(
    archive: Client, condition: dict[str, str], holds: Callable[[dict[str, Any]], bool]
) -> None:
    answer = search(archive, conditions=[{name: text} for name, text in condition.items()])
    expected = sorted(row["sci_data_set_name"] for row in RECORDED if holds(row))
    assert sorted(row["sci_data_set_name"] for row in answer["results"]) == expected
    assert answer["totalResults"] == len(expected)


def test_the_skys_own_observations_are_among_them(archive: Client) -> None:
    answer = search(archive, conditions=[{"sci_data_set_name": "demo_100"}])
    assert [row["sci_data_set_name"] for row in answer["results"]] == ["DEMO_100"]


def test_a_search_is_sorted_paged_and_counted(archive: Client) -> None:
    asked: dict[str, Any] = {"target": [NGC1068], "radius": 3, "radius_units": "arcminutes"}
    found = search(archive, **asked)["results"]
    away = [row["ang_sep"] for row in found]
    flat = [60 * math.hypot(row["sci_ra"] - 40.66963, row["sci_dec"] + 0.01328) for row in found]
    assert away == sorted(away) == pytest.approx(flat, rel=1e-3)
    down = search(archive, **asked, sort_by=["sci_actual_duration"], sort_desc=[True], limit=2)
    longest = sorted((row["sci_actual_duration"] for row in RECORDED), reverse=True)
    assert [row["sci_actual_duration"] for row in down["results"]] == longest[:2]
    last = search(archive, **asked, limit=2, offset=len(RECORDED) - 1)
    assert (len(last["results"]), last["totalResults"]) == (1, len(RECORDED))
    assert last["search_params"]["offset"] == len(RECORDED) - 1
    counted = search(archive, **asked, count_only=True)
    assert (counted["totalResults"], counted["results"]) == (len(RECORDED), [])
    assert counted["search_params"]["count_only"] is True
    columns = search(archive, **asked, select_cols=["sci_targname"])
    assert [info["name"] for info in columns["info"]] == ["sci_targname", "sci_data_set_name"]


@pytest.mark.parametrize(
    "asked",
    [
        {"target": [NGC1068], "radius": 31},
        {"target": ["here"]},
        {"conditions": [{"sci_nothing": "1"}]},
        {"conditions": [{"sci_pep_id": "<many"}]},
        {"sort_by": ["nothing"]},
        {"select_cols": ["nothing"]},
    ],
)
def test_a_search_that_makes_no_sense_is_a_400_with_words(archive: Client, asked: dict[str, Any]) -> None:
    answer = archive.post("/search/hst/api/v0.1/search", json=asked)
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_jwst_rows_are_in_jwsts_own_columns_and_planned_ones_are_not_there(archive: Client) -> None:
    columns = archive.get("/search/util/api/v0.1/column_list?mission=jwst").json()
    answer = search(archive, "jwst", conditions=[{"targprop": "M-4"}])
    assert {info["name"] for info in answer["info"]} < {column["column_name"] for column in columns}
    assert sorted(row["fileSetName"] for row in answer["results"]) == ["demo_101", "demo_102"]
    assert {row["access"] for row in answer["results"]} == {"EXCLUSIVE_ACCESS"}
    assert answer["results"][0]["publicReleaseDate"] > "2025"
    assert archive.get("/search/util/api/v0.1/column_list?mission=roman").status_code == 404


def test_the_recorded_product_list_comes_with_its_files(archive: Client) -> None:
    named = FIRST["sci_data_set_name"]
    answer = archive.post("/search/hst/api/v0.1/post_list_products", json={"dataset_ids": ["Z14Z0104T", named]})
    products = answer.json()["products"]
    assert [p["size"] for p in products if p["dataset"] == "Z14Z0104T"] == [31680, 17280, 14400, 11520, 11520]
    assert {p["dataset"] for p in products} == {"Z14Z0104T", named}
    assert not any(name.startswith("_") for product in products for name in product)
    for product in products:
        file = archive.get("/search/hst/api/v0.1/retrieve_product", params={"product_name": product["uri"]})
        assert len(file.content) == product["size"]


def panstarrs(archive: Client, **asked: Any) -> Any:
    return archive.post("/api/v0.1/panstarrs/dr2/mean.json", json=asked)


def test_panstarrs_sources_are_placed_by_their_names_and_filtered(archive: Client) -> None:
    everything = panstarrs(archive).json()
    assert len(everything["data"]) == 35
    names = [info["name"] for info in everything["info"]]
    row = dict(zip(names, everything["data"][0], strict=True))
    assert (row["raMean"], row["decMean"]) == pytest.approx((5.971792, -32.530170), abs=1e-6)
    near = panstarrs(archive, ra=row["raMean"], dec=row["decMean"], radius=0.003, columns=["objID", "distance"]).json()
    assert 1 <= len(near["data"]) < 35
    assert min(distance for _, distance in near["data"]) == pytest.approx(0, abs=1e-9)
    bright = panstarrs(
        archive, **{"iMeanApMag.lt": 18, "columns": ["iMeanApMag"], "sort_by": ["desc.iMeanApMag"]}
    ).json()
    magnitudes = [cells[0] for cells in bright["data"]]
    assert magnitudes == sorted(magnitudes, reverse=True)
    assert all(magnitude < 18 for magnitude in magnitudes)
    assert panstarrs(archive, **{"nDetections.gte": 2}).json()["data"] == []
    assert len(panstarrs(archive, pagesize=10, page=4).json()["data"]) == 5


@pytest.mark.parametrize(
    "asked", [{"nonsense": 1}, {"iMeanApMag.about": 1}, {"ra": 1}, {"columns": ["no"]}, {"sort_by": "no"}]
)
def test_panstarrs_refuses_what_it_does_not_know(archive: Client, asked: dict[str, Any]) -> None:
    answer = panstarrs(archive, **asked)
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_catalogue_cones_and_criteria_search_the_recorded_rows(archive: Client) -> None:
    m10 = {"ra": 254.28771, "dec": -4.10031}
    near = archive.mashup("Mast.Catalogs.Tic.Cone", m10 | {"radius": 0.07}).json()
    away = [row["dstArcSec"] for row in near["data"]]
    assert away == sorted(away)
    assert max(away) <= 0.07 * 3600
    none = archive.mashup("Mast.Catalogs.Tic.Cone", {"ra": 10, "dec": 10, "radius": 1}).json()
    assert (none["status"], none["data"]) == ("COMPLETE", [])
    asked = {"columns": "COUNT_BIG(*)", "filters": [{"paramName": "Tmag", "values": [{"min": 16, "max": 17}]}]}
    rows = archive.mashup("Mast.Catalogs.Filtered.Tic.Rows", asked | {"columns": "*"}).json()["data"]
    assert archive.mashup("Mast.Catalogs.Filtered.Tic.Rows", asked).json()["data"] == [{"Column1": len(rows)}]
    wrong = {"columns": "*", "filters": [{"paramName": "Tmagg", "values": ["1"]}]}
    assert archive.mashup("Mast.Catalogs.Filtered.Tic.Rows", wrong).json()["status"] == "ERROR"
    hsc = archive.mashup("Mast.Hsc.Db.v3", {"ra": 322.525, "dec": 12.1667, "radius": 0.1, "nr": 5, "ni": 2}).json()
    assert len(hsc["data"]) == 5
    assert min(row["NumImages"] for row in hsc["data"]) >= 2


def test_pi_men_was_seen_in_the_sectors_that_it_was_seen_in(archive: Client) -> None:
    answer = archive.post("/tesscut/api/v0.1/sector", data={"ra": 84.291188, "dec": -80.469119, "radius": 0})
    sectors = [int(row["sector"]) for row in answer.json()["results"]]
    assert {1, 4, 8, 11, 12, 13, 27} <= set(sectors)
    assert not {2, 3, 5, 6, 7, 9, 10, 14, 20} & set(sectors)


def test_a_cut_out_is_a_zip_of_fits_files_and_none_is_said_in_json(archive: Client) -> None:
    from astropy.io import fits

    asked = {"ra": 107.27, "dec": -70.0, "x": 7, "y": 3, "units": "px", "sector": 3}
    answer = archive.get("/tesscut/api/v0.1/astrocut", params=asked)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive_file:
        (name,) = archive_file.namelist()
        with fits.open(io.BytesIO(archive_file.read(name)), checksum=True) as file:
            assert file[1].data["FLUX"].shape[1:] == (3, 7)
            assert file[0].header["SECTOR"] == 3
    assert name.startswith("tess-s0003-4-")
    none = archive.post("/tesscut/api/v0.1/astrocut", data=asked | {"sector": 20})
    assert (none.status_code, none.json()["results"], bool(none.json()["msg"])) == (200, [], True)


@pytest.mark.parametrize(
    "asked",
    [{}, {"ra": "x", "dec": 1}, {"ra": 1, "dec": 91}, {"ra": 1, "dec": 1, "x": 5000, "y": 5}, {"ra": "nan", "dec": 1}],
)
def test_a_cut_out_without_sense_is_a_400(archive: Client, asked: dict[str, Any]) -> None:
    for tool in ("tesscut", "hapcut"):
        assert archive.get(f"/{tool}/api/v0.1/astrocut", params=asked).status_code == 400
    assert archive.get("/tesscut/api/v0.1/nothing", params={"ra": 1, "dec": 1}).status_code == 404
