"""Whatever the numbers and whatever the terminal: a plot is drawn, and every line has exactly its width."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mast_tui.core.look import Axis, Extent, ImageLook, PictureLook, Series
from mast_tui.plot import Mark, draw_image, draw_picture, draw_series, image_runs, overview
from mast_tui.plot.image_text import ramp_lines
from tests.plot.made_series import image, series

WILD = st.one_of(
    st.floats(width=64),
    st.sampled_from([0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, -5e-324, 1e-308, 1e308, -1e308, 1.7e308, 1e154]),
    st.floats(-1, 1),
    st.integers(-3, 3).map(float),
)


@st.composite
def wild_series(draw: st.DrawFn) -> Series:
    n = draw(st.integers(0, 40))
    x = draw(st.lists(WILD, min_size=n, max_size=n))
    y = draw(st.lists(WILD, min_size=n, max_size=n))
    starts = tuple(sorted(set(draw(st.lists(st.integers(0, max(0, n - 1)), max_size=4))))) if n else ()
    error = draw(st.none() | st.lists(WILD, min_size=n, max_size=n))
    log = st.booleans()
    fields: dict[str, Any] = {
        "kind": draw(st.sampled_from(["lightcurve", "spectrum", "periodogram"])),
        "error": None if error is None else np.asarray(error, np.float64),
        "x_axis": Axis("X", draw(st.sampled_from(["Time", "Phase"])), "d", dates=draw(log), log=draw(log)),
        "y_axis": Axis("Y", "Flux", "e-/s", upside_down=draw(log), log=draw(log)),
    }
    return series(x, y, starts, **fields)


@settings(max_examples=250, deadline=None)
@given(
    one=wild_series(),
    other=wild_series(),
    columns=st.integers(1, 140),
    rows=st.integers(1, 40),
    layer=st.sampled_from(["auto", "line", "points", "density"]),
    ascii_only=st.booleans(),
    errors=st.booleans(),
    window=st.none() | st.tuples(WILD, WILD),
    mark=WILD,
)
@pytest.mark.filterwarnings("error")
def test_any_series_is_drawn_on_any_size(
    one: Series,
    other: Series,
    columns: int,
    rows: int,
    layer: Any,
    ascii_only: bool,
    errors: bool,
    window: tuple[float, float] | None,
    mark: float,
) -> None:
    frame = draw_series(
        one,
        columns,
        rows,
        x_range=window,
        y_range=window,
        ascii_only=ascii_only,
        cursor=mark,
        also=(other,),
        over=other,
        errors=errors,
        marks=(Mark(mark, "a mark"), Mark(0.5, "two", "join")),
        layer=layer,
    )
    assert len(frame.lines) == rows and {len(line) for line in frame.lines} == {columns}
    for spans in frame.spans:
        assert spans[0].start == 0 and spans[-1].end == columns and all(a.end == b.start for a, b in pairwise(spans))
    assert not ascii_only or all(line.isascii() for line in frame.lines)
    strip = overview(one, columns, window, ascii_only)
    assert {len(line) for line in strip.lines} == {columns} and len(strip.lines) == 3


@settings(max_examples=150, deadline=None)
@given(
    values=st.lists(WILD, min_size=1, max_size=40),
    nx=st.integers(1, 12),
    columns=st.integers(1, 100),
    rows=st.integers(1, 30),
    stretch=st.sampled_from(["asinh", "linear", "sqrt", "log"]),
    limits=st.sampled_from(["zscale", "percentile", "minmax"]),
    crosshair=st.none() | st.tuples(st.integers(-3, 30), st.integers(-3, 30)),
    with_extent=st.booleans(),
    ends=st.tuples(WILD, WILD),
)
@pytest.mark.filterwarnings("error")
def test_any_image_is_drawn_within_any_size(
    values: list[float],
    nx: int,
    columns: int,
    rows: int,
    stretch: Any,
    limits: Any,
    crosshair: tuple[int, int] | None,
    with_extent: bool,
    ends: tuple[float, float],
) -> None:
    with np.errstate(all="ignore"):
        pixels = np.resize(np.asarray(values).astype(np.float32), (max(1, len(values) // nx), nx))
    look = image(pixels, limits=(ends[0], ends[1]))
    if with_extent:
        axis = Axis("X", "Wavelength", "um")
        look = ImageLook(**(look.__dict__ | {"extent": Extent(axis, ends[0], ends[1], axis, ends[1], ends[0])}))
    aperture = np.isfinite(look.pixels)
    frame = draw_image(look, columns, rows, stretch=stretch, limits=limits, crosshair=crosshair, aperture=aperture)
    for ascii_only in (True, False):
        lines = ramp_lines(frame, ascii_only)
        assert len(lines) <= rows and len({len(line) for line in lines}) == 1 and len(lines[0]) <= columns
    for line, runs in zip(lines, image_runs(frame), strict=True):
        assert sum(len(run.text) for run in runs) == len(line)


@settings(max_examples=60, deadline=None)
@given(height=st.integers(1, 40), width=st.integers(1, 40), columns=st.integers(1, 60), rows=st.integers(1, 30))
def test_any_picture_is_drawn_within_any_size(height: int, width: int, columns: int, rows: int) -> None:
    pixels = np.random.default_rng(height).integers(0, 256, (height, width, 3)).astype(np.uint8)
    frame = draw_picture(PictureLook("p", "JPEG", (height, width), pixels), columns, rows)
    assert frame.levels.shape[0] % 2 == 0 and frame.levels.shape[0] <= 2 * rows and frame.levels.shape[1] <= columns
    assert frame.colours.shape[:2] == frame.codes.shape == frame.levels.shape
