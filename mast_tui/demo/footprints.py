"""Footprints of observations: reading `s_region` and the distance from a point to what it covers.

The sky (`demo.sky`) calls this for cones: an observation lies in a cone when its footprint comes within the radius,
and its distance is 0 where the point is inside. Edges are great circles.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

ARCSEC = 3600.0
_SHAPES = ("CIRCLE", "POLYGON")
_WORDS = re.compile(r"[^\s(),]+")


def unit_vectors(ra_deg: npt.ArrayLike, dec_deg: npt.ArrayLike) -> Floats:
    """Unit vectors (..., 3) of positions in degrees."""
    ra, dec = np.radians(np.asarray(ra_deg, float)), np.radians(np.asarray(dec_deg, float))
    return np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=-1)


def separations_deg(point: Floats, others: Floats) -> Floats:
    """Angles in degrees between `point` (3,) and `others` (..., 3), right also for tiny angles."""
    across = np.linalg.norm(np.cross(others, point), axis=-1)
    angles: Floats = np.degrees(np.arctan2(across, others @ point))
    return angles


def arc_distances_deg(point: Floats, starts: Floats, ends: Floats) -> Floats:
    """Angles in degrees from `point` (3,) to the great-circle arcs from `starts` to `ends` (..., 3)."""
    normals = np.cross(starts, ends)
    lengths = np.linalg.norm(normals, axis=-1)
    ends_only = np.minimum(separations_deg(point, starts), separations_deg(point, ends))
    with np.errstate(invalid="ignore", divide="ignore"):
        normals = normals / lengths[..., None]
        height = normals @ point
        foot = point - height[..., None] * normals
        inside = np.einsum("...i,...i->...", np.cross(starts, foot), normals) >= 0
        inside &= np.einsum("...i,...i->...", np.cross(foot, ends), normals) >= 0
        across = np.abs(np.degrees(np.arcsin(np.clip(height, -1, 1))))
    nearest: Floats = np.where(inside & (lengths > 1e-15), across, ends_only)
    return nearest


def boxes_distance_deg(point: Floats, corners: Floats) -> Floats:
    """Angles in degrees from `point` (3,) to convex quadrilaterals (n, 4, 3), 0 inside."""
    following = np.roll(corners, -1, axis=1)
    sides = np.cross(corners, following) @ point
    inside = (np.all(sides >= 0, axis=1) | np.all(sides <= 0, axis=1)) & (corners.mean(axis=1) @ point > 0)
    edges = arc_distances_deg(point, corners, following).min(axis=1)
    return np.where(inside, 0.0, edges)


@dataclass(frozen=True)
class Circle:
    centre: Floats
    radius_deg: float

    def distance_deg(self, point: Floats) -> float:
        return max(0.0, float(separations_deg(point, self.centre)) - self.radius_deg)

    def reach_deg(self, origin: Floats) -> float:
        return float(separations_deg(origin, self.centre)) + self.radius_deg


@dataclass(frozen=True)
class Polygon:
    """Corners (n, 3), not closed; smaller than a hemisphere."""

    corners: Floats

    def distance_deg(self, point: Floats) -> float:
        if self._holds(point):
            return 0.0
        return float(arc_distances_deg(point, self.corners, np.roll(self.corners, -1, axis=0)).min())

    def reach_deg(self, origin: Floats) -> float:
        return float(separations_deg(origin, self.corners).max())

    def _holds(self, point: Floats) -> bool:
        """Even-odd rule in the tangent plane at the middle, where great circles are straight lines."""
        middle = self.corners.mean(axis=0)
        middle = middle / np.linalg.norm(middle)
        depths = self.corners @ middle
        if float(point @ middle) <= 0.05 or float(depths.min()) <= 0.05:
            return False
        east = np.cross([0.0, 0.0, 1.0], middle)
        east = east / np.linalg.norm(east) if np.linalg.norm(east) > 1e-9 else np.array([1.0, 0.0, 0.0])
        north = np.cross(middle, east)
        x, y = self.corners @ east / depths, self.corners @ north / depths
        px, py = float(point @ east / (point @ middle)), float(point @ north / (point @ middle))
        nx, ny = np.roll(x, -1), np.roll(y, -1)
        crosses = (y > py) != (ny > py)
        with np.errstate(invalid="ignore", divide="ignore"):
            at = (nx - x) * (py - y) / (ny - y) + x
        return bool(np.count_nonzero(crosses & (px < at)) % 2)


Shape = Circle | Polygon


@dataclass(frozen=True)
class Footprint:
    """All the shapes of one `s_region`."""

    shapes: Sequence[Shape]

    def distance_arcsec(self, point: Floats) -> float:
        """Distance from `point` to the nearest edge in arcseconds, 0 inside any of the shapes."""
        return min(shape.distance_deg(point) for shape in self.shapes) * ARCSEC

    def reach_deg(self, origin: Floats) -> float:
        """How far from `origin` the footprint reaches."""
        return max(shape.reach_deg(origin) for shape in self.shapes)


def parse_footprint(s_region: str | None) -> Footprint | None:
    """The footprint of an STC-S text: circles and polygons, several in a row, any case, with or without a frame.

    None when there is nothing in it that can be read.
    """
    shapes = [shape for name, numbers in _pieces(s_region or "") if (shape := _shape(name, numbers)) is not None]
    return Footprint(shapes) if shapes else None


def _pieces(text: str) -> Iterator[tuple[str, list[float]]]:
    name, numbers = "", list[float]()
    for word in _WORDS.findall(text):
        if word.upper() in _SHAPES:
            if name:
                yield name, numbers
            name, numbers = word.upper(), []
            continue
        try:
            value = float(word)
        except ValueError:
            continue
        if math.isfinite(value):
            numbers.append(value)
    if name:
        yield name, numbers


def _shape(name: str, numbers: list[float]) -> Shape | None:
    if name == "CIRCLE":
        return Circle(unit_vectors(numbers[0], numbers[1]), abs(numbers[2])) if len(numbers) == 3 else None
    if len(numbers) % 2 or len(numbers) < 6:
        return None
    pairs = np.array(numbers).reshape(-1, 2)
    if np.array_equal(pairs[0], pairs[-1]):
        pairs = pairs[:-1]
    return Polygon(unit_vectors(pairs[:, 0], pairs[:, 1])) if len(pairs) >= 3 else None
