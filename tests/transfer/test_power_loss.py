"""The power may fail at any moment of a fetch: what the disk then holds never claims a file that is not there.

Every state that the model of `power` allows after each operation of the real queue (journal, ledger, parts, records) is
put on disk and read by the real start code as after another start of the machine. A sample of the states, or all of
them with MAST_TUI_POWER=all, is then gone on with to the end. And with one fsync left out, violations are found: the
proof can fail.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mast_tui.core.fetch import FetchItem, FetchSession
from mast_tui.core.manifest import read_manifest
from mast_tui.transfer import backoff, part, verify
from mast_tui.transfer import journal as journals
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.journal import Journal, fold, left_behind
from mast_tui.transfer.part import Part
from mast_tui.transfer.safe_open import open_place

from .chaos import Chaos, Fault
from .conftest import Bench
from .power import Recording, Tree

SIZE = 150_000
#: How many of the states are gone on with to the end, unless all are.
SAMPLE = 10**9 if os.environ.get("MAST_TUI_POWER") == "all" else 20
QUEUED = "queued, and on disk"


class Quick(FileOps):
    """The power does not fail while we look."""

    def sync(self, fd: int) -> None:
        pass

    def sync_folder(self, folder_fd: int) -> None:
        pass


class ForgetsBytes(Recording):
    """Leaves out the fsync of the parts."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._parts: set[int] = set()

    def open(self, name: str, flags: int, mode: int, folder_fd: int) -> int:
        fd = super().open(name, flags, mode, folder_fd)
        self._parts.discard(fd)
        if name.endswith(part.PART_SUFFIX):
            self._parts.add(fd)
        return fd

    def sync(self, fd: int) -> None:
        if fd not in self._parts:
            super().sync(fd)


class ForgetsNames(Recording):
    """Leaves out the fsync of the folders."""

    def sync_folder(self, folder_fd: int) -> None:
        pass


class Disk:
    """Two folders, the user's and the queue's, and a fetch of one file into them."""

    def __init__(self, root: Path, chaos: Chaos) -> None:
        self.root, self.chaos = root, chaos
        self.out, self.state = root / "out", root / "state"
        self.out.mkdir()
        self.state.mkdir()
        item = FetchItem(chaos.uri("f.dat"), "sub/f.dat", SIZE)
        self.session = FetchSession("s1", str(self.out), (item,), chaos.base)
        self.body = chaos.content("f.dat")

    def record(self, kind: type[Recording], *, in_two: bool = False) -> Recording:
        """A whole fetch, by the real queue, journal, ledger, engine and recorder; `in_two`: by two processes, of which
        the first ends in the middle of the file."""
        ops = kind((self.out, self.state))
        bench = Bench(self.root, ops)
        jobs = bench.add(self.chaos, self.session)
        ops.say(QUEUED)
        if in_two:
            bench.until(lambda: jobs[0].control.got >= SIZE // 2)
            bench.close()
            self._journal_of_another_process(bench.owner.journal, ops)
            bench = Bench(self.root, ops)
            bench.owner.recover()
            bench.owner.resume(None, None)
            jobs = list(bench.owner.queue.all_jobs())
        bench.settle(jobs)
        bench.until(lambda: bench.owner.recorder.idle)
        assert [job.state for job in jobs] == ["done"]
        bench.close()
        return ops

    def _journal_of_another_process(self, journal: Journal, ops: Recording) -> None:
        """The first process has our id, because it is this one; its journal shall be that of a process before us."""
        fd = os.open(self.state, os.O_RDONLY)
        ops.replace(journal.path.name, f"{journal.prefix}before-1.jsonl", fd)
        ops.sync_folder(fd)
        os.close(fd)

    def become(self, tree: Tree) -> None:
        for folder in (self.out, self.state):
            shutil.rmtree(folder)
            folder.mkdir()
        for path, data in sorted(tree.items()):
            if path.endswith("/"):
                (self.root / path).mkdir()
            else:
                (self.root / path).write_bytes(data)

    # --- after the power is back ---------------------------------------------------------------------------------

    def violations(self, told: frozenset[str]) -> list[str]:
        """What the disk claims and does not hold, as the real code reads it."""
        found = []
        final = self.out / "sub" / "f.dat"
        if final.exists() and final.read_bytes() != self.body:
            found.append("wrong bytes under the final name")
        good = final.exists() and final.read_bytes() == self.body
        saved = fold(left_behind(self.state, Journal(self.state))[1])
        done = [job for session in saved for job in session.jobs.values() if job.state == "done"]
        if done and not good:
            found.append("the journal says done")
        if QUEUED in told and not any(session.jobs for session in saved) and not good:
            found.append("what was queued is forgotten")
        beside = self.out / "manifest.json"
        if beside.exists() and any(f.state == "done" for f in read_manifest(beside.read_text()).files) and not good:
            found.append("the record says done")
        if self._resumes_badly():
            found.append("a part is resumed behind bytes that are not the file's")
        return found

    def _resumes_badly(self) -> bool:
        if not (self.out / "sub").is_dir():
            return False
        fd = os.open(self.out, os.O_RDONLY)
        try:
            with open_place(fd, "sub/f.dat", FileOps()) as place:
                held = Part(place, self.chaos.uri("f.dat"), FileOps()).held()
        finally:
            os.close(fd)
        if held is None:
            return False
        return (self.out / "sub/f.dat.part").read_bytes()[: held.offset] != self.body[: held.offset]

    def goes_on_to_the_end(self) -> None:
        """The next start finds the queue (or is asked again), and ends with the file right and nothing left over."""
        bench = Bench(self.root, Quick())
        bench.owner.recover()
        bench.owner.resume(None, None)
        jobs = list(bench.owner.queue.all_jobs())
        if not jobs:
            jobs = bench.add(self.chaos, FetchSession("s2", str(self.out), self.session.items, self.chaos.base))
        bench.settle(jobs)
        bench.until(lambda: bench.owner.recorder.idle)
        bench.close()
        left = {p.relative_to(self.out).as_posix() for p in self.out.rglob("*") if p.is_file()}
        left.discard("manifest-s1.json")  # kept when it is asked again
        assert left == {"sub/f.dat", "manifest.json", ".mast-tui/ledger.jsonl"}
        assert (self.out / "sub/f.dat").read_bytes() == self.body
        assert verify(self.out).ok


@pytest.fixture
def reboot(monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[None]:
    """Recording is done; what is read from now on is read after another start of the machine."""
    monkeypatch.setattr(backoff, "BASE_S", 0.02)
    yield


def start_again(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (part, journals):
        monkeypatch.setattr(module, "boot_id", lambda: "another start")


@pytest.mark.parametrize(
    ("faults", "in_two"),
    [([], False), ([Fault("reset", at=0.6)], False), ([Fault("stall", at=0.6)], True)],
    ids=["straight", "resumed", "resumed by another process"],
)
@pytest.mark.usefixtures("reboot")
def test_no_power_cut_makes_the_disk_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, faults: list[Fault], in_two: bool
) -> None:
    with Chaos({"f.dat": SIZE}, every=faults) as chaos:
        disk = Disk(tmp_path, chaos)
        states = list(disk.record(Recording, in_two=in_two).states())
        start_again(monkeypatch)
        every = max(1, len(states) // SAMPLE)
        for n, (tree, told) in enumerate(states):
            disk.become(tree)
            assert disk.violations(told) == [], f"state {n} of {len(states)}: {sorted(tree)}"
            if n % every == 0:
                disk.goes_on_to_the_end()
        print(f"{len(states)} states")


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (ForgetsBytes, "wrong bytes under the final name"),
        (ForgetsNames, "the journal says done"),
    ],
)
@pytest.mark.usefixtures("reboot")
def test_with_an_fsync_left_out_a_power_cut_is_found_that_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Recording], found: str
) -> None:
    with Chaos({"f.dat": SIZE}) as chaos:
        disk = Disk(tmp_path, chaos)
        states = list(disk.record(kind).states())
        start_again(monkeypatch)
        counts: dict[str, int] = {}
        for tree, told in states:
            disk.become(tree)
            for words in disk.violations(told):
                counts[words] = counts.get(words, 0) + 1
        print(len(states), counts)
        assert counts.get(found, 0) > 0
