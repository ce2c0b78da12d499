"""What is held of a file that is not whole yet: `NAME.part` with its bytes, `NAME.part.json` with what they are.

A part is resumed only when its note names the same URI and a strong validator, only from the source it came from
(the archive and its cloud copy name their versions each in its own way), and, after another start of the machine,
only up to the byte that was known to be on disk: a file's size can survive a power cut that its data did not. The
note of a part whose length no server has stated says so: its end is asked for, never guessed.
Used by the engine.
"""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass
from typing import BinaryIO, cast

from mast_tui.core.fetch import SourceKind
from mast_tui.transfer.fileops import FileOps, boot_id
from mast_tui.transfer.safe_open import Place, Unsafe, open_own, open_to_read

PART_SUFFIX = ".part"
NOTE_SUFFIX = ".part.json"
COPY_SUFFIX = ".part.tmp"
_LARGEST_NOTE = 65536


@dataclass(frozen=True)
class Held:
    """`offset` good bytes of the `total` (None: not stated) that the server, under `validator`, has. `source`: which
    server."""

    offset: int
    validator: str
    total: int | None
    source: SourceKind = "archive"


class Part:
    def __init__(self, place: Place, uri: str, ops: FileOps) -> None:
        self._place, self._uri, self._ops = place, uri, ops
        self.name = place.name + PART_SUFFIX
        self._note, self._copy = place.name + NOTE_SUFFIX, place.name + COPY_SUFFIX
        #: Where the bytes are from that come now; its notes say so.
        self.source: SourceKind = "archive"

    def held(self) -> Held | None:
        """What can be resumed; None when we begin at the first byte."""
        status = self._place.status(self.name)
        if status is None or not stat.S_ISREG(status.st_mode):
            return None
        try:
            note = json.loads(self._read_note())
            if note["uri"] != self._uri or not note["validator"]:
                return None
            total = int(note["total"]) if note["total"] is not None else None
            synced, validator = int(note["synced"]), str(note["validator"])
            booted, source = str(note["boot_id"]), note.get("source", "archive")
        except (OSError, Unsafe, ValueError, KeyError, TypeError):
            return None
        offset = status.st_size if booted == boot_id() else min(status.st_size, synced)
        if not 0 < offset <= (offset if total is None else total) or source not in ("archive", "cloud"):
            return None
        return Held(offset, validator, total, source)

    def size(self) -> int:
        status = self._place.status(self.name)
        return status.st_size if status is not None else 0

    def open(self, offset: int) -> int:
        """The part, cut to `offset` bytes and ready to go on there. The caller closes the descriptor."""
        fd = open_own(self._place.folder_fd, self.name, self._ops)
        try:
            self._ops.truncate(fd, offset)
            os.lseek(fd, offset, os.SEEK_SET)
        except BaseException:
            os.close(fd)
            raise
        return fd

    def make_own(self) -> None:
        """Put a copy in the part's place: another process that has it open, and sleeps, may write when it wakes."""
        if self._place.status(self.name) is None:
            return
        self._ops.drop(self._copy, self._place.folder_fd)
        with self.open_to_read() as f:
            fd = open_own(self._place.folder_fd, self._copy, self._ops)
            try:
                while data := f.read(1 << 20):
                    self._ops.write_all(fd, data)
                self._ops.sync(fd)
            finally:
                os.close(fd)
        self._ops.replace(self._copy, self.name, self._place.folder_fd)

    def open_to_read(self) -> BinaryIO:
        return cast(BinaryIO, os.fdopen(open_to_read(self._place.folder_fd, self.name, self._ops), "rb"))

    def note(self, validator: str, total: int | None, synced: int) -> None:
        """Write down what the part is; its first `synced` bytes must have been synced."""
        words = {
            "v": 1,
            "uri": self._uri,
            "source": self.source,
            "validator": validator,
            "total": total,
            "synced": synced,
            "boot_id": boot_id(),
        }
        self._ops.write_small(self._note, json.dumps(words).encode(), self._place.folder_fd)

    def drop_note(self) -> None:
        """Forget what the part is: it is about to hold something else."""
        if self._place.status(self._note) is not None:
            self._ops.drop(self._note, self._place.folder_fd)
            self._ops.sync_folder(self._place.folder_fd)

    def drop(self) -> None:
        """Remove both files, in the order that never leaves a note for other bytes."""
        for name in (self._note, f"{self._note}.tmp", self._copy, self.name):
            self._ops.drop(name, self._place.folder_fd)

    def _read_note(self) -> bytes:
        fd = open_to_read(self._place.folder_fd, self._note, self._ops)
        try:
            return os.read(fd, _LARGEST_NOTE)
        finally:
            os.close(fd)
