"""Process start to first paint, next to a minimal Textual app in one run: `python tests/benchmarks/bench_start.py`.

Both run in a real pty, by turns, and the time goes from the start of the process to the first byte of a known word.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.journeys.ptyharness import Terminal

MINIMAL = """
from textual.app import App
from textual.widgets import Footer, Header, Input, Static
class Minimal(App[None]):
    def compose(self):
        yield Header()
        yield Input()
        yield Static("READY")
        yield Footer()
Minimal().run(mouse=False)
"""


def first_paint(argv: list[str], word: bytes, env: dict[str, str]) -> float:
    """Milliseconds until `word` was sent."""
    start = time.perf_counter()
    with Terminal(argv, size=(120, 40), env=env) as terminal:
        while word not in terminal.raw:
            if time.perf_counter() - start > 30:
                raise SystemExit(f"no {word!r} within 30 s:\n{terminal.screen}")
            terminal.pump(0.02)
        return (time.perf_counter() - start) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "HOME": home, "COLORTERM": "truecolor"}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        cases = {
            "minimal Textual app": ([sys.executable, "-c", MINIMAL], b"READY"),
            "mast-tui": ([sys.executable, "-m", "mast_tui.cli"], "❯".encode()),
            "mast-tui --demo": ([sys.executable, "-m", "mast_tui.cli", "--demo"], "❯".encode()),
        }
        times: dict[str, list[float]] = {name: [] for name in cases}
        for run in range(given.runs + 1):
            for name, (argv, word) in cases.items():
                took = first_paint(argv, word, env)
                if run:  # the first one writes the .pyc files
                    times[name].append(took)
    base = statistics.median(times["minimal Textual app"])
    found = {
        name: {"median_ms": round(statistics.median(t), 1), "min_ms": round(min(t), 1)} for name, t in times.items()
    }
    for name, numbers in found.items():
        ratio = numbers["median_ms"] / base
        print(f"{name:<22} {numbers['median_ms']:>7.1f} ms  (min {numbers['min_ms']:.1f})  {ratio:.2f} x")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
