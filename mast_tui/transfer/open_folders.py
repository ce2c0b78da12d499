"""The download folders that the queue works in, each opened once. Used by the owner of the queue."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

from mast_tui.core.errors import LocalFailure
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.folder import DownloadFolder

#: A disk that says nothing for so long at the start is taken for not there.
_DISK_ANSWERS_S = 3.0


class OpenFolders:
    def __init__(self, ops: FileOps) -> None:
        self._ops = ops
        self._folders: dict[str, DownloadFolder] = {}
        self._opening = threading.Lock()

    def get(self, root: str) -> DownloadFolder:
        """Opened, made where it is not there. LocalFailure when it can't be."""
        real = os.path.realpath(root)
        with self._opening:
            known = self._folders.get(real)
        made = known or DownloadFolder(Path(real), self._ops)  # not under the lock: a dead network disk may hang
        with self._opening:
            return self._folders.setdefault(real, made)

    def get_if_there(self, root: str) -> DownloadFolder | None:
        """None for a folder that was moved away (it is not made anew), or on a disk that does not answer."""
        found: list[DownloadFolder] = []

        def look() -> None:
            if Path(root).is_dir():
                with contextlib.suppress(LocalFailure):
                    found.append(self.get(root))

        looking = threading.Thread(target=look, daemon=True)
        looking.start()
        looking.join(_DISK_ANSWERS_S)
        return found[0] if found else None

    def opened(self) -> list[DownloadFolder]:
        """Those that are open now."""
        with self._opening:
            return list(self._folders.values())

    def release(self) -> None:
        """Let others write there."""
        for folder in self.opened():
            folder.release()
