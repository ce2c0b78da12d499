"""Half a million simulated observations: quick, plausible, marked, and out of the way of the recorded numbers."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest

from mast_tui.demo.bulk import FIRST_OBSID, simulate
from mast_tui.demo.footprints import parse_footprint, unit_vectors
from mast_tui.demo.proportions import MISSIONS
from mast_tui.demo.server import serve

from .conftest import Client, sample, value

ROWS = 500_000


@pytest.fixture(scope="module")
def full() -> Iterator[Client]:
    with serve(0, ROWS, observations=sample(), resolver_entries=[]) as server:
        yield Client(server)


def test_every_row_is_there_counted_and_paged(full: Client) -> None:
    start = time.monotonic()
    simulated = value("obs_title", freeText="SIMULATED%")
    first = full.filtered(simulated, pagesize=500)
    assert first["paging"]["rowsFiltered"] == ROWS
    last = full.filtered(simulated, pagesize=500, page=1000)
    assert len(last["data"]) == 500
    assert last["data"][-1]["obsid"] == FIRST_OBSID + ROWS - 1
    assert time.monotonic() - start < 20


def test_the_collections_stand_in_realistic_order(full: Client) -> None:
    table = full.mashup("Mast.Caom.All", {}, format="extjs").json()["data"]["Tables"][0]
    column = next(c for c in table["Columns"] if c["text"] == "obs_collection")
    counts = {entry["key"]: entry["count"] for entry in column["ExtendedProperties"]["histObj"]["hist"]}
    assert sorted(counts, key=lambda name: -counts[name])[:2] == ["HLSP", "TESS"]
    assert {mission.collection for mission in MISSIONS} <= set(counts)
    assert sum(counts.values()) > ROWS


def test_the_recorded_cones_are_untouched(full: Client) -> None:
    m103 = full.filtered(position="23.34086, 60.658, 0.2")["data"]
    assert len(m103) == 19
    m101 = full.filtered(value("filters", "NUV", "FUV"), position="210.80227, 54.34895, 0.2")["data"]
    assert len(m101) == 12


def test_a_cone_finds_what_its_footprints_say(full: Client) -> None:
    answer = full.filtered(position="200.0, 20.0, 1.0", pagesize=5000)
    point = unit_vectors(200.0, 20.0)
    assert len(answer["data"]) > 20
    for row in answer["data"]:
        footprint = parse_footprint(row["s_region"])
        assert footprint is not None
        assert footprint.distance_arcsec(point) == pytest.approx(row["distance"], abs=0.01)
        assert row["distance"] <= 3600
    around = full.filtered(position="200.0, 20.0, 3.0", pagesize=50_000)["data"]
    inside = {row["obsid"] for row in answer["data"]}
    for row in around:
        footprint = parse_footprint(row["s_region"])
        assert footprint is not None
        assert (footprint.distance_arcsec(point) <= 3600) == (row["obsid"] in inside) or abs(
            row["distance"] - 3600
        ) < 0.01


def test_filters_on_every_kind_of_column_agree_with_their_rows(full: Client) -> None:
    answer = full.filtered(
        value("obs_collection", "TESS"), value("sequence_number", "12"), value("t_exptime", {"min": 0, "max": 30}),
        pagesize=10_000,
    )  # fmt: skip
    rows = answer["data"]
    assert 50 < len(rows) == answer["paging"]["rowsFiltered"]
    assert {(row["obs_collection"], row["sequence_number"], row["t_exptime"]) for row in rows} == {("TESS", 12, 20.0)}
    one = full.filtered(value("obs_id", rows[0]["obs_id"]))["data"]
    assert [row["obsid"] for row in one] == [rows[0]["obsid"]]
    named = full.filtered(value("target_name", rows[0]["target_name"]), columns="COUNT_BIG(*)")["data"][0]["Column1"]
    assert named >= 1


def test_a_simulated_row_has_products_that_can_be_fetched(full: Client) -> None:
    obsid = FIRST_OBSID + 123_456
    products = full.mashup("Mast.Caom.Products", {"obsid": str(obsid)}).json()["data"]
    assert {row["obsID"] for row in products} == {obsid}
    assert "SIMULATED" in products[0]["description"]
    for row in products:
        assert len(full.file(row["dataURI"]).content) == row["size"]
    assert full.file(f"mast:TESS/simulated/{FIRST_OBSID + ROWS}/none.fits").status_code == 404


def test_a_catalogue_name_of_a_simulated_star_is_resolved(full: Client) -> None:
    row = full.filtered(value("obs_collection", "TESS"), pagesize=1)["data"][0]
    found = full.get(f"/Santa-war/query?name=TIC%20{int(row['target_name'])}").json()["resolvedCoordinate"]
    assert found[0]["resolver"] == "TIC"
    near = full.filtered(position=f"{found[0]['ra']}, {found[0]['decl']}, 0.01")["data"]
    assert row["target_name"] in {other["target_name"] for other in near}


def test_the_sky_is_the_same_each_time_and_its_limits_are_told() -> None:
    one, two = simulate(1000), simulate(1000)
    rows = np.arange(1000)
    assert one.s_regions(rows) == two.s_regions(rows)
    assert len(simulate(0).ra_deg) == 0
    for wrong in (-1, ROWS + 1):
        with pytest.raises(ValueError, match="500,000"):
            simulate(wrong)
