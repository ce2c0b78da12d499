"""The table on a real screen: keys, mouse, marks, hostile text, pages that arrive, and what is drawn again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.message import Message
from textual.pilot import Pilot

from mast_tui.core.table import ColumnTable, pack_rows
from mast_tui.core.table_view import TableView
from mast_tui.tui.widgets.column_table import ColumnTableView

FIELDS = [
    {"name": "obs_collection", "type": "string"},
    {"name": "target_name", "type": "string"},
    {"name": "t_exptime", "type": "float"},
    {"name": "obs_id", "type": "string"},
]
SIZE = (60, 11)  # a head and ten rows


def rows(start: int, n: int) -> list[dict[str, Any]]:
    return [
        {
            "obs_collection": "JWST" if i % 3 == 0 else "HST",
            "target_name": f"M {i}",
            "t_exptime": float(n - i),
            "obs_id": f"o{i:05d}",
        }
        for i in range(start, start + n)
    ]


def table_of(n: int) -> ColumnTable:
    return ColumnTable.from_rows(FIELDS, rows(0, n))


class TableApp(App[None]):
    """One table, and what it said."""

    def __init__(self, table: ColumnTable | TableView, **options: Any) -> None:
        super().__init__()
        self._table, self._options = table, options
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield ColumnTableView(self._table, id="table", **self._options)

    def on_mount(self) -> None:
        self.rows.focus()

    @property
    def rows(self) -> ColumnTableView:
        return self.query_one(ColumnTableView)

    def on_column_table_view_cursor_moved(self, message: ColumnTableView.CursorMoved) -> None:
        self.heard.append(message)

    def on_column_table_view_activated(self, message: ColumnTableView.Activated) -> None:
        self.heard.append(message)

    def on_column_table_view_marks_changed(self, message: ColumnTableView.MarksChanged) -> None:
        self.heard.append(message)

    def lines(self) -> list[str]:
        """What stands on the screen."""
        return ["".join(s.text for s in strip) for strip in self.screen._compositor.render_strips()]

    def cells(self, line: int) -> list[Segment]:
        return list(self.screen._compositor.render_strips()[line])


async def settled(pilot: Pilot[None], app: TableApp) -> None:
    """Wait for the last slice of a search."""
    for _ in range(500):
        await pilot.pause()
        if app.rows.view.complete:
            await pilot.pause()
            return
        await pilot.pause(0.005)
    raise AssertionError("the search does not end")


def redrawn(monkeypatch: pytest.MonkeyPatch, widget: ColumnTableView) -> list[Region]:
    """Every region that the widget asks to have drawn again; an empty one is all of it."""
    asked: list[Region] = []
    refresh: Callable[..., Any] = widget.refresh

    def watched(*regions: Region, **options: Any) -> Any:
        asked.extend(regions or (Region(),))
        return refresh(*regions, **options)

    monkeypatch.setattr(widget, "refresh", watched)
    return asked


async def test_the_head_shows_units_and_the_rows_are_in_their_columns() -> None:
    app = TableApp(table_of(3))
    async with app.run_test(size=SIZE):
        lines = app.lines()
        assert lines[0].split("  ") and lines[0].strip() == "Mission  Target  Exposure [s]  Observation"
        assert lines[1].split() == ["JWST", "M", "0", "3.0", "o00000"]
        assert lines[1].index("3.0") + 3 == lines[0].index("[s]") + 3, "numbers stand at the right, under their unit"
        assert not "".join(lines[4:]).strip()


@pytest.mark.parametrize(
    ("keys", "position"),
    [
        (["down"], 1),
        (["j", "j", "k"], 1),
        (["up"], 0),
        (["pagedown"], 10),
        (["pagedown", "pageup"], 0),
        (["pagedown"] * 9, 49),
        (["end"], 49),
        (["G"], 49),
        (["end", "home"], 0),
        (["G", "g"], 0),
        (["end", "down"], 49),
    ],
)
async def test_keys_move_the_cursor_and_it_stays_on_the_screen(keys: list[str], position: int) -> None:
    app = TableApp(table_of(50))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        assert app.rows.cursor_row == app.rows.cursor_table_row == position
        shown = [line for line in app.lines()[1:] if f"o{position:05d}" in line]
        assert len(shown) == 1
        line = app.lines().index(shown[0])
        assert all(s.style is not None and s.style.reverse for s in app.cells(line))


async def test_the_screen_hears_where_the_cursor_is_and_what_is_opened() -> None:
    app = TableApp(table_of(5))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down", "down", "up", "enter")
        await pilot.pause()
        moves = [m.table_row for m in app.heard if isinstance(m, ColumnTableView.CursorMoved)]
        assert moves[0] == 0 and moves[-1] == 1
        opened = [m for m in app.heard if isinstance(m, ColumnTableView.Activated)]
        assert [m.table_row for m in opened] == [1] and opened[0].control is app.rows


async def test_marks_are_a_sign_and_survive_sorting_and_filtering() -> None:
    app = TableApp(table_of(5))
    async with app.run_test(size=SIZE) as pilot:
        app.rows.action_toggle_mark()
        app.rows.action_toggle_mark()
        app.rows.sort_by("t_exptime")
        await pilot.pause()
        assert app.rows.marked_rows == [1, 0]
        assert [line[:3] for line in app.lines()[1:6]] == ["   ", "   ", "   ", " ✓ ", " ✓ "]
        app.rows.set_filter("jwst")
        await pilot.pause()
        assert [line[:3] for line in app.lines()[1:4]] == ["   ", " ✓ ", "   "] and app.rows.marked_rows == [0, 1]
        app.rows.mark_all_or_none()
        assert app.rows.marked_rows == [3, 0, 1]
        app.rows.mark_all_or_none()
        assert app.rows.marked_rows == [1]
        app.rows.clear_marks()
        await pilot.pause()
        assert app.rows.marked_rows == [] and "✓" not in "".join(app.lines())
        assert len([m for m in app.heard if isinstance(m, ColumnTableView.MarksChanged)]) >= 2


async def test_sorting_shows_an_arrow_and_the_third_time_the_order_in_which_they_came() -> None:
    app = TableApp(table_of(20))
    async with app.run_test(size=SIZE) as pilot:
        for arrow, first in [("↑", "o00019"), ("↓", "o00000"), ("", "o00000")]:
            app.rows.sort_by("t_exptime")
            await pilot.pause()
            assert f"Exposure [s]{arrow} " in app.lines()[0] and first in app.lines()[1]
        with pytest.raises(KeyError, match="t_exptime"):
            app.rows.sort_by("t_exptim")


async def test_a_filter_shows_its_hits_and_giving_it_up_stays_on_the_row() -> None:
    app = TableApp(table_of(3000), placeholder="no row fits")
    async with app.run_test(size=SIZE) as pilot:
        app.rows.set_filter("o0250")
        await settled(pilot, app)
        assert len(app.rows.view) == 10 and "o02500" in app.lines()[1]
        await pilot.press("down", "down")
        app.rows.set_filter("")
        await settled(pilot, app)
        assert app.rows.cursor_row == app.rows.cursor_table_row == 2502
        assert any("o02502" in line for line in app.lines())
        app.rows.set_filter("zzz")
        await settled(pilot, app)
        assert not len(app.rows.view) and app.lines()[1].strip() == "no row fits"
        app.rows.action_toggle_mark()
        await pilot.press("enter", "down", "end", "pageup")
        assert app.rows.marked_rows == [] and not [m for m in app.heard if isinstance(m, ColumnTableView.Activated)]


async def test_a_search_of_many_rows_goes_on_by_itself_and_ends() -> None:
    page = pack_rows(FIELDS, rows(0, 5000))
    table = ColumnTable()
    for _ in range(40):
        table.append(page)
    app = TableApp(table)
    async with app.run_test(size=SIZE) as pilot:
        app.rows.set_filter("o04999")
        app.rows.set_filter("o0499")
        await settled(pilot, app)
        assert len(app.rows.view) == 400
        assert [m.table_row for m in app.heard if isinstance(m, ColumnTableView.CursorMoved)][-1] == 4990


async def test_pages_that_arrive_below_the_screen_draw_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    table = table_of(30)
    app = TableApp(table)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down", "down")
        await pilot.pause()
        asked = redrawn(monkeypatch, app.rows)
        for page in range(5):
            table.append(pack_rows(FIELDS, rows(30 + 100 * page, 100)))
            app.rows.table_grew()
            await pilot.pause()
        assert asked == [] and len(app.rows.view) == 530 and app.rows.cursor_row == 2
        await pilot.press("end")
        await pilot.pause()
        assert "o00529" in app.lines()[-1]


async def test_pages_that_arrive_into_a_sorted_table_leave_the_cursor_on_its_row_and_line() -> None:
    table = table_of(30)
    app = TableApp(table)
    async with app.run_test(size=SIZE) as pilot:
        app.rows.sort_by("target_name", descending=True)
        await pilot.press(*["down"] * 14)
        row = app.rows.cursor_table_row
        line = next(i for i, text in enumerate(app.lines()) if f"o{row:05d}" in text)
        table.append(pack_rows(FIELDS, rows(30, 60)))
        app.rows.table_grew()
        await pilot.pause()
        assert app.rows.cursor_table_row == row and f"o{row:05d}" in app.lines()[line]


async def test_a_table_that_starts_empty_gets_its_columns_with_the_first_page() -> None:
    table = ColumnTable()
    app = TableApp(table, columns=["target_name", "obs_id", "not_there"], placeholder="asking the archive …")
    async with app.run_test(size=SIZE) as pilot:
        assert app.lines()[1].strip() == "asking the archive …" and app.rows.cursor_table_row is None
        table.append(pack_rows(FIELDS, rows(0, 2)))
        app.rows.table_grew()
        await pilot.pause()
        assert app.lines()[0].split() == ["Target", "Observation"] and "o00000" in app.lines()[1]
        assert app.rows.column_names == ("target_name", "obs_id")
        assert [m.table_row for m in app.heard if isinstance(m, ColumnTableView.CursorMoved)] == [0]
        app.rows.set_placeholder("never mind")


async def test_widths_stay_while_pages_arrive_and_widen_when_asked() -> None:
    table = table_of(3)
    app = TableApp(table, columns=["target_name", "obs_id"])
    async with app.run_test(size=SIZE) as pilot:
        head = app.lines()[0]
        table.append(pack_rows(FIELDS, [{"target_name": "a very long name of a target", "obs_id": "x"}]))
        app.rows.table_grew()
        await pilot.pause()
        assert app.lines()[0] == head and "a ver…" in app.lines()[4]
        app.rows.fit_columns()
        await pilot.pause()
        assert "a very long name of a target  x" in app.lines()[4]


async def test_one_step_of_the_cursor_draws_two_lines_and_with_a_marker_two_signs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for cursor, width in (("row", SIZE[0]), ("marker", 3)):
        app = TableApp(table_of(50), cursor=cursor)
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause()
            asked = redrawn(monkeypatch, app.rows)
            await pilot.press("down")
            assert asked == [Region(0, 1, width, 1), Region(0, 2, width, 1)]
            await pilot.press("up", "up")
            assert len(asked) == 4, "at the end of the table nothing moves and nothing is drawn"


async def test_the_marker_stands_before_its_row() -> None:
    app = TableApp(table_of(5), cursor="marker")
    async with app.run_test(size=SIZE) as pilot:
        app.rows.action_toggle_mark()
        await pilot.pause()
        assert [line[:3] for line in app.lines()[1:4]] == [" ✓ ", "▸  ", "   "]
        assert not any(s.style is not None and s.style.reverse for line in range(6) for s in app.cells(line))


async def test_columns_scroll_one_by_one_and_stop_when_the_last_is_whole() -> None:
    app = TableApp(table_of(5), fixed=1)
    async with app.run_test(size=(34, 6)) as pilot:
        assert app.lines()[0].startswith(" › Mission  Target  Exposure [s]")
        await pilot.press("right")
        await pilot.pause()
        assert app.lines()[0].startswith("‹› Mission  Exposure [s]")
        await pilot.press("right", "right", "right")
        await pilot.pause()
        assert app.lines()[0].startswith("‹  Mission  Observation")
        await pilot.press("left", "left", "left", "left")
        await pilot.pause()
        assert app.lines()[0].startswith(" › Mission  Target")
        app.rows.set_columns(["obs_id"])
        await pilot.pause()
        assert app.lines()[0].strip() == "Observation"


HOSTILE = [
    "HD[/]",
    "[@click=app.quit]x",
    "[bold red]x[/]",
    "\x1b]52;c;aGFjaw==\x07",
    "a\x9b31m",
    "‮gpj",
    "$name",
    "a\nb",
]


async def test_hostile_names_are_shown_as_they_are_and_do_nothing() -> None:
    fields = [{"name": "target_name", "type": "string"}, {"name": "obs_id", "type": "string"}]
    fields += [{"name": "[/]\x1b]0;x\x07", "type": "string"}]
    data = [{"target_name": text, "obs_id": text, "[/]\x1b]0;x\x07": text} for text in HOSTILE]
    app = TableApp(ColumnTable.from_rows(fields, data), placeholder="[/]")
    async with app.run_test(size=(100, 12)) as pilot:
        lines = app.lines()
        assert "[/]␛]0;x␇" in lines[0]
        for line, text in zip(lines[1:], HOSTILE[:3], strict=False):
            assert line.count(text) == 3
        assert lines[4].count("␛]52;c;aGFjaw==␇") == 3
        everything = "".join(lines)
        assert everything.isprintable() and "\u202e" not in everything
        for number in range(len(HOSTILE) + 1):
            for segment in app.cells(number):
                assert segment.style is None or (not segment.style.link and not segment.style.meta)
        app.rows.set_filter("[@click")
        await pilot.click(app.rows, offset=(6, 1))
        await pilot.pause()
        assert app.is_running and len(app.rows.view) == 1


async def test_wide_signs_keep_the_columns_straight() -> None:
    data = [
        {"obs_collection": "HST", "target_name": name, "t_exptime": 1.0, "obs_id": "o"}
        for name in ["天の川銀河の中心", "é", "🔭🔭🔭", "plain name"]
    ]
    app = TableApp(ColumnTable.from_rows(FIELDS, data), widest=9)
    async with app.run_test(size=SIZE):
        strips = app.screen._compositor.render_strips()
        assert {strip.cell_length for strip in strips} == {SIZE[0]}
        assert "天の川銀…" in app.lines()[1]
        from rich.cells import cell_len

        assert len({cell_len(line[: line.index("1.0")]) for line in app.lines()[1:5]}) == 1


async def test_the_mouse_moves_marks_opens_sorts_and_scrolls() -> None:
    app = TableApp(table_of(50))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.click(app.rows, offset=(10, 4))
        assert app.rows.cursor_row == 3
        await pilot.click(app.rows, offset=(1, 6))
        assert app.rows.marked_rows == [5] and app.rows.cursor_row == 5
        await pilot.click(app.rows, offset=(10, 2), times=2)
        await pilot.pause()
        assert [m.table_row for m in app.heard if isinstance(m, ColumnTableView.Activated)] == [1]
        app.rows._wheel(3)
        await pilot.pause()
        assert "o00003" in app.lines()[1] and app.rows.cursor_row == 3
        app.rows._wheel(-3)
        assert app.rows.cursor_row == 3
        await pilot.click(app.rows, offset=(20, 0))
        await pilot.pause()
        assert app.rows.view.sort_name == "t_exptime" and "o00049" in app.lines()[1]


async def test_a_restriction_keeps_the_cursor_on_its_row() -> None:
    table = table_of(50)
    app = TableApp(TableView(table))
    async with app.run_test(size=SIZE) as pilot:
        app.rows.move_to_table_row(21)
        app.rows.restrict(np.arange(50) % 3 == 0)
        await pilot.pause()
        assert app.rows.cursor_table_row == 21 and len(app.rows.view) == 17
        assert not app.rows.move_to_table_row(22) and app.rows.cursor_table_row == 21
        table.append(pack_rows(FIELDS, rows(50, 10)))
        app.rows.restrict(np.arange(60) % 7 == 0)
        assert app.rows.cursor_table_row == 21 and len(app.rows.view) == 9
        app.rows.restrict(None)
        assert app.rows.cursor_row == 21 and len(app.rows.view) == 60


async def test_another_table_can_be_shown_and_formats_write_values_in_their_own_way() -> None:
    app = TableApp(table_of(5), formats={"t_exptime": lambda value: f"{value:.0f} sec\x1b"})
    async with app.run_test(size=SIZE) as pilot:
        assert "5 sec␛" in app.lines()[1]
        app.rows.action_toggle_mark()
        app.rows.show_table(ColumnTable.from_rows(FIELDS, rows(7, 2)), ["obs_id"])
        await pilot.pause()
        assert app.lines()[0].strip() == "Observation" and app.lines()[1].strip() == "o00007"
        assert app.rows.marked_rows == [] and app.rows.cursor_row == 0


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (5, 3), (8, 2)])
async def test_a_tiny_terminal_breaks_nothing(size: tuple[int, int]) -> None:
    app = TableApp(table_of(5))
    async with app.run_test(size=size) as pilot:
        await pilot.press("down", "right", "end", "left")
        app.rows.sort_by("obs_id")
        await pilot.resize_terminal(60, 11)
        await pilot.pause()
        assert "o00004" in "".join(app.lines())
