"""Simulated high-level science products besides the QLP's: TGLC and K2SFF light curves. Called by `stock_series`.

Layouts: `hlsp_tglc_tess_ffi_gaiaid-…-s0001-cam2-ccd1_tess_v1_llc.fits` (lower-case columns, no units) and
`hlsp_k2sff_k2_lightcurve_…_kepler_v1_llc.fits` (21 apertures, each a table; time in a column `T`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mast_tui.demo.datasets.kepler import CADENCE_D, KeplerStar, Quarter
from mast_tui.demo.datasets.rows import seed
from mast_tui.demo.datasets.signals import drift, relative_flux
from mast_tui.demo.datasets.tess_files import Sector, Star
from mast_tui.demo.fits import Array, Column, FitsFile, Hdu, Image, Table, cards

_TGLC_COLUMNS = (
    Column("time", "D"),
    *[Column(n, "E") for n in ("psf_flux", "aperture_flux", "cal_psf_flux", "cal_aper_flux", "background")],
    Column("cadence_num", "J"),
    Column("TESS_flags", "I"),
    Column("TGLC_flags", "I"),
)
_K2SFF_COLUMNS = (
    *[Column(n, "D") for n in ("T", "FRAW", "FCOR", "ARCLENGTH")],
    Column("MOVING", "I"),
    Column("CADENCENO", "J"),
)
_APERTURES = ("BESTAPER", *[f"{kind}_APER{n}" for kind in ("CIRC", "PRF") for n in range(10)])


def tglc_file(star: Star, sector: Sector, cadence_s: int) -> FitsFile:
    """PRIMARY and LIGHTCURVE; `cal_*` columns are relative to 1, the others in electrons per second."""
    values = {
        "tic": star.tic,
        "sector": sector.number,
        "camera": star.camera,
        "ccd": star.ccd,
        "ra": star.ra_deg,
        "dec": star.dec_deg,
        "tmag": star.tmag,
        "start": sector.start,
    }
    primary = cards(
        """
        NEXTEND = 1 / number of standard extensions
        EXTNAME = 'PRIMARY' / name of extension
        ORIGIN  = 'UCSB/TGLC' / institution responsible for creating this file
        TELESCOP= 'TESS' / telescope
        INSTRUME= 'TESS Photometer' / detector type
        OBJECT  = 'TIC {tic}' / string version of the target
        TICID   = '{tic}' / TESS Input Catalog ID
        SECTOR  = {sector} / observation sector
        CAMERA  = {camera} / camera No.
        CCD     = {ccd} / CCD No.
        RA_OBJ  = {ra} / [deg] right ascension, J2000
        DEC_OBJ = {dec} / [deg] declination, J2000
        TESSMAG = {tmag} / TESS magnitude, fitted by Gaia DR3 bands
        CALIB   = 'TGLC' / pipeline used for image calibration
        COMMENT SIMULATED: the layout of TGLC, the numbers of the mast-tui demo.
        """,
        **values,
    )
    extension = cards(
        """
        EXTNAME = 'LIGHTCURVE' / name of extension
        EXTVER  = 1 / extension version
        TELESCOP= 'TESS' / telescope
        TIMEREF = 'SOLARSYSTEM' / barycentric correction applied to times
        TIMESYS = 'TDB' / TESS Barycentric Dynamical Time
        BJDREFI = 2457000 / integer part of BJD reference date
        TIMEUNIT= 'd' / time unit for TIME
        TSTART  = {start} / observation start time in TBJD
        """,
        **values,
    )
    time = sector.start + np.arange(sector.rows(cadence_s)) * (cadence_s / 86400)

    def data() -> list[dict[str, Array] | None]:
        rng = seed(f"tglc {star.tic} {sector.number}")
        sigma = star.noise_ppm * 1e-6 * np.sqrt(120 / cadence_s)
        flux = relative_flux(time, star.dips, star.waves) + rng.normal(0, sigma, len(time))
        raw = star.electrons_per_s * flux * drift(rng, time, 3000)
        gap = (time >= sector.gap[0]) & (time < sector.gap[1])
        made = {
            "time": time,
            "psf_flux": raw,
            "aperture_flux": 0.9 * raw,
            "cal_psf_flux": np.where(gap, np.nan, flux),
            "cal_aper_flux": np.where(gap, np.nan, flux + rng.normal(0, sigma / 2, len(time))),
            "background": 100 + rng.normal(0, 2, len(time)),
            "cadence_num": np.arange(len(time)) + 4697,
            "TESS_flags": np.where(gap, 8, 0),
            "TGLC_flags": np.zeros(len(time)),
        }
        return [None, made]

    return FitsFile((Image(primary), Table(_TGLC_COLUMNS, len(time), extension)), data)


def k2sff_file(star: KeplerStar, campaign: Quarter) -> FitsFile:
    """BESTAPER and twenty other apertures; the sawtooth of the thrusters is in FRAW and gone from FCOR."""
    primary = cards(
        """
        EXTNAME = 'PRIMARY' / name of extension
        TELESCOP= 'Kepler' / telescope
        INSTRUME= 'Kepler Photometer' / detector type
        OBJECT  = 'EPIC {epic}' / string version of KEPLERID
        KEPLERID= {epic} / unique Kepler target identifier
        CAMPAIGN= {campaign} / Observing campaign
        OBSMODE = 'long cadence' / observing mode
        RA_OBJ  = {ra} / [deg] right ascension
        DEC_OBJ = {dec} / [deg] declination
        KEPMAG  = {kepmag} / [mag] Kepler magnitude (Kp)
        COMMENT SIMULATED: the layout of K2SFF, the numbers of the mast-tui demo.
        """,
        epic=star.kic,
        campaign=campaign.number,
        ra=star.ra_deg,
        dec=star.dec_deg,
        kepmag=star.kepmag,
    )
    tables = [
        Table(_K2SFF_COLUMNS, campaign.rows, cards("EXTNAME = '{n}' / name of aperture", n=n)) for n in _APERTURES
    ]
    hdus: tuple[Hdu, ...] = (Image(primary), *tables)
    time = campaign.start + CADENCE_D * np.arange(campaign.rows)

    def data() -> list[Any]:
        rng = seed(f"k2sff {star.kic} {campaign.number}")
        thruster = np.arange(campaign.rows) % 12 == 0
        arc = (np.arange(campaign.rows) % 12 - 6) / 2.0
        flux = relative_flux(time, star.dips)
        made: list[Any] = [None]
        for number in range(len(_APERTURES)):
            sigma = star.noise_ppm * 1e-6 * (1 + 0.1 * number)
            corrected = flux + rng.normal(0, sigma, campaign.rows)
            made.append(
                {
                    "T": time,
                    "FRAW": corrected * (1 + 0.0012 * arc),
                    "FCOR": corrected,
                    "ARCLENGTH": arc,
                    "MOVING": thruster,
                    "CADENCENO": campaign.first_cadence + np.arange(campaign.rows),
                }
            )
        return made

    return FitsFile(hdus, data)
