"""The app's hand on the transfers: speaks to the transfer process, starts it when there is something to do.

Used by the controller, for the screens and for `get`. Everything here is asyncio and the standard library; the bytes,
and the libraries that fetch them, live in the other process.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from mast_tui.core.errors import LocalFailure, MastTuiError
from mast_tui.core.fetch import FINISHED, FetchSession, FileLog, Move, Priority, Transfer
from mast_tui.core.host import ArchiveHost
from mast_tui.core.secret import Secret
from mast_tui.core.text import clean
from mast_tui.transfer import protocol
from mast_tui.transfer.connection import Connection, Lost
from mast_tui.transfer.journal import waiting_on_disk
from mast_tui.transfer.old_logs import read as read_old_logs
from mast_tui.transfer.picture import Picture

_LEAVE_S = 0.3
#: How long the end of a session waits for its record: a disk may hang, or another process hold the folder.
_RECORD_S = 10.0
_RESTARTS, _RESTARTS_IN_S = 5, 60.0


@dataclass(frozen=True)
class KnownSession:
    """A session in the queue. `go_on`: it was handed over, and goes on without a client. `recorded`: nothing of it
    moves, and its record on disk says so."""

    id: str
    folder: str
    archive: str
    asked: str
    created: str
    simulated: bool
    go_on: bool
    files: int
    recorded: bool = False


class Transfers:
    """All transfers of this user on this machine, as seen from one client.

    `jobs` at a time (None: as it is), `limit_rate` bytes a second over all of them (None: as it is). `detached`: the
    process gets a session of its own, out of reach of the terminal's signals (the app); else it stays in this process's
    group, so that a signal to the group ends both (`get`).

    Where files are named by `uris` and `sessions`, None is all, and with both only the files that are in both.
    """

    def __init__(
        self, host: ArchiveHost, *, jobs: int | None = 4, limit_rate: int | None = None, detached: bool = True
    ) -> None:
        self._host, self._jobs, self._limit, self._detached = host, jobs, limit_rate, detached
        self._connection = Connection(detached=detached, greet=self._greet, heard=self._heard, lost=self._lost)
        self._token: Secret | None = None
        self._token_told = True
        self._coming_back: asyncio.Task[None] | None = None
        self._picture = Picture()
        self._sessions: tuple[KnownSession, ...] = ()
        #: The sessions that pause when we leave: added or made to go on by us, and held by nobody else.
        self._held: set[str] = set()
        self._listeners: list[Callable[[], None]] = []
        self._restarts: list[float] = []
        self._closed = False
        #: Set whenever something changed; whoever waits for it clears it.
        self.changed = asyncio.Event()
        #: Words of the process to the user, newest last.
        self.notices: list[str] = []
        #: Bytes a second over all transfers that the process keeps to, as it was when we came; None is no limit.
        self.limit_rate: int | None = None

    # --- coming and going ----------------------------------------------------------------------------------------

    @property
    def attached(self) -> bool:
        return self._connection.open

    async def start(self) -> None:
        """Attach to the running transfer process, or start one. LocalFailure when that can't be done."""
        if not await self._connection.attach(start=True):
            raise LocalFailure("the transfer process can't be started", "", "`mast-tui doctor` checks the installation")

    async def attach_if_running(self, *, failed_too: bool = False) -> bool:
        """Attach when a transfer process runs, or when an earlier one left files to fetch (they wait, paused, unless
        they were to go on); with `failed_too` also when some of its files failed. False when there is nothing."""
        left = await asyncio.to_thread(waiting_on_disk, protocol.journal_folder(), failed_too=failed_too)
        return await self._connection.attach(start=left)

    async def leave(self, go_on: bool) -> None:
        """Say goodbye. What we hold, and nobody else does, goes on by itself with `go_on`, and else pauses. The process
        ends when nothing moves and nobody is there. Quick in any case."""
        self._closed = True
        if self._coming_back is not None:
            self._coming_back.cancel()
        if self._connection.open:
            with contextlib.suppress(MastTuiError, Lost, TimeoutError):
                async with asyncio.timeout(_LEAVE_S):
                    await self._connection.ask("leave", go_on=go_on)
        await self._connection.hang_up()

    async def close(self) -> None:
        """Leave, if not left yet, without "go on"."""
        if not self._closed:
            await self.leave(False)

    # --- what is wanted ------------------------------------------------------------------------------------------

    async def add(self, session: FetchSession) -> None:
        """Queue the session's files; when this returns, they are on disk as queued. Errors: LocalFailure (folder),
        InvalidQuery (this id is queued already)."""
        try:
            await self._add(session)
        except Lost:
            await self.start()
            if not any(known.id == session.id for known in self._sessions):
                await self._add(session)

    async def _add(self, session: FetchSession) -> None:
        self._held.add(session.id)
        await self._request("add", session=session.to_json(), base=self._host.base)

    async def pause(self, uris: Iterable[str] | None = None, sessions: Iterable[str] | None = None) -> None:
        """Stop these, keeping what came."""
        await self._for("pause", uris, sessions)

    async def resume(self, uris: Iterable[str] | None = None, sessions: Iterable[str] | None = None) -> None:
        """Go on with these. They are held by us from now on."""
        await self._for("resume", uris, sessions)

    async def cancel(self, uris: Iterable[str] | None = None, sessions: Iterable[str] | None = None) -> None:
        """They are not wanted any more; their parts are removed. Files that are done stay."""
        await self._for("cancel", uris, sessions)

    async def retry(self, uris: Iterable[str] | None = None, sessions: Iterable[str] | None = None) -> None:
        """Begin again at once what failed, was cancelled, or waits; without `uris` all that failed or waits. They are
        held by us from now on."""
        await self._for("retry", uris, sessions)

    async def move(self, where: Move, uris: Iterable[str] | None = None, sessions: Iterable[str] | None = None) -> None:
        """Put these before, behind, or one file further among the unfinished ones of their priority."""
        await self._for("move", uris, sessions, where=where)

    async def prioritise(
        self, priority: Priority, uris: Iterable[str] | None = None, sessions: Iterable[str] | None = None
    ) -> None:
        """Take these before, with, or after the others; what runs is not interrupted."""
        await self._for("priority", uris, sessions, priority=priority)

    async def logs(self, uris: Iterable[str] | None = None, sessions: Iterable[str] | None = None) -> list[FileLog]:
        """What happened to these files, each with its last events."""
        found = await self._for("log", uris, sessions)
        return [FileLog.from_json(data) for data in found["logs"]]

    async def old_logs(self) -> list[FileLog]:
        """What happened to the files of sessions that have left the queue, the oldest session first."""
        return await asyncio.to_thread(read_old_logs, protocol.logs_folder())

    async def forget_finished(self) -> None:
        """Take the sessions with nothing left to do off the queue; their records stay."""
        if self.attached:
            await self._request("forget")

    async def set_token(self, token: Secret | None) -> None:
        """For files that need a login; those that wait for one begin at once. Kept here until there is a process."""
        self._token, self._token_told = token, False
        if self.attached:
            await self._tell_token()

    async def set_limit(self, bytes_per_s: int | None) -> None:
        """The most bytes a second over all transfers, at once; None is no limit."""
        self._limit = self.limit_rate = bytes_per_s
        if self.attached:
            await self._request("limit", bytes_per_s=bytes_per_s)

    async def set_jobs(self, jobs: int) -> None:
        self._jobs = jobs
        if self.attached:
            await self._request("jobs", jobs=jobs)

    # --- looking -------------------------------------------------------------------------------------------------

    def snapshot(self) -> tuple[Transfer, ...]:
        """Every transfer in the queue, in the order in which they are taken. Costs nothing while nothing changes."""
        return self._picture.seen()

    def sessions(self) -> tuple[KnownSession, ...]:
        return self._sessions

    def would_pause(self) -> tuple[Transfer, ...]:
        """The transfers under way that pause when we leave without "go on"; perhaps fewer, if another holds them."""
        handed_over = {known.id for known in self._sessions if known.go_on}
        return tuple(t for t in self._unfinished() if t.session not in handed_over)

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """`callback` is called, at most some four times a second, when something changed; returns its removal."""
        self._listeners.append(callback)

        def remove() -> None:
            with contextlib.suppress(ValueError):
                self._listeners.remove(callback)

        return remove

    async def settled(self, session_id: str) -> tuple[Transfer, ...]:
        """Wait until nothing of this session moves any more (each file is done, failed, cancelled, paused or waits for
        a login), and its record is on disk. Its transfers."""
        mine: tuple[Transfer, ...] = ()
        moved = time.monotonic()
        while True:
            self.changed.clear()
            # a process that took over a session in which nothing was left to do does not list it any more
            mine = tuple(t for t in self.snapshot() if t.session == session_id) or mine
            known = next((known for known in self._sessions if known.id == session_id), None)
            back = self._coming_back is None or self._coming_back.done()
            still = all(t.state in FINISHED or t.state in ("paused", "needs_login") for t in mine)
            if not still:
                moved = time.monotonic()
            told = (known is not None and known.recorded) or time.monotonic() - moved > _RECORD_S
            if back and (known is None or not self.attached or (still and told)):
                return mine
            with contextlib.suppress(TimeoutError):
                # not `wait_for`: until Python 3.12 that loses a cancellation which comes together with the event
                async with asyncio.timeout(1.0):
                    await self.changed.wait()

    # --- inside --------------------------------------------------------------------------------------------------

    async def _greet(self) -> None:
        self._picture = Picture()
        hello: dict[str, Any] = {"protocol": protocol.PROTOCOL, "base": self._host.base, "jobs": self._jobs}
        hello |= {"detached": self._detached, "holds": sorted(self._held)}
        if self._limit is not None:
            hello["limit_rate"] = self._limit
        self.limit_rate = (await self._connection.ask("hello", **hello)).get("limit_rate")
        if not self._token_told or self._token:
            await self._tell_token()

    def _heard(self, message: dict[str, Any]) -> None:
        event = message.get("ev")
        if event == "transfers":
            for data in message["transfers"]:
                self._picture.put(data)
        elif event == "sessions":
            self._sessions = tuple(KnownSession(**data) for data in message["sessions"])
            self._picture.keep_only({session.id for session in self._sessions})
        elif event == "notice":
            self.notices.append(clean(message["words"], 300))
            del self.notices[:-50]
        self.changed.set()
        for listener in list(self._listeners):
            listener()

    def _lost(self) -> None:
        if not self._closed and (self._unfinished() or self._unrecorded()):
            self._coming_back = asyncio.create_task(self._come_back())
        self.changed.set()

    def _unfinished(self) -> list[Transfer]:
        return [t for t in self.snapshot() if t.session in self._held and t.state in ("queued", "running", "waiting")]

    def _unrecorded(self) -> bool:
        return any(known.id in self._held and not known.recorded for known in self._sessions)

    async def _come_back(self) -> None:
        """The process died under us: start another, and go on with what was ours."""
        ours = self._unfinished()
        now = time.monotonic()
        self._restarts = [at for at in self._restarts if now - at < _RESTARTS_IN_S] + [now]
        if len(self._restarts) > _RESTARTS:
            self._heard({"ev": "notice", "words": "the transfer process ends again and again; see its log"})
            return
        with contextlib.suppress(MastTuiError, Lost, TimeoutError):
            await self.start()
            uris, sessions = [t.uri for t in ours], sorted({t.session for t in ours})
            await self._connection.ask("resume", uris=uris, sessions=sessions)

    async def _for(
        self, op: str, uris: Iterable[str] | None, sessions: Iterable[str] | None, **more: object
    ) -> dict[str, Any]:
        which = {"uris": None if uris is None else list(uris), "sessions": None if sessions is None else list(sessions)}
        found = await self._request(op, **which, **more)
        self._held.update(found.get("held", ()))
        return found

    async def _request(self, op: str, **words: object) -> dict[str, Any]:
        """Ask, starting the process if there is none."""
        if not self._connection.open:
            await self.start()
        try:
            return await self._connection.ask(op, **words)
        except TimeoutError:
            raise LocalFailure("the transfer process does not answer", "", "Try again") from None
        except Lost:
            if op == "add":
                raise
            raise LocalFailure("the transfer process ended", "it is started again", "Try again") from None

    async def _tell_token(self) -> None:
        await self._connection.ask("token", token=self._token.reveal() if self._token else None)
        self._token_told = True
