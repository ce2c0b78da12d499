"""Light curves come out with the right column, time zero point, mask and unit, whoever made the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Preview, Series
from mast_tui.preview.asking import Asked
from mast_tui.preview.headers import EMPTY, Header
from mast_tui.preview.jobs import preview
from mast_tui.preview.masks import KEPLER_DEFAULT, TESS_DEFAULT, TESS_HARD, Level
from mast_tui.preview.passing import series_from_wire, series_to_wire
from mast_tui.preview.times import BKJD_OFFSET, BTJD_OFFSET, MJD_OFFSET, time_axis
from tests.preview.made_files import KEPLER, TESS, spoc_light_curve, table, write


def look(path: Path, **asked: object) -> Preview:
    return preview(path, Asked(**asked, file_name=path.name))  # type: ignore[arg-type]


def first(path: Path, **asked: object) -> Series:
    item = look(path, **asked).items[0]
    assert isinstance(item, Series)
    return item


def test_a_spoc_light_curve_is_shown_as_pdcsap_without_flagged_points(tmp_path: Path) -> None:
    found = look(spoc_light_curve(tmp_path / "tess_lc.fits"))
    assert (found.kind, found.instrument, found.target, found.problems) == ("lightcurve", "TESS", "TIC 261136679", ())
    curve = found.items[0]
    assert isinstance(curve, Series)
    assert (curve.y_axis.name, curve.y_axis.unit, curve.error_name) == ("PDCSAP_FLUX", "e-/s", "PDCSAP_FLUX_ERR")
    # 200 rows: 10 flagged with 512, 5 NaN fluxes, 1 NaN time
    assert (curve.n_rows, curve.n_good, curve.x.size) == (200, 184, 184)
    assert curve.quality is not None
    assert (curve.quality.column, curve.quality.bitmask, curve.quality.n_flagged) == ("QUALITY", TESS_DEFAULT, 10)
    assert curve.time is not None
    assert (curve.time.format, curve.time.offset_jd, curve.time.scale) == ("btjd", BTJD_OFFSET, "tdb")
    assert curve.x_axis.label == "BTJD (BJD − 2457000, TDB)" and curve.x_axis.unit == "d"
    assert curve.columns == ("PDCSAP_FLUX", "SAP_FLUX")
    assert curve.error is not None and curve.error.dtype == np.float64


@pytest.mark.parametrize(
    ("level", "bitmask", "n_good"), [("none", 0, 194), ("default", TESS_DEFAULT, 184), ("hard", TESS_HARD, 183)]
)
def test_the_mask_can_be_loosened_and_tightened(tmp_path: Path, level: Level, bitmask: int, n_good: int) -> None:
    curve = first(spoc_light_curve(tmp_path / "lc.fits"), quality=level)
    assert curve.quality is not None
    assert (curve.quality.bitmask, curve.n_good) == (bitmask, n_good)


def test_each_good_point_knows_its_cadence_number(tmp_path: Path) -> None:
    curve = first(spoc_light_curve(tmp_path / "lc.fits"))
    gone = [*range(5), *range(20, 30), 150]  # no flux, flagged, no time
    assert curve.cadence is not None and curve.cadence.tolist() == [k for k in range(200) if k not in gone]
    crossed = series_from_wire(series_to_wire(curve)).cadence
    assert crossed is not None and crossed.tolist() == curve.cadence.tolist()


@pytest.mark.parametrize("name", ["CADN", "cadence_num", "FFIINDEX"])
def test_other_makers_call_the_cadence_number_otherwise(tmp_path: Path, name: str) -> None:
    made = table([("TIME", "D", [3.0, 1.0, 2.0]), ("FLUX", "E", [1.0, 1.1, 1.2]), (name, "D", [13.0, 11.0, 12.0])])
    curve = first(write(tmp_path / "lc.fits", [made], TESS))
    assert curve.cadence is not None and (curve.x.tolist(), curve.cadence.tolist()) == ([1, 2, 3], [11, 12, 13])


def test_a_file_that_numbers_no_cadences_gives_none(tmp_path: Path) -> None:
    made = table([("TIME", "D", [1.0, 2.0]), ("FLUX", "E", [1.0, 1.1]), ("CADENCENO", "D", [11.0, np.nan])])
    assert first(write(tmp_path / "lc.fits", [made], TESS)).cadence is None


def test_another_column_can_be_asked_for_in_either_case(tmp_path: Path) -> None:
    path = spoc_light_curve(tmp_path / "lc.fits")
    curve = first(path, column="sap_flux")
    assert (curve.y_axis.name, curve.n_good) == ("SAP_FLUX", 189)
    assert first(path, column="CADENCENO").summary.y_max == 199


def test_a_misspelt_column_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(InvalidQuery, match="PDCSAP_FLX") as caught:
        look(spoc_light_curve(tmp_path / "lc.fits"), column="PDCSAP_FLX")
    assert caught.value.next_step == "Did you mean PDCSAP_FLUX?"


def test_an_hdu_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidQuery, match="no HDU 7"):
        look(spoc_light_curve(tmp_path / "lc.fits"), hdu=7)


def test_the_aperture_is_there_when_asked_for_by_its_number(tmp_path: Path) -> None:
    path = spoc_light_curve(tmp_path / "lc.fits")
    assert [item.kind for item in look(path).items] == ["lightcurve"]
    assert [item.name for item in look(path, hdu=2).items] == ["APERTURE"]


def test_a_gap_begins_a_new_run_and_single_missing_cadences_do_not(tmp_path: Path) -> None:
    curve = first(spoc_light_curve(tmp_path / "lc.fits"))
    times = curve.x[curve.starts]
    # the 40-cadence gap in the middle, and the 10 flagged cadences in a row
    assert len(times) == 3 and np.allclose(np.diff(curve.x)[curve.starts[1:] - 1] * 720, [11, 41])


def test_the_json_has_the_documented_shape(tmp_path: Path) -> None:
    found = look(spoc_light_curve(tmp_path / "lc.fits")).to_json()
    assert list(found) == ["file", "kind", "instrument", "target", "items", "problems"]
    item = found["items"][0]
    assert list(item) == [
        "name", "hdu", "kind", "x", "y", "error", "n_rows", "n_good", "quality", "time", "shape", "notes",
    ]  # fmt: skip
    assert list(item["x"]) == ["name", "label", "unit", "min", "max"]
    assert list(item["y"]) == ["name", "label", "unit", "min", "max", "median"]
    assert item["quality"] == {"column": "QUALITY", "bitmask": 17087, "n_flagged": 10}
    assert item["time"] == {"format": "btjd", "offset_jd": 2457000.0, "scale": "tdb"}
    assert (item["hdu"], item["shape"], item["error"]) == (1, [200, 7], "PDCSAP_FLUX_ERR")


def test_kepler_uses_its_own_bits_and_zero_point(tmp_path: Path) -> None:
    quality = np.zeros(30, np.int32)
    quality[3], quality[4] = 128, 8192  # a cosmic ray, in the aperture or beside it, is kept
    quality[5] = 65536  # no data
    lc = table(
        [
            ("TIME", "D", 169.5 + np.arange(30) / 48, "BJD - 2454833"),
            ("PDCSAP_FLUX", "E", np.arange(30.0), "e-/s"),
            ("SAP_QUALITY", "J", quality),
        ],
        "LIGHTCURVE",
        {"BJDREFI": 2454833, "BJDREFF": 0.0},
    )
    curve = first(write(tmp_path / "kplr_llc.fits", [lc], KEPLER))
    assert curve.quality is not None and curve.time is not None
    assert (curve.quality.column, curve.quality.bitmask, curve.quality.n_flagged) == ("SAP_QUALITY", KEPLER_DEFAULT, 1)
    assert (curve.time.format, curve.time.offset_jd, curve.n_good) == ("bkjd", BKJD_OFFSET, 29)


def test_a_file_that_lightkurve_saved_gets_its_zero_point_from_the_unit(tmp_path: Path) -> None:
    lc = table(
        [
            ("TIME", "D", 1354.0 + np.arange(9.0), "btjd"),
            ("FLUX", "E", np.ones(9)),
            ("FLUX_ERR", "E", np.ones(9)),
            ("QUALITY", "J", np.zeros(9, int)),
        ],
        "LIGHTCURVE",
    )
    made = {"TELESCOP": "TESS", "OBJECT": "100100827", "CREATOR": "lightkurve.LightCurve.to_fits()"}
    found = look(write(tmp_path / "custom-lc.fits", [lc], made))
    curve = found.series[0]
    assert curve.time is not None and found.target == "TIC 100100827"
    assert (curve.time.format, curve.time.offset_jd, curve.time.scale) == ("btjd", BTJD_OFFSET, "tdb")


def test_high_level_products_are_read_by_their_own_columns(tmp_path: Path) -> None:
    time, ones = np.arange(20.0), np.ones(20)
    flags = np.zeros(20, np.int32)
    flags[0] = 4096  # straylight: only the hard mask drops it
    qlp = table(
        [("TIME", "D", time), ("SAP_FLUX", "E", ones), ("KSPSAP_FLUX", "E", ones), ("QUALITY", "J", flags)],
        "LIGHTCURVE",
        {"BJDREFI": 2457000},
    )
    path = write(tmp_path / "qlp.fits", [qlp], {**TESS, "ORIGIN": "MIT/QLP"})
    assert first(path).columns == ("SAP_FLUX", "KSPSAP_FLUX") and first(path).product == "QLP light curve"
    assert (first(path).n_good, first(path, quality="hard").n_good) == (20, 19)

    eleanor = table(
        [
            ("TIME", "D", time + 1325),
            ("CORR_FLUX", "E", np.where(time == 3, -1e20, ones)),
            ("RAW_FLUX", "E", ones),
            ("FFIINDEX", "J", flags),
            ("QUALITY", "J", flags * 0),
        ]
    )
    path = write(tmp_path / "eleanor.fits", [eleanor], {**TESS, "BJDREFI": 2457000})
    curve = first(path)
    assert (curve.y_axis.name, curve.name) == ("CORR_FLUX", "CORR_FLUX")
    assert curve.time is not None and curve.time.offset_jd == BTJD_OFFSET

    tglc = table(
        [("time", "D", time), ("cal_psf_flux", "E", ones), ("TESS_flags", "J", flags)],
        "LIGHTCURVE",
        {"BJDREFI": 2457000},
    )
    path = write(tmp_path / "tglc.fits", [tglc], {**TESS, "ORIGIN": "UCSB/TGLC"}, np.zeros((2, 3, 4), np.float32))
    found = look(path)
    assert [item.kind for item in found.items] == ["lightcurve", "image"]
    assert found.series[0].y_axis.name == "cal_psf_flux"

    tasoc = table(
        [("TIME", "D", time), ("FLUX_RAW", "E", ones), ("FLUX_CORR", "E", ones, "ppm"), ("QUALITY", "J", flags)],
        "LIGHTCURVE",
    )
    curve = first(write(tmp_path / "tasoc.fits", [tasoc], TESS))
    assert (curve.y_axis.name, curve.y_axis.unit, curve.n_good) == ("FLUX_CORR", "ppm", 20)

    k2sff = [
        table([("T", "D", time), ("FRAW", "D", ones), ("FCOR", "D", ones), ("ARCLENGTH", "D", ones)], name)
        for name in ("BESTAPER", "CIRC_APER0")
    ]
    found = look(write(tmp_path / "k2sff.fits", k2sff, {**KEPLER, "BJDREFI": 2454833}))
    assert [series.name for series in found.series] == ["BESTAPER FCOR", "CIRC_APER0 FCOR"]
    assert found.series[0].time is not None and found.series[0].time.offset_jd == BKJD_OFFSET


def test_magnitudes_grow_downwards_and_letters_are_a_mask(tmp_path: Path) -> None:
    cdips = table(
        [
            ("TMID_BJD", "D", 2458500.0 + np.arange(4.0)),
            ("TFA1", "E", [12.0, 12.1, 12.2, 12.3]),
            ("IRQ1", "1A", ["G", "G", "X", "0"]),
        ],
        "LC",
    )
    curve = first(write(tmp_path / "cdips.fits", [cdips], {"TELESCOP": "TESS", "ORIGIN": "PIPE-cdips"}))
    assert curve.y_axis.upside_down and (curve.n_good, curve.time) != (4, None)
    assert curve.quality is not None and (curve.quality.bitmask, curve.quality.n_flagged) == (0, 1)
    assert curve.time is not None and curve.time.offset_jd == 0.0  # full Julian dates, although the telescope is TESS


def test_astropys_two_part_times_are_added(tmp_path: Path) -> None:
    parts = np.column_stack((np.full(5, 2454953.0), np.arange(5) / 10))
    lc = table([("time", "2D", parts), ("flux", "E", np.ones(5))], "LIGHTCURVE")
    curve = first(write(tmp_path / "lcviz.fits", [lc]))
    assert np.allclose(curve.x, 2454953.0 + np.arange(5) / 10) and curve.time is not None
    assert (curve.time.format, curve.time.offset_jd) == ("jd", 0.0)


def test_unordered_times_are_put_in_order(tmp_path: Path) -> None:
    lc = table([("TIME", "D", [3.0, 1.0, 2.0]), ("FLUX", "E", [30.0, 10.0, 20.0])], "LIGHTCURVE")
    curve = first(write(tmp_path / "lc.fits", [lc], TESS))
    assert curve.x.tolist() == [1, 2, 3] and curve.y.tolist() == [10, 20, 30]


def test_only_the_first_of_many_curves_carry_their_points(tmp_path: Path) -> None:
    fields = [("T", "D", np.arange(10.0)), ("FCOR", "D", np.ones(10)), ("ARCLENGTH", "D", np.ones(10))]
    path = write(tmp_path / "k2sff.fits", [table(fields, f"AP{k}") for k in range(6)], KEPLER)
    found = preview(path, Asked(file_name=path.name, _points_left=25))
    assert [series.loaded for series in found.series] == [True, True, True, False, False, False]
    assert [series.n_good for series in found.series] == [10] * 6
    assert look(path, hdu=5).series[0].loaded


HEADER_CASES = [
    ({"BJDREFI": 2457000, "BJDREFF": 0.25}, {}, "d", 1325.0, 2457000.25),
    ({}, {"BJDREFI": 2457000}, "", 1325.0, BTJD_OFFSET),
    ({"JDREFI": 2457000}, {}, "d", 1569.0, BTJD_OFFSET),
    ({"MJDREFI": 50000, "MJDREFF": 0.5}, {}, "d", 100.0, 2450001.0),
    ({"MJDREF": 49353.0}, {}, "d", 735.0, 2449353.5),
    ({}, {}, "BJD - 2454833, days", 300.0, BKJD_OFFSET),
    ({}, {}, "BKJD", 300.0, BKJD_OFFSET),
    ({}, {"TELESCOP": "TESS"}, "d", 1325.0, BTJD_OFFSET),
    ({}, {"MISSION": "K2"}, "", 2000.0, BKJD_OFFSET),
    ({"BJDREFI": 2457000}, {}, "d", 2458325.0, 0.0),
    ({}, {}, "d", 59526.0, MJD_OFFSET),
    ({}, {"TELESCOP": "Kepler"}, "MJD, days", 55700.0, MJD_OFFSET),
    ({}, {"TELESCOP": "Kepler"}, "", 55700.0, MJD_OFFSET),
    ({}, {}, "", 12.0, 0.0),
]


@pytest.mark.parametrize(("extension", "primary", "unit", "median", "offset"), HEADER_CASES)
def test_the_zero_point_of_time(
    extension: dict[str, int | float | str],
    primary: dict[str, int | float | str],
    unit: str,
    median: float,
    offset: float,
) -> None:
    axis = time_axis(Header((), extension), Header((), primary), unit, median)
    assert axis.reference.offset_jd == offset


def test_seconds_and_hours_become_days() -> None:
    assert time_axis(EMPTY, EMPTY, "s", 1.0).days_per_unit == pytest.approx(1 / 86400)
    assert time_axis(Header((), {"TIMEUNIT": "h"}), EMPTY, "", 1.0).days_per_unit == pytest.approx(1 / 24)
