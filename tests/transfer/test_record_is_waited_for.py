"""A fetch has ended when its record says so, on disk: who waits for the files waits for it, and a process that dies
in between is replaced by one that writes it."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from mast_tui.core.manifest import read_manifest

from .chaos import Chaos
from .conftest import Open, session_of
from .test_service import gone, service_pid, start_service, states, until

#: The transfer process on a disk that takes a second for the last record of a session.
SLOW_DISK = """
import time
from mast_tui.transfer import record

write = record._write_beside

def slowly(owner, text, ops):
    if owner.finished:
        with open(owner.folder.root / "manifest.json.tmp", "w"):
            time.sleep(1.0)
    write(owner, text, ops)

record._write_beside = slowly
"""


def finished(out: Path) -> bool:
    """Is there a record that says so?"""
    record = out / "manifest.json"
    return record.exists() and bool(read_manifest(record.read_text()).finished)


@pytest.mark.parametrize("dies", [False, True], ids=["lives", "dies"])
async def test_the_end_waits_for_the_record(open_transfers: Open, out: Path, dies: bool) -> None:
    await start_service(SLOW_DISK)
    with Chaos({f"f{i}.dat": 50_000 for i in range(3)}) as chaos:
        transfers = open_transfers(chaos)
        await transfers.add(session_of(chaos, out))
        waiting = asyncio.ensure_future(transfers.settled("s1"))
        await until(lambda: states(transfers) == ["done"] * 3)
        assert not finished(out)
        if dies:
            os.kill(service_pid(), signal.SIGKILL)
        assert [t.state for t in await waiting] == ["done"] * 3
        assert finished(out)
        assert {p.name for p in out.iterdir()} == {*chaos.files, "manifest.json", ".mast-tui"}
        await transfers.close()
    assert await gone(5)
    assert len(chaos.asked) == 3


async def test_a_leaving_client_does_not_cut_the_record_short(open_transfers: Open, home: Path, out: Path) -> None:
    """The process takes its time for it; and what was not written is still in its journal."""
    await start_service(SLOW_DISK.replace("1.0", "2.5"))
    with Chaos({"f.dat": 50_000}) as chaos:
        transfers = open_transfers(chaos)
        await transfers.add(session_of(chaos, out))
        await until(lambda: states(transfers) == ["done"])
        await transfers.close()
        journals = list((home / "XDG_STATE_HOME/mast-tui/journal").glob("*.jsonl"))
        assert journals
    assert await gone(8)
    assert finished(out)
    assert not any(journal.exists() for journal in journals)
