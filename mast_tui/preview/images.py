"""Images and cubes as one small picture: which plane of the array, which part of it, without unusable pixels.

Used by `jobs`. A look with a window reads that part of the file again, with more detail.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Axis, Extent, ImageLook, SkyGrid, Summary, Window
from mast_tui.preview import cubes
from mast_tui.preview.asking import Asked
from mast_tui.preview.dispersion import dispersion
from mast_tui.preview.fits_file import FitsFile, image_axes
from mast_tui.preview.guard import Hdu
from mast_tui.preview.masks import JWST_DO_NOT_USE
from mast_tui.preview.shrinking import block_maximum, percentiles, zscale
from mast_tui.preview.sky import distortions_left_out, sky_grid

#: The median of more pixels than this is taken over a regular sample, and said so.
_MEDIAN_PIXELS = 1 << 24
#: So many slices of a cube make the median that is drawn.
_SLICES = 64
#: 2.5 log10(e): Pan-STARRS stores v = A · asinh((counts − BOFFSET) / (2 · BSOFTEN)) with this A
#: (https://outerspace.stsci.edu/display/PANSTARRS/PS1+Stack+images).
_ASINH_MAGNITUDES = 1.0857362047581296

Bounds = tuple[slice, slice]


@dataclass(frozen=True, eq=False)
class _Plane:
    """Two dimensions of an array: `at` are the indices before them, None for a median."""

    pixels: npt.NDArray[Any]
    kind: Literal["image", "cube"]
    at: tuple[int, ...] | None = ()
    plane: int | None = None
    n_planes: int = 1
    axis: Axis | None = None
    value: float = math.nan
    notes: tuple[str, ...] = ()


def read_image(file: FitsFile, hdu: Hdu, asked: Asked) -> ImageLook:
    """A picture of an array of two or more axes: of a cube its median, of ramps the last minus the first group, of
    other stacks the last plane; or the plane and the window that were asked for.

    InvalidQuery where there is no such plane or the window lies outside of the image.
    """
    array = file.image(hdu)
    if array.size == 0:
        raise ValueError("the array has no pixels")
    full = (int(array.shape[-2]), int(array.shape[-1]))
    rows, columns = bounds(asked.window, full)
    chosen = _choose(file, hdu, array, asked.plane, (rows, columns))
    notes = list(chosen.notes)
    plane = _linear(hdu, chosen.pixels, notes)
    plane = _without_unusable(file, hdu, plane, chosen.at, (rows, columns), notes)
    extent, words = dispersion(file, hdu) if chosen.kind == "image" else (None, "")
    notes += [words] if words else []
    sky = sky_grid(hdu.header, (columns.start, columns.stop), (rows.start, rows.stop))
    notes += [distortions_left_out(hdu.header)] if sky is not None and distortions_left_out(hdu.header) else []
    return image_look(
        chosen.kind,
        _name(hdu),
        hdu,
        plane,
        image_axes(hdu),
        hdu.header.text("BUNIT") or file.primary.text("BUNIT"),
        notes,
        origin=(rows.start, columns.start),
        full=full,
        plane_number=chosen.plane,
        n_planes=chosen.n_planes,
        plane_axis=chosen.axis,
        plane_value=chosen.value,
        sky=sky,
        extent=extent,
    )


def listed(file: FitsFile, hdu: Hdu) -> ImageLook:
    """What the headers say of an image, without its pixels."""
    axes = image_axes(hdu)
    unit = hdu.header.text("BUNIT") or file.primary.text("BUNIT")
    return ImageLook(
        kind="cube" if cubes.is_cube(hdu) else "image",
        name=_name(hdu),
        hdu=hdu.index,
        value_axis=Axis(_name(hdu), "Value", unit),
        pixels=np.empty((0, 0), np.float32),
        limits=(0.0, 1.0),
        step=(1, 1),
        shape=axes,
        n_rows=math.prod(axes),
        n_good=0,
        summary=Summary(),
        full=(axes[-2], axes[-1]),
        notes=("its pixels are not read until it is asked for by its HDU",),
    )


def bounds(window: Window | None, full: tuple[int, int]) -> Bounds:
    """Rows and columns of a window (x0, y0, x1, y1), cut at the edges. InvalidQuery where nothing is left."""
    ny, nx = full
    x0, y0, x1, y1 = window if window is not None else (0, 0, nx, ny)
    x0, y0, x1, y1 = max(0, x0), max(0, y0), min(nx, x1), min(ny, y1)
    if x0 >= x1 or y0 >= y1:
        raise InvalidQuery("that part lies outside of the image", "", f"It has {nx} × {ny} pixels")
    return slice(y0, y1), slice(x0, x1)


def _choose(file: FitsFile, hdu: Hdu, array: npt.NDArray[Any], plane: int | None, part: Bounds) -> _Plane:
    leading = array.shape[:-2]
    if cubes.is_cube(hdu):
        return _slice(file, hdu, array, plane, part)
    if len(leading) == 2 and leading[1] > 1 and "JWST" in file.primary.text("TELESCOP").upper():
        at = checked_plane(plane, leading[0])
        ramp = np.asarray(array[at, -1][part], np.float32) - np.asarray(array[at, 0][part], np.float32)
        of = f" of {leading[1]} groups" if leading[1] > 2 else " group"
        note = f"the last minus the first{of} is shown"
        if leading[0] > 1:
            note += f", of integration {at + 1} of {leading[0]}"
        return _Plane(ramp, "image", None, at, leading[0], notes=(note,))
    n_planes = math.prod(leading)
    if n_planes == 1:
        only = tuple(0 for _ in leading)
        return _Plane(array[only][part], "image", only, 0 if leading else None)
    at = checked_plane(plane, n_planes)
    place = tuple(int(k) for k in np.unravel_index(at, leading))
    note = f"plane {at + 1} of {n_planes} is shown"
    if len(leading) > 1:
        note += f" ({', '.join(str(k + 1) for k in place)} of {' × '.join(map(str, leading))})"
    return _Plane(array[place][part], "image", place, at, n_planes, notes=(note,))


def _slice(file: FitsFile, hdu: Hdu, array: npt.NDArray[Any], plane: int | None, part: Bounds) -> _Plane:
    n = array.shape[0]
    axis = cubes.spectral_axis(hdu.header, 3)
    if plane is not None:
        at = checked_plane(plane, n)
        value = cubes.value_at(cubes.wavelengths(file, hdu, n), at)
        note = f"slice {at + 1} of {n} is shown, at {value:.6g} {axis.unit}".rstrip()
        return _Plane(array[at][part], "cube", (at,), at, n, axis, value, (note,) if n > 1 else ())
    step = -(-n // _SLICES)
    of = f" of {n}" if step > 1 else ""
    note = f"the median of {len(range(0, n, step))}{of} slices is shown"
    return _Plane(median_of(array[::step, part[0], part[1]]), "cube", None, None, n, axis, notes=(note,))


def checked_plane(plane: int | None, n: int) -> int:
    """The index of a plane, the last of `n` by default; InvalidQuery where there is no such."""
    at = n - 1 if plane is None else plane
    if not 0 <= at < n:
        raise InvalidQuery(f"there is no plane {at}", "", f"It has {n}, counted from 0")
    return at


def _linear(hdu: Hdu, plane: npt.NDArray[Any], notes: list[str]) -> npt.NDArray[Any]:
    """Pan-STARRS stacks are stored as asinh magnitudes; here they are counts again."""
    soft, offset = hdu.header.number("BSOFTEN"), hdu.header.number("BOFFSET")
    if soft is None or offset is None:
        return plane
    notes.append("the asinh scaling of the pixels (BSOFTEN, BOFFSET) is undone")
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(offset + 2 * soft * np.sinh(np.asarray(plane, np.float64) / _ASINH_MAGNITUDES), np.float32)


def _without_unusable(
    file: FitsFile,
    hdu: Hdu,
    plane: npt.NDArray[Any],
    at: tuple[int, ...] | None,
    part: Bounds,
    notes: list[str],
) -> npt.NDArray[Any]:
    """JWST marks pixels that must not be used in the DQ array that follows the science array."""
    if at is None or "JWST" not in file.primary.text("TELESCOP").upper():
        return plane
    shape = image_axes(hdu)
    for other in file.walk.hdus[hdu.index + 1 :]:
        axes = image_axes(other)
        if other.header.name == "DQ" and other.complete and axes[-2:] == shape[-2:]:
            flags = file.image(other)
            place = at if axes == shape else (-1,) * (flags.ndim - 2)
            unusable = (flags[place][part].astype(np.int64) & JWST_DO_NOT_USE) != 0
            if not unusable.any():
                return plane
            notes.append(f"{int(unusable.sum()):,} pixels flagged DO_NOT_USE are left blank")
            return np.where(unusable, np.nan, plane)
    return plane


def median_of(stack: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The median over the first axis of what is finite; NaN where nothing is."""
    values = np.asarray(stack, np.float32)
    empty = ~np.isfinite(values).any(axis=0)
    middle = np.nanmedian(np.where(empty, 0.0, values), axis=0)
    return np.where(empty, np.nan, middle)


def image_look(
    kind: Literal["image", "cube", "pixels"],
    name: str,
    hdu: Hdu,
    plane: npt.NDArray[Any],
    shape: tuple[int, ...],
    unit: str,
    notes: list[str],
    *,
    origin: tuple[int, int] = (0, 0),
    full: tuple[int, int] | None = None,
    plane_number: int | None = None,
    n_planes: int = 1,
    plane_axis: Axis | None = None,
    plane_value: float = math.nan,
    sky: SkyGrid | None = None,
    extent: Extent | None = None,
) -> ImageLook:
    """The pixels of `plane` (ny, nx) made small, with limits and summary; the other arguments as in `ImageLook`."""
    if plane.dtype.kind in "iub":
        plane = plane.astype(np.float32 if plane.size > _MEDIAN_PIXELS else np.float64)
    small, step = block_maximum(plane)
    if plane.size > _MEDIAN_PIXELS:
        notes = [*notes, f"the median is of every {-(-plane.size // _MEDIAN_PIXELS)}th row"]
    if step != (1, 1):
        notes = [*notes, f"a cell stands for the brightest of {step[1]} × {step[0]} pixels"]
    n_good, summary = _summed_up(plane, origin[1])
    return ImageLook(
        kind=kind,
        name=name,
        hdu=hdu.index,
        value_axis=Axis(name, "Value", unit),
        pixels=small,
        limits=zscale(small),
        step=step,
        shape=shape,
        n_rows=int(plane.size),
        n_good=n_good,
        summary=summary,
        wide_limits=percentiles(small),
        origin=origin,
        full=full or (int(plane.shape[0]), int(plane.shape[1])),
        plane=plane_number,
        n_planes=n_planes,
        plane_axis=plane_axis,
        plane_value=plane_value,
        sky=sky,
        extent=extent,
        notes=tuple(notes),
    )


def _summed_up(plane: npt.NDArray[Any], first_column: int) -> tuple[int, Summary]:
    """How many pixels are finite, and their limits and median; columns are counted from 1."""
    finite = np.isfinite(plane)
    n_good = int(np.count_nonzero(finite))
    low, high = float(first_column + 1), float(first_column + plane.shape[1])
    sample = plane[:: -(-plane.size // _MEDIAN_PIXELS)]
    values = np.asarray(sample, np.float64)
    values = values[np.isfinite(values)]
    if not values.size:
        return n_good, Summary(low, high)
    darkest = float(np.min(plane, initial=np.inf, where=finite))
    brightest = float(np.max(plane, initial=-np.inf, where=finite))
    return n_good, Summary(low, high, darkest, brightest, float(np.median(values)))


def _name(hdu: Hdu) -> str:
    """'SCI', 'SCI,2', 'SCI,2 slit 117': what tells the arrays of a file apart."""
    version = hdu.header.integer("EXTVER")
    name = hdu.header.name or ("primary array" if hdu.index == 0 else f"HDU {hdu.index}")
    name = f"{name},{version}" if version not in (None, 1) else name
    slit = hdu.header.text("SLTNAME")
    return f"{name} slit {slit}" if slit else name
