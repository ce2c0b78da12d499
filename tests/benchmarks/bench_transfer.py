"""The transfers beside curl, aria2c and astroquery on one bad server, in one run.

    python tests/benchmarks/bench_transfer.py [--only WORD]… [--clients NAME,…] [--repeat N] [--json FILE]

A loopback server with latency, a limit a connection and faults; each client is a process of its own, started again (as
a user would) until all files are right, at most `reruns` times. Ours is measured twice: as a program, with the start
and the end of its transfer process; and its engine alone, in one process like the others. curl and aria2c are used when
they are installed.

Printed are, each the median of the repeats: wall seconds; the ratio to aria2c in the same repeat; starts of the
program; bytes sent over need; (right, wrong, missing) after the first start and after the last, of the worst repeat;
gaps after a 503 that were as long as its Retry-After asked; seconds from the last byte of a line that stalled to the
next request; and the largest memory of our transfer process.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.transfer_clients import adopt_orphans, commands, compile_ours, run
from tests.transfer.chaos import Chaos, Fault, stated

MB = 1_000_000
RETRY_AFTER_S = 2.0


@dataclass(frozen=True)
class Scenario:
    """`kill_after_s` is for the first start alone, and so is `room`: the disk's size in bytes. `listed`: sizes where
    the archive's list is wrong. `limit_s` for one start."""

    name: str
    chaos: Callable[[], Chaos]
    reruns: int = 3
    kill_after_s: float = 0.0
    room: int = 0
    listed: Mapping[str, int] = field(default_factory=dict)
    limit_s: float = 180.0


def files(n: int, size: int) -> dict[str, int | bytes]:
    return {f"f{i:03d}.dat": size for i in range(n)}


def line(count: int, size: int, **what: object) -> Callable[[], Chaos]:
    settings: dict[str, object] = {"latency_s": 0.1, "per_connection_bps": 2.0 * MB, **what}
    return lambda: Chaos(files(count, size), **settings)  # type: ignore[arg-type]


def large() -> Chaos:
    return Chaos({"large.dat": random.Random(0).randbytes(MB) * 300})


def some(names: tuple[int, ...], *faults: Fault) -> dict[str, list[Fault]]:
    return {f"f{i:03d}.dat": list(faults) for i in names}


THIN: dict[str, object] = {"latency_s": 0.3, "total_bps": 1.0 * MB, "per_connection_bps": None}
FIFTHS = [Fault("reset", at=at) for at in (0.2, 0.4, 0.6, 0.8)]
BUSY = stated(code=503, headers={"Retry-After": f"{RETRY_AFTER_S:.0f}"})
CLOSED = {f"f{i:03d}.dat": "nobody has this" for i in (2, 5, 9)}
SCENARIOS = [
    Scenario("a 40 x 1 MB, 100 ms, 2 MB/s each", line(40, MB)),
    Scenario("a2 40 x 250 kB, 300 ms, 1 MB/s in all", line(40, 250_000, **THIN)),
    Scenario("a3 100 x 20 kB, 300 ms, 1 MB/s in all", line(100, 20_000, **THIN)),
    Scenario("b 12 x 2 MB, each reset at half", line(12, 2 * MB, every=[Fault("reset")]), 13),
    Scenario("b2 20 MB, reset at 20, 40, 60, 80 %", line(1, 20 * MB, every=FIFTHS), 5),
    Scenario("c 8 x 5 MB, killed after 4 s, run again", line(8, 5 * MB), 3, kill_after_s=4.0),
    Scenario("c2 20 MB, killed after 6 s, run again", line(1, 20 * MB), 3, kill_after_s=6.0),
    Scenario("d 503 with Retry-After 2 s, twice on 4 of 12", line(12, 500_000, faults=some((0, 3, 6, 9), BUSY, BUSY))),
    Scenario("e body cut at 60 %, 3 of 8", line(8, MB, faults=some((1, 4, 6), Fault("cut", at=0.6)))),
    Scenario("e2 cut, and no length, 3 of 8", line(8, MB, faults=some((1, 4, 6), Fault("nolength", at=0.6)))),
    Scenario("e3 page in place of the file, 3 of 8", line(8, MB, faults=some((1, 4, 6), Fault("html")))),
    Scenario("f disk full at 10 of 20 MB, then more room", line(20, MB), 2, room=10 * 1024 * 1024),
    Scenario("g 401 on 3 of 10", line(10, 500_000, secret=CLOSED), 1),
    Scenario("h one of 6 stalls at half", line(6, MB, faults=some((2,), Fault("stall"))), 1, limit_s=45.0),
    Scenario("i changed between the halves", line(4, 2 * MB, faults=some((1,), Fault("reset"), Fault("newversion")))),
    Scenario("j Range ignored", line(4, 2 * MB, faults=some((1,), Fault("reset"), Fault("norange")))),
    Scenario("l list wrong about 2 of 6 sizes", line(6, 500_000), 1, listed={"f001.dat": 499_000, "f004.dat": 600_000}),
    Scenario("m 300 MB, as fast as it goes", large, 0),
]  # fmt: skip


@dataclass
class Row:
    scenario: str
    client: str
    wall_s: float = 0.0
    ratio: float | None = None
    runs: int = 0
    over_percent: float = 0.0
    requests: int = 0
    first: tuple[int, int, int] = (0, 0, 0)
    last: tuple[int, int, int] = (0, 0, 0)
    gaps_after_503_s: list[float] = field(default_factory=list)
    stall_end_s: float | None = None
    cpu_s: float = 0.0
    peak_mb: float = 0.0

    def __str__(self) -> str:
        ratio = "        " if self.ratio is None else f"x {self.ratio:6.3f}"
        words = [
            f"{self.scenario:46} {self.client:11} {self.wall_s:6.2f} s {ratio}  runs {self.runs:2}  "
            f"over {self.over_percent:6.1f} %  first {self.first!s:13} last {self.last!s:13} cpu {self.cpu_s:4.1f} s"
        ]
        if self.gaps_after_503_s:
            obeyed = sum(gap >= RETRY_AFTER_S for gap in self.gaps_after_503_s)
            words.append(f"Retry-After {obeyed} of {len(self.gaps_after_503_s)}")
        if self.stall_end_s is not None:
            words.append(f"stall ends in {self.stall_end_s:.1f} s")
        if self.client == "mast-tui":
            words.append(f"peak {self.peak_mb:.0f} MB")
        return "  ".join(words)


def standing(chaos: Chaos, out: Path) -> tuple[int, int, int]:
    """Right, wrong, missing."""
    there = [n for n in chaos.files if (out / n).exists()]
    right = sum((out / n).read_bytes() == chaos.content(n) for n in there)
    return right, len(there) - right, len(chaos.files) - len(there)


@contextmanager
def folder_for(out: Path, room: int) -> Iterator[None]:
    """An empty `out`; with `room`, on a disk of that many bytes, which takes the right to mount one."""
    out.mkdir(parents=True)
    if room:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", str(out)], check=True)
    try:
        yield
    finally:
        if room:
            subprocess.run(["umount", "-l", str(out)], check=True)


def measure(scenario: Scenario, client: str, place: Path) -> Row | None:
    """One client in one scenario; None where it is not installed."""
    row = Row(scenario.name, client)
    shutil.rmtree(place, ignore_errors=True)
    out = place / "out"
    with scenario.chaos() as chaos, folder_for(out, scenario.room):
        for name in chaos.files:
            chaos.content(name)  # made before the clock runs
        listed = {n: scenario.listed.get(n, len(chaos.content(n))) for n in chaos.files}
        wanted = len(listed) - len(chaos.secret)
        while row.runs <= scenario.reruns and row.last[0] < wanted:
            argv = commands(chaos.base, out, listed, row.runs).get(client)
            if argv is None:
                return None
            row.runs += 1
            to_kill = scenario.kill_after_s if row.runs == 1 else 0.0
            done = run(argv, place, to_kill or scenario.limit_s)
            row.wall_s += done.wall_s
            row.cpu_s += done.cpu_s
            row.peak_mb = max(row.peak_mb, done.peak_mb)
            row.last = standing(chaos, out)
            if row.runs == 1:
                row.first = row.last
                if scenario.room:
                    subprocess.run(["mount", "-o", f"remount,size={10 * scenario.room}", str(out)], check=True)
        _asked(row, chaos)
    return row


def _asked(row: Row, chaos: Chaos) -> None:
    """What the server has to say of the client."""
    need = sum(len(chaos.content(n)) for n in chaos.files if n not in chaos.secret)
    row.over_percent = 100 * (chaos.sent - need) / need
    row.requests = len(chaos.asked)
    for name in chaos.files:
        for one, following in pairwise(a for a in chaos.of(name) if a.method == "GET"):
            if one.status == 503:
                row.gaps_after_503_s.append(round(following.at - one.at - chaos.latency_s, 3))
            if one.fault == "stall":
                row.stall_end_s = round(following.at - one.last, 2)


def middle(rows: list[Row]) -> Row:
    """The repeats of one client in one scenario as one row."""
    found = Row(rows[0].scenario, rows[0].client)
    for name in ("wall_s", "runs", "over_percent", "requests", "cpu_s"):
        setattr(found, name, statistics.median_high([getattr(row, name) for row in rows]))
    ratios = [row.ratio for row in rows if row.ratio is not None]
    found.ratio = statistics.median(ratios) if ratios else None
    found.first = min((row.first for row in rows), key=_worth)
    found.last = min((row.last for row in rows), key=_worth)
    found.gaps_after_503_s = [gap for row in rows for gap in row.gaps_after_503_s]
    stalls = [row.stall_end_s for row in rows if row.stall_end_s is not None]
    found.stall_end_s = max(stalls) if stalls else None
    found.peak_mb = max(row.peak_mb for row in rows)
    return found


def _worth(standing: tuple[int, int, int]) -> tuple[int, int]:
    right, wrong, _missing = standing
    return -wrong, right


def compare(scenario: Scenario, clients: list[str], repeat: int, place: Path) -> list[Row]:
    """All clients, in another order each time."""
    found: dict[str, list[Row]] = {client: [] for client in clients}
    for _ in range(repeat):
        random.shuffle(order := list(clients))
        rows = {client: row for client in order if (row := measure(scenario, client, place)) is not None}
        for client, row in rows.items():
            if "aria2c" in rows:
                row.ratio = row.wall_s / rows["aria2c"].wall_s
            found[client].append(row)
    return [middle(rows) for rows in found.values() if rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", help="scenarios whose name begins with this word")
    parser.add_argument("--clients", default="mast-tui,engine,aria2c,curl,astroquery")
    parser.add_argument("--repeat", type=int, default=1, help="how often each; the medians are told")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    compile_ours()
    adopt_orphans()
    found: list[Row] = []
    place = Path(tempfile.mkdtemp(prefix="mt-"))
    try:
        for scenario in SCENARIOS:
            if given.only and scenario.name.split()[0] not in given.only:
                continue
            try:
                rows = compare(scenario, given.clients.split(","), given.repeat, place / "b")
            except subprocess.CalledProcessError:
                print(f"{scenario.name:46} left out: no disk of that size can be mounted here", flush=True)
                continue
            print(*rows, sep="\n", flush=True)
            found += rows
    finally:
        shutil.rmtree(place, ignore_errors=True)
    if given.json:
        given.json.write_text(json.dumps([asdict(row) for row in found], indent=1))


if __name__ == "__main__":
    main()
