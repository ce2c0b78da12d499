"""An image as greys of half cells, with its crosshair, aperture and axes. Used by `report` and the image widget."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from mast_tui.core.look import BoolArray, ImageLook
from mast_tui.plot import image_signs
from mast_tui.plot.image_frame import N_LEVELS, NO_DATA, ImageFrame, LevelArray, Limits, Place, Stretch
from mast_tui.plot.image_limits import Shades, shades_of
from mast_tui.plot.labels import axis_label

FloatArray = npt.NDArray[np.float64]

#: astropy's AsinhStretch(0.1) and LogStretch(1000), its defaults.
_SOFTENING, _LOG_SCALE = 0.1, 1000.0
#: The least room for an image that has axes; where there is less, they go.
_LEAST_ROWS, _LEAST_COLUMNS = 2, 8
#: An image whose short side would get fewer levels than these is stretched: its pixels could not be told apart.
_THIN = 8
NOT_IN_PROPORTION = "not in proportion"


def draw_image(
    image: ImageLook,
    columns: int,
    rows: int,
    *,
    stretch: Stretch = "asinh",
    limits: Limits = "zscale",
    crosshair: tuple[float, float] | None = None,
    aperture: BoolArray | None = None,
) -> ImageFrame:
    """The whole look on `columns` by `rows` cells, its sides in proportion: half a cell is about square.

    `crosshair` is a pixel (x, y) of the file counted from 0. `aperture` (ny, nx) is outlined instead of the look's
    own. An image with an `extent` fills the room and gets axes in its units, within the same rows. One that is very
    long and thin fills the room too, and the legend says that it is not in proportion.
    """
    columns, rows = max(1, columns), max(1, rows)
    if image.pixels.size == 0:
        empty = np.full((2 * rows, columns), NO_DATA, np.int16)
        return ImageFrame(empty, 1.0, "no pixels", signs=(" " * columns,) * rows)
    labels, field_rows = _axis_room(image, columns, rows)
    left = len(labels[0]) if labels else 0
    nx, ny = image.pixels.shape[1] * image.step[1], image.pixels.shape[0] * image.step[0]
    thin = False
    if image.extent is not None:
        width, height = columns - left, 2 * field_rows
        scale = max(nx / width, ny / height)
    else:
        width, height, scale = _fitted(nx, ny, columns, rows)
        thin = min(width, height) < _THIN and max(nx, ny) > _THIN * min(nx, ny)
        if thin:
            width, height = _filled(nx, columns), _filled(ny, 2 * rows)
    cells = resized(image.pixels.astype(np.float64), height, width)[::-1]
    shades = shades_of(image, limits, cells if scale > 1 or image.step != (1, 1) else None)
    levels = levels_of(cells, shades.low, shades.high, stretch)
    if height % 2:
        levels = np.vstack((np.full((1, width), NO_DATA, np.int16), levels))
    frame = ImageFrame(
        levels,
        scale,
        _legend(image, shades, stretch, thin),
        (shades.low, shades.high),
        Place((image.origin[1], image.origin[0]), (nx, ny), width, height),
        (" " * width,) * (levels.shape[0] // 2),
        labels,
        image_signs.foot(image, left, width) if labels else (),
    )
    signs = [list(line) for line in frame.signs]
    outlined = aperture if aperture is not None else image.aperture
    if outlined is not None and outlined.shape == image.pixels.shape:
        signs = image_signs.aperture(frame, outlined, image.step, signs)
    if crosshair is not None:
        signs = image_signs.crosshair(frame, *crosshair, signs)
    return replace(frame, signs=tuple("".join(line) for line in signs))


def _legend(image: ImageLook, shades: Shades, stretch: Stretch, thin: bool) -> str:
    words = [f"{axis_label(image.value_axis.label, image.value_axis.unit, 0)}: {shades.said}"]
    words += [stretch] if shades.told_apart else []
    words += [shades.note] if shades.note else []
    words += [NOT_IN_PROPORTION] if thin else []
    return ", ".join(words)


def _axis_room(image: ImageLook, columns: int, rows: int) -> tuple[tuple[str, ...], int]:
    """The labels of the y axis and the rows for the image; no labels where there is no axis or no room."""
    field_rows = rows - image_signs.AXIS_ROWS
    if image.extent is None or field_rows < _LEAST_ROWS:
        return (), rows
    labels = image_signs.left_labels(image.extent, field_rows)
    return (labels, field_rows) if columns - len(labels[0]) >= _LEAST_COLUMNS else ((), rows)


def levels_of(values: FloatArray, low: float, high: float, stretch: Stretch) -> LevelArray:
    """Greys from 0 to `N_LEVELS` - 1 of values between the limits; `NO_DATA` for those that are not finite."""
    with np.errstate(all="ignore"):
        share = np.clip((values - low) / (high - low), 0.0, 1.0)
    blank = ~np.isfinite(share)
    share = stretched(np.where(blank, 0.0, share), stretch)
    return np.where(blank, NO_DATA, np.minimum(share * N_LEVELS, N_LEVELS - 1)).astype(np.int16)


def stretched(share: FloatArray, stretch: Stretch) -> FloatArray:
    """How bright a share (0 to 1) of the limits is drawn, 0 to 1."""
    if stretch == "asinh":
        return np.asarray(np.arcsinh(share / _SOFTENING) / np.arcsinh(1 / _SOFTENING))
    if stretch == "log":
        return np.asarray(np.log1p(_LOG_SCALE * share) / np.log1p(_LOG_SCALE))
    return np.sqrt(share) if stretch == "sqrt" else share


def resized(pixels: FloatArray, height: int, width: int) -> FloatArray:
    """`pixels` as (height, width): block maxima where cells are fewer than pixels, else the nearest pixel."""
    rows, columns = (np.arange(n) * size // n for n, size in ((height, pixels.shape[0]), (width, pixels.shape[1])))
    filled = np.where(np.isfinite(pixels), pixels, -np.inf)
    filled = np.maximum.reduceat(filled, rows, axis=0) if height <= pixels.shape[0] else filled[rows]
    filled = np.maximum.reduceat(filled, columns, axis=1) if width <= pixels.shape[1] else filled[:, columns]
    return np.where(np.isfinite(filled), filled, np.nan)


def _fitted(nx: int, ny: int, columns: int, rows: int) -> tuple[int, int, float]:
    """Levels across and up, and pixels a level. Few pixels are magnified a whole, even number of times each."""
    scale = max(nx / columns, ny / (2 * rows))
    if scale <= 1:
        times = int(1 / scale)
        times -= times % 2 if times > 1 else 0
        return nx * times, ny * times, 1.0 / times
    width, height = max(1, min(columns, round(nx / scale))), max(1, min(2 * rows, round(ny / scale)))
    return width, height + height % 2, scale


def _filled(pixels: int, room: int) -> int:
    """Levels along one side, of itself: all the room, or each pixel a whole, even number of times."""
    times = room // pixels
    return pixels * (times - times % 2 if times > 1 else times) or room
