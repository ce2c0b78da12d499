"""Help and palette read the action table; leaving asks when something is under way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.screen import ModalScreen

from mast_tui.tui.actions import ACTIONS, GLOBAL, actions_of
from mast_tui.tui.screens.downloads import DownloadsScreen
from mast_tui.tui.screens.help import HelpScreen, Offer, PaletteScreen, fitting, keys_of
from mast_tui.tui.screens.leave import LeaveScreen
from mast_tui.tui.screens.login import LoginScreen
from tests.tui.rooms_double import DoubleController, RoomApp, a_transfer, opened, settled

CONTEXTS = sorted({a.context for a in ACTIONS} - {GLOBAL})


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("context", CONTEXTS)
async def test_help_tells_every_key_of_the_place_and_of_everywhere(context: str, size: tuple[int, int]) -> None:
    async with opened(lambda: HelpScreen(context), size=size) as (app, pilot):
        seen = _words(app)
        for _ in range(3):
            await pilot.press("pagedown")
            await settled(pilot)
            seen += _words(app)
        for action in (*actions_of(context), *actions_of(GLOBAL)):
            assert keys_of(action) in seen, action
            assert all(word in seen for word in action.help.split()), action


def _words(app: RoomApp) -> str:
    return " ".join(app.words.replace("│", " ").split()) + " "


@pytest.mark.parametrize("key", ["escape", "q", "question_mark", "f1"])
async def test_help_closes_and_nothing_else_happens(key: str) -> None:
    async with opened(DownloadsScreen) as (app, pilot):
        await pilot.press("question_mark")
        await settled(pilot)
        assert isinstance(app.screen, HelpScreen)
        await pilot.press(key)
        await settled(pilot)
        assert isinstance(app.screen, DownloadsScreen) and app.is_running


async def test_the_palette_does_what_was_chosen_on_the_screen_below() -> None:
    controller = DoubleController([a_transfer("a.fits", "failed", why="404"), a_transfer("b.fits")])
    async with opened(DownloadsScreen, controller) as (app, pilot):
        await pilot.press("colon", *"try again")
        await settled(pilot)
        assert isinstance(app.screen, PaletteScreen)
        assert "▸r" in app.words and "Try this file again" in app.words
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, DownloadsScreen)
        assert controller.double.calls == [("retry", ("mast:HST/product/a.fits",))]


async def test_the_palette_says_why_an_action_can_not_be_done_now() -> None:
    async with opened(DownloadsScreen) as (app, pilot):
        await pilot.press("colon", *"retry")
        await settled(pilot)
        assert "not now. There" in app.words
        await pilot.press("enter")
        await settled(pilot)
        assert "! There are no transfers" in app.words


async def test_the_palette_reaches_what_works_everywhere_also_from_a_field() -> None:
    async with opened(LoginScreen) as (app, pilot):
        await pilot.press("ctrl+p", *"queue fetched", "enter")
        await settled(pilot)
        assert isinstance(app.screen, DownloadsScreen)


async def test_the_palette_with_words_that_fit_nothing() -> None:
    async with opened(DownloadsScreen) as (app, pilot):
        await pilot.press("colon", *"xyzzy", "enter")
        await settled(pilot)
        assert isinstance(app.screen, DownloadsScreen)


def test_words_fit_in_any_order_and_beginnings_come_first() -> None:
    offers = [Offer(a, None) for a in actions_of("downloads")]
    assert fitting(offers, "again file")[0].action.id == "retry"
    assert fitting(offers, "pau")[0].action.id == "pause"
    assert fitting(offers, "") == offers
    assert fitting(offers, "zzz") == []


MOVING: tuple[tuple[str, Callable[[RoomApp], bool]], ...] = (
    ("g", lambda app: app.told == [True]),
    ("p", lambda app: app.told == [False]),
    ("escape", lambda app: app.told == [] and isinstance(app.screen, DownloadsScreen)),
)


@pytest.mark.parametrize(("key", "as_told"), MOVING)
async def test_leaving_with_transfers_under_way_asks(
    key: str, as_told: Callable[[RoomApp], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = DoubleController([a_transfer("a.fits", "running", total=9), a_transfer("b.fits")])
    async with opened(DownloadsScreen, controller) as (app, pilot):
        monkeypatch.setattr(app, "leave", lambda *, go_on: app.told.append(go_on))
        await pilot.press("q")
        await settled(pilot)
        assert isinstance(app.screen, LeaveScreen) and isinstance(app.screen, ModalScreen)
        assert "2 transfers are under way." in app.words
        await pilot.press(key)
        await settled(pilot)
        assert as_told(app)


async def test_leaving_when_all_is_quiet_asks_nothing() -> None:
    controller = DoubleController([a_transfer("a.fits", "done", verdict="verified")])
    async with opened(DownloadsScreen, controller) as (app, pilot):
        await pilot.press("q")
        await settled(pilot)
        assert not app.is_running
