"""Where words go: data to stdout, talk to stderr, and what is being waited for on one line that is wiped.

The passing line is for a person at a terminal that can wipe it; a log file gets whole lines, each once.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any, TextIO

from mast_tui.core.text import clean

#: A passing line is not redrawn more often than this; over a thin link each redraw costs.
_REDRAW_S = 0.5


def prepare_streams() -> None:
    """Let no locale end a run: signs that the terminal's encoding lacks become question marks.

    A stream that was closed before we began (`>&-`) becomes a sink, also so that no file of ours gets its number.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - for the whole run
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def data_in_utf8() -> None:
    """Before data in a format that is UTF-8 by its own rules, whatever the locale says."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8")


def out(text: str = "") -> None:
    """One line of data."""
    sys.stdout.write(text + "\n")


def out_json(value: Any) -> None:
    """One JSON value on one line; every odd sign is escaped, so that it is exact and safe on a terminal."""
    out(json.dumps(value))


def say(text: str) -> None:
    """One line of talk."""
    wipe()
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def can_wipe(stream: TextIO) -> bool:
    """Is this a terminal on which a line can be wiped and written again?"""
    return stream.isatty() and os.environ.get("TERM", "dumb") not in ("", "dumb")


def terminal_width(stream: TextIO) -> int | None:
    """Columns of the terminal behind `stream`; None where there is none, and nothing need be cut."""
    if not stream.isatty():
        return None
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked):
        return int(asked)
    try:
        # not shutil's: that asks stdout, which may be a file while the talk is on the terminal
        return os.get_terminal_size(stream.fileno()).columns or 80
    except OSError:
        return 80


class _Passing:
    """The line that is on the screen now, and when it was drawn."""

    def __init__(self) -> None:
        self.text = ""
        self.drawn_at = 0.0


_passing = _Passing()


def passing(text: str, *, always: bool = False) -> None:
    """What is waited for now: on a terminal a line that the next one replaces; elsewhere nothing."""
    if not can_wipe(sys.stderr) or text == _passing.text:
        return
    now = time.monotonic()
    if not always and now - _passing.drawn_at < _REDRAW_S:
        return
    width = terminal_width(sys.stderr) or 80
    _passing.text, _passing.drawn_at = text, now
    sys.stderr.write("\r\x1b[K" + clean(text, max(10, width - 1)))
    sys.stderr.flush()


def wipe() -> None:
    """Take the passing line away."""
    if _passing.text:
        _passing.text = ""
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def notice(text: str) -> None:
    """Something the archive room has to tell while it works ("busy, trying again in 4 s"): never lost in a log."""
    text = clean(text, 300)
    if can_wipe(sys.stderr):
        passing(text, always=True)
    elif text and text != _passing.text:
        _passing.text = ""
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
