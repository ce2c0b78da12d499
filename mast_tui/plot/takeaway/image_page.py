"""An image on a page: greys with their bar, axes in pixels or in what the sides stand for, north, east and a scale."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

import numpy as np

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Axis, ByteArray, ImageArray, ImageLook
from mast_tui.plot.image_frame import Limits, Stretch
from mast_tui.plot.image_limits import Shades, shades_of
from mast_tui.plot.images import NOT_IN_PROPORTION, stretched
from mast_tui.plot.labels import Ticks, axis_label, nice_ticks
from mast_tui.plot.takeaway import axes
from mast_tui.plot.takeaway.axes import Ruler
from mast_tui.plot.takeaway.drawing import GREY, INK, ORANGE, Drawing, Field, Lines, Raster, Words, text_width
from mast_tui.plot.takeaway.sky_lines import SkyLines, sky_lines

#: What the sides of a page are marked with: pixel columns and rows, or right ascension and declination.
Sides: TypeAlias = Literal["pixels", "sky"]

_NO_DATA = (197, 219, 236)
_BAR, _SMALL = 20.0, 14.0
#: Points on the page: an image whose short side would be less is stretched over the page.
_THIN = 40.0
_LINE = "#56b4e9"
#: Sides of the scale bar that people read off easily, in arcseconds.
_ROUND = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000)


def image_page(
    image: ImageLook,
    width: int,
    height: int,
    *,
    title: str = "",
    stretch: Stretch = "asinh",
    limits: Limits = "zscale",
    sides: Sides = "pixels",
) -> Drawing:
    """The page; options as of `takeaway.to_svg`. InvalidQuery for sides on the sky where there are no coordinates."""
    shades = drawn_shades(image, limits)
    low, high = shades.low, shades.high
    ny, nx = image.pixels.shape
    shown = Field(100.0, 84.0, width - 150.0, height - 84.0)
    # pixels are square; the sides of a dynamic spectrum are not of one kind, and fill the page
    scale = min(shown.width / (nx * image.step[1]), shown.height / (ny * image.step[0]))
    across, up = nx * image.step[1] * scale, ny * image.step[0] * scale
    thin = image.extent is None and min(across, up) < _THIN
    if image.extent is not None or thin:
        across, up = shown.width, shown.height
    left = shown.left + (shown.width - across) / 2
    field = Field(left, shown.top, left + across, shown.top + up)
    page = Drawing(width, height, title or image.name, field)
    page.inside.append(Raster(greys(image.pixels, low, high, stretch), field.left, field.top, across, up))
    x_axis, x_low, x_high, y_axis, y_low, y_high = _sides(image)
    x, y = Ruler(x_low, x_high, field.left, field.right), Ruler(y_low, y_high, field.bottom, field.top)
    x_ticks, x_words = axes.x_ticks_of(x_axis, (x_low, x_high), across)
    y_ticks, y_words = axes.y_ticks_of(y_axis, (y_low, y_high), up)
    if image.extent is None:
        x_ticks, y_ticks = _whole(x_ticks), _whole(y_ticks)
    if sides == "sky":
        lines = _on_the_sky(image, (x_low - 1, x_high - 1, y_low - 1, y_high - 1))
        x_ticks, x_words = _from_one(lines.lower), lines.lower_words
        y_ticks, y_words = _from_one(lines.left), lines.left_words
        paths = (np.stack((x.of(path[:, 0] + 1), y.of(path[:, 1] + 1)), axis=1) for path in lines.paths)
        page.inside.append(Lines(tuple(paths), _LINE, 1.0))
    axes.frame(page, x, x_ticks, x_words, y, y_ticks, y_words)
    page.inside.pop(0)  # a grid would hide pixels
    _outline(page, image, x, y)
    if image.sky is not None and image.extent is None and not thin:
        _compass(page, image, x, y)
    _bar(page, image, shades, stretch)
    axes.heading(page, _about(image, stretch, shades.note or f"{limits} limits", thin), image.notes)
    return page


def drawn_shades(image: ImageLook, limits: Limits) -> Shades:
    """The limits for a drawing with a dot for each value of `image.pixels`."""
    return shades_of(image, limits, image.pixels if image.step != (1, 1) else None)


def greys(pixels: ImageArray, low: float, high: float, stretch: Stretch) -> ByteArray:
    """uint8 (ny, nx, 3), top row first, of pixels whose row 0 is the bottom; a pale blue where there are no data."""
    values = pixels[::-1].astype(np.float64)
    share = stretched(np.clip((values - low) / ((high - low) or 1.0), 0.0, 1.0), stretch)
    blank = ~np.isfinite(share)
    grey = np.round(np.where(blank, 0.0, share) * 255).astype(np.uint8)
    rgb = np.repeat(grey[:, :, None], 3, axis=2)
    rgb[blank] = _NO_DATA
    return rgb


def _sides(image: ImageLook) -> tuple[Axis, float, float, Axis, float, float]:
    """Axes and the data at the outer edges; pixels are counted from 1 at the centre of the first, as FITS does."""
    if image.extent is not None:
        e = image.extent
        return e.x_axis, e.x_low, e.x_high, e.y_axis, e.y_low, e.y_high
    (ny, nx), (row, column) = image.pixels.shape, image.origin
    x_low, y_low = column + 0.5, row + 0.5
    return (
        Axis("x", "Pixel column"), x_low, x_low + nx * image.step[1],
        Axis("y", "Pixel row"), y_low, y_low + ny * image.step[0],
    )  # fmt: skip


def _on_the_sky(image: ImageLook, box: tuple[float, float, float, float]) -> SkyLines:
    lines = sky_lines(image.sky, box) if image.sky is not None and image.extent is None else None
    if lines is None:
        why = (
            "It has no celestial coordinates"
            if image.sky is None
            else "It is too near a pole, or is a map of all the sky"
        )
        raise InvalidQuery("this image can't have its sides on the sky", why, "Choose pixels")
    return lines


def _from_one(ticks: Ticks) -> Ticks:
    """Pixels counted from 1, as the page does."""
    return Ticks(tuple(at + 1 for at in ticks.positions), ticks.labels, 0)


def _whole(ticks: Ticks) -> Ticks:
    """Those ticks that are pixels: nobody has a column 2.5."""
    kept = [at for at in ticks.positions if at == round(at)] if ticks.exponent == 0 else []
    return Ticks(tuple(kept), tuple(str(round(at)) for at in kept), 0) if kept else ticks


def _outline(page: Drawing, image: ImageLook, x: Ruler, y: Ruler) -> None:
    """The border of the aperture that the mission summed, pixel side by pixel side."""
    if image.aperture is None or image.aperture.shape != image.pixels.shape:
        return
    inside = np.pad(image.aperture.astype(np.int8), 1)
    sides = [((c, r), (c, r + 1)) for r, c in zip(*np.nonzero(np.diff(inside[1:-1], axis=1)), strict=True)]
    sides += [((c, r), (c + 1, r)) for r, c in zip(*np.nonzero(np.diff(inside[:, 1:-1], axis=0)), strict=True)]
    paths = []
    for side in sides:
        corners = np.array(side, np.float64)
        paths.append(
            np.stack((x.of(x.low + corners[:, 0] * image.step[1]), y.of(y.low + corners[:, 1] * image.step[0])), axis=1)
        )
    page.inside.append(Lines(tuple(paths), ORANGE, 3.0))


def _compass(page: Drawing, image: ImageLook, x: Ruler, y: Ruler) -> None:
    """Arrows to north and east, and a bar of round length: from the sky at the middle and one pixel beside it."""
    assert image.sky is not None
    middle = ((x.low + x.high) / 2 - 1, (y.low + y.high) / 2 - 1)
    here = image.sky.at(*middle)
    step = max(1.0, (x.high - x.low) / 50)
    beside, above = image.sky.at(middle[0] + step, middle[1]), image.sky.at(middle[0], middle[1] + step)
    if here is None or beside is None or above is None:
        return
    # degrees to the east and north that one pixel to the right and one up lead to
    matrix = np.array([_offset(here, beside), _offset(here, above)]).T / step
    if not abs(np.linalg.det(matrix)) > 0:
        return
    to_pixels = np.linalg.inv(matrix)
    corner = np.array([page.box.left + 76, page.box.bottom - 76])
    for name, direction in (("N", to_pixels[:, 1]), ("E", to_pixels[:, 0])):
        pointing = np.array([direction[0], -direction[1]]) / np.hypot(*direction)
        tip, aside = corner + 44 * pointing, np.array([-pointing[1], pointing[0]])
        head = np.array([tip - 9 * pointing + 5 * aside, tip, tip - 9 * pointing - 5 * aside])
        page.outside.append(Lines((np.array([corner, tip]), head), ORANGE, 2.4))
        at = corner + 58 * pointing
        page.outside.append(Words(at[0], at[1] + 5, name, 16, "middle", ORANGE, bold=True))
    arcsec = 3600 * math.sqrt(abs(float(np.linalg.det(matrix))))
    points = page.box.width / (x.high - x.low)
    length = max((r for r in _ROUND if r / arcsec * points <= page.box.width / 4), default=None)
    if length is not None:
        right, down = page.box.right - 20, page.box.bottom - 20
        line = np.array([(right - length / arcsec * points, down), (right, down)])
        page.outside.append(Lines((line,), ORANGE, 3.0))
        words = f"{length:g}″" if length < 60 else f"{length / 60:g}′" if length < 3600 else f"{length / 3600:g}°"
        page.outside.append(Words(float(line[:, 0].mean()), down - 8, words, 16, "middle", ORANGE, bold=True))


def _offset(here: tuple[float, float], there: tuple[float, float]) -> tuple[float, float]:
    east = (there[0] - here[0] + 180) % 360 - 180
    return east * math.cos(math.radians(here[1])), there[1] - here[1]


def _bar(page: Drawing, image: ImageLook, shades: Shades, stretch: Stretch) -> None:
    """What the greys stand for; in words alone where there are no two of them."""
    field, n = page.box, 256
    left = field.right + 24
    label = image.value_axis.label
    if not shades.told_apart:
        _beside(page, left + _BAR, f"{axis_label(label, image.value_axis.unit, 0)}: {shades.said}")
        return
    ramp = np.repeat(np.round(np.arange(n)[::-1, None] / (n - 1) * 255).astype(np.uint8), 3, axis=1)[:, None, :]
    page.outside.append(Raster(np.ascontiguousarray(ramp), left, field.top, _BAR, field.height))
    low, high = shades.low, shades.high
    ticks = nice_ticks(low, high, max(2, int(field.height / 70)))
    share = stretched((np.array(ticks.positions) - low) / (high - low), stretch)
    last = math.inf
    for at, words in zip((field.bottom - share * field.height).tolist(), ticks.labels, strict=True):
        if last - at >= 16:
            page.outside += [
                Lines((np.array([(left + _BAR, at), (left + _BAR + 5, at)]),), GREY, 1.2),
                Words(left + _BAR + 9, at + 5, words, _SMALL),
            ]
            last = at
    beside = left + _BAR + 9 + axes.room_for(ticks, _SMALL) + 18
    _beside(page, beside, axis_label(label, image.value_axis.unit, ticks.exponent))


def _beside(page: Drawing, x: float, words: str) -> None:
    """Words that read upwards beside the field, clear of the heading above it and of the edge of the page."""
    middle = max((page.box.top + page.box.bottom) / 2, page.box.top + text_width(words, _SMALL) / 2)
    page.outside.append(Words(min(x, page.width - 8), middle, words, _SMALL, "middle", INK, turned=True))


def _about(image: ImageLook, stretch: Stretch, limits: str, thin: bool) -> str:
    parts = [
        " × ".join(str(n) for n in reversed(image.shape)) + " pixels",
        f"{stretch} stretch between {limits}",
    ]
    if thin:
        parts.append(NOT_IN_PROPORTION)
    if image.plane is not None:
        parts.append(f"plane {image.plane + 1} of {image.n_planes}")
    if image.step != (1, 1):
        parts.append(f"each dot the brightest of {image.step[1]} × {image.step[0]}")
    if image.sky is not None:
        middle = image.sky.at(float(image.sky.x.mean()), float(image.sky.y.mean()))
        if middle is not None:
            parts.append(f"around {middle[0]:.5f} {middle[1]:+.5f} ({image.sky.frame})")
    return " · ".join(parts)
