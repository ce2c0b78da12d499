"""What the wire costs the program: the time from a frame of Textual's to what is sent for it.

    python -m tests.benchmarks.bench_wire_cost [--rows N] [--repeat N]

A journey through the app is recorded on Textual's own driver, frame by frame, at 80×24 and 120×40; then each frame is
read and its difference taken, as the wire does it, with cold caches at the start of each of `--repeat` runs.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

from mast_tui.tui.wire.cells import Picture
from mast_tui.tui.wire.difference import Abilities, Difference
from mast_tui.tui.wire.reading import SYNC_END, SYNC_START, Drawn, cells_of, read
from tests.journeys.ptyharness import Terminal

SIZES = ((80, 24), (120, 40))
KEYS = ("down", "down", "up", "right", "pagedown", "end", "home", "space", "?", "esc", "F", "esc", "enter", "S", "esc")
_FRAME = re.compile(re.escape(SYNC_START) + "(.*?)" + re.escape(SYNC_END), re.DOTALL)


def frames(size: tuple[int, int], rows: int, home: Path) -> list[str]:
    """What Textual writes in a journey from the first screen to a list, its help and dialogs, and files."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "MAST_", "TEXTUAL"))}
    environment = {**kept, "HOME": str(home), "COLORTERM": "truecolor", "MAST_TUI_STOCK_DRIVER": "1"}
    argv = [sys.executable, "-m", "mast_tui.cli", "--demo", "--rows", str(rows)]
    with Terminal(argv, size=size, env=environment) as terminal:
        terminal.wait_for("Demo: try", limit_s=60)
        terminal.press(*"pi Men", "enter")
        terminal.wait_for("20 of 20", limit_s=60)
        terminal.rest()
        for key in KEYS:
            terminal.press(key)
            terminal.rest(0.3)
        return _FRAME.findall(terminal.raw.decode("utf-8", "replace"))


def costs(recorded: list[str], size: tuple[int, int]) -> list[float]:
    """Milliseconds for each frame."""
    cells_of.cache_clear()
    wanted, difference = Picture(*size), Difference(*size, Abilities(bce=True, rep=True))
    took = []
    for frame in recorded:
        began = time.perf_counter()
        for step in read(frame, "truecolor"):
            if isinstance(step, Drawn):
                wanted.put(step.y, step.x, step.cells)
        difference.to(wanted, None)
        took.append(1e3 * (time.perf_counter() - began))
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=20_000, help="observations in the embedded archive")
    parser.add_argument("--repeat", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            recorded = frames(size, args.rows, Path(folder))
            runs = [costs(recorded, size) for _ in range(args.repeat)]
            each = sorted(min(run[n] for run in runs) for n in range(len(recorded)))
            print(
                f"{size[0]}×{size[1]}: {len(recorded)} frames, median {statistics.median(each):.2f} ms (budget 1), "
                f"90 % within {each[len(each) * 9 // 10]:.2f} ms, longest {each[-1]:.1f} ms"
            )


if __name__ == "__main__":
    main()
