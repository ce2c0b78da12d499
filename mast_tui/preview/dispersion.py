"""Two-dimensional spectra: which wavelength the columns or rows of an image stand for. Used by `images`.

JWST's s2d and cal files keep the wavelengths of a slit in an image of the same shape, WAVELENGTH; other files have the
extracted spectrum beside the image, a row a column of it; where neither is there, the header's coordinates are taken
when they are spectral. JWST's own coordinate system (GWCS, in the ASDF extension) is not read.
"""

from __future__ import annotations

import warnings

import numpy as np

from mast_tui.core.look import Axis, Extent, FloatArray
from mast_tui.preview.cubes import SPECTRAL, linear_axis, spectral_axis
from mast_tui.preview.fits_file import PARSER_ERRORS, FitsFile, image_axes
from mast_tui.preview.guard import Hdu

#: Names of the column of an extracted spectrum that lies beside its image.
_COLUMNS = ("WAVELENGTH", "WAVE")
#: Wavelengths further from even steps than this, in pixels, are not drawn as an axis.
_UNEVEN = 0.5


def dispersion(file: FitsFile, hdu: Hdu) -> tuple[Extent | None, str]:
    """The axes of a two-dimensional spectrum where its wavelengths are known and even, and a sentence about them.

    (None, '') where the array is not a spectrum: no DISPAXIS (1: x, 2: y) and no spectral CTYPE1.
    """
    shape = image_axes(hdu)[-2:]
    written = hdu.header.integer("DISPAXIS")
    spectral = bool(SPECTRAL.match(hdu.header.text("CTYPE1")))
    if written not in (1, 2) and not spectral:
        return None, ""
    along_y = written == 2
    n = shape[0] if along_y else shape[1]
    where = f"light is dispersed along the {'rows' if along_y else 'columns'}"
    wave, axis = _of_image(file, hdu, along_y), Axis("WAVELENGTH", "Wavelength", "um")
    if wave is None:
        wave, axis = _of_table(file, hdu, n)
    if wave is None and spectral and not along_y and len(image_axes(hdu)) == 2:
        wave, axis = linear_axis(hdu.header, 1, n), spectral_axis(hdu.header, 1)
    good = np.flatnonzero(np.isfinite(wave)) if wave is not None else np.empty(0, int)
    if wave is None or good.size < 2:
        return None, f"{where}; the file holds no wavelengths for them, pixels are shown"
    first, last = int(good[0]), int(good[-1])
    step = float(wave[last] - wave[first]) / (last - first)
    low, high = float(wave[first]), float(wave[last])
    even = wave[first] + step * (good - first)
    if step == 0 or np.abs(wave[good] - even).max() > _UNEVEN * abs(step):
        span = f"{low:.5g} to {high:.5g} {axis.unit}".rstrip()
        return None, f"{where}, {span} in uneven steps; pixels are shown"
    edges = low - (first + 0.5) * step, low + (n - first - 0.5) * step
    if along_y:
        return Extent(Axis("x", "Pixel column", "pix"), 0.5, shape[1] + 0.5, axis, *edges), where
    return Extent(axis, *edges, Axis("y", "Pixel row", "pix"), 0.5, shape[0] + 0.5), where


def _of_image(file: FitsFile, hdu: Hdu, along_y: bool) -> FloatArray | None:
    """The median over the slit of the WAVELENGTH image of the same version; µm (JWST), NaN outside of the slit."""
    for other in file.walk.hdus:
        same = other.header.name.upper() == "WAVELENGTH" and other.complete
        if same and image_axes(other) == image_axes(hdu)[-2:] and _version(other) == _version(hdu):
            try:
                values = np.array(file.image(other), np.float64)
            except PARSER_ERRORS:
                return None
            values[~(values > 0)] = np.nan
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # columns that the slit does not reach
                return np.asarray(np.nanmedian(values, axis=1 if along_y else 0), np.float64)
    return None


def _of_table(file: FitsFile, hdu: Hdu, n: int) -> tuple[FloatArray | None, Axis]:
    """The wavelengths of the extracted spectrum of `n` rows, when the file has one that can be this slit's."""
    nothing = Axis("", "Wavelength")
    fitting = [
        (other, name)
        for other in file.walk.hdus
        if other.extension == "BINTABLE" and other.complete and other.header.integer("NAXIS2") == n
        for name in _COLUMNS
        if name in file.columns(other) and file.columns(other)[name].shape == ()
    ]
    if len(fitting) > 1:
        fitting = [(other, name) for other, name in fitting if _version(other) == _version(hdu)]
    if len(fitting) != 1:
        return None, nothing
    other, name = fitting[0]
    try:
        wave = file.table(other).numbers(name)
    except PARSER_ERRORS:
        return None, nothing
    column = file.columns(other)[name]
    return np.where(wave > 0, wave, np.nan), Axis(column.name, "Wavelength", column.unit)


def _version(hdu: Hdu) -> int:
    return hdu.header.integer("EXTVER") or 1
