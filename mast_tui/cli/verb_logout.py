"""`mast-tui logout`: forget the token that the keyring keeps."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from mast_tui.cli import ends, talk
from mast_tui.cli.scene import json_option, scene

if TYPE_CHECKING:
    from mast_tui.controller import Controller


@click.command(short_help="Forget the token that the keyring keeps.")
@json_option
def command() -> int:
    """Forget the token that the keyring keeps. One in MAST_API_TOKEN belongs to your shell: unset it there."""
    choices = scene()
    kept = choices.settings().keyring
    in_shell = bool(os.environ.get("MAST_API_TOKEN"))
    if kept:
        from mast_tui.cli.running import run_verb

        async def work(controller: Controller) -> int:
            await controller.logout(forget=True)
            return ends.DONE

        run_verb(work, choices, token=False)
    if choices.json:
        talk.out_json({"forgotten": kept, "in_environment": in_shell})
    else:
        talk.out("The keyring no longer has your token." if kept else "No token was kept.")
    if in_shell:
        talk.say("MAST_API_TOKEN is set in this shell; `unset MAST_API_TOKEN` forgets it.")
    return ends.DONE
