"""The threads that fetch: each takes a line and a job, makes one attempt, and says what became of it.

There are twice as many as lines: while one waits for the disk, another fetches. Started by the service. They are never
joined: whatever they do may be ended with the process at any time.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from mast_tui.core.fetch import FetchItem, State
from mast_tui.core.text import clean, human_bytes, human_duration
from mast_tui.transfer.engine import Engine
from mast_tui.transfer.fetched import Fetched, Want
from mast_tui.transfer.jobs import Job, JobQueue
from mast_tui.transfer.lines import Lines, Loan
from mast_tui.transfer.mirrors import choice_for
from mast_tui.transfer.outcomes import DiskFull, FolderBusy, GiveUp, NeedsLogin, Stopped, TryAgain
from mast_tui.transfer.patience import Patience
from mast_tui.transfer.web import Line

_BUSY_FOLDER_S = 2.0
_IDLE_S = 20.0

#: Modified Julian Date 0 (IAU 1973).
_MJD_ZERO = datetime(1858, 11, 17, tzinfo=UTC)

Settled = Callable[[Job], None]


class Workers:
    """`settled` is called, in a worker's thread, for each job that came to rest; `log` with words for the log."""

    def __init__(
        self, queue: JobQueue, engine: Engine, size: int, read_s: float, settled: Settled, log: Callable[[str], None]
    ) -> None:
        self._queue, self._engine = queue, engine
        self._lines = Lines(size, read_s)
        self._settled, self._log = settled, log
        self._lock = threading.Lock()
        self._size, self._alive = size, 0
        self._patience = Patience()
        self._told, self._telling = threading.Condition(), 0

    def set_size(self, size: int) -> None:
        self._size = max(1, min(size, 16))
        self._lines.set_size(self._size)
        if self._alive:
            self.wake()

    def wake(self) -> None:
        """See that there are workers; they end by themselves when there is nothing to do."""
        with self._lock:
            while self._alive < 2 * self._size:
                self._alive += 1
                threading.Thread(target=self._run, daemon=True, name=f"transfer-{self._alive}").start()

    def _run(self) -> None:
        while self._alive <= 2 * self._size:
            loan = self._lines.borrow()
            job = self._queue.take(_IDLE_S)
            if job is None:
                loan.give_back(for_good=True)
                break
            self._one(job, loan)
            time.sleep(self._patience.rest_s(job.owner.host.base))
        with self._lock:
            self._alive -= 1

    def _one(self, job: Job, loan: Loan) -> None:
        job.control.came = loan.give_back
        try:
            state, why, wait_s = self._attempt(job, loan.line)
        except Exception:  # noqa: BLE001 - the edge of the thread: a defect must cost one file, not the queue
            self._log(clean(traceback.format_exc(limit=-6), 4000))
            state, why, wait_s = "failed", "an unexpected error in mast-tui; its log has the details", None
        with self._told:
            self._telling += 1
        try:
            job.events.note(_told(job, state, why, wait_s))
            if state == "done" and job.discard:
                job.discard = False
            self._queue.settle(job, state, why, wait_s=wait_s)
            loan.give_back()  # after that, so that a file whose line broke may be the next on it
            if job.discard and job.owner.folder is not None:
                self._engine.discard(job.path, job.item.uri, job.owner.folder)
            self._settled(job)
        finally:
            loan.give_back()
            with self._told:
                self._telling -= 1
                self._told.notify_all()

    def wait_until_told(self, limit_s: float) -> None:
        """Until `settled` has heard of every job that came to rest, so that no record ends before its last file."""
        with self._told:
            self._told.wait_for(lambda: not self._telling, limit_s)

    def _attempt(self, job: Job, line: Line) -> tuple[State, str, float | None]:
        owner, control = job.owner, job.control
        if owner.folder is None:
            return "failed", "its folder can't be used", None
        want = Want(
            job.item.uri,
            job.path,
            owner.host,
            job.item.size,
            job.item.sha256,
            choice_for(job.item, owner.session.source),
            data_folders=owner.session.data_folders,
            refetch=owner.session.refetch,
        )
        control.sent, control.answered = 0, ""
        job.attempts += 1
        job.started = job.started or _utc_now()
        try:
            self._finish(job, self._engine.fetch(want, owner.folder, line, control))
        except TryAgain as error:
            wait_s = self._patience.after(job, error)
            return "failed" if wait_s is None else "waiting", error.why, wait_s
        except NeedsLogin as error:
            self._patience.answered(owner.host.base)
            return "needs_login", error.why + _until_when(job.item), None
        except FolderBusy as error:
            return "waiting", error.why, _BUSY_FOLDER_S
        except DiskFull as error:
            same = [j for j in self._queue.all_jobs() if j.owner.folder is owner.folder and j is not job]
            for other in self._queue.pause(same, error.why):
                self._settled(other)
            return "paused", error.why, None
        except Stopped:
            return "queued", "", None
        except GiveUp as error:
            self._patience.answered(owner.host.base)
            if isinstance(error.kept, Fetched):
                self._finish(job, error.kept)
            return "failed", error.why, None
        self._patience.answered(owner.host.base)
        return "done", job.made.note if job.made else "", None

    def _finish(self, job: Job, made: Fetched) -> None:
        job.made, job.path = made, made.path
        job.finished = _utc_now()


def _utc_now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _told(job: Job, state: State, why: str, wait_s: float | None) -> str:
    """One attempt in words: who answered what, from where, how much came, and what became of it."""
    control, made = job.control, job.made
    words = [control.answered] if control.answered else []
    if control.answered and control.resumed_from:
        words.append(f"from byte {control.resumed_from:,}")
    if control.sent:
        words.append(f"{human_bytes(control.sent)} came")
    if state == "done" and made is not None:
        words.append(f"{made.verdict}, {made.size:,} bytes")
    else:
        words.append("stopped" if state == "queued" else state.replace("_", " "))
    if why:
        words.append(why)
    if wait_s is not None:
        words.append(f"again in {human_duration(wait_s)}")
    return f"attempt {job.attempts}: {'; '.join(words)}"


def _until_when(item: FetchItem) -> str:
    if item.release_mjd is None or not 0 < item.release_mjd < 1e6:
        return ""
    release = _MJD_ZERO + timedelta(days=item.release_mjd)
    return f"; exclusive until {release:%Y-%m-%d}" if release > datetime.now(UTC) else ""
