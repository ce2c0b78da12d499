"""What terminals lack: italics in GNU screen and on the Linux console."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mast_tui.tui.wire.difference import Abilities
from tests.journeys.ptyharness import Terminal
from tests.wire.emulated import Wired


@pytest.mark.parametrize(
    ("term", "able"), [("xterm-256color", (True, True)), ("screen", (False, False)), ("linux", (True, False))]
)
def test_terminfo_tells_of_erasing_and_of_italics(term: str, able: tuple[bool, bool]) -> None:
    """Each in a process of its own: Python reads one entry in a process."""
    script = (
        "import sys; from mast_tui.tui.wire.abilities import abilities_of\n"
        "able = abilities_of(sys.argv[1]); print(able.bce, able.italics)"
    )
    told = subprocess.run([sys.executable, "-c", script, term], capture_output=True, text=True, timeout=30, check=True)
    assert told.stdout.split() == [str(able[0]), str(able[1])]


def test_where_italics_are_something_else_they_are_left_out() -> None:
    """GNU screen takes SGR 3 for "standout": an action that can't be done now would be the one that stands out."""
    text = "\x1b[1;1H\x1b[1mv\x1b[0m\x1b[2;3m picture \x1b[0mend"
    wired = Wired(24, 2, Abilities(italics=False))
    wired.show(text)
    assert not any(cell.italics for cell in wired.cells[0])
    assert "".join(cell.data for cell in wired.cells[0] if cell.blink) == "picture", "it is still dim"
    assert wired.show(text) == "", "what was left out is not sent for again"
    able = Wired(24, 2, Abilities())
    able.show(text)
    assert "".join(cell.data for cell in able.cells[0] if cell.italics) == "picture"


@pytest.mark.parametrize("program", ["tmux", "screen"])
def test_within_another_terminal_program_frames_are_whole(program: str, tmp_path: Path) -> None:
    """tmux 3.3 repeats signs of ASCII alone, GNU screen none, and it has no erasing in colour."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    (tmp_path / "screens").mkdir(mode=0o700)
    before = {
        "tmux": ["tmux", "-S", str(tmp_path / "tmux"), "-f", os.devnull, "new-session"],
        "screen": ["screen", "-U", "-c", os.devnull],
    }[program]
    environment = {**os.environ, "SCREENDIR": str(tmp_path / "screens"), "SHELL": "/bin/sh", "HOME": str(tmp_path)}
    app = [sys.executable, "-m", "mast_tui.cli", "--demo"]
    try:
        with Terminal([*before, *app], size=(80, 24), env=environment) as terminal:
            terminal.wait_for("Demo: try")
            terminal.press("f1")
            terminal.wait_for("Everywhere")
            terminal.rest()
            top, bottom = (next(line for line in terminal.lines if corner in line) for corner in "┌└")
            start, end = top.index("┌"), top.index("┐")
            assert end - start > 40
            assert (top[start + 1 : end], bottom[start : end + 1]) == (
                "─" * (end - start - 1),
                f"└{top[start + 1 : end]}┘",
            )
            terminal.press("esc")
            terminal.wait_gone("Everywhere")
            terminal.press("ctrl+q")
            terminal.wait_exit()
    finally:  # the server of either outlives its terminal
        stop = {"tmux": ["tmux", "-S", str(tmp_path / "tmux"), "kill-server"], "screen": ["screen", "-X", "quit"]}[
            program
        ]
        subprocess.run(stop, env=environment, capture_output=True, timeout=10)
