"""One small file in the layout of each further product of spectra: recognised, read and masked as its mission says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from mast_tui.core.look import Preview
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview
from mast_tui.preview.masks import Bits
from mast_tui.preview.recipe import Spectrum, Value, Where
from mast_tui.preview.spectrum_recipes import SPECTRA
from tests.preview.made_files import Field, jwst_x1d, table, write

N = 40
WAVE = np.linspace(1150.0, 1450.0, N)
ONES = np.ones(N)
CGS = "erg s-1 cm-2 Angstrom-1"


def look(path: Path, **asked: Any) -> Preview:
    return preview(path, Asked(**asked, file_name=path.name))


def test_hasp_and_ullyses_coadds_leave_out_what_was_never_exposed(tmp_path: Path) -> None:
    exposed = np.full(N, 1200.0)
    exposed[:6] = 0
    science = table(
        [
            ("WAVELENGTH", f"{N}D", [WAVE], "Angstrom"),
            ("FLUX", f"{N}D", [ONES * 1e-14], CGS),
            ("ERROR", f"{N}D", [ONES * 1e-15], CGS),
            ("SNR", f"{N}D", [ONES * 10]),
            ("EFF_EXPTIME", f"{N}D", [exposed], "s"),
        ],
        "SCIENCE",
    )
    provenance = table([("FILENAME", "20A", ["lxxx01_x1d.fits"]), ("MINWAVE", "E", [1150.0])], "PROVENANCE")
    found = look(write(tmp_path / "hst_1_cos_x_g130m_cspec.fits", [science, provenance], {"TELESCOP": "HST"}))
    (spectrum,) = found.series
    assert (spectrum.product, spectrum.n_rows, spectrum.n_good) == ("HST co-added spectrum", N, N - 6)
    assert spectrum.quality is not None and spectrum.quality.column == "EFF_EXPTIME"
    assert (spectrum.error_name, spectrum.medium, len(found.items)) == ("ERROR", "vacuum", 1)
    assert look(tmp_path / "hst_1_cos_x_g130m_cspec.fits", column="SNR").series[0].y[0] == 10


def test_hsla_coadds_have_names_of_their_own(tmp_path: Path) -> None:
    flux = np.where(np.arange(N) < 4, 0.0, 2e-14)
    columns: list[Field] = [
        ("WAVE", "D", WAVE, "Angstrom"),
        ("FLUXWGT", "D", flux, CGS),
        ("FLUXWGT_ERR", "D", flux / 20, CGS),
    ]
    (spectrum,) = look(write(tmp_path / "target_coadd_FUVM_final_all.fits", [table(columns)])).series
    assert (spectrum.product, spectrum.error_name, spectrum.n_good) == ("HSLA co-added spectrum", "FLUXWGT_ERR", N - 4)


def test_reads_of_stis_are_told_apart_by_their_version(tmp_path: Path) -> None:
    def read(version: int) -> fits.BinTableHDU:
        columns: list[Field] = [
            ("SPORDER", "I", [1]),
            ("NELEM", "I", [N]),
            ("WAVELENGTH", f"{N}D", [WAVE], "Angstroms"),
            ("FLUX", f"{N}E", [ONES * version], CGS),
            ("ERROR", f"{N}E", [ONES / 10], CGS),
            ("DQ", f"{N}I", [np.where(np.arange(N) == 3, 512, 0)]),
        ]
        return table(columns, "SCI", {"EXTVER": version, "SDQFLAGS": 31743})

    path = write(tmp_path / "o4x_sx1.fits", [read(1), read(2)], {"INSTRUME": "STIS", "X1DCORR": "COMPLETE"})
    first, second = look(path).series
    assert (first.hdu, second.hdu, first.n_good, second.y[0]) == (1, 2, N - 1, 2.0)
    assert look(path, hdu=2).series[0].y[0] == 2.0


def test_combined_spectra_of_jwst_call_their_error_error(tmp_path: Path) -> None:
    columns: list[Field] = [
        ("WAVELENGTH", "D", WAVE / 1e3, "um"),
        ("FLUX", "D", ONES, "Jy"),
        ("ERROR", "D", ONES / 50, "Jy"),
    ]
    columns += [("SURF_BRIGHT", "D", ONES, "MJy/sr"), ("DQ", "J", np.where(np.arange(N) == 0, 1, 0))]
    (spectrum,) = look(write(tmp_path / "jw_c1d.fits", [table(columns, "COMBINE1D")], {"TELESCOP": "JWST"})).series
    assert (spectrum.product, spectrum.error_name, spectrum.n_good) == ("JWST spectrum", "ERROR", N - 1)


def test_the_orders_of_soss_are_items_of_their_own(tmp_path: Path) -> None:
    hdus = []
    for k, order in enumerate((1, 2, 3), start=1):
        columns: list[Field] = [("WAVELENGTH", "D", 2.8 / order + np.arange(N) * 0.01, "um"), ("FLUX", "D", ONES, "Jy")]
        hdus.append(table(columns, "EXTRACT1D", {"SPORDER": order, "EXTVER": k, "SRCTYPE": "POINT"}))
    found = look(write(tmp_path / "jw_soss_x1d.fits", hdus, {"TELESCOP": "JWST", "INSTRUME": "NIRISS"}))
    assert [series.name.partition(" exposure")[0] for series in found.series] == [
        "EXTRACT1D",
        "EXTRACT1D order 2",
        "EXTRACT1D order 3",
    ]


def test_an_integral_field_spectrum_is_surface_brightness_where_its_source_is_extended(tmp_path: Path) -> None:
    (spectrum,) = look(jwst_x1d(tmp_path / "jw_mrs_ch1-short_x1d.fits", "EXTENDED")).series
    assert (spectrum.y_axis.label, spectrum.y_axis.unit) == ("Surface brightness", "MJy/sr")


@pytest.mark.parametrize(("quality", "n_good"), [("none", N), ("default", N - 2), ("hard", N - 5)])
def test_the_eight_segments_of_fuse(tmp_path: Path, quality: Any, n_good: int) -> None:
    names = [f"{channel}{side}" for channel in ("1ALIF", "1BLIF", "2ALIF", "2BLIF") for side in ("", "_SIC")]
    columns: list[Field] = [("WAVE", "E", WAVE - 200), ("FLUX", "E", ONES * 1e-13), ("ERROR", "E", ONES * 1e-14)]
    columns.append(("QUALITY", "I", np.r_[0, 0, 40, 40, 99, np.full(N - 5, 100)]))
    path = write(
        tmp_path / "p1zz0101000all4ttagfcal.fit", [table(columns, name) for name in names], {"TELESCOP": "FUSE"}
    )
    found = look(path, quality=quality)
    assert [series.name for series in found.series] == names
    first = found.series[0]
    assert (first.product, first.y_axis.unit, first.n_good) == ("FUSE spectrum", "erg/s/cm2/A", n_good)


def test_a_coadd_for_the_virtual_observatory_leaves_out_empty_points(tmp_path: Path) -> None:
    flux, sigma = np.where(np.arange(N) < 3, 0.0, 1e-13), np.where(np.arange(N) < 3, 0.0, 1e-14)
    columns: list[Field] = [
        ("WAVE", f"{N}D", [WAVE], "Angstrom"),
        ("FLUX", f"{N}D", [flux], CGS),
        ("SIGMA", f"{N}D", [sigma], CGS),
    ]
    (spectrum,) = look(write(tmp_path / "lwp12345_vo.fits", [table(columns)])).series
    assert (spectrum.error_name, spectrum.n_good) == ("SIGMA", N - 3)
    assert spectrum.notes == ("3 points without data (flux 0) are left out",)


def test_grism_spectra_of_the_legacy_archive_are_one_row_of_vectors(tmp_path: Path) -> None:
    columns: list[Field] = [
        ("wave", f"{N}E", [WAVE * 7], "Angstrom"),
        ("flux", f"{N}E", [ONES]),
        ("ferror", f"{N}E", [ONES]),
    ]
    path = write(tmp_path / "HAG_J033229_SPEC1D.FITS", [table(columns, "SPECTRUM")])
    (spectrum,) = look(path).series
    assert (spectrum.row, spectrum.n_good, spectrum.x_axis.unit) == (0, N, "Angstrom")


def test_logarithmic_wavelengths_of_iraf_are_undone(tmp_path: Path) -> None:
    cards = {"CTYPE1": "LAMBDA", "CRVAL1": 3.0, "CRPIX1": 1.0, "CD1_1": 0.5, "DC-FLAG": 1, "BUNIT": "FLAM"}
    path = write(tmp_path / "iraf.fits", [], cards, np.ones(5, np.float32))
    (spectrum,) = look(path).series
    assert spectrum.x == pytest.approx(10 ** (3 + 0.5 * np.arange(5))) and spectrum.y_axis.unit == "FLAM"


def test_a_new_product_needs_one_recipe_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    columns: list[Field] = [("PIXPOS", "D", WAVE, "Angstrom"), ("SIGNAL", "D", ONES, "count")]
    columns.append(("BAD", "J", np.where(np.arange(N) < 7, 4, 0)))
    path = write(tmp_path / "hut.fits", [table(columns)], {"TELESCOP": "HUT"})
    assert look(path).kind == "table"
    recipe = Spectrum(
        "HUT spectrum",
        Where(columns=("PIXPOS", "SIGNAL"), headers=(("TELESCOP", "^HUT$"),)),
        (Value("SIGNAL", label="Signal"),),
        x=("PIXPOS",),
        masks=(Bits("BAD", 4),),
    )
    monkeypatch.setattr("mast_tui.preview.spectra.SPECTRA", (recipe, *SPECTRA))
    (spectrum,) = look(path).series
    assert (spectrum.product, spectrum.n_good, spectrum.y_axis.unit) == ("HUT spectrum", N - 7, "count")
    assert (spectrum.x_axis.label, spectrum.y_axis.label) == ("Wavelength", "Signal")
