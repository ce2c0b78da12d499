"""Where the drawn pixels of an image lie: in the file's pixels counted from 1, or on the axes of its sides."""

from __future__ import annotations

import re

import numpy as np

from mast_tui.core import sky
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import FloatArray, ImageLook, SkyGrid
from mast_tui.core.text import clean

_PIXEL = re.compile(r"(pixel|px|p)?\s*(\d{1,9})\s*[,;\s]\s*(\d{1,9})", re.IGNORECASE)
#: How a place is written, for hints.
PLACE = "270.904 -24.387, 18 03 37 -24 23 12, or pixel 512 340"


def full_size(image: ImageLook) -> tuple[int, int]:
    """(ny, nx) of the whole plane that `image` shows all or a part of."""
    if image.full != (0, 0):
        return image.full
    return image.pixels.shape[0] * image.step[0], image.pixels.shape[1] * image.step[1]


def place_of(words: str, image: ImageLook, grid: SkyGrid | None) -> tuple[int, int]:
    """The pixel (x, y), from 0, that `words` name: a position on the sky, or a pixel counted from 1.

    `grid` is the sky of the whole plane, and a position is in its frame, as the read-out is; where it is None, two
    numbers are a pixel. InvalidQuery for what the plane does not show.
    """
    ny, nx = full_size(image)
    written = _PIXEL.fullmatch(words.strip())
    if written is not None and (written[1] or grid is None):
        x, y = int(written[2]) - 1, int(written[3]) - 1
        if not (0 <= x < nx and 0 <= y < ny):
            raise InvalidQuery(f"the image has {nx} × {ny} pixels, counted from 1")
        return x, y
    position = sky.parse_position(words)
    if position is None:
        raise InvalidQuery(f"“{clean(words, 60)}” is no place of an image", "", f"Write {PLACE}")
    if grid is None:
        raise InvalidQuery("this image does not tell where on the sky it lies", "", "Write pixel 512 340")
    found = grid.pixel(*position)
    if found is None:
        raise InvalidQuery(f"the image does not show {sky.format_position(*position)}")
    return min(nx - 1, max(0, round(found[0]))), min(ny - 1, max(0, round(found[1])))


def axis_values(image: ImageLook) -> tuple[FloatArray, FloatArray]:
    """What the middles of the drawn columns and rows stand for: on `extent`'s axes, else pixels counted from 1."""
    ny, nx = image.pixels.shape
    columns = image.origin[1] + (np.arange(nx, dtype=np.float64) + 0.5) * image.step[1]
    rows = image.origin[0] + (np.arange(ny, dtype=np.float64) + 0.5) * image.step[0]
    extent = image.extent
    if extent is None:
        return columns + 0.5, rows + 0.5
    full_rows, full_columns = full_size(image)
    return (
        extent.x_low + columns / full_columns * (extent.x_high - extent.x_low),
        extent.y_low + rows / full_rows * (extent.y_high - extent.y_low),
    )
