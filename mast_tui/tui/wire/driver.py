"""Textual's Linux driver, writing to the wire instead of to the terminal.

Set as the app's driver class; with MAST_TUI_STOCK_DRIVER=1 Textual's own stays. Everything that Textual's driver does
(modes, mouse, keys, suspending, the signals) is its own; only the file behind its writer thread is another, and the
terminal's answers to our questions are taken out of the input.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from mast_tui.tui.wire.abilities import abilities_of
from mast_tui.tui.wire.palette import Depth
from mast_tui.tui.wire.screen import WireScreen


class WireDriver(LinuxDriver):
    """A driver whose terminal gets only what changed. `depth` is set by `wired` before Textual makes it."""

    depth: Depth = "truecolor"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fd = self._file.fileno() if self._file is not None else 2
        self.screen = WireScreen(
            fd,
            self._get_terminal_size,
            depth=self.depth,
            abilities=abilities_of(os.environ.get("TERM", "")),
        )
        self._file = self.screen  # type: ignore[assignment]

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        handler = signal.getsignal(signal.SIGWINCH)
        if callable(handler):
            signal.signal(signal.SIGWINCH, _first(self.screen.resized, handler))

    def process_message(self, message: Message) -> None:
        if isinstance(message, events.CursorPosition):
            self.screen.cursor_is_at(message.y, message.x)
            return
        super().process_message(message)

    def repaint(self) -> None:
        """Paint everything anew, whatever the terminal is thought to show."""
        self.screen.repaint()

    def close(self) -> None:
        super().close()
        self.screen.drain()


def _first(note: Callable[[], None], then: Callable[[int, FrameType | None], Any]) -> Callable[..., Any]:
    def both(number: int, frame: FrameType | None) -> Any:
        note()
        return then(number, frame)

    return both
