"""Where on the sky the pixels of an image lie, and which pixel shows a place: a grid of directions, without astropy."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mast_tui.core.look.common import FloatArray

#: Newton's method over a grid of nodes comes to rest after three or four steps, or not at all.
_NEWTON_STEPS, _PIXEL_ERROR = 20, 1e-3


@dataclass(frozen=True, eq=False)
class SkyGrid:
    """Where on the sky an image lies: right ascension and declination in degrees at a grid of its pixels.

    `x` (m,) and `y` (n,): ascending pixel coordinates counted from 0; `ra`, `dec`: (n, m), NaN off the sphere. Between
    the nodes directions are interpolated as unit vectors; the error is far below a pixel for fields up to degrees.
    """

    x: FloatArray
    y: FloatArray
    ra: FloatArray
    dec: FloatArray
    frame: str = "ICRS"

    def at(self, x: float, y: float) -> tuple[float, float] | None:
        """Right ascension and declination (deg) at a pixel (0-based, fractions allowed); None outside of the grid."""
        if not (self.x[0] <= x <= self.x[-1] and self.y[0] <= y <= self.y[-1]):
            return None
        i = min(int(np.searchsorted(self.x, x, side="right")) - 1, self.x.size - 2)
        j = min(int(np.searchsorted(self.y, y, side="right")) - 1, self.y.size - 2)
        u = (x - self.x[i]) / (self.x[i + 1] - self.x[i])
        v = (y - self.y[j]) / (self.y[j + 1] - self.y[j])
        ra, dec = np.radians(self.ra[j : j + 2, i : i + 2]), np.radians(self.dec[j : j + 2, i : i + 2])
        weights = np.array([[(1 - u) * (1 - v), u * (1 - v)], [(1 - u) * v, u * v]])
        east, north, up = (
            float((weights * part).sum()) for part in (np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec))
        )
        if not math.isfinite(east + north + up):
            return None
        return math.degrees(math.atan2(north, east)) % 360.0, math.degrees(math.atan2(up, math.hypot(east, north)))

    def pixel(self, ra: float, dec: float) -> tuple[float, float] | None:
        """The pixel (x, y) at this place (0-based, with fractions), or None where the grid does not show it.

        From the nearest node by Newton's method, in the plane that touches the sphere there.
        """
        ra_grid, dec_grid = np.radians(self.ra), np.radians(self.dec)
        near = np.sin(dec_grid) * math.sin(math.radians(dec)) + np.cos(dec_grid) * math.cos(math.radians(dec)) * np.cos(
            ra_grid - math.radians(ra)
        )
        if not np.isfinite(near).any():
            return None
        j, i = np.unravel_index(np.nanargmax(near), near.shape)
        at = np.array([self.x[i], self.y[j]])
        low, high = np.array([self.x[0], self.y[0]]), np.array([self.x[-1], self.y[-1]])
        for _ in range(_NEWTON_STEPS):
            # a pixel to the side that lies in the grid tells how the place changes
            aside = np.where(at + 1 <= high, 1.0, -1.0)
            here, right, up = (
                self._offset_deg(x, y, ra, dec) for x, y in (at, (at[0] + aside[0], at[1]), (at[0], at[1] + aside[1]))
            )
            slopes = np.column_stack(((right - here) / aside[0], (up - here) / aside[1]))
            if not np.isfinite(slopes).all():
                return None
            try:
                step = np.linalg.solve(slopes, -here)
            except np.linalg.LinAlgError:
                return None
            if np.abs(step).max() < _PIXEL_ERROR:
                return float(at[0]), float(at[1])
            at = np.clip(at + step, low, high)
        return None

    def _offset_deg(self, x: float, y: float, ra0: float, dec0: float) -> FloatArray:
        """How far a pixel is east and north of (ra0, dec0), in the plane that touches the sphere there (FITS paper II,
        TAN); NaN outside of the grid and behind that plane."""
        ra, dec = self.at(x, y) or (math.nan, math.nan)
        d_ra, d, d0 = math.radians(ra - ra0), math.radians(dec), math.radians(dec0)
        forward = math.sin(d) * math.sin(d0) + math.cos(d) * math.cos(d0) * math.cos(d_ra)
        east = math.cos(d) * math.sin(d_ra)
        north = math.sin(d) * math.cos(d0) - math.cos(d) * math.sin(d0) * math.cos(d_ra)
        return np.degrees([east / forward, north / forward]) if forward > 0 else np.full(2, np.nan)
