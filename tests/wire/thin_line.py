"""A thin line between a program and its terminal, as ssh over a slow link makes it.

What the program writes is taken at once, whatever it is (as sshd takes it), and reaches the terminal at the line's rate
and after half the round trip; keys and the terminal's answers take the other half. So a program that writes ahead of
the line queues up stale pictures, and that is seen.
"""

from __future__ import annotations

import collections
import os
import select
import time
from collections.abc import Mapping, Sequence

from tests.journeys.ptyharness import Terminal


class ThinLine(Terminal):
    """`bytes_per_s` towards the terminal; `round_trip_s` there and back."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        bytes_per_s: float,
        round_trip_s: float,
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str] | None = None,
    ) -> None:
        self._rate, self._half_s = bytes_per_s, round_trip_s / 2
        self._down: collections.deque[tuple[float, bytes]] = collections.deque()
        self._up: collections.deque[tuple[float, bytes]] = collections.deque()
        self._line_free = 0.0
        #: When each piece reached the terminal, and how many bytes had by then.
        self.arrivals: list[tuple[float, int]] = []
        super().__init__(argv, size=size, env=env)

    def pump(self, wait_s: float = 0.0) -> bool:
        """Move what is due in both directions; True when something reached the terminal."""
        end = time.monotonic() + wait_s
        while True:
            self._take()
            if self._deliver():
                return True
            now = time.monotonic()
            if now >= end and not (self._down and self.process.poll() is not None):
                return False  # what a program that has ended left on the line is waited for
            due = [queue[0][0] for queue in (self._down, self._up) if queue]
            pause = max(0.0, min([end, *due]) - now)
            select.select([self._master] if self._master >= 0 else [], [], [], min(pause, 0.02))

    def send(self, data: bytes | str) -> None:
        self._up.append((time.monotonic() + self._half_s, data.encode() if isinstance(data, str) else data))

    def _take(self) -> None:
        while self._master >= 0 and select.select([self._master], [], [], 0)[0]:
            try:
                data = os.read(self._master, 65536)
            except (BlockingIOError, OSError):
                return
            if not data:
                return
            for at in range(0, len(data), 32):  # as small packets, so that a long piece arrives bit by bit
                piece = data[at : at + 32]
                self._line_free = max(self._line_free, time.monotonic()) + len(piece) / self._rate
                self._down.append((self._line_free + self._half_s, piece))

    def _deliver(self) -> bool:
        came = False
        now = time.monotonic()
        while self._up and self._up[0][0] <= now:
            super().send(self._up.popleft()[1])
        while self._down and self._down[0][0] <= now:
            data = self._down.popleft()[1]
            self.raw += data
            self._answer()
            self._feed(data)
            self.arrivals.append((time.monotonic(), len(self.raw)))
            came = True
        return came

    def hold(self, key: str, *, seconds: float, a_second: int) -> float:
        """Hold a key; how many seconds after its release the picture last changed."""
        began = time.monotonic()
        for n in range(1, int(seconds * a_second) + 1):
            self.press(key)
            while (left := began + n / a_second - time.monotonic()) > 0:
                self.pump(left)
        released = time.monotonic()
        self.rest(max(1.5, 6 * self._half_s), limit_s=240.0)
        return max(0.0, self.arrivals[-1][0] - released)
