"""Is what was fetched still there, and still the same? Offline, on any folder.

A file's sha256 was taken while it came. So bit rot (same size, other bytes), truncation, and strangers (files that no
record knows) can be told apart years later. Strangers, and all files of a folder without a record, say what they can
about themselves: their structure and the checksums inside them. Used by `mast-tui verify` and the sessions screen, in
a thread.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

from mast_tui.core.errors import LocalFailure, NotFound
from mast_tui.core.manifest import FILE_NAME, Manifest
from mast_tui.core.text import clean, human_bytes
from mast_tui.transfer import checks, ledger, part
from mast_tui.transfer.records import FolderRecords, read_record, records_of, stays_inside
from mast_tui.transfer.seen import Seen, note_seen, read_seen

#: right: the bytes of the record. changed: same size, other bytes (bit rot, or edited). truncated, longer: another
#: size. missing: not there. unfinished: the record says that it was never had. stranger: there, but no record knows it.
#: broken: a stranger that is damaged by what it says of itself.
Standing = Literal[
    "right", "changed", "truncated", "longer", "missing", "unreadable", "unfinished", "stranger", "broken"
]
WRONG: frozenset[Standing] = frozenset({"changed", "truncated", "longer", "missing", "unreadable", "broken"})

_PIECE = 1 << 20


@dataclass(frozen=True)
class CheckedFile:
    """`size` in bytes is what is on disk now (None when nothing is), `recorded_size` what the record says."""

    path: str
    standing: Standing
    why: str = ""
    uri: str = ""
    size: int | None = None
    recorded_size: int | None = None
    sha256: str = ""

    def to_json(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class VerifyReport:
    """`records` are the names of the manifests that were read; `adopted` how many strangers were noted."""

    folder: str
    records: tuple[str, ...]
    files: tuple[CheckedFile, ...]
    adopted: int = 0

    @property
    def ok(self) -> bool:
        """Every file that was ever had is there with its bytes, and no other is damaged; files never had don't
        count."""
        return not any(f.standing in WRONG for f in self.files)

    def count(self, standing: Standing) -> int:
        return sum(f.standing == standing for f in self.files)

    def to_json(self) -> dict[str, Any]:
        return {
            "folder": self.folder,
            "records": list(self.records),
            "ok": self.ok,
            "adopted": self.adopted,
            "files": [f.to_json() for f in self.files],
        }


#: Called in the reading thread, often, with the number of files read, of all, and the path of the one at hand. What it
#: raises ends the check.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class _Known:
    path: str
    uri: str
    size: int | None
    hashes: tuple[str, ...]
    state: str
    why: str = ""


def verify(path: Path, progress: Progress | None = None, *, adopt: bool = False) -> VerifyReport:
    """Check a folder, or the files of one manifest. Blocks while it reads: run it in a thread.

    With `adopt` the sha256 of whole strangers is noted in the user's data folder, so that they are no strangers any
    more the next time; nothing is written into `path`. NotFound when there is nothing at `path`; UnreadableFile when
    it is no manifest, or a folder whose only record is damaged.
    """
    tell: Progress = progress or (lambda done, total, name: None)
    strangers: list[str] = []
    if path.is_dir():
        folder, found = path, records_of(path)
        if found.trouble is not None and not found.manifests and not found.entries:
            raise found.trouble
        known, records = _merge(found, _seen_below(folder)), found.names
        strangers = sorted(_strangers(folder, {one.path for one in known}, tell))
    elif path.exists():
        manifest = read_record(path)
        folder, records = _folder_of(manifest, path), (path.name,)
        known = _merge(FolderRecords(manifests=(manifest,)), {})
    else:
        raise NotFound(f"there is no {clean(path, 200)}", "", "Name a download folder, or a manifest")
    files: list[CheckedFile] = []
    total = len(known) + len(strangers)
    for one in known:
        files.append(_check(folder, one, _teller(tell, len(files), total, one.path)))
    looked_at = [_look_at(folder, name, _teller(tell, len(files) + n, total, name)) for n, name in enumerate(strangers)]
    noted = _adopt(folder, strangers, looked_at, tell) if adopt else []
    shown = [replace(file, path=clean(file.path)) for file in (*files, *looked_at)]
    return VerifyReport(str(folder), records, tuple(shown), adopted=len(noted))


def _teller(tell: Progress, done: int, total: int, path: str) -> Callable[[], None]:
    name = clean(path, 120)
    return lambda: tell(done, total, name)


# --- the records ------------------------------------------------------------------------------------------------------


def _merge(found: FolderRecords, seen: dict[str, Seen]) -> list[_Known]:
    """One line a path: bytes of any record of it are right, and one had file outweighs records where it was not had.

    `seen` holds notes by path below the folder; they count only for files that no record knows.
    """
    known: dict[str, _Known] = {}

    def note(path: str, uri: str, size: int | None, digest: str, state: str, why: str) -> None:
        old = known.get(path)
        hashes = (*(old.hashes if old else ()), *((digest,) if digest else ()))
        if old is not None and old.hashes and not digest:
            return
        known[path] = _Known(path, uri, size, tuple(dict.fromkeys(hashes)), state, why)

    for entry in found.entries:
        note(entry.path, entry.uri, entry.size, entry.sha256, "done", "")
    for manifest in found.manifests:
        for record in manifest.files:
            note(record.path, record.uri, record.size, record.sha256, record.state, record.why)
    for path in seen.keys() - known.keys():
        note(path, "", seen[path].size, seen[path].sha256, "done", "")
    return sorted(known.values(), key=lambda one: one.path)


def _seen_below(folder: Path) -> dict[str, Seen]:
    """What was noted of files in this folder, by their path below it."""
    start = f"{folder.resolve()}/"
    return {path.removeprefix(start): seen for path, seen in read_seen().items() if path.startswith(start)}


def _folder_of(manifest: Manifest, path: Path) -> Path:
    """The files are beside the manifest, wherever that was moved to; else where they were put at the time."""
    beside = path.resolve().parent
    if any((beside / f.path).exists() for f in manifest.files if stays_inside(f.path)):
        return beside
    there = Path(manifest.folder)
    return there if manifest.folder and there.is_absolute() and there.is_dir() else beside


# --- the files --------------------------------------------------------------------------------------------------------


def _check(folder: Path, known: _Known, tell: Callable[[], None]) -> CheckedFile:
    def found(standing: Standing, why: str = "", size: int | None = None, digest: str = "") -> CheckedFile:
        return CheckedFile(known.path, standing, why, clean(known.uri), size, known.size, digest)

    tell()
    if not stays_inside(known.path):
        return found("unreadable", "its path leads out of the folder")
    path = folder / known.path
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return found("missing") if known.hashes else found("unfinished", clean(known.why or known.state, 200))
    except OSError as error:
        return found("unreadable", clean(error.strerror or error, 100))
    if not stat.S_ISREG(status.st_mode):
        return found("changed", "a link or a folder stands there")
    if not known.hashes:
        return found("unfinished", "a file is there that the record has not seen", status.st_size)
    try:
        digest = _digest(path, tell)
    except OSError as error:
        return found("unreadable", clean(error.strerror or error, 100), status.st_size)
    if digest in known.hashes:
        return found("right", "", status.st_size, digest)
    size = known.size or 0
    if status.st_size < size:
        return found("truncated", f"{human_bytes(status.st_size)} of {human_bytes(size)}", status.st_size, digest)
    if status.st_size > size:
        why = f"{human_bytes(status.st_size - size)} longer than recorded"
        return found("longer", why, status.st_size, digest)
    damage = _inspect(path, status.st_size, tell)
    why = f"same size, other bytes; {damage.why}" if damage.whole is False else "same size, other bytes"
    return found("changed", why, status.st_size, digest)


def _look_at(folder: Path, name: str, tell: Callable[[], None]) -> CheckedFile:
    """What a file that no record knows says about itself."""
    tell()
    path = folder / name
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            return CheckedFile(name, "stranger", "not a plain file; it was not read")
        finding = _inspect(path, status.st_size, tell)
    except OSError as error:
        return CheckedFile(name, "unreadable", clean(error.strerror or error, 100))
    if finding.whole is False:
        return CheckedFile(name, "broken", finding.why, size=status.st_size)
    if finding.proved:
        why = "the checksums inside it match"
    elif finding.whole:
        why = f"its {finding.kind} structure is whole"
    else:
        why = finding.why or "nothing in it tells whether it is whole"
    return CheckedFile(name, "stranger", why, size=status.st_size)


def _adopt(folder: Path, names: list[str], looked_at: list[CheckedFile], tell: Progress) -> list[Seen]:
    """Note the strangers that are not broken. LocalFailure when the notes can't be kept."""
    notes = []
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    root = folder.resolve()
    for n, (name, file) in enumerate(zip(names, looked_at, strict=True)):
        if file.standing != "stranger" or file.size is None or not stays_inside(name):
            continue
        digest = _digest(folder / name, _teller(tell, n, len(names), name))
        notes.append(Seen(f"{root}/{name}", file.size, digest, now))
    try:
        note_seen(notes)
    except OSError as error:
        raise LocalFailure("the notes on these files can't be kept", clean(error.strerror or error, 100)) from None
    return notes


def _digest(path: Path, tell: Callable[[], None]) -> str:
    digest = hashlib.sha256()
    with _opened(path) as f:
        while data := f.read(_PIECE):
            tell()
            digest.update(data)
    return digest.hexdigest()


def _inspect(path: Path, size: int, tell: Callable[[], None]) -> checks.Finding:
    with _opened(path) as f:
        return checks.inspect(f, size, path.name, tell)


def _opened(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb")


def _strangers(folder: Path, mine: set[str], tell: Progress) -> Iterator[str]:
    """Paths below the folder that no record knows; what is ours by name (records, parts of known files) is none."""
    count = 0
    for here, folders, names in os.walk(folder):
        top = Path(here) == folder
        if top and ledger.FOLDER in folders:
            folders.remove(ledger.FOLDER)
        below = Path(here).relative_to(folder)
        tell(0, len(mine) + count, clean(below, 120))
        for name in names:
            path = (below / name).as_posix()
            ours = top and (name == FILE_NAME or (name.startswith("manifest-") and name.endswith(".json")))
            if path in mine or ours or any(whole in mine for whole in _whole_of(path)):
                continue
            count += 1
            yield path


def _whole_of(path: str) -> Iterator[str]:
    """The files that this could be the part of, or the note on it."""
    for suffix in (part.PART_SUFFIX, part.NOTE_SUFFIX, part.COPY_SUFFIX):
        if path.endswith(suffix):
            yield path.removesuffix(suffix)
