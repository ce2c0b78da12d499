"""The wire: what goes to the terminal is the least that brings its picture to the next one, and never runs ahead of it.

Textual paints whole regions; over a thin link that is a hundred times what changed. `driver.WireDriver` is Textual's
own Linux driver with another file to write to: `screen.WireScreen` reads the escape text into cells (`reading`), keeps
what the terminal shows, and sends the difference (`difference`), a frame at a time, each acknowledged by the terminal's
own cursor position report before the next goes out (`pacing`).

The escape text is read rather than Textual's strips: it is what the driver's public `write` is given, it holds all that
is painted by whatever way (updates of regions, of layouts, modes, clipboard), and a line that comes again is found in a
cache before it is read, so that it costs no more than walking the strips would. The strips would have to be taken from
two private classes of the compositor, with their cropping repeated here.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver


def is_wired() -> bool:
    """Not where the user does not want it (MAST_TUI_STOCK_DRIVER), where another driver was named to Textual (a
    browser's), and on Windows."""
    return not (os.environ.get("MAST_TUI_STOCK_DRIVER") or os.environ.get("TEXTUAL_DRIVER") or sys.platform == "win32")


def driver_of_terminal(colors: str = "auto") -> type[Driver] | None:
    """The driver that Textual is to use, None: the one it chooses. `colors` is the setting."""
    if not is_wired():
        return None
    from mast_tui.tui.wire.depth import depth_of
    from mast_tui.tui.wire.driver import WireDriver

    WireDriver.depth = depth_of(colors, os.environ)  # Textual makes the driver itself, and a process has one terminal
    return WireDriver
