"""A plausible product list for any observation row, by mission and kind of data, with files that can be read.

For the rows that `fields` and `uv` list and for those of the simulated sky (`--rows N`): nobody has written their
files one by one. The list is the same for the same row, sizes are those of the files, and nothing is made until read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import numpy as np

from mast_tui.demo.datasets.documents import association
from mast_tui.demo.datasets.gzipped import Gzipped
from mast_tui.demo.datasets.hst_files import Setup, chips_file, cos_x1d_file, drz_file, engineering_file, stis_x1d_file
from mast_tui.demo.datasets.jwst_files import Exposure, exposure_file, i2d_file, x1d_file, x1dints_file
from mast_tui.demo.datasets.pictures import plot
from mast_tui.demo.datasets.signals import Dip, Floats, relative_flux
from mast_tui.demo.datasets.stock_row import Stock
from mast_tui.demo.datasets.stock_series import contributed_series, kepler_series, tess_series
from mast_tui.demo.datasets.uv_files import coadded_file, mxlo_file, plain_image_file, vo_spectrum_file
from mast_tui.demo.fits import Array, FitsFile
from mast_tui.demo.holdings import HeldProduct, Row

_SIDE = 400
Lister = Callable[[Stock], list[HeldProduct]]


def stock_products(row: Row, base: str) -> list[HeldProduct]:
    """The products of `row` with addresses that begin with `base`; none for a planned observation."""
    if row["calib_level"] == -1:
        return []
    mission, kind = str(row["obs_collection"]), str(row["dataproduct_type"])
    lister = _LISTERS.get((mission, kind)) or _LISTERS.get(("", kind)) or _plain_image
    return lister(Stock(row, base))


def _setup(stock: Stock) -> Setup:
    head, tail = stock.instrument
    proposal = re.sub(r"\D", "", str(stock.row["proposal_id"] or "")) or "0"
    return Setup(
        rootname=stock.name[:30],
        target=stock.target[:40],
        ra_deg=stock.place[0],
        dec_deg=stock.place[1],
        proposal=int(proposal),
        pi=str(stock.row["proposal_pi"] or "Demo")[:30],
        instrument=head[:10],
        detector=tail[:10],
        element=stock.filter,
        aperture="ANY",
        start_mjd=stock.start_mjd,
        exposure_s=stock.exposure_s,
        cenwave=1291,
    )


def _hst_image(stock: Stock) -> list[HeldProduct]:
    setup, name = _setup(stock), stock.name
    ir = stock.instrument[1] == "IR"
    chip, chips = ((1014, 1014), 1) if ir else ((2048, 4096), 2)
    words = f"DADS {{}} file - {{}} {setup.instrument}"
    return [
        stock.add(
            f"{name}_drz.fits",
            drz_file(setup, stock.sky, _SIDE),
            words.format("DRZ", "Calibrated combined image"),
            "DRZ",
        ),
        stock.add(
            f"{name}_flt.fits",
            chips_file(setup, "flt", chip, chips),
            words.format("FLT", "Calibrated exposure"),
            "FLT",
            2,
        ),
        stock.add(
            f"{name}_raw.fits", chips_file(setup, "raw", chip, chips), words.format("RAW", "Raw exposure"), "RAW", 1
        ),
        stock.beside(
            f"{name}_spt.fits", engineering_file(setup, "spt"), words.format("SPT", "Support"), "AUXILIARY", "SPT"
        ),
        stock.beside(
            f"{name}_asn.fits", engineering_file(setup, "asn"), words.format("ASN", "Association"), "INFO", "ASN"
        ),
        *stock.pictures("_drz"),
    ]


def _hst_spectrum(stock: Stock) -> list[HeldProduct]:
    setup, name = _setup(stock), stock.name
    if setup.instrument == "STIS":
        x1d: FitsFile = stis_x1d_file(setup, stock.spectrum, range(270, 301))
    else:
        x1d = cos_x1d_file(setup, stock.spectrum)
    words = f"DADS {{}} file - {{}} {setup.instrument}"
    return [
        stock.add(f"{name}_x1d.fits", x1d, words.format("X1D", "Extracted one-dimensional spectrum"), "X1D"),
        stock.add(
            f"{name}_flt.fits",
            chips_file(setup, "flt", (1024, 1024), 1),
            words.format("FLT", "Flat-field corrected"),
            "FLT",
            2,
        ),
        stock.add(
            f"{name}_raw.fits", chips_file(setup, "raw", (2048, 2048), 1), words.format("RAW", "Raw exposure"), "RAW", 1
        ),
        stock.beside(
            f"{name}_spt.fits", engineering_file(setup, "spt"), words.format("SPT", "Support"), "AUXILIARY", "SPT"
        ),
        stock.curve_picture(lambda: _drawn(stock), "_x1d"),
    ]


def _drawn(stock: Stock) -> Array:
    low, high = float(stock.row["em_min"] or 120.0) * 10, float(stock.row["em_max"] or 170.0) * 10
    wave = np.linspace(low, high, 2000)
    return plot(wave, stock.spectrum(wave))


def _exposure(stock: Stock, suffix: str, nints: int = 1) -> Exposure:
    head, tail = stock.instrument
    program = re.sub(r"\D", "", str(stock.row["proposal_id"] or "")) or "0"
    detector = {"NIRCAM": "NRCALONG", "MIRI": "MIRIMAGE", "NIRSPEC": "NRS1", "NIRISS": "NIS"}.get(head, head[:12])
    elements = re.split(r"[;/]", str(stock.row["filters"] or "CLEAR"))
    return Exposure(
        filename=f"{stock.name}_{suffix}.fits"[:60],
        title=str(stock.row["obs_title"] or ""),
        pi=str(stock.row["proposal_pi"] or "Demo")[:40],
        program=program.zfill(5)[-5:],
        observation="001",
        target=stock.target[:40],
        ra_deg=stock.place[0],
        dec_deg=stock.place[1],
        instrument=head,
        detector=detector,
        exp_type=f"{head[:3]}_{tail}"[:20],
        filter=elements[0][:20],
        start_mjd=stock.start_mjd,
        exposure_s=stock.exposure_s,
        grating=elements[-1][:20] if len(elements) > 1 else "N/A",
        nints=nints,
    )


def _jwst_exposures(stock: Stock, side: int) -> list[HeldProduct]:
    name = stock.name
    words = "exposure ({}): {}"
    return [
        stock.add(
            f"{name}_cal.fits",
            exposure_file(_exposure(stock, "cal"), "cal", side),
            words.format("L2b", "2D calibrated exposure"),
            "CAL",
            2,
        ),
        stock.add(
            f"{name}_rate.fits",
            exposure_file(_exposure(stock, "rate"), "rate", side),
            words.format("L2a", "2D count rate"),
            "RATE",
            2,
        ),
        stock.add(
            f"{name}_uncal.fits",
            exposure_file(_exposure(stock, "uncal"), "uncal", side),
            words.format("L1b", "Uncalibrated 4D exposure data"),
            "UNCAL",
            1,
        ),
        stock.beside(
            f"{name}_asn.json",
            association(name, [f"{name}_cal.fits"]),
            "source/target (L3) : association generator",
            "INFO",
            "ASN",
        ),
    ]


def _jwst_image(stock: Stock) -> list[HeldProduct]:
    image = i2d_file(_exposure(stock, "i2d"), stock.sky, _SIDE)
    science = stock.add(f"{stock.name}_i2d.fits", image, "source/target (L3) : 2D resampled image", "I2D")
    return [science, *stock.pictures("_i2d"), *_jwst_exposures(stock, 2048 if stock.instrument[0] != "MIRI" else 1024)]


def _micron(stock: Stock, points: int = 600) -> tuple[Floats, Floats]:
    """Wavelengths (um) over the row's range and a smooth spectrum (Jy) with two bands in absorption."""
    low, high = float(stock.row["em_min"] or 600.0) / 1000, float(stock.row["em_max"] or 5300.0) / 1000
    wave = np.linspace(low, high, points)
    flux = 1e-3 * (wave / low) ** -0.7
    for share in (0.3, 0.62):
        flux = flux * (1 - 0.3 * np.exp(-0.5 * ((wave - low - share * (high - low)) / (0.02 * (high - low))) ** 2))
    return wave, flux


def _jwst_spectrum(stock: Stock) -> list[HeldProduct]:
    wave, flux = _micron(stock)
    x1d = x1d_file(_exposure(stock, "x1d"), [("S00001", wave, flux)])
    return [
        stock.add(f"{stock.name}_x1d.fits", x1d, "source/target (L3) : 1D extracted spectrum", "X1D"),
        stock.curve_picture(lambda: plot(wave, flux), "_x1d"),
        *_jwst_exposures(stock, 2048),
    ]


def _jwst_series(stock: Stock) -> list[HeldProduct]:
    wave, flux = _micron(stock, 400)
    exposure = _exposure(stock, "x1dints", nints=120)
    day = np.linspace(0, exposure.exposure_s / 86400, 120)
    light = relative_flux(day, (Dip(100.0, float(day[60]), 9000.0, exposure.exposure_s / 3600 / 3),))
    words = "exposure/target (L2b/L3): 1D extracted spectrum per integration"
    return [
        stock.add(f"{stock.name}_x1dints.fits", x1dints_file(exposure, wave, flux, light), words, "X1DINTS"),
        stock.curve_picture(lambda: plot(day, light), "_x1dints"),
        *_jwst_exposures(stock, 512),
    ]


def _width_deg(stock: Stock) -> float:
    circle = re.fullmatch(r"CIRCLE\s+\w+\s+\S+\s+\S+\s+(\S+)", str(stock.row.get("s_region") or ""))
    return 2 * float(circle[1]) if circle else 0.05


def _plain_image(stock: Stock) -> list[HeldProduct]:
    mission = str(stock.row["obs_collection"])
    file = plain_image_file(mission, stock.target, stock.place, _width_deg(stock), stock.sky, _SIDE)
    return [stock.add(f"{stock.name}.fits", file, f"{mission} image", None), *stock.pictures("")]


def _galex_image(stock: Stock) -> list[HeldProduct]:
    band = "nd" if stock.filter == "NUV" else "fd"
    image = plain_image_file("GALEX", stock.target, stock.place, _width_deg(stock), stock.sky, _SIDE)
    counts = plain_image_file("GALEX", stock.target, stock.place, _width_deg(stock), stock.sky, _SIDE, "counts")
    return [
        stock.add(f"{stock.name}-{band}-int.fits.gz", Gzipped(image), "Intensity map (J2000)", None),
        stock.add(f"{stock.name}-{band}-cnt.fits.gz", Gzipped(counts), "Count map (J2000)", None, 1),
        *stock.pictures(f"-{band}-int_2color"),
    ]


def _iue_spectrum(stock: Stock) -> list[HeldProduct]:
    """`mxlo.gz` and the virtual observatory's `_vo.fits`, both science; the raw image is auxiliary."""
    camera = stock.instrument[0].upper()
    camera = camera if camera in ("SWP", "LWP", "LWR") else "SWP"
    number = int(re.sub(r"\D", "", stock.name)[-5:] or 0)
    low = mxlo_file(camera, number, stock.target, *stock.place, stock.spectrum, stock.exposure_s)
    virtual = vo_spectrum_file(camera, number, stock.target, stock.spectrum)
    raw = plain_image_file("IUE", stock.target, stock.place, 0.01, partial(stock.sky, 384), 384, "DN")
    return [
        stock.add(f"{stock.name}.mxlo.gz", Gzipped(low), "MXLO, low-dispersion extracted spectrum", "MXLO"),
        stock.add(f"{stock.name}mxlo_vo.fits", virtual, "VO spectrum", "VO"),
        stock.beside(f"{stock.name}.silo.gz", Gzipped(raw), "Spatially resolved low-dispersion image", "AUXILIARY"),
        stock.curve_picture(lambda: _drawn(stock), ".mxlo"),
    ]


def _plain_spectrum(stock: Stock) -> list[HeldProduct]:
    low, high = float(stock.row["em_min"] or 90.0) * 10, float(stock.row["em_max"] or 120.0) * 10
    mission = str(stock.row["obs_collection"])
    file = coadded_file(stock.name, mission, stock.target, low, high, 4000, stock.spectrum)
    return [
        stock.add(f"{stock.name}_spec.fits", file, f"{mission} extracted spectrum", None),
        stock.curve_picture(lambda: _drawn(stock), "_spec"),
    ]


_LISTERS: dict[tuple[str, str], Lister] = {
    ("HST", "image"): _hst_image,
    ("HST", "spectrum"): _hst_spectrum,
    ("JWST", "image"): _jwst_image,
    ("JWST", "spectrum"): _jwst_spectrum,
    ("JWST", "timeseries"): _jwst_series,
    ("TESS", "timeseries"): tess_series,
    ("HLSP", "timeseries"): contributed_series,
    ("Kepler", "timeseries"): kepler_series,
    ("K2", "timeseries"): kepler_series,
    ("GALEX", "image"): _galex_image,
    ("IUE", "spectrum"): _iue_spectrum,
    ("", "spectrum"): _plain_spectrum,
    ("", "timeseries"): contributed_series,
    ("", "image"): _plain_image,
}
