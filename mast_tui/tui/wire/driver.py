"""Textual's Linux driver, writing to the wire instead of to the terminal.

Set as the app's driver class; with MAST_TUI_STOCK_DRIVER=1 Textual's own stays. Everything that Textual's driver does
(modes, mouse, keys, suspending, the signals) is its own; only the file behind its writer thread is another, and the
terminal's answers to our questions are taken out of the input.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from mast_tui.tui.wire.abilities import abilities_of
from mast_tui.tui.wire.pacing import Link
from mast_tui.tui.wire.palette import Depth
from mast_tui.tui.wire.screen import WireScreen

#: What the bits of xterm's modifier parameter, less one, stand for.
_MODIFIERS = ("shift", "alt", "ctrl", "super", "hyper", "meta")


#: So long after a change of the size the app must know it.
_SETTLES_S = 0.5


class WireDriver(LinuxDriver):
    """A driver whose terminal gets only what changed, in colours of `depth`."""

    depth: Depth = "truecolor"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fd = self._file.fileno() if self._file is not None else 2
        self.screen = WireScreen(
            fd,
            self._get_terminal_size,
            depth=self.depth,
            abilities=abilities_of(os.environ.get("TERM", "")),
            on_defect=self._tell_app,
        )
        self._file = self.screen  # type: ignore[assignment]

    def _tell_app(self, error: Exception) -> None:
        """End the app by its own way for defects, which writes a report; this is called in another thread."""

        def fail() -> None:
            raise error

        self._app.call_later(fail)

    @property
    def link(self) -> Link:
        """What is known of the way to the terminal, from its answers."""
        return self.screen.link

    @property
    def busy(self) -> bool:
        """Whether a picture waits for the line, or is on its way."""
        return self.screen.busy

    def repaint(self) -> None:
        """Paint everything anew, whatever the terminal is thought to show."""
        self.screen.repaint()

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        handler = signal.getsignal(signal.SIGWINCH)
        loop = asyncio.get_running_loop()

        def note() -> None:
            self.screen.resized()
            loop.call_soon_threadsafe(loop.call_later, _SETTLES_S, self._see_to_size)

        if callable(handler):
            signal.signal(signal.SIGWINCH, _first(note, handler))

    def _see_to_size(self) -> None:
        """Once a storm of sizes is over: tell the app the last one, if it has come to rest with another."""
        size = Size(*self._get_terminal_size())
        if self._app.is_running and self._app.size != size:
            self._app.post_message(events.Resize(size, size))

    def _sigtstp_application(self, *_: object) -> None:
        """As Textual's, but whoever leads our process group is stopped too, once the terminal is given back: a shell
        that started us through another program (a script, `uv run`) sees that one alone, and would wait for ever."""
        if self._auto_restart:
            self.suspend_application_mode()
            self._must_signal_resume = True
        if (leader := os.getpgrp()) != os.getpid():
            with contextlib.suppress(OSError):
                os.kill(leader, signal.SIGTSTP)
        os.kill(os.getpid(), signal.SIGSTOP)

    def _enable_mouse_support(self) -> None:
        """Clicks, the wheel and drags (xterm's modes 1000 and 1002). Textual asks for every motion, which nothing here
        needs and which over a thin link is an event for each cell that is passed."""
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1002h\x1b[?1006h")

    def _disable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1000l\x1b[?1002l\x1b[?1006l")

    def process_message(self, message: Message) -> None:
        if not isinstance(message, events.CursorPosition):
            super().process_message(message)
        elif not self.screen.cursor_is_at(message.y, message.x):
            super().process_message(modified_f3(message) or message)

    def stop_application_mode(self) -> None:
        self.screen.settle()
        super().stop_application_mode()

    def close(self) -> None:
        super().close()
        self.screen.drain()


def modified_f3(report: events.CursorPosition) -> events.Key | None:
    """The key that an unasked cursor report is: xterm's F3 with modifiers, CSI 1 ; modifiers R, is spelled the same.

    Textual's parser makes a report of it; its names of keys are followed ("shift+f3", as for the other function keys).
    """
    if report.y != 0 or not 1 <= report.x < 2 ** len(_MODIFIERS):
        return None
    held = sorted(name for bit, name in enumerate(_MODIFIERS) if report.x >> bit & 1)
    return events.Key("+".join([*held, "f3"]), None)


def _first(note: Callable[[], None], then: Callable[[int, FrameType | None], Any]) -> Callable[..., Any]:
    def both(number: int, frame: FrameType | None) -> Any:
        note()
        return then(number, frame)

    return both
