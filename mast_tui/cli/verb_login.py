"""`mast-tui login`: is this token right, and whose is it? Kept only where the user asks for it, in the keyring.

A token is typed without being shown, or comes on stdin; never as an argument, which every user of the machine can see.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from mast_tui.cli import ends, talk
from mast_tui.cli.scene import json_option, scene, world_options

if TYPE_CHECKING:
    from mast_tui.controller import Controller
    from mast_tui.core.secret import Secret

TOKEN_PAGE = "https://auth.mast.stsci.edu/token"  # noqa: S105 - where tokens are made


@click.command(short_help="Check a token, and keep it if asked to.")
@click.argument("words", nargs=-1, metavar="")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the token from the first line of stdin.")
@click.option("--keyring", is_flag=True, help="Keep it in the desktop's keyring, and use it from there from now on.")
@world_options
@json_option
def command(words: tuple[str, ...], from_stdin: bool, keyring: bool) -> int:
    """Check a token of the archive, made at https://auth.mast.stsci.edu/token.

    Without --keyring nothing is kept: set MAST_API_TOKEN where later commands should have it.
    """
    if words:
        raise click.UsageError(
            "A token does not belong on the command line, where others can read it: type it when asked, or use --stdin."
        )
    choices = scene()
    settings = choices.settings()
    token = _token(from_stdin)
    from mast_tui.cli.running import run_verb

    async def work(controller: Controller) -> int:
        identity = await controller.login(token, keep=keyring)
        shown = _who(identity.display_name, identity.user_id)
        if choices.json:
            talk.out_json({"user_id": identity.user_id, "display_name": identity.display_name, "kept": keyring})
        else:
            talk.out(f"The token is right: it is that of {shown}.")
        if not keyring:
            talk.say("It is not kept. Set MAST_API_TOKEN where you want to use it, or log in with --keyring.")
        elif not settings.keyring:
            talk.say(_turn_keyring_on())
        return ends.DONE

    return run_verb(work, choices, token=False)


def _who(display_name: str, user_id: str) -> str:
    from mast_tui.core.text import clean

    names = [clean(name, 60) for name in (display_name, user_id) if name]
    return f"{names[0]} ({names[1]})" if len(names) == 2 else (names or ["a user without a name"])[0]


def _token(from_stdin: bool) -> Secret:
    from mast_tui.core.secret import Secret

    os.environ.pop("MAST_API_TOKEN", None)
    if from_stdin:
        word = sys.stdin.readline(10_000)
    elif sys.stdin.isatty():
        word = click.prompt("Token", hide_input=True, err=True)
    else:
        raise click.UsageError("There is no terminal to type the token on: use --stdin.")
    word = word.strip()
    if not word or not word.isascii() or not word.isprintable() or " " in word:
        raise click.UsageError(f"That is not a token. One is made at {TOKEN_PAGE}.")
    return Secret(word)


def _turn_keyring_on() -> str:
    """Write the setting without which the keyring is never asked; what was done, as a sentence."""
    from mast_tui.core import folders
    from mast_tui.core.errors import MastTuiError

    path = folders.config_file()
    advice = f"Set keyring = true in {path} to use it from there."
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if any(line.split("=")[0].strip() == "keyring" for line in text.splitlines()):
            return advice
        folders.ensure_private(path.parent)
        # in front: a line at the end could fall into a [table]
        folders.write_whole(path, "keyring = true\n" + text)
    except (OSError, UnicodeDecodeError, MastTuiError):
        return advice
    return f"keyring = true is now set in {path}: the token is read from the keyring from now on."
