"""Spectral lines to mark: some 60 of the ultraviolet, the optical and the infrared, at a redshift.

All rest wavelengths are in vacuum, in Å. Resonance lines: Morton 2003 (ApJS 149, 205, table 2), but C IV as in NIST
ASD, 0.01 Å less. Other atomic lines: NIST ASD (physics.nist.gov/asd), of which air wavelengths were taken to vacuum
with the index in `medium`; fine structure: the list of MPE for ISO. H2: Roueff et al. 2019 (A&A 630, A58). PAH features
and the CO 2-0 band head: centres as commonly given (Tielens 2008, ARA&A 46, 289), to their digits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mast_tui.analysis.medium import to_air
from mast_tui.analysis.unit_words import LENGTH, WAVENUMBER
from mast_tui.analysis.units import C_CM_S, H_ERG_S, x_unit
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Series

_LINES = (
    ("Lyγ", 972.54), ("C III", 977.02), ("Lyβ", 1025.72), ("O VI", 1031.93), ("O VI", 1037.62), ("C III", 1175.53),
    ("Si III", 1206.50), ("Lyα", 1215.67), ("N V", 1238.82), ("N V", 1242.80), ("Si II", 1260.42), ("O I", 1302.17),
    ("Si II", 1304.37), ("C II", 1334.53), ("C II", 1335.71), ("Si IV", 1393.76), ("Si IV", 1402.77),
    ("Si II", 1526.71), ("C IV", 1548.19), ("C IV", 1550.77), ("Fe II", 1608.45), ("He II", 1640.42),
    ("O III]", 1666.15), ("Al II", 1670.79), ("Al III", 1854.72), ("Al III", 1862.79), ("C III]", 1908.73),
    ("Fe II", 2382.77), ("Fe II", 2600.17), ("Mg II", 2796.35), ("Mg II", 2803.53), ("Mg I", 2852.96),
    ("[O II]", 3727.09), ("[O II]", 3729.88), ("[Ne III]", 3869.86), ("Ca K", 3934.77), ("Ca H", 3969.59),
    ("Hδ", 4102.89), ("Hγ", 4341.68), ("[O III]", 4364.44), ("He II", 4687.02), ("Hβ", 4862.69), ("[O III]", 4960.30),
    ("[O III]", 5008.24), ("Mg b", 5185.05), ("He I", 5877.25), ("Na D2", 5891.58), ("Na D1", 5897.56),
    ("[O I]", 6302.05), ("[N II]", 6549.86), ("Hα", 6564.61), ("[N II]", 6585.27), ("[S II]", 6718.29),
    ("[S II]", 6732.68), ("Ca T", 8500.36), ("Ca T", 8544.44), ("Ca T", 8664.52), ("[S III]", 9533.2),
    ("He I", 10833.3), ("Paβ", 12821.6), ("[Fe II]", 16440.0), ("Paα", 18756.1), ("H2 1-0 S(1)", 21218.3),
    ("Brγ", 21661.2), ("CO 2-0", 22935.0), ("PAH 3.3", 33000.0), ("Brα", 40522.6), ("PAH 6.2", 62000.0),
    ("[Ar II]", 69852.7), ("PAH 7.7", 77000.0), ("PAH 8.6", 86000.0), ("[S IV]", 105105.0), ("PAH 11.3", 113000.0),
    ("[Ne II]", 128135.5), ("[Ne III]", 155550.5), ("[S III]", 187130.0), ("[O IV]", 258903.0),
)  # fmt: skip

#: What one looks for first among its neighbours: the strong emission lines of quasars (Vanden Berk et al. 2001,
#: AJ 122, 549, table 2), and in the infrared the hydrogen lines and [Ne II] of star-forming regions.
_STRONG = frozenset(
    ("Lyα", "N V", "Si IV", "C IV", "C III]", "Mg II", "[O II]", "Hβ", "[O III]", "Hα", "Paα", "Brγ", "Brα", "[Ne II]")
)


@dataclass(frozen=True)
class SpectralLine:
    """A line at `x` of the series it was asked for (its unit and medium), `rest_um` in vacuum at rest.

    `strong`: of those that lie close together, this one's name is to be kept.
    """

    name: str
    x: float
    rest_um: float
    strong: bool = False


def lines_within(series: Series, redshift: float, low: float, high: float) -> tuple[SpectralLine, ...]:
    """The lines that lie between `low` and `high` (in x of the series) at `redshift`, in ascending x.

    Where the file doesn't say that its wavelengths are in air, they are taken as in vacuum. InvalidQuery for a series
    that isn't over wavelength, frequency or energy, or for a redshift of -1 or less.
    """
    unit = x_unit(series)
    if unit is None:
        raise InvalidQuery("lines can be marked only over wavelength, frequency or energy")
    if not (math.isfinite(redshift) and redshift > -1):
        raise InvalidQuery("a redshift must be a number above -1")
    rest = np.array([wave for _, wave in _LINES])
    wave = rest * (1 + redshift)
    if unit.powers == LENGTH:
        x = (to_air(wave) if series.medium == "air" else wave) * 1e-8 / unit.factor
    elif unit.powers == WAVENUMBER:
        x = 1e8 / wave / unit.factor
    else:
        per_second = C_CM_S / (wave * 1e-8)
        x = per_second * (H_ERG_S if unit.powers[1] else 1.0) / unit.factor
    low, high = min(low, high), max(low, high)
    inside = [k for k in np.argsort(x, kind="stable").tolist() if low <= x[k] <= high]
    return tuple(
        SpectralLine(_LINES[k][0], float(x[k]), float(rest[k] * 1e-4), _LINES[k][0] in _STRONG) for k in inside
    )
