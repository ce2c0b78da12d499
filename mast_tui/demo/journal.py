"""What was asked of the embedded archive: `GET /demo/log` and `/demo/stats`, for tests that count requests.

Kept in memory by `server`, the last few thousand entries. A token is never kept, only whether one came.
"""

from __future__ import annotations

import re
import threading
from collections import Counter, deque
from dataclasses import asdict, dataclass

from mast_tui.demo.messages import Json

_KEPT = 5000
_SECRET = re.compile(r"((?:token|authorization)[^=&]*=)[^&]*", re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """One answered request; `sent` are the bytes of the body that went out, `thing` the file or service asked for."""

    method: str
    path: str
    scope: str
    thing: str
    status: int
    sent: int
    user_agent: str
    with_token: bool
    range: str


class Journal:
    """Entries and counters. Safe to call from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._page = 0
        self.clear()

    def clear(self) -> None:
        """Begin a new page; what is still being answered belongs to the old one."""
        with self._lock:
            self._page += 1
            self._entries: deque[Entry] = deque(maxlen=_KEPT)
            self._now: Counter[str] = Counter()
            self._most: Counter[str] = Counter()
            self._requests = 0

    def begin(self, scope: str) -> int:
        """An answer begins; gives the page that it belongs to."""
        with self._lock:
            self._now[scope] += 1
            self._most[scope] = max(self._most[scope], self._now[scope])
            return self._page

    def end(self, scope: str, entry: Entry, page: int) -> None:
        with self._lock:
            if page != self._page:
                return
            self._now[scope] -= 1
            self._requests += 1
            self._entries.append(entry)

    def log(self) -> Json:
        with self._lock:
            return {"requests": [asdict(entry) for entry in self._entries]}

    def stats(self) -> Json:
        """Requests by scope, status and thing, bytes sent by scope, and the most that were answered at once."""
        with self._lock:
            entries = list(self._entries)
            sent: Counter[str] = Counter()
            for entry in entries:
                sent[entry.scope] += entry.sent
            return {
                "requests": self._requests,
                "by_scope": dict(Counter(entry.scope for entry in entries)),
                "by_status": dict(Counter(str(entry.status) for entry in entries)),
                "by_thing": dict(Counter(entry.thing for entry in entries)),
                "bytes_sent": dict(sent),
                "now_at_once": dict(self._now),
                "most_at_once": dict(self._most),
                "user_agents": sorted({entry.user_agent for entry in entries}),
            }


def without_secrets(path: str) -> str:
    """A request's path and query for the log."""
    return _SECRET.sub(r"\1...", path)[:500]
