"""Two programs, or two machines with one disk, and one folder: each file is fetched once, whoever is gone is followed,
whoever was asleep writes nothing more, and trouble with the state on disk stops nobody.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mast_tui.core.host import ArchiveHost
from mast_tui.core.manifest import read_manifest
from mast_tui.transfer import Transfers, verify
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.folder import DownloadFolder
from mast_tui.transfer.outcomes import FolderBusy

from .chaos import Chaos, Fault
from .conftest import Bench, session_of
from .test_service import gone, service_pid, start_service, until

LEASE_S = 1.5
#: The transfer process with a shorter lease than its thirty seconds.
SERVICE = f"from mast_tui.transfer import folder; folder._LEASE_S = {LEASE_S}"


@pytest.fixture
def out(home: Path) -> Path:
    return home / "out"


@contextlib.contextmanager
def another_machine(home: Path) -> Iterator[None]:
    """Other folders for state, record and socket make another transfer process, as on a machine with the same disk."""
    kept = {name: os.environ[name] for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_DATA_HOME")}
    for name in kept:
        (home / "other" / name).mkdir(parents=True, mode=0o700, exist_ok=True)
        os.environ[name] = str(home / "other" / name)
    try:
        yield
    finally:
        os.environ.update(kept)


async def test_d1_two_instances_fetch_the_same_files_once_and_both_records_hold(home: Path, out: Path) -> None:
    with Chaos({f"f{i:02d}.dat": 60_000 for i in range(20)}, per_connection_bps=600_000) as chaos:
        one = Transfers(ArchiveHost(chaos.base))
        await one.start()
        with another_machine(home):
            two = Transfers(ArchiveHost(chaos.base))
            await two.start()
        await asyncio.gather(one.add(session_of(chaos, out, name="a")), two.add(session_of(chaos, out, name="b")))
        assert {t.state for t in await one.settled("a")} == {"done"}
        assert {t.state for t in await two.settled("b")} == {"done"}
        await one.leave(False)
        await two.leave(False)
        assert await gone(5)
        with another_machine(home):
            assert await gone(5)
        assert sorted(asked.name for asked in chaos.asked) == sorted(chaos.files)
        for name in chaos.files:
            assert (out / name).read_bytes() == chaos.content(name)
        records = {m.id: m for m in (read_manifest(p.read_text()) for p in out.glob("manifest*.json"))}
        assert set(records) == {"a", "b"}
        assert {(f.path, f.sha256) for f in records["a"].files} == {(f.path, f.sha256) for f in records["b"].files}
        report = verify(out)
        assert report.ok and report.count("right") == 20 and report.count("stranger") == 0


async def test_d2_a_killed_holder_is_followed(home: Path, out: Path) -> None:
    with Chaos({"f.dat": 1_000_000}, per_connection_bps=500_000) as chaos:
        await start_service(SERVICE)
        one = Transfers(ArchiveHost(chaos.base))
        await one.add(session_of(chaos, out, name="a"))
        await until(lambda: one.snapshot()[0].got > 200_000)
        await one.leave(go_on=True)
        os.kill(service_pid(), signal.SIGKILL)
        with another_machine(home):
            await start_service(SERVICE)
            two = Transfers(ArchiveHost(chaos.base))
            await two.add(session_of(chaos, out, name="b"))
            (done,) = await two.settled("b")
            await two.leave(False)
            assert await gone(5)
        assert done.state == "done", done
        assert done.resumed_from > 200_000 - 65_536
        assert (out / "f.dat").read_bytes() == chaos.content("f.dat")


async def test_d2_a_holder_that_slept_writes_nothing_more_and_says_so(home: Path, out: Path) -> None:
    """It is stopped in the middle of a file, which changes in the archive; the other fetches the new one. When the
    sleeper wakes, bytes of the old one still come to it."""
    size = 6_000_000
    files: dict[str, int | bytes] = {"f.dat": size}
    with Chaos(files, faults={"f.dat": [Fault("none"), Fault("newversion")]}, per_connection_bps=1_000_000) as chaos:
        await start_service(SERVICE)
        one = Transfers(ArchiveHost(chaos.base))
        await one.add(session_of(chaos, out, name="a"))
        await until(lambda: one.snapshot()[0].got > size // 6)
        sleeper = service_pid()
        os.kill(sleeper, signal.SIGSTOP)
        try:
            with another_machine(home):
                await start_service(SERVICE)
                two = Transfers(ArchiveHost(chaos.base))
                await two.add(session_of(chaos, out, name="b"))
            await until(lambda: two.snapshot()[0].got > size // 3 and len(chaos.asked) > 1, 4 * LEASE_S + 10)
        finally:
            os.kill(sleeper, signal.SIGCONT)
        words: set[str] = set()
        one.subscribe(lambda: words.update(t.why for t in one.snapshot()))
        (done,) = await two.settled("b")
        assert done.state == "done"
        new = chaos.content("f.dat")
        assert (out / "f.dat").read_bytes() == new
        (late,) = await one.settled("a")
        assert late.state == "done", "in its turn it finds the file there"
        assert any("took this folder over" in w or "writes into this folder" in w for w in words), words
        assert (out / "f.dat").read_bytes() == new
        await one.leave(False)
        await two.leave(False)
        assert await gone(5)
        with another_machine(home):
            assert await gone(5)
        assert verify(out).count("right") == 1


@pytest.mark.parametrize(
    "words",
    [b"", b"\x00garbage\xff", b"[]", b'{"pid": "x", "host": 7, "since": null}', b"9" * 5000],
    ids=["empty", "garbage", "a list", "wrong types", "digits"],
)
@pytest.mark.parametrize("seconds", [0, 10 * 365 * 86400], ids=["now", "in ten years"])
def test_d3_a_lock_that_is_no_lock_is_asked_about_and_never_a_crash(tmp_path: Path, words: bytes, seconds: int) -> None:
    folder = DownloadFolder(tmp_path, FileOps())
    for name in ("lock", "writer.json"):
        (tmp_path / ".mast-tui" / name).write_bytes(words)
        os.utime(tmp_path / ".mast-tui" / name, (time.time() + seconds,) * 2)
    with pytest.raises(FolderBusy, match="writes into this folder; waiting until it ends"):
        folder.hold()


class Trouble(FileOps):
    """Every operation on a file of the queue's own state fails; the user's folder is fine."""

    def __init__(self, number: int, what: str, state: Path) -> None:
        self.number, self.what, self.state = number, what, state
        self.on = False
        self.met = 0
        self._ours: set[int] = set()

    def _may_fail(self, what: str) -> None:
        if self.on and what == self.what:
            self.met += 1
            raise OSError(self.number, os.strerror(self.number))

    def open(self, name: str, flags: int, mode: int, folder_fd: int) -> int:
        ours = os.path.samestat(os.fstat(folder_fd), self.state.stat())
        if ours:
            self._may_fail("open")
        fd = super().open(name, flags, mode, folder_fd)
        (self._ours.add if ours else self._ours.discard)(fd)
        return fd

    def write(self, fd: int, data: bytes | memoryview) -> int:
        if fd in self._ours:
            self._may_fail("write")
        return super().write(fd, data)

    def sync(self, fd: int) -> None:
        if fd in self._ours:
            self._may_fail("sync")
        super().sync(fd)

    def sync_folder(self, folder_fd: int) -> None:
        if os.path.samestat(os.fstat(folder_fd), self.state.stat()):
            self._may_fail("sync_folder")
        super().sync_folder(folder_fd)


@pytest.mark.parametrize("what", ["open", "write", "sync", "sync_folder"])
@pytest.mark.parametrize("number", [errno.ESTALE, errno.EIO, errno.EDQUOT, errno.ENOSPC, errno.EROFS], ids=os.strerror)
def test_d4_trouble_with_the_state_is_one_banner_and_the_files_come(
    tmp_path: Path, home: Path, number: int, what: str
) -> None:
    ops = Trouble(number, what, tmp_path / "state")
    bench = Bench(tmp_path, ops)
    with Chaos({f"f{i}.dat": 10_000 for i in range(4)}) as chaos:
        ops.on = True
        bench.get(chaos, "f0.dat", "f1.dat")
        assert ops.met
        assert [n for n in bench.notices if "can't be kept on disk" in n] == [bench.notices[0]], bench.notices
        assert os.strerror(number) in bench.notices[0] and "goes on in memory" in bench.notices[0]
        ops.on = False
        bench.settle(bench.add(chaos, session_of(chaos, bench.out, "f2.dat", "f3.dat", name="s2")))
        assert bench.files() == set(chaos.files)
        for name in chaos.files:
            assert (bench.out / name).read_bytes() == chaos.content(name)
    bench.close()
