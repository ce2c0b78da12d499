"""What was read from a small file that stands for parts of a large one, numbered as in the large one.

`sparse` made the small file; the rows, planes and pixels that a reader counted in it are put to their places here, and
a note says how many of them were read. Used by `remote` (files of the archive) and `large` (files that are here).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mast_tui.core.look import Frames, ImageLook, Look, Series, TableLook
from mast_tui.preview.parts import Side, Taken

WHOLE = "download it to see all of it"


@dataclass(frozen=True)
class Words:
    """How the notes say it: what was done with the rows, and how to see more of an image, of a cube, of a table.

    `parts`: whether it is said of a part of an image, of which every row was taken, that the others were not.
    """

    did: str
    rows: str
    planes: str
    table: str
    parts: bool


#: Of a file of the archive, and of one that is here.
FETCHED = Words("fetched", WHOLE, WHOLE, WHOLE, parts=True)
READ = Words("read", "zoom in to see every row", "choose one to see it alone", "", parts=False)


@dataclass(frozen=True)
class Sampled:
    """Of which rows of one HDU the small file has the data: `sides` as `parts.Taken`, `axes` those of the file."""

    table: bool
    axes: tuple[int, ...]
    sides: tuple[Side, ...]


def sampled(part: Taken) -> Sampled:
    return Sampled(part.is_table, part.hdu.axes, part.sides)


def placed_rows(frames: Frames, part: Sampled) -> Frames:
    """Frames of a table of pixels, numbered as in the large file."""
    rows = part.sides[-1]
    return replace(frames, first=rows.at(frames.first), step=rows.step * frames.step, n_rows=rows.length)


def placed_item(item: Look, part: Sampled, words: Words) -> Look:
    """One look at the HDU of which `part` was taken, numbered as in the large file, with a note on what was left."""
    rows = part.sides[-1]
    match item:
        case ImageLook() if not part.table:
            return _placed_image(item, part, words)
        case ImageLook() if item.kind == "pixels":
            return replace(
                item,
                n_rows=rows.length,
                n_planes=rows.length,
                plane=None if item.plane is None else rows.at(item.plane),
                shape=(rows.length, *item.shape[1:]),
                notes=(*item.notes, _rows_note(rows, "cadences", words)),
            )
        case ImageLook():
            return replace(item, notes=(*item.notes, _rows_note(rows, "rows", words)))
        case Series():
            if not part.table:
                return item
            row = None if item.row is None else rows.at(item.row)
            n_rows = rows.length if item.row is None and item.n_rows == rows.count else item.n_rows
            return replace(item, row=row, n_rows=n_rows, notes=(*item.notes, _rows_note(rows, "rows", words)))
        case TableLook():
            shape = (rows.length, *item.shape[1:])
            return replace(item, n_rows=rows.length, shape=shape, notes=(*item.notes, _rows_note(rows, "rows", words)))
        case _:
            return item


def _placed_image(item: ImageLook, part: Sampled, words: Words) -> ImageLook:
    """A row that was taken stands in the middle of those that were not (`parts`): cells cover the whole image."""
    rows, planes = part.sides[-1], part.sides[:-1]
    ny, nx = part.axes[-2:]
    plane, n_planes, shown = _placed_plane(item, planes)
    notes = (shown, *item.notes) if shown else item.notes
    if rows.step > 1:
        every = f"only every {_ordinal(rows.step)} row was {words.did}"
        notes = (*notes, f"{every}: small things may be missing; {words.rows}")
    elif not rows.whole and words.parts:
        last = rows.first + rows.count
        notes = (*notes, f"rows {rows.first + 1:,} to {last:,} of {rows.length:,} were {words.did}")
    if any(1 < side.count < side.length for side in planes):
        n = math.prod(side.count for side in planes)
        of = math.prod(side.length for side in planes)
        notes = (*notes, f"{n} of {of:,} planes were {words.did}; {words.planes}")
    sky = item.sky if item.sky is None else replace(item.sky, y=np.asarray(rows.first + rows.step * item.sky.y))
    extent = item.extent
    if extent is not None and extent.y_axis.unit == "pix":  # a spectrum on the detector, of which rows were taken
        extent = replace(extent, y_low=0.5, y_high=ny + 0.5)
    return replace(
        item,
        step=(item.step[0] * rows.step, item.step[1]),
        origin=(max(0, rows.at(item.origin[0]) - (rows.step - 1) // 2), item.origin[1]),
        full=(ny, nx),
        shape=part.axes,
        plane=plane,
        n_planes=n_planes,
        sky=sky,
        extent=extent,
        notes=notes,
    )


def _placed_plane(item: ImageLook, planes: Sequence[Side]) -> tuple[int | None, int, str]:
    """The number of the plane that is shown, how many there are, and both in words where only that one was taken."""
    if not planes:
        return item.plane, item.n_planes, ""
    counts = [side.count for side in planes]
    if item.n_planes == counts[0] < math.prod(counts):  # a ramp: its planes are integrations, not groups
        n, plane = planes[0].length, None if item.plane is None else planes[0].at(item.plane)
        shown = plane is not None and n > 1 and counts[0] == 1
        return plane, n, f"integration {(plane or 0) + 1} of {n} is shown" if shown else ""
    n = math.prod(side.length for side in planes)
    if math.prod(counts) == 1:
        plane = _raveled([0] * len(planes), planes)
        at = f", at {item.plane_value:.6g}" if item.plane_axis is not None and math.isfinite(item.plane_value) else ""
        unit = f" {item.plane_axis.unit}" if at and item.plane_axis is not None and item.plane_axis.unit else ""
        what = "slice" if item.kind == "cube" else "plane"
        return plane, n, f"{what} {plane + 1:,} of {n:,} is shown{at}{unit}" if n > 1 else ""
    return None if item.plane is None else _raveled(np.unravel_index(item.plane, counts), planes), n, ""


def _raveled(index: Sequence[Any], planes: Sequence[Side]) -> int:
    at = 0
    for k, side in zip(index, planes, strict=True):
        at = at * side.length + side.at(int(k))
    return at


def _rows_note(rows: Side, what: str, words: Words) -> str:
    more = f"; {words.table}" if words.table else ""
    if rows.count == 1:
        return f"{what.removesuffix('s')} {rows.first + 1:,} of {rows.length:,} was {words.did}{more}"
    how = "the first " if rows.step == 1 and rows.first == 0 else ""
    spread = ", evenly spread," if rows.step > 1 else ""
    return f"{how}{rows.count:,} of {rows.length:,} {what}{spread} were {words.did}{more}"


def _ordinal(n: int) -> str:
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"
