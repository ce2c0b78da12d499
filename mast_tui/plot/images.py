"""An image as half blocks or as an ASCII ramp: the grey of every half cell. Used by `report` and the image widget."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mast_tui.core.look import ImageLook
from mast_tui.plot.labels import axis_label, number, to_ascii

LevelArray = npt.NDArray[np.int16]

#: astropy's AsinhStretch with its default softening.
_SOFTENING = 0.1
N_LEVELS = 24
NO_DATA = -1
#: From dark to bright; `NO_DATA` is a blank.
RAMP = " .:-=+*#%@"


@dataclass(frozen=True, eq=False)
class ImageFrame:
    """`levels`: int16 (2 · rows, columns) from 0 (dark) to `N_LEVELS` - 1, or `NO_DATA`; top row first.

    `scale` is how many of the file's pixels one level stands for along each side; `legend` says what the greys are.
    """

    levels: LevelArray
    scale: float
    legend: str


def draw_image(image: ImageLook, columns: int, rows: int) -> ImageFrame:
    """The whole image on `columns` by `rows` cells, its sides in proportion: half a cell is about square."""
    ny, nx = image.pixels.shape[0] * image.step[0], image.pixels.shape[1] * image.step[1]
    scale = max(nx / max(1, columns), ny / max(1, 2 * rows))
    width, height = max(1, min(columns, round(nx / scale))), max(1, min(2 * rows, round(ny / scale)))
    values = _resized(image.pixels.astype(np.float64), height + height % 2, width)[::-1]
    low, high = image.limits
    share = np.clip((values - low) / (high - low), 0.0, 1.0)
    stretched = np.arcsinh(share / _SOFTENING) / np.arcsinh(1 / _SOFTENING)
    blank = ~np.isfinite(values)
    levels = np.where(blank, NO_DATA, np.minimum(np.where(blank, 0.0, stretched) * N_LEVELS, N_LEVELS - 1))
    label = axis_label(image.value_axis.label, image.value_axis.unit, 0)
    return ImageFrame(levels.astype(np.int16), scale, f"{label}: {number(low)} … {number(high)}, asinh")


def _resized(pixels: npt.NDArray[np.float64], height: int, width: int) -> npt.NDArray[np.float64]:
    """Blocks by their maximum where there are fewer cells than pixels, else the nearest pixel."""
    rows, columns = (np.arange(n) * size // n for n, size in ((height, pixels.shape[0]), (width, pixels.shape[1])))
    filled = np.where(np.isfinite(pixels), pixels, -np.inf)
    filled = np.maximum.reduceat(filled, rows, axis=0) if height <= pixels.shape[0] else filled[rows]
    filled = np.maximum.reduceat(filled, columns, axis=1) if width <= pixels.shape[1] else filled[:, columns]
    return np.where(np.isfinite(filled), filled, np.nan)


def ramp_lines(frame: ImageFrame) -> list[str]:
    """One character a cell, darker to brighter as in `RAMP`; a cell is its brighter half."""
    cells = np.maximum(frame.levels[0::2], frame.levels[1::2])
    index = np.where(cells < 0, 0, cells.astype(np.int64) * len(RAMP) // N_LEVELS)
    signs = np.frombuffer(RAMP.encode("ascii"), np.uint8)[index]
    return [row.tobytes().decode("ascii") for row in np.ascontiguousarray(signs)]


def grey_code(level: int) -> int | None:
    """The colour of the 256-colour grey ramp (232 to 255) for a level; None for no data."""
    return None if level < 0 else 232 + level


def half_block_lines(frame: ImageFrame) -> list[str]:
    """Lines with escape sequences for 256 colours: the upper half cell in the foreground, the lower behind it."""
    lines = []
    for upper, lower in zip(frame.levels[0::2], frame.levels[1::2], strict=True):
        parts: list[str] = []
        last: tuple[int | None, int | None] | None = None
        for pair in zip(upper.tolist(), lower.tolist(), strict=True):
            colours = (grey_code(pair[0]), grey_code(pair[1]))
            if colours != last:
                front = "39" if colours[0] is None else f"38;5;{colours[0]}"
                back = "49" if colours[1] is None else f"48;5;{colours[1]}"
                parts.append(f"\x1b[{front};{back}m")
                last = colours
            parts.append(" " if colours[0] is None else "▀")
        lines.append("".join(parts) + "\x1b[0m")
    return lines


def legend(frame: ImageFrame, ascii_only: bool) -> str:
    return to_ascii(frame.legend) if ascii_only else frame.legend
