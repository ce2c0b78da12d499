"""What the screens of images, pixel files and pictures share: write, get the whole file, open a curve, the loupe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.table import Table
from PIL import Image

from mast_tui.core.look import Moved, PictureLook, Preview
from mast_tui.tui.plane_range import PlaneRange, parsed
from mast_tui.tui.screens.choosers import ChooseOne
from mast_tui.tui.screens.look_image import ImageScreen
from mast_tui.tui.screens.look_picture import PictureScreen
from mast_tui.tui.screens.look_pixels import PixelScreen
from mast_tui.tui.screens.preview import PreviewScreen
from tests.tui.looks_double import STAR, DoubleLooks, ImageController, image, pixel_frames, pixel_image, preview
from tests.tui.rooms_double import RoomApp, opened, settled


class FarLooks(DoubleLooks):
    """A file in the archive, of which parts were fetched; and a cube whose planes can be taken together."""

    async def whole(self, where: str, notice: Any) -> Path:
        await self._wait(what="whole", where=where)
        return Path("/cache/a.fits")

    async def look(self, where: str, *, hdu: int = 1, window: Any = None, plane: Any = None, notice: Any) -> Preview:
        return await super().look(where, hdu=hdu, window=window, plane=plane, notice=notice)

    async def collapsed(self, where: str, *, hdu: int, window: Any, notice: Any, **planes: Any) -> Preview:
        await self._wait(what="collapsed", window=window, **planes)
        found = image(window, None, self.n_planes)
        return preview(replace(found, pixels=found.pixels * 10, notes=("the sum of some slices is shown",)))


class FarController(ImageController):
    def __init__(self, n_planes: int = 1) -> None:
        super().__init__()
        self.looks = FarLooks()
        self.looks.n_planes = n_planes


def an_image(n_planes: int = 1, **changes: Any) -> ImageScreen:
    found = preview(image(n_planes=n_planes), kind="cube" if n_planes > 1 else "image")
    return ImageScreen("mast:JWST/a.fits", "a.fits", replace(found, **changes), 0)


def a_pixel_file() -> PixelScreen:
    return PixelScreen("/data/tp.fits", "tp.fits", preview(pixel_image(), kind="pixels"), 0)


def a_picture() -> PictureScreen:
    look = PictureLook("preview", "JPEG", (20, 30), np.full((20, 30, 3), (255, 0, 0), np.uint8))
    return PictureScreen("/d/a.jpg", "a.jpg", preview(look, kind="picture"), 0)


async def write(app: RoomApp, pilot: Any, letter: str) -> str:
    """`w`, and the form that begins with this letter."""
    await pilot.press("w")
    await settled(pilot)
    assert isinstance(app.screen, ChooseOne)
    await pilot.press("home" if letter == "P" else letter, "enter")
    await settled(pilot)
    return app.words


def names(folder: Path) -> Sequence[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("screen", [an_image, a_pixel_file, a_picture])
async def test_every_one_of_them_is_written_as_a_picture(screen: Any, tmp_path: Path) -> None:
    async with opened(screen, ImageController(), folder=tmp_path) as (app, pilot):
        assert "wrote" in await write(app, pilot, "P")
        await write(app, pilot, "S")
    png, svg = (next(tmp_path.glob(f"*.{ending}")) for ending in ("png", "svg"))
    assert Image.open(png).size == (1200, 700) and "<svg" in svg.read_text()
    assert "M-31 JWST NIRCam" in svg.read_text()


async def test_nothing_is_ever_written_over(tmp_path: Path) -> None:
    async with opened(a_picture, ImageController(), folder=tmp_path) as (app, pilot):
        await write(app, pilot, "P")
        await write(app, pilot, "P")
    assert names(tmp_path) == ["a-2.png", "a.png"]


async def test_the_numbers_are_those_that_are_drawn(tmp_path: Path) -> None:
    async with opened(an_image, ImageController(), folder=tmp_path) as (app, pilot):
        assert "wrote" in await write(app, pilot, "C")
        pixels = Table.read(tmp_path / "a.csv", format="ascii.ecsv")
        assert len(pixels) == 100 * 75 and pixels["value"].max() == image().pixels.max()
        await pilot.press("x")
        await settled(pilot)
        await write(app, pilot, "C")
    row = Table.read(tmp_path / "a-2.csv", format="ascii.ecsv")
    assert row.colnames[0] == "row" and len(row) == 100


async def test_the_aperture_curve_is_what_a_pixel_file_writes(tmp_path: Path) -> None:
    async with opened(a_pixel_file, ImageController(), folder=tmp_path) as (app, pilot):
        await write(app, pilot, "C")
    curve = Table.read(tmp_path / "tp.csv", format="ascii.ecsv")
    mask = pixel_image().aperture
    assert mask is not None and curve["SUM"].tolist() == pixel_frames()[:, mask].sum(axis=1).tolist()


async def test_a_folder_that_refuses_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    async with opened(a_picture, ImageController(), folder=tmp_path / "file") as (app, pilot):
        assert "could not be written" in " ".join((await write(app, pilot, "P")).split())


async def test_the_whole_file_is_fetched_where_parts_were_looked_at() -> None:
    controller = FarController()
    async with opened(lambda: an_image(moved=Moved(2_000, 9_000_000, "by ranges")), controller) as (app, pilot):
        await pilot.press("d")
        await settled(pilot)
        assert [asked["what"] for asked in controller.looks.asked] == ["whole", "look"]
        assert isinstance(app.screen, ImageScreen)
        await pilot.press("d")
        await settled(pilot)
        assert "! The whole file is here." in app.words and len(controller.looks.asked) == 2


@pytest.mark.parametrize(
    ("screen", "keys", "words"), [(an_image, ("x", "o"), "row 151"), (a_pixel_file, ("o",), "aperture")]
)
async def test_the_curve_below_opens_where_curves_are_asked(screen: Any, keys: tuple[str, ...], words: str) -> None:
    async with opened(screen, ImageController(), size=(100, 30)) as (app, pilot):
        before = app.screen
        await pilot.press(keys[0])
        await settled(pilot)
        if len(keys) > 1:
            await pilot.press(keys[1])
            await settled(pilot)
        shown = app.screen
        assert isinstance(shown, PreviewScreen) and words in app.words
        assert shown.plot.series is not None and shown.plot.series.x.size
        await pilot.press("escape")
        await settled(pilot)
        assert app.screen is before


async def test_without_a_curve_there_is_nothing_to_open() -> None:
    async with opened(an_image, ImageController()) as (app, pilot):
        await pilot.press("o")
        await settled(pilot)
        assert "! There is no curve below to open." in app.words


async def test_the_loupe_follows_the_crosshair_and_goes_again() -> None:
    async with opened(an_image, ImageController(), size=(100, 30)) as (app, pilot):
        without = app.words
        await pilot.press("e")
        await settled(pilot)
        assert "┌─" in app.words and "three times larger around" in app.words
        before = app.words
        await pilot.press(*["right"] * 5)
        await settled(pilot)
        assert app.words != before
        await pilot.press(*["left"] * 5, "e")
        await settled(pilot)
        assert "┌─" not in app.words and without.splitlines()[4:20] == app.words.splitlines()[4:20]


@pytest.mark.parametrize("screen", [an_image, a_picture])
async def test_sixteen_colours_hold_too_few_greys_and_signs_are_drawn(
    screen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("COLORTERM")
    async with opened(screen, ImageController()) as (app, _):
        assert app.console.color_system == "standard"
        assert "▀" not in app.words and sum(app.words.count(sign) for sign in ":=+*#%@") > 5


async def test_large_pixels_need_no_loupe() -> None:
    async with opened(a_pixel_file, ImageController()) as (app, pilot):
        await pilot.press("e")
        await settled(pilot)
        assert "! A pixel is larger than three cells already." in app.words


async def test_some_planes_of_a_cube_are_shown_as_one_and_stay_so_when_zoomed() -> None:
    controller = FarController(n_planes=30)
    async with opened(lambda: an_image(30), controller) as (app, pilot):
        await pilot.press("r")
        await settled(pilot)
        assert "Which planes" in app.words
        await pilot.press(*"40-50", "enter")
        await settled(pilot)
        assert "! The planes go from 1 to 30." in app.words
        await pilot.press("ctrl+a", "ctrl+k", *"10-12", "enter")
        await settled(pilot)
        assert "sum of planes 10–12 of 30" in " ".join(app.words.split())
        assert controller.looks.asked[-1] == {
            "what": "collapsed", "window": None, "first": 9, "last": 11, "how": "sum",
        }  # fmt: skip
        screen = app.screen
        assert isinstance(screen, ImageScreen) and screen.look.pixels.max() == image().pixels.max() * 10
        screen.view._put(*STAR, clicked=True)
        await pilot.press("plus")
        await settled(pilot)
        asked = controller.looks.asked[-1]
        assert asked["what"] == "collapsed" and asked["window"] is not None and asked["first"] == 9
        # the next plane is the one after them
        await pilot.press("right_square_bracket")
        await settled(pilot)
        assert "plane 13 of 30" in app.words
        await pilot.press("m")
        await settled(pilot)
        assert "30 planes as one" in app.words


async def test_a_plain_image_has_no_planes_to_take_together() -> None:
    async with opened(an_image, ImageController()) as (app, pilot):
        await pilot.press("r")
        await settled(pilot)
        assert "! Only the planes of a cube can be taken together." in app.words


def test_planes_are_written_as_people_count_them() -> None:
    assert parsed(" 10-20 ", 30) == PlaneRange(9, 19, "sum")
    assert parsed("median 20 – 10", 30) == parsed("10:20 MEDIAN", 30) == PlaneRange(9, 19, "median")
    assert parsed(PlaneRange(9, 19, "median").written, 30) == PlaneRange(9, 19, "median")
    for words in ("", "5", "0-3", "3-31", "1-2 mean", "sum 1-2 sum", "a-b"):
        assert isinstance(parsed(words, 30), str)
