"""A screen that nobody touches sends nothing: no clock, no blinking, no animation, on every screen.

IDLE_SECONDS=60 watches a whole minute on each.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator

import pytest

from tests.journeys.conftest import World, a_world
from tests.journeys.ptyharness import Terminal

IDLE_S = float(os.environ.get("IDLE_SECONDS", "1.5"))
#: What a second of a waiting search may cost: its elapsed time is told.
WAITING_BYTES = 30

#: The screens that somebody goes through: the terminal, and words that stand on the screen when it is there.
Journey = Iterator[tuple[Terminal, *tuple[str, ...]]]

pytestmark = pytest.mark.timeout(120 + 12 * IDLE_S)


def idle_together(*journeys: Journey) -> None:
    """Let every journey go to its next screen; there all of them are watched at once, until the last has ended.

    Each journey gives its terminal and the words that tell that a screen has come.
    """
    going = list(journeys)
    while going:
        came = [(journey, step) for journey in going if (step := next(journey, None)) is not None]
        going = [journey for journey, _ in came]
        apps = [app for _, (app, *_) in came]
        for _, (app, *words) in came:
            app.wait_for(*words)
        quiet_since, end = time.monotonic(), time.monotonic() + 10
        while time.monotonic() < min(end, quiet_since + 1.0):
            if sum(app.pump(0.02) for app in apps):
                quiet_since = time.monotonic()
        before = [(app, app.sent, app.screen) for app in apps]
        end = time.monotonic() + IDLE_S
        while time.monotonic() < end:
            for app in apps:
                app.pump(0.05)
        for app, sent, screen in before:
            assert app.sent == sent, f"{bytes(app.raw[sent:])!r} on\n{screen}"


def lists(app: Terminal) -> Journey:
    yield app, "❯", "Radius"
    app.send("M101")
    yield app, "a name, to be resolved"
    app.press("enter")
    yield app, " of ", "M101 (SIMBAD)"
    app.press("/", "h")
    yield app, "match"
    app.press("esc", "F")
    yield app, "Counts of which column?"


def boxes(app: Terminal) -> Journey:
    app.wait_for("❯", "Radius")
    app.send("M101\r")
    app.wait_for(" of ", "M101 (SIMBAD)")
    app.press("?")
    yield app, "esc"
    app.press("esc", ":")
    yield app, "what to do"
    app.press("esc", "L")
    yield app, "Not logged in"
    app.press("esc", "D")
    yield app, "The queue is empty"
    app.press("S")
    yield app, "Nothing has been fetched"


def looks(app: Terminal) -> Journey:
    app.wait_for("❯", "Radius")
    app.send("TIC 261136679\r")
    app.wait_for(" of ", "TESS")
    app.press("enter")
    yield app, "calibrated science"
    app.press("enter")
    yield app, " points"
    app.press("h")
    yield app, "TELESCOP"
    app.press("esc", "esc")
    app.wait_for("calibrated science")
    app.press("down", "enter")
    yield app, "enter looks at the data"
    app.press("enter")
    yield app, "aperture"


def files(app: Terminal) -> Journey:
    app.wait_for("❯", "Radius")
    app.send("TIC 261136679\r")
    app.wait_for(" of ", "TESS")
    app.press("enter")
    app.wait_for("calibrated science")
    app.press("t")
    yield app, "Take these files?"
    app.press("enter")
    app.wait_for("queued into")
    app.press("D")
    app.wait_for("3 verified", limit_s=60)
    yield app, "3 verified"


def test_no_screen_sends_anything_by_itself(demo_url: str) -> None:
    """Four people, each with a home of their own: they wait at the same time, which takes a quarter of the time."""
    with contextlib.ExitStack() as stack:

        def person() -> Terminal:
            return stack.enter_context(a_world()).app("--archive", demo_url)

        idle_together(lists(person()), boxes(person()), looks(person()), files(person()))


def test_a_search_that_waits_tells_its_time_alone(world: World, serve: Callable[..., str]) -> None:
    app = world.app("--archive", serve("silent"))
    app.wait_for("❯")
    app.send("10.5 -20.25\r")
    app.wait_for("⋯")
    app.watch(2.0)
    assert app.watch(IDLE_S) < WAITING_BYTES * (IDLE_S + 1)
