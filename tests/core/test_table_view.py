"""Sorting, filtering, marking: what the reader of a table does, while more of it arrives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mast_tui.core.table import ColumnTable, pack_rows
from mast_tui.core.table_store import fold, sort_key
from mast_tui.core.table_view import TableView

FIELDS = [
    {"name": "obs_collection", "type": "string"},
    {"name": "target_name", "type": "string"},
    {"name": "proposal_id", "type": "string"},
    {"name": "t_exptime", "type": "float"},
    {"name": "calib_level", "type": "int"},
    {"name": "t_min", "type": "float"},
    {"name": "mtFlag", "type": "boolean"},
    {"name": "dataURL", "type": "string"},
]


def row(*values: Any) -> dict[str, Any]:
    return dict(zip((f["name"] for f in FIELDS), values, strict=True))


ROWS = [
    row("HST", "M 101", "12062", 1500.0, 3, 58000.0, False, "mast:HST/a.fits"),
    row("JWST", "m101", "2733", 10.0, 2, 59800.0, None, "mast:JWST/b.fits"),
    row("TESS", "Vega", None, 120.0, None, 58324.8, True, "mast:TESS/c.fits"),
    row("JWST", None, "8880", None, -1, None, False, None),
    row("HST", "NGC-42 [OIII]", "8880", 120.0, 3, 51544.0, False, "mast:HST/d.fits"),
]


@pytest.fixture
def view() -> TableView:
    return TableView(ColumnTable.from_rows(FIELDS, ROWS))


def rows_of(view: TableView) -> list[int]:
    assert [view.row_at(i) for i in range(len(view))] == view.rows().tolist()
    return [int(r) for r in view.rows()]


def test_without_sort_and_filter_the_rows_stand_as_they_came(view: TableView) -> None:
    assert rows_of(view) == [0, 1, 2, 3, 4]
    assert view.rows(1, 3).tolist() == [1, 2] and view.rows(3, 99).tolist() == [3, 4]
    assert view.index_of(3) == 3 and view.index_of(99) is None
    with pytest.raises(IndexError):
        view.row_at(5)


def test_sorting_is_stable_and_puts_rows_without_a_value_last_both_ways(view: TableView) -> None:
    view.sort("t_exptime")
    assert rows_of(view) == [1, 2, 4, 0, 3]
    view.sort("t_exptime", descending=True)
    assert rows_of(view) == [0, 2, 4, 1, 3]
    view.sort("target_name")
    assert rows_of(view) == [0, 1, 4, 2, 3]
    view.sort("mtFlag", descending=True)
    assert rows_of(view) == [2, 0, 3, 4, 1]
    view.sort(None)
    assert rows_of(view) == [0, 1, 2, 3, 4] and view.sort_name is None


def test_numbers_kept_as_text_sort_as_numbers(view: TableView) -> None:
    view.sort("proposal_id")
    assert [view.table.text(r, "proposal_id") for r in rows_of(view)] == ["2733", "8880", "8880", "12062", ""]


def test_sorting_by_a_column_that_is_not_there_names_the_nearest(view: TableView) -> None:
    with pytest.raises(KeyError, match="target_name"):
        view.sort("target_nam")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("   ", [0, 1, 2, 3, 4]),
        ("m101", [1]),
        ("M101", [1]),
        ("hst 8880", [4]),
        ('"m 101"', [0]),
        ("!hst", [1, 2, 3]),
        ("!hst !jwst", [2]),
        ("!", [0, 1, 2, 3, 4]),
        ("obs_collection:jw", [1, 3]),
        ("mission:JW", [1, 3]),
        ("!mission:JW", [0, 2, 4]),
        ('target_name:"m 1"', [0]),
        ("t_exptime>100", [0, 2, 4]),
        ("t_exptime>=1500", [0]),
        ("exposure<120", [1]),
        ("exposure<=120", [1, 2, 4]),
        ("!exposure<=120", [0, 3]),
        ("calib_level=3", [0, 4]),
        ("calib_level:-1", [3]),
        ("calib_level:three", []),
        ("proposal_id>8880", [0]),
        ("proposal_id=8880", [3, 4]),
        ("t_min>58000", [1, 2]),
        ("t_min>=2018", [2, 1]),
        ("start:2018", [2]),
        ("start:2018-07", [2]),
        ("start:2018-07-25", [2]),
        ("start:2018-08", []),
        ("start>2018-07", [1]),
        ("start<2018-07", [0, 4]),
        ("start>2018-13", []),
        ("moving:yes", [2]),
        ("moving:no", [0, 3, 4]),
        ("t_exptime>", [0, 1, 2, 3, 4]),
        ("hst t_exptime>", [0, 4]),
        ("mast:HST/d.fits", [4]),
        ("[oiii]", [4]),
        ("{oiii}", []),
        ("ngc-42", [4]),
        ("zzz", []),
    ],
)
def test_filters_as_they_are_typed(view: TableView, text: str, rows: list[int]) -> None:
    view.filter(text)
    assert rows_of(view) == sorted(rows) and view.complete
    assert [view.index_of(r) for r in sorted(rows)] == list(range(len(rows)))


def test_free_words_look_only_where_they_are_told_to() -> None:
    view = TableView(ColumnTable.from_rows(FIELDS, ROWS), searched=("target_name", "not_there"))
    view.filter("hst")
    assert rows_of(view) == []
    view.filter("obs_collection:hst")
    assert rows_of(view) == [0, 4]


def test_a_filter_in_a_sorted_view_keeps_the_order_and_a_sort_keeps_the_filter(view: TableView) -> None:
    view.sort("t_exptime", descending=True)
    view.filter("hst", wait=False)
    assert rows_of(view) == [0, 4] and view.complete
    view.sort("t_exptime")
    assert rows_of(view) == [4, 0]
    view.filter("")
    assert rows_of(view) == [1, 2, 4, 0, 3]


def test_a_restriction_works_beside_the_filter_and_hides_rows_it_does_not_reach() -> None:
    table = ColumnTable.from_rows(FIELDS, ROWS)
    view = TableView(table)
    view.restrict(np.array([True, True, False, True, True]))
    assert rows_of(view) == [0, 1, 3, 4]
    view.filter("hst")
    view.restrict(np.array([False, True, True, True, True]))
    assert rows_of(view) == [4]
    table.append(pack_rows(FIELDS, ROWS[:1]))
    view.grow()
    assert rows_of(view) == [4]
    view.sort("target_name")
    view.restrict(None)
    assert rows_of(view) == [0, 5, 4]


def test_a_long_search_gives_its_first_hits_before_it_is_done() -> None:
    table = ColumnTable.from_rows(FIELDS, ROWS * 200)
    view = TableView(table)
    view.filter("jwst", wait=False)
    assert len(view) == 0 and not view.complete
    assert not view.scan(100)
    assert len(view) == 40
    table.append(pack_rows(FIELDS, ROWS))
    view.grow(wait=False)
    assert not view.complete
    while not view.scan(300):
        pass
    assert rows_of(view) == [r for r in range(1005) if r % 5 in (1, 3)]


def test_marks_and_the_cursors_row_survive_sort_filter_and_new_pages(view: TableView) -> None:
    view.marks.update([3, 1])
    assert view.marked() == [1, 3]
    view.sort("t_exptime", descending=True)
    assert view.marked() == [1, 3]
    view.sort("proposal_id", descending=True)
    assert view.marked() == [3, 1]
    view.filter("m101")
    assert view.marked() == [1, 3], "the hidden one comes last"
    view.table.append(pack_rows(FIELDS, ROWS))
    view.grow()
    assert view.marks == {1, 3} and rows_of(view) == [1, 6]
    assert view.index_of(6) == 1 and view.index_of(0) is None


def test_counts_of_values_are_of_the_rows_in_view(view: TableView) -> None:
    assert view.facets("obs_collection") == [("HST", 2), ("JWST", 2), ("TESS", 1)]
    assert view.facets("proposal_id") == [("8880", 2), ("12062", 1), ("2733", 1), (None, 1)]
    assert view.facets("calib_level") == [(3, 2), (-1, 1), (2, 1), (None, 1)]
    assert view.facets("mtFlag") == [(False, 3), (True, 1), (None, 1)]
    assert view.facets("t_exptime", limit=1) == [(120.0, 2)]
    view.filter("hst")
    assert view.facets("obs_collection") == [("HST", 2)]
    assert view.facets("target_name", 1) == [("M 101", 1)]


def test_counts_leave_out_rows_that_are_not_in_view_yet(view: TableView) -> None:
    view.table.append(pack_rows(FIELDS, ROWS))
    assert view.facets("obs_collection")[0] == ("HST", 2)
    view.grow()
    assert view.facets("obs_collection")[0] == ("HST", 4)


# --- the same, against the plainest way to do it ----------------------------------------------------------------------

words = st.one_of(
    st.sampled_from(["", "NGC-42", "ngc-420", "m_101", "M`101", "M@101", "8880", "12062", "12", "0012", "straße", "K"]),
    st.text(st.sampled_from("aAbB1_-[{\x7f\x01éÉſ"), max_size=4),
    st.none(),
)
values = st.one_of(st.none(), st.sampled_from([0.0, -1.5, 7.0, math.inf]), st.floats(allow_nan=False))
lines = st.lists(st.tuples(words, words, values, st.one_of(st.none(), st.integers(-3, 3))), max_size=30)
SMALL = [
    {"name": "word", "type": "string"},
    {"name": "obs_id", "type": "string"},
    {"name": "x", "type": "float"},
    {"name": "n", "type": "int"},
]


def page(some: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(zip(("word", "obs_id", "x", "n"), line, strict=True)) for line in some]


def as_texts(table: ColumnTable) -> None:
    """Keep this small table's texts the way in which those of a large one are kept."""
    for name in ("word", "obs_id"):
        store = table._stores[name]
        if hasattr(store, "_as_texts"):
            table._stores[name] = store._as_texts()


needles = st.one_of(
    st.sampled_from(["ngc-42", "8880", "m_101", "M@101", "`", "12", "STRASSE", "é", "k", "\u212a"]),
    st.text(st.sampled_from("aAbB1_-[{éÉſ"), min_size=1, max_size=3),
)


@settings(max_examples=200, deadline=None)
@given(lines, lines, needles, st.booleans())
def test_a_search_finds_what_looking_at_every_cell_finds(
    first: list[tuple[Any, ...]], second: list[tuple[Any, ...]], needle: str, many: bool
) -> None:
    table = ColumnTable.from_rows(SMALL, page(first))
    if many:
        as_texts(table)
    view = TableView(table)
    view.filter(f'"{needle}"')
    table.append(pack_rows(SMALL, page(second)))
    view.grow()
    expected = [
        i
        for i in range(len(table))
        if any(fold(needle) in table.text(i, name).casefold() for name in ("word", "obs_id"))
    ]
    assert rows_of(view) == expected


def naive_order(table: ColumnTable, name: str, descending: bool) -> list[int]:
    def key(i: int) -> Any:
        value = table.value(i, name)
        return sort_key(value) if isinstance(value, str) else value

    valued = [i for i in range(len(table)) if table.value(i, name) is not None]
    ordered = sorted(valued, key=key, reverse=descending)
    return ordered + [i for i in range(len(table)) if table.value(i, name) is None]


@settings(max_examples=200, deadline=None)
@given(lines, lines, st.sampled_from(["word", "obs_id", "x", "n"]), st.booleans(), st.booleans())
def test_a_sort_is_pythons_sort_with_the_missing_last_also_when_rows_arrive(
    first: list[tuple[Any, ...]], second: list[tuple[Any, ...]], name: str, descending: bool, many: bool
) -> None:
    table = ColumnTable.from_rows(SMALL, page(first * 8))
    if many:
        as_texts(table)
    view = TableView(table)
    view.sort(name, descending)
    assert rows_of(view) == naive_order(table, name, descending)
    table.append(pack_rows(SMALL, page(second[: len(first) * 8 // 20 + 1])))
    view.grow()
    assert rows_of(view) == naive_order(table, name, descending)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("many", [False, True])
def test_equal_texts_of_later_pages_come_after_those_of_earlier_ones(many: bool, descending: bool) -> None:
    table = ColumnTable.from_rows(SMALL, page([(text, None, None, None) for text in ["b", "a", "B", "c"] * 20]))
    if many:
        as_texts(table)
    view = TableView(table)
    view.sort("word", descending)
    table.append(pack_rows(SMALL, page([("b", None, None, None), (None, None, None, None), ("A", None, None, None)])))
    view.grow()
    assert rows_of(view) == naive_order(table, "word", descending)


@pytest.mark.parametrize(("needle", "other"), ["@`", "[{", "]}", "^~", "\\|"])
def test_signs_that_differ_as_letters_do_in_their_case_are_not_mixed_up(needle: str, other: str) -> None:
    table = ColumnTable.from_rows(SMALL, page([(f"M{sign}1", None, None, None) for sign in (needle, other)]))
    as_texts(table)
    view = TableView(table)
    view.filter(f"m{needle}1")
    assert rows_of(view) == [0]
    view.filter(other)
    assert rows_of(view) == [1]


def test_long_texts_sort_right_too() -> None:
    texts = ["POLYGON " + "9.5 " * 60 + str(i % 7) for i in range(3000)] + [f"CIRCLE {i}" for i in range(3000)]
    table = ColumnTable.from_rows([{"name": "s_region", "type": "string"}], [{"s_region": t} for t in texts])
    view = TableView(table)
    view.sort("s_region")
    assert rows_of(view) == naive_order(table, "s_region", False)


def test_many_different_texts_sort_and_filter_right() -> None:
    texts = [f"tess-s{i % 90:04d}-{i * 7919 % 10007:016d}" if i % 3 else str(i * 7919 % 10007) for i in range(9000)]
    texts[4000] = "Ætoile"
    table = ColumnTable.from_rows([{"name": "obs_id", "type": "string"}], [{"obs_id": t} for t in texts])
    view = TableView(table)
    for descending in (False, True):
        view.sort("obs_id", descending)
        assert rows_of(view) == naive_order(table, "obs_id", descending)
    view.sort(None)
    for needle in ("t", "S0042", "æTOILE", "99", "-s0042-0000000000001"):
        view.filter(needle)
        assert rows_of(view) == [i for i, t in enumerate(texts) if needle.casefold() in t.casefold()]
