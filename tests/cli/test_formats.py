"""Rows as programs read them: whatever stands in a cell, the document stays whole and harmless."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import warnings
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mast_tui.cli import formats, text_table
from mast_tui.cli.ecsv import ecsv_lines
from mast_tui.cli.votable import votable_lines
from mast_tui.core.table import ColumnTable
from mast_tui.core.text import clean

FIELDS = [
    {"name": "target_name", "type": "string"},
    {"name": "obs_id", "type": "string"},
    {"name": "s_ra", "type": "double"},
    {"name": "t_min", "type": "double"},
    {"name": "calib_level", "type": "int"},
    {"name": "mtFlag", "type": "boolean"},
]
NAMES = [field["name"] for field in FIELDS]
ABOUT = {"query": 'M8 <within> 72″ & "more"', "total": 2, "complete": False}


def table(rows: Sequence[dict[str, Any]]) -> ColumnTable:
    return ColumnTable.from_rows(FIELDS, rows)


def row(**values: Any) -> dict[str, Any]:
    return dict.fromkeys(NAMES) | values


TWO = table(
    [
        row(target_name="π <Men> & \"co\", 'x'", obs_id="a,b", s_ra=84.29, t_min=58324.79, calib_level=3, mtFlag=False),
        row(target_name="#2", obs_id=None, s_ra=None, t_min=None, calib_level=None, mtFlag=None),
    ]
)


def test_a_votable_is_valid_and_means_what_it_says() -> None:
    from astropy.io import votable

    text = "\n".join(votable_lines(TWO, NAMES, ABOUT))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parsed = votable.parse(io.BytesIO(text.encode()), verify="exception")
    found = parsed.get_first_table()
    assert [f.name for f in found.fields] == NAMES
    assert found.get_field_by_id_or_name("s_ra").ucd == "pos.eq.ra;meta.main"
    assert found.get_field_by_id_or_name("t_min").xtype == "mjd"
    data = found.to_table(use_names_over_ids=True)
    assert data["target_name"].tolist() == ["π <Men> & \"co\", 'x'", "#2"]
    assert data["s_ra"].tolist() == [84.29, None]
    assert data["calib_level"].tolist() == [3, None]
    assert data["mtFlag"].tolist() == [False, None]
    assert parsed.resources[0].infos[0].value == "OVERFLOW"
    assert {info.name: info.value for info in parsed.resources[0].infos}["query"] == ABOUT["query"]


def test_an_ecsv_is_read_by_astropy_with_its_units() -> None:
    from astropy.table import Table

    data = Table.read("\n".join(ecsv_lines(TWO, NAMES, ABOUT)), format="ascii.ecsv")
    assert data.colnames == NAMES
    assert data["target_name"].tolist() == ["π <Men> & \"co\", 'x'", "#2"]
    assert data["calib_level"].tolist() == [3, None]
    assert data["calib_level"].dtype.kind == "i"
    assert str(data["s_ra"].unit) == "deg"
    assert data["t_min"].description.endswith("(MJD)")
    assert data.meta["query"] == ABOUT["query"]


def test_csv_leaves_masked_values_empty(capsys: pytest.CaptureFixture[str]) -> None:
    writer = formats.RowWriter("csv", None)
    writer.write_new(TWO)
    writer.write_new(TWO)
    writer.end()
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == 2
    assert rows[0]["obs_id"] == "a,b"
    assert rows[1] == dict.fromkeys(NAMES, "") | {"target_name": "#2"}


def test_json_has_no_number_that_json_lacks() -> None:
    infinite = table([row(s_ra=math.inf)])
    assert json.loads(json.dumps(formats.json_row(infinite, 0, NAMES)))["s_ra"] is None


ODD = st.text(max_size=25)
NUMBER = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))
BYTES_OF_DANGER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(ODD, ODD, NUMBER), min_size=1, max_size=5))
def test_no_text_of_the_archive_breaks_a_document_or_reaches_a_terminal(
    cells: list[tuple[str, str, float | None]],
) -> None:
    from astropy.io import votable
    from astropy.table import Table

    made = table([row(target_name=a, obs_id=b, s_ra=n) for a, b, n in cells])
    texts = {
        "votable": "\n".join(votable_lines(made, NAMES, {})),
        "ecsv": "\n".join(ecsv_lines(made, NAMES, {})),
    }
    for text in texts.values():
        assert not BYTES_OF_DANGER.search(text)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parsed = votable.parse(io.BytesIO(texts["votable"].encode()), verify="exception").get_first_table()
    again = Table.read(texts["ecsv"], format="ascii.ecsv")
    assert parsed.nrows == len(again) == len(cells)
    for n, (name, _, number) in enumerate(cells):
        if number is not None:
            assert parsed.array["s_ra"][n] == again["s_ra"][n] == number
        if clean(name).strip() == clean(name) != "":
            assert str(parsed.array["target_name"][n]) == clean(name)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(ODD, ODD), min_size=1, max_size=6), st.integers(20, 60))
def test_columns_of_a_table_stay_aligned_whatever_stands_in_them(cells: list[tuple[str, str]], room: int) -> None:
    rows = [(clean(a), clean(b)) for a, b in cells]
    widths = [max(text_table.cell_width(r[i]) for r in rows) for i in (0, 1)]
    shown, fitted = text_table._fitted(widths, room)
    headings = [text_table.Heading("a"), text_table.Heading("b")]
    for one in rows:
        line = text_table._line(one[:shown], fitted, headings)
        assert text_table.cell_width(line) <= room


def test_columns_that_do_not_fit_are_left_out_and_counted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mast_tui.cli.talk.terminal_width", lambda stream: 30)
    headings = [text_table.Heading(f"column {n}") for n in range(8)]
    left_out = text_table.write_text_table(headings, [["some long words"] * 8])
    lines = capsys.readouterr().out.splitlines()
    assert left_out == 4
    assert all(len(line) <= 30 for line in lines)
