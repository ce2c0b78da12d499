"""The line between a client and the transfer process: found or started, asked and answered, lost and noticed.

Used by `client` alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import Any

from mast_tui.core.errors import MastTuiError, from_json
from mast_tui.core.folders import ensure_private
from mast_tui.core.transfer_process import start_process, started_ago_s, started_lives
from mast_tui.transfer import protocol

_START_S = 20.0
#: Should the process that was started have ended (another was there still, but about to end), the next one is started
#: after so long, doubling. While it lives, not before the longer time: it loads, and a second would make a busy machine
#: busier.
_FIRST_PATIENCE_S, _LOADING_S = 0.35, 5.0
_ANSWER_S = 30.0
#: A socket that is not there yet costs nothing to try.
_LOOK_S = 0.002


class Lost(Exception):
    """The transfer process is gone, or was never there."""


class Connection:
    """`heard` gets every event; `greet` is awaited once on each new connection; `lost` is called when it breaks.

    `detached`: a process that is started gets a session of its own.
    """

    def __init__(
        self,
        *,
        detached: bool,
        greet: Callable[[], Awaitable[None]],
        heard: Callable[[dict[str, Any]], None],
        lost: Callable[[], None],
    ) -> None:
        self._detached, self._greet, self._heard, self._lost = detached, greet, heard, lost
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._attaching = asyncio.Lock()
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._number = 0

    @property
    def open(self) -> bool:
        return self._writer is not None

    async def attach(self, *, start: bool) -> bool:
        """Connect to the process that runs; with `start`, start one if there is none. False when there is none."""
        async with self._attaching:
            if self._writer is not None:
                return True
            began, patience = time.monotonic(), _FIRST_PATIENCE_S
            while time.monotonic() - began < _START_S:
                if await self._connect():
                    return True
                if not start:
                    return False
                ago = started_ago_s()  # it may have been started already, and be on its way
                if ago >= patience and (ago >= _LOADING_S or not started_lives()):
                    start_process(detached=self._detached)
                    patience *= 2
                await asyncio.sleep(_LOOK_S)
            return False

    async def ask(self, op: str, **words: object) -> dict[str, Any]:
        """The answer to a request; the error that it holds is raised. Lost, or TimeoutError, when there is none."""
        if self._writer is None:
            raise Lost
        self._number += 1
        number = self._number
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        try:
            self._writer.write(protocol.encode({"id": number, "op": op, **words}))
            async with asyncio.timeout(_ANSWER_S):
                found = await answer
        finally:
            self._answers.pop(number, None)
        if "error" in found:
            raise from_json(found["error"])
        return found

    async def hang_up(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        self._fail_answers()
        await asyncio.sleep(0)  # a turn of the loop, in which the socket is really closed

    # --- inside --------------------------------------------------------------------------------------------------

    async def _connect(self) -> bool:
        ensure_private(protocol.socket_path().parent)  # the token goes through it: never through somebody else's
        try:
            reader, writer = await asyncio.open_unix_connection(protocol.socket_path(), limit=protocol.LINE_LIMIT)
        except OSError:
            return False
        self._writer = writer
        self._reading = asyncio.create_task(self._read(reader, writer))
        try:
            await self._greet()
        except (Lost, TimeoutError):
            await self.hang_up()
            return False
        except MastTuiError:
            await self.hang_up()
            raise
        return True

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, ValueError):
            while line := await reader.readline():
                message = protocol.decode(line)
                if "re" in message:
                    self._answered(message)
                else:
                    self._heard(message)
        writer.close()
        if self._writer is writer:
            self._writer = None
            self._fail_answers()
            self._lost()

    def _answered(self, message: dict[str, Any]) -> None:
        answer = self._answers.get(message["re"])
        if answer is not None and not answer.done():
            answer.set_result(message)

    def _fail_answers(self) -> None:
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(Lost())
