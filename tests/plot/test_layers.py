"""Many points, several series, marks and other axes than linear ones: what a user must see, also without colour."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from mast_tui.core.look import Axis, Series
from mast_tui.plot import Mark, PlotFrame, draw_series, overview
from mast_tui.plot.points import points_of
from mast_tui.plot.raster import BLOCK, point_counts
from mast_tui.plot.scales import LINEAR
from tests.plot.made_series import series, spectrum


def field(frame: PlotFrame) -> list[str]:
    rows = frame.lines[frame.top : frame.top + frame.rows]
    return [line[frame.left : frame.left + frame.columns] for line in rows]


def noisy(n: int, dip_at: int, depth: float = 1e-3, noise: float = 4e-4) -> Series:
    y = np.random.default_rng(1).normal(1.0, noise, n)
    y[dip_at : dip_at + 10] -= depth
    return series(np.arange(n) / 720.0, y)


def lowest_strokes(frame: PlotFrame) -> list[int]:
    """The line columns of the lowest row in which a side of a cell is a full stroke: only lines have such."""
    for row in reversed(field(frame)):
        found = [
            k for k, sign in enumerate(row) if sign > "⠀" and any((ord(sign) & 0xFF) & m == m for m in (0x47, 0xB8))
        ]
        if found:
            return [frame.left + k for k in found]
    return []


@pytest.mark.parametrize("n", [20_000, 1_200_000])
def test_a_dip_of_ten_cadences_stands_out_of_the_noise_in_the_text_alone(n: int) -> None:
    at = round(0.617 * n)
    frame = draw_series(noisy(n, at), 120, 35)
    assert frame.layer == "density"
    shown = frame.column_of(at / 720.0)
    assert shown is not None and lowest_strokes(frame) == [shown]


def test_in_ascii_the_dip_stands_out_too() -> None:
    frame = draw_series(noisy(200_000, 123_400), 120, 35, ascii_only=True)
    lowest = next(row for row in reversed(field(frame)) if "@" in row)
    shown = frame.column_of(123_400 / 720.0)
    assert shown is not None and lowest.index("@") + frame.left == shown and lowest.count("@") == 1


def test_the_running_mean_does_not_reach_across_gaps() -> None:
    n = 100_000
    y = np.r_[np.zeros(n), np.ones(n)] + np.random.default_rng(2).normal(0, 1e-3, 2 * n)
    frame = draw_series(series(np.arange(2.0 * n), y, (0, n)), 100, 30)
    middle = field(frame)[frame.rows // 2]
    assert frame.layer == "density" and not middle.strip()


def test_the_running_mean_is_that_of_ten_neighbours_within_each_run() -> None:
    n = 2 * BLOCK + 100
    y = np.random.default_rng(7).normal(1e6, 1, n)
    x = np.r_[np.arange(n // 2), np.arange(n - n // 2)].astype(float)  # a second segment starts anew, unannounced
    found = points_of(series(x, y, (0, 5, 1000)), LINEAR, LINEAR).running
    runs = [slice(5, 1000), slice(1000, n // 2), slice(n // 2, n)]  # the first five points are too few
    expected = np.concatenate([np.convolve(y[run], np.full(10, 0.1), "valid") for run in runs])
    assert found.y == pytest.approx(expected, abs=1e-6)
    assert found.x == pytest.approx(np.concatenate([x[run][4:-5] for run in runs]))
    assert found.starts.tolist() == [0, 986, 986 + n // 2 - 1009]


def test_every_point_is_counted_once_however_many_there_are() -> None:
    n = 2 * BLOCK + 100
    rng = np.random.default_rng(8)
    x, y = np.sort(rng.uniform(0, 10, n)), rng.uniform(-1, 1, n)
    counts = point_counts(x, y, (2.0, 9.0), (-0.5, 1.0), (40, 70))
    expected, _, _ = np.histogram2d(y, x, (40, 70), ((-0.5, 1.0), (2.0, 9.0)))
    assert counts.shape == (40, 70) and (counts == expected[::-1]).all()


def test_denser_places_have_brighter_styles() -> None:
    n = 20_000
    y = np.random.default_rng(3).normal(0, 1, n)
    frame = draw_series(series(np.arange(float(n)), y), 100, 30)
    styles = [{span.style for span in spans} for spans in frame.spans]
    top, middle = styles[frame.top + 2], styles[frame.top + frame.rows // 2 - 4]
    assert "density0" in top and {"density5", "density6"} & middle


@pytest.mark.parametrize("n", [20_000, 200_000])
def test_a_frame_of_noise_changes_its_colour_rarely_enough_for_a_slow_line(n: int) -> None:
    frame = draw_series(noisy(n, 100), 120, 35)
    # Textual writes some 50 bytes a span in true colour; a frame is to stay below 45 kB
    assert frame.layer == "density" and sum(len(spans) for spans in frame.spans) < 850


def test_few_points_are_a_line_many_a_density_and_the_user_may_choose() -> None:
    few, many = noisy(2_000, 100), noisy(20_000, 100)
    assert draw_series(few, 100, 30).layer == "line" and draw_series(many, 100, 30).layer == "density"
    assert draw_series(many, 100, 30, layer="line").layer == "line"
    zoomed = draw_series(many, 100, 30, x_range=(5.0, 6.0))
    assert zoomed.layer == "line", "zoomed in, each point can be seen"
    assert draw_series(spectrum(np.arange(1e5), np.ones(100_000)), 100, 30).layer == "line"


def test_a_folded_curve_is_points_and_no_line_between_them() -> None:
    folded = series(np.linspace(-0.5, 0.5, 500), np.tile([0.0, 1.0], 250), x_axis=Axis("PHASE", "Phase"))
    rows = field(draw_series(folded, 80, 24))
    assert draw_series(folded, 80, 24).layer == "points" and len([row for row in rows if row.strip()]) == 2


def test_a_spectrum_of_few_pixels_is_drawn_in_steps() -> None:
    rows = field(draw_series(spectrum([1.0, 2.0, 3.0, 4.0], [0.0, 1.0, 0.0, 1.0]), 80, 24))
    assert len(set(next(row for row in rows if row.strip()).strip(" "))) > 1
    flat = [row for row in rows if max((len(part) for part in row.split()), default=0) >= 15]
    assert len(flat) == 2, "two levels, each as wide as its pixel"


def test_errors_are_a_band_around_the_line() -> None:
    curve = series(np.arange(20.0), np.zeros(20), error=np.full(20, 0.5))
    plain = draw_series(curve, 80, 24, y_range=(-1, 1))
    banded = draw_series(curve, 80, 24, y_range=(-1, 1), errors=True)
    assert sum(bool(row.strip()) for row in field(plain)) <= 2
    assert sum(bool(row.strip()) for row in field(banded)) == pytest.approx(banded.rows / 2, abs=2)
    assert any(span.style == "error" for spans in banded.spans for span in spans)


def test_an_error_as_large_as_numbers_go_is_a_bar_from_edge_to_edge() -> None:
    curve = series(np.arange(20.0), np.zeros(20), error=np.r_[np.full(19, 0.01), 3e307])
    banded = draw_series(curve, 80, 24, y_range=(-1, 1), errors=True)
    assert all(row[-1] != " " for row in field(banded))


def test_the_error_of_many_points_is_that_of_their_mean() -> None:
    n = 100_000
    y = np.random.default_rng(5).normal(0, 0.01, n)
    curve = series(np.arange(float(n)), y, error=np.full(n, 0.9))
    frame = draw_series(curve, 80, 24, y_range=(-1, 1), errors=True, layer="line")
    touched = [k for k, spans in enumerate(frame.spans) if any(span.style == "error" for span in spans)]
    assert touched and max(touched) - min(touched) <= 4


def test_the_error_of_a_crowded_spectrum_is_seen_over_its_line_in_ascii_too() -> None:
    y = np.random.default_rng(6).normal(1, 0.2, 5_000)
    crowded = spectrum(np.arange(5_000.0), y, error=np.full(5_000, 0.2))
    for ascii_only in (False, True):
        plain = draw_series(crowded, 80, 24, ascii_only=ascii_only)
        banded = draw_series(crowded, 80, 24, ascii_only=ascii_only, errors=True)
        changed = [k for k, (a, b) in enumerate(zip(field(plain), field(banded), strict=True)) if a != b]
        assert changed, "without colour the signs alone must tell"
        assert all(abs(banded.y_at(banded.top + k) - 1) < 0.3 for k in changed)


def test_another_series_is_told_by_its_sign_and_named() -> None:
    x = np.arange(100.0)
    one, two = series(x, x, name="sector 1"), series(x, 100 - x, name="sector 2")
    frame = draw_series(one, 100, 30, also=(two,))
    assert "sector 1" in frame.lines[0] and "× sector 2" in frame.lines[0]
    assert any("×" in row for row in field(frame))
    plain = draw_series(one, 100, 30, also=(two,), ascii_only=True)
    assert "x sector 2" in plain.lines[0] and any("x" in row for row in field(plain))


@pytest.mark.parametrize("ascii_only", [False, True])
def test_a_crowded_series_over_another_shows_both_and_its_dip(ascii_only: bool) -> None:
    one, at = noisy(20_000, 5), 15_000
    two = series(one.x, one.y + np.where(abs(np.arange(20_000) - at) < 50, -1.5e-3, 0), name="sector 2")
    both = draw_series(one, 100, 30, also=(two,), ascii_only=ascii_only)
    styles = [{span.style for span in spans} for spans in both.spans[both.top : both.top + both.rows]]
    assert sum(any(style.startswith("density") for style in row) for row in styles) > both.rows / 2, "the first shows"
    lowest = [span for spans in both.spans for span in spans if span.style == "data1"][-1]
    column = both.column_of(at / 720)
    assert column is not None and lowest.start - 1 <= column <= lowest.end


def test_a_line_over_the_points_has_a_style_and_place_of_its_own() -> None:
    trend = series([0.0, 25.0], [1.001, 1.001])
    frame = draw_series(noisy(20_000, 5), 100, 30, over=trend)
    row = next(k for k in range(frame.rows) if frame.y_at(frame.top + k) < 1.001)
    styles = {span.style for k in (row - 1, row) for span in frame.spans[frame.top + k]}
    assert "over" in styles


def test_marks_have_words_above_that_never_overlap() -> None:
    lines = [Mark(float(x), f"line at {x}") for x in (10, 11, 50, 90, 99)]
    frame = draw_series(spectrum(np.arange(101.0), np.zeros(101)), 80, 24, marks=(*lines, Mark(30.0, kind="join")))
    words = frame.lines[1]
    assert "line at 10" in words and "line at 11" not in words and "line at 50" in words and "line at 90" in words
    column, join = frame.column_of(50.0), frame.column_of(30.0)
    assert column is not None and join is not None
    assert frame.lines[frame.top][column] == "│" and frame.lines[frame.top][join] == "┊"
    assert len(frame.lines) == 24 and {len(line) for line in frame.lines} == {80}


def test_the_overview_of_a_crowd_shows_the_dip_that_the_points_hide() -> None:
    n, at = 200_000, 123_400
    y = np.random.default_rng(1).normal(1.0, 4e-4, n)
    y[at : at + 900] -= 1e-3
    strip = overview(series(np.arange(n) / 720.0, y), 100)
    signs = [strip.lines[1][k] for k in range(1, 99)]
    deepest = max(range(98), key=lambda k: bin(ord(signs[k]) & 0xE4).count("1"))  # dots of the lower half
    assert deepest + 1 == int(at / n * 100)


def test_a_logarithmic_axis_has_decades() -> None:
    x = np.logspace(-1, 3, 200)
    sed = spectrum(
        x, x**-4, x_axis=Axis("WAVE", "Wavelength", "um", log=True), y_axis=Axis("F", "Flux", "Jy", log=True)
    )
    frame = draw_series(sed, 100, 30)
    labels = frame.lines[frame.top + frame.rows + 1].split()
    assert {"0.1", "1", "10", "100", "1000"} <= set(labels)
    assert any("10⁻" in line[: frame.left] for line in frame.lines)
    middle = frame.column_of(10.0)
    assert middle is not None and abs(middle - frame.left - frame.columns / 2) <= 1
    assert frame.x_at(middle) == pytest.approx(10.0, rel=0.1)
    rows = field(frame)
    first = [next((k for k, row in enumerate(rows) if row[c] != " "), 0) for c in range(5, frame.columns - 5)]
    assert max(abs(np.diff(first))) <= 1, "a power law is straight"


def test_without_a_positive_value_a_logarithmic_axis_says_so() -> None:
    below = spectrum([1.0, 2.0], [-1.0, 0.0], y_axis=Axis("F", "Flux", "Jy", log=True))
    assert "no positive Flux" in draw_series(below, 80, 24).lines[0]


def test_a_date_axis_has_the_dates_of_the_calendar() -> None:
    axis = Axis("TIME", "UTC", dates=True)
    month = series(2458324.5 + np.arange(28.0), np.ones(28), x_axis=axis)  # 2018-07-25
    frame = draw_series(month, 100, 24)
    assert "2018-08-02" in frame.lines[frame.top + frame.rows + 1] and "2457" not in frame.lines[-1]
    hours = draw_series(month, 100, 24, x_range=(2458330.75, 2458331.25))  # 2018-07-31 06:00 to 18:00
    assert "12:00" in hours.lines[hours.top + hours.rows + 1] and "2018-07-31" in hours.lines[-1]
    column = hours.column_of(2458331.0)
    assert column is not None
    at = hours.lines[hours.top + hours.rows + 1].index("12:00") + 2
    assert abs(at - column) <= 1


def test_a_periodogram_marks_its_highest_peak() -> None:
    period = np.logspace(-1, 1, 500)
    power = np.exp(-(((period - 0.9414) / 0.02) ** 2))
    made = series(period, power, kind="periodogram", x_axis=Axis("P", "Period", "d", log=True))
    frame = draw_series(made, 100, 24)
    assert "0.9" in frame.lines[1] and "d" in frame.lines[1]
    column = frame.column_of(0.9414)
    assert column is not None and any(
        span.style == "mark" and abs(span.start - column) <= 1 for spans in frame.spans for span in spans
    )


def test_the_overview_shows_everything_and_a_box_around_the_view() -> None:
    curve = noisy(20_000, 10_000, depth=0.1)
    strip = overview(curve, 100, (5.0, 10.0))
    assert len(strip.lines) == 3 and {len(line) for line in strip.lines} == {100}
    left, right = strip.lines[0].index("▐"), strip.lines[0].index("▌")
    whole = 19_999 / 720
    assert left == int(5 / whole * 100) and right == int(10 / whole * 100)
    for spans in strip.spans:
        assert spans[0].start == 0 and spans[-1].end == 100
        assert all(a.end == b.start for a, b in pairwise(spans))
        outside = [span for span in spans if span.end <= left or span.start > right]
        assert {span.style for span in outside} == {"frame"}
        assert "frame" not in {span.style for span in spans if left < span.start < right}
    assert overview(curve, 100, (5.0, 10.0)) == strip
    moved = overview(curve, 100, (6.0, 11.0)).lines[0]
    assert moved.index("▐") > left
    assert "[" in overview(curve, 100, (5.0, 10.0), ascii_only=True).lines[1]
