"""Files without any record that we have hashed: a note on each, in the user's data folder.

Trees that other tools fetched (astroquery's `mastDownload`, an archive on a shared disk) hold no record, and we write
none into folders that are not ours. `verify --adopt` notes what stands there, so that the next `verify` can tell
whether it changed; `elsewhere` notes what it copied, and takes no file that differs from its note. A lost note costs
nothing but that comparison, so lines are appended without more ado, and torn ones skipped.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from mast_tui.core.folders import data_folder, ensure_private

VERSION = 1


@dataclass(frozen=True)
class Seen:
    """`path` is absolute, links resolved; `size` in bytes; `t` when it was hashed (UTC, ISO 8601)."""

    path: str
    size: int
    sha256: str
    t: str


def notes_file() -> Path:
    return data_folder() / "seen-files.jsonl"


def read_seen() -> dict[str, Seen]:
    """The newest note on each path."""
    try:
        text = notes_file().read_text("utf-8", "replace")
    except OSError:
        return {}
    found = {}
    for line in text.splitlines():
        try:
            data = json.loads(line)
            seen = Seen(str(data["path"]), int(data["size"]), str(data["sha256"]), str(data["t"]))
        except (ValueError, KeyError, TypeError):
            continue
        found[seen.path] = seen
    return found


def note_seen(notes: Iterable[Seen]) -> None:
    """Append these notes. LocalFailure or OSError when the user's data folder can't be written."""
    lines = b"".join(json.dumps({"v": VERSION, **asdict(seen)}).encode() + b"\n" for seen in notes)
    if not lines:
        return
    ensure_private(data_folder())
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    fd = os.open(notes_file(), flags, 0o600)
    with os.fdopen(fd, "ab") as f:
        f.write(lines)
