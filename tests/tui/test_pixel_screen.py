"""A pixel file: its frames by key and as a film, its aperture, and the light curve of that."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual.geometry import Region

from mast_tui.tui.screens.look_pixels import PixelScreen
from mast_tui.tui.widgets.image_view import ImageView
from mast_tui.tui.widgets.plot_view import PlotView
from tests.tui.looks_double import CADENCES, ImageController, pixel_frames, pixel_image, preview
from tests.tui.rooms_double import RoomApp, opened, settled


def a_screen(aperture: bool = True) -> PixelScreen:
    return PixelScreen("/data/tp.fits", "tp.fits", preview(pixel_image(aperture), kind="pixels"), 0)


def curve(app: RoomApp) -> PlotView:
    return app.screen.query_one("#below", PlotView)


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
async def test_the_median_the_aperture_and_its_light_curve_come_first(size: tuple[int, int]) -> None:
    controller = ImageController()
    async with opened(a_screen, controller, size=size) as (app, _):
        assert "median of the good cadences; 9 pixels" in " ".join(app.words.split())
        assert [a["what"] for a in controller.looks.asked] == ["curve"] and controller.looks.asked[0]["n"] == 9
        series = curve(app).series
        assert series is not None and series.n_rows == CADENCES
        assert any(sign in app.words for sign in "┌+")


async def test_frames_one_by_one_with_time_and_flags_in_words() -> None:
    controller = ImageController()
    async with opened(a_screen, controller) as (app, pilot):
        await pilot.press("full_stop")
        await settled(pilot)
        assert "cadence 1 of 30   BTJD 1325.00000   flags: none" in app.words
        await pilot.press("full_stop", "full_stop", "full_stop", "full_stop")
        await settled(pilot)
        assert "cadence 5 of 30" in app.words
        assert "flags: desaturation of reaction wheels (32)" in " ".join(app.words.split())
        await pilot.press("comma")
        await settled(pilot)
        assert "cadence 4 of 30" in app.words
        # all of them came with one question
        assert [a["what"] for a in controller.looks.asked].count("frames") == 1
        await pilot.press("m")
        await settled(pilot)
        assert "median of the good cadences" in app.words


async def test_backwards_from_the_first_is_the_last() -> None:
    async with opened(a_screen, ImageController()) as (app, pilot):
        await pilot.press("full_stop", "comma")
        await settled(pilot)
        assert "cadence 30 of 30" in app.words


async def test_it_does_not_play_by_itself_and_space_plays_and_pauses() -> None:
    async with opened(a_screen, ImageController()) as (app, pilot):
        await asyncio.sleep(0.3)
        assert "cadence" not in app.words.split("median")[1].splitlines()[1]
        await pilot.press("space")
        await settled(pilot)
        assert "playing" in app.words
        await asyncio.sleep(0.5)
        await pilot.press("space")
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, PixelScreen) and "playing" not in app.words
        # at most ten frames a second
        shown = screen._cadence
        assert shown is not None and 1 <= shown <= 12
        await asyncio.sleep(0.3)
        assert screen._cadence == shown


async def test_of_a_film_only_the_lines_that_change_are_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The star moves along one row of five; the rows without it are sent once."""
    async with opened(lambda: a_screen(aperture=False), ImageController(), size=(80, 40)) as (app, pilot):
        await pilot.press("full_stop")
        await settled(pilot)
        view = app.screen.query_one(ImageView)
        painted: list[Region] = []

        def refresh(*regions: Region, **more: Any) -> ImageView:
            painted.extend(regions)
            return ImageView.refresh(view, *regions, **more)

        monkeypatch.setattr(view, "refresh", refresh)
        await pilot.press("full_stop")
        await settled(pilot)
        assert painted and len(painted) < view.size.height / 2


async def test_a_toggled_pixel_makes_the_curve_anew() -> None:
    controller = ImageController()
    async with opened(a_screen, controller) as (app, pilot):
        before = curve(app).series
        # the crosshair begins in the middle, which is in the aperture
        await pilot.press("enter")
        await settled(pilot)
        assert "8 pixels summed" in app.words and controller.looks.asked[-1]["n"] == 8
        after = curve(app).series
        mask = pixel_image().aperture
        assert before is not None and after is not None and mask is not None
        mask[2, 3] = False
        assert after.y.tolist() == pixel_frames()[:, mask].sum(axis=1).tolist() != before.y.tolist()
        await pilot.press("a")
        await settled(pilot)
        assert "9 pixels summed" in app.words
        await pilot.press("a")
        await settled(pilot)
        assert "! The aperture is the file's own already." in app.words


async def test_a_file_without_an_aperture_says_how_to_make_one() -> None:
    controller = ImageController()
    async with opened(lambda: a_screen(aperture=False), controller) as (app, pilot):
        assert "the aperture is empty: enter adds" in app.words and not controller.looks.asked
        await pilot.press("enter", "right", "enter")
        await settled(pilot)
        # two quick changes are one question
        assert [a["n"] for a in controller.looks.asked] == [2]


async def test_the_summary_of_a_pixel_file_counts_its_cadences() -> None:
    async with opened(a_screen, ImageController(), size=(120, 40)) as (app, pilot):
        await pilot.press("i")
        await settled(pilot)
        assert "Data quality of tp.fits" in app.words and "Cadences" in app.words and "Not used" in app.words
