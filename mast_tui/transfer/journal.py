"""The queue on disk: what happened to it, one line an event, in a file of this process alone.

`STATE/journal/HOST-BOOT8-PID.jsonl`, append only. One writer a file needs no lock, which matters where the home is on
NFS. A new service reads what dead ones of this machine left, writes the sum into its own file, and removes theirs.
Lines that are torn or unknown are skipped; a line of a later version makes the file be left alone.
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from mast_tui.core.fetch import FINISHED, PRIORITIES, FetchItem, FetchSession, Priority, State, Verdict
from mast_tui.core.text import clean
from mast_tui.transfer.events import MOST_EVENTS, Event
from mast_tui.transfer.fetched import Fetched
from mast_tui.transfer.fileops import FileOps, boot_id

VERSION = 1
INTERRUPTED = "interrupted; resume to go on"


class Journal:
    """This process's own file. `write` never raises: without a state folder the queue goes on in memory."""

    def __init__(self, folder: Path, ops: FileOps | None = None) -> None:
        host = re.sub(r"[^A-Za-z0-9.]", "_", os.uname().nodename)[:60]
        boot = re.sub(r"[^A-Za-z0-9]", "", boot_id())[:8]
        self.prefix = f"{host}-"
        self.path = folder / f"{host}-{boot}-{os.getpid()}.jsonl"
        self._ops = ops or FileOps()
        self._lock = threading.Lock()
        self._number = 0
        self._torn = False
        self._fd: int | None = None
        self.trouble = ""

    def write(self, records: Iterable[Mapping[str, Any]], *, sync: bool) -> bool:
        """Append the records, one write a line; False when the disk refused, with the reason in `trouble`."""
        with self._lock:
            try:
                if self._fd is None:
                    self._fd = self._open()
                    weakref.finalize(self, os.close, self._fd)
                for record in records:
                    self._number += 1
                    line = json.dumps({"v": VERSION, "seq": self._number, "t": time.time(), **record}).encode() + b"\n"
                    self._put(b"\n" + line if self._torn else line)
                if sync:
                    self._ops.sync(self._fd)
            except OSError as error:
                self.trouble = clean(error.strerror or error, 100)
                return False
            self.trouble = ""
            return True

    def _open(self) -> int:
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fd = self._ops.open(self.path.name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600, folder)
            try:
                self._ops.sync_folder(folder)  # a synced line is lost in a file whose name a power cut took away
            except OSError:
                os.close(fd)
                raise
        finally:
            os.close(folder)
        return fd

    def _put(self, line: bytes) -> None:
        assert self._fd is not None
        self._torn = True
        self._ops.write_all(self._fd, line)
        self._torn = False

    def remove(self) -> None:
        """Nothing is left to remember."""
        with self._lock:
            if self._fd is not None:  # else it is not ours to remove
                self.path.unlink(missing_ok=True)


def read_records(text: str) -> list[dict[str, Any]] | None:
    """The records of a journal file; None when it is of a later version and must be left alone."""
    records = []
    for line in text.splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if not isinstance(record, dict) or not isinstance(record.get("v"), int):
            continue
        if record["v"] > VERSION:
            return None
        records.append(record)
    return records


@dataclass
class SavedJob:
    """`place` is None in journals of versions that knew no order, `total` where no server stated a length yet."""

    item: FetchItem
    path: str
    state: State = "queued"
    why: str = ""
    made: Fetched | None = None
    started: str = ""
    finished: str = ""
    priority: Priority = "normal"
    place: int | None = None
    total: int | None = None
    events: list[Event] = field(default_factory=list)


@dataclass
class SavedSession:
    session: FetchSession
    base: str
    go_on: bool = False
    jobs: dict[int, SavedJob] = field(default_factory=dict)

    @property
    def finished(self) -> bool:
        """Nothing in it that the user would still have to deal with."""
        return all(job.state in ("done", "cancelled") for job in self.jobs.values())

    @property
    def moving(self) -> bool:
        return any(job.state not in FINISHED for job in self.jobs.values())


def left_behind(folder: Path, own: Journal) -> tuple[list[Path], list[dict[str, Any]]]:
    """The journals of this machine's dead services, and their records in the order of their writing.

    The caller holds the machine's service lock, so every other file of this host belongs to a dead process.
    """
    paths, records = [], []
    for path in sorted(folder.glob(f"{own.prefix}*.jsonl")):
        if path == own.path:
            continue
        found = _read(path)
        if found is not None:
            paths.append(path)
            records.extend(found)
    records.sort(key=lambda r: (_number(r.get("t")), _number(r.get("seq"))))
    return paths, records


def waiting_on_disk(folder: Path, *, failed_too: bool = False) -> bool:
    """Is there a journal of this machine with files that are not finished, or with a session that is but may have no
    record, because its process was killed? Cheap; for the app's start.

    `failed_too`: or with files that failed, which may be tried again.
    """
    host = re.sub(r"[^A-Za-z0-9.]", "_", os.uname().nodename)[:60]
    records = [r for path in folder.glob(f"{host}-*.jsonl") for r in _read(path) or ()]
    return any(saved.moving or saved.finished or failed_too for saved in fold(records))


def _read(path: Path) -> list[dict[str, Any]] | None:
    try:
        return read_records(path.read_text("utf-8", "replace"))
    except OSError:
        return None


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def fold(records: Iterable[Mapping[str, Any]]) -> list[SavedSession]:
    """The queue that the records tell of, oldest session first. Records that don't fit are skipped."""
    sessions: dict[str, SavedSession] = {}
    for record in records:
        try:
            _apply(record, sessions)
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    return list(sessions.values())


def _apply(record: Mapping[str, Any], sessions: dict[str, SavedSession]) -> None:
    op, name = record["op"], str(record["s"])
    if op == "session":
        if name not in sessions:
            sessions[name] = SavedSession(
                FetchSession.from_json({**record["session"], "items": []}), str(record["base"])
            )
        return
    saved = sessions.get(name)
    if saved is None:
        return
    if op == "removed":
        del sessions[name]
    elif op == "go_on":
        saved.go_on = bool(record["on"])
    elif op == "queued":
        job = SavedJob(FetchItem.from_json(record["item"]), str(record["path"]))
        _put(saved.jobs.setdefault(int(record["n"]), job), record)
    elif op == "turn":
        _put(saved.jobs[int(record["n"])], record)
    elif op == "event":
        job = saved.jobs[int(record["n"])]
        job.events.append((str(record["at"]), clean(record["words"], 500)))
        del job.events[:-MOST_EVENTS]
    elif op == "state":
        job = saved.jobs[int(record["n"])]
        job.state, job.why = cast(State, str(record["state"])), str(record["why"])
        job.path = str(record.get("path", job.path))
        job.started, job.finished = str(record.get("started", "")), str(record.get("finished", ""))
        job.total = int(record["total"]) if record.get("total") is not None else job.total
        made = record.get("made")
        job.made = _fetched(made) if made else None


def _put(job: SavedJob, record: Mapping[str, Any]) -> None:
    if "place" in record:
        job.place = int(record["place"])
    if record.get("priority") in PRIORITIES:
        job.priority = record["priority"]


def _fetched(made: Mapping[str, Any]) -> Fetched:
    return Fetched(
        str(made["path"]),
        int(made["size"]),
        str(made["sha256"]),
        cast(Verdict, str(made["verdict"])),
        str(made.get("validator", "")),
        str(made.get("note", "")),
        source=made["source"] if made.get("source") in ("archive", "cloud") else "",
    )
