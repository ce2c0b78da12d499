"""Ticks, limits and units as an astronomer would write them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mast_tui.core.look import Axis
from mast_tui.plot.labels import axis_label, nice_ticks, number, pretty_unit, to_ascii
from mast_tui.plot.limits import robust_limits
from mast_tui.plot.scales import x_ticks


def test_hst_fluxes_have_short_ticks_and_their_power_of_ten_in_the_label() -> None:
    ticks = nice_ticks(-1e-15, 3.9e-14, 6)
    assert (ticks.labels, ticks.exponent) == (("0", "1", "2", "3"), -14)
    assert axis_label("Flux", "erg /s /cm**2 /angstrom", ticks.exponent) == "Flux [×10⁻¹⁴ erg/s/cm²/Å]"


@pytest.mark.parametrize(
    ("low", "high", "labels", "exponent"),
    [
        (1464000, 1466000, ("1.4640", "1.4645", "1.4650", "1.4655", "1.4660"), 6),
        (0.9876, 1.0029, ("0.990", "0.995", "1.000"), 0),
        (-250, 1000, ("0", "500", "1000"), 0),
        (0, 10, ("0.0", "2.5", "5.0", "7.5", "10.0"), 0),
        (-3e-5, -1e-5, ("-3.0", "-2.5", "-2.0", "-1.5", "-1.0"), -5),
    ],
)
def test_ticks(low: float, high: float, labels: tuple[str, ...], exponent: int) -> None:
    ticks = nice_ticks(low, high, 6 if exponent else 5)
    assert (ticks.labels, ticks.exponent) == (labels, exponent)


@given(
    middle=st.floats(-1e6, 1e6),
    size=st.floats(-18, 12),
    at_most=st.integers(1, 12),
)
def test_ticks_lie_inside_are_few_and_differ(middle: float, size: float, at_most: int) -> None:
    low = middle * 10.0**size
    high = low + max(10.0**size, abs(low) * 1e-6)
    ticks = nice_ticks(low, high, at_most)
    slack = (high - low) * 1e-6
    assert len(ticks.labels) <= at_most and len(set(ticks.labels)) == len(ticks.labels)
    assert all(low - slack <= position <= high + slack for position in ticks.positions)
    for position, label in zip(ticks.positions, ticks.labels, strict=True):
        assert float(label) * 10.0**ticks.exponent == pytest.approx(position, abs=slack + abs(position) * 1e-9)


def test_no_ticks_without_a_range() -> None:
    assert nice_ticks(1.0, 1.0, 5).labels == () and nice_ticks(0.0, math.inf, 5).labels == ()


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("erg /s /cm**2 /angstrom", "erg/s/cm²/Å"),
        ("ERGS/CM**2/S/A", "erg/s/cm²/Å"),
        ("erg s-1 cm-2 Angstrom-1", "erg s⁻¹ cm⁻² Å⁻¹"),
        ("FLAM", "erg/s/cm²/Å"),
        ("e-/s", "e⁻/s"),
        ("ELECTRONS/S", "e⁻/s"),
        ("DEGREES", "deg"),
        ("ANGSTROMS", "Å"),
        ("um", "µm"),
        ("(MJy/sr)^2", "(MJy/sr)²"),
        ("COUNTS SEC-1 METER-1", "counts s⁻¹ m⁻¹"),
        ("FN", "FN"),
        ("furlong**((", "furlong**(("),
        ("", ""),
    ],
)
def test_units(written: str, shown: str) -> None:
    assert pretty_unit(written) == shown


def test_labels_survive_ascii() -> None:
    assert to_ascii("Flux [×10⁻¹⁴ erg/s/cm²/Å] − e⁻ …") == "Flux [x1e-14 erg/s/cm2/A] - e- ..."


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        (1464602.25, 130.4, "1464600 ± 130"),
        (1.2345e-14, 1.2e-16, "(1.234 ± 0.012)×10⁻¹⁴"),
        (0.99993, 0.00054, "0.99993 ± 0.00054"),
        (1464602.25, None, "1464602"),
        (0.0, math.nan, "0"),
        (math.nan, 1.0, "–"),
    ],
)
def test_the_readout_has_as_many_figures_as_its_error_allows(value: float, error: float | None, words: str) -> None:
    assert number(value, error) == words


def test_a_few_wild_points_do_not_set_the_limits() -> None:
    y = np.random.default_rng(1).normal(100, 1, 20_000)
    y[[5, 50]] = 1e9, -1e20
    low, high = robust_limits(np.arange(float(y.size)), y)
    assert 90 < low < 97 and 103 < high < 110


def test_near_extremes_are_kept_in_sight() -> None:
    y = np.r_[np.full(5000, 1.0), 1.05, np.full(5000, 0.9), 0.85]
    low, high = robust_limits(np.arange(float(y.size)), y)
    assert low < 0.85 and high > 1.05


def test_airglow_has_no_say_while_there_is_anything_else() -> None:
    x = np.linspace(1100, 1400, 3000)
    y = np.where(abs(x - 1215.67) < 1, 4e-13, 1e-14)
    assert robust_limits(x, y, [(1213, 1218)])[1] < 1.1e-14
    assert robust_limits(x[y > 1e-13], y[y > 1e-13], [(1213, 1218)])[1] > 4e-13


def test_a_constant_has_limits_around_it() -> None:
    for value in (5.0, -3.0, 0.0):
        low, high = robust_limits(np.arange(3.0), np.full(3, value))
        assert low < value < high


@pytest.mark.parametrize(
    ("limits", "unit", "first"),
    [((6e-7, 5.3e-6), "µm", 1.0), ((1.2e-5, 2.8e-5), "µm", 12.5), ((3e-7, 9e-7), "nm", 300.0)],
)
def test_a_wavelength_in_metres_is_told_in_a_readable_unit(
    limits: tuple[float, float], unit: str, first: float
) -> None:
    ticks, _ = x_ticks(Axis("WAVE", "Wavelength", "m"), limits, 80)
    assert axis_label("Wavelength", "m", ticks.exponent) == f"Wavelength [{unit}]"
    assert float(ticks.labels[0]) == first and ticks.positions[0] == pytest.approx(first * 10.0**ticks.exponent)
