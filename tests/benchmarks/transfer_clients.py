"""The downloaders that `bench_transfer` compares, and how one run of one of them is timed.

Each is given the same files of the same server: ours as `mast-tui get` has it, through its transfer process, and the
engine of that process alone; astroquery as its documentation says, curl and aria2c with what their manuals offer for
bad lines.
"""

from __future__ import annotations

import compileall
import contextlib
import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[2]
#: A silent line is given up after so long, in seconds, where a client can be told.
SILENCE_S = 5

OURS = """
from mast_tui.core.transfer_process import start_soon
start_soon(detached=False)
import asyncio, json, os, sys
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
os._exit(asyncio.run(main(*sys.argv[1:])))
"""
#: The queue, the engine and the record of that process alone: one process, as the others are.
ENGINE = """
import gc
gc.disable()
import json, os, sys, threading
from pathlib import Path
from mast_tui.core.fetch import FetchItem, FetchSession
from mast_tui.transfer.owner import QueueOwner
base, out, names, started = sys.argv[1:]
gc.freeze()
gc.enable()
read_s = float(os.environ["MAST_TUI_SILENCE_S"])
journal = Path.home() / "journal"
journal.mkdir(exist_ok=True)
owner = QueueOwner(journal, jobs=4, limit_rate=None, notice=print, log=print, read_s=read_s)
items = tuple(FetchItem(f"mast:CHAOS/product/{n}", n, s) for n, s in json.loads(names).items())
session = FetchSession(f"bench-{started}", out, items, base)
owner.recover()
over = threading.Event()
def wrote():
    state = owner.queue.sessions[session.id]
    if state.at_rest and owner.recorder.tells(state):
        over.set()
owner.recorder.wrote = wrote
owner.add(session, base)
while not over.wait(0.25):
    owner.tick()
owner.end()
os._exit(0 if all(job.state == "done" for job in owner.queue.all_jobs()) else 1)
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
_CURL = "-sS -q -f -L -Z --parallel-max 4 --retry 8 --retry-all-errors --retry-delay 1 -C - --speed-limit 1"
_ARIA2 = "-q --no-conf -j 4 -x 1 -s 1 -c --retry-wait=1 --max-tries=8 --auto-file-renaming=false --file-allocation=none"


def commands(base: str, out: Path, listed: dict[str, int], started: int) -> dict[str, list[str]]:
    """What each client is started with to get these files (name and size as the archive lists them) into `out`."""
    names = json.dumps(listed)
    urls = {n: f"{base}/api/v0.1/Download/file?uri=mast:CHAOS/product/{n}" for n in listed}
    known = {
        "mast-tui": [sys.executable, "-c", textwrap.dedent(OURS), base, str(out), names, str(started)],
        "engine": [sys.executable, "-c", textwrap.dedent(ENGINE), base, str(out), names, str(started)],
        "astroquery": [sys.executable, "-c", ASTROQUERY, base, str(out), names],
    }
    if shutil.which("curl"):
        config = out.with_suffix(".curl")
        config.write_text("".join(f'url = "{url}"\noutput = "{out}/{n}"\n' for n, url in urls.items()))
        known["curl"] = ["curl", *_CURL.split(), "--speed-time", str(SILENCE_S), "-K", str(config)]
    if shutil.which("aria2c"):
        listing = out.with_suffix(".aria2")
        listing.write_text("".join(f"{url}\n out={n}\n" for n, url in urls.items()))
        more = [f"--timeout={SILENCE_S}", "--allow-overwrite=true", "-d", str(out), "-i", str(listing)]
        known["aria2c"] = ["aria2c", *_ARIA2.split(), *more]
    return known


@dataclass(frozen=True)
class Run:
    """`wall_s` until the client ended, or was killed. `cpu_s` of all its processes, `peak_mb` of the largest one that
    the client itself started (0 where it started none): of ours, that is the transfer process."""

    wall_s: float
    killed: bool
    cpu_s: float
    peak_mb: float


def compile_ours() -> None:
    """As an installed package is, whatever PYTHONDONTWRITEBYTECODE says."""
    compileall.compile_dir(_ROOT / "mast_tui", quiet=2)


def adopt_orphans() -> None:
    """Be the parent of processes whose own has ended, so that what they used can be asked for (Linux)."""
    pr_set_child_subreaper = 36  # linux/prctl.h
    ctypes.CDLL(None, use_errno=True).prctl(pr_set_child_subreaper, 1, 0, 0, 0)


def run(argv: list[str], place: Path, kill_after_s: float) -> Run:
    """Run a client with a home of its own below `place`, at most `kill_after_s`."""
    home = place / "home"
    home.mkdir(exist_ok=True)
    settings = {name: str(home) for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_DATA_HOME")}
    ours = {"MAST_TUI_SILENCE_S": str(SILENCE_S), "PYTHONPATH": str(_ROOT)}
    began = time.monotonic()
    process = subprocess.Popen(
        argv,
        env={**os.environ, **settings, **ours},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ended = os.pidfd_open(process.pid)
    killed = True
    try:
        killed = not select.select([ended], [], [], kill_after_s)[0]
        wall_s = time.monotonic() - began
    finally:
        os.close(ended)
        if killed:
            os.killpg(process.pid, signal.SIGKILL)
    return _reap(process, wall_s, killed)


def _reap(process: subprocess.Popen[bytes], wall_s: float, killed: bool) -> Run:
    cpu_s, peak_mb, deadline = 0.0, 0.0, time.monotonic() + 5
    process.returncode = 0  # it is reaped here, with the others
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < deadline:
            pid, _status, used = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                time.sleep(0.005)
                continue
            cpu_s += used.ru_utime + used.ru_stime
            if pid != process.pid:
                peak_mb = max(peak_mb, used.ru_maxrss / 1024)
    return Run(wall_s, killed, cpu_s, peak_mb)
