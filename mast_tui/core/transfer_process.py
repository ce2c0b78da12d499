"""Where the transfer process listens, and how it is started.

Here, and not in the room of the transfers, because it loads next to nothing: who knows early that the process will be
needed lets it start while the rest of the program, and most of this module's own needs, are still being loaded.
"""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False  # as in typing, which takes 2 ms to load
if TYPE_CHECKING:
    from pathlib import Path

#: The shell ends at once, so that the process is nobody's child: whoever is left, it leaves no zombie, which would
#: hold its folders' leases. It says the number of the process.
_START = '"$0" -m mast_tui.transfer >/dev/null & echo $!'

_TROUBLE = (OSError, ValueError)

_last, _pid = float("-inf"), 0
_where: Path | None = None


def socket_path() -> Path:
    from mast_tui.core.folders import runtime_folder

    return runtime_folder() / "transfer.sock"


def lock_path() -> Path:
    from mast_tui.core.folders import runtime_folder

    return runtime_folder() / "transfer.lock"


def sole_process() -> int | None:
    """The lock that makes the caller the one transfer process of this home, or None when there is another.

    The system frees it when the caller dies. LocalFailure or OSError when its folder can't be used.
    """
    import fcntl

    from mast_tui.core.folders import ensure_private

    ensure_private(lock_path().parent)
    fd = os.open(lock_path(), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    return fd


def start_soon(*, detached: bool) -> None:
    """Let a process start, and don't wait. It ends at once where one runs, and after some seconds without a client.

    Errors are left for the client, which will try again. `detached`: in a session of its own.
    """
    try:
        _start(detached)
    except _TROUBLE:
        return


def start_process(*, detached: bool) -> None:
    """Start one; it ends at once when another runs. LocalFailure when it can't be."""
    try:
        _start(detached)
    except _TROUBLE as error:
        from mast_tui.core.errors import LocalFailure
        from mast_tui.core.text import clean

        raise LocalFailure("the transfer process can't be started", clean(error, 100)) from None


def _start(detached: bool) -> None:
    # what `subprocess` does, without the 8 ms in which it loads; `__main__` closes what else the process inherits
    global _last, _pid, _where
    environment = {k: v for k, v in os.environ.items() if k != "MAST_API_TOKEN"}  # it comes over the socket
    said, says = os.pipe()
    streams = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, says, 1),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    words = ["/bin/sh", "-c", _START, sys.executable]
    try:
        shell = os.posix_spawn(words[0], words, environment, file_actions=streams, setsid=detached)
    finally:
        os.close(says)
    with open(said, "rb") as pipe:  # noqa: PTH123 - a descriptor
        _pid = int(pipe.read())
    os.waitpid(shell, 0)
    _last, _where = time.monotonic(), socket_path()  # now, because that loads what the process need not wait for


def started_lives() -> bool:
    """Whether the process that this program started last is there; it may still be loading."""
    if not _pid:
        return False
    import contextlib

    with contextlib.suppress(ChildProcessError):
        os.waitpid(_pid, os.WNOHANG)  # the first process of a container is everybody's parent
    try:
        os.kill(_pid, 0)
    except OSError:
        return False
    return True


def started_ago_s() -> float:
    """Seconds since this program last started one, for this home."""
    return time.monotonic() - _last if _where == socket_path() else float("inf")
