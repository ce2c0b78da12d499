"""`mast-tui config [show|path]`: the settings in force, and where each comes from."""

from __future__ import annotations

import click

from mast_tui.cli import ends, talk
from mast_tui.cli.scene import json_option, scene


@click.group(invoke_without_command=True, short_help="Show the settings and where each comes from.")
@json_option
@click.pass_context
def command(context: click.Context) -> int:
    """The settings: built-in values, then the configuration file, then MAST_TUI_… variables, then the command line.

    Without a word after it, it shows them.
    """
    return _show() if context.invoked_subcommand is None else ends.DONE


@command.command()
@json_option
def show() -> int:
    """All settings with their values, origins and meaning."""
    return _show()


def _show() -> int:
    from mast_tui.cli.text_table import Heading, write_text_table
    from mast_tui.core.settings import names_and_help
    from mast_tui.core.text import clean

    choices = scene()
    settings = choices.settings()
    about = names_and_help()
    origins = {name: settings.origins.get(name, "built in") for name in about}
    if choices.json:
        talk.out_json(
            {name: {"value": getattr(settings, name), "origin": origins[name], "help": about[name]} for name in about}
        )
        return ends.DONE
    rows = [
        (name, clean(_shown(getattr(settings, name)), 200), clean(origins[name], 200), about[name]) for name in about
    ]
    write_text_table([Heading(h) for h in ("Setting", "Value", "From", "Meaning")], rows)
    return ends.DONE


def _shown(value: object) -> str:
    """As the TOML file writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_shown, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


@command.command()
@json_option
def path() -> int:
    """Where the configuration file is, or would be."""
    from mast_tui.core.folders import config_file

    file = config_file()
    if scene().json:
        talk.out_json({"path": str(file), "exists": file.is_file()})
    else:
        talk.out(str(file))
    return ends.DONE
