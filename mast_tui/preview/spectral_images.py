"""Spectra that are stored as images: one-dimensional ones, and the waivered files of FOS and GHRS. Used by `jobs`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import numpy as np

from mast_tui.core.errors import MastTuiError
from mast_tui.core.look import Axis, BoolArray, FloatArray, Quality, Series
from mast_tui.preview.asking import Asked
from mast_tui.preview.building import good_points
from mast_tui.preview.cubes import SPECTRAL, linear_axis, medium, spectral_axis
from mast_tui.preview.fits_file import PARSER_ERRORS, FitsFile, image_axes
from mast_tui.preview.guard import Hdu
from mast_tui.preview.masks import JWST_DO_NOT_USE, Bits, bad_points

#: Which of the calibrated files of an FOS or GHRS exposure a name says.
_WAIVERED = re.compile(r"_(c\d|cq)(f)(?=\.fits?(\.gz)?$)", re.IGNORECASE)
_WAIVERED_LABELS = {"c0": "Wavelength", "c1": "Flux", "c2": "Flux error", "c4": "Count rate", "cq": "Quality"}
#: Quality values of FOS and GHRS grow with the damage; from this one on the data are taken for bad (800 is a dead
#: diode). Where the handbook draws that line could not be looked up: it is this reader's own choice.
_BAD_QUALITY = 200


def is_spectrum(hdu: Hdu) -> bool:
    """A one-dimensional image with a spectral axis."""
    return len(image_axes(hdu)) == 1 and bool(SPECTRAL.match(hdu.header.text("CTYPE1")))


def read_spectrum(file: FitsFile, hdu: Hdu, asked: Asked) -> Series:
    """A spectrum stored as an image: wavelength from CRVAL1, CRPIX1 and CDELT1 (or CD1_1); DC-FLAG 1 is log10.

    Its errors are in an image of the same length, ERR, VAR or IVAR; one named DQ or QUALITY flags pixels that are bad.
    """
    y = np.asarray(file.image(hdu), np.float64)
    error_name, error = _errors(file, y.size)
    points = good_points(
        linear_axis(hdu.header, 1, y.size), y, error, _flagged(file, y.size, asked), evenly_sampled=False
    )
    kept = asked.afford(points)
    axis = spectral_axis(hdu.header, 1)
    name = hdu.header.name or ("primary array" if hdu.index == 0 else f"HDU {hdu.index}")
    return Series(
        kind="spectrum",
        name=name,
        product="spectrum stored as an image",
        hdu=hdu.index,
        x_axis=axis,
        y_axis=Axis(name, "Flux", hdu.header.text("BUNIT")),
        x=kept.x,
        y=kept.y,
        error=kept.error,
        starts=kept.starts,
        n_rows=y.size,
        n_good=points.x.size,
        summary=points.summary,
        shape=(y.size,),
        error_name=error_name,
        medium=medium(axis.name),
    )


def _errors(file: FitsFile, n: int) -> tuple[str | None, FloatArray | None]:
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


def _flagged(file: FitsFile, n: int, asked: Asked) -> BoolArray | None:
    """By default what JWST calls DO_NOT_USE (bit 0) is bad; with hard, every flag."""
    for hdu in file.walk.hdus:
        if hdu.header.name.upper() in ("DQ", "QUALITY") and hdu.complete and image_axes(hdu) == (n,):
            return bad_points(Bits("DQ", JWST_DO_NOT_USE), file.image(hdu), hdu.header, asked.quality)[0]
    return None


def is_waivered_spectrum(file: FitsFile, hdu: Hdu) -> bool:
    """FOS and GHRS spectra in the waivered GEIS layout: groups by pixels in the primary, then an ASCII table."""
    if hdu.index != 0 or len(file.walk.hdus) < 2 or file.walk.hdus[1].extension != "TABLE":
        return False
    axes = hdu.axes
    flat = len(axes) in (1, 2) and axes[-1] >= 4 * (axes[0] if len(axes) == 2 else 1)
    return flat and hdu.header.text("INSTRUME").upper() in ("FOS", "HRS", "GHRS")


def read_waivered(file: FitsFile, hdu: Hdu, asked: Asked, path: Path | None) -> list[Series]:
    """A series a group, the last first: FOS accumulates, its last group is the whole exposure.

    Wavelengths, errors and quality are in files of the same exposure (`_c0f`, `_c2f`, `_cqf`); they are read where
    they lie beside this one at `path`. Without the wavelengths the x axis counts pixels.
    """
    groups = np.atleast_2d(np.asarray(file.image(hdu), np.float64))
    match = _WAIVERED.search(path.name) if path is not None else None
    part = match[1].lower() if match else "c1"
    wave = error = quality = None
    if part != "c0":
        wave = _companion(path, "c0", groups.shape)
    if part == "c1":
        error, quality = _companion(path, "c2", groups.shape), _companion(path, "cq", groups.shape)
    note = "the wavelengths are in the companion file (c0f); the x axis counts pixels until it lies beside this one"
    notes = (note,) if wave is None and part != "c0" else ()
    instrument = hdu.header.text("INSTRUME")
    found = []
    for at in reversed(range(len(groups))):
        if asked.row is not None and asked.row != at:
            continue
        x = np.arange(1.0, groups.shape[1] + 1) if wave is None else wave[at]
        bad = None if quality is None or asked.quality == "none" else quality[at] >= _BAD_QUALITY
        points = good_points(x, groups[at], None if error is None else error[at], bad, evenly_sampled=False)
        kept = asked.afford(points)
        found.append(
            Series(
                kind="spectrum",
                name=f"group {at + 1}",
                product=f"{instrument} spectrum (waivered GEIS)",
                hdu=0,
                row=at,
                x_axis=Axis("PIXEL", "Pixel", "pix") if wave is None else Axis("WAVELENGTH", "Wavelength", "Angstrom"),
                y_axis=Axis("FLUX", _WAIVERED_LABELS.get(part, "Flux"), hdu.header.text("BUNIT")),
                x=kept.x,
                y=kept.y,
                error=kept.error,
                starts=kept.starts,
                n_rows=groups.shape[1],
                n_good=points.x.size,
                summary=points.summary,
                shape=groups.shape,
                error_name=None if error is None else "c2f",
                quality=None if bad is None else Quality("cqf", 0, int(np.count_nonzero(bad))),
                medium="" if wave is None else _waivered_medium(instrument, x),
                notes=notes,
            )
        )
    return found


def _waivered_medium(instrument: str, wave: FloatArray) -> Literal["", "vacuum", "air"]:
    """FOS wavelengths are in vacuum; calhrs turns those of GHRS above 2000 Å into air ("HRS", section 4 of the CDBS
    guide, newcdbs.stsci.edu)."""
    if instrument.upper() == "FOS" or wave.max() < 2000.0:
        return "vacuum"
    return "air" if wave.min() > 2000.0 else ""


def _companion(path: Path | None, part: str, shape: tuple[int, ...]) -> FloatArray | None:
    """The array of another file of the same exposure beside this one; None where it is missing or does not fit."""
    if path is None or not _WAIVERED.search(path.name):
        return None
    beside = path.with_name(_WAIVERED.sub(rf"_{part}\2", path.name))
    try:
        with FitsFile(beside) as file:
            values = np.atleast_2d(np.asarray(file.image(file.walk.hdus[0]), np.float64))
    except (*PARSER_ERRORS, MastTuiError):
        return None
    return values if values.shape == shape else None
