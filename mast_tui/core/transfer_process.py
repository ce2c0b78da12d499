"""Where the transfer process listens, and how it is started.

Here, and not in the room of the transfers, because it loads nothing slow: who knows early that the process will be
needed lets it start while the rest of the program is still being loaded.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

from mast_tui.core.errors import LocalFailure
from mast_tui.core.folders import runtime_folder
from mast_tui.core.text import clean

_PATIENCE_S = 20.0
#: The shell ends at once, so that the process is nobody's child: whoever is left, it leaves no zombie, which would
#: hold its folders' leases.
#: It says the number of the process.
_START = '"$0" -m mast_tui.transfer.service >/dev/null & echo $!'

_last, _pid = float("-inf"), 0
_where: Path | None = None


def socket_path() -> Path:
    return runtime_folder() / "transfer.sock"


def start_soon(*, detached: bool) -> None:
    """Let a process start, unless one runs, and don't wait. One that gets no client ends by itself after some seconds.

    Errors are left for the client, which will try again. `detached`: in a session of its own.
    """
    if not socket_path().exists():
        with contextlib.suppress(LocalFailure):
            start_process(detached=detached)


def start_process(*, detached: bool) -> None:
    """Start one; it ends at once when another runs. LocalFailure when it can't be."""
    global _last, _pid, _where
    _last, _where = time.monotonic(), socket_path()
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
