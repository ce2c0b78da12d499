"""What is taken away of a look: a picture for a slide, the drawn numbers, a sound, a summary in words.

Pictures are drawn once, as shapes on a page, and written as SVG or PNG. Files are written by the faces.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, TypedDict, Unpack

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import ImageLook, PictureLook, Series
from mast_tui.plot.image_frame import Limits, Stretch
from mast_tui.plot.plot_frame import Mark
from mast_tui.plot.takeaway.csv_text import csv_text
from mast_tui.plot.takeaway.drawing import Drawing
from mast_tui.plot.takeaway.image_csv import image_csv
from mast_tui.plot.takeaway.image_page import Sides, image_page
from mast_tui.plot.takeaway.picture_page import picture_page
from mast_tui.plot.takeaway.png import png_bytes
from mast_tui.plot.takeaway.series_page import series_page
from mast_tui.plot.takeaway.svg import svg_text
from mast_tui.plot.takeaway.wav import wav_bytes as to_wav
from mast_tui.plot.takeaway.words import in_words

__all__ = ["Drawable", "How", "in_words", "to_csv", "to_png", "to_svg", "to_wav"]

WIDTH, HEIGHT = 1200, 700
Drawable: TypeAlias = Series | ImageLook | PictureLook


class How(TypedDict, total=False):
    """`width`, `height` of the page (1200 x 700), `title`; the rest as on the screen.

    For series: `x_range`, `y_range` in data units, `also` overlaid, `over` a binned line or a trend, `errors` a band,
    `marks` on the x axis. For images: `stretch` and `limits` of the greys, `sides` in
    pixels or on the sky.
    """

    width: int
    height: int
    title: str
    x_range: tuple[float, float] | None
    y_range: tuple[float, float] | None
    also: Sequence[Series]
    over: Series | None
    errors: bool
    marks: Sequence[Mark]
    stretch: Stretch
    limits: Limits
    sides: Sides


def to_svg(look: Drawable, **how: Unpack[How]) -> str:
    """The look as an SVG document. InvalidQuery for an image that is only listed."""
    return svg_text(_page(look, how))


def to_png(look: Drawable, **how: Unpack[How]) -> bytes:
    """The look as a PNG file. LocalFailure where Pillow is not installed, InvalidQuery as for `to_svg`."""
    return png_bytes(_page(look, how))


def to_csv(look: Series | ImageLook) -> str:
    """The drawn numbers as ECSV: a line a point, or a pixel."""
    return image_csv(look) if isinstance(look, ImageLook) else csv_text(look)


def _page(look: Drawable, how: How) -> Drawing:
    width, height, title = how.get("width", WIDTH), how.get("height", HEIGHT), how.get("title", "")
    if isinstance(look, ImageLook):
        if not look.loaded:
            raise InvalidQuery(f"{look.name} has not been read yet", "It is only listed", f"Ask for HDU {look.hdu}")
        return image_page(
            look,
            width,
            height,
            title=title,
            stretch=how.get("stretch", "asinh"),
            limits=how.get("limits", "zscale"),
            sides=how.get("sides", "pixels"),
        )
    if isinstance(look, PictureLook):
        return picture_page(look, width, height, title=title)
    return series_page(
        look,
        width,
        height,
        title=title,
        x_range=how.get("x_range"),
        y_range=how.get("y_range"),
        also=how.get("also", ()),
        over=how.get("over"),
        errors=how.get("errors", False),
        marks=how.get("marks", ()),
    )
