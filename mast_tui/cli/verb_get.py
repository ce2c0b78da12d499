"""`mast-tui get URI…`: fetch files, see that each is whole, and leave a manifest that gets the same files again.

The transfer process does the work; this shows how far it is, and tells the outcome of every file. The exit code is 0
only when all files are there and right.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mast_tui.cli import ends, talk
from mast_tui.cli.preflight import goes_on, preflight_options, tell_plan, without
from mast_tui.cli.scene import json_option, scene, world_options

if TYPE_CHECKING:
    from mast_tui.controller import Controller
    from mast_tui.core.differences import Difference
    from mast_tui.core.fetch import FetchSession, Transfer


@click.command(short_help="Fetch files, verify them, write their manifest.")
@click.argument("uris", nargs=-1, metavar="[URI…]")
@click.option(
    "--from",
    "source",
    metavar="FILE",
    help="The files of a manifest, a CSV with a dataURI column, or JSON {files: [{uri, path, size}]}; - is stdin.",
)
@click.option("--to", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Where to; by default ~/mast.")
@click.option("--jobs", type=click.IntRange(1, 4), metavar="N", help="Transfers at once, 1 to 4.")
@click.option("--limit-rate", metavar="RATE", help="Most bytes a second over all transfers: 500k, 2M.")
@click.option(
    "--source",
    "fetch_from",
    type=click.Choice(["auto", "archive", "cloud"]),
    help="The archive, its public cloud copy, or auto: whichever is faster, by what was measured.",
)
@click.option("--detach", is_flag=True, help="Hand the files over and return; the transfers go on by themselves.")
@preflight_options
@world_options
@json_option
def command(
    uris: tuple[str, ...],
    source: str | None,
    folder: Path | None,
    jobs: int | None,
    limit_rate: str | None,
    fetch_from: str | None,
    detach: bool,
    plan_only: bool,
    yes: bool,
    left_out: tuple[str, ...],
    refetch: bool,
) -> int:
    """Fetch files by their URI (mast:…), or those that FILE names.

    What was begun is gone on with. The exit code is 0 only when every file is there and right.
    """
    choices = scene()
    if bool(uris) == (source is not None):
        raise click.UsageError("Name the files either as URIs or with --from FILE.")
    if detach and choices.demo:
        raise click.UsageError(
            "The embedded archive of --demo ends with this command: run `mast-tui demo serve`, and give its address "
            "with --archive, to hand transfers over."
        )
    if (yes or choices.json) and not plan_only and (source is None or Path(source).is_file()):
        from mast_tui.core.transfer_process import start_soon

        start_soon(detached=detach)  # it gets ready while we do
    from mast_tui.cli.running import run_verb

    async def work(controller: Controller) -> int:
        import asyncio

        from mast_tui.cli.against_record import against_record, questions_in
        from mast_tui.cli.fetch_list import items_from_file, items_from_uris
        from mast_tui.cli.following import follow
        from mast_tui.controller import mixed_in_session

        controller.detach_transfers = detach
        items, asked = items_from_uris(uris) if source is None else items_from_file(source)
        await controller.archive()  # its name is part of the plan
        where = (folder or controller.settings.folder).expanduser()
        plan = await controller.plan_items(without(items, left_out), where, refetch=refetch)
        logged_in = bool(controller.token_source)
        if plan_only:
            return tell_plan(plan, logged_in=logged_in, as_json=choices.json)
        asks = not yes and not choices.json
        if asks and not await goes_on(plan, controller.settings, logged_in=logged_in):
            talk.say("Nothing was fetched.")
            return ends.FAILED
        session = await controller.fetch(plan, asked=asked, queries=questions_in(source))
        transfers = await controller.transfers()
        if detach:
            await transfers.leave(go_on=True)
            return _handed_over(session, choices.json)
        ascii_only = controller.settings.plot == "ascii"
        try:
            mine = await follow(transfers, [session.id], ascii_only=ascii_only, from_the_start=True)
        except asyncio.CancelledError:
            talk.say("What has come is kept; the same command goes on from there, or `mast-tui queue resume`.")
            raise
        mixed = await mixed_in_session(session.id) if len(mine) > 1 else ()
        return _tell_all(mine, session, await against_record(source, session.id), mixed, choices.json)

    return run_verb(work, choices, jobs=jobs, limit_rate=limit_rate, source=fetch_from)


def _handed_over(session: FetchSession, as_json: bool) -> int:
    from mast_tui.core.text import clean, plural

    if as_json:
        talk.out_json({"session": session.id, "folder": session.folder, "detached": True, "files": len(session.items)})
    else:
        talk.out(session.id)
        talk.say(
            f"{plural(len(session.items), 'file')} handed over; they come into {clean(session.folder, 200)} by "
            f"themselves. `mast-tui queue` shows how far they are, `mast-tui queue wait {session.id}` waits for them."
        )
    return ends.DONE


def _tell_all(
    mine: Sequence[Transfer], session: FetchSession, apart: Sequence[Difference], mixed: Sequence[str], as_json: bool
) -> int:
    from mast_tui.cli.against_record import tell
    from mast_tui.cli.following import conclude
    from mast_tui.core.manifest import FILE_NAME
    from mast_tui.core.text import clean, human_bytes, plural

    manifest = Path(session.folder) / FILE_NAME
    there = [t for t in mine if t.state == "done"]
    if as_json:
        files: list[dict[str, Any]] = [
            {key: value for key, value in t.to_json().items() if key not in ("session", "rate")} for t in mine
        ]
        about = {"session": session.id, "folder": session.folder, "manifest": str(manifest)}
        found = {"differences": [d.to_json() for d in apart], "mixed": list(mixed)}
        talk.out_json({**about, "files": files, **found})
    else:
        for transfer in there:
            talk.out(clean(transfer.path, 1000))
    talk.say(
        f"{len(there)} of {plural(len(mine), 'file')} there and right, {human_bytes(sum(t.got for t in there))}; "
        f"manifest: {clean(manifest, 300)}"
    )
    tell(apart)
    for sentence in mixed:
        talk.say(sentence)
    return conclude(mine, f"`mast-tui queue resume {session.id}`, or the same command again")
