"""Measuring the link without the app: what a terminal's answers tell, on lines of known rate and round trip."""

from __future__ import annotations

import os
import pty
import re
import sys
import threading
import time
from pathlib import Path

import pytest

from mast_tui.tui.wire.link import in_words, measure
from mast_tui.tui.wire.pacing import Link
from tests.wire.thin_line import ThinLine

_MEASURE = "from mast_tui.tui.wire.link import *; l = measure(0); print('found', l.round_trip_s, l.bytes_per_s, 'end')"


@pytest.mark.parametrize(("rate", "round_trip_s"), [(960.0, 0.1), (7000.0, 0.2)])
def test_a_thin_line_is_measured_as_what_it_is(rate: float, round_trip_s: float) -> None:
    with ThinLine([sys.executable, "-c", _MEASURE], bytes_per_s=rate, round_trip_s=round_trip_s) as line:
        words = line.wait_for("end", limit_s=60).split()
        assert words[0] == "found"  # what was sent to measure shows nothing
        # the question itself is on the line for 4 bytes' time
        assert round_trip_s <= float(words[1]) - 4 / rate < round_trip_s + 0.2
        assert rate / 1.5 < float(words[2]) < 1.5 * rate
        assert {cell.fg for row in line.cells for cell in row} == {"default"}


def test_a_terminal_that_does_not_answer_is_not_waited_for_and_gets_its_mode_back() -> None:
    import termios

    ours, theirs = pty.openpty()
    sink = threading.Thread(target=lambda: os.read(ours, 100), daemon=True)
    sink.start()
    before, began = termios.tcgetattr(theirs), time.monotonic()
    assert measure(theirs) == Link(False)
    assert time.monotonic() - began < 3
    assert termios.tcgetattr(theirs) == before
    os.close(ours)
    os.close(theirs)


def test_the_doctor_tells_of_the_link_it_runs_on(tmp_path: Path) -> None:
    doctor = [sys.executable, "-m", "mast_tui.cli", "doctor", "--demo"]
    env = {key: value for key, value in os.environ.items() if not key.startswith(("MAST_", "TMUX", "STY", "XDG_"))}
    with ThinLine(doctor, bytes_per_s=7000.0, round_trip_s=0.2, env={**env, "HOME": str(tmp_path)}) as line:
        line.wait_exit(60)
        line.rest(1.0)  # what is still on the line
        found = re.search(r"link +round trip (\d+) ms, about ([\d.]+) kB/s", line.screen)
        assert found is not None, line.screen
        assert 200 <= int(found[1]) < 400
        assert 7.0 / 1.5 < float(found[2]) < 1.5 * 7.0


def test_the_link_in_words() -> None:
    assert in_words(Link(True, 0.1034, 960.0), {}) == "round trip 103 ms, about 960 B/s"
    assert in_words(Link(True, 0.1), {}) == "round trip 100 ms, rate not measured yet"
    assert in_words(Link(True, 0.001, 3e7), {}) == "round trip 1 ms, over 1 MB/s"
    assert "as far as tmux" in in_words(Link(True, 0.001, 3e7), {"TMUX": "/tmp/tmux-0/default,1,0"})
    assert "does not answer" in in_words(Link(False), {})
    assert "Textual's own driver" in in_words(None, {})
