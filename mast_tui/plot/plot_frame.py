"""What a drawn plot is: lines of one width, named spans over them, and where the data lie. Made by `series`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, TypeAlias

from mast_tui.plot.scales import LINEAR, Range, Scale

StyleName: TypeAlias = Literal[
    "label",
    "frame",
    "data",
    "data1",
    "data2",
    "data3",
    "density0",
    "density1",
    "density2",
    "density3",
    "density4",
    "density5",
    "density6",
    "over",
    "error",
    "mark",
    "line",
    "cursor",
]


@dataclass(frozen=True)
class Span:
    """Cells `start` to `end` of a line, and what they show."""

    start: int
    end: int
    style: StyleName


@dataclass(frozen=True)
class Mark:
    """A place on the x axis. `words` stand above the plot where there is room, those of a `strong` mark before others.

    'line' is a spectral line, 'join' where two stretches of data were put together, 'period' a peak or a period.
    """

    x: float
    words: str = ""
    kind: Literal["line", "join", "period"] = "line"
    strong: bool = False


class Overview(NamedTuple):
    """The whole series in a few rows; `lines` and `spans` as those of a `PlotFrame`."""

    lines: tuple[str, ...]
    spans: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True)
class PlotFrame:
    """A drawn plot. `lines` have one width; `spans` has a tuple of spans a line; the field is as in `frames.Frame`.

    `x_range` and `y_range` are the data at the field's edges, `n_clipped` the points above or below it. `layer` is how
    the points were drawn: as a line, as points, or as points coloured by how many share a cell.
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
    x_scale: Scale = LINEAR
    y_scale: Scale = LINEAR
    layer: Literal["line", "points", "density"] = "line"

    def column_of(self, x: float) -> int | None:
        """The line column that shows `x`, or None when it is out of sight."""
        if not self.x_range[0] <= x <= self.x_range[1]:
            return None
        low, high = self.x_scale.window(self.x_range)
        return self.left + min(self.columns - 1, int((self.x_scale.place(x) - low) / (high - low) * self.columns))

    def x_at(self, column: int) -> float:
        """The x in the middle of a line column, which may lie outside of the field."""
        low, high = self.x_scale.window(self.x_range)
        return self.x_scale.value(low + (column - self.left + 0.5) * (high - low) / self.columns)

    def y_at(self, line: int) -> float:
        """The y in the middle of a line, which may lie outside of the field."""
        low, high = self.y_scale.window(self.y_range)
        return self.y_scale.value(high - (line - self.top + 0.5) * (high - low) / max(1, self.rows))

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
            spans[k] = cut_in(spans[k], Span(column, column + 1, "cursor"))
        return replace(self, lines=tuple(lines), spans=tuple(spans))


def cut_in(spans: tuple[Span, ...], new: Span) -> tuple[Span, ...]:
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
