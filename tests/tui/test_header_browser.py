"""The header browser: every HDU is reached, a card is found wherever it is, and nothing in it is obeyed."""

from __future__ import annotations

import time

import pytest

from mast_tui.core.look import Card, HduLook, HeaderLook
from mast_tui.core.text import clean
from mast_tui.tui.screens.header_browser import HeaderBrowser, find_cards
from tests.tui.rooms_double import HOSTILE, opened, settled


def header(n_hdus: int = 3, n_cards: int = 20) -> HeaderLook:
    hdus = [
        HduLook(
            i,
            "PRIMARY" if i == 0 else f"SCI{i}",
            1,
            "image" if i % 2 else "table",
            (1024, 2048),
            tuple(Card(f"KEY{j}", f"{i * 1000 + j}", f"comment {j}") for j in range(n_cards)),
        )
        for i in range(n_hdus)
    ]
    last = hdus[-1]
    long = "a long history that is not to be cut off at the side of the screen because its end says " * 2 + "THE END"
    special = (Card("EXPTIME", "1200.5", "exposure time (s)"), Card("HISTORY", long, ""))
    hdus[-1] = HduLook(last.index, last.name, 2, last.kind, last.shape, last.cards + special)
    return HeaderLook(tuple(hdus))


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
async def test_every_hdu_is_reached_and_named(size: tuple[int, int]) -> None:
    async with opened(lambda: HeaderBrowser(header(), "f.fits"), size=size) as (app, pilot):
        assert "f.fits · HDU 0 of 3" in app.words and "KEY0" in app.words
        await pilot.press("right_square_bracket", "right_square_bracket")
        await settled(pilot)
        assert "HDU 2 of 3" in app.words and "2000" in app.words
        await pilot.press("right_square_bracket")
        await settled(pilot)
        assert "HDU 0 of 3" in app.words


async def test_a_search_goes_through_all_hdus_and_round() -> None:
    async with opened(lambda: HeaderBrowser(header(), "f.fits")) as (app, pilot):
        await pilot.press("slash", *"exposure", "enter")
        await settled(pilot)
        assert "HDU 2 of 3" in app.words and "▸EXPTIME" in app.words and "card 1 of 1" in app.words
        await pilot.press("slash", "ctrl+u", *"key7", "enter")
        await settled(pilot)
        # from EXPTIME at the end of the last HDU on, round to the first
        assert "▸KEY7" in app.words and "HDU 0 of 3" in app.words and "card 1 of 3" in app.words
        await pilot.press("enter")
        await settled(pilot)
        assert "HDU 1 of 3" in app.words and "card 2 of 3" in app.words
        await pilot.press("comma", "comma")
        await settled(pilot)
        assert "HDU 2 of 3" in app.words and "card 3 of 3" in app.words


async def test_what_is_not_there_is_said_and_escape_closes_the_search_first() -> None:
    async with opened(lambda: HeaderBrowser(header(), "f.fits")) as (app, pilot):
        await pilot.press("enter")
        await settled(pilot)
        assert "! Search for something first" in app.words
        await pilot.press("slash", *"xyzzy", "enter")
        await settled(pilot)
        assert "! No card of any HDU holds “xyzzy”." in app.words
        await pilot.press("slash", "escape")
        await settled(pilot)
        assert isinstance(app.screen, HeaderBrowser)
        await pilot.press("escape")
        await settled(pilot)
        assert not isinstance(app.screen, HeaderBrowser)


async def test_a_long_card_is_told_in_full_and_copied() -> None:
    async with opened(lambda: HeaderBrowser(header(), "f.fits"), size=(120, 40)) as (app, pilot):
        await pilot.press("left_square_bracket", "end")
        await settled(pilot)
        assert "THE END" in " ".join(app.words.split())
        await pilot.press("y")
        await settled(pilot)
        assert app.clipboard.startswith("HISTORY  = a long history") and app.clipboard.endswith("THE END")


async def test_words_of_a_file_are_never_markup() -> None:
    cards = tuple(Card("OBJECT", clean(words, 200), "") for words in HOSTILE)
    look = HeaderLook((HduLook(0, "[red]X[/]", 1, "image", (2, 2), cards),))
    async with opened(lambda: HeaderBrowser(look, "f.fits")) as (app, _):
        assert "[@click=app.quit]M31[/] [OIII]5007" in app.words and "[red]X[/]" in app.words
        assert "\x1b" not in app.words


async def test_eighty_five_headers_of_410_cards_open_and_are_searched_at_once() -> None:
    """As many as a Kepler full-frame image has HDUs, and the longest header of the samples, all over."""
    big = header(85, 410)
    started = time.perf_counter()
    assert len(find_cards(big, "key409")) == 85
    assert time.perf_counter() - started < 1.0
    async with opened(lambda: HeaderBrowser(big, "ffi.fits")) as (app, pilot):
        await pilot.press("slash", *"exptime", "enter")
        await settled(pilot)
        assert "HDU 84 of 85" in app.words and "▸EXPTIME" in app.words
