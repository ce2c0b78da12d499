"""A plot as text: frame, ticks and labels by plotext, data inside, marks where points are out of sight."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from mast_tui.core.look import (
    Axis,
    Card,
    HduLook,
    HeaderLook,
    PictureLook,
    Preview,
    TableColumn,
    TableLook,
    TextLook,
)
from mast_tui.plot import Mark, draw_image, draw_series, text
from mast_tui.plot.image_frame import N_LEVELS, NO_DATA
from mast_tui.plot.image_text import half_block_lines, ramp_lines
from mast_tui.plot.plot_frame import PlotFrame
from tests.plot.made_series import image, series, spectrum

TRANSIT = np.r_[np.ones(400), np.full(20, 0.99), np.ones(400)]


def field(frame: PlotFrame) -> list[str]:
    rows = frame.lines[frame.top : frame.top + frame.rows]
    return [line[frame.left : frame.left + frame.columns] for line in rows]


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 35), (200, 60), (40, 12), (20, 8)])
def test_a_plot_fills_exactly_its_cells_whatever_the_terminal(columns: int, rows: int) -> None:
    frame = draw_series(series(np.arange(820) / 720 + 1325, TRANSIT), columns, rows)
    assert len(frame.lines) == rows and all(len(line) == columns for line in frame.lines)
    assert all(spans[0].start == 0 and spans[-1].end == columns for spans in frame.spans)
    assert all(a.end == b.start for spans in frame.spans for a, b in pairwise(spans))


def test_the_dip_of_a_transit_is_drawn_where_it_is() -> None:
    frame = draw_series(series(np.arange(820.0), TRANSIT), 80, 24)
    lowest = next(row for row in reversed(field(frame)) if row.strip())
    x = frame.x_at(frame.left + lowest.index(lowest.strip()[0]))
    assert 395 < x < 425
    assert "PDCSAP flux [e⁻/s]" in frame.lines[0] and "BTJD (BJD − 2457000, TDB) [d]" in frame.lines[-1]


def test_a_gap_stays_empty() -> None:
    x = np.r_[np.arange(300.0), np.arange(600.0, 900.0)]
    rows = field(draw_series(series(x, np.ones(600) + x % 2, (0, 300)), 80, 20))
    middle = len(rows[0]) // 2
    assert all(row[middle] == " " for row in rows) and any(row[:middle].strip() for row in rows)


def test_segments_that_overlap_are_drawn_both() -> None:
    x = np.r_[np.linspace(1, 2, 50), np.linspace(1.5, 2.5, 50)]
    y = np.r_[np.zeros(50), np.ones(50)]
    rows = field(draw_series(spectrum(x, y, (0, 50)), 80, 20))
    assert len([row for row in rows if row.strip()]) == 2


def test_points_out_of_sight_are_marked_at_the_edge() -> None:
    y = np.random.default_rng(3).normal(0, 1, 5000)
    y[2500], y[100] = 1e6, -1e6
    frame = draw_series(series(np.arange(5000.0), y), 80, 24)
    rows = field(frame)
    assert frame.n_clipped == 2 and rows[0].count("^") == 1 and rows[-1].count("v") == 1
    assert abs(rows[0].index("^") / frame.columns - 0.5) < 0.03
    assert "mark" in {span.style for span in frame.spans[frame.top]}


def test_tiny_fluxes_have_short_ticks() -> None:
    frame = draw_series(spectrum(np.linspace(1130, 1430, 500), np.linspace(1e-14, 3e-14, 500)), 80, 24)
    ticks = [line[: frame.left - 1].strip() for line in frame.lines[frame.top : frame.top + frame.rows]]
    assert {tick for tick in ticks if tick} == {"1.0", "1.5", "2.0", "2.5", "3.0"}
    assert "Flux [×10⁻¹⁴ erg/s/cm²/Å]" in frame.lines[0]


def test_ticks_stand_beside_their_values() -> None:
    frame = draw_series(series([0.0, 10.0], [0.0, 10.0]), 80, 25, y_range=(0.0, 10.0))
    rows = frame.lines[frame.top : frame.top + frame.rows]
    for k, line in enumerate(rows):
        label = line[: frame.left - 1].strip()
        if label:
            high, low = (10 * (1 - (k + edge) / frame.rows) for edge in (0, 1))
            assert low - 0.3 <= float(label) <= high + 0.3


@pytest.mark.parametrize(("columns", "rows"), [(200, 60), (80, 24), (30, 9)])
def test_the_border_and_the_ticks_are_whole_at_every_height(columns: int, rows: int) -> None:
    frame = draw_series(series([0.0, 1.0], [-300.0, 7.0]), columns, rows)
    inside = frame.lines[frame.top : frame.top + frame.rows]
    assert len(inside) == rows - 5
    assert all(line[frame.left - 1] == ("┤" if line[: frame.left - 1].strip() else "│") for line in inside)
    assert all(line[frame.left + frame.columns] == "│" for line in inside)
    assert sum("┤" in line for line in inside) >= 2


def test_the_same_axes_with_other_data_have_the_same_frame_and_the_new_data() -> None:
    rising = draw_series(series([0.0, 1.0], [0.0, 1.0]), 80, 24, y_range=(0.0, 1.0))
    falling = draw_series(series([0.0, 1.0], [1.0, 0.0]), 80, 24, y_range=(0.0, 1.0))
    assert field(rising) != field(falling)
    assert [line[: rising.left] for line in rising.lines] == [line[: rising.left] for line in falling.lines]


def test_magnitudes_grow_downwards() -> None:
    faint_late = series(
        np.arange(100.0), np.r_[np.full(50, 10.0), np.full(50, 11.0)], y_axis=Axis("MAG", "mag", "mag", True)
    )
    frame = draw_series(faint_late, 80, 24)
    rows = field(frame)
    top = next(row for row in rows if row.strip())
    assert top[: frame.columns // 4].strip(), "the bright part is above"
    labels = [
        float(t) for line in frame.lines[frame.top : frame.top + frame.rows] if (t := line[: frame.left - 1].strip())
    ]
    assert labels == sorted(labels) and len(labels) >= 2


def test_without_utf8_only_ascii_is_used() -> None:
    frame = draw_series(spectrum(np.arange(50.0), np.linspace(0, 9e-15, 50)), 80, 20, ascii_only=True, cursor=25.0)
    assert all(line.isascii() for line in frame.lines)
    assert "[x1e-15 erg/s/cm2/A]" in frame.lines[0] and "|" in frame.lines[5] and ":" in frame.lines[5]


def test_the_cursor_is_laid_over_the_plot() -> None:
    plain = draw_series(series(np.arange(100.0), np.ones(100)), 80, 20)
    marked = plain.with_cursor(50.0)
    column = plain.column_of(50.0)
    assert column is not None and abs(plain.x_at(column) - 50) < 1
    assert all(marked.lines[k][column] != " " for k in range(plain.top, plain.top + plain.rows))
    assert plain.with_cursor(1e9) is plain and plain.column_of(-5.0) is None


def test_no_points_and_no_room_are_no_crash() -> None:
    assert draw_series(series([], []), 80, 24).n_clipped == 0
    assert draw_series(series([1.0], [2.0]), 80, 24).rows > 0
    tiny = draw_series(series(np.arange(9.0), np.arange(9.0)), 12, 4)
    assert (len(tiny.lines), tiny.rows) == (4, 0) and "too small" in tiny.lines[0]


# --- images ---------------------------------------------------------------------------------------


def test_a_star_is_bright_and_missing_pixels_are_blank() -> None:
    pixels = np.zeros((40, 40))
    pixels[30, 10] = 1.0
    pixels[:10] = np.nan
    frame = draw_image(image(pixels), 40, 20)
    assert frame.levels.shape == (40, 40)
    assert frame.levels[9, 10] == N_LEVELS - 1, "the first row of a FITS image is at the bottom"
    assert (frame.levels[30:] == NO_DATA).all() and (frame.levels >= 0).sum() == 30 * 40
    lines = ramp_lines(frame)
    assert lines[4][10] == "@" and not lines[-1].strip() and len(lines) == 20


@pytest.mark.parametrize(
    ("shape", "columns", "rows"), [((160, 320), 80, 24), ((5, 7), 80, 24), ((1, 1), 10, 4), ((300, 60), 60, 10)]
)
def test_images_keep_their_proportions(shape: tuple[int, int], columns: int, rows: int) -> None:
    levels = draw_image(image(np.ones(shape)), columns, rows).levels
    assert levels.shape[0] <= 2 * rows and levels.shape[1] <= columns and levels.shape[0] % 2 == 0
    if min(shape) > 1 and min(levels.shape) > 4:
        assert levels.shape[1] / levels.shape[0] == pytest.approx(shape[1] / shape[0], rel=0.3)


def test_half_blocks_carry_two_greys_a_cell() -> None:
    line = half_block_lines(draw_image(image([[0.0, 1.0], [1.0, 0.0]]), 2, 1))[0]
    assert line == "\x1b[38;5;255;48;5;232m▀\x1b[38;5;232;48;5;255m▀\x1b[0m"


# --- whole previews -------------------------------------------------------------------------------


def preview(*items: object, **fields: object) -> Preview:
    made = {
        "file": "tess_lc.fits",
        "kind": "lightcurve",
        "instrument": "TESS",
        "target": "pi Men",
        "n_bytes": 2_039_040,
    }
    return Preview(**(made | {"items": tuple(items)} | fields))  # type: ignore[arg-type]


def test_the_report_says_what_it_is_how_many_points_and_what_else_there_is() -> None:
    curve = series(np.arange(820.0), TRANSIT)
    written = text(preview(curve, curve, problems=("The file is cut off.",)), 80, 24)
    lines = written.splitlines()
    assert lines[0] == "pi Men · TESS · TESS light curve: LIGHTCURVE PDCSAP_FLUX"
    assert lines[-3:] == [
        "820 of 827 points, masked 7 (0.8 %) by QUALITY & 17087, median 1 e⁻/s",
        "! The file is cut off.",
        "also: LIGHTCURVE PDCSAP_FLUX",
    ]
    assert len(lines) <= 24 and all(len(line) <= 80 for line in lines) and "\x1b" not in written


@pytest.mark.parametrize(("columns", "rows"), [(20, 5), (20, 8), (40, 6), (40, 12), (80, 24), (200, 60)])
def test_the_report_has_the_rows_asked_for_and_keeps_what_is_wrong(columns: int, rows: int) -> None:
    curve = series(np.arange(820.0), TRANSIT, notes=("one note", "another note", "a third"))
    lines = text(preview(curve, curve, problems=("Cut off.",)), columns, rows).splitlines()
    assert len(lines) == rows and "! Cut off." in lines and any("820 of 827" in line for line in lines)


def test_the_report_in_ascii_is_ascii_and_in_colour_uses_the_sixteen_colours() -> None:
    curve = preview(series(np.arange(820.0), TRANSIT))
    assert text(curve, 80, 24, ascii_only=True).isascii()
    coloured = text(curve, 80, 24, colour=True)
    assert "\x1b[36m" in coloured and "38;" not in coloured


def test_what_is_no_curve_is_told_in_words() -> None:
    table = TableLook("LIMITS", 1, (TableColumn("LOW", "ct/s"),), (("0.5",), ("1.5",)), 2, (2, 1))
    header = HeaderLook((HduLook(0, "PRIMARY", 1, "image", (), (Card("SIMPLE", "T", ""),)),))
    assert "LOW [ct/s]" in text(preview(table, kind="table")) and "2 rows, 1 column" in text(
        preview(table, kind="table")
    )
    assert "a JPEG picture of 400 × 300 pixels" in text(preview(PictureLook("p", "JPEG", (300, 400)), kind="picture"))
    assert "no data" in text(preview(header, kind="header"))
    assert "second" in text(preview(TextLook("t", ("first", "second"), 2), kind="text"))
    assert "! It is empty." in text(preview(kind="unreadable", problems=("It is empty.",)))
    assert "no good point" in text(preview(series([], [])))
    assert "40 × 40" in text(preview(image(np.ones((40, 40))), kind="image"))


def test_a_title_that_is_too_long_gives_up_the_name_of_the_column_and_is_not_cut() -> None:
    curve = replace(
        series([1.0, 2.0, 3.0], [1.0, 2.0, 1.5]),
        name="TARGETTABLES aperture",
        product="light curve of a Kepler pixel file",
    )
    said = text(preview(curve, target="EPIC 211983544", instrument="Kepler"), 80, 24).splitlines()[0]
    assert said == "EPIC 211983544 · Kepler · light curve of a Kepler pixel file"
    assert "TARGETTABLES" in text(preview(curve, target="EPIC 211983544", instrument="Kepler"), 120, 24).splitlines()[0]


def test_the_strong_line_keeps_its_name_where_all_have_no_room() -> None:
    marks = (Mark(1208.0, "Si III"), Mark(1215.67, "Lyα", strong=True), Mark(1225.0, "N V"), Mark(1900.0, "C III]"))
    frame = draw_series(spectrum(np.linspace(1000, 2000, 500), np.ones(500)), 80, 24, marks=marks)
    assert frame.lines[1].split() == ["Lyα", "C", "III]"]
    near = draw_series(spectrum(np.linspace(1190, 1240, 500), np.ones(500)), 80, 24, marks=marks)
    assert near.lines[1].split() == ["Si", "III", "Lyα", "N", "V"]
