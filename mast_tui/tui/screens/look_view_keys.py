"""The keys that move over a curve: zoom, pan, cursor, limits."""

from __future__ import annotations

from mast_tui.tui.screens.look_curve import CurveScreen

_ACTIONS = frozenset(
    {
        "zoom_in", "zoom_out", "pan_left", "pan_right", "reset", "cursor_left", "cursor_right",
        "zoom_y_in", "zoom_y_out", "auto_y", "view_back",
    }
)  # fmt: skip


class ViewKeys(CurveScreen):
    def why_not(self, action_id: str) -> str | None:
        if action_id in _ACTIONS and self.base is None:
            return "There is no curve here."
        return super().why_not(action_id)

    def do_zoom_in(self) -> None:
        self.plot.action_zoom("in")

    def do_zoom_out(self) -> None:
        self.plot.action_zoom("out")

    def do_zoom_y_in(self) -> None:
        self.plot.action_zoom_y("in")

    def do_zoom_y_out(self) -> None:
        self.plot.action_zoom_y("out")

    def do_auto_y(self) -> None:
        everything = self.plot.action_auto_y()
        self.status.idle("All points are in sight; a: limits that fit most" if everything else "Limits that fit most")

    def do_pan_left(self) -> None:
        self.plot.action_pan("left")

    def do_pan_right(self) -> None:
        self.plot.action_pan("right")

    def do_cursor_left(self) -> None:
        self.plot.action_cursor("left")

    def do_cursor_right(self) -> None:
        self.plot.action_cursor("right")

    def do_reset(self) -> None:
        self.plot.action_reset()

    def do_view_back(self) -> None:
        if not self.plot.action_back():
            self.status.idle("There was no view before this one.")
