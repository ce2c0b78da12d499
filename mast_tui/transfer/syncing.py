"""Bytes of a part put on disk for good, beside those that go on coming: a line is not kept waiting for a slow disk.

Used by the stream.
"""

from __future__ import annotations

import threading

from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.judge import Plan
from mast_tui.transfer.part import Part


class Syncing:
    """For the open part `fd`, whose bytes are those of `plan`. One sync at a time; `end` before `fd` is closed."""

    def __init__(self, ops: FileOps, part: Part, plan: Plan, fd: int) -> None:
        self._ops, self._part, self._plan, self._fd = ops, part, plan, fd
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None

    def now(self, size: int) -> None:
        """Sync, and note that the first `size` bytes, which are written, are safe."""
        self._ops.sync(self._fd)
        self._part.note(self._plan.validator, self._plan.total, size)

    def begin(self, size: int) -> bool:
        """The same in a thread of its own; False when the last one is not done yet. Raises what that one met."""
        if self._thread is not None and self._thread.is_alive():
            return False
        self.end()
        self._thread = threading.Thread(target=self._run, args=(size,), daemon=True, name="sync")
        self._thread.start()
        return True

    def end(self) -> None:
        """Wait until nothing is synced any more; raises what it met."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _run(self, size: int) -> None:
        try:
            self.now(size)
        except BaseException as error:  # noqa: BLE001 - it belongs to the thread that writes
            self._error = error
