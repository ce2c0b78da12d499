"""The record beside the data: whose it is, what it says, and what `verify` makes of it years later."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from mast_tui.core.errors import NotFound, UnreadableFile
from mast_tui.core.fetch import FetchItem, FetchSession
from mast_tui.core.manifest import Manifest, read_manifest
from mast_tui.transfer import VerifyReport, read_source, verify
from mast_tui.transfer.fileops import FileOps

from .chaos import Chaos, stated
from .conftest import Bench, session_of
from .fits_files import light_curve


def record(path: Path) -> Manifest:
    return read_manifest(path.read_text("utf-8"))


def standing(report: VerifyReport) -> dict[str, str]:
    return {f.path: f.standing for f in report.files}


@pytest.fixture
def fetched(bench: Bench) -> Path:
    """A folder with three files, fetched and recorded."""
    with Chaos({"a.fits": light_curve(sums=True), "b.dat": 5000, "c.dat": 6000}) as chaos:
        bench.settle(bench.add(chaos, session_of(chaos, bench.out)))
        bench.owner.recorder.flush()
    return bench.out


def test_everything_known_of_a_file_is_in_the_record(bench: Bench) -> None:
    with Chaos({"a.dat": 5000, "b.dat": 10}, faults={"b.dat": [stated(code=404)]}) as chaos:
        items = (
            FetchItem(
                chaos.uri("a.dat"), "TESS/x/a.dat", 4999, "TESS", "x", "17", "timeseries", 2, "a curve", "PUBLIC",
                59000.5, "G011", "3.1", doi="10.17909/t9", doi_note="standing",
            ),
            FetchItem(chaos.uri("b.dat"), "b.dat", 10, doi_note="none is known"),
        )  # fmt: skip
        queries = ({"adql": "SELECT"},)
        session = FetchSession("s1", str(bench.out), items, chaos.base, "pi Men", queries, "2026", {"app": "1"}, True)
        bench.settle(bench.add(chaos, session))
        bench.owner.recorder.flush()
    made = record(bench.out / "manifest.json")
    assert (made.id, made.asked, made.queries, made.versions, made.simulated) == (
        "s1",
        "pi Men",
        queries,
        {"app": "1"},
        True,
    )
    a, b = made.files
    assert (a.path, a.size, a.listed_size, a.rights, a.release_mjd) == ("TESS/x/a.dat", 5000, 4999, "PUBLIC", 59000.5)
    assert (a.collection, a.obs_id, a.obsid, a.calib_level, a.proposal_id) == ("TESS", "x", "17", 2, "G011")
    assert (a.doi, a.doi_note, a.version, a.verdict) == ("10.17909/t9", "standing", "3.1", "complete")
    assert a.validator.startswith('"') and a.finished.endswith("Z") and len(a.sha256) == 64
    assert (b.state, b.size, b.verdict, b.doi, b.doi_note) == ("failed", None, None, None, "none is known")
    assert "no such file" in b.why


def test_a_session_that_begins_is_on_record_before_a_byte_came(bench: Bench) -> None:
    with Chaos({"a.dat": 10}, latency_s=1.0) as chaos:
        bench.add(chaos, session_of(chaos, bench.out))
        bench.until(lambda: (bench.out / "manifest.json").exists(), 0.9)
        made = record(bench.out / "manifest.json")
        assert (made.finished, made.files[0].state) == ("", "queued")


def test_each_session_of_a_folder_keeps_its_record_and_the_newest_has_the_plain_name(bench: Bench) -> None:
    with Chaos({"a.dat": 10, "b.dat": 20, "c.dat": 30}) as chaos:
        for name, file in (("one", "a.dat"), ("two", "b.dat"), ("three", "c.dat")):
            bench.settle(bench.add(chaos, session_of(chaos, bench.out, file, name=name)))
            bench.owner.recorder.flush()
        bench.owner.recorder.note(bench.owner.queue.sessions["one"], within_s=0)
        bench.owner.recorder.flush()
    names = {p.name: record(p).id for p in bench.out.glob("*.json")}
    assert names == {"manifest.json": "three", "manifest-one.json": "one", "manifest-two.json": "two"}
    report = verify(bench.out)
    assert standing(report) == {"a.dat": "right", "b.dat": "right", "c.dat": "right"}
    assert set(report.records) == set(names)


def test_a_manifest_that_is_not_ours_stays(bench: Bench) -> None:
    bench.out.mkdir()
    (bench.out / "manifest.json").write_text('{"another": "tool"}')
    with Chaos({"a.dat": 10}) as chaos:
        bench.settle(bench.add(chaos, session_of(chaos, bench.out)))
        bench.owner.recorder.flush()
    assert (bench.out / "manifest.json").read_text() == '{"another": "tool"}'
    assert record(bench.out / "manifest-s1.json").files[0].state == "done"
    assert standing(verify(bench.out))["a.dat"] == "right"


def test_verify_tells_rot_truncation_loss_and_strangers_apart(fetched: Path) -> None:
    assert verify(fetched).ok
    whole = (fetched / "a.fits").read_bytes()
    (fetched / "a.fits").write_bytes(whole[:-5000] + b"\x01" + whole[-4999:])
    (fetched / "b.dat").write_bytes((fetched / "b.dat").read_bytes()[:4000])
    (fetched / "c.dat").unlink()
    (fetched / "sub").mkdir()
    (fetched / "sub" / "mine.txt").write_text("notes")
    heard: list[tuple[int, int, str]] = []
    report = verify(fetched, lambda *what: heard.append(what))
    assert standing(report) == {
        "a.fits": "changed", "b.dat": "truncated", "c.dat": "missing", "sub/mine.txt": "stranger"
    }  # fmt: skip
    why = {f.path: f.why for f in report.files}
    assert "same size, other bytes; the checksum of the data of extension 1 does not match" in why["a.fits"]
    assert why["b.dat"] == "4 kB of 5 kB"
    assert not report.ok and report.count("stranger") == 1
    assert list(dict.fromkeys(heard))[-4:] == [
        (0, 4, "a.fits"), (1, 4, "b.dat"), (2, 4, "c.dat"), (3, 4, "sub/mine.txt")
    ]  # fmt: skip
    json.dumps(report.to_json())


def test_longer_is_told_and_a_link_is_not_followed(fetched: Path, tmp_path: Path) -> None:
    with (fetched / "b.dat").open("ab") as f:
        f.write(b"more")
    (fetched / "c.dat").rename(tmp_path / "c.dat")
    (fetched / "c.dat").symlink_to(tmp_path / "c.dat")
    report = verify(fetched)
    assert standing(report) == {"a.fits": "right", "b.dat": "longer", "c.dat": "changed"}
    assert "4 B longer" in next(f.why for f in report.files if f.path == "b.dat")


def test_the_folder_may_be_moved_and_the_record_at_home_still_finds_it(
    fetched: Path, home: Path, tmp_path: Path
) -> None:
    at_home = home / "XDG_DATA_HOME/mast-tui/manifests/s1.json"
    assert verify(at_home).ok and verify(at_home).folder == str(fetched)
    moved = fetched.rename(tmp_path / "moved")
    assert verify(moved).ok
    assert verify(moved / "manifest.json").ok
    assert {f.standing for f in verify(at_home).files} == {"missing"}


def test_what_was_never_had_is_not_called_missing(bench: Bench) -> None:
    with Chaos({"a.dat": 10, "b.dat": 10}, faults={"b.dat": [stated(code=404)]}) as chaos:
        bench.settle(bench.add(chaos, session_of(chaos, bench.out)))
        bench.owner.recorder.flush()
    report = verify(bench.out)
    assert report.ok
    assert standing(report) == {"a.dat": "right", "b.dat": "unfinished"}


def test_without_a_manifest_the_ledger_is_enough(fetched: Path) -> None:
    (fetched / "manifest.json").unlink()
    assert set(standing(verify(fetched)).values()) == {"right"}


def test_a_damaged_file_is_got_again_from_the_record(bench: Bench, fetched: Path) -> None:
    with Chaos({"a.fits": light_curve(sums=True), "b.dat": 5000, "c.dat": 6000}) as chaos:
        (fetched / "c.dat").unlink()
        items = tuple(read_source(fetched / "manifest.json"))
        bench.settle(bench.add(chaos, FetchSession("again", str(fetched), items, chaos.base)))
        bench.owner.recorder.flush()
        assert [a.name for a in chaos.asked] == ["c.dat"]
    assert verify(fetched).ok


def test_what_is_no_record_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no"):
        verify(tmp_path / "nowhere")
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(UnreadableFile, match="not a manifest of mast-tui"):
        verify(tmp_path)
    (tmp_path / "x.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableFile, match="It is not text"):
        verify(tmp_path / "x.json")


def test_a_record_that_points_outside_reads_nothing_there(tmp_path: Path) -> None:
    files = [
        {"uri": "mast:x", "path": p, "state": "done", "size": 1, "sha256": "0" * 64}
        for p in ("../secret", "/etc/passwd")
    ]
    made = {"schema": "mast-tui manifest", "schema_version": 1, "id": "x", "created": "", "archive": "", "files": files}
    (tmp_path / "out").mkdir()
    (tmp_path / "secret").write_text("s")
    (tmp_path / "out" / "manifest.json").write_text(json.dumps(made))
    report = verify(tmp_path / "out")
    assert {(f.standing, f.size) for f in report.files} == {("unreadable", None)}


def test_the_record_is_told_of_a_file_that_came_to_rest_in_the_last_moment(tmp_path: Path, home: Path) -> None:
    """The file is done, the disk is slow with the journal, and the process ends: the record says done all the same."""

    class SlowDisk(FileOps):
        def sync(self, fd: int) -> None:
            time.sleep(0.1)
            super().sync(fd)

    bench = Bench(tmp_path, SlowDisk())
    with Chaos({"a.dat": 10}) as chaos:
        (job,) = bench.add(chaos, session_of(chaos, bench.out))
        while job.state != "done":
            time.sleep(0.001)
        bench.close()
    assert record(bench.out / "manifest.json").files[0].state == "done"
