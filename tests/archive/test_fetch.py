"""One file for a look at it: whole or not at all, taken up where the connection broke."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest

from mast_tui.archive import Archive
from mast_tui.archive.failures import translated
from mast_tui.archive.fetching import Download
from mast_tui.archive.session import ArchiveSession
from mast_tui.core.errors import LocalFailure, MastTuiError, NotAllowed, NotFound, TemporarilyUnavailable

from .servers import Asked, Reply, ScriptedServer, always

pytestmark = pytest.mark.asyncio(loop_scope="module")

URI = "mast:TESS/product/tess_lc.fits"
DATA = bytes(range(256)) * 2000
ETAG = {"ETag": '"v1"', "Content-Type": "application/fits"}


def file(asked: Asked, data: bytes = DATA, etag: str = '"v1"') -> Reply:
    """The file, or the rest of it when the caller has its first bytes."""
    same = asked.headers.get("if-range") == etag
    headers = {"ETag": etag, "Content-Type": "application/fits"}
    if "range" not in asked.headers or not same:
        return Reply(200, data, headers)
    start = int(asked.headers["range"].removeprefix("bytes=").removesuffix("-"))
    return Reply(206, data[start:], {**headers, "Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"})


async def test_a_file_comes_whole_and_says_how_far_it_is(
    archive: Archive, server: ScriptedServer, tmp_path: Path
) -> None:
    server.play(file)
    heard: list[str] = []
    await archive.fetch(URI, tmp_path / "look.fits", heard.append)
    assert (tmp_path / "look.fits").read_bytes() == DATA
    assert [p.name for p in tmp_path.iterdir()] == ["look.fits"]
    assert heard and heard[0].startswith("moved ") and heard[0].endswith(" of 512 kB")
    (asked,) = server.asked
    assert (asked.path, asked.query) == ("/api/v0.1/Download/file", {"uri": [URI]})


async def test_a_broken_connection_is_taken_up_where_it_broke(
    archive: Archive, server: ScriptedServer, tmp_path: Path
) -> None:
    def breaks_once(asked: Asked) -> Reply:
        if len(server.asked) == 1:
            return Reply(200, DATA[:300_000], {**ETAG, "Connection": "close"}, length=len(DATA))
        return file(asked)

    server.play(breaks_once)
    await archive.fetch(URI, tmp_path / "look.fits")
    assert (tmp_path / "look.fits").read_bytes() == DATA
    assert int(server.asked[1].headers["range"].removeprefix("bytes=").removesuffix("-")) > 100_000


async def test_a_file_that_changed_meanwhile_is_begun_again(
    archive: Archive, server: ScriptedServer, tmp_path: Path
) -> None:
    def changes(asked: Asked) -> Reply:
        if len(server.asked) == 1:
            return Reply(200, DATA[:300_000], {**ETAG, "Connection": "close"}, length=len(DATA))
        return file(asked, DATA[::-1], '"v2"')

    server.play(changes)
    await archive.fetch(URI, tmp_path / "look.fits")
    assert (tmp_path / "look.fits").read_bytes() == DATA[::-1]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(404), NotFound),
        (Reply(401), NotAllowed),
        (Reply(403), NotAllowed),
        (Reply(503), TemporarilyUnavailable),
        (Reply(200, b"<html>maintenance</html>", {"Content-Type": "text/html; charset=utf-8"}), TemporarilyUnavailable),
        (Reply(200, DATA[:1000], {"Connection": "close"}, length=len(DATA)), TemporarilyUnavailable),
    ],
    ids=["404", "401", "403", "503", "html", "cut"],
)
async def test_what_is_not_the_file_is_never_taken_for_it(
    archive: Archive, server: ScriptedServer, tmp_path: Path, reply: Reply, error: type[MastTuiError]
) -> None:
    server.play(always(reply))
    with pytest.raises(error):
        await archive.fetch(URI, tmp_path / "look.fits")
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_that_refuses_is_not_the_archives_fault(archive: Archive, server: ScriptedServer) -> None:
    server.play(file)
    with pytest.raises(LocalFailure, match="can't be written"):
        await archive.fetch(URI, Path("/dev/null/look.fits"))


class FullDisk(io.BytesIO):
    def write(self, data: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


async def test_nor_is_a_full_disk(archive: Archive, server: ScriptedServer) -> None:
    server.play(file)
    session = ArchiveSession(archive.host)
    with pytest.raises(LocalFailure) as caught, translated():
        Download(session, archive.host.download_url(URI), FullDisk()).run()
    assert caught.value.why == os.strerror(errno.ENOSPC)
