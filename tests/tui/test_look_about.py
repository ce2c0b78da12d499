"""The line above a curve and the line of keys below it: what stands there, and what gives way in a narrow window."""

from __future__ import annotations

from pathlib import Path

import pytest

from mast_tui.core.look import Fact, Preview
from mast_tui.tui.screens.look_about import laid_out, taken_when
from mast_tui.tui.screens.look_question_keys import listed
from tests.preview.made_files import cos_spectrum, spoc_light_curve
from tests.tui.test_preview_screen import looking

CHIPS = [("TIC 1", True), None, "18,264 of 20,076 points", "masked 9.0 % by QUALITY", "1 of 41 [ ]", "TESS"]


def test_words_that_belong_together_stay_on_one_line() -> None:
    assert laid_out(CHIPS, 120, 2).plain == " · ".join(
        ("TIC 1", "18,264 of 20,076 points", "masked 9.0 % by QUALITY", "1 of 41 [ ]", "TESS")
    )
    assert laid_out(CHIPS, 62, 2).plain.split("\n") == [
        "TIC 1 · 18,264 of 20,076 points · masked 9.0 % by QUALITY",
        "1 of 41 [ ] · TESS",
    ]


def test_what_there_is_no_room_for_is_left_out_whole_and_a_shorter_word_may_follow() -> None:
    assert laid_out(CHIPS, 40, 1).plain == "TIC 1 · 18,264 of 20,076 points · TESS"
    assert laid_out([("a name that is far too long", True), "x"], 10, 1).plain == "a name th…"


@pytest.mark.parametrize("width", [10, 20, 33, 80])
def test_no_line_is_wider_than_the_window(width: int) -> None:
    said = laid_out([*CHIPS, "日本語 target"], width, 2)
    assert all(line.cell_len <= width for line in said.split("\n"))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ((Fact("SECTOR", "1"), Fact("TIMEDEL", "120 s")), ["TESS S1", "120 s"]),
        ((Fact("QUARTER", "4"), Fact("TIMEDEL", "1765.46 s")), ["TESS Q4", "29.4 min"]),
        ((Fact("EXPOSURE", "22.08 d"),), ["TESS"]),
    ],
)
def test_the_sector_and_the_cadence_stand_beside_the_instrument(facts: tuple[Fact, ...], said: list[str]) -> None:
    assert taken_when(Preview("a.fits", "lightcurve", "TESS", None, (), facts=facts)) == said


async def test_the_keys_below_are_those_of_this_kind_of_curve(demo_url: str, tmp_path: Path) -> None:
    async with looking(demo_url, str(cos_spectrum(tmp_path / "x1d.fits")), size=(80, 24)) as person:
        await person.until(" points")
        hints = person.screen.splitlines()[-1]
        assert "l lines" in hints and "u unit" in hints and "BLS" not in hints and "fold" not in hints
    async with looking(demo_url, str(spoc_light_curve(tmp_path / "a_lc.fits")), size=(80, 24)) as person:
        await person.until(" points")
        hints = person.screen.splitlines()[-1]
        assert "B BLS" in hints and "p fold" in hints and "lines" not in hints


async def test_the_line_above_is_laid_out_anew_in_another_window(demo_url: str, tmp_path: Path) -> None:
    async with looking(demo_url, str(spoc_light_curve(tmp_path / "a_lc.fits")), size=(120, 30)) as person:
        await person.until("a_lc.fits")
        await person.pilot.resize_terminal(44, 30)
        await person.pilot.pause()
        first, second = (line.rstrip() for line in person.screen.splitlines()[1:3])
        assert len(first) <= 44 and len(second) <= 44 and not first.endswith("·") and not second.endswith("·")


async def test_a_column_is_chosen_by_name_and_z_asks_for_the_redshift(demo_url: str, tmp_path: Path) -> None:
    async with looking(demo_url, str(spoc_light_curve(tmp_path / "a_lc.fits"))) as person:
        await person.until("PDCSAP flux")
        await person.press("C")
        await person.until("Which column?")
        await person.press("s", "enter")
        await person.until("LIGHTCURVE SAP_FLUX")
    async with looking(demo_url, str(cos_spectrum(tmp_path / "x1d.fits"))) as person:
        await person.until(" points")
        await person.press("Z")
        await person.until("Redshift of the lines")
        await person.press("ctrl+a", "ctrl+k", *"0", "full_stop", *"004", "enter")
        await person.until("lines at z = 0.004")


def test_the_summary_writes_units_as_one_does() -> None:
    facts = (Fact("Median", "1.5e-14 erg /s /cm**2 /angstrom"), Fact("Step", "0.01 angstrom", "median distance"))
    assert listed(facts, ("angstrom", "erg /s /cm**2 /angstrom")).split("\n") == [
        "Median  1.5e-14 erg/s/cm²/Å",
        "Step    0.01 Å               median distance",
    ]
