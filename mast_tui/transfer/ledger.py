"""What this program ever wrote into a download folder: one line a file in `.mast-tui/ledger.jsonl`.

A line says "these bytes (size, sha256) are that URI, under this path, with this verdict". It is written before the
file gets its name, so it never claims that the file is there: whoever reads it looks at the file. That makes a file
whose process was killed right after the rename as good as any other, and lets a rerun and `verify` work offline.
One writer a folder (see `folder`); append only, one write a line; torn lines are skipped.
"""

from __future__ import annotations

import json
import os
import stat
import threading
from dataclasses import asdict, dataclass
from typing import cast, get_args
from urllib.parse import urlsplit

from mast_tui.core.fetch import Verdict
from mast_tui.core.host import ArchiveHost
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.safe_open import Unsafe

FOLDER = ".mast-tui"
FILE = "ledger.jsonl"
VERSION = 1


@dataclass(frozen=True)
class Entry:
    """`archive` is the host's name, '' in a ledger that does not say: another archive's file, as the simulated ones of
    the demo, is never taken for this one's."""

    uri: str
    path: str
    size: int
    sha256: str
    verdict: Verdict
    validator: str = ""
    note: str = ""
    t: str = ""
    archive: str = ""

    def is_of(self, uri: str, host: ArchiveHost) -> bool:
        """Is this that URI of that archive?"""
        return self.uri == uri and self.archive in ("", archive_of(host.base))


def archive_of(base: str) -> str:
    """The name of the host at this address. Without the port, which the embedded archive changes each time."""
    try:
        return urlsplit(base).hostname or ""
    except ValueError:
        return ""


def as_verdict(word: str) -> Verdict:
    """A verdict that was read from a file."""
    return cast(Verdict, word) if word in get_args(Verdict) else "unverified"


def read_entries(text: str) -> tuple[list[Entry], int]:
    """The entries of a ledger, oldest first, and how many lines could not be read."""
    entries, bad = [], 0
    for line in text.splitlines():
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            entries.append(
                Entry(
                    str(data["uri"]),
                    str(data["path"]),
                    int(data["size"]),
                    str(data["sha256"]),
                    as_verdict(str(data["verdict"])),
                    str(data.get("validator", "")),
                    str(data.get("note", "")),
                    str(data.get("t", "")),
                    str(data.get("archive", "")),
                )
            )
        except (ValueError, KeyError, TypeError):
            bad += 1
    return entries, bad


class Ledger:
    """The open ledger of a folder; `fd` is the folder `.mast-tui` itself. Safe to use from several threads."""

    def __init__(self, fd: int, ops: FileOps) -> None:
        self._fd, self._ops = fd, ops
        self._lock = threading.Lock()
        self._by_path: dict[str, list[Entry]] = {}
        self._by_uri: dict[str, list[Entry]] = {}
        self._torn = False
        self.reload()

    def reload(self) -> None:
        """Read it anew: another machine may have written here while it held the folder."""
        try:
            fd = self._ops.open(FILE, os.O_RDONLY | os.O_NONBLOCK, 0, self._fd)
        except FileNotFoundError:
            return
        with os.fdopen(fd, "rb") as f:
            data = f.read()
        entries, _bad = read_entries(data.decode("utf-8", "replace"))
        with self._lock:
            self._torn = bool(data) and not data.endswith(b"\n")
            self._by_path, self._by_uri = {}, {}
            for entry in entries:
                self._note(entry)

    def add(self, entry: Entry) -> None:
        """Write an entry, durably. OSError as the system says."""
        line = json.dumps({"v": VERSION, **asdict(entry)}, ensure_ascii=True).encode() + b"\n"
        with self._lock:
            fd = self._ops.open(FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK, 0o666, self._fd)
            try:
                if not stat.S_ISREG(os.fstat(fd).st_mode):
                    raise Unsafe("the ledger of the folder is not a plain file")
                if self._torn:
                    line = b"\n" + line
                self._torn = True
                self._ops.write_all(fd, line)
                self._torn = False
                self._ops.sync(fd)
            finally:
                os.close(fd)
            self._note(entry)

    def of_path(self, path: str) -> list[Entry]:
        """Entries under a path (any case), newest first."""
        with self._lock:
            return list(reversed(self._by_path.get(path.casefold(), ())))

    def of_uri(self, uri: str) -> list[Entry]:
        with self._lock:
            return list(reversed(self._by_uri.get(uri, ())))

    def _note(self, entry: Entry) -> None:
        self._by_path.setdefault(entry.path.casefold(), []).append(entry)
        self._by_uri.setdefault(entry.uri, []).append(entry)
