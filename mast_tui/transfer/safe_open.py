"""Opening files below the download folder without ever leaving it.

A path from the archive is walked one component at a time from the open root folder; a link, a pipe or a device on the
way or at the end is refused, so no name and no planted link can make us write elsewhere. Used by the engine and the
service; nothing else in the program writes below a download folder.
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from mast_tui.core.text import clean, path_component
from mast_tui.transfer.fileops import FileOps

_DEEPEST = 8


class Unsafe(Exception):
    """This place is not written to; the text is a reason for the user."""


def split_path(relative: str) -> tuple[str, ...]:
    """The components of a path below the download folder; Unsafe when one of them could lead elsewhere."""
    parts = relative.split("/")
    if len(parts) > _DEEPEST:
        raise Unsafe("the path has too many folders")
    for part in parts:
        try:
            if path_component(part) != part:
                raise Unsafe(f"“{clean(part, 60)}” is not a plain name")
        except ValueError as error:
            raise Unsafe(f"“{clean(part, 60)}”: {error}") from None
    return tuple(parts)


@dataclass
class Place:
    """The open folder that holds (or will hold) one file, and the file's name in it."""

    folder_fd: int
    name: str

    def __enter__(self) -> Place:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self.folder_fd)

    def status(self, name: str | None = None) -> os.stat_result | None:
        """What stands under the name, links not followed; None for nothing."""
        try:
            return os.stat(name or self.name, dir_fd=self.folder_fd, follow_symlinks=False)
        except FileNotFoundError:
            return None


def open_place(root_fd: int, relative: str, ops: FileOps, *, make: bool = True) -> Place:
    """The place of `relative` below the open root folder; its parent folders are made when `make`.

    Unsafe for a bad name or when something on the way is not a plain folder; OSError for all else.
    """
    parts = split_path(relative)
    folder = os.dup(root_fd)
    try:
        for part in parts[:-1]:
            if make:
                _make_folder(part, folder, ops)
            try:
                inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
            except OSError as error:
                if error.errno in (errno.ELOOP, errno.ENOTDIR):
                    raise Unsafe(f"“{clean(part, 60)}” is a link or a file, not a folder") from None
                raise
            os.close(folder)
            folder = inner
    except BaseException:
        os.close(folder)
        raise
    return Place(folder, parts[-1])


def _make_folder(name: str, folder_fd: int, ops: FileOps) -> None:
    try:
        ops.make_folder(name, folder_fd)
    except FileExistsError:
        return
    ops.sync_folder(folder_fd)


def open_root(root: Path) -> int:
    """The download folder itself, made if needed. It is the user's word, so links in it are followed."""
    root.mkdir(parents=True, exist_ok=True)
    return os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def open_own(folder_fd: int, name: str, ops: FileOps) -> int:
    """Open a file of ours for reading and writing, or make it. Unsafe when what stands there may be another's."""
    flags = os.O_RDWR | os.O_NONBLOCK
    try:
        return ops.open(name, flags | os.O_CREAT | os.O_EXCL, 0o666, folder_fd)
    except FileExistsError:
        pass
    fd = _open(folder_fd, name, flags, ops)
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1 or status.st_uid != os.geteuid():
        os.close(fd)
        raise Unsafe(f"“{clean(name, 80)}” is linked from elsewhere or belongs to somebody else")
    return fd


def open_to_read(folder_fd: int, name: str, ops: FileOps) -> int:
    """Open a plain file for reading; Unsafe for a link, a pipe, a device or a folder."""
    fd = _open(folder_fd, name, os.O_RDONLY | os.O_NONBLOCK, ops)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise Unsafe(f"“{clean(name, 80)}” is not a plain file")
    return fd


def _open(folder_fd: int, name: str, flags: int, ops: FileOps) -> int:
    try:
        return ops.open(name, flags, 0o666, folder_fd)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO, errno.EISDIR):
            raise Unsafe(f"“{clean(name, 80)}” is a link, a pipe or a folder, not a plain file") from None
        raise
