"""Arrays are read from their bytes where these are the values, and come out as astropy's in any case."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from mast_tui.preview import fits_file
from mast_tui.preview.fits_file import FitsFile

KINDS = ["u1", "i2", "i4", "i8", "f4", "f8"]


def made(path: Path, array: Any, **cards: Any) -> Path:
    hdu = fits.ImageHDU(array, name="SCI")
    for keyword, value in cards.items():
        hdu.header[keyword] = value
    fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(path)
    return path


def read(path: Path, index: int = 1) -> Any:
    with FitsFile(path) as file:
        return np.array(file.image(file.walk.hdus[index]))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_number_is_astropys(
    tmp_path: Path, kind: str, packed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    array = (np.arange(60).reshape(3, 4, 5) * 3).astype(kind)
    path = made(tmp_path / "a.fits", array)
    if packed:
        path = tmp_path / "a.fits.gz"
        path.write_bytes(gzip.compress((tmp_path / "a.fits").read_bytes()))
    monkeypatch.setattr(FitsFile, "_astropy", lambda *_: pytest.fail("astropy was asked"))
    found = read(path)
    assert found.shape == (3, 4, 5) and found.dtype.kind == np.dtype(kind).kind
    assert (found == fits.getdata(path, 1)).all()


@pytest.mark.parametrize(
    "cards", [{"BSCALE": 0.5, "BZERO": 100.0}, {"BZERO": 32768}, {"BLANK": 6}, {"BSCALE": 2.0, "BLANK": 6}]
)
def test_scaled_values_and_blanks_are_astropys_too(tmp_path: Path, cards: dict[str, float]) -> None:
    path = tmp_path / "a.fits"
    hdu = fits.ImageHDU(np.arange(12, dtype=np.int16).reshape(3, 4))
    raw = hdu.header.copy()
    raw.update(cards)
    content = raw.tostring().encode() + np.arange(12, dtype=">i2").tobytes().ljust(2880, b"\0")
    path.write_bytes(fits.PrimaryHDU().header.tostring().encode() + content)
    np.testing.assert_array_equal(read(path), fits.getdata(path, 1))


def test_a_compressed_image_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.fits"
    array = np.arange(4096, dtype=np.int32).reshape(64, 64)
    fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(array)]).writeto(path)
    assert (read(path) == array).all()


def test_an_array_that_was_cut_off_raises_and_is_never_padded(tmp_path: Path) -> None:
    path = made(tmp_path / "a.fits", np.ones((100, 100)))
    path.write_bytes(path.read_bytes()[:-40_000])
    with pytest.raises(fits_file.PARSER_ERRORS):
        read(path)
