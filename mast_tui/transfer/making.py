"""What the headers of fetched files say of their making, each read once. Used by the record."""

from __future__ import annotations

import os
from sys import intern
from weakref import WeakKeyDictionary

from mast_tui.core.processing import Processing, read_processing
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.jobs import Job
from mast_tui.transfer.safe_open import Unsafe, open_place, open_to_read

_NOTHING = Processing()


class Makings:
    """Used from one thread at a time. A file that can't be opened any more says nothing."""

    def __init__(self, ops: FileOps) -> None:
        self._ops = ops
        self._known: WeakKeyDictionary[Job, tuple[str, Processing]] = WeakKeyDictionary()

    def of(self, job: Job) -> Processing:
        """Of the file that came for this job; empty while none has."""
        if job.made is None:
            return _NOTHING
        sha256, known = self._known.get(job, ("", _NOTHING))
        if sha256 != job.made.sha256:
            known = self._read(job)
            self._known[job] = (job.made.sha256, known)
        return known

    def _read(self, job: Job) -> Processing:
        folder = job.owner.folder
        if folder is None:
            return _NOTHING
        try:
            with open_place(folder.fd, job.path, self._ops, make=False) as place:
                fd = open_to_read(place.folder_fd, place.name, self._ops)
            with os.fdopen(fd, "rb") as file:
                found = read_processing(file)
        except (OSError, Unsafe):
            return _NOTHING
        # the files of a session say mostly the same, and a session may have tens of thousands
        return Processing({intern(key): intern(value) for key, value in found.header.items()})
