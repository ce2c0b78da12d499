"""The table of results beside Textual's DataTable: load, keys, sort, filter, bytes and memory, side by side in one run.

    python tests/benchmarks/bench_table.py [--rows N] [--datatable-rows N] [--json FILE]

Each case is a process of its own in a pseudo-terminal of 120×40, as a terminal would drive it. Latency is from the
key written to the last byte of the answer. Rows are simulated: 20 columns of observations in MAST's proportions.
DataTable gets the same texts; it takes some 0.2 ms a row to load, so it may get fewer rows.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import resource
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

COLUMNS, LINES = 120, 40
PAGE_ROWS = 1000
QUIET_S = 0.08
KEYS = {"down": b"\x1b[B", "page": b"\x1b[6~", "end": b"\x1b[F", "home": b"\x1b[H"}
FIELDS = [
    {"name": name, "type": kind}
    for kind, names in {
        "string": "obs_collection instrument_name filters target_name dataproduct_type dataRights obs_id "
        "provenance_name proposal_id proposal_pi obs_title",
        "float": "t_min t_max t_exptime t_obs_release s_ra s_dec distance",
        "int": "calib_level sequence_number",
    }.items()
    for name in names.split(" ")
]


def simulated_rows(start: int, n: int) -> list[dict[str, Any]]:
    """`n` observations, the same for the same `start`."""
    rng = np.random.default_rng(start)
    ra, dec, t = rng.uniform(0, 360, n), rng.uniform(-90, 90, n), rng.uniform(50000, 60000, n)
    tic, sector, proposal = rng.integers(10**7, 10**9, n), rng.integers(1, 90, n), rng.integers(5000, 17000, n)
    rows = []
    for i, kind in enumerate(rng.integers(0, 10, n).tolist()):
        tess = kind < 7
        row: dict[str, Any] = {
            "obs_collection": ("TESS" if kind < 4 else "HLSP") if tess else ("HST" if kind < 9 else "JWST"),
            "instrument_name": "Photometer" if tess else "WFC3/UVIS",
            "filters": "TESS" if tess else "F606W;F814W",
            "target_name": str(tic[i]) if tess else f"NGC-{proposal[i] % 7000}",
            "dataproduct_type": "timeseries" if tess else "image",
            "dataRights": "PUBLIC",
            "obs_id": f"tess2018206045859-s{sector[i]:04d}-{tic[i]:016d}-0120-s"
            if tess
            else f"jw{proposal[i]:05d}-o{i}",
            "provenance_name": "SPOC" if tess else "CALWF3",
            "proposal_id": None if tess else str(proposal[i]),
            "proposal_pi": "Ricker" if tess else f"Name{proposal[i] % 3000}",
            "obs_title": None if tess else f"The star formation history of nearby galaxies, part {proposal[i]}",
            "calib_level": 3 if kind < 4 else 2,
            "sequence_number": int(sector[i]) if tess else None,
        }
        times = (t[i], t[i] + 1, 120.0, t[i] + 365, ra[i], dec[i], 0.0)
        names = ("t_min", "t_max", "t_exptime", "t_obs_release", "s_ra", "s_dec", "distance")
        rows.append(row | dict(zip(names, map(float, times), strict=True)))
    return rows


def write_pages(path: Path, rows: int) -> None:
    """Packed pages, as a worker would send them, one frame after the other."""
    from mast_tui.core import wire
    from mast_tui.core.table import pack_rows

    with path.open("wb") as f:
        for start in range(0, rows, PAGE_ROWS):
            f.write(wire.encode(pack_rows(FIELDS, simulated_rows(start, min(PAGE_ROWS, rows - start)))))


def read_pages(path: Path) -> Iterator[dict[str, Any]]:
    from mast_tui.core import wire

    with path.open("rb") as f:
        while head := f.read(wire.HEAD_SIZE):
            text, body = wire.frame_sizes(head)
            yield wire.decode(f.read(text), f.read(body))


def rss_mb() -> float:
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


# --- the child: an app with one table ---------------------------------------------------------------------------


def child(case: str, pages_file: Path, notes_file: Path) -> None:
    from textual.app import App, ComposeResult
    from textual.binding import BindingType
    from textual.widgets import DataTable

    from mast_tui.core.table import ColumnTable
    from mast_tui.tui.widgets.column_table import ColumnTableView

    notes: dict[str, float] = {}

    def note(**values: float) -> None:
        notes.update(values)
        notes_file.with_suffix(".new").write_text(json.dumps(notes))
        notes_file.with_suffix(".new").replace(notes_file)

    pages = read_pages(pages_file)
    table = ColumnTable()
    ours = case != "DataTable"
    data: list[tuple[str, ...]] = []
    held = list(pages) if case == "arriving" else []
    if not ours:
        for page in pages:
            table.append(page)
        data = [tuple(table.text(row, name) for name in table.names) for row in range(len(table))]
        names, table = table.names, ColumnTable()

    class BenchApp(App[None]):
        BINDINGS: ClassVar[list[BindingType]] = [
            ("L", "load"),
            ("S", "sort"),
            ("R", "rare"),
            ("C", "common"),
            ("A", "arrive"),
            ("Q", "quit"),
        ]
        ENABLE_COMMAND_PALETTE = False

        def compose(self) -> ComposeResult:
            if ours:
                yield ColumnTableView(table, cursor="marker" if case == "marker" else "row", id="table")
            else:
                yield DataTable(cursor_type="row", show_row_labels=False, id="table")

        def on_mount(self) -> None:
            self.animation_level = "none"
            self.query_one("#table").focus()
            note(mounted=1, rss_empty=rss_mb())

        def action_load(self) -> None:
            if ours:
                for page in pages:
                    table.append(page)
                self.query_one(ColumnTableView).table_grew()
            else:
                shown: DataTable[str] = self.query_one(DataTable)
                shown.add_columns(*names)
                shown.add_rows(data)
            self.set_timer(0.1, lambda: self.set_timer(0.1, self._loaded))

        def _loaded(self) -> None:
            note(loaded=1, rss_loaded=rss_mb(), bytes_a_row=table.nbytes / max(1, len(table)))

        def action_sort(self) -> None:
            if ours:
                self.query_one(ColumnTableView).sort_by("s_ra")
            else:
                shown: DataTable[str] = self.query_one(DataTable)
                shown.sort(list(shown.columns)[names.index("s_ra")], key=float)

        def action_rare(self) -> None:
            self._filter("ngc-42", "rare")

        def action_common(self) -> None:
            self._filter("te", "common")

        def _filter(self, text: str, label: str) -> None:
            self.label, self.asked = label, time.perf_counter()
            if ours:
                self.query_one(ColumnTableView).set_filter(text)
                return
            hits = [row for row in data if any(text in cell.lower() for cell in row)]
            shown: DataTable[str] = self.query_one(DataTable)
            shown.clear()
            shown.add_rows(hits)
            self.set_timer(0.1, self._filtered)

        def _filtered(self) -> None:
            note(**{f"all_{self.label}": time.perf_counter() - self.asked})

        def on_column_table_view_view_changed(self, message: ColumnTableView.ViewChanged) -> None:
            if message.table_view.view.filter_text and message.table_view.view.complete:
                self._filtered()

        def action_arrive(self) -> None:
            self.arriving = self.set_interval(0.02, self._arrive)

        def _arrive(self) -> None:
            if held:
                table.append(held.pop(0))
                self.query_one(ColumnTableView).table_grew()
            else:
                self.arriving.stop()
                note(arrived=len(table))

    BenchApp().run()


# --- the parent: a terminal ---------------------------------------------------------------------------------------


class Terminal:
    """A program in a pseudo-terminal that answers what Textual asks of a terminal."""

    def __init__(self, arguments: list[str]) -> None:
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
            os.execv(sys.executable, [sys.executable, __file__, *arguments])
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        os.set_blocking(self.fd, False)

    def burst(self, quiet_s: float = QUIET_S, first_s: float = 2.0) -> tuple[int, float]:
        """Bytes that come until nothing came for `quiet_s`, and when the last of them came."""
        size, last = 0, time.perf_counter()
        deadline = last + first_s
        while (left := (last + quiet_s if size else deadline) - time.perf_counter()) > 0:
            if not select.select([self.fd], [], [], left)[0]:
                continue
            try:
                data = os.read(self.fd, 1 << 16)
            except OSError:
                break
            size, last = size + len(data), time.perf_counter()
            if b"\x1b[?2026$p" in data:
                os.write(self.fd, b"\x1b[?2026;2$y")
        return size, last

    def key(self, key: bytes, **options: float) -> tuple[int, float]:
        """Bytes sent for a key, and seconds until the last of them."""
        at = time.perf_counter()
        os.write(self.fd, key)
        size, last = self.burst(**options)
        return size, max(0.0, last - at)

    def close(self) -> None:
        os.write(self.fd, b"Q")
        self.burst(0.3, 1.0)
        os.close(self.fd)
        for _ in range(20):
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                return
            time.sleep(0.1)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def wait_note(notes: Path, name: str, terminal: Terminal, limit_s: float = 600) -> tuple[dict[str, float], float]:
    """The child's notes once `name` is among them, and when its last byte came until then."""
    until, last = time.perf_counter() + limit_s, time.perf_counter()
    while time.perf_counter() < until:
        size, at = terminal.burst(0.05, 0.05)
        last = at if size else last
        found: dict[str, float] = json.loads(notes.read_text()) if notes.exists() else {}
        if name in found:
            size, at = terminal.burst(0.3, 0.3)
            return found, at if size else last
    raise SystemExit(f"the child did not say {name!r} within {limit_s} s")


def middle(values: list[float]) -> float:
    return statistics.median(values)


def p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(0.95 * len(values)))]


def run_case(case: str, rows: int, pages: Path, folder: Path, presses: int) -> dict[str, Any]:
    notes = folder / f"{case}.json"
    terminal = Terminal(["--child", case, str(pages), str(notes)])
    result: dict[str, Any] = {"case": case, "rows": rows}
    wait_note(notes, "mounted", terminal)
    if case == "arriving":
        return result | run_arriving(terminal, notes)
    at = time.perf_counter()
    os.write(terminal.fd, b"L")
    found, last = wait_note(notes, "loaded", terminal)
    result["load_s"] = last - at
    result["rss_mb"], result["rss_over_empty_mb"] = found["rss_loaded"], found["rss_loaded"] - found["rss_empty"]
    if case != "DataTable":
        result["bytes_a_row"] = found["bytes_a_row"]
    for name, count in (("down", min(presses, LINES - 4)), ("page", presses), ("end", 1)):
        if name == "end":
            terminal.key(KEYS["home"])
        pressed = [terminal.key(KEYS[name]) for _ in range(count)]
        result[f"{name}_ms"] = 1e3 * middle([s for _, s in pressed])
        result[f"{name}_p95_ms"] = 1e3 * p95([s for _, s in pressed])
        result[f"{name}_bytes"] = middle([size for size, _ in pressed])
    terminal.key(KEYS["home"])
    result["sort_ms"] = 1e3 * terminal.key(b"S", quiet_s=0.3, first_s=60)[1]
    if case != "DataTable":  # back to the order in which they came, in which a search draws its first hits at once
        terminal.key(b"S", quiet_s=0.3)
        terminal.key(b"S", quiet_s=0.3)
    for key, label in ((b"R", "rare"), (b"C", "common")):
        result[f"filter_{label}_ms"] = 1e3 * terminal.key(key, quiet_s=0.3, first_s=60)[1]
        result[f"filter_{label}_all_ms"] = 1e3 * wait_note(notes, f"all_{label}", terminal)[0][f"all_{label}"]
    terminal.close()
    return result


def run_arriving(terminal: Terminal, notes: Path) -> dict[str, Any]:
    """Latency of the cursor key while pages of 1,000 rows are appended as fast as 50 a second."""
    os.write(terminal.fd, b"A")
    terminal.burst(0.1)
    times = []
    while "arrived" not in json.loads(notes.read_text()):
        size, seconds = terminal.key(KEYS["down"], quiet_s=0.015, first_s=0.5)
        if size:
            times.append(seconds)
        time.sleep(0.01)
    terminal.close()
    return {
        "keys": len(times),
        "down_ms": 1e3 * middle(times),
        "down_p95_ms": 1e3 * p95(times),
        "worst_ms": 1e3 * max(times),
    }


SHOWN = [
    ("rows", "rows", 0),
    ("load s", "load_s", 2),
    ("RSS MB", "rss_mb", 0),
    ("B/row", "bytes_a_row", 0),
    ("down ms", "down_ms", 1),
    ("p95", "down_p95_ms", 1),
    ("page ms", "page_ms", 1),
    ("p95", "page_p95_ms", 1),
    ("end ms", "end_ms", 1),
    ("B/down", "down_bytes", 0),
    ("B/page", "page_bytes", 0),
    ("sort ms", "sort_ms", 0),
    ("rare: screen ms", "filter_rare_ms", 0),
    ("all ms", "filter_rare_all_ms", 0),
    ("common: screen ms", "filter_common_ms", 0),
    ("all ms", "filter_common_all_ms", 0),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--datatable-rows", type=int, help="rows for Textual's DataTable (default: at most 20,000)")
    parser.add_argument("--presses", type=int, default=15, help="how often each key is pressed")
    parser.add_argument("--json", type=Path, help="write the results there too")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]), Path(options.child[2]))
        return
    few = options.datatable_rows if options.datatable_rows is not None else min(options.rows, 20_000)
    results = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = [("row", options.rows), ("marker", options.rows), ("arriving", min(options.rows, 100_000))]
        plan += [("row", few)] * (few != options.rows) + [("DataTable", few)] * (few > 0)
        for case, rows in plan:
            pages = folder / f"pages{rows}"
            if not pages.exists():
                write_pages(pages, rows)
            print(f"{case}, {rows:,} rows …", file=sys.stderr)
            (folder / f"{case}.json").unlink(missing_ok=True)
            results.append(run_case(case, rows, pages, folder, options.presses))
    print("| case | " + " | ".join(title for title, _, _ in SHOWN) + " |")
    print("|---" * (len(SHOWN) + 1) + "|")
    for result in results:
        cells = [f"{result[key]:,.{digits}f}" if key in result else "" for _, key, digits in SHOWN]
        print(f"| {result['case']} | " + " | ".join(cells) + " |")
    text = json.dumps({"size": [COLUMNS, LINES], "results": results})
    print(text)
    if options.json:
        options.json.write_text(text)


if __name__ == "__main__":
    main()
