"""Is what was fetched still there, and still the same? Offline, on any folder that has a record.

A file's sha256 was taken while it came. So bit rot (same size, other bytes), truncation, and strangers (files that no
record knows) can be told apart years later. Used by `mast-tui verify` and the sessions screen, in a thread.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from mast_tui.core.errors import LocalFailure, MastTuiError, NotFound, UnreadableFile
from mast_tui.core.manifest import FILE_NAME, Manifest, read_manifest
from mast_tui.core.text import clean, human_bytes
from mast_tui.transfer import checks, ledger, part
from mast_tui.transfer.safe_open import Unsafe, split_path

#: right: the bytes of the record. changed: other bytes (bit rot, or edited). truncated: shorter. missing: not there.
#: unfinished: the record says that it was never had. stranger: there, but no record knows it.
Standing = Literal["right", "changed", "truncated", "missing", "unreadable", "unfinished", "stranger"]
WRONG: frozenset[Standing] = frozenset({"changed", "truncated", "missing", "unreadable"})

_LARGEST_RECORD = 256 << 20
_MOST_STRANGERS = 10_000


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
    """`records` are the names of the manifests that were read."""

    folder: str
    records: tuple[str, ...]
    files: tuple[CheckedFile, ...]

    @property
    def ok(self) -> bool:
        """Every file that was ever had is there with its bytes; strangers and files never had don't count."""
        return not any(f.standing in WRONG for f in self.files)

    def count(self, standing: Standing) -> int:
        return sum(f.standing == standing for f in self.files)

    def to_json(self) -> dict[str, Any]:
        return {
            "folder": self.folder,
            "records": list(self.records),
            "ok": self.ok,
            "files": [f.to_json() for f in self.files],
        }


#: Called in the reading thread with the number of files read, of all, and the path of the one at hand. What it raises
#: ends the check.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class _Known:
    path: str
    uri: str
    size: int | None
    hashes: tuple[str, ...]
    state: str
    why: str = ""


def verify(path: Path, progress: Progress | None = None) -> VerifyReport:
    """Check a download folder, or the files of one manifest. Blocks while it reads: run it in a thread.

    NotFound when there is nothing at `path`; UnreadableFile when it holds no record, or a damaged one.
    """
    if path.is_dir():
        folder, known, records = path, *_records_of_folder(path)
        strangers = True
    elif path.exists():
        manifest = _read(path)
        folder, records, strangers = _folder_of(manifest, path), (path.name,), False
        known = _merge([manifest], [])
    else:
        raise NotFound(f"there is no {clean(path, 200)}", "", "Name a download folder, or a manifest")
    files = []
    for n, one in enumerate(known):
        if progress is not None:
            progress(n, len(known), clean(one.path, 120))
        files.append(_check(folder, one))
    if strangers:
        mine = {one.path for one in known}
        files += [CheckedFile(name, "stranger") for name in _strangers(folder, mine)]
    return VerifyReport(str(folder), records, tuple(files))


# --- the records ------------------------------------------------------------------------------------------------------


def _records_of_folder(folder: Path) -> tuple[list[_Known], tuple[str, ...]]:
    manifests, names = [], []
    trouble: MastTuiError | None = None
    for path in sorted((*folder.glob(FILE_NAME), *folder.glob("manifest-*.json"))):
        try:
            manifests.append(_read(path))
            names.append(path.name)
        except UnreadableFile as error:
            trouble = error
    entries: list[ledger.Entry] = []
    try:
        text = (folder / ledger.FOLDER / ledger.FILE).read_text("utf-8", "replace")
        entries, _bad = ledger.read_entries(text)
    except OSError:
        pass
    if not manifests and not entries:
        if trouble is not None:
            raise trouble
        raise UnreadableFile(
            f"{clean(folder, 200)} has no record of mast-tui",
            "there is no manifest.json in it",
            "Name the manifest itself",
        )
    return _merge(manifests, entries), tuple(names)


def _merge(manifests: list[Manifest], entries: list[ledger.Entry]) -> list[_Known]:
    """One line a path: bytes of any record of it are right, and one had file outweighs records where it was not had."""
    known: dict[str, _Known] = {}

    def note(path: str, uri: str, size: int | None, digest: str, state: str, why: str) -> None:
        old = known.get(path)
        hashes = (*(old.hashes if old else ()), *((digest,) if digest else ()))
        if old is not None and old.hashes and not digest:
            return
        known[path] = _Known(path, uri, size, tuple(dict.fromkeys(hashes)), state, why)

    for entry in entries:
        note(entry.path, entry.uri, entry.size, entry.sha256, "done", "")
    for manifest in manifests:
        for record in manifest.files:
            note(record.path, record.uri, record.size, record.sha256, record.state, record.why)
    return sorted(known.values(), key=lambda one: one.path)


def _read(path: Path) -> Manifest:
    try:
        if path.stat().st_size > _LARGEST_RECORD:
            raise UnreadableFile(f"{clean(path, 200)} is too large for a manifest")
        return read_manifest(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise UnreadableFile(f"{clean(path, 200)} can't be read", clean(reason, 100)) from None


def _folder_of(manifest: Manifest, path: Path) -> Path:
    """The files are beside the manifest, wherever that was moved to; else where they were put at the time."""
    beside = path.resolve().parent
    if any((beside / f.path).exists() for f in manifest.files if _is_safe(f.path)):
        return beside
    there = Path(manifest.folder)
    return there if manifest.folder and there.is_absolute() and there.is_dir() else beside


def _is_safe(path: str) -> bool:
    try:
        split_path(path)
    except Unsafe:
        return False
    return True


# --- the files --------------------------------------------------------------------------------------------------------


def _check(folder: Path, known: _Known) -> CheckedFile:
    def found(standing: Standing, why: str = "", size: int | None = None, digest: str = "") -> CheckedFile:
        return CheckedFile(clean(known.path), standing, why, clean(known.uri), size, known.size, digest)

    if not _is_safe(known.path):
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
        digest = _digest(path)
    except OSError as error:
        return found("unreadable", clean(error.strerror or error, 100), status.st_size)
    if digest in known.hashes:
        return found("right", "", status.st_size, digest)
    size = known.size or 0
    if status.st_size < size:
        return found("truncated", f"{human_bytes(status.st_size)} of {human_bytes(size)}", status.st_size, digest)
    if status.st_size > size:
        why = f"{human_bytes(status.st_size - size)} longer than recorded"
        return found("changed", why, status.st_size, digest)
    return found("changed", _what_changed(path, status.st_size), status.st_size, digest)


def _digest(path: Path) -> str:
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(fd, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def _what_changed(path: Path, size: int) -> str:
    with path.open("rb") as f:
        finding = checks.inspect(f, size, path.name)
    return f"same size, other bytes; {finding.why}" if finding.whole is False else "same size, other bytes"


def _strangers(folder: Path, mine: set[str]) -> Iterator[str]:
    count = 0
    for here, folders, names in os.walk(folder):
        if ledger.FOLDER in folders and Path(here) == folder:
            folders.remove(ledger.FOLDER)
        folders.sort()
        for name in sorted(names):
            path = (Path(here) / name).relative_to(folder).as_posix()
            top = Path(here) == folder
            if path in mine or (
                top and (name == FILE_NAME or (name.startswith("manifest-") and name.endswith(".json")))
            ):
                continue
            if any(
                path == f"{m}{s}" for s in (part.SUFFIX, part.NOTE_SUFFIX) for m in (path.removesuffix(s),) if m in mine
            ):
                continue
            count += 1
            if count > _MOST_STRANGERS:
                raise LocalFailure(f"{clean(folder, 200)} holds too many files that no record knows")
            yield clean(path)
