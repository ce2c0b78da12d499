"""The picture of a plot, without keys and cursor: drawn only when the data, the limits, the size or the theme change.

plotext (through textual-plotext) draws the frame, `mast_tui.plot` the data. The base of `plot_view.PlotView`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Literal, cast

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual_plotext import PlotextPlot

from mast_tui.core.look import Series
from mast_tui.plot import Mark, PlotFrame, Span, draw_series, overview
from mast_tui.plot.frames import Canvas
from mast_tui.tui.widgets.drafts import Drafts
from mast_tui.tui.widgets.plot_styles import of_sixteen
from mast_tui.tui.widgets.view import Views

#: From this height on, a zoomed plot has the whole series in a strip below it.
_TALL, OVERVIEW_ROWS = 18, 3


class PlotPicture(PlotextPlot):
    """What is plotted, the views of it, and its lines; `_draw` brings these up to date."""

    def __init__(self, *, ascii_only: bool = False, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._ascii_only = ascii_only
        self._series: Series | None = None
        self._also: tuple[Series, ...] = ()
        self._over: Series | None = None
        self._marks: tuple[Mark, ...] = ()
        self._errors = False
        self._views = Views()
        self._drawn: PlotFrame | None = None
        self._drawn_for: tuple[object, ...] = ()
        self._strips: list[Strip] = []
        self._drafts = Drafts(self)
        #: Another one for another picture.
        self._what = object()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return container.height

    def _draw(self) -> None:
        series, size = self._series, self.size
        key = (id(series), id(self._over), self._errors, self._views.now, size, self.app.theme, self.app.ansi_theme)
        if key == self._drawn_for:
            return
        self._drawn_for = key
        if series is None or size.width < 1 or size.height < 1:
            self._drawn, self._strips = None, []
            return
        strip_rows = OVERVIEW_ROWS if self._views.now.x is not None and size.height >= _TALL else 0
        frame = self._drawn = self._frame(series, strip_rows, ascii_only=self._ascii_only)
        fine = self._lines(series, frame, strip_rows)
        self._strips = self._drafts.lines((self._what, size), fine, lambda: self._draft(series, frame, strip_rows))

    def _frame(
        self, series: Series, strip_rows: int, *, ascii_only: bool, layer: Literal["auto", "points"] = "auto"
    ) -> PlotFrame:
        return draw_series(
            series,
            self.size.width,
            self.size.height - strip_rows,
            x_range=self._views.now.x,
            y_range=self._views.now.y,
            ascii_only=ascii_only,
            canvas=cast(Canvas, self.plt),
            also=self._also,
            over=self._over,
            errors=self._errors,
            marks=self._marks,
            layer=layer,
        )

    def _draft(self, series: Series, fine: PlotFrame, strip_rows: int) -> list[Strip]:
        """The plot in ASCII, its density as plain points: a third to a half of the bytes, on the same axes."""
        rough = self._frame(series, strip_rows, ascii_only=True, layer="points" if fine.layer == "density" else "auto")
        same = (rough.left, rough.top, rough.columns, rough.rows) == (fine.left, fine.top, fine.columns, fine.rows)
        return self._lines(series, rough, strip_rows) if same else []

    def _lines(self, series: Series, frame: PlotFrame, strip_rows: int) -> list[Strip]:
        style = cache(self._style)  # a picture has a thousand spans of ten styles
        strips = [_strip(line, spans, style) for line, spans in zip(frame.lines, frame.spans, strict=True)]
        if strip_rows:
            small = overview(series, frame.columns, frame.x_range, frame.ascii_only)
            indent = Segment(" " * frame.left, self.rich_style)
            for line, spans in zip(small.lines, small.spans, strict=True):
                strips.append(Strip([indent, *_strip(line, spans, style)]))
        return strips

    def _style(self, name: str) -> Style:
        style = self.get_component_rich_style(f"plot-view--{name}")
        if self.app.console.color_system == "standard" and not self.app.no_color:
            return style + of_sixteen(name, self.app.current_theme.dark)
        return style

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._drawn_for = ()


def _strip(line: str, spans: Sequence[Span], style: Callable[[str], Style]) -> Strip:
    return Strip([Segment(line[s.start : s.end], style(s.style)) for s in spans if s.end > s.start], len(line))
