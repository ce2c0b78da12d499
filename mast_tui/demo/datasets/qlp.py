"""Simulated light curves of the MIT Quick-Look Pipeline, a high-level science product made from full-frame images.

Layout: `hlsp_qlp_tess_ffi_s0024-…_tess_v01_llc.fits`. Called by `datasets.tess` and `datasets.bulk`.
"""

from __future__ import annotations

import numpy as np

from mast_tui.demo.datasets.rows import seed
from mast_tui.demo.datasets.signals import drift, relative_flux
from mast_tui.demo.datasets.tess_files import BTJD_MJD, Sector, Star
from mast_tui.demo.fits import Array, Column, FitsFile, Image, Table, cards

_CADENCE_S = 1800

_COLUMNS = (
    Column("TIME", "D", "BJD-2457000, days"),
    Column("CADENCENO", "J"),
    *[Column(n, "E") for n in ("SAP_FLUX", "KSPSAP_FLUX", "KSPSAP_FLUX_ERR")],
    Column("QUALITY", "J"),
    Column("ORBITID", "J"),
    Column("SAP_X", "E", "pixel"),
    Column("SAP_Y", "E", "pixel"),
    *[Column(n, "E") for n in ("SAP_BKG", "SAP_BKG_ERR", "KSPSAP_FLUX_SML", "KSPSAP_FLUX_LAG")],
)

_PRIMARY = """
NEXTEND = 1 / number of standard extensions
EXTNAME = 'PRIMARY' / name of extension
ORIGIN  = 'MIT/QLP' / institution responsible for creating this file
TELESCOP= 'TESS' / telescope
INSTRUME= 'TESS Photometer' / detector type
FILTER  = 'TESS' / the filter used for the observations
OBJECT  = 'TIC {tic}' / string version of TICID
TICID   = {tic} / unique TESS target identifier
SECTOR  = {sector} / last observed sector
CAMERA  = {camera} / camera
CCD     = {ccd} / ccd
RADESYS = 'ICRS' / reference frame of celestial coordinates
RA_OBJ  = {ra} / [deg] right ascension, J2000
DEC_OBJ = {dec} / [deg] declination, J2000
TESSMAG = {tmag} / [mag] TESS magnitude, TIC v8
RADIUS  = {radius} / [solar radii] stellar radius
TEFF    = {teff} / [K] effective temperature
EQUINOX = 2000.0 / equinox of celestial coordinate system
TICVER  = 8 / TIC Version
CALIB   = 'TICA' / pipeline used for image calibration
SIMDATA = T / file is based on simulated data
COMMENT SIMULATED: the layout of the QLP, the numbers of the mast-tui demo.
"""

_EXTENSION = """
INHERIT = T / inherit the primary header
EXTNAME = 'LIGHTCURVE' / name of extension
EXTVER  = 1 / extension version number (not format version)
TELESCOP= 'TESS' / telescope
INSTRUME= 'TESS Photometer' / detector type
OBJECT  = 'TIC {tic}' / string version of target id
TICID   = {tic} / unique tess target identifier
RADESYS = 'ICRS' / reference frame of celestial coordinates
RA_OBJ  = {ra} / [deg] right ascension
DEC_OBJ = {dec} / [deg] declination
TIMEREF = 'SOLARSYSTEM' / barycentric correction applied to times
TASSIGN = 'SPACECRAFT' / where time is assigned
TIMESYS = 'TDB' / time is Barycentric Dynamic TIME (TDB)
BJDREFI = 2457000 / integer part of BJD reference date
BJDREFR = 0.0 / fraction of the day in BJD reference date
TIMEUNIT= 'd' / time unit for TIME, TSTART-TSTOP
TSTART  = {start} / observation start time in TBJD
TSTOP   = {stop} / observation stop time in TBJD
TIMEDEL = 0.020833333333333332 / [d] time resolution of data
MJD-BEG = {mjd_start} / observation start time in MJD
MJD-END = {mjd_stop} / observation end time in MJD
BESTAP  = '3.0:4.0:3.0' / [pix] the parameters of the best aperture
"""


def qlp_file(star: Star, sector: Sector) -> FitsFile:
    """PRIMARY and LIGHTCURVE with fluxes relative to 1; the mid-sector break is left out, as the QLP does."""
    values = {
        "tic": star.tic,
        "sector": sector.number,
        "camera": star.camera,
        "ccd": star.ccd,
        "ra": star.ra_deg,
        "dec": star.dec_deg,
        "tmag": star.tmag,
        "radius": star.radius_sun,
        "teff": star.teff_k,
        "start": sector.start,
        "stop": sector.stop,
        "mjd_start": round(sector.start + BTJD_MJD, 8),
        "mjd_stop": round(sector.stop + BTJD_MJD, 8),
    }
    time = sector.start + np.arange(sector.rows(_CADENCE_S)) * (_CADENCE_S / 86400)
    number = np.arange(len(time)) + 4697
    kept = (time < sector.gap[0]) | (time >= sector.gap[1])
    time, number = time[kept], number[kept]

    def data() -> list[dict[str, Array] | None]:
        rng = seed(f"qlp {star.tic} {sector.number}")
        sigma = star.noise_ppm * 1e-6 / np.sqrt(_CADENCE_S / 120)
        flux = relative_flux(time, star.dips, star.waves) + rng.normal(0, sigma, len(time))
        quality = np.where(rng.random(len(time)) < 0.01, 4096, 0)
        quality[np.searchsorted(time, np.arange(sector.start + 2.5435, sector.stop, 2.5))] |= 32
        made = {
            "TIME": time,
            "CADENCENO": number,
            "SAP_FLUX": flux * drift(rng, time, 3000),
            "KSPSAP_FLUX": flux,
            "KSPSAP_FLUX_ERR": np.full_like(time, sigma),
            "QUALITY": quality,
            "ORBITID": np.where(time < sector.gap[0], 7 + 2 * sector.number, 8 + 2 * sector.number),
            "SAP_X": 1000 + rng.normal(0, 0.005, len(time)),
            "SAP_Y": 500 + rng.normal(0, 0.005, len(time)),
            "SAP_BKG": 1000 + rng.normal(0, 20, len(time)),
            "SAP_BKG_ERR": np.full_like(time, 30.0),
            "KSPSAP_FLUX_SML": flux + rng.normal(0, sigma / 2, len(time)),
            "KSPSAP_FLUX_LAG": flux + rng.normal(0, sigma / 2, len(time)),
        }
        return [None, made]

    hdus = (Image(cards(_PRIMARY, **values)), Table(_COLUMNS, len(time), cards(_EXTENSION, **values)))
    return FitsFile(hdus, data)
