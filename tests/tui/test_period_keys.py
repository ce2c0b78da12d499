"""Looking for a period: a person searches, reads the verdict, folds with one key and finds the way back."""

from __future__ import annotations

import numpy as np
import pytest

from tests.tui.test_preview_screen import looking

SECTORS = ("2019226182529-s0015-0000000375422201-0151", "2019253231442-s0016-0000000375422201-0152")
V839_CEP = tuple(f"mast:TESS/product/tess{name}-s_lc.fits" for name in SECTORS)
SECTOR_17 = "mast:TESS/product/tess2019279210107-s0017-0000000375422201-0161-s_lc.fits"


async def test_the_verdict_is_a_binary_at_twice_the_period_and_enter_folds_there(demo_url: str) -> None:
    async with looking(demo_url, *V839_CEP) as person:
        await person.until(" points")
        await person.press("J")
        await person.until("2 light curves stitched")
        curve = person.plot.series
        said: list[str] = []
        say = person.look.say_busy

        def heard(words: str) -> None:
            said.append(words)
            say(words)

        person.look.say_busy = heard  # type: ignore[method-assign]
        await person.press("B")
        screen = await person.until("Enter folds")
        assert said[0].startswith("looking for transits (BLS) in ") and said[0].endswith("esc stops")
        assert any(words.startswith("Box search: ") and " of " in words for words in said), "it says how far it is"
        assert "an eclipsing binary at twice the BLS period" in screen and "box least squares" in screen
        search = person.look.search
        assert search is not None and search.verdict.kind == "eclipsing binary"
        assert search.period_d == pytest.approx(4.98, rel=1e-3)
        assert search.verdict.period_d == pytest.approx(9.96, rel=1e-3)
        await person.press("enter")
        await person.until(f"folded at {search.verdict.period_d:.7g} d")
        assert person.plot.x_range == pytest.approx((-0.5, 0.5), abs=0.01)
        await person.press("p")
        await person.until("Unfolded.")
        back = person.plot.series
        assert curve is not None and back is not None and np.array_equal(back.x, curve.x)


async def test_the_deeper_eclipse_is_phase_0_where_the_shallower_comes_first(demo_url: str) -> None:
    async with looking(demo_url, SECTOR_17) as person:
        await person.until(" points")
        await person.press("B")
        await person.until("Enter folds")
        await person.press("enter")
        await person.until("folded at")
        folded = person.plot.series
        assert folded is not None
        first = float(np.median(folded.y[np.abs(folded.x) < 0.005]))
        second = float(np.median(folded.y[np.abs(folded.x) > 0.495]))
        assert first < second


async def test_a_wave_search_goes_back_by_the_same_key_and_by_esc(demo_url: str) -> None:
    async with looking(demo_url, V839_CEP[0]) as person:
        await person.until(" points")
        for back in ("P", "escape"):
            await person.press("P")
            screen = await person.until("Lomb-Scargle periodogram")
            assert person.look.search is not None
            assert person.look.search.verdict.words[:40] in screen and "4.9799 d" in screen
            assert person.plot.series is not None and person.plot.series.kind == "periodogram"
            await person.press(back)
            await person.until_gone("Lomb-Scargle periodogram")
            assert person.plot.series is person.look.base
        await person.press("i")
        screen = await person.until("Data quality of")
        assert "17274 (92.1 %)" in screen and "QUALITY & 17087" in screen and "1-h noise" in screen
        await person.press("escape")
        await person.until_gone("Data quality of")


async def test_esc_stops_a_search_and_the_next_one_still_answers(demo_url: str) -> None:
    async with looking(demo_url, V839_CEP[0]) as person:
        await person.until(" points")
        await person.pilot.press("B", "escape")
        await person.until("Stopped; what was shown stays.")
        assert person.look.search is None and person.plot.series is person.look.base
        await person.press("B")
        await person.until("Enter folds")
