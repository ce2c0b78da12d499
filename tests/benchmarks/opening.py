"""How long it takes to open a file of every kind and to draw what was found, for `bench_preview`."""

from __future__ import annotations

import asyncio
import json
import os
import struct
import subprocess
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mast_tui.core.look import Preview, Series
from mast_tui.plot.report import text
from mast_tui.preview import Previewer
from tests.preview import made_files

DATA = Path(os.environ.get("MAST_TUI_REAL_DATA", "../shared/data"))


def _text_file(path: Path) -> Path:
    path.write_text("A note on the data.\n\nHigh-level products come with such a file.\n" * 200)
    return path


def _picture(path: Path) -> Path:
    """A grey PNG of 800 by 600 pixels."""
    rows, columns = np.mgrid[:600, :800]
    grey = ((np.sin(rows / 40) + np.sin(columns / 55) + 2) * 63).astype(np.uint8)
    lines = b"".join(b"\0" + line.tobytes() for line in grey)  # each begins with its filter: none
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 800, 600, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines)),
        (b"IEND", b""),
    )
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(struct.pack(">I", len(b)) + kind + b + struct.pack(">I", zlib.crc32(kind + b)) for kind, b in chunks)
    )
    return path


def _noise(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.random.default_rng(1).normal(10, 1, shape).astype(np.float32)


_CUBE = {"CTYPE3": "WAVE", "CUNIT3": "um", "CRPIX3": 1.0, "CRVAL3": 4.9, "CDELT3": 0.001}
#: For each kind a real file, where one is known, and how to make one in its place.
FILES: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "lightcurve": (
        "tess/spoc/tess2018206045859-s0001-0000000261136679-0120-s_lc.fits",
        lambda folder: made_files.spoc_light_curve(folder / "tess_lc.fits", 20_000),
    ),
    "spectrum": (
        "hst/cos/MRK209_cos_x1dsum.fits",
        lambda folder: made_files.cos_spectrum(folder / "x1dsum.fits", 16_384),
    ),
    "image": (
        "hst/acs/j8bt06nyq_flt.fits",
        lambda folder: made_files.write(folder / "flt.fits", [], data=_noise(1024, 2048)),
    ),
    "cube": ("", lambda folder: made_files.write(folder / "s3d.fits", [], _CUBE, _noise(200, 60, 60))),
    "pixels": (
        "k2/tpf/ktwo211983544-c18_lpd-targ.fits",
        lambda folder: made_files.pixel_file(folder / "tpf.fits", 2_000),
    ),
    "table": (
        "tables/esa_hubble_cone_search.vot",
        lambda folder: made_files.write(
            folder / "table.fits", [made_files.table([("A", "D", np.arange(9_000.0)), ("B", "J", np.arange(9_000))])]
        ),
    ),
    "header": (
        "hst/stis/o4er06llq_spt.fits",
        lambda folder: made_files.write(folder / "spt.fits", [], {f"KEY{k}": k for k in range(300)}),
    ),
    "picture": ("hst/preview/skycell-p1889x07y19_f105w_full.jpg", lambda folder: _picture(folder / "preview.png")),
    "text": ("", lambda folder: _text_file(folder / "readme.txt")),
}


@dataclass(frozen=True)
class Opened:
    """Times in ms. `first_ms` is that of a worker that had not seen such a file, `open_ms` the shortest of the others.

    `draw_ms` is the shortest for a picture in 16 colours of what was just read. `lightkurve_ms` is its shortest read of
    the same file, None where it was not asked or does not read it; `plotext_ms` is plain plotext's scatter of a series.
    """

    kind: str
    file: str
    n_bytes: int
    first_ms: float
    open_ms: float
    draw_ms: float
    plotext_ms: float | None = None
    lightkurve_ms: float | None = None


def paths(folder: Path) -> dict[str, Path]:
    """A file of each kind: the real one where it is at hand, else one made in `folder`."""
    return {
        kind: DATA / real if real and (DATA / real).is_file() else make(folder) for kind, (real, make) in FILES.items()
    }


async def cold_ms(path: Path) -> float:
    """From no worker at all to the contents of the file: a process started, astropy imported, the file read."""
    previewer = Previewer()
    try:
        return (await _timed(previewer, path))[1]
    finally:
        await previewer.close()


async def opened(files: dict[str, Path], size: tuple[int, int], repeats: int) -> list[Opened]:
    previewer = Previewer()
    try:
        await previewer.warm()
        return [await _opened(previewer, kind, path, size, repeats) for kind, path in files.items()]
    finally:
        await previewer.close()


async def _opened(previewer: Previewer, kind: str, path: Path, size: tuple[int, int], repeats: int) -> Opened:
    found, first = await _timed(previewer, path)
    if found.kind != kind:
        raise SystemExit(f"{path} is a {found.kind} and no {kind}: {found.problems}")
    opening, drawing = [], []
    for k in range(repeats):
        found, took = await _timed(previewer, path)
        opening.append(took)
        start = time.perf_counter()
        text(found, size[0] - k, size[1], colour=True)  # a new look in another size: nothing of it was drawn before
        drawing.append((time.perf_counter() - start) * 1e3)
    item = found.items[0]
    plain = plotext_ms(item, *size) if isinstance(item, Series) else None
    return Opened(kind, path.name, path.stat().st_size, first, min(opening), min(drawing), plain)


async def _timed(previewer: Previewer, path: Path) -> tuple[Preview, float]:
    start = time.perf_counter()
    found = await previewer.look(path)
    return found, (time.perf_counter() - start) * 1e3


def plotext_ms(series: Series, columns: int, rows: int, repeats: int = 3) -> float:
    """The shortest build of textual-plotext's figure with every point as a scatter of braille."""
    from textual_plotext.plot import Plot

    x, y = series.x.tolist(), series.y.tolist()
    times = []
    for _ in range(repeats):
        plot = Plot()
        plot.plotsize(columns, rows)
        start = time.perf_counter()
        plot.scatter(x, y, marker="braille")
        plot.build()
        times.append((time.perf_counter() - start) * 1e3)
    return min(times)


def with_lightkurve(rows: list[Opened], files: dict[str, Path], python: Path, repeats: int) -> list[Opened]:
    """The rows with lightkurve's times, as the interpreter `python` that has it measures them by itself."""
    script = Path(__file__).with_name("lightkurve_read.py")
    asked = [str(python), str(script), str(repeats), *map(str, files.values())]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise SystemExit(f"{python} could not run lightkurve: {done.stderr.strip().splitlines()[-1:]}")
    times = json.loads(done.stdout.splitlines()[-1])
    return [
        replace(row, lightkurve_ms=read[1]) if (read := times[str(files[row.kind])]) is not None else row
        for row in rows
    ]


def opened_now(files: dict[str, Path], size: tuple[int, int], repeats: int) -> tuple[float, list[Opened]]:
    """The cold opening of the light curve, and the openings of all files by a worker that is there."""

    async def both() -> tuple[float, list[Opened]]:
        return await cold_ms(files["lightcurve"]), await opened(files, size, repeats)

    return asyncio.run(both())
