"""Lines as dots: the M4 idea (Jugel et al., PVLDB 7, 797, 2014) on numpy arrays, and dots as braille or ASCII.

Every dot column gets the range that the line covers in it, from the points inside and the line's values at the column's
two edges; so the picture of a million points equals that of drawing each segment, and no extreme is lost.
Used by `series`.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

#: Braille dots by (row, column) within a cell (Unicode 16, chapter 21.1).
_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], dtype=np.uint32)
DOT_ROWS, DOT_COLUMNS = 4, 2
#: Points are worked on so many at a time: what is made on the way stays in the processor's cache, and no memory is
#: asked for that the system has to clear first, which for a million points takes longer than the arithmetic.
BLOCK = 1 << 15


def column_ranges(
    x: FloatArray, y: FloatArray, starts: IndexArray, x_low: float, x_high: float, n_columns: int
) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest value of the line in each of `n_columns` dot columns; NaN where it does not pass.

    `x` ascends; the line is broken before each index in `starts`.
    """
    low = np.full(n_columns, np.nan)
    high = np.full(n_columns, np.nan)
    if x.size == 0:
        return low, high
    edges = np.linspace(x_low, x_high, n_columns + 1)
    first = np.searchsorted(x, edges, side="left")
    first[-1] = np.searchsorted(x, x_high, side="right")
    filled = np.flatnonzero(np.diff(first))
    if filled.size:
        begin, end = first[filled[0]], first[filled[-1] + 1]
        at = first[filled] - begin
        low[filled] = np.minimum.reduceat(y[begin:end], at)
        high[filled] = np.maximum.reduceat(y[begin:end], at)
    crossing = _at_edges(x, y, starts, edges, first)
    for side in (crossing[:-1], crossing[1:]):
        low, high = np.fmin(low, side), np.fmax(high, side)
    return low, high


def _at_edges(x: FloatArray, y: FloatArray, starts: IndexArray, edges: FloatArray, after: IndexArray) -> FloatArray:
    """The line's value at each edge; NaN outside of the points and in gaps. `after`: index of the next point."""
    joined = np.ones(x.size + 1, bool)
    joined[starts] = False
    joined[[0, -1]] = False
    right = np.minimum(after, x.size - 1)
    left = np.maximum(after - 1, 0)
    step = x[right] - x[left]
    share = np.divide(edges - x[left], step, out=np.zeros_like(edges), where=step > 0)
    return np.where(joined[after], y[left] + (y[right] - y[left]) * share, np.nan)


def line_dots(low: FloatArray, high: FloatArray, y_low: float, y_high: float, n_rows: int) -> BoolArray:
    """The dots (n_rows, n_columns), top row first, of ranges as `column_ranges` gives them."""
    n_columns = low.size
    seen = np.flatnonzero((high >= y_low) & (low <= y_high))
    scale = n_rows / (y_high - y_low)
    # cut to the window first: an error bar may be as long as numbers go
    top = np.floor((y_high - np.minimum(high[seen], y_high)) * scale).astype(np.int64).clip(0, n_rows - 1)
    bottom = np.floor((y_high - np.maximum(low[seen], y_low)) * scale).astype(np.int64).clip(0, n_rows - 1)
    change = np.zeros((n_rows + 1, n_columns), np.int32)
    change[top, seen] += 1
    change[bottom + 1, seen] -= 1
    return np.asarray(np.cumsum(change, axis=0)[:n_rows] > 0)


def ascending_pieces(x: FloatArray) -> list[slice]:
    """The stretches of `x` that never decrease; detector segments may overlap, so that x starts anew."""
    cuts = [0, *(np.flatnonzero(x[1:] < x[:-1]) + 1).tolist(), x.size]
    return [slice(a, b) for a, b in pairwise(cuts) if b > a]


def braille_codes(dots: BoolArray) -> npt.NDArray[np.uint32]:
    """Dots (4 · rows, 2 · columns) as code points (rows, columns); a blank where a cell has no dot."""
    rows, columns = dots.shape[0] // DOT_ROWS, dots.shape[1] // DOT_COLUMNS
    cells = dots.reshape(rows, DOT_ROWS, columns, DOT_COLUMNS)
    codes = (cells * _BITS[None, :, None, :]).sum(axis=(1, 3), dtype=np.uint32)
    return np.where(codes, codes + np.uint32(0x2800), np.uint32(0x20))


def ascii_codes(dots: BoolArray) -> npt.NDArray[np.uint32]:
    """Dots (rows, columns) as code points: '|' inside of a tall stroke, '*' elsewhere."""
    above = np.vstack((np.zeros((1, dots.shape[1]), bool), dots[:-1]))
    below = np.vstack((dots[1:], np.zeros((1, dots.shape[1]), bool)))
    return np.where(dots & above & below, ord("|"), np.where(dots, ord("*"), ord(" "))).astype(np.uint32)


def point_counts(
    x: FloatArray, y: FloatArray, x_range: tuple[float, float], y_range: tuple[float, float], shape: tuple[int, int]
) -> IndexArray:
    """How many points lie on each dot (rows, columns), top row first. `x` ascends."""
    n_rows, n_columns = shape
    first = np.searchsorted(x, np.linspace(*x_range, n_columns + 1), side="left")
    first[-1] = np.searchsorted(x, x_range[1], side="right")
    counts = np.zeros(n_rows * n_columns, np.int64)
    columns, scale = np.arange(n_columns), n_rows / (y_range[1] - y_range[0])
    for begin in range(int(first[0]), int(first[-1]), BLOCK):
        end = min(begin + BLOCK, int(first[-1]))
        bounds = first.clip(begin, end)
        column = np.repeat(columns, bounds[1:] - bounds[:-1])
        row = (y_range[1] - y[begin:end]) * scale
        inside = (row >= 0) & (row <= n_rows)
        if not inside.all():
            row, column = row[inside], column[inside]
        at = np.minimum(row.astype(np.int64), n_rows - 1) * n_columns + column
        counts += np.bincount(at, minlength=counts.size)
    return counts.reshape(shape)
