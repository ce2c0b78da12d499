"""Images, cubes and pixel files: their pixels, made small, and where on the sky they lie."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from mast_tui.core.look.common import (
    Axis,
    BoolArray,
    FloatArray,
    ImageArray,
    IndexArray,
    Json,
    Summary,
    axis_json,
    item_json,
    number_or_none,
)

#: Newton's method over a grid of nodes comes to rest after three or four steps, or not at all.
_NEWTON_STEPS, _PIXEL_ERROR = 20, 1e-3

#: A part of an image in its file's pixels from 0: (x0, y0, x1, y1), the upper ends excluded.
Window: TypeAlias = tuple[int, int, int, int]


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
            places = [self.at(*at), self.at(at[0] + aside[0], at[1]), self.at(at[0], at[1] + aside[1])]
            offsets = [None if place is None else _offset_deg(*place, ra, dec) for place in places]
            if any(offset is None for offset in offsets):
                return None
            here, right, up = (np.array(offset) for offset in offsets)
            slopes = np.column_stack(((right - here) / aside[0], (up - here) / aside[1]))
            try:
                step = np.linalg.solve(slopes, -here)
            except np.linalg.LinAlgError:
                return None
            if np.abs(step).max() < _PIXEL_ERROR:
                return float(at[0]), float(at[1])
            at = np.clip(at + step, low, high)
        return None


def _offset_deg(ra: float, dec: float, ra0: float, dec0: float) -> tuple[float, float] | None:
    """East and north of (ra0, dec0) in the plane that touches the sphere there (FITS paper II, TAN); None behind it."""
    d_ra, d, d0 = math.radians(ra - ra0), math.radians(dec), math.radians(dec0)
    forward = math.sin(d) * math.sin(d0) + math.cos(d) * math.cos(d0) * math.cos(d_ra)
    if forward <= 0:
        return None
    east = math.cos(d) * math.sin(d_ra)
    north = math.sin(d) * math.cos(d0) - math.cos(d) * math.sin(d0) * math.cos(d_ra)
    return math.degrees(east / forward), math.degrees(north / forward)


@dataclass(frozen=True)
class Extent:
    """What the sides of an image stand for where they are not pixels (a dynamic spectrum): data at its outer edges."""

    x_axis: Axis
    x_low: float
    x_high: float
    y_axis: Axis
    y_low: float
    y_high: float


@dataclass(frozen=True, eq=False)
class ImageLook:
    """A two-dimensional array made small for a terminal; NaN is a pixel without data. Row 0 is the bottom (FITS).

    `pixels`: float32 (ny, nx), each the maximum of a block of `step` (rows, columns) of the file's pixels.
    `limits`: the values drawn darkest and brightest (z-scale), `wide_limits` the same at 0.5 and 99.5 percent.
    `summary` is over the pixels that were read: x_min..x_max are pixel columns counted from 1.
    `origin`: the file's pixel (row, column) from 0 at the lower left of `pixels`; `full` the (ny, nx) of the whole
    plane, of which a look with a window shows a part. `plane` of `n_planes` (slice, frame, integration) is shown, None
    for a median of them; `plane_value` is its place on `plane_axis`. `aperture`: the pixels (ny, nx) that the mission
    summed, for pixel files. Of a file of many large images all but the first are listed by their headers alone, with
    no pixels and nothing summed up: ask again for this `hdu`.
    """

    kind: Literal["image", "cube", "pixels"]
    name: str
    hdu: int
    value_axis: Axis
    pixels: ImageArray
    limits: tuple[float, float]
    step: tuple[int, int]
    shape: tuple[int, ...]
    n_rows: int
    n_good: int
    summary: Summary
    wide_limits: tuple[float, float] | None = None
    origin: tuple[int, int] = (0, 0)
    full: tuple[int, int] = (0, 0)
    plane: int | None = None
    n_planes: int = 1
    plane_axis: Axis | None = None
    plane_value: float = math.nan
    sky: SkyGrid | None = None
    extent: Extent | None = None
    aperture: BoolArray | None = None
    notes: tuple[str, ...] = ()

    @property
    def loaded(self) -> bool:
        return self.pixels.size > 0

    def to_json(self) -> Json:
        s = self.summary
        return item_json(
            self,
            x={
                "name": "x",
                "label": "pixel column",
                "unit": "pix",
                "min": number_or_none(s.x_min),
                "max": number_or_none(s.x_max),
            },
            y={
                **axis_json(self.value_axis),
                "min": number_or_none(s.y_min),
                "max": number_or_none(s.y_max),
                "median": number_or_none(s.y_median),
            },
        )


@dataclass(frozen=True, eq=False)
class Frames:
    """Consecutive frames of a pixel file, for its animation.

    `pixels`: float32 (n, ny, nx); `first` is the index of the first in the file, `step` the rows from one to the next,
    `n_rows` the number of cadences in the file. `times`: float64 (n,) on `time_axis`, NaN where the file has none;
    `flags`: int64 (n,). `limits` hold for all frames.
    """

    hdu: int
    pixels: ImageArray
    times: FloatArray
    time_axis: Axis
    flags: IndexArray
    first: int
    step: int
    n_rows: int
    limits: tuple[float, float]
    value_axis: Axis
