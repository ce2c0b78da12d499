"""The transfer process as the app and `get` meet it: it outlives, ends, remembers, and keeps the token to itself."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mast_tui.core import transfer_process
from mast_tui.core.errors import InvalidQuery, LocalFailure
from mast_tui.core.fetch import FetchItem, FetchSession
from mast_tui.core.manifest import read_manifest
from mast_tui.core.secret import Secret
from mast_tui.transfer import Transfers, protocol

from .chaos import Chaos, Fault
from .conftest import Open, service_is_gone, session_of

SLOW = 400_000


async def gone(within_s: float) -> bool:
    return await asyncio.to_thread(service_is_gone, within_s)


async def until(true: Callable[[], bool], within_s: float = 10) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def service_pid() -> int:
    """The process at the other end of the socket."""
    import socket
    import struct

    with socket.socket(socket.AF_UNIX) as s:
        s.connect(str(protocol.socket_path()))
        if sys.platform == "linux":
            pid, _uid, _gid = struct.unpack("3i", s.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        else:
            pid = struct.unpack("i", s.getsockopt(0, 2, 4))[0]  # SOL_LOCAL, LOCAL_PEERPID
    return int(pid)


_PROCESS = """
from mast_tui.core.transfer_process import sole_process
from mast_tui.transfer.service import serve
lock = sole_process()
{}
serve()
"""


async def start_service(code: str) -> None:
    """Start the one transfer process of this home, after this code was run in it; the next client finds it."""
    nowhere = subprocess.DEVNULL
    words = ["/bin/sh", "-c", '"$0" -c "$1" &', sys.executable, _PROCESS.format(code)]
    subprocess.run(words, stdout=nowhere, stderr=nowhere, start_new_session=True, check=True)
    await until(lambda: protocol.socket_path().exists())


def states(transfers: Transfers, session: str = "s1") -> list[str]:
    return [t.state for t in transfers.snapshot() if t.session == session]


def right(chaos: Chaos, out: Path) -> bool:
    return all((out / n).is_file() and (out / n).read_bytes() == chaos.content(n) for n in chaos.files)


async def test_files_come_and_the_record_is_beside_them_and_at_home(
    open_transfers: Open, home: Path, out: Path
) -> None:
    with Chaos({f"f{i}.dat": 50_000 for i in range(3)}, faults={"f1.dat": [Fault("reset")]}) as chaos:
        transfers = open_transfers(chaos)
        heard: list[int] = []
        transfers.subscribe(lambda: heard.append(1))
        session = session_of(chaos, out, asked="pi Men", versions={"mast-tui": "0"}, simulated=True, created="now")
        await transfers.add(session)
        done = await transfers.settled("s1")
        assert [t.state for t in done] == ["done"] * 3
        assert [t.file for t in done] == [out / n for n in chaos.files]
        assert right(chaos, out) and heard
        await transfers.close()
    assert await gone(3)
    beside = read_manifest((out / "manifest.json").read_text())
    assert beside == read_manifest((home / "XDG_DATA_HOME/mast-tui/manifests/s1.json").read_text())
    assert (beside.asked, beside.simulated, beside.versions) == ("pi Men", True, {"mast-tui": "0"})
    assert [(f.path, f.state, f.verdict, f.size) for f in beside.files] == [
        (n, "done", "complete", 50_000) for n in chaos.files
    ]
    assert beside.finished and all(f.sha256 and f.finished for f in beside.files)
    assert list((home / "XDG_STATE_HOME").rglob("*.jsonl")) == [], "nothing is left to remember"


async def test_nothing_is_started_when_there_is_nothing_to_do(open_transfers: Open) -> None:
    with Chaos({}) as chaos:
        transfers = open_transfers(chaos)
        assert not await transfers.attach_if_running()
        assert transfers.snapshot() == () and not protocol.socket_path().exists()


async def test_leaving_pauses_and_the_next_start_finds_the_queue(open_transfers: Open, out: Path) -> None:
    with Chaos({f"f{i}.dat": SLOW for i in range(3)}, per_connection_bps=SLOW) as chaos:
        first = open_transfers(chaos)
        await first.add(session_of(chaos, out))
        await until(lambda: all(t.got > 100_000 for t in first.snapshot()))
        began = time.monotonic()
        await first.leave(go_on=False)
        assert time.monotonic() - began < 1.0
        assert await gone(2)
        assert not (out / "f0.dat").exists()

        second = open_transfers(chaos)
        assert await second.attach_if_running()
        assert states(second) == ["paused"] * 3
        assert all("interrupted" in t.why for t in second.snapshot())
        assert all(t.got >= 100_000 for t in second.snapshot()), "what has come is shown"
        assert [known.id for known in second.sessions()] == ["s1"]
        await second.resume()
        done = await second.settled("s1")
        assert [t.state for t in done] == ["done"] * 3
        assert all(t.resumed_from > 0 for t in done)
        assert right(chaos, out)
        assert chaos.sent <= 3 * SLOW * 1.5


async def test_who_comes_while_the_last_one_leaves_does_not_carry_on_what_was_ended(
    open_transfers: Open, out: Path
) -> None:
    with Chaos({"f0.dat": SLOW, "f1.dat": 20_000}, per_connection_bps=SLOW) as chaos:
        first, second = open_transfers(chaos), open_transfers(chaos)
        await first.add(session_of(chaos, out, "f0.dat"))
        await until(lambda: first.snapshot()[0].got > 100_000)
        await first.leave(go_on=False)
        await second.add(session_of(chaos, out, "f1.dat", name="s2"))
        assert [t.state for t in await second.settled("s2")] == ["done"]
        assert states(second) == ["paused"]


async def test_leaving_with_go_on_fetches_to_the_end_and_then_ends(open_transfers: Open, out: Path) -> None:
    with Chaos({"f.dat": SLOW}, per_connection_bps=SLOW) as chaos:
        transfers = open_transfers(chaos)
        await transfers.add(session_of(chaos, out))
        await transfers.leave(go_on=True)
        assert not await gone(0)
        assert await gone(8)
        assert right(chaos, out)
        assert read_manifest((out / "manifest.json").read_text()).files[0].state == "done"


async def test_what_was_to_go_on_goes_on_by_itself_after_a_crash(open_transfers: Open, home: Path, out: Path) -> None:
    def noted() -> bool:
        return any('"go_on"' in p.read_text() for p in (home / "XDG_STATE_HOME").rglob("*.jsonl"))

    with Chaos({"f.dat": 4 * SLOW}, per_connection_bps=SLOW) as chaos:
        first = open_transfers(chaos)
        await first.add(session_of(chaos, out))
        await first.leave(go_on=True)
        # leaving does not wait long for a slow disk; the crash is to come after the wish has been noted
        await until(noted)
        os.kill(service_pid(), signal.SIGKILL)
        assert await gone(2)
        second = open_transfers(chaos)
        assert await second.attach_if_running()
        assert [t.state for t in await second.settled("s1")] == ["done"]
        assert right(chaos, out)


async def test_a_killed_process_is_started_again_and_nothing_is_lost(open_transfers: Open, out: Path) -> None:
    with Chaos({f"f{i}.dat": SLOW for i in range(3)}, per_connection_bps=SLOW) as chaos:
        transfers = open_transfers(chaos)
        await transfers.add(session_of(chaos, out))
        await until(lambda: all(t.got > 100_000 for t in transfers.snapshot()))
        os.kill(service_pid(), signal.SIGKILL)
        await until(lambda: not transfers.attached)
        assert [t.state for t in await transfers.settled("s1")] == ["done"] * 3
        assert right(chaos, out)


async def test_pause_resume_cancel_and_retry_one_by_one(open_transfers: Open, out: Path) -> None:
    with Chaos({f"f{i}.dat": SLOW for i in range(3)}, per_connection_bps=SLOW) as chaos:
        transfers = open_transfers(chaos, jobs=2)
        await transfers.add(session_of(chaos, out))
        await transfers.pause([chaos.uri("f0.dat")])
        await transfers.cancel([chaos.uri("f1.dat")])
        assert states(transfers)[:2] == ["paused", "cancelled"]
        assert [t.state for t in await transfers.settled("s1")] == ["paused", "cancelled", "done"]
        await transfers.resume([chaos.uri("f0.dat")])
        await transfers.retry([chaos.uri("f1.dat")])
        assert [t.state for t in await transfers.settled("s1")] == ["done"] * 3
        assert right(chaos, out)
        await transfers.forget_finished()
        assert transfers.snapshot() == () and transfers.sessions() == ()


async def test_two_clients_see_one_queue(open_transfers: Open, home: Path) -> None:
    with Chaos({f"f{i}.dat": 20_000 for i in range(4)}) as chaos:
        one, two = open_transfers(chaos), open_transfers(chaos)
        await asyncio.gather(
            one.add(session_of(chaos, home / "a", name="a")), two.add(session_of(chaos, home / "b", name="b"))
        )
        await one.settled("b")
        await two.settled("a")
        await until(lambda: {(t.session, t.state) for t in two.snapshot()} == {("a", "done"), ("b", "done")})
        assert right(chaos, home / "a") and right(chaos, home / "b")
        assert len(list((home / "XDG_RUNTIME_DIR").rglob("*.sock"))) == 1
        await one.leave(go_on=False)
        await asyncio.sleep(0.5)
        assert two.attached, "who stays is not disturbed"


async def test_two_sessions_for_the_same_files_fetch_each_once(open_transfers: Open, out: Path) -> None:
    with Chaos({f"f{i}.dat": 100_000 for i in range(8)}) as chaos:
        one, two = open_transfers(chaos), open_transfers(chaos)
        await asyncio.gather(one.add(session_of(chaos, out, name="a")), two.add(session_of(chaos, out, name="b")))
        assert {t.state for t in await one.settled("a")} == {"done"}
        assert {t.state for t in await two.settled("b")} == {"done"}
        assert len(chaos.asked) == 8
        await one.leave(False)
        await two.leave(False)
        assert await gone(3)
        found = {read_manifest(p.read_text()).id: p.name for p in out.glob("manifest*.json")}
        assert set(found) == {"a", "b"} and "manifest.json" in found.values()
        for name in found.values():
            assert {f.verdict for f in read_manifest((out / name).read_text()).files} == {"complete"}


async def test_another_machine_in_the_same_folder_waits_for_its_turn(
    open_transfers: Open, home: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another state and runtime folder make another service, as on another machine with the same disk."""
    with Chaos({f"f{i}.dat": 200_000 for i in range(4)}, per_connection_bps=400_000) as chaos:
        one = open_transfers(chaos, jobs=1)
        await one.add(session_of(chaos, out, name="a"))
        for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_DATA_HOME"):
            (home / "other" / name).mkdir(parents=True, mode=0o700)
            monkeypatch.setenv(name, str(home / "other" / name))
        two = open_transfers(chaos)
        await two.add(session_of(chaos, out, name="b"))
        await until(lambda: "waiting" in states(two, "b"))
        (why, *_others) = {t.why for t in two.snapshot() if t.state == "waiting"}
        assert f"on {os.uname().nodename} since" in why and "writes into this folder" in why
        assert {t.state for t in await one.settled("a")} == {"done"}
        assert {t.state for t in await two.settled("b")} == {"done"}
        assert right(chaos, out)
        assert len(chaos.asked) == 4
        await two.close()
        assert await gone(4)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
async def test_a_signal_ends_it_within_two_seconds(open_transfers: Open, out: Path, number: signal.Signals) -> None:
    with Chaos({"f.dat": SLOW, "g.dat": 10}, per_connection_bps=SLOW, faults={"f.dat": [Fault("stall")]}) as chaos:
        transfers = open_transfers(chaos)
        await transfers.add(session_of(chaos, out))
        await until(lambda: "done" in states(transfers) and transfers.snapshot()[0].got >= SLOW // 2)
        pid = service_pid()
        await transfers.leave(go_on=True)
        os.kill(pid, number)
        assert await gone(2)
        states_then = [f.state for f in read_manifest((out / "manifest.json").read_text()).files]
        assert states_then == ["queued", "done"]
        assert (out / "f.dat.part").stat().st_size == SLOW // 2


async def test_a_stale_socket_and_a_dead_lock_are_no_hindrance(open_transfers: Open, out: Path) -> None:
    import socket

    protocol.socket_path().parent.mkdir(mode=0o700, parents=True)
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(protocol.socket_path()))
    transfer_process.lock_path().write_text("")
    with Chaos({"f.dat": 10}) as chaos:
        transfers = open_transfers(chaos)
        await transfers.add(session_of(chaos, out))
        assert [t.state for t in await transfers.settled("s1")] == ["done"]


async def test_a_socket_in_somebody_elses_folder_is_not_spoken_to(
    open_transfers: Open, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    protocol.socket_path().parent.mkdir(mode=0o700, parents=True)
    me = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: me + 1)
    with Chaos({"f.dat": 10}) as chaos, pytest.raises(LocalFailure, match="belongs to somebody else"):
        await open_transfers(chaos).add(session_of(chaos, out))


async def test_a_second_service_does_not_stay(open_transfers: Open) -> None:
    with Chaos({}) as chaos:
        transfers = open_transfers(chaos)
        await transfers.start()
        second = subprocess.run([sys.executable, "-m", "mast_tui.transfer"], timeout=10, check=False)
        assert second.returncode == 0
        assert transfers.attached


async def test_what_it_can_not_do_is_said_in_a_sentence(open_transfers: Open, home: Path, out: Path) -> None:
    (home / "a file").write_text("")
    with Chaos({"f.dat": 10}) as chaos:
        transfers = open_transfers(chaos)
        with pytest.raises(LocalFailure, match=r"can.t be written to\. Not a directory"):
            await transfers.add(session_of(chaos, home / "a file" / "out"))
        await transfers.add(session_of(chaos, out))
        with pytest.raises(InvalidQuery, match="queued already"):
            await transfers.add(session_of(chaos, out))


async def test_the_token_goes_over_the_socket_and_nowhere_else(
    open_transfers: Open, home: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAST_API_TOKEN", "SEKRIT-7")
    with Chaos({"f.dat": 1000, "g.dat": 1000}, secret={"f.dat": "SEKRIT-7"}) as chaos:
        transfers = open_transfers(chaos)
        await transfers.add(session_of(chaos, out))
        assert [t.state for t in await transfers.settled("s1")] == ["needs_login", "done"]
        await transfers.set_token(Secret("SEKRIT-7"))
        assert [t.state for t in await transfers.settled("s1")] == ["done"] * 2
        if sys.platform == "linux":
            process = Path("/proc") / str(service_pid())
            assert b"SEKRIT" not in (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        await transfers.add(session_of(chaos, home / "again", name="again"))
        assert {t.state for t in await transfers.settled("again")} == {"done"}
        os.kill(service_pid(), signal.SIGTERM)
        await transfers.leave(False)
        assert await gone(3)
    for path in home.rglob("*"):
        if path.is_file():
            assert b"SEKRIT" not in path.read_bytes(), path


# --- programs that die ------------------------------------------------------------------------------------------------

PROGRAM = """
import asyncio, json, sys
from mast_tui.core.fetch import FetchSession
from mast_tui.core.host import ArchiveHost
from mast_tui.transfer import Transfers

async def main():
    transfers = Transfers(ArchiveHost(sys.argv[1]), detached=sys.argv[2] == "detached")
    await transfers.add(FetchSession.from_json(json.loads(sys.argv[3])))
    print("added", flush=True)
    await transfers.settled("s1")
    await transfers.close()

asyncio.run(main())
"""


def program(chaos: Chaos, session: FetchSession, how: str) -> subprocess.Popen[str]:
    """A program with a process group of its own that fetches the session; started and past `add`."""
    words = [sys.executable, "-c", textwrap.dedent(PROGRAM), chaos.base, how, json.dumps(session.to_json())]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None and process.stdout.readline() == "added\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.wait(10)
    assert process.stdout is not None
    process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_group_of_get_ends_both(home: Path, out: Path, number: signal.Signals) -> None:
    with Chaos({"f.dat": 40 * SLOW}, per_connection_bps=SLOW) as chaos:
        process = program(chaos, session_of(chaos, out), "in the group")
        os.killpg(process.pid, number)
        assert service_is_gone(2)
        end(process)
        assert not (out / "f.dat").exists()


def test_when_the_app_is_killed_the_transfers_pause_soon(home: Path, out: Path) -> None:
    with Chaos({"f.dat": 10 * SLOW}, per_connection_bps=SLOW) as chaos:
        process = program(chaos, session_of(chaos, out), "detached")
        os.killpg(process.pid, signal.SIGKILL)
        end(process)
        assert not service_is_gone(0.5), "a short loss of the app is borne"
        assert service_is_gone(4)
        assert not (out / "f.dat").exists()


async def test_many_files_are_queued_and_seen_quickly(open_transfers: Open, out: Path) -> None:
    items = tuple(FetchItem(f"mast:CHAOS/product/n{i}.dat", f"n{i}.dat", 10) for i in range(3000))
    with Chaos({}) as chaos:
        transfers = open_transfers(chaos)
        await transfers.add(FetchSession("s1", str(out), items, chaos.base))
        await transfers.pause()
        assert len(transfers.snapshot()) == 3000
        assert transfers.snapshot() is transfers.snapshot()
        await transfers.cancel()
