"""What a person on a slow link sees: signs instead of bars of colour, progress in whole percent and seldom, and, where
the wire finds out that the link is fast after all, what everybody else sees."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mast_tui.tui.screens.downloads import DownloadsScreen
from mast_tui.tui.wire.pacing import Link
from tests.tui.rooms_double import DoubleController, RoomApp, a_transfer, opened, settled

FILES = (
    a_transfer("curve.fits", "running", got=1_234_567, total=2_000_000, rate=850e3),
    a_transfer("image.fits", "running", got=10_000, total=None, rate=9e3),
    a_transfer("here.fits", "done", got=5_000, total=5_000, verdict="verified"),
)
MODEM, FIBRE = (960.0, 955.0), (5e6, 6e6)


def measured(monkeypatch: pytest.MonkeyPatch, app: RoomApp, rates: tuple[float, ...]) -> None:
    """The wire has measured these rates, one after the other."""
    for rate in rates:
        monkeypatch.setattr(RoomApp, "link", Link(True, 0.1, rate))
        app._watch_link()


def reversed_cells(app: RoomApp, words: str) -> int:
    """How many cells of the line with `words` are drawn in reverse."""
    strip = next(strip for strip in app.screen._compositor.render_strips() if words in strip.text)
    return sum(len(segment.text) for segment in strip if segment.style is not None and segment.style.reverse)


async def test_a_slow_link_gets_signs_and_whole_percent_and_a_fast_one_all_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with opened(DownloadsScreen, DoubleController(FILES)) as (app, pilot):
        fast = app.words
        assert "1.23 / 2 MB" in fast and "850 kB/s" in fast and reversed_cells(app, "curve.fits") == 80
        measured(monkeypatch, app, MODEM)
        await settled(pilot)
        line = next(line for line in app.lines if "curve.fits" in line)
        assert "61 % of 2 MB" in line and "running" in line and "kB/s" not in app.lines[2]
        assert "▸" in line and reversed_cells(app, "curve.fits") == 0
        assert "10 kB / ?" in app.words and "verified" in app.words
        measured(monkeypatch, app, FIBRE)
        await settled(pilot)
        assert app.words == fast and reversed_cells(app, "curve.fits") == 80


async def test_a_few_bytes_more_of_a_file_change_nothing_on_a_slow_link(monkeypatch: pytest.MonkeyPatch) -> None:
    controller = DoubleController([replace(FILES[0])])
    async with opened(DownloadsScreen, controller) as (app, pilot):
        measured(monkeypatch, app, MODEM)
        await settled(pilot)
        before = app.words
        controller.double.set("mast:HST/product/curve.fits", got=1_237_000, rate=912e3)
        app.screen.look_again()  # type: ignore[attr-defined] # the downloads are what is open
        await settled(pilot)
        assert app.words == before
        controller.double.set("mast:HST/product/curve.fits", got=1_250_000)
        app.screen.look_again()  # type: ignore[attr-defined]
        await settled(pilot)
        assert "62 % of 2 MB" in app.words


async def test_the_link_is_told_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(DownloadsScreen, DoubleController(FILES), size=(120, 40)) as (app, pilot):
        await pilot.press("f8")
        assert "not measured" in app.words
        measured(monkeypatch, app, MODEM)
        await pilot.press("f8")
        await settled(pilot)
        assert "round trip 100 ms, about 955 B/s; the app sends fewer bytes at once" in app.words
