"""Which part and which planes of an image are to be seen; how one writes several planes, and says which are shown."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from mast_tui.core.look import ImageLook, Window
from mast_tui.plot import pretty_unit

_WRITTEN = re.compile(r"(?:(sum|median)\s+)?(\d{1,7})\s*[-–:]\s*(\d{1,7})(?:\s+(sum|median))?", re.IGNORECASE)


@dataclass(frozen=True)
class PlaneRange:
    """Planes `first` to `last`, counted from 0, both of them included."""

    first: int
    last: int
    how: Literal["sum", "median"] = "sum"

    @property
    def written(self) -> str:
        """As people write it, counted from 1; `parsed` reads it again."""
        return f"{self.first + 1}-{self.last + 1} {self.how}"


@dataclass(frozen=True)
class Wish:
    """What of an image is to be seen: a window of it (None for all), one plane (None for the median), or several."""

    window: Window | None
    plane: int | None
    together: PlaneRange | None = None


def parsed(words: str, n_planes: int) -> PlaneRange | str:
    """The planes of '10-20', '10-20 median'; or in a sentence what is wrong with the words."""
    match = _WRITTEN.fullmatch(words.strip())
    if match is None or (match[1] and match[4]):
        return "Write the first and the last plane, as in 10-20 or 10-20 median."
    first, last = sorted((int(match[2]), int(match[3])))
    if not 1 <= first <= last <= n_planes:
        return f"The planes go from 1 to {n_planes}."
    how: Literal["sum", "median"] = "median" if (match[1] or match[4] or "").lower() == "median" else "sum"
    return PlaneRange(first - 1, last - 1, how)


def plane_words(image: ImageLook, together: PlaneRange | None = None) -> str:
    """'plane 33 of 120: Wavelength 5.123 µm', or which planes are drawn as one."""
    if together is not None:
        return f"{together.how} of planes {together.first + 1}–{together.last + 1} of {image.n_planes}"
    if image.plane is None:
        return f"{image.n_planes} planes as one"
    words = f"plane {image.plane + 1} of {image.n_planes}"
    if image.plane_axis is not None and math.isfinite(image.plane_value):
        unit = pretty_unit(image.plane_axis.unit)
        words += f": {image.plane_axis.label} {image.plane_value:.6g} {unit}".rstrip()
    return words
