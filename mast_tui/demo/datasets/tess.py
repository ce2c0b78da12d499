"""TESS observations of the embedded archive: the planets and binaries that journeys and tests go through.

Periods, epochs and depths are published values (named beside each star); everything else is drawn from a fixed seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from mast_tui.demo.datasets.documents import pdf, xml
from mast_tui.demo.datasets.pictures import Picture, plot
from mast_tui.demo.datasets.qlp import qlp_file
from mast_tui.demo.datasets.rows import circle, held, observation, product
from mast_tui.demo.datasets.signals import Dip, Wave
from mast_tui.demo.datasets.tess_files import (
    BTJD_MJD,
    Sector,
    Star,
    light_curve,
    light_curve_file,
    pixels_file,
    validation_file,
)
from mast_tui.demo.fits import Array
from mast_tui.demo.holdings import HeldObservation, HeldProduct, Row

# The time stamp, the spacecraft configuration number and the count of 2-minute cadences are those in the names and
# headers of the real files; the first cadence of sector 1 too. The other times are good to some minutes.
SECTORS = {
    s.number: s
    for s in (
        Sector(1, "2018206045859", 120, 1325.295572, 20076, (1338.52182, 1339.65516), 70444, (1346.9, 1349.4), 18264),
        Sector(4, "2018292075959", 124, 1410.900, 18684, (1418.54, 1421.21), 132140, (1410.9, 1413.2)),
        Sector(8, "2019032160000", 136, 1517.343, 17755, (1529.07, 1535.00), 208790),
        Sector(12, "2019140104343", 144, 1624.951, 20119, (1638.99, 1640.03), 286270),
        Sector(13, "2019169103026", 146, 1653.917, 20479, (1667.69, 1668.62), 307130),
        Sector(15, "2019226182529", 151, 1711.366, 18757, (1723.25, 1724.94), 348492),
        Sector(16, "2019253231442", 152, 1738.648, 17765, (1751.65, 1752.67), 368135),
        Sector(17, "2019279210107", 161, 1764.688, 18012, (1772.95, 1777.73), 386884),
        Sector(27, "2020186164531", 189, 2036.283, 17546, (2047.29, 2048.91), 582431),
        Sector(28, "2020212050318", 190, 2061.854, 18182, (2073.98, 2075.20), 600842),
    )
}

#: pi Men c: Huang et al. 2018 (ApJL 868 L39): period, epoch, radius ratio 0.01703, duration 2.95 h
PI_MEN = Star(
    261136679,
    "pi Men",
    84.2911879979852,
    -80.4691197969941,
    5.1054,
    5992.1,
    1.14889,
    119.0,
    (Dip(6.2679, 1325.504, 290.0, 2.953),),
    kind="PM*",
)
#: WASP-126 b: period and epoch as in MAST's TESS tutorial (3.288776 d, TBJD 1413.03), radius ratio 0.0773,
#: duration 3.4 h (Maxted et al. 2016, A&A 591 A55)
WASP_126 = Star(
    25155310,
    "WASP-126",
    63.37389,
    -69.226789,
    10.555,
    5800.0,
    1.27,
    1250.0,
    (Dip(3.288776, 1413.03 - 26 * 3.288776, 5975.0, 3.4),),
    ccd=1,
)
#: V839 Cep, TIC 375422201: the eclipses of MAST's webinar "TIKE 02" (epoch 1713.2; a box search finds 5 d, the binary
#: has twice that, and 4.07 d is in what is left). The webinar leaves the exact
#: numbers out: 9.96 d, the depths and the place in Cepheus are the demo's own.
V839_CEP = Star(
    375422201,
    "V839 Cep",
    337.2853,
    61.5317,
    9.35,
    6900.0,
    2.1,
    520.0,
    (
        Dip(9.96, 1713.2, 16500.0, 5.6, 0.35),
        Dip(9.96, 1713.2 + 4.98, 14200.0, 5.6, 0.35),
        Dip(4.07, 1712.4, 900.0, 4.5),
    ),
    camera=3,
    ccd=4,
    kind="EB*",
)
#: L 98-59 b, c, d: Demangeon et al. 2021 (A&A 653 A41); periods and radii; epochs and durations are
#: the demo's own
L_98_59 = Star(
    307210830,
    "L 98-59",
    124.531756290083,
    -68.3129998725044,
    9.393,
    3429.0,
    0.314,
    560.0,
    (
        Dip(2.2531136, 1366.1707, 640.0, 1.0),
        Dip(3.6906777, 1367.2736, 1640.0, 1.3),
        Dip(7.4507245, 1362.7367, 1560.0, 0.9),
    ),
    kind="PM*",
)
#: AU Mic b: Plavchan et al. 2020 (Nature 582, 497): 8.46321 d, BTJD 1330.39153, depth 0.26 %, 3.5 h; rotation 4.863 d
AU_MIC = Star(
    441420236,
    "AU Mic",
    311.289718,
    -31.340900,
    6.755,
    3700.0,
    0.75,
    210.0,
    (Dip(8.46321, 1330.39153, 2600.0, 3.5),),
    (Wave(4.863, 16000.0), Wave(2.4315, 9000.0, 0.3)),
    kind="BYDraV*",
)
#: WASP-18 b: Shporer et al. 2019 (AJ 157, 178): 0.9414526 d, depth about 1.0 %, 2.2 h; only its QLP curve is simulated
WASP_18 = Star(
    100100827,
    "WASP-18",
    24.354363,
    -45.677887,
    8.83,
    6400.0,
    1.26,
    380.0,
    (Dip(0.9414526, 1354.457, 10300.0, 2.2),),
    camera=2,
)
STARS = (PI_MEN, WASP_126, V839_CEP, L_98_59, AU_MIC, WASP_18)

#: star, its sectors at 120 s, its sectors at 20 s, whether the SPOC found its planets (a data validation exists)
_PLAN: tuple[tuple[Star, tuple[int, ...], tuple[int, ...], bool], ...] = (
    (PI_MEN, (1, 4, 8, 12, 13, 27, 28), (27, 28), True),
    (WASP_126, (1, 4, 8, 12, 27), (27,), True),
    (V839_CEP, (15, 16, 17), (), False),
    (L_98_59, (8, 12, 28), (28,), True),
    (AU_MIC, (1, 27), (27,), False),
)
_FIRST_OBSID = 90_100_000


def observations() -> Sequence[HeldObservation]:
    """Every TESS and TESS-derived observation of the named stars, and some full-frame images."""
    made: list[HeldObservation] = []
    for star, slow, fast, planets in _PLAN:
        for number in slow:
            made.append(_pointed(len(made), star, SECTORS[number], 120, planets))
        for number in fast:
            made.append(_pointed(len(made), star, SECTORS[number], 20, False))
    made.append(_binary_search(len(made)))
    for star, number in ((PI_MEN, 1), (WASP_126, 1), (V839_CEP, 16), (AU_MIC, 1), (WASP_18, 1)):
        made.append(_qlp(len(made), star, SECTORS[number]))
    return made


def _row(
    index: int,
    obs_id: str,
    star: Star,
    first: Sector,
    last: Sector,
    cadence_s: int,
    title: str,
    data_url: str | None,
    qlp: bool = False,
) -> Row:
    start, stop = first.start + BTJD_MJD, last.stop + BTJD_MJD
    return observation(
        _FIRST_OBSID + index,
        obs_id,
        collection="HLSP" if qlp else "TESS",
        provenance="QLP" if qlp else "SPOC",
        instrument="Photometer",
        project="TESS",
        filters="TESS",
        region="Optical",
        target=str(star.tic),
        ra_deg=star.ra_deg,
        dec_deg=star.dec_deg,
        kind="timeseries",
        calib_level=4 if qlp else 3,
        t_min_mjd=round(start, 8),
        t_max_mjd=round(stop, 8),
        exposure_s=float(cadence_s),
        em_nm=(600.0, 1000.0),
        title=title,
        release_mjd=round(stop + 60, 4),
        footprint=circle(star.ra_deg, star.dec_deg, 0.00138889),
        proposal_id=None if qlp else "G011250_G011048",
        pi="Demo, Jo" if qlp else "Ricker, George",
        data_url=data_url,
        sequence=last.number,
    )


def _pointed(index: int, star: Star, sector: Sector, cadence_s: int, planets: bool) -> HeldObservation:
    root = sector.root(star.tic, cadence_s)
    what = f"{star.name}, sector {sector.number}, {cadence_s} s"
    suffix = "fast-lc" if cadence_s == 20 else "lc"
    joint = "-" if cadence_s == 20 else "_"
    uri = f"mast:TESS/product/{root}{joint}{suffix.removeprefix('fast-')}.fits"
    row = _row(index, root, star, sector, sector, cadence_s, what, uri)
    return held(row, partial(_pointed_products, star=star, sector=sector, cadence_s=cadence_s, planets=planets))


def _pointed_products(row: Row, *, star: Star, sector: Sector, cadence_s: int, planets: bool) -> list[HeldProduct]:
    what, root, version = str(row["obs_title"]), str(row["obs_id"]), "spoc-5.0.10-20200904"
    curve = light_curve_file(star, sector, cadence_s, what)
    sub = "FAST-LC" if cadence_s == 20 else "LC"
    made = [product(row, str(row["dataURL"]), curve, "Light curves", sub, minimum=True, version=version)]
    if cadence_s == 20:
        return made
    base = f"mast:TESS/product/{root}"
    # one cadence in ten keeps a target pixel file to some 5 MB
    pixels = pixels_file(star, sector, 10, what)
    made.append(
        product(
            row, f"{base}_tp.fits", pixels, "Target pixel files", "TP", minimum=True, calib_level=2, version=version
        )
    )
    picture = Picture(partial(_picture, star, sector), 64_000, "png")
    made.append(product(row, f"{base}_lc.png", picture, "Preview-Full", None, kind="PREVIEW"))
    if planets:
        made += _validation(row, star, sector, version)
    return made


def _picture(star: Star, sector: Sector) -> Array:
    curve = light_curve(star, sector)
    return plot(curve["TIME"], curve["PDCSAP_FLUX"])


def _validation(row: Row, star: Star, sector: Sector, version: str) -> list[HeldProduct]:
    """The products of the SPOC's data validation: time series, report, summary, mini-report."""
    span = f"s{sector.number:04d}-s{sector.number:04d}"
    base = f"mast:TESS/product/tess{int(sector.stamp) + 1000000}-{span}-{star.tic:016d}-00106"
    text = f"SIMULATED data validation of {star.name}, sector {sector.number}."
    curve = validation_file(star, sector, text)
    add = partial(product, row, version=version)
    return [
        add(f"{base}_dvt.fits", curve, "Data validation time series", "DVT", minimum=True),
        add(f"{base}_dvr.pdf", pdf(text), "full data validation report", "DVR", kind="INFO"),
        add(f"{base}_dvr.xml", xml(text), "full data validation report (xml)", "DVR", kind="INFO"),
        add(f"{base}_dvm.pdf", pdf(text), "Data validation mini report", "DVM", kind="INFO"),
        add(f"{base[:-6]}-01-00106_dvs.pdf", pdf(text), "TCE summary report", "DVS", kind="INFO"),
    ]


def _binary_search(index: int) -> HeldObservation:
    """The multi-sector row of TIC 375422201: its sequence number is that of the last sector, as for all of these."""
    obs_id = f"tess2019199201929-s0014-s0016-{V839_CEP.tic:016d}"
    what = "V839 Cep, data validation of sectors 14-16"
    uri = f"mast:TESS/product/{obs_id}-00253_dvt.fits"
    row = _row(index, obs_id, V839_CEP, SECTORS[15], SECTORS[16], 120, what, uri)
    return held(row, _binary_products)


def _binary_products(row: Row) -> list[HeldProduct]:
    base = f"mast:TESS/product/{row['obs_id']}-00253"
    text = "SIMULATED data validation of V839 Cep, sectors 14-16."
    curve = validation_file(V839_CEP, SECTORS[16], text)
    return [
        product(row, f"{base}_dvt.fits", curve, "Data validation time series", "DVT", minimum=True),
        product(row, f"{base}_dvr.pdf", pdf(text), "full data validation report", "DVR", kind="INFO"),
    ]


def _qlp(index: int, star: Star, sector: Sector) -> HeldObservation:
    obs_id = f"hlsp_qlp_tess_ffi_s{sector.number:04d}-{star.tic:016d}_tess_v01_llc"
    digits = f"{star.tic:016d}"
    uri = f"mast:HLSP/qlp/s{sector.number:04d}/{'/'.join(digits[i : i + 4] for i in range(0, 16, 4))}/{obs_id}.fits"
    what = f"{star.name}, MIT Quick-Look Pipeline, sector {sector.number}"
    row = _row(index, obs_id, star, sector, sector, 1800, what, uri, qlp=True)
    return held(row, partial(_qlp_products, star=star, sector=sector))


def _qlp_products(row: Row, *, star: Star, sector: Sector) -> list[HeldProduct]:
    uri, content = str(row["dataURL"]), qlp_file(star, sector)
    return [product(row, uri, content, "FITS", None, minimum=True, version="v01")]
