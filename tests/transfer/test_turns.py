"""The order of the queue: moved, given priority, kept over a restart; and the log of each file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mast_tui.core.fetch import MOVES, PRIORITIES, FetchItem, FetchSession, FileLog, Move, Priority
from mast_tui.core.host import ArchiveHost
from mast_tui.transfer import old_logs, protocol
from mast_tui.transfer.events import MOST_EVENTS, Events
from mast_tui.transfer.jobs import Job, JobQueue, SessionState
from mast_tui.transfer.journal import fold
from mast_tui.transfer.places import RANKS, new_places

from .chaos import Chaos, Fault
from .conftest import Bench, Open, session_of
from .test_service import SLOW, gone, states, until


class Thing:
    def __init__(self, name: str, place: int, priority: Priority = "normal") -> None:
        self.name, self.place, self.priority = name, place, priority


def line(things: list[Thing]) -> str:
    return "".join(t.name for t in sorted(things, key=lambda t: (RANKS[t.priority], t.place)))


@pytest.mark.parametrize(
    ("chosen", "where", "then"),
    [
        ("c", "first", "cabde"),
        ("c", "last", "abdec"),
        ("c", "up", "acbde"),
        ("c", "down", "abdce"),
        ("bd", "first", "bdace"),
        ("bd", "last", "acebd"),
        ("bd", "up", "bdace"),
        ("bd", "down", "acebd"),
        ("a", "up", "abcde"),
        ("e", "down", "abcde"),
        ("abcde", "last", "abcde"),
        ("", "first", "abcde"),
    ],
)
def test_files_move_in_line_and_keep_their_order_among_themselves(chosen: str, where: Move, then: str) -> None:
    things = [Thing(name, 10 * i) for i, name in enumerate("abcde")]
    for thing, place in new_places(things, [t for t in things if t.name in chosen], where, 0, 50).items():
        thing.place = place
    assert line(things) == then


@given(
    st.lists(st.sampled_from(PRIORITIES), min_size=1, max_size=8),
    st.lists(st.tuples(st.sets(st.integers(0, 7)), st.sampled_from(MOVES)), max_size=8),
)
def test_whatever_is_moved_no_two_share_a_place_and_nobody_changes_priority(
    priorities: list[Priority], moves: list[tuple[set[int], Move]]
) -> None:
    things = [Thing(chr(97 + i), i, priority) for i, priority in enumerate(priorities)]
    for chosen, where in moves:
        others = [t.name for t in things if things.index(t) not in chosen]
        before = [t for t in line(things) if t in others]
        low, high = min(t.place for t in things), max(t.place for t in things) + 1
        moved = [t for i, t in enumerate(things) if i in chosen]
        for thing, place in new_places(things, moved, where, low, high).items():
            thing.place = place
        assert len({t.place for t in things}) == len(things)
        assert [t for t in line(things) if t in others] == before, "the others keep their order"


def queue_of(names: str) -> tuple[JobQueue, list[Job]]:
    items = tuple(FetchItem(f"mast:X/{name}", name) for name in names)
    queue = JobQueue()
    owner = SessionState(FetchSession("s", "/nowhere", items, "x"), ArchiveHost(), None)
    jobs = queue.add(owner, [(item, item.path) for item in items])
    queue.release(jobs)
    return queue, jobs


def taken(queue: JobQueue) -> list[str]:
    found = []
    while (job := queue.take(0.0)) is not None:
        found.append(job.path)
    return found


def test_the_queue_gives_out_by_priority_then_place() -> None:
    queue, jobs = queue_of("abcdef")
    running = queue.take(0.0)
    assert running is jobs[0]
    queue.move([jobs[5], jobs[0]], "first")
    queue.prioritise([jobs[3]], "high")
    queue.prioritise([jobs[1]], "low")
    assert running.state == "running" and not running.control.stop.is_set(), "what runs is not interrupted"
    assert taken(queue) == ["d", "f", "c", "e", "b"]


def test_a_file_that_waits_keeps_waiting_when_it_is_moved_or_was_paused() -> None:
    queue, (job, other) = queue_of("ab")
    queue.pause([job])
    queue.resume([job])
    assert queue.take(0.0) is job
    queue.settle(job, "waiting", "the archive is busy", wait_s=60)
    queue.move([job], "first")
    queue.prioritise([job], "high")
    assert taken(queue) == ["b"]
    assert other.state == "running" and job.state == "waiting"


async def test_order_and_priority_are_kept_over_a_restart(open_transfers: Open, out: Path) -> None:
    with Chaos({f"{n}.dat": SLOW for n in "abcd"}, per_connection_bps=SLOW) as chaos:
        first = open_transfers(chaos, jobs=1)
        await first.add(session_of(chaos, out))
        await first.pause()
        await first.move("first", [chaos.uri("c.dat")])
        await first.prioritise("low", [chaos.uri("a.dat")])
        await first.move("down", [chaos.uri("b.dat")])
        order = [(t.path, t.priority) for t in first.snapshot()]
        assert order == [("c.dat", "normal"), ("d.dat", "normal"), ("b.dat", "normal"), ("a.dat", "low")]
        await first.leave(go_on=False)
        assert await gone(3)

        second = open_transfers(chaos, jobs=1)
        assert await second.attach_if_running()
        assert [(t.path, t.priority) for t in second.snapshot()] == order
        await second.add(session_of(chaos, out.with_name("more"), "a.dat", name="s2"))
        assert [t.session for t in second.snapshot()] == ["s1", "s1", "s1", "s2", "s1"], "what comes later is behind"
        await second.pause()
        await second.cancel()


def test_a_journal_of_before_there_was_an_order_is_read_in_the_order_of_its_files() -> None:
    item = {"uri": "mast:X/a", "path": "a"}
    records = [
        {"op": "session", "s": "s", "base": "https://x", "session": {"id": "s", "folder": "/f", "archive": "x"}},
        {"op": "queued", "s": "s", "n": 0, "item": item, "path": "a"},
        {"op": "state", "s": "s", "n": 0, "state": "paused", "why": "", "path": "a", "finished": "", "made": None},
        {"op": "turn", "s": "s", "n": 0, "place": "soon", "priority": "now"},
    ]
    (saved,) = fold(json.loads(json.dumps(r)) for r in records)
    assert (saved.jobs[0].place, saved.jobs[0].priority, saved.jobs[0].events) == (None, "normal", [])


# --- the log ----------------------------------------------------------------------------------------------------------


def test_the_log_of_a_file_tells_every_attempt(bench: Bench) -> None:
    faults = {"f.dat": [Fault("status"), Fault("reset")]}
    with Chaos({"f.dat": 200_000}, faults=faults) as chaos:
        (job,) = bench.get(chaos, "f.dat")
        host = chaos.base.removeprefix("http://")
        words = [words for _at, words in job.events.kept]
        assert words[0].startswith(f"attempt 1: {host} answered 503; waiting; the archive is busy (HTTP 503); again in")
        assert words[1].startswith(f"attempt 2: {host} answered 200; ") and "waiting" in words[1]
        assert words[2].startswith(f"attempt 3: {host} answered 206; from byte ")
        assert words[2].endswith("; complete, 200,000 bytes")
        assert all(at.endswith("Z") and at[10] == "T" for at, _words in job.events.kept)


async def test_the_log_outlives_the_process_and_holds_no_token(
    open_transfers: Open, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mast_tui.core.secret import Secret

    with Chaos({"f.dat": 1000, "g.dat": SLOW}, secret={"f.dat": "RIGHT"}, per_connection_bps=SLOW) as chaos:
        first = open_transfers(chaos)
        await first.set_token(Secret("SEKRIT-9"))
        await first.add(session_of(chaos, out))
        await until(lambda: states(first)[0] == "needs_login")
        await first.pause([chaos.uri("g.dat")])
        await first.leave(go_on=False)
        assert await gone(3)
        second = open_transfers(chaos)
        assert await second.attach_if_running()
        found = {log.path: log.events for log in await second.logs(sessions=["s1"])}
        assert "answered 401; needs login" in found["f.dat"][0][1]
        assert found["g.dat"][0][1] == "paused"
        assert (await second.logs([chaos.uri("f.dat")]))[0].events == found["f.dat"]
        assert "SEKRIT" not in str(found)
        journals = "".join(p.read_text() for p in protocol.journal_folder().glob("*.jsonl"))
        assert '"event"' in journals and "SEKRIT" not in journals
        await second.cancel()


async def test_the_log_is_there_the_morning_after(open_transfers: Open, out: Path) -> None:
    with Chaos({"f.dat": 1000}) as chaos:
        transfers = open_transfers(chaos)
        await transfers.add(session_of(chaos, out))
        await transfers.settled("s1")
        await transfers.leave(go_on=True)
        assert await gone(4)
        assert not list(protocol.journal_folder().glob("*.jsonl"))
        (log,) = await open_transfers(chaos).old_logs()
        assert (log.session, log.path) == ("s1", "f.dat")
        assert log.events[-1][1].endswith("answered 200; 1 kB came; complete, 1,000 bytes")
        assert protocol.logs_folder().stat().st_mode & 0o777 == 0o700


def test_old_logs_are_few_and_damage_is_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    for i in range(old_logs.MOST_SESSIONS + 3):
        old_logs.keep(folder, f"2026{i:04}", [FileLog(f"2026{i:04}", "u", "p", (("t", "w"),))])
    old_logs.keep(folder, "2027", [FileLog("2027", "u", "p", ())])
    old_logs.keep(folder, "../2028", [FileLog("2028", "u", "p", (("t", "w"),))])
    (folder / "20260050.log").write_text('[1]\n{"torn": ')
    sessions = [log.session for log in old_logs.read(folder)]
    assert len(sessions) == old_logs.MOST_SESSIONS - 1
    assert sessions[-1] == "2028" and "20260003" not in sessions and not (tmp_path / "2028.log").exists()


def test_a_log_is_bounded_and_tells_what_repeats_once() -> None:
    events = Events()
    for i in range(3 * MOST_EVENTS):
        events.note(f"attempt {i // 2}")
    assert len(events.kept) == MOST_EVENTS
    assert events.kept[-1][1] == f"attempt {3 * MOST_EVENTS // 2 - 1}"
    assert len({words for _at, words in events.kept}) == MOST_EVENTS
    assert len(events.take_unsaved()) == MOST_EVENTS and events.take_unsaved() == ()
