"""The box that a mouse drags open over a plot."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from mast_tui.plot import PlotFrame
from mast_tui.tui.widgets.view import Cell

#: Columns that make a drag of the mouse a box and not a click.
_SMALLEST_BOX = 2


class Drag:
    """From where the button went down to where the mouse is; `ends` is None while no button is down."""

    def __init__(self) -> None:
        self.ends: tuple[Cell, Cell] | None = None

    def begin(self, frame: PlotFrame, x: int, y: int) -> bool:
        """False outside of the plot's rows."""
        inside = frame.rows > 0 and frame.top <= y < frame.top + frame.rows
        if inside:
            self.ends = (cell_in(frame, x, y), cell_in(frame, x, y))
        return inside

    def move(self, frame: PlotFrame, x: int, y: int) -> bool:
        """True where the box is another one now."""
        at = cell_in(frame, x, y)
        if self.ends is None or self.ends[1] == at:
            return False
        self.ends = (self.ends[0], at)
        return True

    def end(self) -> tuple[Cell, Cell] | None:
        ends, self.ends = self.ends, None
        return ends

    def over(self, strip: Strip, line: int, style: Style) -> Strip | None:
        """A line of the plot with its part of the box; None where the box has none."""
        if self.ends is None:
            return None
        (left, right), (top, bottom) = (sorted(both) for both in zip(*self.ends, strict=True))
        if not top <= line <= bottom or right == left:
            return None
        before, box, after = strip.divide([left, right + 1, strip.cell_length])
        return Strip([*before, *(Segment(segment.text, style) for segment in box), *after], strip.cell_length)


def is_click(one: Cell, other: Cell) -> bool:
    return abs(other[0] - one[0]) < _SMALLEST_BOX


def cell_in(frame: PlotFrame, x: int, y: int) -> Cell:
    """The cell of the plot's field that is nearest to a place of the widget."""
    return _within(x, frame.left, frame.columns), _within(y, frame.top, frame.rows)


def _within(at: int, first: int, count: int) -> int:
    return min(max(at, first), first + count - 1)
