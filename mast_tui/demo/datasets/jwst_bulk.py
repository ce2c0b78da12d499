"""JWST observations whose product lists are long and share files: programmes 1073 and 2733.

Both are known from MAST's notebooks: 15 observations of programme 1073 with NIRCam F277W list 30,000 products that are
some 6,000 different files; `jw02733-o002_t001_miri_f1130w` lists more than 3,000 of which 80 are science of level 2.
The numbers of rows here are exact, the files are simulated, and none of their pixels is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial

from mast_tui.demo.datasets.documents import association, catalogue, pool
from mast_tui.demo.datasets.jwst import image_products, image_row
from mast_tui.demo.datasets.jwst_files import Exposure, exposure_file
from mast_tui.demo.datasets.pictures import Picture, grey
from mast_tui.demo.datasets.rows import held, mjd, product
from mast_tui.demo.datasets.skies import nebula, star_field
from mast_tui.demo.fits import Array
from mast_tui.demo.holdings import HeldObservation, HeldProduct, Row

_FIRST_OBSID = 90_500_000

#: suffix, MAST's words, productType, level, of the FITS files of a NIRCam or MIRI exposure
_FILES = (
    ("uncal", "exposure (L1b): Uncalibrated 4D exposure data", "SCIENCE", 1),
    ("rate", "exposure (L2a): 2D count rate averaged over integrations", "SCIENCE", 2),
    ("rateints", "exposure (L2a): 3D countrate per integration", "SCIENCE", 2),
    ("cal", "exposure (L2b): 2D calibrated exposure average over integrations", "SCIENCE", 2),
    ("i2d", "exposure (L2b): 2D rectified and resampled image", "SCIENCE", 2),
    ("crf", "exposure (L2c): 2D calibrated data", "SCIENCE", 2),
    ("trapsfilled", "exposure (L2a): charge trap state", "AUXILIARY", 2),
)
_PREVIEWED = ("uncal", "rate", "cal", "i2d")
#: kind of guide-star file, its words, the side of its images
_GUIDE = (
    ("gs-id", "FGS guide star identification", 1024),
    ("gs-acq1", "FGS1 guide star acquisition", 128),
    ("gs-acq2", "FGS2 guide star acquisition", 32),
    ("gs-track", "FGS guide star tracking", 256),
    ("gs-fg", "FGS guide star fine guide", 64),
)


def _exposed(program: str, observation: str, target: str, place: tuple[float, float], band: str, when: str) -> Exposure:
    miri = band in ("F1130W", "F770W")
    return Exposure(
        filename="",
        title=f"{target}, simulated",
        pi="Pontoppidan, Klaus M." if program == "02733" else "Demo, Archive",
        program=program,
        observation=observation,
        target=target,
        ra_deg=place[0],
        dec_deg=place[1],
        instrument="MIRI" if miri else "NIRCAM",
        detector="MIRIMAGE" if miri else "NRCALONG",
        exp_type="MIR_IMAGE" if miri else "NRC_IMAGE",
        filter=band,
        start_mjd=mjd(when),
        exposure_s=1868.2 if miri else 311.366,
    )


@lru_cache(maxsize=8)
def _thumbnail(sky: str, side: int) -> Array:
    """One picture serves all exposures of a field: they point at the same place."""
    field = nebula(sky, 256) if sky == "nebula" else star_field(sky, 256, 900, 0.9)
    return grey(field, side)


def _file(parent: Row, name: str, exposure: Exposure, suffix: str, words: str, kind: str, level: int) -> HeldProduct:
    """A detector file at full size; `name` is its root, which is also its obs_id."""
    layout = "rateints" if suffix == "rateints" else "cal" if suffix == "trapsfilled" else suffix
    content = exposure_file(replace(exposure, filename=f"{name}_{suffix}.fits"), layout)
    sub = "ANNNN_CRF" if suffix == "crf" else suffix.upper()
    uri = f"mast:JWST/product/{name}_{suffix}.fits"
    return product(
        parent, uri, content, words, sub, kind=kind, calib_level=level, obs_id=name, version="1.19.1", minimum=False
    )


def _exposure(parent: Row, root: str, exposure: Exposure, sky: str) -> list[HeldProduct]:
    """The 16 rows of an exposure: 7 FITS files, 8 pictures of them, and an association."""
    made = [_file(parent, root, exposure, *entry) for entry in _FILES]
    add = partial(product, parent, obs_id=root, version="1.19.1", calib_level=2)
    base = f"mast:JWST/product/{root}"
    for suffix in _PREVIEWED:
        full = Picture(partial(_thumbnail, sky, 128), 16_000)
        thumb = Picture(partial(_thumbnail, sky, 64), 8_000)
        made.append(add(f"{base}_{suffix}.jpg", full, "Preview-Full", None, kind="PREVIEW"))
        made.append(add(f"{base}_{suffix}_thumb.jpg", thumb, "Preview-Thumb", None, kind="THUMBNAIL"))
    asn = association(root, [f"{root}_rate.fits"])
    uri = f"mast:JWST/product/{root}_image2_asn.json"
    return [*made, add(uri, asn, "source/target (L3) : association generator", "ASN", kind="INFO")]


def _guide_stars(parent: Row, visit: str, exposure: Exposure, count: int, obs_ids: Sequence[str]) -> list[HeldProduct]:
    """`count` different guide-star files of a visit, each listed once under every one of `obs_ids`."""
    made: list[HeldProduct] = []
    for number in range(count):
        suffix, words, side = _GUIDE[number % len(_GUIDE)]
        seconds = 37 * number
        stamp = f"2022163{seconds // 3600:02d}{seconds // 60 % 60:02d}{seconds % 60:02d}"  # year, day, time
        raw = number % 2 == 0
        name = f"{visit}_{suffix}_{stamp}_{'stream' if raw else 'cal'}.fits"
        content = exposure_file(replace(exposure, filename=name), "uncal" if raw else "rate", side, 4)
        add = partial(product, parent, f"mast:JWST/product/{name}", content, words, suffix.upper())
        level = 1 if raw else 2
        made += [add(kind="AUXILIARY", calib_level=level, obs_id=obs_id, version="1.19.1") for obs_id in obs_ids]
    return made


# ---- programme 2733: 16 exposures x 190 rows + 6 = 3,046 rows ----------------------------------------------------

_EXPOSURES_2733 = 16
_GUIDE_2733 = 172


def _southern_ring() -> HeldObservation:
    """NGC 3132 with MIRI F1130W; every exposure lists the visit's guide-star files again."""
    exposure = _exposed("02733", "002", "NGC 3132", (151.75708, -40.43656), "F1130W", "2022-06-12T09:50")
    obs_id = "jw02733-o002_t001_miri_f1130w"
    row = image_row(
        _FIRST_OBSID, exposure, obs_id, "MIRI F1130W image of NGC 3132", release_mjd=59772.9, angle_deg=40.0
    )
    return held(row, partial(_southern_products, exposure=exposure))


def _southern_products(row: Row, *, exposure: Exposure) -> list[HeldProduct]:
    roots = [f"jw02733002001_02103_{n:05d}_mirimage" for n in range(1, _EXPOSURES_2733 + 1)]
    made = image_products(
        row, exposure=replace(exposure, filename=f"{row['obs_id']}_i2d.fits"), sky="nebula", exposures=0
    )
    for root in roots:
        made += _exposure(row, root, exposure, "nebula")
    made += _guide_stars(row, "jw02733002001", exposure, _GUIDE_2733, roots)
    list_2733 = "mast:JWST/product/jw02733_20221120t000000_pool.csv"
    shared = pool("02733", _EXPOSURES_2733)
    words = "source/target (L3) : association pool"
    made += [product(row, list_2733, shared, words, "POOL", kind="INFO", obs_id=root, calib_level=2) for root in roots]
    asn = association("jw02733-o002", roots)
    uri = "mast:JWST/product/jw02733-o002_20221120t000000_image3_asn.json"
    words = "source/target (L3) : association generator"
    made += [product(row, uri, asn, words, "ASN", kind="INFO", obs_id=root, calib_level=2) for root in roots]
    return made


# ---- programme 1073: 15 observations x 2,000 rows; 3 visits x 1,995 + 15 x 5 = 6,060 different files -------------

_OBSERVATIONS_1073 = 15
_VISITS_1073 = 3
_EXPOSURES_1073 = 48
_GUIDE_1073 = 458
_WHEN_1073 = "2022-05-12T04:00"


def _alignment(number: int) -> HeldObservation:
    """One of 15 mosaics in the LMC astrometric field; five at a time are made of the exposures of the same visit."""
    place = (80.49 + 0.012 * (number % 5 - 2), -69.497 + 0.012 * (number // 5 - 1))
    exposure = _exposed("01073", f"{number + 1:03d}", "LMC-ASTROMETRIC-FIELD", place, "F277W", _WHEN_1073)
    obs_id = f"jw01073-o{number + 1:03d}_t001_nircam_clear-f277w"
    row = image_row(
        _FIRST_OBSID + 10 + number,
        exposure,
        obs_id,
        "NIRCam F277W image of the LMC astrometric field",
        release_mjd=59774.0,
        angle_deg=8.0,
    )
    return held(row, partial(_alignment_products, exposure=exposure, visit=number % _VISITS_1073))


def _alignment_products(row: Row, *, exposure: Exposure, visit: int) -> list[HeldProduct]:
    made = _own(row, exposure)
    parent = {"parent_obsid": row["obsid"]}
    return made + [HeldProduct({**shared.row, **parent}, shared.content) for shared in _visit(visit)]


@lru_cache(maxsize=_VISITS_1073)
def _visit(visit: int) -> Sequence[HeldProduct]:
    """The files of a visit. They are the same whichever observation lists them, so their headers do not name one."""
    exposure = _exposed("01073", f"{visit + 1:03d}", "LMC-ASTROMETRIC-FIELD", (80.49, -69.497), "F277W", _WHEN_1073)
    row = _alignment(visit).row
    root = f"jw01073{visit + 1:03d}001"
    made: list[HeldProduct] = []
    for detector in ("nrcalong", "nrcblong"):
        one = replace(exposure, detector=detector.upper())
        for number in range(1, _EXPOSURES_1073 + 1):
            made += _exposure(row, f"{root}_02101_{number:05d}_{detector}", one, "LMC")
    made += _guide_stars(row, root, exposure, _GUIDE_1073, [root])
    uri = f"mast:JWST/product/jw01073_2022051{visit}t000000_pool.csv"
    words = "source/target (L3) : association pool"
    made.append(product(row, uri, pool("01073", 96), words, "POOL", kind="INFO", obs_id=root, calib_level=2))
    return made


def _own(row: Row, exposure: Exposure) -> list[HeldProduct]:
    """The five files that only this mosaic has."""
    obs_id = str(row["obs_id"])
    base = f"mast:JWST/product/{obs_id}"
    add = partial(product, row, composite="D", version="1.19.1")
    mosaic = exposure_file(replace(exposure, filename=f"{obs_id}_i2d.fits"), "i2d", 2400)
    asn = association(obs_id, [f"exposure {n}" for n in range(1, _EXPOSURES_1073 + 1)])
    place = (exposure.ra_deg, exposure.dec_deg)
    return [
        add(f"{base}_i2d.fits", mosaic, "source/target (L3) : 2D resampled image", "I2D", minimum=True),
        add(f"{base}_cat.ecsv", catalogue(500, *place), "target (L3) : source catalog", "CAT"),
        add(f"{base}_i2d.jpg", Picture(partial(_thumbnail, "LMC", 256), 60_000), "Preview-Full", None, kind="PREVIEW"),
        add(
            f"{base}_i2d_thumb.jpg",
            Picture(partial(_thumbnail, "LMC", 64), 8_000),
            "Preview-Thumb",
            None,
            kind="THUMBNAIL",
        ),
        add(f"{base}_image3_asn.json", asn, "source/target (L3) : association generator", "ASN", kind="INFO"),
    ]


def observations() -> Sequence[HeldObservation]:
    """The Southern Ring of programme 2733 and the fifteen mosaics of programme 1073."""
    return [_southern_ring(), *[_alignment(number) for number in range(_OBSERVATIONS_1073)]]
