"""Tables and pictures in files, and how one item of a file leads to the next."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mast_tui.core.look import PictureLook, TableColumn, TableLook
from mast_tui.core.text import clean
from mast_tui.tui.screens.header_browser import HeaderBrowser
from mast_tui.tui.screens.look_image import ImageScreen
from mast_tui.tui.screens.look_kinds import screen_for
from mast_tui.tui.screens.look_picture import PictureScreen
from mast_tui.tui.screens.look_table import TableScreen
from tests.tui.looks_double import ImageController, image, preview, series
from tests.tui.rooms_double import HOSTILE, opened, settled


def table(n_columns: int = 4, n_rows: int = 50) -> TableLook:
    columns = [TableColumn("TIME", "d", 1325.3, 1330.0, 1339.5), TableColumn("NAME")]
    columns += [TableColumn(f"COL{i}", "mag", i, i + 1.5, i + 3) for i in range(2, n_columns)]
    rows = [(f"{1325 + i}", f"star {i}", *(f"{i}.{c}" for c in range(2, n_columns))) for i in range(n_rows)]
    return TableLook("CATALOG", 1, tuple(columns), tuple(rows), 2000, (2000, n_columns))


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
async def test_a_table_has_units_and_low_median_high_over_its_rows(size: tuple[int, int]) -> None:
    a_screen = TableScreen("/d/a.fits", "a.fits", preview(table(), kind="table"), 0)
    async with opened(lambda: a_screen, ImageController(), size=size) as (app, pilot):
        lines = app.lines
        heads = next(i for i, line in enumerate(lines) if "TIME" in line)
        assert "COL2" in lines[heads] and lines[heads + 1].split()[:2] == ["unit", "d"]
        assert [line.split()[:2] for line in lines[heads + 2 : heads + 5]] == [
            ["low", "1325.3"], ["median", "1330"], ["high", "1339.5"],
        ]  # fmt: skip
        # values stand under their heads
        assert lines[heads + 5].index("1325") == lines[heads].index("TIME")
        await pilot.press("end")
        await settled(pilot)
        assert "star 49" in app.words


async def test_columns_scroll_until_the_last_one_is_seen() -> None:
    a_screen = TableScreen("/d/a.fits", "a.fits", preview(table(40), kind="table"), 0)
    async with opened(lambda: a_screen, ImageController()) as (app, pilot):
        assert "COL39" not in app.words
        await pilot.press(*["right"] * 50)
        await settled(pilot)
        assert "COL39" in app.words and "TIME" not in app.words and "0.39" in app.words
        await pilot.press(*["h"] * 50)
        await settled(pilot)
        assert "TIME" in app.words


async def test_words_in_a_table_are_only_words() -> None:
    rows = tuple((clean(words, 60),) for words in HOSTILE)
    look = TableLook("T", 1, (TableColumn("[red]X[/]"),), rows, len(rows), (len(rows), 1))
    a_screen = TableScreen("/d/a.fits", "a.fits", preview(look, kind="table"), 0)
    async with opened(lambda: a_screen, ImageController()) as (app, _):
        assert "[red]X[/]" in app.words and "HD[/] [@click=app.quit]M31" in app.words


def picture() -> PictureLook:
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:20, :, 0] = 255
    pixels[20:, :, 2] = 200
    return PictureLook("preview", "JPEG", (400, 600), pixels)


async def test_a_picture_is_drawn_in_its_colours() -> None:
    a_screen = PictureScreen("/d/a.jpg", "a.jpg", preview(picture(), kind="picture"), 0)
    async with opened(lambda: a_screen, ImageController()) as (app, _):
        assert "JPEG 600 × 400 pixels" in app.words
        colours = {
            segment.style.color.get_truecolor()
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if "▀" in segment.text and segment.style is not None and segment.style.color is not None
        }
        assert {(255, 0, 0), (0, 0, 200)} <= {tuple(colour) for colour in colours}


async def test_a_picture_without_colour_is_drawn_in_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    a_screen = PictureScreen("/d/a.jpg", "a.jpg", preview(picture(), kind="picture"), 0)
    async with opened(lambda: a_screen, ImageController()) as (app, _):
        assert "▀" not in app.words and "::::" in app.words


async def test_items_of_a_file_lead_to_each_other_each_on_its_screen() -> None:
    items = preview(image(), table())
    async with opened(lambda: ImageScreen("/d/a.fits", "a.fits", items, 0), ImageController()) as (app, pilot):
        await pilot.press("right_square_bracket")
        await settled(pilot)
        assert isinstance(app.screen, TableScreen) and "2 of 2 [ ]" in app.words
        await pilot.press("g")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, ImageScreen)
        depth = len(app.screen_stack)
        await pilot.press("escape")
        await settled(pilot)
        assert len(app.screen_stack) == depth - 1


async def test_what_can_only_be_read_is_left_to_the_preview_and_headers_have_their_browser() -> None:
    found = preview(image())
    assert found.header is not None
    assert screen_for("/d/a", "a", preview(series("s", [1.0, 2.0])), 0) is None
    assert screen_for("/d/a", "a", preview(replace(picture(), pixels=None)), 0) is None
    broken = preview(found.header, problems=("The file ends too early.",))
    a_screen = screen_for("/d/a.fits", "a.fits", broken, 0)
    assert isinstance(a_screen, HeaderBrowser)
    async with opened(lambda: a_screen, ImageController()) as (app, _):
        assert "! The file ends too early." in app.words
