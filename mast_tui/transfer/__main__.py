"""`python -m mast_tui.transfer`: the transfer process, unless this home has one already; then it ends at once.

Somebody waits for it, so the order counts: who is not needed has loaded next to nothing.
"""

import gc
import os

from mast_tui.core.transfer_process import sole_process


def main() -> None:
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # what the starting program had open, perhaps a lock of a script
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
