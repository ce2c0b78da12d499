"""The test list of the preview rules (section 7), an item a test, in its order: each found a real bug or trap once.

Items that name a file are tried on the real file where it is at hand, and on a small one in its layout always. How long
a picture takes to draw (25 ms) is not a test but a measurement: `tests/benchmarks/bench_preview.py`. Leaving a search
in the middle is timed in `tests/analysis/test_periods.py`, a window that changes its size meanwhile is tried in
`tests/tui/test_period_answers.py` with the app.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from rich.console import Console

from mast_tui.analysis import normalised
from mast_tui.core.look import ImageLook, Preview, Series
from mast_tui.plot import draw_series, text
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview
from mast_tui.tui.widgets.plot_view import PlotView
from tests.plot.made_series import series, spectrum
from tests.plot.test_layers import field, lowest_strokes, noisy
from tests.plot.test_plot_view import Shown
from tests.preview import test_real_files as real
from tests.preview.made_files import (
    KEPLER,
    TESS,
    cos_spectrum,
    header_block,
    iue_mxlo,
    jwst_x1d,
    jwst_x1dints,
    spoc_light_curve,
    table,
    write,
)
from tests.preview.test_real_files import DATA

N = 60
TIME = 1325.0 + np.arange(N) / 48
FLUX = 1 + 1e-3 * np.sin(np.arange(N) / 5)
with_real_files = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real files is not here")


def look(path: Path, **asked: object) -> Preview:
    return preview(path, Asked(**asked, file_name=path.name))  # type: ignore[arg-type]


def first(path: Path, **asked: object) -> Series:
    item = look(path, **asked).items[0]
    assert isinstance(item, Series), item
    return item


# --- light curves -------------------------------------------------------------------------------------------------


@with_real_files
def test_pi_men_sector_1() -> None:
    curve = real.look(real.PI_MEN).series[0]
    assert curve.quality is not None and curve.quality.bitmask == 17087
    assert (curve.n_rows, curve.n_good, curve.y_axis.name) == (20076, 18264, "PDCSAP_FLUX")


def test_ppm_of_tasoc_are_not_divided_by_their_median(tmp_path: Path) -> None:
    ppm = (FLUX - 1) * 1e6
    made = table(
        [("TIME", "D", TIME), ("FLUX_RAW", "D", FLUX * 9e3, "e-/s"), ("FLUX_CORR", "D", ppm, "ppm"),
         ("FLUX_CORR_ERR", "D", np.full(N, 30.0), "ppm"), ("QUALITY", "J", np.zeros(N, int))],
        "LIGHTCURVE",
        {"BJDREFI": 2457000},
    )  # fmt: skip
    curve = first(write(tmp_path / "tasoc.fits", [made], {**TESS, "ORIGIN": "TASOC/Aarhus"}))
    assert (curve.y_axis.name, curve.y_axis.unit) == ("FLUX_CORR", "ppm")
    relative = normalised(curve)
    to_ppm = {"ppm": 1.0, "ppt": 1e3, "": 1e6}[relative.y_axis.unit]
    assert relative.y * to_ppm == pytest.approx(ppm, abs=1e-6)


@with_real_files
def test_eleanor_without_a_zero_point_has_that_of_its_mission() -> None:
    name = "tess/hlsp/hlsp_gsfc-eleanor-lite_tess_ffi_s0001-0000000261136679_tess_v1.0_lc.fits"
    with fits.open(DATA / name) as hdus:
        assert "BJDREFI" not in hdus[1].header
    curve = real.look(name).series[0]
    assert curve.time is not None and (curve.time.format, curve.time.offset_jd) == ("btjd", 2457000.0)


def test_an_old_cutout_without_a_zero_point_and_with_an_aperture_of_floats(tmp_path: Path) -> None:
    """The unit of TIME says what it counts from; an aperture that is 1.0 everywhere marks nothing as optimal."""
    flux = np.tile(np.linspace(1, 2, 25, dtype=np.float32).reshape(5, 5), (N, 1, 1))
    flux[:, 2, 2] = 100
    pixels = table(
        [("TIME", "D", TIME, "BJD - 2457000, days"), ("FLUX", "25E", flux, "e-/s"), ("QUALITY", "J", np.zeros(N, int))],
        "PIXELS",
        dims={"FLUX": "(5, 5)"},
    )
    path = write(tmp_path / "astrocut.fits", [pixels, fits.ImageHDU(np.ones((5, 5)), name="APERTURE")], TESS)
    image, curve = look(path).items
    assert isinstance(image, ImageLook) and isinstance(curve, Series)
    assert curve.time is not None and curve.time.offset_jd == 2457000.0 and "BJDREFI" not in fits.getheader(path, 1)
    assert image.aperture is not None and np.argwhere(image.aperture).tolist() == [[2, 2]]


def test_tglc_with_a_cube_first_and_names_in_lower_case(tmp_path: Path) -> None:
    made = table(
        [("time", "D", TIME), ("cal_psf_flux", "D", FLUX), ("cal_aper_flux", "D", FLUX),
         ("TESS_flags", "I", np.zeros(N, int)), ("TGLC_flags", "I", np.zeros(N, int))],
        "LIGHTCURVE",
        {"BJDREFI": 2457000},
    )  # fmt: skip
    path = write(tmp_path / "tglc.fits", [made], {**TESS, "ORIGIN": "UCSB/TGLC"}, np.zeros((N, 5, 5), np.float32))
    found = look(path)
    assert found.kind == "lightcurve" and [item.kind for item in found.items] == ["lightcurve", "image"]
    assert found.series[0].y_axis.name == "cal_psf_flux" and found.series[0].n_good == N


@with_real_files
def test_k2sff_has_its_time_in_t_and_21_apertures() -> None:
    found = real.look(real.K2SFF)
    assert {curve.x_axis.name for curve in found.series} == {"T"} and len(found.series) == 21
    assert found.series[0].name == "BESTAPER FCOR"
    assert found.series[0].time is not None and found.series[0].time.offset_jd == 2454833.0


def test_k2sc_has_a_curve_of_each_of_its_tables(tmp_path: Path) -> None:
    quality = np.zeros(N, int)
    quality[3] = 1 << 20
    hdus = [
        table(
            [("time", "D", TIME + 700), ("cadence", "J", np.arange(N)), ("quality", "J", quality), ("flux", "D", FLUX),
             ("error", "D", FLUX / 1e4), ("trposi", "D", FLUX), ("trtime", "D", FLUX), ("mflags", "B", quality * 0)],
            name,
            {"BJDREFI": 2454833, "CREATOR": "k2SC v1.0"},
        )
        for name in ("PDC", "SAP")
    ]  # fmt: skip
    found = look(write(tmp_path / "k2sc.fits", hdus, KEPLER))
    assert [(c.name, c.n_good, c.error_name) for c in found.series] == [
        ("PDC flux", N - 1, "error"),
        ("SAP flux", N - 1, "error"),
    ]
    cadence, time = found.series[0].cadence, found.series[0].time
    assert cadence is not None and cadence[3] == 4 and time is not None and time.offset_jd == 2454833.0


def test_magnitudes_of_cdips_grow_downwards(tmp_path: Path) -> None:
    made = table([("TMID_BJD", "D", 2457000 + TIME), ("TFA1", "D", 12 + FLUX), ("IRQ1", "1A", ["G"] * N)], "LC")
    curve = first(write(tmp_path / "cdips.fits", [made], {**TESS, "ORIGIN": "cdips"}))
    assert curve.y_axis.upside_down
    frame = draw_series(curve, 80, 24)
    rows = [k for k, line in enumerate(frame.lines) if "┤" in line]
    written = [float(frame.lines[k][: frame.lines[k].index("┤")]) for k in rows]
    assert len(written) > 2 and written == sorted(written), "the smaller magnitude, the brighter star, is above"


# --- spectra ------------------------------------------------------------------------------------------------------


def test_cos_has_two_segments_masked_by_their_weights(tmp_path: Path) -> None:
    found = look(cos_spectrum(tmp_path / "cos_x1dsum.fits"))
    assert [c.name for c in found.series][1:] == ["FUVA", "FUVB"]
    assert {c.quality.column for c in found.series if c.quality} == {"DQ_WGT"}
    assert [c.n_good for c in found.series] == [520, 260, 260]


@with_real_files
@pytest.mark.parametrize(
    ("name", "n_orders"), [("hst/stis/o3zx02070_x1d.fits", 40), ("hst/stis/ocb6i2020_x1d.fits", 34)]
)
def test_the_orders_of_an_echelle_are_one_spectrum_and_each_its_own(name: str, n_orders: int) -> None:
    whole, *orders = real.look(name).series
    assert len(orders) == n_orders and whole.name == f"SCI {n_orders} orders"
    assert (np.diff(whole.x) > 0).all(), "no wavelength is there twice"


def test_eighty_orders(tmp_path: Path) -> None:
    n = 64
    wave = np.array([np.linspace(1150 + 7 * k, 1160 + 7 * k, n) for k in range(80)])
    made = table(
        [("SPORDER", "I", np.arange(400, 320, -1)), ("WAVELENGTH", f"{n}D", wave, "Angstroms"),
         ("FLUX", f"{n}E", np.full((80, n), 1e-12), "erg/s/cm**2/Angstrom"), ("DQ", f"{n}I", np.zeros((80, n), int))],
        "SCI",
    )  # fmt: skip
    found = look(write(tmp_path / "x1d.fits", [made], {"TELESCOP": "HST", "INSTRUME": "STIS"}))
    assert len(found.series) == 81 and (np.diff(found.series[0].x) > 0).all()


def test_where_iue_has_no_flux_there_is_no_point(tmp_path: Path) -> None:
    spectrum = first(iue_mxlo(tmp_path / "lwp.mxlo"))
    assert (spectrum.n_rows, spectrum.n_good) == (640, 563)
    assert spectrum.summary.y_min == pytest.approx(2e-13), "not 0"


@with_real_files
def test_fos_says_that_its_axis_is_pixels() -> None:
    spectrum = real.look("hst/fos/HST_FOS.fits").series[0]
    assert spectrum.x_axis.unit == "pix" and "companion file" in " ".join(spectrum.notes)


def test_an_extended_source_of_jwst_is_a_surface_brightness_and_flags_may_be_floats(tmp_path: Path) -> None:
    assert first(jwst_x1d(tmp_path / "a_x1d.fits", "EXTENDED")).y_axis.name == "SURF_BRIGHT"
    made = table(
        [("WAVELENGTH", "D", np.linspace(1, 2, 4), "um"), ("FLUX", "D", np.ones(4), "Jy"),
         ("SURF_BRIGHT", "D", np.ones(4)), ("DQ", "D", [0, 1, np.nan, 4])]
    )  # fmt: skip
    assert first(write(tmp_path / "ceers.fits", [made], {"TELESCOP": "JWST"})).n_good == 3


def test_a_time_series_of_spectra_begins_with_its_light_curve_and_has_each_row(tmp_path: Path) -> None:
    found = look(jwst_x1dints(tmp_path / "x1dints.fits"))
    curve = found.series[0]
    assert (curve.kind, curve.n_good, int(np.argmin(curve.y))) == ("lightcurve", 12, 5)
    assert [s.row for s in found.series if s.kind == "spectrum"] == list(range(12))


def test_padding_of_slitless_spectra_is_no_data(tmp_path: Path) -> None:
    wave, flux = np.tile(np.linspace(1, 2, 10), (2, 1)), np.ones((2, 10))
    wave[1, 6:], flux[1, 6:] = np.nan, np.nan
    made = table(
        [("SOURCE_ID", "J", [7, 8]), ("N_ALONGDISP", "J", [10, 6]), ("WAVELENGTH", "10D", wave, "um"),
         ("FLUX", "10D", flux, "Jy"), ("DQ", "10J", np.zeros((2, 10), int))],
        "EXTRACT1D",
    )  # fmt: skip
    found = look(write(tmp_path / "wfss_x1d.fits", [made], {"TELESCOP": "JWST", "INSTRUME": "NIRISS"}))
    assert [(s.n_good, s.x.size) for s in found.series] == [(10, 10), (6, 6)]


# --- files that are not well --------------------------------------------------------------------------------------


def test_damaged_files_give_a_sentence(tmp_path: Path) -> None:
    whole = spoc_light_curve(tmp_path / "whole.fits")
    cut = tmp_path / "cut_lc.fits"
    cut.write_bytes(whole.read_bytes()[:9000])
    double = tmp_path / "._whole.fits"
    double.write_bytes(b"\x00\x05\x16\x07" + bytes(4092))
    for path, words in ((cut, "cut off"), (double, "macOS resource file")):
        (problem,) = look(path).problems
        assert words in problem and problem.endswith(".") and "Traceback" not in problem


def test_a_column_of_zero_width_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "zero.fits"
    columns = ("TTYPE1  = 'NOTHING '", "TFORM1  = '0E      '", "TTYPE2  = 'N       '", "TFORM2  = 'J       '")
    head = header_block(
        "XTENSION= 'BINTABLE'", "BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = 4", "NAXIS2  = 3", "PCOUNT  = 0",
        "GCOUNT  = 1", "TFIELDS = 2", *columns,
    )  # fmt: skip
    rows = np.array([5, 6, 7], ">i4").tobytes().ljust(2880, b"\0")
    path.write_bytes(header_block("SIMPLE  =                    T", "BITPIX  = 8", "NAXIS   = 0") + head + rows)
    found = look(path)
    assert (found.kind, found.problems, found.items[0].n_rows) == ("table", (), 3)


# --- the drawing --------------------------------------------------------------------------------------------------


def test_fluxes_of_1e_minus_14_have_readable_ticks() -> None:
    frame = draw_series(spectrum(np.linspace(1130, 1430, 500), 1.4e-14 * (2 + np.sin(np.arange(500) / 30))), 80, 24)
    ticks = [line[: line.index("┤")].strip() for line in frame.lines if "┤" in line]
    assert len(ticks) > 2 and len(set(ticks)) == len(ticks) and max(map(len, ticks)) <= 5
    assert "10⁻¹⁴" in "\n".join(frame.lines)


def test_a_gap_of_nan_is_not_bridged(tmp_path: Path) -> None:
    y = FLUX * 1000
    y[20:40] = np.nan
    made = table([("TIME", "D", TIME), ("FLUX", "D", y, "e-/s")], "LIGHTCURVE", {"BJDREFI": 2457000})
    curve = first(write(tmp_path / "lc.fits", [made], TESS))
    assert curve.starts.tolist() == [0, 20]
    rows = field(draw_series(curve, 80, 24))
    middle = [row[len(row) // 2 - 8 : len(row) // 2 + 8] for row in rows]
    assert not any(sign > "⠀" for part in middle for sign in part)


@pytest.mark.parametrize("n", [20_000, 1_200_000])
def test_one_dip_of_ten_cadences_is_seen_in_the_text(n: int) -> None:
    at = round(0.37 * n)
    frame = draw_series(noisy(n, at), 120, 35)
    assert lowest_strokes(frame) == [frame.column_of(at / 720.0)]


@pytest.mark.parametrize("n", [20_000, 1_200_000])
async def test_a_frame_is_at_most_45_kilobytes(n: int) -> None:
    """All cells of the plot as Textual writes them to a terminal of true colours."""
    app = Shown()
    console = Console(color_system="truecolor", force_terminal=True)
    async with app.run_test(size=(120, 45)) as pilot:
        view = app.query_one(PlotView)
        view.show(noisy(n, n // 3))
        await pilot.pause()
        assert (view.size.width, view.size.height) == (120, 35)
        strips = app.screen._compositor.render_strips()[:35]
        n_bytes = sum(len(strip.render(console).encode()) for strip in strips)
    assert 4_000 < n_bytes <= 45_000


def test_no_warning_of_units_reaches_the_person(tmp_path: Path) -> None:
    made = table(
        [("WAVELENGTH", "D", np.linspace(1000, 2000, 50), "ANGSTROMS"), ("FLUX", "D", np.ones(50), "FLAM"),
         ("SIGMA", "D", np.ones(50), "ERGS/CM**2/S/ANGSTRM")],
        "SCI",
    )  # fmt: skip
    path = write(tmp_path / "odd_units.fits", [made])
    environment = {**os.environ, "PYTHONWARNINGS": "always::UserWarning"}
    done = subprocess.run(
        [sys.executable, "-m", "mast_tui.cli", "preview", str(path), "--format", "json"],
        capture_output=True, text=True, timeout=60, check=True, env=environment,
    )  # fmt: skip
    assert done.stderr == "" and '"unit": "FLAM"' in done.stdout


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 12)])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_without_colour_in_ascii_and_small_it_is_all_there(
    tmp_path: Path, columns: int, rows: int, ascii_only: bool
) -> None:
    found = look(spoc_light_curve(tmp_path / "a_lc.fits"))
    shown = text(found, columns, rows, colour=False, ascii_only=ascii_only)
    assert "\x1b" not in shown and (not ascii_only or shown.isascii())
    assert len(shown.splitlines()) <= rows and max(map(len, shown.splitlines())) <= columns
    frame = draw_series(found.series[0], columns, rows, ascii_only=ascii_only)
    drawn = {sign for row in field(frame) for sign in row} - set(" ⠀")
    assert len(frame.lines) == rows and drawn


def test_a_window_of_another_size_draws_the_same_data() -> None:
    curve = series(np.arange(500.0), np.sin(np.arange(500) / 30))
    frames = [draw_series(curve, columns, rows) for columns, rows in ((120, 35), (60, 18), (120, 35))]
    assert frames[0].lines == frames[2].lines and len(frames[1].lines) == 18
