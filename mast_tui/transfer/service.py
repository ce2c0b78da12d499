"""The transfer process: `python -m mast_tui.transfer`, one a user and machine.

The client starts it when there is something to do, and speaks to it over a private socket. It ends when nobody is
there and nothing is to be done, and on SIGTERM, SIGHUP or SIGINT within two seconds. Whatever ends it, the parts and
the journal let the next one go on where it stopped.

Who leaves stops what is theirs, and nothing else. A client holds the sessions that it added, and those that it made go
on again (resume, retry). When it leaves, those of them that no other client holds pause; or, with "go on", are handed
over: they need nobody from then on, here or in the next process, until they are done or somebody pauses them. A client
that vanishes without a word has two seconds to come back; then it has left. So ^C in `get` pauses what that `get`
fetches, never what the app beside it fetches, and leaving the app never stops a `get --detach`.

Started by a plain `get`, the process is in the group of that command, and a signal to the group ends both. As soon as
somebody else relies on it (a client that is not of that terminal, or a session that was handed over), it leaves the
group and the terminal for a session of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from mast_tui import __version__
from mast_tui.core.errors import InvalidQuery, LocalFailure, MastTuiError
from mast_tui.core.folders import ensure_private, state_folder
from mast_tui.core.secret import Secret
from mast_tui.core.text import clean
from mast_tui.transfer import protocol
from mast_tui.transfer.holders import Holders
from mast_tui.transfer.jobs import Job, SessionState
from mast_tui.transfer.owner import QueueOwner
from mast_tui.transfer.web import READ_S
from mast_tui.transfer.wishes import fulfil

_TICK_S, _QUIET_TICK_S = 0.25, 1.0
#: How long the service lives without a client and without work; and after a client vanished without a word.
_IDLE_S, _GRACE_S = 3.0, 2.0
_FIRST_CLIENT_S = 5.0
_LAST_WORDS_S, _SLOW_DISK_S = 1.5, 30.0
_LOG_LIMIT = 1 << 20
_SLOW_CLIENT_BYTES = 1 << 22


class _Client:
    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self.base = ""
        self.welcome = False
        self.stale = False
        self.said_goodbye = False

    def send(self, data: bytes) -> None:
        if self.writer.transport.get_write_buffer_size() > _SLOW_CLIENT_BYTES:
            self.stale = True  # it gets everything anew when it listens again
            return
        self.writer.write(data)


class Service:
    def __init__(self, owner: QueueOwner, notices: list[str]) -> None:
        self._owner, self._notices = owner, notices
        self._clients: set[_Client] = set()
        self._holders: Holders[_Client] = Holders()
        if any(s.go_on for s in owner.queue.sessions.values()):
            _leave_the_terminal()
        self._alone_since = time.monotonic()
        self._patience_s = _FIRST_CLIENT_S
        self._ending, self._wake = asyncio.Event(), asyncio.Event()
        self._sessions_sent: list[dict[str, Any]] = []
        self.code = 0

    async def run(self, socket_path: Path) -> int:
        """Serve until there is a reason to end; the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # as nohup asks
                loop.add_signal_handler(number, self._signalled, number)
        server = await asyncio.start_unix_server(self._serve, path=socket_path, limit=protocol.LINE_LIMIT)
        socket_path.chmod(0o600)
        self._owner.recorder.wrote = lambda: _from_thread(loop, self._wrote)
        ticks = asyncio.create_task(self._tick_for_ever())
        await self._ending.wait()
        self._exit_soon(_LAST_WORDS_S if self.code else _SLOW_DISK_S)
        ticks.cancel()
        socket_path.unlink(missing_ok=True)
        server.close()
        self._push(self._owner.tick())
        return self.code

    def _signalled(self, number: int) -> None:
        self.code = 128 + number
        self._exit_soon(_LAST_WORDS_S)
        self._ending.set()

    def _exit_soon(self, seconds: float) -> None:
        """Should a disk hang while the last words are written: the parts are safe, so go."""
        timer = threading.Timer(seconds, os._exit, (self.code,))
        timer.daemon = True
        timer.start()

    # --- clients -------------------------------------------------------------------------------------------------

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = _Client(writer)
        self._clients.add(client)
        try:
            while line := await reader.readline():
                try:
                    message = protocol.decode(line)
                except ValueError:
                    break
                await self._answer(client, message)
                await writer.drain()
        except (ConnectionError, ValueError, asyncio.LimitOverrunError):
            pass
        finally:
            self._gone(client)

    async def _answer(self, client: _Client, message: dict[str, Any]) -> None:
        reply: dict[str, Any] = {"re": message.get("id")}
        try:
            reply |= await self._act(client, message) or {}
        except MastTuiError as error:
            reply["error"] = error.to_json()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            what = InvalidQuery("the transfer process did not understand the app", clean(error, 100))
            reply["error"] = what.to_json()
        self._push(self._owner.tick())  # first, so that the app sees what it asked for when it has its answer
        client.send(protocol.encode(reply))
        self._wake.set()

    async def _act(self, client: _Client, message: dict[str, Any]) -> dict[str, Any] | None:
        op = message["op"]
        if op == "hello":
            return self._hello(client, message)
        if op == "token":
            word = message.pop("token")
            await asyncio.to_thread(self._owner.set_token, client.base, Secret(word) if word else None)
            return None
        if op == "leave":
            await self._leave(client, go_on=bool(message["go_on"]))
            return None
        reply = await asyncio.to_thread(fulfil, self._owner, message)
        self._holders.hold(client, reply.get("held", ()))
        return reply

    async def _leave(self, client: _Client, *, go_on: bool) -> None:
        client.said_goodbye = True
        alone = self._holders.leaves(client)
        if go_on:
            _leave_the_terminal()
            await asyncio.to_thread(self._owner.hand_over, alone)
            return
        await asyncio.to_thread(self._owner.let_go, alone)
        others = any(c.welcome for c in self._clients if c is not client)
        if not others and not self._owner.queue.moving():
            self._ending.set()

    def _hello(self, client: _Client, message: dict[str, Any]) -> dict[str, Any]:
        if message.get("protocol") != protocol.PROTOCOL:
            raise LocalFailure(
                "a transfer process of another version of mast-tui is running",
                f"it is version {__version__}, process {os.getpid()}",
                "Let it finish, or leave it with “stop”",
            )
        client.base, client.welcome = str(message["base"]), True
        if message.get("detached"):
            _leave_the_terminal()
        self._holders.hold(client, map(str, message.get("holds", ())))
        self._owner.rebase_simulated(client.base)
        if message.get("jobs"):
            self._owner.workers.set_size(int(message["jobs"]))
        if "limit_rate" in message:
            self._owner.bucket.set_rate(message["limit_rate"])
        self._send_all(client)
        return {"version": __version__, "pid": os.getpid(), "limit_rate": self._owner.bucket.rate}

    def _gone(self, client: _Client) -> None:
        self._clients.discard(client)
        client.writer.close()
        self._wake.set()
        if not client.said_goodbye:
            self._holders.vanished(client, time.monotonic() + _GRACE_S)
        if self._clients:
            return
        self._alone_since = time.monotonic()
        if not client.welcome:
            return
        self._patience_s = 0.0 if client.said_goodbye else _GRACE_S

    # --- telling them --------------------------------------------------------------------------------------------

    async def _tick_for_ever(self) -> None:
        while True:
            if self._owner.queue.moving():
                await asyncio.sleep(_TICK_S)
            else:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_QUIET_TICK_S):
                        await self._wake.wait()
            self._wake.clear()
            late = self._holders.overdue(time.monotonic())
            if late:
                await asyncio.to_thread(self._owner.let_go, late)
                self._patience_s = 0.0
            self._push(self._owner.tick())
            for client in self._clients:
                if client.stale and client.writer.transport.get_write_buffer_size() == 0:
                    self._send_all(client)
            if self._should_end():
                self._ending.set()
                return

    def _should_end(self) -> bool:
        if self._clients:
            return False
        if self._owner.queue.moving():
            return False
        alone_s = time.monotonic() - self._alone_since
        return alone_s > max(_IDLE_S, self._patience_s) or (self._patience_s == 0.0 and self._owner.recorder.idle)

    def _push(self, changed: list[Job]) -> None:
        listeners = [client for client in self._clients if client.welcome]
        sessions = self._sessions()
        if sessions != self._sessions_sent:
            self._sessions_sent = sessions
            self._broadcast(listeners, {"ev": "sessions", "sessions": sessions})
        for at in range(0, len(changed), protocol.CHUNK):
            chunk = [_transfer(job) for job in changed[at : at + protocol.CHUNK]]
            self._broadcast(listeners, {"ev": "transfers", "transfers": chunk})
        while self._notices:
            self._broadcast(listeners, {"ev": "notice", "words": self._notices.pop(0)})

    def _sessions(self) -> list[dict[str, Any]]:
        tells = self._owner.recorder.tells
        return [_session(s, tells(s) and s.at_rest) for s in list(self._owner.queue.sessions.values())]

    def _wrote(self) -> None:
        """A record has been written: who waits for it is told at once."""
        if not self._owner.queue.moving():
            self._push(self._owner.tick())

    def _broadcast(self, listeners: list[_Client], message: dict[str, Any]) -> None:
        if listeners:
            data = protocol.encode(message)
            for client in listeners:
                client.send(data)

    def _send_all(self, client: _Client) -> None:
        client.stale = False
        client.send(protocol.encode({"ev": "sessions", "sessions": self._sessions()}))
        jobs = [_transfer(job) for job in self._owner.queue.all_jobs()]
        for at in range(0, len(jobs), protocol.CHUNK):
            client.send(protocol.encode({"ev": "transfers", "transfers": jobs[at : at + protocol.CHUNK]}))


def _from_thread(loop: asyncio.AbstractEventLoop, what: Callable[[], None]) -> None:
    with contextlib.suppress(RuntimeError):  # the loop has ended: nobody listens any more
        loop.call_soon_threadsafe(what)


def _transfer(job: Job) -> dict[str, Any]:
    return {"n": job.n, "place": job.place, **job.to_transfer().to_json()}


def _session(owner: SessionState, recorded: bool) -> dict[str, Any]:
    session = owner.session
    return {
        "id": session.id,
        "folder": session.folder,
        "archive": session.archive,
        "asked": session.asked,
        "created": session.created,
        "simulated": session.simulated,
        "go_on": owner.go_on,
        "files": len(owner.jobs),
        "recorded": recorded,
    }


# --- the process ------------------------------------------------------------------------------------------------------


def _leave_the_terminal() -> None:
    """No signal to the group of the `get` that started us is for us any more. Harmless when it was so before."""
    with contextlib.suppress(OSError):
        os.setsid()


def _logger(path: Path) -> Callable[[str], None]:
    """Words for a bug report; never an address with a token, because there are none."""

    def log(words: str) -> None:
        with contextlib.suppress(OSError):
            if path.exists() and path.stat().st_size > _LOG_LIMIT:
                path.replace(path.with_suffix(".log.1"))
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            with os.fdopen(fd, "ab") as f:
                f.write(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {words}\n".encode("utf-8", "replace"))

    return log


def serve() -> NoReturn:
    """Be the transfer process of this home until there is a reason to end. The caller holds its lock."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold the token
    read_s = float(os.environ.get("MAST_TUI_SILENCE_S", READ_S))
    os.chdir("/")
    log = _logger(state_folder() / "transfer.log")
    notices: list[str] = []
    owner: QueueOwner | None = None
    try:
        with contextlib.suppress(OSError, LocalFailure):
            ensure_private(protocol.journal_folder())
        owner = QueueOwner(
            protocol.journal_folder(), jobs=4, limit_rate=None, notice=notices.append, log=log, read_s=read_s
        )
        owner.recover()
        protocol.socket_path().unlink(missing_ok=True)
        code = asyncio.run(Service(owner, notices).run(protocol.socket_path()))
        owner.end()
    except Exception:  # noqa: BLE001 - the edge of the process: what else goes wrong is kept for a bug report
        log(clean(traceback.format_exc(limit=-8), 4000))
        code = 1
    sys.stdout.flush()
    os._exit(code)  # no joining of workers: their parts are crash-safe
