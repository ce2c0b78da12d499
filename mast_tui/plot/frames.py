"""The frame around a plot, drawn by plotext: border, ticks, labels; and where in it the data go.

plotext alone loses narrow dips and takes hundreds of milliseconds for 20,000 points, so it is given no data: `series`
pastes its own raster into the frame. A `Canvas` is the `plotext` module itself (command line) or the figure of
textual-plotext's widget (app); neither is imported with this module.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_MOST_KEPT = 16


class Canvas(Protocol):
    """What is used of plotext's figure."""

    def clear_figure(self) -> Any: ...
    def plotsize(self, width: int, height: int) -> Any: ...
    def theme(self, name: str) -> Any: ...
    def title(self, label: str) -> Any: ...
    def xlabel(self, label: str) -> Any: ...
    def xlim(self, left: float, right: float) -> Any: ...
    def ylim(self, lower: float, upper: float) -> Any: ...
    def xticks(self, ticks: Sequence[float], labels: Sequence[str]) -> Any: ...
    def yticks(self, ticks: Sequence[float], labels: Sequence[str]) -> Any: ...
    def scatter(self, *args: Sequence[float], marker: str) -> Any: ...
    def build(self) -> str: ...


@dataclass(frozen=True)
class Frame:
    """Lines of text with an empty field of `columns` by `rows` cells whose top left cell is at (`left`, `top`)."""

    lines: tuple[str, ...]
    left: int
    top: int
    columns: int
    rows: int


_kept: dict[tuple[object, ...], Frame | None] = {}


def plotext_canvas() -> Canvas:
    """plotext's own figure, for output without Textual."""
    import plotext

    return cast(Canvas, plotext)


def field_width(width: int, y_labels: Sequence[str]) -> int:
    """Columns inside the frame: plotext sets the tick labels and the two borders beside them."""
    return width - max((len(label) for label in y_labels), default=0) - 2


def draw_frame(
    canvas: Canvas,
    width: int,
    height: int,
    x_ticks: Sequence[tuple[int, str]],
    y_ticks: Sequence[tuple[int, str]],
    x_label: str,
    y_label: str,
) -> Frame | None:
    """The frame with the y label above it and the x label below; None when there is no room for one.

    Ticks are (cell, label) with the cells counted from 0 at the left or the bottom: plotext works in cells, so that
    no range, however small, large or logarithmic, is beyond its arithmetic.
    """
    columns, rows = field_width(width, [label for _cell, label in y_ticks]), height - 5
    if columns < 8 or rows < 2:
        return None
    labels = {cell: label.rjust(width - columns - 2) for cell, label in y_ticks}
    cells = sorted(labels)
    drawn = _drawn(
        canvas, width, tuple(x_ticks), tuple(labels[cell] for cell in cells), x_label[: columns - 1], y_label
    )
    if drawn is None or drawn.columns != columns:  # ticks were placed for this many cells
        return None
    above, below = drawn.lines[: drawn.top], drawn.lines[drawn.top + drawn.rows :]
    blank, _, *ticked = drawn.lines[drawn.top : drawn.top + drawn.rows]
    line_of = dict(zip(reversed(cells), ticked, strict=True))
    field = [line_of.get(cell, blank) for cell in reversed(range(rows))]
    return Frame((*above, *field, *below), drawn.left, drawn.top, columns, rows)


def _drawn(
    canvas: Canvas,
    width: int,
    x_ticks: tuple[tuple[int, str], ...],
    y_labels: tuple[str, ...],
    x_label: str,
    y_label: str,
) -> Frame | None:
    """What plotext draws: two blank rows (it needs two) and below them one for each y tick, the lowest tick last.

    plotext spends its time cell by cell, most of it on rows that are all alike: `draw_frame` repeats the blank one. The
    last frames are kept, for redraws in which only the data changes.
    """
    key = (width, x_ticks, y_labels, x_label, y_label)
    if key not in _kept:
        while len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = _built(canvas, *key)
    return _kept[key]


def _built(
    canvas: Canvas,
    width: int,
    x_ticks: tuple[tuple[int, str], ...],
    y_labels: tuple[str, ...],
    x_label: str,
    y_label: str,
) -> Frame | None:
    rows = len(y_labels) + 2
    canvas.clear_figure()
    _set_size(canvas, width, rows + 5)
    canvas.theme("clear")
    # plotext puts its limits on the centres of the outermost cells
    canvas.xlim(0, field_width(width, y_labels) - 1)
    canvas.ylim(0, rows - 1)
    canvas.xticks([cell for cell, _label in x_ticks], [label for _cell, label in x_ticks])
    canvas.yticks(range(len(y_labels)), y_labels)
    canvas.title(y_label[:width].ljust(width))
    canvas.xlabel(x_label)
    canvas.scatter([0], [0], marker=" ")
    lines = [line for line in _ESCAPES.sub("", canvas.build()).split("\n") if line]
    frame = _locate([line[:width].ljust(width) for line in lines])
    return frame if frame is not None and frame.rows == rows else None


def _set_size(canvas: Canvas, width: int, height: int) -> None:
    """Exactly this size: plotext binds its figure to the terminal's, and textual-plotext's needs it told twice."""
    unbind = getattr(canvas, "limit_size", None)
    if unbind is not None:
        unbind(False, False)
    canvas.plotsize(width, height)
    resize = getattr(canvas, "_set_size", None)
    if resize is not None:  # textual-plotext issue 5
        resize(width, height)


def _locate(lines: list[str]) -> Frame | None:
    tops = [k for k, line in enumerate(lines) if "┌" in line]
    bottoms = [k for k, line in enumerate(lines) if "└" in line]
    if not tops or not bottoms:
        return None
    top, bottom = tops[0], bottoms[-1]
    left, right = lines[top].index("┌") + 1, lines[top].rindex("┐")
    return Frame(tuple(lines), left, top + 1, right - left, bottom - top - 1)
