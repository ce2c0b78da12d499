"""Parts of an image: the one that is shown, smaller and larger ones, those to its sides and around a place."""

from __future__ import annotations

import math

from mast_tui.core.look import ImageLook, Window
from mast_tui.plot.image_places import full_size

#: A zoom in shows half of the sides; fewer pixels than this a side are never asked for.
_ZOOM, _FEWEST = 2, 8


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


def zoomed(image: ImageLook, window: Window | None, at: tuple[int, int], inwards: bool) -> Window | None:
    """Half or twice the window, `at` staying where it is in it; None is the whole plane."""
    ny, nx = full_size(image)
    x0, y0, x1, y1 = window or (0, 0, nx, ny)
    factor = 1 / _ZOOM if inwards else float(_ZOOM)
    width, height = (max(_FEWEST, math.ceil((b - a) * factor)) for a, b in ((x0, x1), (y0, y1)))
    if width >= nx and height >= ny:
        return None
    x, y = at
    left = x - (x - x0) * width // max(1, x1 - x0)
    bottom = y - (y - y0) * height // max(1, y1 - y0)
    return _inside(left, bottom, min(width, nx), min(height, ny), nx, ny)


def panned(image: ImageLook, window: Window | None, right: int, up: int) -> Window | None:
    """The window moved by quarters of its sides; the whole plane stays as it is."""
    if window is None:
        return None
    ny, nx = full_size(image)
    x0, y0, x1, y1 = window
    width, height = x1 - x0, y1 - y0
    return _inside(x0 + right * max(1, width // 4), y0 + up * max(1, height // 4), width, height, nx, ny)


def window_around(image: ImageLook, place: tuple[int, int], size: tuple[int, int]) -> Window:
    """Of `size` (columns, rows), with the pixel `place` in its middle where the edges of the image allow it."""
    ny, nx = full_size(image)
    width, height = min(size[0], nx), min(size[1], ny)
    return _inside(place[0] - width // 2, place[1] - height // 2, width, height, nx, ny)


def _inside(x0: int, y0: int, width: int, height: int, nx: int, ny: int) -> Window:
    x0, y0 = max(0, min(x0, nx - width)), max(0, min(y0, ny - height))
    return x0, y0, x0 + width, y0 + height
