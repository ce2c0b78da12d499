"""The terminal's clipboard, also through SSH, tmux and screen.

The clipboard that matters is the one of the person's own machine: only the terminal can reach it (OSC 52), and tmux
and screen stand in the way. Nobody answers, so nothing more than "sent" can be said.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from typing import Any

from textual.app import App

from mast_tui.core.text import clean

#: Terminals drop longer ones; the number is what widely used programs keep to.
_MOST_BYTES = 74_000
_TMUX_LIMIT_S = 1.5


def send_to_clipboard(app: App[Any], words: str) -> str:
    """Send cleaned `words`; returns a sentence for the status line."""
    words = "\n".join(clean(line, _MOST_BYTES) for line in words.splitlines())
    if len(words.encode()) > _MOST_BYTES:
        return "too long for a terminal's clipboard"
    tmux = shutil.which("tmux") if os.environ.get("TMUX") else None
    if tmux:
        try:
            argv = [tmux, "load-buffer", "-w", "-"]
            subprocess.run(argv, input=words.encode(), timeout=_TMUX_LIMIT_S, check=True, capture_output=True)
        except (OSError, subprocess.SubprocessError):
            app.copy_to_clipboard(words)
    elif os.environ.get("STY") and app._driver is not None:
        code = base64.b64encode(words.encode()).decode()
        app._driver.write(f"\x1bP\x1b]52;c;{code}\x07\x1b\\")
    else:
        app.copy_to_clipboard(words)
    return f"sent to the terminal's clipboard: {clean(words, 60)}"
