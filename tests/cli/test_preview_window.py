"""`mast-tui preview --window`: a transit out of a light curve, a corner of a mosaic with every pixel."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from hypothesis import given
from hypothesis import strategies as st

from mast_tui.cli.preview_window import part_of
from tests.cli.conftest import Command
from tests.preview.large_files import large_image
from tests.preview.made_files import write
from tests.preview.test_pixels import tpf

CURVE = "mast:TESS/product/tess2018206045859-s0001-0000000261136679-0120-s_lc.fits"
N = 20_000


@pytest.fixture
def image(tmp_path: Path) -> str:
    values = np.arange(20 * 30, dtype=np.float32).reshape(20, 30)
    return str(write(tmp_path / "a_i2d.fits", [fits.ImageHDU(values, name="SCI")], {"TELESCOP": "JWST"}))


def read(mast: Command, *words: str) -> Table:
    return Table.read(mast("preview", *words, "--format", "csv").out, format="ascii.ecsv")


def test_only_the_points_in_the_window_are_left_and_it_is_said(mast: Command) -> None:
    whole, part = read(mast, CURVE), read(mast, CURVE, "--window", "1330:1332.5")
    inside = (whole["TIME"] >= 1330) & (whole["TIME"] <= 1332.5)
    assert 0 < len(part) == inside.sum() < len(whole)
    assert (part["PDCSAP_FLUX"] == whole["PDCSAP_FLUX"][inside]).all()
    assert part.meta["steps"] == ["TIME from 1330 to 1332.5"]
    late = read(mast, CURVE, "--window", "1350:", "--normalise")
    assert late.meta["steps"] == ["TIME from 1350", "normalised"] and late["TIME"].min() >= 1350
    assert "from 1330 to 1332.5" in mast("preview", CURVE, "--window", "1330:1332.5", "--size", "100x30").out


def test_a_window_of_an_image_is_a_fits_section(bare: Command, image: str) -> None:
    part = read(bare, image, "--window", "3:5,2:4")
    assert sorted(zip(part["x"], part["y"], strict=True)) == [(x, y) for x in (3, 4, 5) for y in (2, 3, 4)]
    assert part["value"].min() == 30 * 1 + 2  # the pixel (3, 2), counted from 1
    assert len(read(bare, image, "--window", "[29:,:]")) == 2 * 20
    (item,) = bare("preview", image, "--window", "3:5,2:4", "--json").json["items"]
    assert (item["x"]["min"], item["x"]["max"], item["n_good"]) == (3, 5, 9)
    drawn = bare("preview", image, "--window", "3:5,2:4").out
    assert "20 × 30, columns 3–5, rows 2–4; 9 of 9 pixels good" in drawn


def test_every_pixel_of_a_corner_of_a_mosaic_is_there(bare: Command, tmp_path: Path) -> None:
    row = np.arange(N, dtype=np.float32)
    mosaic = str(large_image(tmp_path / "mosaic_drz.fits", (N, N), rows={(12_345,): row}))
    part = read(bare, mosaic, "--window", "10001:10020,12341:12350")
    lit = part[part["value"] > 0]
    assert len(part) == 200 and set(lit["y"]) == {12_346}
    assert list(lit["value"]) == [float(x - 1) for x in lit["x"]]


def test_a_window_lies_around_a_place_on_the_sky_or_a_pixel(bare: Command, image: str, tmp_path: Path) -> None:
    science = fits.ImageHDU(np.arange(2000, dtype=np.float32).reshape(40, 50), name="SCI")
    cards = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 150.0, "CRVAL2": 2.0, "CRPIX1": 25.0, "CRPIX2": 20.0,
             "CDELT1": -1e-4, "CDELT2": 1e-4, "CUNIT1": "deg", "CUNIT2": "deg"}  # fmt: skip
    science.header.update(cards)
    sky = str(write(tmp_path / "b_i2d.fits", [science], {"TELESCOP": "JWST"}))
    for place in ("150.0 2.0", "10h00m00s +02d00m00s", "pixel 25 20"):
        (item,) = bare("preview", sky, "--window", "5x3", "--at", place, "--json").json["items"]
        assert (item["x"]["min"], item["x"]["max"], item["n_good"]) == (23, 27, 15)
        assert item["y"]["median"] == 19 * 50 + 24
    for file, place, said in (
        (sky, "150.1 2.0", "does not show 10h00m24.00s"),
        (sky, "my star", "no place of an image"),
        (image, "10 00 00 +02 00 00", "does not tell where on the sky"),
        (image, "31 1", "30 × 20 pixels"),
    ):
        ran = bare("preview", file, "--window", "5x3", "--at", place)
        assert (ran.code, ran.out) == (2, "") and said in " ".join(ran.err.split())


def test_a_part_of_a_curve_is_searched_alone(mast: Command) -> None:
    searched = mast("preview", CURVE, "--window", "1326:1334", "--periodogram", "bls", "--json").json["periodogram"]
    assert 1326 <= searched["epoch"] <= 1334 and searched["period_d"] < 8


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--window", "five"), "write FROM:TO"),
        (("--window", "5:1"), "write FROM:TO"),
        (("--window", "1:2,3:4,5:6"), "write FROM:TO"),
        (("--window", "0:2,1:4"), "counted from 1"),
        (("--window", "1.5:2,1:4"), "counted from 1"),
        (("--window", "31:40,1:4"), "It has 30 × 20 pixels"),
        (("--window", "3:4"), "no curve or spectrum"),
        (("--window", "5x5"), "add --at"),
        (("--at", "150 2"), "add its size in pixels"),
    ],
)
def test_what_is_no_part_of_an_image_is_refused(bare: Command, image: str, words: tuple[str, ...], said: str) -> None:
    ran = bare("preview", image, *words)
    assert (ran.code, ran.out) == (2, "") and said in " ".join(ran.err.split())


def test_a_curve_and_a_pixel_file_have_no_section(mast: Command, tmp_path: Path) -> None:
    ran = mast("preview", CURVE, "--window", "1:5,1:5")
    assert (ran.code, ran.out) == (2, "") and "not shown in windows of pixels" in ran.err and "FROM:TO" in ran.err
    ran = mast("preview", str(tpf(tmp_path / "star_tp.fits")), "--window", "1:2,1:2")
    assert (ran.code, ran.out) == (2, "") and "kind pixels" in ran.err
    ran = mast("preview", CURVE, "--window", "1:5")
    assert (ran.code, ran.out) == (2, "") and "no good point there" in ran.err and "It goes from 1325" in ran.err


@given(st.text(alphabet="0123456789.:,-+ex[] ", max_size=14), st.sampled_from([None, "1 2"]))
def test_whatever_is_written_is_a_part_or_a_sentence(window: str, at: str | None) -> None:
    try:
        part = part_of(window, at)
    except click.UsageError as error:
        assert error.message.endswith(".")
        return
    assert [part.x_range, part.pixels, part.size].count(None) == 2
    if part.pixels is not None:
        x0, y0, x1, y1 = part.pixels
        assert 0 <= x0 < x1 and 0 <= y0 < y1
