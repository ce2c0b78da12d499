"""How the cells of a table are cut and placed, and which lines a move of the cursor touches: without a screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from mast_tui.core.table import ColumnTable
from mast_tui.core.table_view import TableView
from mast_tui.tui.widgets.column_table_layout import ColumnLayout, fitted, middle_cut
from mast_tui.tui.widgets.column_table_window import Change, Window


@given(st.text(), st.integers(0, 30), st.booleans())
def test_a_cell_is_exactly_as_wide_as_its_column(text: str, width: int, at_right: bool) -> None:
    from mast_tui.core.text import clean

    assert cell_len(fitted(clean(text), width, at_right)) == width


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("12345", 5, "12345"), ("12345", 4, "123…"), ("天の川", 5, "天の…"), ("天の川", 4, "天 …"), ("é", 3, "é  ")],
)
def test_what_does_not_fit_ends_in_an_ellipsis(text: str, width: int, shown: str) -> None:
    assert fitted(text, width) == shown


def test_an_identifier_keeps_its_end() -> None:
    assert middle_cut("tess2018206045859-s0001-0000000149603524-0120-s_lc.fits", 20) == "tess201…20-s_lc.fits"
    assert middle_cut("short", 20) == "short"


def layout(values: list[float | None], digits_name: str = "s_ra", **options: int) -> ColumnLayout:
    fields = [{"name": digits_name, "type": "float"}]
    table = ColumnTable.from_rows(fields, [{digits_name: v} for v in values])
    made = ColumnLayout(table, None, {}, options.get("fixed", 0), options.get("widest", 40))
    made.measure()
    return made


def test_a_number_too_long_for_its_column_loses_digits_never_its_end() -> None:
    made = layout([1.5, 123456.78912, -98765432.1, 1e13, None], widest=9)
    assert [made.line(row, 0, 9) for row in range(5)] == [
        "  1.50000", "123456.79", "-98765432", "    1e+13", "         ",
    ]  # fmt: skip


def test_a_line_is_as_wide_as_the_screen_whatever_is_scrolled_away() -> None:
    fields = [{"name": n, "type": "string"} for n in ("a", "b", "c", "d")]
    table = ColumnTable.from_rows(fields, [{n: n * 7 for n in "abcd"}])
    made = ColumnLayout(table, None, {}, 1, 40)
    made.measure()
    for width in range(40):
        for left in range(made.rightmost(width) + 1):
            assert len(made.line(0, left, width)) == width
            assert len(made.header(left, width, "b", False)) == width
    assert made.line(0, 2, 30).split() == ["aaaaaaa", "ddddddd"]
    assert made.header(0, 40, "b", True) == "a        b      ↓ c        d".ljust(40)


def window(n: int, height: int = 5, marker: bool = False) -> Window:
    table = ColumnTable.from_rows([{"name": "n", "type": "int"}], [{"n": -i} for i in range(n)])
    made = Window(TableView(table), height, marker)
    made.settle()
    return made


def test_a_step_touches_two_lines_and_a_scroll_all_of_them() -> None:
    w = window(20)
    w.cursor = 1
    assert w.settle() == [Change(0, False), Change(1, False)]
    w.cursor = 5
    assert [c.line for c in w.settle()] == [0, 1, 2, 3, 4] and w.top == 1


def test_with_a_marker_a_step_touches_two_signs() -> None:
    w = window(20, marker=True)
    w.cursor = 1
    assert w.settle() == [Change(0, True), Change(1, True)]
    w.view.marks.add(3)
    assert w.settle() == [Change(3, True)]


def test_the_wheel_moves_the_rows_and_takes_the_cursor_along_at_the_edge() -> None:
    w = window(20)
    w.cursor = 2
    w.settle()
    w.scroll(3)
    assert (w.top, w.cursor) == (3, 3)
    w.scroll(100)
    assert (w.top, w.cursor) == (15, 15)
    w.scroll(-100)
    assert (w.top, w.cursor) == (0, 4)


def test_after_a_sort_the_row_is_found_again_on_its_line() -> None:
    w = window(20)
    w.cursor, w.top = 8, 6
    w.settle()
    w.view.sort("n")
    w.follow(8)
    w.settle()
    assert w.table_row == 8 and (w.cursor, w.top) == (11, 9)


def test_on_a_thin_line_the_rows_move_by_a_page_under_a_cursor_that_leaves_them() -> None:
    w = window(20)
    w.jump = w.height - 1
    tops = []
    for w.cursor in [*range(20), *range(19, -1, -1)]:
        w.settle()
        tops.append(w.top)
    assert tops[:20] == [0] * 5 + [4] * 4 + [8] * 4 + [12] * 4 + [15] * 3, "the last page is a full one"
    assert tops[20:] == [15] * 5 + [11] * 4 + [7] * 4 + [3] * 4 + [0] * 3


@given(st.integers(0, 12), st.integers(1, 6), st.integers(1, 9), st.lists(st.integers(-20, 20), max_size=8))
def test_wherever_the_cursor_is_sent_it_is_on_a_row_that_is_seen(
    n: int, height: int, jump: int, moves: list[int]
) -> None:
    w = window(n, height)
    w.jump = jump
    for move in moves:
        if move % 3 == 0:
            w.page(move)
        elif move % 3 == 1:
            w.cursor += move
        else:
            w.scroll(move)
        w.settle()
        assert [line.at_cursor for line in w.lines].count(True) == (1 if n else 0)
        assert len(w.lines) == min(n, height)
