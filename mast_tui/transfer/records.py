"""What the records in a folder say of its files: manifests, and the folder's ledger. Read only, whoever wrote them.

Used by `verify`, and by `elsewhere` to find files that need not be fetched again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mast_tui.core.errors import MastTuiError, UnreadableFile
from mast_tui.core.manifest import FILE_NAME, Manifest, read_manifest
from mast_tui.core.text import clean
from mast_tui.transfer import ledger
from mast_tui.transfer.safe_open import Unsafe, split_path

_LARGEST_RECORD = 256 << 20


@dataclass(frozen=True)
class FolderRecords:
    """`names` are the manifests that were read; `trouble` is what was wrong with one that could not be."""

    manifests: tuple[Manifest, ...] = ()
    names: tuple[str, ...] = ()
    entries: tuple[ledger.Entry, ...] = ()
    trouble: MastTuiError | None = None


def records_of(folder: Path) -> FolderRecords:
    """All records in `folder`. What can't be read is left out; of manifests that is told."""
    manifests, names = [], []
    trouble: MastTuiError | None = None
    for path in manifest_files(folder):
        try:
            manifests.append(read_record(path))
            names.append(path.name)
        except UnreadableFile as error:
            trouble = error
    return FolderRecords(tuple(manifests), tuple(names), tuple(ledger_of(folder)), trouble)


def manifest_files(folder: Path) -> list[Path]:
    return sorted((*folder.glob(FILE_NAME), *folder.glob("manifest-*.json")))


def ledger_of(folder: Path) -> list[ledger.Entry]:
    """The lines of the folder's ledger, oldest first; none where there is no ledger."""
    try:
        text = (folder / ledger.FOLDER / ledger.FILE).read_text("utf-8", "replace")
    except OSError:
        return []
    entries, _bad = ledger.read_entries(text)
    return entries


def read_record(path: Path) -> Manifest:
    """The manifest in `path`; UnreadableFile in a sentence when it is none."""
    try:
        if path.stat().st_size > _LARGEST_RECORD:
            raise UnreadableFile(f"{clean(path, 200)} is too large for a manifest")
        return read_manifest(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise UnreadableFile(f"{clean(path, 200)} can't be read", clean(reason, 100)) from None


def stays_inside(path: str) -> bool:
    """Does this path of a record lead to a place below its folder, whoever wrote it?"""
    try:
        split_path(path)
    except Unsafe:
        return False
    return True
