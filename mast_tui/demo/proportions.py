"""What the missions' observations look like, for the simulated sky of `bulk`: shares, instruments, times, fields.

Shares follow the size order of the collections at MAST (high-level products and TESS most); instruments, filters and
wavelengths are the missions' own, times their operating periods. Nothing here is a real observation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Placement = Literal["sky", "north", "ecliptic", "kepler", "fields"]


@dataclass(frozen=True)
class Setup:
    """One way to observe: instrument, filter, band, wavelengths in nm, product type, exposures in seconds."""

    instrument: str
    filters: str
    band: str
    em_nm: tuple[float, float]
    kind: str
    exposures_s: tuple[float, ...]
    calib_level: int = 3


@dataclass(frozen=True)
class Mission:
    """One collection: its share of the rows, who made the data, when, how large a field, where on the sky.

    `size_deg` is the radius of a circle, or the side of a square where `square`. `first_mjd` to `last_mjd` is the
    time; with `cadence_days` it is cut into sectors, quarters or campaigns, counted in `sequence_number`.
    """

    collection: str
    share: float
    provenances: tuple[str, ...]
    setups: tuple[Setup, ...]
    first_mjd: float
    last_mjd: float
    size_deg: float
    square: bool = False
    placement: Placement = "sky"
    per_target: int = 4
    target: str = "SIM-{:05d}"
    cadence_days: float = 0.0
    proposals: int = 0


_TESS = (600.0, 1000.0)
_KEPLER = (430.0, 890.0)


def _curve(band_nm: tuple[float, float], filters: str, instrument: str, *exposures: float, level: int = 3) -> Setup:
    return Setup(instrument, filters, "OPTICAL", band_nm, "timeseries", exposures, level)


MISSIONS: tuple[Mission, ...] = (
    Mission(
        "HLSP", 0.34, ("QLP", "TESS-SPOC", "TGLC", "TASOC", "K2SFF"),
        (_curve(_TESS, "TESS", "Photometer", 1800, 600, 200, 120, level=4),),
        58324.8, 60900.0, 0.00138889, per_target=6, target="{:09d}", cadence_days=27.3,
    ),
    Mission(
        "TESS", 0.27, ("SPOC",), (_curve(_TESS, "TESS", "Photometer", 120, 120, 120, 20),),
        58324.8, 60900.0, 0.00138889, per_target=5, target="{:09d}", cadence_days=27.3,
    ),
    Mission(
        "PS1", 0.07, ("3PI",),
        tuple(
            Setup("GPC1", name, "OPTICAL", nm, "image", (720.0, 960.0, 1080.0))
            for name, nm in (("g", (400, 550)), ("r", (550, 700)), ("i", (690, 820)), ("z", (820, 920)))
        ),
        55000.0, 56900.0, 0.4, square=True, placement="north", per_target=4, target="{:04d}.000",
    ),
    Mission(
        "HST", 0.09, ("CALACS", "CALWF3", "CALSTIS", "CALCOS"),
        (
            Setup("ACS/WFC", "F814W", "OPTICAL", (702, 926), "image", (350.0, 507.0, 1200.0)),
            Setup("WFC3/UVIS", "F606W", "OPTICAL", (470, 720), "image", (300.0, 700.0)),
            Setup("WFC3/IR", "F160W", "INFRARED", (1390, 1700), "image", (402.9, 1402.9)),
            Setup("STIS/FUV-MAMA", "E140M", "UV", (114, 171), "spectrum", (1800.0, 2600.0)),
            Setup("COS/FUV", "G130M", "UV", (114, 146), "spectrum", (500.0, 2200.0)),
        ),
        48000.0, 60900.0, 0.04, square=True, placement="fields", per_target=12, proposals=900,
    ),
    Mission(
        "HLA", 0.05, ("HLA",),
        (
            Setup("ACS/WFC", "DETECTION", "OPTICAL", (430, 926), "image", (1200.0,)),
            Setup("WFPC2/WFC", "F606W", "OPTICAL", (470, 720), "image", (800.0,)),
        ),
        49300.0, 55000.0, 0.045, square=True, placement="fields", per_target=10, proposals=500,
    ),
    Mission(
        "GALEX", 0.05, ("AIS", "MIS", "NGS"),
        (
            Setup("GALEX", "NUV", "UV", (169.3, 300.7), "image", (110.0, 1500.0), 2),
            Setup("GALEX", "FUV", "UV", (134.0, 180.6), "image", (110.0, 1500.0), 2),
        ),
        52800.0, 56400.0, 0.625, per_target=2, target="AIS_{:05d}",
    ),
    Mission(
        "JWST", 0.04, ("CALJWST",),
        (
            Setup("NIRCAM/IMAGE", "F200W", "INFRARED", (1755, 2227), "image", (837.4, 5153.6)),
            Setup("MIRI/IMAGE", "F770W", "INFRARED", (6581, 8687), "image", (444.0, 1110.0)),
            Setup("NIRSPEC/MSA", "CLEAR;PRISM", "INFRARED", (600, 5300), "spectrum", (1313.0,)),
            Setup("NIRISS/SOSS", "CLEAR;GR700XD", "INFRARED", (600, 2800), "timeseries", (15000.0,)),
        ),
        59700.0, 60900.0, 0.036, square=True, placement="fields", per_target=14, proposals=300,
    ),
    Mission(
        "Kepler", 0.025, ("Kepler",), (_curve(_KEPLER, "KEPLER", "Kepler", 1800, 60, level=2),),
        54953.0, 56423.0, 0.00111, placement="kepler", per_target=12, target="kplr{:09d}", cadence_days=90.0,
    ),
    Mission(
        "K2", 0.025, ("K2",), (_curve(_KEPLER, "KEPLER", "Kepler", 1800, 60, level=2),),
        56700.0, 58380.0, 0.00111, placement="ecliptic", per_target=2, target="ktwo{:09d}", cadence_days=80.0,
    ),
    Mission(
        "SWIFT", 0.017, ("UVOT",),
        (
            Setup("UVOT", "UVW1", "UV", (220, 300), "image", (90.0, 1600.0), 2),
            Setup("UVOT", "V", "OPTICAL", (500, 600), "image", (90.0, 800.0), 2),
        ),
        53400.0, 60900.0, 0.14, square=True, per_target=8,
    ),
    Mission(
        "SPITZER_SHA", 0.012, ("SSC Pipeline",),
        (Setup("IRAC", "IRAC 3.6um", "INFRARED", (3179, 3955), "image", (30.0, 100.0), 2),),
        52900.0, 58880.0, 0.09, square=True, placement="fields", per_target=6,
    ),
    Mission(
        "IUE", 0.008, ("IUE",),
        (
            Setup("SWP", "LOW DISP", "UV", (115, 198), "spectrum", (600.0, 3600.0), 2),
            Setup("LWP", "LOW DISP", "UV", (185, 335), "spectrum", (600.0, 2400.0), 2),
        ),
        43564.0, 50360.0, 0.00278, placement="fields", per_target=8,
    ),
    Mission(
        "FUSE", 0.002, ("CALFUSE",), (Setup("FUV", "FUV", "UV", (90.5, 118.7), "spectrum", (6000.0,), 2),),
        51440.0, 54300.0, 0.00417, placement="fields", per_target=4,
    ),
    Mission(
        "EUVE", 0.001, ("EUVE",), (Setup("DS", "LEXAN/B", "EUV", (6.0, 17.5), "image", (40000.0,), 2),),
        48800.0, 51900.0, 1.0, per_target=2,
    ),
)  # fmt: skip
