"""A terminal for tests: starts a program in a real pty, types keys, and reads its screen as a person would.

It answers the questions that programs ask terminals, keeps every byte that was sent, and never waits without a limit.
Used by the journeys and by whoever counts bytes.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte
from pyte.screens import Char

from tests.wire.emulated import Screen, Stream

#: Makes the pty the program's controlling terminal, then becomes the program.
_BECOME = (
    "import fcntl,os,sys,termios; fcntl.ioctl(0,termios.TIOCSCTTY,0); os.execvpe(sys.argv[1],sys.argv[1:],os.environ)"
)

KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "space": " ",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"},
}

#: What a terminal is asked, and what an xterm without the newest extensions answers.
_ANSWERS = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",
    b"\x1b[c": b"\x1b[?62;c",
}
_LONGEST_QUESTION = max(map(len, _ANSWERS))

#: Sequences that change nothing on the screen and that pyte would show as text.
UNSEEN = re.compile(
    rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*[mnu]|\x1b\[[0-9;]*t|\x1b\[\?[0-9;]*\$p"
    rb"|\x1b_[^\x1b]*\x1b\\|\x1b[P^][^\x1b]*\x1b\\|\x1b\[c"
)
UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;?<>=$]*|[_P^\]][^\x1b\x07]*\x1b?)?\Z")


class _ByteStream(pyte.ByteStream):
    """With what pyte lacks, so that the terminal is answered for as an xterm answers."""

    csi, events = Stream.csi, Stream.events


class Terminal:
    """`argv` running on a screen of `size` (columns, rows). A context manager: the program is ended with it."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        term: str = "xterm-256color",
    ) -> None:
        self.columns, self.rows = size
        self.raw = bytearray()
        self._screen = Screen(self.columns, self.rows)
        self._screen.write_process_input = self.send  # type: ignore[method-assign] # where its cursor is, it tells itself
        self._stream: pyte.ByteStream = _ByteStream(self._screen)
        self._unfed = b""
        self._answered = 0
        self._master, slave = os.openpty()
        _set_size(slave, self.columns, self.rows)
        environment = {**(os.environ if env is None else env), "TERM": term, "LANG": "C.UTF-8"}
        for name in ("LINES", "COLUMNS"):
            environment.pop(name, None)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _BECOME, *argv],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            cwd=cwd,
            start_new_session=True,
        )
        os.close(slave)
        os.set_blocking(self._master, False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- reading ------------------------------------------------------------------------------------------------

    def pump(self, wait_s: float = 0.0) -> bool:
        """Take what the program has sent, waiting at most `wait_s` for it; False when nothing came."""
        if self._master < 0:
            time.sleep(wait_s)
            return False
        poll = select.poll()  # not select(): that knows no descriptor above 1023
        poll.register(self._master, select.POLLIN)
        if not poll.poll(wait_s * 1000):
            return False
        try:
            data = os.read(self._master, 65536)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno != errno.EIO:  # Linux says so when the last program has closed the terminal
                raise
            data = b""
        if not data:
            time.sleep(min(wait_s, 0.01))
            return False
        self.raw += data
        self._answer()
        self._feed(data)
        return True

    def _answer(self) -> None:
        fresh = bytes(self.raw[max(0, self._answered - _LONGEST_QUESTION) :])
        base = len(self.raw) - len(fresh)
        asked = [
            (base + match.end(), answer)
            for question, answer in _ANSWERS.items()
            for match in re.finditer(re.escape(question), fresh)
            if base + match.end() > self._answered
        ]
        for _, answer in sorted(asked):
            self.send(answer)
        self._answered = len(self.raw)

    def _feed(self, data: bytes) -> None:
        data = self._unfed + data
        half = UNFINISHED.search(data)
        self._unfed = data[half.start() :] if half else b""
        if half:
            data = data[: half.start()]
        self._stream.feed(UNSEEN.sub(b"", data))

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self._screen.display]

    @property
    def screen(self) -> str:
        """What stands on the screen now, as text."""
        return "\n".join(self.lines)

    @property
    def cells(self) -> list[list[Char]]:
        """Each cell with its colours and attributes."""
        return [[self._screen.buffer[y][x] for x in range(self.columns)] for y in range(self.rows)]

    @property
    def cursor(self) -> tuple[int, int] | None:
        """Row and column from 0; None for a hidden cursor."""
        cursor = self._screen.cursor
        return None if cursor.hidden else (cursor.y, min(cursor.x, self.columns - 1))

    @property
    def sent(self) -> int:
        """Bytes that the program has sent so far."""
        return len(self.raw)

    # --- waiting ------------------------------------------------------------------------------------------------

    def wait_until(self, true: Callable[[str], bool], what: str, limit_s: float = 30.0) -> str:
        """Read until the screen is as wanted; AssertionError with the screen when it does not become so."""
        end = time.monotonic() + limit_s
        while not true(self.screen):
            if time.monotonic() > end or (
                not self.pump(0.1) and self.process.poll() is not None and not self.pump(0.05)
            ):
                if true(self.screen):
                    break
                state = "still running" if self.process.poll() is None else f"ended with {self.process.returncode}"
                raise AssertionError(f"{what}: not within {limit_s:.0f} s; the program is {state}\n{self.screen}")
        return self.screen

    def wait_for(self, *words: str, limit_s: float = 30.0) -> str:
        """Read until all `words` stand on the screen; a line may end within them."""
        return self.wait_until(
            lambda screen: all(w in screen or w in " ".join(screen.split()) for w in words),
            f"waiting for {words}",
            limit_s,
        )

    def wait_gone(self, words: str, limit_s: float = 30.0) -> str:
        return self.wait_until(lambda screen: words not in screen, f"waiting for {words!r} to go", limit_s)

    def rest(self, quiet_s: float = 0.3, limit_s: float = 10.0) -> str:
        """Read until nothing has come for `quiet_s`."""
        end, last = time.monotonic() + limit_s, time.monotonic()
        while time.monotonic() < end and time.monotonic() - last < quiet_s:
            if self.pump(0.05):
                last = time.monotonic()
        return self.screen

    def watch(self, seconds: float) -> int:
        """Read for so long; the number of bytes that came."""
        before, end = self.sent, time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.pump(left)
        return self.sent - before

    def wait_exit(self, limit_s: float = 10.0) -> tuple[int, float]:
        """The program's exit code, and how many seconds it took from now to its end."""
        began = time.monotonic()
        while self.process.poll() is None:
            if time.monotonic() - began > limit_s:
                raise AssertionError(f"still running after {limit_s:.0f} s\n{self.screen}")
            self.pump(0.01)
        took = time.monotonic() - began
        while self.pump(0.05):
            pass
        return self.process.returncode, took

    # --- doing --------------------------------------------------------------------------------------------------

    def send(self, data: bytes | str) -> None:
        """Bytes as they are; letters of a string are typed."""
        view = memoryview(data.encode() if isinstance(data, str) else data)
        while view:
            try:
                view = view[os.write(self._master, view) :]
            except BlockingIOError:
                self.pump(0.05)

    def press(self, *keys: str) -> None:
        """Keys by name ("enter", "f3", "ctrl+l") or as a single sign."""
        for key in keys:
            self.send(key if len(key) == 1 else KEYS[key])
            if key == "esc":
                # an escape directly before another key would read as alt+key
                self.watch(0.2)

    def resize(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._screen.resize(rows, columns)
        _set_size(self._master, columns, rows)

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def hang_up(self) -> None:
        """The terminal goes away, as when a link breaks or a window is closed."""
        os.close(self._master)
        self._master = -1

    def resident_bytes(self) -> int:
        """Memory of the program itself, without its children."""
        found = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self.process.pid)], capture_output=True, text=True, timeout=5
        )
        return int(found.stdout.strip() or 0) * 1024

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        if self._master >= 0:
            self.hang_up()


def _set_size(fd: int, columns: int, rows: int) -> None:
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
