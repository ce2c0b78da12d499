"""`mast-tui resolve NAME…`: every resolver's answer, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mast_tui.cli import ends, talk
from mast_tui.cli.scene import json_option, scene, world_options

if TYPE_CHECKING:
    from mast_tui.controller import Controller

_HEADS = ("Name", "Resolver", "Known as", "RA [deg]", "Dec [deg]", "RA, Dec (ICRS)", "Type")


@click.command(short_help="Where a name is on the sky.")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@world_options
@json_option
def command(names: tuple[str, ...]) -> int:
    """Where NAME is on the sky, by every resolver that knows it, and how far they disagree."""
    from mast_tui.cli.running import run_verb

    choices = scene()

    async def work(controller: Controller) -> int:
        from mast_tui.cli.text_table import Heading, write_text_table
        from mast_tui.core.resolution import largest_separation_arcsec
        from mast_tui.core.sky import format_position
        from mast_tui.core.text import clean

        found = await controller.resolve(names, notice=talk.notice)
        unknown = [name for name in found if not found[name]]
        apart = {name: largest_separation_arcsec(answers) for name, answers in found.items() if answers}
        if choices.json:
            answers = [answer.to_json() for name in found for answer in found[name]]
            talk.out_json({"answers": answers, "separation_arcsec": apart, "unknown": unknown})
        else:
            rows = [
                (
                    clean(a.name, 60),
                    clean(a.resolver, 30),
                    clean(a.canonical_name, 60),
                    f"{a.ra_deg:.6f}",
                    f"{a.dec_deg:+.6f}",
                    format_position(a.ra_deg, a.dec_deg),
                    clean(a.object_type, 30),
                )
                for name in found
                for a in found[name]
            ]
            write_text_table([Heading(h, right=h.endswith("[deg]")) for h in _HEADS], rows)
        for name, arcsec in apart.items():
            if arcsec > 1:
                talk.say(f"{clean(name, 60)}: the resolvers are up to {arcsec:.1f}″ apart.")
        for name in unknown:
            talk.say(f"mast-tui: no resolver knows “{clean(name, 60)}”.")
        return ends.FAILED if unknown else ends.DONE

    return run_verb(work, choices, token=False)
