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
from typing import Literal

#: Longest silence before the first answer ever; after it frames go freely until one comes.
_FIRST_S = 1.0
#: Longest silence later on, beyond three times what the link is known to need.
_LATER_S = 2.0
#: A link of which nothing is known is taken for 4800 baud when it is waited for.
_SLOWEST = 480.0
#: Between two frames to a terminal that never answers, and to one that has stopped answering: its line may be stuck.
_FREE_S, _STUCK_S = 1 / 60, 0.25
#: A frame of so many bytes tells of the round trip alone; one of so many more tells of the rate.
_SMALL, _LARGE = 120, 600
#: One between them does so where it took so much longer than the round trip.
_LONG_S = 0.25
#: Answers remembered: the shortest is the round trip, the best rate the link's, as whatever else happens on either end
#: only makes them worse (so does TCP's BBR: Cardwell et al. 2016, ACM Queue 14, 5).
_REMEMBERED, _RATES = 16, 5
#: Questions remembered whose answers are late, so that a late answer is not taken for another's.
_LATE = 64
_ASK = "\x1b[6n"

Place = tuple[int, int]
#: Whether a report answers a question of ours, and with the place that the cursor must have.
Answer = Literal["in place", "elsewhere", "not asked"]


@dataclass(frozen=True)
class Link:
    """What is known of the way to the terminal: seconds there and back, and bytes a second; None until measured.

    `answers` is False where the terminal does not tell, so that nothing can be measured.
    """

    answers: bool
    round_trip_s: float | None = None
    bytes_per_s: float | None = None
    #: How often the rate was measured, the best of late being told: another number is another measurement.
    n_rates: int = 0


@dataclass
class _Asked:
    at: float
    n_bytes: int
    #: None where any place is right: what the terminal does at the edge, or with a wide character, is its own.
    place: Place | None
    #: Whether the next frame waits for the answer.
    holds: bool
    #: No longer waited for; the answer may be lost, or come after all.
    late: bool = False


class Pacing:
    """Used under the lock of `screen`. `clock` in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._on, self._clock = True, clock
        #: Questions without an answer, oldest first.
        self._asked: collections.deque[_Asked] = collections.deque(maxlen=_LATE)
        self._round_trips: collections.deque[float] = collections.deque(maxlen=_REMEMBERED)
        self._rates: collections.deque[float] = collections.deque(maxlen=_RATES)
        self._n_rates = 0
        self._answered = self._silent = False
        self._free_at = 0.0

    @property
    def link(self) -> Link:
        return Link(self._answered, min(self._round_trips, default=None), self._rate, self._n_rates)

    @property
    def _rate(self) -> float | None:
        return max(self._rates, default=None)

    @property
    def awaited(self) -> bool:
        """Whether an answer may still come, from a terminal that gives some."""
        return self._answered and not self._silent and bool(self._asked)

    def wait_s(self) -> float:
        """How long the next frame is still held back, unless an answer comes; 0 for not at all."""
        now = self._clock()
        held = [asked for asked in self._asked if asked.holds]
        if held and not self._silent:
            left = held[0].at + self._patience_s(held) - now
            if left > 0:
                return left
            # no answer: go on without, and listen again when one comes after all
            self._silent = True
            self._on = self._answered
            for asked in self._asked:
                asked.late = True
        return max(0.0, self._free_at - now)

    def question(self) -> str:
        """What is to be written behind a frame."""
        return _ASK if self._on else ""

    def sent(self, n_bytes: int, place: Place | None, *, holds: bool = True) -> None:
        """So many bytes have gone out with a question; `place` is where the cursor must be then, None for anywhere.
        With `holds` they are a frame, and the next one waits for the answer."""
        now = self._clock()
        if self._silent and holds:
            self._free_at = now + (_STUCK_S if self._answered else _FREE_S)
        if self._on:
            self._asked.append(_Asked(now, n_bytes, place, holds))

    def answer(self, row: int, column: int) -> Answer:
        """The terminal says where its cursor is (from 0)."""
        found = self._answered_by((row, column))
        if found is None:
            return "not asked"
        asked = self._asked[found]
        for _ in range(found + 1):  # a terminal answers in order: what was asked before has no answer any more
            self._asked.popleft()
        self._answered, self._silent, self._on, self._free_at = True, False, True, 0.0
        self._measure(asked.n_bytes, self._clock() - asked.at)
        return "in place" if asked.place in (None, (row, column)) else "elsewhere"

    def moved(self) -> None:
        """Where the cursor must be is not known any more (the terminal has another size); the answers still come."""
        for asked in self._asked:
            asked.place = None

    def forget(self) -> None:
        """What was asked will not be answered."""
        self._asked.clear()
        self._silent, self._free_at = False, 0.0

    def _answered_by(self, place: Place) -> int | None:
        """Which question a report answers, so that an answer that is lost or late does not shift all that follow: one
        that is waited for and expects it, one that was, one that expects anything; else the oldest."""
        for late in (False, True):
            for n, asked in enumerate(self._asked):
                if asked.place == place and asked.late is late:
                    return n
        for n, asked in enumerate(self._asked):
            if asked.place is None:
                return n
        # modified F3 looks like a report from the first row; of a terminal that never answers it is the key
        return 0 if self._asked and (self._answered or place[0] > 0) else None

    def _patience_s(self, held: list[_Asked]) -> float:
        if not self._answered:
            return _FIRST_S
        n_bytes = sum(asked.n_bytes for asked in held)
        return _LATER_S + 3 * (min(self._round_trips, default=0.5) + n_bytes / (self._rate or _SLOWEST))

    def _measure(self, n_bytes: int, took_s: float) -> None:
        shortest = min(self._round_trips, default=None)
        if n_bytes <= _SMALL or (shortest is not None and took_s < shortest):
            self._round_trips.append(max(1e-4, took_s))
        if shortest is not None and (n_bytes >= _LARGE or (n_bytes > _SMALL and took_s - shortest > _LONG_S)):
            # what it took beyond the round trip; a round trip that wavers must not make that next to nothing
            self._rates.append(n_bytes / max(1e-4, took_s - shortest, 0.1 * took_s))
            self._n_rates += 1
