"""Detectors of several chips: seen as one picture, each chip alone, with the sky of each right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import ImageLook, Preview
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview
from tests.preview.made_files import write

NY, NX = 20, 30


def look(path: Path, **asked: Any) -> Preview:
    return preview(path, Asked(**asked, file_name=path.name))


def image(path: Path, **asked: Any) -> ImageLook:
    item = look(path, **asked).items[0]
    assert isinstance(item, ImageLook)
    return item


def chip(version: int, dec: float, value: float, ra: float = 150.0) -> fits.ImageHDU:
    hdu = fits.ImageHDU(np.full((NY, NX), value, np.float32) + np.arange(NX, dtype=np.float32), name="SCI", ver=version)
    cards = {
        "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": ra, "CRVAL2": dec, "CRPIX1": 15.0, "CRPIX2": 10.0,
        "CD1_1": -1.1e-5, "CD1_2": 0.0, "CD2_1": 0.0, "CD2_2": 1.1e-5, "BUNIT": "ELECTRONS",
    }  # fmt: skip
    for keyword, written in cards.items():
        hdu.header[keyword] = written
    return hdu


def two_chips(path: Path, instrument: str, detector: str) -> Path:
    """An flt file: SCI, ERR and DQ of chip 1, then of chip 2, which lies 0.001 degrees north."""
    hdus: list[Any] = []
    for version, dec, value in ((1, 20.0, 0.0), (2, 20.001, 100.0)):
        hdus += [chip(version, dec, value), fits.ImageHDU(np.ones((NY, NX), np.float32), name="ERR", ver=version)]
        hdus.append(fits.ImageHDU(np.zeros((NY, NX), np.int16), name="DQ", ver=version))
    return write(path, hdus, {"TELESCOP": "HST", "INSTRUME": instrument, "DETECTOR": detector})


def sky_of(hdu: fits.ImageHDU, x: float, y: float) -> tuple[float, float]:
    ra, dec = WCS(hdu.header).all_pix2world(x, y, 0)
    return float(ra), float(dec)


@pytest.mark.parametrize(("instrument", "detector"), [("WFC3", "UVIS"), ("ACS", "WFC")])
def test_two_chips_are_shown_one_above_the_other(tmp_path: Path, instrument: str, detector: str) -> None:
    path = two_chips(tmp_path / "ibzz01abq_flc.fits", instrument, detector)
    found = look(path)
    both = image(path)
    assert len(found.items) == 1, "the second chip is not listed a second time"
    assert (both.name, both.shape, both.full) == ("SCI, 2 chips", (2, NY, NX), (40, 30))
    assert (both.n_planes, both.plane) == (2, None)
    assert (both.pixels[:NY] < 100).all() and (both.pixels[NY:] >= 100).all()
    assert both.value_axis.unit == "ELECTRONS" and "the second above the first" in both.notes[0]
    for k, dec in ((0, 20.0), (1, 20.001)):
        one = image(path, plane=k)
        assert (one.full, one.plane, one.pixels[0, 0]) == ((NY, NX), k, 100.0 * k)
        for x, y in ((0, 0), (17, 3), (NX - 1, NY - 1), (4, -0.4), (4, NY - 0.6)):
            wanted = sky_of(chip(k + 1, dec, 0.0), x, y)
            assert both.sky is not None and both.sky.at(x, y + k * NY) == pytest.approx(wanted, abs=1e-9)
            assert one.sky is not None and one.sky.at(x, y) == pytest.approx(wanted, abs=1e-9)
    with pytest.raises(InvalidQuery):
        image(path, plane=2)
    assert image(path, hdu=4).name == "SCI,2", "its own HDU gives the second chip too"


def test_a_window_over_the_seam_takes_from_both_chips(tmp_path: Path) -> None:
    path = two_chips(tmp_path / "jbzz01abq_flt.fits", "ACS", "WFC")
    part = image(path, hdu=1, window=(5, 15, 12, 26))
    assert (part.origin, part.full, part.pixels.shape) == ((15, 5), (40, 30), (11, 7))
    assert part.pixels[:, 0].tolist() == [5.0] * 5 + [105.0] * 6
    assert part.sky is not None and part.sky.at(8, 24) == pytest.approx(sky_of(chip(2, 20.001, 0.0), 8, 4), abs=1e-9)
    upper = image(path, hdu=1, window=(0, 30, 10, 40))
    assert (upper.pixels >= 100).all() and upper.sky is not None and upper.sky.at(3, 20) is None


def test_detectors_of_one_chip_stay_as_they_are(tmp_path: Path) -> None:
    path = two_chips(tmp_path / "ibzz_ima.fits", "WFC3", "IR")
    assert [item.name for item in look(path).items] == ["SCI", "SCI,2"], "these are reads of one detector"


def wfpc2(path: Path, *, table: bool) -> Path:
    """A waivered file: four groups in the primary, and a row of world coordinates for each in the table after it."""
    groups = np.ones((4, NY, NX), np.float32) * np.arange(1, 5)[:, None, None]
    own = [chip(1, 20.0 + 0.01 * k, 0.0, 150.0 + 0.01 * k).header for k in range(4)]
    names = ("CRVAL1", "CRVAL2", "CRPIX1", "CRPIX2", "CD1_1", "CD1_2", "CD2_1", "CD2_2")
    columns = [fits.Column(name, "D25.17", array=[float(h[name]) for h in own]) for name in names]
    columns += [fits.Column(name, "A8", array=[str(h[name]) for h in own]) for name in ("CTYPE1", "CTYPE2")]
    cards = {"INSTRUME": "WFPC2", "TELESCOP": "HST", "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 150.0}
    return write(path, [fits.TableHDU.from_columns(columns, name="u.c0h.tab")] if table else [], cards, groups)


def test_the_four_cameras_of_wfpc2_are_panels(tmp_path: Path) -> None:
    path = wfpc2(tmp_path / "u2zz0101t_c0f.fits", table=True)
    four = image(path)
    assert (four.shape, four.full, four.n_planes) == ((4, NY, NX), (2 * NY, 2 * NX), 4)
    corners = [[four.pixels[NY, 0], four.pixels[NY, NX]], [four.pixels[0, 0], four.pixels[0, NX]]]
    assert corners == [[1, 2], [3, 4]]
    assert four.sky is not None
    for k, (bottom, left) in enumerate(((NY, 0), (NY, NX), (0, 0), (0, NX))):
        wanted = sky_of(chip(1, 20.0 + 0.01 * k, 0.0, 150.0 + 0.01 * k), 7, 12)
        assert four.sky.at(left + 7, bottom + 12) == pytest.approx(wanted, abs=1e-9)
        assert image(path, plane=k).summary.y_max == k + 1


def test_without_coordinates_of_each_camera_none_are_given(tmp_path: Path) -> None:
    four = image(wfpc2(tmp_path / "u2zz0101t_c0f.fits", table=False))
    assert four.sky is None and "does not say where each chip lies" in four.notes[1]


def test_the_cameras_of_wfpc2_may_also_be_four_extensions(tmp_path: Path) -> None:
    chips = [chip(k, 20.0 + 0.01 * k, 10.0 * k) for k in range(1, 5)]
    four = image(write(tmp_path / "u2zz0101t_c0m.fits", chips, {"INSTRUME": "WFPC2", "TELESCOP": "HST"}))
    assert (four.full, four.pixels[0, 0], four.pixels[-1, 0]) == ((2 * NY, 2 * NX), 30.0, 10.0)
