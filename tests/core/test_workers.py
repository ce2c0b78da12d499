"""Worker processes: jobs come back, cancelled ones end, dead ones are replaced, and nothing they print is seen."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

import mast_tui
from mast_tui.core.errors import Cancelled, LocalFailure, NotFound, ServerError, TemporarilyUnavailable
from mast_tui.core.secret import Secret
from mast_tui.core.workers import Limits, WorkerPool

JOBS = """
import os, signal, sys, time
import numpy as np
from mast_tui.core.errors import NotFound
from mast_tui.core.workers import report

warmed = False

def warm():
    global warmed
    time.sleep(0.1)
    warmed = True

def is_warm(): return warmed
def pid(wait=0.0): time.sleep(wait); return os.getpid()
def double(values): return {"values": np.asarray(values) * 2}
def sleep(seconds): report("going to sleep"); time.sleep(seconds); return "rested"
def lost(name): raise NotFound("nothing of that name", name)
def broken(): return 1 / 0
def die(): os.kill(os.getpid(), signal.SIGKILL)
def leave(): os._exit(3)
def eat(n): return len(bytearray(n))
def burn():
    while True: pass
def noise():
    print("to stdout"); print("to stderr", file=sys.stderr); os.write(1, b"raw"); os.system("echo from a child")
    return sys.stdin.read()
def environment(name): return os.environ.get(name)
def length(word): return len(word)
def search_path(): return sys.path
def nice(): return os.nice(0)
"""


@pytest.fixture
def jobs_folder(tmp_path: Path) -> Path:
    (tmp_path / "jobs_of_a_test.py").write_text(JOBS)
    return tmp_path


def a_pool(folder: Path, size: int = 2, limits: Limits | None = None) -> WorkerPool:
    return WorkerPool("jobs_of_a_test", size, limits or Limits(), {"PYTHONPATH": str(folder)})


@pytest_asyncio.fixture
async def pool(jobs_folder: Path) -> AsyncIterator[WorkerPool]:
    made = a_pool(jobs_folder)
    yield made
    await made.close()


async def test_a_job_answers_with_numbers_and_arrays(pool: WorkerPool) -> None:
    answer = await pool.run("double", 10, values=[1, 2, 3])
    assert np.array_equal(answer["values"], [2, 4, 6])


async def test_a_worker_is_used_again(pool: WorkerPool) -> None:
    assert await pool.run("pid", 10) == await pool.run("pid", 10) != os.getpid()


async def test_no_more_jobs_at_once_than_workers(pool: WorkerPool) -> None:
    pids = await asyncio.gather(*(pool.run("pid", 20, wait=0.05) for _ in range(6)))
    assert len(set(pids)) == 2


async def test_our_errors_arrive_as_they_were_raised(pool: WorkerPool) -> None:
    with pytest.raises(NotFound) as caught:
        await pool.run("lost", 10, name="M999")
    assert (caught.value.what, caught.value.why) == ("nothing of that name", "M999")
    assert await pool.run("double", 10, values=[])


async def test_a_defect_is_one_line_and_the_worker_lives_on(pool: WorkerPool) -> None:
    before = await pool.run("pid", 10)
    with pytest.raises(ServerError, match="ZeroDivisionError"):
        await pool.run("broken", 10)
    assert await pool.run("pid", 10) == before


async def test_a_job_tells_what_it_waits_for(pool: WorkerPool) -> None:
    heard: list[str] = []
    assert await pool.run("sleep", 10, heard.append, seconds=0.0) == "rested"
    assert heard == ["going to sleep"]


async def test_cancelling_ends_the_worker_and_frees_at_once(pool: WorkerPool) -> None:
    asleep = asyncio.Event()
    task = asyncio.create_task(pool.run("sleep", 60, lambda _: asleep.set(), seconds=50.0))
    await asyncio.wait_for(asleep.wait(), 20)
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 1.0
    assert np.array_equal((await pool.run("double", 20, values=[4]))["values"], [8])


async def test_a_deadline_ends_the_job(pool: WorkerPool) -> None:
    await pool.run("pid", 20)
    with pytest.raises(TemporarilyUnavailable, match="o answer in time"):
        await pool.run("sleep", 0.3, seconds=50.0)
    assert await pool.run("pid", 20)


async def test_a_worker_that_dies_is_reported_and_replaced(pool: WorkerPool) -> None:
    with pytest.raises(ServerError, match="SIGKILL"):
        await pool.run("die", 20)
    with pytest.raises(ServerError, match="code 3"):
        await pool.run("leave", 20)
    assert await pool.run("pid", 20)


async def test_one_that_died_while_idle_is_not_even_noticed(pool: WorkerPool) -> None:
    old = await pool.run("pid", 20)
    os.kill(old, signal.SIGKILL)
    async with asyncio.timeout(10):
        while _alive(old):
            await asyncio.sleep(0.02)
    assert await pool.run("pid", 20) != old


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_warm_workers_stay_warm_also_after_one_was_cancelled(pool: WorkerPool) -> None:
    await pool.warm("warm")
    pids = set(await asyncio.gather(*(pool.run("pid", 20, wait=0.3) for _ in range(2))))
    assert len(pids) == 2
    asleep = asyncio.Event()
    task = asyncio.create_task(pool.run("sleep", 60, lambda _: asleep.set(), seconds=50.0))
    await asleep.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(20):
        while pool._background:
            await asyncio.sleep(0.02)
    now = set(await asyncio.gather(*(pool.run("pid", 20, wait=0.3) for _ in range(2))))
    assert len(now) == 2 and len(now & pids) == 1
    assert await asyncio.gather(*(pool.run("is_warm", 20) for _ in range(4))) == [True] * 4


async def test_a_job_that_comes_while_they_warm_makes_no_third_worker(pool: WorkerPool) -> None:
    warming = asyncio.create_task(pool.warm("warm"))
    pids = await asyncio.gather(*(pool.run("pid", 20, wait=0.05) for _ in range(5)))
    await warming
    assert len(set(pids)) <= 2


async def test_closing_ends_the_jobs_and_refuses_new_ones(jobs_folder: Path) -> None:
    pool = a_pool(jobs_folder)
    asleep = asyncio.Event()
    task = asyncio.create_task(pool.run("sleep", 60, lambda _: asleep.set(), seconds=50.0))
    await asyncio.wait_for(asleep.wait(), 20)
    began = time.monotonic()
    await pool.close()
    assert time.monotonic() - began < 1
    with pytest.raises(Cancelled):
        await task
    with pytest.raises(Cancelled):
        await pool.run("pid", 20)


async def test_what_a_job_prints_goes_nowhere_and_it_can_ask_nobody(
    pool: WorkerPool, capfd: pytest.CaptureFixture[str]
) -> None:
    assert await pool.run("noise", 20) == ""
    assert capfd.readouterr() == ("", "")
    assert await pool.run("double", 20, values=[1])


async def test_the_token_reaches_a_job_but_not_the_environment(
    jobs_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAST_API_TOKEN", "SEKRIT")
    pool = a_pool(jobs_folder)
    try:
        assert await pool.run("length", 20, word=Secret("SEKRIT")) == 6
        assert await pool.run("environment", 20, name="MAST_API_TOKEN") is None
        assert await pool.run("environment", 20, name="PYTHONPATH") == str(jobs_folder)
    finally:
        await pool.close()


async def test_the_folder_the_app_was_started_in_is_not_searched_for_modules(
    pool: WorkerPool, jobs_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = jobs_folder / "trap"
    trap.mkdir()
    (trap / "json.py").write_text("raise SystemExit('sprung')\n")
    monkeypatch.chdir(trap)
    path = await pool.run("search_path", 20)
    assert "" not in path and str(trap) not in path


async def test_memory_and_processor_time_are_limited(jobs_folder: Path) -> None:
    pool = a_pool(jobs_folder, 1, Limits(memory_bytes=1 << 30, cpu_s=2, nice=7))
    try:
        assert await pool.run("nice", 20) >= 7
        if sys.platform == "linux":
            with pytest.raises(ServerError, match="memory"):
                await pool.run("eat", 20, n=1 << 31)
        with pytest.raises(ServerError, match="processor time"):
            await pool.run("burn", 30)
    finally:
        await pool.close()


async def test_a_machine_that_starts_no_process_says_so(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(LocalFailure, match="can't be started"):
        await pool.run("pid", 20)


def test_leaving_without_a_word_leaves_no_worker_behind(jobs_folder: Path) -> None:
    code = (
        "import asyncio\nfrom mast_tui.core.workers import WorkerPool\n"
        "async def main():\n"
        f"    pool = WorkerPool('jobs_of_a_test', 1, environment={{'PYTHONPATH': {str(jobs_folder)!r}}})\n"
        "    print(await pool.run('pid', 20), flush=True)\n"
        "    import os; os._exit(0)\n"
        "asyncio.run(main())\n"
    )
    root = Path(mast_tui.__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    deadline = time.monotonic() + 10
    while _alive(int(done.stdout)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _alive(int(done.stdout))
