"""A file that need not be fetched, because its bytes are on this machine: copied into the part, hashed on the way.

First the same URI in the folders that the queue works in, then the user's data folders (`library`). Where the file
system can share blocks (btrfs, XFS, APFS has its own), the copy takes neither time nor room; there are no hard links,
because then an edit of one file in place would change the other. What is copied is checked like what is fetched: by
the sha256 of its record, which also carries its verdict over; without a record by its structure, and then it is
`unverified` unless a checksum inside it says more. Whether the archive has made a newer version is not asked here.
Used by the engine, before the network.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from mast_tui.core.errors import MastTuiError
from mast_tui.core.fetch import Verdict
from mast_tui.core.text import clean
from mast_tui.transfer import checks
from mast_tui.transfer.fetched import Want
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.folder import DownloadFolder
from mast_tui.transfer.judge import Plan
from mast_tui.transfer.ledger import archive_of
from mast_tui.transfer.library import Candidate, Library, Sought
from mast_tui.transfer.part import Part
from mast_tui.transfer.safe_open import Unsafe, open_place, open_to_read
from mast_tui.transfer.seen import Seen, note_seen, read_seen
from mast_tui.transfer.stream import Body, Control

_PIECE = 1 << 20


@dataclass(frozen=True)
class Taken:
    """What the part now holds, with the word for it and a note on where it is from."""

    body: Body
    verdict: Verdict
    note: str


class Elsewhere:
    """`opened` gives the folders that the queue works in: what one session has fetched, another gets copied."""

    def __init__(self, ops: FileOps, opened: Callable[[], Iterable[DownloadFolder]]) -> None:
        self._ops, self._opened = ops, opened
        self._lock = threading.Lock()
        self._libraries: dict[tuple[str, ...], Library] = {}
        self._seen: dict[str, Seen] | None = None

    def take(self, want: Want, folder: DownloadFolder, part: Part, control: Control) -> Taken | None:
        """Fill the part from another place, or None. What it held before is only touched when there is one.

        Tried once a job: a copy that turned out wrong must not cost the bytes that have come meanwhile.
        """
        if control.looked_elsewhere:
            return None
        for place in (folder, *(other for other in self._opened() if other is not folder)):
            for source, found in self._in_folder(want, place, own=place is folder):
                with os.fdopen(source, "rb"):
                    taken = self._on_record(source, found, part, control)
                if taken is not None:
                    return taken
        for found in self._library(want.data_folders).find(_sought(want), control.check):
            if (taken := self._from_library(found, want, part, control)) is not None:
                return taken
        control.looked_elsewhere = True
        return None

    def _library(self, folders: tuple[str, ...]) -> Library:
        with self._lock:
            return self._libraries.setdefault(folders, Library(map(Path, folders)))

    def _in_folder(self, want: Want, folder: DownloadFolder, *, own: bool) -> Iterator[tuple[int, Candidate]]:
        """The same URI by the folder's ledger; each opened without following a link. In the `own` folder, under
        another path."""
        for entry in folder.ledger.of_uri(want.uri):
            if not entry.is_of(want.uri, want.host) or want.sha256 not in ("", entry.sha256):
                continue
            if entry.path == want.path if own else want.listed_size not in (None, entry.size):
                continue
            try:
                with open_place(folder.fd, entry.path, self._ops, make=False) as place:
                    status = place.status()
                    if status is None or status.st_size != entry.size:
                        continue
                    source = open_to_read(place.folder_fd, place.name, self._ops)
            except (Unsafe, OSError):
                continue
            dated = "" if own else entry.t[:10]
            file = folder.root / entry.path
            yield source, Candidate(file, entry.size, entry.sha256, entry.verdict, entry.note, entry.validator, dated)

    def _on_record(self, source: int, found: Candidate, part: Part, control: Control) -> Taken | None:
        """Its copy, when the bytes are those of its record."""
        body = self._copy(source, found, part, control)
        if body is None or found.verdict is None:
            return None
        where = f"copied from {clean(found.file, 200)}, as fetched on {clean(found.dated, 10)}" if found.dated else ""
        return Taken(body, found.verdict, "; ".join(filter(None, (found.note, where))))

    def _from_library(self, found: Candidate, want: Want, part: Part, control: Control) -> Taken | None:
        try:
            source = os.open(found.file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None
        with os.fdopen(source, "rb") as f:
            if found.verdict is not None:
                return self._on_record(source, found, part, control)
            finding = checks.inspect(f, found.size, found.file.name, control.check)
            if finding.whole is False:
                return None
            body = self._copy(source, found, part, control)
        if body is None or want.sha256 not in ("", body.sha256) or not self._as_noted(found, body):
            part.drop()
            return None
        where = f"copied from {clean(found.file, 200)}, found by name and size, dated {found.dated}"
        return Taken(body, "verified" if finding.proved else "unverified", where)

    def _copy(self, source: int, found: Candidate, part: Part, control: Control) -> Body | None:
        """The file's bytes in the part; None, with the part dropped, when they are not those of its record."""
        part.drop_note()
        control.resumed_from, control.got, control.total = 0, 0, found.size
        digest, size = hashlib.sha256(), 0
        os.lseek(source, 0, os.SEEK_SET)
        fd = part.open(0)
        try:
            shared = self._ops.clone(fd, source)
            while data := os.read(fd if shared else source, _PIECE):
                control.check()
                if not shared:
                    self._ops.write_all(fd, data)
                digest.update(data)
                size += len(data)
                control.got = size
            self._ops.sync(fd)
        finally:
            os.close(fd)
        sha256 = digest.hexdigest()
        if size == found.size and found.sha256 in ("", sha256):
            return Body(size, sha256, Plan(0, size, found.validator, framed=False))
        part.drop()
        control.got = 0
        return None

    def _as_noted(self, found: Candidate, body: Body) -> bool:
        """Is a file without a record still what it was when it was seen first? Seen now, it is noted."""
        path = os.path.realpath(found.file)
        with self._lock:
            known = self._seen = read_seen() if self._seen is None else self._seen
            if path in known:
                return known[path].sha256 == body.sha256
            known[path] = Seen(path, body.size, body.sha256, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
            with suppress(OSError, MastTuiError):  # the note is a help for later; the file is here all the same
                note_seen([known[path]])
        return True


def _sought(want: Want) -> Sought:
    name = PurePosixPath(want.path).name
    return Sought(want.uri, name, archive_of(want.host.base), want.listed_size, want.sha256)
