"""How long to wait before the next try. Used by the queue's workers."""

from __future__ import annotations

import random
import time
from email.utils import parsedate_to_datetime

#: Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"): spread evenly below a doubling limit.
BASE_S = 0.5
CAP_S = 60.0
#: A server may ask for more patience than this; it is asked again after it all the same.
RETRY_AFTER_CAP_S = 600.0


def pause_s(failures: int) -> float:
    """Seconds to wait after `failures` (from 1) tries in a row that brought nothing."""
    return 0.1 + random.uniform(0, min(CAP_S, BASE_S * 2.0 ** (min(failures, 20) - 1)))  # noqa: S311 - no secret in it


def retry_after_s(value: str | None, now: float | None = None) -> float | None:
    """Seconds that a Retry-After header asks for (a number or a date), capped; None when there is none to read."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - (time.time() if now is None else now)
        except (ValueError, TypeError, OverflowError):
            return None
    if seconds != seconds:
        return None
    return min(max(seconds, 0.0), RETRY_AFTER_CAP_S)
