"""Lines of equal right ascension and declination over an image, and where they meet its lower and left side."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mast_tui.core.look import FloatArray, SkyGrid
from mast_tui.plot.labels import Ticks

#: Cells of the mesh on which directions are looked up; between its nodes a line is straight.
_CELLS = 32
#: Round steps in seconds of time or of arc; about this many lines each way.
_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000, 36000)
_LINES = 5

Box = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class SkyLines:
    """`paths`: float64 (2, 2) each, pixels counted from 0; ticks in the same pixels, and what they are of."""

    paths: tuple[FloatArray, ...]
    lower: Ticks
    lower_words: str
    left: Ticks
    left_words: str


def sky_lines(sky: SkyGrid, box: Box) -> SkyLines | None:
    """Lines inside of the box (x_low, x_high, y_low, y_high) in pixels counted from 0.

    None where right ascension goes once around or parts of the box are off the sphere: near a pole and on maps of all
    the sky. The side that right ascension changes more along is labelled with it, the other with declination.
    """
    x, y = np.linspace(box[0], box[1], _CELLS + 1), np.linspace(box[2], box[3], _CELLS + 1)
    inner_x, inner_y = (np.clip(values, nodes[0], nodes[-1]) for values, nodes in ((x, sky.x), (y, sky.y)))
    found = [[sky.at(float(a), float(b)) for a in inner_x] for b in inner_y]
    if any(place is None for row in found for place in row):
        return None
    places = np.array(found, np.float64)
    middle = places[_CELLS // 2, _CELLS // 2, 0]
    ra = (middle + (places[..., 0] - middle + 180.0) % 360.0 - 180.0) * 240.0  # seconds of time
    dec = places[..., 1] * 3600.0
    if np.ptp(ra) > 12 * 3600 or np.ptp(ra) == 0 or np.ptp(dec) == 0:
        return None
    ra_step, dec_step = _step(float(np.ptp(ra))), _step(float(np.ptp(dec)))
    paths = [*_contours(x, y, ra, _levels(ra, ra_step)), *_contours(x, y, dec, _levels(dec, dec_step))]
    name = f"Right ascension ({sky.frame})", f"Declination ({sky.frame})"
    upright = abs(ra[0, -1] - ra[0, 0]) / np.ptp(ra) >= abs(dec[0, -1] - dec[0, 0]) / np.ptp(dec)
    kinds = ((ra, ra_step, "hms", name[0]), (dec, dec_step, "°′″", name[1]))
    (low, low_step, low_signs, low_words), (side, side_step, side_signs, side_words) = kinds if upright else kinds[::-1]
    return SkyLines(
        tuple(paths),
        _crossings(x, low[0], low_step, low_signs),
        low_words,
        _crossings(y, side[:, 0], side_step, side_signs),
        side_words,
    )


def _step(span: float) -> float:
    return next((float(step) for step in _STEPS if span / step <= _LINES), float(_STEPS[-1]))


def _levels(values: FloatArray, step: float) -> FloatArray:
    return step * np.arange(math.ceil(values.min() / step), math.floor(values.max() / step) + 1)


def _contours(x: FloatArray, y: FloatArray, values: FloatArray, levels: FloatArray) -> list[FloatArray]:
    """Straight pieces of the lines of equal value, each through one of the two triangles of a cell of the mesh."""
    pieces = []
    for level in levels.tolist():
        above = values >= level
        mixed = above[:-1, :-1].astype(int) + above[1:, :-1] + above[:-1, 1:] + above[1:, 1:]
        for j, i in np.argwhere((mixed > 0) & (mixed < 4)).tolist():
            for corners in (((j, i), (j, i + 1), (j + 1, i)), ((j + 1, i + 1), (j, i + 1), (j + 1, i))):
                ends = []
                for a, b in ((0, 1), (1, 2), (2, 0)):
                    (ja, ia), (jb, ib) = corners[a], corners[b]
                    if above[ja, ia] != above[jb, ib]:
                        share = (level - values[ja, ia]) / (values[jb, ib] - values[ja, ia])
                        ends.append((x[ia] + share * (x[ib] - x[ia]), y[ja] + share * (y[jb] - y[ja])))
                if len(ends) == 2:
                    pieces.append(np.array(ends, np.float64))
    return pieces


def _crossings(along: FloatArray, values: FloatArray, step: float, signs: str) -> Ticks:
    """Where the values along a side pass multiples of `step`; none where they turn back on themselves."""
    rising = values[-1] > values[0]
    ordered, places = (values, along) if rising else (values[::-1], along[::-1])
    if (np.diff(ordered) <= 0).any():
        return Ticks((), (), 0)
    levels = _levels(values, step)
    at = np.interp(levels, ordered, places).tolist()
    ticks = sorted(zip(at, (sexagesimal(level, step, signs) for level in levels.tolist()), strict=True))
    return Ticks(tuple(place for place, _ in ticks), tuple(label for _, label in ticks), 0)


def sexagesimal(seconds: float, step: float, signs: str) -> str:
    """'10h04m30s', '−2°15′': no more parts than steps of this size need; hours stay below 24."""
    decimals = 0 if step >= 1 else 1 if step >= 0.1 else 2
    units = round(abs(seconds) * 10**decimals)
    if signs[0] == "h":
        units = round(seconds * 10**decimals) % (86400 * 10**decimals)
    whole, rest = divmod(units, 3600 * 10**decimals)
    minutes, rest = divmod(rest, 60 * 10**decimals)
    text = f"{'−' if seconds < 0 and signs[0] != 'h' else ''}{whole}{signs[0]}"
    if step % 3600:
        text += f"{minutes:02d}{signs[1]}"
    if step % 60:
        width = 2 if decimals == 0 else 3 + decimals
        text += f"{rest / 10**decimals:0{width}.{decimals}f}{signs[2]}"
    return text
