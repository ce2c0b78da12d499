"""Within tmux and GNU screen: terminals of their own make, whose picture is looked at from outside.

What they show of the app behind the wire is what was painted.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wire.teed import Teed

APP = [sys.executable, "-m", "tests.wire.teed_app"]
TMUX = """
set -g status off
set -s escape-time 20
set -g default-terminal "tmux-256color"
set -ga terminal-overrides ",*:Tc"
"""
SCREEN = """
startup_message off
maptimeout 20
defutf8 on
term screen
altscreen on
autodetach off
"""


def journey(app: Teed) -> None:
    app.same("❯")
    app.send("M101\r")
    app.same(" of ", "M101", gone="⋯")
    app.go(
        *["down"] * 4, "pagedown", "pagedown", "up", "end", "pageup", "home", "space", "down", "space", "u", "d", "d"
    )
    app.go("/", *"hst", "enter", "down", "esc", "x", "esc", "?", "pagedown", "esc")
    app.press("F")
    app.same("Counts of which column?")
    app.press("enter")
    app.same("█")
    app.press("esc")
    app.resize(101, 31)
    app.same(" of ", gone="Counts")
    app.go("down", "pagedown", "right")
    app.resize(80, 24)
    app.press("ctrl+l")
    app.same(" of ")


@pytest.fixture
def in_tmux(tmp_path: Path, demo_url: str) -> Iterator[Teed]:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not here")
    (tmp_path / "conf").write_text(TMUX)
    argv = ["tmux", "-f", str(tmp_path / "conf"), "new-session", "--", *APP, "--archive", demo_url]
    with Teed(home=tmp_path, argv=argv, env={"TMUX_TMPDIR": str(tmp_path)}) as app:
        yield app
        subprocess.run(["tmux", "kill-server"], env={"PATH": "/usr/bin:/bin", "TMUX_TMPDIR": str(tmp_path)}, timeout=10)


def test_in_tmux(in_tmux: Teed) -> None:
    journey(in_tmux)


def test_a_curve_in_tmux(in_tmux: Teed) -> None:
    app = in_tmux
    app.same("❯")
    app.send("TIC 261136679\r")
    app.same(" of ", "TESS")
    app.press("enter")
    app.same("calibrated science")
    app.press("enter")
    app.same(" points")
    app.go("right", "+", "+", ".", "0", "f", "b", "h", "pagedown", "esc")


def test_in_screen(tmp_path: Path, demo_url: str) -> None:
    if shutil.which("screen") is None:
        pytest.skip("screen is not here")
    (tmp_path / "rc").write_text(SCREEN)
    (tmp_path / "sockets").mkdir(mode=0o700)
    argv = ["screen", "-U", "-c", str(tmp_path / "rc"), "-S", "wire", *APP, "--archive", demo_url]
    with Teed(home=tmp_path, argv=argv, env={"SCREENDIR": str(tmp_path / "sockets")}) as app:
        journey(app)
        app.press("q")
        app.wait_exit()
