"""Kepler observations of the embedded archive: long-cadence light curves of Kepler-10 and Kepler-90.

Layout: `kplr010002792-2009259160929_llc.fits`, data release 25. One row covers all quarters of a star, as in CAOM.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from mast_tui.demo.datasets.pictures import Picture, plot
from mast_tui.demo.datasets.rows import circle, held, observation, product, seed, utc
from mast_tui.demo.datasets.signals import Dip, drift, relative_flux
from mast_tui.demo.datasets.tess_layout import flux_columns
from mast_tui.demo.fits import Array, Column, FitsFile, Image, Table, cards
from mast_tui.demo.holdings import HeldObservation, HeldProduct, Row

BKJD_MJD = 54832.5  # BKJD 0 as MJD
CADENCE_D = 0.02043359821692
_FIRST_OBSID = 90_200_000


@dataclass(frozen=True)
class Quarter:
    """A quarter: its stamp in file names, BKJD of the middle of the first cadence, number of cadences."""

    number: int
    stamp: str
    start: float
    rows: int
    first_cadence: int


# Stamps are those of the file names; the times of Q2 are those of its files, the others good to some minutes.
QUARTERS = (
    Quarter(1, "2009166043257", 131.512, 1639, 1105),
    Quarter(2, "2009259160929", 169.51998136, 4354, 2965),
    Quarter(3, "2009350155506", 260.224, 4370, 7404),
    Quarter(4, "2010078095331", 352.376, 4397, 11914),
    Quarter(5, "2010174085026", 443.489, 4633, 16373),
    Quarter(6, "2010265121752", 539.449, 4398, 21069),
)


@dataclass(frozen=True)
class KeplerStar:
    """A Kepler target. `noise_ppm` is that of one 29.4-minute cadence; `dips` are in BKJD."""

    kic: int
    name: str
    ra_deg: float
    dec_deg: float
    kepmag: float
    teff_k: float
    radius_sun: float
    noise_ppm: float
    dips: tuple[Dip, ...]


#: Kepler-10 b: Batalha et al. 2011 (ApJ 729, 27): 0.837495 d, BJD 2454964.57375, 152 ppm, 1.811 h
KEPLER_10 = KeplerStar(
    11904151, "Kepler-10", 285.67942, 50.24131, 10.961, 5627.0, 1.056, 58.0, (Dip(0.837495, 131.57375, 152.0, 1.811),)
)
#: Kepler-90 b, c, i, d, e, f, g, h: published periods (Cabrera et al. 2014, Shallue & Vanderburg 2018); depths from
#: the published radii; the epochs are the demo's own
KEPLER_90 = KeplerStar(
    11442793,
    "Kepler-90",
    284.43351,
    49.30517,
    13.916,
    6080.0,
    1.2,
    190.0,
    (
        Dip(7.008151, 137.69, 90.0, 4.1),
        Dip(8.719375, 139.57, 100.0, 4.9),
        Dip(14.44912, 141.9, 90.0, 5.7),
        Dip(59.73667, 158.97, 500.0, 8.4),
        Dip(91.93913, 134.31, 470.0, 8.9),
        Dip(124.9144, 254.6, 510.0, 10.9),
        Dip(210.60697, 147.04, 3900.0, 12.6),
        Dip(331.60059, 140.50, 7400.0, 14.7),
    ),
)

_PRIMARY = """
NEXTEND = 2 / number of standard extensions
EXTNAME = 'PRIMARY' / name of extension
EXTVER  = 1 / extension version number (not format version)
ORIGIN  = 'NASA/Ames' / institution responsible for creating this file
DATE    = '2015-09-06' / file creation date.
CREATOR = '823137 FluxExporter2PipelineModule' / pipeline job and program used t
PROCVER = 'svn+ssh://murzim/repo/soc/tags/release/9.3.22 r60269' / SW version
FILEVER = '6.1' / file format version
TIMVERSN= 'OGIP/93-003' / OGIP memo number for file format
TELESCOP= '{telescope}' / telescope
INSTRUME= 'Kepler Photometer' / detector type
OBJECT  = '{object}' / string version of target id
KEPLERID= {kic} / unique Kepler target identifier
CHANNEL = 63 / CCD channel
MODULE  = 18 / CCD module
OUTPUT  = 3 / CCD output
{span_key} = {span} / {span_words}
DATA_REL= 25 / data release version number
OBSMODE = 'long cadence' / observing mode
MISSION = '{mission}' / Mission name
RADESYS = 'ICRS' / reference frame of celestial coordinates
RA_OBJ  = {ra} / [deg] right ascension
DEC_OBJ = {dec} / [deg] declination
EQUINOX = 2000.0 / equinox of celestial coordinate system
KEPMAG  = {kepmag} / [mag] Kepler magnitude (Kp)
TEFF    = {teff} / [K] Effective temperature
RADIUS  = {radius} / [solar radii] stellar radius
SIMDATA = T / file is based on simulated data
COMMENT SIMULATED: the layout of the Kepler pipeline, the numbers of the mast-tui demo.
"""

_EXTENSION = """
INHERIT = T / inherit the primary header
EXTNAME = '{extname}' / name of extension
EXTVER  = 1 / extension version number (not format version)
TELESCOP= '{telescope}' / telescope
INSTRUME= 'Kepler Photometer' / detector type
OBJECT  = '{object}' / string version of target id
KEPLERID= {kic} / unique Kepler target identifier
RADESYS = 'ICRS' / reference frame of celestial coordinates
RA_OBJ  = {ra} / [deg] right ascension
DEC_OBJ = {dec} / [deg] declination
EQUINOX = 2000.0 / equinox of celestial coordinate system
"""

_TIMES = """
EXPOSURE= {exposure} / [d] time on source
TIMEREF = 'SOLARSYSTEM' / barycentric correction applied to times
TASSIGN = 'SPACECRAFT' / where time is assigned
TIMESYS = 'TDB' / time system is barycentric JD
BJDREFI = 2454833 / integer part of BJD reference date
BJDREFF = 0.0 / fraction of the day in BJD reference date
TIMEUNIT= 'd' / time unit for TIME, TSTART and TSTOP
TELAPSE = {telapse} / [d] TSTOP - TSTART
LIVETIME= {exposure} / [d] TELAPSE multiplied by DEADC
TSTART  = {tstart} / observation start time in BJD-BJDREF
TSTOP   = {tstop} / observation stop time in BJD-BJDREF
DEADC   = 0.92063492 / deadtime correction
TIMEPIXR= 0.5 / bin time beginning=0 middle=0.5 end=1
INT_TIME= 6.01980290327 / [s] photon accumulation time per frame
READTIME= 0.518948526144 / [s] readout time per frame
FRAMETIM= 6.538751429414 / [s] frame time (INT_TIME + READTIME)
NUM_FRM = 270 / number of frames per time stamp
TIMEDEL = 0.02043359821692 / [d] time resolution of data
DATE-OBS= '{date_obs}Z' / TSTART as UTC calendar date
DATE-END= '{date_end}Z' / TSTOP as UTC calendar date
BACKAPP = T / background is subtracted
DEADAPP = T / deadtime applied
VIGNAPP = T / vignetting or collimator correction applied
CDPP3_0 = {cdpp3} / [ppm] RMS CDPP on 3.0-hr time scales
CROWDSAP= 0.97 / Ratio of target flux to total flux in op. ap.
FLFRCSAP= 0.94 / Frac. of target flux w/in the op. aperture
PDCMETHD= 'regularMap' / PDC algorithm used for target
"""
_APERTURE = (6, 5)


def long_cadence_file(star: KeplerStar, quarter: Quarter, k2: bool = False) -> FitsFile:
    """`_llc.fits`: PRIMARY, LIGHTCURVE, APERTURE. With `k2`, the quarter's number is that of a campaign."""
    columns = tuple(replace(c, name="SAP_QUALITY") if c.name == "QUALITY" else c for c in _time())
    first = quarter.start - CADENCE_D / 2
    last = first + quarter.rows * CADENCE_D
    span = ("CAMPAIGN", "Observing campaign number") if k2 else ("QUARTER", "Observing quarter")
    text = _PRIMARY.replace("{span_key}", span[0]).replace("{span_words}", span[1])
    values: dict[str, Any] = {
        "telescope": "Kepler",
        "mission": "K2" if k2 else "Kepler",
        "object": f"{'EPIC' if k2 else 'KIC'} {star.kic}",
        "kic": star.kic,
        "span": quarter.number,
        "ra": star.ra_deg,
        "dec": star.dec_deg,
        "kepmag": star.kepmag,
        "teff": star.teff_k,
        "radius": star.radius_sun,
        "exposure": round((last - first) * 0.92063492, 8),
        "telapse": round(last - first, 8),
        "tstart": round(first, 8),
        "tstop": round(last, 8),
        "date_obs": utc(first + BKJD_MJD),
        "date_end": utc(last + BKJD_MJD),
        "cdpp3": round(star.noise_ppm / 2.47, 3),
    }
    curve = cards(_EXTENSION, **values, extname="LIGHTCURVE") + cards(_TIMES, **values)
    hdus = (
        Image(cards(text, **values)),
        Table(columns, quarter.rows, curve),
        Image(cards(_EXTENSION, **values, extname="APERTURE"), _APERTURE, "i4"),
    )
    return FitsFile(hdus, lambda: [None, _curve(star, quarter), np.array([[1, 1, 3, 1, 1]] * 6)])


def _time() -> tuple[Column, ...]:
    """The columns of TESS, which took them from Kepler, with Kepler's zero of time."""
    time, correction, *rest = flux_columns()
    return (replace(time, unit="BJD - 2454833"), replace(correction, disp="E13.6"), *rest)


def _curve(star: KeplerStar, quarter: Quarter) -> dict[str, Array]:
    rng, rows = seed(f"kplr {star.kic} {quarter.number}"), quarter.rows
    steady = quarter.start + CADENCE_D * np.arange(rows)
    quality = np.zeros(rows, dtype=np.int32)
    # monthly downlinks of about a day: no data (65536); a tweak (1) and coarse point (4) beside them
    for first in range(1480, rows, 1500):
        quality[first : first + 45] |= 65536
        quality[first + 45 : first + 48] |= 4
        quality[first - 1] |= 1
    quality[::146] |= 32  # reaction wheels desaturated every three days
    quality[rng.choice(rows, rows // 400, replace=False)] |= 128  # cosmic ray in the aperture: kept by the default mask
    gone = (quality & 65536) > 0
    lost = gone | ((quality & (1 | 4 | 32)) > 0)
    base = 10 ** (0.4 * (25.1 - star.kepmag))  # 1.74e5 e-/s at Kp 12
    sigma = star.noise_ppm * 1e-6
    flux = relative_flux(steady, star.dips) + rng.normal(0, sigma, rows)
    sap = np.where(gone, np.nan, 0.94 * base * flux * drift(rng, steady, 4000, 12.0))
    pdc = np.where(lost, np.nan, base * flux)
    nan = np.full(rows, np.nan)
    made: dict[str, Array] = {
        "TIME": np.where(gone, np.nan, steady),
        "TIMECORR": 0.0015 * np.sin(2 * np.pi * steady / 372.5),
        "CADENCENO": quarter.first_cadence + np.arange(rows),
        "SAP_FLUX": sap,
        "SAP_FLUX_ERR": np.where(gone, np.nan, 0.94 * base * sigma),
        "SAP_BKG": np.where(gone, np.nan, 1500.0),
        "SAP_BKG_ERR": np.where(gone, np.nan, 0.6),
        "PDCSAP_FLUX": pdc,
        "PDCSAP_FLUX_ERR": np.where(lost, np.nan, base * sigma),
        "SAP_QUALITY": quality,
        "POS_CORR1": np.where(gone, np.nan, rng.normal(0, 0.01, rows)),
        "POS_CORR2": np.where(gone, np.nan, rng.normal(0, 0.01, rows)),
    }
    for axis, middle in ((1, 675.4), (2, 321.2)):
        made[f"PSF_CENTR{axis}"] = made[f"PSF_CENTR{axis}_ERR"] = nan
        made[f"MOM_CENTR{axis}"] = middle + made[f"POS_CORR{axis}"]
        made[f"MOM_CENTR{axis}_ERR"] = np.where(gone, np.nan, 1e-4)
    return made


def observations() -> Sequence[HeldObservation]:
    """One row a star, with a light curve a quarter."""
    return [_observation(_FIRST_OBSID + i, star) for i, star in enumerate((KEPLER_10, KEPLER_90))]


def _observation(obsid: int, star: KeplerStar) -> HeldObservation:
    seen = "".join("1" if any(q.number == n for q in QUARTERS) else "0" for n in range(18))
    last = QUARTERS[-1]
    row = observation(
        obsid,
        f"kplr{star.kic:09d}_lc_Q{seen}",
        collection="Kepler",
        provenance="Kepler",
        instrument="Kepler",
        filters="KEPLER",
        region="Optical",
        target=f"kplr{star.kic:09d}",
        ra_deg=star.ra_deg,
        dec_deg=star.dec_deg,
        kind="timeseries",
        calib_level=2,
        t_min_mjd=round(QUARTERS[0].start + BKJD_MJD, 8),
        t_max_mjd=round(last.start + last.rows * CADENCE_D + BKJD_MJD, 8),
        exposure_s=1800.0,
        em_nm=(418.0, 905.0),
        title=f"{star.name}, long cadence, quarters 1 to {last.number}",
        release_mjd=56228.0,
        footprint=circle(star.ra_deg, star.dec_deg, 0.00111111),
        proposal_id="GO30032",
        jpeg_url=f"mast:Kepler/url/missions/kepler/previews/{_folder(star)}/kplr{star.kic:09d}-{last.stamp}_llc_bw_large.png",
        sequence=None,
    )
    return held(row, partial(_products, star=star))


def _folder(star: KeplerStar) -> str:
    return f"{star.kic:09d}"[:4] + f"/{star.kic:09d}"


def _products(row: Row, *, star: KeplerStar) -> list[HeldProduct]:
    base = "mast:Kepler/url/missions/kepler"
    made = []
    for quarter in QUARTERS:
        uri = f"{base}/lightcurves/{_folder(star)}/kplr{star.kic:09d}-{quarter.stamp}_llc.fits"
        words = f"Lightcurve Long Cadence (CLC) - Q{quarter.number}"
        made.append(product(row, uri, long_cadence_file(star, quarter), words, "LLC", composite="C", minimum=True))

    def draw() -> Array:
        curve = _curve(star, QUARTERS[-1])
        return plot(curve["TIME"], curve["PDCSAP_FLUX"])

    picture = Picture(draw, 48_000, "png")
    made.append(product(row, str(row["jpegURL"]), picture, "Preview-Full", None, kind="PREVIEW", composite="C"))
    return made
