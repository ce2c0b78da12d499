"""Two-dimensional spectra get a wavelength axis from what the file holds, or say in words why they have none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from mast_tui.core.look import ImageLook, Preview
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview
from mast_tui.preview.passing import from_wire, to_wire
from tests.preview.made_files import table, write

NY, NX = 12, 50
EVEN = 3.0 + 0.01 * np.arange(NX)
PRISM = np.geomspace(0.6, 5.3, NX)
JWST = {"TELESCOP": "JWST", "INSTRUME": "NIRSPEC"}


def look(path: Path, **asked: Any) -> Preview:
    return preview(path, Asked(**asked, file_name=path.name))


def images(path: Path, **asked: Any) -> list[ImageLook]:
    return [item for item in look(path, **asked).items if isinstance(item, ImageLook)]


def slit(version: int, *, axis: int = 1, shape: tuple[int, int] = (NY, NX), **cards: Any) -> fits.ImageHDU:
    hdu = fits.ImageHDU(np.ones(shape, np.float32) * version, name="SCI", ver=version)
    for keyword, value in {"DISPAXIS": axis, "SLTNAME": str(100 + version), "BUNIT": "MJy/sr", **cards}.items():
        hdu.header[keyword] = value
    return hdu


def waves(version: int, along: Any) -> fits.ImageHDU:
    """A WAVELENGTH array as JWST writes it: 0 or NaN outside of the slit."""
    values = np.tile(np.asarray(along), (NY, 1))
    values[0], values[1] = 0.0, np.nan
    return fits.ImageHDU(values, name="WAVELENGTH", ver=version)


def test_every_slit_has_the_wavelengths_of_its_own_array(tmp_path: Path) -> None:
    hdus = [slit(1), waves(1, EVEN), slit(2), waves(2, EVEN[::-1])]
    path = write(tmp_path / "jw01_s2d.fits", hdus, JWST)
    first, second = images(path)
    assert [first.name, second.name] == ["SCI slit 101", "SCI,2 slit 102"], "each can be chosen; WAVELENGTH is no item"
    assert first.extent is not None and second.extent is not None and first.sky is None
    assert (first.extent.x_axis.label, first.extent.x_axis.unit) == ("Wavelength", "um")
    assert (first.extent.x_low, first.extent.x_high) == pytest.approx((2.995, 3.495))
    assert (second.extent.x_low, second.extent.x_high) == pytest.approx((3.495, 2.995))
    assert (first.extent.y_axis.unit, first.extent.y_low, first.extent.y_high) == ("pix", 0.5, NY + 0.5)
    assert images(path, hdu=3)[0].pixels[5, 5] == 2
    again = from_wire(to_wire(look(path))).items[0]
    assert isinstance(again, ImageLook) and again.extent == first.extent


def test_wavelengths_in_uneven_steps_are_told_in_words(tmp_path: Path) -> None:
    (shown,) = images(write(tmp_path / "jw02_s2d.fits", [slit(1), waves(1, PRISM)], JWST))
    assert shown.extent is None
    assert "along the columns, 0.6 to 5.3 um in uneven steps; pixels are shown" in " ".join(shown.notes)


def test_a_file_without_wavelengths_says_so(tmp_path: Path) -> None:
    (shown,) = images(write(tmp_path / "jw03_s2d.fits", [slit(1)], JWST))
    assert shown.extent is None and "the file holds no wavelengths for them, pixels are shown" in " ".join(shown.notes)


def test_light_may_be_dispersed_along_the_rows(tmp_path: Path) -> None:
    science = slit(1, axis=2, shape=(NX, NY))
    wavelengths = fits.ImageHDU(np.tile(EVEN[:, None], (1, NY)), name="WAVELENGTH")
    (shown,) = images(write(tmp_path / "miri_lrs_s2d.fits", [science, wavelengths], JWST))
    assert shown.extent is not None and shown.extent.y_axis.label == "Wavelength"
    assert (shown.extent.y_low, shown.extent.y_high) == pytest.approx((2.995, 3.495))
    assert (shown.extent.x_low, shown.extent.x_high) == (0.5, NY + 0.5)


@pytest.mark.parametrize(("wave", "even"), [(EVEN, True), (PRISM, False)])
def test_the_extracted_spectrum_beside_the_image_knows_the_wavelengths(tmp_path: Path, wave: Any, even: bool) -> None:
    extracted = table([("wave", "D", wave, "um"), ("flux", "D", np.ones(NX), "uJy"), ("err", "D", wave * 0.1, "uJy")])
    extracted.header["EXTNAME"] = "SPEC1D"
    science = fits.ImageHDU(np.ones((NY, NX), np.float32), name="SCI")
    # the header of the image claims even steps, as those of msaexp do; the table knows better
    for keyword, value in {"CTYPE1": "WAVELEN", "CRVAL1": 34478.0, "CRPIX1": 25.0, "CD1_1": 112.0}.items():
        science.header[keyword] = value
    found = look(write(tmp_path / "dja_prism.spec.fits", [extracted, science]))
    assert found.kind == "spectrum", "the extracted spectrum comes first"
    (shown,) = [item for item in found.items if isinstance(item, ImageLook)]
    assert (shown.extent is not None) == even
    if shown.extent is not None:
        assert shown.extent.x_axis.unit == "um" and shown.extent.x_low == pytest.approx(2.995)


def test_spectral_coordinates_of_the_header_serve_where_nothing_else_does(tmp_path: Path) -> None:
    science = fits.ImageHDU(np.ones((NY, NX), np.float32), name="SCI")
    cards = {"CTYPE1": "WAVE", "CUNIT1": "Angstrom", "CRVAL1": 5000.0, "CRPIX1": 1.0, "CDELT1": 2.0}
    for keyword, value in cards.items():
        science.header[keyword] = value
    (shown,) = images(write(tmp_path / "longslit.fits", [science]))
    assert shown.extent is not None
    assert (shown.extent.x_low, shown.extent.x_high, shown.extent.x_axis.unit) == (4999.0, 5099.0, "Angstrom")


def test_an_image_of_the_sky_is_no_spectrum(tmp_path: Path) -> None:
    (shown,) = images(write(tmp_path / "i2d.fits", [fits.ImageHDU(np.ones((NY, NX), np.float32), name="SCI")], JWST))
    assert shown.extent is None and not any("dispersed" in note for note in shown.notes)


def test_distortions_that_are_not_applied_are_named(tmp_path: Path) -> None:
    science = fits.ImageHDU(np.ones((NY, NX), np.float32), name="SCI")
    cards = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 10.0, "CRVAL2": 20.0, "CRPIX1": 1.0, "CRPIX2": 1.0}
    for keyword, value in {**cards, "CD1_1": -1e-5, "CD2_2": 1e-5, "CPDIS1": "LOOKUP", "D2IMDIS1": "LOOKUP"}.items():
        science.header[keyword] = value
    (shown,) = images(write(tmp_path / "flt.fits", [science], {"TELESCOP": "HST"}))
    assert shown.sky is not None and "without the distortions in look-up tables" in " ".join(shown.notes)
