"""Whatever a file does, the app gets an answer within seconds: one sentence, and what can be shown."""

from __future__ import annotations

import asyncio
import gzip
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from mast_tui.core.errors import InvalidQuery, NotFound
from mast_tui.core.look import Series
from mast_tui.preview import Previewer, guard
from tests.preview.made_files import header_block, spoc_light_curve, write

IMAGE = ("SIMPLE  =                    T", "BITPIX  =                   16")


def _bomb(*cards: str) -> bytes:
    return header_block(*IMAGE, *cards)


def _table(n_fields: int) -> bytes:
    axes = ("BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = 8", "NAXIS2  = 1", "PCOUNT  = 0", "GCOUNT  = 1")
    extension = header_block("XTENSION= 'BINTABLE'", *axes, f"TFIELDS = {n_fields}")
    return _bomb("NAXIS   =                    0") + extension


BOMBS = {
    "99,999,999 axes": (_bomb("NAXIS   =             99999999"), "99,999,999 axes"),
    "a terabyte": (_bomb("NAXIS   =                    1", "NAXIS1  =        1000000000000"), "cut off"),
    "an absurd size": (
        _bomb("NAXIS   =                    2", "NAXIS1  = 1000000000000000000", "NAXIS2  = 1000000000000000000"),
        "claims",
    ),
    "a negative axis": (_bomb("NAXIS   =                    1", "NAXIS1  =                   -5"), "negative"),
    "no such BITPIX": (
        header_block("SIMPLE  =                    T", "BITPIX  =                    7", "NAXIS   =  0"),
        "BITPIX",
    ),
    "no axes at all": (_bomb("NAXIS   =                    3"), "lacks the length"),
    "99,999 columns": (_table(99_999), "99,999 table columns"),
    "columns without formats": (_table(5) + bytes(2880), "can't be read"),
    "a header without end": (IMAGE[0].encode().ljust(80) + b"COMMENT ".ljust(80) * 500, "inside the header"),
    "200,000 cards": (IMAGE[0].encode().ljust(80) + b"COMMENT ".ljust(80) * 200_000, "more than 40,000 cards"),
    "not FITS but zeros": (b"\0" * 5000, "neither FITS"),
    "an archive": (b"PK\x03\x04" + b"\0" * 300, "zip archive"),
    "nothing": (b"", "empty"),
}


@pytest.fixture
async def previewer() -> AsyncIterator[Previewer]:
    previewer = Previewer()
    yield previewer
    await previewer.close()


async def test_every_bomb_ends_in_one_sentence(tmp_path: Path, previewer: Previewer) -> None:
    await previewer.warm()
    for name, (content, words) in BOMBS.items():
        path = tmp_path / "bomb.fits"
        path.write_bytes(content)
        began = time.monotonic()
        found = await previewer.look(path)
        assert time.monotonic() - began < 5, name
        assert words in " ".join(found.problems), (name, found.problems)
        assert all(problem.count("\n") == 0 and problem.endswith(".") for problem in found.problems)
    assert (await previewer.look(spoc_light_curve(tmp_path / "lc.fits"))).kind == "lightcurve"


async def test_thousands_of_hdus_end_with_the_first_ones(tmp_path: Path, previewer: Previewer) -> None:
    extension = header_block("XTENSION= 'IMAGE   '", "BITPIX  =  8", "NAXIS   =  0", "PCOUNT  = 0", "GCOUNT  = 1")
    path = tmp_path / "many.fits"
    path.write_bytes(_bomb("NAXIS   =                    0") + extension * 5000)
    found = await previewer.look(path)
    assert found.header is not None and len(found.header.hdus) == guard.MAX_HDUS
    assert "more than 2,000 HDUs" in found.problems[0]


async def test_a_compressed_image_of_ten_gigapixels_is_not_unpacked(tmp_path: Path, previewer: Previewer) -> None:
    path = write(tmp_path / "z.fits", [fits.CompImageHDU(np.zeros((20, 20), np.int16))])
    with fits.open(path, mode="update", disable_image_compression=True) as hdus:
        hdus[1].header["ZNAXIS1"] = hdus[1].header["ZNAXIS2"] = 100_000
    found = await previewer.look(path)
    assert "too large for a preview" in found.problems[0] and found.header is not None


async def test_a_gzip_bomb_is_not_unpacked(tmp_path: Path, previewer: Previewer) -> None:
    path = tmp_path / "bomb.fits.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(600):
            file.write(b"\0" * (1 << 20))
    found = await previewer.look(path)
    assert found.kind == "unreadable" and "It grows to more than" in found.problems[0]


async def test_a_cut_gzip_file_shows_the_headers_that_came(tmp_path: Path, previewer: Previewer) -> None:
    whole = spoc_light_curve(tmp_path / "lc.fits", 5000).read_bytes()
    path = tmp_path / "lc.fits.gz"
    path.write_bytes(gzip.compress(whole)[:-3000])
    found = await previewer.look(path)
    assert found.kind == "lightcurve" and "cut off" in found.problems[0]
    assert found.target == "TIC 261136679"


async def test_of_a_truncated_light_curve_the_rows_that_came_are_shown(tmp_path: Path, previewer: Previewer) -> None:
    whole = spoc_light_curve(tmp_path / "whole.fits", 400).read_bytes()
    path = tmp_path / "lc.fits"
    path.write_bytes(whole[: len(whole) - 4 * 2880])
    found = await previewer.look(path)
    curve = found.items[0]
    assert isinstance(curve, Series) and 100 < curve.n_rows < 400
    assert found.problems[0].startswith("The file is cut off") and "(LIGHTCURVE) is incomplete" in found.problems[0]
    path.write_bytes(whole[:4000])
    found = await previewer.look(path)
    assert (found.kind, found.target) == ("unreadable", "TIC 261136679")
    assert "inside the header of HDU 1" in found.problems[0]


async def test_garbled_data_never_end_in_a_traceback(tmp_path: Path, previewer: Previewer) -> None:
    whole = bytearray(spoc_light_curve(tmp_path / "whole.fits").read_bytes())
    path, rng = tmp_path / "lc.fits", np.random.default_rng(5)
    for _ in range(25):
        mangled = bytearray(whole)
        for at in rng.integers(0, len(whole), 60):
            mangled[at] = rng.integers(0, 256)
        path.write_bytes(mangled)
        found = await previewer.look(path)
        assert not any("unexpected error" in problem for problem in found.problems), found.problems


async def test_a_reader_that_hangs_is_stopped_and_the_next_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "stuck_jobs.py"
    module.write_text("import time\n\ndef read(path, **asked):\n    time.sleep(60)\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(tmp_path), str(Path.cwd()))))
    previewer = Previewer()
    previewer._pool._module = "stuck_jobs"
    found = await previewer.look(tmp_path / "x.fits", deadline_s=1)
    assert found.kind == "unreadable" and "longer than 1 s" in found.problems[0]
    previewer._pool._module = "mast_tui.preview.jobs"
    assert (await previewer.look(spoc_light_curve(tmp_path / "lc.fits"))).kind == "lightcurve"
    await previewer.close()


async def test_a_look_can_be_cancelled(tmp_path: Path, previewer: Previewer) -> None:
    path = spoc_light_curve(tmp_path / "lc.fits")
    task = asyncio.create_task(previewer.look(path))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await previewer.look(path)).kind == "lightcurve"


async def test_what_is_no_file_is_said_at_once(tmp_path: Path, previewer: Previewer) -> None:
    with pytest.raises(NotFound, match="no file"):
        await previewer.look(tmp_path / "absent.fits")
    with pytest.raises(NotFound, match="not a file"):
        await previewer.look(tmp_path)
    os.mkfifo(tmp_path / "pipe.fits")
    with pytest.raises(NotFound, match="not a file"):
        await previewer.look(tmp_path / "pipe.fits")
    with pytest.raises(InvalidQuery):
        await previewer.look(spoc_light_curve(tmp_path / "lc.fits"), column="NO_SUCH")


async def test_words_of_a_file_are_safe_to_show(tmp_path: Path, previewer: Previewer) -> None:
    """A target name that sets the window title, a unit that writes the clipboard, an EXTNAME with a control byte."""
    path = spoc_light_curve(tmp_path / "lc.fits")
    content = path.read_bytes()
    for good, evil in (
        (b"'TIC 261136679'", b"'\x1b]0;owned\x07'"),
        (b"'e-/s    '", b"'e\x1b]52;c\x07'"),
        (b"'LIGHTCURVE'", b"'LIGHT\x9bURVE'"),
    ):
        assert good in content and len(evil) <= len(good)
        content = content.replace(good, evil.ljust(len(good)))
    path.write_bytes(content)
    found = await previewer.look(path)
    assert found.header is not None and found.series
    curve = found.series[0]
    words = [found.target or "", curve.name, curve.y_axis.unit, *found.problems]
    words += [part for hdu in found.header.hdus for card in hdu.cards for part in (card.value, card.comment)]
    assert "owned" in words[0] and "52;c" in words[2], "the words are there, only harmless"
    assert all(sign.isprintable() for word in words for sign in word)
