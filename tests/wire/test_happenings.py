"""What happens to a program on a terminal: it is stopped and goes on, others write there, the line sticks, it crashes.

Afterwards the terminal shows what was painted; and when the app has left, it is as the shell gave it.
"""

from __future__ import annotations

import re
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.wire.teed import Teed

SHELL = ["bash", "--norc", "--noprofile", "-i"]
#: `sessions` is a defect in this app.
CRASHING = """
from tests.wire.teed_app import main
from mast_tui.tui.app import MastApp
MastApp.do_sessions = lambda app: {}["no such"]
raise SystemExit(main())
"""

Open = Callable[..., Teed]


@pytest.fixture
def opened(tmp_path: Path, demo_url: str) -> Iterator[Open]:
    with ExitStack() as stack:

        def one(kind: type[Teed] = Teed, **environment: str) -> Teed:
            app = stack.enter_context(kind("--archive", demo_url, home=tmp_path, env=environment))
            app.same("❯")
            return app

        yield one


@pytest.fixture
def shell(tmp_path: Path, demo_url: str) -> Iterator[Teed]:
    """A shell in which `app` starts the app."""
    (tmp_path / "crashing.py").write_text(CRASHING)
    (tmp_path / "inputrc").write_text("set enable-bracketed-paste off\n")
    known = {"PS1": "shell> ", "INPUTRC": str(tmp_path / "inputrc"), "URL": demo_url, "PYTHON": sys.executable}
    with Teed(home=tmp_path, argv=SHELL, env=known) as terminal:
        terminal.wait_for("shell>")
        yield terminal


def modes(terminal: Teed) -> dict[str, bool]:
    """The private modes that were ever set or reset, as they are now."""
    found = re.findall(rb"\x1b\[\?([0-9;]+)([hl])", bytes(terminal.raw))
    return {number.decode(): letter == b"h" for numbers, letter in found for number in numbers.split(b";")}


def given_back(terminal: Teed) -> None:
    now = modes(terminal)
    assert {number for number, on in now.items() if on} <= {"7", "25"}, now
    assert now["25"] and now["7"], "the cursor is seen, and lines wrap"
    assert terminal.raw.count(b"\x1b[>") == terminal.raw.count(b"\x1b[<u"), "the keyboard's protocol is the shell's"


def discipline(terminal: Teed) -> list[object]:
    """How the kernel treats the line: echo, signals, whole lines."""
    return termios.tcgetattr(terminal._master)[:6]


def prompted(terminal: Teed, *words: str) -> None:
    """The shell asks for its next command, after `words`."""
    sent = terminal.sent
    told = [*(word.encode() for word in words), b"shell> "]
    terminal.wait_until(lambda _: all(w in terminal.raw[sent:] for w in told), f"{words} and a prompt")


def start(terminal: Teed, words: str, *shown: str) -> None:
    terminal.send(words + "\r")
    terminal.same(*shown)


def test_stopped_and_in_the_foreground_again(shell: Teed) -> None:
    before = discipline(shell)
    start(shell, "$PYTHON -m tests.wire.teed_app --archive $URL", "❯", "Radius")
    shell.send("M101\r")
    shell.same(" of ", "M101", gone="⋯")
    for _ in range(2):
        shell.go("down")
        shell.press("ctrl+z")
        prompted(shell, "Stopped")
        given_back(shell)
        assert discipline(shell) == before
        shell.send("echo what stands $((40 + 2)) on the screen; stty size\r")
        shell.wait_for("what stands 42 on", "24 80")
        shell.send("fg\r")
        shell.same(" of ", "M101", gone="what stands 42")
    shell.go("down", "pagedown", "F")
    shell.same("Counts of which column?")
    shell.press("esc", "q")
    prompted(shell)
    given_back(shell)
    assert discipline(shell) == before


def test_stopped_where_a_script_started_it(shell: Teed) -> None:
    """The shell looks after the script; it must be stopped too, or the terminal hangs."""
    start(shell, "sh -c '$PYTHON -m tests.wire.teed_app --archive $URL; echo the script goes on'", "❯", "Radius")
    shell.press("ctrl+z")
    prompted(shell, "Stopped")
    shell.send("fg\r")
    shell.same("❯", "Radius", gone="Stopped")
    shell.press("esc", "ctrl+q")
    prompted(shell, "the script goes on")


def test_a_new_size_while_it_is_stopped(shell: Teed) -> None:
    start(shell, "$PYTHON -m tests.wire.teed_app --archive $URL", "❯", "Radius")
    shell.press("ctrl+z")
    prompted(shell, "Stopped")
    shell.resize(100, 30)
    shell.rest()
    shell.send("fg\r")
    shell.same("❯", "Radius", gone="Stopped")
    until = time.monotonic() + 10  # what it was stopped with may be seen before the app has the new size
    while "help" not in shell.lines[29] and time.monotonic() < until:
        shell.rest()
    assert "? help" in shell.lines[29] or "F1 help" in shell.lines[29]


def test_without_a_shell_it_is_not_stopped(opened: Open) -> None:
    app = opened()
    app.press("ctrl+z")
    app.same("There is no shell to go back to")


def test_a_crash_leaves_the_shell_its_terminal(shell: Teed) -> None:
    before = discipline(shell)
    start(shell, "$PYTHON crashing.py --archive $URL", "❯", "Radius")
    shell.press("f4")
    prompted(shell, "met an unexpected error")
    given_back(shell)
    assert discipline(shell) == before
    shell.send("echo $((6 * 7))\r")
    shell.wait_until(lambda screen: "\n42" in screen, "the shell goes on")


def test_another_program_writes_there_and_the_screen_is_drawn_again(opened: Open) -> None:
    app = opened()
    app.send("M101\r")
    app.same(" of ", "M101", gone="⋯")
    app._feed(b"\x1b7\x1b[0m\x1b[5;1H\r\nBroadcast message from root\r\nThe system goes down\r\n\x1b8")
    assert app.seen != app.seen_by_stock
    app.press("ctrl+l")
    app.same(" of ", gone="Broadcast")
    app._feed(b"\x1b[0m\x1b[2J\x1b[H$ a whole other screen")
    app.press("ctrl+l")
    app.same(" of ", "M101", gone="whole other")


def test_another_size_while_the_line_is_stuck(opened: Open) -> None:
    app = opened()
    app.send("M101\r")
    app.same(" of ", "M101", gone="⋯")
    for n in range(60):  # nobody reads what is painted
        app.press("pagedown" if n % 2 else "pageup")
        if n == 30:
            app.resize(110, 35)
        time.sleep(0.02)
    app.resize(90, 28)
    app.same(" of ", "M101")


@pytest.mark.parametrize("mouse", ["false", "true"])
def test_the_mouse_is_asked_for_clicks_only_where_the_user_wants_it(shell: Teed, mouse: str) -> None:
    shell.send(f"MAST_TUI_MOUSE={mouse} $PYTHON -m tests.wire.teed_app --archive $URL\r")
    shell.same("❯", "Radius")
    mice = {number for number, on in modes(shell).items() if on and number.startswith("10") and number != "1004"}
    assert mice == ({"1000", "1002", "1006", "1049"} if mouse == "true" else {"1049"})
    shell.press("esc", "ctrl+q")
    prompted(shell)
    given_back(shell)
