"""Bytes on the wire and the lag of a held key: the app on its driver and on Textual's, visidata and less, in one run.

    python -m tests.benchmarks.bench_wire [--rows N] [--json FILE]

Every program runs in a pseudo-terminal of 80×24 and of 120×40, with the same table of observations from the embedded
archive (for visidata and less as CSV); what it sends after a key is counted to the byte. Then the app is put behind a
simulated line of 9600 baud and of 56 kbit/s: what it writes is taken at once, as sshd takes it, and reaches the
terminal at the line's rate and after half the round trip; a key is held for three seconds, and the lag is the time from
its release to the last change of the picture. visidata is measured where it is installed (or --visidata PROGRAM).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.journeys.ptyharness import Terminal
from tests.wire.thin_line import ThinLine

SIZES = ((80, 24), (120, 40))
#: Name, bytes a second (ten bits a byte at 9600 baud), round trip.
LINES = (("9600 baud, 100 ms", 960.0, 0.1), ("56 kbit/s, 200 ms", 7000.0, 0.2))
APP = [sys.executable, "-m", "mast_tui.cli", "--demo"]


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "MAST_", "TEXTUAL"))}
    return {**kept, "HOME": str(home), **more}


def after(terminal: Terminal, *keys: str, quiet_s: float = 0.4) -> int:
    """Bytes that came for these keys."""
    before = terminal.sent
    terminal.press(*keys)
    terminal.rest(quiet_s, limit_s=60)
    return terminal.sent - before


def to_results(terminal: Terminal, quiet_s: float = 1.0) -> None:
    """From the first screen to a long list: all of one mission."""
    terminal.wait_for("Demo: try", limit_s=120)
    terminal.rest(quiet_s, limit_s=60)
    terminal.press("tab", "tab", *"GALEX", "enter")
    terminal.wait_for("GALEX GALEX", limit_s=120)
    terminal.rest(2 * quiet_s, limit_s=120)


def the_app(size: tuple[int, int], rows: int, home: Path, **more: str) -> dict[str, int]:
    found: dict[str, int] = {}
    with Terminal([*APP, "--rows", str(rows)], size=size, env=environment(home, **more)) as terminal:
        terminal.wait_for("Demo: try", limit_s=60)
        terminal.rest(1.0)
        found["first paint"] = terminal.sent
        terminal.press(*"NGC 62")
        terminal.rest(0.5)
        found["letter"] = after(terminal, "5")
        terminal.press(*["backspace"] * 7)
        terminal.rest(0.5)
        to_results(terminal)
        found |= keys_of_a_list(terminal)
        found["idle 10 s"] = terminal.watch(10)
    return found


def keys_of_a_list(terminal: Terminal) -> dict[str, int]:
    found = {"cursor": min(after(terminal, "down") for _ in range(3))}
    for _ in range(terminal.rows):
        terminal.press("down")
    terminal.rest(0.5)
    found["one-line scroll"] = min(after(terminal, "down") for _ in range(3))
    found["page"] = min(after(terminal, "pagedown") for _ in range(3))
    return found


def peer(argv: Sequence[str], size: tuple[int, int], home: Path) -> dict[str, int]:
    with Terminal(argv, size=size, env=environment(home)) as terminal:
        terminal.rest(1.5, limit_s=20)
        return {"first paint": terminal.sent, **keys_of_a_list(terminal)}


def lag(size: tuple[int, int], rate: float, round_trip_s: float, rows: int, home: Path, **more: str) -> float:
    """Seconds from the release of a key held for three to the last change of the picture."""
    with ThinLine(
        [*APP, "--rows", str(rows)],
        bytes_per_s=rate,
        round_trip_s=round_trip_s,
        size=size,
        env=environment(home, **more),
    ) as line:
        to_results(line, 2.0)
        return line.hold("down", seconds=3.0, a_second=20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=20_000, help="observations in the embedded archive")
    parser.add_argument("--visidata", default=shutil.which("vd"))
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        table = home / "observations.csv"
        search = ["search", "-c", "obs_collection=GALEX", "--format", "csv", "--demo", "--rows", str(args.rows)]
        table.write_bytes(subprocess.run([*APP[:3], *search], env=environment(home), stdout=-1, check=True).stdout)
        programs: dict[str, Callable[[tuple[int, int]], dict[str, int]]] = {
            "mast-tui": lambda size: the_app(size, args.rows, home),
            "… cursor = marker": lambda size: the_app(size, args.rows, home, MAST_TUI_CURSOR="marker"),
            "… Textual's driver": lambda size: the_app(size, args.rows, home, MAST_TUI_STOCK_DRIVER="1"),
            "less -S": lambda size: peer(["less", "-S", str(table)], size, home),
        }
        if args.visidata:
            programs["visidata"] = lambda size: peer([args.visidata, str(table)], size, home)
        for size in SIZES:
            for name, measured in programs.items():
                found = measured(size)
                results[f"{name} {size[0]}x{size[1]}"] = found
                print(f"{size[0]}×{size[1]} {name:20}", " ".join(f"{k} {v:,}" for k, v in found.items()), flush=True)
        for name, rate, round_trip_s in LINES:
            for size in SIZES:
                for kind, more in (("row", {}), ("marker", {"MAST_TUI_CURSOR": "marker"})):
                    took = lag(size, rate, round_trip_s, args.rows, home, **more)
                    results[f"lag {name} {size[0]}x{size[1]} {kind}"] = took
                    print(f"{name}, {size[0]}×{size[1]}, {kind}: {took:.2f} s behind after 3 s", flush=True)
    if args.json:
        args.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
