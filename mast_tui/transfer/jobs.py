"""The queue: every file that is wanted, in what state it is, and which is taken next.

One lock guards it; workers take jobs and settle them, the service tells it what the user wants. Nothing here touches
disk or network. Used by the service and the workers.
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from mast_tui.core.fetch import FINISHED, FetchItem, FetchSession, FileLog, Move, Priority, State, Transfer
from mast_tui.core.host import ArchiveHost
from mast_tui.transfer.events import Events
from mast_tui.transfer.fetched import Fetched
from mast_tui.transfer.folder import DownloadFolder
from mast_tui.transfer.places import RANKS, new_places
from mast_tui.transfer.stream import Control

#: States in which the queue itself goes on without the user.
MOVING: frozenset[State] = frozenset({"queued", "running", "waiting"})


@dataclass
class SessionState:
    """A fetch session as the queue holds it. `go_on`: it lives on without a client. `host` is where it asks."""

    session: FetchSession
    host: ArchiveHost
    folder: DownloadFolder | None
    go_on: bool = False
    jobs: list[Job] = field(default_factory=list)  # each at its own `n`
    #: Counts what became of its files, so that a record can be told from one of before.
    changes: int = 0

    @property
    def finished(self) -> bool:
        return all(job.state in FINISHED for job in self.jobs)

    @property
    def at_rest(self) -> bool:
        """Nothing of it moves by itself any more."""
        return not any(job.state in MOVING for job in self.jobs)


@dataclass(eq=False)
class Job:
    owner: SessionState
    item: FetchItem
    path: str
    number: int
    n: int
    state: State = "queued"
    why: str = ""
    busy: bool = False
    failures: int = 0
    best: int = 0
    not_before: float = 0.0
    #: UTC of its first attempt and of its end, '' before.
    started: str = ""
    finished: str = ""
    made: Fetched | None = None
    control: Control = field(default_factory=Control)
    rate: float = 0.0
    seen: tuple[float, int] = (0.0, 0)
    discard: bool = False
    priority: Priority = "normal"
    place: int = 0
    attempts: int = 0
    events: Events = field(default_factory=Events)

    @property
    def key(self) -> tuple[str, str]:
        """What must not be fetched twice at a time: a URI of an archive. Another folder gets a copy of the first."""
        return (self.owner.host.base, self.item.uri)

    @property
    def turn(self) -> tuple[int, int]:
        """The lower is taken first."""
        return (RANKS[self.priority], self.place)

    def to_transfer(self) -> Transfer:
        made = self.made
        return Transfer(
            session=self.owner.session.id,
            uri=self.item.uri,
            path=self.path,
            state=self.state,
            got=made.size if made else self.control.got,
            total=made.size if made else self.control.total if self.control.total is not None else self.item.size,
            rate=self.rate if self.state == "running" else 0.0,
            verdict=made.verdict if made else None,
            why=self.why,
            sha256=made.sha256 if made else "",
            resumed_from=self.control.resumed_from,
            folder=self.owner.session.folder,
            priority=self.priority,
            source=made.source if made else self.control.source,
        )

    def to_log(self) -> FileLog:
        return FileLog(self.owner.session.id, self.item.uri, self.path, self.events.kept)


class JobQueue:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        #: Each with the turn it had when it was offered; one that has another by now was offered again.
        self._ready: list[tuple[tuple[int, int], int, Job]] = []
        self._later: list[tuple[float, int, Job]] = []
        self._numbers = itertools.count()
        self._lowest_place = self._next_place = 0
        self._in_flight: dict[tuple[str, str], Job] = {}
        self._behind: dict[tuple[str, str], list[Job]] = {}
        self._closed = False
        self.sessions: dict[str, SessionState] = {}
        self.dirty: set[Job] = set()

    # --- the workers' side ---------------------------------------------------------------------------------------

    def take(self, idle_s: float = 30.0) -> Job | None:
        """The next job, now running and the caller's until it is settled; None after `idle_s`, or when it ends."""
        deadline = time.monotonic() + idle_s
        with self._changed:
            while not self._closed:
                job = self._next()
                if job is not None:
                    return job
                now = time.monotonic()
                until = min(deadline, self._later[0][0]) if self._later else deadline
                if now >= deadline:
                    return None
                self._changed.wait(max(0.001, until - now))
        return None

    def _next(self) -> Job | None:
        now = time.monotonic()
        while self._later and self._later[0][0] <= now:
            _at, _number, job = heapq.heappop(self._later)
            if job.state == "waiting" and job.not_before <= now:
                heapq.heappush(self._ready, (job.turn, job.number, job))
        while self._ready:
            turn, _number, job = heapq.heappop(self._ready)
            if job.busy or job.state not in ("queued", "waiting") or job.turn != turn:
                continue
            if job.state == "waiting" and job.not_before > now:
                continue
            other = self._in_flight.get(job.key)
            if other is not None:
                self._behind.setdefault(job.key, []).append(job)
                continue
            self._in_flight[job.key] = job
            job.busy = True
            job.state, job.why = "running", ""
            job.owner.changes += 1
            job.control.stop.clear()
            self.dirty.add(job)
            return job
        return None

    def settle(self, job: Job, state: State, why: str = "", *, wait_s: float | None = None) -> None:
        """The caller is done with the job for now. What the user asked meanwhile wins, but for a file that is done."""
        with self._changed:
            job.busy = False
            self._in_flight.pop(job.key, None)
            for other in self._behind.pop(job.key, ()):
                self._offer(other)
            if job.state == "running" or state == "done":
                job.state, job.why = state, why
                job.owner.changes += 1
                if state == "waiting":
                    job.not_before = time.monotonic() + (wait_s or 0.0)
            self._offer(job)
            self.dirty.add(job)
            self._changed.notify_all()

    # --- the user's side -----------------------------------------------------------------------------------------

    def add(self, owner: SessionState, jobs: Iterable[tuple[FetchItem, str]]) -> list[Job]:
        """Append a session's files; nothing runs before `release`."""
        with self._changed:
            self.sessions[owner.session.id] = owner
            made = [Job(owner, item, path, next(self._numbers), n) for n, (item, path) in enumerate(jobs)]
            for job in made:
                job.place, self._next_place = self._next_place, self._next_place + 1
            owner.jobs.extend(made)
            self.dirty.update(made)
            return made

    def release(self, jobs: Iterable[Job]) -> None:
        """They may be taken from now on."""
        with self._changed:
            for job in jobs:
                self._offer(job)
            self._changed.notify_all()

    def restore_places(self, places: Mapping[Job, int]) -> None:
        """Give all jobs places in the order that `places` tells, those of none behind; for a queue just read."""
        with self._changed:
            order = sorted(self.all_jobs(), key=lambda job: (places.get(job, len(places)), job.number))
            for place, job in enumerate(order):
                job.place = place
            self._lowest_place, self._next_place = 0, len(order)

    def move(self, jobs: Iterable[Job], where: Move) -> list[Job]:
        """Put these `where` among those of their priority that are not finished. What runs is not interrupted.

        The jobs whose turn changed, which may be others than the moved ones.
        """
        with self._changed:
            unfinished = [job for job in self.all_jobs() if job.state not in FINISHED]
            chosen = {job for job in jobs if job.state not in FINISHED}
            places = new_places(unfinished, chosen, where, self._lowest_place, self._next_place)
            for job, place in places.items():
                job.place = place
            self._lowest_place = min(self._lowest_place, *places.values(), 0)
            self._next_place = max(self._next_place, *(place + 1 for place in places.values()), 0)
            return self._new_turn(list(places))

    def prioritise(self, jobs: Iterable[Job], priority: Priority) -> list[Job]:
        """Take these before, with or after the others. What runs is not interrupted. The jobs that changed."""
        with self._changed:
            changed = [job for job in jobs if job.priority != priority and job.state not in FINISHED]
            for job in changed:
                job.priority = priority
            return self._new_turn(changed)

    def _new_turn(self, jobs: list[Job]) -> list[Job]:
        for job in jobs:
            self._offer(job)
        self.dirty.update(jobs)
        self._changed.notify_all()
        return jobs

    def pause(self, jobs: Iterable[Job], why: str = "") -> list[Job]:
        return self._move(jobs, MOVING | {"needs_login"}, "paused", why)

    def resume(self, jobs: Iterable[Job]) -> list[Job]:
        return self._move(jobs, {"paused"}, "queued", "")

    def retry(self, jobs: Iterable[Job]) -> list[Job]:
        """Begin again at once what failed, waits or was cancelled, with all its tries."""
        return self._move(jobs, {"failed", "cancelled", "needs_login", "waiting", "paused"}, "queued", "")

    def cancel(self, jobs: Iterable[Job]) -> list[Job]:
        """The parts of these are dropped too; by the caller, or by the worker that holds one."""
        return self._move(jobs, MOVING | {"paused", "needs_login", "failed"}, "cancelled", "")

    def login_changed(self, base: str) -> list[Job]:
        return self._move([j for j in self.all_jobs() if j.owner.host.base == base], {"needs_login"}, "queued", "")

    def _move(self, jobs: Iterable[Job], sources: frozenset[State] | set[State], to: State, why: str) -> list[Job]:
        moved = []
        with self._changed:
            for job in jobs:
                if job.state not in sources:
                    continue
                if job.busy and to != "queued":
                    job.control.interrupt()
                if to == "queued":
                    job.failures, job.not_before = 0, 0.0
                job.discard = to == "cancelled"
                job.state, job.why = to, why
                job.owner.changes += 1
                word = "back in the queue" if to == "queued" else to
                job.events.note(f"{word}: {why}" if why else word)
                moved.append(job)
                self._offer(job)
            self.dirty.update(moved)
            self._changed.notify_all()
        return moved

    def adopt(self, source: Job) -> list[Job]:
        """A file that is here now is here for every session that wants it under that path."""
        adopted = []
        with self._changed:
            for job in self.all_jobs():
                if job is source or job.busy or job.state in ("done", "cancelled"):
                    continue
                here = job.path == source.path and job.owner.session.folder == source.owner.session.folder
                if here and job.key == source.key and job.item.sha256 in ("", source.item.sha256):
                    job.made, job.started, job.finished = source.made, source.started, source.finished
                    job.state, job.why = "done", source.why
                    job.owner.changes += 1
                    job.events.note("came with another session")
                    adopted.append(job)
            self.dirty.update(adopted)
        return adopted

    def forget(self, owner: SessionState) -> None:
        with self._changed:
            self.sessions.pop(owner.session.id, None)
            self.dirty.difference_update(owner.jobs)

    def close(self) -> None:
        """No job is given out any more, and all that run are stopped."""
        with self._changed:
            self._closed = True
            for job in self._in_flight.values():
                job.control.interrupt()
            self._changed.notify_all()

    # --- looking -------------------------------------------------------------------------------------------------

    def all_jobs(self) -> Iterator[Job]:
        for owner in list(self.sessions.values()):
            yield from list(owner.jobs)

    def uris_to_come(self, host: ArchiveHost) -> Iterator[str]:
        """What is still to be asked of an archive, for questions that take many files at once."""
        return (job.item.uri for job in self.all_jobs() if job.owner.host == host and job.state in MOVING)

    def chosen(self, uris: Collection[str] | None, sessions: Collection[str] | None) -> list[Job]:
        """The jobs of these URIs in these sessions; None is all."""
        wanted = None if uris is None else set(uris)
        return [
            job
            for job in self.all_jobs()
            if (wanted is None or job.item.uri in wanted) and (sessions is None or job.owner.session.id in sessions)
        ]

    def moving(self) -> bool:
        return any(job.state in MOVING for job in self.all_jobs())

    def changed_since(self) -> list[Job]:
        """The jobs that changed since the last call, the running ones among them."""
        with self._changed:
            self.dirty.update(self._in_flight.values())
            changed, self.dirty = list(self.dirty), set()
        return sorted(changed, key=lambda job: job.number)

    def _offer(self, job: Job) -> None:
        if job.busy:
            return
        if job.state == "queued":
            heapq.heappush(self._ready, (job.turn, job.number, job))
        elif job.state == "waiting":
            heapq.heappush(self._later, (job.not_before, job.number, job))
