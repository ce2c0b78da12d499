"""The seventeen scenarios on which downloaders were compared, by their letters, in short forms of this engine.

The benchmark has them in full beside astroquery, aria2c and curl. Here: after every run nothing wrong stands under a
final name, at the end every file is right, and the server sent at most 2 % more than had to be sent.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from mast_tui.core.fetch import FetchItem, FetchSession
from mast_tui.core.host import ArchiveHost
from mast_tui.core.secret import Secret
from mast_tui.transfer import Transfers

from .chaos import Chaos, Fault, stated
from .conftest import SILENCE_S, Bench, session_of
from .test_scenarios import FullDisk
from .test_service import gone, service_pid, until

SIZE = 300_000
BUSY = stated(code=503, headers={"Retry-After": "1"})


def line(n: int, size: int = SIZE, **what: object) -> Chaos:
    return Chaos({f"f{i:03d}.dat": size for i in range(n)}, **what)  # type: ignore[arg-type]


def on(numbers: tuple[int, ...], *faults: Fault) -> dict[str, list[Fault]]:
    return {f"f{i:03d}.dat": list(faults) for i in numbers}


def standing(chaos: Chaos, out: Path) -> tuple[int, int, int]:
    """Files right, wrong, and missing under their final names."""
    there = [name for name in chaos.files if (out / name).exists()]
    right = sum((out / name).read_bytes() == chaos.content(name) for name in there)
    return right, len(there) - right, len(chaos.files) - len(there)


@dataclass(frozen=True)
class Scene:
    """`again` are bytes that any client must have sent again: of a file that changed, or that could not be
    resumed. `listed`: sizes where the archive's list is wrong."""

    letter: str
    chaos: Chaos
    again: float = 0.0
    listed: Mapping[str, int] = field(default_factory=dict)


SCENES = [
    Scene("a: many files, latency", line(16, latency_s=0.1, per_connection_bps=4e6)),
    Scene("a2: a thin line", line(12, 80_000, latency_s=0.3, total_bps=1e6)),
    Scene("a3: small files on a thin line", line(40, 10_000, latency_s=0.1, total_bps=1e6)),
    Scene("b: each reset at half", line(12, every=[Fault("reset")])),
    Scene("b2: one file reset four times", line(1, 20 * SIZE, every=[Fault("reset", at=n / 5) for n in range(1, 5)])),
    Scene("d: busy twice, four of twelve", line(12, faults=on((0, 3, 6, 9), BUSY, BUSY))),
    Scene("e: body cut, three of eight", line(8, faults=on((1, 4, 6), Fault("cut", at=0.6)))),
    Scene("e2: cut, and no length", line(8, faults=on((1, 4, 6), Fault("nolength", at=0.6)))),
    Scene("e3: a page in place of the file", line(8, faults=on((1, 4, 6), Fault("html")))),
    Scene("h: one of six stalls at half", line(6, faults=on((2,), Fault("stall")))),
    Scene("i: changed between the halves", line(4, faults=on((1,), Fault("reset"), Fault("newversion"))), SIZE / 2),
    Scene("j: Range ignored", line(4, faults=on((1,), Fault("reset"), Fault("norange"))), SIZE / 2),
    Scene("l: the list is wrong about two", line(6), listed={"f001.dat": SIZE - 1000, "f004.dat": 2 * SIZE}),
]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.letter)
def test_nothing_wrong_and_all_right_in_one_run(bench: Bench, scene: Scene) -> None:
    with scene.chaos as chaos:
        items = tuple(FetchItem(chaos.uri(n), n, scene.listed.get(n, len(chaos.content(n)))) for n in chaos.files)
        began = time.monotonic()
        jobs = bench.settle(bench.add(chaos, FetchSession("s", str(bench.out), items, chaos.base)))
        took = time.monotonic() - began
        assert {job.state for job in jobs} == {"done"}
        assert standing(chaos, bench.out) == (len(chaos.files), 0, 0)
        need = sum(len(chaos.content(name)) for name in chaos.files)
        assert chaos.sent <= 1.02 * need + scene.again
        if scene.letter.startswith("d"):
            asked = [chaos.of(name) for name in chaos.faults]
            gaps = [later.at - earlier.at for each in asked for earlier, later in pairwise(each)]
            assert len(gaps) == 8 and min(gaps) >= 1.0, "Retry-After 8 of 8"
        if scene.letter.startswith("h"):
            assert took < SILENCE_S + 3


@pytest.mark.parametrize(("n", "size"), [(8, 700_000), (1, 3_000_000)], ids=["c: eight files", "c2: one large file"])
async def test_killed_and_run_again(home: Path, n: int, size: int) -> None:
    out = home / "out"
    with line(n, size, per_connection_bps=1_000_000) as chaos:
        first = Transfers(ArchiveHost(chaos.base))
        await first.add(session_of(chaos, out))
        await until(lambda: chaos.sent > 0.4 * n * size)
        first._closed = True  # this client starts no other process: the person does, later
        os.kill(service_pid(), signal.SIGKILL)
        assert await gone(2)
        assert standing(chaos, out)[1] == 0
        await first.leave(False)
        again = Transfers(ArchiveHost(chaos.base))
        assert await again.attach_if_running()
        await again.resume()
        await asyncio.wait_for(again.settled("s1"), 30)
        assert standing(chaos, out) == (n, 0, 0)
        assert chaos.sent <= 1.02 * n * size + 4 * 65_536, "2 %, and what lay in the sockets of four lines"
        await again.leave(False)
        assert await gone(5)


def test_f_a_disk_full_at_half_then_more_room(tmp_path: Path, home: Path) -> None:
    disk = FullDisk(10 * SIZE)
    bench = Bench(tmp_path, disk)
    with line(20) as chaos:
        jobs = bench.get(chaos)
        right, wrong, missing = standing(chaos, bench.out)
        assert wrong == 0 and right >= 5 and missing
        disk.room = 1 << 40
        bench.owner.resume(None, None)
        bench.settle(jobs)
        assert standing(chaos, bench.out) == (20, 0, 0)
        assert chaos.sent <= 1.02 * 20 * SIZE + 4 * SIZE, "and what was on its way on four lines"
    bench.close()


def test_g_three_of_ten_need_a_login(bench: Bench) -> None:
    with line(10, secret=dict.fromkeys(("f000.dat", "f004.dat", "f008.dat"), "SEKRIT")) as chaos:
        jobs = bench.get(chaos)
        assert standing(chaos, bench.out) == (7, 0, 3)
        bench.owner.set_token(chaos.base, Secret("SEKRIT"))
        bench.settle(jobs)
        assert standing(chaos, bench.out) == (10, 0, 0)
        assert chaos.sent == 10 * SIZE
