"""Images and pictures for a notebook and a slide: the drawn pixels as numbers, the archive's JPEG on a page."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
from PIL import Image

from mast_tui.core.look import Axis, Extent, PictureLook
from mast_tui.plot.takeaway import to_csv, to_png, to_svg
from tests.plot.made_series import image
from tests.plot.test_takeaway import starry, words_in
from tests.tui.looks_double import sky


def test_the_pixels_come_back_with_their_places() -> None:
    from astropy.table import Table

    values = np.arange(12.0).reshape(3, 4)
    values[1, 2] = np.nan
    look = replace(image(values), origin=(10, 20), value_axis=Axis("SCI", "Value", "MJy/sr"))
    read = Table.read(to_csv(look), format="ascii.ecsv")
    assert len(read) == 11 and str(read["value"].unit) == "MJy / sr"
    # FITS counts the middle of the first pixel as 1
    assert (read["x"][0], read["y"][0], read["value"][0]) == (21.0, 11.0, 0.0)
    assert (read["x"][-1], read["y"][-1], read["value"][-1]) == (24.0, 13.0, 11.0)


def test_a_block_of_pixels_stands_at_its_middle_and_says_so() -> None:
    from astropy.table import Table

    read = Table.read(to_csv(replace(image(np.ones((2, 2))), step=(4, 2))), format="ascii.ecsv")
    assert sorted(set(read["x"])) == [1.5, 3.5] and sorted(set(read["y"])) == [2.5, 6.5]
    assert read.meta["block"].startswith("2 x 4 pixels")


def test_places_on_the_sky_are_those_of_the_grid() -> None:
    from astropy.table import Table

    look = replace(starry(), sky=sky())
    assert look.sky is not None
    read = Table.read(to_csv(look), format="ascii.ecsv")
    row = read[len(read) // 2]
    place = look.sky.at(row["x"] - 1, row["y"] - 1)
    assert place is not None and abs(row["ra"] - place[0]) < 1e-8 and abs(row["dec"] - place[1]) < 1e-8


def test_a_dynamic_spectrum_is_written_on_its_axes() -> None:
    from astropy.table import Table

    extent = Extent(Axis("WAVE", "Wavelength", "um"), 1.0, 5.0, Axis("TIME", "Time", "h"), 0.0, 3.0)
    read = Table.read(to_csv(replace(image(np.ones((3, 4))), extent=extent)), format="ascii.ecsv")
    assert (str(read["x"].unit), str(read["y"].unit)) == ("um", "h") and sorted(set(read["x"])) == [1.5, 2.5, 3.5, 4.5]


def test_pixels_are_counted_in_whole_numbers() -> None:
    said = words_in(to_svg(image(np.ones((10, 11)), limits=(0.0, 2.5))))
    assert {"5", "10"} <= set(said) and not {"2.5", "5.0", "7.5"} & set(said[: said.index("Pixel row")])


def picture() -> PictureLook:
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:20, :, 0] = 255
    pixels[20:, :, 2] = 200
    return PictureLook("preview", "JPEG", (400, 600), pixels, ("simulated data",))


def test_a_picture_is_written_in_its_colours_and_proportions() -> None:
    page = np.asarray(Image.open(io.BytesIO(to_png(picture(), width=800, height=600))).convert("RGB"))
    assert page.shape == (600, 800, 3)
    red, blue = (np.argwhere((page == colour).all(axis=2)) for colour in ((255, 0, 0), (0, 0, 200)))
    width, height = np.ptp(red[:, 1]) + 1, np.ptp(np.r_[red[:, 0], blue[:, 0]]) + 1
    assert abs(width / height - 1.5) < 0.02 and red[:, 0].max() < blue[:, 0].min()


def test_a_picture_says_what_it_is_and_that_data_are_simulated() -> None:
    said = words_in(to_svg(picture(), title="M-31 · HST"))
    assert "M-31 · HST" in said and "SIMULATED DATA" in said
    assert any("JPEG 600 × 400 pixels" in line and "here 60 × 40" in line for line in said)
