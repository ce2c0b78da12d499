"""`mast-tui demo serve`: the embedded archive for other programs, such as a script with unmodified astroquery."""

from __future__ import annotations

import click

from mast_tui.cli.scene import scene


@click.group(short_help="Serve the embedded archive to other programs.")
def command() -> None:
    """The embedded archive: a server on this machine that speaks MAST's protocol over simulated and sample data."""


# the server reads its own options, so that it is the same as `python -m mast_tui.demo`
@command.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def serve(options: tuple[str, ...]) -> int:
    """Serve until interrupted; the first line on stdout is the base URL. --help tells the options."""
    from mast_tui.demo.server import main

    rows = scene().rows
    given = [*options] if rows is None else ["--rows", str(rows), *options]
    try:
        return main(given)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
