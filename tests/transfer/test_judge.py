"""What an answer means, before a byte of it is written."""

from __future__ import annotations

import pytest

from mast_tui.core.validators import strong_validator
from mast_tui.transfer.backoff import RETRY_AFTER_CAP_S, pause_s, retry_after_s
from mast_tui.transfer.judge import Plan, judge
from mast_tui.transfer.outcomes import GiveUp, NeedsLogin, TryAgain
from mast_tui.transfer.part import Held

HELD = Held(100, '"v1"', 300)
UNSTATED = Held(100, '"v1"', None)
RANGE = {"content-range": "bytes 100-299/300", "etag": '"v1"'}


@pytest.mark.parametrize(
    ("status", "headers", "held", "plan"),
    [
        (200, {"content-length": "300", "etag": '"v1"'}, None, Plan(0, 300, '"v1"', False)),
        (200, {"content-length": "300"}, HELD, Plan(0, 300, "", False)),  # Range ignored, or changed: from the start
        (200, {}, None, Plan(0, None, "", False)),
        (200, {"transfer-encoding": "chunked", "content-length": "5"}, None, Plan(0, None, "", True)),
        (206, RANGE, HELD, Plan(100, 300, '"v1"', False)),
        (206, {"content-range": "bytes 100-299/*"}, HELD, Plan(100, 300, '"v1"', False)),
        (206, {"content-range": "bytes 0-299/300"}, None, Plan(0, 300, "", False)),
        (200, {"content-length": "3", "content-encoding": "gzip"}, None, Plan(0, 3, "", False)),
        (200, {}, UNSTATED, Plan(0, None, "", False)),  # changed, or it does without Range: from the start
        (206, RANGE, UNSTATED, Plan(100, 300, '"v1"', False)),
        (206, {"content-range": "bytes 100-299/*"}, UNSTATED, Plan(100, None, '"v1"', False)),
        (416, {"content-range": "bytes */100"}, UNSTATED, Plan(100, 100, '"v1"', False)),
        (416, {"content-range": "bytes */100", "etag": '"v1"'}, UNSTATED, Plan(100, 100, '"v1"', False)),
    ],
)
def test_good_answers(status: int, headers: dict[str, str], held: Held | None, plan: Plan) -> None:
    assert judge(status, headers, "x.fits.gz", held) == plan


@pytest.mark.parametrize(
    ("status", "headers", "held"),
    [
        (206, {}, HELD),
        (206, {"content-range": "bytes 99-299/300"}, HELD),
        (206, {"content-range": "bytes 100-/300"}, HELD),
        (206, {"content-range": "bytes 100-299/301"}, HELD),
        (206, RANGE | {"etag": '"v2"'}, HELD),
        (206, RANGE | {"etag": 'W/"v1"'}, HELD),
        (206, {"content-range": "bytes 100-299/300"}, None),
        (416, {}, HELD),
        (416, {"content-range": "bytes */100"}, HELD),
        (416, {}, UNSTATED),
        (416, {"content-range": "bytes */*"}, UNSTATED),
        (416, {"content-range": "bytes */99"}, UNSTATED),
        (416, {"content-range": "bytes */300"}, UNSTATED),
        (416, {"content-range": "bytes */100", "etag": '"v2"'}, UNSTATED),
        (206, RANGE | {"etag": '"v2"'}, UNSTATED),
        (206, {"content-range": "bytes 100-299/100"}, UNSTATED),
    ],
)
def test_what_does_not_fit_the_part_drops_it_and_asks_again_at_once(
    status: int, headers: dict[str, str], held: Held | None
) -> None:
    with pytest.raises(TryAgain) as caught:
        judge(status, headers, "x.fits", held)
    assert (caught.value.drop, caught.value.after_s) == (True, 0)


@pytest.mark.parametrize(
    ("status", "headers", "name", "error"),
    [
        (401, {}, "x.fits", NeedsLogin),
        (403, {}, "x.fits", NeedsLogin),
        (404, {}, "x.fits", GiveUp),
        (410, {}, "x.fits", GiveUp),
        (400, {}, "x.fits", GiveUp),
        (304, {}, "x.fits", GiveUp),
        *((code, {}, "x.fits", TryAgain) for code in (408, 425, 429, 500, 502, 503, 504)),
        (200, {"content-type": "text/html; charset=utf-8"}, "x.dat", TryAgain),
        (200, {"content-type": "application/json"}, "x.fits", TryAgain),
        (200, {"content-encoding": "gzip"}, "x.fits", TryAgain),
        (200, {"content-encoding": "br"}, "x.fits.gz", TryAgain),
    ],
)
def test_bad_answers(status: int, headers: dict[str, str], name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        judge(status, headers, name, None)


def test_pages_and_json_are_fine_where_they_are_what_is_asked_for() -> None:
    assert judge(200, {"content-type": "text/html", "content-length": "5"}, "notes.html", None).total == 5
    assert judge(200, {"content-type": "application/json", "content-length": "5"}, "x_asn.json", None).total == 5


@pytest.mark.parametrize(
    ("headers", "validator"),
    [
        ({"etag": '"a"', "last-modified": "Mon, 02 Nov 2020 10:00:00 GMT"}, '"a"'),
        ({"etag": 'W/"a"', "last-modified": "Mon, 02 Nov 2020 10:00:00 GMT"}, "Mon, 02 Nov 2020 10:00:00 GMT"),
        ({"etag": 'W/"a"'}, ""),
        (
            {"last-modified": "Mon, 02 Nov 2020 10:00:00 GMT", "date": "Mon, 02 Nov 2020 10:00:59 GMT"},
            "",
        ),  # it may have changed twice within that second
        (
            {"last-modified": "Mon, 02 Nov 2020 10:00:00 GMT", "date": "Mon, 02 Nov 2020 10:02:00 GMT"},
            "Mon, 02 Nov 2020 10:00:00 GMT",
        ),
        ({}, ""),
    ],
)
def test_only_a_strong_validator_counts(headers: dict[str, str], validator: str) -> None:
    assert strong_validator(headers) == validator


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("2", 2.0), ("0", 0.0), ("-5", 0.0), ("1e9", RETRY_AFTER_CAP_S), ("", None), (None, None), ("soon", None),
        ("nan", None), ("Mon, 02 Nov 2020 10:00:30 GMT", 30.0), ("Mon, 02 Nov 2020 09:00:00 GMT", 0.0),
    ],
)  # fmt: skip
def test_retry_after_in_seconds_and_as_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after_s(value, now=1604311200.0) == seconds


def test_pauses_grow_and_are_spread() -> None:
    assert all(0.1 <= pause_s(1) <= 0.6 for _ in range(50))
    late = [pause_s(30) for _ in range(50)]
    assert max(late) <= 60.1
    assert max(late) - min(late) > 5
