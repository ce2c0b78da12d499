"""`python -m mast_tui.transfer`: the transfer process, unless this home has one already; then it ends at once.

Somebody waits for it, so the order counts: who is not needed has loaded next to nothing.
"""

import contextlib
import gc
import os

from mast_tui.core.transfer_process import sole_process


def _close_what_was_open() -> None:
    """What the starting program had from its own, perhaps the lock of a script, must not be held as long as we live."""
    for fd in map(int, os.listdir("/dev/fd")):  # noqa: PTH208 - pathlib is not loaded yet
        if fd > 2:
            with contextlib.suppress(OSError):  # that of the list itself is closed by now
                os.close(fd)


def main() -> None:
    _close_what_was_open()
    lock = sole_process()
    if lock is None:
        return
    gc.disable()  # all that is loaded now stays; to look for garbage in it would take a tenth of the time
    from mast_tui.transfer.service import serve

    gc.freeze()
    gc.enable()
    serve()


if __name__ == "__main__":
    main()
