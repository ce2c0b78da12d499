"""The folders that the user names as holding data: what stands there is copied, proven, and never fetched again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from mast_tui.core.fetch import FetchItem, FetchSession
from mast_tui.transfer import verify
from mast_tui.transfer.jobs import Job
from mast_tui.transfer.seen import notes_file

from .chaos import Chaos
from .conftest import Bench
from .fits_files import light_curve

GOOD, NO_SUMS = light_curve(sums=True), light_curve(sums=False)
NAME = "TESS/s1/lc.fits"


@pytest.fixture
def chaos() -> Chaos:
    return Chaos({"lc.fits": NO_SUMS})


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder of data on this machine, that is not the one files are fetched into."""
    return tmp_path / "data"


def fetched_into(shelf: Path, chaos: Chaos, tmp_path: Path, below: str = "") -> None:
    """An earlier session left the file, with its record, in `shelf`."""
    (tmp_path / "earlier").mkdir()
    earlier = Bench(tmp_path / "earlier")
    item = FetchItem(chaos.uri("lc.fits"), NAME, len(NO_SUMS))
    session = FetchSession("earlier", str(shelf / below), (item,), chaos.base)
    (job,) = earlier.settle(earlier.add(chaos, session))
    assert job.state == "done"
    earlier.close()


def astroquery_tree(shelf: Path, data: bytes) -> Path:
    file = shelf / "mastDownload" / NAME
    file.parent.mkdir(parents=True)
    file.write_bytes(data)
    return file


def take(
    bench: Bench, chaos: Chaos, shelf: Path, *, size: int | None = len(NO_SUMS), sha256: str = "", refetch: bool = False
) -> Job:
    item = FetchItem(chaos.uri("lc.fits"), "lc.fits", size, sha256=sha256)
    session = FetchSession(
        "now", str(bench.out), (item,), chaos.base, data_folders=(str(shelf),), refetch=refetch
    )  # fmt: skip
    (job,) = bench.settle(bench.add(chaos, session))
    assert job.state == "done", job.why
    assert (bench.out / job.path).read_bytes() == chaos.content("lc.fits")
    return job


def test_a_file_of_an_earlier_session_is_copied_with_its_verdict(
    bench: Bench, chaos: Chaos, shelf: Path, tmp_path: Path
) -> None:
    with chaos:
        fetched_into(shelf, chaos, tmp_path)
        job = take(bench, chaos, shelf)
        assert len(chaos.asked) == 1, "the earlier session alone asked for it"
    assert job.made is not None and job.made.verdict == "complete" and job.made.sent == 0
    assert f"copied from {shelf / NAME}, as fetched on 2" in job.why
    assert (bench.out / "lc.fits").stat().st_ino != (shelf / NAME).stat().st_ino, "an edit of one changes no other"


def test_records_deep_below_a_data_folder_are_found_and_a_ledger_alone_is_enough(
    bench: Bench, chaos: Chaos, shelf: Path, tmp_path: Path
) -> None:
    with chaos:
        fetched_into(shelf, chaos, tmp_path, below="proposals/2018/pi-men")
        (shelf / "proposals/2018/pi-men/manifest.json").unlink()
        take(bench, chaos, shelf)
        assert len(chaos.asked) == 1


def test_a_manifest_without_its_ledger_is_enough(bench: Bench, chaos: Chaos, shelf: Path, tmp_path: Path) -> None:
    import shutil

    with chaos:
        fetched_into(shelf, chaos, tmp_path)
        shutil.rmtree(shelf / ".mast-tui")
        assert "as fetched on" in take(bench, chaos, shelf).why
        assert len(chaos.asked) == 1


@pytest.mark.parametrize("damage", [NO_SUMS[:-1], NO_SUMS[:-9] + b"x" + NO_SUMS[-8:], b""], ids=["cut", "rot", "empty"])
def test_what_is_damaged_there_is_fetched(
    bench: Bench, chaos: Chaos, shelf: Path, tmp_path: Path, damage: bytes
) -> None:
    with chaos:
        fetched_into(shelf, chaos, tmp_path)
        (shelf / NAME).write_bytes(damage)
        take(bench, chaos, shelf)
        assert len(chaos.asked) == 2
    assert (shelf / NAME).read_bytes() == damage, "nothing is mended or written in a folder that is only read"


def test_a_size_that_the_archive_lists_no_more_is_an_older_version(
    bench: Bench, chaos: Chaos, shelf: Path, tmp_path: Path
) -> None:
    with chaos:
        fetched_into(shelf, chaos, tmp_path)
        take(bench, chaos, shelf, size=len(NO_SUMS) + 2880)
        assert len(chaos.asked) == 2


def test_refetch_asks_the_archive_even_for_what_stands_in_the_folder(
    bench: Bench, chaos: Chaos, shelf: Path, tmp_path: Path
) -> None:
    with chaos:
        fetched_into(shelf, chaos, tmp_path)
        take(bench, chaos, shelf, refetch=True)
        again = FetchSession(
            "again", str(bench.out), (FetchItem(chaos.uri("lc.fits"), "lc.fits"),), chaos.base, refetch=True
        )
        (job,) = bench.settle(bench.add(chaos, again))
        assert (job.state, len(chaos.asked)) == ("done", 3)
    assert bench.files() == {"lc.fits"}


def test_another_archives_file_of_the_same_uri_is_not_taken(
    bench: Bench, chaos: Chaos, shelf: Path, tmp_path: Path
) -> None:
    """The demo's simulated files bear the URIs of real ones."""
    with chaos:
        fetched_into(shelf, chaos, tmp_path)
        for record in (shelf / ".mast-tui/ledger.jsonl", shelf / "manifest.json"):
            words = record.read_text()
            assert "127.0.0.1" in words
            record.write_text(words.replace("127.0.0.1", "mast.stsci.edu"))
        take(bench, chaos, shelf)
        assert len(chaos.asked) == 2


def test_a_tree_of_astroquery_is_used_by_name_and_size_and_nothing_is_written_there(
    bench: Bench, chaos: Chaos, shelf: Path
) -> None:
    file = astroquery_tree(shelf, NO_SUMS)
    with chaos:
        job = take(bench, chaos, shelf)
        assert chaos.asked == []
    assert job.made is not None and job.made.verdict == "unverified", "no archive ever stated these bytes"
    assert "found by name and size" in job.why and str(file) in job.why
    assert [p for p in shelf.rglob("*") if p.is_file()] == [file]
    assert str(file) in notes_file().read_text()
    assert verify(bench.out).ok


def test_a_checksum_inside_an_unrecorded_file_verifies_it(bench: Bench, shelf: Path) -> None:
    astroquery_tree(shelf, GOOD)
    with Chaos({"lc.fits": GOOD}) as chaos:
        job = take(bench, chaos, shelf, size=len(GOOD))
        assert chaos.asked == []
    assert job.made is not None and job.made.verdict == "verified"


def test_an_unrecorded_file_is_not_taken_when_it_is_half_or_no_size_is_listed(
    bench: Bench, chaos: Chaos, shelf: Path
) -> None:
    astroquery_tree(shelf, NO_SUMS[:2880] + b"<html>" + NO_SUMS[2886:2890] * ((len(NO_SUMS) - 2886) // 4))
    with chaos:
        take(bench, chaos, shelf)
        assert len(chaos.asked) == 1
        take_again = FetchItem(chaos.uri("lc.fits"), "other.fits")
        session = FetchSession("b", str(bench.out), (take_again,), chaos.base, data_folders=(str(shelf),), refetch=True)
        bench.settle(bench.add(chaos, session))
        assert len(chaos.asked) == 2


def test_an_unrecorded_file_that_changed_since_it_was_adopted_is_not_taken(
    bench: Bench, chaos: Chaos, shelf: Path
) -> None:
    file = astroquery_tree(shelf, NO_SUMS)
    verify(shelf, adopt=True)
    file.write_bytes(NO_SUMS[:-9] + b"x" + NO_SUMS[-8:])
    with chaos:
        take(bench, chaos, shelf)
        assert len(chaos.asked) == 1


def test_the_bytes_of_a_record_are_found_under_any_name_and_proven(
    bench: Bench, chaos: Chaos, shelf: Path, tmp_path: Path
) -> None:
    digest = hashlib.sha256(NO_SUMS).hexdigest()
    with chaos:
        fetched_into(shelf, chaos, tmp_path)
        take(bench, chaos, shelf, size=None, sha256=digest)
        assert len(chaos.asked) == 1


def test_the_right_name_and_size_are_not_enough_when_the_bytes_are_known(
    bench: Bench, chaos: Chaos, shelf: Path
) -> None:
    astroquery_tree(shelf, NO_SUMS[:-9] + b"x" + NO_SUMS[-8:])
    with chaos:
        take(bench, chaos, shelf, sha256=hashlib.sha256(NO_SUMS).hexdigest())
        assert len(chaos.asked) == 1


def test_a_data_folder_that_is_gone_or_full_of_nonsense_costs_nothing(
    bench: Bench, chaos: Chaos, shelf: Path, tmp_path: Path
) -> None:
    (shelf / ".mast-tui").mkdir(parents=True)
    (shelf / ".mast-tui/ledger.jsonl").write_bytes(b'\xff{"uri": 7}\n[]\n')
    (shelf / "manifest.json").write_text('{"schema": "mast-tui manifest", "files": 7}')
    (shelf / "lc.fits").symlink_to(tmp_path / "nowhere")
    with chaos:
        take(bench, chaos, shelf)
        item = FetchItem(chaos.uri("lc.fits"), "again.fits")
        gone = FetchSession(
            "b", str(tmp_path / "b"), (item,), chaos.base, data_folders=("/nonexistent/folder", "relative")
        )
        (job,) = bench.settle(bench.add(chaos, gone))
        assert job.state == "done"


def test_a_file_that_two_sessions_want_in_two_folders_comes_once(bench: Bench, tmp_path: Path) -> None:
    with Chaos({"lc.fits": NO_SUMS, "other.fits": NO_SUMS}, latency_s=0.2) as chaos:
        jobs: list[Job] = []
        for name in ("one", "two", "three"):
            items = tuple(FetchItem(chaos.uri(n), f"{name}-{n}", len(NO_SUMS)) for n in chaos.files)
            jobs += bench.add(chaos, FetchSession(name, str(tmp_path / name), items, chaos.base))
        bench.settle(jobs)
        assert [job.state for job in jobs] == ["done"] * 6
        assert sorted(asked.name for asked in chaos.asked) == ["lc.fits", "other.fits"]
    for name in ("one", "two", "three"):
        assert (tmp_path / name / f"{name}-lc.fits").read_bytes() == NO_SUMS
        assert verify(tmp_path / name).ok
    assert sum("copied from" in job.why for job in jobs) == 4


def test_what_failed_for_one_session_is_tried_for_the_other(bench: Bench, chaos: Chaos, tmp_path: Path) -> None:
    with chaos:
        wrong = FetchItem(chaos.uri("lc.fits"), "lc.fits", len(NO_SUMS), sha256="0" * 64)
        right = FetchItem(chaos.uri("lc.fits"), "lc.fits", len(NO_SUMS))
        (first,) = bench.add(chaos, FetchSession("a", str(tmp_path / "a"), (wrong,), chaos.base))
        (second,) = bench.add(chaos, FetchSession("b", str(tmp_path / "b"), (right,), chaos.base))
        bench.settle([first, second])
    assert (first.state, second.state) == ("failed", "done")
