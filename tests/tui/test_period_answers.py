"""Period searches that must not show, must not run twice, and must end with the app; what a fold tells of itself."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mast_tui.analysis import Periodograms, PeriodSearch, Verdict
from mast_tui.core.look import Axis, Series
from tests.preview.made_files import TESS, spoc_light_curve, table, write
from tests.tui.looks_double import series
from tests.tui.test_preview_screen import PI_MEN, Person, looking

#: It takes about a tenth of a second; a search takes many seconds, and leaving must not wait for it.
LEAVES_WITHIN_S = 1.0
PERIOD_D, T0, DEPTH, LENGTH_D = 1.5, 1325.7, 0.004, 0.1


def two_curves(path: Path) -> Path:
    """K2SFF: two apertures; the dips of every second turn are half as deep."""
    t = np.arange(0, 12, 0.01) + 1325.0
    turn = np.round((t - T0) / PERIOD_D)
    inside = np.abs(t - T0 - turn * PERIOD_D) < LENGTH_D / 2
    flux = 1 - DEPTH * inside * np.where(turn % 2 == 1, 0.5, 1.0)
    flux += 1e-4 * np.random.default_rng(5).standard_normal(t.size)
    fields = [("T", "D", t), ("FRAW", "D", flux), ("FCOR", "D", flux), ("ARCLENGTH", "D", flux)]
    return write(path, [table(fields, name) for name in ("BESTAPER", "CIRC_APER0")], {**TESS, "BJDREFI": 2457000})


class SlowSearches:
    """In the place of the searching worker: answers when `gate` is open, and counts."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.asked: list[tuple[str, Series]] = []

    async def search(self, curve: Series, method: Any, *, progress: Any = None) -> PeriodSearch:
        self.asked.append((method, curve))
        await self.gate.wait()
        spectrum = series("power", np.exp(-((np.arange(50) - 15.0) ** 2)), kind="periodogram")
        spectrum = replace(spectrum, x=spectrum.x / 10 + 0.1, x_axis=Axis("period", "Period", "d", log=True))
        verdict = Verdict("planet-like", PERIOD_D, "Dips like a planet's.", ())
        length = LENGTH_D if method == "bls" else float("nan")
        dips = (T0,) if method == "bls" else ()
        return PeriodSearch(method, spectrum, PERIOD_D, T0, length, DEPTH, 45.0, verdict, 0.0, 0.0, dips=dips)


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> SlowSearches:
    slow = SlowSearches()
    monkeypatch.setattr(Periodograms, "search", lambda _self, *a, **k: slow.search(*a, **k))
    return slow


async def shown_after(person: Person, slow: SlowSearches) -> str:
    slow.gate.set()
    for _ in range(5):
        await person.pilot.pause(0.02)
    return person.screen


@pytest.mark.parametrize("key", ["right_square_bracket", "2", "c", "m", "f"])
async def test_a_search_that_ends_after_another_curve_was_opened_never_shows(
    key: str, searches: SlowSearches, demo_url: str, tmp_path: Path
) -> None:
    where = spoc_light_curve(tmp_path / "a_lc.fits", 600) if key in "cm" else two_curves(tmp_path / "k2sff.fits")
    async with looking(demo_url, str(where)) as person:
        await person.until(" points")
        before = person.plot.series
        await person.press("B")
        await person.until("looking for transits")
        await person.press(key)
        while person.plot.series is before:
            await person.pilot.pause(0.02)
        assert "box least squares" not in await shown_after(person, searches)
        assert person.plot.series is not None and person.plot.series.kind == "lightcurve"


async def test_what_is_left_without_the_dips_is_searched_by_one_key(
    searches: SlowSearches, demo_url: str, tmp_path: Path
) -> None:
    searches.gate.set()
    async with looking(demo_url, str(two_curves(tmp_path / "k2sff.fits"))) as person:
        await person.until(" points")
        await person.press("R")
        await person.until("There is no periodogram here; B makes one.")
        await person.press("P")
        await person.until("Lomb-Scargle periodogram")
        await person.press("R")
        await person.until("no dips that could be left out")
        await person.press("B")
        await person.until("box least squares")
        await person.press("R")
        while len(searches.asked) < 3:
            await person.pilot.pause(0.02)
        (_, whole), (method, left) = searches.asked[-2:]
        phase = np.abs((left.x - T0 + PERIOD_D / 2) % PERIOD_D - PERIOD_D / 2)
        assert method == "bls" and left.x.size < whole.x.size and phase.min() > LENGTH_D / 2
        assert left.steps[-1].startswith("without the dips every 1.5 d")


async def test_the_same_curve_is_searched_once_by_each_method_and_another_one_anew(
    searches: SlowSearches, demo_url: str, tmp_path: Path
) -> None:
    searches.gate.set()
    async with looking(demo_url, str(two_curves(tmp_path / "k2sff.fits"))) as person:
        await person.until(" points")
        for key in ("B", "P", "B", "P"):
            await person.press(key)
            await person.until("box least squares" if key == "B" else "Lomb-Scargle periodogram")
        await person.press("escape", "f")
        await person.until("flattened over")
        await person.press("B")
        await person.until("box least squares")
        await person.press("B", "b")
        await person.until("bins of")
        await person.press("f")
        await person.until("· trend ·")
        await person.press("f", "f")
        await person.until("flattened over")
        # made anew by every drawing, the numbers are the same
        await person.press("B")
        await person.until("box least squares")
        assert [method for method, _ in searches.asked] == ["bls", "ls", "bls"]
        assert not np.array_equal(searches.asked[2][1].y, searches.asked[0][1].y)


async def test_what_a_periodogram_hides_is_refused_in_words(
    searches: SlowSearches, demo_url: str, tmp_path: Path
) -> None:
    searches.gate.set()
    async with looking(demo_url, str(two_curves(tmp_path / "k2sff.fits"))) as person:
        await person.until(" points")
        await person.press("B")
        await person.until("box least squares")
        asked = person.look.asked
        for key in ("N", "f", "b", "e", "o", "J"):
            await person.press(key)
            await person.until("This is the periodogram; esc goes back")
            assert person.look.asked == asked
            await person.press("0")
        await person.press("i")
        screen = await person.until("What the search found")
        assert "1.5 d" in screen and "1325.70000" in screen and "4000 ppm" in screen and "2.4 h" in screen


async def test_a_fold_tells_the_dips_and_shows_odd_and_even_turns_apart(
    searches: SlowSearches, demo_url: str, tmp_path: Path
) -> None:
    searches.gate.set()
    async with looking(demo_url, str(two_curves(tmp_path / "k2sff.fits"))) as person:
        await person.until(" points")
        await person.press("O")
        await person.until("The curve isn't folded; p folds it.")
        await person.press("B")
        await person.until("box least squares")
        await person.press("enter")
        await person.until("T0 1325.7000 · depth 4000 ppm · 2.4 h long · S/N 45")
        await person.press("O")
        await person.until("× odd turns")
        drawn = person.look.drawn
        assert drawn is not None and drawn.over is not None
        (odd,) = drawn.also
        depths = [1 - float(np.min(turns.y[np.abs(turns.x) < 0.02])) for turns in (drawn.over, odd)]
        assert depths == pytest.approx([DEPTH, DEPTH / 2], rel=0.1)
        await person.press("O")
        await person.until_gone("× odd turns")


async def test_the_window_changes_its_size_and_the_app_leaves_while_a_search_runs(demo_url: str) -> None:
    """With the real worker, which is held in the middle of its work."""
    async with looking(demo_url, PI_MEN) as person:
        await person.until(" points")
        await person.press("P")
        await person.until("Enter folds")
        await person.press("escape")
        await person.until(" points")
        for pid in workers_of("mast_tui.analysis.jobs"):
            os.kill(pid, signal.SIGSTOP)
        await person.press("B")
        await person.until("looking for")
        await person.pilot.resize_terminal(60, 18)
        await person.pilot.pause()
        assert person.plot.size.width == 60 and "looking for" in person.screen
        begin = time.perf_counter()
        await person.press("q")
        await person.app.left()
        took = time.perf_counter() - begin
        search = person.look.search
        assert search is not None and search.method == "ls", "it was left in the middle of the box search"
    assert took < LEAVES_WITHIN_S
    assert not workers_of("mast_tui.analysis.jobs"), "the worker that hung was ended with the app"


def workers_of(module: str) -> list[int]:
    """The worker processes of this one that do the jobs of `module`."""
    found = []
    for children in Path("/proc/self/task").glob("*/children"):
        for pid in children.read_text().split():
            with contextlib.suppress(OSError):
                if module.encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(int(pid))
    return found
