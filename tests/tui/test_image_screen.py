"""Looking at an image: where the crosshair is, what is there, closer, other planes, cuts and spectra."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import numpy as np
import pytest
from textual.pilot import Pilot

from mast_tui.core.errors import TemporarilyUnavailable
from mast_tui.core.look import Axis, Card, Extent, Fact, HduLook, HeaderLook, Preview
from mast_tui.plot.image_windows import panned, window_of, zoomed
from mast_tui.tui.image_readings import compass, cut, read_out, value_at
from mast_tui.tui.screens.header_browser import HeaderBrowser
from mast_tui.tui.screens.look_image import ImageScreen
from mast_tui.tui.widgets.image_view import ImageView
from mast_tui.tui.widgets.plot_view import PlotView
from tests.tui.looks_double import NX, NY, STAR, ImageController, image, preview, sky
from tests.tui.rooms_double import RoomApp, opened, settled


def a_screen(n_planes: int = 1) -> ImageScreen:
    return ImageScreen("/data/a.fits", "a.fits", preview(image(n_planes=n_planes)), 0)


def view(app: RoomApp) -> ImageView:
    return app.screen.query_one(ImageView)


async def write(pilot: Pilot[None], key: str, words: str) -> None:
    """Press a key and answer what it asks."""
    await pilot.press(key)
    await settled(pilot)
    await pilot.press(*words, "enter")
    await settled(pilot)


def to_star(app: RoomApp) -> None:
    """Put the crosshair on the star, as a click would."""
    view(app)._put(*STAR, clicked=True)


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
async def test_the_crosshair_says_value_and_place(size: tuple[int, int]) -> None:
    async with opened(a_screen, ImageController(), size=size) as (app, pilot):
        assert "M-31" in app.words and "400 × 300" in app.words
        to_star(app)
        await settled(pilot)
        assert "(251, 181)" in app.words and "1002" in app.words
        # 50 pixels east to west and 30 up of the middle, 0.36″ each
        assert "09h59m58.80s +02°00′10.8″" in " ".join(app.words.split())
        assert size == (40, 12) or "N ↑ E ←" in app.words


async def test_keys_move_the_crosshair_by_a_cell_and_stop_at_the_edge() -> None:
    async with opened(a_screen, ImageController()) as (app, pilot):
        x, y = view(app).crosshair
        await pilot.press("right", "l", "up", "k")
        await settled(pilot)
        right, up = view(app).crosshair
        assert right > x and up > y
        await pilot.press("left", "h", "down", "j")
        assert view(app).crosshair == (x, y)
        await pilot.press(*["left"] * 80)
        assert view(app).crosshair == (0, y)


async def test_zoom_reads_the_window_in_full_detail_around_the_crosshair() -> None:
    controller = ImageController()
    async with opened(a_screen, controller) as (app, pilot):
        to_star(app)
        await pilot.press("plus", "plus")
        await settled(pilot)
        # both keys were one wish
        assert [a["window"] for a in controller.looks.asked] == [(188, 135, 288, 210)]
        assert view(app).crosshair == STAR and "columns 189–288, rows 136–210" in app.words
        assert "brightest of" not in app.words
        await pilot.press("shift+right")
        await settled(pilot)
        assert controller.looks.asked[-1]["window"] == (213, 135, 313, 210)
        await pilot.press("0")
        await settled(pilot)
        assert controller.looks.asked[-1]["window"] is None and "columns" not in app.words


async def test_the_old_picture_stays_until_the_new_one_is_there_and_escape_stops_waiting() -> None:
    controller = ImageController()
    async with opened(a_screen, controller) as (app, pilot):
        controller.looks.gate.clear()
        before = view(app).image_frame
        await pilot.press("plus")
        await asyncio.sleep(0.3)
        await pilot.pause()
        assert "reading" in app.words and view(app).image_frame is before
        await pilot.press("escape")
        await settled(pilot)
        assert "stopped" in app.words and isinstance(app.screen, ImageScreen)
        controller.looks.gate.set()
        await pilot.press("plus")
        await settled(pilot)
        assert controller.looks.asked[-1]["window"] == controller.looks.asked[0]["window"]


async def test_a_window_that_can_not_be_had_is_told_and_nothing_is_lost() -> None:
    controller = ImageController()
    async with opened(a_screen, controller) as (app, pilot):
        controller.looks.error = TemporarilyUnavailable("the archive does not answer", "", "Try again later")
        await pilot.press("plus")
        await settled(pilot)
        assert "! The archive does not answer" in app.words and view(app).image_frame is not None
        controller.looks.error = None
        await pilot.press("plus")
        await settled(pilot)
        assert "columns" in app.words


async def test_planes_of_a_cube_say_their_wavelength_and_go_round() -> None:
    controller = ImageController()
    controller.looks.n_planes = 3
    async with opened(lambda: a_screen(3), controller) as (app, pilot):
        assert "3 planes as one" in app.words
        await pilot.press("right_square_bracket")
        await settled(pilot)
        assert "plane 1 of 3: Wavelength 5 µm" in app.words
        await pilot.press("left_square_bracket")
        await settled(pilot)
        assert "plane 3 of 3: Wavelength 5.2 µm" in app.words
        await pilot.press("m")
        await settled(pilot)
        assert "3 planes as one" in app.words


async def test_the_spectrum_behind_a_pixel_follows_the_crosshair() -> None:
    controller = ImageController()
    controller.looks.n_planes = 3
    async with opened(lambda: a_screen(3), controller, size=(100, 30)) as (app, pilot):
        to_star(app)
        await pilot.press("enter")
        await settled(pilot)
        assert controller.looks.asked[-1] == {"what": "spaxel", "x": 250, "y": 180, "half": 0}
        below = app.screen.query_one("#below", PlotView)
        assert below.styles.display == "block" and below.series is not None and below.series.y[0] == 250
        await pilot.press("b")
        await settled(pilot)
        assert controller.looks.asked[-1]["half"] == 1 and "3 × 3 pixels" in app.words
        await pilot.press("right")
        await settled(pilot)
        assert controller.looks.asked[-1]["x"] == view(app).crosshair[0] > 250
        await pilot.press("escape")
        await settled(pilot)
        assert below.styles.display == "none" and isinstance(app.screen, ImageScreen)


async def test_a_plain_image_has_cuts_instead_of_spectra() -> None:
    async with opened(a_screen, ImageController(), size=(100, 30)) as (app, pilot):
        await pilot.press("enter")
        await settled(pilot)
        assert "! Only a cube has a spectrum" in app.words
        to_star(app)
        await pilot.press("x")
        await settled(pilot)
        assert "Value along row 181" in app.words
        await pilot.press("y")
        await settled(pilot)
        assert "Value along column 251" in app.words
        await pilot.press("y")
        await settled(pilot)
        assert not app.screen.query_one("#below").display


async def test_stretch_limits_and_headers() -> None:
    async with opened(a_screen, ImageController()) as (app, pilot):
        await pilot.press("s", "s")
        await settled(pilot)
        assert "stretch: square root" in app.words and ", sqrt" in app.words
        await pilot.press("z")
        await settled(pilot)
        assert "limits: 0.5 to 99.5 %" in app.words and "900" in app.words
        await pilot.press("H")
        await settled(pilot)
        assert isinstance(app.screen, HeaderBrowser) and "TELESCOP" in app.words
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, ImageScreen)


async def test_without_colour_the_star_is_seen_in_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(a_screen, ImageController()) as (app, _):
        assert "@" in app.words and "▀" not in app.words


# --- what is read off -------------------------------------------------------------------------------------------------


def test_values_are_those_of_the_pixels_drawn() -> None:
    whole, part = image(), image((240, 170, 260, 190))
    assert value_at(whole, *STAR) == pytest.approx(1002.5, abs=1)
    assert value_at(part, *STAR) == pytest.approx(1002.5, abs=0.1)
    assert value_at(part, 0, 0) is None
    assert "brightest of 4×4" in read_out(whole, *STAR) and "brightest" not in read_out(part, *STAR)
    whole.pixels[0, 0] = np.nan
    assert read_out(whole, 0, 0).startswith("(1, 1)   no data   10h")
    words = read_out(part, *STAR, ascii_only=True)
    assert words.isascii() and "09h59m58.80s +02d00m10.8s" in words


async def test_the_crosshair_goes_to_a_position_or_a_pixel_also_out_of_the_window() -> None:
    controller = ImageController()
    async with opened(a_screen, controller) as (app, pilot):
        await write(pilot, "p", "9h59m58.80s +2d00m10.8s")
        assert view(app).crosshair == STAR and not controller.looks.asked
        await pilot.press("plus", "plus")
        await settled(pilot)
        await write(pilot, "p", "pixel 21 11")
        assert controller.looks.asked[-1]["window"] == (0, 0, 100, 75) and view(app).crosshair == (20, 10)
        # the sky of the window is not that of the place, but the whole was seen
        await write(pilot, "p", "150.0 2.0")
        assert controller.looks.asked[-1]["window"] == (150, 113, 250, 188) and view(app).crosshair == (200, 150)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("150.5 2.0", "does not show 10h02m00.00s"),
        ("pixel 401 1", "400 × 300 pixels, counted from 1"),
        ("the star", "no place of an image"),
        ("150 99", "no point of the sky"),
    ],
)
async def test_what_is_no_place_of_the_image_is_said_and_asked_again(words: str, said: str) -> None:
    async with opened(a_screen, ImageController()) as (app, pilot):
        before = view(app).crosshair
        await write(pilot, "p", words)
        assert said in " ".join(app.words.split())
        await pilot.press("escape")
        assert view(app).crosshair == before


def test_zoom_keeps_the_pixel_in_its_place_and_stays_inside() -> None:
    whole = image()
    assert window_of(whole) is None
    assert zoomed(whole, None, (0, 0), inwards=True) == (0, 0, 200, 150)
    assert zoomed(whole, None, (NX - 1, NY - 1), inwards=True) == (200, 150, 400, 300)
    assert zoomed(whole, (0, 0, 200, 150), (5, 5), inwards=False) is None
    window = None
    for _ in range(20):
        window = zoomed(whole, window, STAR, inwards=True)
    assert window is not None and window[2] - window[0] == 8 and window[0] <= STAR[0] < window[2]
    assert panned(whole, (0, 0, 200, 150), -1, 0) == (0, 0, 200, 150)
    assert panned(whole, (0, 0, 200, 150), 1, 1) == (50, 37, 250, 187)


def test_a_cut_is_the_row_in_pixels_counted_from_one() -> None:
    part = image((240, 170, 260, 190))
    row = cut(part, "row", *STAR)
    assert row.x[0] == 241 and row.x.size == 20 and row.x[np.argmax(row.y)] == STAR[0] + 1
    column = cut(part, "column", *STAR)
    assert column.x[np.argmax(column.y)] == STAR[1] + 1


def test_a_cut_is_not_drawn_across_pixels_without_data() -> None:
    part = image((240, 170, 260, 190))
    part.pixels[10, 5:8] = np.nan
    row = cut(part, "row", 250, 180)
    assert row.n_good == 17 and row.starts.tolist() == [0, 5]


def test_a_dynamic_spectrum_is_read_in_its_units() -> None:
    extent = Extent(Axis("WAVE", "Wavelength", "um"), 1.0, 5.0, Axis("TIME", "Time", "h"), 0.0, 3.0)
    dynamic = replace(image((0, 0, NX, NY)), extent=extent, sky=None)
    assert read_out(dynamic, 199, 150).startswith("Wavelength 2.995 µm, Time 1.505 h")
    spectrum = cut(dynamic, "row", 199, 150)
    assert spectrum.x_axis.label == "Wavelength" and spectrum.x[0] == pytest.approx(1.005)
    in_time = cut(dynamic, "column", 199, 150)
    assert in_time.x_axis.label == "Time" and in_time.x[-1] == pytest.approx(2.995)


async def test_a_dynamic_spectrum_has_axes_and_cuts_and_says_why_it_does_not_zoom() -> None:
    extent = Extent(Axis("WAVE", "Wavelength", "um"), 1.0, 5.0, Axis("TIME", "Time", "h"), 0.0, 3.0)
    dynamic = replace(image(), extent=extent, sky=None)
    controller = ImageController()
    a_screen = ImageScreen("/data/a.fits", "a.fits", preview(dynamic), 0)
    async with opened(lambda: a_screen, controller, size=(100, 32)) as (app, pilot):
        assert "Wavelength [µm]" in app.words and "Time [h]" in app.words
        await pilot.press("plus")
        await settled(pilot)
        assert "! This is drawn whole" in app.words and not controller.looks.asked
        await pilot.press("y")
        await settled(pilot)
        below = app.screen.query_one("#below", PlotView).series
        assert below is not None and below.x_axis.label == "Time"


def test_the_compass_points_where_north_and_east_are() -> None:
    up = image()
    assert compass(up) == "N ↑ E ← 0.36″/pix"
    assert compass(up, ascii_only=True) == "N up E left 0.36s/pix"
    grid = sky()
    turned = replace(grid, x=grid.y, y=grid.x, ra=grid.ra.T, dec=grid.dec.T)
    assert compass(replace(up, sky=turned)).startswith("N → E ↓")
    assert compass(replace(up, sky=None)) == ""


def calibrated() -> Preview:
    """The image with a header that says what a pixel is worth: 1 MJy/sr is 2.5e-7 Jy in a pixel."""
    cards = (Card("BUNIT", "MJy/sr", ""), Card("PIXAR_SR", "2.5e-13", ""))
    found = replace(image(), value_axis=Axis("SCI", "Value", "MJy/sr"))
    header = HeaderLook((HduLook(0, "", 1, "image", (), ()), HduLook(found.hdu, "SCI", 1, "image", (NY, NX), cards)))
    return replace(preview(found), header=header, facts=(Fact("EXPTIME", "30 s", "exposure time"),))


async def test_a_pixel_is_told_as_a_flux_and_the_summary_says_why() -> None:
    def calibrated_screen() -> ImageScreen:
        return ImageScreen("/data/a.fits", "a.fits", calibrated(), 0)

    async with opened(calibrated_screen, ImageController(), size=(120, 40)) as (app, pilot):
        to_star(app)
        await settled(pilot)
        assert "0.0002506 Jy/pixel, 17.9 AB mag" in " ".join(app.words.split())
        await pilot.press("i")
        await settled(pilot)
        for words in ("Data quality of a.fits", "Pixels", "AB zero point", "times PIXAR_SR", "EXPTIME"):
            assert words in app.words
