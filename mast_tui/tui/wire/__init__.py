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


def driver_of_terminal() -> type[Driver] | None:
    """The driver that Textual is to use; None, the one it chooses, where the user wants that (MAST_TUI_STOCK_DRIVER),
    where another was named to Textual (a browser's), and on Windows."""
    if os.environ.get("MAST_TUI_STOCK_DRIVER") or os.environ.get("TEXTUAL_DRIVER") or sys.platform == "win32":
        return None
    from mast_tui.tui.wire.driver import WireDriver

    return WireDriver
