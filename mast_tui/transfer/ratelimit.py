"""One limit on bytes a second over all workers, changeable while they run. Used by the engine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

#: What an idle bucket may hold, in seconds of its rate.
_BURST_S = 0.05
_SLICE_S = 0.2


class TokenBucket:
    """`take(n)` returns when n bytes more may be read; None is no limit."""

    def __init__(self, bytes_per_s: int | None = None) -> None:
        self._lock = threading.Lock()
        self._rate = bytes_per_s
        self._free_at = time.monotonic()
        self._epoch = 0

    @property
    def rate(self) -> int | None:
        return self._rate

    def set_rate(self, bytes_per_s: int | None) -> None:
        """A new limit holds at once, also for those who wait."""
        with self._lock:
            self._rate = bytes_per_s if bytes_per_s and bytes_per_s > 0 else None
            self._free_at = time.monotonic()
            self._epoch += 1

    def piece(self, largest: int) -> int:
        """How much to read at once, so that a low limit is smooth and no server takes us for dead."""
        rate = self._rate
        return largest if rate is None else max(512, min(largest, rate // 32))

    def take(self, n: int, wait: Callable[[float], bool]) -> None:
        """`wait(seconds)` sleeps, and is true when the transfer was stopped meanwhile."""
        with self._lock:
            if self._rate is None:
                return
            now = time.monotonic()
            self._free_at = max(self._free_at, now - _BURST_S) + n / self._rate
            until, epoch = self._free_at, self._epoch
        while epoch == self._epoch:
            left = until - time.monotonic()
            if left <= 0 or wait(min(left, _SLICE_S)):
                return
