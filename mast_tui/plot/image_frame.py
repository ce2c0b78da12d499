"""What a drawn image is: greys, signs over them, and which of the file's pixels stands where. Made by `images`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

LevelArray = npt.NDArray[np.int16]
Stretch: TypeAlias = Literal["asinh", "linear", "sqrt", "log"]
Limits: TypeAlias = Literal["zscale", "percentile", "minmax"]

N_LEVELS = 24
NO_DATA = -1


@dataclass(frozen=True)
class Place:
    """Where the file's pixels are: `origin` and `size` as (x, y) in pixels, on `columns` by `half_rows` half cells.

    The lowest pixel row ends at the bottom of the levels; above the uppermost there may be one blank half row.
    """

    origin: tuple[int, int]
    size: tuple[int, int]
    columns: int
    half_rows: int


@dataclass(frozen=True, eq=False)
class ImageFrame:
    """`levels`: int16 (2 · rows, columns) from 0 (dark) to `N_LEVELS` - 1, or `NO_DATA`; top row first.

    `scale` is how many of the file's pixels one level stands for along each side; `legend` says what the greys are,
    `limits` are the values drawn darkest and brightest. `signs` has a line of `columns` characters a row of cells:
    crosshair and aperture, to be drawn in place of the greys, blank elsewhere. An image whose sides are no pixels has
    axes: `labels`, a text of one width for the left of each row, and `foot`, lines below.
    """

    levels: LevelArray
    scale: float
    legend: str
    limits: tuple[float, float] = (0.0, 1.0)
    place: Place | None = None
    signs: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()

    @property
    def left(self) -> int:
        """Columns of axis labels to the left of the picture."""
        return len(self.labels[0]) if self.labels else 0

    def pixel_at(self, column: int, row: int) -> tuple[int, int] | None:
        """The file's pixel (x, y), counted from 0, in the middle of a cell; None beside the picture."""
        place = self.place
        if place is None:
            return None
        x = (column - self.left + 0.5) / place.columns
        # a cell is two half rows; its middle is the line between them, and belongs to the upper one
        y = (self.levels.shape[0] - (2 * row + 1)) / place.half_rows
        if not (0 <= x < 1 and 0 <= y < 1 + 1e-9):
            return None
        return (
            place.origin[0] + min(place.size[0] - 1, int(x * place.size[0])),
            place.origin[1] + min(place.size[1] - 1, int(y * place.size[1])),
        )

    def cell_of(self, x: float, y: float) -> tuple[int, int] | None:
        """The cell (column, row) in the middle of the file's pixel (x, y); None where it is out of sight."""
        place = self.place
        if place is None:
            return None
        across, up = math.floor(x) - place.origin[0] + 0.5, math.floor(y) - place.origin[1] + 0.5
        if not (0 <= across < place.size[0] and 0 <= up < place.size[1]):
            return None
        half_row = self.levels.shape[0] - 1 - int(up * place.half_rows / place.size[1])
        return self.left + int(across * place.columns / place.size[0]), half_row // 2
