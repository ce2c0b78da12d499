"""The file that Textual's driver writes to: it takes escape text at any rate and sends the terminal what it needs.

`write` and `flush` never wait. A thread of its own sends: what sets modes at once and in order, pictures when the last
one has been acknowledged. What is on the terminal is known cell by cell; where that can't be (a resize, another program
that wrote there, a terminal that is not where it must be), all is painted anew.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from mast_tui.tui.wire.cells import BLANK, UNKNOWN, Picture
from mast_tui.tui.wire.difference import Abilities, Difference
from mast_tui.tui.wire.output import Output
from mast_tui.tui.wire.pacing import Link, Pacing
from mast_tui.tui.wire.palette import Depth
from mast_tui.tui.wire.pixels import PIXELS, Pixels
from mast_tui.tui.wire.reading import SYNC_END, SYNC_START, Drawn, read

_ALT_SCREEN_ON, _ALT_SCREEN_OFF = "\x1b[?1049h", "\x1b[?1049l"
#: Does it repeat a character? Where the cursor is after two repetitions tells; then the line is wiped. The character is
#: none of ASCII: tmux 3.3 repeats those only.
_REPEATS, _REPEATED = "\x1b[H─\x1b[2b\x1b[6n\x1b[2K\x1b[H", (0, 3)
#: So often in a row the terminal may be elsewhere than it must, before its word on that is taken for nothing.
_DRIFTS = 3
#: Marks of synchronised output are worth their 16 bytes for a frame that a terminal may show in parts: what fits into
#: one packet comes in one piece, and on a serial line a short frame is better seen line by line than late.
_LONG_FRAME = 1000
#: How long the end waits for answers under way (they would be typed into the shell), and for what is to be written.
_ANSWERS_S, _LAST_S = 0.5, 0.3
#: After a frame that broke off: out of a sequence begun (CAN, ECMA-48 §8.3.6), the terminal's own pen, no frame begun.
_RESCUE = f"\x18\x1b[0m{SYNC_END}"


class WireScreen:
    """`fd` is the terminal, `size` tells its columns and rows. `on_defect` is called, in another thread, with an error
    in our own reckoning: from then on the picture stands still, and only what ends the app properly is sent."""

    def __init__(
        self,
        fd: int,
        size: Callable[[], tuple[int, int]],
        *,
        depth: Depth = "truecolor",
        abilities: Abilities | None = None,
        on_defect: Callable[[Exception], None] | None = None,
    ) -> None:
        self._fd, self._size, self._depth, self._on_defect = fd, size, depth, on_defect
        width, height = size()
        # a signal handler of the main thread may come here while that thread holds it: so it must be one to enter again
        self._lock = threading.Condition(threading.RLock())
        self._wanted = Picture(width, height)
        self._difference = Difference(width, height, abilities or Abilities())
        self._pacing = Pacing()
        self._link = self._pacing.link
        self._output = Output(fd)
        self._passing: list[str] = []
        #: What was passed on since the end began; None before.
        self._last_words: list[str] | None = None
        self._pixels = Pixels()
        self._cursor = (0, 0)
        self._cursor_seen = False
        self._drawn = self._in_frame = self._synchronised = self._on_alt_screen = False
        self._resized = self._probing = self._broken = self._gone = False
        self._drifts = 0
        self._sender: threading.Thread | None = None
        self._give_up_at: float | None = None
        self.n_frames = 0

    # --- the file that the driver knows --------------------------------------------------------------------------

    def write(self, text: str) -> int:
        with self._lock:
            if self._gone:
                return len(text)
            if self._resized:
                self._take_size()
            try:
                for step in read(text, self._depth):
                    if isinstance(step, Drawn):
                        if self._pixels.lie_under(step, self._wanted.width):
                            self._difference.shown.put(step.y, step.x, [UNKNOWN] * len(step.cells))
                        self._wanted.put(step.y, step.x, step.cells)
                        self._cursor = (step.y, step.x + len(step.cells))
                        self._drawn = self._on_alt_screen
                    elif PIXELS in step:
                        self._pixels.add(self._cursor, step, self._wanted.height)
                    else:
                        self._pass(step)
            except Exception as error:  # noqa: BLE001 - else Textual's writer would end, and the app wait for it
                self._defect(error)
            if self._sender is None and not self._gone:
                self._sender = threading.Thread(target=self._send_all, daemon=True, name="wire-output")
                self._sender.start()
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
        return self._link

    @property
    def busy(self) -> bool:
        """Whether a picture waits for the line, or is on its way as far as is known."""
        with self._lock:
            return self._drawn or self._pacing.awaited

    @property
    def n_bytes(self) -> int:
        """How many bytes went out, for whoever measures."""
        return self._output.n_bytes

    def resized(self) -> None:
        """The terminal has another size, or had for a moment: what it shows is not known. Safe in a signal handler."""
        self._resized = True

    def repaint(self) -> None:
        """Paint everything anew: something else may have written on the terminal."""
        with self._lock:
            self._drifts = 0
            self._forget_picture()
            self._lock.notify_all()

    def cursor_is_at(self, row: int, column: int) -> bool:
        """The terminal tells where its cursor is, from 0. False where that is no answer to a question of ours."""
        with self._lock:
            answer = self._pacing.answer(row, column)
            if answer == "not asked":
                return False
            self._link = self._pacing.link
            if self._probing:
                self._probing = False
                rep = (row, column) == _REPEATED
                self._difference.abilities = replace(self._difference.abilities, rep=rep)
            elif self._drifts < _DRIFTS:
                self._drifts = self._drifts + 1 if answer == "elsewhere" else 0
                if answer == "elsewhere":
                    self._forget_picture()
            self._lock.notify_all()
            return True

    def settle(self) -> None:
        """Before the input is no longer read: no picture more, and half a second for the answers under way, which the
        shell would else take for typed. A line that takes nothing is not waited for."""
        end = time.monotonic() + _ANSWERS_S
        with self._lock:
            self._on_alt_screen = self._drawn = False
            self._last_words = []
            while (
                self._pacing.awaited
                and not self._gone
                and not self._output.stuck
                and (left := end - time.monotonic()) > 0
            ):
                self._lock.wait(min(left, 0.05))

    def drain(self) -> None:
        """Have what was passed on written, and end the sender. Where the line takes nothing for 0.3 s,
        pictures that wait in it are thrown away, so that the terminal gets its modes back once it listens again."""
        with self._lock:
            sender, self._give_up_at = self._sender, time.monotonic() + _LAST_S
            self._lock.notify_all()
        if sender is not None:
            sender.join()  # it gives up by itself, in 0.7 s at the latest
        with self._lock:
            self._sender = self._give_up_at = None
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
            self._on_alt_screen, self._last_words = True, None
            self._take_size()
            self._wanted.fill(BLANK)
            self._drawn = False
        if _ALT_SCREEN_OFF in text:
            self._drawn = self._on_alt_screen = self._in_frame = False
        if "\x1b[?25" in text:
            self._cursor_seen = text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l")
        self._passing.append(text)
        if self._last_words is not None:
            self._last_words.append(text)

    def _take_size(self) -> None:
        self._resized = False
        width, height = self._size()
        old = self._wanted
        if (width, height) != (old.width, old.height):
            self._wanted = Picture(width, height)
            for y, row in enumerate(old.rows[:height]):
                self._wanted.put(y, 0, row)
        self._pacing.moved()
        self._forget_picture()

    def _forget_picture(self) -> None:
        self._difference.forget(self._wanted.width, self._wanted.height)
        self._drawn = self._on_alt_screen

    # --- sending -------------------------------------------------------------------------------------------------

    def _send_all(self) -> None:
        while True:
            with self._lock:
                while not self._passing and self._give_up_at is None:
                    wait = self._pacing.wait_s() if self._drawn and not self._in_frame else None
                    if wait == 0:
                        break
                    self._lock.wait(wait)
                data = self._next()
                if not data and self._give_up_at is not None:
                    return
            try:
                if not self._output.write(data, self._may_wait):
                    self._rescue()
                    return
            except OSError:
                self._gone = True  # the terminal; the driver's input side ends the app
                return

    def _may_wait(self) -> bool:
        return self._give_up_at is None or time.monotonic() < self._give_up_at

    def _rescue(self) -> None:
        """The end has come, and the line is full: make room for what restores the terminal, also for what of that is
        thrown away just now."""
        self._output.discard()
        with self._lock:
            data = (_RESCUE + "".join(self._last_words or self._passing)).encode("utf-8", "replace")
            self._passing.clear()
        end = time.monotonic() + _LAST_S
        self._output.write(data, lambda: time.monotonic() < end)

    def _next(self) -> bytes:
        """What goes out now: all that is passed on, and the frame, if it is its turn."""
        out: list[str] = []
        for text in self._passing:
            if _ALT_SCREEN_OFF in text:
                out.append(self._difference.plain())
            out.append(text)
            if _ALT_SCREEN_ON in text and self._pacing.question():
                out.append(_REPEATS)
                self._probing = True
                self._pacing.sent(len(_REPEATS.encode()), None, holds=False)
        self._passing.clear()
        data = "".join(out).encode("utf-8", "replace")
        if not self._drawn or self._in_frame or self._give_up_at is not None or self._pacing.wait_s() > 0:
            return data
        self._drawn = False
        try:
            text = self._difference.to(self._wanted, self._place_for_cursor())
            text += "".join(self._difference.through(*picture) for picture in self._pixels.take())
        except Exception as error:  # noqa: BLE001 - else nobody would send what restores the terminal
            self._defect(error)
            return data
        if not text:
            return data
        question = self._pacing.question()
        if self._synchronised and len(text) > _LONG_FRAME:
            text = f"{SYNC_START}{text}{SYNC_END}"
        frame = (text + question).encode("utf-8", "replace")
        self.n_frames += 1
        self._pacing.sent(len(frame), self._difference.at if self._drifts < _DRIFTS else None)
        return data + frame

    def _defect(self, error: Exception) -> None:
        self._drawn = self._on_alt_screen = False
        if not self._broken and self._on_defect is not None:
            self._broken = True
            self._on_defect(error)

    def _place_for_cursor(self) -> tuple[int, int] | None:
        """Where the cursor belongs: Textual leaves a cursor that stands for nothing hidden in the first cell."""
        if not self._cursor_seen and self._cursor == (0, 0):
            return None
        return (self._cursor[0], min(self._cursor[1], self._wanted.width - 1))
