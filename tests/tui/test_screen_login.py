"""Login: what a token is for, who the archive says we are, and that the token is nowhere to be seen."""

from __future__ import annotations

import pytest
from textual.message import Message

from mast_tui.core.errors import LocalFailure, TemporarilyUnavailable
from mast_tui.core.identity import Identity
from mast_tui.tui.screens.login import TOKEN_PAGE, LoginScreen, TokenInput, who_words
from tests.tui.rooms_double import GOOD_TOKEN, HOSTILE, DoubleController, a_transfer, opened, settled


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_says_what_a_token_is_for_and_where_to_get_one(size: tuple[int, int]) -> None:
    async with opened(LoginScreen, size=size) as (app, _):
        assert "Not logged in" in app.words and "Token from: there is none" in app.words
        assert "no token is needed" in app.words and "exclusive access" in app.words
        assert TOKEN_PAGE in app.words


async def test_a_good_token_says_who_we_are_and_is_not_seen() -> None:
    async with opened(LoginScreen) as (app, pilot):
        await pilot.press(*GOOD_TOKEN)
        await settled(pilot)
        assert GOOD_TOKEN[:4] not in app.words and "•••" in app.words
        await pilot.press("enter")
        await settled(pilot)
        assert "✓ The archive knows you as Vera Rubin" in app.words
        assert "Logged in as Vera Rubin (vrubin)" in app.words
        assert "Token from: typed here" in app.words
        assert app.screen.query_one(TokenInput).value == "" and "•" not in app.words
        assert not app.double.kept


async def test_a_token_that_the_archive_does_not_know() -> None:
    async with opened(LoginScreen) as (app, pilot):
        await pilot.press(*"wrong-token", "enter")
        await settled(pilot)
        assert "The archive does not know this token. Get a new one." in app.words
        assert "Not logged in" in app.words
        assert app.screen.query_one(TokenInput).value == ""


async def test_an_archive_that_is_away_is_told_in_a_sentence() -> None:
    controller = DoubleController()
    controller.login_error = TemporarilyUnavailable("the archive does not answer", "waited 60 s", "Try again later")
    async with opened(LoginScreen, controller) as (app, pilot):
        await pilot.press(*GOOD_TOKEN, "enter")
        await settled(pilot)
        assert "The archive does not answer. Waited 60 s. Try again later." in " ".join(app.words.split())


async def test_enter_without_a_token_asks_nobody() -> None:
    async with opened(LoginScreen) as (app, pilot):
        await pilot.press("enter")
        await settled(pilot)
        assert "There is no token in the field" in app.words


async def test_the_token_is_in_no_message_worker_or_clipboard() -> None:
    """Messages and workers are written to logs, so none may hold what was typed."""
    said: list[str] = []

    def hear(message: Message) -> None:
        said.append(f"{message!r} {vars(message)!r}")

    async with opened(LoginScreen, hook=hear) as (app, pilot):
        await pilot.press(*GOOD_TOKEN, "home", "shift+end", "ctrl+c", "ctrl+x", "tab", "shift+tab", "enter")
        await settled(pilot)
        assert "Vera Rubin" in app.words and len(said) > 40
        assert [words for words in said if GOOD_TOKEN in words] == []
        assert app.clipboard == ""


async def test_the_token_goes_to_the_keyring_only_when_told() -> None:
    async with opened(LoginScreen) as (app, pilot):
        assert "[ ] keep it" in app.words
        await pilot.press("f7")
        await settled(pilot)
        assert "[x] keep it" in app.words
        await pilot.press(*GOOD_TOKEN, "enter")
        await settled(pilot)
        assert app.double.kept and "Token from: this desktop's keyring" in app.words
        await pilot.press("f6")
        await settled(pilot)
        assert app.double.forgotten and "also by the keyring" in app.words and "Not logged in" in app.words


async def test_a_keyring_that_does_not_answer_is_told() -> None:
    controller = DoubleController()
    controller.login_error = LocalFailure("the keyring does not answer", "waited 3 s", "Use MAST_API_TOKEN")
    async with opened(LoginScreen, controller) as (app, pilot):
        await pilot.press("f7", *GOOD_TOKEN, "enter")
        await settled(pilot)
        assert "The keyring does not answer" in app.words


async def test_logging_out_when_nobody_is_in_says_so() -> None:
    async with opened(LoginScreen) as (app, pilot):
        await pilot.press("f6")
        await settled(pilot)
        assert "! Nobody is logged in" in app.words


async def test_files_that_waited_for_a_login_are_named() -> None:
    controller = DoubleController([a_transfer("secret.fits", "needs_login"), a_transfer("b.fits", "needs_login")])
    async with opened(LoginScreen, controller) as (app, pilot):
        await pilot.press(*GOOD_TOKEN, "enter")
        await settled(pilot)
        assert "2 files that waited for it: tried again" in app.words


def test_a_token_from_the_environment_that_nobody_has_checked() -> None:
    words = who_words(Identity(anonymous=True), "MAST_API_TOKEN").plain
    assert "the archive has not confirmed it" in words and "Token from: MAST_API_TOKEN" in words


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_from_the_archive_is_shown_and_never_obeyed(name: str) -> None:
    words = who_words(Identity(anonymous=False, display_name=name, user_id="u", scopes=(name,)), "this session").plain
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c == "\u202e" for c in words.replace("\n", ""))
