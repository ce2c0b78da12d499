"""An astronomer who downloads the light curves finds the published planets, and the trap that was laid."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.timeseries import BoxLeastSquares

from .reading import Floats, listed, observed, opened

BITMASK = 17087


def good_points(tic: int, sectors: set[int], cadence_s: float = 120.0) -> tuple[Floats, Floats]:
    """Times (BTJD) and relative PDCSAP flux of the unflagged cadences, each sector divided by its median."""
    times, fluxes = [], []
    for held in observed(target_name=str(tic), obs_collection="TESS", t_exptime=cadence_s):
        if held.row["sequence_number"] not in sectors:
            continue
        for product in held.products():
            if product.row["productSubGroupDescription"] in ("LC", "FAST-LC"):
                table = opened(product)["LIGHTCURVE"].data
                flux = table["PDCSAP_FLUX"].astype(float)
                good = np.isfinite(table["TIME"]) & np.isfinite(flux) & ((table["QUALITY"] & BITMASK) == 0)
                times.append(table["TIME"][good].astype(float))
                fluxes.append(flux[good] / np.median(flux[good]))
    return np.concatenate(times), np.concatenate(fluxes)


def binned(time: Floats, flux: Floats, minutes: float = 10.0) -> tuple[Floats, Floats]:
    place = np.floor((time - time[0]) * 1440 / minutes).astype(int)
    count = np.bincount(place)
    seen = count > 0
    return np.bincount(place, time)[seen] / count[seen], np.bincount(place, flux)[seen] / count[seen]


def strongest(
    time: Floats, flux: Floats, low_d: float, high_d: float, durations_d: list[float], tries: int = 8000
) -> tuple[float, float, float]:
    """Period (d), depth (relative) and epoch of the strongest box."""
    noise = 1.48 * float(np.median(np.abs(np.diff(flux)))) / np.sqrt(2)
    search = BoxLeastSquares(time, flux, dy=noise)
    periods = 1 / np.linspace(1 / high_d, 1 / low_d, tries)
    found = search.power(periods, durations_d)
    best = int(np.argmax(found.power))
    return float(periods[best]), float(found.depth[best]), float(found.transit_time[best])


def test_sector_one_has_the_counts_of_the_real_file() -> None:
    table = opened(listed("tess2018206045859-s0001-0000000261136679-0120-s")[0])["LIGHTCURVE"].data
    flux = table["PDCSAP_FLUX"]
    assert len(table) == 20_076
    assert (np.isfinite(flux) & ((table["QUALITY"] & BITMASK) == 0)).sum() == 18_264
    assert np.isfinite(flux).sum() == 18_279
    assert 810 < np.isnan(table["TIME"]).sum() < 820, "the break at mid-sector"


def test_a_fast_light_curve_has_six_times_the_cadences() -> None:
    slow, _ = good_points(261136679, {27})
    fast, _ = good_points(261136679, {27}, 20.0)
    assert len(fast) == pytest.approx(6 * len(slow), rel=0.02)
    assert np.median(np.diff(fast)) * 86400 == pytest.approx(20, abs=0.01)


@pytest.mark.parametrize(
    ("tic", "period_d", "epoch", "depth", "duration_d", "high_d"),
    [(25155310, 3.288776, 1327.5218, 0.005975, 0.13, 9.0), (261136679, 6.2679, 1325.504, 290e-6, 0.12, 13.0)],
    ids=["WASP-126 b", "pi Men c"],
)
def test_a_box_search_finds_the_published_planet(
    tic: int, period_d: float, epoch: float, depth: float, duration_d: float, high_d: float
) -> None:
    time, flux = binned(*good_points(tic, {1}))
    found, dip, middle = strongest(time, flux, 1.0, high_d, [duration_d])
    assert found == pytest.approx(period_d, rel=1e-3)
    assert dip == pytest.approx(depth, rel=0.1)
    assert abs((middle - epoch + period_d / 2) % period_d - period_d / 2) < 0.1 * duration_d


def test_the_binary_is_a_trap_half_its_period_wins_until_odd_and_even_are_compared() -> None:
    time, flux = binned(*good_points(375422201, {15, 16, 17}))
    found, _, middle = strongest(time, flux, 1.0, 20.0, [0.2], 20_000)
    assert found == pytest.approx(4.98, rel=2e-3), "a box search says five days"
    turn = np.round((time - 1713.2) / 4.98)
    inside = np.abs(time - 1713.2 - turn * 4.98) < 0.04
    even, odd = (1 - np.median(flux[inside & (turn % 2 == k)]) for k in (0, 1))
    assert even == pytest.approx(0.0165, rel=0.1)
    assert odd == pytest.approx(0.0142, rel=0.1)
    assert even - odd > 0.0015, "the two eclipses differ: the binary has ten days"
    assert abs((middle - 1713.2 + 2.49) % 4.98 - 2.49) < 0.05


def test_what_is_left_of_the_binary_dips_every_four_days() -> None:
    time, flux = binned(*good_points(375422201, {15, 16, 17}))
    away = np.abs((time - 1713.2 + 2.49) % 4.98 - 2.49)
    left = away > 0.2
    found, dip, _ = strongest(time[left], flux[left], 1.0, 20.0, [0.18], 20_000)
    assert found == pytest.approx(4.07, rel=2e-3)
    assert dip == pytest.approx(900e-6, rel=0.15)


def test_kepler_10_b_is_in_the_long_cadence() -> None:
    times, fluxes = [], []
    for product in listed("kplr011904151_lc_Q011111100000000000"):
        if product.row["productSubGroupDescription"] != "LLC":
            continue
        table = opened(product)["LIGHTCURVE"].data
        good = np.isfinite(table["TIME"]) & np.isfinite(table["PDCSAP_FLUX"]) & ((table["SAP_QUALITY"] & 1130799) == 0)
        times.append(table["TIME"][good].astype(float))
        fluxes.append(table["PDCSAP_FLUX"][good].astype(float) / np.median(table["PDCSAP_FLUX"][good]))
    found, dip, _ = strongest(np.concatenate(times), np.concatenate(fluxes), 0.80, 0.88, [0.07], 4000)
    assert found == pytest.approx(0.837495, rel=1e-3)
    assert dip == pytest.approx(152e-6, rel=0.15)


def test_the_bad_pointing_of_sector_one_is_seen_in_sap_only() -> None:
    table = opened(listed("tess2018206045859-s0001-0000000261136679-0120-s")[0])["LIGHTCURVE"].data
    bad = (table["QUALITY"] & 128) > 0
    assert np.isnan(table["PDCSAP_FLUX"][bad]).all()
    sap = table["SAP_FLUX"]
    assert np.nanstd(sap[bad]) > 0
    window = (table["TIME"] > 1346.9) & (table["TIME"] < 1349.4)
    assert (bad & window).sum() > 0.8 * bad.sum()
