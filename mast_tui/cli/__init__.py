"""The command line: opens the app, or does one verb without a screen, for scripts, cron and pipes.

`command` is what the installed command runs. Data go to stdout, talk goes to stderr; the exit code says how it went
(see `ends`). One file a verb, imported only when it is asked for: `--help` loads no numpy, no verb Textual or astropy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what `arguments` (by default those of the process) say; the exit code. Never raises for bad input."""
    from mast_tui.cli.program import run

    return run(arguments)


def command() -> NoReturn:
    """`main`, and the end of the process without the interpreter's own clearing up.

    All is closed by then; that would keep the prompt waiting, for 10 ms, or as long as a thread reads from a dead disk.
    """
    code = main()

    from mast_tui.cli.ends import leave

    leave(code)
