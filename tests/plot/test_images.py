"""Images: stretch and limits as asked, every cell knows its pixel, crosshair and aperture seen without colour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mast_tui.core.look import Axis, Extent, PictureLook, Preview, TableColumn, TableLook
from mast_tui.plot import colour_bar, draw_image, draw_picture, image_runs, text
from mast_tui.plot.image_frame import N_LEVELS
from mast_tui.plot.image_text import half_block_lines, ramp_lines
from mast_tui.plot.pictures import picture_lines
from tests.plot.made_series import image

TPF = image(np.arange(121.0).reshape(11, 11), limits=(0.0, 120.0))


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 12), (7, 5), (200, 60)])
@pytest.mark.parametrize("shape", [(11, 11), (64, 48), (300, 500)])
def test_a_pixel_is_found_at_its_cell(shape: tuple[int, int], columns: int, rows: int) -> None:
    look = replace(image(np.zeros(shape), step=(2, 3)), origin=(100, 50))
    frame = draw_image(look, columns, rows)
    for x, y in ((50, 100), (50 + 3 * shape[1] - 1, 100 + 2 * shape[0] - 1), (50 + shape[1], 100 + shape[0])):
        cell = frame.cell_of(x, y)
        assert cell is not None and cell[0] < columns and cell[1] < rows
        found = frame.pixel_at(*cell)
        assert found is not None
        assert abs(found[0] - x) <= frame.scale + 1 and abs(found[1] - y) <= 2 * frame.scale + 1
    assert frame.cell_of(49, 100) is None and frame.cell_of(50, 99) is None and frame.pixel_at(columns, 0) is None


def test_magnified_pixels_are_found_exactly() -> None:
    frame = draw_image(TPF, 80, 24)
    for x in range(11):
        for y in range(11):
            cell = frame.cell_of(x, y)
            assert cell is not None and frame.pixel_at(*cell) == (x, y)


def test_the_stretches_order_greys_the_same_and_differ_in_the_middle() -> None:
    ramp = image(np.linspace(0, 1, 50)[None, :], limits=(0.0, 1.0))
    middles = {}
    for stretch in ("linear", "sqrt", "asinh", "log"):
        levels = draw_image(ramp, 50, 1, stretch=stretch).levels[-1]
        assert levels[0] == 0 and levels[-1] == N_LEVELS - 1 and (np.diff(levels) >= 0).all()
        middles[stretch] = int(levels[5])
    assert middles["linear"] < middles["sqrt"] < middles["log"]
    assert middles["linear"] < middles["asinh"] < middles["log"]


def test_the_limits_are_those_asked_for() -> None:
    look = replace(image(np.arange(1000.0).reshape(20, 50), limits=(10.0, 20.0)), wide_limits=(5.0, 995.0))
    assert draw_image(look, 50, 10).limits == (10.0, 20.0)
    assert draw_image(look, 50, 10, limits="percentile").limits == (5.0, 995.0)
    assert draw_image(look, 50, 10, limits="minmax").limits == (0.0, 999.0)
    assert "0 … 999, linear" in draw_image(look, 50, 10, limits="minmax", stretch="linear").legend


def test_a_crowded_field_is_not_all_white_and_the_legend_says_whose_limits_it_has() -> None:
    rng = np.random.default_rng(3)
    stars = np.where(rng.random((400, 400)) < 0.05, 20 * (1 + rng.pareto(1.5, (400, 400))), 0.0)
    field = rng.normal(0, 1, (400, 400)) + stars * np.linspace(0.3, 3, 400)
    crowded = image(field, limits=(-2.0, 2.0))
    frame = draw_image(crowded, 40, 20)
    assert (frame.levels == N_LEVELS - 1).mean() < 0.1 and frame.levels[:, 5].mean() < frame.levels[:, -5].mean()
    assert "limits of the brightest in each cell" in frame.legend and frame.limits[1] > 2.0
    assert draw_image(crowded, 40, 20, limits="minmax").legend.endswith("asinh")
    sparse = np.zeros((400, 400))
    sparse[100, 100] = 50
    assert draw_image(image(sparse, limits=(-2.0, 2.0)), 40, 20).limits == (-2.0, 2.0)


@pytest.mark.parametrize(
    ("pixels", "said"),
    [(np.full((9, 9), np.nan), "no pixel has a value"), (np.full((9, 9), 7.5), "all pixels are 7.5")],
)
def test_the_legend_invents_no_numbers(pixels: np.ndarray, said: str) -> None:
    frame = draw_image(image(pixels, limits=(float(pixels[0, 0]),) * 2), 40, 12)
    assert frame.legend == f"Value [e⁻/s]: {said}"
    assert [run.text for run in colour_bar(frame)] == [frame.legend]


def test_limits_that_are_one_value_are_not_widened_to_values_that_no_pixel_has() -> None:
    pixels = np.zeros((20, 20))
    pixels[3, 3] = 4.0
    assert draw_image(image(pixels, limits=(0.0, 0.0)), 40, 12).limits == (0.0, 4.0)


@pytest.mark.parametrize("shape", [(7, 8968), (8968, 7), (6, 1358)])
def test_a_very_long_image_fills_the_room_and_says_so(shape: tuple[int, int]) -> None:
    pixels = np.add.outer(np.linspace(0, 1, shape[0]), np.linspace(0, 1, shape[1]))
    frame = draw_image(image(pixels, limits=(0.0, 2.0)), 80, 24)
    assert frame.levels.shape[0] >= 40 and frame.levels.shape[1] >= 70
    assert frame.legend.endswith("not in proportion")
    for x, y in ((0, 0), (shape[1] - 1, shape[0] - 1)):
        cell = frame.cell_of(x, y)
        found = frame.pixel_at(*cell) if cell is not None else None
        assert found is not None and abs(found[0] - x) <= frame.scale and abs(found[1] - y) <= frame.scale
    assert frame.levels[-1, 0] < frame.levels[0, -1], "row 0 stays at the bottom"
    assert not draw_image(image(np.ones((60, 300))), 80, 24).legend.endswith("proportion")


def test_crosshair_and_aperture_are_seen_without_colour() -> None:
    mask = np.zeros((11, 11), bool)
    mask[4:7, 3:6] = True
    frame = draw_image(replace(TPF, aperture=mask), 80, 24, crosshair=(9, 9))
    drawn = "\n".join(frame.signs)
    assert all(sign in drawn for sign in "┌┐└┘─│")
    corner = frame.cell_of(3, 6)
    assert corner is not None
    assert any("┌" in line[: corner[0] + 1] for line in frame.signs[: corner[1] + 1]), "row 6 is above row 4"
    at = frame.cell_of(9, 9)
    assert at is not None and frame.signs[at[1]][at[0]] == " ", "the pixel itself stays in sight"
    plain = ramp_lines(frame, ascii_only=True)
    assert all(line.isascii() for line in plain) and any("+-" in line for line in plain)
    small = draw_image(replace(TPF, aperture=mask), 11, 6)
    assert sum(line.count("+") for line in small.signs) >= 3


def test_a_sign_is_dark_on_bright_and_bright_on_dark() -> None:
    runs = [run for line in image_runs(draw_image(TPF, 80, 24, crosshair=(5, 5))) for run in line if run.sign]
    assert runs and all(run.front is not None and run.back is not None for run in runs)
    assert all(abs((run.front or 0) - (run.back or 0)) >= N_LEVELS // 3 for run in runs)


def test_a_dynamic_spectrum_has_axes_in_its_units() -> None:
    extent = Extent(Axis("W", "Wavelength", "um"), 1.0, 5.0, Axis("T", "Time", "d"), 0.0, 0.4)
    look = replace(image(np.random.default_rng(1).random((30, 60))), extent=extent)
    frame = draw_image(look, 80, 24)
    lines = ramp_lines(frame, ascii_only=False)
    assert len(lines) == 24 and {len(line) for line in lines} == {80}
    assert "Wavelength [µm]" in lines[-1] and "Time [d]" in lines[-1]
    assert {"2", "3", "4"} <= {label.rstrip(".0") or "0" for label in lines[-2].split()}
    labels = [float(line.split("┤")[0]) for line in lines if "┤" in line]
    assert labels == sorted(labels, reverse=True) and len(labels) >= 2
    assert len(half_block_lines(frame)) == 24


def test_the_colour_bar_names_both_ends_and_the_unit() -> None:
    runs = colour_bar(draw_image(TPF, 80, 24))
    assert "".join(run.text for run in runs if run.label) == "Value [e⁻/s]: 0  120, asinh"
    assert [run.front for run in runs if not run.label] == sorted(run.front or 0 for run in runs if not run.label)


def picture(pixels: np.ndarray) -> PictureLook:
    return PictureLook("p.jpg", "JPEG", pixels.shape[:2], pixels.astype(np.uint8))


def test_a_picture_keeps_its_colours_and_proportions() -> None:
    pixels = np.zeros((100, 100, 3))
    pixels[:50, :, 0], pixels[50:, :, 2] = 255, 255
    frame = draw_picture(picture(pixels), 40, 10)
    assert frame.colours.shape == (20, 20, 3)
    assert frame.codes[0, 0] == 196 and frame.codes[-1, 0] == 21
    assert picture_lines(frame)[0] == "\x1b[38;5;196;48;5;196m" + "▀" * 20 + "\x1b[0m"
    assert "\x1b[38;2;255;0;0;48;2;255;0;0m" in picture_lines(frame, "true")[0]
    assert frame.levels[0, 0] > frame.levels[-1, 0], "red is brighter than blue"
    greys = draw_picture(picture(np.full((4, 4, 3), 128)), 4, 2)
    assert greys.codes[0, 0] == 244


# --- the report ---------------------------------------------------------------------------------------------------


def preview(item: object, kind: str) -> Preview:
    return Preview("f", kind, None, None, (item,))  # type: ignore[arg-type]


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 12), (120, 35)])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_pictures_images_and_tables_fit_the_size_in_the_report(columns: int, rows: int, ascii_only: bool) -> None:
    colours = np.random.default_rng(1).integers(0, 256, (90, 160, 3))
    table = TableLook(
        "T", 1, (TableColumn("FLUX", "Jy", 1.0, 2.5, 4.0), TableColumn("NAME")), (("1", "a"), ("4", "b")), 2, (2, 2)
    )
    for item, kind in ((picture(colours), "picture"), (image(colours[..., 0]), "image"), (table, "table")):
        written = text(preview(item, kind), columns, rows, ascii_only=ascii_only)
        lines = written.splitlines()
        assert len(lines) <= rows and all(len(line) <= columns for line in lines)
        assert not ascii_only or written.isascii()
        assert sum(bool(line.strip()) for line in lines) >= 4


def test_a_table_tells_the_range_and_median_of_its_numbers() -> None:
    table = TableLook(
        "T", 1, (TableColumn("FLUX", "Jy", 1.0, 2.5, 4.0), TableColumn("NAME")), (("1", "a"), ("4", "b")), 2, (2, 2)
    )
    lines = text(preview(table, "table"), 80, 24).splitlines()
    found = {
        line.split()[0]: line.split()[1:] for line in lines if line.split()[:1] in (["least"], ["median"], ["most"])
    }
    assert found == {"least": ["1"], "median": ["2.5"], "most": ["4"]}


def test_a_picture_in_colour_has_colours_and_without_is_signs() -> None:
    colours = picture(np.repeat(np.linspace(0, 255, 90 * 160).reshape(90, 160, 1), 3, axis=2))
    assert "38;5;" in text(preview(colours, "picture"), colour=True)
    assert "\x1b" not in text(preview(colours, "picture")) and "@" in text(preview(colours, "picture"))
