"""Spectra and pictures that look like something, for the simulated files: galaxies, clusters, quasars, hot stars.

Pure functions of wavelength or pixel, deterministic for a name. Called by the modules that list observations.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mast_tui.demo.datasets.rows import seed
from mast_tui.demo.datasets.signals import Floats
from mast_tui.demo.fits import Array

#: rest wavelengths in vacuum, Angstrom (NIST): lines a reader of ultraviolet spectra looks for
HOT_STAR_LINES = (1175.7, 1206.5, 1215.67, 1238.82, 1242.80, 1260.42, 1302.17, 1334.53, 1393.76, 1402.77, 1548.20)
MG_II = (2796.35, 2803.53)


def _bell(wave: Floats, centre: float, sigma: float) -> Floats:
    return np.asarray(np.exp(-0.5 * ((wave - centre) / sigma) ** 2), dtype=np.float64)


def quasar(level: float, redshift: float) -> Callable[[Floats], Floats]:
    """An AGN: a power law, broad emission at `redshift`, narrow Milky Way absorption and geocoronal Ly alpha."""

    def flux(wave: Floats) -> Floats:
        made = level * (wave / 1300.0) ** -1.2
        for line, strength, width in (
            (1215.67, 3.0, 9.0),
            (1240.81, 0.7, 9.0),
            (1302.17, 0.2, 7.0),
            (1396.8, 0.4, 9.0),
        ):
            made = made + level * strength * _bell(wave, line * (1 + redshift), width)
        for line in HOT_STAR_LINES:
            made = made * (1 - 0.9 * _bell(wave, line, 0.12))
        made = made * (1 - 0.999 * _bell(wave, 1215.67, 3.0))
        return np.asarray(made + 8 * level * _bell(wave, 1215.67, 0.35), dtype=np.float64)

    return flux


def hot_star(level: float, lines: tuple[float, ...] = HOT_STAR_LINES, width: float = 0.3) -> Callable[[Floats], Floats]:
    """A continuum that falls to the red with absorption lines of `width` A."""

    def flux(wave: Floats) -> Floats:
        made = level * (wave / 1500.0) ** -3
        for line in lines:
            made = made * (1 - 0.7 * _bell(wave, line, width))
        return np.asarray(made, dtype=np.float64)

    return flux


def cool_star(level: float) -> Callable[[Floats], Floats]:
    """A chromosphere: a weak continuum with Mg II h and k in emission and self-reversed."""

    def flux(wave: Floats) -> Floats:
        made = level * (0.3 + 0.7 * (wave / 2800.0) ** 6)
        for line in MG_II:
            made = made + level * (6 * _bell(wave, line, 0.5) - 3 * _bell(wave, line, 0.12))
        return np.asarray(made, dtype=np.float64)

    return flux


def star_field(name: str, side: int, stars: int, spread: float = 0.5) -> Array:
    """`side` by `side` pixels with `stars` point sources, gathered to the middle when `spread` is small."""
    rng = seed(name)
    sky = np.full((side, side), 0.2)
    places = np.clip(rng.normal(0.5, spread / 2, (stars, 2)), 0.02, 0.98) * (side - 1)
    fluxes = 0.5 * rng.pareto(1.1, stars) + 0.3
    for (y, x), flux in zip(places, np.minimum(fluxes, 300.0), strict=True):
        y0, x0 = max(int(y) - 7, 0), max(int(x) - 7, 0)
        yy, xx = np.mgrid[y0 : min(y0 + 15, side), x0 : min(x0 + 15, side)]
        sky[yy, xx] += flux * np.exp(-((yy - y) ** 2 + (xx - x) ** 2) / 3.0)
    return sky


def spiral(name: str, side: int) -> Array:
    """A face-on spiral galaxy with two arms, knots and foreground stars."""
    y, x = np.mgrid[:side, :side] / side - 0.5
    radius, angle = np.hypot(x, y) + 1e-4, np.arctan2(y, x)
    arms = 0.5 + 0.5 * np.cos(2 * (angle - 3.2 * np.log(radius)))
    sky = 60 * np.exp(-((radius / 0.03) ** 2)) + 8 * np.exp(-radius / 0.14) * (0.25 + arms**2)
    return np.asarray(sky + 0.15 * star_field(name, side, side // 2, 0.45))


def nebula(name: str, side: int) -> Array:
    """Glowing gas made of smooth noise at several scales, with stars in front."""
    rng = seed(name)
    sky = np.zeros((side, side))
    for cells in (4, 8, 16, 32):
        grid = rng.random((cells + 1, cells + 1))
        steps = np.linspace(0, cells, side)
        rows = np.array([np.interp(steps, np.arange(cells + 1), row) for row in grid])
        sky += np.array([np.interp(steps, np.arange(cells + 1), column) for column in rows.T]).T * 16 / cells
    return np.asarray(sky + 0.3 * star_field(name, side, side, 0.7))
