"""Which values of an image are drawn darkest and brightest, and how its legend says so. Used by `images` and pages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mast_tui.core.look import ImageLook
from mast_tui.plot.image_frame import Limits
from mast_tui.plot.labels import number

#: Percentiles of what is drawn, where the limits of the pixels do not serve it.
_SHARES = (0.5, 99.5)
_OF_CELLS = "limits of the brightest in each cell"


@dataclass(frozen=True)
class Shades:
    """The values drawn darkest and brightest (`low` < `high`) and, in words, what the greys are.

    `said` is '0 … 12.5', or why no two values are `told_apart`; `of_cells` is true where the limits that were asked for
    would have left most of the drawing white, and those of what is drawn were taken.
    """

    low: float
    high: float
    said: str
    told_apart: bool = True
    of_cells: bool = False

    @property
    def note(self) -> str:
        """What a legend must add, '' where the limits are those that were asked for."""
        return _OF_CELLS if self.of_cells else ""


def shades_of(image: ImageLook, limits: Limits, cells: npt.NDArray[np.floating] | None = None) -> Shades:
    """The limits for drawing `image`; 'percentile' is 0.5 to 99.5 %.

    `cells`: what is drawn where it is fewer than the file's pixels, the maximum of each block of them. In a crowded
    field nearly every block holds a star, and limits made for single pixels would draw it all white.
    """
    finite = image.pixels[np.isfinite(image.pixels)]
    if not finite.size:
        return Shades(0.0, 1.0, "no pixel has a value", told_apart=False)
    lowest, highest = float(finite.min()), float(finite.max())
    of_film = image.kind == "pixels" and limits == "zscale"  # whose limits hold for all of its frames
    if lowest == highest and not of_film:
        return Shades(lowest, lowest + (abs(lowest) or 1.0), f"all pixels are {number(lowest)}", told_apart=False)
    low, high = _asked(image, limits, finite)
    if not (np.isfinite(low) and np.isfinite(high) and high > low):
        low, high = lowest, highest
    of_cells = False
    if cells is not None and limits != "minmax":
        drawn = cells[np.isfinite(cells)]
        of_cells = bool(drawn.size) and 2 * np.count_nonzero(drawn > high) > drawn.size
        if of_cells:
            low, high = (float(value) for value in np.percentile(drawn, _SHARES))
            low, high = (low, high) if high > low else (lowest, highest)
    return Shades(low, high, f"{number(low)} … {number(high)}", of_cells=of_cells)


def _asked(image: ImageLook, limits: Limits, finite: npt.NDArray[np.floating]) -> tuple[float, float]:
    if limits == "zscale":
        return image.limits
    if limits == "percentile" and image.wide_limits is not None:
        return image.wide_limits
    low, high = np.percentile(finite, (0.0, 100.0) if limits == "minmax" else _SHARES)
    return float(low), float(high)
