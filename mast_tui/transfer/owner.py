"""The queue with everything around it: folders, journal, records, workers. What the service's messages act on.

All methods are quick, or run in a thread where the service calls them so; the journal line comes before the answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.fetch import FINISHED, FetchItem, FetchSession, FileLog, Move, Priority
from mast_tui.core.host import ArchiveHost, parse_host
from mast_tui.core.secret import Secret
from mast_tui.core.text import clean
from mast_tui.transfer import entries, old_logs
from mast_tui.transfer.engine import Engine
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.folder import DownloadFolder
from mast_tui.transfer.jobs import MOVING, Job, JobQueue, SessionState
from mast_tui.transfer.journal import INTERRUPTED, Journal, fold, left_behind
from mast_tui.transfer.mirrors import Mirrors
from mast_tui.transfer.open_folders import OpenFolders
from mast_tui.transfer.ratelimit import TokenBucket
from mast_tui.transfer.record import Recorder
from mast_tui.transfer.restore import restore
from mast_tui.transfer.safe_open import Unsafe, split_path
from mast_tui.transfer.workers import Workers

#: How long the end waits for the words on a file that has just come to rest.
_TOLD_S = 0.5
#: The record of a session that begins lets the first requests go out before it.
_BEGUN_S = 0.05


class QueueOwner:
    """`notice` is told words for the user, from any thread; `log` words for the log. `read_s`: the longest silence."""

    def __init__(
        self,
        journal_folder: Path,
        *,
        jobs: int,
        limit_rate: int | None,
        notice: Callable[[str], None],
        log: Callable[[str], None],
        read_s: float,
        ops: FileOps | None = None,
    ) -> None:
        self._ops = ops or FileOps()
        self._notice = notice
        self._tokens: dict[str, Secret] = {}
        self.bucket = TokenBucket(limit_rate)
        self.queue = JobQueue()
        self._folders = OpenFolders(self._ops)
        self._journal_folder = journal_folder
        self._logs_folder = journal_folder.with_name(old_logs.FOLDER)
        self.journal = Journal(journal_folder, self._ops)
        self._adding, self._telling = threading.Lock(), threading.Lock()
        self._told = False
        self._asked_for: set[str] = set()
        self.recorder = Recorder(self._ops, notice)
        self.mirrors = Mirrors(self.queue.uris_to_come)
        engine = Engine(
            self._ops,
            self.bucket,
            lambda host: self._tokens.get(host.base),
            read_s,
            self.mirrors,
            self._folders.opened,
        )
        self._engine = engine
        self.workers = Workers(self.queue, engine, jobs, read_s, self._settled, log)

    # --- the queue of former services ----------------------------------------------------------------------------

    def recover(self) -> None:
        """Take over what dead services of this machine left: done files are told, the rest waits for the user, or goes
        on where the user had said so."""
        paths, records = left_behind(self._journal_folder, self.journal)
        places: dict[Job, int] = {}
        for saved in fold(records):
            owner = restore(saved, self.queue, self._folders, places)
            self.recorder.note(owner, within_s=0)
            if saved.finished:
                self.recorder.flush()
                self._off_the_list(owner)
        self.recorder.flush()
        self.queue.restore_places(places)
        kept = [r for owner in self.queue.sessions.values() for r in entries.everything(owner)]
        if self._write(kept, sync=True):
            for path in paths:
                path.unlink(missing_ok=True)
        self.queue.release(self.queue.all_jobs())

    # --- what the user asks --------------------------------------------------------------------------------------

    def add(self, session: FetchSession, base: str) -> None:
        """Queue a session's files, durably. LocalFailure or InvalidQuery when it can't be."""
        with self._adding:
            self._add(session, base)

    def _add(self, session: FetchSession, base: str) -> None:
        if session.id in self.queue.sessions:
            raise InvalidQuery(f"the session {clean(session.id, 60)} is queued already")
        if not Path(session.folder).is_absolute():
            raise InvalidQuery(f"the folder {clean(session.folder, 100)} is not an absolute path")
        folder = self._folders.get(session.folder)
        owner = SessionState(session, parse_host(base), folder)
        _begin(owner, folder, self.queue)
        self._write(entries.everything(owner), sync=True)
        self.recorder.note(owner, within_s=_BEGUN_S)
        self.queue.release(owner.jobs)
        self.workers.wake()

    # each of the following is for the files of these URIs in these sessions; None is all

    def pause(self, uris: Sequence[str] | None, sessions: Sequence[str] | None) -> None:
        self._moved(self.queue.pause(self.queue.chosen(uris, sessions)))

    def resume(self, uris: Sequence[str] | None, sessions: Sequence[str] | None) -> set[str]:
        """The ids of the sessions in which something goes on."""
        return self._moved(self.queue.resume(self._with_folder(self.queue.chosen(uris, sessions))))

    def retry(self, uris: Sequence[str] | None, sessions: Sequence[str] | None) -> set[str]:
        """As `resume`, for what failed, waits or was cancelled."""
        chosen = self._with_folder(self.queue.chosen(uris, sessions))
        if uris is None:
            chosen = [job for job in chosen if job.state in ("failed", "needs_login", "waiting")]
        return self._moved(self.queue.retry(chosen))

    def move(self, uris: Sequence[str] | None, sessions: Sequence[str] | None, where: Move) -> None:
        self._turned(self.queue.move(self.queue.chosen(uris, sessions), where))

    def prioritise(self, uris: Sequence[str] | None, sessions: Sequence[str] | None, priority: Priority) -> None:
        changed = self.queue.prioritise(self.queue.chosen(uris, sessions), priority)
        for job in changed:
            job.events.note(f"priority {priority}")
        self._turned(changed)

    def logs(self, uris: Sequence[str] | None, sessions: Sequence[str] | None) -> list[FileLog]:
        return [job.to_log() for job in self.queue.chosen(uris, sessions)]

    def cancel(self, uris: Sequence[str] | None, sessions: Sequence[str] | None) -> list[Job]:
        """The jobs whose parts are still to be discarded (`discard`), which may take a moment."""
        moved = self.queue.cancel(self.queue.chosen(uris, sessions))
        self._moved(moved)
        return [job for job in moved if not job.busy]

    def discard(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            if job.owner.folder is not None and job.state == "cancelled" and not job.busy:
                self._engine.discard(job.path, job.item.uri, job.owner.folder)

    def set_token(self, base: str, token: Secret | None) -> None:
        if token:
            self._tokens[base] = token
            self._moved(self.queue.login_changed(base))
        else:
            self._tokens.pop(base, None)

    # --- who leaves ----------------------------------------------------------------------------------------------

    def hand_over(self, sessions: Collection[str]) -> None:
        """What is still to come of these goes on without a client, and after the end of this process."""
        owners = [
            o for o in list(self.queue.sessions.values()) if o.session.id in sessions and not o.finished and not o.go_on
        ]
        for owner in owners:
            owner.go_on = True
        self._write([entries.go_on(owner) for owner in owners], sync=True)

    def let_go(self, sessions: Collection[str]) -> None:
        """Nobody holds these any more: they pause, but for those that were handed over."""
        jobs = [job for job in self.queue.chosen(None, sessions) if not job.owner.go_on and job.state in MOVING]
        self._moved(self.queue.pause(jobs, INTERRUPTED))

    def forget_finished(self) -> None:
        """Drop the sessions that have nothing left to do from the queue; their records stay."""
        done = [owner for owner in self.queue.sessions.values() if owner.finished]
        self._write([entries.removed(owner) for owner in done], sync=True)
        for owner in done:
            self._off_the_list(owner)

    def _off_the_list(self, owner: SessionState) -> None:
        self._keep_log(owner)
        self.queue.forget(owner)

    def _keep_log(self, owner: SessionState) -> None:
        old_logs.keep(self._logs_folder, owner.session.id, (job.to_log() for job in owner.jobs))

    def rebase_simulated(self, base: str) -> None:
        """The embedded archive has another port each time; its sessions follow it."""
        for owner in list(self.queue.sessions.values()):
            if owner.session.simulated and base.startswith("http://"):
                owner.host = ArchiveHost(base)

    # --- time passes ---------------------------------------------------------------------------------------------

    def tick(self) -> list[Job]:
        """Called four times a second: the jobs that changed, their rates made new."""
        now = time.monotonic()
        changed = self.queue.changed_since()
        for job in changed:
            _rate(job, now)
        if self.queue.moving():
            self.workers.wake()
        else:
            self.release_folders()
        return changed

    def release_folders(self) -> None:
        if self.recorder.idle:
            self._folders.release()

    def end(self) -> None:
        """Stop all, keep the parts, write the records. Takes well under two seconds, whatever the workers do, unless
        the disk is slow; ended before, the journal still knows what has no record."""
        self.queue.close()
        self.workers.wait_until_told(_TOLD_S)
        for owner in self.queue.sessions.values():
            if owner.finished:
                self._keep_log(owner)
            else:
                self.recorder.note(owner, within_s=0)
        self.recorder.close()
        self._folders.release()
        if all(owner.finished and _settled_well(owner) for owner in self.queue.sessions.values()):
            self.journal.remove()

    # --- inside --------------------------------------------------------------------------------------------------

    def _settled(self, job: Job) -> None:
        """In a worker's thread: the job came to rest, for now or for good."""
        came = [job, *(self.queue.adopt(job) if job.state == "done" else ())]
        lasting = [j for j in came if j.state in FINISHED or j.state in ("paused", "needs_login")]
        self._write(
            [*entries.events(came), *map(entries.state, lasting)], sync=any(j.state in FINISHED for j in lasting)
        )
        if job.state == "paused" and job.why not in ("", INTERRUPTED):
            self._ask_for_help(job)
        for owner in {id(j.owner): j.owner for j in lasting}.values():
            self.recorder.note(owner, within_s=0 if owner.at_rest else None)

    def _ask_for_help(self, job: Job) -> None:
        """A full disk stops every file of its folder; the user is told once, until something is done about it."""
        folder = job.owner.session.folder
        with self._telling:
            tell = folder not in self._asked_for
            self._asked_for.add(folder)
        if tell:
            self._notice(f"{clean(folder, 100)}: {job.why}")

    def _moved(self, jobs: Sequence[Job]) -> set[str]:
        self._write([*entries.events(jobs), *map(entries.state, jobs)], sync=True)
        owners = {job.owner.session.id: job.owner for job in jobs}
        for owner in owners.values():
            self.recorder.note(owner, within_s=0 if owner.at_rest else None)
        with self._telling:
            self._asked_for -= {owner.session.folder for owner in owners.values()}
        self.workers.wake()
        return set(owners)

    def _turned(self, jobs: Sequence[Job]) -> None:
        self._write([*entries.events(jobs), *map(entries.turn, jobs)], sync=True)
        self.workers.wake()

    def _with_folder(self, jobs: list[Job]) -> list[Job]:
        """The user wants them, so a folder that was not there is tried again. LocalFailure when it still can't be."""
        for owner in {id(job.owner): job.owner for job in jobs}.values():
            if owner.folder is None:
                owner.folder = self._folders.get(owner.session.folder)
        return jobs

    def _write(self, records: Iterable[dict[str, Any]], *, sync: bool) -> bool:
        done = self.journal.write(records, sync=sync)
        with self._telling:
            tell, self._told = not done and not self._told, not done
        if tell:
            self._notice(f"the queue can't be kept on disk: {self.journal.trouble}; it goes on in memory")
        return done


def _begin(owner: SessionState, folder: DownloadFolder, queue: JobQueue) -> None:
    """Put the session's files into the queue, each once and under a path of its own; a bad path has failed at once."""
    wanted: dict[tuple[str, str], tuple[FetchItem, str, str]] = {}
    for item in owner.session.items:
        path, trouble = item.path, ""
        try:
            split_path(item.path)
            path = folder.assign(item.path, item.uri)
        except Unsafe as error:
            trouble = str(error)
        wanted.setdefault((item.uri, path), (item, path, trouble))
    jobs = queue.add(owner, [(item, path) for item, path, _trouble in wanted.values()])
    for job, (_item, _path, trouble) in zip(jobs, wanted.values(), strict=True):
        if trouble:
            job.state, job.why = "failed", trouble


def _settled_well(owner: SessionState) -> bool:
    return all(job.state in ("done", "cancelled") for job in owner.jobs)


def _rate(job: Job, now: float) -> None:
    """Bytes a second, smoothed over some two seconds."""
    then, got = job.seen
    if job.state != "running" or not then or job.control.got < got:
        job.rate = 0.0
    elif now - then > 0.05:
        share = min(1.0, (now - then) / 2.0)
        job.rate += share * ((job.control.got - got) / (now - then) - job.rate)
    job.seen = (now, job.control.got)
