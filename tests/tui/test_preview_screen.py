"""Looking at a curve: a person masks, flattens, searches, folds, overlays and writes, with one key each."""

from __future__ import annotations

import csv
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from textual.pilot import Pilot

from mast_tui.core.keep import write_new
from mast_tui.core.settings import load
from mast_tui.tui.app import MastApp
from mast_tui.tui.screens.preview import PreviewScreen
from mast_tui.tui.widgets.plot_view import PlotView
from tests.preview.made_files import cos_spectrum, spoc_light_curve, stis_echelle
from tests.tui.snapshot import screen_text

PATIENCE_S = 20.0
PI_MEN = "mast:TESS/product/tess2018206045859-s0001-0000000261136679-0120-s_lc.fits"


class Person:
    """At the keyboard, with a look open."""

    def __init__(self, pilot: Pilot[None], app: MastApp) -> None:
        self.pilot, self.app = pilot, app

    @property
    def screen(self) -> str:
        return screen_text(self.app)

    @property
    def look(self) -> PreviewScreen:
        found = next(s for s in self.app.screen_stack if isinstance(s, PreviewScreen))
        return found

    @property
    def plot(self) -> PlotView:
        return self.look.query_one(PlotView)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def write(self, words: str) -> None:
        await self.press(*("space" if c == " " else c for c in words))

    async def until(self, words: str) -> str:
        end = time.monotonic() + PATIENCE_S
        while words not in " ".join(self.screen.split()):
            assert time.monotonic() < end, f"“{words}” never came:\n{self.screen}"
            await self.pilot.pause(0.02)
        return " ".join(self.screen.split())

    async def until_gone(self, words: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while words in " ".join(self.screen.split()):
            assert time.monotonic() < end, f"“{words}” stayed:\n{self.screen}"
            await self.pilot.pause(0.02)


@asynccontextmanager
async def looking(
    demo_url: str, where: str, *marked: str, size: tuple[int, int] = (120, 40), **settings: str
) -> AsyncIterator[Person]:
    app = MastApp(load(overrides={"archive": demo_url, **settings}))
    async with app.run_test(size=size) as pilot:
        app.push_screen(PreviewScreen(where, Path(where).name, marked=[(m, Path(m).name) for m in marked]))
        person = Person(pilot, app)
        yield person
        await app.left()


async def test_what_was_done_is_told_and_the_same_key_takes_it_back(demo_url: str) -> None:
    async with looking(demo_url, PI_MEN) as person:
        await person.until("18,264 of 20,076 points · masked 9.0 % by QUALITY & 17087")
        raw = person.look.base
        await person.press("f")
        await person.until("flattened over 1.5 d")
        await person.press("b")
        await person.until("bins of 10 min")
        await person.press("b")
        await person.until("bins of 30 min")
        await person.press("b", "b")
        await person.until_gone("bins of")
        await person.press("f")
        await person.until("· trend ·")
        assert person.plot.series is raw
        await person.press("f")
        await person.until_gone("trend")
        await person.press("N")
        await person.until("Relative flux")
        await person.press("N")
        await person.until("PDCSAP flux [×10⁶ e⁻/s]")
        await person.press("m")
        await person.until("by QUALITY & 24319")


async def test_quick_keys_all_count(demo_url: str, tmp_path: Path) -> None:
    async with looking(demo_url, str(spoc_light_curve(tmp_path / "a_lc.fits"))) as person:
        await person.until(" points")
        await person.press("N", "e", "b")
        await person.until("bins of")
        assert person.look.asked.normalise and person.look.asked.errors and "errors" in person.screen


async def test_times_are_shown_as_dates_and_the_view_is_kept_within_one_axis(demo_url: str) -> None:
    async with looking(demo_url, PI_MEN) as person:
        await person.until(" points")
        await person.press("plus", "plus")
        seen = person.plot.x_range
        await person.press("N")
        await person.until("Relative flux")
        assert person.plot.x_range == seen
        await person.press("t")
        await person.until("Time system")
        await person.press("down", "enter")
        await person.until("Date (UTC)")
        assert person.plot.x_range[0] > 2_400_000
        assert "2018" in person.screen


async def test_a_period_is_asked_folded_at_shifted_doubled_and_taken_back(demo_url: str) -> None:
    async with looking(demo_url, PI_MEN) as person:
        await person.until(" points")
        await person.press("p")
        await person.until("Fold at which period?")
        for words, answer in (("soon", "A period is a number"), ("-3", "above zero")):
            await person.press("ctrl+a", "ctrl+k")
            await person.press(*("minus" if c == "-" else c for c in words))
            await person.press("enter")
            await person.until(answer)
        await person.press("ctrl+a", "ctrl+k")
        await person.press(*"6", "full_stop", *"268", "space", *"1325", "full_stop", *"504", "enter")
        await person.until("folded at 6.268 d")
        assert person.plot.x_range == pytest.approx((-0.5, 0.5), abs=0.01)
        await person.press("asterisk")
        await person.until("folded at 12.536 d")
        await person.press("slash", "slash")
        await person.until("folded at 3.134 d")
        await person.press("greater_than_sign")
        await person.until_gone("folded at 3.134 d")
        await person.press("p")
        await person.until("Unfolded.")
        await person.until("BTJD")


async def test_a_spectrum_has_lines_with_a_redshift_and_other_units(demo_url: str, tmp_path: Path) -> None:
    async with looking(demo_url, str(cos_spectrum(tmp_path / "x1d.fits"))) as person:
        await person.until(" points")
        await person.press("f")
        await person.until("That key is for light curves; this is a spectrum.")
        await person.press("l")
        await person.until("lines at z = 0")
        at_rest = {mark.words: mark.x for mark in person.look.drawn.marks} if person.look.drawn else {}
        assert at_rest
        await person.press("right_curly_bracket")
        await person.until("lines at z = 0.001")
        assert person.look.drawn is not None
        shifted = {mark.words: mark.x for mark in person.look.drawn.marks}
        both = at_rest.keys() & shifted.keys()
        assert both and all(shifted[name] == pytest.approx(at_rest[name] * 1.001, rel=1e-6) for name in both)
        await person.press("u")
        await person.until("Unit of the values")
        await person.press("down", "enter")
        await person.until_gone("Unit of the values")
        assert person.look.asked.unit
        await person.until("[")
        await person.press("u", "enter")
        await person.until_gone("Unit of the values")
        assert person.look.asked.unit == ""


async def test_items_are_gone_to_by_number_and_laid_over_each_other(demo_url: str, tmp_path: Path) -> None:
    async with looking(demo_url, str(stis_echelle(tmp_path / "e_x1d.fits"))) as person:
        await person.until("1 of ")
        await person.press("2")
        await person.until("2 of ")
        await person.press("9", "9")
        await person.until("There is no item 9.")
        await person.press("o")
        await person.until("laid over this one")
        assert person.look.drawn is not None and person.look.drawn.also
        await person.press("o")
        await person.until("[")
        await person.pilot.pause(0.2)
        assert person.look.drawn is not None and not person.look.drawn.also


async def test_marked_files_are_joined_into_one_curve(demo_url: str, tmp_path: Path) -> None:
    first, second = (str(spoc_light_curve(tmp_path / f"{n}_lc.fits")) for n in "ab")
    async with looking(demo_url, first, second) as person:
        await person.until(" points")
        one = person.look.base
        await person.press("J")
        await person.until("2 light curves stitched")
        assert one is not None and person.plot.series is not None and person.plot.series.x.size == 2 * one.x.size
        assert person.look.drawn is not None
        joins = [mark for mark in person.look.drawn.marks if mark.kind == "join"]
        assert [mark.x for mark in joins] == [float(person.plot.series.x[one.x.size])], "where the second file begins"
        await person.press("J")
        await person.until_gone("stitched")


async def test_a_curve_is_written_as_a_picture_and_as_numbers_and_nothing_is_replaced(
    demo_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    where = str(spoc_light_curve(tmp_path / "a_lc.fits"))
    async with looking(demo_url, where, download_folder=str(folder)) as person:
        await person.until(" points")
        for _ in range(2):
            await person.press("w")
            await person.until("Write this curve")
            await person.press("c", "enter")
            await person.until("wrote ")
            await person.press("right")
        await person.press("w")
        await person.until("Write this curve")
        await person.press("s", "enter")
        await person.until(".svg")
        assert person.plot.series is not None
        count = person.plot.series.x.size
    assert sorted(p.name for p in folder.iterdir()) == ["a_lc-2.csv", "a_lc.csv", "a_lc.svg"]
    rows = [r for r in csv.reader((folder / "a_lc.csv").open(encoding="utf-8")) if r and not r[0].startswith("#")]
    assert len(rows) == count + 1
    assert "<svg" in (folder / "a_lc.svg").read_text(encoding="utf-8")


def test_a_new_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"mine")
    (tmp_path / "a-2.png").symlink_to(tmp_path / "nowhere")
    assert write_new(tmp_path, "a.png", b"new") == tmp_path / "a-3.png"
    assert (tmp_path / "a.png").read_bytes() == b"mine" and not (tmp_path / "nowhere").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a-2.png", "a-3.png", "a.png"], "nothing else is left"


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_it_works_in_small_windows_without_colour_and_in_ascii(
    size: tuple[int, int], demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    where = str(spoc_light_curve(tmp_path / "a_lc.fits"))
    async with looking(demo_url, where, size=size, plot="ascii") as person:
        await person.until("points" if size[0] > 40 else "TIC")
        await person.press("b", "e", "plus", "right")
        await person.pilot.pause(0.3)
        drawn = [line for line in person.screen.splitlines() if "|" in line]
        assert drawn and all(ord(sign) < 128 for line in drawn for sign in line)
        assert person.plot.readout and np.isfinite(person.plot.x_range).all()
