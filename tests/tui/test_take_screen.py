"""Before files are queued: what comes, what is here, how long it takes, and the folder; at any size of terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from mast_tui.controller import FetchPlan
from mast_tui.core.errors import LocalFailure
from mast_tui.core.fetch import FetchItem
from mast_tui.core.products import Amount
from mast_tui.tui.screens.take import TakeScreen

from .rooms_double import opened, settled

PLAN = FetchPlan(
    items=tuple(FetchItem(f"mast:x/{n}", f"x/{n}") for n in range(10)),
    folder=Path("/data/mast"),
    total_bytes=5_000_000_000,
    unknown=0,
    free_bytes=85_000_000_000,
    exclusive=2,
    here=Amount(3, 1_000_000_000),
    elsewhere=Amount(1, 1_000_000_000),
    coming=Amount(6, 3_000_000_000),
    left_out={"raw": Amount(2, 900_000_000)},
    rate=10_000_000.0,
)


async def test_everything_worth_knowing_is_said_before() -> None:
    async with opened(lambda: TakeScreen(PLAN, has_token=False)) as (app, _pilot):
        for words in (
            "10 files, 5 GB",
            "! 2 files under exclusive access will wait for a login.",
            "Here already: 3 files, 1 GB",
            "Copied from your data folders: 1 file, 1 GB",
            "To be fetched: 6 files, 3 GB",
            "It takes about 5 min at 10 MB/s, the rate measured before.",
            "85 GB are free.",
            "Could be left out: 2 raw files (900 MB)",
            "into /data/mast",
        ):
            assert words in app.words


@pytest.mark.parametrize("size", [(40, 12), (80, 24)])
async def test_what_stands_in_the_way_and_the_folder_show_on_any_terminal(size: tuple[int, int]) -> None:
    problem = LocalFailure("not enough room", "", "Take fewer files")
    plan = FetchPlan(**{**vars(PLAN), "problem": problem})
    async with opened(lambda: TakeScreen(plan, has_token=False), size=size) as (app, pilot):
        assert "! Not enough room." in app.words
        assert "into /data/mast" in app.words
        assert "enter queue them" in app.words
        for _ in range(20):
            await pilot.press("down")
        await settled(pilot)
        assert "(900 MB)" in app.words, "the rest is reached with the arrow"
        assert "into /data/mast" in app.words


async def test_the_dialog_stands_before_the_plan_is_made() -> None:
    dialog = TakeScreen(None, has_token=True, folder=Path("/data/mast"))
    async with opened(lambda: dialog) as (app, pilot):
        assert "Looking at what is here already" in app.words
        assert "into /data/mast" in app.words
        dialog.show(PLAN)
        await settled(pilot)
        assert "To be fetched: 6 files, 3 GB" in app.words
        assert "exclusive" not in app.words, "who is logged in need not be told"
