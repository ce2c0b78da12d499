"""What the user is told, and how soon, when the archive or the way to it is in trouble."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from email.utils import formatdate
from pathlib import Path

import pytest

from mast_tui.archive import Archive, Page, RetryPolicy
from mast_tui.core.errors import (
    Cancelled,
    InvalidQuery,
    LocalFailure,
    MastTuiError,
    NotAllowed,
    ServerError,
    TemporarilyUnavailable,
)
from mast_tui.core.host import parse_host
from mast_tui.core.query import Position, Query

from .servers import Asked, Reply, ScriptedServer, a_page, always, as_json, nobody_listens

pytestmark = pytest.mark.asyncio(loop_scope="module")

CONE = Query("M8", Position(270.904, -24.387, 0.02))
MAINTENANCE = Reply(
    200, b"<!DOCTYPE html><html><body>Down for maintenance</body></html>", {"Content-Type": "text/html"}
)
SILENT = Reply(silent=True)


def first_times(reply: Reply, times: int) -> Callable[[Asked], Reply]:
    """`reply` so many times, then the page that was asked for."""
    left = [reply] * times
    return lambda asked: left.pop() if left else a_page(asked, 5)


@asynccontextmanager
async def another_archive(base: str, deadline_s: float = 20) -> AsyncIterator[Archive]:
    made = Archive(parse_host(base), page_size=10, deadline_s=deadline_s, retries=RetryPolicy(base_s=0.02))
    try:
        yield made
    finally:
        await made.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)


async def ended(task: asyncio.Task[object]) -> None:
    with suppress(asyncio.CancelledError, MastTuiError):
        await task


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(429), "asks for a pause (429)"),
        (Reply(500), "can't answer now (500)"),
        (Reply(503), "can't answer now (503)"),
        (MAINTENANCE, "answers with a web page instead of data"),
        (Reply(200, b'{"status": "COMPLETE", "data": [{"ob', {"Content-Type": "application/json"}), "was cut short"),
        (Reply(200, b'{"status"', {}, reset=True, length=5000), "connection to the archive broke"),
        (Reply(200, b'{"status"', {"Connection": "close"}, length=5000), "connection to the archive broke"),
    ],
    ids=["429", "500", "503", "html", "cut", "reset", "short"],
)
async def test_what_fails_in_passing_is_asked_again_and_told(
    archive: Archive, server: ScriptedServer, reply: Reply, told: str
) -> None:
    server.play(first_times(reply, 2))
    heard: list[str] = []
    page = await archive.page(CONE, 1, heard.append)
    assert page.total == 5
    assert len(server.asked) == 3
    assert len(heard) == 2 and all(told in words and words.startswith("waiting") for words in heard), heard


async def test_after_four_times_it_is_enough(archive: Archive, server: ScriptedServer) -> None:
    server.play(always(MAINTENANCE))
    with pytest.raises(TemporarilyUnavailable, match=r"web page instead of data.*maintenance"):
        await archive.page(CONE, 1)
    assert len(server.asked) == 4


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(400, b"radius must be positive"), InvalidQuery),
        (Reply(401), NotAllowed),
        (Reply(403), NotAllowed),
        (Reply(404, b"<html>nothing here</html>"), ServerError),
        (as_json({"status": "ERROR", "msg": "Must be logged in as an authorized user"}), NotAllowed),
        (as_json(["what", "is", "this"]), ServerError),
        (as_json({"status": "COMPLETE", "data": {"a": 1}, "fields": 3}), ServerError),
        (as_json({"status": "COMPLETE", "data": [], "paging": [1]}), ServerError),
        (as_json({"status": "COMPLETE", "data": [1, 2], "fields": [{"name": "obsid"}]}), ServerError),
        (as_json({}), ServerError),
    ],
    ids=["400", "401", "403", "404", "not-logged-in", "list", "no-table", "no-fields", "no-rows", "empty"],
)
async def test_what_will_not_pass_is_not_asked_again(
    archive: Archive, server: ScriptedServer, reply: Reply, error: type[MastTuiError]
) -> None:
    server.play(always(reply))
    with pytest.raises(error) as caught:
        await archive.page(CONE, 1)
    assert type(caught.value) is error
    assert len(server.asked) == 1
    assert "Traceback" not in str(caught.value) and "unexpected" not in str(caught.value)


async def test_the_archives_wish_for_a_pause_is_kept_and_shown(archive: Archive, server: ScriptedServer) -> None:
    server.play(first_times(Reply(503, headers={"Retry-After": "1"}), 1))
    heard: list[str] = []
    began = time.monotonic()
    await archive.page(CONE, 1, heard.append)
    assert time.monotonic() - began >= 1
    assert heard == ["waiting 1 s: the archive asks for a pause (503)"]


@pytest.mark.parametrize("as_date", [False, True])
async def test_a_pause_of_an_hour_is_told_and_not_sat_out(
    archive: Archive, server: ScriptedServer, as_date: bool
) -> None:
    after = formatdate(time.time() + 3600, usegmt=True) if as_date else "3600"
    server.play(lambda asked: Reply(503, headers={"Retry-After": after}))
    with pytest.raises(TemporarilyUnavailable) as caught:
        await archive.page(CONE, 1)
    assert caught.value.retry_after_s == pytest.approx(3600, abs=60)
    assert len(server.asked) == 1


async def test_waiting_for_another_try_holds_no_worker(archive: Archive, server: ScriptedServer) -> None:
    server.play(lambda asked: Reply(503, headers={"Retry-After": "30"}) if asked.page == 9 else a_page(asked, 5))
    waiting = [asyncio.create_task(archive.page(CONE, 9)) for _ in range(3)]
    await until(lambda: len(server.asked) == 3)
    assert (await archive.page(CONE, 1)).total == 5
    for task in waiting:
        task.cancel()
        await ended(task)


async def test_cancelling_frees_at_once_from_a_silent_server(archive: Archive, server: ScriptedServer) -> None:
    server.play(always(SILENT))
    task = asyncio.create_task(archive.page(CONE, 1))
    await until(lambda: bool(server.asked))
    began = time.monotonic()
    task.cancel()
    await ended(task)
    assert task.cancelled()
    assert time.monotonic() - began < 1.0
    server.play(lambda asked: a_page(asked, 5))
    assert (await archive.page(CONE, 1)).total == 5


async def test_a_silent_server_is_given_up_at_the_deadline(server: ScriptedServer) -> None:
    server.play(always(SILENT))
    async with another_archive(server.base, deadline_s=1.5) as archive:
        with pytest.raises(TemporarilyUnavailable, match="o answer in time"):
            await archive.page(CONE, 1)
    assert len(server.asked) <= 1


async def test_closing_in_the_middle_of_a_silent_query_takes_no_time(server: ScriptedServer) -> None:
    server.play(always(SILENT))
    async with another_archive(server.base) as archive:
        task = asyncio.create_task(archive.page(CONE, 1))
        await until(lambda: bool(server.asked))
        began = time.monotonic()
        await archive.close()
        assert time.monotonic() - began < 1
        with pytest.raises(Cancelled):
            await task


async def test_closing_right_after_the_start_leaves_nothing_behind(server: ScriptedServer) -> None:
    async with another_archive(server.base) as archive:
        began = time.monotonic()
        await archive.start()
        await asyncio.sleep(0.05)
        await archive.close()
        assert time.monotonic() - began < 1
        with pytest.raises(Cancelled):
            await archive.page(CONE, 1)


async def test_a_worker_that_is_killed_is_reported_and_replaced(server: ScriptedServer) -> None:
    server.play(always(SILENT))
    async with another_archive(server.base) as archive:
        task = asyncio.create_task(archive.page(CONE, 1))
        await until(lambda: bool(server.asked))
        os.kill(_working_for(archive), signal.SIGKILL)
        with pytest.raises(ServerError, match="SIGKILL"):
            await task
        server.play(lambda asked: a_page(asked, 5))
        assert (await archive.page(CONE, 1)).total == 5


def _working_for(archive: Archive) -> int:
    (worker,) = archive._pool._alive
    return worker.process.pid


async def test_a_page_is_not_lost_with_its_worker(server: ScriptedServer) -> None:
    server.play(lambda asked: SILENT if asked.page == 2 and len(server.asked) == 2 else a_page(asked, 20))
    async with another_archive(server.base) as archive:
        pages = archive.pages(CONE)
        assert (await anext(pages)).number == 1
        second = asyncio.ensure_future(anext(pages))
        await until(lambda: len(server.asked) == 2)
        os.kill(_working_for(archive), signal.SIGKILL)
        page = await second
        assert isinstance(page, Page) and page.number == 2


async def test_a_working_archive_is_asked_again_politely_and_the_user_sees_how_far_it_is(
    archive: Archive, server: ScriptedServer
) -> None:
    began = time.monotonic()

    def busy_for_two_seconds(asked: Asked) -> Reply:
        if time.monotonic() - began < 2:
            return as_json({"status": "EXECUTING", "msg": "", "percent complete": 40})
        return a_page(asked, 5)

    server.play(busy_for_two_seconds)
    heard: list[str] = []
    assert (await archive.page(CONE, 1, heard.append)).total == 5
    assert 2 <= len(server.asked) <= 6
    assert heard[0].startswith("the archive is working on it, 40 % done")
    assert len({str(a.mashup) for a in server.asked}) == 1, "a long poll repeats the very same request"


async def test_a_server_that_holds_its_answer_is_not_kept_waiting_longer(
    archive: Archive, server: ScriptedServer
) -> None:
    answers = iter([0.6, 0.6])

    def hold(asked: Asked) -> Reply:
        held = next(answers, None)
        if held is None:
            return a_page(asked, 5)
        time.sleep(held)
        return as_json({"status": "EXECUTING"})

    server.play(hold)
    began = time.monotonic()
    await archive.page(CONE, 1)
    assert len(server.asked) == 3 and time.monotonic() - began < 3


async def test_nobody_there() -> None:
    heard: list[str] = []
    async with another_archive(nobody_listens()) as archive:
        with pytest.raises(TemporarilyUnavailable, match=r"can't be reached.*refused") as caught:
            await archive.page(CONE, 1, heard.append)
    assert len(heard) == 3
    assert caught.value.exit_code == 3 and caught.value.next_step


async def test_an_astroquery_that_does_not_load_is_told_in_a_sentence(
    server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "astroquery").mkdir()
    (tmp_path / "astroquery" / "__init__.py").write_text(
        "raise AttributeError(\"module 'numpy' has no attribute 'x'\")"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    async with another_archive(server.base) as archive:
        await archive.start()
        with pytest.raises(LocalFailure, match=r"stroquery can't be loaded.*no attribute 'x'"):
            await archive.page(CONE, 1)


async def test_at_most_two_questions_at_once(archive: Archive, server: ScriptedServer) -> None:
    now, most = 0, 0

    def slow(asked: Asked) -> Reply:
        nonlocal now, most
        now += 1
        most = max(most, now)
        time.sleep(0.1)
        now -= 1
        return a_page(asked, 5)

    server.play(slow)
    await asyncio.gather(*(archive.page(CONE, n) for n in range(1, 7)))
    assert most == 2


async def test_another_address_is_not_followed(archive: Archive, server: ScriptedServer) -> None:
    elsewhere = ScriptedServer()
    try:
        server.play(lambda asked: Reply(302, headers={"Location": f"{elsewhere.base}/api/v0/invoke"}))
        with pytest.raises(ServerError, match="points to an address that is not its own"):
            await archive.page(CONE, 1)
        assert elsewhere.asked == []
    finally:
        elsewhere.close()
