"""The file that Textual's driver writes to: it takes escape text at any rate and sends the terminal what it needs.

`write` and `flush` never wait. A thread of its own sends: what sets modes at once and in order, pictures when the last
one has been acknowledged. What is on the terminal is known cell by cell; where that can't be (a resize, another program
that wrote there, a terminal that is not where it must be), all is painted anew.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

from mast_tui.tui.wire.cells import BLANK, Picture
from mast_tui.tui.wire.difference import Abilities, Difference
from mast_tui.tui.wire.pacing import Link, Pacing
from mast_tui.tui.wire.palette import Depth
from mast_tui.tui.wire.reading import SYNC_END, SYNC_START, Drawn, read

_ALT_SCREEN_ON, _ALT_SCREEN_OFF = "\x1b[?1049h", "\x1b[?1049l"
#: Does it repeat a character? Where the cursor is after two repetitions tells; then the line is wiped.
_REPEATS = "\x1b[H \x1b[2b\x1b[6n\x1b[2K\x1b[H"
#: So often in a row the terminal may be elsewhere than it must, before its word on that is taken for nothing.
_DRIFTS = 3
#: Without acknowledgements: frames a second at most.
_FREE_S = 1 / 60
#: How long the end waits for what is still to be written.
_LAST_S = 0.5


class WireScreen:
    """`fd` is the terminal, `size` tells its columns and rows. `changed` is called when the link is known better."""

    def __init__(
        self,
        fd: int,
        size: Callable[[], tuple[int, int]],
        *,
        depth: Depth = "truecolor",
        abilities: Abilities | None = None,
        paced: bool = True,
    ) -> None:
        self._fd, self._size, self._depth = fd, size, depth
        width, height = size()
        self._lock = threading.Condition()
        self._wanted = Picture(width, height)
        self._difference = Difference(width, height, abilities or Abilities())
        self._pacing = Pacing(on=paced)
        self._probing = False
        self._passing: list[str] = []
        self._cursor = (0, 0)
        self._cursor_seen = False
        self._drawn = self._in_frame = self._synchronised = False
        self._in_alt_screen = False
        self._drifts = 0
        self._resized = False
        self._sending = False
        self._sender: threading.Thread | None = None
        self._closing = False
        #: Bytes and frames that went out, for whoever measures.
        self.n_bytes = self.n_frames = 0

    # --- the file that the driver knows --------------------------------------------------------------------------

    def write(self, text: str) -> int:
        with self._lock:
            if self._resized:
                self._take_size()
            for step in read(text, self._depth):
                if isinstance(step, Drawn):
                    self._wanted.put(step.y, step.x, step.cells)
                    self._cursor = (step.y, step.x + len(step.cells))
                    self._drawn = True
                else:
                    self._pass(step)
            self._start()
            self._lock.notify_all()
        return len(text)

    def flush(self) -> None:
        """Nothing to do: what is whole goes out by itself."""

    def fileno(self) -> int:
        return self._fd

    def isatty(self) -> bool:
        return True

    # --- what else the driver tells ------------------------------------------------------------------------------

    @property
    def link(self) -> Link:
        with self._lock:
            return self._pacing.link

    def resized(self) -> None:
        """The terminal has another size, or had for a moment: what it shows is not known. Safe in a signal handler."""
        self._resized = True

    def repaint(self) -> None:
        """Paint everything anew: something else may have written on the terminal."""
        with self._lock:
            self._difference.forget(self._wanted.width, self._wanted.height)
            self._drawn = True
            self._lock.notify_all()

    def cursor_is_at(self, row: int, column: int) -> None:
        """The terminal's answer to where its cursor is, from 0."""
        with self._lock:
            if self._probing:
                self._probing = False
                self._pacing.answer(row, column)
                if (row, column) == (0, 3):
                    self._difference.abilities = Abilities(bce=self._difference.abilities.bce, rep=True)
            elif self._pacing.answer(row, column):
                self._drifts = 0
            elif self._drifts < _DRIFTS:
                self._drifts += 1
                self._difference.forget(self._wanted.width, self._wanted.height)
                self._drawn = True
            self._lock.notify_all()

    def drain(self) -> None:
        """Have what was passed on written, and end the sender; a frame that waits is dropped. For at most half a
        second: the terminal may be gone."""
        with self._lock:
            self._closing = True
            self._lock.notify_all()
            sender = self._sender
        if sender is not None:
            sender.join(_LAST_S)
        with self._lock:
            self._sender, self._closing = None, False
            self._pacing.forget()

    # --- reading -------------------------------------------------------------------------------------------------

    def _pass(self, text: str) -> None:
        if SYNC_START in text or SYNC_END in text:
            self._synchronised = True
            self._in_frame = text.rfind(SYNC_START) > text.rfind(SYNC_END)
            text = text.replace(SYNC_START, "").replace(SYNC_END, "")
        if not text:
            return
        if _ALT_SCREEN_ON in text:
            self._take_size()
            self._wanted.fill(BLANK)
            self._drawn, self._in_alt_screen = False, True
        if _ALT_SCREEN_OFF in text:
            self._drawn, self._in_alt_screen, self._in_frame = False, False, False
        if "\x1b[?25" in text:
            self._cursor_seen = text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l")
        self._passing.append(text)

    def _take_size(self) -> None:
        self._resized = False
        width, height = self._size()
        old = self._wanted
        if (width, height) != (old.width, old.height):
            self._wanted = Picture(width, height)
            for y, row in enumerate(old.rows[:height]):
                self._wanted.put(y, 0, row)
        self._difference.forget(width, height)
        self._pacing.forget()
        self._drawn = self._in_alt_screen

    # --- sending -------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        if self._sender is None and not self._closing:
            self._sender = threading.Thread(target=self._send_all, daemon=True, name="wire-output")
            self._sender.start()

    def _send_all(self) -> None:
        next_frame = 0.0
        while True:
            with self._lock:
                while not self._passing and not self._closing:
                    if self._drawn and not self._in_frame:
                        wait = max(self._pacing.wait_s(), next_frame - time.monotonic())
                        if wait <= 0:
                            break
                    else:
                        wait = None
                    self._lock.wait(wait)
                data = self._next()
                if not data and self._closing:
                    return
            try:
                self._write_all(data.encode("utf-8", "replace"))
            except OSError:
                return  # the terminal is gone; the driver's input side ends the app
            next_frame = time.monotonic() + _FREE_S if not self._pacing.link.answers else 0.0

    def _next(self) -> str:
        """What goes out now: all that is passed on, and the frame, if it is its turn."""
        out: list[str] = []
        for text in self._passing:
            if _ALT_SCREEN_OFF in text:
                out.append(self._difference.plain())
            out.append(text)
            if _ALT_SCREEN_ON in text:
                self._difference.cleared()
                if self._pacing.question():
                    out.append(_REPEATS)
                    self._difference.at = (0, 0)
                    self._probing = True
                    self._pacing.sent(len(_REPEATS), None)
        self._passing.clear()
        if self._drawn and not self._in_frame and not self._closing and (self._probing or self._pacing.wait_s() <= 0):
            self._drawn = False
            frame = self._difference.to(self._wanted, self._place_for_cursor())
            if frame:
                question = self._pacing.question()
                if self._synchronised and len(frame) > 200:
                    frame = f"{SYNC_START}{frame}{SYNC_END}"
                out.append(frame + question)
                self.n_frames += 1
                place = self._difference.at if self._drifts < _DRIFTS else None
                self._pacing.sent(len(frame.encode("utf-8", "replace")) + len(question), place)
        return "".join(out)

    def _place_for_cursor(self) -> tuple[int, int] | None:
        """Where the cursor belongs: Textual leaves a cursor that stands for nothing hidden in the first cell."""
        if not self._cursor_seen and self._cursor == (0, 0):
            return None
        return (self._cursor[0], min(self._cursor[1], self._wanted.width - 1))

    def _write_all(self, data: bytes) -> None:
        while data:
            try:
                written = os.write(self._fd, data)
            except BlockingIOError:
                time.sleep(0.005)
                continue
            self.n_bytes += written
            data = data[written:]
