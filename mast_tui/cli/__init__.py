"""The command line: opens the app, or does one verb without a screen, for scripts, cron and pipes.

`main` is what the installed command runs. Data go to stdout, talk goes to stderr; the exit code says how it went (see
`ends`). One file a verb, imported only when it is asked for: `--help` loads no numpy, no verb loads Textual or astropy.
"""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what `arguments` (by default those of the process) say; the exit code. Never raises for bad input."""
    from mast_tui.cli.program import run

    return run(arguments)
