"""`mast-tui whoami`: who the archive takes us for, and where the token came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mast_tui.cli import ends, talk
from mast_tui.cli.scene import json_option, scene, world_options

if TYPE_CHECKING:
    from mast_tui.controller import Controller


@click.command(short_help="Who the archive takes you for.")
@world_options
@json_option
def command() -> int:
    """Who the archive takes you for. Exit code 4 when it does not accept the token."""
    choices = scene()
    from mast_tui.cli.running import run_verb

    async def work(controller: Controller) -> int:
        from mast_tui.core.text import clean

        identity = await controller.whoami()
        if choices.json:
            talk.out_json(
                {
                    "anonymous": identity.anonymous,
                    "user_id": identity.user_id,
                    "display_name": identity.display_name,
                    "token_source": controller.token_source,
                }
            )
        elif identity.anonymous:
            talk.out("anonymous")
            talk.say("No token: public data only. `mast-tui login` or MAST_API_TOKEN give one.")
        else:
            talk.out(clean(identity.display_name or identity.user_id, 100))
            talk.say(f"{clean(identity.user_id, 100)}; the token is from {controller.token_source}.")
        return ends.DONE

    return run_verb(work, choices)
