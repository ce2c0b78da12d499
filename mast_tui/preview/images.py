"""Images, cubes and pixel files as one small picture, and spectra that are stored as images. Used by `jobs`."""

from __future__ import annotations

import re
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from mast_tui.core.look import Axis, ImageLook, Series, Summary
from mast_tui.preview.asking import Asked
from mast_tui.preview.building import good_points
from mast_tui.preview.columns import Columns
from mast_tui.preview.fits_file import FitsFile, image_axes
from mast_tui.preview.guard import Hdu
from mast_tui.preview.headers import Header
from mast_tui.preview.masks import JWST_DO_NOT_USE, KEPLER_DEFAULT, TESS_DEFAULT
from mast_tui.preview.shrinking import block_maximum, zscale

#: The median of more pixels than this is taken over a regular sample, and said so.
_MEDIAN_PIXELS = 1 << 24
#: So many slices of a cube, or frames of a pixel file, make the median that is drawn.
_SLICES = 64

_SPECTRAL = re.compile(r"^(WAVE|AWAV|FREQ|VELO|VRAD|VOPT|LAMBDA|LINEAR)", re.IGNORECASE)


def read_image(file: FitsFile, hdu: Hdu) -> ImageLook:
    """A picture of an array of two or more axes: of a cube its median, of other stacks the last plane."""
    array = file.image(hdu)
    shape = image_axes(hdu)
    kind: Literal["image", "cube"] = "image"
    notes: list[str] = []
    if array.ndim == 3 and _SPECTRAL.match(hdu.header.text("CTYPE3")):
        kind = "cube"
        step = -(-array.shape[0] // _SLICES)
        plane, what = _median(array[::step]), f"{len(range(0, array.shape[0], step))} of {array.shape[0]} slices"
        notes.append(f"the median of {what} is shown")
    else:
        at = tuple(length - 1 for length in array.shape[:-2])
        plane = array[at] if at else array
        if any(length > 1 for length in array.shape[:-2]):
            notes.append(
                f"plane {', '.join(str(k + 1) for k in at)} of {' × '.join(map(str, array.shape[:-2]))} is shown"
            )
    if plane.size == 0:
        raise ValueError("the array has no pixels")
    plane = _without_unusable(file, hdu, plane, kind, notes)
    return _look(kind, _name(hdu), hdu, plane, shape, hdu.header.text("BUNIT") or file.primary.text("BUNIT"), notes)


def is_pixel_file(columns: Columns) -> bool:
    """A target pixel file: an image a row, with time and quality."""
    flux = columns.get("FLUX")
    return flux is not None and len(flux.shape) == 2 and {"TIME", "QUALITY"} <= columns.keys()


def read_pixels(file: FitsFile, hdu: Hdu) -> ImageLook:
    """The median frame of the good cadences of a target pixel file; n_rows and n_good count cadences."""
    table = file.table(hdu)
    kepler = "KEPLER" in file.primary.text("TELESCOP").upper()
    bitmask = KEPLER_DEFAULT if kepler else TESS_DEFAULT
    good = np.isfinite(table.numbers("TIME")) & ((table.raw("QUALITY").astype(np.int64) & bitmask) == 0)
    rows = np.flatnonzero(good)
    flux = table.raw("FLUX")
    if rows.size == 0 or flux.ndim != 3:
        raise ValueError("no good cadence")
    used = rows[:: -(-rows.size // _SLICES)]
    notes = [
        f"the median of {used.size} good cadences is shown",
        f"{table.n_rows - rows.size:,} of {table.n_rows:,} cadences are flagged (bitmask {bitmask})",
    ]
    unit = table.columns["FLUX"].unit
    look = _look("pixels", _name(hdu), hdu, _median(flux[used]), (table.n_rows, *flux.shape[1:]), unit, notes)
    return ImageLook(**{**vars(look), "n_rows": table.n_rows, "n_good": int(rows.size)})


def is_spectrum(hdu: Hdu) -> bool:
    """A one-dimensional image with a spectral axis."""
    return len(image_axes(hdu)) == 1 and bool(_SPECTRAL.match(hdu.header.text("CTYPE1")))


def read_spectrum(file: FitsFile, hdu: Hdu, asked: Asked) -> Series:
    """A spectrum stored as an image: wavelength from CRVAL1, CRPIX1 and CDELT1 (or CD1_1); DC-FLAG 1 is log10."""
    y = np.asarray(file.image(hdu), np.float64)
    header = hdu.header
    x = _linear_axis(header, y.size)
    error_name, error = _sibling_error(file, y.size)
    points = good_points(x, y, error, None, evenly_sampled=False)
    kept = asked.afford(points)
    return Series(
        kind="spectrum",
        name=_name(hdu),
        product="spectrum stored as an image",
        hdu=hdu.index,
        x_axis=Axis(header.text("CTYPE1"), "Wavelength", header.text("CUNIT1")),
        y_axis=Axis(_name(hdu), "Flux", header.text("BUNIT")),
        x=kept.x,
        y=kept.y,
        error=kept.error,
        starts=kept.starts,
        n_rows=y.size,
        n_good=points.x.size,
        summary=points.summary,
        shape=(y.size,),
        error_name=error_name,
    )


def is_waivered_spectrum(file: FitsFile, hdu: Hdu) -> bool:
    """FOS and GHRS spectra in the waivered GEIS layout: groups by pixels in the primary, then an ASCII table."""
    if hdu.index != 0 or len(file.walk.hdus) < 2 or file.walk.hdus[1].extension != "TABLE":
        return False
    axes = hdu.axes
    flat = len(axes) in (1, 2) and axes[-1] >= 4 * (axes[0] if len(axes) == 2 else 1)
    return flat and hdu.header.text("INSTRUME").upper() in ("FOS", "HRS", "GHRS")


def read_waivered(file: FitsFile, hdu: Hdu, asked: Asked) -> list[Series]:
    """A series a group, the last first: FOS accumulates, its last group is the whole exposure."""
    groups = np.atleast_2d(np.asarray(file.image(hdu), np.float64))
    found = []
    for at in reversed(range(len(groups))):
        points = good_points(np.arange(1.0, groups.shape[1] + 1), groups[at], None, None, evenly_sampled=True)
        kept = asked.afford(points)
        found.append(
            Series(
                kind="spectrum",
                name=f"group {at + 1}",
                product=f"{hdu.header.text('INSTRUME')} spectrum (waivered GEIS)",
                hdu=0,
                row=at,
                x_axis=Axis("PIXEL", "Pixel", "pix"),
                y_axis=Axis("FLUX", "Flux", hdu.header.text("BUNIT")),
                x=kept.x,
                y=kept.y,
                error=None,
                starts=kept.starts,
                n_rows=groups.shape[1],
                n_good=points.x.size,
                summary=points.summary,
                shape=groups.shape,
                notes=("the wavelengths are in the companion file (c0f); the x axis counts pixels",),
            )
        )
    return found


def _sibling_error(file: FitsFile, n: int) -> tuple[str | None, npt.NDArray[np.float64] | None]:
    """The errors of a spectrum stored as an image are another image of the same length, or its square or inverse."""
    for hdu in file.walk.hdus:
        name = hdu.header.name.upper()
        if name in ("ERR", "ERROR", "UNCERT", "VAR", "IVAR") and hdu.complete and image_axes(hdu) == (n,):
            values = np.asarray(file.image(hdu), np.float64)
            with np.errstate(divide="ignore", invalid="ignore"):
                if name == "VAR":
                    values = np.sqrt(values)
                elif name == "IVAR":
                    values = 1 / np.sqrt(values)
            return hdu.header.name, values
    return None, None


def _linear_axis(header: Header, n: int) -> npt.NDArray[np.float64]:
    step = header.number("CDELT1")
    if step is None or (step == 1.0 and header.number("CD1_1") is not None):
        step = header.number("CD1_1") or 1.0
    reference = header.number("CRPIX1")
    pixel = np.arange(1.0, n + 1) - (1.0 if reference is None else reference)
    x = (header.number("CRVAL1") or 0.0) + step * pixel
    return np.asarray(10.0**x if header.integer("DC-FLAG") == 1 else x, np.float64)


def _without_unusable(
    file: FitsFile, hdu: Hdu, plane: npt.NDArray[Any], kind: str, notes: list[str]
) -> npt.NDArray[Any]:
    """JWST marks pixels that must not be used in the DQ array that follows the science array."""
    if kind != "image" or "JWST" not in file.primary.text("TELESCOP").upper():
        return plane
    for other in file.walk.hdus[hdu.index + 1 :]:
        if other.header.name == "DQ" and other.complete and image_axes(other)[-2:] == plane.shape:
            flags = file.image(other)
            unusable = (flags[(-1,) * (flags.ndim - 2)].astype(np.int64) & JWST_DO_NOT_USE) != 0
            if not unusable.any():
                return plane
            notes.append(f"{int(unusable.sum()):,} pixels flagged DO_NOT_USE are left blank")
            return np.where(unusable, np.nan, plane)
    return plane


def _median(stack: npt.NDArray[Any]) -> npt.NDArray[Any]:
    values = np.asarray(stack, np.float32)
    empty = ~np.isfinite(values).any(axis=0)
    middle = np.nanmedian(np.where(empty, 0.0, values), axis=0)
    return np.where(empty, np.nan, middle)


def _look(
    kind: Literal["image", "cube", "pixels"],
    name: str,
    hdu: Hdu,
    plane: npt.NDArray[Any],
    shape: tuple[int, ...],
    unit: str,
    notes: list[str],
) -> ImageLook:
    if plane.dtype.kind in "iub":
        plane = plane.astype(np.float32 if plane.size > _MEDIAN_PIXELS else np.float64)
    small, step = block_maximum(plane)
    sample = plane
    if plane.size > _MEDIAN_PIXELS:
        stride = -(-plane.size // _MEDIAN_PIXELS)
        sample = plane[::stride]
        notes = [*notes, f"the median is of every {stride}th row"]
    finite = np.isfinite(plane)
    n_good = int(np.count_nonzero(finite))
    values = np.asarray(sample, np.float64)
    values = values[np.isfinite(values)]
    summary = Summary(1.0, float(plane.shape[1]))
    if n_good and values.size:
        low, high = (
            float(np.min(plane, initial=np.inf, where=finite)),
            float(np.max(plane, initial=-np.inf, where=finite)),
        )
        summary = Summary(1.0, float(plane.shape[1]), low, high, float(np.median(values)))
    if step != (1, 1):
        notes = [*notes, f"a cell stands for the brightest of {step[1]} × {step[0]} pixels"]
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
        notes=tuple(notes),
    )


def _name(hdu: Hdu) -> str:
    version = hdu.header.integer("EXTVER")
    name = hdu.header.name or ("primary array" if hdu.index == 0 else f"HDU {hdu.index}")
    return f"{name},{version}" if version not in (None, 1) else name
