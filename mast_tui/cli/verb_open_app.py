"""`mast-tui [TARGET]`: opens the app where a terminal can show it, else names the verbs that need none."""

from __future__ import annotations

import os
import shutil
import sys

import click

from mast_tui.cli import ends, talk
from mast_tui.cli.scene import TargetCommand, app_options, as_words, scene, world_options

#: Below this the app's frame and one line of content no longer fit.
MIN_COLUMNS, MIN_ROWS = 60, 16
_INSTEAD = "`mast-tui search`, `products`, `preview` and `get` do the same without a screen (mast-tui --help)."


@click.command(cls=TargetCommand, short_help="Open the app.")
@click.argument("target", nargs=-1, callback=as_words, metavar="[TARGET]")
@world_options
@app_options
def command(target: tuple[str, ...] = ()) -> int:
    """Open the app, at once on TARGET if one is given."""
    choices = scene()
    settings = choices.settings()
    problem = terminal_problem()
    if problem:
        talk.say(f"mast-tui: {problem} {_INSTEAD}")
        return ends.USAGE
    from mast_tui.tui import run

    return run(settings, " ".join(target), demo=choices.demo, demo_rows=choices.rows or 0)


def terminal_problem() -> str:
    """Why this terminal can't show the app, as a sentence; empty when it can."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "The app needs a terminal, and this is a pipe or a file."
    kind = os.environ.get("TERM", "")
    if kind in ("", "dumb", "unknown"):
        return f"The app can't be drawn on a terminal of the type “{kind}” (TERM)."
    size = shutil.get_terminal_size((80, 24))
    if size.columns < MIN_COLUMNS or size.lines < MIN_ROWS:
        return (
            f"The terminal is too small: {size.columns}×{size.lines}, and the app needs {MIN_COLUMNS}×{MIN_ROWS} "
            "(80×24 is comfortable)."
        )
    return ""
