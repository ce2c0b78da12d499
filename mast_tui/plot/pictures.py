"""A colour picture (the archive's JPEG or PNG) in half blocks: true colour, 256 colours, or greys as an image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from mast_tui.core.look import ByteArray, PictureLook
from mast_tui.plot.image_frame import N_LEVELS, NO_DATA, ImageFrame, LevelArray

#: Few pixels are repeated until the picture is about this wide.
_WIDE = 1200
#: The six levels of a channel in xterm's colour cube (colours 16 to 231), and its greys (232 to 255).
_CUBE = np.array([0, 95, 135, 175, 215, 255])
_GREYS = np.arange(24) * 10 + 8
#: ITU-R BT.601, as for JPEG's luma.
_LUMA = np.array([0.299, 0.587, 0.114])


@dataclass(frozen=True, eq=False)
class PictureFrame:
    """`colours`: uint8 (2 · rows, columns, 3), top row first; `levels`: int16 (2 · rows, columns), the same as greys.

    `levels` are as those of an `ImageFrame`. A picture that could not be decoded has no rows.
    """

    colours: ByteArray
    levels: LevelArray

    @property
    def codes(self) -> npt.NDArray[np.int64]:
        """(2 · rows, columns): the nearest of the 256 colours of xterm; -1 where the picture has no row."""
        codes = _nearest(self.colours.astype(np.int64))
        return np.where(self.levels < 0, -1, codes)

    def as_image(self) -> ImageFrame:
        """The picture as greys, for terminals with few colours or none."""
        return ImageFrame(self.levels, 1.0, "")


def draw_picture(picture: PictureLook, columns: int, rows: int) -> PictureFrame:
    """The whole picture on at most `columns` by `rows` cells, its sides in proportion; each half cell a mean."""
    columns, rows = max(1, columns), max(1, rows)
    pixels = picture.pixels
    if pixels is None or pixels.size == 0:
        return PictureFrame(np.zeros((0, columns, 3), np.uint8), np.zeros((0, columns), np.int16))
    ny, nx = pixels.shape[:2]
    scale = max(nx / columns, ny / (2 * rows))
    width, height = max(1, min(columns, round(nx / scale))), max(1, min(2 * rows, round(ny / scale)))
    colours = np.rint(_means(_means(pixels.astype(np.float64), height, 0), width, 1)).astype(np.uint8)
    levels = ((colours @ _LUMA) / 256 * N_LEVELS).astype(np.int16)
    if height % 2:
        colours = np.concatenate((colours, np.zeros((1, width, 3), np.uint8)))
        levels = np.concatenate((levels, np.full((1, width), NO_DATA, np.int16)))
    return PictureFrame(colours, levels)


def enlarged(rgb: ByteArray) -> ByteArray:
    """(ny, nx, 3) with every pixel repeated a whole number of times, so that a smoothing terminal keeps edges sharp."""
    times = max(1, _WIDE // max(1, rgb.shape[1]))
    return np.repeat(np.repeat(rgb, times, axis=0), times, axis=1)


def _means(values: npt.NDArray[np.float64], n: int, axis: int) -> npt.NDArray[np.float64]:
    """`n` blocks along an axis by their mean; the nearest value where there are fewer values than blocks."""
    size = values.shape[axis]
    first = np.arange(n) * size // n
    if n >= size:
        return np.asarray(np.take(values, first, axis=axis))
    counts = np.diff(np.r_[first, size])
    shape = [1] * values.ndim
    shape[axis] = n
    return np.asarray(np.add.reduceat(values, first, axis=axis) / counts.reshape(shape))


def _nearest(colours: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The colour of the cube or of the grey ramp, whichever is nearer."""
    steps = np.abs(colours[..., None] - _CUBE).argmin(axis=-1)
    cube = _CUBE[steps]
    grey_step = np.abs(colours.mean(axis=-1)[..., None] - _GREYS).argmin(axis=-1)
    grey = _GREYS[grey_step][..., None]
    greyer = ((colours - grey) ** 2).sum(axis=-1) < ((colours - cube) ** 2).sum(axis=-1)
    return np.asarray(np.where(greyer, 232 + grey_step, 16 + steps @ np.array([36, 6, 1])))


def picture_lines(frame: PictureFrame, depth: Literal["256", "true"] = "256") -> list[str]:
    """Half blocks with escape sequences: the upper half cell in the foreground, the lower behind it."""
    lines = []
    codes = frame.codes
    for row in range(0, frame.levels.shape[0], 2):
        parts, last = [], ""
        for column in range(frame.levels.shape[1]):
            ends = []
            for half, first in ((row, 38), (row + 1, 48)):
                if frame.levels[half, column] < 0:
                    ends.append(str(first + 1))
                elif depth == "256":
                    ends.append(f"{first};5;{codes[half, column]}")
                else:
                    red, green, blue = frame.colours[half, column]
                    ends.append(f"{first};2;{red};{green};{blue}")
            colours = ";".join(ends)
            parts.append("▀" if colours == last else f"\x1b[{colours}m▀")
            last = colours
        lines.append("".join(parts) + "\x1b[0m")
    return lines
