"""Before `get` fetches anything: what it will be, and a question when it is much and somebody is there to answer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mast_tui.cli import ends, talk

if TYPE_CHECKING:
    from mast_tui.controller import FetchPlan
    from mast_tui.core.fetch import FetchItem
    from mast_tui.core.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])


def preflight_options(command: F) -> F:
    """--plan, --yes, --leave-out and --refetch."""
    for option in (
        click.option("--yes", is_flag=True, help="Do not ask, however much it is; without a terminal nobody is asked."),
        click.option("--plan", "plan_only", is_flag=True, help="Say what would be fetched, and fetch nothing."),
        click.option(
            "--refetch", is_flag=True, help="Ask the archive for every file, also for those that are here already."
        ),
        click.option(
            "--leave-out",
            "left_out",
            type=click.Choice(["raw", "auxiliary", "previews"]),
            multiple=True,
            help="Not these, where FILE says what its files are: raw (calibration level below 2), auxiliary, previews.",
        ),
    ):
        command = option(command)
    return command


def without(items: Sequence[FetchItem], left_out: Sequence[str]) -> list[FetchItem]:
    """The items that are of none of these parts; InvalidQuery when none is left."""
    from mast_tui.controller import part_of
    from mast_tui.core.errors import InvalidQuery

    kept = [item for item in items if part_of(item) not in left_out]
    if items and not kept:
        raise InvalidQuery("nothing is left to fetch", f"All files are {' or '.join(left_out)}")
    return kept


def tell_plan(plan: FetchPlan, *, logged_in: bool, as_json: bool) -> int:
    """The whole plan as data. The exit code is that of a fetch which could not begin, if it could not."""
    from mast_tui.controller import describe, plan_as_json
    from mast_tui.core.text import clean

    if as_json:
        talk.out_json(plan_as_json(plan, logged_in=logged_in))
    else:
        talk.out(f"Into {clean(plan.folder, 300)}")
        for said in describe(plan, logged_in=logged_in):
            talk.out(f"! {said.text}" if said.warns else said.text)
    return ends.DONE if plan.problem is None else plan.problem.exit_code


async def goes_on(plan: FetchPlan, settings: Settings, *, logged_in: bool) -> bool:
    """Ask before much is fetched. Only a person at a terminal is asked: a script must neither wait nor fail."""
    much = plan.coming.bytes > settings.ask_above_bytes or plan.coming.files > settings.ask_above_files
    if not much or plan.problem is not None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    from mast_tui.controller import describe

    for said in describe(plan, logged_in=logged_in):
        talk.say(f"! {said.text}" if said.warns else said.text)
    sys.stderr.write("Fetch them? [Y/n] ")
    sys.stderr.flush()
    return (await _line_typed()).strip().lower() in ("", "y", "yes")


async def _line_typed() -> str:
    """What is typed up to Enter; "n" at the end of input. Waits without a thread, so that ^C ends it at once."""
    import asyncio
    import os

    loop, fd = asyncio.get_running_loop(), sys.stdin.fileno()
    typed: asyncio.Future[bytes] = loop.create_future()
    loop.add_reader(fd, lambda: None if typed.done() else typed.set_result(os.read(fd, 1024)))
    try:
        line = await typed
    finally:
        loop.remove_reader(fd)
    return line.decode("utf-8", "replace") or "n"
