"""Where an image lies on the sky, and the archive's own pictures: found, bounded, made small."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from PIL import Image

from mast_tui.core.look import ImageLook, PictureLook, SkyGrid
from mast_tui.preview.asking import Asked
from mast_tui.preview.headers import Header, parse
from mast_tui.preview.jobs import preview
from mast_tui.preview.sky import sky_grid


def header_of(cards: dict[str, Any]) -> tuple[Header, fits.Header]:
    written = fits.Header(list(cards.items()))
    return parse(written.tostring().encode("ascii")), written


def tan(nx: int, ny: int, scale: float, **more: Any) -> dict[str, Any]:
    """A tangent projection near the pole, turned by 30 degrees; `scale` in degrees a pixel."""
    c, s = scale * np.cos(np.pi / 6), scale * np.sin(np.pi / 6)
    cards = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 359.99, "CRVAL2": 85.0, "CRPIX1": nx / 2 + 0.5}
    return cards | {"CRPIX2": ny / 2 + 0.5, "CD1_1": -c, "CD1_2": s, "CD2_1": s, "CD2_2": c, "RADESYS": "FK5"} | more


def pixels_off(grid: SkyGrid, wcs: Any, nx: int, ny: int, seed: int = 4) -> float:
    """The largest distance, in pixels, of the grid's directions from astropy's at 300 places of the image."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-0.5, nx - 0.5, 300), rng.uniform(-0.5, ny - 0.5, 300)
    worst = 0.0
    for px, py in zip(x, y, strict=True):
        at = grid.at(px, py)
        assert at is not None
        assert grid.pixel(*at) == pytest.approx((px, py), abs=0.01), "the way there and back"
        back = wcs.all_world2pix([at], 0, tolerance=1e-6)[0]
        worst = max(worst, float(np.hypot(back[0] - px, back[1] - py)))
    return worst


@pytest.mark.parametrize(("n", "scale"), [(1000, 1.4e-5), (4096, 1.1e-5), (800, 4e-4), (2048, 5.8e-3)])
def test_positions_are_those_of_astropy_also_across_right_ascension_zero(n: int, scale: float) -> None:
    header, written = header_of(tan(n, n - 100, scale))
    grid = sky_grid(header, (0, n), (0, n - 100))
    assert grid is not None and grid.frame == "FK5"
    assert pixels_off(grid, WCS(written), n, n - 100) < 0.02


def test_sip_polynomials_are_applied() -> None:
    sip = {"A_ORDER": 2, "B_ORDER": 2, "A_2_0": 3e-6, "A_1_1": -2e-6, "B_0_2": 4e-6, "B_1_1": 1e-6}
    cards = tan(2000, 2000, 1.4e-5, **sip) | {"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP"}
    header, written = header_of(cards)
    grid = sky_grid(header, (0, 2000), (0, 2000))
    assert grid is not None and pixels_off(grid, WCS(written), 2000, 2000) < 0.02
    assert grid.pixel(359.99, -85.0) is None and grid.pixel(180.0, 80.0) is None
    plain, _ = header_of(tan(2000, 2000, 1.4e-5))
    without = sky_grid(plain, (0, 2000), (0, 2000))
    assert without is not None and pixels_off(without, WCS(written), 2000, 2000) > 1, "they matter"


def test_galactic_coordinates_become_right_ascension_and_declination() -> None:
    from astropy.coordinates import SkyCoord

    cards = tan(100, 100, 1e-3) | {"CTYPE1": "GLON-TAN", "CTYPE2": "GLAT-TAN", "CRVAL1": 120.0, "CRVAL2": -30.0}
    grid = sky_grid(header_of(cards)[0], (0, 100), (0, 100))
    assert grid is not None and grid.frame == "ICRS"
    expected = SkyCoord(l=120, b=-30, unit="deg", frame="galactic").icrs
    assert grid.at(49.5, 49.5) == pytest.approx((expected.ra.deg, expected.dec.deg), abs=2e-5)


def test_axes_that_are_not_the_sky_give_no_positions() -> None:
    spectral = {"CTYPE1": "WAVE", "CTYPE2": "OFFSET", "CRVAL1": 1.0, "CRPIX1": 1.0, "CDELT1": 0.1}
    assert sky_grid(header_of(spectral)[0], (0, 50), (0, 50)) is None
    assert sky_grid(header_of(tan(50, 50, 1e-4, DISPAXIS=1))[0], (0, 50), (0, 50)) is None
    assert sky_grid(header_of({"BITPIX": -32})[0], (0, 50), (0, 50)) is None
    assert sky_grid(header_of(tan(50, 50, 0.0))[0], (0, 50), (0, 50)) is None, "a matrix that can't be inverted"


def test_a_part_of_an_image_says_the_same_positions_as_the_whole(tmp_path: Path) -> None:
    hdu = fits.ImageHDU(np.zeros((500, 600), np.float32), name="SCI")
    hdu.header.update(tan(600, 500, 2e-5))
    path = tmp_path / "drz.fits"
    fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(path)
    whole = preview(path, Asked(file_name=path.name)).items[0]
    part = preview(path, Asked(hdu=1, window=(100, 50, 140, 80), file_name=path.name)).items[0]
    assert isinstance(whole, ImageLook) and isinstance(part, ImageLook)
    assert whole.sky is not None and part.sky is not None
    assert part.sky.at(120.25, 60.5) == pytest.approx(whole.sky.at(120.25, 60.5), abs=1e-7)
    assert part.sky.at(10, 10) is None, "outside of the part"


DATA = Path(os.environ.get("MAST_TUI_REAL_DATA", "../shared/data"))


@pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real files is not here")
@pytest.mark.parametrize(
    ("name", "hdu", "pixels"),
    [
        ("hst/acs/j8bt06nyq_flt.fits", 1, 0.2),  # astropy also applies the look-up tables D2IMARR
        ("tess/ffi/tess2018206192942-s0001-1-4-0120-s_ffic.fits", 1, 0.02),
        ("dss/HorseHead.fits", 0, 0.02),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_real_images_lie_where_astropy_says(name: str, hdu: int, pixels: float) -> None:
    if not (DATA / name).exists():
        pytest.skip(f"{name} is not here")
    shown_there = preview(DATA / name, Asked(hdu=hdu, file_name=name)).items[0]
    assert isinstance(shown_there, ImageLook) and shown_there.sky is not None
    with fits.open(DATA / name) as hdus:
        ny, nx = shown_there.full
        assert pixels_off(shown_there.sky, WCS(hdus[hdu].header, hdus), nx, ny) < pixels


# --- pictures ---------------------------------------------------------------------------------------------------


def shown(path: Path) -> PictureLook:
    item = preview(path, Asked(file_name=path.name)).items[0]
    assert isinstance(item, PictureLook)
    return item


@pytest.mark.parametrize(("ending", "name"), [("jpg", "JPEG"), ("png", "PNG"), ("gif", "GIF")])
def test_a_picture_keeps_its_colours_and_proportions(tmp_path: Path, ending: str, name: str) -> None:
    colours = np.zeros((900, 1800, 3), np.uint8)
    colours[:450, :, 0] = 250  # the upper half is red
    colours[450:, :, 2] = 250
    path = tmp_path / f"preview.{ending}"
    Image.fromarray(colours).save(path)
    look = shown(path)
    assert (look.format, look.shape) == (name, (900, 1800)) and look.pixels is not None
    assert look.pixels.shape == (320, 640, 3)
    assert look.pixels[10, 300].tolist() == pytest.approx([250, 0, 0], abs=6), "the first row is the top"
    assert look.pixels[-10, 300].tolist() == pytest.approx([0, 0, 250], abs=6)


def test_grey_and_transparent_pictures_are_drawn_as_they_look_on_black(tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(0, 4000, 40).astype(np.uint16), (20, 1))
    Image.fromarray(ramp).save(tmp_path / "sixteen_bits.png")
    grey = shown(tmp_path / "sixteen_bits.png").pixels
    assert grey is not None and grey[5, 0].tolist() == [0, 0, 0] and grey[5, 39].tolist() == [255, 255, 255]
    glass = np.full((20, 20, 4), 255, np.uint8)
    glass[:, :10, 3] = 0
    Image.fromarray(glass).save(tmp_path / "transparent.png")
    seen = shown(tmp_path / "transparent.png").pixels
    assert seen is not None and seen[3, 3].tolist() == [0, 0, 0] and seen[3, 15].tolist() == [255, 255, 255]


def test_a_picture_that_was_cut_off_shows_what_came(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(3).integers(0, 255, (300, 300, 3), dtype=np.uint8)).save(file, "JPEG")
    path = tmp_path / "half.jpg"
    path.write_bytes(file.getvalue()[: file.tell() // 2])
    look = shown(path)
    assert look.pixels is not None and look.pixels[:50].std() > 20
    assert "damaged" in look.notes[0]


def test_a_small_file_that_unfolds_to_a_huge_picture_is_not_decoded(tmp_path: Path) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    path = tmp_path / "bomb.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b""))
    look = shown(path)
    assert look.pixels is None and "3,600,000,000 pixels, too many" in look.notes[0]


def test_a_picture_of_nonsense_says_that_it_cannot_be_decoded(tmp_path: Path) -> None:
    path = tmp_path / "nonsense.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 64, 48) + b"\x08\x02\0\0\0" + b"x" * 99)
    look = shown(path)
    assert look.pixels is None and look.notes[0].startswith("it can't be decoded")
