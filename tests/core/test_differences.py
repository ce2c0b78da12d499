"""Getting last year's files again: what came out different is told with the old and the new version."""

from __future__ import annotations

from dataclasses import replace

from mast_tui.core.differences import differences
from mast_tui.core.manifest import FileRecord, Manifest

URI = "mast:HST/product/lbgu17qnq_x1d.fits"
OLD = FileRecord(
    URI, "HST/lbgu17qnq/lbgu17qnq_x1d.fits", "done", 5760, "a" * 64, "complete", validator='"1"', calibration="3.6.0"
)


def session(*files: FileRecord) -> Manifest:
    return Manifest("s", "", "", "https://mast.stsci.edu", "", "/x", files=files)


def test_a_reprocessed_file_is_told_with_both_versions() -> None:
    now = replace(
        OLD, state="failed", cause="reprocessed", size=8640, sha256="b" * 64, validator='"2"', calibration="3.6.1"
    )
    (found,) = differences(session(OLD), session(now))
    assert str(found) == (
        "lbgu17qnq_x1d.fits: reprocessed: calibration 3.6.0 → 3.6.1, 5.76 kB (5,760 B) → 8.64 kB (8,640 B); "
        "the new file is kept"
    )
    assert found.was == {"calibration": "3.6.0", "size": 5760, "validator": '"1"', "sha256": "a" * 64}
    assert found.now["sha256"] == "b" * 64 and "path" not in found.now


def test_a_record_of_an_older_program_names_no_version_and_that_is_said() -> None:
    now = replace(OLD, state="failed", cause="reprocessed", sha256="b" * 64, calibration="3.6.1")
    (found,) = differences(session(replace(OLD, calibration="")), session(now))
    assert "calibration (not in the record) → 3.6.1" in str(found)
    (same,) = differences(session(OLD), session(replace(now, calibration="3.6.0")))
    assert "the header names the same versions, the bytes differ" in str(same)


def test_gone_and_not_allowed_keep_the_reason_and_what_is_right_is_not_told() -> None:
    gone = FileRecord("mast:a/b", "b", "failed", why="the archive has no such file (HTTP 404)", cause="gone")
    closed = FileRecord("mast:a/c", "c", "needs_login", why="exclusive until 2030-01-01", cause="not_allowed")
    other = FileRecord("mast:a/d", "d", "failed", why="the disk is full")
    wanted = session(OLD, *(FileRecord(f.uri, f.path, "done") for f in (gone, closed, other)))
    found = differences(wanted, session(OLD, gone, closed, other, FileRecord("mast:a/e", "e", "failed")))
    assert [(d.cause, dict(d.now)) for d in found] == [("gone", {}), ("not_allowed", {}), ("failed", {})]
    assert str(found[1]) == "c: not allowed: exclusive until 2030-01-01"


def test_words_of_a_record_are_shown_harmlessly() -> None:
    now = replace(OLD, state="failed", cause="reprocessed", sha256="b" * 64, calibration="\x1b]52;c;QQ==\x07")
    (found,) = differences(session(OLD), session(now))
    assert "\x1b" not in str(found)
