"""Every screen as a picture: empty, full and in error, at 80x24 and 120x40, in colour and without.

One walk through the app a size and colour; the archive is the embedded one.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from textual.pilot import Pilot

from mast_tui.core.settings import load
from mast_tui.tui.app import MastApp
from mast_tui.tui.screens.leave import LeaveScreen
from mast_tui.tui.screens.listing import ListingScreen
from tests.tui.snapshot import compare, screen_text

PATIENCE_S = 40.0
SIZES = {"80x24": (80, 24), "120x40": (120, 40)}


class Disk(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder whose name has the same length everywhere."""
    folder = Path("/tmp") / f"mtp-{uuid.uuid4().hex[:8]}"
    folder.mkdir(mode=0o700)
    yield folder
    shutil.rmtree(folder)


@contextlib.contextmanager
def faults(url: str, *names: str) -> Iterator[None]:
    """The embedded archive goes wrong in these ways for a while."""

    def switch(wanted: tuple[str, ...]) -> None:
        body = json.dumps({"faults": wanted}).encode()
        request = urllib.request.Request(f"{url}/demo/faults", body, {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=10).close()

    switch(names)
    try:
        yield
    finally:
        switch(())


class Walk:
    """A person at the keyboard, who waits for words and takes pictures."""

    def __init__(self, pilot: Pilot[None], app: MastApp, request: pytest.FixtureRequest, suffix: str) -> None:
        self.pilot, self.app, self.request, self.suffix = pilot, app, request, suffix

    async def until(self, words: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while words not in screen_text(self.app):
            assert time.monotonic() < end, f"“{words}” never came:\n{screen_text(self.app)}"
            await self.pilot.pause(0.02)
        await self.pilot.pause()

    async def until_gone(self, words: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while words in screen_text(self.app):
            assert time.monotonic() < end, f"“{words}” stayed:\n{screen_text(self.app)}"
            await self.pilot.pause(0.02)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def write(self, words: str) -> None:
        await self.press(*("space" if c == " " else c for c in words))

    async def picture(self, name: str) -> None:
        # what stands beside a list follows when the keys rest
        rest_s = self.app.manners.rest_s if isinstance(self.app.screen, ListingScreen) else 0.0
        await self.pilot.pause(0.05 + rest_s)
        await compare(self.request, f"{name}-{self.suffix}", self.app)


@pytest.mark.parametrize("colour", ["colour", "no-color"])
@pytest.mark.parametrize("size", list(SIZES))
async def test_the_screens_look_as_recorded(
    size: str,
    colour: str,
    demo_url: str,
    short_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    if colour == "no-color":
        monkeypatch.setenv("NO_COLOR", "1")
    # the pictures must not depend on this machine's disk and packages
    monkeypatch.setattr("mast_tui.controller.plan.shutil.disk_usage", lambda _: Disk(10**12, 0, 85_000_000_000))
    monkeypatch.setattr("mast_tui.controller.controller.versions", lambda: {"mast-tui": "0", "astroquery": "0.4.11"})
    for place in ("DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{place}_HOME", str(short_folder / place.lower()))
    folder = short_folder / "mast"
    settings = load(overrides={"archive": demo_url, "download_folder": str(folder), "page_size": 100})
    app = MastApp(settings)
    async with app.run_test(size=SIZES[size]) as pilot:
        walk = Walk(pilot, app, request, f"{size}-{colour}")
        await pilot.pause(0.3)
        await walk.picture("search-empty")
        await walk.press("question_mark")
        await walk.press("f1")
        await walk.picture("help")
        await walk.press("escape")
        await walk.press("ctrl+p")
        await walk.picture("palette")
        await walk.press("escape", "escape")

        await walk.press("enter")
        await walk.until("Nothing to search for")
        await walk.picture("search-error")
        await walk.write("xyzzy plugh")
        await walk.press("enter")
        await walk.until("Nobody knows")
        await walk.picture("search-unknown")
        await walk.press("escape")

        await walk.write("M8")
        await walk.press("enter")
        await walk.until("disagree")
        await walk.picture("resolve")
        await walk.press("escape", "escape")

        await walk.write("TIC 261136679")
        await walk.press("enter")
        await walk.until(" of ")
        await walk.picture("results")
        await walk.press("slash")
        await walk.write("no such words")
        await walk.press("enter")
        await walk.picture("results-empty")
        await walk.press("escape", "s")
        await walk.picture("sort")
        await walk.press("escape", "c")
        await walk.picture("columns")
        await walk.press("enter", "x")
        await walk.picture("code")
        await walk.press("escape", "enter")
        await walk.until("calibrated science")
        await walk.picture("files")
        await walk.press("slash")
        await walk.write("_lc.fits")
        await walk.press("enter", "enter")
        await walk.until(" points")
        await walk.picture("light-curve")
        await walk.press("h")
        await walk.picture("header")
        await walk.press("escape", "escape")
        await walk.until("calibrated science")
        await walk.press("f3")
        await walk.picture("downloads-empty")
        await walk.press("escape", "f4")
        await walk.picture("sessions-empty")
        await walk.press("escape", "f5")
        await walk.picture("login")
        await walk.press("escape")

        await walk.until("calibrated science")
        await walk.press("escape", "t")
        await walk.until("are free")
        await walk.picture("take")
        await walk.press("enter")
        await walk.until("queued into")
        await walk.press("f3")
        await walk.until("3 verified")
        await walk.until_gone("↓3")
        await walk.picture("downloads")
        await walk.press("f4")
        await walk.until("3 verified")
        await walk.picture("sessions")
        await walk.press("enter")
        await walk.picture("session-detail")
        app.push_screen(LeaveScreen(3))
        await walk.picture("leave")
        await walk.press("escape", "n")

        await walk.press("escape")
        await walk.write("proposal 1979")
        await walk.press("enter")
        await walk.until(" of ")
        await walk.press("enter")
        await walk.until("Exclusive access until")
        await walk.picture("exclusive")
        await walk.press("n", "escape")
        await walk.write("M101")
        await walk.press("enter")
        await walk.until("104 of 104")
        await walk.press("space", "down", "space")
        await walk.picture("results-marked")

        # when things go wrong
        await walk.press("n", "escape", "f5")
        await walk.write("not a token")
        await walk.press("enter")
        await walk.until("does not accept")
        await walk.picture("login-refused")
        await walk.press("escape", "escape")
        await walk.write("mast:NO/such.fits")
        await walk.press("enter")
        await walk.until("has no such file")
        await walk.picture("look-error")
        await walk.press("escape", "escape")
        await walk.write("proposal 1979")
        await walk.press("enter")
        await walk.until(" of ")
        with faults(demo_url, "error"):
            await walk.press("enter")
            await walk.until("reports an error")
            await walk.picture("files-error")
        await walk.press("escape", "enter")
        await walk.until("Exclusive access until")
        await walk.press("t", "enter")
        await walk.until("queued into")
        await walk.press("f3")
        await walk.until("8 need")
        await walk.until_gone("↓")
        await walk.picture("downloads-not-allowed")
        (changed,) = folder.rglob("*_lc.fits")
        changed.write_bytes(changed.read_bytes()[:-1] + b"x")
        await walk.press("f4", "down", "v")
        await walk.until("changed")
        await walk.picture("sessions-changed")
        await walk.press("escape", "n", "escape")
        with faults(demo_url, "page2-always"):
            await walk.write("M101")
            await walk.press("enter")
            await walk.until("could not be had")
            await walk.picture("results-error")
        await walk.press("a")
        await walk.until("104 of 104")
        await app.left()


async def test_an_archive_that_cannot_be_reached_is_told(request: pytest.FixtureRequest) -> None:
    app = MastApp(load(overrides={"archive": "http://127.0.0.1:9", "deadline_s": 5}), "184.3 54.5")
    async with app.run_test(size=(80, 24)) as pilot:
        walk = Walk(pilot, app, request, "80x24-colour")
        await walk.until("waiting")
        assert "esc" in screen_text(app)
        await app.left()
