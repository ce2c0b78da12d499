"""Simulated TESS files in the layouts of the SPOC: light curve, target pixels, data-validation time series.

HDUs, columns, units and keywords follow the files of sector 1 (`tess2018206045859-s0001-…-0120-s_lc.fits`, its
`_tp.fits`, and a `_dvt.fits` of sector 2). Called by `datasets.tess` and, for invented stars, by `datasets.bulk`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from mast_tui.demo.datasets.rows import seed, utc
from mast_tui.demo.datasets.signals import Dip, Floats, Wave, drift, relative_flux
from mast_tui.demo.datasets.tess_layout import PHOTOMETRY, PRIMARY, TARGET, TIMES, WCS, flux_columns
from mast_tui.demo.fits import Array, Card, Column, FitsFile, Image, Table, Value, cards

BTJD_MJD = 56999.5  # BTJD 0 as MJD
STAMP = 11  # pixels a side


@dataclass(frozen=True)
class Sector:
    """When a sector was observed. `start` is the middle of the first 2-minute cadence, BTJD."""

    number: int
    stamp: str
    config: int
    start: float
    rows_2min: int
    #: the break at mid-sector, when the data was sent down
    gap: tuple[float, float]
    first_cadence: int
    #: times of bad pointing, BTJD; the SPOC excludes most of their cadences by hand
    jitter: tuple[float, float] | None = None
    #: finite PDCSAP cadences that pass bitmask 17087, where the demo promises a number
    good_2min: int | None = None

    @property
    def stop(self) -> float:
        """The middle of the last 2-minute cadence, BTJD."""
        return round(self.start + (self.rows_2min - 1) / 720, 6)

    def rows(self, cadence_s: int) -> int:
        return self.rows_2min * 120 // cadence_s

    def root(self, tic: int, cadence_s: int) -> str:
        scid = f"{self.config:04d}-" + ("a_fast" if cadence_s == 20 else "s")
        return f"tess{self.stamp}-s{self.number:04d}-{tic:016d}-{scid}"


@dataclass(frozen=True)
class Star:
    """A TESS target. `noise_ppm` is that of one 2-minute cadence."""

    tic: int
    name: str
    ra_deg: float
    dec_deg: float
    tmag: float
    teff_k: float
    radius_sun: float
    noise_ppm: float
    dips: tuple[Dip, ...] = ()
    waves: tuple[Wave, ...] = ()
    camera: int = 4
    ccd: int = 2
    kind: str = "STAR"

    @property
    def electrons_per_s(self) -> float:
        """From the TESS magnitude with the zero point 20.44 of the TESS Instrument Handbook."""
        return float(10 ** (0.4 * (20.44 - self.tmag)))


def _values(star: Star, sector: Sector, cadence_s: int, creator: str, what: str) -> dict[str, Value]:
    half = cadence_s / 172800
    tstart, tstop = sector.start - half, sector.stop + half
    return {
        "tstart": round(tstart, 9),
        "tstop": round(tstop, 9),
        "telapse": round(tstop - tstart, 9),
        "exposure": round((tstop - tstart) * 0.792, 9),
        "date_obs": utc(tstart + BTJD_MJD),
        "date_end": utc(tstop + BTJD_MJD),
        "creator": creator,
        "what": what,
        "tic": star.tic,
        "sector": sector.number,
        "camera": star.camera,
        "ccd": star.ccd,
        "ra": star.ra_deg,
        "dec": star.dec_deg,
        "tmag": star.tmag,
        "teff": star.teff_k,
        "radius": star.radius_sun,
        "frames": cadence_s // 2,
        "readouts": 48 if cadence_s == 120 else cadence_s // 2,
        "timedel": cadence_s / 86400,
    }


@lru_cache(maxsize=16)
def cadences(sector: Sector, cadence_s: int) -> tuple[Floats, Array]:
    """TIME (BTJD, NaN in the gap) and QUALITY of a sector: gap, momentum dumps, bad pointing, stray flags.

    The bits are those of the TESS Science Data Products Description: 4 coarse point, 8 Earth point, 16 argabrightening,
    32 desaturation, 128 manual exclude, 512 impulsive outlier. The number of cadences with each is that of sector 1.
    """
    rows, rng = sector.rows(cadence_s), seed(f"s{sector.number}-{cadence_s}")
    time: Floats = sector.start + np.arange(rows) * (cadence_s / 86400)
    quality = np.zeros(rows, dtype=np.int32)
    gap = (time >= sector.gap[0]) & (time < sector.gap[1])
    quality[gap] |= 8
    scale = 120 // cadence_s
    dump = np.arange(sector.start + 2.5435, sector.stop, 2.5)
    for first in np.searchsorted(time, dump):
        quality[first : first + 7 * scale] |= 32
        quality[first : first + 3 * scale] |= 4
    quality[rows * 4 // 5] |= 16
    free = np.flatnonzero(quality == 0)
    outliers = rng.choice(free, 15 * scale, replace=False)
    quality[outliers] |= 512
    lost = int(np.count_nonzero(quality & (4 | 8 | 16 | 32)))
    if sector.good_2min is not None and cadence_s == 120:
        exclude = rows - sector.good_2min - len(outliers) - lost
    else:
        exclude = rows // 100
    quality[_runs(rng, np.flatnonzero(quality == 0), time, sector.jitter, exclude)] |= 128
    shown = time.copy()
    shown[gap] = np.nan
    return shown, quality


def _runs(rng: np.random.Generator, free: Array, time: Floats, window: tuple[float, float] | None, count: int) -> Array:
    """`count` cadences out of `free` in runs of three, from the window of bad pointing first."""
    blocks = free[: len(free) // 3 * 3].reshape(-1, 3)
    order = rng.permutation(len(blocks))
    if window is not None:
        middle = time[blocks[order, 1]]
        order = order[np.argsort((middle < window[0]) | (middle > window[1]), kind="stable")]
    return np.asarray(blocks[order].ravel()[:count])


def light_curve(star: Star, sector: Sector, cadence_s: int = 120) -> dict[str, Array]:
    """The 20 columns of a SPOC light curve as arrays with one entry a cadence."""
    time, quality = cadences(sector, cadence_s)
    rng = seed(sector.root(star.tic, cadence_s))
    rows, base = len(time), star.electrons_per_s
    steady = sector.start + np.arange(rows) * (cadence_s / 86400)
    sigma = star.noise_ppm * 1e-6 * np.sqrt(120 / cadence_s)
    signal = relative_flux(steady, star.dips, star.waves)
    noise = rng.normal(0, sigma, rows)
    pointing = np.where(quality & 128, rng.normal(0, 8 * sigma, rows), 0.0)
    wander = drift(rng, steady, 2500)
    sap = 0.98 * base * (signal * wander + noise + pointing)
    pdc = base * (signal + noise + (quality & 512 > 0) * 12 * sigma)
    no_sap = (quality & (4 | 8 | 16 | 32)) > 0
    sap[no_sap] = np.nan
    pdc[no_sap | (quality & 128 > 0)] = np.nan
    sway = (wander - 1) * 10
    nan = np.full(rows, np.nan)
    columns: dict[str, Array] = {
        "TIME": time,
        "TIMECORR": 0.001 + 0.0004 * np.sin(2 * np.pi * (steady - 1325) / 365.25),
        "CADENCENO": np.arange(rows) + sector.first_cadence * (120 // cadence_s),
        "SAP_FLUX": sap,
        "SAP_FLUX_ERR": np.where(no_sap, np.nan, 0.98 * base * sigma),
        "SAP_BKG": np.where(no_sap, np.nan, 4800 + 6e5 * (wander - 1)),
        "SAP_BKG_ERR": np.where(no_sap, np.nan, 16.0),
        "PDCSAP_FLUX": pdc,
        "PDCSAP_FLUX_ERR": np.where(np.isnan(pdc), np.nan, base * sigma),
        "QUALITY": quality,
        "POS_CORR1": np.where(no_sap, np.nan, sway),
        "POS_CORR2": np.where(no_sap, np.nan, -sway / 2),
    }
    for axis, middle, share in ((1, 1630.65, 1.0), (2, 260.66, -0.5)):
        columns[f"PSF_CENTR{axis}"] = columns[f"PSF_CENTR{axis}_ERR"] = nan
        columns[f"MOM_CENTR{axis}"] = np.where(no_sap, np.nan, middle + sway * share)
        columns[f"MOM_CENTR{axis}_ERR"] = np.where(no_sap, np.nan, 1e-4)
    return columns


def _aperture() -> Array:
    """Bit 1 collected, bit 2 in the optimal aperture, bit 4 used for the background, on a stamp of 11 by 11."""
    y, x = np.mgrid[:STAMP, :STAMP] - STAMP // 2
    mask = np.where(x**2 + y**2 <= 6, 3, 1)
    mask[(np.abs(x) == STAMP // 2) & (np.abs(y) == STAMP // 2)] = 5
    return np.asarray(mask, dtype=np.int32)


def _aperture_hdu(values: dict[str, Value]) -> Image:
    extra: dict[str, Value] = {"centre": STAMP // 2 + 1.0, "npix": int((_aperture() & 2).astype(bool).sum())}
    made = cards(TARGET, **{**values, "extname": "APERTURE"}) + cards(WCS, **values, **extra)
    return Image(made, (STAMP, STAMP), "i4")


def light_curve_file(star: Star, sector: Sector, cadence_s: int, what: str) -> FitsFile:
    """`_lc.fits` (120 s) or `_fast-lc.fits` (20 s): PRIMARY, LIGHTCURVE, APERTURE."""
    values = _values(star, sector, cadence_s, "26493 LightCurveExporterPipelineModule", what)
    header = cards(TARGET, **{**values, "extname": "LIGHTCURVE"}) + cards(TIMES, **values) + cards(PHOTOMETRY)
    hdus = (
        Image(cards(PRIMARY, **values, nextend=2)),
        Table(flux_columns(), sector.rows(cadence_s), header),
        _aperture_hdu(values),
    )
    return FitsFile(hdus, lambda: [None, light_curve(star, sector, cadence_s), _aperture()])


def pixels_file(star: Star, sector: Sector, every: int, what: str) -> FitsFile:
    """`_tp.fits`: PRIMARY, PIXELS, APERTURE, TARGET COSMIC RAY.

    To stay small the demo keeps one cadence in `every`; the header says so and TIME, CADENCENO show it.
    """
    values = _values(star, sector, 120, "233 TargetPixelExporterPipelineModule", what)
    dim, count, e = f"({STAMP},{STAMP})", STAMP * STAMP, "E14.7"
    columns = (
        *flux_columns()[:3],
        Column("RAW_CNTS", f"{count}J", "count", "I8", "column title: raw pixel counts", dim, null=-1),
        Column("FLUX", f"{count}E", "e-/s", e, "column title: calibrated pixel flux", dim),
        Column("FLUX_ERR", f"{count}E", "e-/s", e, "column title: 1-sigma calibrated uncertainty", dim),
        Column("FLUX_BKG", f"{count}E", "e-/s", e, "column title: calibrated background flux", dim),
        Column("FLUX_BKG_ERR", f"{count}E", "e-/s", e, "column title: 1-sigma cal. backgrnd uncertainty", dim),
        Column("QUALITY", "J", "", "B16.16", "column title: pixel quality flags"),
        Column("POS_CORR1", "E", "pixel", e, "column title: column position correction"),
        Column("POS_CORR2", "E", "pixel", e, "column title: row position correction"),
    )
    cosmic = tuple(Column(n, f) for n, f in (("CADENCENO", "J"), ("RAWX", "I"), ("RAWY", "I"), ("COSMIC_RAY", "E")))
    thinned: list[Card] = [("COMMENT", f"SIMULATED: one cadence in {every} is kept, to be small.", "")]
    header = cards(TARGET, **{**values, "extname": "PIXELS"}) + cards(TIMES, **values) + thinned
    rows = -(-sector.rows(120) // every)
    hdus = (
        Image(cards(PRIMARY, **values, nextend=3)),
        Table(columns, rows, header),
        _aperture_hdu(values),
        Table(cosmic, 0, cards(TARGET, **{**values, "extname": "TARGET COSMIC RAY"})),
    )
    empty: dict[str, Array] = {c.name: np.zeros(0) for c in cosmic}
    return FitsFile(hdus, lambda: [None, _pixels(star, sector, every), _aperture(), empty])


def _pixels(star: Star, sector: Sector, every: int) -> dict[str, Array]:
    whole = {name: values[::every] for name, values in light_curve(star, sector).items()}
    y, x = np.mgrid[:STAMP, :STAMP] - STAMP // 2
    profile = np.exp(-(x**2 + y**2) / 2.2)
    profile /= profile[(_aperture() & 2) > 0].sum()
    flux = whole["SAP_FLUX"][:, None, None] * profile
    rng = seed(f"pixels {star.tic} {sector.number}")
    error = np.sqrt(np.maximum(profile * star.electrons_per_s, 1) / 120 + 4)
    flux = flux + rng.normal(0, 1, flux.shape) * error
    shape = np.ones(flux.shape)
    whole["FLUX"], whole["FLUX_ERR"] = flux, shape * error
    whole["FLUX_BKG"], whole["FLUX_BKG_ERR"] = shape * 100.0, shape * 2.0
    whole["RAW_CNTS"] = np.where(np.isnan(flux), -1, np.nan_to_num(flux + 100) * 95 / 5.2)
    return whole


def validation_file(star: Star, sector: Sector, what: str) -> FitsFile:
    """`_dvt.fits`: one TCE extension a planet with TPERIOD, TEPOCH, TDEPTH, TDUR, then Statistics."""
    values = _values(star, sector, 120, "1234 DvTimeSeriesExporterPipelineModule", what)
    e, none = "E14.7", "dimensionless"
    lead = flux_columns()[:3]
    relative = ("LC_INIT", "LC_INIT_ERR", "LC_WHITE", "LC_DETREND", "MODEL_INIT", "MODEL_WHITE")
    tce = (*lead, Column("PHASE", "E", "days", e), *[Column(name, "E", none, e) for name in relative])
    pulses_h = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.5, 5.0, 6.0, 7.5, 9.0, 10.5, 12.5, 15.0)
    hours = [str(h).replace(".", "_") for h in pulses_h]
    statistics = (
        *lead,
        Column("PDCSAP_FLUX", "E", "e-/s", e),
        Column("PDCSAP_FLUX_ERR", "E", "sigma", e),
        Column("RESIDUAL_LC", "E", none, e),
        Column("DEWEIGHTS", "E", "proportion", e),
        Column("QUALITY", "J", "", "B16.16"),
        *[Column(f"SES_{kind}_{h}", "E", "", e) for kind in ("CORR", "NORM") for h in hours],
    )
    rows = sector.rows(120)
    hdus: list[Table | Image] = [Image(cards(PRIMARY, **values, nextend=len(star.dips) + 1))]
    for number, dip in enumerate(star.dips, 1):
        header = cards(TARGET, **{**values, "extname": f"TCE_{number}"}) + cards(TIMES, **values)
        header += [
            ("TPERIOD", dip.period_d, "[days] transit period"),
            ("TEPOCH", dip.epoch, "[BTJD] transit epoch"),
            ("TDEPTH", dip.depth_ppm, "[ppm] fitted transit depth"),
            ("TDUR", dip.duration_h, "[hours] transit duration"),
        ]
        hdus.append(Table(tce, rows, header))
    hdus.append(Table(statistics, rows, cards(TARGET, **{**values, "extname": "Statistics"}) + cards(TIMES, **values)))
    return FitsFile(hdus, lambda: [None, *_validation(star, sector, statistics)])


def _validation(star: Star, sector: Sector, statistics: Sequence[Column]) -> list[dict[str, Any]]:
    curve = light_curve(star, sector)
    steady = sector.start + np.arange(len(curve["TIME"])) / 720
    flux = curve["PDCSAP_FLUX"] / star.electrons_per_s
    flux[(curve["QUALITY"] & 512) > 0] = np.nan
    sigma = star.noise_ppm * 1e-6
    made: list[dict[str, Any]] = []
    for dip in star.dips:
        model = relative_flux(steady, (dip,)) - 1
        whitened = (flux - 1) / sigma
        made.append(
            {
                **{name: curve[name] for name in ("TIME", "TIMECORR", "CADENCENO")},
                "PHASE": (steady - dip.epoch + dip.period_d / 4) % dip.period_d - dip.period_d / 4,
                "LC_INIT": flux - 1,
                "LC_INIT_ERR": np.where(np.isnan(flux), np.nan, sigma),
                "LC_WHITE": whitened,
                "LC_DETREND": flux - 1,
                "MODEL_INIT": model,
                "MODEL_WHITE": model / sigma,
            }
        )
    rest = {c.name: np.zeros(len(steady)) for c in statistics}
    rest.update({name: curve[name] for name in rest if name in curve})
    rest["RESIDUAL_LC"] = flux - relative_flux(steady, star.dips, star.waves)
    rest["DEWEIGHTS"] = np.where(np.isnan(flux), 0.0, 1.0)
    return [*made, rest]
