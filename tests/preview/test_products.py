"""Light curves of the projects that work on Kepler's and TESS' data, each in the layout it is published in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mast_tui.core.look import Series
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview
from mast_tui.preview.masks import JWST_DO_NOT_USE, TESS_DEFAULT, TESS_HARD, Bits, Level, flags_that_occur
from mast_tui.preview.quality_bits import JWST_BITS, KEPLER_BITS, TESS_BITS
from tests.preview.made_files import KEPLER, TESS, Field, table, write

N = 20
TIME = np.arange(N) / 48
ONES = np.ones(N)


def curves(path: Path, **asked: Any) -> tuple[Series, ...]:
    return preview(path, Asked(**asked, file_name=path.name)).series


def flags(**at: int) -> np.ndarray[Any, np.dtype[np.int32]]:
    """Zeros, but for the rows named like `row3`."""
    values = np.zeros(N, np.int32)
    for row, value in at.items():
        values[int(row.removeprefix("row"))] = value
    return values


def one(path: Path, fields: list[Field], primary: dict[str, Any], name: str = "LIGHTCURVE", **cards: Any) -> Path:
    return write(path, [table(fields, name, cards)], primary)


QLP = {**TESS, "ORIGIN": "MIT/QLP"}


@pytest.mark.parametrize(
    ("sector", "columns", "bit"),
    [(24, ("SAP_FLUX", "KSPSAP_FLUX"), 1 << 12), (60, ("SAP_FLUX", "DET_FLUX", "SYS_RM_FLUX"), 1 << 30)],
)
def test_qlp_before_and_after_sector_56(tmp_path: Path, sector: int, columns: tuple[str, ...], bit: int) -> None:
    fields: list[Field] = [("TIME", "D", 1956 + TIME), *((name, "E", ONES) for name in columns)]
    fields += [(f"{columns[1]}_ERR", "E", ONES / 1000), ("QUALITY", "J", flags(row0=bit, row1=32))]
    path = one(tmp_path / "qlp.fits", fields, {**QLP, "SECTOR": sector}, BJDREFI=2457000)
    (curve,) = curves(path)
    assert (curve.columns, curve.error_name, curve.n_good) == (columns, f"{columns[1]}_ERR", N - 1)
    assert curve.quality is not None and curve.quality.decode(bit) == ("Low precision (QLP)",)
    assert curves(path, quality="hard")[0].n_good == N - 2


def test_eleanor_scales_the_error_and_leaves_out_what_is_no_flux(tmp_path: Path) -> None:
    corrected = np.where(np.arange(N) == 3, -1e20, 200.0)
    fields: list[Field] = [
        ("TIME", "D", 1325 + TIME), ("RAW_FLUX", "E", ONES * 100), ("FLUX_ERR", "E", ONES),
        ("CORR_FLUX", "E", corrected), ("FFIINDEX", "J", np.arange(N)), ("QUALITY", "J", flags(row5=1 << 17, row6=128)),
    ]  # fmt: skip
    path = one(tmp_path / "eleanor.fits", fields, TESS, name="")
    curve = curves(path)[0]
    # the error of the raw flux is 1 %, so that of the corrected is 2; eleanor's own bit is no reason to leave out
    assert curve.n_good == N - 2 and curve.error is not None and set(curve.error.tolist()) == {2.0}
    assert (curve.y_axis.unit, curve.summary.y_min) == ("e-/s", 200.0)
    assert curves(path, quality="none")[0].n_good == N - 1, "-1e20 is never a flux"
    raw = curves(path, column="RAW_FLUX")[0]
    assert raw.error is not None and set(raw.error.tolist()) == {1.0}


def test_tglc_looks_at_its_own_flags_with_the_hard_mask(tmp_path: Path) -> None:
    fields: list[Field] = [
        ("time", "D", 1325 + TIME), ("psf_flux", "E", ONES), ("cal_psf_flux", "E", ONES), ("cal_aper_flux", "E", ONES),
        ("TESS_flags", "I", flags(row1=32)), ("TGLC_flags", "I", flags(row2=1)),
    ]  # fmt: skip
    path = one(tmp_path / "tglc.fits", fields, {**TESS, "ORIGIN": "UCSB/TGLC"}, BJDREFI=2457000)
    levels: list[tuple[Level, int]] = [("none", N), ("default", N - 1), ("hard", N - 2)]
    assert [curves(path, quality=level)[0].n_good for level, _ in levels] == [n for _, n in levels]
    assert curves(path)[0].columns == ("cal_psf_flux", "cal_aper_flux", "psf_flux")
    curve = curves(path, quality="none")[0]
    assert curve.quality is not None and curve.flags is not None
    assert curve.quality.decode(int(curve.flags[1])) == ("Desaturation event",)
    assert curve.quality.decode(int(curve.flags[2])) == ("Background far from its median (TGLC_flags)",)
    assert [(flag.written, flag.n) for flag in curve.quality.flags] == [(32, 1), (1, 1)]


def test_outliers_of_k2sc_are_named_and_dropped_by_the_hard_mask(tmp_path: Path) -> None:
    fields: list[Field] = [
        ("time", "D", 2000 + TIME), ("flux", "E", ONES), ("error", "E", ONES), ("trposi", "D", ONES),
        ("quality", "J", flags(row1=1 << 20)), ("mflags", "B", flags(row2=8)),
    ]  # fmt: skip
    path = one(tmp_path / "k2sc.fits", fields, {"TELESCOP": "Kepler"}, BJDREFI=2454833)
    levels: list[tuple[Level, int]] = [("none", N), ("default", N - 1), ("hard", N - 2)]
    assert [curves(path, quality=level)[0].n_good for level, _ in levels] == [n for _, n in levels]
    curve = curves(path, quality="none")[0]
    assert curve.quality is not None and curve.flags is not None
    assert curve.quality.decode(int(curve.flags[1])) == ("Thruster firing",)
    assert curve.quality.decode(int(curve.flags[2])) == ("Outlier upwards (mflags)",)


def test_pathos_offers_its_apertures_and_masks_with_dquality(tmp_path: Path) -> None:
    names = [f"{name}_FLUX_{kind}" for name in ("PSF", "AP1", "AP2", "AP3", "AP4") for kind in ("RAW", "COR")]
    fields: list[Field] = [("TIME", "D", 1325 + TIME), *((name, "E", ONES) for name in names)]
    fields += [("SKY_LOCAL", "E", ONES), ("DQUALITY", "J", flags(row1=512))]
    (curve,) = curves(one(tmp_path / "pathos.fits", fields, TESS))
    assert (curve.y_axis.name, curve.n_good, len(curve.columns)) == ("PSF_FLUX_COR", N - 1, 10)
    assert "AP3_FLUX_COR" in curve.columns


def test_every_aperture_of_cdips_has_letters_of_its_own(tmp_path: Path) -> None:
    fields: list[Field] = [("TMID_BJD", "D", 2458325 + TIME)]
    for k in (1, 2, 3):
        letters = ["G"] * N
        letters[:k] = ["X"] * k
        fields += [(f"TFA{k}", "E", ONES * 12), (f"IRM{k}", "E", ONES * 12), (f"IRE{k}", "E", ONES / 99)]
        fields += [(f"IFL{k}", "E", ONES * 7), (f"IFE{k}", "E", ONES / 9), (f"IRQ{k}", "1A", letters)]
    path = one(tmp_path / "cdips.fits", fields, {**TESS, "ORIGIN": "PIPE-cdips"}, "LC")
    assert [curves(path, column=f"TFA{k}")[0].n_good for k in (1, 2, 3)] == [N - 1, N - 2, N - 3]
    assert curves(path)[0].y_axis.upside_down
    flux = curves(path, column="IFL2")[0]
    assert not flux.y_axis.upside_down and (flux.n_good, flux.error_name) == (N - 2, "IFE2")


def test_a_data_validation_file_brings_its_transits(tmp_path: Path) -> None:
    flux = np.where(np.arange(N) == 4, np.nan, 0.0)
    cards = {"TPERIOD": 0.94, "TEPOCH": 1354.45, "TDUR": 2.16, "TDEPTH": 10400.0}
    tce = table(
        [("TIME", "D", 1354 + TIME, "BJD - 2457000, days"), ("LC_INIT", "E", flux), ("LC_INIT_ERR", "E", ONES),
         ("LC_DETREND", "E", flux), ("MODEL_INIT", "E", flux)],
        "TCE_1",
        cards,
    )  # fmt: skip
    statistics = table(
        [("TIME", "D", 1354 + TIME, "BJD - 2457000, days"), ("PDCSAP_FLUX", "E", ONES), ("RESIDUAL_LC", "E", flux),
         ("DEWEIGHTS", "E", ONES), ("QUALITY", "J", flags(row1=1))],
        "STATISTICS",
    )  # fmt: skip
    found = curves(write(tmp_path / "tess_dvt.fits", [tce, statistics], TESS))
    assert [(c.name, c.n_good) for c in found] == [("TCE_1 LC_INIT", N - 1), ("STATISTICS RESIDUAL_LC", N - 1)]
    (transit,) = found[0].ephemerides
    assert (transit.name, transit.period_d, transit.epoch) == ("TCE_1", 0.94, 1354.45)
    assert (transit.duration_d, transit.depth) == pytest.approx((0.09, 0.0104))
    assert found[0].time is not None and found[0].time.offset_jd == 2457000 and found[1].ephemerides == ()


def test_basis_vectors_are_shown_together_without_their_gaps(tmp_path: Path) -> None:
    vectors: list[Field] = [(f"VECTOR_{k}", "E", ONES * k) for k in range(1, 9)]
    tess: list[Field] = [("TIME", "D", 1569 + TIME, "JD - 2457000, days"), ("GAP", "L", flags(row3=1) > 0), *vectors]
    kepler: list[Field] = [("TIME_MJD", "D", 55700 + TIME, "MJD, days"), ("GAPFLAG", "J", flags(row3=1)), *vectors]
    found = curves(one(tmp_path / "cbv.fits", tess, TESS, "CBV.single-scale.2.4", JDREFI=2457000))
    assert [c.y_axis.name for c in found] == [f"VECTOR_{k}" for k in (1, 2, 3, 4)]
    assert {c.n_good for c in found} == {N - 1} and len(found[0].columns) == 8
    path = write(tmp_path / "lcbv.fits", [table(kepler, f"MODOUT_2_{k}") for k in (1, 2)], KEPLER)
    found = curves(path)
    assert [c.name for c in found] == [*(f"MODOUT_2_1 VECTOR_{k}" for k in (1, 2, 3, 4)), "MODOUT_2_2 VECTOR_1"]
    assert found[0].time is not None and found[0].time.offset_jd == 2_400_000.5 and found[0].n_good == N - 1
    assert len(curves(path, hdu=2)) == 4


# what is in the file, its primary header, the column that is drawn, Julian date of the first point, good points
OTHERS: list[tuple[list[Field], dict[str, Any], str, float, int]] = [
    ([("TIME", "D", 2000 + TIME), ("FLUX", "E", ONES), ("FRAW", "E", ONES), ("FRAW_ERR", "E", ONES),
      ("FCOR", "E", ONES), ("CADN", "J", np.arange(N)), ("QUALITY", "J", flags(row1=1 << 20))],
     KEPLER, "FLUX", 2456833, N - 1),
    ([("time", "D", 2000 + TIME), ("flux", "E", ONES), ("error", "E", ONES), ("mflags", "J", flags()),
      ("trposi", "E", ONES), ("quality", "J", flags(row1=4))], KEPLER, "flux", 2456833, N - 1),
    ([("TIME", "D", 2000 + TIME, "BJD - 2454833"), ("DETFLUX", "E", ONES), ("APTFLUX", "E", ONES)],
     {}, "DETFLUX", 2456833, N),
    ([("FILTIME", "D", 56800 + TIME), ("FILFLUX", "E", ONES)], {}, "FILFLUX", 2456800, N),
    ([("DETTIME", "D", 56800 + TIME), ("DETFLUX", "E", ONES)], {}, "DETFLUX", 2456800, N),
    ([("T", "D", 2000 + TIME), ("FRAW", "E", ONES), *((f"FCOR{k}", "E", ONES) for k in range(1, 6))],
     KEPLER, "FCOR5", 2456833, N),
    ([("TIME", "D", 55000.5 + TIME), ("FLUX", "E", ONES)], {**KEPLER, "ORIGIN": "CEA & SSI"}, "FLUX", 2455001, N),
    ([("TIME", "D", 59526 + TIME, "d"), ("CTR", "E", ONES), ("FLUX", "E", ONES), ("QUALITY", "I", flags())],
     {"JDREFI": 2400000, "JDREFF": 0.5}, "FLUX", 2459526.5, N),
    ([("time", "2D", np.column_stack((np.full(N, 2457000.0), TIME))), ("flux", "E", ONES)], {}, "flux", 2457000, N),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "primary", "column", "first_jd", "n_good"),
    OTHERS,
    ids=["EVEREST", "K2SC", "K2VARCAT", "POLAR filtered", "POLAR detrended", "KEGS", "KEPSEISMIC", "SPARCS", "lcviz"],
)
def test_other_projects(
    tmp_path: Path, fields: list[Field], primary: dict[str, Any], column: str, first_jd: float, n_good: int
) -> None:
    (curve,) = curves(one(tmp_path / "hlsp.fits", fields, primary, "DATA"))
    assert (curve.y_axis.name, curve.n_good) == (column, n_good)
    assert curve.time is not None
    assert curve.x[0] + curve.time.offset_jd == pytest.approx(first_jd, abs=1e-6)


def test_every_point_keeps_its_flags_and_they_are_told_in_words(tmp_path: Path) -> None:
    quality = flags(row2=64, row3=64 + 2048, row4=32)
    fields: list[Field] = [
        ("TIME", "D", 1325 + TIME[::-1]),
        ("PDCSAP_FLUX", "E", np.arange(N)),
        ("QUALITY", "J", quality),
    ]
    (curve,) = curves(one(tmp_path / "lc.fits", fields, TESS))
    assert curve.flags is not None and curve.quality is not None
    # flags follow their points through masking and sorting
    assert {int(y): int(flag) for y, flag in zip(curve.y, curve.flags, strict=True) if flag} == {2: 64, 3: 2112}
    assert [(f.bit, f.n) for f in curve.quality.flags] == [(32, 1), (64, 2), (2048, 1)]
    assert curve.quality.decode(2112) == ("Cosmic ray in optimal aperture", "Straylight")


def test_the_default_masks_are_the_named_bits() -> None:
    tess, kepler, jwst = dict(TESS_BITS), dict(KEPLER_BITS), dict(JWST_BITS)
    assert [tess[1 << k] for k in range(16) if TESS_DEFAULT >> k & 1] == [
        "Attitude tweak", "Safe mode", "Coarse point", "Earth point", "Argabrightening", "Desaturation event",
        "Manual exclude", "Impulsive outlier", "Bad Calibration Exclude",
    ]  # fmt: skip
    assert TESS_HARD - TESS_DEFAULT == 64 + 1024 + 2048 + 4096
    assert (kepler[1 << 20], tess[8192], jwst[JWST_DO_NOT_USE]) == (
        "Thruster firing", "Planet Search Exclude", "DO_NOT_USE",
    )  # fmt: skip


def test_a_bit_without_a_name_is_told_by_its_value() -> None:
    mask = Bits("Q", 1, meanings=((1, "One"),))
    values = np.array([1, 1, 8, 0])
    assert [(f.bit, f.meaning, f.n) for f in flags_that_occur(mask, values)] == [
        (1, "One", 2), (8, "bit 4 (value 8)", 1),
    ]  # fmt: skip
