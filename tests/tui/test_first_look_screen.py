"""Before any byte of the data is moved: the archive's picture, one key from the list, and one key further the data."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.request import urlopen

import pytest
from textual.screen import Screen

from mast_tui.core.settings import load
from mast_tui.tui.app import MastApp
from mast_tui.tui.screens.first_look import FirstLookScreen
from mast_tui.tui.screens.look_image import ImageScreen
from mast_tui.tui.screens.preview import PreviewScreen
from mast_tui.tui.screens.products import ProductsScreen
from mast_tui.tui.screens.results import ResultsScreen
from mast_tui.tui.widgets.picture_view import PictureView
from tests.tui.test_preview_screen import Person
from tests.tui.test_snapshots import faults

WEBB_IMAGE_OF_M101 = "jw99002-o001_t001_nircam_clear-f115w"


def stats(url: str) -> Any:
    with urlopen(f"{url}/demo/stats", timeout=10) as answer:
        return json.load(answer)


def sent(url: str) -> int:
    """How many bytes of files the archive has sent, in the answers that have ended."""
    return int(stats(url)["bytes_sent"].get("download", 0))


@asynccontextmanager
async def searched(url: str, words: str, size: tuple[int, int] = (80, 24), **settings: str) -> AsyncIterator[Person]:
    """A person in front of the observations that were found."""
    app = MastApp(load(overrides={"archive": url, **settings}))
    async with app.run_test(size=size) as pilot:
        person = Person(pilot, app)
        await pilot.pause(0.1)
        await person.write(words)
        await person.press("enter")
        await person.until(" of ")
        yield person
        await app.left()


def on(person: Person, kind: type[Screen[Any]]) -> bool:
    return isinstance(person.app.screen, kind)


async def narrowed(person: Person, words: str) -> None:
    await person.press("slash")
    await person.write(words)
    await person.press("enter")
    await person.until("match")


async def test_from_an_observation_to_its_picture_its_files_and_the_data(demo_url: str) -> None:
    async with searched(demo_url, "M101") as person:
        await narrowed(person, WEBB_IMAGE_OF_M101)
        before = sent(demo_url)
        await person.press("v")
        screen = await person.until("moved 40 kB of 40 kB; enter lists its files")
        assert "simulated data" in screen and "the archive's picture of this observation" in screen
        assert "JPEG 256 × 256" in screen
        assert sent(demo_url) - before == 40_000
        await person.press("v")
        await person.until("calibrated science: 11 files")

        await person.press("v")
        screen = await person.until("; enter looks at the data itself")
        assert "the archive's preview of this file of 10.1 MB" in screen
        assert sent(demo_url) - before == 40_000  # it was kept
        await person.press("enter")
        screen = await person.until("MJy/sr")
        assert on(person, ImageScreen) and "MB of 10.1 MB" in screen
        assert sent(demo_url) - before < 2_000_000
        await person.press("escape")
        assert on(person, ProductsScreen)


async def test_a_picture_that_may_not_be_had_is_told_and_the_way_goes_on(demo_url: str) -> None:
    async with searched(demo_url, "proposal 1979") as person:
        await person.press("v")
        screen = await person.until("did not come")
        assert "exclusive" in screen and "enter lists its files" in screen
        assert not person.app.screen.query(PictureView)
        await person.press("v")
        await person.until("Exclusive access until")


async def test_an_observation_without_a_picture_says_so(demo_url: str) -> None:
    async with searched(demo_url, "TIC 261136679") as person:
        await person.press("v")
        await person.until("serves no picture of this observation")
        assert on(person, ResultsScreen)


async def test_on_a_slow_line_esc_leaves_the_picture_and_enter_does_not_wait_for_it(demo_url: str) -> None:
    async with searched(demo_url, "M101") as person:
        await narrowed(person, WEBB_IMAGE_OF_M101)
        with faults(demo_url, "rate=4000"):  # ten seconds for the picture
            await person.press("v")
            await person.until("esc stops")
            await person.until("moved")
            began = time.monotonic()
            await person.press("escape")
            assert on(person, ResultsScreen) and time.monotonic() - began < 1
            await person.press("v")
            await person.until("getting")
            await person.press("v")
            await person.until("calibrated science: 11 files")


async def test_esc_ends_the_look_at_the_data_and_what_came_is_told_meanwhile(demo_url: str) -> None:
    async with searched(demo_url, "M101") as person:
        await narrowed(person, WEBB_IMAGE_OF_M101)
        await person.press("enter")
        await person.until("calibrated science: 11 files")
        with faults(demo_url, "rate=50000"):
            await person.press("v")
            await person.until("getting")
            await person.press("v")
            assert on(person, PreviewScreen)
            await person.until("of 10.1 MB")
            began = time.monotonic()
            await person.press("escape")
            assert on(person, ProductsScreen) and time.monotonic() - began < 1
            while stats(demo_url)["now_at_once"].get("download"):
                assert time.monotonic() - began < 5, "at this rate the file takes minutes"
                await person.pilot.pause(0.02)
        before = sent(demo_url)
        await person.pilot.pause(0.5)
        assert sent(demo_url) == before


@pytest.mark.parametrize("plot", ["braille", "ascii"])
async def test_the_picture_fits_a_small_terminal_without_colours(
    demo_url: str, plot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with searched(demo_url, "M101", (40, 12), plot=plot) as person:
        await narrowed(person, WEBB_IMAGE_OF_M101)
        await person.press("v")
        screen = await person.until("; enter lists its files")
        assert on(person, FirstLookScreen)
        assert "simulated data" in screen and "::" in screen
        await person.press("enter")
        assert on(person, ProductsScreen)
