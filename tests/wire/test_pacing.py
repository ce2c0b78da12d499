"""One frame on the way: the next goes when the terminal has shown it, or when it is clear that it does not tell."""

from __future__ import annotations

import pytest

from mast_tui.tui.wire.pacing import Pacing


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_the_next_frame_waits_for_the_answer(clock: Clock) -> None:
    pacing = Pacing(clock=clock)
    assert pacing.wait_s() == 0
    pacing.sent(300, (3, 4))
    assert pacing.wait_s() > 0
    clock.now += 0.2
    assert pacing.answer(3, 4)
    assert pacing.wait_s() == 0


def test_a_terminal_that_is_elsewhere_is_noticed(clock: Clock) -> None:
    pacing = Pacing(clock=clock)
    pacing.sent(300, (3, 4))
    assert not pacing.answer(3, 5)


def test_a_terminal_that_never_answers_is_waited_for_once(clock: Clock) -> None:
    pacing = Pacing(clock=clock)
    pacing.sent(2000, None)
    clock.now += 1.01
    assert pacing.wait_s() == 0
    assert pacing.question() == ""
    pacing.sent(2000, None)
    assert pacing.wait_s() == 0
    assert not pacing.link.answers


def test_an_answer_that_comes_late_brings_pacing_back(clock: Clock) -> None:
    pacing = Pacing(clock=clock)
    pacing.sent(2000, None)
    clock.now += 3
    assert pacing.wait_s() == 0
    pacing.answer(0, 0)
    assert pacing.question()
    pacing.sent(10, None)
    assert pacing.wait_s() > 0


def test_a_slow_line_is_given_the_time_that_its_bytes_need(clock: Clock) -> None:
    pacing = Pacing(clock=clock)
    pacing.sent(20, None)
    clock.now += 0.1
    pacing.answer(0, 0)
    pacing.sent(1900, None)
    clock.now += 4  # at 480 bytes a second
    assert pacing.wait_s() > 0


def test_round_trip_and_rate_are_measured(clock: Clock) -> None:
    pacing = Pacing(clock=clock)
    for n_bytes in (40, 2000, 30, 3000):
        pacing.sent(n_bytes, None)
        clock.now += 0.1 + n_bytes / 960
        pacing.answer(0, 0)
    link = pacing.link
    assert link.round_trip_s == pytest.approx(0.13, abs=0.02)
    assert link.bytes_per_s == pytest.approx(960, rel=0.05)
