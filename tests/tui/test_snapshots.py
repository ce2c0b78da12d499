"""Every screen as a picture: empty, full and in error, at 80x24 and 120x40, in colour and without.

One walk through the app a size and colour; the archive is the embedded one.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from textual.pilot import Pilot

from mast_tui.core.settings import load
from mast_tui.tui.app import MastApp
from tests.tui.snapshot import compare, screen_text

PATIENCE_S = 40.0
SIZES = {"80x24": (80, 24), "120x40": (120, 40)}


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

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def write(self, words: str) -> None:
        await self.press(*("space" if c == " " else c for c in words))

    async def picture(self, name: str) -> None:
        await self.pilot.pause(0.05)
        compare(self.request, f"{name}-{self.suffix}", self.app)


@pytest.mark.parametrize("colour", ["colour", "no-color"])
@pytest.mark.parametrize("size", list(SIZES))
async def test_the_screens_look_as_recorded(
    size: str,
    colour: str,
    demo_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    if colour == "no-color":
        monkeypatch.setenv("NO_COLOR", "1")
    folder = tmp_path / "mast"
    settings = load(overrides={"archive": demo_url, "download_folder": str(folder)})
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
        await app.left()


async def test_an_archive_that_cannot_be_reached_is_told(request: pytest.FixtureRequest) -> None:
    app = MastApp(load(overrides={"archive": "http://127.0.0.1:9", "deadline_s": 5}), "184.3 54.5")
    async with app.run_test(size=(80, 24)) as pilot:
        walk = Walk(pilot, app, request, "80x24-colour")
        await walk.until("waiting")
        assert "esc" in screen_text(app)
        await app.left()
