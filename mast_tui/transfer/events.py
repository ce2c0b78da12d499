"""What happened to one file, in words with their times: for `queue log`, the screen, and the journal.

Words are ours, or were cleaned; no address with a query and no token is ever among them.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime

#: More than this is forgotten, the oldest first.
MOST_EVENTS = 50
#: When (UTC, ISO 8601), and what.
Event = tuple[str, str]
_guard = threading.Lock()


class Events:
    """A file's last events. Safe to be told from any thread; what repeats at once is told once."""

    __slots__ = ("_unsaved", "kept")

    def __init__(self, kept: Sequence[Event] = ()) -> None:
        # tuples, because a queue may hold 30,000 of these and most stay empty
        self.kept: tuple[Event, ...] = tuple(kept)[-MOST_EVENTS:]
        self._unsaved: tuple[Event, ...] = ()

    def note(self, words: str) -> None:
        with _guard:
            if self.kept and self.kept[-1][1] == words:
                return
            event = (datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), words)
            self.kept = (*self.kept, event)[-MOST_EVENTS:]
            self._unsaved = (*self._unsaved, event)[-MOST_EVENTS:]

    def take_unsaved(self) -> tuple[Event, ...]:
        """What the journal was not told yet; the caller tells it."""
        with _guard:
            unsaved, self._unsaved = self._unsaved, ()
            return unsaved
