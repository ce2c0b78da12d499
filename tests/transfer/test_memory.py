"""The transfer process stays small, however large a file is: 100 MB here, `MAST_TUI_LARGE_MB=300` by hand."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from mast_tui.core.fetch import FetchItem, FetchSession
from mast_tui.core.host import ArchiveHost
from mast_tui.transfer import Transfers

from .chaos import Chaos, Fault
from .test_service import gone, service_pid

MOST = 60 << 20
LARGE = int(os.environ.get("MAST_TUI_LARGE_MB", "100")) << 20


def peak_bytes(pid: int) -> int:
    """The most memory the process ever had resident, shared libraries and all."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) << 10
    raise AssertionError("the system does not say")


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.timeout(150)
async def test_a_large_file_that_breaks_in_the_middle_takes_less_than_60_mb(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Resuming reads what is held again for its hash: that must not be held in memory either. Zeros, which take none
    of the server's memory; four small ones keep the other lines busy."""
    monkeypatch.setenv("MAST_TUI_SILENCE_S", "20")  # the disk of a busy machine may take its time
    files: dict[str, int | bytes] = {"large.dat": bytes(LARGE)} | {f"s{i}.dat": 1_000_000 for i in range(4)}
    with Chaos(files, faults={"large.dat": [Fault("reset", at=0.6)]}) as chaos:
        transfers = Transfers(ArchiveHost(chaos.base))
        items = tuple(FetchItem(chaos.uri(name), name) for name in files)
        await transfers.add(FetchSession("s1", str(home / "out"), items, chaos.base))
        done = {t.path: t for t in await transfers.settled("s1")}
        assert {t.state for t in done.values()} == {"done"}
        assert done["large.dat"].resumed_from > 0.5 * LARGE
        peak = peak_bytes(service_pid())
        await transfers.leave(False)
        assert await gone(5)
        assert (home / "out" / "large.dat").stat().st_size == LARGE
    print(f"peak {peak / 1e6:.1f} MB")
    assert peak < MOST
