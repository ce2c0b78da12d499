"""Parts of a series: the odd and the even turns of a folded curve, and the summary of what is in sight."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mast_tui.analysis import folded, odd_even, phase_zero, report_in_sight
from mast_tui.core.look import Axis, Ephemeris, Series
from tests.tui.looks_double import series

PERIOD_D, T0 = 2.0, 11.0


def curve() -> Series:
    x = np.arange(10.0, 20.0, 0.01)
    turn = np.round((x - T0) / PERIOD_D)
    y = 1 - 0.01 * (np.abs(x - T0 - turn * PERIOD_D) < 0.1) * (1 + turn % 2)
    made = series("flux", y, kind="lightcurve")
    return replace(made, x=x, x_axis=Axis("TIME", "Time", "d"), starts=np.array([0, 500], np.int64))


def test_the_turns_around_each_dip_go_to_one_side() -> None:
    even, odd = odd_even(curve(), PERIOD_D, T0)
    assert (even.name, odd.name) == ("even turns", "odd turns")
    assert even.x.size + odd.x.size == curve().x.size
    assert even.y.min() == pytest.approx(0.99) and odd.y.min() == pytest.approx(0.98)
    assert odd.x[0] == pytest.approx(12.0, abs=0.011) and even.starts.tolist()[0] == 0
    assert all(0 <= start < part.x.size for part in (even, odd) for start in part.starts)
    none_odd = odd_even(replace(curve(), x=np.linspace(10.5, 11.5, 1000)), PERIOD_D, T0)[1]
    assert none_odd.x.size == 0 and none_odd.starts.size == 0


def test_phase_0_is_that_of_the_fold() -> None:
    one = curve()
    assert phase_zero(one, 2 * PERIOD_D) == pytest.approx(13.0, abs=0.1), "the deeper dip, where nobody says more"
    known = replace(one, ephemerides=(Ephemeris("b", PERIOD_D, 11.5),))
    assert phase_zero(known, PERIOD_D) == 11.5 and phase_zero(known, PERIOD_D, 12.25) == 12.25
    at = phase_zero(one, 2 * PERIOD_D)
    assert np.array_equal(folded(one, 2 * PERIOD_D).x, folded(one, 2 * PERIOD_D, at).x)


def test_the_signal_to_noise_ratio_is_that_of_the_window() -> None:
    rng = np.random.default_rng(3)
    x = np.linspace(1000.0, 2000.0, 4000)
    level = np.where(x < 1500, 10.0, 50.0)
    spectrum = replace(
        series("FLUX", level + rng.standard_normal(x.size)),
        x=x,
        x_axis=Axis("W", "Wavelength", "Angstrom"),
        error=np.ones(x.size),
    )
    for low, high, expected in ((1000.0, 1400.0, 10.0), (1600.0, 2000.0, 50.0)):
        facts = {fact.name: fact for fact in report_in_sight(spectrum, low, high)}
        assert facts["In sight"].value == "1600 points" and facts["In sight"].meaning.endswith("Angstrom")
        assert float(facts["S/N"].value) == pytest.approx(expected, rel=0.03)
        assert float(facts["S/N (DER_SNR)"].value) == pytest.approx(expected, rel=0.1)
        assert "Rows" not in facts
    assert [fact.value for fact in report_in_sight(spectrum, 1.0, 2.0)] == ["0 points"]
