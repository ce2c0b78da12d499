"""`mast-tui preview --window`: a part of a curve by its x, of an image as a FITS section (pixels from 1, both ends in).

An image's window is asked of the file, and only it is fetched of a remote one; a curve is read whole and cut.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import click

from mast_tui.cli.preview_options import DIGITS
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import ImageLook

if TYPE_CHECKING:
    from mast_tui.core.look import Preview, Window

#: From, to; infinite where nothing was written.
Range = tuple[float, float]

_RANGE = re.compile(rf"({DIGITS})?:({DIGITS})?")
#: A side longer than that of any image; what is asked for beyond an image's edge is cut there.
_MOST_PIXELS = 1 << 30


def window_of(_context: click.Context, _parameter: click.Parameter, text: str | None) -> tuple[Range, ...] | None:
    """One range of a curve's x, or two of an image's pixel columns and rows: FITS sections, with or without [ ]."""
    if text is None:
        return None
    matches = [_RANGE.fullmatch(part.strip()) for part in text.strip().removeprefix("[").removesuffix("]").split(",")]
    ranges = tuple((float(m[1] or -math.inf), float(m[2] or math.inf)) for m in matches if m is not None)
    if len(ranges) != len(matches) or len(ranges) > 2 or not all(low <= high for low, high in ranges):
        raise click.BadParameter(
            "write FROM:TO in a curve's own x, such as 1330:1332.5, or columns and rows of an image, such as "
            "101:300,201:400; either end may be left out"
        )
    return ranges


def pixels_of(ranges: tuple[Range, ...]) -> Window:
    """A FITS section (pixels from 1, both ends in it) as a window. UsageError for numbers that name no pixels."""
    ends = [end for limits in ranges for end in limits]
    if len(ranges) != 2 or any(end != math.floor(end) or end < 1 for end in ends if math.isfinite(end)):
        raise click.UsageError(
            "a window of an image is COLUMNS,ROWS in pixels counted from 1, such as 101:300,201:400."
        )
    x0, x1, y0, y1 = (int(min(max(end, 1), _MOST_PIXELS)) for end in ends)
    return x0 - 1, y0 - 1, x1, y1


def refuse_without(preview: Preview, window: Window) -> None:
    """InvalidQuery where what is shown first is not this window: a curve, a pixel file, a dynamic spectrum."""
    item = preview.items[0] if preview.items else None
    if isinstance(item, ImageLook):
        ends = zip(
            item.origin, item.pixels.shape, item.step, (window[1], window[0]), (window[3], window[2]), strict=True
        )
        # a block of pixels, or a row left out, may stand out at either side
        if all(low - step < at and at + n * step < high + step for at, n, step, low, high in ends):
            return
    raise InvalidQuery(
        f"{preview.file} is not shown in windows of pixels",
        f"It is of kind {preview.kind}",
        "Write --window FROM:TO for a part of a curve" if preview.series else "Leave --window out",
    )
