"""The simulated layouts beside real files: the same HDUs, columns, formats and units, in the same order.

Real files are not part of the project; the tests are skipped where `MAST_TUI_REAL_DATA` has none.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from astropy.io import fits

from mast_tui.demo.datasets import simulated_products

from .reading import listed, observed, opened, suffix
from .test_listings import invented

REAL = Path(os.environ.get("MAST_TUI_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
PI_MEN = "tess2018206045859-s0001-0000000261136679-0120-s"


def contributed(team: str) -> fits.HDUList:
    (product,) = simulated_products(
        {**invented("HLSP", "timeseries", "Photometer", "TESS", 4), "provenance_name": team}
    )
    return opened(product)


def kepler() -> fits.HDUList:
    return opened(next(p for p in listed("kplr011904151_lc_Q011111100000000000") if "Q2" in str(p.row["description"])))


def qlp() -> fits.HDUList:
    return opened(observed(provenance_name="QLP", target_name="25155310")[0].products()[0])


def columns(table: fits.BinTableHDU) -> list[tuple[Any, ...]]:
    """Name, format, unit and display of each column."""
    return [(c.name, c.format, c.unit or "", c.disp or "") for c in table.columns]


@pytest.mark.parametrize(
    ("path", "simulated"),
    [
        ("tess/spoc/tess2018206045859-s0001-0000000261136679-0120-s_lc.fits", lambda: suffix(PI_MEN, "LC")),
        ("tess/lightkurve/tess25155310-s01-first-cadences.fits.gz", lambda: suffix(PI_MEN, "TP")),
        ("tess/hlsp/hlsp_qlp_tess_ffi_s0024-0000000188589164_tess_v01_llc.fits", qlp),
        (
            "tess/hlsp/hlsp_tglc_tess_ffi_gaiaid-6399196263939178880-s0001-cam2-ccd1_tess_v1_llc.fits",
            lambda: contributed("TGLC"),
        ),
        (
            "k2/hlsp/hlsp_k2sff_k2_lightcurve_060021426-cet_kepler_v1_llc.fits",
            lambda: contributed("K2SFF"),
        ),
        ("kepler/lc/kplr010002792-2009259160929_llc.fits", kepler),
        ("hst/cos/MRK209_cos_x1dsum.fits", lambda: suffix("lsim01010", "X1D")),
        ("hst/stis/ocb6i2020_x1d.fits", lambda: suffix("osim01010", "X1D")),
        (
            "jwst/nircam/jw01243001001_01101_00001_nrca5_x1d.fits",
            lambda: suffix("jw02736-o007_s00001_nirspec_clear-prism", "X1D"),
        ),
        ("iue/IUE_LWP.fits", lambda: suffix("lwp13058", "MXLO")),
    ],
    ids=["TESS lc", "TESS tp", "QLP", "TGLC", "K2SFF", "Kepler llc", "COS x1d", "STIS x1d", "JWST x1d", "IUE mxlo"],
)
def test_a_simulated_table_has_the_columns_of_a_real_one(path: str, simulated: Callable[[], fits.HDUList]) -> None:
    if not (REAL / path).exists():
        pytest.skip("no real file to compare with")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with fits.open(REAL / path) as real:
            ours = simulated()
            assert columns(ours[1]) == columns(real[1])
            assert ours[1].name == real[1].name


@pytest.mark.parametrize(
    ("path", "simulated"),
    [
        ("tess/spoc/tess2018206045859-s0001-0000000261136679-0120-s_lc.fits", lambda: suffix(PI_MEN, "LC")),
        ("kepler/lc/kplr010002792-2009259160929_llc.fits", kepler),
    ],
    ids=["TESS", "Kepler"],
)
def test_the_headers_that_tell_time_and_pipeline_have_the_real_keywords(
    path: str, simulated: Callable[[], fits.HDUList]
) -> None:
    if not (REAL / path).exists():
        pytest.skip("no real file to compare with")
    with fits.open(REAL / path) as real:
        ours = simulated()
        for keyword in (
            "BJDREFI",
            "BJDREFF",
            "TIMESYS",
            "TIMEUNIT",
            "TIMEREF",
            "TIMEDEL",
            "TIMEPIXR",
            "NUM_FRM",
            "DEADC",
        ):
            assert ours[1].header[keyword] == real[1].header[keyword], keyword
        for keyword in ("TELESCOP", "INSTRUME", "ORIGIN", "CREATOR", "PROCVER", "FILEVER"):
            assert ours[0].header[keyword] == real[0].header[keyword], keyword
        missing = set(ours[0].header) - set(real[0].header) - {"SIMDATA", "DATASUM", "COMMENT"}
        assert not missing, "no keyword of our own invention"
