"""`mast-tui verify DIR|MANIFEST`: are the fetched files still there, and still the same? Needs no network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mast_tui.cli import ends, talk
from mast_tui.cli.scene import json_option, scene

if TYPE_CHECKING:
    from mast_tui.controller import Controller
    from mast_tui.transfer import VerifyReport


@click.command(short_help="Check files against their record, or against themselves.")
@click.argument("where", metavar="DIR|MANIFEST", type=click.Path(path_type=Path))
@click.option(
    "--adopt",
    is_flag=True,
    help="Note the sha256 of files without a record (not in DIR), so that later runs see whether they changed.",
)
@json_option
def command(where: Path, adopt: bool) -> int:
    """Check every file of DIR, or of one MANIFEST, against the sha256 that was taken when it came.

    Any DIR will do: files without a record, as those that astroquery fetched, are checked by their structure and the
    checksums inside them. The exit code is 0 only when every file that a record has is there with the same bytes, and
    no other is damaged. Files that were made by several versions of one pipeline are told.
    """
    choices = scene()
    from mast_tui.cli.running import run_verb

    def show(done: int, total: int, path: str) -> None:
        talk.passing(f"Reading {done + 1:,} of {total:,}: {path}")

    async def work(controller: Controller) -> int:
        import asyncio

        from mast_tui.controller import mixed_on_disk

        report = await controller.verify(where.expanduser(), show, adopt=adopt)
        mixed = await asyncio.to_thread(mixed_on_disk, report)
        talk.wipe()
        if choices.json:
            talk.out_json({**report.to_json(), "mixed": list(mixed)})
        else:
            _tell(report)
            for sentence in mixed:
                talk.say(sentence)
        return ends.DONE if report.ok and not report.count("unfinished") else ends.FAILED

    return run_verb(work, choices, token=False)


def _tell(report: VerifyReport) -> None:
    """Each file that is not right on a line of its own; the sums at the end."""
    from mast_tui.core.text import clean, plural

    counts: dict[str, int] = {}
    for file in report.files:
        counts[file.standing] = counts.get(file.standing, 0) + 1
        if file.standing != "right":
            why = f": {clean(file.why, 300)}" if file.why else ""
            talk.out(f"{file.standing}  {clean(file.path, 1000)}{why}")
    sums = ", ".join(f"{n:,} {standing}" for standing, n in sorted(counts.items())) or "nothing to check"
    records = plural(len(report.records), "manifest") if report.records else "no manifest"
    talk.say(f"{sums} in {clean(report.folder, 300)} ({records}).")
    if report.adopted:
        talk.say(f"{plural(report.adopted, 'file')} without a record noted: the next run tells whether they changed.")
    elif counts.get("stranger"):
        talk.say("Whether a stranger changed can't be told; --adopt notes its sha256 for the next time.")
