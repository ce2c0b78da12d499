"""Key to picture, bytes of a frame, and the opening of every kind of file, beside textual-plotext and lightkurve.

    python -m tests.benchmarks.bench_preview [--columns N] [--rows N] [--repeats N] [--lightkurve PYTHON] [--json FILE]

Three tables, each with both sides measured in the same run. All times are the shortest of the repeats in ms, which is
what a busy machine disturbs least.
- draw: a light curve of white noise (400 ppm) as text. "first" is the first picture of a series, "next" a pan after it.
  plotext is fed the same points, all of them, as a scatter of braille.
- key: the same in a pseudo-terminal with true colour: from the key to the last byte of the answer, Textual included.
- open: a file of every kind, read in the preview's worker process and drawn; "cold" starts that process, "first" is the
  worker's first file of the kind. Real files are taken from MAST_TUI_REAL_DATA, others are made. With --lightkurve, an
  interpreter that has lightkurve reads the same files.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

from mast_tui.plot import draw_series
from mast_tui.plot.report import coloured
from tests.benchmarks.opening import opened_now, paths, plotext_ms, with_lightkurve
from tests.benchmarks.plot_app import READY, simulated
from tests.journeys.ptyharness import Terminal

SIZES = (20_000, 1_200_000)
QUIET_S = 0.1


def milliseconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1e3


# --- drawing alone ------------------------------------------------------------------------------------------------


def drawn(n: int, columns: int, rows: int, repeats: int) -> dict[str, float]:
    series = simulated(n)
    # what was worked out of a series is kept with it, and so are frames: a copy, in another size, was never drawn
    first = min(milliseconds(partial(draw_series, replace(series), columns - k, rows)) for k in range(repeats))
    low, high = float(series.x[0]), float(series.x[-1])
    step = (high - low) / (10 * repeats)
    draw_series(series, columns, rows)
    pans = [(low + k * step, high - (repeats - k) * step) for k in range(repeats)]
    following = [milliseconds(partial(draw_series, series, columns, rows, x_range=view)) for view in pans]
    size = len("\n".join(coloured(draw_series(series, columns, rows))).encode())
    return {
        "first_ms": first,
        "next_ms": min(following),
        "bytes": size,
        "plotext_ms": plotext_ms(series, columns, rows, 3 if n < 100_000 else 1),
    }


# --- in a terminal ------------------------------------------------------------------------------------------------


class Counter(Terminal):
    """A terminal whose screen nobody reads: working that out takes longer than what is measured."""

    def _feed(self, data: bytes) -> None:
        """Nothing is shown."""

    def key(self, key: str, first_s: float = 30.0) -> tuple[float, int]:
        """From a key to the last byte before `QUIET_S` of silence, in ms; and how many bytes came."""
        size, start = len(self.raw), time.perf_counter()
        self.press(key)
        last = start
        while (now := time.perf_counter()) - start < first_s and (last == start or now - last < QUIET_S):
            if self.pump(QUIET_S / 4):
                last = time.perf_counter()
        return (last - start) * 1e3, len(self.raw) - size


def keyed(whose: str, n: int, size: tuple[int, int], repeats: int) -> dict[str, float]:
    argv = [sys.executable, "-m", "tests.benchmarks.plot_app", whose, str(n)]
    env = {**os.environ, "COLORTERM": "truecolor"}
    with Counter(argv, size=size, env=env) as terminal:
        until = time.perf_counter() + 30
        while READY.encode() not in terminal.raw:
            if time.perf_counter() > until:
                raise SystemExit(f"no plot within 30 s: {bytes(terminal.raw[-500:])!r}")
            terminal.pump(0.05)
        while terminal.pump(0.5):
            pass
        first = [terminal.key("f") for _ in range(repeats)]
        if whose == "mast-tui":
            terminal.key("z")
        following = [terminal.key("p") for _ in range(repeats)]
        cursor = [terminal.key("c") for _ in range(repeats if whose == "mast-tui" else 0)]
    moved = {"cursor_ms": min(ms for ms, _ in cursor), "cursor_bytes": cursor[-1][1]} if cursor else {}
    return moved | {
        "first_ms": min(ms for ms, _ in first),
        "next_ms": min(ms for ms, _ in following),
        "bytes": max(n_bytes for _, n_bytes in first[:1] + following),
    }


# --- all of it ----------------------------------------------------------------------------------------------------


def show(title: str, rows: list[dict[str, Any]]) -> None:
    """A table in Markdown; None is a blank."""
    print(f"\n{title}\n\n| " + " | ".join(rows[0]) + " |\n" + "|---" * len(rows[0]) + "|")
    for row in rows:
        cells = ["" if v is None else f"{v:,.1f}" if isinstance(v, float) else f"{v:,}" if isinstance(v, int) else v
                 for v in row.values()]  # fmt: skip
        print("| " + " | ".join(cells) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--columns", type=int, default=120)
    parser.add_argument("--rows", type=int, default=35)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--lightkurve", type=Path, metavar="PYTHON", help="an interpreter that has lightkurve")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    size, repeats = (args.columns, args.rows), max(2, args.repeats)
    drawn(1_000, *size, 2)  # plotext is imported

    drawing = []
    for n in SIZES:
        row: dict[str, Any] = {"points": n, **drawn(n, *size, repeats)}
        drawing.append({**row, "ratio to next": row["plotext_ms"] / row["next_ms"]})
    show("draw", drawing)

    keys = []
    for n in SIZES:
        ours = keyed("mast-tui", n, size, repeats)
        theirs = keyed("plotext", n, size, repeats if n < 100_000 else 2)
        row = {"points": n, **ours, "plotext_first_ms": theirs["first_ms"], "plotext_next_ms": theirs["next_ms"]}
        keys.append({**row, "plotext_bytes": theirs["bytes"], "ratio": theirs["next_ms"] / ours["next_ms"]})
    show("key", keys)

    with tempfile.TemporaryDirectory() as folder:
        files = paths(Path(folder))
        cold, opened = opened_now(files, size, repeats)
        if args.lightkurve:
            opened = with_lightkurve(opened, files, args.lightkurve, repeats)
    opening = [
        {**asdict(row), "ratio": None if row.lightkurve_ms is None else row.lightkurve_ms / row.open_ms}
        for row in opened
    ]
    show(f"open (the light curve cold: {cold:,.0f} ms)", opening)
    if args.json:
        found = {"size": size, "draw": drawing, "key": keys, "cold_ms": cold, "open": opening}
        args.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
