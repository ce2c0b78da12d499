"""Before any byte is spent: a look at a file of the archive moves what a terminal can show, and says how much."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mast_tui.archive import Archive
from mast_tui.controller.looks import Looks
from mast_tui.core import look_store
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import ImageLook, TextLook
from mast_tui.demo.server import DemoServer
from tests.preview.large_files import large_image

from .conftest import content, uri
from .large_files import CADENCES, NX, NY, PLANES, SOURCES

pytestmark = pytest.mark.asyncio(loop_scope="module")
Sent = Callable[[], int]
Faults = Callable[..., None]


async def test_a_small_file_comes_whole_and_is_not_fetched_again(looks: Looks, sent: Sent) -> None:
    preview = await looks.look(uri("small_x1d.fits"))
    assert (preview.kind, preview.file) == ("spectrum", "small_x1d.fits")
    assert preview.moved is not None
    assert preview.moved.n_bytes == preview.moved.of_bytes == len(content("small_x1d.fits")) == sent()
    await looks.look(uri("small_x1d.fits"))
    assert sent() == len(content("small_x1d.fits"))


async def test_of_a_large_image_some_rows_come(looks: Looks, sent: Sent) -> None:
    heard: list[str] = []
    preview = await looks.look(uri("large_drz.fits"), notice=heard.append)
    image = preview.items[0]
    assert isinstance(image, ImageLook)
    assert preview.target == "DEMO-FIELD"
    assert image.full == (NY, NX) and image.shape == (NY, NX)
    moved = preview.moved
    assert moved is not None and moved.of_bytes == len(content("large_drz.fits"))
    assert moved.n_bytes == sent() < 0.06 * len(content("large_drz.fits"))
    assert preview.n_bytes == len(content("large_drz.fits"))
    # each cell is the brightest of its columns in one of the file's rows, and says which row that is
    rows = np.rint((image.pixels[:, 0] - image.step[1] + 1) / 10_000)
    stride = rows[1] - rows[0]
    assert stride > 1 and (np.diff(rows) == stride).all() and np.isfinite(image.pixels).all()
    # which is the middle one of those that the cell covers
    assert image.origin[0] == rows[0] - (stride - 1) // 2 == 0 and image.step[0] == stride
    assert any(f"{stride:.0f}th row" in note for note in image.notes)
    assert any("WHT" in note for note in image.notes)
    assert preview.header is not None and preview.header.hdus[1].shape == (NY, NX)
    assert not preview.problems


async def test_the_sky_of_a_thinned_image_is_that_of_the_file(looks: Looks) -> None:
    image = (await looks.look(uri("large_drz.fits"))).items[0]
    assert isinstance(image, ImageLook)
    if image.sky is None:
        pytest.skip("this reader has no sky read-out")
    from astropy.io import fits
    from astropy.wcs import WCS

    with fits.open(io.BytesIO(content("large_drz.fits"))) as file:
        truth = WCS(file["SCI"].header)
    for x, y in ((100.0, 300.0), (1000.0, 2000.0)):
        at = image.sky.at(x, y)
        assert at is not None
        ra, dec = truth.all_pix2world(x, y, 0)
        assert abs(at[0] - ra) < 1e-7 and abs(at[1] - dec) < 1e-7


async def test_zooming_in_fetches_the_window_at_full_detail(looks: Looks, sent: Sent) -> None:
    await looks.look(uri("large_drz.fits"))
    before = sent()
    preview = await looks.look(uri("large_drz.fits"), hdu=1, window=(200, 700, 260, 740))
    image = preview.items[0]
    assert isinstance(image, ImageLook)
    assert image.step == (1, 1) and image.origin == (700, 200) and image.full == (NY, NX)
    assert image.pixels.shape == (40, 60)
    assert image.pixels[3, 5] == 10_000 * 703 + 205
    assert sent() - before <= 40 * NX * 4


async def test_of_a_pixel_file_spread_cadences_come(looks: Looks, sent: Sent) -> None:
    preview = await looks.look(uri("large_tp.fits"))
    pixels = next(item for item in preview.items if isinstance(item, ImageLook))
    assert (pixels.kind, pixels.n_rows) == ("pixels", CADENCES)
    assert any(f"of {CADENCES:,} cadences" in note for note in pixels.notes)
    assert abs(float(np.nanmedian(pixels.pixels)) - CADENCES / 2) < 40  # the median cadence, not the first
    assert sent() < 0.06 * len(content("large_tp.fits"))


async def test_frames_of_a_pixel_file_come_by_their_rows(looks: Looks, sent: Sent) -> None:
    await looks.look(uri("large_tp.fits"))
    before = sent()
    frames = await looks.frames(uri("large_tp.fits"), hdu=1, first=500, count=6, step=3)
    assert (frames.first, frames.step, frames.n_rows) == (500, 3, CADENCES)
    assert [float(np.nanmedian(f)) for f in frames.pixels] == [500, 503, 506, 509, 512, 515]
    assert sent() - before < 200_000


async def test_of_a_cube_spread_planes_come(looks: Looks, sent: Sent) -> None:
    preview = await looks.look(uri("large_s3d.fits"))
    cube = preview.items[0]
    assert isinstance(cube, ImageLook) and cube.kind == "cube"
    assert abs(float(np.nanmedian(cube.pixels)) - PLANES / 2) < 10
    assert cube.shape[0] == PLANES and any("planes" in note for note in cube.notes)
    part = (await looks.look(uri("large_s3d.fits"), hdu=1, window=(5, 20, 15, 50))).items[0]
    assert isinstance(part, ImageLook) and (part.origin, part.pixels.shape) == ((20, 5), (30, 10))
    before = sent()
    single = (await looks.look(uri("large_s3d.fits"), hdu=1, plane=123)).items[0]
    assert isinstance(single, ImageLook)
    assert (single.plane, single.n_planes) == (123, PLANES)
    assert single.notes[0] == f"slice 124 of {PLANES} is shown, at 5.123 um"
    assert float(single.pixels.max()) == float(single.pixels.min()) == 123
    assert sent() - before < 100_000


async def test_compressed_tiles_come_whole_where_they_are_not_large(looks: Looks, sent: Sent) -> None:
    image = (await looks.look(uri("large_fz.fits"))).items[0]
    assert isinstance(image, ImageLook) and (image.name, image.shape) == ("SCI", (1200, 2000))
    assert abs(image.summary.y_median - 100) < 5
    assert sent() < 4 << 20 and any("not fetched: WHT" in note for note in image.notes)


async def test_of_cells_of_varying_length_it_is_said_that_they_come_only_whole(looks: Looks, sent: Sent) -> None:
    for hdu in (None, 1):
        preview = await looks.look(uri("large_cells.fits"), hdu=hdu)
        assert any("CELLS (can only be had whole)" in note for note in preview.items[0].notes)
        assert preview.header is not None and preview.header.hdus[1].columns == ("ID", "FLUX")
    assert sent() <= 64 << 10


async def test_one_of_very_many_hdus_is_found_by_its_number(looks: Looks, sent: Sent) -> None:
    preview = await looks.look(uri("large_x1d.fits"))
    assert any("more than 64 HDUs" in problem and "download it" in problem for problem in preview.problems)
    before = sent()
    for k in (80, SOURCES):
        preview = await looks.look(uri("large_x1d.fits"), hdu=k)
        (spectrum,) = preview.series
        assert spectrum.hdu == k and spectrum.summary.y_median == k
        assert not preview.problems and not any("not fetched" in note for note in spectrum.notes)
    assert sent() - before < 60 * (16 << 10) + 2 * 110_000


async def test_of_a_packed_file_the_start_is_read_and_said(looks: Looks, sent: Sent) -> None:
    preview = await looks.look(uri("large_drz.fits.gz"))
    assert preview.kind == "image"
    assert any("packed" in problem for problem in preview.problems)
    assert sent() <= 4 << 20


async def test_of_a_long_text_the_start_is_read_and_said(looks: Looks, sent: Sent) -> None:
    preview = await looks.look(uri("large_log.txt"))
    assert any(isinstance(item, TextLook) for item in preview.items)
    assert any("only the first" in problem.lower() for problem in preview.problems)
    assert sent() <= 64 << 10


async def test_an_empty_file_is_called_empty(looks: Looks) -> None:
    preview = await looks.look(uri("empty_x1d.fits"))
    assert preview.kind == "unreadable" and "empty" in preview.problems[0]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("norange", "the server sends no parts of files"),
        ("nolength", "the server sends no parts of files and does not say how long this one is"),
        ("gzip", "the server packs files on their way (gzip) and sends no parts of them"),
    ],
)
async def test_a_server_without_ranges_is_noticed_and_said(
    looks: Looks, faults: Faults, sent: Sent, fault: str, words: str
) -> None:
    faults(fault)
    preview = await looks.look(uri("large_drz.fits"))
    assert preview.kind == "image"
    assert [p for p in preview.problems if p.startswith("Only the first") and p.endswith(
        f" of this file were fetched: {words}; download it to see all of it.")]  # fmt: skip
    image = preview.items[0]
    assert isinstance(image, ImageLook)
    there = np.isfinite(image.pixels)
    assert there.all() and image.pixels.max() < 10_000 * NY  # rows that did not come are not there, nor zero
    moved = preview.moved
    assert moved is not None and 0 < moved.n_bytes <= (8 << 20) + (64 << 10) and moved.how == words
    assert moved.of_bytes == (len(content("large_drz.fits")) if fault == "norange" else None)


async def test_of_a_packed_answer_what_came_over_the_wire_is_counted(looks: Looks, faults: Faults, sent: Sent) -> None:
    faults("gzip")
    preview = await looks.look(uri("small_x1d.fits"))
    assert (preview.kind, preview.problems) == ("spectrum", ())
    assert preview.moved is not None and "(gzip)" in preview.moved.how
    assert preview.moved.n_bytes == sent() < len(content("small_x1d.fits"))


async def test_a_file_that_changes_between_two_looks_is_read_anew(
    looks: Looks, archive: Archive, faults: Faults
) -> None:
    name = uri("large_drz.fits")
    await looks.look(name)
    old = look_store.read_kept(archive.host.base, name)
    assert old is not None
    faults("changed=1")
    # between two requests of one look; the embedded archive then changes every byte but those of the first header
    with pytest.raises(InvalidQuery, match="no HDU 1"):
        await looks.look(name, hdu=1, window=(0, 100, 60, 140))
        await looks.look(name, hdu=1, window=(0, 1100, 60, 1140))
    new = look_store.read_kept(archive.host.base, name)
    assert new is not None and new.validator != old.validator
    # nothing of the old version is taken for the new one
    data = new.data.read_bytes()
    whole = content("large_drz.fits")
    for a, b in new.known:
        a = max(a, 2880)
        assert all(x != y for x, y in zip(data[a : min(b, a + 500)], whole[a : min(b, a + 500)], strict=True))


async def test_a_cut_line_is_taken_up_where_it_broke(looks: Looks, faults: Faults, server: DemoServer) -> None:
    faults("truncated=0.5x1")
    preview = await looks.look(uri("large_s3d.fits"))
    assert preview.kind == "cube" and not preview.problems
    cube = preview.items[0]
    assert isinstance(cube, ImageLook) and float(np.nanmax(cube.pixels)) < PLANES


async def test_a_slow_line_is_left_at_once(looks: Looks, faults: Faults) -> None:
    faults("slow=5")
    task = asyncio.create_task(looks.look(uri("large_drz.fits")))
    await asyncio.sleep(0.3)
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 1.0
    faults()
    assert (await looks.look(uri("large_drz.fits"))).kind == "image"


async def test_the_whole_file_is_fetched_without_what_is_there(looks: Looks, sent: Sent) -> None:
    name = uri("large_tp.fits")
    await looks.look(name)
    path = await looks.whole(name)
    assert path.read_bytes() == content("large_tp.fits")
    assert sent() < len(content("large_tp.fits")) * 1.02
    before = sent()
    curve = await looks.aperture_curve(name, hdu=1, aperture=np.ones((30, 40), bool))
    assert curve.n_rows == CADENCES and sent() == before


async def test_what_needs_the_whole_of_a_huge_file_is_not_fetched_unasked(
    looks: Looks, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mast_tui.controller.looks.MOST_UNASKED", 5 << 20)
    name = uri("large_s3d.fits")
    await looks.look(name)
    before = sent()
    with pytest.raises(InvalidQuery, match="needs the whole file, of which 12 MB are not here") as refused:
        await looks.spaxel(name, hdu=1, x=10, y=10)
    assert refused.value.next_step == "Get the whole file first" and sent() == before
    await looks.whole(name)
    assert (await looks.spaxel(name, hdu=1, x=10, y=10)).n_rows == PLANES


async def test_a_later_session_asks_one_byte_to_use_what_is_kept(looks: Looks, archive: Archive, sent: Sent) -> None:
    await looks.look(uri("large_drz.fits"))
    before = sent()

    async def the_archive() -> Archive:
        return archive

    later = Looks(the_archive, lambda _: None)
    try:
        preview = await later.look(uri("large_drz.fits"))
    finally:
        await later.close()
    assert preview.kind == "image" and sent() - before == 1


async def test_a_large_file_on_the_disk_is_looked_at_without_the_archive(
    looks: Looks, sent: Sent, tmp_path: Path
) -> None:
    path = large_image(tmp_path / "mosaic_drz.fits", (20_000, 20_000), rows={(9_050,): np.arange(20_000)})
    preview = await looks.look(str(path))
    image = preview.items[0]
    assert isinstance(image, ImageLook) and image.full == (20_000, 20_000)
    assert preview.moved is None and preview.n_bytes == path.stat().st_size and sent() == 0
    assert not any("fetched" in note or "download" in note for note in image.notes)
    part = (await looks.look(str(path), hdu=1, window=(100, 9_000, 200, 9_100))).items[0]
    assert isinstance(part, ImageLook) and (part.step, part.origin) == ((1, 1), (9_000, 100))
    assert part.pixels[50].tolist() == list(range(100, 200))
