"""Images, cubes and pixel files: their pixels, made small, and where on the sky they lie."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mast_tui.core.look.common import (
    Axis,
    BoolArray,
    FloatArray,
    ImageArray,
    IndexArray,
    Json,
    Summary,
    axis_json,
    item_json,
    number_or_none,
)
from mast_tui.core.look.sky_grid import SkyGrid

#: A part of an image in its file's pixels from 0: (x0, y0, x1, y1), the upper ends excluded.
Window: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True)
class Extent:
    """What the sides of an image stand for where they are not pixels (a dynamic spectrum): data at its outer edges."""

    x_axis: Axis
    x_low: float
    x_high: float
    y_axis: Axis
    y_low: float
    y_high: float


@dataclass(frozen=True, eq=False)
class ImageLook:
    """A two-dimensional array made small for a terminal; NaN is a pixel without data. Row 0 is the bottom (FITS).

    `pixels`: float32 (ny, nx), each the maximum of a block of `step` (rows, columns) of the file's pixels.
    `limits`: the values drawn darkest and brightest (z-scale), `wide_limits` the same at 0.5 and 99.5 percent.
    `summary` is over the pixels that were read: x_min..x_max are pixel columns counted from 1.
    `origin`: the file's pixel (row, column) from 0 at the lower left of `pixels`; `full` the (ny, nx) of the whole
    plane, of which a look with a window shows a part. `plane` of `n_planes` (slice, frame, integration) is shown, None
    for a median of them; `plane_value` is its place on `plane_axis`. `aperture`: the pixels (ny, nx) that the mission
    summed, for pixel files. Of a file of many large images all but the first are listed by their headers alone, with
    no pixels and nothing summed up: ask again for this `hdu`.
    """

    kind: Literal["image", "cube", "pixels"]
    name: str
    hdu: int
    value_axis: Axis
    pixels: ImageArray
    limits: tuple[float, float]
    step: tuple[int, int]
    shape: tuple[int, ...]
    n_rows: int
    n_good: int
    summary: Summary
    wide_limits: tuple[float, float] | None = None
    origin: tuple[int, int] = (0, 0)
    full: tuple[int, int] = (0, 0)
    plane: int | None = None
    n_planes: int = 1
    plane_axis: Axis | None = None
    plane_value: float = math.nan
    sky: SkyGrid | None = None
    extent: Extent | None = None
    aperture: BoolArray | None = None
    notes: tuple[str, ...] = ()

    @property
    def loaded(self) -> bool:
        return self.pixels.size > 0

    def to_json(self) -> Json:
        s = self.summary
        return item_json(
            self,
            x={
                "name": "x",
                "label": "pixel column",
                "unit": "pix",
                "min": number_or_none(s.x_min),
                "max": number_or_none(s.x_max),
            },
            y={
                **axis_json(self.value_axis),
                "min": number_or_none(s.y_min),
                "max": number_or_none(s.y_max),
                "median": number_or_none(s.y_median),
            },
        )


@dataclass(frozen=True, eq=False)
class Frames:
    """Consecutive frames of a pixel file, for its animation.

    `pixels`: float32 (n, ny, nx); `first` is the index of the first in the file, `step` the rows from one to the next,
    `n_rows` the number of cadences in the file. `times`: float64 (n,) on `time_axis`, NaN where the file has none;
    `flags`: int64 (n,). `limits` hold for all frames.
    """

    hdu: int
    pixels: ImageArray
    times: FloatArray
    time_axis: Axis
    flags: IndexArray
    first: int
    step: int
    n_rows: int
    limits: tuple[float, float]
    value_axis: Axis
