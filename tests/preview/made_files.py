"""Small files in the layouts of the archive's products, with invented numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits

Field = tuple[str, str, Any] | tuple[str, str, Any, str]


def table(
    fields: Sequence[Field],
    name: str = "",
    header: Mapping[str, Any] | None = None,
    dims: Mapping[str, str] | None = None,
) -> fits.BinTableHDU:
    """A table of (name, format, values[, unit]); units are written as they are, also those astropy refuses."""
    dims = dims or {}
    columns = [fits.Column(f[0], f[1], array=np.asarray(f[2]), dim=dims.get(f[0])) for f in fields]
    hdu = fits.BinTableHDU.from_columns(columns, name=name or None)
    for k, f in enumerate(fields, 1):
        if len(f) == 4:
            hdu.header[f"TUNIT{k}"] = f[3]
    for keyword, value in (header or {}).items():
        hdu.header[keyword] = value
    return hdu


def write(path: Path, hdus: Sequence[Any], primary: Mapping[str, Any] | None = None, data: Any = None) -> Path:
    """A FITS file with these extensions after a primary HDU with these cards."""
    first = fits.PrimaryHDU(data)
    for keyword, value in (primary or {}).items():
        first.header[keyword] = value
    fits.HDUList([first, *hdus]).writeto(path, output_verify="ignore")
    return path


TESS = {"TELESCOP": "TESS", "INSTRUME": "TESS Photometer", "OBJECT": "TIC 261136679", "TICID": 261136679}
KEPLER = {"TELESCOP": "Kepler", "INSTRUME": "Kepler Photometer", "OBJECT": "KIC 8462852"}


def spoc_light_curve(path: Path, n: int = 200, **cards: Any) -> Path:
    """TESS SPOC: 2-minute cadence, a gap of 40 cadences, NaN fluxes and times; 10 points are flagged with 512."""
    time = 1325.3 + np.arange(n) * 2 / 1440
    time[n // 2 :] += 40 * 2 / 1440
    flux = 1.46e6 + 100 * np.sin(np.arange(n) / 7.0)
    quality = np.zeros(n, np.int32)
    quality[20:30] = 512
    quality[50] = 64  # scattered light: bad only for the hard mask
    flux_pdc = flux.copy()
    flux_pdc[:5] = np.nan
    time_written = time.copy()
    time_written[150] = np.nan
    lc = table(
        [
            ("TIME", "D", time_written, "BJD - 2457000, days"),
            ("CADENCENO", "J", np.arange(n)),
            ("SAP_FLUX", "E", flux * 0.98, "e-/s"),
            ("SAP_FLUX_ERR", "E", np.full(n, 120.0), "e-/s"),
            ("PDCSAP_FLUX", "E", flux_pdc, "e-/s"),
            ("PDCSAP_FLUX_ERR", "E", np.full(n, 130.0), "e-/s"),
            ("QUALITY", "J", quality),
        ],
        "LIGHTCURVE",
        {"BJDREFI": 2457000, "BJDREFF": 0.0, "TIMESYS": "TDB", "TIMEUNIT": "d", **cards},
    )
    aperture = fits.ImageHDU(np.ones((11, 11), np.int32), name="APERTURE")
    return write(path, [lc, aperture], {**TESS, "CREATOR": "26493 LightCurveExporterPipelineModule"})


def cos_spectrum(path: Path, n: int = 300) -> Path:
    """COS x1dsum: two segments; the first and last 20 pixels of each have no weight; bright Lyman alpha in FUVB."""
    wave = np.vstack((np.linspace(1280.0, 1430.0, n), np.linspace(1130.0, 1275.0, n)))
    flux = np.full((2, n), 1.4e-14) + 1e-15 * np.sin(wave)
    flux[1][np.abs(wave[1] - 1215.67) < 1] = 4e-13
    weight = np.ones((2, n))
    weight[:, :20] = weight[:, -20:] = 0
    unit = "erg /s /cm**2 /angstrom"
    sci = table(
        [
            ("SEGMENT", "4A", ["FUVA", "FUVB"]),
            ("NELEM", "J", [n, n]),
            ("WAVELENGTH", f"{n}D", wave, "angstrom"),
            ("FLUX", f"{n}E", flux, unit),
            ("ERROR", f"{n}E", flux / 10, unit),
            ("DQ", f"{n}I", np.where(weight > 0, 0, 128)),
            ("DQ_WGT", f"{n}E", weight),
        ],
        "SCI",
        {"SDQFLAGS": 8346},
    )
    return write(path, [sci], {"TELESCOP": "HST", "INSTRUME": "COS", "TARGNAME": "MRK-209", "DETECTOR": "FUV"})


def stis_echelle(path: Path, n: int = 100) -> Path:
    """STIS x1d: three orders that overlap by half of their neighbours; one pixel an order is flagged."""
    starts = [2000.0, 2050.0, 2100.0]
    wave = np.array([np.linspace(start, start + 100, n) for start in starts])
    dq = np.zeros((3, n), np.int16)
    dq[:, 50] = 512
    unit = "erg/s/cm**2/Angstrom"
    sci = table(
        [
            ("SPORDER", "I", [90, 89, 88]),
            ("NELEM", "I", [n] * 3),
            ("WAVELENGTH", f"{n}D", wave, "Angstroms"),
            ("FLUX", f"{n}E", np.full((3, n), 5e-12), unit),
            ("ERROR", f"{n}E", np.full((3, n), 1e-13), unit),
            ("DQ", f"{n}I", dq),
        ],
        "SCI",
        {"SDQFLAGS": 31743, "EXTVER": 1},
    )
    return write(path, [sci], {"TELESCOP": "HST", "INSTRUME": "STIS", "TARGNAME": "HR-1840", "X1DCORR": "COMPLETE"})


def iue_mxlo(path: Path) -> Path:
    """IUE MXLO: one row; start wavelength and step are scalars; flux 0 outside of the calibrated range."""
    flux = np.full(640, 2e-13)
    flux[:38] = 0
    flux[-39:] = 0
    sigma = np.where(flux == 0, -1.0, 1e-14)
    unit = "ERG/CM2/S/A"
    melo = table(
        [
            ("APERTURE", "5A", ["LARGE"]),
            ("NPOINTS", "I", [640]),
            ("WAVELENGTH", "E", [1750.0], "ANGSTROM"),
            ("DELTAW", "E", [2.6627994], "ANGSTROM"),
            ("NET", "640E", [flux * 1e15], "FN"),
            ("SIGMA", "640E", [sigma], unit),
            ("QUALITY", "640I", [np.where(flux == 0, -2, 0)]),
            ("FLUX", "640E", [flux], unit),
        ],
        "MELO",
    )
    return write(path, [melo], {"TELESCOP": "IUE", "CAMERA": "LWP", "LTARGET": "NGC 4151"})


def jwst_x1d(path: Path, source_type: str = "POINT", n: int = 120, name: str = "EXTRACT1D") -> Path:
    """JWST x1d: a row a pixel; NaN at the ends, one DO_NOT_USE pixel, one with a harmless flag."""
    wave = np.linspace(3.0, 4.2, n)
    flux = np.full(n, 5e-5)
    flux[:10] = np.nan
    dq = np.zeros(n, np.uint32)
    dq[30] = 1
    dq[31] = 4
    spectrum = table(
        [
            ("WAVELENGTH", "D", wave, "um"),
            ("FLUX", "D", flux, "Jy"),
            ("FLUX_ERROR", "D", flux / 20, "Jy"),
            ("SURF_BRIGHT", "D", flux * 1e3, "MJy/sr"),
            ("SB_ERROR", "D", flux * 50, "MJy/sr"),
            ("DQ", "J", dq.astype(np.int32)),
        ],
        name,
        {"SRCTYPE": source_type, "SLTNAME": "9", "SOURCEID": 9, "SPORDER": 1},
    )
    asdf = table([("ASDF_METADATA", "16B", [np.arange(16)])], "ASDF")
    return write(path, [spectrum, asdf], {"TELESCOP": "JWST", "INSTRUME": "NIRSPEC", "TARGNAME": "TRAPPIST-1"})


def jwst_x1dints(path: Path, n_integrations: int = 12, n: int = 40) -> Path:
    """JWST x1dints as today: a row an integration, padded beyond N_ALONGDISP; integration 5 is 1 % fainter.

    One pixel of integration 3 is DO_NOT_USE and holds nonsense.
    """
    used = n - 6
    wave = np.tile(np.linspace(0.6, 5.3, n), (n_integrations, 1))
    flux = np.full((n_integrations, n), 0.01)
    flux[5] *= 0.99
    dq = np.zeros((n_integrations, n), np.int32)
    dq[3, 7], flux[3, 7] = 1, 50.0
    wave[:, used:] = np.nan
    flux[:, used:] = 0
    time = 59770.0 + np.arange(n_integrations) * 0.001
    spectra = table(
        [
            ("INT_NUM", "J", np.arange(1, n_integrations + 1)),
            ("MJD-AVG", "D", time),
            ("TDB-MID", "D", time + 0.004),
            ("N_ALONGDISP", "J", np.full(n_integrations, used)),
            ("WAVELENGTH", f"{n}D", wave, "um"),
            ("FLUX", f"{n}D", flux, "Jy"),
            ("FLUX_ERROR", f"{n}D", flux / 100, "Jy"),
            ("DQ", f"{n}J", dq),
        ],
        "EXTRACT1D",
        {"SRCTYPE": "POINT"},
    )
    return write(path, [spectra], {"TELESCOP": "JWST", "INSTRUME": "NIRSPEC", "TARGNAME": "WASP-39"})


def pixel_file(path: Path, n: int = 20) -> Path:
    """A TESS target pixel file: one star in 7 by 5 pixels; two cadences flagged."""
    frame = np.ones((5, 7), np.float32)
    frame[2, 3] = 100
    flux = np.tile(frame, (n, 1, 1))
    quality = np.zeros(n, np.int32)
    quality[:2] = 8
    pixels = table(
        [
            ("TIME", "D", 1325.3 + np.arange(n) / 720, "BJD - 2457000, days"),
            ("FLUX", "35E", flux, "e-/s"),
            ("QUALITY", "J", quality),
        ],
        "PIXELS",
        dims={"FLUX": "(7,5)"},
    )
    return write(path, [pixels], TESS)


def card(text: str) -> bytes:
    return text.encode("ascii").ljust(80)


def header_block(*cards: str) -> bytes:
    """A header of raw cards, padded to a block of 2,880 bytes."""
    raw = b"".join(card(text) for text in (*cards, "END"))
    return raw + b" " * (-len(raw) % 2880)
