"""Every real file at hand has an expectation that another reader or the record of the files gave, not this program.

Counts, shapes and units are those that `real-data.md` records of the files (astropy 8.0.2); tables of the recorded
answers are compared with Python's own reader. A file of the folder that nobody expects anything of is an error.
"""
# ruff: noqa: E501 - a file a line reads best

from __future__ import annotations

import csv

import numpy as np
import pytest
from astropy.io import fits
from PIL import Image

from mast_tui.core.look import ImageLook, PictureLook, Series, TableLook
from mast_tui.preview import Previewer
from tests.preview import test_real_files as real
from tests.preview.test_real_files import DATA, look

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real files is not here")

# file, finite values of the flux (of those with a finite time), y column, unit of y, column of the errors
FINITE = [
    (real.PI_MEN, 18279, "PDCSAP_FLUX", "e-/s", "PDCSAP_FLUX_ERR"),
    ("tess/spoc/tess2018206045859-s0001-0000000358108509-0120-s_lc.fits", 18104, "PDCSAP_FLUX", "e-/s", "PDCSAP_FLUX_ERR"),
    ("tess/spoc/tess2020106103520-s0024-0000000188589164-0180-s_lc.fits", 14650, "PDCSAP_FLUX", "e-/s", "PDCSAP_FLUX_ERR"),
    ("tess/hlsp/hlsp_tess-data-alerts_tess_phot_00025155310-s01_tess_v1_lc.fits", 19261, "PDCSAP_FLUX", "e-/s", "PDCSAP_FLUX_ERR"),
    ("tess/hlsp/hlsp_tess-spoc_tess_phot_0000000188589164-s0024_tess_v1_lc.fits", 972, "PDCSAP_FLUX", "e-/s", "PDCSAP_FLUX_ERR"),
    ("tess/hlsp/hlsp_tess-spoc_tess_phot_0000000261136679-s0001_tess_v1_lc.fits", 1184, "PDCSAP_FLUX", "e-/s", "PDCSAP_FLUX_ERR"),
    ("tess/hlsp/hlsp_qlp_tess_ffi_s0024-0000000188589164_tess_v01_llc.fits", 1226, "SAP_FLUX", "", "KSPSAP_FLUX_ERR"),
    ("tess/hlsp/hlsp_tglc_tess_ffi_gaiaid-6399196263939178880-s0001-cam2-ccd1_tess_v1_llc.fits", 1282, "cal_psf_flux", "", None),
    ("tess/lightkurve/test-lc-tess-pimen-100-cadences.fits", 99, "PDCSAP_FLUX", "e-/s", "PDCSAP_FLUX_ERR"),
    ("tess/lightkurve/test-lc-tess-pimen_s1_eleanor_lite-100-cadences.fits", 100, "CORR_FLUX", "e-/s", "FLUX_ERR"),
    ("tess/other/exovetter_WASP18b_lightcurve.fits", 18299, "FLUX", "e-/s", "FLUX_ERR"),
    ("tess/other/exovetter_wasp18b.fits", 18299, "FLUX", "", "FLUX_ERR"),
    ("kepler/lc/kplr010002792-2009259160929_llc.fits", 4070, "PDCSAP_FLUX", "e-/s", "PDCSAP_FLUX_ERR"),
    ("kepler/lc/kplr011442793-2010009091648_llc.fits", 1008, "PDCSAP_FLUX", "e-/s", "PDCSAP_FLUX_ERR"),
    ("k2/lc/ktwo211117077-c04_llc.fits", 3282, "PDCSAP_FLUX", "e-/s", "PDCSAP_FLUX_ERR"),
    ("k2/lc/ktwo210690913-c13_lpd-targ-custom-lc.fits", 3643, "FLUX", "counts", "FLUX_ERR"),
    (real.K2SFF, 312, "FCOR", "", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "n_finite", "column", "unit", "error"), FINITE)
def test_without_a_mask_every_finite_point_is_there(
    name: str, n_finite: int, column: str, unit: str, error: str | None
) -> None:
    curve = look(name, quality="none").items[0]
    assert isinstance(curve, Series) and curve.kind == "lightcurve"
    assert (curve.n_good, curve.x.size) == (n_finite, n_finite)
    assert (curve.y_axis.name, curve.y_axis.unit, curve.error_name) == (column, unit, error)
    assert np.isfinite(curve.x).all() and np.isfinite(curve.y).all() and (np.diff(curve.x) >= 0).all()


def test_the_bad_cadences_of_eleanor_hold_no_flux() -> None:
    """CORR_FLUX contains -1e20 in bad cadences: finite, and no measurement."""
    name = "tess/hlsp/hlsp_gsfc-eleanor-lite_tess_ffi_s0001-0000000261136679_tess_v1.0_lc.fits"
    with fits.open(DATA / name) as hdus:
        flux = np.asarray(hdus[1].data["CORR_FLUX"], np.float64)
    curve = look(name, quality="none").series[0]
    assert curve.n_good == np.count_nonzero(flux > -1e19) and curve.summary.y_min > -1e19


# file, images that are listed: HDU, shape (numpy order), unit
IMAGES = [
    ("hst/acs/j8bt06nyq_flt.fits", [(1, (1024, 1024), "ELECTRONS")]),
    ("hst/acs/11051203.acs.i_6ac_.fits", [(0, (201, 201), "")]),
    ("hst/fgs/HST_FGS.fits", [(0, (7, 89688), "")]),
    ("hst/nicmos/HST_NICMOS.fits", [(1, (263, 270), "COUNTS/S")]),
    ("hst/stis/o4er06llq_raw.fits", [(1, (32, 32), "COUNTS"), (4, (1, 3), "COUNTS")]),
    ("hst/wfc3/CANDELS_GDS_F160W_J033236.06-274559.1_hst_wfc3ir_f160w_cutout.fits", [(0, (50, 50), "")]),
    ("hst/wfpc2/HST_WFPC_II.fits", [(0, (4, 200, 200), "")]),
    (
        "cutouts/candels_gn_30mas_189.492060_62.206150_100.0pix-x-100.0pix_astrocut.fits",
        [(k, (100, 100), "") for k in (1, 2, 3)],
    ),
    ("dss/HorseHead.fits", [(0, (893, 891), "")]),
    ("galex/FUV_mask.fits", [(0, (800, 800), "")]),
    ("uit/Astro_UIT.fits", [(0, (512, 512), "ERGS/CM**2/S/ANGSTRM")]),
    ("jwst/fgs/add_wcs_default_acq1.fits", [(1, (6, 2, 128, 128), "DN")]),
    ("jwst/miri/miri_data.fits", [(1, (10, 416, 72), "MJy/sr")]),
    ("jwst/nircam/jw01075001001_03105_00009_nrca2_uncal.fits", [(1, (1, 1, 1, 1), "DN")]),
    ("jwst/nircam/jw01243001001_01101_00003_nrca5_cal.fits", [(1, (6, 1358), "MJy/sr")]),
    ("jwst/nircam/jw42424001001_01101_00001_nrca1_rate.fits.gz", [(1, (2048, 2048), "DN/s")]),
    ("kepler/ffi/kplr-ffi_ch01_test_ok.fits", [(1, (200, 200), "electrons/s")]),
    ("k2/tpf/ktwo201907706-c01-first-cadence.fits.gz", [(1, (14, 15), "")]),
]


@pytest.mark.parametrize(("name", "expected"), IMAGES)
def test_images_are_those_of_the_record(name: str, expected: list[tuple[int, tuple[int, ...], str]]) -> None:
    found = look(name)
    shown = [item for item in found.items if isinstance(item, ImageLook)]
    assert [(item.hdu, item.shape, item.value_axis.unit) for item in shown] == expected
    assert (found.kind, found.problems) == ("image", ())


CHIPS = "hst/acs/j94f05bgq_flt.fits"


def test_both_chips_of_a_camera_are_there() -> None:
    """Two SCI of 1 by 1 pixel (their data was dropped), as one mosaic."""
    shown = look(CHIPS).items[0]
    assert isinstance(shown, ImageLook) and (shown.hdu, shown.value_axis.unit) == (1, "ELECTRONS")
    assert np.prod(shown.shape) == 2


# file, what is shown first, the science and not the reference image before it: HDU, name, shape, unit (astropy's words)
GRISM = [
    ("hst/wfc3/j033216m2743_00152.beams.fits", (3, "SCI,2", (64, 271), "ELECTRONS/S")),
    ("jwst/niriss/niriss_jw01324001001_test.beams.fits", (3, "SCI,2", (64, 138), "DN/s")),
]


@pytest.mark.parametrize(("name", "first"), GRISM)
def test_cutouts_of_grism_beams_show_each_of_their_images(name: str, first: tuple[object, ...]) -> None:
    found = look(name)
    shown = [item for item in found.items if isinstance(item, ImageLook)]
    assert (shown[0].hdu, shown[0].name, shown[0].shape, shown[0].value_axis.unit) == first
    with fits.open(DATA / name) as hdus:
        spectra = [k for k, hdu in enumerate(hdus) if hdu.name == "SCI"]
        axes = [hdus[k].shape for k in spectra]
    assert [(item.hdu, item.shape) for item in shown if item.name.startswith("SCI")] == list(
        zip(spectra, axes, strict=True)
    )


@pytest.mark.parametrize(
    "name", ["hst/nicmos/HST_NICMOS.fits", "uit/Astro_UIT.fits", "hst/acs/j8bt06nyq_flt.fits", "dss/HorseHead.fits"]
)
def test_the_values_of_images_are_astropys(name: str) -> None:
    shown = look(name).items[0]
    assert isinstance(shown, ImageLook)
    with fits.open(DATA / name) as hdus:
        data = np.asarray(hdus[shown.hdu].data, np.float64)
    finite = data[np.isfinite(data)]
    summary = shown.summary
    assert (summary.y_min, summary.y_max) == pytest.approx((finite.min(), finite.max()), rel=1e-6)
    assert summary.y_median == pytest.approx(np.median(finite), rel=1e-6)


JPEGS = [
    "cutouts/hlsp_candels_hst_acs_gn-tot-30mas_f606w_v1.0_drz_189.492060_62.206150_100.0pix-x-100.0pix_astrocut.jpg",
    "cutouts/hlsp_candels_hst_acs_gn-tot-30mas_f814w_v1.0_drz_189.492060_62.206150_100.0pix-x-100.0pix_astrocut.jpg",
    "cutouts/hlsp_candels_hst_acs_gn-tot-30mas_f850lp_v1.0_drz_189.492060_62.206150_100.0pix-x-100.0pix_astrocut.jpg",
    "hst/preview/skycell-p1889x07y19_f105w_full.jpg",
]


@pytest.mark.parametrize("name", JPEGS)
def test_previews_of_the_archive_are_pictures(name: str) -> None:
    found = look(name)
    shown = found.items[0]
    assert isinstance(shown, PictureLook) and (found.kind, shown.format, found.problems) == ("picture", "JPEG", ())
    with Image.open(DATA / name) as image:
        assert shown.shape == (image.height, image.width)
    assert shown.pixels is not None and shown.pixels.ndim == 3


# file, tables in their order: name, rows, columns
FITS_TABLES = [
    ("euve/EUVEngc4151imgx.fits", [("ds_limits", 3, 3), ("sw_night_limits", 2, 3), ("mw_limits", 2, 3), ("lw_limits", 2, 3)]),
    ("corrupt/astropy_chandra_time.fits", [("EVENTS", 2, 19)]),
    ("corrupt/astropy_variable_length_table.fits", [("HDU 1", 2, 2)]),
    ("corrupt/astropy_zerowidth.fits", [("AIPS FQ", 1, 5), ("AIPS AN", 29, 12), ("AIPS WX", 20, 11), ("AIPS OF", 45, 7)]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), FITS_TABLES)
def test_tables_that_are_no_curves_are_tables(name: str, expected: list[tuple[str, int, int]]) -> None:
    found = look(name)
    shown = [item for item in found.items if isinstance(item, TableLook)]
    assert [(item.name, item.n_rows, len(item.columns)) for item in shown] == expected and found.kind == "table"


#: A one-dimensional array without a wavelength is not drawn; its headers are the answer.
HEADERS = ["hst/stis/o4er06llq_spt.fits"]


@pytest.mark.parametrize("name", HEADERS)
def test_support_files_show_their_headers(name: str) -> None:
    found = look(name)
    assert (found.kind, found.problems) == ("header", ()) and found.header is not None
    with fits.open(DATA / name) as hdus:
        assert [hdu.name for hdu in found.header.hdus][1:] == [hdu.name for hdu in hdus][1:]
        written = [sum(bool(card.image.strip()) for card in hdu.header.cards) for hdu in hdus]
    assert [len(hdu.cards) for hdu in found.header.hdus] == written


def of_the_archive(*endings: str) -> list[str]:
    """The recorded answers of the archive, which are text or tables."""
    paths = sorted((DATA / "api").rglob("*")) if DATA.is_dir() else []
    return [str(path.relative_to(DATA)) for path in paths if path.suffix in endings and path.is_file()]


SEPARATED = [*of_the_archive(".csv"), "SOURCES.tsv"]


@pytest.mark.parametrize("name", SEPARATED)
def test_recorded_tables_have_the_columns_and_rows_that_python_reads(name: str) -> None:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        head, *rows = csv.reader(file, delimiter="\t" if name.endswith(".tsv") else ",")
    found = look(name)
    shown = next(item for item in found.items if isinstance(item, TableLook))
    assert ([column.name for column in shown.columns], shown.shape) == (head[:100], (len(rows), len(head)))
    is_curve = {"TIME", "PDCSAP_FLUX"} <= set(head)
    assert (found.kind, found.problems) == ("lightcurve" if is_curve else "table", ())


@pytest.mark.parametrize("name", of_the_archive(".json", ".extjs", ".txt", ".rst"))
def test_recorded_answers_are_text(name: str) -> None:
    found = look(name)
    content = (DATA / name).read_bytes()
    assert (found.kind, found.problems) == ("text", ())
    assert found.items[0].n_rows == content.count(b"\n") + (not content.endswith(b"\n"))


@pytest.mark.parametrize("name", of_the_archive(".zip"))
def test_archives_of_files_say_what_they_are(name: str) -> None:
    found = look(name)
    assert found.kind == "unreadable" and "zip archive" in found.problems[0]


def test_no_file_is_without_an_expectation() -> None:
    rows = (
        real.LIGHT_CURVES, real.SPECTRA, real.PICTURES, real.PIXELS, real.VECTORS, real.TABLES, real.DAMAGED,
        FINITE, IMAGES, GRISM, FITS_TABLES,
    )  # fmt: skip
    expected = {row[0] for table in rows for row in table} | {
        *JPEGS,
        *HEADERS,
        CHIPS,
        *SEPARATED,
        real.GPHOTON,
        real.K2SFF,
    }
    expected |= {*of_the_archive(".json", ".extjs", ".txt", ".rst", ".zip")}
    there = {str(path.relative_to(DATA)) for path in DATA.rglob("*") if path.is_file()}
    assert there - expected == set()


async def test_every_file_is_answered_by_the_worker_as_by_its_reader() -> None:
    previewer = Previewer()
    paths = [path for path in sorted(DATA.rglob("*")) if path.is_file()]
    kinds = {path.name: (await previewer.look(path)).kind for path in paths}
    await previewer.close()
    unreadable = sorted(name for name, kind in kinds.items() if kind == "unreadable")
    assert all("corrupt" in n or n.startswith("appledouble") or n.endswith(".zip") for n in unreadable), unreadable
    assert kinds == {path.name: look(str(path.relative_to(DATA))).kind for path in paths}
