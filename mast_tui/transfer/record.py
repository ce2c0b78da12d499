"""The record of each session, written beside the data and into the user's data folder as files come in.

Beside the data the newest session's record is `manifest.json`. When another session begins in the same folder, the
record that stands there is kept as `manifest-SESSION.json` first. A `manifest.json` that is not ours is never touched:
then ours has its session in its name from the start. `verify DIR` reads all of them, and the folder's ledger.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from mast_tui.core.errors import LocalFailure, UnreadableFile
from mast_tui.core.fetch import FetchItem
from mast_tui.core.folders import ensure_private, manifests_folder, write_whole
from mast_tui.core.manifest import FILE_NAME, Cause, FileRecord, Manifest, read_manifest
from mast_tui.core.processing import Processing
from mast_tui.core.text import clean
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.jobs import Job, SessionState
from mast_tui.transfer.making import Makings
from mast_tui.transfer.outcomes import NO_SUCH_FILE, FolderBusy

#: While files come in, a record is written at most this often; and a long one takes at most this part of the time.
_EVERY_S = 2.0
_SHARE = 0.1


def session_file(session_id: str) -> str:
    """The name of a session's own record."""
    return f"manifest-{_safe(session_id)}.json"


def _safe(session_id: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "_", session_id).strip(".-_")[:80] or "session"


def manifest_of(owner: SessionState, making: Callable[[Job], Processing] = lambda job: Processing()) -> Manifest:
    """The record as the queue stands now; `finished` is '' while files are still to come.

    `making` tells what the header of a job's file says.
    """
    session = owner.session
    return Manifest(
        id=session.id,
        created=session.created,
        finished=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if owner.finished else "",
        archive=session.archive,
        asked=session.asked,
        folder=session.folder,
        queries=session.queries,
        versions=session.versions,
        files=tuple(_file_record(job, making(job)) for job in owner.jobs),
        simulated=session.simulated,
    )


def _file_record(job: Job, making: Processing) -> FileRecord:
    item, made = job.item, job.made
    chosen = {name: getattr(item, name) for name in _AS_CHOSEN}
    if making.doi and not item.doi and job.owner.host.is_mast:
        chosen |= {"doi": making.doi, "doi_note": "named in the header of the file"}
    return FileRecord(
        uri=item.uri,
        path=job.path,
        state=job.state if job.state in ("done", "failed", "cancelled", "needs_login", "paused") else "queued",
        size=made.size if made else None,
        sha256=made.sha256 if made else "",
        verdict=made.verdict if made else None,
        why=job.why,
        validator=made.validator if made else "",
        started=job.started,
        finished=job.finished,
        listed_size=item.size,
        cause=_cause(job),
        source=made.source if made else "",
        pipeline=making.pipeline,
        calibration=making.calibration,
        header=making.header,
        **chosen | {"proposal_id": item.proposal_id or making.proposal_id},
    )


def _cause(job: Job) -> Cause:
    if job.state == "needs_login":
        return "not_allowed"
    if job.state != "failed":
        return ""
    if job.made is not None:  # it came, and was kept, but is not what was asked for
        return "reprocessed"
    return "gone" if NO_SUCH_FILE in job.why else ""


#: What a record says of a file as the archive said it when the file was chosen.
_AS_CHOSEN = tuple(
    name
    for name in FetchItem.__dataclass_fields__
    if name in FileRecord.__dataclass_fields__ and name not in ("uri", "path", "size", "sha256")
)


class Recorder:
    """Writes records from a thread of its own. `failed` is told, once a session, when a record can't be written."""

    def __init__(self, ops: FileOps, failed: Callable[[str], None]) -> None:
        self._ops, self._failed = ops, failed
        #: Called, in the writing thread, after a record has been written.
        self.wrote: Callable[[], None] = lambda: None
        self._makings = Makings(ops)
        self._changed = threading.Condition()
        self._due: dict[str, tuple[float, SessionState]] = {}
        self._last: dict[str, tuple[float, float]] = {}
        self._told_of: dict[str, int] = {}
        self._told: set[str] = set()
        self._writing = threading.Lock()
        self._in_hand = False
        self._closed = False
        threading.Thread(target=self._run, daemon=True, name="record").start()

    @property
    def idle(self) -> bool:
        return not self._due and not self._in_hand

    def tells(self, owner: SessionState) -> bool:
        """Whether the session's record on disk (or what could be written of it) says what its files are like now."""
        return self._told_of.get(owner.session.id) == owner.changes

    def note(self, owner: SessionState, *, within_s: float | None = None) -> None:
        """The session changed; its record is written soon, or within so many seconds when it begins or ends."""
        last, took = self._last.get(owner.session.id, (time.monotonic() - _EVERY_S / 2, 0.0))
        at = last + max(_EVERY_S, took / _SHARE) if within_s is None else time.monotonic() + within_s
        with self._changed:
            before = self._due.get(owner.session.id)
            self._due[owner.session.id] = (min(at, before[0]) if before else at, owner)
            self._changed.notify_all()

    def flush(self) -> None:
        """Write all that is due, in the caller's thread."""
        with self._changed:
            due, self._due = [owner for _at, owner in self._due.values()], {}
        for owner in due:
            self._write(owner)
        with self._changed:
            self._changed.wait_for(lambda: not self._in_hand)

    def close(self) -> None:
        """Write all that is due, and nothing after it. Takes as long as the disk does."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self.flush()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._due and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                name, (at, owner) = min(self._due.items(), key=lambda entry: entry[1][0])
                left = at - time.monotonic()
                if left > 0:
                    self._changed.wait(left)
                    continue
                del self._due[name]
                self._in_hand = True
            self._write(owner)
            with self._changed:
                self._in_hand = False
                self._changed.notify_all()
            self.wrote()  # now, when it is idle: who is told finds the folders free

    def _write(self, owner: SessionState) -> None:
        with self._writing:
            if self.tells(owner):
                return
            began, changes = time.monotonic(), owner.changes
            text = manifest_of(owner, self._makings.of).to_text()
            session = owner.session
            trouble = ""
            try:
                write_whole(ensure_private(manifests_folder()) / f"{_safe(session.id)}.json", text)
            except OSError as error:
                trouble = clean(error.strerror or error, 100)
            except LocalFailure as error:
                trouble = error.what
            try:
                if owner.folder is not None:
                    owner.folder.hold()
                    _write_beside(owner, text, self._ops)
            except FolderBusy:
                self.note(owner)  # the other one will be done some time
                changes = -1
            except OSError as error:
                trouble = clean(error.strerror or error, 100)
            self._last[session.id] = (time.monotonic(), time.monotonic() - began)
            self._told_of[session.id] = changes
        if trouble and session.id not in self._told:
            self._told.add(session.id)
            self._failed(f"the record of {clean(session.id, 60)} can't be written: {trouble}")


def _write_beside(owner: SessionState, text: str, ops: FileOps) -> None:
    assert owner.folder is not None
    folder, session_id = owner.folder.fd, owner.session.id
    standing = _standing(owner.folder.root / FILE_NAME)
    if standing == "" or standing == session_id:
        ops.write_small(FILE_NAME, text.encode("utf-8", "backslashreplace"), folder)
    else:
        own = session_file(session_id)
        if standing is not None and not (owner.folder.root / own).exists():
            # ours is the newer: the one that stands there keeps its words under its own name
            kept = session_file(standing)
            if not (owner.folder.root / kept).exists():
                ops.write_small(kept, (owner.folder.root / FILE_NAME).read_bytes(), folder)
            own = FILE_NAME
        ops.write_small(own, text.encode("utf-8", "backslashreplace"), folder)
    ops.sync_folder(folder)


def _standing(path: Path) -> str | None:
    """The session of the `manifest.json` that stands there; '' for none, None for one that is not ours."""
    if path.is_symlink():
        return None
    try:
        return read_manifest(path.read_text("utf-8")).id
    except FileNotFoundError:
        return ""
    except (OSError, UnreadableFile, UnicodeDecodeError):
        return None
