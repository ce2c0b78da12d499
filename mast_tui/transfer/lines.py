"""The lines to the archive, few and lent one a file: who has all bytes of a file gives its line back at once, and
syncs and verifies while another worker fetches over it. So no line is idle while a slow disk is waited for.

Used by the workers.
"""

from __future__ import annotations

import threading

from mast_tui.transfer.web import Line


class Lines:
    """At most `size` lines in use at a time. `read_s` is the longest silence that is borne on one."""

    def __init__(self, size: int, read_s: float) -> None:
        self._changed = threading.Condition()
        self._size, self._lent = size, 0
        self._free: list[Line] = []
        self._read_s = read_s

    def set_size(self, size: int) -> None:
        """Holds for what is lent from now on."""
        with self._changed:
            self._size = size
            del self._free[size:]
            self._changed.notify_all()

    def borrow(self) -> Loan:
        """Wait until a line is free. The one that came back last is lent first: its connection is the freshest."""
        with self._changed:
            self._changed.wait_for(lambda: self._lent < self._size)
            self._lent += 1
            line = self._free.pop() if self._free else None
        return Loan(self, line or Line(self._read_s))

    def take_back(self, line: Line | None) -> None:
        with self._changed:
            self._lent -= 1
            if line is not None:
                self._free.append(line)
            self._changed.notify()


class Loan:
    """A line in the hands of one worker."""

    def __init__(self, lines: Lines, line: Line) -> None:
        self._lines, self.line = lines, line
        self._back = False

    def give_back(self, *, for_good: bool = False) -> None:
        """Once; later calls do nothing. `for_good`: nobody needs it soon, so that its connection is let go."""
        if not self._back:
            self._back = True
            self._lines.take_back(None if for_good else self.line)
