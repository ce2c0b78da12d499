"""A mosaic of some gigabytes is on the disk: it opens at once, says which rows are drawn, and zooms to all of them."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS

from mast_tui.core.errors import InvalidQuery, UnreadableFile
from mast_tui.core.look import ImageLook, Preview, Series, TableLook
from mast_tui.preview import jobs, large, pixels, shrinking
from mast_tui.preview.asking import Asked
from mast_tui.preview.fits_file import MAX_MAPPED, MAX_PIXELS
from mast_tui.preview.parts import READ
from mast_tui.preview.passing import frames_from_wire
from tests.preview.large_files import SKY, large_image, large_table, mapped, stored

N = 20_000
ROOT = Path(__file__).parents[2]


def look(path: Path, **asked: Any) -> Preview:
    return jobs.preview(path, Asked(**asked, file_name=path.name))


def image(path: Path, **asked: Any) -> ImageLook:
    found = look(path, **asked)
    item = found.items[0]
    assert isinstance(item, ImageLook), found.problems
    return item


def never_fetched(preview: Preview) -> bool:
    """Nothing that is said speaks of bytes that are not here."""
    said = [*preview.problems, *(note for item in preview.items for note in item.notes)]
    return not any(word in line for line in said for word in ("fetch", "download", "moved", "archive"))


@pytest.fixture(scope="module")
def mosaic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20,000 x 20,000 pixels of 4 bytes; every 25th row and 400 rows in the middle are x + 1000 * (their row)."""
    bright = [*range(12, N, 25), *range(9_000, 9_400)]
    rows = {(y,): np.arange(N) + 1000.0 * y for y in bright}
    return large_image(tmp_path_factory.mktemp("large") / "mosaic_drz.fits", (N, N), rows=rows, cards=SKY)


def test_a_mosaic_that_was_too_large_is_drawn_by_rows_of_the_file(mosaic: Path) -> None:
    assert N * N > MAX_PIXELS and mosaic.stat().st_size > MAX_MAPPED
    preview = look(mosaic)
    shown = image(mosaic)
    assert (preview.kind, preview.target, preview.problems) == ("image", "DEMO-FIELD", ())
    assert preview.n_bytes == mosaic.stat().st_size
    assert (shown.shape, shown.full) == ((N, N), (N, N))
    stride, across = shown.step
    there = mapped(mosaic, (N, N))[(stride - 1) // 2 :: stride]
    assert shown.origin == (0, 0) and len(there) == len(shown.pixels) > 100
    assert np.array_equal(shown.pixels, np.maximum.reduceat(there, np.arange(0, N, across), axis=1))
    assert f"only every {stride}th row was read: small things may be missing; zoom in to see every row" in shown.notes
    assert never_fetched(preview)


def test_its_sky_is_that_of_the_file(mosaic: Path) -> None:
    truth = WCS(fits.Header(dict(SKY)))
    for part, x, y in ((None, 300.0, 17_000.0), ((200, 9_000, 700, 9_300), 400.5, 9_100.25)):
        grid = image(mosaic, hdu=1, window=part).sky
        at = None if grid is None else grid.at(x, y)
        assert at is not None
        assert np.allclose(at, truth.all_pix2world(x, y, 0), atol=1e-7)


def test_zooming_in_shows_every_pixel(mosaic: Path) -> None:
    shown = image(mosaic, hdu=1, window=(11_000, 9_050, 11_200, 9_180))
    assert (shown.step, shown.origin, shown.full) == ((1, 1), (9_050, 11_000), (N, N))
    assert np.array_equal(shown.pixels, mapped(mosaic, (N, N))[9_050:9_180, 11_000:11_200])
    assert not any("row" in note for note in shown.notes)
    edge = image(mosaic, hdu=1, window=(N - 10, N - 10, N + 50, N + 50))
    assert (edge.origin, edge.pixels.shape) == ((N - 10, N - 10), (10, 10))
    with pytest.raises(InvalidQuery, match="outside of the image") as refused:
        image(mosaic, hdu=1, window=(0, N, 10, N + 5))
    assert "20000 × 20000" in refused.value.next_step


def test_the_reader_stays_small(mosaic: Path) -> None:
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("this system does not tell the most memory of a process")
    words = (
        "import sys; from mast_tui.preview import jobs; jobs.warm(); jobs.read(sys.argv[1]);"
        "print(next(l for l in open('/proc/self/status') if l.startswith('VmHWM')).split()[1])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", words, str(mosaic)], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 200 << 10  # KiB


def test_an_hour_of_download_that_was_cut_off_is_said(tmp_path: Path) -> None:
    path = large_image(tmp_path / "cut_drz.fits", (N, N), cards=SKY)
    os.truncate(path, path.stat().st_size // 2)
    found = look(path)
    assert found.kind == "unreadable" and found.header is not None and found.header.hdus[1].shape == (N, N)
    assert len(found.problems) == 1 and found.problems[0].startswith("The file is cut off: 800,003,520 of at least")


def test_integers_are_scaled_as_the_header_says(tmp_path: Path) -> None:
    axes = (12_000, 12_000)
    rows = {(y,): np.full(12_000, y) for y in range(90, 110)}
    cards = {**SKY, "BZERO": 100.0, "BSCALE": 2.0, "BLANK": 99}
    path = large_image(tmp_path / "scaled.fits", axes, ">i2", rows, cards)
    shown = image(path, hdu=1, window=(0, 90, 20, 110))
    assert np.isnan(shown.pixels[9]).all()
    assert shown.pixels[8, 0] == 296 and shown.pixels[10, 0] == 300


def test_of_a_stack_any_plane_is_shown_whole(tmp_path: Path) -> None:
    axes = (40, 2_000, 2_000)
    path = large_image(tmp_path / "stack.fits", axes, rows={(k, 7): np.full(2_000, k + 1.0) for k in range(40)})
    last, fifth = image(path), image(path, hdu=1, plane=4)
    assert (last.plane, last.n_planes, last.shape) == (39, 40, axes)
    assert last.summary.y_max == 40 and last.n_rows == 2_000 * 2_000
    assert (fifth.plane, fifth.summary.y_max) == (4, 5)
    assert fifth.notes[0] == "plane 5 of 40 is shown"
    assert never_fetched(look(path))
    with pytest.raises(InvalidQuery, match="no plane 40") as refused:
        image(path, hdu=1, plane=40)
    assert refused.value.next_step == "It has 40, counted from 0"


def test_of_a_ramp_the_signal_of_an_integration_is_shown(tmp_path: Path) -> None:
    axes = (3, 8, 2_048, 2_800)  # as a JWST _uncal file: integrations, groups, rows, columns; unsigned integers
    rows = {(i, g, 5): np.full(2_800, 100 * i * g) for i in range(3) for g in range(8)}
    path = large_image(tmp_path / "a_uncal.fits", axes, ">i2", rows, {"BZERO": 32768}, {"TELESCOP": "JWST"})
    last, second = image(path), image(path, hdu=1, plane=1)
    assert (last.plane, last.n_planes, last.summary.y_max) == (2, 3, 1400)
    assert (second.plane, second.n_planes, second.summary.y_max) == (1, 3, 700)
    assert second.notes[:2] == ("integration 2 of 3 is shown", "the last minus the first group is shown")


def test_a_cube_is_shown_by_spread_slices_and_one_slice_at_its_wavelength(tmp_path: Path) -> None:
    axes = (3_000, 220, 220)
    cards = {"CTYPE3": "WAVE", "CUNIT3": "um", "CRVAL3": 5.0, "CRPIX3": 1.0, "CDELT3": 0.001, "BUNIT": "MJy/sr"}
    path = large_image(tmp_path / "a_s3d.fits", axes, rows={(1_234, 9): np.full(220, 7.0)}, cards=cards)
    median, one = image(path), image(path, hdu=1, plane=1_234)
    assert median.kind == "cube" and median.plane is None and (median.shape, median.n_planes) == (axes, 3_000)
    assert any("of 3,000 planes were read; choose one to see it alone" in note for note in median.notes)
    part = image(path, hdu=1, window=(10, 100, 30, 140))
    assert (part.origin, part.pixels.shape, part.plane, part.full) == ((100, 10), (40, 20), None, (220, 220))
    assert (one.plane, one.n_planes, one.summary.y_max) == (1_234, 3_000, 7.0)
    assert one.plane_value == pytest.approx(6.234)
    assert one.notes[0] == "slice 1,235 of 3,000 is shown, at 6.234 um"


def test_a_wavelength_that_stands_in_a_table_is_that_of_the_whole_cube(tmp_path: Path) -> None:
    cards = {"CTYPE3": "WAVE", "CUNIT3": "um", "PS3_0": "WCS-TABLE", "PS3_1": "wavelength"}
    path = large_image(tmp_path / "a_s3d.fits", (3_000, 220, 220), cards=cards)
    table = fits.BinTableHDU.from_columns(
        [fits.Column("wavelength", "3000E", array=np.linspace(5, 28, 3_000)[None] ** 2)], name="WCS-TABLE"
    )
    with path.open("ab") as file:
        file.write(table.header.tostring().encode() + stored(table))
    assert image(path, hdu=1, plane=2_999).plane_value == pytest.approx(28**2)


def test_flagged_pixels_of_the_rows_that_are_shown_are_blank(tmp_path: Path) -> None:
    axes = (12_000, 12_000)
    path = large_image(tmp_path / "a_i2d.fits", axes, primary={"TELESCOP": "JWST"})
    flags = large_image(tmp_path / "dq.fits", axes, ">i4", cards={"EXTNAME": "DQ"})
    with path.open("r+b") as file, flags.open("rb") as other:
        other.seek(2880)  # its primary header
        start = file.seek(0, os.SEEK_END)
        file.write(other.read(2880))
        file.seek(11_000 * 12_000 * 4, os.SEEK_CUR)
        file.write(np.ones(12_000, ">i4").tobytes())
        file.truncate(start + flags.stat().st_size - 2880)
    shown = image(path, hdu=1, window=(0, 10_990, 30, 11_010))
    assert np.isnan(shown.pixels).sum(axis=1).tolist() == [0] * 10 + [30] + [0] * 9


FRAME = 40 * 50
COLUMNS = (
    fits.Column("TIME", "D", unit="BJD - 2457000, days"),
    fits.Column("FLUX", f"{FRAME}E", dim="(50,40)", unit="e-/s"),
    fits.Column("QUALITY", "J"),
)


def test_of_a_huge_pixel_file_spread_cadences_are_shown_and_any_frame_can_be_seen(tmp_path: Path) -> None:
    n = 180_000
    some = {k: (1_300.0 + k / 1e4, np.full((40, 50), float(k)), 0) for k in (100_000, 100_007, 179_999)}
    path = large_table(tmp_path / "star_tp.fits", n, COLUMNS, some)
    assert path.stat().st_size > MAX_MAPPED
    preview = look(path)
    shown, curve = preview.items
    assert isinstance(shown, ImageLook) and isinstance(curve, Series)
    assert (shown.kind, shown.n_rows, shown.shape, curve.n_rows) == ("pixels", n, (n, 40, 50), n)
    assert any(f"of {n:,} cadences, evenly spread, were read" in note for note in shown.notes)
    assert never_fetched(preview)
    last = image(path, hdu=1, plane=n - 1)
    assert (last.plane, last.summary.y_max) == (n - 1, n - 1)
    assert "cadence 180,000 of 180,000 was read" in last.notes
    film = frames_from_wire(jobs.frames(str(path), 1, 100_000, 2, 7))
    assert (film.first, film.step, film.n_rows) == (100_000, 7, n)
    assert [float(frame[3, 3]) for frame in film.pixels] == [100_000, 100_007]
    with pytest.raises(InvalidQuery, match="no cadence 180000"):
        jobs.frames(str(path), 1, n, 2, 1)


def test_the_aperture_of_a_huge_pixel_file_is_that_of_the_file(tmp_path: Path) -> None:
    columns = [COLUMNS[0], fits.Column("FLUX", "62500E", dim="(250,250)", unit="e-/s"), COLUMNS[2]]
    path = large_table(tmp_path / "star_tp.fits", 6_000, columns, {0: (1_300.0, np.ones((250, 250)), 0)})
    pixels_in = np.ones((250, 250), np.int32)
    pixels_in[100:103, 100:102] = 3
    aperture = fits.ImageHDU(pixels_in, name="APERTURE")
    with path.open("ab") as file:
        file.write(aperture.header.tostring().encode() + stored(aperture))
    shown = image(path)
    assert path.stat().st_size > MAX_MAPPED and shown.kind == "pixels"
    assert shown.aperture is not None and np.array_equal(shown.aperture, pixels_in == 3)


def test_what_needs_every_row_of_a_huge_file_says_that_it_is_too_large(tmp_path: Path) -> None:
    path = large_table(tmp_path / "star_tp.fits", 180_000, COLUMNS, {0: (1_300.0, np.ones((40, 50)), 0)})
    with pytest.raises(UnreadableFile, match=r"can only be read whole\. A file of 1\.44 GB is too large"):
        jobs.aperture_curve(str(path), 1, np.ones((40, 50), bool))


def test_of_a_huge_catalogue_the_first_rows_are_shown(tmp_path: Path) -> None:
    columns = [fits.Column("RA", "D", unit="deg"), fits.Column("NAME", "92A")]
    path = large_table(tmp_path / "cat.fits", 15_000_000, columns, {0: (150.5, "first"), 1: (151.5, "second")})
    preview = look(path)
    table = preview.items[0]
    assert isinstance(table, TableLook) and (table.n_rows, table.shape) == (15_000_000, (15_000_000, 2))
    assert table.rows[:2] == (("150.5", "first"), ("151.5", "second"))
    assert any("of 15,000,000 rows were read" in note for note in table.notes) and never_fetched(preview)


def test_a_table_that_does_not_fit_into_the_memory_of_a_look_is_shown_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    n = 10_000
    some = {k: (1_300.0 + k / 1e4, np.full((40, 50), float(k)), 0) for k in range(0, n, 100)}
    path = large_table(tmp_path / "star_tp.fits", n, COLUMNS, some)
    whole = pixels._sums

    def sums(flux: Any, aperture: Any) -> Any:
        if len(flux) == n:
            raise MemoryError("Unable to allocate 954. MiB")
        return whole(flux, aperture)

    monkeypatch.setattr(pixels, "_sums", sums)
    preview = look(path)
    assert (preview.kind, preview.problems) == ("pixels", ())
    assert any("cadences, evenly spread, were read" in note for note in preview.items[0].notes)


def test_a_packed_mosaic_says_that_it_must_be_unpacked_first(tmp_path: Path) -> None:
    path = large_image(tmp_path / "mask.fits", (15_000, 15_000), "u1", {(7_500,): np.arange(15_000) % 251})
    packed = tmp_path / "mask.fits.gz"
    with path.open("rb") as plain, gzip.open(packed, "wb", compresslevel=1) as file:
        while chunk := plain.read(1 << 20):
            file.write(chunk)
    found = look(packed)
    assert found.kind == "unreadable" and "Unpack it yourself if you trust it" in found.problems[0]


def test_tiles_that_unpack_to_a_giant_are_not_drawn(tmp_path: Path) -> None:
    path = tmp_path / "z.fits"
    fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(np.zeros((20, 20), np.int16))]).writeto(path)
    with fits.open(path, mode="update", disable_image_compression=True) as hdus:
        hdus[1].header["ZNAXIS1"] = hdus[1].header["ZNAXIS2"] = N
    (problem,) = look(path).problems
    assert "This array is too large for a preview. It has 400,000,000 pixels." in problem


def test_files_of_usual_size_are_read_as_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a file of usual size was thinned")

    monkeypatch.setattr(large, "looks", never)
    shown = image(large_image(tmp_path / "usual_drz.fits", (4_000, 4_000), cards=SKY))
    assert shown.step == (25, 13) and not any("row was read" in note for note in shown.notes)
    assert READ.image_rows == shrinking.MAX_ROWS, "as many rows are read as are drawn"
