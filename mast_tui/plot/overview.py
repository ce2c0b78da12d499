"""The whole series in a strip of three rows, with a box around what the plot shows of it."""

from __future__ import annotations

from mast_tui.core.look import Series
from mast_tui.plot import layers
from mast_tui.plot.cells import Cells
from mast_tui.plot.kept import kept
from mast_tui.plot.plot_frame import Overview, Span, cut_in
from mast_tui.plot.scales import Range, scale_of, sound_range
from mast_tui.plot.series import full_range, visible_limits

ROWS = 3


def overview(series: Series, columns: int, x_range: Range | None = None, ascii_only: bool = False) -> Overview:
    """Lines of exactly `columns` cells. The box is drawn with signs; outside of it all has the style 'frame'."""
    columns = max(1, columns)
    x_scale = scale_of(series.x_axis, x=True)
    window = x_scale.window(_everything(series))
    seen = x_scale.window(sound_range(x_range or _everything(series), x_scale.log))
    first, last = (_cell(place, window, columns) for place in seen)
    signs = "[]" if ascii_only else "▐▌"
    lines, spans = [], []
    for line, inside in _strip(series, columns, ascii_only):
        for at, sign in ((first, signs[0]), (last, signs[1])):
            line = line[:at] + sign + line[at + 1 :]
            inside = cut_in(inside, Span(at, at + 1, "mark"))
        for start, end in ((0, first), (last + 1, columns)):
            inside = cut_in(inside, Span(start, end, "frame")) if end > start else inside
        lines.append(line)
        spans.append(inside)
    return Overview(tuple(lines), tuple(spans))


def _everything(series: Series) -> Range:
    return sound_range(full_range(series), series.x_axis.log)


@kept
def _strip(series: Series, columns: int, ascii_only: bool) -> tuple[tuple[str, tuple[Span, ...]], ...]:
    """The lines and spans without the box: drawn as the plot would draw all of the series."""
    x_scale, y_scale = scale_of(series.x_axis, x=True), scale_of(series.y_axis, x=False)
    everything = _everything(series)
    limits = sound_range(visible_limits(series, everything), y_scale.log)
    view = layers.View(x_scale.window(everything), y_scale.window(limits), x_scale, y_scale)
    cells = Cells(columns, ROWS, ascii_only)
    points = view.points(series)
    layer = layers.layer_for(series, points, view, cells)
    if layer == "density":
        layers.draw_density(cells, points, view)
    elif layer == "points":
        layers.draw_points(cells, points, view, "data")
    else:
        layers.draw_line(cells, points, view, "data")
    rows = (cells.row(row, 0) for row in range(ROWS))
    return tuple((line, tuple(spans)) for line, spans in rows)


def _cell(place: float, window: Range, columns: int) -> int:
    share = (place - window[0]) / (window[1] - window[0])
    return min(columns - 1, max(0, int(min(max(share, 0.0), 1.0) * columns)))
