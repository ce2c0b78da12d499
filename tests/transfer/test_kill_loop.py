"""The transfer process is killed again and again, at any moment; nothing wrong, nothing missing, nothing left over."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
from pathlib import Path

from mast_tui.core.host import ArchiveHost
from mast_tui.transfer import Transfers, verify

from .chaos import Chaos, Fault
from .conftest import session_of
from .test_service import gone, service_pid

#: By hand: MAST_TUI_KILLS=200.
KILLS = int(os.environ.get("MAST_TUI_KILLS", "20"))


def wrong(chaos: Chaos, out: Path) -> list[str]:
    return [n for n in chaos.files if (out / n).exists() and (out / n).read_bytes() != chaos.content(n)]


def all_right(chaos: Chaos, out: Path) -> None:
    assert wrong(chaos, out) == []
    assert {p.name for p in out.iterdir()} == {*chaos.files, "manifest.json", ".mast-tui"}, "missing or left over"
    assert {p.name for p in (out / ".mast-tui").iterdir()} <= {"ledger.jsonl", "lock", "writer.json"}
    report = verify(out)
    assert report.ok and report.count("right") == len(chaos.files)


async def test_a_process_that_is_killed_again_and_again_gets_everything_right(home: Path) -> None:
    dice = random.Random(7)
    files: dict[str, int | bytes] = {f"f{i:03d}.dat": 150_000 for i in range(24)}
    faults = {n: [Fault("reset", at=0.7)] for n in list(files)[::5]}
    kills = sets = 0
    with Chaos(files, faults=faults, per_connection_bps=1_000_000) as chaos:
        while kills < KILLS:
            transfers = Transfers(ArchiveHost(chaos.base))
            if not await transfers.attach_if_running():  # all done, or the first time: another set
                sets += 1
                await transfers.add(session_of(chaos, home / f"out{sets}", name=f"s{sets}"))
            transfers._closed = True  # this client starts no other process: the next one has to find the queue
            await transfers.resume()
            await asyncio.sleep(dice.uniform(0.0, 0.25))
            with contextlib.suppress(OSError):
                os.kill(service_pid(), signal.SIGKILL)
                kills += 1
            assert await gone(2)
            assert wrong(chaos, home / f"out{sets}") == []
            await transfers.leave(False)
        last = Transfers(ArchiveHost(chaos.base))
        await last.start()
        await last.resume()
        for session in last.sessions():
            assert {t.state for t in await last.settled(session.id)} == {"done"}
        await last.leave(False)
        assert await gone(3)
        for n in range(1, sets + 1):
            all_right(chaos, home / f"out{n}")
