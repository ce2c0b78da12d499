"""`verify` on folders that no record of ours describes: what other tools fetched, as in astroquery's `mastDownload`."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from mast_tui.transfer import VerifyReport, verify
from mast_tui.transfer.seen import notes_file

from .fits_files import light_curve

WITH_SUMS, WITHOUT = light_curve(sums=True), light_curve(sums=False)
JPEG = b"\xff\xd8" + b"picture" * 100 + b"\xff\xd9"


@pytest.fixture
def tree(tmp_path: Path, home: Path) -> Path:
    """What `Observations.download_products` of astroquery leaves behind."""
    root = tmp_path / "mastDownload"
    files = {
        "TESS/s0001/lc.fits": WITH_SUMS,
        "HST/x1/x1_flt.fits": WITHOUT,
        "HST/x1/x1_raw.fits.gz": gzip.compress(WITHOUT),
        "HST/x1/x1.jpg": JPEG,
        "HST/x1/notes.txt": b"mine",
    }
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def standing(report: VerifyReport) -> dict[str, str]:
    return {f.path.rpartition("/")[2]: f.standing for f in report.files}


def why(report: VerifyReport, name: str) -> str:
    return next(f.why for f in report.files if f.path.endswith(name))


def everything(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_whole_files_without_a_record_are_strangers_that_say_how_far_they_can_be_trusted(tree: Path) -> None:
    report = verify(tree)
    assert report.ok and report.records == ()
    assert set(standing(report).values()) == {"stranger"}
    assert why(report, "lc.fits") == "the checksums inside it match"
    assert why(report, "x1_raw.fits.gz") == "the checksums inside it match"
    assert why(report, "x1_flt.fits") == "its FITS structure is whole"
    assert why(report, "x1.jpg") == "its JPEG structure is whole"
    assert why(report, "notes.txt") == "nothing in it tells whether it is whole"


def test_the_half_files_that_an_aborted_download_leaves_under_final_names_are_found(tree: Path) -> None:
    (tree / "TESS/s0001/lc.fits").write_bytes(WITH_SUMS[:-5000] + b"\x01" + WITH_SUMS[-4999:])
    (tree / "HST/x1/x1_flt.fits").write_bytes(WITHOUT[: len(WITHOUT) // 2])
    (tree / "HST/x1/x1_raw.fits.gz").write_bytes(gzip.compress(WITHOUT)[:-9])
    (tree / "HST/x1/x1.jpg").write_bytes(b"<html>503 Service Unavailable</html>")
    report = verify(tree)
    assert not report.ok
    assert [name for name, word in standing(report).items() if word != "broken"] == ["notes.txt"]
    assert "its headers say" in why(report, "x1_flt.fits")
    assert "this is no JPEG file; it begins “<html>503" in why(report, "x1.jpg")


def test_strangers_that_were_adopted_show_every_later_change_and_nothing_is_written_beside_them(tree: Path) -> None:
    before = everything(tree)
    assert verify(tree, adopt=True).adopted == 5
    assert everything(tree) == before
    assert notes_file().stat().st_mode & 0o077 == 0
    assert set(standing(verify(tree)).values()) == {"right"}
    (tree / "HST/x1/x1_flt.fits").write_bytes(WITHOUT[:-3000] + b"\x01" + WITHOUT[-2999:])
    (tree / "HST/x1/x1.jpg").write_bytes(JPEG + b"more")
    (tree / "HST/x1/notes.txt").write_bytes(b"m")
    (tree / "TESS/s0001/lc.fits").unlink()
    (tree / "HST/x1/new.txt").write_bytes(b"new")
    assert standing(verify(tree)) == {
        "x1_flt.fits": "changed", "x1.jpg": "longer", "notes.txt": "truncated", "lc.fits": "missing",
        "x1_raw.fits.gz": "right", "new.txt": "stranger",
    }  # fmt: skip


def test_a_broken_stranger_is_not_adopted_and_torn_notes_harm_nothing(tree: Path) -> None:
    (tree / "HST/x1/x1_flt.fits").write_bytes(WITHOUT[: len(WITHOUT) // 2])
    assert verify(tree, adopt=True).adopted == 4
    with notes_file().open("ab") as f:
        f.write(b'{"v": 1, "path": "/x\n\xff\xfe[]\n')
    assert standing(verify(tree))["x1_flt.fits"] == "broken"


def test_links_and_pipes_are_not_read_and_an_empty_folder_is_no_error(tree: Path, tmp_path: Path) -> None:
    import os

    (tree / "link.fits").symlink_to(tmp_path / "elsewhere.fits")
    os.mkfifo(tree / "pipe.fits")
    report = verify(tree)
    assert report.ok
    assert why(report, "link.fits") == why(report, "pipe.fits") == "not a plain file; it was not read"
    (tmp_path / "empty").mkdir()
    assert verify(tmp_path / "empty").files == ()
    json.dumps(report.to_json())


def test_a_check_can_be_stopped_in_the_middle_of_a_file(tree: Path) -> None:
    heard: list[str] = []

    def stop(done: int, total: int, name: str) -> None:
        heard.append(name)
        if heard.count("TESS/s0001/lc.fits") == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify(tree, stop)
    assert heard[-1] == "TESS/s0001/lc.fits"
