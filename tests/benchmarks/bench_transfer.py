"""The transfers beside curl, aria2c and astroquery on one bad server, in one run.

    python tests/benchmarks/bench_transfer.py [--only WORD]… [--clients NAME,…] [--json FILE]

A loopback server with latency, a limit a connection and faults; each client is a process of its own, started again (as
a user would) until all files are right, at most `reruns` times. Ours is measured with the start and the end of its
transfer process. curl and aria2c are used when they are installed. Wall time in seconds, ratio to the best of the
others, bytes sent over need, and (right, wrong, missing) after the first run and after the last.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.transfer.chaos import Chaos, Fault, stated

MB = 1_000_000
LIMIT_S = 180.0

OURS = """
import asyncio, json, sys
from mast_tui.core.fetch import FetchItem, FetchSession
from mast_tui.core.host import ArchiveHost
from mast_tui.transfer import Transfers
async def main(base, out, names, started):
    transfers = Transfers(ArchiveHost(base), detached=False)
    items = tuple(FetchItem(f"mast:CHAOS/product/{n}", n, s) for n, s in json.loads(names).items())
    await transfers.add(FetchSession(f"bench-{started}", out, items, base))
    done = await transfers.settled(f"bench-{started}")
    await transfers.close()
    return 0 if all(t.state == "done" for t in done) else 1
sys.exit(asyncio.run(main(*sys.argv[1:])))
"""
ASTROQUERY = """
import json, sys
from astropy.table import Table
from astroquery.mast import ObservationsClass
base, out, names = sys.argv[1:4]
names = json.loads(names)
mast = ObservationsClass()
mast._portal_api_connection.MAST_DOWNLOAD_URL = base + "/api/v0.1/Download/file"
n = len(names)
mast.download_products(Table({
    "obs_collection": ["CHAOS"] * n, "obs_id": ["o"] * n, "productFilename": list(names), "size": list(names.values()),
    "dataURI": ["mast:CHAOS/product/" + name for name in names], "productGroupDescription": [""] * n,
}), download_dir=out, flat=True)
"""


@dataclass(frozen=True)
class Scenario:
    name: str
    chaos: Callable[[], Chaos]
    reruns: int = 3
    kill_after_s: float = 0.0


def files(n: int, size: int) -> dict[str, int | bytes]:
    return {f"f{i:03d}.dat": size for i in range(n)}


def line(count: int, size: int, **what: object) -> Callable[[], Chaos]:
    settings: dict[str, object] = {"latency_s": 0.1, "per_connection_bps": 2.0 * MB, **what}
    return lambda: Chaos(files(count, size), **settings)  # type: ignore[arg-type]


def some(names: tuple[int, ...], *faults: Fault) -> dict[str, list[Fault]]:
    return {f"f{i:03d}.dat": list(faults) for i in names}


THIN: dict[str, object] = {"latency_s": 0.3, "total_bps": 1.0 * MB, "per_connection_bps": None}
FIFTHS = [Fault("reset", at=at) for at in (0.2, 0.4, 0.6, 0.8)]
BUSY = stated(code=503, headers={"Retry-After": "2"})
SCENARIOS = [
    Scenario("a 40 x 1 MB, 100 ms, 2 MB/s each", line(40, MB)),
    Scenario("a2 40 x 250 kB, 300 ms, 1 MB/s in all", line(40, 250_000, **THIN)),
    Scenario("a3 100 x 20 kB, 300 ms, 1 MB/s in all", line(100, 20_000, **THIN)),
    Scenario("b 12 x 2 MB, each reset at half", line(12, 2 * MB, every=[Fault("reset")]), 13),
    Scenario("b2 20 MB, reset at 20, 40, 60, 80 %", line(1, 20 * MB, every=FIFTHS), 5),
    Scenario("c 8 x 5 MB, killed after 4 s, run again", line(8, 5 * MB), 3, kill_after_s=4.0),
    Scenario("d 503 with Retry-After 2 s, twice on 4 of 12", line(12, 500_000, faults=some((0, 3, 6, 9), BUSY, BUSY))),
    Scenario("e body cut at 60 %, 3 of 8", line(8, MB, faults=some((1, 4, 6), Fault("cut", at=0.6)))),
    Scenario("e2 cut, and no length, 3 of 8", line(8, MB, faults=some((1, 4, 6), Fault("nolength", at=0.6)))),
    Scenario("e3 page in place of the file, 3 of 8", line(8, MB, faults=some((1, 4, 6), Fault("html")))),
    Scenario("i changed between the halves", line(4, 2 * MB, faults=some((1,), Fault("reset"), Fault("newversion")))),
    Scenario("j Range ignored", line(4, 2 * MB, faults=some((1,), Fault("reset"), Fault("norange")))),
]  # fmt: skip


def commands(base: str, out: Path, sizes: dict[str, int], started: int) -> dict[str, list[str]]:
    names = json.dumps(sizes)
    urls = {n: f"{base}/api/v0.1/Download/file?uri=mast:CHAOS/product/{n}" for n in sizes}
    listing = out.with_suffix(".list")
    known = {
        "mast-tui": [sys.executable, "-c", textwrap.dedent(OURS), base, str(out), names, str(started)],
        "astroquery": [sys.executable, "-c", ASTROQUERY, base, str(out), names],
    }
    if shutil.which("curl"):
        config = "".join(f'url = "{url}"\noutput = "{out}/{n}"\n' for n, url in urls.items())
        words = "-sS -q -f -L -Z --parallel-max 4 --retry 8 --retry-all-errors --retry-delay 1 -C - --speed-limit 1"
        known["curl"] = ["curl", *words.split(), "--speed-time", "5", "-K", str(listing.with_suffix(".curl"))]
        listing.with_suffix(".curl").write_text(config)
    if shutil.which("aria2c"):
        listing.with_suffix(".aria2").write_text("".join(f"{url}\n out={n}\n" for n, url in urls.items()))
        words = "-q --no-conf -j 4 -x 1 -s 1 -c --retry-wait=1 --max-tries=8 --timeout=5 --auto-file-renaming=false"
        more = ["--allow-overwrite=true", "--file-allocation=none", "-d", str(out)]
        known["aria2c"] = ["aria2c", *words.split(), *more, "-i", str(listing.with_suffix(".aria2"))]
    return known


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
    cpu_s: float = 0.0
    gaps_after_503_s: list[float] = field(default_factory=list)


def standing(chaos: Chaos, out: Path) -> tuple[int, int, int]:
    """Right, wrong, missing."""
    there = [n for n in chaos.files if (out / n).exists()]
    right = sum((out / n).read_bytes() == chaos.content(n) for n in there)
    return right, len(there) - right, len(chaos.files) - len(there)


def measure(scenario: Scenario, client: str, place: Path) -> Row | None:
    row = Row(scenario.name, client)
    out, home = place / "out", place / "home"
    for folder in (out, home):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    settings = {name: str(home) for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_DATA_HOME")}
    env = {**os.environ, **settings, "MAST_TUI_SILENCE_S": "5", "PYTHONPATH": str(Path(__file__).parents[2])}
    before = os.times()
    with scenario.chaos() as chaos:
        sizes = {n: s for n, s in chaos.files.items() if isinstance(s, int)}
        while row.runs <= scenario.reruns and row.last[0] < len(sizes):
            argv = commands(chaos.base, out, sizes, row.runs).get(client)
            if argv is None:
                return None
            row.runs += 1
            began = time.monotonic()
            process = subprocess.Popen(
                argv, env=env, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            try:
                process.wait(scenario.kill_after_s if scenario.kill_after_s and row.runs == 1 else LIMIT_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            row.wall_s += time.monotonic() - began
            row.last = standing(chaos, out)
            if row.runs == 1:
                row.first = row.last
        need = sum(sizes.values())
        row.over_percent = 100 * (chaos.sent - need) / need
        row.requests = len(chaos.asked)
        for name in sizes:
            asked = [a for a in chaos.of(name) if a.method == "GET"]
            row.gaps_after_503_s += [round(b.at - a.at, 2) for a, b in pairwise(asked) if a.status == 503]
    after = os.times()
    row.cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", help="scenarios whose name begins with this word")
    parser.add_argument("--clients", default="mast-tui,aria2c,curl,astroquery")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    rows: list[Row] = []
    place = Path(tempfile.mkdtemp(prefix="mt-"))
    try:
        for scenario in SCENARIOS:
            if given.only and scenario.name.split()[0] not in given.only:
                continue
            clients = given.clients.split(",")
            random.shuffle(clients)
            found = [row for client in clients if (row := measure(scenario, client, place)) is not None]
            others = [row.wall_s for row in found if row.client != "mast-tui" and row.last[0] == sum(row.last)]
            for row in sorted(found, key=lambda row: row.client != "mast-tui"):
                row.ratio = row.wall_s / min(others) if others else None
                gaps = (
                    f"  gaps {min(row.gaps_after_503_s)}-{max(row.gaps_after_503_s)} s" if row.gaps_after_503_s else ""
                )
                print(
                    f"{row.scenario:46} {row.client:11} {row.wall_s:6.2f} s  x{row.ratio or 0:5.2f}  runs {row.runs}  "
                    f"over {row.over_percent:6.1f} %  first {row.first}  last {row.last}{gaps}",
                    flush=True,
                )
            rows += found
    finally:
        shutil.rmtree(place, ignore_errors=True)
    if given.json:
        given.json.write_text(json.dumps([asdict(row) for row in rows], indent=1))


if __name__ == "__main__":
    main()
