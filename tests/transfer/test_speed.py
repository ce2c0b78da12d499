"""No time is lost between the bytes: broken lines, slow disks, and many files on few lines."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import select
import socket
import threading
import time
from pathlib import Path

import pytest

from mast_tui.core import transfer_process
from mast_tui.core.folders import ensure_private
from mast_tui.core.host import ArchiveHost
from mast_tui.transfer import backoff, connection, stream
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.jobs import Job
from mast_tui.transfer.web import Line

from .chaos import Chaos, Fault, stated
from .conftest import SILENCE_S, Bench, Open, session_of
from .fits_files import hdu
from .test_service import service_pid, until

SIZE = 1_000_000


def test_a_line_that_broke_after_a_good_piece_is_asked_again_at_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backoff, "BASE_S", 60.0)
    with Chaos({"f.dat": SIZE}, every=[Fault("cut", at=0.4), Fault("cut", at=0.8)]) as chaos:
        (job,) = bench.get(chaos, within_s=5)
        assert job.state == "done"
        first, second, third = chaos.of("f.dat")
        assert [a.sent for a in (first, second, third)] == [400_000, 400_000, 200_000]


def test_a_file_whose_line_broke_goes_on_before_another_is_begun(bench: Bench) -> None:
    with Chaos({f"f{i}.dat": SIZE for i in range(3)}, every=[Fault("cut")]) as chaos:
        bench.owner.workers.set_size(1)
        assert {job.state for job in bench.get(chaos)} == {"done"}
        assert [asked.name for asked in chaos.asked] == [f"f{i}.dat" for i in (0, 0, 1, 1, 2, 2)]


def test_a_line_that_breaks_after_a_few_bytes_is_not_hammered(bench: Bench) -> None:
    with Chaos({"f.dat": SIZE}, every=[Fault("cut", at=0.1), Fault("cut", at=0.2)]) as chaos:
        (job,) = bench.get(chaos)
        assert job.state == "done"
        first, second, third = chaos.of("f.dat")
        assert min(second.at - first.at, third.at - second.at) >= 0.1


def test_an_error_does_not_cost_the_connection(bench: Bench) -> None:
    every = [stated(code=503), stated(code=500), Fault("html")]
    with Chaos({f"f{i}.dat": 1000 for i in range(3)}, every=every) as chaos:
        away = {"Location": f"{chaos.base}/api/v0.1/Download/file?uri=mast:CHAOS/product/f0.dat"}
        chaos.faults = {"f2.dat": [Fault("redirect", headers=away), stated(code=404)]}
        bench.owner.workers.set_size(1)
        jobs = bench.get(chaos)
        assert [job.state for job in jobs] == ["done", "done", "failed"]
        assert chaos.connections == 1


def test_an_error_page_that_does_not_end_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        base = f"http://127.0.0.1:{server.getsockname()[1]}"

        def busy() -> None:
            plug, _address = server.accept()
            plug.recv(65536)
            plug.sendall(b"HTTP/1.1 503 Busy\r\nContent-Length: 5000\r\n\r\n<html>")
            plug.recv(1)  # until the other side has gone
            plug.close()

        serving = threading.Thread(target=busy)
        serving.start()
        line = Line(read_s=20.0)
        answer = line.get(ArchiveHost(base), f"{base}/f.dat", {}, None)
        began = time.monotonic()
        line.spare(answer)
        answer.close()
        assert answer.status == 503
        assert time.monotonic() - began < 5
        serving.join(10)
        assert not serving.is_alive()


def test_a_line_that_only_trickles_is_given_up_and_gone_on_with(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_LEAST_BYTES_PER_S", 100_000)
    with Chaos({"f.dat": 200_000}, per_connection_bps=60_000) as chaos:  # never silent as long as is borne
        (job,) = bench.get(chaos)
        assert job.state == "done"
        assert len(chaos.asked) > 1
        assert chaos.sent < 1.5 * 200_000


def test_the_users_own_limit_is_not_taken_for_a_line_that_trickles(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "_LEAST_BYTES_PER_S", 100_000)
    with Chaos({"f.dat": 200_000}) as chaos:
        bench.owner.bucket.set_rate(60_000)
        began = time.monotonic()
        (job,) = bench.get(chaos)
        assert job.state == "done"
        assert time.monotonic() - began > 2 * SILENCE_S
        assert len(chaos.asked) == 1


class SlowDisk(FileOps):
    """A disk that takes its time to sync; when each file got its name is written down."""

    def __init__(self) -> None:
        self.named: dict[str, float] = {}

    def sync(self, fd: int) -> None:
        time.sleep(0.1)
        super().sync(fd)

    def replace(self, old: str, new: str, folder_fd: int) -> None:
        super().replace(old, new, folder_fd)
        self.named[new] = time.monotonic()


def test_the_next_file_is_asked_for_while_a_slow_disk_has_the_last_one(tmp_path: Path, home: Path) -> None:
    disk = SlowDisk()
    bench = Bench(tmp_path, disk)
    with Chaos({f"f{i}.dat": 100_000 for i in range(4)}, per_connection_bps=100_000) as chaos:
        bench.owner.workers.set_size(1)
        jobs = bench.get(chaos)
        assert {job.state for job in jobs} == {"done"}
        for asked, before in zip(chaos.asked[1:], chaos.asked, strict=False):
            assert asked.at < disk.named[before.name]
        assert chaos.connections == 1
    bench.close()


def test_a_pause_while_the_disk_has_a_file_does_not_cut_the_line_of_the_next(tmp_path: Path, home: Path) -> None:
    disk = SlowDisk()
    bench = Bench(tmp_path, disk)
    with Chaos({"f0.dat": 100_000, "f1.dat": SIZE}, per_connection_bps=500_000) as chaos:
        bench.owner.workers.set_size(1)
        jobs = bench.add(chaos, session_of(chaos, bench.out))
        bench.until(lambda: len(chaos.asked) == 2)
        bench.owner.pause([chaos.uri("f0.dat")], None)
        bench.settle(jobs)
        assert jobs[1].state == "done"
        assert len(chaos.asked) == 2
    bench.close()


class WatchedDisk(FileOps):
    """Syncs slowly, and writes down whether bytes came meanwhile; sync number `fails` meets an error."""

    def __init__(self, fails: int = -1) -> None:
        self.job: Job | None = None
        self.grew: list[bool] = []
        self.fails = fails

    def sync(self, fd: int) -> None:
        if self.job is None:
            return super().sync(fd)
        before = self.job.control.got
        time.sleep(0.05)
        self.grew.append(self.job.control.got > before)
        if len(self.grew) == self.fails:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().sync(fd)


@pytest.mark.parametrize("fails", [-1, 5], ids=["all is well", "a sync fails"])
def test_bytes_go_on_coming_while_what_came_is_synced(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, fails: int
) -> None:
    monkeypatch.setattr(stream, "_SYNC_BYTES", 100_000)
    monkeypatch.setattr(backoff, "BASE_S", 0.02)
    disk = WatchedDisk(fails)
    bench = Bench(tmp_path, disk)
    with Chaos({"f.dat": SIZE}, per_connection_bps=1_000_000) as chaos:
        jobs = bench.add(chaos, session_of(chaos, bench.out))
        disk.job = jobs[0]
        bench.settle(jobs)
        assert jobs[0].state == "done"
        assert any(disk.grew)
        assert (bench.out / "f.dat").read_bytes() == chaos.content("f.dat")
        assert len(chaos.asked) == (1 if fails < 0 else 2)
        assert chaos.sent < 1.4 * SIZE
    bench.close()


async def test_a_process_that_was_started_early_is_not_started_twice(
    open_transfers: Open, home: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[bool] = []
    monkeypatch.setattr(connection, "_FIRST_PATIENCE_S", 0.0)
    monkeypatch.setattr(connection, "_LOADING_S", 15.0)  # a busy machine is no reason for a second
    monkeypatch.setattr(connection, "start_process", lambda *, detached: started.append(detached))
    transfer_process.start_soon(detached=True)
    with Chaos({"f.dat": SIZE}) as chaos:
        transfers = open_transfers(chaos)
        await transfers.add(session_of(chaos, out))
        (done,) = await transfers.settled("s1")
        assert done.state == "done"
        assert started == []
        transfer_process.start_soon(detached=True)  # one is there
        await until(lambda: not transfer_process.started_lives())
        assert transfers.attached
        await transfers.close()


async def test_the_process_holds_nothing_that_the_starting_program_had_open(open_transfers: Open, home: Path) -> None:
    reads, writes = os.pipe()
    os.set_inheritable(writes, True)
    transfer_process.start_soon(detached=True)
    os.close(writes)
    with Chaos({}) as chaos:
        transfers = open_transfers(chaos)
        await transfers.start()
        ended, _, _ = await asyncio.to_thread(select.select, [reads], [], [], 5)
        assert ended and os.read(reads, 1) == b"", "the pipe's other end is held"
        assert transfers.attached
        await transfers.close()
    os.close(reads)


async def test_a_process_that_met_one_that_was_ending_is_started_again(
    open_transfers: Open, home: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_LOADING_S", 60.0)
    ensure_private(transfer_process.lock_path().parent)
    with transfer_process.lock_path().open("w") as ending:
        fcntl.flock(ending, fcntl.LOCK_EX)
        transfer_process.start_soon(detached=True)
        await until(lambda: not transfer_process.started_lives())
    with Chaos({"f.dat": SIZE}) as chaos:
        transfers = open_transfers(chaos)
        await asyncio.wait_for(transfers.add(session_of(chaos, out)), 10)
        assert [t.state for t in await transfers.settled("s1")] == ["done"]
        await transfers.close()


def large_files() -> dict[str, int | bytes]:
    """One of no kind, and four images with a checksum, which is read through when they have come."""
    n = 2880 * 7000
    image = hdu({"SIMPLE": True, "BITPIX": 8, "NAXIS": 1, "NAXIS1": n, "DATASUM": "0"}) + bytes(n)
    return {"large.dat": bytes(100_000_000), **{f"f{i}.fits": image for i in range(4)}}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
async def test_files_larger_than_our_memory_do_not_fill_it(open_transfers: Open, home: Path, out: Path) -> None:
    with Chaos(large_files()) as chaos:
        transfers = open_transfers(chaos)
        await transfers.add(session_of(chaos, out))
        done = await transfers.settled("s1")
        assert [t.verdict for t in done] == ["complete", *["verified"] * 4]
        words = Path(f"/proc/{service_pid()}/status").read_text("ascii").split()
        peak_kb = int(words[words.index("VmHWM:") + 1])
        assert peak_kb < 60_000
        await transfers.close()
