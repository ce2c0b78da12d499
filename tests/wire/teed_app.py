"""The app, with all that Textual's driver would write to the terminal also in the file that TEED_INTO names.

Textual's own driver and the wire are given the same text; so what a terminal behind Textual's own driver would show in
the same moment of the same run is known from that file.
"""

from __future__ import annotations

import os
import sys

from mast_tui import cli
from mast_tui.tui.wire.screen import WireScreen


def tee(path: str) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    write = WireScreen.write

    def write_both(screen: WireScreen, text: str) -> int:
        os.write(fd, text.encode())
        return write(screen, text)

    WireScreen.write = write_both  # type: ignore[method-assign,assignment]


def main() -> int:
    tee(os.environ["TEED_INTO"])
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
