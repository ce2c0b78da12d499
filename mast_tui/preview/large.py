"""A look at a part of a local file that is too large to be read whole: some of its rows, in a small file in memory.

The parts are those that are fetched of a large file of the archive, but more, since reading costs little: `parts`
chooses, `sparse.small_file` copies, the readers see a small sound file, `placing` puts what they found to its place.
Used by `jobs`.
"""

from __future__ import annotations

import contextlib
import io
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Frames, ImageLook, Look
from mast_tui.preview import cubes, images, pixels
from mast_tui.preview.asking import Asked
from mast_tui.preview.fits_file import MAX_PIXELS, PARSER_ERRORS, FitsFile, TooLarge, image_axes
from mast_tui.preview.guard import Hdu
from mast_tui.preview.parts import READ, Aim, Taken, choose, is_ramp
from mast_tui.preview.placing import READ as WORDS
from mast_tui.preview.placing import placed_item, placed_rows, sampled
from mast_tui.preview.sparse import aim_at_small, small_file

#: How a reader says that an HDU is too large for it: knowingly, or because the worker's memory ends (`Previewer`).
REFUSED = (TooLarge, MemoryError)
Refused = TooLarge | MemoryError


@dataclass(frozen=True)
class _Small:
    """The small file, what it has of the HDU, and what to ask of it."""

    data: io.BytesIO
    part: Taken
    aim: Aim

    def open(self) -> FitsFile:
        return FitsFile(Path(), (self.data, self.data.getbuffer().nbytes))


def looks(
    file: FitsFile,
    hdu: Hdu,
    asked: Asked,
    refused: Refused,
    read: Callable[[FitsFile, Hdu, Asked], list[Look]],
) -> list[Look]:
    """What `read` makes of a part of the HDU, its rows, planes and pixels numbered as in the file.

    `refused` is raised again where its data can't be had in part; InvalidQuery for a window or plane that is not there;
    ValueError where the file was cut off before their end.
    """
    _check(file, hdu, asked)
    small = _small(file, hdu, Aim(hdu.index, asked.row, asked.plane, asked.window), refused)
    to = small.aim
    within = replace(asked, hdu=hdu.index, row=to.row, plane=to.plane, window=to.window)
    with small.open() as part:
        found = read(part, part.walk.hdus[hdu.index], within)
    asked.affords_after(within)
    if not small.part.sampled:
        return found
    found = [_at_its_wavelength(item, file, hdu, asked.plane) for item in found]
    return [placed_item(item, sampled(small.part), WORDS) for item in found]


def frames(file: FitsFile, hdu: Hdu, rows: tuple[int, int, int], refused: Refused) -> Frames:
    """As `pixels.frames`; `rows` are the first cadence, the step and how many. `refused` as in `looks`."""
    first, step, count = rows
    n_rows = hdu.header.integer("NAXIS2") or 0
    if step < 1 or count < 1 or not 0 <= first < n_rows:
        raise InvalidQuery(f"there is no cadence {first}", "", f"The cadences of this file are 0 to {n_rows - 1:,}")
    small = _small(file, hdu, Aim(hdu.index, rows=rows), refused)
    with small.open() as part:
        one = part.walk.hdus[hdu.index]
        if not small.part.sampled:
            return pixels.frames(part, one, first, count, step)
        return placed_rows(pixels.frames(part, one, 0, count, 1), sampled(small.part))


def _small(file: FitsFile, hdu: Hdu, aim: Aim, refused: Refused) -> _Small:
    if not hdu.complete:
        raise ValueError("its data are cut off")
    taken = choose(file.walk.hdus, aim, READ)
    part = taken[hdu.index]
    if not part.sides and (not part.whole or math.prod(image_axes(hdu)) > MAX_PIXELS):
        raise refused
    data = io.BytesIO()
    small_file(file, taken, data)
    return _Small(data, part, aim_at_small(taken, aim))


def _check(file: FitsFile, hdu: Hdu, asked: Asked) -> None:
    """InvalidQuery for a window or a plane that the HDU does not have: the small file could not tell."""
    axes = image_axes(hdu)
    if len(axes) >= 2:
        images.bounds(asked.window, (axes[-2], axes[-1]))
    if asked.plane is None:
        return
    if not axes:
        images.checked_plane(asked.plane, hdu.header.integer("NAXIS2") or 0)
    elif len(axes) > 2:
        whole = axes[:1] if is_ramp(file.walk.hdus[0], hdu) else axes[:-2]
        images.checked_plane(asked.plane, math.prod(whole))


def _at_its_wavelength(item: Look, file: FitsFile, hdu: Hdu, plane: int | None) -> Look:
    """The slice of a cube at the wavelength that the whole file gives it: that may stand in a table, a row a slice."""
    if plane is None or not isinstance(item, ImageLook) or item.kind != "cube":
        return item
    with contextlib.suppress(*PARSER_ERRORS, TooLarge):
        value = cubes.value_at(cubes.wavelengths(file, hdu, image_axes(hdu)[0]), plane)
        return replace(item, plane_value=value)
    return item
