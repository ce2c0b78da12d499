"""Manners on a slow link: when they begin and end, and that what the user set comes first."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mast_tui.core.settings import Settings
from mast_tui.tui.manners import Manners
from mast_tui.tui.wire.pacing import Link


def told(manners: Manners, rates: Sequence[float]) -> list[bool]:
    """Whether it is slow after each measurement, in bytes a second."""
    found = []
    for rate in rates:
        manners.learn(Link(True, 0.1, rate))
        found.append(manners.slow)
    return found


def test_nothing_is_slow_before_it_was_measured() -> None:
    manners = Manners("auto")
    assert not manners.learn(Link(False))
    assert not manners.learn(Link(True, 0.2))
    assert not manners.slow


def test_a_modem_is_slow_after_two_measurements_and_a_stall_is_not() -> None:
    assert told(Manners(), [960.0, 961.0]) == [False, True]
    assert told(Manners(), [8_000.0, 500_000.0, 9_000.0, 400_000.0]) == [False] * 4


def test_the_same_measurement_is_not_counted_twice() -> None:
    assert told(Manners(), [960.0] * 5) == [False] * 5


def test_a_rate_around_the_limit_changes_the_manners_once() -> None:
    around = [19e3, 18e3, 21e3, 23e3, 19e3, 30e3, 38e3, 17e3, 39e3]
    assert told(Manners(), around) == [False] + [True] * 8


def test_a_link_that_gets_twice_as_fast_is_fast_again() -> None:
    manners = Manners()
    told(manners, [5e3, 6e3])
    assert told(manners, [50e3, 60e3]) == [True, False]


@pytest.mark.parametrize(("wish", "slow"), [("on", True), ("off", False)])
def test_what_the_user_wishes_is_not_measured_away(wish: str, slow: bool) -> None:
    assert told(Manners(wish), [1e3, 2e3, 1e6, 2e6]) == [slow] * 4


def test_the_cursor_is_a_sign_on_a_slow_link_unless_the_user_chose_the_row() -> None:
    slow, fast = Manners("on"), Manners("off")
    untold, row = Settings(), Settings().with_values({"cursor": "row"}, "environment")
    marker = Settings().with_values({"cursor": "marker"}, "environment")
    assert [slow.marker(s) for s in (untold, row, marker)] == [True, False, True]
    assert [fast.marker(s) for s in (untold, row, marker)] == [False, False, True]


def test_the_line_is_quiet_a_second_after_the_last_key_and_when_nothing_is_on_the_way() -> None:
    now, busy = [100.0], [False]
    manners = Manners("on", clock=lambda: now[0])
    manners.line_is_told_by(lambda: busy[0])
    manners.key_came()
    seen = [manners.quiet]
    now[0] += 1.1
    seen.append(manners.quiet)
    busy[0] = True
    assert [*seen, manners.quiet] == [False, True, False]
