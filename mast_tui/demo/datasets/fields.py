"""Well-known fields with many observations by many missions: M8, M101, TRAPPIST-1 and others, so that browsing is real.

Rows come from compact tables (which mission looked with what at which field, how often); their products from `stock`.
Nothing here near M101 is in GALEX's bands: recorded answers of MAST say exactly how many of those there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mast_tui.demo.datasets.rows import box, circle, held, mjd, observation, seed
from mast_tui.demo.datasets.stock import stock_products
from mast_tui.demo.holdings import HeldObservation, HeldProduct, Row

_FIRST_OBSID = 90_700_000


@dataclass(frozen=True)
class _Way:
    """One way to observe: mission, instrument, filters and their nm, kind, level, field size, seconds."""

    tag: str
    mission: str
    provenance: str
    instrument: str
    filters: tuple[str, ...]
    em_nm: tuple[float, float]
    region: str
    kind: str
    level: int
    size_deg: float
    seconds: float
    since: str
    pi: str | None
    round: bool = False


def _read_way(line: str) -> _Way:
    """A line of the table below; a size that begins with `o` is the radius of a circle, else the side of a square."""
    tag, mission, provenance, instrument, filters, nm, region, kind, level, size, seconds, since, pi = line.split("|")
    low, high = nm.split("-")
    return _Way(
        tag,
        mission,
        provenance,
        instrument,
        tuple(filters.split(",")),
        (float(low), float(high)),
        region,
        kind,
        int(level),
        float(size.lstrip("o")),
        float(seconds),
        since,
        None if pi == "-" else pi,
        size.startswith("o"),
    )


# tag, mission, provenance, instrument, filters, nm, band, kind, level, size (deg), seconds, first day, investigator
_TABLE = """
acs|HST|CALACS|ACS/WFC|F435W,F555W,F606W,F814W,F658N|361-960|OPTICAL|image|3|0.056|1440|2002-06-01|Demo, Ada
uvis|HST|CALWF3|WFC3/UVIS|F275W,F336W,F438W,F657N|242-662|UV;OPTICAL|image|3|0.045|1200|2010-01-10|Demo, Ben
ir|HST|CALWF3|WFC3/IR|F110W,F160W|883-1700|INFRARED|image|3|0.036|1402.9|2011-05-20|Demo, Ben
wfpc2|HST|CALWFP2|WFPC2/WFC|F300W,F547M,F656N,F675W|260-763|OPTICAL|image|3|0.044|500|1995-07-12|Demo, Cleo
cos|HST|CALCOS|COS/FUV|G130M,G160M|113-178|UV|spectrum|3|0.00035|2400|2012-03-04|Demo, Dan
stis|HST|CALSTIS|STIS/NUV-MAMA|E230H,E230M|227-310|UV|spectrum|3|0.00035|1900|2000-10-01|Demo, Dan
hla|HLA|HLA|ACS/WFC|DETECTION,F435W,F814W|361-960|OPTICAL|image|2|0.056|2400|2002-06-01|-
nircam|JWST|CALJWST|NIRCAM/IMAGE|F090W,F150W,F187N,F335M|795-3538|INFRARED|image|3|0.036|837.4|2023-02-01|Demo, Eve
miri|JWST|CALJWST|MIRI/IMAGE|F770W,F1000W,F2100W|6581-23480|INFRARED|image|3|0.031|444|2023-02-02|Demo, Eve
nirspec|JWST|CALJWST|NIRSPEC/IFU|CLEAR;PRISM,F170LP;G235M|600-5300|INFRARED|spectrum|3|0.001|1313|2023-05-06|Demo, Fay
soss|JWST|CALJWST|NIRISS/SOSS|CLEAR;GR700XD|600-2800|INFRARED|timeseries|3|0.002|15000|2022-07-18|Demo, Gus
lrs|JWST|CALJWST|MIRI/SLITLESS|P750L|5000-14000|INFRARED|timeseries|3|0.002|14000|2022-11-08|Demo, Gus
galex|GALEX|AIS|GALEX|NUV,FUV|134-301|UV|image|2|o0.625|110|2007-06-01|-
tess|TESS|SPOC|Photometer|TESS|600-1000|Optical|timeseries|3|o0.00139|120|2019-07-18|Ricker, George
qlp|HLSP|QLP|Photometer|TESS|600-1000|Optical|timeseries|4|o0.00139|1800|2019-07-18|Demo, Jo
spoc|HLSP|TESS-SPOC|Photometer|TESS|600-1000|Optical|timeseries|4|o0.00139|600|2020-07-05|Demo, Jo
tglc|HLSP|TGLC|Photometer|TESS|600-1000|Optical|timeseries|4|o0.00139|200|2022-09-02|Demo, Jo
legus|HLSP|LEGUS|ACS/WFC|F435W,F555W,F814W|361-960|OPTICAL|image|4|0.056|2400|2013-11-01|Demo, Jo
phangs|HLSP|PHANGS-JWST|NIRCAM|F200W,F300M,F335M|1755-3538|INFRARED|image|4|0.04|1000|2023-02-01|Demo, Jo
k2|K2|K2|Kepler|KEPLER|418-905|Optical|timeseries|2|o0.0011|1800|2016-12-15|-
k2sff|HLSP|K2SFF|Kepler|KEPLER|418-905|Optical|timeseries|4|o0.0011|1800|2016-12-15|Demo, Jo
ps1|PS1|3PI|GPC1|g,r,i,z,y|400-1050|OPTICAL|image|3|0.4|900|2010-05-02|-
swift|SWIFT|UVOT|UVOT|UVW1,UVM2,U|160-390|UV|image|2|0.14|900|2009-08-20|-
sha|SPITZER_SHA|SSC Pipeline|IRAC|IRAC 3.6um,IRAC 4.5um,IRAC 8.0um|3179-9350|INFRARED|image|2|0.09|100|2005-01-16|-
swp|IUE|IUE|SWP|LOW DISP|115-198|UV|spectrum|2|o0.0028|900|1984-04-12|Demo, Hal
lwp|IUE|IUE|LWP|LOW DISP|185-335|UV|spectrum|2|o0.0028|600|1988-04-22|Demo, Hal
fuse|FUSE|CALFUSE|FUV|FUV|90-119|UV|spectrum|3|o0.0042|6000|2001-04-20|Demo, Ida
hut|HUT|HUT|HUT|FUV|82-187|UV|spectrum|2|o0.0083|1500|1995-03-10|-
euve|EUVE|EUVE|DS|LEXAN/B|7-18|EUV|image|2|o1.0|40000|1995-02-14|-
"""
_WAYS = {way.tag: way for way in map(_read_way, _TABLE.strip().splitlines())}


@dataclass(frozen=True)
class _Field:
    """A field on the sky, what it is, and the ways in which it was observed, as `way:times a filter`."""

    name: str
    ra_deg: float
    dec_deg: float
    kind: str
    ways: str
    #: how far pointings wander, degrees
    spread_deg: float = 0.004


_FIELDS = (
    _Field("M8", 270.904, -24.387, "ISM;HII REGION", "acs:1 uvis:1 wfpc2:1 ir:1 nircam:1 ps1:1 sha:1 k2:2"),
    _Field("HERSCHEL36", 270.91804, -24.37853, "STAR;O V", "stis:1 cos:1 swp:3 fuse:1 qlp:1", 0.0005),
    _Field("9-SGR", 270.96853, -24.36078, "STAR;O V", "stis:1 swp:2 lwp:2 fuse:2 tess:1 hut:1", 0.0005),
    _Field(
        "NGC5457",
        210.80243,
        54.34875,
        "GALAXY;SPIRAL",
        "acs:4 uvis:3 ir:2 wfpc2:3 nircam:2 miri:2 hla:3 legus:1 phangs:1 ps1:1 sha:1",
        0.04,
    ),
    _Field("NGC5457-NUC", 210.80243, 54.34875, "GALAXY;NUCLEUS", "stis:1 cos:1 nirspec:1 swp:2", 0.0005),
    _Field("SN2023IXF", 210.91067, 54.31165, "STAR;SUPERNOVA", "tess:2 qlp:1 nirspec:1 stis:1 swift:1", 0.0005),
    _Field("NGC5461", 210.92458, 54.31694, "ISM;HII REGION", "cos:1 stis:1 nirspec:1 swp:2", 0.0005),
    _Field(
        "TRAPPIST-1",
        346.62233,
        -5.04144,
        "STAR;M V",
        "soss:5 lrs:5 nirspec:2 stis:2 cos:2 k2:3 k2sff:1 qlp:2 ps1:1",
        0.0003,
    ),
    _Field("M31-B01", 10.6058, 41.2541, "GALAXY;SPIRAL", "acs:3 uvis:3 ir:3 galex:1 ps1:1", 0.05),
    _Field("NGC6121", 245.89675, -26.52575, "STAR CLUSTER;GLOBULAR CLUSTER", "acs:2 uvis:2 wfpc2:2 k2:4", 0.02),
    _Field("CRAB", 83.63308, 22.0145, "ISM;SUPERNOVA REMNANT", "acs:2 wfpc2:2 nircam:1 miri:1 swift:1 euve:1", 0.02),
    _Field("GOODS-S", 53.1227, -27.8052, "BLANK SKY;GALAXY", "acs:5 ir:6 nircam:3 galex:1 swift:1 hla:2", 0.06),
    _Field("WASP-126", 63.37389, -69.226789, "STAR;G V", "spoc:2 tglc:3 galex:1", 0.0002),
    _Field("PI-MEN", 84.29119, -80.46912, "STAR;G V", "spoc:2 tglc:2 stis:1 cos:1 galex:1", 0.0002),
    _Field("WASP-18", 24.354306, -45.677882, "STAR;F V", "spoc:2 tglc:2 soss:1", 0.0002),
    _Field("KEPLER-10", 285.67942, 50.24131, "STAR;G V", "qlp:2 spoc:1 ps1:1", 0.0002),
    _Field("NGC4151", 182.63575, 39.40572, "GALAXY;SEYFERT", "stis:2 swp:3 lwp:2 hut:1 fuse:2 swift:1", 0.0005),
    _Field("GRW+70D5824", 204.71031, 70.28546, "STAR;DA", "stis:2 cos:2 uvis:1 swp:2", 0.0005),
)


def observations() -> Sequence[HeldObservation]:
    """Some four hundred rows; the products of each are listed when asked for."""
    made: list[HeldObservation] = []
    for number, field in enumerate(_FIELDS):
        first = _FIRST_OBSID + 1000 * number
        turn = 0
        for tag, repeats in (part.split(":") for part in field.ways.split()):
            for band in _WAYS[tag].filters * int(repeats):
                made.append(_observation(first + turn, field, _WAYS[tag], band, turn))
                turn += 1
    return made


def _observation(obsid: int, field: _Field, way: _Way, band: str, turn: int) -> HeldObservation:
    rng = seed(f"{field.name} {way.tag} {band} {turn}")
    ra = field.ra_deg + rng.normal(0, field.spread_deg / 2) / np.cos(np.radians(field.dec_deg))
    dec = field.dec_deg + rng.normal(0, field.spread_deg / 2)
    start = mjd(way.since) + round(float(rng.uniform(0, 900)), 5)
    root = f"sim{way.tag}{obsid % 100000:05d}"
    series = way.kind == "timeseries" and way.mission in ("TESS", "HLSP", "K2")
    last = start + (27.0 if series else way.seconds / 86400)
    row = observation(
        obsid,
        root,
        collection=way.mission,
        provenance=way.provenance,
        instrument=way.instrument,
        filters=band,
        region=way.region,
        target=field.name,
        ra_deg=round(float(ra), 8),
        dec_deg=round(float(dec), 8),
        kind=way.kind,
        calib_level=way.level,
        t_min_mjd=start,
        t_max_mjd=round(last, 8),
        exposure_s=way.seconds,
        em_nm=way.em_nm,
        title=f"{way.instrument} {band} of {field.name}",
        release_mjd=round(last + 365, 4),
        footprint=circle(ra, dec, way.size_deg) if way.round else box(ra, dec, way.size_deg, float(rng.uniform(0, 90))),
        proposal_id=str(99010 + turn // 6) if way.pi else None,
        proposal_type="GO" if way.pi and way.mission in ("HST", "JWST") else None,
        pi=way.pi,
        classification=field.kind,
        sequence=(1 + turn % 40) if series else None,
    )
    return held(row, _products)


def _products(row: Row) -> list[HeldProduct]:
    return stock_products(row, f"mast:{row['obs_collection']}/product/")
