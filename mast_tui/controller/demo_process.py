"""The embedded archive as a child process: started on demand, ended with the app, whatever way the app ends.

The child watches its standard input: when the app is gone, also by a kill, the pipe closes and the child ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys

from mast_tui.core.errors import TemporarilyUnavailable
from mast_tui.core.host import ArchiveHost, parse_host

_START_S = 20.0


class DemoProcess:
    def __init__(self, rows: int = 0) -> None:
        self._rows = rows
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> ArchiveHost:
        """Start it and return its address."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "mast_tui.demo",
            "--exit-with-stdin",
            "--cloud",
            "--rows",
            str(self._rows),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ},
            start_new_session=True,
        )
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):  # a real archive does not run on the machine whose keys should be quick
            os.setpriority(os.PRIO_PROCESS, self._process.pid, 10)
        line = b""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_START_S):
                line = await self._process.stdout.readline()
        if not line:
            await self.close()
            raise TemporarilyUnavailable(
                "the embedded archive did not start", "", "Run `mast-tui demo serve` to see what it says"
            )
        return parse_host(line.decode("ascii", "replace"))

    async def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            # not process.kill(): in Python 3.11 it may reap the process, and asyncio then complains (cpython 87744)
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.2):
                await process.wait()
