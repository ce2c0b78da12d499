"""Spectra of more products: flags with meanings, extended sources by row, files of several parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from mast_tui.core.look import Preview
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview
from tests.preview.made_files import cos_spectrum, jwst_x1d, stis_echelle, table, write


def look(path: Path, **asked: object) -> Preview:
    return preview(path, Asked(**asked, file_name=path.name))  # type: ignore[arg-type]


def test_each_point_of_a_jwst_spectrum_knows_its_flags(tmp_path: Path) -> None:
    spectrum = look(jwst_x1d(tmp_path / "x1d.fits")).series[0]
    assert spectrum.flags is not None and spectrum.flags.shape == spectrum.x.shape
    assert spectrum.flags[spectrum.x == np.linspace(3.0, 4.2, 120)[31]].tolist() == [4]
    quality = spectrum.quality
    assert quality is not None and [(f.bit, f.n) for f in quality.flags] == [(1, 1), (4, 1)]
    assert (quality.decode(1), quality.decode(4), spectrum.medium) == (("DO_NOT_USE",), ("JUMP_DET",), "vacuum")


def test_cos_is_masked_by_weight_and_still_tells_its_flags(tmp_path: Path) -> None:
    both = look(cos_spectrum(tmp_path / "x1d.fits")).series[0]
    assert both.quality is not None and [(f.bit, f.n) for f in both.quality.flags] == [(128, 80)]
    assert both.flags is not None and both.flags.size == both.n_good and not both.flags.any()
    unmasked = look(tmp_path / "x1d.fits", quality="none").series[0]
    assert unmasked.flags is not None and int((unmasked.flags == 128).sum()) == 80
    merged = look(stis_echelle(tmp_path / "stis_x1d.fits"), quality="none").series[0]
    assert merged.flags is not None and int((merged.flags == 512).sum()) == 3, "flags are cut with their orders"


def test_extended_sources_of_a_slitless_file_are_told_by_their_row(tmp_path: Path) -> None:
    wave = np.tile(np.linspace(1, 2, 10), (2, 1))
    sources = table(
        [
            ("SOURCE_ID", "J", [7, 8]),
            ("SOURCE_TYPE", "10A", ["POINT", "EXTENDED"]),
            ("N_ALONGDISP", "J", [10, 6]),
            ("WAVELENGTH", "10D", wave, "um"),
            ("FLUX", "10D", np.ones((2, 10)), "Jy"),
            ("SURF_BRIGHT", "10D", np.full((2, 10), 5.0), "MJy/sr"),
            ("DQ", "10J", np.zeros((2, 10), int)),
        ],
        "EXTRACT1D",
    )
    path = write(tmp_path / "wfss_x1d.fits", [sources], {"TELESCOP": "JWST", "INSTRUME": "NIRISS"})
    point, extended = look(path).series
    assert (point.y_axis.unit, extended.y_axis.unit, extended.y[0], extended.n_good) == ("Jy", "MJy/sr", 5.0, 6)
    assert look(path, column="FLUX").series[1].y_axis.unit == "Jy", "what is asked for is shown"


def fos(path: Path, values: Any, unit: str, instrument: str = "FOS") -> None:
    groups = fits.TableHDU.from_columns([fits.Column("CRVAL1", "E15.7", array=[1.0, 1.0])], name="y0.c1h.tab")
    write(path, [groups], {"INSTRUME": instrument, "BUNIT": unit}, values.astype(np.float32))


@pytest.mark.parametrize(("low", "medium"), [(1200.0, "vacuum"), (1990.0, ""), (2500.0, "air")])
def test_ghrs_wavelengths_are_in_air_above_2000_angstroms(tmp_path: Path, low: float, medium: str) -> None:
    fos(tmp_path / "z0d80106t_c1f.fits", np.ones((1, 50)), "ERGS/CM**2/S/A", "HRS")
    fos(tmp_path / "z0d80106t_c0f.fits", np.linspace(low, low + 40, 50)[None], "ANGSTROMS", "HRS")
    assert look(tmp_path / "z0d80106t_c1f.fits").series[0].medium == medium


def test_the_lower_errors_of_cos_are_named(tmp_path: Path) -> None:
    columns: list[Any] = [
        ("SEGMENT", "4A", ["NUVA", "NUVB", "NUVC"]),
        ("NELEM", "J", [8] * 3),
        ("WAVELENGTH", "8D", np.array([[1700.0], [1800.0], [1900.0]]) + np.arange(8), "angstrom"),
        ("FLUX", "8E", np.ones((3, 8)), "erg /s /cm**2 /angstrom"),
        ("ERROR", "8E", np.full((3, 8), 0.2)),
        ("ERROR_LOWER", "8E", np.full((3, 8), 0.1)),
        ("DQ", "8I", np.tile([0, 0, 8, 0, 4, 0, 0, 0], (3, 1))),
    ]
    path = write(tmp_path / "nuv_x1d.fits", [table(columns, "SCI", {"SDQFLAGS": 8})], {"INSTRUME": "COS"})
    stripes = look(path).series[0]
    assert (stripes.name, stripes.starts.size, stripes.n_good) == ("SCI NUVA + NUVB + NUVC", 3, 21), "DQ & SDQFLAGS"
    assert stripes.error_name == "ERROR" and "downwards they are in ERROR_LOWER" in " ".join(stripes.notes)
    assert look(path, column="ERROR_LOWER").series[0].y[0] == pytest.approx(0.1)


def test_fos_wavelengths_errors_and_quality_lie_beside_the_flux(tmp_path: Path) -> None:
    flux = np.vstack((np.ones(50), np.full(50, 2.0)))
    quality = np.zeros((2, 50))
    quality[1, 3], quality[1, 4] = 800, 100
    fos(tmp_path / "y19g0309t_c1f.fits", flux, "ERGS/CM**2/S/A")
    fos(tmp_path / "y19g0309t_c0f.fits", np.tile(np.linspace(2200, 3300, 50), (2, 1)), "ANGSTROMS")
    fos(tmp_path / "y19g0309t_c2f.fits", flux / 10, "ERGS/CM**2/S/A")
    fos(tmp_path / "y19g0309t_cqf.fits", quality, "")
    spectrum = look(tmp_path / "y19g0309t_c1f.fits").series[0]
    assert (spectrum.x_axis.unit, spectrum.medium, spectrum.notes) == ("Angstrom", "vacuum", ())
    assert (spectrum.summary.x_min, spectrum.summary.x_max, spectrum.n_good) == (2200, 3300, 49), "800 is a dead diode"
    assert spectrum.error is not None and spectrum.error[0] == pytest.approx(0.2)
    assert spectrum.quality is not None and (spectrum.quality.column, spectrum.quality.n_flagged) == ("cqf", 1)
    assert look(tmp_path / "y19g0309t_c1f.fits", quality="none").series[0].n_good == 50
    (tmp_path / "y19g0309t_c0f.fits").unlink()
    assert look(tmp_path / "y19g0309t_c1f.fits").series[0].x_axis.unit == "pix"


@pytest.mark.parametrize(("camera", "cut"), [("SWP", 1390 + 15 / 3), ("LWP", 1390 + 2 * 15 / 3)])
def test_iue_orders_are_cut_where_mast_cuts_them(tmp_path: Path, camera: str, cut: float) -> None:
    mehi = table(
        [
            ("ORDER", "B", [100, 99]),
            ("NPOINTS", "I", [501, 501]),
            ("STARTPIX", "I", [1, 1]),
            ("WAVELENGTH", "D", [1380.0, 1390.0], "ANGSTROM"),
            ("DELTAW", "D", [0.05, 0.05], "ANGSTROM"),
            ("ABS_CAL", "768E", np.array([[1e-12], [2e-12]]) * np.ones(768)),
            ("QUALITY", "768I", np.zeros((2, 768), int)),
        ],
        "MEHI",
    )
    merged = look(write(tmp_path / "iue.mxhi", [mehi], {"TELESCOP": "IUE", "CAMERA": camera})).series[0]
    assert merged.x[merged.y > 1.5e-12][0] == pytest.approx(cut, abs=0.051)
    assert merged.y_axis.unit == "ERG/CM2/S/A"


def test_muscles_spectra_are_drawn_with_logarithmic_axes(tmp_path: Path) -> None:
    columns = [
        ("WAVELENGTH", "D", np.geomspace(5, 55000, 60), "Angstrom"),
        ("FLUX", "D", np.geomspace(1e-18, 1e-12, 60), "erg/s/cm2/Ang"),
        ("ERROR", "D", np.full(60, 1e-19), "erg/s/cm2/Ang"),
    ]
    cards = {"TELESCOP": "MULTI", "HLSPACRN": "MUSCLES", "TARGNAME": "GJ1214"}
    spectrum = look(write(tmp_path / "hlsp_muscles_sed.fits", [table(columns, "SCI")], cards)).series[0]
    assert (spectrum.x_axis.log, spectrum.y_axis.log, spectrum.n_good) == (True, True, 60)


def test_columns_that_nobody_knows_are_found_by_their_units(tmp_path: Path) -> None:
    n = 40
    columns: list[Any] = [
        ("INDEX", f"{n}J", [np.arange(n)]),
        ("LAM_REST", f"{n}D", [np.linspace(400, 700, n)], "nm"),
        ("MODEL", f"{n}D", [np.full(n, 3.0)], "mJy"),
        ("SCATTER", f"{n}D", [np.full(n, 0.1)], "mJy"),
    ]
    spectrum = look(write(tmp_path / "hlsp_new.fits", [table(columns)])).series[0]
    assert (spectrum.x_axis.name, spectrum.y_axis.name, spectrum.error_name) == ("LAM_REST", "MODEL", "SCATTER")
    assert (spectrum.n_good, spectrum.summary.x_max, spectrum.y_axis.unit) == (n, 700, "mJy")
    no_flux = [("LENGTH", "D", np.ones(3), "m"), ("MASS", "D", np.ones(3), "kg")]
    assert look(write(tmp_path / "rods.fits", [table(no_flux)])).kind == "table"


@pytest.mark.parametrize(("x", "y"), [("wave", "flux"), ("WAVE", "FLUX")])
def test_grism_spectra_with_a_source_a_row(tmp_path: Path, x: str, y: str) -> None:
    columns: list[Any] = [("objid", "J", [4, 5]), (x, "30E", np.tile(np.linspace(1300, 1800, 30), (2, 1)), "Angstroms")]
    found = look(write(tmp_path / "galex-xg-gsp.fits", [table([*columns, (y, "30E", np.ones((2, 30)))])]))
    assert [(s.row, s.n_good) for s in found.series] == [(0, 30), (1, 30)]


def test_a_spectrum_in_air_says_so(tmp_path: Path) -> None:
    data = fits.ImageHDU(np.arange(1.0, 6.0), name="FLUX")
    for keyword, value in {"CTYPE1": "AWAV-LOG", "CUNIT1": "Angstrom", "CRPIX1": 1.0, "CRVAL1": 4e3}.items():
        data.header[keyword] = value
    data.header["CDELT1"] = 100.0
    spectrum = look(write(tmp_path / "air.fits", [data])).series[0]
    assert spectrum.medium == "air" and spectrum.x == pytest.approx(4e3 * np.exp(np.arange(5) * 100 / 4e3))
