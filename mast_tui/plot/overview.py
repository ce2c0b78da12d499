"""The whole series in a strip of three rows, with a box around what the plot shows of it."""

from __future__ import annotations

from mast_tui.core.look import Series
from mast_tui.plot import layers
from mast_tui.plot.cells import Cells
from mast_tui.plot.plot_frame import Overview, Span, StyleName
from mast_tui.plot.scales import Range, scale_of, sound_range
from mast_tui.plot.series import full_range, visible_limits

ROWS = 3


def overview(series: Series, columns: int, x_range: Range | None = None, ascii_only: bool = False) -> Overview:
    """Lines of exactly `columns` cells. The box is drawn with signs, and its inside has the style 'data'."""
    columns = max(1, columns)
    x_scale, y_scale = scale_of(series.x_axis, x=True), scale_of(series.y_axis, x=False)
    everything = sound_range(full_range(series), x_scale.log)
    limits = sound_range(visible_limits(series, everything), y_scale.log)
    view = layers.View(x_scale.window(everything), y_scale.window(limits), x_scale, y_scale)
    cells = Cells(columns, ROWS, ascii_only)
    layers.draw_line(cells, view.points(series), view, "data")
    low, high = x_scale.window(sound_range(x_range or everything, x_scale.log))
    first, last = (_cell(place, view.x_window, columns) for place in (low, high))
    box = "[]" if ascii_only else "▐▌"
    lines, spans = [], []
    for row in range(ROWS):
        line, _ = cells.row(row, 0)
        line = line[:first] + box[0] + line[first + 1 :]
        line = line[:last] + box[1] + line[last + 1 :]
        parts: list[tuple[int, int, StyleName]] = [
            (0, first, "frame"),
            (first, first + 1, "mark"),
            (first + 1, last, "data"),
            (last, last + 1, "mark"),
            (last + 1, columns, "frame"),
        ]
        spans.append(tuple(Span(a, b, style) for a, b, style in parts if b > a))
        lines.append(line)
    return Overview(tuple(lines), tuple(spans))


def _cell(place: float, window: Range, columns: int) -> int:
    share = (place - window[0]) / (window[1] - window[0])
    return min(columns - 1, max(0, int(min(max(share, 0.0), 1.0) * columns)))
