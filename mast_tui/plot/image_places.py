"""Where the drawn pixels of an image lie: in the file's pixels counted from 1, or on the axes of its sides."""

from __future__ import annotations

import numpy as np

from mast_tui.core.look import FloatArray, ImageLook, Window


def full_size(image: ImageLook) -> tuple[int, int]:
    """(ny, nx) of the whole plane that `image` shows all or a part of."""
    if image.full != (0, 0):
        return image.full
    return image.pixels.shape[0] * image.step[0], image.pixels.shape[1] * image.step[1]


def window_of(image: ImageLook) -> Window | None:
    """The part of the plane that is shown, (x0, y0, x1, y1) with the ends outside of it; None for all of it."""
    ny, nx = full_size(image)
    y0, x0 = image.origin
    y1 = min(ny, y0 + image.pixels.shape[0] * image.step[0])
    x1 = min(nx, x0 + image.pixels.shape[1] * image.step[1])
    return None if (x0, y0, x1, y1) == (0, 0, nx, ny) else (x0, y0, x1, y1)


def window_words(image: ImageLook) -> str:
    """'columns 101–300, rows 201–400', counted from 1; '' where the whole plane is shown."""
    window = window_of(image)
    if window is None:
        return ""
    x0, y0, x1, y1 = window
    return f"columns {x0 + 1}–{x1}, rows {y0 + 1}–{y1}"


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
