"""The layers of a plot, from the bottom up: errors, points or line, running mean, other series, lines over them.

Each draws into `Cells`, all in places of the axes (`scales`). Used by `series` and `overview`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from mast_tui.core.look import Series
from mast_tui.plot import raster
from mast_tui.plot.cells import STYLES, Cells
from mast_tui.plot.plot_frame import StyleName
from mast_tui.plot.points import Points, points_of, stepped
from mast_tui.plot.scales import Range, Scale

Layer: TypeAlias = Literal["line", "points", "density"]
BoolArray = npt.NDArray[np.bool_]

#: A light curve of more points than this is drawn by their density, where several share a column of dots.
_MANY, _FEW_A_COLUMN = 3_000, 4
#: From so many points a column of dots on the running mean is drawn too: single points no longer show a short dip.
_CROWDED = 50
#: Points a column up to which each may have its own error bar.
_ERROR_BARS = 3
#: A spectrum of fewer points than a share of the dot columns is drawn in steps.
_STEPS = 0.25
N_DENSITIES = 7
#: The share of crowded dots that is drawn, as a chequered pattern: full strokes are left to the lines over them, which
#: can so be told from the points without colour.
_CHEQUERED = 4
DENSITY_SIGNS = ".:-=+*#"
#: Signs that tell other series from the first, on their lines and in the legend.
OTHER_SIGNS, OTHER_SIGNS_ASCII = "×○△", "xo^"
OTHER_STYLES: tuple[StyleName, ...] = ("data1", "data2", "data3")


@dataclass(frozen=True)
class View:
    """What is in sight, in places of the two axes."""

    x_window: Range
    y_window: Range
    x_scale: Scale
    y_scale: Scale

    def points(self, series: Series) -> Points:
        return points_of(series, self.x_scale, self.y_scale)


def layer_for(series: Series, points: Points, view: View, cells: Cells) -> Layer:
    """A line for spectra, and for light curves of which each point can be seen; else points or their density.

    Neighbours in a folded light curve are not neighbours in time: no line joins them.
    """
    n = points.seen(view.x_window)
    if series.kind != "lightcurve":
        return "line"
    if n > _MANY and n > _FEW_A_COLUMN * cells.dot_columns:
        return "density"
    return "points" if series.x_axis.label.startswith("Phase") else "line"


def draw_line(
    cells: Cells, points: Points, view: View, style: StyleName, *, steps: bool = False, sign: str = ""
) -> None:
    """The line as the range it covers in every column of dots; stretches that overlap in x stay apart."""
    few = steps and points.seen(view.x_window) < _STEPS * cells.dot_columns
    dots = np.zeros((cells.dot_rows, cells.dot_columns), bool)
    for piece in points.within(view.x_window):
        near = stepped(piece) if few else piece
        low, high = raster.column_ranges(near.x, near.y, near.starts, *view.x_window, cells.dot_columns)
        dots |= raster.line_dots(low, high, *view.y_window, cells.dot_rows)
    cells.dots(dots, style, sign)


def counts_of(cells: Cells, points: Points, view: View) -> npt.NDArray[np.int64]:
    shape = (cells.dot_rows, cells.dot_columns)
    counts = np.zeros(shape, np.int64)
    for piece in points.within(view.x_window):
        counts += raster.point_counts(piece.x, piece.y, view.x_window, view.y_window, shape)
    return counts


def draw_points(cells: Cells, points: Points, view: View, style: StyleName, sign: str = "") -> None:
    cells.dots(counts_of(cells, points, view) > 0, style, sign or "*")


def draw_density(cells: Cells, points: Points, view: View) -> None:
    """Points, brighter where more of them share a cell; from `_CROWDED` points a column with their running mean."""
    counts = counts_of(cells, points, view)
    dot_rows, dot_columns = cells.dot_rows // cells.rows, cells.dot_columns // cells.columns
    a_cell = counts.reshape(cells.rows, dot_rows, cells.columns, dot_columns).sum(axis=(1, 3))
    levels = _settled(_levels(a_cell))
    if cells.ascii_only:
        signs = np.frombuffer(DENSITY_SIGNS.encode("ascii"), np.uint8).astype(np.uint32)
        codes = np.where(a_cell > 0, signs[levels], np.uint32(ord(" ")))
    else:
        codes = cells.codes(_thinned(counts > 0, cells))
    cells.levels(codes, levels + STYLES.index("density0"))
    if _crowded(cells, points, view):
        draw_line(cells, points.running, view, "over", sign="@")


def _crowded(cells: Cells, points: Points, view: View) -> bool:
    return points.seen(view.x_window) > _CROWDED * cells.dot_columns


def _levels(a_cell: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """0 to 6 by the logarithm of the count: equal steps between one point and the 99th percentile of filled cells."""
    filled = a_cell[a_cell > 0]
    if filled.size == 0:
        return np.zeros_like(a_cell)
    most = max(2.0, float(np.percentile(filled, 99)))
    share = np.log(np.maximum(a_cell, 1)) / np.log(most)
    return np.asarray(np.minimum((share * N_DENSITIES).astype(np.int64), N_DENSITIES - 1))


def _settled(levels: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The levels, where a cell between two equal ones that is a single step off takes theirs.

    A step is noise there, and every change of colour costs a terminal some 50 bytes.
    """
    settled = levels.copy()
    for first in (1, 2):  # neighbours never at once, or a chequered row would change places with itself for ever
        middle, left, right = settled[:, first:-1:2], settled[:, first - 1 : -2 : 2], settled[:, first + 1 :: 2]
        middle[...] = np.where((left == right) & (abs(middle - left) == 1), left, middle)
    return settled


def _thinned(dots: BoolArray, cells: Cells) -> BoolArray:
    """At most half of the dots of a cell, where there are more as a chequered pattern."""
    rows, columns = cells.rows, cells.columns
    full = dots.reshape(rows, raster.DOT_ROWS, columns, raster.DOT_COLUMNS).sum(axis=(1, 3)) > _CHEQUERED
    crowded = np.repeat(np.repeat(full, raster.DOT_ROWS, axis=0), raster.DOT_COLUMNS, axis=1)
    chequered = (np.arange(dots.shape[0])[:, None] + np.arange(dots.shape[1])) % 2 == 0
    return np.where(crowded, chequered, dots)


def single_errors(cells: Cells, points: Points, view: View) -> bool:
    """Whether each point has an error bar of its own; these go under the points, the errors of means over them."""
    return points.seen(view.x_window) < _ERROR_BARS * cells.dot_columns


def draw_errors(cells: Cells, points: Points, view: View) -> None:
    """Error bars, each of its own where there is room, else the standard error of the mean of every column."""
    low, high = np.full(cells.dot_columns, np.nan), np.full(cells.dot_columns, np.nan)
    single = single_errors(cells, points, view)
    for piece in points.within(view.x_window):
        if piece.error is None:
            return
        at = np.searchsorted(np.linspace(*view.x_window, cells.dot_columns + 1), piece.x, side="right") - 1
        at[piece.x == view.x_window[1]] = cells.dot_columns - 1
        kept = (at >= 0) & (at < cells.dot_columns) & np.isfinite(piece.error)
        at, y, error = at[kept], piece.y[kept], piece.error[kept]
        with np.errstate(all="ignore"):
            if not single:
                n = np.bincount(at, minlength=cells.dot_columns)
                mean = np.bincount(at, y, cells.dot_columns) / n
                error = np.sqrt(np.bincount(at, error**2, cells.dot_columns)) / n
                at, y, error = np.arange(cells.dot_columns), mean, error
            np.fmin.at(low, at, y - error)
            np.fmax.at(high, at, y + error)
    dots = raster.line_dots(low, high, *view.y_window, cells.dot_rows)
    if single and not cells.ascii_only:
        dots[1::2] = False  # dim: every second dot, so that the band is told from the line without colour
    cells.dots(dots, "error", "'")


def draw_other(cells: Cells, points: Points, view: View, index: int, layer: Layer) -> None:
    """Another series over the first, with its sign on it every few columns.

    Of a crowded one the running mean is drawn and not the points, which would hide the series under them.
    """
    style = OTHER_STYLES[index % len(OTHER_STYLES)]
    sign = other_sign(index, cells.ascii_only)
    if layer == "density" and _crowded(cells, points, view):
        points, layer = points.running, "line"
    if layer == "line":
        draw_line(cells, points, view, style, sign=sign)
    else:
        draw_points(cells, points, view, style, sign)
    bottom, top = view.y_window
    for piece in points.within(view.x_window):
        low, high = raster.column_ranges(piece.x, piece.y, piece.starts, *view.x_window, cells.columns)
        middle = (low + high) / 2
        for column in range(2 + 3 * (index % 3), cells.columns, 12):
            if bottom <= middle[column] <= top:
                row = min(cells.rows - 1, int((top - middle[column]) / (top - bottom) * cells.rows))
                cells.sign(row, column, sign, style)


def other_sign(index: int, ascii_only: bool) -> str:
    signs = OTHER_SIGNS_ASCII if ascii_only else OTHER_SIGNS
    return signs[index % len(signs)]


def draw_clipped(cells: Cells, points: Points, view: View) -> int:
    """Marks at the edge where points lie above or below; returns how many do."""
    n_clipped = 0
    (left, right), (bottom, top) = view.x_window, view.y_window
    for piece in points.within(view.x_window):
        for beyond, row, sign in ((piece.y > top, 0, "^"), (piece.y < bottom, cells.rows - 1, "v")):
            if not beyond.any():
                continue
            x = piece.x[beyond]
            x = x[(x >= left) & (x <= right)]
            n_clipped += x.size
            at = np.minimum((x - left) / (right - left) * cells.columns, cells.columns - 1).astype(int)
            for column in np.unique(at).tolist():
                cells.sign(row, column, sign, "mark")
    return n_clipped
