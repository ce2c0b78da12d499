"""JWST observations of the embedded archive: spectra, time series, images, exclusive and planned ones.

The many-files observations (programmes 2733 and 1073) are in `jwst_bulk`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from mast_tui.demo.datasets.documents import association, catalogue, pool
from mast_tui.demo.datasets.jwst_files import Exposure, i2d_file
from mast_tui.demo.datasets.jwst_spectra import exposure_products, slits, transit
from mast_tui.demo.datasets.pictures import Picture, grey
from mast_tui.demo.datasets.rows import (
    EXCLUSIVE,
    PUBLIC,
    box,
    days_from_today_mjd,
    held,
    mjd,
    observation,
    planned,
    product,
)
from mast_tui.demo.datasets.skies import nebula, spiral, star_field
from mast_tui.demo.fits import Array
from mast_tui.demo.holdings import HeldObservation, HeldProduct, Row

_FIRST_OBSID = 90_400_000
_SIDE = 600
#: how long the demo's exclusive data stays exclusive, counted from the day on which it is asked
EXCLUSIVE_DAYS = 200

_BANDS_NM = {
    "F090W": (795.0, 1005.0),
    "F115W": (1013.0, 1282.0),
    "F150W": (1331.0, 1668.0),
    "F150W2": (1007.0, 2380.0),
    "F200W": (1755.0, 2227.0),
    "F277W": (2423.0, 3132.0),
    "F322W2": (2432.0, 4013.0),
    "F444W": (3881.0, 4982.0),
    "F770W": (6581.0, 8687.0),
    "F1130W": (10953.0, 11667.0),
}
_SKIES = {"spiral": spiral, "nebula": nebula}


def _sky(kind: str, name: str, side: int) -> Array:
    if kind == "stars":
        return star_field(name, side, 8 * side, 0.4)
    return _SKIES[kind](name, side)


def image_row(
    obsid: int,
    exposure: Exposure,
    obs_id: str,
    title: str,
    *,
    rights: str = PUBLIC,
    release_mjd: float | None = None,
    filters: str | None = None,
    angle_deg: float = 0.0,
) -> Row:
    """The row of an imaging observation of level 3."""
    end = exposure.start_mjd + exposure.exposure_s / 86400
    return observation(
        obsid,
        obs_id,
        collection="JWST",
        provenance="CALJWST",
        instrument=f"{exposure.instrument}/IMAGE",
        filters=filters or exposure.filter,
        region="INFRARED",
        target=exposure.target,
        ra_deg=exposure.ra_deg,
        dec_deg=exposure.dec_deg,
        kind="image",
        calib_level=3,
        t_min_mjd=exposure.start_mjd,
        t_max_mjd=round(end, 8),
        exposure_s=exposure.exposure_s,
        em_nm=_BANDS_NM[exposure.filter],
        title=title,
        release_mjd=release_mjd if release_mjd is not None else round(end + 365, 4),
        footprint=box(exposure.ra_deg, exposure.dec_deg, 0.036, angle_deg),
        proposal_id=exposure.program.lstrip("0"),
        proposal_type="GO",
        pi=exposure.pi,
        jpeg_url=f"mast:JWST/product/{obs_id}_i2d.jpg",
        data_url=f"mast:JWST/product/{obs_id}_i2d.fits",
        rights=rights,
    )


def image_products(row: Row, *, exposure: Exposure, sky: str, exposures: int) -> list[HeldProduct]:
    """The level-3 image with its previews, catalogue and association, and the files of each exposure."""
    obs_id = str(row["obs_id"])
    base = f"mast:JWST/product/{obs_id}"
    add = partial(product, row, version="1.19.1")
    image = i2d_file(exposure, partial(_sky, sky, exposure.target, _SIDE), _SIDE)
    full = Picture(lambda: grey(_sky(sky, exposure.target, 512)), 40_000)
    thumb = Picture(lambda: grey(_sky(sky, exposure.target, 512), 64), 8_000)
    # one activity and one association a filter, so that no two filters share a file
    turn = list(_BANDS_NM).index(exposure.filter) + 1
    single = f"jw{exposure.program}{exposure.observation}001_{turn:02d}101_"
    members = [f"{single}{n:05d}_{exposure.detector.lower()}_cal.fits" for n in range(1, exposures + 1)]
    made = [
        add(f"{base}_i2d.fits", image, "source/target (L3) : 2D resampled image", "I2D", composite="D", minimum=True),
        add(f"{base}_i2d.jpg", full, "Preview-Full", None, kind="PREVIEW", composite="D", minimum=True),
        add(f"{base}_i2d_thumb.jpg", thumb, "Preview-Thumb", None, kind="THUMBNAIL", composite="D"),
        add(
            f"{base}_cat.ecsv",
            catalogue(200, exposure.ra_deg, exposure.dec_deg),
            "target (L3) : source catalog",
            "CAT",
            composite="D",
        ),
        add(
            f"mast:JWST/product/jw{exposure.program}-o{exposure.observation}_20251201t000000_image3_{turn:05d}_asn.json",
            association(obs_id, members),
            "source/target (L3) : association generator",
            "ASN",
            kind="INFO",
            composite="D",
            minimum=True,
        ),
        add(
            f"mast:JWST/product/jw{exposure.program}_20251201t000000_pool.csv",
            pool(exposure.program, exposures),
            "source/target (L3) : association pool",
            "POOL",
            kind="INFO",
            composite="D",
        ),
    ]
    for number in range(1, exposures + 1):
        made += exposure_products(add, exposure, f"{single}{number:05d}_{exposure.detector.lower()}")
    return made


def _exclusive(obsid: int, number: int, target: str, ra_deg: float, dec_deg: float, band: str) -> HeldObservation:
    """Programme 1979 on M4, as in MAST's table of June 2025, but with a release that is always still to come."""
    obs_id = f"jw01979-o{number:03d}_t{number - 1:03d}_nircam_clear-{band.lower()}"
    exposure = Exposure(
        filename=f"{obs_id}_i2d.fits",
        title="M4, simulated",
        pi="Bedin, Luigi R.",
        program="01979",
        observation=f"{number:03d}",
        target=target,
        ra_deg=ra_deg,
        dec_deg=dec_deg,
        instrument="NIRCAM",
        detector="NRCALONG" if band == "F322W2" else "NRCA1",
        exp_type="NRC_IMAGE",
        filter=band,
        start_mjd=mjd("2023-04-09T20:36:40") + 0.2 * (number - 2),
        exposure_s=2061.46,
    )
    release = days_from_today_mjd(EXCLUSIVE_DAYS)
    row = image_row(
        obsid,
        exposure,
        obs_id,
        f"NIRCam {band} image of {target}",
        rights=EXCLUSIVE,
        release_mjd=release,
        angle_deg=31.0,
    )
    return held(row, partial(image_products, exposure=exposure, sky="stars", exposures=2))


def _planned(obsid: int) -> HeldObservation:
    """An observation of programme 1979 that is still to be made: level -1, no times, no products."""
    row = observation(
        obsid,
        "jw01979-o101_t001_nircam_clear-f150w2",
        collection="JWST",
        provenance="APT",
        instrument="NIRCAM/IMAGE",
        filters="F150W2",
        region="INFRARED",
        target="M-4",
        ra_deg=245.93018,
        dec_deg=-26.45004,
        kind="image",
        calib_level=-1,
        t_min_mjd=None,
        t_max_mjd=None,
        exposure_s=2061.46,
        em_nm=_BANDS_NM["F150W2"],
        title="planned second epoch of M4",
        release_mjd=None,
        footprint=box(245.93018, -26.45004, 0.036, 31.0),
        proposal_id="1979",
        proposal_type="GO",
        pi="Bedin, Luigi R.",
    )
    return planned(row)


def _public_image(
    obsid: int, program: str, target: str, place: tuple[float, float], band: str, sky: str, when: str
) -> HeldObservation:
    instrument = "MIRI" if band in ("F770W", "F1130W") else "NIRCAM"
    obs_id = f"jw{program}-o001_t001_{instrument.lower()}_{'' if instrument == 'MIRI' else 'clear-'}{band.lower()}"
    exposure = Exposure(
        filename=f"{obs_id}_i2d.fits",
        title=f"{target}, simulated",
        pi="Demo, Archive",
        program=program,
        observation="001",
        target=target,
        ra_deg=place[0],
        dec_deg=place[1],
        instrument=instrument,
        detector="MIRIMAGE" if instrument == "MIRI" else "NRCALONG",
        exp_type="MIR_IMAGE" if instrument == "MIRI" else "NRC_IMAGE",
        filter=band,
        start_mjd=mjd(when),
        exposure_s=1868.2,
    )
    row = image_row(obsid, exposure, obs_id, f"{instrument} {band} image of {target}", angle_deg=12.0)
    return held(row, partial(image_products, exposure=exposure, sky=sky, exposures=3))


def observations() -> Sequence[HeldObservation]:
    """Exclusive (programme 1979, M4), planned, spectra, a time series, and public images of M101 and M8."""
    made: list[HeldObservation] = []
    places = ((2, "M-4", 245.93018, -26.45004), (3, "M-4-shift", 245.90830, -26.50143))
    for number, target, ra, dec in places:
        for band in ("F150W2", "F322W2"):
            made.append(_exclusive(_FIRST_OBSID + len(made), number, target, ra, dec, band))
    made.append(_planned(_FIRST_OBSID + 50))
    made += [slits(_FIRST_OBSID + 60), transit(_FIRST_OBSID + 61)]
    m101, m8 = (210.80243, 54.34875), (270.92194, -24.38017)
    for band in ("F115W", "F200W", "F277W", "F444W", "F770W"):
        obsid = _FIRST_OBSID + 70 + len(made)
        made.append(_public_image(obsid, "99002", "NGC-5457", m101, band, "spiral", "2024-01-20T06:00"))
    for band in ("F150W", "F444W", "F1130W"):
        obsid = _FIRST_OBSID + 70 + len(made)
        made.append(_public_image(obsid, "99003", "M8", m8, band, "nebula", "2024-04-11T15:00"))
    return made
