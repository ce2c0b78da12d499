"""Themes are looked at where terminals show fewer colours than they have: words must be read, steps told apart."""

from __future__ import annotations

import re
from itertools import groupby

import pytest
from textual.pilot import Pilot

from mast_tui.core.settings import load
from mast_tui.tui.app import MastApp
from mast_tui.tui.widgets.plot_view import PlotView
from mast_tui.tui.wire.cells import Pen
from mast_tui.tui.wire.palette import colour, rgb_of
from mast_tui.tui.wire.reading import cells_of

Rgb = tuple[int, int, int]
THEMES = ("nord", "textual-dark", "textual-light", "gruvbox")


def luminance(rgb: Rgb) -> float:
    """Relative luminance of sRGB, 0 to 1 (WCAG 2.2)."""
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (c / 255 for c in rgb))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """1 to 21; WCAG 2.2 asks for 4.5 for words (1.4.3)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def words_sent(app: MastApp) -> list[tuple[str, Pen]]:
    """The words on the screen and what a terminal of 256 colours is sent for them."""
    found = []
    for strip in app.screen._compositor.render_strips():
        cells, _passed = cells_of(strip.render(app.console), "256")
        for pen, run in groupby(cells, key=lambda cell: cell[1]):
            found += [(word, pen) for word in re.findall(r"\w\w+", "".join(sign for sign, _pen in run))]
    return found


def seen(parameters: str) -> Rgb:
    return rgb_of(int(parameters.rsplit(";", 1)[1]))


def check_words(app: MastApp, where: str) -> None:
    """All words but dim ones: those say that they matter less, and their shade is the terminal's."""
    words = [(word, pen) for word, pen in words_sent(app) if "2" not in pen.attributes]
    assert len(words) > 10, where
    for word, pen in words:
        ratio = contrast(seen(pen.foreground), seen(pen.background))
        assert ratio >= 4.5, f"{where}: “{word}” at {ratio:.1f}:1"


async def until(pilot: Pilot[None], app: MastApp, words: str) -> None:
    for _ in range(300):
        if words in "\n".join(strip.text for strip in app.screen._compositor.render_strips()):
            return
        await pilot.pause(0.1)
    raise AssertionError(f"“{words}” never came")


@pytest.mark.parametrize("theme", THEMES)
async def test_words_can_be_read_with_256_colours(theme: str, demo_url: str) -> None:
    app = MastApp(load(overrides={"archive": demo_url, "theme": theme}))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, app, "Radius")
        check_words(app, "search")
        for key in ("f1", "ctrl+p", "f5"):
            await pilot.press(key)
            await pilot.pause(0.2)
            check_words(app, key)
            await pilot.press("escape")
        await pilot.press(*"M8", "enter")
        await until(pilot, app, "disagree")
        check_words(app, "resolvers")
        await pilot.press("enter")
        await until(pilot, app, " of ")
        check_words(app, "results")
        await pilot.press("c")
        await pilot.pause()
        check_words(app, "columns")
        await app.left()


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
async def test_256_colours_tell_seven_steps_of_density_apart(theme: str, demo_url: str) -> None:
    app = MastApp(load(overrides={"archive": demo_url, "theme": theme}))
    async with app.run_test(size=(80, 24)) as pilot:
        view = PlotView()
        await app.screen.mount(view)
        await pilot.pause()
        steps = []
        for k in range(7):
            style = view.get_component_rich_style(f"plot-view--density{k}")
            assert style.color is not None and style.bgcolor is not None
            ink, paper = (seen(colour(38, *c.get_truecolor(), "256")) for c in (style.color, style.bgcolor))
            steps.append(contrast(ink, paper))
        await app.left()
    assert len(set(steps)) == 7 and steps == sorted(steps)
    assert steps[0] > 1.5


@pytest.mark.parametrize(
    ("theme", "shown"), [("nord", "ansi-dark"), ("textual-light", "ansi-light"), ("nope", "ansi-dark")]
)
async def test_sixteen_colours_are_the_terminals_own(
    theme: str, shown: str, demo_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLORTERM")
    monkeypatch.setenv("TERM", "xterm")
    app = MastApp(load(overrides={"archive": demo_url, "theme": theme}))
    async with app.run_test(size=(80, 24)):
        assert app.theme == shown
        await app.left()


async def test_without_colours_the_choice_is_seen(demo_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr("textual.constants.DEFAULT_THEME", "ansi-dark")
    app = MastApp(load(overrides={"archive": demo_url}), "M8")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, app, "disagree")
        before = [word for word, pen in words_sent(app) if "4" in pen.attributes]
        await pilot.press("down")
        await pilot.pause(0.2)
        after = [word for word, pen in words_sent(app) if "4" in pen.attributes]
        assert before and after and before != after, "the choice went to the next line"
        await app.left()
