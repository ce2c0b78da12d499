"""Where the transfer process listens, and how it is started.

Here, and not in the room of the transfers, because it loads nothing slow: who knows early that the process will be
needed lets it start while the rest of the program is still being loaded.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path

from mast_tui.core.errors import LocalFailure
from mast_tui.core.folders import ensure_private, runtime_folder
from mast_tui.core.text import clean

_PATIENCE_S = 20.0
#: The shell ends at once, so that the process is nobody's child: whoever is left, it leaves no zombie, which would
#: hold its folders' leases.
#: It says the number of the process.
_START = '"$0" -m mast_tui.transfer >/dev/null & echo $!'

_last, _pid = float("-inf"), 0
_where: Path | None = None


def socket_path() -> Path:
    return runtime_folder() / "transfer.sock"


def lock_path() -> Path:
    return runtime_folder() / "transfer.lock"


def sole_process() -> int | None:
    """The lock that makes the caller the one transfer process of this home, or None when there is another.

    The system frees it when the caller dies. LocalFailure or OSError when its folder can't be used.
    """
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
    with contextlib.suppress(LocalFailure):
        start_process(detached=detached)


def start_process(*, detached: bool) -> None:
    """Start one; it ends at once when another runs. LocalFailure when it can't be."""
    global _last, _pid, _where
    environment = {k: v for k, v in os.environ.items() if k != "MAST_API_TOKEN"}  # it comes over the socket
    try:
        starter = subprocess.Popen(
            ["/bin/sh", "-c", _START, sys.executable],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=detached,
        )
        _pid = int(starter.communicate(timeout=_PATIENCE_S)[0])
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise LocalFailure("the transfer process can't be started", clean(error, 100)) from None
    _last, _where = time.monotonic(), socket_path()  # now, because that loads what the process need not wait for


def started_lives() -> bool:
    """Whether the process that this program started last is there; it may still be loading."""
    if not _pid:
        return False
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
