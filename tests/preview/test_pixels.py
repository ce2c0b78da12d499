"""Pixel files: the frame, its aperture, the light curve in it, and the frames as they follow each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from astropy.io import fits

from mast_tui.core.errors import InvalidQuery, NotFound
from mast_tui.core.look import ImageLook, Preview, Series
from mast_tui.preview import Previewer
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview
from mast_tui.preview.pixels import threshold_mask
from tests.preview.made_files import KEPLER, TESS, table, write


def look(path: Path, **asked: object) -> Preview:
    return preview(path, Asked(**asked, file_name=path.name))  # type: ignore[arg-type]


def tpf(path: Path, dim: str = "(7,5)", aperture: npt.NDArray[Any] | None = None, n: int = 20) -> Path:
    """A star of 100 in row 2, column 3, of 50 beside it 1 to 2 around; frame k is brighter by k; two are flagged.

    One pixel of the star's frame 5 has no value, and frame 6 has none at all.
    """
    flux = np.tile(np.linspace(1, 2, 35, dtype=np.float32).reshape(5, 7), (n, 1, 1))
    flux[:, 2, 3] = 100 + np.arange(n)
    flux[:, 2, 4] = 50
    flux[5, 2, 4] = np.nan
    flux[6] = np.nan
    error = np.where(np.isfinite(flux), np.float32(3), np.float32(np.nan))
    quality = np.zeros(n, np.int32)
    quality[:2] = 8
    pixels = table(
        [
            ("TIME", "D", 1325.3 + np.arange(n) / 720, "BJD - 2457000, days"),
            ("FLUX", "35E", flux, "e-/s"),
            ("FLUX_ERR", "35E", error, "e-/s"),
            ("QUALITY", "J", quality),
        ],
        "PIXELS",
        {"BJDREFI": 2457000, "TIMESYS": "TDB"},
        dims={"FLUX": dim, "FLUX_ERR": dim},
    )
    if aperture is None:
        aperture = np.ones((5, 7), np.int32)
        aperture[2, 3:5] |= 2
    return write(path, [pixels, fits.ImageHDU(aperture, name="APERTURE")], TESS)


@pytest.mark.parametrize("dim", ["(7,5)", "(7, 5)"])
def test_the_frame_is_shown_with_the_light_curve_of_the_missions_aperture(tmp_path: Path, dim: str) -> None:
    found = look(tpf(tmp_path / "tp.fits", dim))
    image, curve = found.items
    assert isinstance(image, ImageLook) and isinstance(curve, Series)
    assert (found.kind, image.kind, image.shape, image.n_rows, image.n_good) == ("pixels", "pixels", (20, 5, 7), 20, 18)
    assert image.aperture is not None and np.argwhere(image.aperture).tolist() == [[2, 3], [2, 4]]
    assert image.pixels[2, 3] == np.median(100 + np.delete(np.arange(2, 20), 4)) and image.plane is None
    assert (curve.product, curve.y_axis.unit, curve.error_name) == (
        "light curve of a TESS pixel file", "e-/s", "FLUX_ERR",
    )  # fmt: skip
    # of 20 cadences two are flagged and one has no value; in frame 5 the pixel without a value is left out
    assert (curve.n_rows, curve.n_good) == (20, 17)
    assert curve.y[:4].tolist() == [152, 153, 154, 105] and curve.time is not None
    assert (
        curve.error is not None and curve.error[0] == pytest.approx(3 * 2**0.5) and curve.error[3] == pytest.approx(3)
    )
    assert curve.quality is not None and [(f.bit, f.meaning, f.n) for f in curve.quality.flags] == [
        (8, "Earth point", 2)
    ]


def test_one_cadence_can_be_asked_for(tmp_path: Path) -> None:
    path = tpf(tmp_path / "tp.fits")
    image = look(path, plane=3).items[0]
    assert isinstance(image, ImageLook)
    assert (image.plane, image.n_planes, image.pixels[2, 3]) == (3, 20, 103)
    assert image.plane_value == pytest.approx(1325.3 + 3 / 720) and image.plane_axis is not None
    with pytest.raises(InvalidQuery, match="no cadence 20"):
        look(path, plane=20)


def test_without_an_aperture_of_the_mission_bright_pixels_at_the_centre_are_taken(tmp_path: Path) -> None:
    # TESScut marks all pixels with 1, in old files as floating-point numbers
    image, curve = look(tpf(tmp_path / "cut.fits", aperture=np.ones((5, 7), np.float64))).items
    assert isinstance(image, ImageLook) and image.aperture is not None
    assert np.argwhere(image.aperture).tolist() == [[2, 3], [2, 4]]
    assert "no optimal aperture" in curve.notes[0]


def test_the_threshold_mask_takes_what_hangs_together_around_the_centre() -> None:
    frame = np.random.default_rng(1).normal(10, 1, (9, 9)).astype(np.float32)
    frame[4, 4:6] = 500
    frame[0, 0] = frame[5, 6] = 900  # far away, and touching by a corner only
    frame[8, 8] = np.nan
    assert np.argwhere(threshold_mask(frame)).tolist() == [[4, 4], [4, 5]]
    assert not threshold_mask(np.full((3, 3), np.nan, np.float32)).any()


def test_a_table_without_an_image_a_row_is_no_pixel_file_whatever_its_creator_says(tmp_path: Path) -> None:
    plain = table(
        [("TIME", "D", np.arange(5.0)), ("FLUX", "E", np.ones(5)), ("QUALITY", "J", np.zeros(5, int))], "PIXELS"
    )
    made = {**KEPLER, "CREATOR": "TargetPixelExporterPipelineModule"}
    assert look(write(tmp_path / "no-tpf.fits", [plain], made)).kind == "lightcurve"


def test_a_zero_width_column_beside_the_pixels_does_no_harm(tmp_path: Path) -> None:
    pixels = table(
        [
            ("TIME", "D", np.arange(4.0)),
            ("FLUX", "6E", np.ones((4, 2, 3), np.float32)),
            ("QUALITY", "J", np.zeros(4, int)),
            ("RB_LEVEL", "0E", np.zeros((4, 0))),
        ],
        "TARGETTABLES",
        dims={"FLUX": "(3,2)"},
    )
    found = look(write(tmp_path / "k2.fits", [pixels], KEPLER))
    assert (found.kind, found.items[0].shape, found.problems) == ("pixels", (4, 2, 3), ())


async def test_frames_and_apertures_through_the_worker(tmp_path: Path) -> None:
    path = tpf(tmp_path / "tp.fits")
    previewer = Previewer()
    some = await previewer.frames(path, hdu=1, first=1, count=100, step=6)
    assert some.pixels.shape == (4, 5, 7) and some.pixels[:, 2, 3].tolist() == [101, 107, 113, 119]
    assert some.flags.tolist() == [8, 0, 0, 0] and (some.n_rows, some.first, some.step) == (20, 1, 6)
    assert some.times == pytest.approx(1325.3 + np.array([1, 7, 13, 19]) / 720) and some.limits[0] < some.limits[1]
    one = np.zeros((5, 7), bool)
    one[2, 4] = True
    curve = await previewer.aperture_curve(path, hdu=1, aperture=one)
    assert (curve.n_good, set(curve.y.tolist()), curve.notes) == (16, {50.0}, ("the sum over 1 chosen pixel",))
    with pytest.raises(InvalidQuery, match="7 × 5 pixels"):
        await previewer.aperture_curve(path, hdu=1, aperture=np.ones((2, 2), bool))
    with pytest.raises(InvalidQuery, match="no pixel"):
        await previewer.aperture_curve(path, hdu=1, aperture=np.zeros((5, 7), bool))
    with pytest.raises(InvalidQuery, match="no cadence 20"):
        await previewer.frames(path, hdu=1, first=20, count=1)
    with pytest.raises(InvalidQuery, match="no table of pixels"):
        await previewer.frames(path, hdu=2, first=0, count=1)
    with pytest.raises(NotFound):
        await previewer.frames(tmp_path / "nothing.fits", hdu=1, first=0, count=1)
    await previewer.close()
