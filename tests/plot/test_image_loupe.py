"""The loupe: three times larger, around the crosshair, out of its way, and honest about what was read."""

from __future__ import annotations

import numpy as np
import pytest

from mast_tui.plot import draw_image
from mast_tui.plot.image_frame import NO_DATA
from mast_tui.plot.image_loupe import may_magnify, with_loupe
from mast_tui.plot.image_text import ramp_lines
from tests.plot.made_series import image


def starry(at: tuple[int, int]) -> np.ndarray:
    """120 columns by 80 rows, dark but for a star of one pixel."""
    values = np.zeros((80, 120))
    values[at[1], at[0]] = 100.0
    return values


@pytest.mark.parametrize(("at", "corner"), [((20, 10), "right"), ((100, 70), "left")])
def test_it_stands_in_the_corner_away_from_the_crosshair(at: tuple[int, int], corner: str) -> None:
    look = image(starry(at), limits=(0.0, 100.0))
    frame = draw_image(look, 60, 21)
    seen = with_loupe(frame, look, at, "linear")
    line = seen.signs[0].strip()
    assert line.startswith("┌") and line.endswith("┐") and "┴" in line
    assert (seen.signs[0].index("┌") == 0) == (corner == "left")
    # outside of the loupe nothing has changed
    untouched = slice(0, 60 - 22) if corner == "right" else slice(22, 60)
    assert np.array_equal(seen.levels[:, untouched], frame.levels[:, untouched])


def test_the_star_is_three_times_as_large_and_the_ticks_point_at_it() -> None:
    at = (20, 10)
    look = image(starry(at), limits=(0.0, 100.0))
    frame = draw_image(look, 60, 21)
    seen = with_loupe(frame, look, at, "linear")
    left = seen.signs[0].index("┌")
    inside = seen.levels[:, left + 1 : left + 21]
    bright_here, bright_before = (inside > 12).sum(), (frame.levels > 12).sum()
    assert bright_before == 1 and bright_here in (2, 4), "two pixels a level, now two thirds of one"
    row, column = np.argwhere(inside > 12)[0]
    assert abs(column - (seen.signs[0].index("┴") - left - 1)) <= 1
    assert "┤" in seen.signs[row // 2] or "┤" in seen.signs[row // 2 + 1] or "┤" in seen.signs[row // 2 - 1]


def test_it_never_leaves_the_image_and_pixels_without_data_stay_blank() -> None:
    values = starry((0, 0))
    values[:10, :10] = np.nan
    look = image(values, limits=(0.0, 100.0))
    for at in ((0, 0), (119, 79), (0, 79), (119, 0)):
        seen = with_loupe(draw_image(look, 60, 21), look, at, "asinh")
        assert seen.levels.shape == draw_image(look, 60, 21).levels.shape
        left = seen.signs[0].index("┌")
        bottom = next(row for row, signs in enumerate(seen.signs) if signs[left] == "└")
        inside = seen.levels[2 : 2 * bottom, left + 1 : left + 21]
        assert (inside == NO_DATA).any() == (at == (0, 0))


def test_where_there_is_room_it_stands_beside_the_image_and_hides_nothing() -> None:
    look = image(starry((20, 10)), limits=(0.0, 100.0))
    frame = draw_image(look, 60, 21)
    seen = with_loupe(frame, look, (20, 10), "linear", room=110)
    assert np.array_equal(seen.levels[:, :60], frame.levels) and seen.signs[0][:61].strip() == ""
    assert seen.signs[0][61] == "┌" and len(seen.signs[0]) == seen.levels.shape[1] == 60 + 1 + 42
    assert seen.pixel_at(70, 5) is None, "a click beside the image is on no pixel"
    assert with_loupe(frame, look, (20, 10), "linear", room=80).levels.shape == frame.levels.shape


def test_large_pixels_and_small_drawings_have_none() -> None:
    pixels = image(np.arange(121.0).reshape(11, 11))
    assert not may_magnify(draw_image(pixels, 80, 24))
    look = image(starry((5, 5)))
    small = draw_image(look, 20, 8)
    assert not may_magnify(small) and with_loupe(small, look, (5, 5), "asinh") is small


def test_its_frame_is_ascii_where_all_is() -> None:
    look = image(starry((20, 10)), limits=(0.0, 100.0))
    lines = ramp_lines(with_loupe(draw_image(look, 60, 21), look, (20, 10), "linear"), True)
    assert all(line.isascii() for line in lines) and lines[0].rstrip().endswith("+")
