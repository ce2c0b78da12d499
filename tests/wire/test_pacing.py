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
    pacing = Pacing(clock)
    assert pacing.wait_s() == 0
    pacing.sent(300, (3, 4))
    assert pacing.wait_s() > 0
    clock.now += 0.2
    assert pacing.answer(3, 4) == "in place"
    assert pacing.wait_s() == 0


def test_a_terminal_that_is_elsewhere_is_noticed(clock: Clock) -> None:
    pacing = Pacing(clock)
    pacing.sent(300, (3, 4))
    assert pacing.answer(3, 5) == "elsewhere"


def test_a_terminal_that_never_answers_is_waited_for_once(clock: Clock) -> None:
    pacing = Pacing(clock)
    pacing.sent(2000, None)
    clock.now += 1.01
    assert pacing.wait_s() == 0
    assert pacing.question() == ""
    pacing.sent(2000, None)
    assert pacing.wait_s() <= 1 / 60  # a frame of a display
    assert not pacing.link.answers


def test_an_answer_that_comes_late_brings_pacing_back(clock: Clock) -> None:
    pacing = Pacing(clock)
    pacing.sent(2000, None)
    clock.now += 3
    assert pacing.wait_s() == 0
    pacing.answer(0, 0)
    assert pacing.question()
    pacing.sent(10, None)
    assert pacing.wait_s() > 0


def test_a_lost_answer_does_not_shift_those_that_follow(clock: Clock) -> None:
    """The cursor often stands in the same place: a bar that grows."""
    pacing = Pacing(clock)
    pacing.sent(20, (5, 9))
    pacing.answer(5, 9)
    pacing.sent(20, (5, 9))  # its answer is lost
    clock.now += 10
    assert pacing.wait_s() == 0
    for _ in range(3):
        pacing.sent(20, (5, 9))
        clock.now += 0.1
        assert pacing.answer(5, 9) == "in place"
        assert pacing.wait_s() == 0


def test_answers_that_come_late_are_no_drift(clock: Clock) -> None:
    pacing = Pacing(clock)
    pacing.sent(20, (1, 1))
    pacing.answer(1, 1)
    pacing.sent(20, (2, 2))
    clock.now += 10
    assert pacing.wait_s() == 0
    pacing.sent(20, (3, 3))
    assert [pacing.answer(2, 2), pacing.answer(3, 3)] == ["in place", "in place"]


def test_a_line_that_has_stopped_answering_is_not_flooded(clock: Clock) -> None:
    pacing = Pacing(clock)
    pacing.sent(20, (1, 1))
    pacing.answer(1, 1)
    pacing.sent(20, (2, 2))
    clock.now += 10
    frames = 0
    for _ in range(100):  # ten seconds
        if pacing.wait_s() == 0:
            pacing.sent(20, (2, 2))
            frames += 1
        clock.now += 0.1
    assert 10 < frames < 50


def test_a_report_is_an_answer_only_where_something_was_asked(clock: Clock) -> None:
    pacing = Pacing(clock)
    assert pacing.answer(0, 1) == "not asked"
    pacing.sent(20, (4, 4))
    clock.now += 2
    assert pacing.wait_s() == 0
    # a terminal that never answers: CSI 1;2R is a key of it
    assert pacing.answer(0, 1) == "not asked"
    assert not pacing.link.answers
    assert pacing.answer(4, 4) == "in place"


def test_a_slow_line_is_given_the_time_that_its_bytes_need(clock: Clock) -> None:
    pacing = Pacing(clock)
    pacing.sent(20, None)
    clock.now += 0.1
    pacing.answer(0, 0)
    pacing.sent(1900, None)
    clock.now += 4  # at 480 bytes a second
    assert pacing.wait_s() > 0


def test_round_trip_and_rate_are_measured(clock: Clock) -> None:
    pacing = Pacing(clock)
    for n_bytes in (40, 2000, 30, 3000):
        pacing.sent(n_bytes, None)
        clock.now += 0.1 + n_bytes / 960
        pacing.answer(0, 0)
    link = pacing.link
    assert link.round_trip_s == pytest.approx(0.13, abs=0.02)
    assert link.bytes_per_s == pytest.approx(960, rel=0.05)


def test_a_stall_of_the_terminal_does_not_make_the_link_slow(clock: Clock) -> None:
    pacing = Pacing(clock)
    for n_bytes, stall_s in ((40, 0.0), (2000, 0.0), (2000, 0.5), (30, 0.4), (2000, 0.0)):
        pacing.sent(n_bytes, None)
        clock.now += 0.02 + n_bytes / 100_000 + stall_s
        pacing.answer(0, 0)
    assert pacing.link.bytes_per_s == pytest.approx(100_000, rel=0.05)
    assert pacing.link.round_trip_s == pytest.approx(0.02, abs=0.001)


def test_without_a_round_trip_there_is_no_rate(clock: Clock) -> None:
    """A first frame on a slow line: most of its time is its bytes', and how much nobody knows."""
    pacing = Pacing(clock)
    pacing.sent(2000, None)
    clock.now += 2.2
    pacing.answer(0, 0)
    assert (pacing.link.round_trip_s, pacing.link.bytes_per_s) == (None, None)
