"""Signs laid over an image and axes around it: crosshair, aperture, ticks. All can be seen without colour.

Used by `images`.
"""

from __future__ import annotations

import numpy as np

from mast_tui.core.look import BoolArray, Extent, ImageLook
from mast_tui.plot.image_frame import ImageFrame
from mast_tui.plot.labels import axis_label
from mast_tui.plot.scales import cells_of, scale_of, sound_range, x_ticks, y_ticks

#: Cells of a crosshair's arm.
_ARM = 3
#: Rows of ticks and label under an image with axes.
AXIS_ROWS = 2


def crosshair(frame: ImageFrame, x: float, y: float, signs: list[list[str]]) -> list[list[str]]:
    """The signs with four arms around the pixel, which itself stays in sight."""
    at = frame.cell_of(x, y)
    if at is None or frame.place is None:
        return signs
    column, row = at[0] - frame.left, at[1]
    wide = max(1, frame.place.columns // max(1, frame.place.size[0]))
    high = max(1, frame.place.half_rows // 2 // max(1, frame.place.size[1]))
    arms = [(row, column + side * (wide // 2 + 1 + k), "─") for side in (-1, 1) for k in range(_ARM)]
    arms += [(row + side * (high // 2 + 1 + k), column, "│") for side in (-1, 1) for k in range(_ARM - 1)]
    for r, c, sign in arms:
        if 0 <= r < len(signs) and 0 <= c < len(signs[0]):
            signs[r][c] = sign
    return signs


def aperture(frame: ImageFrame, mask: BoolArray, step: tuple[int, int], signs: list[list[str]]) -> list[list[str]]:
    """An outline along the inner edge of the aperture; a '+' in each of its pixels where these are too small for it.

    `mask` (ny, nx) holds the pixels of the look, `step` what each stands for.
    """
    place = frame.place
    if place is None or not mask.any():
        return signs
    n_rows, n_columns = len(signs), len(signs[0])
    # the look's pixel of every half cell's middle, from the bottom row up
    across = (np.arange(n_columns) * place.size[0] // place.columns) // step[1]
    up = (np.arange(place.half_rows) * place.size[1] // place.half_rows) // step[0]
    covered = np.zeros((2 * n_rows, n_columns), bool)
    ny, nx = mask.shape
    covered[: place.half_rows] = mask[np.minimum(up, ny - 1)][:, np.minimum(across, nx - 1)]
    cells = covered[::-1].reshape(n_rows, 2, n_columns).any(axis=1)
    outside = np.pad(~cells, 1, constant_values=True)
    above, below = outside[:-2, 1:-1], outside[2:, 1:-1]
    left, right = outside[1:-1, :-2], outside[1:-1, 2:]
    roomy = place.columns >= 4 * place.size[0]
    for r, c in np.argwhere(cells).tolist():
        if roomy:
            sign = _corner(bool(above[r, c]), bool(below[r, c]), bool(left[r, c]), bool(right[r, c]))
        else:
            first = c == 0 or across[c] != across[c - 1]
            sign = "+" if first else ""
        if sign:
            signs[r][c] = sign
    return signs


def _corner(above: bool, below: bool, left: bool, right: bool) -> str:
    if above or below:
        if left:
            return "┌" if above else "└"
        if right:
            return "┐" if above else "┘"
        return "─"
    return "│" if left or right else ""


def left_labels(extent: Extent, rows: int) -> tuple[str, ...]:
    """The ticks of the y axis, one text a row, all of one width."""
    scale = scale_of(extent.y_axis, x=True)
    limits = sound_range((extent.y_low, extent.y_high), scale.log)
    ticks = y_ticks(extent.y_axis, limits, max(2, rows // 3))
    texts = [""] * rows
    for cell, label in zip(cells_of(scale, scale.window(limits), rows, ticks.positions), ticks.labels, strict=True):
        texts[rows - 1 - cell] = label
    if ticks.exponent and rows:
        texts[0] = f"1e{ticks.exponent}"
    width = max(len(text) for text in texts)
    return tuple(f"{text.rjust(width)}{'┤' if text else '│'}" for text in texts)


def foot(image: ImageLook, left: int, columns: int) -> tuple[str, str]:
    """Two lines: the ticks of the x axis under their places, and what the axes are."""
    extent = image.extent
    assert extent is not None
    scale = scale_of(extent.x_axis, x=True)
    limits = sound_range((extent.x_low, extent.x_high), scale.log)
    ticks, day = x_ticks(extent.x_axis, limits, columns)
    line, end = "", -1
    for cell, label in zip(cells_of(scale, scale.window(limits), columns, ticks.positions), ticks.labels, strict=True):
        start = max(0, min(left + cell - len(label) // 2, left + columns - len(label)))
        if start > end:
            line = line.ljust(start) + label
            end = start + len(label)
    across = axis_label(extent.x_axis.label, "" if extent.x_axis.dates else extent.x_axis.unit, ticks.exponent)
    words = f"→ {across}{f' · {day}' if day else ''}   ↑ {axis_label(extent.y_axis.label, extent.y_axis.unit, 0)}"
    width = left + columns
    return line.ljust(width)[:width], words.ljust(width)[:width]
