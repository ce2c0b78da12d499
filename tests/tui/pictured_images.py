"""Screens of images, pixel files and pictures of which pictures are recorded, and the keys that lead there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from mast_tui.core.look import ImageLook, PictureLook
from mast_tui.tui.screens.look_image import ImageScreen
from mast_tui.tui.screens.look_item import LookScreen
from mast_tui.tui.screens.look_picture import PictureScreen
from mast_tui.tui.screens.look_pixels import PixelScreen
from tests.tui.looks_double import image, pixel_image, preview


def starry(n_planes: int = 1) -> ImageLook:
    """Forty stars and a galaxy on noise, some pixels without data; the same for ever."""
    made = image(n_planes=n_planes)
    ny, nx = made.pixels.shape
    y, x = np.mgrid[0:ny, 0:nx]
    dice = np.random.default_rng(8)
    field = dice.normal(10, 1, (ny, nx))
    for _ in range(40):
        at, light = (dice.uniform(0, nx), dice.uniform(0, ny)), 10 ** dice.uniform(1, 3)
        field += light * np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / 1.5)
    field += 60 * np.exp(-np.hypot((x - 60) / 12, (y - 40) / 5))
    field[:4, :30] = np.nan
    return replace(made, pixels=field.astype(np.float32), limits=(8.0, 60.0), wide_limits=(8.0, 400.0))


def an_image() -> LookScreen:
    return ImageScreen("/data/a.fits", "a.fits", preview(starry()), 0)


def a_cube() -> LookScreen:
    return ImageScreen("/data/a_s3d.fits", "a_s3d.fits", preview(starry(3), kind="cube"), 0)


def a_pixel_file() -> LookScreen:
    return PixelScreen("/data/tp.fits", "tp.fits", preview(pixel_image(), kind="pixels"), 0)


def a_picture() -> LookScreen:
    """A disc of three colours on a dark ground."""
    y, x = np.mgrid[0:60, 0:80]
    pixels = np.zeros((60, 80, 3), np.uint8)
    disc = np.hypot(x - 40, y - 30) < 25
    for k in range(3):
        pixels[..., k] = np.where(disc, np.clip(255 - 60 * np.abs(x // 27 - k) - y, 0, 255), 12)
    look = PictureLook("preview", "JPEG", (600, 800), pixels)
    return PictureScreen("/data/a.jpg", "a.jpg", preview(look, kind="picture"), 0)


def ways() -> Iterator[tuple[str, Callable[[], LookScreen], tuple[str, ...]]]:
    yield "image", an_image, ()
    yield "image-loupe", an_image, ("s", "e")
    yield "image-cut", an_image, ("x",)
    yield "cube-spectrum", a_cube, ("enter",)
    yield "pixel-file", a_pixel_file, ()
    yield "picture", a_picture, ()
