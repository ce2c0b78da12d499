"""Rows of the two tables of MAST, observations and products, as the data sets write them.

Every data set calls `observation` and `product` here, so that each row has every column the archive serves today
(columns and their meaning: astroquery's documentation of CAOM fields) and simulated rows say that they are simulated.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from mast_tui.demo.holdings import SIMULATED, Cell, Content, HeldObservation, HeldProduct, Row

PUBLIC, EXCLUSIVE = "PUBLIC", "EXCLUSIVE_ACCESS"
MINIMUM = "Minimum Recommended Products"
CARRIED = "real public file, carried by the demo"
_MJD_ZERO = datetime(1858, 11, 17, tzinfo=UTC)


def mjd(when: str) -> float:
    """Modified Julian date of an ISO date or date and time in UTC (leap seconds are left out)."""
    return round((datetime.fromisoformat(when).replace(tzinfo=UTC) - _MJD_ZERO) / timedelta(days=1), 8)


def utc(mjd_utc: float) -> str:
    """ISO date and time, to the millisecond, of a Modified Julian date."""
    return (_MJD_ZERO + timedelta(days=mjd_utc)).replace(tzinfo=None).isoformat(timespec="milliseconds")


def days_from_today_mjd(days: int) -> float:
    """The start of today plus `days`: for data that is always still exclusive, whenever the demo runs."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today - _MJD_ZERO).days + float(days)


def seed(name: str) -> np.random.Generator:
    """Random numbers that are the same for the same name, in every process."""
    return np.random.default_rng(zlib.crc32(name.encode()))


def circle(ra_deg: float, dec_deg: float, radius_deg: float) -> str:
    return f"CIRCLE ICRS {ra_deg:.8f} {dec_deg:.8f} {radius_deg:.8f}"


def box(ra_deg: float, dec_deg: float, width_deg: float, angle_deg: float = 0.0) -> str:
    """The footprint of a square detector as the closed polygon of MAST's rows (tangent plane, small fields)."""
    corners = []
    for step in (45.0, 135.0, 225.0, 315.0, 45.0):
        turn = np.radians(step + angle_deg)
        half = width_deg / np.sqrt(2)
        x, y = half * np.cos(turn), half * np.sin(turn)
        corners.append(f"{(ra_deg + x / np.cos(np.radians(dec_deg))) % 360:.8f} {dec_deg + y:.8f}")
    return "POLYGON ICRS " + " ".join(corners)


def observation(
    obsid: int,
    obs_id: str,
    *,
    collection: str,
    provenance: str,
    instrument: str,
    filters: str,
    region: str,
    target: str,
    ra_deg: float | None,
    dec_deg: float | None,
    kind: str,
    calib_level: int,
    t_min_mjd: float | None,
    t_max_mjd: float | None,
    exposure_s: float | None,
    em_nm: tuple[float, float],
    title: str,
    release_mjd: float | None,
    footprint: str | None,
    proposal_id: str | None = None,
    proposal_type: str | None = None,
    pi: str | None = None,
    project: str | None = None,
    classification: str | None = None,
    jpeg_url: str | None = None,
    data_url: str | None = None,
    rights: str = PUBLIC,
    moving: bool = False,
    sequence: int | None = None,
    simulated: bool = True,
) -> Row:
    """One row of `Mast.Caom.*`. The title says which of the two the row is: simulated, or a real file carried."""
    mark = SIMULATED if simulated else CARRIED
    row: dict[str, Cell] = {
        "intentType": "science",
        "obs_collection": collection,
        "provenance_name": provenance,
        "instrument_name": instrument,
        "project": project or collection,
        "filters": filters,
        "wavelength_region": region,
        "target_name": target,
        "target_classification": classification,
        "obs_id": obs_id,
        "s_ra": ra_deg,
        "s_dec": dec_deg,
        "dataproduct_type": kind,
        "proposal_pi": pi,
        "calib_level": calib_level,
        "t_min": t_min_mjd,
        "t_max": t_max_mjd,
        "t_exptime": exposure_s,
        "em_min": em_nm[0],
        "em_max": em_nm[1],
        "obs_title": f"{mark}: {title}",
        "t_obs_release": release_mjd,
        "proposal_id": proposal_id,
        "proposal_type": proposal_type,
        "sequence_number": sequence,
        "s_region": footprint,
        "jpegURL": jpeg_url,
        "dataURL": data_url,
        "dataRights": rights,
        "mtFlag": moving,
        "srcDen": None,
        "obsid": str(obsid),
        "objID": str(obsid + 500_000_000),
    }
    return row


def product(
    parent: Row,
    uri: str,
    content: Content | None,
    description: str,
    sub: str | None,
    *,
    kind: str = "SCIENCE",
    calib_level: int | None = None,
    data_kind: str | None = None,
    composite: str = "S",
    minimum: bool = False,
    version: str | None = None,
    size: int | None = None,
    obs_id: str | None = None,
    filters: str | None = None,
    simulated: bool = True,
) -> HeldProduct:
    """One row of `Mast.Caom.Products` that belongs to the observation `parent`, with the bytes behind it."""
    row: dict[str, Cell] = {
        "obs_collection": parent["obs_collection"],
        "dataproduct_type": data_kind or parent["dataproduct_type"],
        "obs_id": obs_id or parent["obs_id"],
        "description": f"{description} ({SIMULATED if simulated else CARRIED})",
        "type": composite,
        "dataURI": uri,
        "productType": kind,
        "productGroupDescription": MINIMUM if minimum else None,
        "productSubGroupDescription": sub,
        "productDocumentationURL": None,
        "project": parent["provenance_name"],
        "prvversion": version,
        "proposal_id": parent["proposal_id"],
        "productFilename": uri.rsplit("/", 1)[-1],
        "size": size if size is not None else content.size if content else None,
        "parent_obsid": parent["obsid"],
        "dataRights": parent["dataRights"],
        "calib_level": parent["calib_level"] if calib_level is None else calib_level,
        "filters": filters or parent["filters"],
    }
    return HeldProduct(row, content)


def held(row: Row, products: Callable[[Row], Sequence[HeldProduct]]) -> HeldObservation:
    """An observation whose products are listed when they are asked for."""
    return HeldObservation(row, lambda: products(row))


def planned(row: Row) -> HeldObservation:
    """An observation without products: it has not been made yet."""
    return HeldObservation(row, lambda: ())
