"""Find: a name, a place, conditions; in a table for people and in the formats of programs."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import pytest

from .conftest import REPOSITORY, Command


def test_a_name_is_resolved_by_everyone_who_knows_it(mast: Command) -> None:
    ran = mast("resolve", "M8", "TRAPPIST-1")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0].split()[:2] == ["Name", "Resolver"]
    assert [line.split()[1] for line in lines if line.startswith("M8")] == ["SIMBAD", "NED"]
    assert "63.8″ apart" in ran.err


def test_a_name_that_nobody_knows_is_1_and_the_others_still_come(mast: Command) -> None:
    ran = mast("resolve", "M8", "Nowhere 7", "--json")
    assert ran.code == 1
    assert ran.json["unknown"] == ["Nowhere 7"]
    assert ran.json["separation_arcsec"]["M8"] == pytest.approx(63.76, abs=0.01)
    alone = mast("resolve", "Nowhere 7", "--json")
    assert alone.code == 1
    assert alone.json["error"]["kind"] == "not_found"


def test_the_count_is_one_number_and_equals_the_rows(mast: Command) -> None:
    words = ("search", "pi Men", "--radius", "0.01deg", "-c", "obs_collection=TESS")
    counted = int(mast(*words, "--count").out)
    assert counted > 0
    assert mast(*words, "--count", "--json").json["count"] == counted
    rows = mast(*words, "--json").json
    assert rows["total"] == counted == len(rows["rows"])
    assert rows["complete"] is True


def test_coordinates_need_no_quotes_and_a_radius_its_unit(mast: Command) -> None:
    degrees = mast("search", "270.904", "-24.387", "--radius", "72arcsec", "--count")
    quoted = mast("search", "270.904 -24.387", "--radius", "1.2 arcmin", "--count")
    assert degrees.code == 0
    assert degrees.out == quoted.out


def test_where_resolvers_disagree_one_is_named_and_another_can_be_chosen(mast: Command) -> None:
    first = mast("search", "M8", "--json", "--limit", "1")
    assert "SIMBAD is used; --resolver chooses another (NED)" in first.err
    assert first.json["query"]["position"]["resolver"] == "SIMBAD"
    other = mast("search", "M8", "--json", "--limit", "1", "--resolver", "ned")
    assert other.json["query"]["position"]["resolver"] == "NED"
    assert "apart" not in other.err
    wrong = mast("search", "M8", "--resolver", "Vizier")
    assert wrong.code == 2
    assert "SIMBAD, NED" in wrong.err


def test_a_catalogue_number_is_exactly_that_target(mast: Command) -> None:
    rows = mast("search", "TIC", "261136679", "--json", "--columns", "target_name,obs_collection").json["rows"]
    assert rows
    assert {row["target_name"] for row in rows if row["obs_collection"] == "TESS"} == {"261136679"}


def test_the_table_has_the_key_for_products_first_and_is_not_cut_in_a_pipe(mast: Command) -> None:
    ran = mast("search", "TIC 261136679", env={"COLUMNS": "40"})
    lines = ran.out.splitlines()
    assert lines[0].startswith("Group ID")
    long_name = "tess2018206045859-s0001-0000000261136679-0120-s"
    row = next(line for line in lines if long_name in line)
    products = mast("products", row.split()[0])
    assert products.code == 0
    assert f"{long_name}_lc.fits" in products.out


def test_a_limit_is_said_to_be_one(mast: Command) -> None:
    ran = mast("search", "M8", "--limit", "3")
    assert ran.code == 0
    assert len(ran.out.splitlines()) == 4
    assert "3 of " in ran.err
    assert mast("search", "M8", "--limit", "3", "--json").json["complete"] is False


def test_csv_and_json_lines_have_every_row_and_column(mast: Command) -> None:
    words = ("search", "TIC 261136679")
    rows = list(csv.DictReader(io.StringIO(mast(*words, "--format", "csv").out)))
    lines = [json.loads(line) for line in mast(*words, "--format", "jsonl").out.splitlines()]
    assert len(rows) == len(lines) > 5
    assert list(rows[0]) == list(lines[0])
    for row, line in zip(rows, lines, strict=True):
        assert row["obs_id"] == line["obs_id"]
        assert float(row["t_min"]) == line["t_min"]


def test_only_the_columns_asked_for_in_their_order(mast: Command) -> None:
    ran = mast("search", "TIC 261136679", "--format", "csv", "--columns", "t_min,obs_id")
    assert ran.out.splitlines()[0] == "t_min,obs_id"
    wrong = mast("search", "TIC 261136679", "--format", "csv", "--columns", "t_mim")
    assert wrong.code == 2
    assert "Did you mean t_min?" in wrong.err


def test_nothing_found_is_1_and_says_what_was_asked(mast: Command) -> None:
    ran = mast("search", "TIC 261136679", "-c", "obs_collection=JWST")
    assert ran.code == 1
    assert ran.out == ""
    assert "Nothing found" in ran.err
    assert "obs_collection=JWST" in ran.err
    assert mast("search", "TIC 261136679", "-c", "obs_collection=JWST", "--count").out == "0\n"


def test_astropy_reads_the_votable_and_the_ecsv_with_units_and_masks(mast: Command) -> None:
    from astropy.io import votable
    from astropy.table import Table

    words = ("search", "M8", "--radius", "0.2deg")
    plain = mast(*words, "--json").json
    text = mast(*words, "--format", "votable").out
    parsed = votable.parse(io.BytesIO(text.encode()), verify="exception")
    tables = {
        "votable": parsed.get_first_table().to_table(use_names_over_ids=True),
        "ecsv": Table.read(mast(*words, "--format", "ecsv").out, format="ascii.ecsv"),
    }
    for form, table in tables.items():
        assert len(table) == plain["total"], form
        assert table.colnames == [c["name"] for c in plain["columns"]]
        assert str(table["s_ra"].unit) == "deg"
        assert str(table["t_min"].unit) == "d"
        assert "adius" not in table["s_ra"].description
        assert "ICRS" in table["s_ra"].description
        for name in ("s_ra", "t_min", "calib_level", "obs_id", "obs_title"):
            for value, row in zip(table[name].filled(-1) if table.masked else table[name], plain["rows"], strict=True):
                expected = row[name]
                if expected is not None:
                    assert value == expected, (form, name)
    assert parsed.get_first_table().nrows == plain["total"]


def test_a_page_that_fails_leaves_the_others_and_1(bare: Command) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "mast_tui.cli", "demo", "serve", "--fault", "page2-always", "--rows", "400"],
        stdout=subprocess.PIPE,
        text=True,
        env=bare.environment,
        cwd=REPOSITORY,
    )
    with server:
        assert server.stdout is not None
        bare.environment["MAST_TUI_ARCHIVE"] = server.stdout.readline().strip()
        bare.environment["MAST_TUI_PAGE_SIZE"] = "100"
        bare.environment["MAST_TUI_DEADLINE_S"] = "5"
        ran = bare("search", "-c", "intentType=science", "--limit", "300", "--format", "jsonl")
        server.terminate()
    assert ran.code == 1
    assert "page 2 could not be had" in ran.err
    assert len(ran.out.splitlines()) == 200


def test_the_files_of_an_observation_by_number_or_by_its_own_id(mast: Command) -> None:
    name = "tess2018206045859-s0001-0000000261136679-0120-s"
    by_name = mast("products", name, "--json").json
    assert by_name["files"]
    assert by_name["not_shown"] > 0
    number = by_name["files"][0]["obsID"]
    assert mast("products", str(number), "--json").json == by_name
    everything = mast("products", name, "--all", "--json").json
    assert len(everything["files"]) == len(by_name["files"]) + by_name["not_shown"]
    assert {f["uri"] for f in by_name["files"]} < {f["uri"] for f in everything["files"]}


def test_an_observation_that_is_not_there_is_1_and_the_others_are_listed(mast: Command) -> None:
    ran = mast("products", "tess2018206045859-s0001-0000000261136679-0120-s", "tess9999999999999-s9999-x")
    assert ran.code == 1
    assert "_lc.fits" in ran.out
    assert "there is no observation “tess9999999999999-s9999-x”" in ran.err
    assert mast("products", "123", "--json").code == 1


def test_the_demo_says_that_it_is_one(bare: Command) -> None:
    ran = bare("search", "M8", "--demo", "--rows", "50", "--limit", "1", "--json")
    assert ran.code == 0
    assert "simulated" in ran.err
    assert ran.json["simulated"] is True
