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


def run(settings: Settings, target: str = "", *, demo: bool = False, demo_rows: int = 0) -> int:
    """Open the app, perhaps with a target to search at once; returns the process's exit code."""
    # nothing of what is imported now is ever garbage: looking for some costs a tenth of the time to the first picture
    gc.disable()
    # a theme that is set after the start costs a second reading of all styles
    os.environ["TEXTUAL_THEME"] = DEFAULT_THEME if settings.theme == "auto" else settings.theme
    from mast_tui.tui.app import MastApp

    app = MastApp(settings, target, demo=demo, demo_rows=demo_rows)
    if settings.graphics != "off":
        from mast_tui.tui.graphics import ask_terminal

        app.graphics = ask_terminal(settings.graphics)
    app.run(mouse=settings.mouse)
    app.end_of_terminal()
    return app.return_code or 0
