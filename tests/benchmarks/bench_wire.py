"""Bytes on the wire and the lag of a held key: the app on its driver and on Textual's, visidata and less, in one run.

    python -m tests.benchmarks.bench_wire [--rows N] [--visidata PROGRAM] [--no-lag | --lag-of-all] [--json FILE]

Every program runs in a pseudo-terminal of 80×24 and of 120×40, with the same table of observations from the embedded
archive (for visidata and less as CSV). What it sends after a key is counted to the byte until it is silent; of several
keys of a kind the median is told. "row" and "marker" are the two cursors, with the detail pane closed; "pane" is the
row with the detail of the record beside it (below it at 80×24), which follows when the keys rest. Ten transfers from
the embedded archive, four of them at a time, are watched for five seconds.

Then the programs are put behind a simulated line of 9600 baud and of 56 kbit/s: what they write is taken at once, as
sshd takes it, and reaches the terminal at the line's rate and after half the round trip. A key is held for three
seconds, twenty a second, which scrolls most of the time, and the lag is the time from its release to the last byte
that reaches the terminal; of three such holds the median and the longest are told.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from mast_tui.tui.screens.listing import BESIDE
from tests.journeys.ptyharness import Terminal
from tests.wire.thin_line import ThinLine

SIZES = ((80, 24), (120, 40))
#: Name, bytes a second (ten bits a byte at 9600 baud), round trip in seconds.
LINES = (("9600 baud, 100 ms", 960.0, 0.1), ("56 kbit/s, 200 ms", 7000.0, 0.2))
#: The most bytes that a key may cost, whatever the size; of the cursor for (row, marker).
BUDGETS: Mapping[str, tuple[int, int]] = {
    "first paint": (3500, 3500),
    "letter": (16, 16),
    "cursor": (210, 20),
    "one-line scroll": (250, 250),
    "page": (1900, 1900),
    "ten transfers, 5 s": (2500, 2500),
    "idle, 10 s": (0, 0),
}
#: The longest lag, beyond the round trip, in seconds.
LAG_S = 0.4
APP = [sys.executable, "-m", "mast_tui.cli", "--demo"]
PLAIN: Mapping[str, str] = {}
STOCK = {"MAST_TUI_STOCK_DRIVER": "1"}
MARKER = {"MAST_TUI_CURSOR": "marker"}

Size = tuple[int, int]
Bytes = dict[str, int]


def environment(folder: Path, **more: str) -> dict[str, str]:
    """For a person who has not used the app before: a home of its own within `folder`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "MAST_", "TEXTUAL"))}
    return {**kept, "HOME": tempfile.mkdtemp(dir=folder), **more}


# --- bytes ----------------------------------------------------------------------------------------------------------


def after(terminal: Terminal, *keys: str, quiet_s: float = 0.4) -> int:
    """Bytes that came for these keys."""
    before = terminal.sent
    terminal.press(*keys)
    terminal.rest(quiet_s, limit_s=60)
    return terminal.sent - before


def median_after(terminal: Terminal, *keys: str) -> int:
    """The median of what each of these keys cost by itself."""
    return int(statistics.median(after(terminal, key) for key in keys))


def to_results(terminal: Terminal, quiet_s: float = 2.0) -> None:
    """From the first screen to a long list: all of one mission."""
    terminal.wait_for("Demo: try", limit_s=240)
    terminal.rest(quiet_s, limit_s=240)
    terminal.press("tab", "tab", *"GALEX", "enter")
    terminal.wait_for("GALEX GALEX", limit_s=240)
    terminal.rest(2 * quiet_s, limit_s=240)


def keys_of_a_list(terminal: Terminal) -> Bytes:
    """The cursor at the top of a list that is longer than the screen."""
    found = {"cursor": median_after(terminal, *["down"] * 5)}
    for _ in range(terminal.rows):
        terminal.press("down")
    terminal.rest(0.6)
    found["one-line scroll"] = median_after(terminal, *["down"] * 5)
    found["page"] = median_after(terminal, *["pagedown"] * 3)
    return found


def the_app(size: Size, rows: int, home: Path, more: Mapping[str, str] = PLAIN, pane: bool = False) -> Bytes:
    with Terminal([*APP, "--rows", str(rows)], size=size, env=environment(home, **more)) as terminal:
        terminal.wait_for("Demo: try", limit_s=60)
        terminal.rest(1.0)
        found = {"first paint": terminal.sent}
        terminal.press(*"NGC 6")
        terminal.rest(0.6)
        found["letter"] = median_after(terminal, *"25 Ab")
        terminal.press(*["backspace"] * 10)
        terminal.rest(0.6)
        to_results(terminal, 1.0)
        if (size[0] >= BESIDE) != pane:  # from that width on it is open by itself
            terminal.press("d")
            terminal.rest(0.6)
        found |= keys_of_a_list(terminal)
        found["idle, 10 s"] = terminal.watch(10)
    return found


def ten_transfers(size: Size, home: Path, more: Mapping[str, str]) -> int:
    """Bytes of five seconds on the screen of transfers, which last longer than that at 300 kB/s."""
    with Terminal(APP, size=size, env=environment(home, MAST_TUI_LIMIT_RATE="300k", **more)) as terminal:
        terminal.wait_for("Demo: try", limit_s=60)
        terminal.press(*"proposal 1073", *["tab"] * 4)
        terminal.rest()
        terminal.press(*"F277W", "enter")
        terminal.wait_for("15 of 15", limit_s=60)
        terminal.press("enter")
        terminal.wait_for("calibrated science", limit_s=60)
        terminal.press("/", *"nrcalong_cal", "enter")
        terminal.rest(1.0)
        terminal.press(*["space"] * 10, "t")
        terminal.wait_for("Take these files?", "10 files")
        terminal.press("enter")
        terminal.wait_for("files queued")
        terminal.press("D")
        terminal.wait_for("4 running", "6 queued")
        terminal.watch(3)
        sent = terminal.watch(5)
        assert "4 running" in terminal.screen, terminal.screen
        # a process of their own: it would go on
        terminal.press("q")
        terminal.wait_for("transfers are under way")
        terminal.press("p")
        terminal.wait_exit()
    return sent


def peer(argv: Sequence[str], size: Size, home: Path) -> Bytes:
    with Terminal(argv, size=size, env=environment(home)) as terminal:
        terminal.rest(1.5, limit_s=20)
        return {"first paint": terminal.sent, **keys_of_a_list(terminal), "idle, 10 s": terminal.watch(10)}


def all_bytes(size: Size, rows: int, home: Path, peers: Mapping[str, Sequence[str]]) -> dict[str, Bytes]:
    """What each program sends for each action."""
    found = {}
    for name, more in (("row", PLAIN), ("marker", MARKER), ("stock", STOCK)):
        found[name] = the_app(size, rows, home, more) | {"ten transfers, 5 s": ten_transfers(size, home, more)}
        if name == "marker":
            found["pane"] = the_app(size, rows, home, pane=True)
    return found | {name: peer(argv, size, home) for name, argv in peers.items()}


def print_bytes(size: Size, found: Mapping[str, Bytes]) -> None:
    print(f"\n{f'bytes, {size[0]}×{size[1]}':20}{'budget':>12}", *(f"{name:>10}" for name in found))
    for action, (row, marker) in BUDGETS.items():
        budget = f"{row:,}" if row == marker else f"{row} / {marker}"
        # over its budget a number has a sign; the pane is beyond what the budgets are for
        cells = []
        for name, measured in found.items():
            number = measured.get(action)
            limit = {"row": row, "marker": marker}.get(name)
            over = number is not None and limit is not None and number > limit
            cells.append(f"{'–' if number is None else f'{number:,}'}{'!' if over else ' '}".rjust(10))
        print(f"{action:20}{budget:>12}", *cells, flush=True)


# --- lag ------------------------------------------------------------------------------------------------------------


def lag(
    size: Size,
    line: tuple[str, float, float],
    argv: Sequence[str],
    env: Mapping[str, str],
    ready: Callable[[ThinLine], object],
    holds: int = 3,
) -> list[float]:
    """Seconds from the release of a key held for three to the last byte, for each hold."""
    _name, rate, round_trip_s = line
    with ThinLine(argv, bytes_per_s=rate, round_trip_s=round_trip_s, size=size, env=env) as terminal:
        ready(terminal)
        return [terminal.hold("down", seconds=3.0, a_second=20) for _ in range(holds)]


def _to_a_list(terminal: Terminal) -> None:
    terminal.rest(3.0, limit_s=60)


def all_lags(rows: int, home: Path, peers: Mapping[str, Sequence[str]], everything: bool) -> dict[str, list[float]]:
    """The lags of the app as it comes, and with `everything` of Textual's driver and the other programs, a hold each:
    minutes at 9600 baud."""
    found = {}
    argv = [*APP, "--rows", str(rows)]
    for line in LINES:
        for size in SIZES:
            allowed = line[2] + LAG_S
            through = partial(lag, size, line)
            kinds = {"mast-tui": partial(through, argv, environment(home), to_results)}
            if everything:
                kinds["Textual's driver"] = partial(through, argv, environment(home, **STOCK), to_results, 1)
                kinds |= {
                    name: partial(through, program, environment(home), _to_a_list, 1) for name, program in peers.items()
                }
            for kind, measured in kinds.items():
                lags = measured()
                found[f"{kind}, {line[0]}, {size[0]}x{size[1]}"] = lags
                over = "!" if statistics.median(lags) > allowed else ""
                print(
                    f"{line[0]:20}{size[0]}×{size[1]:<5}{kind:18}{statistics.median(lags):8.2f} s{over}"
                    f"   longest {max(lags):.2f} s   allowed {allowed:.1f} s",
                    flush=True,
                )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=20_000, help="observations in the embedded archive")
    parser.add_argument("--visidata", default=shutil.which("vd"))
    parser.add_argument("--no-lag", action="store_true")
    parser.add_argument("--no-bytes", action="store_true")
    parser.add_argument("--lag-of-all", action="store_true", help="of Textual's driver and the others too: minutes")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    results: dict[str, object] = {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        table = home / "observations.csv"
        search = ["search", "-c", "obs_collection=GALEX", "--format", "csv", "--demo", "--rows", str(args.rows)]
        table.write_bytes(subprocess.run([*APP[:3], *search], env=environment(home), stdout=-1, check=True).stdout)
        peers = {"less -S": ["less", "-S", str(table)]}
        if args.visidata:
            peers = {"visidata": [args.visidata, str(table)], **peers}
        if not args.no_bytes:
            for size in SIZES:
                found = all_bytes(size, args.rows, home, peers)
                results[f"bytes {size[0]}x{size[1]}"] = found
                print_bytes(size, found)
        if not args.no_lag:
            print("\nlag after three seconds of a held key")
            results["lag, s"] = all_lags(args.rows, home, peers, args.lag_of_all)
    if args.json:
        args.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
