"""The crosshair on a pixel file says where on the sky it is, as astropy does, and never a place that can't be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS

from mast_tui.core.look import ImageLook
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview
from tests.preview.made_files import TESS, table, write
from tests.preview.test_real_files import DATA, look

#: The column keywords of a TESS target pixel file (TIC 25155310, sector 1); the flux is column 2 here.
COLUMN = {
    "WCAX2": 2, "1CTYP2": "RA---TAN", "2CTYP2": "DEC--TAN", "1CRPX2": 3.1, "2CRPX2": 2.3,
    "1CRVL2": 63.37480890472281, "2CRVL2": -69.22651163825252, "1CUNI2": "deg", "2CUNI2": "deg",
    "1CDLT2": -0.00565027967540734, "2CDLT2": 0.00565027967540734, "11PC2": -0.3289671938910188,
    "12PC2": -0.9270121640359795, "21PC2": -0.9589525380619143, "22PC2": 0.33753922745322484,
}  # fmt: skip
TARGET = {"RA_OBJ": 63.37389, "DEC_OBJ": -69.226789, "RADESYS": "ICRS"}


def pixel_file(path: Path, cards: dict[str, Any], primary: dict[str, Any]) -> Path:
    pixels = table(
        [
            ("TIME", "D", 1325.3 + np.arange(6) / 720, "BJD - 2457000, days"),
            ("FLUX", "35E", np.ones((6, 5, 7), np.float32), "e-/s"),
            ("QUALITY", "J", np.zeros(6, int)),
        ],
        "PIXELS",
        cards,
        {"FLUX": "(7,5)"},
    )
    return write(path, [pixels], {**TESS, **primary})


def frame(path: Path) -> ImageLook:
    item = preview(path, Asked(file_name=path.name)).items[0]
    assert isinstance(item, ImageLook)
    return item


def test_the_keywords_of_the_column_give_the_place(tmp_path: Path) -> None:
    image = frame(pixel_file(tmp_path / "tp.fits", COLUMN, TARGET))
    assert image.sky is not None and image.sky.frame == "ICRS"
    assert image.sky.at(2.1, 1.3) == pytest.approx((63.37480890472281, -69.22651163825252), abs=1e-6)


def test_a_place_without_the_target_is_left_out_and_said(tmp_path: Path) -> None:
    image = frame(pixel_file(tmp_path / "tp.fits", {**COLUMN, "2CRPX2": 977.0}, TARGET))
    assert image.sky is None and "not that of its target" in image.notes[-1]


def test_mangled_keywords_give_no_place(tmp_path: Path) -> None:
    image = frame(pixel_file(tmp_path / "tp.fits", {**COLUMN, "1CTYP2": 2.84, "2CTYP2": 977.1}, TARGET))
    assert image.sky is None and not any("sky" in note for note in image.notes)


@pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real files is not here")
@pytest.mark.parametrize(
    "name",
    [
        "tess/lightkurve/tess25155310-s01-first-cadences.fits.gz",
        "k2/tpf/ktwo211983544-c18_lpd-targ.fits",
        "kepler/tpf/test-tpf-kplr-tabby-100-cadences.fits",
    ],
)
def test_real_pixel_files_have_the_places_that_astropy_gives(name: str) -> None:
    image = look(name).items[0]
    assert isinstance(image, ImageLook) and image.sky is not None
    with fits.open(DATA / name) as hdus:
        wcs = WCS(hdus["APERTURE"].header)
        target = hdus[0].header["RA_OBJ"], hdus[0].header["DEC_OBJ"]
    for x, y in ((0.0, 0.0), (2.5, 1.25), (image.full[1] - 1.0, image.full[0] - 1.0)):
        assert image.sky.at(x, y) == pytest.approx(tuple(map(float, wcs.all_pix2world(x, y, 0))), abs=2e-7)
    x, y = wcs.all_world2pix(*target, 0)
    assert -0.5 <= x < image.full[1] and -0.5 <= y < image.full[0], "the target is in its pixels"


@pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real files is not here")
def test_the_old_cutout_with_the_reference_pixel_of_the_full_frame_has_no_place() -> None:
    image = look("cutouts/tess-s0001-4-3_107.27_-70.0_5x5_astrocut.fits").items[0]
    assert isinstance(image, ImageLook) and image.sky is None and "left out" in image.notes[-1]
