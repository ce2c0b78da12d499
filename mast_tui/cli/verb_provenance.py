"""`mast-tui provenance FILE|URI|OBSID`: the tree a file stands in, from its proposal to what was made of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mast_tui.cli import ends, talk
from mast_tui.cli.scene import json_option, scene, world_options

if TYPE_CHECKING:
    from mast_tui.controller import Controller
    from mast_tui.core.lineage import Lineage


@click.command(short_help="Where a file comes from, and what was made of it.")
@click.argument("where", metavar="FILE|URI|OBSID")
@click.option("--all", "everything", is_flag=True, help="Previews, logs and auxiliary files too.")
@world_options
@json_option
def command(where: str, everything: bool) -> int:
    """Proposal, observation, raw, calibrated, combined and high-level products, with the version of each.

    FILE is on this machine, and nothing is asked for it: its name, its header and the files beside it tell. For a URI
    (mast:…) and an OBSID (a number, or an observation's own id) the archive's product lists are asked. What was asked
    for is marked *; “here” means on this machine.
    """
    choices = scene()
    from mast_tui.cli.running import run_verb

    async def work(controller: Controller) -> int:
        lineage = await _find(controller, where, everything)
        talk.wipe()
        if choices.json:
            talk.out_json(lineage.to_json())
        else:
            _tell(lineage, controller.settings.plot == "ascii")
        return ends.DONE

    return run_verb(work, choices, token=not _is_local(where))


def _is_local(where: str) -> bool:
    """A path, or the name of a file that is there; anything else is asked of the archive."""
    return not where.startswith("mast:") and ("/" in where or Path(where).expanduser().exists())


async def _find(controller: Controller, where: str, everything: bool) -> Lineage:
    from mast_tui.cli.verb_products import product_groups
    from mast_tui.core.errors import NotFound
    from mast_tui.core.text import clean

    if _is_local(where):
        return await controller.lineages.of_file(Path(where), everything=everything)
    if where.startswith("mast:"):
        return await controller.lineages.of_uri(where, everything=everything, notice=talk.notice)
    groups, unknown = await product_groups(controller, [where])
    if unknown:
        raise NotFound(
            f"there is no file and no observation “{clean(where, 80)}”", "", "Name a file, a mast: URI, or an obs_id"
        )
    return await controller.lineages.of_groups(groups, where, everything=everything, notice=talk.notice)


def _tell(lineage: Lineage, ascii_only: bool) -> None:
    """The tree on stdout, its lines cut to a terminal; what is not known or mixed on stderr."""
    from mast_tui.cli.text_table import cut
    from mast_tui.core.lineage import title, tree_lines
    from mast_tui.plot import to_ascii

    ascii_only = ascii_only or not _writes_boxes()
    width = talk.terminal_width(sys.stdout)
    for line in tree_lines(lineage, ascii_only=ascii_only):
        about = line.node.about()
        words = f"{line.branches}{title(line.node)}" + (f"  {about}" if about else "")
        words = to_ascii(words) if ascii_only else words
        talk.out(words if width is None else cut(words, width))
    for note in lineage.notes:
        talk.say(note)


def _writes_boxes() -> bool:
    """Can the encoding of stdout write the branches of a tree?"""
    try:
        "├─└│".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
