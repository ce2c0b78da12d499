"""Lines, areas, points, words and pixels on a page: what `svg` and `png` both know how to write.

Lengths are points of the page (1200 x 700 by default), x to the right, y downwards. Nothing here knows what is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from mast_tui.core.look import ByteArray, FloatArray

Colour: TypeAlias = str  # "#rrggbb"
INK, GREY, FAINT, PAPER = "#1a1a1a", "#5a5a5a", "#d9d9d9", "#ffffff"
#: Okabe and Ito's palette, told apart by colour-blind eyes too (https://jfly.uni-koeln.de/color/).
BLUE, VERMILLION, GREEN, PURPLE, ORANGE = "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00"


@dataclass(frozen=True, eq=False)
class Lines:
    """Polylines: each of `paths` is float64 (n, 2). `dashed` draws them broken."""

    paths: tuple[FloatArray, ...]
    colour: Colour = INK
    width: float = 1.0
    dashed: bool = False


@dataclass(frozen=True, eq=False)
class Area:
    """A filled polygon, float64 (n, 2)."""

    outline: FloatArray
    colour: Colour


@dataclass(frozen=True, eq=False)
class Points:
    """Round points of a diameter at places float64 (n, 2)."""

    places: FloatArray
    colour: Colour
    diameter: float


@dataclass(frozen=True)
class Words:
    """A line of text whose baseline starts, centres or ends at (x, y); `turned` reads upwards."""

    x: float
    y: float
    text: str
    size: float = 15.0
    anchor: Literal["start", "middle", "end"] = "start"
    colour: Colour = INK
    turned: bool = False
    bold: bool = False


@dataclass(frozen=True, eq=False)
class Raster:
    """uint8 (ny, nx, 3), top row first, laid without smoothing over a box."""

    rgb: ByteArray
    x: float
    y: float
    width: float
    height: float


Shape: TypeAlias = Lines | Area | Points | Words | Raster


@dataclass(frozen=True)
class Field:
    """Left, top, right and bottom of a part of the page."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass
class Drawing:
    """A page. `inside` is cut off at the edges of `box`; `outside` lies over it."""

    width: int
    height: int
    title: str
    box: Field
    inside: list[Shape] = field(default_factory=list)
    outside: list[Shape] = field(default_factory=list)


def text_width(text: str, size: float) -> float:
    """About how wide a text is in a sans-serif font: enough to leave room for it."""
    return 0.58 * size * len(text)
