"""A loupe: the surroundings of the crosshair three times larger, framed, beside the drawn image or in its corner."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mast_tui.core.look import ImageLook
from mast_tui.plot.image_frame import NO_DATA, ImageFrame, Stretch
from mast_tui.plot.images import levels_of, resized

TIMES = 3
#: The loupe takes a third of the drawing's sides in a corner of it, or two thirds of them beside it; it is left out of
#: a drawing with fewer cells than these. Columns between a drawing and the loupe beside it.
_LEAST_COLUMNS, _LEAST_ROWS, _APART = 24, 9, 1


def may_magnify(frame: ImageFrame) -> bool:
    """Whether pixels are small enough, and the drawing large enough, for a loupe to show more."""
    place = frame.place
    if place is None or place.columns < _LEAST_COLUMNS or frame.levels.shape[0] < 2 * _LEAST_ROWS:
        return False
    return place.columns <= TIMES * place.size[0]


def with_loupe(
    frame: ImageFrame, image: ImageLook, crosshair: tuple[int, int], stretch: Stretch, room: int = 0
) -> ImageFrame:
    """The drawn image with a loupe beside it, where `room` columns are enough for that, else in the upper corner that
    is further from the crosshair. Ticks in its frame point at the crosshair's pixel. It shows what has been read: a
    block of pixels is not taken apart.
    """
    place = frame.place
    if place is None or not may_magnify(frame):
        return frame
    beside = room - frame.left - place.columns >= 2 * place.columns // 3 + 2 + _APART
    thirds = 2 if beside else 1
    n_columns, n_rows = thirds * place.columns // 3, thirds * (frame.levels.shape[0] // 2) // 3
    inside = [
        _around(at - origin, step, blocks, cells * size / (drawn * TIMES))
        for at, origin, step, blocks, cells, size, drawn in (
            (crosshair[1], image.origin[0], image.step[0], image.pixels.shape[0], 2 * n_rows, place.size[1],
             place.half_rows),
            (crosshair[0], image.origin[1], image.step[1], image.pixels.shape[1], n_columns, place.size[0],
             place.columns),
        )
    ]  # fmt: skip
    (y0, y1, y), (x0, x1, x) = inside
    part = resized(image.pixels[y0:y1, x0:x1].astype(float), 2 * n_rows, n_columns)[::-1]
    seen = frame.cell_of(*crosshair)
    on_the_left = seen is not None and seen[0] - frame.left > place.columns // 2
    left = 0 if on_the_left else place.columns - n_columns - 2
    levels, signs = frame.levels.copy(), list(frame.signs)
    if beside:
        left = place.columns + _APART
        wider = n_columns + 2 + _APART
        levels = np.pad(levels, ((0, 0), (0, wider)), constant_values=NO_DATA)
        signs = [line + " " * wider for line in signs]
    levels[: 2 * (n_rows + 2), left : left + n_columns + 2] = NO_DATA
    levels[2 : 2 * (n_rows + 1), left + 1 : left + 1 + n_columns] = levels_of(part, *frame.limits, stretch)
    column = min(n_columns - 1, int((x - x0 + 0.5) * n_columns / (x1 - x0)))
    row = n_rows - 1 - min(n_rows - 1, int((y - y0 + 0.5) * n_rows / (y1 - y0)))
    box = ["┌" + _ticked("─", n_columns, column, "┴") + "┐"]
    box += [f"{'┤' if k == row else '│'}{' ' * n_columns}{'├' if k == row else '│'}" for k in range(n_rows)]
    box += ["└" + _ticked("─", n_columns, column, "┬") + "┘"]
    for k, line in enumerate(box):
        signs[k] = signs[k][:left] + line + signs[k][left + n_columns + 2 :]
    return replace(frame, levels=levels, signs=tuple(signs))


def _around(at: int, step: int, n: int, pixels: float) -> tuple[int, int, int]:
    """First and last (excluded) block of a stretch of `pixels` around the one that pixel `at` is in; and that one."""
    here, wanted = min(n - 1, max(0, at // step)), max(1, min(n, round(pixels / step)))
    first = min(max(0, here - wanted // 2), n - wanted)
    return first, first + wanted, here


def _ticked(sign: str, n: int, at: int, tick: str) -> str:
    return sign * at + tick + sign * (n - at - 1)
