"""Worker processes: where astroquery asks and where astropy reads, so that the app does neither.

A worker is one Python process that runs one job at a time. Ending the process is how a job is cancelled: it takes a
millisecond, also when the job waits for a silent server or hangs in a parser, and a fresh process takes its place.
Used by the rooms `archive` (two warm workers) and `preview` (one, with limits on memory and time).

The process side is `main(MODULE, LIMITS)`: it reads job frames from standard input and writes answers to the standard
output it was given; whatever the job's own libraries print goes nowhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import math
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from mast_tui.core import wire
from mast_tui.core.errors import Cancelled, LocalFailure, MastTuiError, ServerError, TemporarilyUnavailable, from_json
from mast_tui.core.text import clean

Progress = Callable[[str], None]

#: Seconds waited for ended workers when the app leaves; they hold nothing that could be lost.
_GRACE_S = 0.2
#: Seconds a fresh worker may take to import what its jobs need.
_WARM_S = 60.0
#: `-P` keeps the folder the app was started in off the path: a file `json.py` there must not run. What the app was
#: imported from goes to the end of the path, for a checkout that is not installed.
_START = "import sys; sys.path.append(sys.argv.pop(1)); from mast_tui.core.workers import main; main(sys.argv[1:])"
_ROOT = str(Path(__file__).resolve().parents[2])
#: Never handed down in the environment: a worker that needs the token gets it with its job.
_PRIVATE = frozenset({"MAST_API_TOKEN"})


@dataclass(frozen=True)
class Limits:
    """What a worker may use; None is no limit. Memory is the address space, CPU time is that of one job."""

    memory_bytes: int | None = None
    cpu_s: int | None = None
    nice: int = 10


class _Worker:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    def lives(self) -> bool:
        """Asked of the system: the event loop hears of an end only some turns later. Nothing is reaped here."""
        if self.process.returncode is not None:
            return False
        if not hasattr(os, "waitid"):  # macOS before Python 3.13
            return True
        try:
            return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
        except ChildProcessError:
            return False

    def kill(self) -> None:
        # not `process.kill`: in Python 3.11 it reaps a process that has just ended, and asyncio then loses the exit
        # code and prints a warning (https://github.com/python/cpython/issues/87744)
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGKILL)


class WorkerPool:
    """At most `size` worker processes of one kind; `run` waits for a free one.

    `module` is the name of a module with functions that take JSON-like keyword arguments and return JSON-like values
    with numpy arrays. `environment` is added to the workers' environment: never a secret (the token travels in job
    arguments, over a private pipe).
    """

    def __init__(
        self,
        module: str,
        size: int,
        limits: Limits = Limits(),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._module, self._size, self._limits = module, size, limits
        self._environment = dict(environment or {})
        self._idle: list[_Worker] = []
        self._alive: set[_Worker] = set()
        self._slots = asyncio.Semaphore(size)
        self._closed = False
        self._warm_with: str | None = None
        self._background: set[asyncio.Task[None]] = set()

    async def warm(self, function: str | None = None) -> None:
        """Start all workers now; `function` (without arguments) makes each import what its jobs will need.

        From then on a worker that was ended is replaced by one that is warm, too. Uses the same places as jobs do,
        so there are never more than `size` workers.
        """
        self._warm_with = function
        await asyncio.gather(*(self._start_one(function) for _ in range(self._size)))

    async def run(self, function: str, deadline_s: float, progress: Progress | None = None, **arguments: object) -> Any:
        """What `function` of the workers' module returns, or the `MastTuiError` it raised.

        Cancelling the awaiting task ends the worker at once. A job that is not done after `deadline_s` is ended and
        reported as `TemporarilyUnavailable`; a worker that dies is reported as `ServerError`, and replaced.
        """
        async with self._slots:
            if self._closed:
                raise Cancelled("the app is closing")
            worker = self._idle_one() or await self._take()
            try:
                async with asyncio.timeout(deadline_s):
                    answer = await self._exchange(worker, function, arguments, progress)
            except TimeoutError:
                self._discard(worker)
                raise TemporarilyUnavailable(
                    "no answer in time", f"Waited {deadline_s:.0f} s", "Try again, or ask for less"
                ) from None
            except (asyncio.IncompleteReadError, BrokenPipeError, ConnectionResetError, ValueError):
                code = await self._reap(worker)
                if self._closed:
                    raise Cancelled("the app is closing") from None
                self._later(self._replace())
                raise ServerError(
                    "the helper process for this job ended unexpectedly",
                    _how_it_ended(code),
                    "Try again; `mast-tui doctor` checks the installation",
                ) from None
            except BaseException:
                self._discard(worker)
                raise
            self._idle.append(worker)
        if "error" in answer:
            raise from_json(answer["error"])
        return answer["value"]

    async def close(self) -> None:
        """End all workers, whatever they do. Takes less than a third of a second."""
        self._closed = True
        for task in self._background:
            task.cancel()
        for worker in self._alive:
            worker.kill()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GRACE_S):
                await asyncio.gather(
                    *(w.process.wait() for w in self._alive), *self._background, return_exceptions=True
                )
        self._alive.clear()
        self._idle.clear()

    def _idle_one(self) -> _Worker | None:
        """A worker that waits for work; those that ended while idle (out of memory, say) are forgotten."""
        while self._idle:
            worker = self._idle.pop()
            if worker.lives():
                return worker
            self._alive.discard(worker)
        return None

    async def _start_one(self, function: str | None) -> None:
        if function is not None:
            await self.run(function, _WARM_S)
            return
        async with self._slots:
            if len(self._alive) < self._size:
                self._idle.append(await self._take())

    async def _take(self) -> _Worker:
        limits = json.dumps(asdict(self._limits))
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-c",
                _START,
                _ROOT,
                self._module,
                limits,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={
                    **{name: value for name, value in os.environ.items() if name not in _PRIVATE},
                    "OPENBLAS_NUM_THREADS": "1",
                    **self._environment,
                },
                limit=1 << 20,
                start_new_session=True,  # Ctrl-C of the terminal is the app's to handle
            )
        except OSError as error:
            raise LocalFailure(
                "a helper process can't be started",
                clean(error.strerror),
                "Free some memory or processes, and try again",
            ) from None
        worker = _Worker(process)
        self._alive.add(worker)
        if self._closed:
            worker.kill()
            raise Cancelled("the app is closing")
        return worker

    async def _exchange(
        self, worker: _Worker, function: str, arguments: Mapping[str, object], progress: Progress | None
    ) -> dict[str, Any]:
        stdin, stdout = worker.process.stdin, worker.process.stdout
        assert stdin is not None and stdout is not None
        stdin.write(wire.encode({"function": function, "arguments": dict(arguments)}))
        await stdin.drain()
        while True:
            n_text, n_body = wire.frame_sizes(await stdout.readexactly(wire.HEAD_SIZE))
            text, body = await stdout.readexactly(n_text), await stdout.readexactly(n_body)
            # a page of 50,000 rows is some 10 MB: a few milliseconds, so it is decoded here
            answer = wire.decode(text, body)
            if not isinstance(answer, dict):
                raise ValueError("not an answer")
            if "progress" not in answer:
                return answer
            if progress is not None:
                progress(clean(answer["progress"]))

    def _discard(self, worker: _Worker) -> None:
        worker.kill()
        self._later(self._bury(worker))

    async def _bury(self, worker: _Worker) -> None:
        await self._reap(worker)
        await self._replace()

    async def _replace(self) -> None:
        """A warm worker in the place of one that was ended, if the pool is kept warm."""
        if self._warm_with is None or self._closed:
            return
        async with self._slots:
            if self._closed or len(self._alive) >= self._size:
                return
            fresh: _Worker | None = None
            try:
                fresh = await self._take()
                async with asyncio.timeout(_WARM_S):
                    await self._exchange(fresh, self._warm_with, {}, None)
            except (MastTuiError, asyncio.IncompleteReadError, OSError, ValueError):
                if fresh is not None:  # the next job starts its own, and tells what is wrong
                    await self._reap(fresh)
            else:
                self._idle.append(fresh)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _reap(self, worker: _Worker) -> int:
        worker.kill()
        code = await worker.process.wait()
        self._alive.discard(worker)
        return code


def _how_it_ended(code: int) -> str:
    if code < 0:
        name = signal.Signals(-code).name if -code in {s.value for s in signal.Signals} else str(-code)
        if name == "SIGXCPU":
            return "it used more processor time than a sound file needs"
        return f"it was ended by signal {name}"
    return f"it ended with code {code}; perhaps it ran out of memory"


# --- the worker's side ------------------------------------------------------------------------------------------

_out: BinaryIO | None = None


def report(words: str) -> None:
    """From inside a job: one line about what it waits for, passed on to the job's `progress`."""
    if _out is not None:
        _out.write(wire.encode({"progress": words}))
        _out.flush()


def _serve(module_name: str, limits: Mapping[str, Any]) -> None:
    global _out
    jobs = cast(BinaryIO, os.fdopen(os.dup(0), "rb"))
    _out = cast(BinaryIO, os.fdopen(os.dup(1), "wb"))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nowhere, fd)
    _restrain(limits)
    module = importlib.import_module(module_name)

    def read_exactly(n: int) -> bytes:
        data = jobs.read(n)
        if len(data) < n:
            raise EOFError
        return data

    while True:
        try:
            job = wire.read_frame(read_exactly)
        except EOFError:
            return
        _grant_cpu(limits.get("cpu_s"))
        _out.write(_answer(module, job))
        _out.flush()


def _answer(module: object, job: Mapping[str, Any]) -> bytes:
    try:
        return wire.encode({"value": getattr(module, job["function"])(**job["arguments"])})
    except MastTuiError as error:
        return wire.encode({"error": error.to_json()})
    except MemoryError:
        short = ServerError("this needs more memory than a helper process may use", "", "Ask for less at once")
        return wire.encode({"error": short.to_json()})
    except Exception as error:  # noqa: BLE001 - the edge of the process: anything else is a defect, told in one line
        words = clean(f"{type(error).__name__}: {error}", 300)
        defect = ServerError("a helper process met an unexpected error", words, "Please report it")
        return wire.encode({"error": defect.to_json()})


def _restrain(limits: Mapping[str, Any]) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would hold the token
    if limits.get("memory_bytes"):
        with contextlib.suppress(ValueError, OSError):  # macOS has no address-space limit
            resource.setrlimit(resource.RLIMIT_AS, (limits["memory_bytes"], limits["memory_bytes"]))
    with contextlib.suppress(OSError):
        os.nice(int(limits.get("nice", 0)))


def _grant_cpu(seconds: int | None) -> None:
    """Let the next job use `seconds` of processor time; the kernel's limit counts from the start of the process."""
    if seconds:
        import resource

        used = time.process_time()
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        with contextlib.suppress(ValueError, OSError):  # an administrator's hard limit may be lower: it holds
            resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used) + seconds, hard))


def main(argv: Sequence[str]) -> None:
    _serve(argv[0], json.loads(argv[1]) if len(argv) > 1 else {})
