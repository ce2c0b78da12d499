"""Images and pictures for a notebook and a slide: the drawn pixels as numbers, the archive's JPEG on a page."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Axis, Extent, PictureLook, SkyGrid
from mast_tui.plot.takeaway import to_csv, to_png, to_svg
from mast_tui.plot.takeaway.sky_lines import sexagesimal, sky_lines
from tests.plot.made_series import image
from tests.plot.test_takeaway import SVG, starry, words_in
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


def test_the_bar_has_its_unit_beside_it_and_the_line_under_the_title_its_room() -> None:
    look = replace(image(np.arange(64.0).reshape(8, 8), limits=(0.0, 63.0)), sky=sky(), plane=3, n_planes=90)
    root = ElementTree.fromstring(to_svg(look).encode())
    unit = next(word for word in root.iter(f"{SVG}text") if word.text == "Value [e⁻/s]" and word.get("transform"))
    assert float(unit.get("y", "0")) > 84 and float(unit.get("x", "0")) <= 1200 - 8


def test_a_long_image_fills_the_page_and_says_so() -> None:
    page = to_svg(replace(image(np.random.default_rng(1).random((6, 1358))), sky=sky()))
    raster = next(ElementTree.fromstring(page.encode()).iter(f"{SVG}image"))
    assert float(raster.get("height", "0")) > 400
    assert any("not in proportion" in line for line in words_in(page)) and "N" not in words_in(page)


@pytest.mark.parametrize(("value", "said"), [(np.nan, "no pixel has a value"), (7.5, "all pixels are 7.5")])
def test_a_bar_of_nothing_has_no_numbers(value: float, said: str) -> None:
    assert f"Value [e⁻/s]: {said}" in words_in(to_svg(image(np.full((8, 8), value))))


def test_the_sides_are_marked_with_the_sky_where_it_is_asked_for() -> None:
    look = replace(image(np.ones((300, 400))), sky=sky())
    said = words_in(to_svg(look, sides="sky"))
    assert "Right ascension (ICRS)" in said and "Declination (ICRS)" in said and "Pixel row" not in said
    # 144 arcseconds by 108 around RA 150 = 10h00m00s, Dec +2
    assert {"10h00m00s", "2°00′00″"} <= set(said)


def test_lines_on_the_sky_go_through_their_places_and_turn_with_the_image() -> None:
    grid = sky()
    lines = sky_lines(grid, (-0.5, 399.5, -0.5, 299.5))
    assert lines is not None and lines.lower_words.startswith("Right") and len(lines.lower.labels) >= 2
    at = dict(zip(lines.lower.labels, lines.lower.positions, strict=True))["10h00m00s"]
    place = grid.at(at, 0.0)
    assert place is not None and abs(place[0] - 150.0) < 1e-5
    ends = np.concatenate(lines.paths)
    assert ends.min() >= -0.5 and ends[:, 0].max() <= 399.5 and ends[:, 1].max() <= 299.5
    turned = replace(grid, x=grid.y, y=grid.x, ra=grid.ra.T, dec=grid.dec.T)
    other = sky_lines(turned, (-0.5, 299.5, -0.5, 399.5))
    assert other is not None and other.lower_words.startswith("Declination")
    assert other.left.labels and set(other.left.labels) == set(lines.lower.labels)


def test_images_without_a_sky_or_around_a_pole_say_why_they_have_no_such_sides() -> None:
    with pytest.raises(InvalidQuery, match="no celestial coordinates"):
        to_svg(image(np.ones((5, 5))), sides="sky")
    xs = np.linspace(-0.5, 9.5, 11)
    across, up = np.meshgrid(xs - 4.5, xs - 4.5)
    pole = SkyGrid(xs, xs, np.degrees(np.arctan2(up, across)) % 360, 90 - np.hypot(across, up) / 10)
    with pytest.raises(InvalidQuery, match="pole"):
        to_svg(replace(image(np.ones((10, 10))), sky=pole), sides="sky")


def test_sexagesimal_labels_have_the_parts_their_step_needs() -> None:
    assert sexagesimal(36270, 10, "hms") == "10h04m30s" and sexagesimal(36270, 30, "hms") == "10h04m30s"
    assert sexagesimal(36240, 60, "hms") == "10h04m" and sexagesimal(36000, 3600, "hms") == "10h"
    assert sexagesimal(-30.5, 0.5, "hms") == "23h59m29.5s", "before 0h"
    assert sexagesimal(-8100, 300, "°′″") == "−2°15′" and sexagesimal(7200.05, 0.01, "°′″") == "2°00′00.05″"


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
