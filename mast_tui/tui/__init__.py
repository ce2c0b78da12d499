"""The full-screen app: screens draw the nouns and call the controller's verbs; nothing here asks a server.

`run` is called by the command line. The first picture is painted before numpy or the controller are imported; the
process never imports astropy or astroquery.
"""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mast_tui.core.settings import Settings


#: The terminal's own sixteen colours: readable on every background, and the fewest bytes of all themes.
DEFAULT_THEME = "ansi-dark"


def as_terminal_is(settings: Settings) -> Settings:
    """`settings` with all that was left to the terminal decided; tells Textual, which asks when it is imported."""
    from mast_tui.tui.wire import is_wired
    from mast_tui.tui.wire.depth import depth_of, tell_textual

    depth = depth_of(settings.colors, os.environ)
    settings = settings.with_values({"colors": depth}, settings.origins.get("colors", "the terminal"))
    if os.environ.get("TERM") == "linux" and "plot" not in settings.origins:
        settings = settings.with_values({"plot": "ascii"}, "the Linux console's font")  # it has no braille
    tell_textual(depth, os.environ, wired=is_wired())
    # a theme that is set after the start costs a second reading of all styles
    own = settings.theme == "auto" or (depth in ("16", "none") and not settings.theme.startswith("ansi-"))
    os.environ["TEXTUAL_THEME"] = DEFAULT_THEME if own else settings.theme
    return settings


def run(settings: Settings, target: str = "", *, demo: bool = False, demo_rows: int = 0) -> int:
    """Open the app, perhaps with a target to search at once; returns the process's exit code."""
    # nothing of what is imported now is ever garbage: looking for some costs a tenth of the time to the first picture
    gc.disable()
    settings = as_terminal_is(settings)
    from mast_tui.tui.app import MastApp

    app = MastApp(settings, target, demo=demo, demo_rows=demo_rows)
    if settings.graphics != "off":
        from mast_tui.tui.graphics import ask_terminal

        app.graphics = ask_terminal(settings.graphics)
    app.run(mouse=settings.mouse)
    app.end_of_terminal()
    return app.return_code or 0
