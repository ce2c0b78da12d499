"""Pages of an answer become a table: nothing is lost on the way, nothing unsafe is shown, little memory is taken."""

from __future__ import annotations

import io
import json
import math
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mast_tui.core import wire
from mast_tui.core.columns import Column, product_column
from mast_tui.core.table import ColumnTable, heading, pack_rows
from mast_tui.core.table_pack import MAX_CELL
from mast_tui.core.text import clean

FIELDS = [
    {"name": "obs_collection", "type": "string"},
    {"name": "obs_id", "type": "string"},
    {"name": "target_name", "type": "string"},
    {"name": "calib_level", "type": "int"},
    {"name": "t_min", "type": "float"},
    {"name": "s_ra", "type": "float"},
    {"name": "mtFlag", "type": "boolean"},
]
ROWS: list[dict[str, Any]] = [
    {"obs_collection": "HST", "obs_id": "U27XCS01T", "target_name": "LO-LAT", "calib_level": 3, "t_min": 49756.25506,
     "s_ra": 23.11817129395, "mtFlag": False},
    {"obs_collection": "JWST", "obs_id": "jw02733-o002_t001_miri_f1130w", "target_name": None, "calib_level": -1,
     "t_min": None, "s_ra": 0, "mtFlag": True},
    {"obs_collection": "", "obs_id": "x", "target_name": "M 8", "calib_level": None, "t_min": 58324.8, "s_ra": None},
]  # fmt: skip

HOSTILE = ["HD[/]", "[@click=app.quit]x", "\x1b]52;c;aGk=\x07", "a\x9bm", "‮gpj.exe", "line\nbreak", "\ud800", "İß"]


def crossed(page: dict[str, Any]) -> dict[str, Any]:
    """The page as the app gets it from its worker."""
    decoded: dict[str, Any] = wire.read_frame(io.BytesIO(wire.encode(page)).read)
    return decoded


def test_values_come_back_as_the_archive_sent_them() -> None:
    table = ColumnTable()
    assert table.append(crossed(pack_rows(FIELDS, ROWS))) == 3
    assert table.row(0) == ROWS[0]
    assert table.row(1) == {**ROWS[1], "s_ra": 0.0}
    assert [c.name for c in table.columns] == [f["name"] for f in FIELDS]
    assert table.value(2, "obs_collection") is None, "the empty text is no value, as in astroquery"
    assert table.value(2, "mtFlag") is None, "a key that a row lacks is no value"


def test_cells_are_shown_with_the_digits_of_their_column_and_times_as_dates() -> None:
    table = ColumnTable.from_rows(FIELDS, ROWS)
    shown = [table.text(0, name) for name in table.names]
    assert shown == ["HST", "U27XCS01T", "LO-LAT", "3", "1995-02-08", "23.11817", "no"]
    assert [table.text(1, name) for name in ("target_name", "t_min", "s_ra")] == ["", "", "0.00000"]
    assert heading(table.column("s_ra")) == "RA [deg]"
    assert heading(table.column("t_min")) == "Start", "a date has no unit"


def test_a_time_that_is_no_date_is_shown_as_the_number() -> None:
    table = ColumnTable.from_rows([{"name": "t_min", "type": "float"}], [{"t_min": 1e12}, {"t_min": math.inf}])
    assert [table.text(0, "t_min"), table.text(1, "t_min")] == ["1e+12", "inf"]


def test_the_archives_mark_for_a_missing_integer_is_no_value() -> None:
    fields = [{"name": "sequence_number", "type": "int"}, {"name": "em_min", "type": "float"}]
    table = ColumnTable.from_rows(fields, [{"sequence_number": -999, "em_min": -999.0}])
    assert table.row(0) == {"sequence_number": None, "em_min": -999.0}


def test_identifiers_stay_byte_exact_and_are_shown_clean() -> None:
    uri = "mast:HST/product/\x1b]0;x\x07‮.fits"
    fields = [{"name": "dataURI", "type": "string"}, {"name": "description", "type": "string"}]
    table = ColumnTable.from_rows(fields, [{"dataURI": uri, "description": uri}], product_column)
    assert table.value(0, "dataURI") == uri
    assert table.text(0, "dataURI") == clean(uri)
    assert table.value(0, "description") == clean(uri)


@pytest.mark.parametrize("name", ["target_name", "obs_id"])
def test_what_is_shown_is_never_hostile(name: str) -> None:
    table = ColumnTable.from_rows([{"name": name, "type": "string"}], [{name: text} for text in HOSTILE])
    for row, text in enumerate(HOSTILE):
        assert table.text(row, name) == clean(text)
        assert clean(table.text(row, name)) == table.text(row, name)


def test_numbers_that_the_archive_calls_texts_are_texts() -> None:
    table = ColumnTable.from_rows([{"name": "obsid", "type": "string"}], [{"obsid": 2003585980}, {"obsid": None}])
    assert table.value(0, "obsid") == "2003585980"
    assert table.column("obsid").kind == "str"


@pytest.mark.parametrize(
    ("type_name", "values", "expected"),
    [
        ("float", [1.5, "n/a"], ["1.5", "n/a"]),
        ("int", [1, "many"], ["1", "many"]),
        ("int", [1, 2**70], ["1", str(2**70)]),
        ("int", [2**62, 0.5], [float(2**62), 0.5]),
        ("boolean", [True, "perhaps"], ["true", "perhaps"]),
        ("string", [{"a": 1}, True], ["{'a': 1}", "true"]),
        ("unheard-of", [1, None], [1, None]),
        ("unheard-of", [True, None], [True, None]),
        ("unheard-of", [1.5, 2], [1.5, 2.0]),
        ("unheard-of", ["a", 2], ["a", "2"]),
        ("int", [2.0, None], [2, None]),
        ("float", ["2.5", None], [2.5, None]),
        ("boolean", ["true", ""], [True, None]),
        ("int", [[1, 2], [3, 4]], ["[1, 2]", "[3, 4]"]),
    ],
)
def test_a_value_that_its_type_cannot_hold_is_kept(type_name: str, values: list[Any], expected: list[Any]) -> None:
    table = ColumnTable.from_rows([{"name": "x", "type": type_name}], [{"x": v} for v in values])
    assert [table.value(row, "x") for row in range(len(values))] == expected


def test_a_column_that_comes_late_or_stays_away_is_masked_where_it_is_missing() -> None:
    table = ColumnTable()
    table.append(pack_rows([{"name": "a", "type": "string"}], [{"a": "1"}, {"a": "2"}]))
    table.append(pack_rows([{"name": "b", "type": "float"}, {"name": "c", "type": "int"}], [{"b": 3.0, "c": 4}]))
    table.append(pack_rows([{"name": "d", "type": "string"}, {"name": "e", "type": "boolean"}], [{"d": "5", "e": 1}]))
    assert [list(table.row(row).values()) for row in range(4)] == [
        ["1", None, None, None, None],
        ["2", None, None, None, None],
        [None, 3.0, 4, None, None],
        [None, None, None, "5", True],
    ]


def test_a_column_that_changes_its_type_between_pages_keeps_all_values() -> None:
    table = ColumnTable()
    pages = [("int", 1), ("float", 2.5), ("string", "three"), ("boolean", True)]
    for type_name, value in pages:
        table.append(pack_rows([{"name": "x", "type": type_name}], [{"x": value}, {"x": None}]))
    assert [table.value(row, "x") for row in range(8)] == ["1.0", None, "2.5", None, "three", None, "true", None]
    assert table.column("x").kind == "str"


def test_texts_that_turn_out_to_be_many_change_how_they_are_kept_and_nothing_else() -> None:
    texts = [f"target {i % 1500}" for i in range(3000)] + [f"é {i}" for i in range(4000)] + ["target 7"] * 50
    table = ColumnTable()
    for start in range(0, len(texts), 500):
        rows = [{"target_name": t} for t in texts[start : start + 500]]
        table.append(crossed(pack_rows([{"name": "target_name", "type": "string"}], rows)))
    assert table.strings("target_name") == texts
    assert [table.value(row, "target_name") for row in (0, 2999, 3000, 6999, 7049)] == [
        "target 0", "target 1499", "é 0", "é 3999", "target 7",
    ]  # fmt: skip


def test_columns_as_arrays() -> None:
    table = ColumnTable.from_rows(FIELDS, ROWS)
    np.testing.assert_array_equal(table.floats("s_ra"), [23.11817129395, 0, np.nan])
    np.testing.assert_array_equal(table.floats("calib_level"), [3, -1, np.nan])
    assert table.strings("target_name") == ["LO-LAT", "", "M 8"]
    assert table.strings("calib_level") == ["3", "-1", ""]
    np.testing.assert_array_equal(table.floats("target_name"), [np.nan] * 3)
    assert list(table.to_rows([2, 0])) == [table.row(2), table.row(0)]


def test_an_answer_that_leaves_columns_out_or_sends_words_for_numbers_is_still_a_list() -> None:
    size = Column("size", "Size", "int", "B")
    table = ColumnTable(product_column, (size, Column("dataRights", "Rights", "str")))
    assert table.floats("size").size == 0
    table.append(pack_rows([{"name": "size", "type": "string"}], [{"size": "big"}, {"size": "12"}]))
    np.testing.assert_array_equal(table.floats("size"), [np.nan, 12])
    assert table.strings("dataRights") == ["", ""] and table.get(0, "dataURI") is None


def test_a_wrong_name_or_row_is_told_with_the_nearest_right_one() -> None:
    table = ColumnTable.from_rows(FIELDS, ROWS)
    with pytest.raises(KeyError, match="obs_id"):
        table.value(0, "obs_idd")
    with pytest.raises(IndexError, match="3 rows"):
        table.value(3, "obs_id")
    with pytest.raises(IndexError):
        table.value(-1, "obs_id")


def test_a_page_that_does_not_hold_together_is_refused_and_leaves_the_table_alone() -> None:
    table = ColumnTable.from_rows(FIELDS, ROWS)
    for column, spoil in [
        (0, {"codes": np.array([0, 1, 9], dtype=np.uint8)}),
        (0, {"words": b"HST"}),
        (3, {"values": np.array([1], dtype=np.int8)}),
        (4, {"values": np.array([1, 2, 3])}),
        (4, {"kind": "unheard of"}),
        (4, {"name": "s_ra"}),
    ]:
        page = pack_rows(FIELDS, ROWS)
        page["columns"][column].update(spoil)
        with pytest.raises(ValueError, match="does not hold together"):
            table.append(page)
    assert len(table) == 3 and table.row(0) == ROWS[0]


def test_bytes_that_are_no_text_do_not_stop_the_app() -> None:
    page = pack_rows([{"name": "obs_id", "type": "string"}], [{"obs_id": "x"}])
    page["columns"][0]["words"] = b"\xc3\x28\xff"
    table = ColumnTable()
    table.append(page)
    assert table.text(0, "obs_id") == "\ufffd("


def test_empty_pages_and_tables() -> None:
    table = ColumnTable()
    assert len(table) == 0 and table.columns == () and list(table.to_rows()) == []
    table.append(crossed(pack_rows(FIELDS, [])))
    assert len(table) == 0 and table.names[0] == "obs_collection"
    table.append(pack_rows(FIELDS, ROWS))
    assert table.row(0) == ROWS[0]


def test_the_portals_own_column_and_repeated_fields_are_left_out() -> None:
    fields = [{"name": "_selected_", "type": "boolean"}, {"name": "a", "type": "int"}, {"name": "a", "type": "string"}]
    table = ColumnTable.from_rows(fields, [{"_selected_": None, "a": 1}])
    assert table.names == ("a",) and table.value(0, "a") == 1


def test_a_long_footprint_is_kept_whole() -> None:
    region = "POLYGON ICRS " + " ".join(f"{i}.5" for i in range(4000))
    table = ColumnTable.from_rows([{"name": "s_region", "type": "string"}], [{"s_region": region}])
    assert table.value(0, "s_region") == region and len(region) < MAX_CELL


def test_twenty_columns_of_observations_take_less_than_230_bytes_a_row() -> None:
    names = ["instrument_name", "filters", "dataproduct_type", "dataRights", "provenance_name", "project"]
    names += ["proposal_pi", "obs_title"]
    floats = ["t_min", "t_max", "t_exptime", "t_obs_release", "distance", "s_ra", "s_dec", "em_min"]
    fields = [{"name": n, "type": "string"} for n in ["obs_collection", "obs_id", *names]]
    fields += [{"name": n, "type": "float"} for n in floats]
    fields += [{"name": n, "type": "int"} for n in ("calib_level", "sequence_number")]
    table = ColumnTable()
    for page in range(10):
        rows = [
            {
                "obs_collection": "TESS",
                "obs_id": f"tess2018206045859-s{page:04d}-{i * 7919:016d}-0120-s",
                **{n: f"{n} {i % 11}" for n in names},
                **dict.fromkeys(floats, i / 7),
                "calib_level": 3,
                "sequence_number": page,
            }
            for i in range(1000)
        ]
        table.append(pack_rows(fields, rows))
    assert table.nbytes / len(table) < 230


cells = st.one_of(
    st.none(),
    st.text(max_size=6),
    st.sampled_from([*HOSTILE, "", "m101", "M101", "M31", "12062", "8880"]),
    st.text(st.characters(codec="ascii"), max_size=8),
)
numbers = st.one_of(st.none(), st.integers(-1000, 1000), st.integers(-(2**63), 2**63 - 1), st.just(-999))
floats = st.one_of(st.none(), st.floats(), st.integers(-5, 5))
pages = st.lists(
    st.lists(
        st.fixed_dictionaries(
            {
                "word": cells,
                "obs_id": cells,
                "count": numbers,
                "x": floats,
                "flag": st.sampled_from([None, True, False]),
            }
        ),
        max_size=8,
    ),
    max_size=5,
)
MIXED = [
    {"name": "word", "type": "string"},
    {"name": "obs_id", "type": "string"},
    {"name": "count", "type": "int"},
    {"name": "x", "type": "float"},
    {"name": "flag", "type": "boolean"},
]


@settings(max_examples=150, deadline=None)
@given(pages)
def test_any_pages_give_back_what_was_put_in(answer: list[list[dict[str, Any]]]) -> None:
    table = ColumnTable()
    for page in answer:
        table.append(crossed(pack_rows(MIXED, page)))
    rows = [row for page in answer for row in page]
    assert len(table) == len(rows)
    for i, row in enumerate(rows):
        got = table.row(i)
        assert got["word"] == (clean(row["word"], MAX_CELL) if row["word"] else None)
        assert got["obs_id"] == (row["obs_id"] or None)
        assert got["count"] == (None if row["count"] == -999 else row["count"])
        assert got["x"] == (None if row["x"] is None or math.isnan(row["x"]) else float(row["x"]))
        assert got["flag"] is row["flag"]


def test_the_recorded_cone_of_the_archive() -> None:
    data = Path(os.environ.get("MAST_TUI_REAL_DATA", "../shared/data")) / "api/astroquery/caom.json"
    if not data.exists():
        pytest.skip("the recorded answers are not here")
    answer = json.loads(data.read_text())
    table = ColumnTable.from_rows(answer["fields"], answer["data"])
    assert len(table) == 19
    assert table.text(0, "t_min") == "1995-02-08"
    for i, row in enumerate(answer["data"]):
        for name in ("s_ra", "distance", "obs_id", "calib_level"):
            assert table.value(i, name) == row[name]
