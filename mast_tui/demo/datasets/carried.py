"""The real public files that the package carries (`demo/files`, listed in its SOURCES.md), as observations.

Positions and times are those of the files' own headers; where a header has none, of the target. The sky-cell picture
says nothing of its place on the sky, so its row has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mast_tui.demo.datasets.rows import circle, held, observation, product
from mast_tui.demo.holdings import FileContent, HeldObservation, HeldProduct, Row

FOLDER = Path(__file__).parent.parent / "files"
_FIRST_OBSID = 90_800_000


@dataclass(frozen=True)
class _File:
    """A carried file, where it appears in the archive, and what its row says."""

    name: str
    uri: str
    obs_id: str
    collection: str
    provenance: str
    instrument: str
    filters: str
    region: str
    target: str
    place: tuple[float, float] | None
    kind: str
    level: int
    times_mjd: tuple[float, float] | None
    exposure_s: float | None
    em_nm: tuple[float, float]
    title: str
    words: str
    sub: str | None
    sequence: int | None = None
    product_type: str = "SCIENCE"


_FILES = (
    _File(
        name="tess2018206045859-s0001-0000000358108509-0120-s_lc.fits",
        uri="mast:TESS/product/tess2018206045859-s0001-0000000358108509-0120-s_lc.fits",
        obs_id="tess2018206045859-s0001-0000000358108509-0120-s",
        collection="TESS",
        provenance="SPOC",
        instrument="Photometer",
        filters="TESS",
        region="Optical",
        target="358108509",
        place=(51.1119, -77.4515),
        kind="timeseries",
        level=3,
        times_mjd=(58324.79366, 58352.67698),
        exposure_s=120.0,
        em_nm=(600.0, 1000.0),
        title="TIC 358108509, sector 1, 120 s (from altaipony)",
        words="Light curves",
        sub="LC",
        sequence=1,
    ),
    _File(
        name="wasp18b.fits",
        uri="mast:HLSP/exovetter/wasp18b.fits",
        obs_id="exovetter_wasp18b",
        collection="TESS",
        provenance="exovetter",
        instrument="Photometer",
        filters="TESS",
        region="Optical",
        target="100100827",
        place=(24.3543062905944, -45.6778823650122),
        kind="timeseries",
        level=3,
        times_mjd=(58353.61151, 58381.01746),
        exposure_s=120.0,
        em_nm=(600.0, 1000.0),
        title="WASP-18, sector 2, 120 s, written by lightkurve (from exovetter)",
        words="Light curves",
        sub="LC",
        sequence=2,
    ),
    _File(
        name="kplr010002792-2009259160929_llc.fits",
        uri="mast:Kepler/url/missions/kepler/lightcurves/0100/010002792/kplr010002792-2009259160929_llc.fits",
        obs_id="kplr010002792_lc_Q001000000000000000",
        collection="Kepler",
        provenance="Kepler",
        instrument="Kepler",
        filters="KEPLER",
        region="Optical",
        target="kplr010002792",
        place=(287.86721, 46.98308),
        kind="timeseries",
        level=2,
        times_mjd=(55002.00726, 55090.97514),
        exposure_s=1800.0,
        em_nm=(418.0, 905.0),
        title="KIC 10002792, long cadence, quarter 2 (from altaipony)",
        words="Lightcurve Long Cadence (CLC) - Q2",
        sub="LLC",
        sequence=2,
    ),
    _File(
        name="ktwo211117077-c04_llc.fits",
        uri="mast:K2/url/missions/k2/lightcurves/c4/211100000/17000/ktwo211117077-c04_llc.fits",
        obs_id="ktwo211117077-c04_lc",
        collection="K2",
        provenance="K2",
        instrument="Kepler",
        filters="KEPLER",
        region="Optical",
        target="ktwo211117077",
        place=(55.967295, 24.841616),
        kind="timeseries",
        level=2,
        times_mjd=(57061.28995, 57132.18812),
        exposure_s=1800.0,
        em_nm=(418.0, 905.0),
        title="EPIC 211117077, long cadence, campaign 4 (from altaipony)",
        words="Lightcurve Long Cadence (KLC) - C04",
        sub="LLC",
        sequence=4,
    ),
    _File(
        name="grw_70d5824_stisnic_005.fits",
        uri="mast:HLSP/calspec/grw_70d5824_stisnic_005.fits",
        obs_id="grw_70d5824_stisnic_005",
        collection="HLSP",
        provenance="CALSPEC",
        instrument="STIS;NICMOS",
        filters="STISNIC",
        region="UV;OPTICAL;INFRARED",
        target="GRW+70D5824",
        place=(204.71031, 70.28546),
        kind="spectrum",
        level=4,
        times_mjd=(50585.0, 57022.0),
        exposure_s=None,
        em_nm=(114.06, 2497.67),
        title="GRW+70D5824, spectrophotometric standard (from synphot)",
        words="FITS",
        sub=None,
    ),
    _File(
        name="NGC4151sic2a.fits",
        uri="mast:FUSE/product/NGC4151sic2a.fits",
        obs_id="ngc4151sic2a",
        collection="FUSE",
        provenance="CALFUSE",
        instrument="FUV",
        filters="SIC2A",
        region="UV",
        target="NGC4151",
        place=(182.63575, 39.405722),
        kind="spectrum",
        level=3,
        times_mjd=(52422.97015, 52424.98865),
        exposure_s=48890.0,
        em_nm=(91.7, 100.5),
        title="NGC 4151, SiC 2A, four exposures co-added (from linetools)",
        words="Calibrated extracted spectrum, co-added",
        sub=None,
    ),
    _File(
        name="skycell-p1889x07y19_f105w_full.jpg",
        uri="mast:HST/product/hst_skycell-p1889x07y19_wfc3_ir_f105w_all_drz.jpg",
        obs_id="hst_skycell-p1889x07y19_wfc3_ir_f105w_all",
        collection="HST",
        provenance="HAP-MVM",
        instrument="WFC3/IR",
        filters="F105W",
        region="INFRARED",
        target="SKYCELL-P1889X07Y19",
        place=None,
        kind="image",
        level=3,
        times_mjd=None,
        exposure_s=None,
        em_nm=(900.0, 1217.0),
        title="preview of a sky cell in WFC3 F105W (from drizzlepac)",
        words="Preview-Full",
        sub="DRZ",
        product_type="PREVIEW",
    ),
)


def observations() -> Sequence[HeldObservation]:
    """One observation a file."""
    return [_observation(_FIRST_OBSID + number, file) for number, file in enumerate(_FILES)]


def _observation(obsid: int, file: _File) -> HeldObservation:
    row = observation(
        obsid,
        file.obs_id,
        collection=file.collection,
        provenance=file.provenance,
        instrument=file.instrument,
        filters=file.filters,
        region=file.region,
        target=file.target,
        ra_deg=file.place[0] if file.place else None,
        dec_deg=file.place[1] if file.place else None,
        kind=file.kind,
        calib_level=file.level,
        t_min_mjd=file.times_mjd[0] if file.times_mjd else None,
        t_max_mjd=file.times_mjd[1] if file.times_mjd else None,
        exposure_s=file.exposure_s,
        em_nm=file.em_nm,
        title=file.title,
        release_mjd=round(file.times_mjd[1] + 90, 4) if file.times_mjd else None,
        footprint=circle(*file.place, 0.00138889) if file.place else None,
        data_url=file.uri if file.product_type == "SCIENCE" else None,
        jpeg_url=file.uri if file.product_type == "PREVIEW" else None,
        sequence=file.sequence,
        simulated=False,
    )
    return held(row, partial(_products, file=file))


def _products(row: Row, *, file: _File) -> list[HeldProduct]:
    content = FileContent(FOLDER / file.name)
    science = file.product_type == "SCIENCE"
    return [
        product(
            row,
            file.uri,
            content,
            file.words,
            file.sub,
            kind=file.product_type,
            minimum=science,
            simulated=False,
        )
    ]
