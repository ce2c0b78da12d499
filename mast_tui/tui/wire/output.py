"""The way to the terminal: bytes go out as the line takes them, and a line that takes none can be given up.

A terminal's file may be shared with the shell and with programs that were started before, so it must not be made
non-blocking. On its own opening of the same terminal the wire may.
"""

from __future__ import annotations

import contextlib
import os
import select
import termios
from collections.abc import Callable

#: How long a full line is waited for before it is looked at again whether to go on.
_LOOK_S = 0.05
#: So much goes at once into a file that blocks: a terminal that says it takes some takes that much.
_PIECE = 64


class Output:
    """Writes to the terminal at `fd` (the descriptor stays the caller's)."""

    def __init__(self, fd: int) -> None:
        self._fd, self._blocks = fd, True
        with contextlib.suppress(OSError):  # no terminal, or one that another user opened (su)
            self._fd = os.open(os.ttyname(fd), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
            self._blocks = False
        #: Bytes that went out, for whoever measures.
        self.n_bytes = 0
        #: Whether the line has taken nothing at the last try.
        self.stuck = False

    def write(self, data: bytes, go_on: Callable[[], bool]) -> bool:
        """Write all; while the line takes nothing, `go_on` is asked now and then, and False is the end: then only a
        part was written. OSError where the terminal is gone."""
        while data:
            if self._blocks:
                self.stuck = not select.select([], [self._fd], [], _LOOK_S)[1]
            if not (self._blocks and self.stuck):
                try:
                    written = os.write(self._fd, data[:_PIECE] if self._blocks else data)
                    self.stuck = False
                except BlockingIOError:
                    written, self.stuck = 0, True
                    select.select([], [self._fd], [], _LOOK_S)
                self.n_bytes += written
                data = data[written:]
            if self.stuck and not go_on():
                return False
        return True

    def discard(self) -> None:
        """Throw away what waits in the line: pictures that nobody has seen, in the way of what must be said."""
        with contextlib.suppress(termios.error):
            termios.tcflush(self._fd, termios.TCOFLUSH)
