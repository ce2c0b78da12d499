"""Any plane and any part of an image or cube, at full detail, with the right numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import ImageLook, same_place
from mast_tui.preview import cubes, jobs
from mast_tui.preview.asking import Asked
from mast_tui.preview.fits_file import FitsFile
from mast_tui.preview.jobs import preview
from mast_tui.preview.passing import from_wire, to_wire
from tests.preview.made_files import table, write


def image(path: Path, **asked: Any) -> ImageLook:
    item = preview(path, Asked(**asked, file_name=path.name)).items[0]
    assert isinstance(item, ImageLook)
    return item


def test_a_window_is_read_again_at_full_detail(tmp_path: Path) -> None:
    values = np.arange(1000 * 1200, dtype=np.float32).reshape(1000, 1200)
    path = write(tmp_path / "drz.fits", [fits.ImageHDU(values, name="SCI")], {"TELESCOP": "HST"})
    part = image(path, window=(300, 500, 340, 530))
    assert (part.origin, part.step, part.full, part.shape) == ((500, 300), (1, 1), (1000, 1200), (1000, 1200))
    assert np.array_equal(part.pixels, values[500:530, 300:340])
    assert (part.summary.x_min, part.summary.x_max, part.n_rows) == (301, 340, 1200)
    edge = image(path, window=(1190, -5, 5000, 10))
    assert edge.pixels.shape == (10, 10) and edge.origin == (0, 1190)
    with pytest.raises(InvalidQuery):
        image(path, window=(1200, 0, 1300, 10))
    whole = image(path)
    assert (whole.full, whole.origin, whole.step) == ((1000, 1200), (0, 0), (7, 4)) and whole.wide_limits is not None
    assert whole.wide_limits[0] == pytest.approx(0.005 * 1.2e6, rel=0.5)
    assert whole.wide_limits[1] == pytest.approx(0.995 * 1.2e6, rel=0.01)


def test_the_four_chips_of_wfpc2_are_planes(tmp_path: Path) -> None:
    chips = np.ones((4, 30, 30), np.float32) * np.arange(1, 5)[:, None, None]
    path = write(tmp_path / "u_c0f.fits", [], {"TELESCOP": "HST", "INSTRUME": "WFPC2"}, chips)
    assert [image(path, plane=k).summary.y_max for k in range(4)] == [1, 2, 3, 4]
    second = image(path, plane=1, window=(0, 0, 5, 5))
    assert (second.plane, second.n_planes, second.pixels.shape) == (1, 4, (5, 5))
    with pytest.raises(InvalidQuery):
        image(path, plane=4)


def test_ramps_are_shown_as_the_last_minus_the_first_group(tmp_path: Path) -> None:
    ramp = np.zeros((2, 5, 8, 9), np.uint16)
    ramp[:] = 10_000 + np.arange(5)[None, :, None, None] * 100
    ramp[1, 4, 3, 3] = 60_000
    path = write(tmp_path / "uncal.fits", [fits.ImageHDU(ramp, name="SCI")], {"TELESCOP": "JWST"})
    last = image(path)
    assert (last.plane, last.n_planes, last.summary.y_median, last.summary.y_max) == (1, 2, 400, 50_000)
    assert image(path, plane=0).summary.y_max == 400
    assert "last minus the first of 5 groups" in last.notes[0]


def test_pan_starrs_stacks_are_counts_again(tmp_path: Path) -> None:
    counts = np.linspace(-50.0, 9e4, 200).reshape(10, 20)
    scaled = 1.0857362 * np.arcsinh((counts - 3.0) / (2 * 41.0))
    stack = fits.ImageHDU(scaled)
    stack.header["BSOFTEN"], stack.header["BOFFSET"] = 41.0, 3.0
    shown = image(write(tmp_path / "rings.v3.skycell.stk.r.unconv.fits", [stack]))
    assert shown.pixels == pytest.approx(counts, rel=1e-5, abs=1e-2) and "asinh" in shown.notes[0]


def test_blank_integers_are_no_data(tmp_path: Path) -> None:
    raw = np.full((6, 7), 5, np.int16)
    raw[2, 3] = -32768
    hdu = fits.ImageHDU(raw)
    hdu.header["BLANK"] = -32768
    hdu.header["BSCALE"], hdu.header["BZERO"] = 2.0, 10.0
    path = write(tmp_path / "blank.fits", [hdu])
    with fits.open(path, mode="update", do_not_scale_image_data=True) as hdus:
        hdus[1].header["BLANK"] = -32768
    shown = image(path)
    assert np.argwhere(np.isnan(shown.pixels)).tolist() == [[2, 3]] and shown.n_good == 41


def cube(path: Path, **cards: Any) -> Path:
    """An s3d cube of 9 slices whose flux is the slice number, brighter at pixel (3, 2); one voxel is DO_NOT_USE."""
    values = np.ones((9, 6, 5), np.float32) * np.arange(9)[:, None, None]
    values[:, 2, 3] += 10
    dq = np.zeros((9, 6, 5), np.uint32)
    dq[4, 2, 3] = 1
    science = fits.ImageHDU(values, name="SCI")
    header = {"CTYPE3": "WAVE", "CUNIT3": "um", "CRVAL3": 5.0, "CRPIX3": 1.0, "CDELT3": 0.5, "BUNIT": "MJy/sr"}
    for keyword, value in (header | cards).items():
        science.header[keyword] = value
    others = [fits.ImageHDU(np.full((9, 6, 5), 0.3, np.float32), name="ERR"), fits.ImageHDU(dq, name="DQ")]
    waves = table([("wavelength", "9D", [np.arange(9.0) ** 2], "um")], "WCS-TABLE")
    return write(path, [science, *others, waves], {"TELESCOP": "JWST", "INSTRUME": "MIRI"})


def test_a_slice_of_a_cube_knows_its_wavelength(tmp_path: Path) -> None:
    path = cube(tmp_path / "s3d.fits")
    shown = image(path, plane=3)
    assert (shown.kind, shown.plane, shown.n_planes, shown.plane_value) == ("cube", 3, 9, 6.5)
    assert shown.plane_axis is not None and (shown.plane_axis.label, shown.plane_axis.unit) == ("Wavelength", "um")
    assert shown.pixels[2, 3] == 13 and shown.pixels[0, 0] == 3
    uneven = cube(tmp_path / "all_s3d.fits", PS3_0="WCS-TABLE", PS3_1="wavelength")
    assert image(uneven, plane=3).plane_value == 9.0
    assert np.isnan(image(path, plane=4).pixels[2, 3]), "DO_NOT_USE"


def test_the_spectrum_at_a_pixel_of_a_cube(tmp_path: Path) -> None:
    with FitsFile(cube(tmp_path / "s3d.fits")) as file:
        one = cubes.spaxel(file, file.walk.hdus[1], 3, 2)
        box = cubes.spaxel(file, file.walk.hdus[1], 3, 2, half=1)
        with pytest.raises(InvalidQuery):
            cubes.spaxel(file, file.walk.hdus[1], 5, 2)
        with pytest.raises(InvalidQuery):
            cubes.spaxel(file, file.walk.hdus[0], 0, 0)
    kept = [k for k in range(9) if k != 4]
    assert one.x.tolist() == [5 + 0.5 * k for k in kept] and one.y.tolist() == [10 + k for k in kept]
    assert (one.medium, one.y_axis.unit, one.y_axis.label) == ("vacuum", "MJy/sr", "Surface brightness")
    assert one.error is not None and one.error[0] == pytest.approx(0.3)
    assert box.error is not None and box.error[0] == pytest.approx(0.3 / 3), "of nine independent pixels"
    assert box.y[0] == pytest.approx(10 / 9) and box.y[4] == 4, "the flagged voxel is left out of the mean"


def full_frame(path: Path) -> Path:
    """Kepler's 84 channels, here of 128 by 128 pixels: 64 of them have 2^20 pixels."""
    chips = [fits.ImageHDU(np.full((128, 128), k, np.float32), name=f"MOD.OUT {k}") for k in range(84)]
    chips[0].data[5, 5] = 9
    return write(path, chips, {"TELESCOP": "Kepler"})


def test_of_many_large_images_the_last_are_listed_by_their_headers_and_any_can_be_read(tmp_path: Path) -> None:
    path = full_frame(tmp_path / "kplr_ffi-cal.fits")
    items = [item for item in preview(path, Asked()).items if isinstance(item, ImageLook)]
    assert [item.name for item in items] == [f"MOD.OUT {k}" for k in range(84)]
    assert [item.loaded for item in items] == [True] * 65 + [False] * 19
    last = items[-1]
    assert (last.shape, last.hdu, last.n_good) == ((128, 128), 84, 0) and "not read" in last.notes[0]
    assert last.to_json()["y"]["median"] is None
    crossed = from_wire(to_wire(preview(path, Asked()))).items[-1]
    assert isinstance(crossed, ImageLook) and not crossed.loaded
    read = image(path, hdu=84)
    assert read.loaded and read.summary.y_max == 83 and same_place(read, last)


def test_a_cube_after_images_is_read_since_it_is_shown_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MAX_PIXELS", 10)
    cube = fits.ImageHDU(np.ones((4, 5, 6), np.float32), name="CUBE")
    cube.header["CTYPE3"], cube.header["CRVAL3"], cube.header["CDELT3"] = "WAVE", 1.0, 0.1
    picture = fits.ImageHDU(np.ones((5, 6), np.float32), name="WHITE")
    path = write(tmp_path / "s3d.fits", [picture, cube])
    items = preview(path, Asked()).items
    assert [(item.name, item.loaded) for item in items if isinstance(item, ImageLook)] == [
        ("CUBE", True),
        ("WHITE", True),
    ]
