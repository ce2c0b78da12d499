"""One writer a folder: whoever holds it is named, whoever is gone does not hold it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.folder import DownloadFolder
from mast_tui.transfer.outcomes import FolderBusy

HOLDER = """
import sys, time
from pathlib import Path
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.folder import DownloadFolder
DownloadFolder(Path(sys.argv[1]), FileOps()).hold()
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path: Path) -> DownloadFolder:
    return DownloadFolder(tmp_path, FileOps())


def another_process(tmp_path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    process.stdout.close()
    return process


def test_who_holds_it_is_named(folder: DownloadFolder, tmp_path: Path) -> None:
    process = another_process(tmp_path)
    with pytest.raises(FolderBusy, match=f"process {process.pid} on {os.uname().nodename} since 20"):
        folder.hold()
    process.kill()
    process.wait()
    folder.hold()
    folder.release()
    assert {p.name for p in (tmp_path / ".mast-tui").iterdir()} == set()


@pytest.mark.skipif(sys.platform != "linux", reason="zombies are read from /proc")
def test_a_dead_holder_that_nobody_reaped_holds_nothing(folder: DownloadFolder, tmp_path: Path) -> None:
    process = another_process(tmp_path)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it is dead, and stays a zombie
    folder.hold()
    folder.release()
    process.wait()


@pytest.mark.parametrize("words", [b"", b"\xff\x00garbage", b"filelock/2\npid=1\n", b"9" * 5000])
def test_a_damaged_lock_is_never_a_crash(folder: DownloadFolder, tmp_path: Path, words: bytes) -> None:
    (tmp_path / ".mast-tui" / "lock").write_bytes(words)
    (tmp_path / ".mast-tui" / "writer.json").write_bytes(words)
    with pytest.raises(FolderBusy, match="another process writes into this folder"):
        folder.hold()


def test_another_machines_lock_is_respected(folder: DownloadFolder, tmp_path: Path) -> None:
    folder.hold()
    text = (tmp_path / ".mast-tui" / "lock").read_text()
    folder.release()
    (tmp_path / ".mast-tui" / "lock").write_text(text.replace(f"host={os.uname().nodename}", "host=summit"))
    words = {"pid": os.getpid(), "host": "summit", "since": "2026-11-21T10:00:00Z"}
    (tmp_path / ".mast-tui" / "writer.json").write_text(json.dumps(words))
    with pytest.raises(FolderBusy, match="on summit since 2026-11-21T10:00:00Z"):
        folder.hold()


def test_who_lost_the_lease_writes_nothing_more(folder: DownloadFolder) -> None:
    """As after a long sleep of the machine, when another took the folder over."""
    folder.hold()
    folder.check_held()
    folder._lost()
    with pytest.raises(FolderBusy, match="took this folder over"):
        folder.check_held()
    folder.release()


def test_a_holder_of_another_version_with_another_lease_is_waited_for(
    folder: DownloadFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.hold()
    monkeypatch.setattr("mast_tui.transfer.folder._LEASE_S", 7.0)
    with pytest.raises(FolderBusy, match="writes into this folder"):
        DownloadFolder(tmp_path, FileOps()).hold()
    folder.release()


def test_an_empty_lock_of_a_killed_process_holds_no_longer_than_a_lease(
    folder: DownloadFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".mast-tui" / "lock").write_bytes(b"")
    with pytest.raises(FolderBusy):
        folder.hold()
    monkeypatch.setattr("mast_tui.transfer.folder._LEASE_S", 0.0)
    folder.hold()
    folder.release()
