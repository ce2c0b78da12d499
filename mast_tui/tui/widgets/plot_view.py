"""The plot of a light curve, a spectrum or a periodogram, as a widget of the preview screen.

`plot_picture` draws it. Moving the cursor repaints two columns. The screen binds the keys and calls the actions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, get_args

from rich.segment import Segment
from rich.style import Style
from textual.events import MouseDown, MouseMove, MouseScrollDown, MouseScrollUp
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from mast_tui.core.look import Series
from mast_tui.plot import Mark, PlotFrame, Range, StyleName, to_ascii
from mast_tui.tui.widgets.cursor import Cursor, nearest
from mast_tui.tui.widgets.drag import Drag, cell_in, is_click
from mast_tui.tui.widgets.plot_picture import PlotPicture
from mast_tui.tui.widgets.plot_styles import PLOT_CSS
from mast_tui.tui.widgets.readout import read_out
from mast_tui.tui.widgets.view import View, Views, boxed, panned, whole_range, with_all_points, zoomed, zoomed_y


class PlotView(PlotPicture, can_focus=True):
    """One series with zoom, pan and a cursor. `show` sets it; `readout` is the cursor's place in physical units."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"plot-view--{name}" for name in (*get_args(StyleName), "box")}
    DEFAULT_CSS = PLOT_CSS

    class ReadoutChanged(Message):
        """The cursor stands elsewhere, or the view changed; `readout` is '' without a cursor."""

        def __init__(self, view: PlotView, readout: str) -> None:
            super().__init__()
            self.view, self.readout = view, readout

        @property
        def control(self) -> PlotView:
            return self.view

    def __init__(self, *, ascii_only: bool = False, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(ascii_only=ascii_only, id=id, classes=classes)
        self._cursor = Cursor()
        self._drag = Drag()
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
        return self._views.now.x_of(self._everything())

    @property
    def y_range(self) -> Range:
        """The y that is in sight: what was chosen, or limits that fit the points in sight."""
        if self._series is None:
            return 0.0, 1.0
        return self._views.now.y_of(self._series, self._everything())

    @property
    def zoomed(self) -> bool:
        return self._views.now.x is not None

    @property
    def cursor_x(self) -> float | None:
        """Where the cursor stands, in units of the x axis."""
        return self._cursor.x_in(self._series)

    def show(
        self,
        series: Series | None,
        *,
        also: Sequence[Series] = (),
        over: Series | None = None,
        marks: Sequence[Mark] = (),
        errors: bool = False,
        keep_view: bool = False,
    ) -> None:
        """Draw this from now on; all of it and without a cursor, unless the x in sight is to be kept.

        `also`, `over`, `marks` and `errors` are as in `plot.draw_series`.
        """
        at = self.cursor_x if keep_view else None
        self._series, self._cursor.index = series, None
        self._also, self._over, self._marks, self._errors = tuple(also), over, tuple(marks), errors
        if keep_view and series is not None:
            self._views.keep_only_x()
            self._cursor.index = None if at is None else nearest(series, at, self.x_range)
        else:
            self._views = Views()
        self._changed()

    def _everything(self) -> Range:
        assert self._series is not None
        return whole_range(self._series, self._also)

    def _changed(self) -> None:
        self._drawn_for, self._what = (), object()
        self._say()
        self.refresh()

    def _look_at(self, view: View) -> None:
        if self._views.look_at(view):
            self._changed()

    # --- actions ----------------------------------------------------------------------------------------------------

    def action_zoom(self, direction: Literal["in", "out"], around: float | None = None) -> None:
        """Half or twice of what is seen, around `around` or the cursor where there is one."""
        if self._series is not None and self._series.x.size:
            at = around if around is not None else self.cursor_x
            self._look_at(zoomed(self._views.now, self._series, self._everything(), direction, at))

    def action_zoom_y(self, direction: Literal["in", "out"]) -> None:
        """Half or twice of the y in sight, around its middle."""
        if self._series is not None and self._series.x.size:
            self._look_at(zoomed_y(self._views.now, self._series, self._everything(), direction))

    def action_auto_y(self) -> bool:
        """The y limits that fit most points; when these are shown, those of all points. True when all are in sight."""
        if self._series is None or self._series.x.size == 0:
            return False
        everything = self._views.now.y is None
        whole = self._everything()
        self._look_at(with_all_points(self._views.now, self._series, whole) if everything else View(self._views.now.x))
        return everything

    def action_pan(self, direction: Literal["left", "right"]) -> None:
        """A quarter of what is seen to the side; nothing when all is seen."""
        if self._series is not None:
            self._look_at(panned(self._views.now, self._series, self._everything(), direction))

    def action_reset(self) -> None:
        """All of the series again; the cursor goes."""
        self._cursor.index = None
        self._look_at(View())
        self._changed()

    def action_back(self) -> bool:
        """The view before this one; False when there was none."""
        found = self._views.back()
        if found:
            self._changed()
        return found

    def action_cursor(self, direction: Literal["left", "right"]) -> None:
        """The cursor a column to the side, on the nearest point; it starts in the middle. A held key goes faster."""
        frame = self._drawn
        if self._series is not None and self._series.x.size and frame is not None and frame.rows:
            self._put_cursor(self._cursor.beside(direction, self._series, frame))

    def _put_cursor(self, index: int | None) -> None:
        old = self._cursor_column()
        self._cursor.index = index
        self._say()
        columns = [column for column in (old, self._cursor_column()) if column is not None]
        if columns:  # in one: Textual writes each line from its beginning, for every region anew
            left, right = min(columns), max(columns)
            self.refresh(Region(left, 0, right + 1 - left, self.size.height))

    def _cursor_column(self) -> int | None:
        at = self.cursor_x
        return None if at is None or self._drawn is None else self._drawn.column_of(at)

    def _say(self) -> None:
        words = (
            ""
            if self._series is None or self._cursor.index is None
            else read_out(self._series, self._cursor.index, self.size.width - 2)
        )
        words = to_ascii(words) if self._ascii_only else words
        if words != self.readout:
            self.readout = words
            self.post_message(self.ReadoutChanged(self, words))

    # --- the mouse --------------------------------------------------------------------------------------------------

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        self._wheel(event, "in")

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        self._wheel(event, "out")

    def _wheel(self, event: MouseScrollUp | MouseScrollDown, direction: Literal["in", "out"]) -> None:
        event.stop()
        frame = self._drawn
        if frame is not None and frame.rows:
            self.action_zoom(direction, around=frame.x_at(cell_in(frame, event.x, event.y)[0]))

    def on_mouse_down(self, event: MouseDown) -> None:
        if self._drawn is not None and self._drag.begin(self._drawn, event.x, event.y):
            self.focus()
            self.capture_mouse()

    def on_mouse_move(self, event: MouseMove) -> None:
        if self._drawn is not None and self._drag.move(self._drawn, event.x, event.y):
            self.refresh()

    def on_mouse_up(self) -> None:
        """The end of a drag shows what lies in its box; a click puts the cursor on the nearest point."""
        frame, ends = self._drawn, self._drag.end()
        self.release_mouse()
        if ends is None or frame is None or self._series is None or self._series.x.size == 0:
            return
        if is_click(*ends):
            self._put_cursor(nearest(self._series, frame.x_at(ends[0][0]), self.x_range))
            self.refresh()
        else:
            self._look_at(boxed(self._views.now, self._series, frame, *ends))

    # --- drawing ----------------------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        self._draw()
        width = self.size.width
        if self._drawn is None or y >= len(self._strips):
            return Strip.blank(width, self.rich_style)
        strip = self._strips[y]
        if self._drag.ends is not None:
            dragged = self._drag.over(strip, y, self._style("box"))
            if dragged is not None:
                return dragged
        column = self._cursor_column()
        if column is None or not self._drawn.top <= y < self._drawn.top + self._drawn.rows:
            # what fills a line is asked of all ancestors, so only where one needs filling
            return strip if strip.cell_length == width else strip.adjust_cell_length(width, self.rich_style)
        return _with_cursor(strip, column, self._style("cursor"), ":" if self._ascii_only else "┊")


def _with_cursor(strip: Strip, column: int, style: Style, line: str) -> Strip:
    """The strip with the cursor's style on one column, and its sign where that was blank."""
    before, cell, after = strip.divide([column, column + 1, strip.cell_length])
    sign = cell.text if cell.text.strip() else line
    return Strip([*before, Segment(sign, style), *after], strip.cell_length)
