"""The picture of a million points is that of all its segments: no extreme is lost, no gap is bridged."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from mast_tui.plot import raster

NONE = np.zeros(0, np.int64)


def dots(x: raster.FloatArray, y: raster.FloatArray, starts: list[int], columns: int, rows: int) -> raster.BoolArray:
    low, high = raster.column_ranges(x, y, np.array(starts, np.int64), float(x[0]), float(x[-1]), columns)
    return raster.line_dots(low, high, float(y.min()), float(y.max()), rows)


def written(codes: npt.NDArray[np.uint32]) -> list[str]:
    return ["".join(map(chr, row)) for row in codes]


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(2, 4000),
    columns=st.integers(4, 240),
    rows=st.integers(4, 120),
    seed=st.integers(0, 10_000),
    n_gaps=st.integers(0, 5),
)
def test_every_point_is_in_a_dot_of_its_column(n: int, columns: int, rows: int, seed: int, n_gaps: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.sort(rng.uniform(0, 100, n))
    y = rng.normal(0, 1, n)
    starts = sorted({0, *rng.integers(0, n, n_gaps).tolist()})
    picture = dots(x, y, starts, columns, rows)
    column = np.clip(np.searchsorted(np.linspace(x[0], x[-1], columns + 1), x, side="right") - 1, 0, columns - 1)
    row = np.clip(((y.max() - y) / (y.max() - y.min()) * rows).astype(int), 0, rows - 1)
    assert picture[row, column].all()


@settings(max_examples=60, deadline=None)
@given(n=st.integers(2, 300), columns=st.integers(4, 100), seed=st.integers(0, 10_000))
def test_no_dot_lies_outside_of_what_the_line_covers(n: int, columns: int, seed: int) -> None:
    """Against a slow drawing: the line followed in steps far finer than a dot."""
    rng = np.random.default_rng(seed)
    x, y = np.sort(rng.uniform(0, 10, n)), rng.normal(0, 1, n)
    low, high = raster.column_ranges(x, y, np.array([0]), float(x[0]), float(x[-1]), columns)
    edges = np.linspace(x[0], x[-1], columns + 1)
    for k in range(columns):
        inside = y[(x >= edges[k]) & (x <= edges[k + 1])]
        covered = np.concatenate((inside, np.interp(np.linspace(edges[k], edges[k + 1], 50), x, y)))
        assert covered.min() - 1e-9 <= low[k] and high[k] <= covered.max() + 1e-9


def test_one_deep_point_among_a_million_is_drawn() -> None:
    y = np.random.default_rng(1).normal(0, 1, 1_000_000)
    y[370_000] = -50
    picture = dots(np.arange(1_000_000.0), y, [0], 200, 100)
    assert np.flatnonzero(picture[-1]).tolist() == [74]


def test_a_gap_is_not_bridged_and_a_missing_cadence_is() -> None:
    x = np.r_[np.arange(0, 10.0), np.arange(40.0, 50.0)]
    assert not dots(x, np.sin(x), [0, 10], 100, 20)[:, 20:80].any()
    assert dots(x, np.sin(x), [0], 100, 20).any(axis=0).all()


def test_a_line_through_the_window_is_drawn_although_no_point_is_inside() -> None:
    low, high = raster.column_ranges(np.array([0.0, 10.0]), np.array([0.0, 10.0]), np.array([0]), 4.0, 6.0, 4)
    assert np.allclose(low, [4, 4.5, 5, 5.5]) and np.allclose(high, [4.5, 5, 5.5, 6])


def test_a_single_point_is_a_single_dot() -> None:
    low, high = raster.column_ranges(np.array([5.0]), np.array([1.0]), np.array([0]), 0.0, 10.0, 10)
    assert raster.line_dots(low, high, 0.0, 2.0, 8).sum() == 1


def test_no_points_are_no_dots() -> None:
    low, high = raster.column_ranges(np.empty(0), np.empty(0), NONE, 0.0, 1.0, 10)
    assert raster.line_dots(low, high, 0.0, 1.0, 8).sum() == 0


def test_braille_cells_hold_two_by_four_dots() -> None:
    picture = np.zeros((8, 4), bool)
    picture[0, 0] = picture[7, 3] = picture[3, 1] = True
    assert written(raster.braille_codes(picture)) == ["⢁ ", " ⢀"]
    assert written(raster.braille_codes(np.ones((4, 2), bool))) == ["⣿"]


def test_ascii_cells_show_strokes_and_points() -> None:
    picture = np.array([[1, 0], [1, 0], [1, 1]], bool)
    assert written(raster.ascii_codes(picture)) == ["* ", "| ", "**"]


def test_segments_that_overlap_are_found() -> None:
    pieces = raster.ascending_pieces(np.array([1.0, 2, 3, 2.5, 4, 1]))
    assert [(p.start, p.stop) for p in pieces] == [(0, 3), (3, 5), (5, 6)]


def test_points_are_counted_where_they_lie() -> None:
    x, y = np.array([0.0, 0.4, 0.6, 5.0, 9.9, 10.0, 11.0]), np.array([0.0, 0.0, 9.9, 5.0, 10.0, 0.0, 5.0])
    counts = raster.point_counts(x, y, (0.0, 10.0), (0.0, 10.0), (2, 2))
    assert counts.tolist() == [[1, 1], [2, 2]]
