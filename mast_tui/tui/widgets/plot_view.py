"""The plot of a light curve, a spectrum or a periodogram, as a widget of the preview screen.

plotext (through textual-plotext) draws the frame, `mast_tui.plot` the data; both only when the data, the limits, the
size or the theme change. Moving the cursor repaints two columns. The screen binds the keys and calls the actions.
"""

from __future__ import annotations

import time
from typing import ClassVar, Literal, cast

import numpy as np
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual_plotext import PlotextPlot

from mast_tui.core.look import Series
from mast_tui.plot import (
    PlotFrame,
    Range,
    draw_series,
    full_range,
    number,
    pretty_unit,
    to_ascii,
    visible_limits,
)
from mast_tui.plot.frames import Canvas

#: A zoom step, a pan step as a share of what is seen, and how far in one may go in median point distances.
ZOOM, PAN, CLOSEST = 2.0, 0.25, 4.0
#: A held cursor key comes this often at least (s); its steps grow so that crossing the plot takes seconds, not minutes.
_REPEAT_S, _LONGEST_STEP = 0.12, 8


class PlotView(PlotextPlot, can_focus=True):
    """One series with zoom, pan and a cursor. `show` sets it; `readout` is the cursor's place in physical units."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "plot-view--data",
        "plot-view--frame",
        "plot-view--label",
        "plot-view--mark",
        "plot-view--cursor",
    }
    DEFAULT_CSS = """
    PlotView { width: 1fr; height: 1fr; }
    PlotView .plot-view--data { color: $primary; }
    PlotView .plot-view--frame { color: $foreground 40%; }
    PlotView .plot-view--label { color: $foreground; }
    PlotView .plot-view--mark { color: $warning; text-style: bold; }
    PlotView .plot-view--cursor { color: $accent; text-style: reverse; }
    """

    class ReadoutChanged(Message):
        """The cursor stands elsewhere, or the view changed; `readout` is '' without a cursor."""

        def __init__(self, view: PlotView, readout: str) -> None:
            super().__init__()
            self.view, self.readout = view, readout

        @property
        def control(self) -> PlotView:
            return self.view

    def __init__(self, *, ascii_only: bool = False, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._ascii_only = ascii_only
        self._series: Series | None = None
        self._x_range: Range | None = None
        self._drawn: PlotFrame | None = None
        self._drawn_for: tuple[object, ...] = ()
        self._strips: list[Strip] = []
        self._cursor: int | None = None
        self._last_move = (0.0, "", 1)
        self.readout = ""

    # --- what is shown ----------------------------------------------------------------------------------------------

    @property
    def series(self) -> Series | None:
        return self._series

    @property
    def plot_frame(self) -> PlotFrame | None:
        """The plot as last drawn, without the cursor."""
        return self._drawn

    @property
    def x_range(self) -> Range:
        """The x that is in sight."""
        if self._series is None:
            return 0.0, 1.0
        return self._x_range or full_range(self._series)

    def show(self, series: Series | None) -> None:
        """Draw this series from now on, all of it, without a cursor."""
        self._series, self._x_range, self._cursor = series, None, None
        self._changed()

    def _changed(self) -> None:
        self._drawn_for = ()
        self._say()
        self.refresh()

    # --- actions ----------------------------------------------------------------------------------------------------

    def action_zoom(self, direction: Literal["in", "out"]) -> None:
        """Half or twice of what is seen, around the cursor where there is one."""
        series = self._series
        if series is None or series.x.size == 0:
            return
        low, high = self.x_range
        width = (high - low) / (ZOOM if direction == "in" else 1 / ZOOM)
        all_low, all_high = full_range(series)
        if width >= all_high - all_low:
            self._x_range = None
        else:
            width = max(width, CLOSEST * _spacing(series))
            at = self._cursor_x()
            middle = at if at is not None and low <= at <= high else (low + high) / 2
            share = (middle - low) / (high - low)
            self._x_range = _kept_inside(middle - share * width, width, (all_low, all_high))
        self._changed()

    def action_pan(self, direction: Literal["left", "right"]) -> None:
        """A quarter of what is seen to the side; nothing when all is seen."""
        if self._series is None or self._x_range is None:
            return
        low, high = self._x_range
        step = PAN * (high - low) * (1 if direction == "right" else -1)
        self._x_range = _kept_inside(low + step, high - low, full_range(self._series))
        self._changed()

    def action_reset(self) -> None:
        """All of the series again; the cursor goes."""
        self._x_range, self._cursor = None, None
        self._changed()

    def action_cursor(self, direction: Literal["left", "right"]) -> None:
        """The cursor a column to the side, on the nearest point; it starts in the middle. A held key goes faster."""
        frame = self._drawn
        if self._series is None or self._series.x.size == 0 or frame is None or frame.rows == 0:
            return
        sign = 1 if direction == "right" else -1
        at = self._cursor_x()
        column = None if at is None else frame.column_of(at)
        if column is None:
            self._put_cursor(self._nearest(sum(frame.x_range) / 2))
            return
        wanted = self._beside(column, sign * self._step(direction), frame)
        self._put_cursor(wanted)

    def _beside(self, column: int, step: int, frame: PlotFrame) -> int | None:
        """The point nearest to `step` columns away; further on where that is the point the cursor is at already."""
        assert self._series is not None and self._cursor is not None
        x = self._series.x
        target = frame.x_at(min(max(column + step, frame.left), frame.left + frame.columns - 1))
        found = self._nearest(target)
        if found is not None and (x[found] - x[self._cursor]) * step > 0:
            return found
        beyond = x[(x > x[self._cursor]) if step > 0 else (x < x[self._cursor])]
        if beyond.size == 0:
            return self._cursor
        following = float(beyond.min() if step > 0 else beyond.max())
        low, high = frame.x_range
        return self._nearest(following) if low <= following <= high else self._cursor

    def _step(self, direction: str) -> int:
        now, (before, way, step) = time.monotonic(), self._last_move
        step = min(_LONGEST_STEP, step + 1) if way == direction and now - before < _REPEAT_S else 1
        self._last_move = (now, direction, step)
        return step

    def _put_cursor(self, index: int | None) -> None:
        old = self._cursor_column()
        self._cursor = index
        self._say()
        for column in {old, self._cursor_column()} - {None}:
            self.refresh(Region(cast(int, column), 0, 1, self.size.height))

    def _nearest(self, x: float) -> int | None:
        """The index of the point nearest in x that is in sight."""
        assert self._series is not None
        low, high = self.x_range
        seen = np.flatnonzero((self._series.x >= low) & (self._series.x <= high))
        return int(seen[np.argmin(np.abs(self._series.x[seen] - x))]) if seen.size else None

    def _cursor_x(self) -> float | None:
        return None if self._series is None or self._cursor is None else float(self._series.x[self._cursor])

    def _cursor_column(self) -> int | None:
        at = self._cursor_x()
        return None if at is None or self._drawn is None else self._drawn.column_of(at)

    def _say(self) -> None:
        words = "" if self._series is None or self._cursor is None else _read_out(self._series, self._cursor)
        words = to_ascii(words) if self._ascii_only else words
        if words != self.readout:
            self.readout = words
            self.post_message(self.ReadoutChanged(self, words))

    # --- drawing ----------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        self._draw()
        width = self.size.width
        if self._drawn is None or y >= len(self._strips):
            return Strip.blank(width, self.rich_style)
        strip = self._strips[y]
        column = self._cursor_column()
        if column is None or not self._drawn.top <= y < self._drawn.top + self._drawn.rows:
            return strip.adjust_cell_length(width, self.rich_style)
        return _with_cursor(strip, column, self._style("cursor"), ":" if self._ascii_only else "┊")

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return container.height

    def _draw(self) -> None:
        series, size = self._series, self.size
        key = (id(series), self._x_range, size, self.app.theme, self.app.ansi_theme)
        if key == self._drawn_for:
            return
        self._drawn_for = key
        if series is None or size.width < 1 or size.height < 1:
            self._drawn, self._strips = None, []
            return
        x_range = self.x_range
        self._drawn = draw_series(
            series,
            size.width,
            size.height,
            x_range=x_range,
            y_range=visible_limits(series, x_range),
            ascii_only=self._ascii_only,
            canvas=cast(Canvas, self.plt),
        )
        self._strips = [
            Strip([Segment(line[s.start : s.end], self._style(s.style)) for s in spans if s.end > s.start], len(line))
            for line, spans in zip(self._drawn.lines, self._drawn.spans, strict=True)
        ]

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"plot-view--{name}")

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._drawn_for = ()


def _with_cursor(strip: Strip, column: int, style: Style, line: str) -> Strip:
    """The strip with the cursor's style on one column, and its sign where that was blank."""
    before, cell, after = strip.divide([column, column + 1, strip.cell_length])
    sign = cell.text if cell.text.strip() else line
    return Strip([*before, Segment(sign, style), *after], strip.cell_length)


def _spacing(series: Series) -> float:
    steps = np.diff(series.x)
    steps = steps[steps > 0]
    return float(np.median(steps)) if steps.size else 0.0


def _kept_inside(low: float, width: float, bounds: Range) -> Range:
    """A range of this width, moved until it lies within the bounds."""
    low = min(max(low, bounds[0]), bounds[1] - width)
    return low, low + width


def _read_out(series: Series, index: int) -> str:
    """'BTJD 1339.5321   PDCSAP flux 1464602 ± 130 e⁻/s   point 9,012 of 18,264'."""
    x_name = series.x_axis.label.split(" (")[0]
    error = None if series.error is None else float(series.error[index])
    y_unit, x_unit = pretty_unit(series.y_axis.unit), pretty_unit(series.x_axis.unit)
    x = f"{x_name} {float(series.x[index]):.10g}" + ("" if series.time is not None else f" {x_unit}".rstrip())
    y = f"{series.y_axis.label} {number(float(series.y[index]), error)} {y_unit}".rstrip()
    return f"{x}   {y}   point {index + 1:,} of {series.x.size:,}"
