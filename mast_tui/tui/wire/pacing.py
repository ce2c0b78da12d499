"""Never ahead of the link: one frame is on the way, and the next goes when the terminal has said that it shows it.

Behind each frame the terminal is asked where its cursor is (DSR 6, answered by CPR: ECMA-48 §8.3.35, every terminal
since the VT100). While the answer is awaited, newer pictures replace older ones unsent; so what is on its way is never
more than one frame, whatever the buffers of ssh and TCP would take. From the answers the link is measured. Where the
terminal does not answer, frames go as they come.
"""

from __future__ import annotations

import collections
import time
from collections.abc import Callable
from dataclasses import dataclass

#: Longest silence before the first answer ever; after it frames go freely until one comes.
_FIRST_S = 1.0
#: Longest silence later on, beyond three times what the link is known to need.
_LATER_S = 2.0
#: A link of which nothing is known is taken for 4800 baud when it is waited for.
_SLOWEST = 480.0
#: A frame of so many bytes tells of the round trip alone; one of so many more tells of the rate.
_SMALL, _LARGE = 120, 600
#: Answers remembered for the round trip; the smallest of them is it.
_REMEMBERED = 16
_ASK = "\x1b[6n"


@dataclass(frozen=True)
class Link:
    """What is known of the way to the terminal: seconds there and back, and bytes a second; None until measured.

    `answers` is False where the terminal does not tell, so that nothing can be measured.
    """

    answers: bool
    round_trip_s: float | None = None
    bytes_per_s: float | None = None


@dataclass(frozen=True)
class _Asked:
    at: float
    n_bytes: int
    place: tuple[int, int] | None


class Pacing:
    """Used under the lock of `screen`. `clock` in seconds."""

    def __init__(self, *, on: bool = True, clock: Callable[[], float] = time.monotonic) -> None:
        self._on, self._clock = on, clock
        self._asked: collections.deque[_Asked] = collections.deque()
        self._round_trips: collections.deque[float] = collections.deque(maxlen=_REMEMBERED)
        self._rate: float | None = None
        self._answered = self._silent = False

    @property
    def link(self) -> Link:
        return Link(self._answered, min(self._round_trips, default=None), self._rate)

    def wait_s(self) -> float:
        """How long the next frame is still held back, unless an answer comes; 0 for not at all."""
        if not self._asked or self._silent:
            return 0.0
        left = self._asked[0].at + self._patience_s() - self._clock()
        if left > 0:
            return left
        # no answer: go on without, and listen again when one comes after all
        self._silent = True
        if not self._answered:
            self._on = False
        self._asked.clear()
        return 0.0

    def question(self) -> str:
        """What is to be written behind a frame."""
        return _ASK if self._on else ""

    def sent(self, n_bytes: int, place: tuple[int, int] | None) -> None:
        """A frame of so many bytes has gone out with its question; `place` is where the cursor must be then."""
        if self._on:
            self._asked.append(_Asked(self._clock(), n_bytes, place))

    def answer(self, row: int, column: int) -> bool:
        """The terminal says where its cursor is (from 0). False when that is not where it must be."""
        self._answered, self._silent, self._on = True, False, True
        if not self._asked:
            return True
        asked = self._asked.popleft()
        self._measure(asked.n_bytes, self._clock() - asked.at)
        return asked.place is None or asked.place == (row, column)

    def forget(self) -> None:
        """What was asked will not be answered, or no longer means anything."""
        self._asked.clear()

    def _patience_s(self) -> float:
        if not self._answered:
            return _FIRST_S
        n_bytes = sum(asked.n_bytes for asked in self._asked)
        return _LATER_S + 3 * (min(self._round_trips, default=0.5) + n_bytes / (self._rate or _SLOWEST))

    def _measure(self, n_bytes: int, took_s: float) -> None:
        if n_bytes <= _SMALL or not self._round_trips or took_s < min(self._round_trips):
            self._round_trips.append(max(1e-4, took_s))
        if n_bytes >= _LARGE:
            rate = n_bytes / max(1e-4, took_s - min(self._round_trips, default=0.0))
            self._rate = rate if self._rate is None else 0.5 * (rate + self._rate)
