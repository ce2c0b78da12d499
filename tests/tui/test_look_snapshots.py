"""The screens of looks as pictures: two sizes; in colour, without any, in ASCII."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mast_tui.tui.screens.base import RoomScreen
from tests.tui import pictured_curves, pictured_images
from tests.tui.looks_double import ImageController
from tests.tui.rooms_double import opened, settled
from tests.tui.snapshot import compare

#: Images are drawn in signs, and nothing else stands on their screens; other screens have dots between their words.
_ALL_IN_ASCII = {name for name, _screen, _keys in pictured_images.ways()}
SIZES = {"80x24": (80, 24), "120x40": (120, 40)}


@pytest.mark.parametrize("how", ["colour", "no-color", "ascii"])
@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize(("name", "screen", "keys"), [*pictured_curves.ways(), *pictured_images.ways()])
async def test_the_screens_look_as_recorded(
    name: str,
    screen: Callable[[], RoomScreen],
    keys: tuple[str, ...],
    size: str,
    how: str,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    if how != "colour":
        monkeypatch.setenv("NO_COLOR", "1")
    plot = "ascii" if how == "ascii" else "braille"
    async with opened(screen, ImageController(), size=SIZES[size], plot=plot) as (app, pilot):
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        await compare(request, f"{name}-{size}-{how}", app)
        if how == "ascii" and name in _ALL_IN_ASCII:
            assert all(line.isascii() for line in app.lines[3:-4]), app.words
