"""What a large file only lists is read when somebody turns to it, whichever screen is open."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import ImageLook
from mast_tui.plot.takeaway import to_svg
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview
from mast_tui.tui.screens.look_image import ImageScreen
from tests.preview.made_files import spoc_light_curve
from tests.preview.test_planes_and_windows import full_frame
from tests.tui.test_preview_screen import looking


def shown(screen: object) -> ImageLook:
    assert isinstance(screen, ImageScreen)
    return screen._image


async def test_from_the_first_channel_of_a_full_frame_image_to_the_last(demo_url: str, tmp_path: Path) -> None:
    path = full_frame(tmp_path / "kplr_ffi-cal.fits")
    async with looking(demo_url, str(path)) as person:
        await person.until("MOD.OUT 0")
        await person.press("left_square_bracket")
        await person.until("84 of 84")
        image = shown(person.app.screen)
        assert image.loaded and (image.name, image.summary.y_max) == ("MOD.OUT 83", 83)
        await person.press("left_square_bracket")
        await person.until("83 of 84")
        assert shown(person.app.screen).summary.y_max == 82
        await person.press("right_square_bracket")
        await person.until("84 of 84")
        assert shown(person.app.screen).name == "MOD.OUT 83"


async def test_from_a_curve_to_a_large_image_behind_it(demo_url: str, tmp_path: Path) -> None:
    path = spoc_light_curve(tmp_path / "a_lc.fits")
    images = [np.ones((1100, 1100), np.float32), np.eye(1100, dtype=np.float32)]
    with fits.open(path, mode="append") as hdus:
        hdus.extend(fits.ImageHDU(array, name=f"STAMP{k}") for k, array in enumerate(images))
    async with looking(demo_url, str(path)) as person:
        await person.until("points")
        await person.press("left_square_bracket")
        await person.until("STAMP1")
        image = shown(person.app.screen)
        assert image.loaded and (image.name, image.summary.y_max) == ("STAMP1", 1)


def test_an_image_that_is_only_listed_is_no_picture(tmp_path: Path) -> None:
    last = preview(full_frame(tmp_path / "kplr_ffi-cal.fits"), Asked()).items[-1]
    assert isinstance(last, ImageLook) and not last.loaded
    with pytest.raises(InvalidQuery, match="has not been read yet"):
        to_svg(last)
