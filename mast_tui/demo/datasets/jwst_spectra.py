"""JWST spectra of the embedded archive: many slits of NIRSpec, and a transit as a time series.

Called by `datasets.jwst`, which also takes the list of the files of one exposure from here.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from mast_tui.demo.datasets.jwst_files import Exposure, exposure_file, x1d_file, x1dints_file
from mast_tui.demo.datasets.pictures import Picture, plot
from mast_tui.demo.datasets.rows import circle, held, mjd, observation, product
from mast_tui.demo.datasets.signals import Dip, Floats, relative_flux
from mast_tui.demo.fits import Array
from mast_tui.demo.holdings import HeldObservation, HeldProduct, Row

#: suffix, level, product type and MAST's words, for the files of one exposure
EXPOSURE_FILES = (
    ("uncal", 1, "SCIENCE", "exposure (L1b): Uncalibrated 4D exposure data"),
    ("rate", 2, "SCIENCE", "exposure (L2a): 2D count rate averaged over integrations"),
    ("rateints", 2, "SCIENCE", "exposure (L2a): 3D countrate per integration"),
    ("cal", 2, "SCIENCE", "exposure (L2b): 2D calibrated exposure average over integrations"),
)


def exposure_products(add: partial[HeldProduct], exposure: Exposure, root: str) -> list[HeldProduct]:
    """The detector files of one exposure at their full size."""
    made = []
    for suffix, level, kind, words in EXPOSURE_FILES:
        content = exposure_file(exposure, suffix)
        made.append(
            add(
                f"mast:JWST/product/{root}_{suffix}.fits",
                content,
                words,
                suffix.upper(),
                kind=kind,
                calib_level=level,
                obs_id=root,
            )
        )
    return made


def _spectrum_row(
    obsid: int, exposure: Exposure, obs_id: str, mode: str, suffix: str, title: str, em_nm: tuple[float, float]
) -> Row:
    end = exposure.start_mjd + exposure.exposure_s / 86400
    return observation(
        obsid,
        obs_id,
        collection="JWST",
        provenance="CALJWST",
        instrument=f"{exposure.instrument}/{mode}",
        filters=f"{exposure.filter};{exposure.grating}",
        region="INFRARED",
        target=exposure.target,
        ra_deg=exposure.ra_deg,
        dec_deg=exposure.dec_deg,
        kind="spectrum",
        calib_level=3,
        t_min_mjd=exposure.start_mjd,
        t_max_mjd=round(end, 8),
        exposure_s=exposure.exposure_s,
        em_nm=em_nm,
        title=title,
        release_mjd=round(end + 0.5, 4),
        footprint=circle(exposure.ra_deg, exposure.dec_deg, 0.00044),
        proposal_id=exposure.program.lstrip("0"),
        proposal_type="GO",
        pi=exposure.pi,
        jpeg_url=f"mast:JWST/product/{obs_id}_{suffix}.png",
        data_url=f"mast:JWST/product/{obs_id}_{suffix}.fits",
    )


def _prism() -> Floats:
    """The wavelengths of NIRSpec's prism: 0.6 to 5.3 um with a step that grows where the prism disperses less."""
    x = np.linspace(0, 1, 435)
    return np.asarray(0.6 + 4.7 * (0.35 * x + 0.65 * x**1.6), dtype=np.float64)


def _galaxy(redshift: float, level_jy: float) -> Floats:
    """A star-forming galaxy in Jy with the lines of [O II], H beta, [O III], H alpha (vacuum wavelengths)."""
    wave = _prism()
    flux = level_jy * (wave / 2.0) ** -0.2
    for line, strength in ((0.37288, 2.0), (0.48627, 1.5), (0.49603, 2.5), (0.50082, 7.5), (0.65646, 4.5)):
        flux = flux + level_jy * strength * np.exp(-0.5 * ((wave - line * (1 + redshift)) / 0.009) ** 2)
    return np.asarray(flux * (1 - 0.8 * (wave < 0.1216 * (1 + redshift))), dtype=np.float64)


def slits(obsid: int) -> HeldObservation:
    """NIRSpec multi-object spectra: one EXTRACT1D extension a slit."""
    obs_id = "jw02736-o007_s00001_nirspec_clear-prism"
    exposure = Exposure(
        filename=f"{obs_id}_x1d.fits",
        title="Early Release Observation, simulated",
        pi="Pontoppidan, Klaus M.",
        program="02736",
        observation="007",
        target="SMACS J0723.3-7327",
        ra_deg=110.8267,
        dec_deg=-73.4540,
        instrument="NIRSPEC",
        detector="NRS1",
        exp_type="NRS_MSASPEC",
        filter="CLEAR",
        grating="PRISM",
        start_mjd=mjd("2022-06-30T07:00"),
        exposure_s=8753.5,
    )
    title = "NIRSpec prism spectra of galaxies behind SMACS 0723"
    row = _spectrum_row(obsid, exposure, obs_id, "MSA", "x1d", title, (600.0, 5300.0))
    return held(row, partial(_slit_products, exposure=exposure))


def _slit_products(row: Row, *, exposure: Exposure) -> list[HeldProduct]:
    base = f"mast:JWST/product/{row['obs_id']}"
    add = partial(product, row, version="1.19.1")
    spectra = [
        (f"S{number:05d}", _prism(), _galaxy(redshift, 1e-7 * (1 + number)))
        for number, redshift in enumerate((7.66, 5.28, 3.06, 2.46, 1.16), 1)
    ]

    def draw() -> Array:
        return plot(spectra[0][1], spectra[0][2])

    root = "jw02736007001_03101_00002_nrs1"
    return [
        add(
            f"{base}_x1d.fits",
            x1d_file(exposure, spectra),
            "source/target (L3) : 1D extracted spectrum",
            "X1D",
            composite="D",
            minimum=True,
        ),
        add(f"{base}_x1d.png", Picture(draw, 24_000, "png"), "Preview-Full", None, kind="PREVIEW", composite="D"),
        add(
            f"mast:JWST/product/{root[:19]}_msa.fits",
            exposure_file(exposure, "msa", 171),
            "exposure: MSA metadata",
            "MSA",
            kind="AUXILIARY",
            calib_level=2,
        ),
        *exposure_products(add, exposure, root),
    ]


def transit(obsid: int) -> HeldObservation:
    """A NIRSpec time series of a transit of TRAPPIST-1 b (period 1.510826 d, depth 0.72 %: Agol et al. 2021)."""
    obs_id = "jw99001-o001_t001_nirspec_clear-prism-s1600a1-sub512"
    exposure = Exposure(
        filename=f"{obs_id}_x1dints.fits",
        title="A transit of TRAPPIST-1 b, simulated",
        pi="Demo, Archive",
        program="99001",
        observation="001",
        target="TRAPPIST-1",
        ra_deg=346.62233,
        dec_deg=-5.04144,
        instrument="NIRSPEC",
        detector="NRS1",
        exp_type="NRS_BRIGHTOBJ",
        filter="CLEAR",
        grating="PRISM",
        start_mjd=mjd("2023-10-22T10:00"),
        exposure_s=14400.0,
        subarray="SUB512",
        nints=180,
    )
    title = "NIRSpec prism time series of a transit of TRAPPIST-1 b"
    row = _spectrum_row(obsid, exposure, obs_id, "SLIT", "x1dints", title, (600.0, 5300.0))
    return held(row, partial(_transit_products, exposure=exposure))


def _transit_products(row: Row, *, exposure: Exposure) -> list[HeldProduct]:
    base = f"mast:JWST/product/{row['obs_id']}"
    add = partial(product, row, version="1.19.1")
    wave = _prism()
    flux = (
        4e-2 * np.exp(-0.5 * (np.log(wave / 1.6) / 0.45) ** 2) * (1 - 0.35 * np.exp(-0.5 * ((wave - 1.42) / 0.06) ** 2))
    )
    time = exposure.start_mjd + np.linspace(0, exposure.exposure_s / 86400, exposure.nints)
    middle = float(time[exposure.nints // 2])
    light = relative_flux(time, (Dip(1.510826, middle, 7200.0, 0.605),))
    content = x1dints_file(exposure, wave, np.asarray(flux, dtype=np.float64), light)

    def draw() -> Array:
        return plot(time, light)

    words = "exposure/target (L2b/L3): 1D extracted spectrum per integration"
    root = "jw99001001001_04101_00001-seg001_nrs1"
    return [
        add(f"{base}_x1dints.fits", content, words, "X1DINTS", composite="D", minimum=True),
        add(f"{base}_x1dints.png", Picture(draw, 24_000, "png"), "Preview-Full", None, kind="PREVIEW", composite="D"),
        add(
            f"mast:JWST/product/{root}_uncal.fits",
            exposure_file(exposure, "uncal", 512, 6),
            EXPOSURE_FILES[0][3],
            "UNCAL",
            calib_level=1,
            obs_id=root,
        ),
        add(
            f"mast:JWST/product/{root}_rateints.fits",
            exposure_file(exposure, "rateints", 512),
            EXPOSURE_FILES[2][3],
            "RATEINTS",
            calib_level=2,
            obs_id=root,
        ),
    ]
