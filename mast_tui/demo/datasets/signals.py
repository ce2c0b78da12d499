"""What simulated stars do: transits, eclipses, spots and noise, as relative flux. Numbers in, numbers out.

Called by the light-curve files of TESS and Kepler. Shapes are trapezoids: box least squares and the eye see no
difference at these depths, and there is no limb-darkening law to argue about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Dip:
    """A periodic dip. `epoch` is its middle in the time system of the light curve (BTJD or BKJD), in days."""

    period_d: float
    epoch: float
    depth_ppm: float
    duration_h: float
    #: part of the duration spent going in, and the same going out
    ingress: float = 0.07


@dataclass(frozen=True)
class Wave:
    """A slow sine, for spots and pulsation."""

    period_d: float
    amplitude_ppm: float
    phase: float = 0.0


def relative_flux(time_d: Floats, dips: tuple[Dip, ...], waves: tuple[Wave, ...] = ()) -> Floats:
    """Flux relative to the star's own mean, about 1; NaN where the time is NaN."""
    flux = np.ones_like(time_d)
    for wave in waves:
        flux += 1e-6 * wave.amplitude_ppm * np.sin(2 * np.pi * (time_d / wave.period_d + wave.phase))
    for dip in dips:
        flux *= 1 - 1e-6 * dip.depth_ppm * _trapezoid(time_d, dip)
    return flux


def _trapezoid(time_d: Floats, dip: Dip) -> Floats:
    half = dip.duration_h / 48
    slope = max(dip.ingress * 2 * half, 1e-9)
    away = np.abs((time_d - dip.epoch + dip.period_d / 2) % dip.period_d - dip.period_d / 2)
    inside: Floats = np.clip((half - away) / slope, 0.0, 1.0)
    return inside


def drift(rng: np.random.Generator, time_d: Floats, ppm: float, step_d: float = 1.5) -> Floats:
    """A slow random wander of about `ppm` with a knot every `step_d` days, relative to 1; as an instrument has."""
    first, last = np.nanmin(time_d), np.nanmax(time_d)
    knots = np.arange(first - step_d, last + 2 * step_d, step_d)
    wander: Floats = 1 + 1e-6 * ppm * np.interp(time_d, knots, rng.standard_normal(len(knots)))
    return wander
