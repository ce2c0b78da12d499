"""What stands in the user's data folders: files fetched before, by us or by another tool. Nothing is written there.

A file is found by what a record says of it (its URI, or its sha256), or, where no record does, by its name and size,
as in the `mastDownload` tree that astroquery makes. Records and trees are read once, in a thread, and again when that
is some minutes old: a dead network disk costs the patience of whoever asks, once, and never more.
Used by `elsewhere`, which takes files from here, and by the plan that tells beforehand what need not be fetched.
"""

from __future__ import annotations

import os
import stat
import threading
import time
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mast_tui.core.errors import MastTuiError
from mast_tui.core.fetch import FetchItem, Verdict
from mast_tui.core.manifest import Manifest
from mast_tui.transfer import ledger
from mast_tui.transfer.records import ledger_of, manifest_files, read_record, stays_inside

#: An index is read anew when it is so old, in seconds; until then a file that came meanwhile is not seen.
_AGAIN_S = 300.0
#: A tree is walked for names up to so many files; the others need a record.
_MOST_NAMES = 500_000
_FOLDER_BITS = 24


@dataclass(frozen=True)
class Candidate:
    """A file that may be the one that is wanted; `size` in bytes, as on record or as it stands.

    `sha256` and `verdict` are those of its record; '' and None where there is none. `dated` is the day it was fetched,
    or, without a record, the day that the file system gives.
    """

    file: Path
    size: int
    sha256: str = ""
    verdict: Verdict | None = None
    note: str = ""
    validator: str = ""
    dated: str = ""


@dataclass(frozen=True)
class Sought:
    """What is looked for: `size` as the archive's list has it; `sha256` where only these very bytes will do.

    `archive` is the host's name, without a port: another archive may hold anything under the same URI.
    """

    uri: str
    name: str
    archive: str
    size: int | None = None
    sha256: str = ""


class Library:
    """The files below `folders`, which are absolute. Safe to use from several threads.

    Whoever asks waits at most `patience_s` for the first reading of a folder; then it goes on without, and the reading
    with it.
    """

    def __init__(self, folders: Iterable[Path], patience_s: float = 20.0) -> None:
        self._shelves = [_Shelf(folder, patience_s) for folder in dict.fromkeys(folders)]

    def find(self, sought: Sought, proceed: Callable[[], None] = lambda: None) -> Iterator[Candidate]:
        """Candidates that stand there with their size, the surest first. `proceed` is called while it waits."""
        indexes = [index for shelf in self._shelves if (index := shelf.index(proceed)) is not None]
        for index in indexes:
            yield from index.recorded(sought)
        for index in indexes:
            yield from index.named(sought)


class _Shelf:
    """One folder, and its index as it was read last."""

    def __init__(self, root: Path, patience_s: float) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._index: _Index | None = None
        self._read_at = 0.0
        self._reading: threading.Event | None = None
        self._patience = patience_s

    def index(self, proceed: Callable[[], None]) -> _Index | None:
        """The index; None while it is still being read, after waiting for it as long as one should."""
        with self._lock:
            fresh = self._index is not None and time.monotonic() - self._read_at < _AGAIN_S
            if not fresh and self._reading is None:
                self._reading = threading.Event()
                threading.Thread(target=self._read, args=(self._reading,), daemon=True, name="library").start()
            reading, index = self._reading, self._index
        while index is None and reading is not None and self._patience > 0:
            proceed()
            began = time.monotonic()
            done = reading.wait(0.1)
            self._patience -= time.monotonic() - began
            if done:
                break
        return self._index

    def _read(self, reading: threading.Event) -> None:
        index = _Index(self._root)
        try:
            index.read()
        finally:
            with self._lock:
                self._index, self._read_at, self._reading = index, time.monotonic(), None
            reading.set()


class _Index:
    """`read` fills it, in one thread; then it is only looked at."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._by_uri: dict[str, list[tuple[str, Candidate]]] = {}
        self._by_sha256: dict[str, list[Candidate]] = {}
        self._known: set[Path] = set()
        self._names = _Names()

    def read(self) -> None:
        count = 0
        for here, folders, names in os.walk(self._root):  # what can't be read is passed over
            if ledger.FOLDER in folders or here == str(self._root):
                self._read_records(Path(here))
            folders[:] = [name for name in folders if not name.startswith(".")]
            self._names.add(here, names)
            count += len(names)
            if count > _MOST_NAMES:
                break
        self._names.seal()

    def _read_records(self, folder: Path) -> None:
        for path in manifest_files(folder):
            with suppress(MastTuiError, TypeError, ValueError, AttributeError):  # whatever else stands in a record
                self._read_manifest(read_record(path), folder)
        for entry in ledger_of(folder):
            file = folder / entry.path
            made = Candidate(file, entry.size, entry.sha256, entry.verdict, entry.note, entry.validator, entry.t[:10])
            self._note(entry.uri, entry.path, entry.archive, made)

    def _read_manifest(self, manifest: Manifest, folder: Path) -> None:
        archive = ledger.archive_of(manifest.archive)
        for record in manifest.files:
            if record.sha256 and record.size is not None and record.verdict is not None:
                verdict, dated = ledger.as_verdict(record.verdict), (record.finished or manifest.created)[:10]
                file = folder / record.path
                made = Candidate(file, record.size, record.sha256, verdict, record.why, record.validator, dated)
                self._note(record.uri, record.path, archive, made)

    def _note(self, uri: str, path: str, archive: str, made: Candidate) -> None:
        if stays_inside(path):
            self._by_uri.setdefault(uri, []).append((archive, made))
            self._by_sha256.setdefault(made.sha256, []).append(made)
            self._known.add(made.file)

    def recorded(self, sought: Sought) -> Iterator[Candidate]:
        """Files whose record names the URI or the sha256 that is sought, the newest first."""
        if sought.sha256:
            found = self._by_sha256.get(sought.sha256, [])
        else:
            ours = ("", sought.archive)
            found = [made for archive, made in self._by_uri.get(sought.uri, []) if archive in ours]
            # a size that the archive's list does not have any more is an older version
            found = [made for made in found if sought.size in (None, made.size)]
        for made in {(made.file, made.sha256): made for made in reversed(found)}.values():
            status = _plain_file(made.file)
            if status is not None and status.st_size == made.size:
                yield made

    def named(self, sought: Sought) -> Iterator[Candidate]:
        """Files of that name and size that no record here knows."""
        if sought.size is None:
            return
        for folder in self._names.folders_of(sought.name):
            file = Path(folder) / sought.name
            status = _plain_file(file)
            if status is None or status.st_size != sought.size or file in self._known:
                continue
            dated = time.strftime("%Y-%m-%d", time.gmtime(status.st_mtime))
            yield Candidate(file, status.st_size, dated=dated)


class _Names:
    """Which folders hold a file of a name: 8 bytes a file, a mark of its name above the number of its folder.

    Two names may share a mark, so whoever asks looks whether the file is there.
    """

    def __init__(self) -> None:
        self._folders: list[str] = []
        self._marks = array("Q")

    def add(self, folder: str, names: Iterable[str]) -> None:
        number = len(self._folders)
        if number < 1 << _FOLDER_BITS:
            self._folders.append(folder)
            self._marks.extend(_mark(name) << _FOLDER_BITS | number for name in names)

    def seal(self) -> None:
        """Everything is added; from now on it can be asked."""
        self._marks = array("Q", sorted(self._marks))

    def folders_of(self, name: str) -> Iterator[str]:
        first = _mark(name) << _FOLDER_BITS
        at = bisect_left(self._marks, first)
        while at < len(self._marks) and self._marks[at] >> _FOLDER_BITS == first >> _FOLDER_BITS:
            yield self._folders[self._marks[at] & (1 << _FOLDER_BITS) - 1]
            at += 1


def _mark(name: str) -> int:
    return hash(name) & (1 << 64 - _FOLDER_BITS) - 1


def _plain_file(file: Path) -> os.stat_result | None:
    """Its status, links followed: the user named this folder, and shared archives are full of links."""
    try:
        status = file.stat()
    except (OSError, ValueError):
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def stands_in(folder: Path, archive: str) -> Callable[[FetchItem], bool]:
    """Tells of a file whether it stands in this download folder, by the folder's ledger and the file's size.

    Whether its bytes are still right is seen when it is taken; then a damaged one is fetched anew.
    """
    known: dict[tuple[str, str], list[ledger.Entry]] = {}
    for entry in ledger_of(folder):
        if entry.archive in ("", archive) and stays_inside(entry.path):
            known.setdefault((entry.uri, entry.path), []).append(entry)

    def stands(item: FetchItem) -> bool:
        entries = [e for e in known.get((item.uri, item.path), ()) if item.sha256 in ("", e.sha256)]
        status = _plain_file(folder / item.path) if entries else None
        return status is not None and any(e.size == status.st_size for e in entries)

    return stands
