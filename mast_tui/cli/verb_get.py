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
from mast_tui.cli.scene import json_option, scene, world_options

if TYPE_CHECKING:
    from mast_tui.controller import Controller
    from mast_tui.core.fetch import FetchSession, Transfer
    from mast_tui.transfer import Transfers


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
@click.option("--detach", is_flag=True, help="Hand the files over and return; the transfers go on by themselves.")
@world_options
@json_option
def command(
    uris: tuple[str, ...],
    source: str | None,
    folder: Path | None,
    jobs: int | None,
    limit_rate: str | None,
    detach: bool,
) -> int:
    """Fetch files by their URI (mast:…), or those that FILE names.

    What was begun is gone on with. The exit code is 0 only when every file is there and right.
    """
    choices = scene()
    if bool(uris) == (source is not None):
        raise click.UsageError("Name the files either as URIs or with --from FILE.")
    from mast_tui.cli.running import run_verb

    async def work(controller: Controller) -> int:
        from mast_tui.cli.fetch_list import items_from_file, items_from_uris

        controller.detach_transfers = detach
        items, asked = items_from_uris(uris) if source is None else items_from_file(source)
        plan = controller.plan_items(items, (folder or controller.settings.folder).expanduser())
        session = await controller.fetch(plan, asked=asked)
        transfers = await controller.transfers()
        if detach:
            await transfers.leave(go_on=True)
            return _handed_over(session, choices.json)
        return await _follow(transfers, session, choices.json)

    return run_verb(work, choices, jobs=jobs, limit_rate=limit_rate)


def _handed_over(session: FetchSession, as_json: bool) -> int:
    from mast_tui.core.text import clean, plural

    if as_json:
        talk.out_json({"session": session.id, "folder": session.folder, "detached": True, "files": len(session.items)})
    else:
        talk.out(session.id)
        talk.say(
            f"{plural(len(session.items), 'file')} handed over; they come into {clean(session.folder, 200)} by "
            "themselves. The app shows how far they are; `mast-tui verify` checks them afterwards."
        )
    return ends.DONE


async def _follow(transfers: Transfers, session: FetchSession, as_json: bool) -> int:
    """Show how far the files are until nothing moves any more, then tell the outcome."""
    import asyncio

    told: set[str] = set()
    heard = len(transfers.notices)

    def changed() -> None:
        nonlocal heard
        mine = [t for t in transfers.snapshot() if t.session == session.id]
        for transfer in mine:
            if transfer.state in ("done", "failed", "needs_login") and transfer.path not in told:
                told.add(transfer.path)
                talk.say(outcome(transfer))
        for words in transfers.notices[heard:]:
            talk.notice(words)
        heard = len(transfers.notices)
        talk.passing(progress(mine))

    remove = transfers.subscribe(changed)
    try:
        changed()
        mine = await transfers.settled(session.id)
        changed()
    except asyncio.CancelledError:
        talk.say("What has come is kept; the same command goes on from there.")
        raise
    finally:
        remove()
    talk.wipe()
    return _tell_all(mine, session, as_json)


def progress(mine: Sequence[Transfer]) -> str:
    """One line: files, bytes, rate, and what is left of the time at this rate."""
    from mast_tui.core.text import human_bytes, human_duration

    done = sum(t.state in ("done", "failed", "cancelled", "needs_login") for t in mine)
    got = sum(t.got for t in mine)
    rate = sum(t.rate for t in mine if t.state == "running")
    totals = [t.total for t in mine]
    line = f"{done} of {len(mine)} files, {human_bytes(got)}"
    known = [total for total in totals if total is not None]
    if known and len(known) == len(totals):
        line += f" of {human_bytes(sum(known))}"
        if rate > 0:
            line += f", {human_bytes(rate)}/s, {human_duration((sum(known) - got) / rate)} left"
    elif rate > 0:
        line += f", {human_bytes(rate)}/s"
    waiting = next((t.why for t in mine if t.state == "waiting" and t.why), "")
    return f"{line}. {waiting}" if waiting else f"{line} …"


def outcome(transfer: Transfer) -> str:
    """One line on one file."""
    from mast_tui.core.text import clean, human_bytes

    name = clean(Path(transfer.path).name, 120)
    if transfer.state == "done":
        return f"{name}: {transfer.verdict}, {human_bytes(transfer.got)}"
    return f"{name}: {transfer.state.replace('_', ' ')}. {clean(transfer.why, 300)}"


def _tell_all(mine: Sequence[Transfer], session: FetchSession, as_json: bool) -> int:
    from mast_tui.core.manifest import FILE_NAME
    from mast_tui.core.text import clean, human_bytes, plural

    manifest = Path(session.folder) / FILE_NAME
    there = [t for t in mine if t.state == "done"]
    missing = [t for t in mine if t.state != "done"]
    if as_json:
        files: list[dict[str, Any]] = [
            {key: value for key, value in t.to_json().items() if key not in ("session", "rate")} for t in mine
        ]
        talk.out_json({"session": session.id, "folder": session.folder, "manifest": str(manifest), "files": files})
    else:
        for transfer in there:
            talk.out(clean(transfer.path, 1000))
    talk.say(
        f"{len(there)} of {plural(len(mine), 'file')} there and right, {human_bytes(sum(t.got for t in there))}; "
        f"manifest: {clean(manifest, 300)}"
    )
    if not missing and mine:
        return ends.DONE
    if missing and all(t.state == "needs_login" for t in missing):
        talk.say("Log in for the others: set MAST_API_TOKEN (see `mast-tui login --help`), then run this again.")
        return ends.NOT_ALLOWED
    return ends.FAILED
