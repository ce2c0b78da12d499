"""A new file of the user's, written whole or not at all, and never over another one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mast_tui.core.errors import LocalFailure
from mast_tui.core.folders import sync_folder
from mast_tui.core.text import clean

_TRIES = 1000


def write_new(folder: Path, name: str, content: bytes) -> Path:
    """Write `content` to `folder`/`name`, or where that is taken to `name` with -2, -3 … before its ending.

    Returns the path. The folder is made where it is missing. LocalFailure where the file system refuses.
    """
    stem, dot, ending = name.partition(".")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _beside(folder, content) as temporary:
            path = _linked(temporary, folder, stem, dot + ending)
        sync_folder(folder)
    except OSError as error:
        raise LocalFailure(
            f"{clean(name, 80)} could not be written into {clean(folder, 200)}",
            clean(error.strerror or error),
            "Choose another download folder or make room",
        ) from None
    return path


def write_as(path: Path, content: bytes) -> None:
    """Write `content` to exactly this path. FileExistsError where it is taken, OSError as the file system says."""
    with _beside(path.parent, content) as temporary:
        os.link(temporary, path)
    sync_folder(path.parent)


@contextlib.contextmanager
def _beside(folder: Path, content: bytes) -> Iterator[str]:
    """A temporary file that holds `content`, in the folder where it will be linked; gone at the end."""
    fd, temporary = tempfile.mkstemp(prefix=".mast-tui-", dir=folder)
    try:
        with os.fdopen(fd, "wb") as f:
            f.write(content)
            f.flush()
            os.fsync(f.fileno())
        Path(temporary).chmod(0o666 & ~_umask())
        yield temporary
    finally:
        Path(temporary).unlink()


def _linked(temporary: str, folder: Path, stem: str, ending: str) -> Path:
    """A hard link fails where the name exists, which a rename would replace."""
    for k in range(1, _TRIES):
        path = folder / (f"{stem}{ending}" if k == 1 else f"{stem}-{k}{ending}")
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
            return path
    raise FileExistsError(17, f"there are {_TRIES} files of this name already")


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
