"""The archive's real files, where they are at hand: the numbers that lightkurve and the raw columns give.

The folder is named by MAST_TUI_REAL_DATA; without it these tests are skipped.
"""
# ruff: noqa: E501 - a file a line reads best

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from mast_tui.core.look import ImageLook, Preview, TableLook
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview

DATA = Path(os.environ.get("MAST_TUI_REAL_DATA", "../shared/data"))
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real files is not here")

PI_MEN = "tess/spoc/tess2018206045859-s0001-0000000261136679-0120-s_lc.fits"
K2SFF = "k2/hlsp/hlsp_k2sff_k2_lightcurve_060021426-cet_kepler_v1_llc.fits"
GPHOTON = "galex/gphoton_cr_dra_lc_fuv.csv"


def look(name: str, **asked: object) -> Preview:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    return preview(path, Asked(**asked, file_name=path.name))  # type: ignore[arg-type]


# file, y column, rows, good points, x from, x to, median, offset of time
LIGHT_CURVES = [
    (PI_MEN, "PDCSAP_FLUX", 20076, 18264, 1325.297, 1353.177, 1464602.25, 2457000.0),
    ("tess/spoc/tess2018206045859-s0001-0000000358108509-0120-s_lc.fits", "PDCSAP_FLUX", 20076, 18101, 1325.297, 1353.178, 253.3216, 2457000.0),
    ("tess/spoc/tess2020106103520-s0024-0000000188589164-0180-s_lc.fits", "PDCSAP_FLUX", 19074, 14646, 1955.799, 1982.284, 11717.4576, 2457000.0),
    ("tess/hlsp/hlsp_tess-data-alerts_tess_phot_00025155310-s01_tess_v1_lc.fits", "PDCSAP_FLUX", 20076, 18103, 1325.297, 1353.176, 9262.9141, 2457000.0),
    ("tess/hlsp/hlsp_tess-spoc_tess_phot_0000000188589164-s0024_tess_v1_lc.fits", "PDCSAP_FLUX", 1271, 972, 1955.826, 1982.264, 11703.2959, 2457000.0),
    ("tess/hlsp/hlsp_tess-spoc_tess_phot_0000000261136679-s0001_tess_v1_lc.fits", "PDCSAP_FLUX", 1337, 1182, 1325.346, 1353.158, 1464262.5, 2457000.0),
    ("tess/hlsp/hlsp_qlp_tess_ffi_s0024-0000000188589164_tess_v01_llc.fits", "SAP_FLUX", 1226, 1224, 1955.826, 1982.264, 1.0, 2457000.0),
    ("tess/hlsp/hlsp_gsfc-eleanor-lite_tess_ffi_s0001-0000000261136679_tess_v1.0_lc.fits", "CORR_FLUX", 1282, 1062, 1325.325, 1353.158, 204969.875, 2457000.0),
    ("tess/hlsp/hlsp_tglc_tess_ffi_gaiaid-6399196263939178880-s0001-cam2-ccd1_tess_v1_llc.fits", "cal_psf_flux", 1282, 1267, 1325.327, 1353.160, 0.9999830, 2457000.0),
    ("tess/other/exovetter_WASP18b_lightcurve.fits", "FLUX", 18299, 18299, 1354.112, 1381.517, 47753.2031, 2457000.0),
    ("tess/lightkurve/test-lc-tess-pimen-100-cadences.fits", "PDCSAP_FLUX", 100, 99, 1325.297, 1325.433, 1464538.75, 2457000.0),
    ("kepler/lc/kplr010002792-2009259160929_llc.fits", "PDCSAP_FLUX", 4354, 4070, 169.765, 258.467, 90503.0352, 2454833.0),
    ("kepler/lc/kplr011442793-2010009091648_llc.fits", "PDCSAP_FLUX", 1021, 1008, 352.397, 373.219, 43252.4707, 2454833.0),
    ("k2/lc/ktwo211117077-c04_llc.fits", "PDCSAP_FLUX", 3470, 3282, 2228.800, 2299.678, 37220.2734, 2454833.0),
    ("k2/lc/ktwo210690913-c13_lpd-targ-custom-lc.fits", "FLUX", 3643, 3643, 2987.581, 3068.144, 5437.9434, 2454833.0),
    ("k2/hlsp/hlsp_k2sff_k2_lightcurve_060021426-cet_kepler_v1_llc.fits", "FCOR", 312, 312, 1862.400, 1869.000, 1.0000720, 2454833.0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "column", "n_rows", "n_good", "x_min", "x_max", "median", "offset"), LIGHT_CURVES)
def test_light_curves(
    name: str, column: str, n_rows: int, n_good: int, x_min: float, x_max: float, median: float, offset: float
) -> None:
    found = look(name)
    curve = found.series[0]
    assert (found.kind, found.problems, curve.y_axis.name) == ("lightcurve", (), column)
    assert (curve.n_rows, curve.n_good) == (n_rows, n_good)
    assert (curve.summary.x_min, curve.summary.x_max) == pytest.approx((x_min, x_max), abs=6e-4)
    assert curve.summary.y_median == pytest.approx(median, rel=1e-6)
    assert curve.time is not None and curve.time.offset_jd == offset


def test_pi_men_is_masked_with_the_bits_of_lightkurve() -> None:
    found = look(PI_MEN)
    quality = found.series[0].quality
    assert quality is not None and (quality.bitmask, quality.n_flagged) == (17087, 1812)
    assert (found.target, found.instrument) == ("TIC 261136679", "TESS")
    assert look(PI_MEN, quality="none").series[0].n_good == 18279, "all finite points"
    assert look(PI_MEN, column="SAP_FLUX").series[0].summary.y_median == pytest.approx(1435902.375)


# file, instrument, target, series, rows, good points, x from, x to, median, x unit, y unit
SPECTRA = [
    ("hst/cos/MRK209_cos_x1dsum.fits", "HST/COS", "MRK-209", 3, 32768, 28461, 1130.593, 1429.597, 1.3579e-14, "angstrom", "erg /s /cm**2 /angstrom"),
    ("hst/stis/ocb6i2020_x1d.fits", "HST/STIS", "HR-1840", 35, 34816, 25740, 2328.320, 2597.174, 4.6630e-11, "Angstroms", "erg/s/cm**2/Angstrom"),
    ("hst/stis/o3zx02070_x1d.fits", "HST/STIS", "BD+28D4211", 41, 40960, 23754, 1607.296, 2366.216, 1.01856e-11, "Angstroms", "erg/s/cm**2/Angstrom"),
    ("hst/calspec/grw_70d5824_stisnic_005.fits", None, "GRW+70D5824", 1, 3991, 3991, 1140.558, 24976.709, 7.5882e-14, "ANGSTROMS", "FLAM"),
    ("hst/fos/HST_FOS.fits", "FOS", "NGC4151-CLOUD2", 2, 2064, 2064, 1.0, 2064.0, 2.96637e-16, "pix", "ERGS/CM**2/S/A"),
    ("iue/IUE_LWP.fits", "IUE/LWP", "NGC 4151", 1, 640, 563, 1851.186, 3347.680, 1.84143e-13, "ANGSTROM", "ERG/CM2/S/A"),
    ("fuse/NGC4151sic2a.fits", None, None, 1, 6694, 6694, 917.186, 1005.469, 9.35495e-14, "", ""),
    ("jwst/nircam/jw01243001001_01101_00001_nrca5_x1d.fits", "JWST/NIRCAM", "J0100+2802", 1, 1358, 1124, 3.02925, 4.15675, 5.87440e-05, "um", "Jy"),
    ("jwst/miri/VV114_MIRI_ch1_LONG_s1d.fits", None, None, 1, 1120, 1120, 6.5305, 7.6495, 3.82313e-08, "um", "MJy"),
    ("jwst/nirspec/calib_prism-clear_iras-05248-7007_s200a1.v1.spec.fits.gz", None, None, 1, 435, 422, 0.60317, 5.28702, 1620.2083, "um", "uJy"),
    ("jwst/nirspec/mosviz_sim_Final_spectrum_MOS_CLEAR-PRISM.fits.gz", None, None, 1, 1317, 1317, 6e-7, 5.29771e-6, -2.88470e-05, "m", "COUNTS SEC-1 METER-1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "instrument", "target", "n_series", "n_rows", "n_good", "x_min", "x_max", "median", "x_unit", "y_unit"),
    SPECTRA,
)
def test_spectra(
    name: str, instrument: str | None, target: str | None, n_series: int, n_rows: int, n_good: int,
    x_min: float, x_max: float, median: float, x_unit: str, y_unit: str,
) -> None:  # fmt: skip
    found = look(name)
    spectrum = found.series[0]
    assert (found.kind, found.instrument, found.target, found.problems) == ("spectrum", instrument, target, ())
    assert (len(found.series), spectrum.n_rows, spectrum.n_good) == (n_series, n_rows, n_good)
    assert (spectrum.summary.x_min, spectrum.summary.x_max) == pytest.approx((x_min, x_max), rel=1e-5)
    assert spectrum.summary.y_median == pytest.approx(median, rel=1e-4)
    assert (spectrum.x_axis.unit, spectrum.y_axis.unit) == (x_unit, y_unit)


# file, kind, shape
PICTURES = [
    ("hst/acs/j8bt06nyq_flt.fits", "image", (1024, 1024)),
    ("hst/nicmos/HST_NICMOS.fits", "image", (263, 270)),
    ("hst/wfpc2/HST_WFPC_II.fits", "image", (4, 200, 200)),
    ("hst/stis/o4er06llq_raw.fits", "image", (32, 32)),
    ("dss/HorseHead.fits", "image", (893, 891)),
    ("uit/Astro_UIT.fits", "image", (512, 512)),
    ("galex/FUV_mask.fits", "image", (800, 800)),
    ("jwst/miri/miri_data.fits", "image", (10, 416, 72)),
    ("jwst/fgs/add_wcs_default_acq1.fits", "image", (6, 2, 128, 128)),
    ("jwst/nircam/jw42424001001_01101_00001_nrca1_rate.fits.gz", "image", (2048, 2048)),
    ("kepler/ffi/kplr-ffi_ch01_test_ok.fits", "image", (200, 200)),
    ("tess/ffi/tess2018206192942-s0001-1-4-0120-s_ffic.fits", "image", (128, 173)),
    ("k2/tpf/ktwo211983544-c18_lpd-targ.fits", "pixels", (2490, 5, 7)),
    ("k2/tpf/ktwo201907706-c01-first-cadence.fits.gz", "image", (14, 15)),
    ("kepler/tpf/test-tpf-kplr-tabby-100-cadences.fits", "pixels", (100, 10, 11)),
    ("cutouts/tess-s0001-4-3_107.27_-70.0_5x5_astrocut.fits", "pixels", (1282, 5, 5)),
    ("tess/lightkurve/test-tpf-tesscut_1x1.fits", "pixels", (1289, 1, 1)),
]


@pytest.mark.parametrize(("name", "kind", "shape"), PICTURES)
def test_images_and_pixel_files(name: str, kind: str, shape: tuple[int, ...]) -> None:
    found = look(name)
    shown = found.items[0]
    assert isinstance(shown, ImageLook)
    assert (found.kind, shown.shape, found.problems) == (kind, shape, ())
    assert np.isfinite(shown.limits).all() and shown.limits[0] < shown.limits[1]


# file, kinds of the items in their order, rows and good points of the first, words in its notes
PIXELS = [
    ("k2/tpf/ktwo211983544-c18_lpd-targ.fits", ["pixels", "lightcurve"], 2490, 2371, "optimal aperture (2 pixels)"),
    ("kepler/tpf/test-tpf-kplr-tabby-100-cadences.fits", ["pixels", "lightcurve"], 100, 99, "optimal aperture (26 pixels)"),
    ("kepler/tpf/psfmachine_tpf_test_00.fits", ["pixels", "lightcurve"], 10, 10, "optimal aperture (21 pixels)"),
    ("tess/lightkurve/tess25155310-s01-first-cadences.fits.gz", ["pixels", "lightcurve"], 5, 4, "optimal aperture (9 pixels)"),
    ("tess/lightkurve/test-tpf-tesscut_1x1.fits", ["pixels", "lightcurve"], 1289, 1282, "no optimal aperture"),
    ("cutouts/tess-s0001-4-3_107.27_-70.0_5x5_astrocut.fits", ["pixels"], 1282, 1267, "no optimal aperture"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kinds", "n_rows", "n_good", "words"), PIXELS)
def test_pixel_files_bring_the_light_curve_of_their_aperture(
    name: str, kinds: list[str], n_rows: int, n_good: int, words: str
) -> None:
    found = look(name)
    shown = found.items[0]
    assert ([item.kind for item in found.items], found.kind, found.problems) == (kinds, "pixels", ())
    assert (shown.n_rows, shown.n_good) == (n_rows, n_good) and words in " ".join(shown.notes)


def test_the_flags_of_pi_men_are_counted_and_named() -> None:
    curve = look(PI_MEN).series[0]
    assert curve.quality is not None and curve.flags is not None and curve.flags.size == 18264
    named = {flag.meaning: flag.n for flag in curve.quality.flags}
    assert (named["Earth point"], named["Desaturation event"], named["Coarse point"]) == (816, 70, 30)
    assert curve.quality.decode(8 + 32) == ("Earth point", "Desaturation event")


def test_the_headers_of_pi_men_are_summed_up() -> None:
    by_name = {fact.name: fact.value for fact in look(PI_MEN).facts}
    assert (by_name["TESSMAG"], by_name["CROWDSAP"], by_name["CDPP0_5"]) == ("5.1054 mag", "0.999658", "41.6508 ppm")
    assert (by_name["PROCVER"], by_name["DATA_REL"]) == ("spoc-5.0.10-20200904", "42")
    assert by_name["file complete"] == "yes (CHECKSUM ok)"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("corrupt/astropy_checksum_false.fits", "size ok, but"),
        ("corrupt/test-lc-tess-pimen-corrupted.fits", "no, truncated"),
        ("iue/IUE_LWP.fits", "yes (size ok)"),
    ],
)
def test_whether_a_file_is_whole(name: str, value: str) -> None:
    facts = {fact.name: fact.value for fact in look(name).facts}
    assert facts["file complete"].startswith(value)


# file, series, the first one's name, rows, good points
VECTORS = [
    ("tess/lightkurve/tess2019085135100-s0010-2-4-0140-s_cbv.fits", 8, "CBV.single-scale.2.4 VECTOR_1", 100, 100),
    ("kepler/tpf/kplr2011073133259-q08-d25_lcbv.fits", 83, "MODOUT_2_1 VECTOR_1", 100, 98),
]


@pytest.mark.parametrize(("name", "n_series", "first", "n_rows", "n_good"), VECTORS)
def test_basis_vectors(name: str, n_series: int, first: str, n_rows: int, n_good: int) -> None:
    found = look(name)
    assert (found.kind, found.series[0].name, found.problems) == ("lightcurve", first, ())
    assert (len(found.series), found.series[0].n_rows, found.series[0].n_good) == (n_series, n_rows, n_good)


def test_all_apertures_of_k2sff_can_be_chosen() -> None:
    found = look(K2SFF)
    names = [series.name for series in found.series]
    assert names[0] == "BESTAPER FCOR" and {f"CIRC_APER{k} FCOR" for k in range(10)} < set(names)
    assert {f"PRF_APER{k} FCOR" for k in range(10)} < set(names) and len(names) == 21


def test_gphoton_is_a_light_curve_of_2003() -> None:
    curve = look(GPHOTON).series[0]
    assert (curve.y_axis.name, curve.error_name, curve.n_rows, curve.n_good) == (
        "flux_bgsub",
        "flux_bgsub_err",
        4023,
        3967,
    )
    assert curve.time is not None and 2452821.0 < curve.summary.x_min + curve.time.offset_jd < 2452821.01


# file, rows, columns
TABLES = [
    ("tables/esa_hubble_cone_search.vot", 317, 37),
    ("tables/vizier_kang2010.xml", 50, 22),
    ("api/mast_table/mm_jwst_M4.ecsv", None, None),
]


@pytest.mark.parametrize(("name", "n_rows", "n_columns"), TABLES)
def test_tables_are_parsed(name: str, n_rows: int | None, n_columns: int | None) -> None:
    found = look(name)
    shown = found.items[0]
    assert isinstance(shown, TableLook) and (found.kind, found.problems) == ("table", ())
    assert "could not be parsed" not in " ".join(shown.notes)
    assert len(shown.rows) == min(shown.n_rows, 200) > 0 and all(len(row) == len(shown.columns) for row in shown.rows)
    if n_rows is not None:
        assert (shown.n_rows, len(shown.columns)) == (n_rows, n_columns)


# file, kind, words of its one problem
DAMAGED = [
    ("corrupt/appledouble_._wasp18b_lc.fits", "unreadable", "macOS resource file"),
    ("corrupt/astropy_chandra_time.fits", "table", ""),
    ("corrupt/astropy_checksum_false.fits", "lightcurve", ""),
    ("corrupt/astropy_fixed-1890.fits", "image", ""),
    ("corrupt/astropy_random_groups.fits", "header", ""),
    ("corrupt/astropy_variable_length_table.fits", "table", ""),
    ("corrupt/astropy_zerowidth.fits", "table", ""),
    ("corrupt/pypahdb_sample_data_malformed.fits", "picture", "this is a JPEG picture"),
    ("corrupt/test-lc-tess-pimen-corrupted-at-header.fits", "unreadable", "ends inside the header of HDU 1"),
    ("corrupt/test-lc-tess-pimen-corrupted.fits", "lightcurve", "cut off: 22,548 of"),
    ("corrupt/test-tpf-kplr-tabby-corrupted-at-header.fits", "unreadable", "ends inside the header of HDU 1"),
    ("corrupt/test-tpf-tess-pimen-corrupted.fits", "unreadable", "cut off: 30,000 of"),
]


@pytest.mark.parametrize(("name", "kind", "words"), DAMAGED)
def test_damaged_files_say_so_in_one_sentence(name: str, kind: str, words: str) -> None:
    found = look(name)
    assert (found.kind, len(found.problems)) == (kind, 1 if words else 0), found.problems
    assert words in " ".join(found.problems)
    assert found.items or found.kind == "unreadable"
