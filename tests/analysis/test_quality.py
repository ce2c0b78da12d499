"""The summary of a series tells what was masked and how noisy it is."""

from __future__ import annotations

import numpy as np
import pytest

from mast_tui.analysis import quality_report
from mast_tui.analysis.quality import cdpp_1h_ppm, der_snr
from mast_tui.core.look import Fact, Flag, Quality, Series

from .made_curves import light_curve, sector, spectrum


def lines(series: Series) -> dict[str, Fact]:
    return {fact.name: fact for fact in quality_report(series)}


def test_a_light_curve_in_lines() -> None:
    base = sector(days=10, noise_ppm=300)
    mask = Quality("QUALITY", 17087, 50, (Flag(1, "attitude tweak", 20), Flag(32, "desaturation", 30)))
    found = lines(light_curve(base.x, base.y, quality=mask))
    assert found["Masked"].value.startswith("50 (") and found["Masked"].meaning == "QUALITY & 17087"
    assert found["Flag 32"].meaning == "desaturation" and found["Flag 32"].value.startswith("30 (")
    assert found["Cadence"].value == "120 s" and found["Duty cycle"].value.startswith("90.")
    assert found["Gaps"].value == "1" and "1.0" in found["Gaps"].meaning
    assert found["Median"].value.endswith("e-/s")
    last = quality_report(base, (Fact("CROWDSAP", "0.99"),))[-1]
    assert last == Fact("CROWDSAP", "0.99")


def test_the_one_hour_noise_is_that_of_thirty_points() -> None:
    assert cdpp_1h_ppm(sector(noise_ppm=300)) == pytest.approx(300 / np.sqrt(30), rel=0.12)


def test_the_signal_to_noise_of_a_spectrum() -> None:
    flux = 100 + 5 * np.random.default_rng(2).standard_normal(5000)
    assert der_snr(flux) == pytest.approx(20, rel=0.05)
    assert np.isnan(der_snr(flux[:4])) and np.isnan(der_snr(np.ones(10)))
    found = lines(spectrum(np.linspace(1, 2, 5000), flux, "um", "Jy", error=np.full(5000, 5.0)))
    assert found["S/N"].value == "20" and "S/N (DER_SNR)" in found and "Cadence" not in found


@pytest.mark.parametrize("series", [light_curve([], []), light_curve([1.0], [2.0])])
def test_hardly_any_points_are_no_trouble(series: Series) -> None:
    assert lines(series)["Good points"].value.startswith(str(series.x.size))
