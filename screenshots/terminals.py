"""Make the pictures of the app on other terminals: `python screenshots/terminals.py [NAME…]`.

The app runs on the embedded archive behind a real pty, in what each entry below says: fewer colours, none, a theme,
inside tmux or GNU screen. The picture is what a terminal shows of the bytes that were sent, in xterm's own colours. The
folders of the user are not touched: settings, state and files go into a temporary home.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from mast_tui.tui.wire.palette import SIXTEEN  # noqa: E402 - the repository is not installed where this runs
from tests.journeys.ptyharness import Terminal  # noqa: E402

APP = (sys.executable, "-m", "mast_tui.cli", "--demo")
#: Names that pyte gives to the sixteen colours, in their order.
_NAMES = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
_HEX = {
    name: "#{:02x}{:02x}{:02x}".format(*rgb)
    for name, rgb in zip([*_NAMES, *(f"bright{n}" for n in _NAMES)], SIXTEEN, strict=True)
}
#: Columns and lines of a cell, in units of the picture.
_WIDE, _HIGH = 8.4, 18
#: Opened with a target, then keys; "wait:WORDS" until the words are on the screen.
RESULTS = ("M101", "wait: of ", "down", "space", "down")
CURVE = ("TIC 261136679", "wait: of ", "enter", "wait:calibrated science", *"/_lc", "enter", "enter", "wait: points")


@dataclass(frozen=True)
class Shot:
    """`within` names what the app runs in: tmux, screen; `ground` and `words` are the terminal's own colours."""

    name: str
    steps: tuple[str, ...]
    term: str = "xterm-256color"
    more: dict[str, str] = field(default_factory=dict)
    within: str = ""
    ground: str = "#000000"
    words: str = "#e5e5e5"
    size: tuple[int, int] = (100, 30)


SHOTS = (
    Shot("terminal-nord-256", RESULTS, more={"MAST_TUI_THEME": "nord"}),
    Shot("terminal-gruvbox-256-curve", CURVE, more={"MAST_TUI_THEME": "gruvbox"}),
    Shot("terminal-light-256", RESULTS, more={"MAST_TUI_THEME": "textual-light"}),
    Shot("terminal-16-light-curve", CURVE, "xterm", {"MAST_TUI_THEME": "ansi-light"}, "", "#ffffff", "#000000"),
    Shot("terminal-no-color-resolve", ("M8", "wait:disagree", "down"), more={"NO_COLOR": "1"}),
    Shot("terminal-linux-curve", CURVE, "linux"),
    Shot("terminal-tmux-curve", CURVE, within="tmux"),
    Shot("terminal-screen", RESULTS, within="screen"),
)


def show(terminal: Terminal, steps: Sequence[str]) -> None:
    for step in steps:
        if step.startswith("wait:"):
            terminal.wait_for(step[5:], limit_s=60)
        else:
            terminal.press(step)
            terminal.rest(0.2, 2)
    terminal.rest(1.0, 10)


def as_svg(cells: Sequence[Sequence[Any]], ground: str, words: str) -> str:
    """What stands in cells of pyte's, as a picture."""
    height, width = len(cells), len(cells[0])
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width * _WIDE:.0f} {height * _HIGH}">',
        f'<rect width="100%" height="100%" fill="{ground}"/>',
        '<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">',
    ]
    for y, row in enumerate(cells):
        x = 0
        for pen, run in groupby(row, key=lambda cell: cell._replace(data="")):
            text = "".join(cell.data or "" for cell in run)
            front, back = (_colour(pen.fg, words), _colour(pen.bg, ground))
            if pen.reverse:
                front, back = back, front
            if back != ground:
                out.append(
                    f'<rect x="{x * _WIDE:.1f}" y="{y * _HIGH}" width="{len(text) * _WIDE:.1f}" height="{_HIGH}" '
                    f'fill="{back}" shape-rendering="crispEdges"/>'
                )
            if text.strip():
                style = ' font-weight="bold"' * pen.bold + ' text-decoration="underline"' * pen.underscore
                style += ' opacity="0.6"' * pen.blink
                out.append(
                    f'<text x="{x * _WIDE:.1f}" y="{y * _HIGH + 13.5}" textLength="{len(text) * _WIDE:.1f}" '
                    f'fill="{front}"{style}>{escape(text)}</text>'
                )
            x += len(text)
    return "\n".join([*out, "</g></svg>"]) + "\n"


def _colour(name: str, default: str) -> str:
    return default if name == "default" else _HEX.get(name, f"#{name}")


def take(shot: Shot, home: str) -> str:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "MAST_", "TEXTUAL", "TMUX", "STY"))}
    for name in ("NO_COLOR", "COLORTERM"):
        kept.pop(name, None)
    environment = {
        **kept,
        "HOME": home,
        "XDG_RUNTIME_DIR": home,
        "SCREENDIR": f"{home}/screens",
        "PYTHONPATH": str(HERE.parent),
        "SHELL": "/bin/sh",
        **shot.more,
    }
    within: tuple[str, ...] = ()
    if shot.within == "tmux":
        within = ("tmux", "-S", f"{home}/tmux", "-f", "/dev/null", "new-session")
    elif shot.within == "screen":
        Path(home, "screens").mkdir(mode=0o700, exist_ok=True)
        within = ("screen", "-U", "-c", "/dev/null")
    target, *steps = shot.steps
    with Terminal([*within, *APP, target], size=shot.size, env=environment, term=shot.term) as terminal:
        show(terminal, steps)
        svg = as_svg(terminal.cells, shot.ground, shot.words)
        terminal.press("q")
        terminal.wait_exit()
    return svg


def main() -> None:
    wanted = sys.argv[1:]
    for shot in SHOTS:
        if not wanted or shot.name in wanted:
            with tempfile.TemporaryDirectory() as home:
                target = HERE / f"{shot.name}.svg"
                target.write_text(take(shot, home))
            print(target.name, flush=True)  # noqa: T201 - a script


if __name__ == "__main__":
    main()
