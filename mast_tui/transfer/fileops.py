"""The operations on disk whose order decides what a crash leaves behind.

The engine, the parts and the ledger do all their writing through a `FileOps`, so that tests can fail an operation,
record their order, or play every state a power cut may leave. Names are always relative to an open folder.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

#: linux/fs.h: _IOW(0x94, 9, int), as most machines have it.
_FICLONE = 0x40049409


class FileOps:
    """The real operations. Each raises OSError as the system does."""

    def open(self, name: str, flags: int, mode: int, folder_fd: int) -> int:
        return os.open(name, flags | os.O_NOFOLLOW | os.O_CLOEXEC, mode, dir_fd=folder_fd)

    def write(self, fd: int, data: bytes | memoryview) -> int:
        return os.write(fd, data)

    def truncate(self, fd: int, size: int) -> None:
        os.ftruncate(fd, size)

    def sync(self, fd: int) -> None:
        os.fsync(fd)

    def replace(self, old: str, new: str, folder_fd: int) -> None:
        os.replace(old, new, src_dir_fd=folder_fd, dst_dir_fd=folder_fd)

    def clone(self, fd: int, source_fd: int) -> bool:
        """Let the empty file share all blocks of the source until either is written; False where that can't be done."""
        if sys.platform != "linux":
            return False
        try:
            fcntl.ioctl(fd, _FICLONE, source_fd)
        except OSError:
            return False
        return True

    def unlink(self, name: str, folder_fd: int) -> None:
        os.unlink(name, dir_fd=folder_fd)

    def make_folder(self, name: str, folder_fd: int) -> None:
        os.mkdir(name, dir_fd=folder_fd)

    def sync_folder(self, folder_fd: int) -> None:
        os.fsync(folder_fd)

    # --- made of the above ---------------------------------------------------------------------------------------

    def write_all(self, fd: int, data: bytes | memoryview) -> None:
        """Write until nothing is left: on a nearly full disk a write is short, and the error comes with the next."""
        rest = memoryview(data)
        while rest:
            rest = rest[self.write(fd, rest) :]

    def write_small(self, name: str, data: bytes, folder_fd: int, mode: int = 0o666) -> None:
        """Replace a small file so that it is there whole, or as it was before.

        The temporary name is fixed (one writer a folder), so that a killed process leaves at most one, and the next
        write uses it again.
        """
        temporary = f"{name}.tmp"
        fd = self.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NONBLOCK, mode, folder_fd)
        try:
            self.write_all(fd, data)
            self.sync(fd)
        finally:
            os.close(fd)
        self.replace(temporary, name, folder_fd)

    def drop(self, name: str, folder_fd: int) -> None:
        """Remove a file of ours; that it is not there is fine."""
        try:
            self.unlink(name, folder_fd)
        except FileNotFoundError:
            return


@cache
def boot_id() -> str:
    """A word that changes with each start of the machine: bytes that were not synced may be gone after it."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        pass
    if sys.platform == "darwin":
        try:
            made = subprocess.run(
                ["/usr/sbin/sysctl", "-n", "kern.bootsessionuuid"],
                capture_output=True,
                timeout=5,
                check=False,
                text=True,
            )
        except (OSError, subprocess.TimeoutExpired):
            return "unknown"
        return made.stdout.strip() or "unknown"
    return "unknown"
