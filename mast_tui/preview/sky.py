"""Where an image lies on the sky: right ascension and declination at a grid of its pixels. Used by `images`.

Runs in the worker, where astropy may be imported. Only the keywords of the world coordinate system are handed to it, so
that no other card of a header, however mangled, can trouble it. SIP polynomials are applied; distortions in look-up
tables (D2IMARR, WCSDVARR: about a tenth of a pixel for HST) are not, they would cost the reading of other HDUs.
"""

from __future__ import annotations

import math
import re
import warnings

import numpy as np
import numpy.typing as npt

from mast_tui.core.look import FloatArray, SkyGrid
from mast_tui.preview.fits_file import PARSER_ERRORS
from mast_tui.preview.headers import Header

#: Nodes along each axis: the error of interpolation between them stays under 0.02 pixel even over a whole TESS chip.
NODES = 33

#: Keywords of celestial coordinates (FITS papers I and II), SIP polynomials, and the plate solutions of the DSS.
_WCS = re.compile(
    r"^(WCSAXES|C(TYPE|UNIT|RVAL|RPIX|DELT|ROTA)[12]|(CD|PC)[12]_[12]|P[VS][12]_\d+|LONPOLE|LATPOLE|RADESYS|RADECSYS|"
    r"EQUINOX|EPOCH|[AB]P?_(ORDER|DMAX|\d_\d)|AMD[XY]\d+|PPO\d|PLT(RA|DEC)\w+|PLTSCALE|[XY]PIXELSZ|CNPIX[12])$"
)
#: Keywords of distortions that are kept in other HDUs.
_TABLES = re.compile(r"^(D2IMDIS|D2IMARR|CPDIS|CQDIS)\d*$")
#: The north pole of the galaxy and the galactic longitude of the celestial pole, degrees (J2000: Hipparcos
#: catalogue, vol. 1, sect. 1.5.3).
_POLE_RA, _POLE_DEC, _POLE_LON = (math.radians(angle) for angle in (192.85948, 27.12825, 122.93192))


def sky_grid(header: Header, x_range: tuple[int, int], y_range: tuple[int, int]) -> SkyGrid | None:
    """The sky at the pixels first..last-1 of both ranges (counted from 0), edges of the pixels included.

    None where the first two axes are not celestial, or where they are a spectrum's (DISPAXIS).
    """
    cards = {keyword: value for keyword, value in header.values.items() if _WCS.match(keyword) and value is not None}
    if ("CTYPE1" not in cards and "PPO1" not in cards) or header.integer("DISPAXIS") in (1, 2):
        return None
    if any(str(cards.get(f"CTYPE{k}", "")).upper().endswith("-TAB") for k in (1, 2)):
        return None
    x = np.linspace(x_range[0] - 0.5, x_range[1] - 0.5, NODES)
    y = np.linspace(y_range[0] - 0.5, y_range[1] - 0.5, NODES)
    try:
        longitude, latitude, galactic = _world(cards, *np.meshgrid(x, y))
    except PARSER_ERRORS:
        return None
    if not np.isfinite(longitude + latitude).any():
        return None
    if galactic:
        longitude, latitude = _equatorial(longitude, latitude)
        return SkyGrid(x, y, longitude, latitude)
    return SkyGrid(x, y, longitude % 360.0, latitude, _frame(header))


def distortions_left_out(header: Header) -> str:
    """A sentence where the header names distortions in look-up tables, '' where it does not."""
    if any(_TABLES.match(keyword) for keyword in header.values):
        return "the sky is without the distortions in look-up tables (D2IM, CPDIS): a fraction of a pixel"
    return ""


def _world(
    cards: dict[str, str | int | float | bool], x: FloatArray, y: FloatArray
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], bool]:
    """Longitude and latitude in degrees, and whether they are galactic. ValueError where they are neither."""
    from astropy.io import fits
    from astropy.wcs import WCS

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        written = fits.Header()
        for keyword, value in cards.items():
            written[keyword] = value
        if "WCSAXES" in written:
            written["WCSAXES"] = 2
        wcs = WCS(written, naxis=2)
        lng, lat = wcs.wcs.lng, wcs.wcs.lat
        if lng < 0 or lat < 0:
            raise ValueError("no celestial axes")
        kind = str(wcs.wcs.lngtyp).strip().upper()
        if kind not in ("RA", "GLON"):
            raise ValueError("neither equatorial nor galactic coordinates")
        world = wcs.all_pix2world(x.ravel(), y.ravel(), 0)
    return world[lng].reshape(x.shape), world[lat].reshape(x.shape), kind == "GLON"


def _frame(header: Header) -> str:
    """RADESYS as written; without it, by the defaults of FITS paper II."""
    written = (header.text("RADESYS") or header.text("RADECSYS")).upper()
    if written:
        return written
    equinox = header.number("EQUINOX") or header.number("EPOCH")
    if equinox is None:
        return "ICRS"
    return "FK4" if equinox < 1984.0 else "FK5"


def _equatorial(longitude: FloatArray, latitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Galactic to equatorial (ICRS) degrees, by the rotation that the galactic pole defines."""
    lon, lat = _POLE_LON - np.radians(longitude), np.radians(latitude)
    dec = np.arcsin(np.sin(lat) * math.sin(_POLE_DEC) + np.cos(lat) * math.cos(_POLE_DEC) * np.cos(lon))
    ra = _POLE_RA + np.arctan2(
        np.cos(lat) * np.sin(lon),
        np.sin(lat) * math.cos(_POLE_DEC) - np.cos(lat) * math.sin(_POLE_DEC) * np.cos(lon),
    )
    return np.degrees(ra) % 360.0, np.degrees(dec)
