"""The bytes of one answer, from the line into the part: counted, hashed, paced, synced.

Used by the engine, which has judged the answer before.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from mast_tui.core.fetch import SourceKind
from mast_tui.core.text import clean, human_bytes
from mast_tui.transfer.digests import Digests
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.judge import Plan
from mast_tui.transfer.outcomes import DiskFull, Stopped, TryAgain
from mast_tui.transfer.part import Part
from mast_tui.transfer.ratelimit import TokenBucket
from mast_tui.transfer.syncing import Syncing
from mast_tui.transfer.web import BROKEN, Line

_PIECE = 1 << 16
#: The part is synced this often, in bytes and in seconds.
_SYNC_BYTES, _SYNC_S = 16 << 20, 10.0
#: A part is not worth a note before it holds this much, or has taken this long.
_NOTE_BYTES, _NOTE_S = 1 << 16, 0.5
#: Slower than this for as long as a silence is borne is a dead line.
_LEAST_BYTES_PER_S = 100


@dataclass
class Control:
    """One job's strings: stop it, see how far it is, and what its former attempts learned.

    `seeded`: what a look had brought of the file was offered already. `looked_elsewhere`: so was
    what stands in other folders. `unstated`: the checksum of what came and was kept, although nobody said how long the
    file is. `answered`: which host answered last, and how.
    `source`: where it is fetched from. `read_s`: seconds spent waiting for bytes. `came` is called as soon as all
    bytes are here and the line may carry another file; syncing, verifying and naming come after it. `still_ours` raises
    FolderBusy when another process took the folder over.
    """

    stop: threading.Event = field(default_factory=threading.Event)
    got: int = 0
    total: int | None = None
    resumed_from: int = 0
    sent: int = 0
    answers: list[tuple[int, str]] = field(default_factory=list)
    unstated: tuple[int, str] | None = None
    seeded: bool = False
    looked_elsewhere: bool = False
    answered: str = ""
    source: SourceKind | Literal[""] = ""
    read_s: float = 0.0
    came: Callable[[], None] = lambda: None
    still_ours: Callable[[], None] = lambda: None
    _line: Line | None = None
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def on_line(self, line: Line) -> None:
        """From now on a stop cuts this line."""
        with self._guard:
            self._line = line

    def off_line(self) -> None:
        """The line may carry another file from now on: a stop of this one must not cut it any more."""
        with self._guard:
            self._line = None

    @property
    def has_line(self) -> bool:
        return self._line is not None

    def interrupt(self) -> None:
        self.stop.set()
        with self._guard:
            if self._line is not None:
                self._line.cut()

    def check(self) -> None:
        if self.stop.is_set():
            raise Stopped
        self.still_ours()


@dataclass(frozen=True)
class Body:
    """What came: `md5` where the plan states one, `source` where from, `note` a word for the record."""

    size: int
    sha256: str
    plan: Plan
    md5: str = ""
    source: SourceKind | Literal[""] = ""
    note: str = ""


class Stream:
    """`read_s` is the longest silence that is borne."""

    def __init__(self, ops: FileOps, bucket: TokenBucket, read_s: float) -> None:
        self._ops, self._bucket, self._read_s = ops, bucket, read_s

    def take(
        self, plan: Plan, part: Part, raw: Any, control: Control, until: int | None, read: Callable[[Digests], None]
    ) -> Body:
        """Write the body into the part; all of it, or TryAgain with what came kept for the next time.

        With `until` the body is read to that byte of the file; its sha256 is then not that of the part. `read` is
        called when nothing more is to be read, before the disk is waited for.
        """
        control.got = control.resumed_from = plan.offset
        control.total = plan.total if plan.total is not None else control.total
        if plan.offset == 0:
            part.drop_note()
        fd = part.open(plan.offset)
        syncing = Syncing(self._ops, part, plan, fd)
        try:
            if plan.total is not None:
                _leave_room(fd, plan.total - plan.offset)
            known = plan.offset if until is None else 0
            digest = digest_of_part(part, known, control, md5=bool(plan.md5))
            try:
                self._copy(plan, fd, syncing, raw, digest, control, plan.total if until is None else until)
                read(digest)
            finally:
                syncing.end()
            self._ops.sync(fd)
            if os.fstat(fd).st_size != control.got:
                raise TryAgain("the disk holds another number of bytes than were written", drop=True)
        finally:
            os.close(fd)
        return Body(control.got, digest.hexdigest(), plan, digest.md5())

    def _copy(
        self, plan: Plan, fd: int, syncing: Syncing, raw: Any, digest: Digests, control: Control, end: int | None
    ) -> None:
        read = getattr(raw, "read1", raw.read)
        began = synced_at = time.monotonic()
        synced, noted = 0, False
        watch = _SpeedWatch(self._read_s)
        while end is None or control.got < end:
            control.check()
            asked = time.monotonic()
            try:
                size = self._bucket.piece(_PIECE)
                if end is not None and end != plan.total:  # a server may answer with more than was asked for
                    size = min(size, end - control.got)
                data = read(size, decode_content=False)
            except BROKEN as error:
                control.check()
                raise TryAgain(_broken(error, self._read_s)) from None
            now = time.monotonic()
            if not data:
                break
            control.read_s += now - asked
            watch.saw(len(data), now - asked)
            self._ops.write_all(fd, data)
            digest.update(data)
            control.got += len(data)
            control.sent += len(data)
            if end is not None and control.got > end:
                raise TryAgain("more bytes came than the server had said", drop=True)
            fresh = control.got - plan.offset
            if plan.validator:
                if not noted and (fresh >= _NOTE_BYTES or now - began >= _NOTE_S):
                    syncing.now(control.got)
                    noted, synced, synced_at = True, fresh, now
                elif (fresh - synced >= _SYNC_BYTES or now - synced_at >= _SYNC_S) and syncing.begin(control.got):
                    synced, synced_at = fresh, now
            self._bucket.take(len(data), control.stop.wait)
        control.check()
        if end is not None and control.got != end:
            raise TryAgain(f"the answer ended at {human_bytes(control.got)} of {human_bytes(end)}")


def digest_of_part(part: Part, size: int, control: Control, *, md5: bool = False) -> Digests:
    """The checksums of the first `size` bytes that are held."""
    digest = Digests(md5)
    if size == 0:
        return digest
    with part.open_to_read() as f:
        left = size
        while left > 0:
            control.check()
            data = f.read(min(1 << 20, left))
            if not data:
                raise TryAgain("the part is shorter than it was", drop=True)
            digest.update(data)
            left -= len(data)
    return digest


class _SpeedWatch:
    """TryAgain when a line brings less than the least as long as a silence is borne; our own waiting not counted."""

    def __init__(self, window_s: float) -> None:
        self._window_s, self._seconds, self._bytes = window_s, 0.0, 0

    def saw(self, n: int, seconds: float) -> None:
        self._bytes += n
        self._seconds += seconds
        if self._seconds >= self._window_s:
            if self._bytes < _LEAST_BYTES_PER_S * self._seconds:
                raise TryAgain(f"hardly a byte came for {self._window_s:.0f} s")
            self._bytes, self._seconds = 0, 0.0


def _leave_room(fd: int, need: int) -> None:
    """DiskFull before the last byte of the disk is taken, where it can be known."""
    room = os.fstatvfs(fd)
    free = room.f_bavail * room.f_frsize
    if need > free:
        raise DiskFull(
            f"{human_bytes(need)} are still to come, the disk has {human_bytes(free)}: free some, then resume"
        )


def _broken(error: BaseException, read_s: float) -> str:
    words = clean(error, 200).lower()
    if "timed out" in words:
        return f"the line was silent for {read_s:.0f} s"
    if "incomplete" in words or "broken" in words:
        return "the line broke in the middle of the file"
    return f"the line failed: {clean(error, 100)}"
