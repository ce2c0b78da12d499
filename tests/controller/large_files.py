"""Files too large to be fetched for a glance, in the layouts of the archive's products, with invented numbers.

Every array tells by its values where it was taken from: pixel (y, x) of an image is 10000 y + x, for instance.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from typing import Any

import numpy as np
from astropy.io import fits

NY, NX = 2500, 1100
CADENCES = 1200
PLANES, SIDE = 900, 60
SOURCES = 120


def _bytes(hdus: list[Any]) -> bytes:
    out = io.BytesIO()
    fits.HDUList(hdus).writeto(out)
    return out.getvalue()


def image() -> bytes:
    """A drizzled image of 11 MB with a tangential projection, and a weight map of the same size behind it."""
    y, x = np.mgrid[:NY, :NX]
    sci = fits.ImageHDU((10_000.0 * y + x).astype(np.float32), name="SCI")
    for keyword, value in {
        "CTYPE1": "RA---TAN",
        "CTYPE2": "DEC--TAN",
        "CRVAL1": 150.0,
        "CRVAL2": 2.0,
        "CRPIX1": 500.5,
        "CRPIX2": 1200.5,
        "CD1_1": -1.4e-5,
        "CD1_2": 2e-6,
        "CD2_1": 2e-6,
        "CD2_2": 1.4e-5,
        "BUNIT": "electron/s",
    }.items():
        sci.header[keyword] = value
    weight = fits.ImageHDU(np.ones((NY, NX), np.float32), name="WHT")
    primary = fits.PrimaryHDU()
    primary.header["TELESCOP"], primary.header["INSTRUME"], primary.header["TARGNAME"] = "HST", "ACS", "DEMO-FIELD"
    return _bytes([primary, sci, weight])


def pixel_file() -> bytes:
    """A target pixel file of 1,200 cadences of 30 x 40 pixels; the flux of cadence k is k everywhere."""
    k = np.arange(CADENCES)
    frames = np.broadcast_to(k[:, None, None], (CADENCES, 30, 40)).astype(np.float32)
    columns = [
        fits.Column("TIME", "D", array=1300.0 + k * 2 / 1440, unit="BJD - 2457000, days"),
        fits.Column("CADENCENO", "J", array=k),
        fits.Column("FLUX", "1200E", dim="(40,30)", array=frames, unit="e-/s"),
        fits.Column("FLUX_ERR", "1200E", dim="(40,30)", array=np.ones_like(frames), unit="e-/s"),
        fits.Column("QUALITY", "J", array=np.zeros(CADENCES, np.int32)),
    ]
    table = fits.BinTableHDU.from_columns(columns, name="PIXELS")
    table.header["BJDREFI"], table.header["BJDREFF"] = 2457000, 0.0
    aperture = fits.ImageHDU(np.full((30, 40), 3, np.int32), name="APERTURE")
    primary = fits.PrimaryHDU()
    primary.header["TELESCOP"], primary.header["INSTRUME"] = "TESS", "TESS Photometer"
    primary.header["OBJECT"] = "TIC 1"
    return _bytes([primary, table, aperture])


def cube() -> bytes:
    """A spectral cube of 13 MB; plane k is k everywhere."""
    data = np.broadcast_to(np.arange(PLANES)[:, None, None], (PLANES, SIDE, SIDE)).astype(np.float32)
    sci = fits.ImageHDU(data, name="SCI")
    for keyword, value in {
        "CTYPE1": "RA---TAN",
        "CTYPE2": "DEC--TAN",
        "CTYPE3": "WAVE",
        "CRVAL1": 10.0,
        "CRVAL2": -5.0,
        "CRVAL3": 5.0,
        "CRPIX1": 30.0,
        "CRPIX2": 30.0,
        "CRPIX3": 1.0,
        "CDELT1": -1e-4,
        "CDELT2": 1e-4,
        "CDELT3": 0.001,
        "CUNIT3": "um",
        "BUNIT": "MJy/sr",
    }.items():
        sci.header[keyword] = value
    return _bytes([fits.PrimaryHDU(), sci])


def tiles() -> bytes:
    """An image of 3 MB in RICE tiles, before a weight map of 11 MB."""
    data = np.random.default_rng(2).normal(100, 200, (1200, 2000)).astype(np.int16)
    sci = fits.CompImageHDU(data, name="SCI", compression_type="RICE_1")
    return _bytes([fits.PrimaryHDU(), sci, fits.ImageHDU(np.zeros((NY, NX), np.float32), name="WHT")])


def varying() -> bytes:
    """A table of 14 MB whose cells have their own lengths."""
    cells = np.empty(3000, object)
    cells[:] = [np.full(600 + k % 7, float(k)) for k in range(3000)]
    columns = [fits.Column("ID", "J", array=np.arange(3000)), fits.Column("FLUX", "PD()", array=cells)]
    return _bytes([fits.PrimaryHDU(), fits.BinTableHDU.from_columns(columns, name="CELLS")])


def many() -> bytes:
    """Spectra of 120 sources, an HDU each, of 100 kB; the flux of source k is k."""
    x = np.linspace(1.0, 5.0, 4000)

    def one(k: int) -> Any:
        columns = [fits.Column("WAVELENGTH", "D", array=x, unit="um")]
        columns += [fits.Column(n, "D", array=np.full(4000, float(k)), unit="Jy") for n in ("FLUX", "FLUX_ERROR")]
        return fits.BinTableHDU.from_columns(columns, name="EXTRACT1D", ver=k)

    return _bytes([fits.PrimaryHDU(), *(one(k) for k in range(1, SOURCES + 1))])


def packed() -> bytes:
    """The image with noise, packed by gzip: 10 MB that can only be unpacked from the start."""
    rng = np.random.default_rng(1)
    data = rng.normal(size=(NY, NX)).astype(np.float32)
    return gzip.compress(_bytes([fits.PrimaryHDU(), fits.ImageHDU(data, name="SCI")]), 1)


def small() -> bytes:
    """A spectrum of 60 kB."""
    n = 5000
    wave = np.linspace(1150.0, 1700.0, n)
    table = fits.BinTableHDU.from_columns(
        [
            fits.Column("WAVELENGTH", "D", array=wave, unit="Angstrom"),
            fits.Column("FLUX", "E", array=1e-14 + 0 * wave, unit="erg/s/cm**2/Angstrom"),
        ],
        name="SPECTRUM",
    )
    return _bytes([fits.PrimaryHDU(), table])


def words() -> bytes:
    """A log of 9 MB."""
    return b"".join(b"line %07d of a long log\n" % k for k in range(350_000))


FILES: dict[str, Callable[[], bytes]] = {
    "large_drz.fits": image,
    "large_tp.fits": pixel_file,
    "large_s3d.fits": cube,
    "large_fz.fits": tiles,
    "large_cells.fits": varying,
    "large_x1d.fits": many,
    "large_drz.fits.gz": packed,
    "small_x1d.fits": small,
    "large_log.txt": words,
    "empty_x1d.fits": bytes,
}
