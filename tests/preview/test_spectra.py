"""Spectra come out in their own units, masked, with their segments, orders and integrations told apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from mast_tui.core.look import Preview, Series
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview
from tests.preview.made_files import (
    cos_spectrum,
    iue_mxlo,
    jwst_x1d,
    jwst_x1dints,
    stis_echelle,
    table,
    write,
)


def look(path: Path, **asked: object) -> Preview:
    return preview(path, Asked(**asked, file_name=path.name))  # type: ignore[arg-type]


def first(path: Path, **asked: object) -> Series:
    item = look(path, **asked).items[0]
    assert isinstance(item, Series)
    return item


def test_cos_segments_are_shown_together_and_then_one_by_one(tmp_path: Path) -> None:
    found = look(cos_spectrum(tmp_path / "x1dsum.fits"))
    assert (found.kind, found.instrument, found.target) == ("spectrum", "HST/COS", "MRK-209")
    both, fuva, fuvb = found.series
    assert [s.name for s in found.series] == ["SCI FUVB + FUVA", "FUVA", "FUVB"]
    # 20 pixels without weight at both ends of both segments
    assert (both.n_rows, both.n_good, fuva.n_good, fuvb.n_good) == (600, 520, 260, 260)
    assert both.quality is not None and (both.quality.column, both.quality.n_flagged) == ("DQ_WGT", 80)
    assert both.starts.tolist() == [0, 260] and (np.diff(both.x)[:259] > 0).all()
    assert (both.x_axis.unit, both.y_axis.unit) == ("angstrom", "erg /s /cm**2 /angstrom")
    assert (1213.0, 1218.0) in both.ignore_for_limits
    assert look(cos_spectrum(tmp_path / "again.fits"), quality="none").series[0].n_good == 600


def test_echelle_orders_end_where_the_next_begins(tmp_path: Path) -> None:
    found = look(stis_echelle(tmp_path / "x1d.fits"))
    merged = found.series[0]
    assert [s.name for s in found.series] == ["SCI 3 orders", "order 90", "order 89", "order 88"]
    assert (np.diff(merged.x) > 0).all(), "no wavelength is drawn twice"
    assert (merged.n_rows, merged.quality and merged.quality.bitmask) == (300, 31743)
    assert merged.n_good < 3 * 99 and found.series[1].n_good == 99
    assert merged.notes == ("where orders overlap, each ends where the next begins",)
    # the middle of the overlap of 2000-2100 and 2050-2150 is 2075
    second = merged.x[merged.starts[np.searchsorted(merged.x[merged.starts], 2060)]]
    assert second == pytest.approx(2075, abs=1.1)


def test_hdu_keyword_overrides_the_usual_dq_mask(tmp_path: Path) -> None:
    path = stis_echelle(tmp_path / "x1d.fits")
    with fits.open(path, mode="update") as hdus:
        hdus[1].header["SDQFLAGS"] = 1
    assert look(path).series[1].n_good == 100
    assert look(path, quality="hard").series[1].n_good == 99


def test_iue_wavelengths_are_made_from_start_and_step(tmp_path: Path) -> None:
    found = look(iue_mxlo(tmp_path / "lwp.mxlo"))
    spectrum = found.series[0]
    assert (found.instrument, found.target) == ("IUE/LWP", "NGC 4151")
    assert (spectrum.n_rows, spectrum.n_good) == (640, 563)
    assert spectrum.summary.x_min == pytest.approx(1750 + 38 * 2.6627994, rel=1e-6)
    assert (spectrum.error_name, spectrum.y_axis.unit) == ("SIGMA", "ERG/CM2/S/A")
    assert spectrum.notes == ("77 points without data (flux 0) are left out",)


def test_iue_high_dispersion_orders_begin_at_their_start_pixel(tmp_path: Path) -> None:
    flux = np.zeros((2, 768))
    flux[0, 99:399], flux[1, 199:499] = 1e-12, 2e-12
    mehi = table(
        [
            ("ORDER", "B", [100, 99]),
            ("NPOINTS", "I", [300, 300]),
            ("STARTPIX", "I", [100, 200]),
            ("WAVELENGTH", "D", [1380.0, 1390.0], "ANGSTROM"),
            ("DELTAW", "D", [0.05, 0.05], "ANGSTROM"),
            ("ABS_CAL", "768E", flux, "ERG/CM2/S/A"),
            ("QUALITY", "768I", np.where(np.arange(768) == 150, -16384, 0) * np.ones((2, 1), int)),
        ],
        "MEHI",
    )
    found = look(write(tmp_path / "swp.mxhi", [mehi], {"TELESCOP": "IUE", "CAMERA": "SWP"}))
    merged, order_100, order_99 = found.series
    assert (order_100.name, order_100.n_rows, order_100.n_good) == ("order 100", 300, 299)
    assert order_100.summary.x_min == 1380.0 and np.allclose(order_100.y, 1e-12)
    assert order_99.n_good == 300
    assert merged.name == "MEHI 2 orders" and (np.diff(merged.x) > 0).all()


@pytest.mark.parametrize(
    ("source", "column", "unit", "error"),
    [
        ("POINT", "FLUX", "Jy", "FLUX_ERROR"),
        ("UNKNOWN", "FLUX", "Jy", "FLUX_ERROR"),
        ("EXTENDED", "SURF_BRIGHT", "MJy/sr", "SB_ERROR"),
    ],
)
def test_an_extended_source_of_jwst_is_shown_as_surface_brightness(
    tmp_path: Path, source: str, column: str, unit: str, error: str
) -> None:
    found = look(jwst_x1d(tmp_path / "x1d.fits", source))
    spectrum = found.series[0]
    assert len(found.items) == 1, "the ASDF extension is not shown"
    assert (spectrum.y_axis.name, spectrum.y_axis.unit, spectrum.error_name) == (column, unit, error)
    # 10 NaN, one DO_NOT_USE; the other flag does not matter
    assert (spectrum.n_rows, spectrum.n_good) == (120, 109)
    assert spectrum.name == "EXTRACT1D slit 9 source 9" and spectrum.x_axis.unit == "um"


def test_flags_stored_as_floats_are_flags_all_the_same(tmp_path: Path) -> None:
    spectrum = table(
        [
            ("WAVELENGTH", "D", np.linspace(1, 2, 4), "um"),
            ("FLUX", "D", np.ones(4), "Jy"),
            ("SURF_BRIGHT", "D", np.ones(4)),
            ("DQ", "D", [0, 1, np.nan, 4]),
        ]
    )
    hdus = [spectrum]
    found = look(write(tmp_path / "hlsp_ceers_x1d.fits", hdus, {"TELESCOP": "JWST", "INSTRUME": "NIRSPEC"}))
    assert found.series[0].n_good == 3


def test_time_series_spectra_begin_with_their_white_light_curve(tmp_path: Path) -> None:
    found = look(jwst_x1dints(tmp_path / "x1dints.fits"))
    white, *integrations = found.series
    assert (found.kind, white.name, white.n_good, len(integrations)) == ("lightcurve", "EXTRACT1D white light", 12, 12)
    assert white.time is not None and (white.time.format, white.time.offset_jd, white.time.scale) == (
        "mjd",
        2400000.5,
        "tdb",
    )
    level = float(np.median(white.y))
    assert level == pytest.approx(0.01 * 34)
    assert white.y[5] == pytest.approx(0.99 * level) and white.y[3] == pytest.approx(level), (
        "a masked pixel is no flare"
    )
    assert (integrations[0].n_rows, integrations[0].n_good, integrations[3].n_good) == (40, 34, 33)
    assert look(tmp_path / "x1dints.fits", row=3).series[0].name == "EXTRACT1D integration 4"


def test_of_very_many_integrations_the_first_are_listed_and_any_can_be_read(tmp_path: Path) -> None:
    path = jwst_x1dints(tmp_path / "x1dints.fits", n_integrations=230)
    found = look(path)
    assert (len(found.series), found.series[0].n_good) == (201, 230)
    assert "the first 200 of 230 spectra are listed" in found.series[1].notes[-1]
    assert look(path, row=229).series[0].name == "EXTRACT1D integration 230"


def test_sources_of_a_slitless_file_are_cut_at_their_length(tmp_path: Path) -> None:
    wave = np.tile(np.linspace(1, 2, 10), (3, 1))
    wave[2] = np.nan  # a padded row without a source
    sources = table(
        [
            ("SOURCE_ID", "J", [7, 8, 9]),
            ("N_ALONGDISP", "J", [10, 6, 0]),
            ("WAVELENGTH", "10D", wave, "um"),
            ("FLUX", "10D", np.ones((3, 10)), "Jy"),
            ("DQ", "10J", np.zeros((3, 10), int)),
        ],
        "EXTRACT1D",
    )
    found = look(write(tmp_path / "wfss_x1d.fits", [sources], {"TELESCOP": "JWST", "INSTRUME": "NIRISS"}))
    assert [(s.name, s.n_good) for s in found.series] == [("EXTRACT1D source 7", 10), ("EXTRACT1D source 8", 6)]


def test_calspec_keeps_its_units_as_written(tmp_path: Path) -> None:
    calspec = table(
        [
            ("WAVELENGTH", "E", np.linspace(1140, 25000, 50), "ANGSTROMS"),
            ("FLUX", "E", np.full(50, 7e-14), "FLAM"),
            ("STATERROR", "E", np.full(50, 1e-16), "FLAM"),
            ("DATAQUAL", "I", np.r_[0, np.ones(49, int)], "NONE"),
        ],
        "SCI",
    )
    path = write(tmp_path / "grw_stisnic_005.fits", [calspec], {"TARGETID": "GRW+70D5824"})
    spectrum = first(path)
    assert look(path).target == "GRW+70D5824" and spectrum.product == "CALSPEC spectrum"
    assert (spectrum.x_axis.unit, spectrum.y_axis.unit, spectrum.error_name) == ("ANGSTROMS", "FLAM", "STATERROR")
    assert (spectrum.n_good, first(path, quality="hard").n_good) == (50, 49)


def test_a_one_row_spectrum_without_units_works_by_the_general_rules(tmp_path: Path) -> None:
    n = 60
    spectrum = table(
        [
            ("WAVE", f"{n}D", [np.linspace(917, 1005, n)]),
            ("FLUX", f"{n}D", [np.ones(n)]),
            ("ERROR", f"{n}D", [np.ones(n)]),
        ]
    )
    shown = first(write(tmp_path / "NGC4151sic2a.fits", [spectrum]))
    assert (shown.n_rows, shown.n_good, shown.y_axis.unit, shown.name) == (n, n, "", "HDU 1")


def test_lower_case_columns_and_zero_errors_are_understood(tmp_path: Path) -> None:
    flux = np.r_[0.0, np.ones(9)]
    spectrum = table(
        [("wave", "D", np.linspace(0.6, 5.3, 10), "um"), ("flux", "D", flux, "uJy"), ("err", "D", flux * 0.1, "uJy")],
        "SPEC1D",
    )
    shown = first(write(tmp_path / "dja.spec.fits", [spectrum]))
    assert (shown.n_good, shown.error_name, shown.y_axis.unit) == (9, "err", "uJy")


def test_a_spectrum_stored_as_an_image_gets_its_wavelengths_from_the_header(tmp_path: Path) -> None:
    data = fits.ImageHDU(np.arange(5.0), name="DATA")
    for keyword, value in {"CTYPE1": "WAVELENGTH", "CUNIT1": "um", "CRPIX1": 1.0, "CRVAL1": 2.0, "CDELT1": 0.5}.items():
        data.header[keyword] = value
    variance = fits.ImageHDU(np.full(5, 4.0), name="VAR")
    shown = first(write(tmp_path / "sim.fits", [data, variance]))
    assert shown.x.tolist() == [2.0, 2.5, 3.0, 3.5, 4.0]
    assert shown.error is not None and shown.error.tolist() == [2.0] * 5


def test_old_fos_files_say_that_the_wavelengths_are_elsewhere(tmp_path: Path) -> None:
    groups = fits.TableHDU.from_columns([fits.Column("CRVAL1", "E15.7", array=[1.0, 1.0])], name="y19g.c2h.tab")
    cards = {"INSTRUME": "FOS", "TARGNAME": "NGC4151", "BUNIT": "ERGS/CM**2/S/A"}
    path = write(
        tmp_path / "fos_c1f.fits", [groups], cards, np.vstack((np.ones(200), np.full(200, 2.0))).astype(np.float32)
    )
    found = look(path)
    assert [s.name for s in found.series] == ["group 2", "group 1"], "the last group is the whole exposure"
    assert "companion file" in found.series[0].notes[0] and found.series[0].x_axis.unit == "pix"


def test_a_break_in_wavelength_begins_a_new_run(tmp_path: Path) -> None:
    wave = np.r_[np.linspace(1000, 1100, 300), np.linspace(1110, 1300, 300)]
    spectrum = table([("WAVELENGTH", "D", wave, "Angstrom"), ("FLUX", "D", np.ones(600), "Jy")])
    assert first(write(tmp_path / "gap.fits", [spectrum])).starts.tolist() == [0, 300]
