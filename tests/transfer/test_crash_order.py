"""The process may die at any operation on disk: no wrong file under a final name, and the next run mends all."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from mast_tui.core.host import ArchiveHost
from mast_tui.transfer.engine import Engine
from mast_tui.transfer.fetched import Fetched, Want
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.folder import DownloadFolder
from mast_tui.transfer.outcomes import TryAgain
from mast_tui.transfer.ratelimit import TokenBucket
from mast_tui.transfer.stream import Control
from mast_tui.transfer.web import Line

from .chaos import Chaos, Fault

SIZE = 150_000


class Killed(BaseException):
    """Not an Exception: nothing in the program may catch it."""


class Dying(FileOps):
    """Dies at operation number `at`, before or (for a write) in the middle of it; writes down what it did."""

    def __init__(self, at: int | None = None) -> None:
        self.at, self.done = at, list[str]()

    def _step(self, what: str) -> None:
        if self.at is not None and len(self.done) >= self.at:
            raise Killed
        self.done.append(what)

    def open(self, name: str, flags: int, mode: int, folder_fd: int) -> int:
        self._step(f"open {name}")
        return super().open(name, flags, mode, folder_fd)

    def write(self, fd: int, data: bytes | memoryview) -> int:
        if self.at is not None and len(self.done) == self.at:
            super().write(fd, data[: len(data) // 2])
        self._step("write")
        return super().write(fd, data)

    def truncate(self, fd: int, size: int) -> None:
        self._step(f"truncate {size}")
        super().truncate(fd, size)

    def sync(self, fd: int) -> None:
        self._step("sync")
        super().sync(fd)

    def replace(self, old: str, new: str, folder_fd: int) -> None:
        self._step(f"replace {old} {new}")
        super().replace(old, new, folder_fd)

    def unlink(self, name: str, folder_fd: int) -> None:
        self._step(f"unlink {name}")
        super().unlink(name, folder_fd)

    def make_folder(self, name: str, folder_fd: int) -> None:
        self._step(f"make {name}")
        super().make_folder(name, folder_fd)

    def sync_folder(self, folder_fd: int) -> None:
        self._step("sync folder")
        super().sync_folder(folder_fd)


def fetch(chaos: Chaos, out: Path, ops: FileOps) -> Fetched:
    """What one run of the program does for the file, until it has it."""
    folder = DownloadFolder(out, ops)
    line = Line(2.0)
    control = Control()
    engine = Engine(ops, TokenBucket(), lambda host: None, 2.0)
    want = Want(chaos.uri("f.dat"), "sub/f.dat", ArchiveHost(chaos.base), SIZE)
    try:
        for _attempt in range(9):
            with contextlib.suppress(TryAgain):
                return engine.fetch(want, folder, line, control)
        raise AssertionError("it never came")
    finally:
        folder._lease.release(force=True)  # a dead process holds nothing


def test_the_ledger_is_durable_before_the_name_and_the_bytes_before_the_ledger(tmp_path: Path) -> None:
    ops = Dying()
    with Chaos({"f.dat": SIZE}) as chaos:
        fetch(chaos, tmp_path / "out", ops)
    named = ops.done.index("replace f.dat.part f.dat")
    ledger = max(i for i, what in enumerate(ops.done[:named]) if what == "open ledger.jsonl")
    assert ops.done[ledger : named + 2] == [
        "open ledger.jsonl",
        "write",
        "sync",
        "replace f.dat.part f.dat",
        "sync folder",
    ]
    last_byte = max(i for i, what in enumerate(ops.done[:ledger]) if what == "write")
    assert "sync" in ops.done[last_byte:ledger]


@pytest.mark.parametrize("faults", [[], [Fault("reset", at=0.6)]], ids=["straight", "resumed"])
def test_killed_at_any_operation_the_next_run_ends_right(tmp_path: Path, faults: list[Fault]) -> None:
    survived = at = 0
    while survived < 3:  # how many pieces a body comes in, and so how many operations there are, varies a little
        ops, out = Dying(at), tmp_path / str(at)
        with Chaos({"f.dat": SIZE}, every=faults) as chaos:
            try:
                fetch(chaos, out, ops)
                survived += 1
            except Killed:
                pass
            last = ops.done[-1] if ops.done else "the beginning"
            final = out / "sub" / "f.dat"
            assert not final.exists() or final.read_bytes() == chaos.content("f.dat"), last
            made = fetch(chaos, out, FileOps())
            assert final.read_bytes() == chaos.content("f.dat"), last
            assert made.path == "sub/f.dat"
            left = {p.name for p in out.rglob("*") if p.is_file()} - {"f.dat", "ledger.jsonl", "writer.json"}
            assert left == set(), last
        at += 1
    assert at > 20


def test_after_another_start_of_the_machine_only_synced_bytes_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part's size can survive a power cut that its data did not: zeros at its end are not believed."""
    from mast_tui.transfer import part

    out = tmp_path / "out"
    with Chaos({"f.dat": SIZE}, every=[Fault("stall", at=0.9, seconds=0.1)]) as chaos:
        engine = Engine(FileOps(), TokenBucket(), lambda host: None, 1.0)
        folder = DownloadFolder(out, FileOps())
        want = Want(chaos.uri("f.dat"), "f.dat", ArchiveHost(chaos.base), SIZE)
        with pytest.raises(TryAgain):
            engine.fetch(want, folder, Line(1.0), Control())
        held = out / "f.dat.part"
        came = held.stat().st_size
        with held.open("r+b") as f:
            f.truncate(came - 20_000)
            f.truncate(came)
        monkeypatch.setattr(part, "boot_id", lambda: "another start")
        control = Control()
        engine.fetch(want, folder, Line(1.0), control)
        folder.release()
        assert 0 < control.resumed_from < came - 20_000
        assert (out / "f.dat").read_bytes() == chaos.content("f.dat")
