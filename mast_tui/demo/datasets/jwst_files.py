"""Simulated JWST files in the layouts of the calibration pipeline: images, spectra, time series of spectra.

HDU order, EXTNAMEs, columns and units follow the schemas of stdatamodels 6.0.0 (`spectable`, `tso_spectable`, image
models) and a NIRCam `_x1d.fits` and `_cal.fits` of programme 1243. The ASDF extension holds a short JSON text instead
of a tree. Called by `datasets.jwst` and `datasets.jwst_bulk`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from mast_tui.demo.datasets.rows import seed, utc
from mast_tui.demo.datasets.signals import Floats
from mast_tui.demo.fits import Array, Card, Column, FitsFile, Hdu, Image, Table, TiledFits, Value, cards

_PRIMARY = """
DATE    = '2026-01-15T00:00:00.000' / UTC date file created
ORIGIN  = 'STScI' / Organization responsible for creating file
TIMESYS = 'UTC' / principal time system for time-related keywords
TIMEUNIT= 's' / Default unit applicable to all time values
FILENAME= '{filename}' / Name of the file
SDP_VER = '2025_3' / Data processing software version number
CAL_VER = '1.19.1' / Calibration software version number
CAL_VCS = 'RELEASE' / Calibration software version control sys number
DATAMODL= '{model}' / Type of data model
TELESCOP= 'JWST' / Telescope used to acquire the data
HGA_MOVE= F / High Gain Antenna moved during data collection
COMMENT SIMULATED: the layout of the JWST pipeline, the numbers of the mast-tui demo.
SIMDATA = T / file is based on simulated data

        Program information

TITLE   = '{title}' / Proposal title
PI_NAME = '{pi}' / Principal investigator name
CATEGORY= 'GO' / Program category

        Observation identifiers

DATE-OBS= '{date}' / [yyyy-mm-dd] UTC date at start of exposure
TIME-OBS= '{time}' / [hh:mm:ss.sss] UTC time at start of exposure
PROGRAM = '{program}' / Program number
OBSERVTN= '{observation}' / Observation number
VISIT   = '001' / Visit number
EXPOSURE= '1' / Exposure request number
TSOVISIT= {tso} / Time Series Observation visit indicator

        Target information

TARGPROP= '{target}' / Proposer's name for the target
TARGNAME= '{target}' / Standard astronomical catalog name for target
TARGTYPE= 'FIXED' / Type of target (fixed, moving, generic)
TARG_RA = {ra} / Target RA at mid time of exposure
TARG_DEC= {dec} / Target Dec at mid time of exposure
SRCTYPE = 'POINT' / Source type used for calibration

        Instrument configuration information

INSTRUME= '{instrument}' / Instrument used to acquire the data
DETECTOR= '{detector}' / Name of detector used to acquire the data
FILTER  = '{filter}' / Name of the filter element used
PUPIL   = '{pupil}' / Name of the pupil element used
GRATING = '{grating}' / Name of the grating element used
EXP_TYPE= '{exp_type}' / Type of data in the exposure

        Exposure parameters

EXPSTART= {start} / UTC exposure start time
EXPMID  = {middle} / UTC exposure mid time
EXPEND  = {end} / UTC exposure end time
EFFEXPTM= {exposure} / [s] Effective exposure time
NINTS   = {nints} / Number of integrations in exposure
NGROUPS = 10 / Number of groups in integration
SUBARRAY= '{subarray}' / Subarray used
CRDS_VER= '12.1.11' / Version of CRDS file selection software used
CRDS_CTX= 'jwst_1413.pmap' / CRDS context (.pmap) used to select ref files
S_REGION= '{region}' / Spatial extent of the observation
"""

_SPECTRUM_COLUMNS = (
    *((n, "D", u) for n, u in (("WAVELENGTH", "um"), ("FLUX", "Jy"), ("FLUX_ERROR", "Jy"))),
    *((f"FLUX_VAR_{v}", "D", "Jy^2") for v in ("POISSON", "RNOISE", "FLAT")),
    *((n, "D", "MJy/sr") for n in ("SURF_BRIGHT", "SB_ERROR")),
    *((f"SB_VAR_{v}", "D", "(MJy/sr)^2") for v in ("POISSON", "RNOISE", "FLAT")),
    ("DQ", "J", ""),
    *((n, "D", "MJy/sr") for n in ("BACKGROUND", "BKGD_ERROR")),
    *((f"BKGD_VAR_{v}", "D", "(MJy/sr)^2") for v in ("POISSON", "RNOISE", "FLAT")),
    ("NPIXELS", "D", ""),
)
_TIMES = ("MJD-BEG", "MJD-AVG", "MJD-END", "TDB-BEG", "TDB-MID", "TDB-END")


@dataclass(frozen=True)
class Exposure:
    """What a JWST header says about one exposure or combination of exposures."""

    filename: str
    title: str
    pi: str
    program: str
    observation: str
    target: str
    ra_deg: float
    dec_deg: float
    instrument: str
    detector: str
    exp_type: str
    filter: str
    start_mjd: float
    exposure_s: float
    pupil: str = "CLEAR"
    grating: str = "N/A"
    subarray: str = "FULL"
    nints: int = 1

    def primary(self, model: str, shape: tuple[int, ...] = ()) -> Image:
        end = self.start_mjd + self.exposure_s / 86400
        values: dict[str, Value] = {
            **{k: v for k, v in vars(self).items() if isinstance(v, str | int | float)},
            "title": self.title[:60],
            "model": model,
            "tso": self.nints > 1,
            "ra": self.ra_deg,
            "dec": self.dec_deg,
            "start": self.start_mjd,
            "date": utc(self.start_mjd)[:10],
            "time": utc(self.start_mjd)[11:],
            "middle": round((self.start_mjd + end) / 2, 8),
            "end": round(end, 8),
            "exposure": self.exposure_s,
            "region": f"CIRCLE ICRS {self.ra_deg:.6f} {self.dec_deg:.6f} 0.02",
        }
        return Image(cards(_PRIMARY, **values))


def _asdf(model: str) -> tuple[Table, dict[str, Array]]:
    text = json.dumps({"SIMULATED": f"{model} of the mast-tui demo"}).encode().ljust(256)
    data = np.frombuffer(text, dtype="u1").reshape(1, -1)
    return Table((Column("ASDF_METADATA", f"{len(text)}B"),), 1, [("EXTNAME", "ASDF", "extension name")]), {
        "ASDF_METADATA": data
    }


def _named(name: str, unit: str = "", extra: list[Card] | None = None) -> list[Card]:
    made: list[Card] = [("EXTNAME", name, "extension name")]
    if unit:
        made.append(("BUNIT", unit, "physical units of the array values"))
    return made + (extra or [])


def _wcs(exposure: Exposure, side: int, scale_arcsec: float) -> list[Card]:
    return cards(
        """
        WCSAXES = 2 / number of World Coordinate System axes
        CRPIX1  = {centre} / axis 1 coordinate of the reference pixel
        CRPIX2  = {centre} / axis 2 coordinate of the reference pixel
        CRVAL1  = {ra} / first axis value at the reference pixel
        CRVAL2  = {dec} / second axis value at the reference pixel
        CTYPE1  = 'RA---TAN' / first axis coordinate type
        CTYPE2  = 'DEC--TAN' / second axis coordinate type
        CUNIT1  = 'deg' / first axis units
        CUNIT2  = 'deg' / second axis units
        CDELT1  = {step} / first axis increment per pixel
        CDELT2  = {step} / second axis increment per pixel
        PC1_1   = -1.0 / linear transformation matrix element
        PC1_2   = 0.0 / linear transformation matrix element
        PC2_1   = 0.0 / linear transformation matrix element
        PC2_2   = 1.0 / linear transformation matrix element
        RADESYS = 'ICRS' / Coordinate reference frame
        PHOTMJSR= 1.0 / Flux density (MJy/steradian) producing 1 cps
        PIXAR_SR= {area} / Nominal pixel area in steradians
        """,
        centre=side / 2 + 0.5,
        ra=exposure.ra_deg,
        dec=exposure.dec_deg,
        step=scale_arcsec / 3600,
        area=(scale_arcsec / 206265) ** 2,
    )


def i2d_file(exposure: Exposure, picture: Any, side: int, scale_arcsec: float = 0.063) -> FitsFile:
    """A resampled image: SCI ERR CON WHT VAR_POISSON VAR_RNOISE VAR_FLAT HDRTAB ASDF; SCI in MJy/sr.

    `picture()` gives the sky as `side` by `side` MJy/sr; the corners outside the field are NaN, as in real mosaics.
    """
    asdf, asdf_data = _asdf("ImageModel")
    table = Table((Column("FILENAME", "48A"), Column("EXPSTART", "D")), 1, _named("HDRTAB"))
    hdus: list[Hdu] = [
        exposure.primary("ImageModel"),
        Image(_named("SCI", "MJy/sr", _wcs(exposure, side, scale_arcsec)), (side, side), "f4"),
        Image(_named("ERR", "MJy/sr"), (side, side), "f4"),
        Image(_named("CON"), (1, side, side), "i4"),
        *[Image(_named(n), (side, side), "f4") for n in ("WHT", "VAR_POISSON", "VAR_RNOISE", "VAR_FLAT")],
        table,
        asdf,
    ]

    def data() -> list[Any]:
        sky = np.asarray(picture(), dtype=np.float64)
        y, x = np.mgrid[:side, :side] / side - 0.5
        sky[np.abs(x + 0.2 * y) > 0.47] = np.nan
        error = 0.02 + 0.05 * np.sqrt(np.abs(np.nan_to_num(sky)))
        sky += seed(exposure.filename).normal(0, 1, sky.shape) * error
        seen = np.isfinite(sky)
        weight = np.where(seen, exposure.exposure_s, 0.0)
        row = {"FILENAME": np.array([exposure.filename.encode()[:48]]), "EXPSTART": np.array([exposure.start_mjd])}
        half = np.where(seen, error**2 / 2, np.nan)
        return [None, sky, np.where(seen, error, np.nan), seen[None], weight, half, half, 0 * half, row, asdf_data]

    return FitsFile(hdus, data)


def x1d_file(exposure: Exposure, spectra: list[tuple[str, Floats, Floats]]) -> FitsFile:
    """An extracted spectrum: one EXTRACT1D an entry of `spectra` (slit, wavelength in um, flux in Jy), then ASDF."""
    hdus: list[Hdu] = [exposure.primary("MultiSpecModel")]
    columns = tuple(Column(n, f, u, zero=2**31 if n == "DQ" else None) for n, f, u in _SPECTRUM_COLUMNS)
    for number, (slit, wave, _) in enumerate(spectra, 1):
        extra = cards(
            """
            EXTVER  = {number} / extension value
            SLTNAME = '{slit}' / Name of the slit
            SLITID  = {number} / Slitlet ID
            SOURCEID= {number} / Source ID
            SRCNAME = '{target}' / Source name
            SRCTYPE = 'POINT' / Source type used for calibration
            SRCRA   = {ra} / Right Ascension of the source
            SRCDEC  = {dec} / Declination of the source
            SPORDER = 1 / Spectral order number
            DISPAXIS= 1 / Dispersion direction
            """,
            number=number,
            slit=slit,
            target=exposure.target,
            ra=exposure.ra_deg,
            dec=exposure.dec_deg,
        )
        hdus.append(Table(columns, len(wave), _named("EXTRACT1D", extra=extra)))
    asdf, asdf_data = _asdf("MultiSpecModel")

    def data() -> list[Any]:
        rng = seed(exposure.filename)
        return [None, *[_spectrum(rng, wave, flux) for _, wave, flux in spectra], asdf_data]

    return FitsFile([*hdus, asdf], data)


def _spectrum(rng: np.random.Generator, wave: Floats, flux: Floats, noise: float = 0.01) -> dict[str, Array]:
    error = noise * np.abs(flux) + 1e-9 * np.nanmedian(np.abs(flux))
    measured = flux + rng.normal(0, 1, flux.shape) * error
    dq = (rng.random(flux.shape) < 0.01).astype(np.uint32)
    measured = np.where(dq > 0, np.nan, measured)
    to_surface = 50.0
    made: dict[str, Array] = {
        "WAVELENGTH": wave,
        "FLUX": measured,
        "FLUX_ERROR": error,
        "SURF_BRIGHT": measured * to_surface,
        "SB_ERROR": error * to_surface,
        "DQ": dq,
        "BACKGROUND": np.zeros_like(flux),
        "BKGD_ERROR": np.zeros_like(flux),
        "NPIXELS": np.full_like(flux, 8.0),
    }
    for lead, scale in (("FLUX", 1.0), ("SB", to_surface), ("BKGD", 0.0)):
        for part, share in (("POISSON", 0.7), ("RNOISE", 0.3), ("FLAT", 0.0)):
            made[f"{lead}_VAR_{part}"] = share * (error * scale) ** 2
    return made


def x1dints_file(exposure: Exposure, wave: Floats, flux: Floats, light: Floats) -> FitsFile:
    """A time series of spectra in today's layout: one EXTRACT1D with a row an integration, then ASDF.

    `light` is the relative brightness of each integration; `flux` (Jy) the spectrum of the star alone.
    """
    n, rows = len(wave), len(light)
    columns = (
        Column("INT_NUM", "J"),
        *[Column(c, f"{n}{f}", u, zero=2**31 if c == "DQ" else None) for c, f, u in _SPECTRUM_COLUMNS],
        Column("N_ALONGDISP", "J", zero=2**31),
        Column("SEGMENT", "J"),
        *[Column(c, "D", "d") for c in _TIMES],
    )
    extra = cards("EXTVER = 1\nSRCTYPE = 'POINT' / Source type used for calibration\nSPORDER = 1\nDISPAXIS= 1")
    asdf, asdf_data = _asdf("TSOMultiSpecModel")

    def data() -> list[Any]:
        rng = seed(exposure.filename)
        made = _spectrum(rng, np.tile(wave, (rows, 1)), flux[None, :] * light[:, None], 0.004)
        step = exposure.exposure_s / 86400 / rows
        begin = exposure.start_mjd + step * np.arange(rows)
        made.update(
            {
                "INT_NUM": np.arange(1, rows + 1),
                "N_ALONGDISP": np.full(rows, n),
                "SEGMENT": np.ones(rows),
                # TDB runs 69.184 s ahead of UTC; the light-travel time to the barycentre is left out
                **{f"MJD-{k}": begin + step * f for k, f in (("BEG", 0), ("AVG", 0.5), ("END", 1))},
                **{f"TDB-{k}": begin + step * f + 69.184 / 86400 for k, f in (("BEG", 0), ("MID", 0.5), ("END", 1))},
            }
        )
        return [None, made, asdf_data]

    return FitsFile(
        [exposure.primary("TSOMultiSpecModel"), Table(columns, rows, _named("EXTRACT1D", extra=extra)), asdf], data
    )


def exposure_file(exposure: Exposure, suffix: str, side: int = 2048, groups: int = 5) -> TiledFits:
    """A full-size detector file of level 1 or 2: `uncal`, `rate`, `rateints`, `cal`, `crf` or `i2d`.

    Images in the order of the pipeline, without ASDF and the small tables, so that no byte has to be kept.
    """
    plane: tuple[int, ...] = (side, side)
    if suffix == "uncal":
        cube = (exposure.nints, groups, side, side)
        return TiledFits((exposure.primary("Level1bModel"), Image(_named("SCI", "DN"), cube, "i2", True)), 12000, 30)
    if suffix == "rateints":
        plane = (exposure.nints, side, side)
    unit = "DN/s" if suffix.startswith("rate") else "MJy/sr"
    kinds = [("SCI", "f4"), ("ERR", "f4"), ("DQ", "i4")]
    if suffix in ("cal", "crf"):
        kinds.append(("AREA", "f4"))
    if suffix == "i2d":
        kinds = [("SCI", "f4"), ("ERR", "f4"), ("CON", "i4"), ("WHT", "f4")]
    kinds += [("VAR_POISSON", "f4"), ("VAR_RNOISE", "f4")] + ([("VAR_FLAT", "f4")] if unit != "DN/s" else [])
    images = [
        Image(
            _named(n, unit if n in ("SCI", "ERR") else "", _wcs(exposure, side, 0.063) if n == "SCI" else None),
            plane,
            k,
            flags=k == "i4",
        )
        for n, k in kinds
    ]
    return TiledFits((exposure.primary("ImageModel"), *images), 1.0, 0.1)
