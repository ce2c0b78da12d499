"""Plots and images on a slow link: a draft of few bytes at once, fine from the top when the line is quiet."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np
import pytest
from rich.color import ColorSystem
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from mast_tui.tui.manners import Manners
from mast_tui.tui.widgets.image_view import ImageView
from mast_tui.tui.widgets.plot_view import PlotView
from tests.plot.made_series import image, series

_RNG = np.random.default_rng(3)
CROWDED = series(np.arange(20_000) / 720 + 1325, 1e6 + 50 * _RNG.normal(size=20_000))
FEW = series(np.arange(200) / 10 + 1325, 1e6 + 50 * _RNG.normal(size=200))
STARS = image(_RNG.normal(size=(60, 60)), limits=(-2.0, 2.0))


class Shown(App[None]):
    CSS: ClassVar[str] = "PlotView { height: 1fr; } ImageView { height: 12; }"

    def __init__(self, wish: str) -> None:
        super().__init__()
        self.now, self.busy = 100.0, False
        self.manners = Manners(wish, clock=lambda: self.now)
        self.manners.line_is_told_by(lambda: self.busy)
        self.manners.key_came()

    def compose(self) -> ComposeResult:
        yield PlotView()
        yield ImageView()

    def on_mount(self) -> None:
        self.console._color_system = ColorSystem.TRUECOLOR

    @property
    def lines(self) -> list[str]:
        return ["".join(segment.text for segment in strip) for strip in self.screen._compositor.render_strips()]

    @property
    def plot(self) -> list[str]:
        return self.lines[: self.query_one(PlotView).size.height]

    @property
    def picture(self) -> list[str]:
        return self.lines[self.query_one(PlotView).size.height :]


async def until(pilot: Pilot[None], true: Callable[[], bool], what: str) -> None:
    for _ in range(100):
        if true():
            return
        await pilot.pause(0.05)
    raise AssertionError(f"{what}: not within 5 s")


async def fine_pictures(size: tuple[int, int]) -> tuple[list[str], list[str]]:
    app = Shown("off")
    async with app.run_test(size=size) as pilot:
        app.query_one(PlotView).show(CROWDED)
        app.query_one(ImageView).show(STARS)
        await pilot.pause()
        assert not app.query_one(PlotView)._drafts._timer
        return app.plot, app.picture


@pytest.mark.parametrize("size", [(80, 34), (120, 40)])
async def test_a_slow_link_gets_signs_first_and_then_what_a_fast_one_gets_at_once(size: tuple[int, int]) -> None:
    plot, picture = await fine_pictures(size)
    assert any("⠀" < sign <= "⣿" for sign in "".join(plot)) and "▀" in "".join(picture)
    app = Shown("on")
    async with app.run_test(size=size) as pilot:
        app.query_one(PlotView).show(CROWDED)
        app.query_one(ImageView).show(STARS)
        await pilot.pause(0.8)
        drafts = "".join(app.plot[1:] + app.picture)
        assert drafts.isascii() and "*" in drafts, "while keys come, it stays a draft"
        app.now += 2
        await until(pilot, lambda: app.plot == plot, "the fine plot")
        await until(pilot, lambda: app.picture == picture, "the fine image")
        assert app.query_one(PlotView)._drafts._timer is None, "nothing ticks any more"


async def test_it_gets_fine_from_the_top_and_stops_while_the_line_is_busy() -> None:
    _, picture = await fine_pictures((80, 34))
    app = Shown("on")
    async with app.run_test(size=(80, 34)) as pilot:
        app.query_one(ImageView).show(STARS)
        app.now += 2
        await until(pilot, lambda: "▀" in app.picture[0], "the first fine line")
        app.busy = True
        await pilot.pause(0.2)
        half = app.picture
        n = sum(line in picture for line in half)
        assert half[:n] == picture[:n] and n < len(half)
        await pilot.pause(0.5)
        assert app.picture == half
        app.busy = False
        await until(pilot, lambda: app.picture == picture, "the fine image")


async def test_what_is_fine_stays_so_when_the_crosshair_moves_and_another_stretch_is_a_draft_again() -> None:
    app = Shown("on")
    async with app.run_test(size=(80, 34)) as pilot:
        view = app.query_one(ImageView)
        view.show(STARS)
        app.now += 2
        await until(pilot, lambda: "▀" in app.picture[-2], "the fine image")
        view.move(1, 1)
        await pilot.pause()
        assert "▀" in app.picture[0] and "▀" in app.picture[-2]
        app.manners.key_came()
        view.next_stretch()
        await pilot.pause()
        assert "".join(app.picture).isascii()


async def test_a_line_is_a_draft_too_and_zooming_makes_a_new_one() -> None:
    app = Shown("on")
    async with app.run_test(size=(80, 34)) as pilot:
        view = app.query_one(PlotView)
        view.show(FEW)
        app.now += 2
        await until(pilot, lambda: not "".join(app.plot[3:5]).isascii(), "the fine plot")
        await until(pilot, lambda: view._drafts._timer is None, "all of it")
        app.manners.key_came()
        view.action_zoom("in")
        await pilot.pause()
        assert "".join(app.plot[1:]).isascii()
        app.now += 2
        await until(pilot, lambda: view._drafts._timer is None, "the fine plot")
        assert not "".join(app.plot[-3:]).isascii(), "the strip of the whole series below is fine too"


async def test_frames_of_a_film_stay_drafts() -> None:
    app = Shown("on")
    async with app.run_test(size=(80, 34)) as pilot:
        view = app.query_one(ImageView)
        app.now += 2
        for _ in range(8):
            view.show(image(_RNG.normal(size=(60, 60)), limits=(-2.0, 2.0)))
            await pilot.pause(0.2)
            assert "".join(app.picture).isascii()
        await until(pilot, lambda: "▀" in app.picture[0], "the frame at which it stopped")
