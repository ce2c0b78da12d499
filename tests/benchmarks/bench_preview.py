"""Key to picture: a light curve drawn by this package and by plain textual-plotext, side by side in one run.

    python tests/benchmarks/bench_preview.py [--columns N] [--rows N] [--repeats N] [--file PATH ...] [--json FILE]

Drawing is timed on noise of 400 ppm. "first" is the first picture of a series, "next" the median of the following
ones (a pan by a tenth of the view). Bytes are those of one frame in 16 colours as `mast-tui preview` writes it.
plotext is fed the same points, all of them, as a scatter of braille. With --file, each file is also opened through
the preview's worker process, and by lightkurve where that is installed and reads it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from mast_tui.core.look import Axis, Series, Summary
from mast_tui.plot import draw_series
from mast_tui.plot.report import coloured

SIZES = (20_000, 1_200_000)


def simulated(n: int) -> Series:
    """A light curve of 2-minute cadence: white noise of 400 ppm around one."""
    x = np.arange(n) / 720.0
    y = np.random.default_rng(n).normal(1.0, 4e-4, n)
    return Series(
        "lightcurve", "simulated", 1, Axis("TIME", "BTJD", "d"), Axis("FLUX", "Flux", "e-/s"), x, y, None,
        np.array([0]), n, n, Summary(), (n,),
    )  # fmt: skip


def milliseconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1e3


def ours(n: int, columns: int, rows: int, repeats: int) -> dict[str, float]:
    series = simulated(n)
    whole = (float(series.x[0]), float(series.x[-1]))
    first = milliseconds(lambda: draw_series(series, columns, rows))
    step = (whole[1] - whole[0]) / 50
    ranges = [(whole[0] + k * step, whole[1] - (repeats - k) * step) for k in range(repeats)]
    following = []
    for view in ranges:
        start = time.perf_counter()
        draw_series(series, columns, rows, x_range=view)
        following.append((time.perf_counter() - start) * 1e3)
    frame = draw_series(series, columns, rows)
    return {
        "first_ms": first,
        "next_ms": statistics.median(following),
        "bytes": float(len("\n".join(coloured(frame)).encode())),
    }


def plain_plotext(n: int, columns: int, rows: int, repeats: int) -> dict[str, float]:
    """The figure of textual-plotext's widget, which it builds anew whenever it is refreshed."""
    from textual_plotext.plot import Plot

    series = simulated(n)
    x, y = series.x.tolist(), series.y.tolist()
    times, text = [], ""
    for _ in range(repeats):
        plot = Plot()
        plot.plotsize(columns, rows)
        start = time.perf_counter()
        plot.scatter(x, y, marker="braille")
        text = plot.build()
        times.append((time.perf_counter() - start) * 1e3)
    return {"next_ms": statistics.median(times), "bytes": float(len(text.encode()))}


async def opened(paths: list[Path]) -> dict[str, dict[str, Any]]:
    from mast_tui.preview import Previewer

    previewer = Previewer()
    found: dict[str, dict[str, Any]] = {}
    try:
        for path in paths:
            await previewer.look(path)  # the worker has astropy imported, and the file is in the system's cache
            start = time.perf_counter()
            preview = await previewer.look(path)
            found[path.name] = {"kind": preview.kind, "ms": (time.perf_counter() - start) * 1e3}
    finally:
        await previewer.close()
    return found


def with_lightkurve(path: Path) -> float | None:
    try:
        import lightkurve  # type: ignore[import-not-found, unused-ignore]

        lightkurve.read(str(path))
        return milliseconds(lambda: lightkurve.read(str(path)))
    except Exception:  # noqa: BLE001 - it is not installed, or the file is none that it reads
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--columns", type=int, default=120)
    parser.add_argument("--rows", type=int, default=35)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--file", type=Path, action="append", default=[])
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    size = (args.columns, args.rows)
    ours(1_000, *size, 1)  # plotext is imported
    results: dict[str, Any] = {}
    for n in SIZES:
        own = ours(n, *size, args.repeats)
        theirs = plain_plotext(n, *size, 3 if n < 100_000 else 1)
        results[str(n)] = {"mast-tui": own, "plotext": theirs, "ratio": theirs["next_ms"] / own["next_ms"]}
        print(
            f"{n:>9,} points: first {own['first_ms']:.1f} ms, next {own['next_ms']:.1f} ms, {own['bytes']:,.0f} bytes; "
            f"plotext {theirs['next_ms']:.0f} ms, {theirs['bytes']:,.0f} bytes; "
            f"{theirs['next_ms'] / own['next_ms']:.0f} times as long"
        )
    for name, row in asyncio.run(opened(args.file)).items() if args.file else ():
        other = with_lightkurve(next(path for path in args.file if path.name == name))
        results[name] = row | {"lightkurve_ms": other}
        beside = "" if other is None else f"; lightkurve {other:.1f} ms"
        print(f"{row['kind']:>12} {name}: opened in {row['ms']:.1f} ms{beside}")
    if args.json:
        args.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
