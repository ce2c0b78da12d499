"""What the journeys share: the real program in a real terminal, with a home of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.journeys.ptyharness import Terminal

ROOT = Path(__file__).parents[2]
SIZES = ((80, 24), (120, 40))
#: A running queue is met in the middle: at this rate nothing large ends within a test.
SLOWLY = {"MAST_TUI_LIMIT_RATE": "300k"}


class World:
    """A person's machine: a home, and programs started on it in terminals of their own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.downloads = home / "mast"
        self._terminals = contextlib.ExitStack()

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "VIRTUAL_ENV") if name in os.environ}
        return {
            **kept,
            "HOME": str(self.home),
            # it holds a socket, whose path may not be long
            "XDG_RUNTIME_DIR": str(self.home),
            "PYTHONPATH": str(ROOT),
            # a test that looks elsewhere while the app asks its terminal is a slow link, and would get drafts
            "MAST_TUI_LOW_BANDWIDTH": "off",
            **more,
        }

    def app(
        self,
        *arguments: str,
        size: tuple[int, int] = (80, 24),
        term: str = "xterm-256color",
        env: Mapping[str, str] | None = None,
    ) -> Terminal:
        """`mast-tui ARGUMENTS`, which ends with the test if it has not ended before."""
        argv = [sys.executable, "-m", "mast_tui.cli", *arguments]
        terminal = Terminal(argv, size=size, env=self.environment(**(env or {})), cwd=self.home, term=term)
        return self._terminals.enter_context(terminal)

    def demo(self, *, size: tuple[int, int] = (80, 24), env: Mapping[str, str] | None = None) -> Terminal:
        """The app on the embedded archive, ready for a question."""
        terminal = self.app("--demo", size=size, env=env)
        terminal.wait_for("Demo: try")
        return terminal

    def end(self) -> None:
        self._terminals.close()
        for number in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)

    def holds(self, words: str) -> list[Path]:
        """Files of the home in which `words` stand."""
        return [p for p in self.home.rglob("*") if p.is_file() and words.encode() in p.read_bytes()]

    def processes(self) -> list[int]:
        """Ids of all programs that were started in this world and still run: they know its home.

        Only where `/proc` tells; elsewhere nobody is found.
        """
        listed = subprocess.run(["ps", "-eo", "pid=,ppid=,stat="], capture_output=True, text=True, timeout=10).stdout
        mine = []
        for line in listed.splitlines():
            number, _, state = line.split(None, 2)
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{number}/environ").read_bytes()
                if f"HOME={self.home}\0".encode() in words + b"\0" and not state.startswith("Z"):
                    mine.append(int(number))
        return mine


@contextlib.contextmanager
def a_world() -> Iterator[World]:
    home = Path(tempfile.mkdtemp(prefix="mt-"))
    made = World(home)
    try:
        yield made
    finally:
        made.end()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as made:
        yield made


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Start an embedded archive that misbehaves as told; gives its address."""
    with contextlib.ExitStack() as stack:

        def started(*faults: str) -> str:
            argv = [sys.executable, "-m", "mast_tui.demo", "--exit-with-stdin"]
            argv += [word for fault in faults for word in ("--fault", fault)]
            process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
            stack.callback(process.wait, 10)
            stack.callback(process.kill)
            assert process.stdout is not None
            return process.stdout.readline().strip()

        yield started
