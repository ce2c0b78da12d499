"""What stands in the folder already: known files cost nothing, others are never written over."""

from __future__ import annotations

from pathlib import Path

import pytest

from mast_tui.core.fetch import FetchItem, FetchSession
from mast_tui.transfer.folder import apart
from mast_tui.transfer.jobs import Job

from .chaos import Chaos
from .conftest import Bench

BODY = b"x" * 5000 + b"bytes of the file"


@pytest.fixture
def chaos() -> Chaos:
    return Chaos({"f.dat": BODY})


def again(bench: Bench, chaos: Chaos, tmp_path: Path, sha256: str = "", path: str = "f.dat") -> Job:
    """Another run of the program wants the same file."""
    bench.close()
    later = Bench(tmp_path)
    item = FetchItem(chaos.uri("f.dat"), path, len(BODY), sha256=sha256)
    (job,) = later.settle(later.add(chaos, FetchSession("again", str(bench.out), (item,), chaos.base)))
    later.close()
    return job


def test_a_second_run_asks_for_nothing(bench: Bench, chaos: Chaos, tmp_path: Path) -> None:
    with chaos:
        bench.get(chaos)
        job = again(bench, chaos, tmp_path)
        assert len(chaos.asked) == 1
    assert job.state == "done"
    assert job.made is not None and job.made.size == len(BODY) and job.made.verdict == "complete"


@pytest.mark.parametrize("damage", [BODY[:-1], b"y" + BODY[1:], b""], ids=["truncated", "flipped", "emptied"])
def test_a_file_that_changed_is_fetched_anew_and_the_changed_one_kept(
    bench: Bench, chaos: Chaos, tmp_path: Path, damage: bytes
) -> None:
    with chaos:
        bench.get(chaos)
        (bench.out / "f.dat").write_bytes(damage)
        job = again(bench, chaos, tmp_path)
    assert job.state == "done"
    assert (bench.out / "f.dat").read_bytes() == BODY
    (aside,) = bench.files() - {"f.dat"}
    assert aside in job.why
    assert (bench.out / aside).read_bytes() == damage


def test_a_file_that_was_removed_is_fetched_anew(bench: Bench, chaos: Chaos, tmp_path: Path) -> None:
    with chaos:
        bench.get(chaos)
        (bench.out / "f.dat").unlink()
        assert again(bench, chaos, tmp_path).state == "done"
    assert bench.files() == {"f.dat"}


def test_a_strangers_file_stays_and_ours_goes_beside_it(bench: Bench, chaos: Chaos) -> None:
    bench.out.mkdir()
    (bench.out / "f.dat").write_bytes(b"the user's own")
    with chaos:
        (job,) = bench.get(chaos)
    assert (bench.out / "f.dat").read_bytes() == b"the user's own"
    assert job.path == apart("f.dat", chaos.uri("f.dat"))
    assert (bench.out / job.path).read_bytes() == BODY
    assert "another file has the name f.dat" in job.why


def test_the_same_file_from_elsewhere_is_taken_as_it_is(bench: Bench, chaos: Chaos) -> None:
    bench.out.mkdir()
    (bench.out / "f.dat").write_bytes(BODY)
    inode = (bench.out / "f.dat").stat().st_ino
    with chaos:
        (job,) = bench.get(chaos)
    assert (job.state, job.path) == ("done", "f.dat")
    assert bench.files() == {"f.dat"}
    assert (bench.out / "f.dat").stat().st_ino == inode


def test_a_record_that_names_its_bytes_needs_no_network(bench: Bench, chaos: Chaos) -> None:
    import hashlib

    bench.out.mkdir()
    (bench.out / "f.dat").write_bytes(BODY)
    item = FetchItem(chaos.uri("f.dat"), "f.dat", len(BODY), sha256=hashlib.sha256(BODY).hexdigest())
    with chaos:
        (job,) = bench.settle(bench.add(chaos, FetchSession("s", str(bench.out), (item,), chaos.base)))
        assert (job.state, chaos.asked) == ("done", [])


def test_other_bytes_than_the_record_names_are_kept_and_told(bench: Bench, chaos: Chaos, tmp_path: Path) -> None:
    with chaos:
        job = again(bench, chaos, tmp_path, sha256="0" * 64)
    assert job.state == "failed"
    assert "other bytes than the record names" in job.why
    assert (bench.out / "f.dat").read_bytes() == BODY


def test_the_same_uri_under_another_path_is_copied(bench: Bench, chaos: Chaos, tmp_path: Path) -> None:
    with chaos:
        bench.get(chaos)
        job = again(bench, chaos, tmp_path, path="there/f.dat")
        assert len(chaos.asked) == 1
    assert job.state == "done"
    assert (bench.out / "there/f.dat").read_bytes() == BODY


def test_a_ledger_with_torn_lines_is_read_as_far_as_it_goes(bench: Bench, chaos: Chaos, tmp_path: Path) -> None:
    with chaos:
        bench.get(chaos)
        ledger = bench.out / ".mast-tui" / "ledger.jsonl"
        ledger.write_bytes(b'\xff\xfe{"nonsense\n[]\n7\n' + ledger.read_bytes() + b'{"v": 1, "uri": "mast:torn')
        (bench.out / "f.dat").rename(bench.out / "g.dat")
        (bench.out / "g.dat").rename(bench.out / "f.dat")
        assert again(bench, chaos, tmp_path).state == "done"
        assert again(bench, chaos, tmp_path, path="b.dat").state == "done"
        assert again(bench, chaos, tmp_path, path="b.dat").state == "done"
        assert len(chaos.asked) == 1
