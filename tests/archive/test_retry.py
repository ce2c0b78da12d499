"""When it is asked again, and how long is waited."""

from __future__ import annotations

from email.utils import formatdate
from time import time

import pytest

from mast_tui.archive.failures import retry_after_s
from mast_tui.archive.retry import RetryPolicy, waiting_words
from mast_tui.core.errors import NotAllowed, ServerError, TemporarilyUnavailable

POLICY = RetryPolicy(attempts=4, base_s=1.0, longest_pause_s=60.0)


def pauses(attempt: int, retry_after: float | None = None) -> list[float]:
    error = TemporarilyUnavailable("the archive can't answer now (503)", retry_after_s=retry_after)
    found = [POLICY.pause_s(error, attempt, spent_s=0.0, patience_s=1000.0) for _ in range(300)]
    return [p for p in found if p is not None]


def test_pauses_are_spread_over_a_span_that_doubles() -> None:
    for attempt, longest in ((1, 1.0), (2, 2.0), (3, 4.0)):
        drawn = pauses(attempt)
        assert len(drawn) == 300 and 0 <= min(drawn) < 0.2 * longest and 0.8 * longest < max(drawn) <= longest
    assert pauses(4) == []


def test_the_archives_own_wish_is_a_least_time_up_to_a_minute() -> None:
    assert min(pauses(1, 7.0)) >= 7.0
    assert len(pauses(1, 60.0)) == 300
    assert pauses(1, 61.0) == []


def test_no_try_begins_after_the_patience_is_over() -> None:
    error = TemporarilyUnavailable("x", retry_after_s=5.0)
    assert POLICY.pause_s(error, 1, spent_s=10.0, patience_s=20.0) is not None
    assert POLICY.pause_s(error, 1, spent_s=16.0, patience_s=20.0) is None


@pytest.mark.parametrize("error", [ServerError("x"), NotAllowed("x")])
def test_other_errors_do_not_pass_by_waiting(error: ServerError | NotAllowed) -> None:
    assert POLICY.pause_s(error, 1, 0.0, 100.0) is None


def test_the_wait_is_told() -> None:
    error = TemporarilyUnavailable("the archive asks for a pause (503)")
    assert waiting_words(4.2, error) == "waiting 4 s: the archive asks for a pause (503)"
    assert waiting_words(0.3, error) == "waiting a moment: the archive asks for a pause (503)"


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7.0), (" 120 ", 120.0), (None, None), ("soon", None), ("-3", None)]
)
def test_retry_after_in_seconds(header: str | None, seconds: float | None) -> None:
    assert retry_after_s(header) == seconds


def test_retry_after_as_a_date() -> None:
    assert retry_after_s(formatdate(time() + 90, usegmt=True)) == pytest.approx(90, abs=5)
    assert retry_after_s(formatdate(time() - 90, usegmt=True)) == 0.0
