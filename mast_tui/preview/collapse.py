"""Some neighbouring slices of a spectral cube as one image: their sum or their median. Used by `jobs`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import ImageLook, Window
from mast_tui.preview import cubes
from mast_tui.preview.fits_file import FitsFile, image_axes
from mast_tui.preview.guard import Hdu
from mast_tui.preview.images import bounds, image_look, median_of
from mast_tui.preview.masks import JWST_DO_NOT_USE
from mast_tui.preview.sky import sky_grid

How = Literal["sum", "median"]
#: The median of more slices than this is taken over so many of them, evenly spread, and said so.
_SLICES = 64


def collapsed(file: FitsFile, hdu: Hdu, first: int, last: int, how: How, window: Window | None) -> ImageLook:
    """Slices `first` to `last` (from 0, both included) of a cube as one image, or a window of it as of `Asked`.

    Voxels that are NaN or flagged DO_NOT_USE do not count; a pixel that has none left is NaN. A sum is of the voxels'
    own values, in their unit: it is not multiplied by the width of a slice. InvalidQuery where the HDU is no cube, or
    has no such slices or window.
    """
    if not cubes.is_cube(hdu):
        raise InvalidQuery(f"HDU {hdu.index} is not a spectral cube")
    shape = image_axes(hdu)
    n, ny, nx = shape
    if not 0 <= first <= last < n:
        raise InvalidQuery(f"there are no planes {first} to {last}", "", f"It has {n}, counted from 0")
    rows, columns = bounds(window, (ny, nx))
    step = -(-(last - first + 1) // _SLICES) if how == "median" else 1
    taken = range(first, last + 1, step)
    cube, flags = file.image(hdu), cubes.sibling(file, hdu, "DQ", shape)
    dq = None if flags is None else file.image(flags)

    def usable(k: int) -> npt.NDArray[Any]:
        plane = np.asarray(cube[k, rows, columns], np.float32)
        bad = ~np.isfinite(plane)
        if dq is not None:
            bad |= (np.asarray(dq[k, rows, columns]).astype(np.int64) & JWST_DO_NOT_USE) != 0
        return np.where(bad, np.float32(np.nan), plane)

    planes = map(usable, taken)
    plane = _sum(planes) if how == "sum" else median_of(np.stack(list(planes)))
    axis, values = cubes.spectral_axis(hdu.header, 3), cubes.wavelengths(file, hdu, n)
    low, high = cubes.value_at(values, first), cubes.value_at(values, last)
    which = (
        f"slices {first + 1} to {last + 1}" if step == 1 else f"{len(taken)} of the slices {first + 1} to {last + 1}"
    )
    note = f"the {how} of {which} is shown, {low:.6g} to {high:.6g} {axis.unit}".rstrip()
    return image_look(
        "cube",
        hdu.header.name or f"HDU {hdu.index}",
        hdu,
        plane,
        shape,
        hdu.header.text("BUNIT") or file.primary.text("BUNIT"),
        [note],
        origin=(rows.start, columns.start),
        full=(ny, nx),
        n_planes=n,
        plane_axis=axis,
        sky=sky_grid(hdu.header, (columns.start, columns.stop), (rows.start, rows.stop)),
    )


def _sum(planes: Iterable[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """The sum of what is finite, plane after plane, so that a large cube is never held as a whole."""
    total: Any = None
    for plane in planes:
        good = np.isfinite(plane)
        if total is None:
            total, seen = np.zeros(plane.shape, np.float64), np.zeros(plane.shape, np.bool_)
        total += np.where(good, plane, 0.0)
        seen |= good
    return np.where(seen, total, np.nan)
