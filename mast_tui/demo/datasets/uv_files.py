"""Simulated files of the ultraviolet missions, and plain images: IUE spectra, FUSE spectra, GALEX intensity maps.

Layouts: `lwp25637.mxlo` (NEWSIPS), the virtual-observatory spectra of IUE, a FUSE co-added spectrum, and the one-image
files of GALEX, Pan-STARRS and others. Called by `datasets.uv` and `datasets.stock`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mast_tui.demo.datasets.hst_files import Spectrum
from mast_tui.demo.datasets.rows import seed
from mast_tui.demo.fits import Array, Card, Column, FitsFile, Image, Table, cards

_POINTS = 640
#: first wavelength and step of the low-dispersion extraction, in Angstrom, by camera family
_CAMERAS = {"LW": (1750.0, 2.6627994), "SW": (1050.0, 1.6763)}


def mxlo_file(
    camera: str, number: int, target: str, ra_deg: float, dec_deg: float, flux: Spectrum, seconds: float
) -> FitsFile:
    """A low-dispersion IUE spectrum: MELO, one row, 640 points from WAVELENGTH with step DELTAW.

    Flux is zero and SIGMA is -1 where the camera has no calibration (below 1,850 A for LWP, 1,150 A for SWP).
    """
    first, step = _CAMERAS[camera[:2]]
    header = cards(
        """
        TELESCOP= 'IUE' / International Ultraviolet Explorer
        DATE    = '29/12/95' / Date file was written
        ORIGIN  = 'GSFC' / Institution generating the file
        COMMENT SIMULATED: the layout of NEWSIPS, the numbers of the mast-tui demo.
        CAMERA  = '{camera}' / Camera
        IMAGE   = {number} / Sequential image number
        DISPERSN= 'LOW' / Spectrograph dispersion mode
        APERTURE= 'LARGE' / Aperture
        DISPTYPE= 'LOW' / Dispersion processing type
        LDATEOBS= '22/04/88' / Observing date
        LTIMEOBS= '09:00:20' / Observing time
        LEXPTIME= {seconds} / Integration time in seconds
        LRA     = {ra} / Homogeneous R.A. in degrees
        LDEC    = {dec} / Homogeneous Dec. in degrees
        LTARGET = '{target}' / Object as given by Guest Observer
        """,
        camera=camera,
        number=number,
        seconds=seconds,
        ra=ra_deg,
        dec=dec_deg,
        target=target[:40],
    )
    columns = (
        Column("APERTURE", "5A"),
        Column("NPOINTS", "1I"),
        Column("WAVELENGTH", "1E", "ANGSTROM"),
        Column("DELTAW", "1E", "ANGSTROM"),
        Column("NET", f"{_POINTS}E", "FN"),
        Column("BACKGROUND", f"{_POINTS}E", "FN"),
        Column("SIGMA", f"{_POINTS}E", "ERG/CM2/S/A"),
        Column("QUALITY", f"{_POINTS}I"),
        Column("FLUX", f"{_POINTS}E", "ERG/CM2/S/A"),
    )
    name: list[Card] = [("FILENAME", f"{camera}{number:05d}.MXLO", ""), ("EXTNAME", "MELO", "Name of table")]

    def data() -> list[Any]:
        measured, sigma, quality = _low_dispersion(camera, number, flux)
        row = {
            "APERTURE": np.array([b"LARGE"]),
            "NPOINTS": np.array([_POINTS]),
            "WAVELENGTH": np.array([first]),
            "DELTAW": np.array([step]),
            "NET": measured[None] / 2e-15,
            "BACKGROUND": np.full((1, _POINTS), 20.0),
            "SIGMA": sigma[None],
            "QUALITY": quality[None],
            "FLUX": measured[None],
        }
        return [None, row]

    return FitsFile((Image(header), Table(columns, 1, name)), data)


def _low_dispersion(camera: str, number: int, flux: Spectrum) -> tuple[Array, Array, Array]:
    first, step = _CAMERAS[camera[:2]]
    wave = first + step * np.arange(_POINTS)
    low, high = (1850.0, 3350.0) if camera.startswith("LW") else (1150.0, 1980.0)
    seen = (wave >= low) & (wave <= high)
    rng = seed(f"{camera}{number}")
    sigma = 0.05 * np.abs(flux(wave)) + 3e-16
    quality = np.where(seen, 0, -2)
    quality[rng.choice(np.flatnonzero(seen), 5, replace=False)] = -16384  # reseau marks
    return np.where(seen, flux(wave) + rng.normal(0, 1, _POINTS) * sigma, 0.0), np.where(seen, sigma, -1.0), quality


def vo_spectrum_file(camera: str, number: int, target: str, flux: Spectrum) -> FitsFile:
    """The same spectrum as the virtual observatory has it: one row with WAVE, FLUX, SIGMA, QUALITY vectors."""
    first, step = _CAMERAS[camera[:2]]
    columns = (
        Column("WAVE", f"{_POINTS}E", "ANGSTROM"),
        Column("FLUX", f"{_POINTS}E", "ERG/CM2/S/A"),
        Column("SIGMA", f"{_POINTS}E", "ERG/CM2/S/A"),
        Column("QUALITY", f"{_POINTS}I"),
    )
    header = cards(
        """
        TELESCOP= 'IUE'
        CAMERA  = '{camera}'
        TARGNAME= '{target}'
        COMMENT SIMULATED: by the mast-tui demo.
        """,
        camera=camera,
        target=target[:40],
    )

    def data() -> list[Any]:
        measured, sigma, quality = _low_dispersion(camera, number, flux)
        wave = first + step * np.arange(_POINTS)
        vectors = {"WAVE": wave, "FLUX": measured, "SIGMA": sigma, "QUALITY": quality}
        return [None, {k: v[None] for k, v in vectors.items()}]

    return FitsFile((Image(header), Table(columns, 1, [("EXTNAME", "SPECTRUM", "")])), data)


def coadded_file(
    name: str, telescope: str, target: str, low: float, high: float, points: int, flux: Spectrum
) -> FitsFile:
    """One row of WAVE, FLUX, ERROR vectors from `low` to `high` Angstrom, as FUSE's and HUT's co-added spectra."""
    columns = (
        Column("WAVE", f"{points}D", "ANGSTROMS"),
        Column("FLUX", f"{points}E", "ERG/CM2/S/A"),
        Column("ERROR", f"{points}E", "ERG/CM2/S/A"),
    )
    header = cards(
        """
        TELESCOP= '{telescope}' / Telescope used to acquire data
        TARGNAME= '{target}' / Target name on proposal
        COMMENT SIMULATED: by the mast-tui demo.
        """,
        telescope=telescope,
        target=target[:40],
    )

    def data() -> list[Any]:
        wave = np.linspace(low, high, points)
        sigma = 0.08 * np.abs(flux(wave)) + 1e-17
        measured = flux(wave) + seed(name).normal(0, 1, points) * sigma
        return [None, {"WAVE": wave[None], "FLUX": measured[None], "ERROR": sigma[None]}]

    return FitsFile((Image(header), Table(columns, 1, [("EXTNAME", "SPECTRUM", "")])), data)


def plain_image_file(
    telescope: str,
    target: str,
    place: tuple[float, float],
    width_deg: float,
    picture: Callable[[], Array],
    side: int,
    unit: str = "counts/s",
) -> FitsFile:
    """One image in the primary HDU with its WCS, as GALEX's `-int.fits`; `picture()` is `side` by `side`."""
    header = cards(
        """
        TELESCOP= '{telescope}' / Telescope
        OBJECT  = '{target}' / Target
        BUNIT   = '{unit}' / Unit of the pixels
        CTYPE1  = 'RA---TAN' / Coordinate type
        CTYPE2  = 'DEC--TAN' / Coordinate type
        CRPIX1  = {centre} / Reference pixel
        CRPIX2  = {centre} / Reference pixel
        CRVAL1  = {ra} / [deg] Right ascension at the reference pixel
        CRVAL2  = {dec} / [deg] Declination at the reference pixel
        CDELT1  = {left} / [deg] Pixel size
        CDELT2  = {up} / [deg] Pixel size
        COMMENT SIMULATED: by the mast-tui demo.
        """,
        telescope=telescope,
        target=target[:40],
        unit=unit,
        centre=side / 2 + 0.5,
        ra=place[0],
        dec=place[1],
        left=-width_deg / side,
        up=width_deg / side,
    )
    return FitsFile((Image(header, (side, side), "f4"),), lambda: [np.asarray(picture()) * 0.01])
