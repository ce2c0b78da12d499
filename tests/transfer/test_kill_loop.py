"""The transfer process, its client, or both are killed again and again, at any moment.

Nothing wrong ever stands under a final name; in the end nothing is missing and nothing left over. 40 kills here;
`MAST_TUI_KILLS=200 pytest -s tests/transfer/test_kill_loop.py` by hand, which takes some two minutes.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mast_tui.transfer import verify

from .chaos import Chaos, Fault
from .conftest import service_is_gone, session_of
from .test_service import service_pid

KILLS = int(os.environ.get("MAST_TUI_KILLS", "40"))
FILES, SIZE = 24, 150_000
#: A client starts a lost process anew at most so often in a minute.
MOST_LOSSES = 4

#: Finds the queue or makes it, goes on with it, and ends with 0 when every file is there.
CLIENT = """
import asyncio, json, sys
from mast_tui.core.fetch import FetchSession
from mast_tui.core.host import ArchiveHost
from mast_tui.transfer import Transfers

async def main():
    session = FetchSession.from_json(json.loads(sys.argv[2]))
    transfers = Transfers(ArchiveHost(sys.argv[1]), detached=False)
    print("begun", flush=True)
    await transfers.attach_if_running()
    if not any(known.id == session.id for known in transfers.sessions()):
        await transfers.add(session)
    await transfers.resume()
    states = {t.state for t in await transfers.settled(session.id)}
    await transfers.leave(False)
    return 0 if states == {"done"} else 1

sys.exit(asyncio.run(main()))
"""


def wrong(chaos: Chaos, out: Path) -> list[str]:
    return [n for n in chaos.files if (out / n).exists() and (out / n).read_bytes() != chaos.content(n)]


def all_right(chaos: Chaos, out: Path) -> None:
    assert wrong(chaos, out) == []
    assert {p.name for p in out.iterdir()} == {*chaos.files, "manifest.json", ".mast-tui"}, "missing or left over"
    assert {p.name for p in (out / ".mast-tui").iterdir()} <= {"ledger.jsonl", "lock", "writer.json"}
    report = verify(out)
    assert report.ok and report.count("right") == len(chaos.files)


def transfer_process(home: Path) -> int | None:
    """The process of this home, also while it still starts; where `/proc` does not tell, once it listens."""
    if not Path("/proc/self/environ").exists():
        with contextlib.suppress(OSError):
            return service_pid()
        return None
    program, mark = b"-m\0mast_tui.transfer\0", b"XDG_STATE_HOME=" + os.fsencode(home / "XDG_STATE_HOME")
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            of_this_home = mark in (process / "environ").read_bytes().split(b"\0")
            if of_this_home and (process / "cmdline").read_bytes().endswith(program):
                return int(process.name)
    return None


class Person:
    """Runs the client until all files of a set are there, then asks for the next set."""

    def __init__(self, chaos: Chaos, home: Path) -> None:
        self.chaos, self.home = chaos, home
        self.set = 1
        self.losses = 0
        self.client: subprocess.Popen[str] | None = None

    @property
    def out(self) -> Path:
        return self.home / f"out{self.set}"

    def see_to_it(self) -> subprocess.Popen[str]:
        """The client that runs; a new one if the last has ended, and a new set if that had everything."""
        if self.client is not None:
            if self.client.poll() is None:
                return self.client
            if self.close() == 0:
                assert service_is_gone(5)
                all_right(self.chaos, self.out)
                self.set += 1
        session = session_of(self.chaos, self.out, name=f"s{self.set}")
        words = [sys.executable, "-c", CLIENT, self.chaos.base, json.dumps(session.to_json())]
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL  # that the process ended under it, it says on stderr
        self.client = subprocess.Popen(words, stdout=pipe, stderr=nowhere, text=True, start_new_session=True)
        self.losses = 0
        assert self.client.stdout is not None and self.client.stdout.readline() == "begun\n"
        return self.client

    def close(self, within_s: float = 30) -> int:
        assert self.client is not None and self.client.stdout is not None
        code = self.client.wait(within_s)
        self.client.stdout.close()
        self.client = None
        return code


@pytest.mark.timeout(60 + 5 * KILLS)
def test_killed_again_and_again_everything_comes_right(home: Path) -> None:
    dice = random.Random(7)
    files: dict[str, int | bytes] = {f"f{i:03d}.dat": SIZE for i in range(FILES)}
    faults = {n: [Fault("reset", at=0.7)] for n in list(files)[::5]}
    kills = dict.fromkeys(("process", "client", "both"), 0)
    with Chaos(files, faults=faults, per_connection_bps=1_000_000) as chaos:
        person = Person(chaos, home)
        while sum(kills.values()) < KILLS:
            client = person.see_to_it()
            time.sleep(dice.uniform(0.0, 0.6))
            victim = dice.choice(("process", "process", "process", "client", "both"))
            if victim == "process" and person.losses >= MOST_LOSSES:
                victim = "both"
            if victim == "process":
                pid = transfer_process(home)
                if pid is None:
                    continue
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    kills[victim] += 1
                    person.losses += 1
            elif client.poll() is None:
                if victim == "both":
                    os.killpg(client.pid, signal.SIGKILL)
                client.kill()
                kills[victim] += 1
                person.close()
            assert wrong(chaos, person.out) == [], f"after {kills}"
        while person.see_to_it().wait(60) != 0:
            continue
        person.close()
        assert service_is_gone(5)
        for n in range(1, person.set + 1):
            all_right(chaos, home / f"out{n}")
        need = person.set * FILES * SIZE
        print(f"{kills}: {person.set * FILES} files right, {100 * (chaos.sent - need) / need:.1f} % sent again")
