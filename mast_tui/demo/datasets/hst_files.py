"""Simulated HST files in the layouts of CALCOS, CALSTIS, CALACS/CALWF3 and DrizzlePac.

Columns, units and the keywords that readers use follow a COS FUV `_x1dsum.fits` (CALCOS 3.6.0), a STIS E230H
`_x1d.fits` (CALSTIS 3.4.1) and an ACS `_flt.fits`. Called by `datasets.hst` and `datasets.bulk`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mast_tui.demo.datasets.rows import seed, utc
from mast_tui.demo.datasets.signals import Floats
from mast_tui.demo.fits import Array, Card, Column, FitsFile, Hdu, Image, Table, TiledFits, Value, cards

_PRIMARY = """
ORIGIN  = 'HSTIO/CFITSIO' / FITS file originator
DATE    = '2026-01-15' / date this file was written (yyyy-mm-dd)
NEXTEND = {nextend} / Number of standard extensions
FILENAME= '{filename}' / name of file
FILETYPE= 'SCI' / type of data found in data file

TELESCOP= 'HST' / telescope used to acquire data
INSTRUME= '{instrument}' / identifier for instrument used to acquire data
EQUINOX = 2000.0 / equinox of celestial coord. system
SIMDATA = T / SIMULATED by the mast-tui demo
COMMENT SIMULATED: the layout of the HST pipeline, the numbers of the mast-tui demo.

              / DATA DESCRIPTION KEYWORDS

ROOTNAME= '{rootname}' / rootname of the observation set
PRIMESI = '{instrument}' / instrument designated as prime

              / TARGET INFORMATION

TARGNAME= '{target}' / proposer's target name
RA_TARG = {ra} / right ascension of the target (deg) (J2000)
DEC_TARG= {dec} / declination of the target (deg) (J2000)

              / PROPOSAL INFORMATION

PROPOSID= {proposal} / PEP proposal identifier
PR_INV_L= '{pi}' / last name of principal investigator

              / DIAGNOSTIC KEYWORDS

CAL_VER = '{cal_ver}' / calibration code version
CRDS_CTX= 'hst_1260.pmap' / CRDS context used to select ref files

              / SCIENCE INSTRUMENT CONFIGURATION

OBSTYPE = '{obstype}' / observation type - imaging or spectroscopic
OBSMODE = '{obsmode}' / operating mode
DETECTOR= '{detector}' / detector in use
APERTURE= '{aperture}' / aperture name
"""

_EXPOSURE = """
INHERIT = T / inherit the primary header
EXTNAME = '{extname}' / extension name
EXTVER  = {extver} / extension version number
ROOTNAME= '{rootname}' / rootname of the observation set
EXPNAME = '{rootname}' / exposure identifier
DATE-OBS= '{date}' / UT date of start of observation (yyyy-mm-dd)
TIME-OBS= '{time}' / UT time of start of observation (hh:mm:ss)
EXPSTART= {start} / exposure start time (Modified Julian Date)
EXPEND  = {end} / exposure end time (Modified Julian Date)
EXPTIME = {exposure} / exposure duration (seconds)--calculated
"""


@dataclass(frozen=True)
class Setup:
    """What an HST header says about an exposure."""

    rootname: str
    target: str
    ra_deg: float
    dec_deg: float
    proposal: int
    pi: str
    instrument: str
    detector: str
    element: str
    aperture: str
    start_mjd: float
    exposure_s: float
    cenwave: int = 0

    def values(self, **more: Value) -> dict[str, Value]:
        spectrum = self.instrument in ("COS", "STIS")
        return {
            **vars(self),
            "ra": self.ra_deg,
            "dec": self.dec_deg,
            "start": self.start_mjd,
            "date": utc(self.start_mjd)[:10],
            "time": utc(self.start_mjd)[11:19],
            "end": round(self.start_mjd + self.exposure_s / 86400, 8),
            "exposure": self.exposure_s,
            "obstype": "SPECTROSCOPIC" if spectrum else "IMAGING",
            "obsmode": {"COS": "TIME-TAG", "STIS": "ACCUM"}.get(self.instrument, "ACCUM"),
            "cal_ver": {"COS": "3.6.0", "STIS": "3.4.2"}.get(self.instrument, "10.3.5"),
            **more,
        }

    def primary(self, suffix: str, nextend: int, extra: list[Card]) -> Image:
        name = f"{self.rootname}_{suffix}.fits"
        return Image(cards(_PRIMARY, **self.values(nextend=nextend, filename=name)) + extra)

    def extension(self, extname: str, extver: int = 1) -> list[Card]:
        return cards(_EXPOSURE, **self.values(extname=extname, extver=extver))


Spectrum = Callable[[Floats], Floats]
COS_PIXELS, COS_FIRST, COS_LAST = 16384, 1300, 15400
_FLUX = "erg /s /cm**2 /angstrom"


def cos_x1d_file(setup: Setup, flux: Spectrum, suffix: str = "x1d") -> FitsFile:
    """A COS FUV spectrum with segments FUVA and FUVB as two rows of 16,384 pixels.

    The detector's edges are zero with DQ 128 (pixel out of bounds) and DQ_WGT 0, and some pixels are flagged inside,
    so that a reader that ignores DQ_WGT draws nonsense.
    """
    vectors = [("WAVELENGTH", "D", "angstrom"), *((n, "E", _FLUX) for n in ("FLUX", "ERROR", "ERROR_LOWER"))]
    vectors += [("GROSS", "E", "count /s"), ("GCOUNTS", "E", "count")]
    vectors += [(f"VARIANCE_{n}", "E", "count") for n in ("FLAT", "COUNTS", "BKG")]
    vectors += [("NET", "E", "count /s"), ("BACKGROUND", "E", "count /s"), ("DQ", "I", ""), ("DQ_WGT", "E", "")]
    columns = (
        Column("SEGMENT", "4A"),
        Column("EXPTIME", "1D", "s", "F8.3"),
        Column("NELEM", "1J", "", "I6"),
        *[Column(n, f"{COS_PIXELS}{f}", u) for n, f, u in vectors],
    )
    extra = cards(
        """
        EXPTYPE = 'EXTERNAL/SCI' / type of exposure
        OPT_ELEM= '{element}' / optical element in use
        CENWAVE = {cenwave} / central wavelength of spectrum
        LIFE_ADJ= 5 / Life Time Adjustment Position
        FLATCORR= 'COMPLETE' / apply flat-field correction
        WAVECORR= 'COMPLETE' / use wavecal to adjust wavelength zeropoint
        X1DCORR = 'COMPLETE' / 1-D spectral extraction
        FLUXCORR= 'COMPLETE' / convert count-rate to absolute flux units
        SPECRES = 18000.0 / approx. resolving power at central wavelength
        """,
        **setup.values(),
    )
    header = setup.extension("SCI") + cards("DISPAXIS= 1\nSDQFLAGS= 8346 / serious data quality flags")

    def data() -> list[Any]:
        return [None, _cos_rows(setup, flux)]

    return FitsFile((setup.primary(suffix, 1, extra), Table(columns, 2, header)), data)


def _cos_rows(setup: Setup, flux: Spectrum) -> dict[str, Array]:
    rng, pixel = seed(setup.rootname), np.arange(COS_PIXELS, dtype=np.float64)
    step = 0.00997
    # segment A lies redward of the central wavelength with a gap of some 16 A (COS Instrument Handbook, 5.1)
    starts = {b"FUVA": setup.cenwave + 8.0 - COS_FIRST * step, b"FUVB": setup.cenwave - 8.0 - COS_LAST * step}
    seen = (pixel >= COS_FIRST) & (pixel < COS_LAST)
    wave = np.stack([first + step * pixel for first in starts.values()])
    model = flux(wave)
    sensitivity = 3e13 * np.exp(-(((wave - 1180) / 220) ** 2)) + 2e12
    counts = rng.poisson(np.maximum(model * sensitivity * setup.exposure_s, 0) + 0.02) * seen
    net = counts / setup.exposure_s
    error = np.sqrt(counts + 0.25) / setup.exposure_s / sensitivity
    dq = np.where(seen, 0, 128).astype(np.int16) * np.ones((2, 1), dtype=np.int16)
    flagged = rng.integers(COS_FIRST, COS_LAST - 60, (2, 20))
    for row, firsts in enumerate(flagged):
        for first in firsts:
            dq[row, first : first + 40] |= 8194  # 8192 low response, 2 fill
    weight = ((dq & (8346 | 128)) == 0).astype(np.float32)
    return {
        "SEGMENT": np.array(list(starts)),
        "EXPTIME": np.full(2, setup.exposure_s),
        "NELEM": np.full(2, COS_PIXELS),
        "WAVELENGTH": wave,
        "FLUX": net / sensitivity * seen,
        "ERROR": error * seen,
        "ERROR_LOWER": 0.8 * error * seen,
        "GROSS": net,
        "GCOUNTS": counts,
        "VARIANCE_FLAT": 0.01 * counts,
        "VARIANCE_COUNTS": counts,
        "VARIANCE_BKG": 0.02 * seen * np.ones_like(net),
        "NET": net,
        "BACKGROUND": np.zeros_like(net),
        "DQ": dq,
        "DQ_WGT": weight,
    }


def stis_x1d_file(setup: Setup, flux: Spectrum, orders: range) -> FitsFile:
    """A STIS NUV echelle spectrum: one row of 1,024 pixels an order, order m lies about 772,200 A / m as with E230H."""
    e, n = "G15.7", 1024
    rate, calibrated = "Counts/s", "erg/s/cm**2/Angstrom"
    columns = (
        Column("SPORDER", "1I", "", "I11", null=-32767),
        Column("NELEM", "1I", "", "I11", null=-32767),
        Column("WAVELENGTH", f"{n}D", "Angstroms", "G25.16"),
        *[Column(c, f"{n}E", rate, e) for c in ("GROSS", "BACKGROUND", "NET")],
        *[Column(c, f"{n}E", calibrated, e) for c in ("FLUX", "ERROR")],
        Column("NET_ERROR", f"{n}E", rate, e),
        Column("DQ", f"{n}I", "", "I11", null=-32767),
        *[Column(c, "1E", "pixel", e) for c in ("A2CENTER", "EXTRSIZE")],
        Column("MAXSRCH", "1I", "pixel", "I11", null=-32767),
        *[Column(c, "1E", "pixel", e) for c in ("BK1SIZE", "BK2SIZE", "BK1OFFST", "BK2OFFST")],
        Column("EXTRLOCY", f"{n}E", "pixel", e),
        Column("OFFSET", "1E", "pixel", e),
    )
    extra = cards(
        """
        OPT_ELEM= '{element}' / optical element in use
        CENWAVE = {cenwave} / central wavelength of spectrum
        X1DCORR = 'COMPLETE' / Perform 1-D spectral extraction
        FLUXCORR= 'COMPLETE' / convert to absolute flux units
        HELCORR = 'COMPLETE' / convert to heliocenttric wavelengths
        SPECRES = 114000.0 / approx. resolving power at central wavelength
        """,
        **setup.values(),
    )
    header = setup.extension("SCI") + cards("DISPAXIS= 1\nSDQFLAGS= 31743 / serious data quality flags")

    def data() -> list[Any]:
        return [None, _stis_rows(setup, flux, orders)]

    return FitsFile((setup.primary("x1d", 1, extra), Table(columns, len(orders), header)), data)


def _stis_rows(setup: Setup, flux: Spectrum, orders: range) -> dict[str, Array]:
    rng, m = seed(setup.rootname), np.array(orders, dtype=np.float64)[:, None]
    x = np.linspace(-0.5, 0.5, 1024)[None, :]
    wave = 772200.0 / m * (1 + 0.0043 * x)
    blaze = np.sinc(1.15 * x) ** 2
    sensitivity = 2.0e12 * blaze
    model = flux(wave)
    counts = rng.poisson(np.maximum(model * sensitivity * setup.exposure_s, 0) + 1.0)
    net = (counts - 1.0) / setup.exposure_s
    net_error = np.sqrt(counts + 1.0) / setup.exposure_s
    dq = np.where(rng.random(wave.shape) < 0.004, 16, 0)
    dq[:, :6] = 4  # detector edge: the flux there is nonsense, as in real files
    calibrated = net / sensitivity
    calibrated[:, :6] = -20 * np.median(calibrated)
    rows = len(orders)
    one = np.ones(rows)
    middle = 30 + 28.0 * np.arange(rows)
    return {
        "SPORDER": np.array(orders),
        "NELEM": 1024 * one,
        "WAVELENGTH": wave,
        "GROSS": net + 1.0 / setup.exposure_s,
        "BACKGROUND": np.full_like(net, 1.0 / setup.exposure_s),
        "NET": net,
        "FLUX": calibrated,
        "ERROR": net_error / sensitivity,
        "NET_ERROR": net_error,
        "DQ": dq,
        "A2CENTER": middle,
        "EXTRSIZE": 7 * one,
        "MAXSRCH": 10 * one,
        "BK1SIZE": 5 * one,
        "BK2SIZE": 5 * one,
        "BK1OFFST": -15 * one,
        "BK2OFFST": 15 * one,
        "EXTRLOCY": middle[:, None] + 2 * x,
        "OFFSET": 0 * one,
    }


def _image_wcs(setup: Setup, side: int, scale_arcsec: float) -> list[Card]:
    return cards(
        """
        WCSAXES = 2 / number of World Coordinate System axes
        CRPIX1  = {centre} / x-coordinate of reference pixel
        CRPIX2  = {centre} / y-coordinate of reference pixel
        CRVAL1  = {ra} / first axis value at reference pixel
        CRVAL2  = {dec} / second axis value at reference pixel
        CTYPE1  = 'RA---TAN' / the coordinate type for the first axis
        CTYPE2  = 'DEC--TAN' / the coordinate type for the second axis
        CD1_1   = {left} / partial of first axis coordinate w.r.t. x
        CD1_2   = 0.0 / partial of first axis coordinate w.r.t. y
        CD2_1   = 0.0 / partial of second axis coordinate w.r.t. x
        CD2_2   = {up} / partial of second axis coordinate w.r.t. y
        """,
        centre=side / 2 + 0.5,
        ra=setup.ra_deg,
        dec=setup.dec_deg,
        left=-scale_arcsec / 3600,
        up=scale_arcsec / 3600,
    )


def drz_file(setup: Setup, picture: Callable[[], Array], side: int, suffix: str = "drz") -> FitsFile:
    """A drizzled image: SCI in electrons/s with its WCS, WHT, CTX. `picture()` gives the sky, `side` by `side`."""
    extra = [("FILTER1", setup.element, "element selected from filter wheel 1"), ("FILTER2", "CLEAR2L", "")]
    flux: list[Card] = [
        ("BUNIT", "ELECTRONS/S", "brightness units"),
        ("PHOTFLAM", 7.8e-20, ""),
        ("PHOTPLAM", 5921.9, ""),
    ]
    hdus: tuple[Hdu, ...] = (
        setup.primary(suffix, 3, list(extra)),
        Image(setup.extension("SCI") + flux + _image_wcs(setup, side, 0.05), (side, side), "f4"),
        Image(setup.extension("WHT"), (side, side), "f4"),
        Image(setup.extension("CTX"), (side, side), "i4"),
    )

    def data() -> list[Any]:
        sky = np.asarray(picture(), dtype=np.float64)
        rng = seed(setup.rootname)
        sky = sky + rng.normal(0, 0.01, sky.shape) + rng.normal(0, 1, sky.shape) * 0.05 * np.sqrt(np.abs(sky))
        y, x = np.mgrid[:side, :side] / side - 0.5
        seen = np.abs(x - 0.1 * y) + 0.02 * np.abs(y) < 0.48
        return [None, np.where(seen, sky, 0.0), np.where(seen, setup.exposure_s, 0.0), seen]

    return FitsFile(hdus, data)


def chips_file(setup: Setup, suffix: str, shape: tuple[int, int], chips: int = 2) -> TiledFits:
    """A full-size `_flt`, `_flc` (SCI, ERR, DQ a chip; electrons) or `_raw` (16-bit counts) file."""
    extra: list[Card] = [("FILTER1", setup.element, "element selected from filter wheel 1")]
    images = [setup.primary(suffix, 3 * chips, extra)]
    raw = suffix == "raw"
    for chip in range(1, chips + 1):
        for name, kind in (("SCI", "i2" if raw else "f4"), ("ERR", "f4"), ("DQ", "i2")):
            header = setup.extension(name, chip)
            if name == "DQ":
                images.append(Image(header, shape, kind, flags=True))
            else:
                unit = "COUNTS" if raw else "ELECTRONS"
                images.append(Image([*header, ("BUNIT", unit, "brightness units")], shape, kind, kind == "i2"))
    return TiledFits(images, 2000.0 if raw else 40.0, 6.0)


def engineering_file(setup: Setup, suffix: str) -> TiledFits:
    """A small `_spt` or `_jit`-like FITS with a header and a short row of numbers."""
    return TiledFits((setup.primary(suffix, 1, []), Image(setup.extension("UDL"), (965,), "i2")))


def association_file(setup: Setup, exposures: Sequence[str]) -> FitsFile:
    """`_asn`: the root names of the exposures and of their product, what they are there, and whether they are there.

    HST Data Handbooks, Introduction, "Association tables".
    """
    columns = (Column("MEMNAME", "14A"), Column("MEMTYPE", "14A"), Column("MEMPRSNT", "L"))
    names = [*exposures, setup.rootname]
    table = Table(columns, len(names), [("EXTNAME", "ASN", "name of the extension")])
    members = {
        "MEMNAME": np.array([name.upper() for name in names], "S14"),
        "MEMTYPE": np.array(["EXP-DTH"] * len(exposures) + ["PROD-DTH"], "S14"),
        "MEMPRSNT": np.full(len(names), b"T"),
    }
    return FitsFile((setup.primary("asn", 1, []), table), lambda: [None, members])
