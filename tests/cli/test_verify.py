"""`verify` on a folder that another tool filled: no record is no error, damage is; notes make later runs sharper."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.transfer.fits_files import light_curve

from .conftest import Command

WHOLE = light_curve(sums=True)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """As astroquery leaves it; one download broke off, under its final name."""
    folder = tmp_path / "mastDownload" / "TESS"
    for name, data in (("good/lc.fits", WHOLE), ("cut/lc.fits", WHOLE[: len(WHOLE) // 2])):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(data)
    return tmp_path / "mastDownload"


def test_a_file_that_broke_off_is_found_without_any_record(mast: Command, tree: Path) -> None:
    ran = mast("verify", str(tree))
    assert ran.code == 1
    assert "broken  TESS/cut/lc.fits: it is truncated: its headers say" in ran.out
    assert "stranger  TESS/good/lc.fits: the checksums inside it match" in ran.out
    assert "1 broken, 1 stranger" in ran.err and "(no manifest)" in ran.err
    (tree / "TESS/cut/lc.fits").unlink()
    assert mast("verify", str(tree)).code == 0


def test_adopted_files_are_right_or_changed_the_next_time(mast: Command, tree: Path) -> None:
    (tree / "TESS/cut/lc.fits").unlink()
    assert mast("verify", str(tree), "--adopt", "--json").json["adopted"] == 1
    assert mast("verify", str(tree), "--json").json["files"][0]["standing"] == "right"
    (tree / "TESS/good/lc.fits").write_bytes(WHOLE[:-3000] + b"\x01" + WHOLE[-2999:])
    ran = mast("verify", str(tree))
    assert ran.code == 1 and ran.out.startswith("changed  TESS/good/lc.fits: same size, other bytes")
