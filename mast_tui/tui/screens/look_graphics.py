"""One image or picture in true pixels, by itself: the terminal's graphics do not mix with a crosshair that moves."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.widgets import Static

from mast_tui.core.look import ByteArray
from mast_tui.tui.actions import bindings_for
from mast_tui.tui.graphics import pixel_widget
from mast_tui.tui.screens.base import RoomScreen


class GraphicsScreen(RoomScreen):
    """`rgb` is uint8 (ny, nx, 3), top row first; `about` one line over it. Only where the app's `graphics` can."""

    CONTEXT: ClassVar[str] = "graphics"
    NAME: ClassVar[str] = "Look"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("graphics")
    DEFAULT_CSS = """
    GraphicsScreen #about { height: 1; padding: 0 1; }
    GraphicsScreen #pixels { height: 1fr; align: center middle; overflow: hidden; }
    GraphicsScreen #pixels > * { width: auto; height: 100%; }
    """

    def __init__(self, rgb: ByteArray, about: str) -> None:
        super().__init__()
        self._rgb, self._about = rgb, about

    def body(self) -> ComposeResult:
        yield Static(self._about, id="about", markup=False)
        with Container(id="pixels"):
            yield pixel_widget(self.room.graphics, self._rgb)

    def on_mount(self) -> None:
        self.status.idle(f"drawn by {self.room.graphics.protocol}")
