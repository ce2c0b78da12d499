"""What can be read off an image at one of its pixels: value, place on the sky or on its axes, cuts, the compass.

Pixels are counted from 0 at the lower left, as arrays are; the words for people count from 1, as FITS viewers do.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from mast_tui.analysis import Calibration
from mast_tui.core import sky
from mast_tui.core.look import Axis, ImageLook, IndexArray, Series, Summary
from mast_tui.plot import number, pretty_unit, to_ascii
from mast_tui.plot.image_places import axis_values

_ARROWS = "→↗↑↖←↙↓↘"
_DIRECTIONS = ("right", "up-right", "up", "up-left", "left", "down-left", "down", "down-right")


def value_at(image: ImageLook, x: int, y: int) -> float | None:
    """The value of the drawn block that pixel (x, y) lies in, NaN without data; None outside of what is shown."""
    row, column = (y - image.origin[0]) // image.step[0], (x - image.origin[1]) // image.step[1]
    ny, nx = image.pixels.shape
    return float(image.pixels[row, column]) if 0 <= row < ny and 0 <= column < nx else None


def read_out(
    image: ImageLook, x: int, y: int, calibration: Calibration | None = None, *, ascii_only: bool = False
) -> str:
    """'(513, 341)   12.3 MJy/sr   18h03m36.96s −24°23′13.2″   2.9e-07 Jy/pixel, 25.24 AB mag   270.904000 −24.387000'.

    What a pixel's value is worth stands there where `calibration` tells it.
    """
    value = value_at(image, x, y)
    written = "no data" if value is None or math.isnan(value) else number(value)
    unit = pretty_unit(image.value_axis.unit)
    parts = [f"({x + 1}, {y + 1})", f"{written} {unit}".rstrip() if written != "no data" else written]
    if image.step != (1, 1) and written != "no data":
        parts[-1] += f" brightest of {image.step[1]}×{image.step[0]}"
    if image.extent is not None:
        parts[0] = _on_axes(image, x, y)
    place = image.sky.at(x, y) if image.sky is not None else None
    if place is not None:
        ra, dec = place
        parts += [sky.format_position(ra, dec), f"{ra:.6f} {dec:+.6f}".replace("-", "−")]
    if calibration is not None and value is not None and image.extent is None:
        worth = [f"{flux:.4g} {pretty_unit(unit)}" for flux, unit in calibration.readings(value)]
        # a narrow window folds what stands last out of sight: the place in decimals is told twice
        parts[3:3] = [", ".join(worth)] if worth else []
    words = "   ".join(parts)
    return _in_ascii(words) if ascii_only else words


def _in_ascii(words: str) -> str:
    return to_ascii(words.replace("°", "d").replace("′", "m").replace("″", "s").replace("×", "x").replace("−", "-"))


def _on_axes(image: ImageLook, x: int, y: int) -> str:
    extent = image.extent
    assert extent is not None
    xs, ys = axis_values(image)
    found = []
    for axis, values, at, origin, step in (
        (extent.x_axis, xs, x, image.origin[1], image.step[1]),
        (extent.y_axis, ys, y, image.origin[0], image.step[0]),
    ):
        value = float(values[min(max(0, (at - origin) // step), values.size - 1)])
        found.append(f"{axis.label} {value:.8g} {pretty_unit(axis.unit)}".rstrip())
    return ", ".join(found)


def cut(image: ImageLook, along: Literal["row", "column"], x: int, y: int) -> Series:
    """The values along the drawn row or column through pixel (x, y), as a series; pixels without data are gaps."""
    ny, nx = image.pixels.shape
    row = min(max(0, (y - image.origin[0]) // image.step[0]), ny - 1)
    column = min(max(0, (x - image.origin[1]) // image.step[1]), nx - 1)
    xs, ys = axis_values(image)
    along_row = along == "row"
    values = np.asarray(image.pixels[row] if along_row else image.pixels[:, column], np.float64)
    places = xs if along_row else ys
    good = np.isfinite(values)
    kept = np.flatnonzero(good)
    starts = np.concatenate(([0], np.flatnonzero(np.diff(kept) > 1) + 1)) if kept.size else np.zeros(0)
    axis = Axis(along, f"Pixel {'column' if along_row else 'row'}", "")
    if image.extent is not None:
        axis = image.extent.x_axis if along_row else image.extent.y_axis
    at = f"row {y + 1}" if along_row else f"column {x + 1}"
    summary = Summary()
    if kept.size:
        seen, where = values[kept], places[kept]
        summary = Summary(*(float(v) for v in (where.min(), where.max(), seen.min(), seen.max(), np.median(seen))))
    # an axis may run downwards, a series ascends
    order = slice(None, None, -1) if kept.size > 1 and places[0] > places[-1] else slice(None)
    return Series(
        kind="spectrum",
        name=at,
        hdu=image.hdu,
        x_axis=axis,
        y_axis=Axis(image.value_axis.name, f"{image.value_axis.label} along {at}", image.value_axis.unit),
        x=places[kept][order],
        y=values[kept][order],
        error=None,
        starts=_turned(starts.astype(np.int64), kept.size) if order.step == -1 else starts.astype(np.int64),
        n_rows=values.size,
        n_good=kept.size,
        summary=summary,
        shape=(values.size,),
        product="cut",
    )


def _turned(starts: IndexArray, n: int) -> IndexArray:
    """Where the runs begin when the points are taken backwards."""
    ends = np.append(starts[1:], n)
    return np.sort(n - ends)


def compass(image: ImageLook, *, ascii_only: bool = False) -> str:
    """'N ↑ E ← 0.05″/pix' in the middle of what is shown; '' for an image without coordinates.

    North and east are the directions on the screen, from the derivatives of right ascension and declination; the scale
    is the square root of a pixel's solid angle.
    """
    if image.sky is None:
        return ""
    ny, nx = image.pixels.shape
    x = image.origin[1] + nx * image.step[1] / 2 - 0.5
    y = image.origin[0] + ny * image.step[0] / 2 - 0.5
    here, beside, above = (image.sky.at(x + dx, y + dy) for dx, dy in ((-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5)))
    if here is None or beside is None or above is None:
        return ""
    shrink = math.cos(math.radians(here[1]))

    def to_east(ra: float) -> float:
        return ((ra - here[0] + 180.0) % 360.0 - 180.0) * shrink

    east = np.array([to_east(beside[0]), to_east(above[0])])
    north = np.array([beside[1] - here[1], above[1] - here[1]])
    area = float(east[0] * north[1] - east[1] * north[0])
    if area == 0 or not math.isfinite(area):
        return ""
    # the columns of the inverse of ((east), (north)): how far right and up a step to the east or the north leads
    to_north = math.atan2(east[0] / area, -east[1] / area)
    going_east = math.atan2(-north[0] / area, north[1] / area)
    marks = _DIRECTIONS if ascii_only else tuple(_ARROWS)
    n, e = (marks[round(math.degrees(angle) / 45) % 8] for angle in (to_north, going_east))
    words = f"N {n} E {e} {sky.format_radius(math.sqrt(abs(area)))}/pix"
    return _in_ascii(words) if ascii_only else words
