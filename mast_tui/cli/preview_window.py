"""`mast-tui preview --window`: a part of a curve by its x, of an image as a FITS section (pixels from 1, both ends in).

Or, with `--at`, so many columns and rows around a place: then the image is looked at whole first, for its sky. A window
is asked of the file, and only it is fetched of a remote one; a curve is read whole and cut.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
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
_SIZE = re.compile(r"(\d{1,6})\s*[x×]\s*(\d{1,6})")
#: A side longer than that of any image; what is asked for beyond an image's edge is cut there.
_MOST_PIXELS = 1 << 30
_SYNTAX = (
    "write FROM:TO in a curve's own x, such as 1330:1332.5, columns and rows of an image, such as 101:300,201:400 "
    "(either end may be left out), or a size, such as 200x200, with --at"
)


@dataclass(frozen=True)
class Part:
    """One of `x_range`, of a curve; `pixels`, of an image; and `size` (columns, rows) around the place `at`."""

    x_range: Range | None = None
    pixels: Window | None = None
    size: tuple[int, int] | None = None
    at: str = ""

    def around(self, preview: Preview) -> Window:
        """The window of `size` in the image that is shown first. InvalidQuery where there is no such place."""
        from mast_tui.plot.image_places import place_of
        from mast_tui.plot.image_windows import window_around

        assert self.size is not None
        item = preview.items[0] if preview.items else None
        if not isinstance(item, ImageLook) or item.extent is not None:
            raise _no_windows(preview)
        return window_around(item, place_of(self.at, item, item.sky), self.size)


def part_of(window: str | None, at: str | None) -> Part:
    """What the two options ask for. UsageError for what can't be meant."""
    size = _SIZE.fullmatch(window.strip()) if window is not None else None
    if at is not None and size is None:
        raise click.UsageError("--at is the middle of a window: add its size in pixels, such as --window 200x200.")
    if window is None:
        return Part()
    if size is not None:
        sides = int(size[1]), int(size[2])
        if at is None or not all(sides):
            raise click.UsageError("a window of so many pixels is around a place: add --at, and no side is 0.")
        return Part(size=sides, at=at)
    matches = [_RANGE.fullmatch(part.strip()) for part in window.strip().removeprefix("[").removesuffix("]").split(",")]
    ranges = [(float(m[1] or -math.inf), float(m[2] or math.inf)) for m in matches if m is not None]
    if len(ranges) != len(matches) or len(ranges) > 2 or not all(low <= high for low, high in ranges):
        raise click.UsageError(f"--window: {_SYNTAX}.")
    return Part(x_range=ranges[0]) if len(ranges) == 1 else Part(pixels=_pixels(ranges[0], ranges[1]))


def _pixels(columns: Range, rows: Range) -> Window:
    """A FITS section (pixels from 1, both ends in it) as a window. UsageError for numbers that name no pixels."""
    ends = (*columns, *rows)
    if any(end != math.floor(end) or end < 1 for end in ends if math.isfinite(end)):
        raise click.UsageError(
            "a window of an image is COLUMNS,ROWS in pixels counted from 1, such as 101:300,201:400."
        )
    x0, x1, y0, y1 = (int(min(max(end, 1), _MOST_PIXELS)) for end in ends)
    return x0 - 1, y0 - 1, x1, y1


def refuse_without(preview: Preview, window: Window) -> None:
    """InvalidQuery where what is shown first is not this window: a curve, a pixel file, a dynamic spectrum."""
    from mast_tui.plot.image_places import full_size
    from mast_tui.plot.image_windows import window_of

    item = preview.items[0] if preview.items else None
    if isinstance(item, ImageLook):
        left, bottom, right, top = window_of(item) or (0, 0, *reversed(full_size(item)))
        rows, columns = item.step  # a block of pixels, or a row left out, may stand out at either side
        if (
            window[0] - columns < left
            and right < window[2] + columns
            and window[1] - rows < bottom
            and top < window[3] + rows
        ):
            return
    raise _no_windows(preview)


def _no_windows(preview: Preview) -> InvalidQuery:
    return InvalidQuery(
        f"{preview.file} is not shown in windows of pixels",
        f"It is of kind {preview.kind}",
        "Write --window FROM:TO for a part of a curve" if preview.series else "Leave --window out",
    )
