"""The rest wavelengths of the line list are those of the published tables, in vacuum."""

from __future__ import annotations

import numpy as np
import pytest

from mast_tui.analysis import lines_within
from mast_tui.analysis.medium import to_air, to_vacuum

from .made_curves import spectrum

#: Morton 2003, ApJS 149, 205, table 2: vacuum wavelengths in Å; of the hydrogen lines the means of the multiplets.
MORTON = (
    ("Lyγ", 972.5367), ("C III", 977.0201), ("Lyβ", 1025.7222), ("O VI", 1031.9261), ("O VI", 1037.6167),
    ("Si III", 1206.5000), ("Lyα", 1215.6700), ("N V", 1238.821), ("N V", 1242.804), ("Si II", 1260.4221),
    ("O I", 1302.1685), ("Si II", 1304.3702), ("C II", 1334.5323), ("C II", 1335.7077), ("Si IV", 1393.7602),
    ("Si IV", 1402.7729), ("Si II", 1526.7070), ("Fe II", 1608.4511), ("O III]", 1666.150), ("Al II", 1670.7886),
    ("Al III", 1854.7184), ("Al III", 1862.7910), ("C III]", 1908.734), ("Fe II", 2382.7652), ("Fe II", 2600.1729),
    ("Mg II", 2796.3543), ("Mg II", 2803.5315), ("Mg I", 2852.9631), ("Na D2", 5891.5833), ("Na D1", 5897.5581),
)  # fmt: skip
#: NIST ASD, in air, Å (as in the table of emission lines at astronomy.nmsu.edu/drewski).
NIST_IN_AIR = (
    ("[O II]", 3726.032), ("[O II]", 3728.815), ("[Ne III]", 3868.76), ("Ca K", 3933.663), ("Ca H", 3968.468),
    ("Hδ", 4101.742), ("Hγ", 4340.471), ("[O III]", 4363.21), ("He II", 4685.71), ("Hβ", 4861.333),
    ("[O III]", 4958.911), ("[O III]", 5006.843), ("Mg b", 5183.604), ("He I", 5875.624), ("[O I]", 6300.304),
    ("[N II]", 6548.05), ("Hα", 6562.79), ("[N II]", 6583.46), ("[S II]", 6716.44), ("[S II]", 6730.81),
    ("Ca T", 8498.02), ("Ca T", 8542.09), ("Ca T", 8662.14),
)  # fmt: skip
#: Vacuum, µm: fine structure (MPE's list for ISO, mpe.mpg.de/ir/ISO/linelists/FSlines.html), hydrogen (Case B tables).
INFRARED = (
    ("[Ar II]", 6.985274), ("[S IV]", 10.51049), ("[Ne II]", 12.81354), ("[Ne III]", 15.55505), ("[S III]", 18.71303),
    ("[O IV]", 25.8903), ("Paβ", 1.282159), ("Paα", 1.875613), ("Brγ", 2.166120), ("Brα", 4.052262),
)  # fmt: skip


def rest(name: str, near: float) -> float:
    """The list's line of this name next to `near` (Å in vacuum)."""
    wide = spectrum([900.0, 300_000.0], [1.0, 1.0], "Angstrom", "FLAM")
    same = [line.rest_um * 1e4 for line in lines_within(wide, 0.0, 900, 300_000) if line.name == name]
    return min(same, key=lambda wave: abs(wave - near))


@pytest.mark.parametrize(("name", "wave"), MORTON)
def test_resonance_lines_are_those_of_morton(name: str, wave: float) -> None:
    assert rest(name, wave) == pytest.approx(wave, abs=0.0056)


@pytest.mark.parametrize(("name", "air"), NIST_IN_AIR)
def test_optical_lines_are_those_of_nist_taken_to_vacuum(name: str, air: float) -> None:
    wave = float(to_vacuum(np.array([air]))[0])
    assert rest(name, wave) == pytest.approx(wave, abs=0.03)


@pytest.mark.parametrize(("name", "um"), INFRARED)
def test_infrared_lines(name: str, um: float) -> None:
    assert rest(name, um * 1e4) == pytest.approx(um * 1e4, rel=5e-6)


def test_the_index_of_air_is_that_of_birch_and_downs() -> None:
    """Their formula in the form of Morton 2000, written out for 1 µm: σ² = 1 µm⁻²."""
    n = 1 + 8.34254e-5 + 2.406147e-2 / (130 - 1) + 1.5998e-4 / (38.9 - 1)
    assert 10_000.0 / float(to_air(np.array([10_000.0]))[0]) == pytest.approx(n, abs=1e-12)
    assert float(to_vacuum(np.array([5006.843]))[0]) == pytest.approx(5008.240, abs=0.001), "[O III], SDSS in vacuum"
