"""When a request is tried again, and how long is waited before.

Full jitter, so that many users of an archive that comes back do not all come back at once
(https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter). Used by `archive.client`; the waiting is
done in the app's event loop, so that no worker process is held meanwhile.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from mast_tui.core.errors import MastTuiError, TemporarilyUnavailable
from mast_tui.core.text import human_duration


@dataclass(frozen=True)
class RetryPolicy:
    """At most `attempts` requests; pauses are random between 0 and `base_s`, 2 `base_s`, 4 `base_s` …

    A pause that the archive itself asks for (Retry-After) is kept in full, unless it is longer than
    `longest_pause_s`: then the person is told instead of kept waiting.
    """

    attempts: int = 4
    base_s: float = 1.0
    longest_pause_s: float = 60.0

    def pause_s(self, error: MastTuiError, attempt: int, spent_s: float, patience_s: float) -> float | None:
        """Seconds to wait before the next request after `attempt` (1, 2 …) failed, or None to give up.

        No request is begun later than `patience_s` after the first, of which `spent_s` are over.
        """
        if not isinstance(error, TemporarilyUnavailable) or attempt >= self.attempts:
            return None
        asked_for = error.retry_after_s
        if asked_for is not None and asked_for > self.longest_pause_s:
            return None
        drawn = random.uniform(0, self.base_s * 2 ** (attempt - 1))  # noqa: S311 - spreads requests, guards nothing
        pause = max(asked_for or 0.0, drawn)
        return pause if spent_s + pause < patience_s else None


def waiting_words(pause_s: float, error: MastTuiError) -> str:
    """'waiting 4 s: the archive asks for a pause (503)'."""
    shown = human_duration(pause_s) if pause_s >= 1 else "a moment"
    return f"waiting {shown}: {error.what}"
