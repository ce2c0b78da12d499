"""A light curve, a spectrum or a periodogram as lines of text with named spans, inside a plotext frame.

Used by `report` for the command line and by the app's plot widget, which colours the spans. Redrawing costs the frame
and some passes over the visible points; the cursor is laid over a drawn plot without either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from mast_tui.core.look import Series
from mast_tui.plot import layers
from mast_tui.plot.cells import Cells
from mast_tui.plot.frames import Canvas, Frame, draw_frame, field_width, plotext_canvas
from mast_tui.plot.kept import kept
from mast_tui.plot.labels import axis_label, box_in_ascii, number, to_ascii
from mast_tui.plot.limits import robust_limits, with_margin
from mast_tui.plot.plot_frame import Mark, PlotFrame, Span, StyleName
from mast_tui.plot.raster import ascending_pieces
from mast_tui.plot.scales import LARGEST, Range, Scale, cells_of, drawable, scale_of, sound_range, x_ticks, y_ticks

_MARK_SIGNS = {"line": ("│", "!"), "join": ("┊", ":"), "period": ("│", "!")}
_MARK_STYLES: dict[str, StyleName] = {"line": "line", "join": "frame", "period": "mark"}


@kept
def full_range(series: Series) -> Range:
    """All of x that can be drawn, with a little room where the points do not fill it."""
    usable = series.x if drawable(series.x) else series.x[np.abs(series.x) <= LARGEST]
    if series.x_axis.log:
        usable = usable[usable > 0]
    if usable.size == 0:
        return (1.0, 10.0) if series.x_axis.log else (0.0, 1.0)
    low, high = float(usable.min()), float(usable.max())
    if high > low:
        return low, high
    return (low / 1.1, low * 1.1) if series.x_axis.log else with_margin(low, high)


def visible_limits(series: Series, x_range: Range) -> Range:
    """Robust y limits of the points within `x_range`, or of all when none is there."""
    x, y = series.x, series.y
    seen = [part for part in in_sight(series, x_range) if not series.y_axis.log or (y[part] > 0).any()]
    if seen:
        y = y[seen[0]] if len(seen) == 1 else np.concatenate([y[part] for part in seen])
        x = x[seen[0]] if len(seen) == 1 else np.concatenate([x[part] for part in seen])
    if not series.y_axis.log:
        return robust_limits(x, y, series.ignore_for_limits)
    y = y[(y > 0) & (y <= LARGEST)]
    low, high = robust_limits(x[: y.size], np.log10(y)) if y.size else (0.0, 1.0)
    scale = Scale(log=True)
    return scale.value(low), scale.value(high)


def in_sight(series: Series, x_range: Range) -> list[slice]:
    """The stretches of points within the range, x ascending in each and none of them empty."""
    found = []
    for piece in _pieces(series):
        x = series.x[piece]
        first, last = np.searchsorted(x, x_range[0], side="left"), np.searchsorted(x, x_range[1], side="right")
        if last > first:
            found.append(slice(piece.start + int(first), piece.start + int(last)))
    return found


@kept
def _pieces(series: Series) -> list[slice]:
    return ascending_pieces(series.x)


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
    also: Sequence[Series] = (),
    over: Series | None = None,
    errors: bool = False,
    marks: Sequence[Mark] = (),
    layer: Literal["auto", "line", "points", "density"] = "auto",
) -> PlotFrame:
    """The series on `columns` by `rows` cells; ranges in data units, chosen robustly where they are None.

    `also` are drawn on the same axes, told apart by a sign of their own; `over` is a line on top (binned, a trend);
    `errors` shows the error as a band; `marks` are places on the x axis. `layer` "auto" is a line for spectra and
    short light curves, and for more points the density of points with their running mean (see `layers`).
    `canvas` draws the frame; by default plotext's own.
    """
    columns, rows = max(1, columns), max(1, rows)
    x_scale, y_scale = scale_of(series.x_axis, x=True), scale_of(series.y_axis, x=False)
    drawn = (series, *also)
    x_range = _asked(x_range) or _union([full_range(item) for item in drawn if item.x.size])
    x_range = sound_range(x_range, x_scale.log)
    y_range = _asked(y_range) or _union([visible_limits(item, x_range) for item in drawn])
    y_range = sound_range(y_range, y_scale.log)
    view = layers.View(x_scale.window(x_range), y_scale.window(y_range), x_scale, y_scale)
    if series.x.size and view.points(series).x.size == 0:
        return _words_only(f"no positive {_what_is_not(series)} for a logarithmic axis", columns, rows, ascii_only)

    if series.kind == "periodogram" and series.x.size and not any(mark.kind == "period" for mark in marks):
        marks = (*marks, _peak(series))
    seen_marks = [mark for mark in marks if x_range[0] <= mark.x <= x_range[1]]
    marked = any(mark.words for mark in seen_marks)
    ticks = y_ticks(series.y_axis, y_range, max(2, (rows - 5 - marked) // 3))
    y_labels = [_words(label, ascii_only) for label in ticks.labels]
    x_shown, day = x_ticks(series.x_axis, x_range, field_width(columns, y_labels))
    n_columns, n_rows = field_width(columns, y_labels), rows - 5 - marked
    frame = None
    if n_columns >= 8 and n_rows >= 2:
        x_label = axis_label(series.x_axis.label, "" if series.x_axis.dates else series.x_axis.unit, x_shown.exponent)
        frame = draw_frame(
            canvas or plotext_canvas(),
            columns,
            rows - marked,
            list(
                zip(
                    cells_of(x_scale, view.x_window, n_columns, x_shown.positions),
                    [_words(label, ascii_only) for label in x_shown.labels],
                    strict=True,
                )
            ),
            list(zip(cells_of(y_scale, view.y_window, n_rows, ticks.positions), y_labels, strict=True)),
            _words(f"{x_label} · {day}" if day else x_label, ascii_only),
            _title(series, ticks.exponent, also, columns, ascii_only),
        )
    if frame is None:
        return _words_only("too small for a plot", columns, rows, ascii_only, x_range, y_range)
    cells = Cells(frame.columns, frame.rows, ascii_only)
    chosen, n_clipped = _fill(cells, series, view, also, over, errors, layer)
    for mark in seen_marks:
        column = cells_of(x_scale, view.x_window, frame.columns, (mark.x,))[0]
        cells.column(column, _MARK_SIGNS[mark.kind][ascii_only], _MARK_STYLES[mark.kind])
    plot = _pasted(frame, cells, ascii_only, x_range, y_range, n_clipped, x_scale, y_scale, chosen)
    if marked:
        plot = _with_words(plot, seen_marks, columns)
    return plot.with_cursor(cursor)


def _fill(
    cells: Cells,
    series: Series,
    view: layers.View,
    also: Sequence[Series],
    over: Series | None,
    errors: bool,
    layer: Literal["auto", "line", "points", "density"],
) -> tuple[layers.Layer, int]:
    points = view.points(series)
    chosen = layers.layer_for(series, points, view, cells) if layer == "auto" else layer
    below = chosen != "density" and layers.single_errors(cells, points, view)
    if errors and below:
        layers.draw_errors(cells, points, view)
    if chosen == "density":
        layers.draw_density(cells, points, view)
    elif chosen == "points":
        layers.draw_points(cells, points, view, "data")
    else:
        layers.draw_line(cells, points, view, "data", steps=series.kind == "spectrum")
    if errors and not below:
        layers.draw_errors(cells, points, view)
    for k, other in enumerate(also):
        others = view.points(other)
        layers.draw_other(cells, others, view, k, layers.layer_for(other, others, view, cells))
    if over is not None:
        layers.draw_line(cells, view.points(over), view, "over", sign="@")
    n_clipped = sum(layers.draw_clipped(cells, view.points(item), view) for item in (series, *also))
    return chosen, n_clipped


def _pasted(
    frame: Frame,
    cells: Cells,
    ascii_only: bool,
    x_range: Range,
    y_range: Range,
    n_clipped: int,
    x_scale: Scale,
    y_scale: Scale,
    layer: layers.Layer,
) -> PlotFrame:
    lines: list[str] = []
    spans: list[tuple[Span, ...]] = []
    right, edge = frame.left + frame.columns, frame.left - 1
    for k, line in enumerate(frame.lines):
        row = k - frame.top
        line = box_in_ascii(line) if ascii_only else line
        if 0 <= row < frame.rows:
            inside, data = cells.row(row, frame.left)
            line = line[: frame.left] + inside + line[right:]
            spans.append(
                (Span(0, edge, "label"), Span(edge, frame.left, "frame"), *data, Span(right, len(line), "frame"))
            )
        else:
            border = row in (-1, frame.rows)
            spans.append((Span(0, len(line), "frame" if border else "label"),))
        lines.append(line)
    field = (frame.left, frame.top, frame.columns, frame.rows)
    return PlotFrame(
        tuple(lines), tuple(spans), *field, x_range, y_range, n_clipped, ascii_only, x_scale, y_scale, layer
    )


def _with_words(plot: PlotFrame, marks: Sequence[Mark], columns: int) -> PlotFrame:
    """A row of the marks' words over the frame: as many as fit side by side, of strong marks first, from the left."""
    line = " " * columns
    named = [mark for mark in marks if mark.words]
    for mark in sorted(named, key=lambda mark: (not mark.strong, plot.column_of(mark.x) or 0, mark.words)):
        words = _words(mark.words, plot.ascii_only)
        start = max(0, min((plot.column_of(mark.x) or 0) - len(words) // 2, columns - len(words)))
        end = start + len(words)
        if end <= columns and line[max(0, start - 1) : end + 1].isspace():
            line = line[:start] + words + line[end:]
    return replace(
        plot,
        lines=(plot.lines[0], line, *plot.lines[1:]),
        spans=(plot.spans[0], (Span(0, columns, "line"),), *plot.spans[1:]),
        top=plot.top + 1,
    )


def _title(series: Series, exponent: int, also: Sequence[Series], columns: int, ascii_only: bool) -> str:
    """The y label, and to its right what the signs of other series stand for."""
    label = axis_label(series.y_axis.label, series.y_axis.unit, exponent)
    if also:
        names = [f"{layers.other_sign(k, ascii_only)} {item.name}" for k, item in enumerate(also)]
        label = f"{label}   {series.name}   {'   '.join(names)}"
    return _words(label, ascii_only)[:columns]


def _peak(series: Series) -> Mark:
    at = int(np.nanargmax(np.where(np.isfinite(series.y), series.y, -np.inf)))
    unit = series.x_axis.unit
    return Mark(float(series.x[at]), f"{number(float(series.x[at]))} {unit}".strip(), "period")


def _what_is_not(series: Series) -> str:
    axis = series.x_axis if series.x_axis.log and not (series.x > 0).any() else series.y_axis
    return axis.label or axis.name or "value"


def _asked(limits: Range | None) -> Range | None:
    if limits is None or not (np.isfinite(limits[0]) and np.isfinite(limits[1]) and limits[0] < limits[1]):
        return None
    return limits


def _union(ranges: list[Range]) -> Range:
    return (min(low for low, _ in ranges), max(high for _, high in ranges)) if ranges else (0.0, 1.0)


def _words(text: str, ascii_only: bool) -> str:
    return to_ascii(text) if ascii_only else text


def _words_only(
    words: str, columns: int, rows: int, ascii_only: bool, x_range: Range = (0.0, 1.0), y_range: Range = (0.0, 1.0)
) -> PlotFrame:
    lines = [_words(words, ascii_only)[:columns].ljust(columns), *(" " * columns for _ in range(rows - 1))]
    spans: list[tuple[Span, ...]] = [(Span(0, len(line), "label"),) for line in lines]
    return PlotFrame(tuple(lines), tuple(spans), 0, 0, columns, 0, x_range, y_range, 0, ascii_only)
