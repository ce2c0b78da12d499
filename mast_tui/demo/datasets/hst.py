"""HST observations of the embedded archive: spectra by COS and STIS, images by ACS and WFC3, in mission layouts.

The root names are those of no real data set, and programme 99001 does not exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from mast_tui.demo.datasets.documents import pdf
from mast_tui.demo.datasets.hst_files import (
    Setup,
    Spectrum,
    association_file,
    chips_file,
    cos_x1d_file,
    drz_file,
    engineering_file,
    stis_x1d_file,
)
from mast_tui.demo.datasets.pictures import Picture, grey, plot
from mast_tui.demo.datasets.rows import box, circle, held, mjd, observation, product
from mast_tui.demo.datasets.skies import cool_star, hot_star, nebula, quasar, spiral, star_field
from mast_tui.demo.fits import Array
from mast_tui.demo.holdings import HeldObservation, HeldProduct, Row

_FIRST_OBSID = 90_300_000
_SIDE = 700


@dataclass(frozen=True)
class _Spectral:
    setup: Setup
    flux: Spectrum
    orders: range
    kind: str
    title: str
    em_nm: tuple[float, float]


@dataclass(frozen=True)
class _Pictured:
    setup: Setup
    sky: str
    kind: str
    em_nm: tuple[float, float]
    width_deg: float
    chip: tuple[int, int]


def _setup(
    root: str, target: str, ra: float, dec: float, config: str, when: str, seconds: float, cenwave: int = 0
) -> Setup:
    instrument, detector, element, aperture = config.split()
    start = mjd(when)
    return Setup(root, target, ra, dec, 99001, "Demo", instrument, detector, element, aperture, start, seconds, cenwave)


_G130M, _G160M = "COS FUV G130M PSA", "COS FUV G160M PSA"
_E230H, _E230M = "STIS NUV-MAMA E230H 0.2X0.09", "STIS NUV-MAMA E230M 0.2X0.2"
_SPECTRA = (
    _Spectral(
        _setup("lsim01010", "NGC5548", 214.49806, 25.13679, _G130M, "2014-02-01T04:00", 2400.0, 1291),
        quasar(3e-14, 0.01717),
        range(0),
        "GALAXY;SEYFERT",
        "COS G130M of the Seyfert galaxy NGC 5548",
        (113.0, 144.9),
    ),
    _Spectral(
        _setup("lsim02010", "WD-G191-B2B", 76.37755, 52.83067, _G130M, "2017-11-08T11:30", 1200.0, 1291),
        hot_star(2.1e-12),
        range(0),
        "STAR;DA",
        "COS G130M of the white dwarf G191-B2B",
        (113.0, 144.9),
    ),
    _Spectral(
        _setup("lsim03010", "TRAPPIST-1", 346.62233, -5.04144, _G130M, "2019-06-01T02:10", 5100.0, 1291),
        quasar(1.2e-17, -0.0002),
        range(0),
        "STAR;M V",
        "COS G130M of TRAPPIST-1: Lyman alpha and little else",
        (113.0, 144.9),
    ),
    _Spectral(
        _setup("osim01010", "ALPHA-CEN-A", 219.90206, -60.83399, _E230H, "2016-07-24T09:00", 1919.0, 2713),
        cool_star(2e-11),
        range(270, 301),
        "STAR;G V",
        "STIS E230H of alpha Centauri A around Mg II",
        (257.0, 286.0),
    ),
    _Spectral(
        _setup("osim02010", "HD-10700", 26.01702, -15.93748, _E230M, "2000-08-15T20:40", 1800.0, 2707),
        cool_star(1.5e-11),
        range(262, 302),
        "STAR;G V",
        "STIS echelle of tau Ceti",
        (255.7, 295.0),
    ),
)
_WFC, _UVIS = (2048, 4096), (2051, 4096)
_IMAGES = (
    _Pictured(
        _setup("jsim01010", "NGC5457", 210.80227, 54.34895, "ACS WFC F814W WFC", "2002-11-15T18:00", 1440.0),
        "spiral",
        "GALAXY;SPIRAL",
        (708.0, 959.0),
        0.056,
        _WFC,
    ),
    _Pictured(
        _setup("jsim02010", "NGC5457", 210.80227, 54.34895, "ACS WFC F435W WFC", "2002-11-15T19:30", 1800.0),
        "spiral",
        "GALAXY;SPIRAL",
        (361.0, 486.0),
        0.056,
        _WFC,
    ),
    _Pictured(
        _setup(
            "isim01010",
            "M8-HOURGLASS",
            270.92194,
            -24.38017,
            "WFC3 UVIS F658N UVIS2-C1K1C-SUB",
            "2018-02-12T05:20",
            1560.0,
        ),
        "nebula",
        "ISM;HII REGION",
        (654.0, 662.0),
        0.045,
        _UVIS,
    ),
    _Pictured(
        _setup("isim02010", "NGC6121", 245.89675, -26.52575, "WFC3 UVIS F606W UVIS", "2012-10-09T13:00", 820.0),
        "stars",
        "STAR CLUSTER;GLOBULAR CLUSTER",
        (476.0, 716.0),
        0.045,
        _UVIS,
    ),
)


def observations() -> Sequence[HeldObservation]:
    """All of them: a spectrum row each for COS and STIS, an image row each for ACS and WFC3."""
    made = [_spectral(_FIRST_OBSID + i, s) for i, s in enumerate(_SPECTRA)]
    return made + [_pictured(_FIRST_OBSID + 100 + i, p) for i, p in enumerate(_IMAGES)]


def _row(
    obsid: int,
    setup: Setup,
    instrument: str,
    kind: str,
    region: str,
    em_nm: tuple[float, float],
    suffix: str,
    **more: str,
) -> Row:
    end = setup.start_mjd + setup.exposure_s / 86400
    return observation(
        obsid,
        setup.rootname,
        collection="HST",
        provenance={"COS": "CALCOS", "STIS": "CALSTIS", "ACS": "CALACS"}.get(setup.instrument, "CALWF3"),
        instrument=instrument,
        filters=setup.element,
        region=region,
        target=setup.target,
        ra_deg=setup.ra_deg,
        dec_deg=setup.dec_deg,
        kind=kind,
        calib_level=3,
        t_min_mjd=setup.start_mjd,
        t_max_mjd=round(end, 8),
        exposure_s=setup.exposure_s,
        em_nm=em_nm,
        release_mjd=round(end + 180, 4),
        proposal_id="99001",
        proposal_type="GO",
        pi="Demo, Archive",
        jpeg_url=f"mast:HST/product/{setup.rootname}_{suffix}.{'jpg' if kind == 'image' else 'png'}",
        data_url=f"mast:HST/product/{setup.rootname}_{suffix}.fits",
        **more,  # type: ignore[arg-type]
    )


def _spectral(obsid: int, what: _Spectral) -> HeldObservation:
    setup = what.setup
    row = _row(
        obsid,
        setup,
        f"{setup.instrument}/{setup.detector}",
        "spectrum",
        "UV",
        what.em_nm,
        "x1d",
        title=what.title,
        classification=what.kind,
        footprint=circle(setup.ra_deg, setup.dec_deg, 0.00034722),
    )
    return held(row, partial(_spectral_products, what=what))


def _spectral_products(row: Row, *, what: _Spectral) -> list[HeldProduct]:
    setup = what.setup
    cos = setup.instrument == "COS"
    x1d = cos_x1d_file(setup, what.flux) if cos else stis_x1d_file(setup, what.flux, what.orders)
    base, version = f"mast:HST/product/{setup.rootname}", setup.values()["cal_ver"]
    add = partial(product, row, version=f"CAL{setup.instrument} {version}")

    def draw() -> Array:
        wave = np.linspace(what.em_nm[0] * 10, what.em_nm[1] * 10, 3000)
        return plot(wave, what.flux(wave))

    name = setup.instrument
    return [
        add(f"{base}_x1d.fits", x1d, f"DADS X1D file - Extracted one-dimensional spectrum {name}", "X1D", minimum=True),
        add(
            f"{base}_flt.fits",
            chips_file(setup, "flt", (1024, 2048), 1),
            f"DADS FLT file - Flat-field corrected {name}",
            "FLT",
            calib_level=2,
        ),
        add(
            f"{base}_raw.fits",
            chips_file(setup, "raw", (2048, 2048), 1),
            f"DADS RAW file - Raw exposure {name}",
            "RAW",
            calib_level=1,
        ),
        add(
            f"{base}_spt.fits",
            engineering_file(setup, "spt"),
            "DADS SPT file - Support file",
            "SPT",
            kind="AUXILIARY",
            calib_level=1,
        ),
        add(f"{base}_x1d.png", Picture(draw, 24_000, "png"), "Preview-Full", None, kind="PREVIEW"),
        add(
            f"{base}_trl.pdf",
            pdf(f"SIMULATED trailer of {setup.rootname}"),
            "DADS TRL file - Processing log",
            "TRL",
            kind="INFO",
            calib_level=1,
        ),
    ]


def _sky(what: _Pictured, side: int) -> Array:
    name = what.setup.target
    if what.sky == "stars":
        return star_field(name, side, 6 * side, 0.35)
    return (spiral if what.sky == "spiral" else nebula)(name, side)


def _pictured(obsid: int, what: _Pictured) -> HeldObservation:
    setup = what.setup
    row = _row(
        obsid,
        setup,
        f"{setup.instrument}/{setup.detector}",
        "image",
        "OPTICAL",
        what.em_nm,
        "drz",
        title=f"{setup.instrument} {setup.element} image of {setup.target}",
        classification=what.kind,
        footprint=box(setup.ra_deg, setup.dec_deg, what.width_deg, 20.0),
    )
    return held(row, partial(_pictured_products, what=what))


def _pictured_products(row: Row, *, what: _Pictured) -> list[HeldProduct]:
    setup, name = what.setup, what.setup.instrument
    base = f"mast:HST/product/{setup.rootname}"
    add = partial(product, row, version=f"CAL{name}")
    drz = drz_file(setup, partial(_sky, what, _SIDE), _SIDE)
    full = Picture(lambda: grey(_sky(what, 512)), 40_000)
    thumb = Picture(lambda: grey(_sky(what, 512), 64), 8_000)
    return [
        add(f"{base}_drz.fits", drz, f"DADS DRZ file - Calibrated combined image {name}", "DRZ", minimum=True),
        add(f"{base}_drz.jpg", full, "Preview-Full", "DRZ", kind="PREVIEW"),
        add(f"{base}_drz_thumb.jpg", thumb, "Preview-Thumb", "DRZ", kind="THUMBNAIL"),
        *_exposures(add, what),
        add(
            f"{base}_asn.fits",
            association_file(setup, [_exposure_root(setup, letter) for letter in _EXPOSED]),
            "DADS ASN file - Association table",
            "ASN",
            kind="INFO",
            calib_level=1,
        ),
    ]


#: One sign for each of the exposures that went into an image.
_EXPOSED = "ab"


def _exposure_root(setup: Setup, letter: str) -> str:
    return setup.rootname[:-3] + letter + "1q"


def _exposures(add: partial[HeldProduct], what: _Pictured) -> list[HeldProduct]:
    """Raw and flat-fielded files of the two exposures that went into the image, at their full size."""
    made = []
    name = what.setup.instrument
    for letter in _EXPOSED:
        root = _exposure_root(what.setup, letter)
        base = f"mast:HST/product/{root}"
        exposed = add(
            f"{base}_flt.fits",
            chips_file(what.setup, "flt", what.chip),
            f"DADS FLT file - Calibrated exposure {name}",
            "FLT",
            calib_level=2,
            obs_id=root,
        )
        raw = add(
            f"{base}_raw.fits",
            chips_file(what.setup, "raw", what.chip),
            f"DADS RAW file - Raw exposure {name}",
            "RAW",
            calib_level=1,
            obs_id=root,
        )
        made += [exposed, raw]
    return made
