"""A light curve or a spectrum as lines of text with named spans: braille (or ASCII) inside a plotext frame.

Used by `report` for the command line and by the app's plot widget, which colours the spans. Redrawing costs the frame
and one pass over the visible points; the cursor is laid over a drawn plot without either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from mast_tui.core.look import Series
from mast_tui.plot import raster
from mast_tui.plot.frames import Canvas, Frame, draw_frame, field_width, in_ascii, plotext_canvas
from mast_tui.plot.labels import Ticks, axis_label, nice_ticks, to_ascii
from mast_tui.plot.limits import robust_limits, with_margin

Range: TypeAlias = tuple[float, float]
StyleName: TypeAlias = Literal["label", "frame", "data", "mark", "cursor"]
#: Julian dates and such are written out on the x axis.
_X_WRITTEN_OUT = (-2, 7)


@dataclass(frozen=True)
class Span:
    """Cells `start` to `end` of a line, and what they show."""

    start: int
    end: int
    style: StyleName


@dataclass(frozen=True)
class PlotFrame:
    """A drawn plot. `lines` have one width; `spans` has a tuple of spans a line; the field is as in `frames.Frame`.

    `x_range` and `y_range` are the data at the field's edges, `n_clipped` the points above or below it.
    """

    lines: tuple[str, ...]
    spans: tuple[tuple[Span, ...], ...]
    left: int
    top: int
    columns: int
    rows: int
    x_range: Range
    y_range: Range
    n_clipped: int
    ascii_only: bool

    def column_of(self, x: float) -> int | None:
        """The line column that shows `x`, or None when it is out of sight."""
        low, high = self.x_range
        if not low <= x <= high:
            return None
        return self.left + min(self.columns - 1, int((x - low) / (high - low) * self.columns))

    def x_at(self, column: int) -> float:
        """The x in the middle of a line column, which may lie outside of the field."""
        low, high = self.x_range
        return low + (column - self.left + 0.5) * (high - low) / self.columns

    def with_cursor(self, x: float | None) -> PlotFrame:
        """The same plot with a vertical line at `x`, where it is in sight."""
        column = None if x is None else self.column_of(x)
        if column is None:
            return self
        lines, spans = list(self.lines), list(self.spans)
        for k in range(self.top, self.top + self.rows):
            line = lines[k]
            if line[column] == " ":
                lines[k] = line[:column] + (":" if self.ascii_only else "┊") + line[column + 1 :]
            spans[k] = _cut_in(spans[k], Span(column, column + 1, "cursor"))
        return replace(self, lines=tuple(lines), spans=tuple(spans))


def full_range(series: Series) -> Range:
    """All of x, with a little room where the points do not fill it."""
    if series.x.size == 0:
        return 0.0, 1.0
    low, high = float(series.x.min()), float(series.x.max())
    return (low, high) if high > low else with_margin(low, high)


def draw_series(
    series: Series,
    columns: int,
    rows: int,
    *,
    x_range: Range | None = None,
    y_range: Range | None = None,
    ascii_only: bool = False,
    cursor: float | None = None,
    canvas: Canvas | None = None,
) -> PlotFrame:
    """The series on `columns` by `rows` cells; ranges in data units, chosen robustly where they are None.

    `canvas` draws the frame; by default plotext's own.
    """
    x_range = _sound(x_range) or full_range(series)
    sign = -1.0 if series.y_axis.upside_down else 1.0
    y_range = _sound(y_range) or visible_limits(series, x_range)
    low, high = sorted((sign * y_range[0], sign * y_range[1]))
    y_ticks = nice_ticks(min(y_range), max(y_range), max(2, (rows - 5) // 3))
    x_ticks = _x_ticks(x_range, field_width(columns, y_ticks))
    frame = draw_frame(
        canvas or plotext_canvas(),
        columns,
        rows,
        x_range,
        (low, high),
        x_ticks,
        replace(y_ticks, positions=tuple(sign * p for p in y_ticks.positions)),
        _words(axis_label(series.x_axis.label, series.x_axis.unit, x_ticks.exponent), ascii_only),
        _words(axis_label(series.y_axis.label, series.y_axis.unit, y_ticks.exponent), ascii_only),
    )
    if frame is None:
        return _too_small(columns, rows, x_range, y_range, ascii_only)
    field, n_clipped = _field(series, frame, x_range, (low, high), sign, ascii_only)
    return _pasted(frame, field, x_range, y_range, n_clipped, ascii_only).with_cursor(cursor)


def visible_limits(series: Series, x_range: Range) -> Range:
    """Robust y limits of the points within `x_range`, or of all when none is there."""
    seen = (series.x >= x_range[0]) & (series.x <= x_range[1])
    if not seen.any():
        seen = np.ones(series.x.size, bool)
    return robust_limits(series.x[seen], series.y[seen], series.ignore_for_limits)


def _field(
    series: Series, frame: Frame, x_range: Range, y_range: Range, sign: float, ascii_only: bool
) -> tuple[list[str], int]:
    """The cells inside the frame, and how many points lie above or below; these are marked at the edge."""
    dot_columns, dot_rows = (1, 1) if ascii_only else (raster.DOT_COLUMNS, raster.DOT_ROWS)
    n_columns, n_rows = frame.columns * dot_columns, frame.rows * dot_rows
    dots = np.zeros((n_rows, n_columns), bool)
    y = sign * series.y if sign < 0 else series.y
    for piece in raster.ascending_pieces(series.x):
        begin, end = piece.start, piece.stop
        inside = series.starts[(series.starts >= begin) & (series.starts < end)] - begin
        low, high = raster.column_ranges(series.x[piece], y[piece], inside, *x_range, n_columns)
        dots |= raster.line_dots(low, high, *y_range, n_rows)
    cells = raster.ascii_cells(dots) if ascii_only else raster.braille(dots)
    n_clipped = 0
    for beyond, row, sign_shown in ((y > y_range[1], 0, "^"), (y < y_range[0], frame.rows - 1, "v")):
        x = series.x[beyond & (series.x >= x_range[0]) & (series.x <= x_range[1])]
        n_clipped += x.size
        if x.size:
            at = np.minimum(
                ((x - x_range[0]) / (x_range[1] - x_range[0]) * frame.columns).astype(int), frame.columns - 1
            )
            line = list(cells[row])
            for column in np.unique(at):
                line[column] = sign_shown
            cells[row] = "".join(line)
    return cells, n_clipped


def _pasted(
    frame: Frame, field: list[str], x_range: Range, y_range: Range, n_clipped: int, ascii_only: bool
) -> PlotFrame:
    lines: list[str] = []
    spans: list[tuple[Span, ...]] = []
    right = frame.left + frame.columns
    for k, line in enumerate(frame.lines):
        row = k - frame.top
        if 0 <= row < frame.rows:
            line = line[: frame.left] + field[row] + line[right:]
            edge = frame.left - 1
            spans.append(
                (
                    Span(0, edge, "label"),
                    Span(edge, frame.left, "frame"),
                    *_data_spans(field[row], frame.left, row in (0, frame.rows - 1)),
                    Span(right, len(line), "frame"),
                )
            )
        else:
            border = row in (-1, frame.rows)
            spans.append((Span(0, len(line), "frame" if border else "label"),))
        lines.append(in_ascii(line) if ascii_only else line)
    return PlotFrame(
        tuple(lines),
        tuple(spans),
        frame.left,
        frame.top,
        frame.columns,
        frame.rows,
        x_range,
        y_range,
        n_clipped,
        ascii_only,
    )


def _data_spans(cells: str, left: int, marks: bool) -> list[Span]:
    """The spans of one row of the field: clip marks stand out from data."""
    if not marks or not ("^" in cells or "v" in cells):
        return [Span(left, left + len(cells), "data")]
    spans: list[Span] = []
    start = 0
    for k in range(1, len(cells) + 1):
        if k == len(cells) or (cells[k] in "^v") != (cells[start] in "^v"):
            spans.append(Span(left + start, left + k, "mark" if cells[start] in "^v" else "data"))
            start = k
    return spans


def _cut_in(spans: tuple[Span, ...], new: Span) -> tuple[Span, ...]:
    """`spans` with `new` in place of the cells it covers."""
    out: list[Span] = []
    for span in spans:
        if span.end <= new.start or span.start >= new.end:
            out.append(span)
            continue
        if span.start < new.start:
            out.append(Span(span.start, new.start, span.style))
        if span.end > new.end:
            out.append(Span(new.end, span.end, span.style))
    return tuple(sorted((*out, new), key=lambda span: span.start))


def _x_ticks(x_range: Range, columns: int) -> Ticks:
    """As many ticks as fit side by side; their width depends on their number."""
    for at_most in (max(2, columns // 10), max(2, columns // 14), max(2, columns // 20), 2, 1):
        ticks = nice_ticks(*x_range, at_most, _X_WRITTEN_OUT)
        widest = max((len(label) for label in ticks.labels), default=0)
        if len(ticks.labels) * (widest + 3) <= columns:
            return ticks
    return Ticks((), (), 0)


def _sound(limits: Range | None) -> Range | None:
    if limits is None or not (np.isfinite(limits[0]) and np.isfinite(limits[1]) and limits[0] < limits[1]):
        return None
    return limits


def _words(text: str, ascii_only: bool) -> str:
    return to_ascii(text) if ascii_only else text


def _too_small(columns: int, rows: int, x_range: Range, y_range: Range, ascii_only: bool) -> PlotFrame:
    words = "too small for a plot"[: max(0, columns)]
    lines = [words.ljust(columns), *(" " * columns for _ in range(rows - 1))][: max(1, rows)]
    spans: list[tuple[Span, ...]] = [(Span(0, len(line), "label"),) for line in lines]
    return PlotFrame(tuple(lines), tuple(spans), 0, 0, max(1, columns), 0, x_range, y_range, 0, ascii_only)
