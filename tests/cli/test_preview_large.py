"""`mast-tui preview` of a mosaic of 1.6 GB on the disk: a picture, its numbers and its headers, in every format."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import Command
from tests.preview.large_files import SKY, large_image

N = 20_000


@pytest.fixture(scope="module")
def mosaic(tmp_path_factory: pytest.TempPathFactory) -> str:
    rows = {(y,): np.arange(N, dtype=np.float32) for y in range(12, N, 25)}
    cards = {**SKY, "BUNIT": "electron/s"}
    return str(large_image(tmp_path_factory.mktemp("large") / "mosaic_drz.fits", (N, N), rows=rows, cards=cards))


@pytest.mark.parametrize("hdu", [(), ("--hdu", "1")])
def test_it_is_drawn_and_says_that_some_rows_are(bare: Command, mosaic: str, hdu: tuple[str, ...]) -> None:
    ran = bare("preview", mosaic, *hdu)
    said = " ".join(ran.out.split())
    assert (ran.code, ran.err) == (0, "")
    assert "mosaic_drz.fits (1.6 GB)" in said and "20000 × 20000" in said
    assert "only every 125th row was read: small things may be missing; zoom in to see every row" in said
    assert "fetched" not in said and "download" not in said


def test_its_numbers_have_the_shape_of_the_file(bare: Command, mosaic: str) -> None:
    told = bare("preview", mosaic, "--json").json
    (item,) = told["items"]
    assert (told["kind"], told["problems"]) == ("image", [])
    assert (item["shape"], item["hdu"], item["name"]) == ([N, N], 1, "SCI")
    assert "moved" not in told


def test_info_tells_what_it_is_and_that_it_is_whole(bare: Command, mosaic: str) -> None:
    ran = bare("preview", mosaic, "--info")
    assert ran.code == 0 and "file complete: yes" in ran.out
    assert "20000×20000" in ran.out and "problem" not in ran.out


def test_a_picture_of_it_is_written(bare: Command, mosaic: str, tmp_path: Path) -> None:
    ran = bare("preview", mosaic, "--format", "png", "--output", str(tmp_path / "page.png"), "--size", "80x24")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert Image.open(tmp_path / "page.png").size == (800, 480)


def test_half_of_it_is_called_cut_off(bare: Command, tmp_path: Path) -> None:
    path = large_image(tmp_path / "half_drz.fits", (N, N), cards=SKY)
    os.truncate(path, path.stat().st_size // 2)
    ran = bare("preview", str(path))
    assert ran.code == 1 and "The file is cut off: 800,003,520 of at least 1,600,005,760 bytes are there" in ran.err
