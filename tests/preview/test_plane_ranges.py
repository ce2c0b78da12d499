"""Some slices of a cube as one image: what is summed, what is left out, and what it says of itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import ImageLook
from mast_tui.preview import Previewer
from mast_tui.preview.collapse import How, collapsed
from mast_tui.preview.fits_file import FitsFile
from tests.preview.test_planes_and_windows import cube


def together(path: Path, first: int, last: int, how: How, window: tuple[int, int, int, int] | None = None) -> ImageLook:
    with FitsFile(path) as file:
        return collapsed(file, file.walk.hdus[1], first, last, how, window)


def test_the_sum_of_slices_leaves_out_what_must_not_be_used(tmp_path: Path) -> None:
    found = together(cube(tmp_path / "s3d.fits"), 2, 5, "sum")
    assert found.kind == "cube" and found.pixels.shape == (6, 5) and found.value_axis.unit == "MJy/sr"
    assert found.pixels[0, 0] == 2 + 3 + 4 + 5
    assert found.pixels[2, 3] == 12 + 13 + 15, "slice 4 is flagged DO_NOT_USE there"
    assert found.notes[0] == "the sum of slices 3 to 6 is shown, 6 to 7.5 um"


def test_the_median_is_over_the_slices_asked_for_alone(tmp_path: Path) -> None:
    found = together(cube(tmp_path / "s3d.fits"), 6, 8, "median", (3, 2, 5, 4))
    assert found.pixels.tolist() == [[17, 7], [7, 7]] and found.origin == (2, 3) and found.full == (6, 5)
    assert (found.plane, found.n_planes) == (None, 9)


def test_a_pixel_without_any_usable_voxel_has_no_data(tmp_path: Path) -> None:
    values = np.ones((3, 4, 4), np.float32)
    values[:, 1, 1] = np.nan
    science = fits.ImageHDU(values, name="SCI")
    science.header["CTYPE3"] = "WAVE"
    path = tmp_path / "c_s3d.fits"
    fits.HDUList([fits.PrimaryHDU(), science]).writeto(path)
    for how in ("sum", "median"):
        found = together(path, 0, 2, how)
        assert np.argwhere(np.isnan(found.pixels)).tolist() == [[1, 1]]


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (3, 2), (0, 9)])
def test_slices_that_are_not_there_are_refused(tmp_path: Path, first: int, last: int) -> None:
    with pytest.raises(InvalidQuery, match="no planes"):
        together(cube(tmp_path / "s3d.fits"), first, last, "sum")


async def test_it_comes_through_the_reader_process(tmp_path: Path) -> None:
    previewer = Previewer()
    try:
        found = await previewer.collapsed(cube(tmp_path / "s3d.fits"), hdu=1, first=0, last=1, how="sum")
        with pytest.raises(InvalidQuery, match="not a spectral cube"):
            await previewer.collapsed(cube(tmp_path / "b_s3d.fits"), hdu=0, first=0, last=1, how="sum")
    finally:
        await previewer.close()
    image = found.items[0]
    assert isinstance(image, ImageLook) and image.pixels[0, 0] == 1
