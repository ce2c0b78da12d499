"""The tree of a file on the screen: it fits, it can be walked, and from a file one gets to the look and the queue."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mast_tui.core.errors import TemporarilyUnavailable
from mast_tui.core.fetch import FetchItem
from mast_tui.core.lineage import Lineage
from mast_tui.core.manifest import FileRecord, Manifest
from mast_tui.provenance import Association, KnownFile, Member, tree_of
from mast_tui.tui.screens.downloads import DownloadsScreen
from mast_tui.tui.screens.lineage import LineageScreen, of_file_or_uri
from mast_tui.tui.screens.preview import PreviewScreen
from mast_tui.tui.screens.sessions import SessionsScreen
from mast_tui.tui.screens.take import TakeScreen
from tests.tui.rooms_double import HOSTILE, DoubleController, a_transfer, opened, settled

RAW, FLT, DRZ = "jsim01a1q_raw.fits", "jsim01a1q_flt.fits", "jsim01010_drz.fits"


def uri(name: str) -> str:
    return f"mast:HST/product/{name}"


def a_tree(*more: KnownFile, asked: str = FLT, path: str = "") -> Lineage:
    files = [
        KnownFile(RAW, uri(RAW), 1, "SCIENCE", "99001", size=134_248_320),
        KnownFile(FLT, uri(FLT), 2, "SCIENCE", "99001", "10.3.5, hst_1000.pmap", "CALACS", 167_800_320, path),
        KnownFile(DRZ, uri(DRZ), 3, "SCIENCE", "99001", listed_version="CALACS", size=5_898_240),
        *more,
    ]
    association = Association("jsim01010", (Member("jsim01a1q", "EXP-DTH"), Member("jsim01b1q", "EXP-DTH")), "made")
    tree = tree_of(files, (association,), about=asked, asked=asked)
    return replace(tree, items={uri(n): FetchItem(uri(n), f"HST/jsim01010/{n}", size=1000) for n in (RAW, FLT, DRZ)})


def screen(tree: Lineage) -> LineageScreen:
    async def ask(controller: Any, everything: bool) -> Lineage:
        return tree

    return LineageScreen(FLT, ask)


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
async def test_the_tree_stands_on_the_screen_and_begins_at_what_was_asked_for(size: tuple[int, int]) -> None:
    async with opened(lambda: screen(a_tree())) as (app, pilot):
        await pilot.resize_terminal(*size)
        await settled(pilot)
        marked = [line for line in app.lines if "▸" in line]
        assert len(marked) == 1 and "_flt.fits *" in marked[0]
        assert max(map(len, app.lines)) <= size[0]
        assert any("└─" in line for line in app.lines)


async def test_what_is_known_of_a_line_stands_below_and_can_be_hidden() -> None:
    async with opened(lambda: screen(a_tree(path="/data/mast/HST/jsim01a1q_flt.fits"))) as (app, pilot):
        assert "10.3.5, hst_1000.pmap" in app.words and "/data/mast/HST/jsim01a1q_flt.fits" in app.words
        assert "3 files, 1 here" in app.words
        await pilot.press("d")
        await settled(pilot)
        assert "/data/mast/HST/jsim01a1q_flt.fits" not in app.words


async def test_ascii_draws_the_branches_in_ascii() -> None:
    async with opened(lambda: screen(a_tree()), plot="ascii") as (app, _):
        assert "`- jsim01a1q_flt.fits" in app.words and "└" not in app.words


async def test_enter_looks_at_a_file_and_says_why_it_can_not_at_what_is_none() -> None:
    async with opened(lambda: screen(a_tree())) as (app, pilot):
        await pilot.press("home", "enter")
        await settled(pilot)
        assert "! This is not a file" in app.words
        await pilot.press("end", "enter")
        await pilot.pause()
        assert isinstance(app.screen, PreviewScreen)
        assert app.screen.where == uri(DRZ)


async def test_a_file_known_by_its_name_alone_can_be_neither_looked_at_nor_queued() -> None:
    tree = tree_of([KnownFile(FLT, path="/data/x.fits")], about=FLT, asked=FLT)
    async with opened(lambda: screen(tree)) as (app, pilot):
        await pilot.press("up", "enter")
        await settled(pilot)
        assert "! This file is only known by its name" in app.words
        await pilot.press("t")
        await settled(pilot)
        assert "! Nothing here can be queued" in app.words


async def test_t_queues_what_is_below_and_not_here(tmp_path: Path) -> None:
    controller = DoubleController()
    async with opened(lambda: screen(a_tree(path="/data/flt.fits")), controller, folder=tmp_path) as (app, pilot):
        await pilot.press("home", "t")
        await settled(pilot)
        assert isinstance(app.screen, TakeScreen)
        await pilot.press("enter")
        await settled(pilot)
        ((asked, plan),) = controller.fetched
        assert [item.uri for item in plan.items] == [uri(RAW), uri(DRZ)]
        assert asked == f"provenance of {FLT}"


async def test_what_is_not_known_is_said_and_errors_leave_the_screen_usable() -> None:
    async with opened(lambda: screen(tree_of([KnownFile(DRZ)], about=DRZ, asked=DRZ))) as (app, _):
        assert "! Which exposures jsim01010 combines is not known" in app.words

    async def fails(controller: Any, everything: bool) -> Lineage:
        raise TemporarilyUnavailable("the archive does not answer", "", "Try again")

    async with opened(lambda: LineageScreen(FLT, fails)) as (app, pilot):
        assert "! The archive does not answer. Try again." in app.words
        await pilot.press("enter", "t", "y", "r")
        await settled(pilot)
        assert "! There is no tree yet" in app.words
        await pilot.press("escape")
        await settled(pilot)
        assert not isinstance(app.screen, LineageScreen)


async def test_without_the_archive_the_tree_is_of_what_is_here(tmp_path: Path) -> None:
    there = tmp_path / FLT
    there.write_bytes(b"x")

    class Offline:
        async def of_uri(self, where: str, *, everything: bool) -> Lineage:
            raise TemporarilyUnavailable("the archive does not answer")

        async def of_file(self, path: Path, *, everything: bool) -> Lineage:
            return tree_of([KnownFile(path.name, path=str(path))], about="x", asked=path.name)

    controller = DoubleController()
    controller.lineages = Offline()  # type: ignore[attr-defined]
    async with opened(lambda: LineageScreen(FLT, of_file_or_uri(uri(FLT), there)), controller) as (app, _):
        assert "jsim01a1q_raw.fits" in app.words and "Only what is here is shown" in app.words


async def test_words_of_files_are_words_and_nothing_else() -> None:
    strange = [KnownFile(word, f"mast:X/{word}", 2, word, listed_version=word) for word in HOSTILE]
    async with opened(lambda: screen(tree_of(strange, about="x"))) as (app, pilot):
        for _ in strange:
            await pilot.press("down")
            await settled(pilot)
            assert "\x1b" not in app.words and "\u202e" not in app.words
        assert "[@click=app.quit]" in app.words or "[red]" in app.words


class Asked:
    """Answers with one tree, and notes what was asked."""

    def __init__(self) -> None:
        self.uris: list[str] = []

    async def of_uri(self, where: str, *, everything: bool) -> Lineage:
        self.uris.append(where)
        return a_tree()


async def test_t_opens_it_from_the_downloads() -> None:
    controller = DoubleController([a_transfer(FLT, "done")])
    controller.lineages = asked = Asked()  # type: ignore[attr-defined]
    async with opened(DownloadsScreen, controller) as (app, pilot):
        await pilot.press("T")
        await settled(pilot)
        assert isinstance(app.screen, LineageScreen) and f"{FLT} *" in app.words
        assert asked.uris == [uri(FLT)]
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, DownloadsScreen)


async def test_t_opens_it_from_a_file_of_an_open_session() -> None:
    record = FileRecord(uri(FLT), f"HST/jsim01010/{FLT}", "done", 3)
    manifest = Manifest("20261121T100000Z-abc123", "2026-11-21T10:00:00Z", "", "", "", "/data", files=(record,))
    controller = DoubleController(manifests=[manifest])
    controller.lineages = asked = Asked()  # type: ignore[attr-defined]
    async with opened(SessionsScreen, controller) as (app, pilot):
        await pilot.press("T")
        await settled(pilot)
        assert "! Open a session with enter" in app.words
        await pilot.press("enter", "T")
        await settled(pilot)
        assert isinstance(app.screen, LineageScreen) and f"{FLT} *" in app.words
        assert asked.uris == [uri(FLT)]
