"""A screen that nobody touches sends nothing: no clock, no blinking, no animation, on every screen.

IDLE_SECONDS=60 watches a whole minute on each.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from tests.journeys.conftest import World
from tests.journeys.ptyharness import Terminal

IDLE_S = float(os.environ.get("IDLE_SECONDS", "1.5"))
#: What a second of a waiting search may cost: its elapsed time is told.
WAITING_BYTES = 30

pytestmark = pytest.mark.timeout(120 + 12 * IDLE_S)


def idle(app: Terminal, *words: str) -> None:
    app.wait_for(*words)
    app.rest(1.0)
    before = app.screen
    n_bytes = app.watch(IDLE_S)
    assert n_bytes == 0, f"{bytes(app.raw[-n_bytes:])!r} on\n{before}"


def test_lists_and_boxes(world: World, demo_url: str) -> None:
    app = world.app("--archive", demo_url)
    idle(app, "❯", "Radius")
    app.send("M101")
    idle(app, "a name, to be resolved")
    app.press("enter")
    idle(app, " of ", "M101 (SIMBAD)")
    app.press("/", "h")
    idle(app, "match")
    app.press("esc", "F")
    idle(app, "Counts of which column?")
    app.press("esc", "?")
    idle(app, "esc")
    app.press("esc", ":")
    idle(app, "what to do")
    app.press("esc", "L")
    idle(app, "Not logged in")
    app.press("esc", "D")
    idle(app, "The queue is empty")
    app.press("S")
    idle(app, "Nothing has been fetched")


def test_files_and_looks(world: World, demo_url: str) -> None:
    app = world.app("--archive", demo_url)
    app.wait_for("❯", "Radius")
    app.send("TIC 261136679\r")
    app.wait_for(" of ", "TESS")
    app.press("enter")
    idle(app, "calibrated science")
    app.press("enter")
    idle(app, " points")
    app.press("h")
    idle(app, "TELESCOP")
    app.press("esc", "esc")
    app.wait_for("calibrated science")
    app.press("down", "enter")
    idle(app, "enter looks at the data")
    app.press("enter")
    idle(app, "aperture")
    app.press("esc")
    app.wait_for("calibrated science")
    app.press("t")
    idle(app, "Take these files?")
    app.press("enter")
    app.wait_for("queued into")
    app.press("D")
    app.wait_for("3 verified", limit_s=60)
    idle(app, "3 verified")


def test_a_search_that_waits_tells_its_time_alone(world: World, serve: Callable[..., str]) -> None:
    app = world.app("--archive", serve("silent"))
    app.wait_for("❯")
    app.send("10.5 -20.25\r")
    app.wait_for("⋯")
    app.watch(2.0)
    assert app.watch(IDLE_S) < WAITING_BYTES * (IDLE_S + 1)
