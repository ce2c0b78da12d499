"""Where the app keeps its things: settings, state, manifests, the private socket. Folders are the user's alone (0700).

platformdirs knows the places on Linux and macOS; `XDG_…` variables are obeyed. Downloads go where the user says.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from mast_tui.core.errors import LocalFailure
from mast_tui.core.text import clean

APP = "mast-tui"


def config_file() -> Path:
    from platformdirs import user_config_path

    return user_config_path(APP) / "config.toml"


def data_folder() -> Path:
    """Manifests live here, one a session."""
    from platformdirs import user_data_path

    return user_data_path(APP)


def manifests_folder() -> Path:
    return data_folder() / "manifests"


def state_folder() -> Path:
    """Journals of the queue, history of queries, log."""
    from platformdirs import user_state_path

    return user_state_path(APP)


def cache_folder() -> Path:
    """What can be had again: the bytes of files that were looked at in the archive."""
    from platformdirs import user_cache_path

    return user_cache_path(APP)


def runtime_folder() -> Path:
    """The private socket of the transfer process: one place for each state folder, so that two homes never mix.

    `XDG_RUNTIME_DIR` where there is one, else the folder for temporary files (not platformdirs, which prints a warning
    then). Short: a socket's path may not pass some 100 bytes.
    """
    import hashlib

    mark = hashlib.sha256(os.fsencode(state_folder())).hexdigest()[:8]
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    if given and len(os.fsencode(given)) < 60 and os.access(given, os.W_OK | os.X_OK):
        return Path(given) / f"{APP}-{mark}"
    import tempfile  # here, because it loads much, and the start of the transfer process waits for it

    return Path(tempfile.gettempdir()) / f"{APP}-{os.getuid()}-{mark}"


def default_download_folder() -> Path:
    return Path.home() / "mast"


def ensure_private(folder: Path) -> Path:
    """Make `folder` with mode 0700, or mend its mode; LocalFailure when it is not ours or can't be made."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
    except OSError as error:
        raise LocalFailure(
            f"the folder {clean(folder, 200)} can't be made", clean(error.strerror or error), "Check its permissions"
        ) from None
    if (stat.S_ISLNK(status.st_mode) and folder.stat().st_uid != os.getuid()) or status.st_uid != os.getuid():
        raise LocalFailure(f"the folder {clean(folder, 200)} belongs to somebody else", "", "Move it out of the way")
    if stat.S_IMODE(status.st_mode) & 0o077 and not stat.S_ISLNK(status.st_mode):
        folder.chmod(0o700)
    return folder


def write_whole(path: Path, content: str | bytes, mode: int = 0o600) -> None:
    """Write a small file so that it is there whole or as it was before, also through a crash."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(fd, "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace"))
            f.flush()
            os.fsync(f.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
