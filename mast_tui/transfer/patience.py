"""How patient we are: with one file that does not come, and with an archive that gives nothing at all.

A file that fails while others come is given up soon. When one file after another is refused and none comes, the archive
is in trouble, not the files: they keep their tries, and we ask less often, until it answers again. Used by the workers.
"""

from __future__ import annotations

import threading

from mast_tui.transfer import backoff
from mast_tui.transfer.jobs import Job
from mast_tui.transfer.outcomes import TryAgain

#: Tries in a row that bring no byte more before a file is given up.
MOST_FAILURES = 8
#: The same when the archive was reached before in this run, and the line is down or it refuses everything now: about
#: half an hour.
MOST_FAILURES_DOWN = 60
#: And when it never was: then something is wrong that waiting will not mend.
MOST_FAILURES_NEVER_REACHED = 3
#: So many tries at so many different files refused, and none come between: it is the archive.
_IN_A_ROW, _DIFFERENT = 12, 3
#: While that lasts, a worker rests before its next file as after this many failures: up to four seconds.
_REST = 4
#: A broken line that brought this much, in bytes, goes on with its file at once: so a server that breaks every line is
#: not asked more often than it serves, and no file is begun before that one goes on.
_GOOD_PIECE = 256_000


class Patience:
    """Safe to use from several threads. Archives are told apart by their base address."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reached: set[str] = set()
        self._refused: dict[str, dict[Job, int]] = {}

    def answered(self, base: str) -> None:
        """The archive gave a file, or an answer that settles one."""
        with self._lock:
            self._reached.add(base)
            self._refused.pop(base, None)

    def after(self, job: Job, error: TryAgain) -> float | None:
        """Seconds until the next try of a file that has just failed; None when it is given up."""
        base = job.owner.host.base
        further = job.control.got > job.best and not error.drop
        if further:
            job.failures, job.best = 0, job.control.got
            self.answered(base)
        with self._lock:
            if not error.unreached:
                self._reached.add(base)
            reached = base in self._reached
            refused = self._refused.setdefault(base, {})
            if not further:
                refused[job] = refused.get(job, 0) + 1
            down = self._down(base)
            failures = refused.get(job, 0) if down else 0
        if not failures:
            job.failures += 1
            failures = job.failures
        most = MOST_FAILURES_DOWN if down else MOST_FAILURES
        if error.unreached:
            most = MOST_FAILURES_DOWN if reached else MOST_FAILURES_NEVER_REACHED
        if failures > most:
            return None
        if further and job.control.sent >= _GOOD_PIECE and not error.after_s:
            return 0.0
        if error.after_s is not None:
            asked = error.after_s + backoff.pause_s(1) * 0.25
            return max(asked, backoff.pause_s(failures)) if down else asked
        return backoff.pause_s(failures)

    def rest_s(self, base: str) -> float:
        """Seconds a worker rests before it asks for another file: none, unless the archive refuses everything."""
        with self._lock:
            return backoff.pause_s(_REST) if self._down(base) else 0.0

    def _down(self, base: str) -> bool:
        refused = self._refused.get(base, {})
        return base in self._reached and len(refused) >= _DIFFERENT and sum(refused.values()) >= _IN_A_ROW
