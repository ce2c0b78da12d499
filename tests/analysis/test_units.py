"""A spectrum is compared with another one: the same flux in other words, lines where they belong."""

from __future__ import annotations

import numpy as np
import pytest
from astropy import units as u
from hypothesis import given
from hypothesis import strategies as st

from mast_tui.analysis import in_medium, in_unit, in_x_unit, lines_within, unit_meant, units_for, x_units_for
from mast_tui.analysis.unit_words import read_unit
from mast_tui.core.errors import InvalidQuery

from .made_curves import light_curve, spectrum

#: as real files write it, as astropy writes the same
WRITTEN = [
    ("FLAM", "erg / (s cm2 Angstrom)"),
    ("ERGS/CM**2/S/A", "erg / (s cm2 Angstrom)"),
    ("ERG/CM2/S/A", "erg / (s cm2 Angstrom)"),
    ("ERGS/CM**2/S/ANGSTRM", "erg / (s cm2 Angstrom)"),
    ("erg /s /cm**2 /angstrom", "erg / (s cm2 Angstrom)"),
    ("erg/s/cm2/Å", "erg / (s cm2 Angstrom)"),
    ("erg s-1 cm-2 Angstrom-1", "erg / (s cm2 Angstrom)"),
    ("erg/(s cm2 A)", "erg / (s cm2 Angstrom)"),
    ("10**-16 ergs/(s.cm^2.Ang)", "1e-16 erg / (s cm2 Angstrom)"),
    ("1e-17 erg/s/cm^2/Ang", "1e-17 erg / (s cm2 Angstrom)"),
    ("W m-2 um-1", "W / (m2 um)"),
    ("W/m^2/Hz", "W / (m2 Hz)"),
    ("Jy", "Jy"),
    ("mJy", "mJy"),
    ("uJy", "uJy"),
    ("MJy", "MJy"),
    ("MJy/sr", "MJy / sr"),
    ("ANGSTROMS", "Angstrom"),
    ("micron", "um"),
    ("GHz", "GHz"),
    ("keV", "keV"),
    ("cm-1", "1 / cm"),
]


@pytest.mark.parametrize(("written", "meant"), WRITTEN)
def test_units_as_files_write_them(written: str, meant: str) -> None:
    found = read_unit(written)
    assert found is not None
    a, b, c, d = found.powers
    ours = found.factor * (u.cm**a * u.g**b * u.s**c * u.sr**d)
    assert ours.to_value(u.Unit(meant)) == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize(
    "words", ["", "e-/s", "ELECTRONS", "counts", "(erg", "erg)", "0 Jy", "1/0", "Jy**99", "9e999 Jy"]
)
def test_what_is_no_known_unit_is_none(words: str) -> None:
    assert read_unit(words) is None


@given(st.text(max_size=100))
def test_no_words_break_the_reader(words: str) -> None:
    found = read_unit(words)
    assert found is None or 0 < found.factor < float("inf")


def test_one_jansky_at_one_micron() -> None:
    star = spectrum([1.0, 2.0], [1.0, 1.0], "um", "Jy", error=np.array([0.1, 0.1]))
    out = in_unit(star, "erg/s/cm2/Å")
    assert out.y[0] == pytest.approx(2.998e-13, rel=1e-4) and out.y[1] == pytest.approx(2.998e-13 / 4, rel=1e-4)
    assert out.error is not None and out.error[0] == pytest.approx(out.y[0] / 10)
    assert out.y_axis.unit == "erg/s/cm2/Å" and out.steps == ("in erg/s/cm2/Å",) and star.y[0] == 1.0


@pytest.mark.parametrize("own", ["Jy", "FLAM", "W m-2 um-1", "MJy"])
@pytest.mark.parametrize("wanted", [("mJy", u.mJy), ("µJy", u.uJy), ("erg/s/cm2/Å", u.erg / u.s / u.cm**2 / u.AA)])
def test_every_way_gives_what_astropy_gives(own: str, wanted: tuple[str, u.Unit]) -> None:
    in_astropy = {"FLAM": u.erg / u.s / u.cm**2 / u.AA, "W m-2 um-1": u.W / u.m**2 / u.um}.get(own) or u.Unit(own)
    x, y = np.array([0.3, 1.0, 5.0]), np.array([2.0, 3.0, 4.0])
    expected = (y * in_astropy).to(wanted[1], u.spectral_density(x * u.um)).value
    assert in_unit(spectrum(x, y, "um", own), wanted[0]).y == pytest.approx(expected, rel=1e-9)


def test_ab_magnitudes_grow_downwards_and_leave_out_the_dark() -> None:
    star = spectrum([1.0, 2, 3, 4], [3631.0, -1.0, 3.631, 0.0], "um", "Jy", error=np.full(4, 0.3631))
    out = in_unit(star, "AB mag")
    assert out.y == pytest.approx([0.0, 7.5], abs=1e-4) and out.y_axis.upside_down
    assert out.error is not None and out.error == pytest.approx([1.0857e-4, 0.10857], rel=1e-3)
    assert out.n_good == 2 and "2 points" in out.notes[-1]
    back = in_unit(out, "Jy")
    assert back.y == pytest.approx([3631, 3.631], rel=1e-9) and not back.y_axis.upside_down


def test_the_units_that_are_offered_begin_with_the_files_own() -> None:
    assert units_for(spectrum([1.0], [1.0], "um", "Jy"))[:3] == ("Jy", "erg/s/cm2/Å", "mJy")
    assert "erg/s/cm2/Å" not in units_for(spectrum([1.0], [1.0], "ANGSTROMS", "FLAM")), "it is what FLAM means"
    assert units_for(spectrum([1.0], [1.0], "um", "MJy/sr")) == ("MJy/sr",)
    assert units_for(spectrum([1.0], [1.0], "pix", "Jy")) == ("Jy",), "without a wavelength there is no F_λ"
    assert units_for(light_curve([1.0, 2.0], [1.0, 2.0])) == ("e-/s",)
    assert x_units_for(spectrum([1.0], [1.0], "Angstrom", "Jy")) == ("Angstrom", "nm", "µm", "GHz", "keV")
    with pytest.raises(InvalidQuery, match="MJy/sr"):
        in_unit(spectrum([1.0], [1.0], "um", "MJy/sr"), "Jy")


@pytest.mark.parametrize(
    ("words", "unit"),
    [("um", "µm"), ("micron", "µm"), ("A", "Angstrom"), ("nm", "nm"), ("ghz", "GHz"), ("uJy", "µJy"),
     ("FLAM", "erg/s/cm2/Å"), ("AB", "AB mag"), ("mJy", "mJy"), ("furlong", None), ("", None)],
)  # fmt: skip
def test_a_unit_may_be_spelled_as_people_type_it(words: str, unit: str | None) -> None:
    star = spectrum([5000.0], [1.0], "Angstrom", "Jy")
    assert unit_meant(words, (*units_for(star), *x_units_for(star))) == unit


@given(st.sampled_from(["Jy", "mJy", "µJy", "erg/s/cm2/Å", "erg/s/cm2", "AB mag"]), st.floats(1e-20, 1e20))
def test_there_and_back_again(unit: str, flux: float) -> None:
    star = spectrum([0.5, 1.5, 25.0], [flux, 2 * flux, 3 * flux], "um", "Jy")
    assert in_unit(in_unit(star, unit), "Jy").y == pytest.approx(star.y, rel=1e-9)


@pytest.mark.parametrize(("unit", "of"), [("Å", u.AA), ("nm", u.nm), ("GHz", u.GHz), ("keV", u.keV)])
def test_over_frequency_the_runs_are_turned_round(unit: str, of: u.Unit) -> None:
    star = spectrum([1.0, 2, 3, 7, 8], [1.0, 2, 3, 7, 8], "um", "Jy", starts=np.array([0, 3]))
    out = in_x_unit(star, unit)
    assert np.sort(out.x) == pytest.approx(np.sort((star.x * u.um).to(of, u.spectral()).value), rel=1e-9)
    for run in np.split(out.x, out.starts[1:]):
        assert (np.diff(run) > 0).all()
    assert sorted(np.diff([*out.starts, 5]).tolist()) == [2, 3]
    assert in_x_unit(out, "µm").x == pytest.approx(star.x) and in_x_unit(out, "µm").y == pytest.approx(star.y)


def test_airglow_ranges_move_with_the_axis() -> None:
    star = spectrum([1200.0, 1220.0], [1.0, 1.0], "Angstrom", "FLAM", ignore_for_limits=((1213.0, 1218.0),))
    ((low, high),) = in_x_unit(star, "nm").ignore_for_limits
    assert (low, high) == pytest.approx((121.3, 121.8))
    ((low, high),) = in_x_unit(star, "GHz").ignore_for_limits
    assert low < high


def test_air_and_vacuum() -> None:
    """Hα: 6562.79 Å in air, 6564.61 Å in vacuum (NIST ASD); below 2000 Å all are vacuum wavelengths."""
    star = spectrum([1215.67, 6564.61], [1.0, 1.0], "Angstrom", "FLAM")
    air = in_medium(star, "air")
    assert air.x == pytest.approx([1215.67, 6562.79], abs=0.01) and air.medium == "air"
    assert in_medium(air, "vacuum").x == pytest.approx(star.x, abs=1e-8)
    with pytest.raises(InvalidQuery, match="doesn't say"):
        in_medium(spectrum([6564.0], [1.0], "Angstrom", "FLAM", medium=""), "air")
    with pytest.raises(InvalidQuery, match="wavelength"):
        in_medium(in_x_unit(star, "GHz"), "air")


@given(st.floats(2010.0, 250_000.0))
def test_air_there_and_back(wave: float) -> None:
    star = spectrum([wave], [1.0], "Angstrom", "FLAM")
    there = in_medium(star, "air")
    assert 2.5e-4 < (wave - there.x[0]) / wave < 3.3e-4
    assert in_medium(there, "vacuum").x[0] == pytest.approx(wave, rel=1e-12)


def test_lines_stand_where_the_redshift_puts_them() -> None:
    quasar = spectrum([3000.0, 9000.0], [1.0, 1.0], "Angstrom", "FLAM")
    assert [line.name for line in lines_within(quasar, 0.0, 6540, 6590)] == ["[N II]", "Hα", "[N II]"]
    strong = {line.name: line.strong for line in lines_within(quasar, 0.0, 6540, 6590)}
    assert strong == {"[N II]": False, "Hα": True}
    (lya,) = lines_within(quasar, 2.5, 4250, 4260)
    assert lya.name == "Lyα" and lya.x == pytest.approx(4254.845) and lya.rest_um == pytest.approx(0.121567)
    webb = spectrum([1.0, 28.0], [1.0, 1.0], "um", "Jy")
    assert [line.name for line in lines_within(webb, 0.0, 12, 16)] == ["[Ne II]", "[Ne III]"]
    (halpha,) = lines_within(in_medium(quasar, "air"), 0.0, 6562, 6563)
    assert halpha.x == pytest.approx(6562.79, abs=0.01), "in air where the spectrum is"
    ghz = in_x_unit(webb, "GHz")
    names = [
        line.name
        for line in lines_within(ghz, 0.0, *in_x_unit(spectrum([12.0, 16.0], [1.0, 1.0], "um", "Jy"), "GHz").x)
    ]
    assert names == ["[Ne III]", "[Ne II]"]
    with pytest.raises(InvalidQuery, match="redshift"):
        lines_within(quasar, -1.0, 0, 1)
    with pytest.raises(InvalidQuery):
        lines_within(light_curve([1.0, 2.0], [1.0, 1.0]), 0.0, 0, 1)
