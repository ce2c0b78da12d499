"""Spectral cubes: which wavelength a slice has, and the spectrum at a pixel. Used by `images` and `jobs`."""

from __future__ import annotations

import math
import re
from typing import Literal

import numpy as np

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Axis, FloatArray, Series
from mast_tui.preview.building import good_points
from mast_tui.preview.fits_file import FitsFile, image_axes
from mast_tui.preview.guard import Hdu
from mast_tui.preview.headers import Header
from mast_tui.preview.masks import JWST_DO_NOT_USE

SPECTRAL = re.compile(r"^(WAVE|AWAV|FREQ|VELO|VRAD|VOPT|LAMBDA|LINEAR|ENER|WAVN)", re.IGNORECASE)
_LABELS = {"FREQ": "Frequency", "VELO": "Velocity", "VRAD": "Velocity", "VOPT": "Velocity", "ENER": "Energy"}


def is_cube(hdu: Hdu) -> bool:
    """Three axes, of which the slowest is spectral."""
    return len(image_axes(hdu)) == 3 and bool(SPECTRAL.match(hdu.header.text("CTYPE3")))


def spectral_axis(header: Header, k: int) -> Axis:
    ctype = header.text(f"CTYPE{k}")
    return Axis(ctype, _LABELS.get(ctype[:4].upper(), "Wavelength"), header.text(f"CUNIT{k}"))


def medium(ctype: str) -> Literal["", "vacuum", "air"]:
    """FITS paper III, table 1: WAVE is a wavelength in vacuum, AWAV in air; other names do not say."""
    kind = ctype.partition("-")[0].upper()
    return "vacuum" if kind == "WAVE" else "air" if kind == "AWAV" else ""


def linear_axis(header: Header, k: int, n: int) -> FloatArray:
    """World coordinates of axis `k` at its `n` pixels: linear, -LOG (FITS paper III, eq. 5), or log10 by DC-FLAG 1."""
    step = header.number(f"CDELT{k}")
    scale = header.number(f"CD{k}_{k}")
    if step is None or (step == 1.0 and scale is not None):
        step = scale or 1.0
    reference = header.number(f"CRPIX{k}")
    offset = step * (np.arange(1.0, n + 1) - (1.0 if reference is None else reference))
    start = header.number(f"CRVAL{k}") or 0.0
    if header.text(f"CTYPE{k}").upper().endswith("-LOG") and start:
        return np.asarray(start * np.exp(offset / start), np.float64)
    x = start + offset
    return np.asarray(10.0**x if header.integer("DC-FLAG") == 1 else x, np.float64)


def wavelengths(file: FitsFile, hdu: Hdu, n: int) -> FloatArray:
    """The spectral coordinate of each slice: of the table that PS3_0 names, or from CRVAL3 and CDELT3.

    JWST cubes that join bands have no even step; their wavelengths are one vector in the table WCS-TABLE.
    """
    named = hdu.header.text("PS3_0").upper()
    if named:
        column = (hdu.header.text("PS3_1") or "WAVELENGTH").upper()
        for other in file.walk.hdus:
            if other.header.name.upper() == named and other.extension == "BINTABLE":
                table = file.table(other)
                if column in table.columns:
                    values = table.numbers(column).ravel()
                    if values.size == n:
                        return values
    return linear_axis(hdu.header, 3, n)


def spaxel(file: FitsFile, hdu: Hdu, x: int, y: int, half: int = 0) -> Series:
    """The spectrum at pixel (x, y), counted from 0, or the mean over the box of side 2 · `half` + 1 around it.

    Voxels flagged DO_NOT_USE and NaN do not count. The error of the mean is from the ERR array, as of independent
    pixels. InvalidQuery where the HDU is no cube or has no such pixel.
    """
    if not is_cube(hdu):
        raise InvalidQuery(f"HDU {hdu.index} is not a spectral cube")
    shape = image_axes(hdu)
    n, ny, nx = shape
    if not (0 <= x < nx and 0 <= y < ny) or half < 0:
        raise InvalidQuery(f"the cube has no pixel ({x}, {y})", "", f"It has {nx} × {ny}, counted from 0")
    box = (slice(None), slice(max(0, y - half), y + half + 1), slice(max(0, x - half), x + half + 1))
    values = np.asarray(file.image(hdu)[box], np.float64).reshape(n, -1)
    dq, err = sibling(file, hdu, "DQ", shape), sibling(file, hdu, "ERR", shape)
    if dq is not None:
        flags = np.asarray(file.image(dq)[box]).astype(np.int64).reshape(n, -1)
        values = np.where(flags & JWST_DO_NOT_USE, np.nan, values)
    good = np.isfinite(values)
    count = good.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(good, values, 0.0).sum(axis=1) / count
        error = None
        if err is not None:
            sigma = np.asarray(file.image(err)[box], np.float64).reshape(n, -1)
            error = np.sqrt(np.where(good, sigma, 0.0) ** 2 @ np.ones(sigma.shape[1])) / count
    points = good_points(wavelengths(file, hdu, n), mean, error, None, evenly_sampled=False)
    where, side = f"({x}, {y})", values.shape[1]
    axis = spectral_axis(hdu.header, 3)
    return Series(
        kind="spectrum",
        name=f"{hdu.header.name} {where}".strip(),
        product="spectrum of a cube",
        hdu=hdu.index,
        x_axis=axis,
        y_axis=Axis(hdu.header.name or "cube", _quantity(hdu.header), hdu.header.text("BUNIT")),
        x=points.x,
        y=points.y,
        error=points.error,
        starts=points.starts,
        n_rows=n,
        n_good=points.x.size,
        summary=points.summary,
        shape=shape,
        error_name=None if err is None else err.header.name,
        medium=medium(axis.name),
        notes=(f"the mean of {side} pixels around {where}",) if side > 1 else (),
    )


def _quantity(header: Header) -> str:
    return "Surface brightness" if re.search(r"/\s*(sr|arcsec)", header.text("BUNIT"), re.IGNORECASE) else "Flux"


def sibling(file: FitsFile, hdu: Hdu, name: str, shape: tuple[int, ...]) -> Hdu | None:
    """The array of that name after `hdu`, of the same shape."""
    for other in file.walk.hdus[hdu.index + 1 :]:
        if other.header.name.upper() == name and other.complete and image_axes(other) == shape:
            return other
    return None


def value_at(axis: FloatArray, plane: int | None) -> float:
    return math.nan if plane is None or not 0 <= plane < axis.size else float(axis[plane])
