"""The queue's journal: torn lines cost a line, a later version is left alone, dead services' journals become one."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from mast_tui.core.fetch import FetchItem, FetchSession
from mast_tui.transfer.journal import Journal, fold, left_behind, read_records, waiting_on_disk

from .chaos import Chaos
from .conftest import Bench, session_of

SESSION = FetchSession("s", "/data", (), "https://mast.stsci.edu", asked="pi Men")


def queued(n: int) -> dict[str, Any]:
    return {
        "op": "queued",
        "s": "s",
        "n": n,
        "item": FetchItem(f"mast:X/{n}", f"{n}.fits").to_json(),
        "path": f"{n}.fits",
    }


def state(n: int, word: str, **more: Any) -> dict[str, Any]:
    return {"op": "state", "s": "s", "n": n, "state": word, "why": "", **more}


BEGIN: dict[str, Any] = {"op": "session", "s": "s", "base": SESSION.archive, "session": SESSION.to_json()}
MADE = {"path": "0.fits", "size": 5, "sha256": "ab", "verdict": "complete"}


def dead(folder: Path, name: str, *records: Mapping[str, Any], v: int = 1) -> Path:
    """What a service of this machine left that is no more."""
    path = folder / f"{Journal(folder).prefix}0000-{name}.jsonl"
    path.write_text("".join(json.dumps({"v": v, "seq": i, "t": i, **r}) + "\n" for i, r in enumerate(records)))
    return path


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert journal.write([BEGIN, queued(0), queued(1), state(0, "done", made=MADE)], sync=True)
    (saved,) = fold(read_records(journal.path.read_text()) or [])
    assert (saved.session.asked, saved.base) == ("pi Men", SESSION.archive)
    assert [saved.jobs[n].state for n in (0, 1)] == ["done", "queued"]
    assert saved.jobs[0].made is not None and saved.jobs[0].made.sha256 == "ab"
    assert saved.moving and not saved.finished
    assert oct(journal.path.stat().st_mode & 0o777) == "0o600"


def test_a_torn_line_costs_only_itself(tmp_path: Path) -> None:
    path = dead(tmp_path, "1", BEGIN, queued(0), queued(1))
    path.write_text(path.read_text() + '{"v": 1, "op": "state", "s": "s", "n": 0, "sta\n' + "\x00\x00[]\n7\n{}\n")
    (saved,) = fold(read_records(path.read_text()) or [])
    assert len(saved.jobs) == 2


def test_records_that_do_not_fit_are_skipped() -> None:
    strange: list[dict[str, Any]] = [
        {"op": "state", "s": "unknown", "n": 0, "state": "done", "why": ""},
        {"op": "state", "s": "s", "n": 99, "state": "done", "why": ""},
        {"op": "dances", "s": "s"},
        {"s": "s"},
        {"op": "queued", "s": "s", "n": "x"},
    ]
    (saved,) = fold([BEGIN, *strange, queued(0)])
    assert list(saved.jobs) == [0]


def test_a_journal_of_a_later_version_is_not_touched(tmp_path: Path) -> None:
    path = dead(tmp_path, "1", BEGIN, queued(0), v=2)
    assert left_behind(tmp_path, Journal(tmp_path)) == ([], [])
    assert path.exists()


def test_another_machines_journal_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "elsewhere-0000-1.jsonl").write_text(json.dumps({"v": 1, "seq": 1, "t": 1, **BEGIN}) + "\n")
    assert left_behind(tmp_path, Journal(tmp_path)) == ([], [])


def test_the_app_sees_at_once_whether_something_waits(tmp_path: Path) -> None:
    assert not waiting_on_disk(tmp_path / "not there")
    path = dead(tmp_path, "1", BEGIN, queued(0))
    assert waiting_on_disk(tmp_path)
    path.unlink()
    dead(tmp_path, "1", BEGIN, queued(0), state(0, "failed"))
    assert not waiting_on_disk(tmp_path)


def test_dead_journals_become_one_and_finished_sessions_leave_the_queue(tmp_path: Path, home: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "data").mkdir()
    where = FetchSession("s", str(tmp_path / "data"), (), "https://mast.stsci.edu")
    begin = {**BEGIN, "session": where.to_json()}
    done = {**begin, "s": "old", "session": {**where.to_json(), "id": "old"}}
    one = dead(tmp_path / "state", "1", begin, queued(0), queued(1), state(0, "done", made=MADE))
    two = dead(tmp_path / "state", "2", done, {**queued(0), "s": "old"}, {**state(0, "done", made=MADE), "s": "old"})
    bench = Bench(tmp_path)
    bench.owner.recover()
    assert not one.exists() and not two.exists()
    assert [(j.state, j.why) for j in bench.owner.queue.all_jobs()] == [
        ("done", ""),
        ("paused", "interrupted; resume to go on"),
    ]
    (saved,) = fold(read_records(bench.owner.journal.path.read_text()) or [])
    assert [saved.jobs[n].state for n in (0, 1)] == ["done", "paused"]
    assert {p.name for p in (home / "XDG_DATA_HOME/mast-tui/manifests").iterdir()} == {"s.json", "old.json"}
    bench.close()


def test_a_folder_that_is_not_there_is_not_made_anew(tmp_path: Path, home: Path) -> None:
    """It may be on a disk that is not mounted now."""
    (tmp_path / "state").mkdir()
    gone = tmp_path / "usb" / "data"
    begin = {**BEGIN, "session": FetchSession("s", str(gone), (), "https://mast.stsci.edu").to_json()}
    dead(tmp_path / "state", "1", begin, {"op": "go_on", "s": "s", "on": True}, queued(0))
    bench = Bench(tmp_path)
    bench.owner.recover()
    (job,) = bench.owner.queue.all_jobs()
    assert (job.state, gone.parent.exists()) == ("paused", False)
    bench.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_without_a_state_folder_the_queue_goes_on_in_memory_and_says_so(tmp_path: Path, home: Path) -> None:
    bench = Bench(tmp_path)
    (tmp_path / "state").chmod(0o500)
    with Chaos({"f.dat": 10}) as chaos:
        (job,) = bench.get(chaos)
    assert job.state == "done"
    assert "it goes on in memory" in bench.notices[0]
    bench.close()


def test_a_state_disk_that_is_full_is_said_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(line: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(bench.owner.journal, "_put", full)
    with Chaos({"f.dat": 10, "g.dat": 10}) as chaos:
        jobs = bench.settle(bench.add(chaos, session_of(chaos, bench.out)))
    assert {job.state for job in jobs} == {"done"}
    assert bench.notices == ["the queue can't be kept on disk: No space left on device; it goes on in memory"]
