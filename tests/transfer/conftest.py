"""A private home for each test, short enough for a socket, and the queue without its process."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from mast_tui.core import transfer_process
from mast_tui.core.fetch import FetchItem, FetchSession
from mast_tui.core.host import ArchiveHost
from mast_tui.transfer import Transfers, backoff
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.jobs import MOVING, Job
from mast_tui.transfer.owner import QueueOwner

from .chaos import Chaos

SILENCE_S = 1.0
#: Makes a client of the transfer process for a server: `open_transfers(chaos, jobs=2)`.
Open = Callable[..., Transfers]


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home; at the end no transfer process may be left in it."""
    root = Path(tempfile.mkdtemp(prefix="mt-"))
    for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        (root / name).mkdir(mode=0o700)
        monkeypatch.setenv(name, str(root / name))
    monkeypatch.setenv("MAST_TUI_SILENCE_S", str(SILENCE_S))
    monkeypatch.delenv("MAST_API_TOKEN", raising=False)
    yield root
    assert service_is_gone(8), "a transfer process was left behind"
    try:
        shutil.rmtree(root)
    except OSError:  # on a busy machine a client may have started two, and the second came when the first had ended
        assert service_is_gone(20), "a transfer process was left behind"
        shutil.rmtree(root)


@pytest.fixture
def out(home: Path) -> Path:
    return home / "out"


@pytest.fixture
async def open_transfers(home: Path) -> AsyncIterator[Open]:
    """Clients that are closed at the end, whatever happens."""
    made: list[Transfers] = []

    def make(chaos: Chaos, **what: object) -> Transfers:
        made.append(Transfers(ArchiveHost(chaos.base), **what))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for transfers in made:
        await transfers.close()


def service_is_gone(within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while True:
        try:
            fd = os.open(transfer_process.lock_path(), os.O_RDWR)
        except FileNotFoundError:
            return True
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
        finally:
            os.close(fd)
        time.sleep(0.02)


def session_of(chaos: Chaos, folder: Path, *names: str, name: str = "s1", **what: object) -> FetchSession:
    """A session for these files of the server (all, if none is named), each under its own name."""
    items = tuple(FetchItem(chaos.uri(n), n, len(chaos.content(n))) for n in names or chaos.files)
    return FetchSession(name, str(folder), items, chaos.base, **what)  # type: ignore[arg-type]


class Bench:
    """The queue, its workers and records in this process, in a folder of its own."""

    def __init__(self, home: Path, ops: FileOps | None = None) -> None:
        self.notices: list[str] = []
        self.log: list[str] = []
        self.out = home / "out"
        state = home / "state"
        state.mkdir(exist_ok=True)
        self.owner = QueueOwner(
            state,
            jobs=4,
            limit_rate=None,
            notice=self.notices.append,
            log=self.log.append,
            read_s=SILENCE_S,
            ops=ops,
        )

    def add(self, chaos: Chaos, session: FetchSession) -> list[Job]:
        self.owner.add(session, chaos.base)
        return self.owner.queue.sessions[session.id].jobs

    def get(self, chaos: Chaos, *names: str, within_s: float = 30) -> list[Job]:
        """Queue these files and wait until nothing moves."""
        return self.settle(self.add(chaos, session_of(chaos, self.out, *names)), within_s)

    def settle(self, jobs: list[Job], within_s: float = 30) -> list[Job]:
        self.until(lambda: not any(job.state in MOVING or job.busy for job in jobs), within_s)
        assert self.log == []
        return jobs

    def until(self, true: Callable[[], bool], within_s: float = 10) -> None:
        deadline = time.monotonic() + within_s
        while not true():
            assert time.monotonic() < deadline, [(j.path, j.state, j.why) for j in self.owner.queue.all_jobs()]
            time.sleep(0.01)
            self.owner.tick()

    def files(self) -> set[str]:
        """What stands in the folder, without what is ours by name."""
        found = {p.relative_to(self.out).as_posix() for p in self.out.rglob("*") if p.is_file()}
        return {name for name in found if not name.startswith((".mast-tui/", "manifest"))}

    def close(self) -> None:
        self.owner.end()


@pytest.fixture
def bench(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(backoff, "BASE_S", 0.02)
    monkeypatch.setattr(backoff, "CAP_S", 0.2)
    made = Bench(tmp_path)
    yield made
    made.close()
