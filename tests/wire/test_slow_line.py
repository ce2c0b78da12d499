"""The app on a line that the wire finds out to be slow, or fast, by itself: what a person sees then."""

from __future__ import annotations

import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.journeys.ptyharness import KEYS
from tests.wire.thin_line import ThinLine

APP = [sys.executable, "-m", "mast_tui.cli", "--demo"]


def opened(home: Path, bytes_per_s: float, round_trip_s: float) -> ThinLine:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "MAST_", "TEXTUAL", "TMUX", "STY"))}
    return ThinLine(APP, bytes_per_s=bytes_per_s, round_trip_s=round_trip_s, env={**kept, "HOME": str(home)})


def to_results(line: ThinLine) -> None:
    line.wait_for("Demo: try", limit_s=60)
    line.send("pi Men\r")
    line.wait_for("Mission", "enter files", limit_s=60)
    for _ in range(2):  # to the downloads and back: by then the wire has sent some whole screens
        line.send(KEYS["f3"])
        line.wait_for("The queue is empty", limit_s=60)
        line.press("esc")
        line.wait_for("Mission", "enter files", limit_s=60)
    line.rest(1.5, limit_s=60)


def reversed_rows(line: ThinLine) -> int:
    """Rows of the list that are drawn in reverse: the cursor, where it is no sign."""
    return sum(row[10].reverse for row in line.cells[3:-2])


def braille(line: ThinLine) -> int:
    return len(re.findall("[\u2801-\u28ff]", line.screen))


def a_slow_line(rate: float, round_trip_s: float, home: Path) -> None:
    """The cursor is a sign, and a curve comes as a draft first."""
    with opened(home, rate, round_trip_s) as line:
        to_results(line)
        assert reversed_rows(line) == 0
        assert sum(text.startswith("▸") for text in line.lines) == 1
        line.send("\x1b[19~")  # F8
        words = line.wait_for("the app sends fewer bytes at once")
        told = re.search(r"round trip (\d+) ms, about ([\d.]+) (k?)B/s", " ".join(words.split()))
        assert told is not None
        # how well it is measured is tested with clocks of their own; here a busy machine makes the line uneven
        assert rate / 1.5 < float(told[2]) * (1000 if told[3] else 1) < 1.5 * rate
        line.send(KEYS["enter"])
        line.wait_for("enter look", limit_s=60)
        line.send("v")
        line.wait_until(lambda screen: screen.count("*") > 250, "the draft of the curve", 60)
        assert braille(line) == 0
        line.wait_until(lambda screen: braille(line) > 300 and "*" not in screen, "the fine curve", 60)
        line.rest(1.0, limit_s=60)
        assert line.watch(5.0) == 0, "then the line is silent"


def test_on_a_slow_line_the_cursor_is_a_sign_and_a_curve_comes_as_a_draft_first(tmp_path: Path) -> None:
    """On two lines, at the same time: what takes long is their slowness."""
    homes = [tmp_path / "modem", tmp_path / "far"]
    for home in homes:
        home.mkdir()
    with ThreadPoolExecutor() as pool:
        for seen in [pool.submit(a_slow_line, 960.0, 0.1, homes[0]), pool.submit(a_slow_line, 7000.0, 0.2, homes[1])]:
            seen.result()


def test_on_a_fast_line_nothing_of_it_is_seen(tmp_path: Path) -> None:
    with opened(tmp_path, 1e6, 0.02) as line:
        to_results(line)
        assert reversed_rows(line) == 1
        assert not any(text.startswith("▸") for text in line.lines)
        line.send("\x1b[19~")  # F8
        line.wait_for("the app sends everything at once")
