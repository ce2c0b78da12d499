"""`mast-tui preview` of images, pixel files and pictures: a page, the numbers, and no curve in place of a picture."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from PIL import Image

from tests.cli.conftest import Command
from tests.preview.made_files import write
from tests.preview.test_pixels import tpf

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def image(tmp_path: Path) -> str:
    values = np.arange(20 * 30, dtype=np.float32).reshape(20, 30)
    values[3, 4] = np.nan
    science = fits.ImageHDU(values, name="SCI")
    science.header["BUNIT"] = "MJy/sr"
    return str(write(tmp_path / "a_i2d.fits", [science], {"TELESCOP": "JWST"}))


@pytest.fixture
def pixel_file(tmp_path: Path) -> str:
    return str(tpf(tmp_path / "star_tp.fits"))


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "a_preview.png"
    Image.fromarray(np.full((30, 40, 3), (200, 30, 60), np.uint8)).save(path)
    return str(path)


@pytest.mark.parametrize("file", ["image", "pixel_file", "picture"])
def test_each_is_drawn_on_a_page(bare: Command, file: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    where = request.getfixturevalue(file)
    ran = bare("preview", where, "--output", str(tmp_path / "page.png"), "--size", "80x24")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert Image.open(tmp_path / "page.png").size == (800, 480)
    page = ElementTree.fromstring(bare("preview", where, "--format", "svg").out.encode())
    # the pixels themselves, not a curve made of them
    assert len(list(page.iter(f"{SVG}image"))) == (1 if file == "picture" else 2)


def test_the_numbers_of_an_image_are_its_pixels(bare: Command, image: str) -> None:
    read = Table.read(bare("preview", image, "--format", "csv").out, format="ascii.ecsv")
    assert len(read) == 20 * 30 - 1 and str(read["value"].unit) == "MJy / sr"
    last = read[-1]
    assert (last["x"], last["y"], last["value"]) == (30.0, 20.0, 599.0)


def test_a_pixel_file_is_its_pixels_until_its_curve_is_asked_for(bare: Command, pixel_file: str) -> None:
    curve = Table.read(bare("preview", pixel_file, "--format", "csv").out, format="ascii.ecsv")
    shown = bare("preview", pixel_file, "--json").json
    assert shown["items"][0]["kind"] == "pixels"
    series = next(item for item in shown["items"] if item["kind"] == "lightcurve")
    assert len(curve) == series["n_good"] and "TIME" in curve.colnames
    relative = Table.read(bare("preview", pixel_file, "--format", "csv", "--normalise").out, format="ascii.ecsv")
    assert relative.meta["steps"][0] == "normalised" and len(relative) == len(curve)


def test_a_picture_has_no_numbers(bare: Command, picture: str) -> None:
    ran = bare("preview", picture, "--format", "csv")
    assert ran.code == 2 and ran.out == "" and "nothing to write as csv" in ran.err


def test_a_picture_keeps_its_colours(bare: Command, picture: str, tmp_path: Path) -> None:
    assert bare("preview", picture, "--output", str(tmp_path / "page.png")).code == 0
    page = np.asarray(Image.open(io.BytesIO((tmp_path / "page.png").read_bytes())).convert("RGB"))
    assert (page == (200, 30, 60)).all(axis=2).sum() > 100_000


def test_the_sides_of_a_page_are_pixels_or_the_sky_as_told(bare: Command, tmp_path: Path) -> None:
    science = fits.ImageHDU(np.ones((40, 50), np.float32), name="SCI")
    cards = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 150.0, "CRVAL2": 2.0, "CRPIX1": 25.0, "CRPIX2": 20.0,
             "CDELT1": -1e-4, "CDELT2": 1e-4, "CUNIT1": "deg", "CUNIT2": "deg"}  # fmt: skip
    science.header.update(cards)
    path = str(write(tmp_path / "b_i2d.fits", [science], {"TELESCOP": "JWST"}))
    assert "Pixel row" in bare("preview", path, "--format", "svg").out
    on_the_sky = bare("preview", path, "--format", "svg", "--sides", "sky")
    assert on_the_sky.code == 0 and "Declination (ICRS)" in on_the_sky.out and "10h00m00" in on_the_sky.out


def test_an_image_without_a_sky_says_so(bare: Command, image: str) -> None:
    ran = bare("preview", image, "--format", "svg", "--sides", "sky")
    assert ran.code == 2 and ran.out == "" and "no celestial coordinates" in ran.err
