"""A slow line is known before the first list comes: the first screen alone, in frames of half a kilobyte, tells it."""

from __future__ import annotations

import pytest

from mast_tui.tui.manners import Manners
from mast_tui.tui.wire.pacing import Pacing


class Line:
    """Answers after the round trip and the time that the bytes take."""

    def __init__(self, bytes_per_s: float, round_trip_s: float) -> None:
        self.now = 0.0
        self._rate, self._round_trip_s = bytes_per_s, round_trip_s
        self.pacing = Pacing(clock=lambda: self.now)

    def frame(self, n_bytes: int, stall_s: float = 0.0) -> None:
        self.pacing.sent(n_bytes, (0, 0))
        self.now += self._round_trip_s + n_bytes / self._rate + stall_s
        assert self.pacing.answer(0, 0) == "in place"


def test_two_frames_at_9600_baud_are_enough_also_where_the_second_came_slower() -> None:
    line, manners = Line(960.0, 0.1), Manners()
    line.frame(20)
    assert line.pacing.link.bytes_per_s is None
    line.frame(500)
    assert line.pacing.link.bytes_per_s == pytest.approx(960, rel=0.1)
    assert not manners.learn(line.pacing.link) and not manners.learn(line.pacing.link), "one measurement is none"
    line.frame(480, stall_s=0.3)
    assert line.pacing.link.bytes_per_s == pytest.approx(960, rel=0.1), "the best of them"
    assert manners.learn(line.pacing.link) and manners.slow


def test_on_a_fast_line_short_frames_tell_nothing_though_the_machine_stalls_a_little() -> None:
    line = Line(1e6, 0.02)
    line.frame(20)
    for _ in range(3):
        line.frame(500, stall_s=0.2)
    assert line.pacing.link.bytes_per_s is None and line.pacing.link.n_rates == 0
