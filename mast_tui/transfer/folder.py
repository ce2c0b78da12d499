"""A download folder while the queue works in it: who may write there, what is known of it, which names are taken.

One writer a folder, also between machines that share it over NFS: a soft lease in `.mast-tui/lock`, which another
process takes over when its holder is gone. Used by the queue and the engine.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
import time
import weakref
from datetime import UTC, datetime
from pathlib import Path, PurePath

from filelock import LeaseSettingsMismatch, SoftFileLease, Timeout

from mast_tui.core.errors import LocalFailure
from mast_tui.core.manifest import FILE_NAME
from mast_tui.core.text import clean, human_duration
from mast_tui.transfer import ledger, part
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.outcomes import FolderBusy
from mast_tui.transfer.safe_open import open_root

_LEASE_S = 30.0
_LOCK, _WRITER = "lock", "writer.json"
#: Second suffixes that belong to the first: name.fits.gz, name.tar.gz.
_PACKED = (".gz", ".bz2", ".xz", ".zst")


class DownloadFolder:
    """`root` is the folder; it is made if needed. LocalFailure in a sentence when it can't be used."""

    def __init__(self, root: Path, ops: FileOps) -> None:
        self.root, self.ops = root, ops
        self._lock = threading.Lock()
        self._held = False
        self._compromised = False
        try:
            self.fd = open_root(root)
            try:
                with contextlib.suppress(FileExistsError):
                    ops.make_folder(ledger.FOLDER, self.fd)
                flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
                self._own_fd = os.open(ledger.FOLDER, flags, dir_fd=self.fd)
            except OSError:
                os.close(self.fd)
                raise
        except OSError as error:
            raise LocalFailure(
                f"the folder {clean(root, 200)} can't be written to",
                clean(error.strerror or error, 100),
                "Choose another folder, or mend its permissions",
            ) from None
        for fd in (self.fd, self._own_fd):
            weakref.finalize(self, os.close, fd)
        self.ledger = ledger.Ledger(self._own_fd, ops)
        self._lease = SoftFileLease(
            root / ledger.FOLDER / _LOCK,
            lease_duration=_LEASE_S,
            on_compromise=lambda _what: self._lost(),
            thread_local=False,
        )
        self._taken: dict[str, str] = {}
        self._taken_over = False
        self._own_parts: set[str] = set()
        self._empty: tuple[float, tuple[int, int]] | None = None

    # --- who may write -------------------------------------------------------------------------------------------

    def hold(self) -> None:
        """Be the one who writes here, or FolderBusy saying who is. Never waits."""
        with self._lock:
            if self._held and not self._compromised:
                return
            if self._held:
                self._let_go()
            try:
                self._acquire()
            except (Timeout, LeaseSettingsMismatch):  # or a version of ours with a lease of another length holds it
                raise FolderBusy(self._who()) from None
            self._held, self._compromised = True, False
            self._taken_over, self._own_parts = self._left_by_a_living_one(), set()
            self.ledger.reload()
            words = json.dumps({"pid": os.getpid(), "host": os.uname().nodename, "since": _utc()})
            self.ops.write_small(_WRITER, words.encode(), self._own_fd)

    def _acquire(self) -> None:
        try:
            self._lease.acquire(timeout=0)
        except Timeout:
            if not self._holder_is_a_zombie() and not self._died_while_it_locked():
                raise
            self.ops.drop(_LOCK, self._own_fd)
            self._lease.acquire(timeout=0)

    def _died_while_it_locked(self) -> bool:
        """An empty lock is that of a process killed between making and filling it, once it has stood so for a lease."""
        try:
            status = os.stat(_LOCK, dir_fd=self._own_fd, follow_symlinks=False)
        except OSError:
            return False
        now, mark = time.monotonic(), (status.st_ino, status.st_mtime_ns)
        if status.st_size or self._empty is None or self._empty[1] != mark:
            self._empty = None if status.st_size else (now, mark)
            return False
        return now - self._empty[0] > _LEASE_S

    def _holder_is_a_zombie(self) -> bool:
        """Dead, but not yet reaped (in a container perhaps never): the lease still takes it for alive."""
        try:
            pid, host, _since = self._writer()
            state = Path(f"/proc/{pid}/stat").read_text("latin-1").rpartition(")")[2].split()[0]
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return False
        return host == os.uname().nodename and state == "Z"

    def _left_by_a_living_one(self) -> bool:
        """Did the last holder go without a word, and may it come back, as from a long sleep?"""
        try:
            pid, host, _since = self._writer()
            if host != os.uname().nodename:
                return True
            if pid != os.getpid():
                os.kill(pid, 0)
                return True
        except (FileNotFoundError, ProcessLookupError):
            return False
        except (OSError, ValueError, KeyError, TypeError):
            return True
        return False

    def may_be_open_elsewhere(self, path: str) -> bool:
        """May the last holder still have the part of this file open? Asked, and so dealt with, once a file."""
        with self._lock:
            if not self._taken_over or path in self._own_parts:
                return False
            self._own_parts.add(path)
            return True

    def check_held(self) -> None:
        """FolderBusy when the lease was lost, as after a long sleep of this machine: nothing more is written."""
        if self._compromised or not self._held:
            raise FolderBusy("another process took this folder over")

    def release(self) -> None:
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        if not self._held:
            return
        self._held = False
        with contextlib.suppress(OSError):
            if not self._compromised:
                self.ops.drop(_WRITER, self._own_fd)
        with contextlib.suppress(OSError, Timeout):
            self._lease.release(force=True)

    def _lost(self) -> None:
        self._compromised = True

    def _who(self) -> str:
        try:
            pid, host, since = self._writer()
            who = f"process {pid} on {clean(host, 60)} since {clean(since, 30)}"
        except (OSError, ValueError, KeyError, TypeError):
            who = "another process"
        return f"{who} writes into this folder; waiting until it ends (at most {human_duration(_LEASE_S)} after)"

    def _writer(self) -> tuple[int, str, str]:
        fd = self.ops.open(_WRITER, os.O_RDONLY | os.O_NONBLOCK, 0, self._own_fd)
        with os.fdopen(fd, "rb") as f:
            words = json.loads(f.read(4096))
        return int(words["pid"]), str(words["host"]), str(words["since"])

    # --- which names are taken -----------------------------------------------------------------------------------

    def assign(self, path: str, uri: str) -> str:
        """The path that `uri` gets: the one wished for, or with `~HASH6` where another URI has it (case ignored)."""
        if self._free_for(path, uri):
            self._taken[path.casefold()] = uri
            return path
        other = apart(path, uri)
        self._taken[other.casefold()] = uri
        return other

    def _free_for(self, path: str, uri: str) -> bool:
        low = path.casefold()
        if low.startswith(FILE_NAME.removesuffix(".json")) and low.endswith(".json") and "/" not in low:
            return False
        if low.endswith((part.PART_SUFFIX, part.NOTE_SUFFIX, f"{part.NOTE_SUFFIX}.tmp", part.COPY_SUFFIX)):
            return False
        if low in self._taken:
            return self._taken[low] == uri
        entries = self.ledger.of_path(path)
        return not entries or any(e.uri == uri for e in entries)


def apart(path: str, uri: str) -> str:
    """`path` with six signs of the URI's hash before its suffix: `a/b.fits.gz` is `a/b~1f2e3d.fits.gz`."""
    folder, slash, name = path.rpartition("/")
    suffixes = PurePath(name).suffixes[-2:]
    if len(suffixes) == 2 and suffixes[1].lower() not in _PACKED:
        suffixes = suffixes[1:]
    ending = "".join(suffixes)
    if ending.lower().endswith((part.PART_SUFFIX, ".json")):
        ending = ""  # a name that ended like one of our own
    stem = name.removesuffix(ending)
    mark = hashlib.sha256(uri.encode("utf-8", "backslashreplace")).hexdigest()[:6]
    return f"{folder}{slash}{stem}~{mark}{ending}"


def _utc() -> str:
    return datetime.fromtimestamp(time.time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
