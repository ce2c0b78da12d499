"""Which period is it, and is it a planet? Searches of invented stars, of real files, and of the trap of the demo."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

import mast_tui
from mast_tui.analysis import Periodograms, normalised, without_dips
from mast_tui.analysis.jobs import bls, ls
from mast_tui.analysis.judge_waves import judge_wave
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Series
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview
from tests.demo_holdings.test_periods import good_points

from .made_curves import light_curve, sector, with_dips

WASP_18 = Path(mast_tui.__file__).parent / "demo" / "files" / "wasp18b.fits"


def judged(curve: Series) -> tuple[str, float, str]:
    found = bls(curve.x - curve.x[0], curve.y / np.median(curve.y))["verdict"]
    return found["kind"], found["period_d"], found["words"]


@pytest_asyncio.fixture
async def periodograms() -> AsyncIterator[Periodograms]:
    room = Periodograms()
    yield room
    await room.close()


async def test_the_planet_of_wasp_18_is_found_in_its_real_light_curve(periodograms: Periodograms) -> None:
    curve = preview(WASP_18, Asked(file_name=WASP_18.name)).series[0]
    heard: list[str] = []
    found = await periodograms.search(normalised(curve), "bls", progress=heard.append)
    assert found.period_d == pytest.approx(0.94145, rel=1e-3) and found.verdict.period_d == found.period_d
    assert found.verdict.kind == "planet-like" and found.snr > 100
    assert found.duration_d == pytest.approx(0.1, abs=0.06) and found.depth == pytest.approx(0.009, abs=0.002)
    phase = (curve.x - found.epoch) / found.period_d
    dip = np.abs(phase - np.round(phase)) < 0.02
    assert np.median(curve.y[dip]) / np.median(curve.y[~dip]) == pytest.approx(1 - 0.0103, abs=0.001), "epoch in its x"
    spectrum = found.spectrum
    assert spectrum.kind == "periodogram" and (np.diff(spectrum.x) > 0).all() and spectrum.x_axis.unit == "d"
    assert abs(spectrum.x[np.argmax(spectrum.y)] / found.period_d - 1) < 0.01
    assert {"2P: odd and even", "3P: dips in every turn", "P/2: a dip at phase 0.5"} <= {
        test.name for test in found.verdict.tests
    }
    assert any("of" in words for words in heard), "it says how far it is"


def test_the_trap_is_seen_the_binary_has_twice_the_period_of_the_box_search() -> None:
    """TIC 375422201 of the embedded archive: 9.96 d with eclipses of 1.65 and 1.42 percent."""
    x, y = good_points(375422201, {15, 16, 17})
    answer = bls(x - x[0], y)
    assert answer["period_d"] == pytest.approx(4.98, rel=1e-3), "what the box search says"
    verdict = answer["verdict"]
    assert verdict["kind"] == "eclipsing binary" and verdict["period_d"] == pytest.approx(9.96, rel=1e-3)
    assert "Odd and even eclipses differ by" in verdict["words"] and "twice the BLS period" in verdict["words"]


@pytest.mark.parametrize(("tic", "period"), [(25155310, 3.288776), (261136679, 6.2679)], ids=["WASP-126 b", "pi Men c"])
def test_the_published_planets_are_called_planet_like(tic: int, period: float) -> None:
    x, y = good_points(tic, {1})
    verdict = bls(x - x[0], y)["verdict"]
    assert verdict["kind"] == "planet-like" and verdict["period_d"] == pytest.approx(period, rel=1e-3)


def test_a_shallow_second_eclipse_makes_it_a_binary() -> None:
    curve = with_dips(with_dips(sector(), 2.7, 1326.0, 0.15, 0.02), 2.7, 1327.35, 0.15, 0.005)
    kind, period, words = judged(curve)
    assert kind == "eclipsing binary" and period == pytest.approx(2.7, rel=2e-3) and "phase 0.50" in words


def test_a_second_eclipse_of_an_eccentric_binary_is_found_elsewhere() -> None:
    curve = with_dips(with_dips(sector(), 2.7, 1326.0, 0.15, 0.02), 2.7, 1326.81, 0.15, 0.008)
    kind, period, words = judged(curve)
    assert kind == "eclipsing binary" and period == pytest.approx(2.7, rel=2e-3) and "phase 0.3" in words


def test_dips_deeper_than_planets_make() -> None:
    kind, _, words = judged(with_dips(sector(), 2.7, 1326.0, 0.15, 0.06))
    assert kind == "eclipsing binary" and "deep" in words


def test_another_planet_does_not_make_a_planet_a_binary() -> None:
    curve = with_dips(with_dips(sector(), 3.69, 1327.3, 0.06, 0.0016), 7.45, 1328.7, 0.05, 0.0015)
    assert judged(curve)[0] == "planet-like"


def test_noise_is_nothing() -> None:
    for seed in range(4):
        curve = sector(seed=seed)
        assert judged(curve)[0] == "none"
        wave = ls(curve.x - curve.x[0], curve.y / 1000)
        assert wave["verdict"]["kind"] == "none" and wave["power"].max() < 1.5 * wave["level"]


@pytest.mark.parametrize("method", ["bls", "ls"])
async def test_a_wave_is_a_variable_star(periodograms: Periodograms, method: str) -> None:
    quiet = sector()
    curve = light_curve(quiet.x, quiet.y * (1 + 0.003 * np.sin(2 * np.pi * quiet.x / 0.8)))
    found = await periodograms.search(curve, method)  # type: ignore[arg-type]
    assert found.verdict.kind == "variable" and found.period_d == pytest.approx(0.8, rel=2e-3)
    if method == "ls":
        assert found.depth == pytest.approx(0.006, rel=0.02) and found.false_alarm < 1e-9
        phase = (curve.x - found.epoch) / 0.8
        assert np.mean(curve.y[np.abs(phase - np.round(phase)) < 0.02]) == pytest.approx(997, abs=0.1), "least at 0"


def test_noise_seldom_passes_the_false_alarm_level() -> None:
    """It is meant for 1 series of 100, and is an upper bound: of 60, hardly any may pass, yet it is not far away."""
    rng = np.random.default_rng(5)
    x = np.sort(rng.uniform(0, 20, 200))
    peaks, level = [], 0.0
    for _ in range(60):
        answer = ls(x, 1 + 1e-3 * rng.standard_normal(200), 0.5, 20.0)
        peaks.append(answer["power"].max())
        level = answer["level"]
    assert np.mean(np.array(peaks) > level) <= 0.08 and np.median(peaks) > 0.4 * level


async def test_cancelling_ends_the_search_at_once(periodograms: Periodograms) -> None:
    curve = sector(days=90)
    began = asyncio.Event()
    task = asyncio.create_task(periodograms.search(curve, "bls", progress=lambda words: began.set()))
    async with asyncio.timeout(30):
        await began.wait()
    asked = time.perf_counter()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.perf_counter() - asked < 1.0
    small = await periodograms.search(sector(days=5), "ls")
    assert small.method == "ls", "the next search has a worker of its own"


def test_years_of_data_are_searched_in_a_coarser_grid_and_it_is_said() -> None:
    curve = with_dips(sector(days=300, cadence_min=30), 12.5, 1330.0, 0.25, 0.004)
    answer = bls(curve.x - curve.x[0], curve.y / 1000)
    assert answer["period_d"] == pytest.approx(12.5, rel=1e-3)
    assert len(answer["periods"]) <= 20_002 and "only periods from 0.5 to 40 d" in answer["notes"][0]


async def test_what_can_not_be_searched_is_said(periodograms: Periodograms) -> None:
    with pytest.raises(InvalidQuery, match="points"):
        await periodograms.search(light_curve([1.0, 2, 3], [1.0, 1, 1]), "bls")
    with pytest.raises(InvalidQuery, match="no periods"):
        await periodograms.search(sector(days=3), "bls", low_d=5, high_d=2)


async def test_behind_the_binary_dips_every_four_days_are_left(periodograms: Periodograms) -> None:
    """TIC 375422201 of the embedded archive again: without the eclipses there are dips every 4.07 d."""
    x, y = good_points(375422201, {15, 16, 17})
    curve = light_curve(x, y, unit="")
    binary = await periodograms.search(curve, "bls")
    left = without_dips(curve, binary)
    assert left.n_good == left.x.size < curve.x.size
    assert left.steps[-1] == f"without the dips every {binary.period_d:.6g} d ({curve.x.size - left.x.size} points)"
    found = await periodograms.search(left, "bls")
    assert found.period_d == pytest.approx(4.07, rel=1e-3) and found.depth == pytest.approx(900e-6, rel=0.1)


async def test_the_second_eclipse_goes_with_the_first_wherever_it_is(periodograms: Periodograms) -> None:
    curve = with_dips(with_dips(sector(), 2.7, 1326.0, 0.15, 0.02), 2.7, 1326.81, 0.15, 0.008)
    found = await periodograms.search(curve, "bls")
    assert len(found.dips) == 2 and (found.dips[1] - found.dips[0]) / found.period_d == pytest.approx(0.3, abs=0.02)
    left = without_dips(curve, found)
    assert left.y.min() > 1000 * (1 - 6 * 300e-6), "only noise is left"
    with pytest.raises(InvalidQuery, match="no dips"):
        without_dips(left, await periodograms.search(left, "bls"))
    with pytest.raises(InvalidQuery, match="no dips"):
        without_dips(left, await periodograms.search(left, "ls"))


@pytest.mark.parametrize(
    ("tic", "sectors"),
    [(25155310, {1}), (261136679, {1}), (375422201, {15, 16, 17})],
    ids=["deep", "shallow", "binary"],
)
def test_lomb_scargle_does_not_call_transits_a_wave(tic: int, sectors: set[int]) -> None:
    x, y = good_points(tic, sectors)
    verdict = ls(x - x[0], y)["verdict"]
    assert verdict["kind"] == "dips" and "BLS" in verdict["words"]
    assert judge_wave(x, y, 1.2345, 0.5)["kind"] == "none", "what may be noise is not judged by its shape"


@pytest.mark.parametrize("harmonics", [(0.003, 0.0), (0.003, 0.0015), (0.001, 0.003)], ids=["sine", "skew", "double"])
def test_a_wave_of_any_shape_is_not_called_dips(harmonics: tuple[float, float]) -> None:
    quiet = sector()
    angle = 2 * np.pi * quiet.x / 0.8
    y = quiet.y / 1000 * (1 + harmonics[0] * np.sin(angle) + harmonics[1] * np.cos(2 * angle))
    assert ls(quiet.x - quiet.x[0], y)["verdict"]["kind"] == "variable"
