"""What a pixel is worth, by the headers of JWST and HST."""

from __future__ import annotations

import math

import pytest
from astropy import units as u

from mast_tui.analysis import calibration_of
from mast_tui.core.look import Card, HduLook, HeaderLook


def header(primary: dict[str, str], image: dict[str, str]) -> HeaderLook:
    """A file of a primary HDU and one image, HDU 1."""
    cards = [tuple(Card(name, value, "") for name, value in one.items()) for one in (primary, image)]
    return HeaderLook(
        (HduLook(0, "PRIMARY", 1, "image", (), cards[0]), HduLook(1, "SCI", 1, "image", (2, 2), cards[1]))
    )


ACS = {"TELESCOP": "HST", "EXPTIME": "400.0", "PHOTFLAM": "7.9064521e-20", "PHOTPLAM": "5917.6797"}


def test_a_jwst_pixel_in_janskys() -> None:
    found = calibration_of(header({"TELESCOP": "JWST"}, {"BUNIT": "MJy/sr", "PIXAR_SR": "9.307E-14"}), 1)
    assert found is not None
    (flux, unit), (magnitude, mag) = found.readings(2.5)
    expected = (2.5 * u.MJy / u.sr * 9.307e-14 * u.sr).to(u.Jy)
    assert flux == pytest.approx(expected.value) and unit == "Jy/pixel"
    assert magnitude == pytest.approx(expected.to(u.ABmag).value, abs=1e-3) and mag == "AB mag"
    ((dark, _),) = found.readings(-1.0)  # no magnitude without light
    assert dark == pytest.approx(-9.307e-8)
    assert found.readings(math.nan) == ()
    assert [fact.value for fact in found.facts] == ["9.307e-08 Jy/pixel", "26.478 mag"]


def test_an_hst_count_rate_as_flux_and_magnitude() -> None:
    """ZP_AB = -2.5 log10 PHOTFLAM - 5 log10 PHOTPLAM - 2.408, and F_λ at the pivot wavelength through astropy."""
    found = calibration_of(header(ACS, {"BUNIT": "ELECTRONS/S"}), 1)
    assert found is not None
    zero = -2.5 * math.log10(7.9064521e-20) - 5 * math.log10(5917.6797) - 2.408
    assert found.ab_zero == pytest.approx(zero, abs=1e-3)
    (flux, unit), (magnitude, _) = found.readings(12.0)
    assert flux == pytest.approx(12 * 7.9064521e-20) and unit == "erg/s/cm2/Å"
    through = (flux * u.erg / u.s / u.cm**2 / u.AA).to(u.ABmag, u.spectral_density(5917.6797 * u.AA))
    assert magnitude == pytest.approx(through.value, abs=1e-3)


def test_counts_are_divided_by_the_exposure_time() -> None:
    rate, total = (calibration_of(header(ACS, {"BUNIT": unit}), 1) for unit in ("electrons/s", "ELECTRONS"))
    assert rate is not None and total is not None
    assert total.readings(400.0)[0][0] == pytest.approx(rate.readings(1.0)[0][0])
    assert total.readings(400.0)[1][0] == pytest.approx(rate.readings(1.0)[1][0]) and "400 s" in total.how


def test_keywords_of_the_image_come_before_those_of_the_file() -> None:
    found = calibration_of(header(ACS, {"BUNIT": "electrons/s", "PHOTFLAM": "1e-19"}), 1)
    assert found is not None and found.flux == 1e-19


@pytest.mark.parametrize(
    ("primary", "image"),
    [
        ({"TELESCOP": "JWST"}, {"BUNIT": "MJy/sr"}),
        ({"TELESCOP": "JWST"}, {"BUNIT": "DN/s", "PIXAR_SR": "9.3E-14"}),
        ({"TELESCOP": "JWST"}, {"BUNIT": "MJy/sr", "PIXAR_SR": "0.0"}),
        ({**ACS, "PHOTFLAM": "0.0"}, {"BUNIT": "ELECTRONS"}),
        ({**ACS, "EXPTIME": "none"}, {"BUNIT": "ELECTRONS"}),
        ({**ACS, "TELESCOP": "UIT"}, {"BUNIT": "ELECTRONS/S"}),
        (ACS, {"BUNIT": "UNITLESS"}),
        (ACS, {}),
    ],
)
def test_what_the_headers_do_not_tell_is_not_made_up(primary: dict[str, str], image: dict[str, str]) -> None:
    assert calibration_of(header(primary, image), 1) is None
    assert calibration_of(None, 1) is None and calibration_of(header(primary, image), None) is None
