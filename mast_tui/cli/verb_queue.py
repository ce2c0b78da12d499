"""`mast-tui queue`: what is on its way, from any window and after a logout; pause it, go on, put it in order.

It attaches to the transfer process that runs, or to what an earlier one left. It changes nothing of the settings that
the process has, and when it leaves, what it made go on goes on by itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from mast_tui.cli import ends, talk
from mast_tui.cli.scene import json_option, scene, world_options

if TYPE_CHECKING:
    from mast_tui.controller import Controller
    from mast_tui.transfer import Transfers

Act = Callable[["Transfers", "Controller"], Awaitable[int]]
_named = click.argument("words", nargs=-1, required=True, metavar="SESSION|URI…")
_perhaps_named = click.argument("words", nargs=-1, metavar="[SESSION|URI…]")


@click.group(invoke_without_command=True, short_help="What is on its way: list, pause, go on, put in order.")
@click.option("--all", "all_files", is_flag=True, help="List the files that are done, too.")
@world_options
@json_option
@click.pass_context
def command(context: click.Context, all_files: bool) -> int:
    """The transfers of the app and of `get`: here, in another window, or left by an earlier login.

    Without a word after it, it lists them. SESSION is a session's id or its beginning; a file is named by its URI or
    its name. Where neither is given, everything is meant.
    """
    if context.invoked_subcommand is not None:
        return ends.DONE
    return _list((), all_files)


@command.command("list")
@_perhaps_named
@click.option("--all", "all_files", is_flag=True, help="List the files that are done, too.")
@world_options
@json_option
def list_(words: tuple[str, ...], all_files: bool) -> int:
    """How far each file is, in the order in which they are taken."""
    return _list(words, all_files)


def _list(words: tuple[str, ...], all_files: bool) -> int:
    from mast_tui.cli import queue_told

    async def act(transfers: Transfers, _controller: Controller) -> int:
        chosen = queue_told.choose(transfers, words)
        if scene().json:
            talk.out_json(queue_told.as_json(transfers, chosen))
        else:
            queue_told.tell_queue(transfers, chosen, all_files=all_files)
        return ends.DONE

    return _attached(act, {"limit_rate": None, "sessions": []})


@command.command()
@_perhaps_named
@world_options
@json_option
def pause(words: tuple[str, ...]) -> int:
    """Stop these for now; what has come is kept."""
    return _changed(words, lambda t: t.pause, "paused")


@command.command()
@_perhaps_named
@world_options
@json_option
def resume(words: tuple[str, ...]) -> int:
    """Go on with what is paused; from then on it goes on by itself."""
    return _changed(words, lambda t: t.resume, "on their way again")


@command.command()
@_perhaps_named
@world_options
@json_option
def retry(words: tuple[str, ...]) -> int:
    """Try again at once what failed, was cancelled, or waits; from then on it goes on by itself."""
    return _changed(words, lambda t: t.retry, "tried again")


@command.command()
@_named
@world_options
@json_option
def cancel(words: tuple[str, ...]) -> int:
    """Take these off the queue; bytes of unfinished files are dropped, finished files stay."""
    return _changed(words, lambda t: t.cancel, "cancelled")


@command.command()
@_named
@world_options
@json_option
def first(words: tuple[str, ...]) -> int:
    """Take these before the others of their priority."""
    return _changed(words, lambda t: lambda uris, sessions: t.move("first", uris, sessions), "first in line")


@command.command()
@_named
@world_options
@json_option
def last(words: tuple[str, ...]) -> int:
    """Take these after the others of their priority."""
    return _changed(words, lambda t: lambda uris, sessions: t.move("last", uris, sessions), "last in line")


@command.command()
@click.argument("level", type=click.Choice(["high", "normal", "low"]))
@_named
@world_options
@json_option
def priority(level: Any, words: tuple[str, ...]) -> int:
    """Take these before, with, or after the others. What runs is not interrupted."""
    wish = f"of {level} priority"
    return _changed(words, lambda t: lambda uris, sessions: t.prioritise(level, uris, sessions), wish)


@command.command()
@click.argument("rate")
@world_options
@json_option
def limit(rate: str) -> int:
    """At most RATE bytes a second (500k, 2M), or `none`, over all transfers until they are done.

    The setting limit_rate is the one that lasts.
    """
    from mast_tui.core.settings import parse_rate
    from mast_tui.core.text import human_bytes

    bytes_per_s = None if rate.lower() == "none" else parse_rate(rate)

    async def act(transfers: Transfers, _controller: Controller) -> int:
        if not any(t.state in ("running", "queued", "waiting") for t in transfers.snapshot()):
            talk.say("Nothing is under way. A limit holds while something is; the setting limit_rate lasts.")
            if scene().json:
                talk.out_json({"limit_rate": transfers.limit_rate})
            return ends.DONE
        await transfers.set_limit(bytes_per_s)
        if scene().json:
            talk.out_json({"limit_rate": bytes_per_s})
        talk.say(f"At most {human_bytes(bytes_per_s)}/s from now on." if bytes_per_s else "No limit from now on.")
        return ends.DONE

    return _attached(act, {"limit_rate": None})


@command.command()
@_perhaps_named
@world_options
@json_option
def log(words: tuple[str, ...]) -> int:
    """What happened to each file: every attempt, who answered what, from which byte, why it waits; times in UTC.

    Files of sessions that have left the queue must be named; those of the last hundred sessions are known.
    """
    from mast_tui.cli import queue_told

    async def act(transfers: Transfers, _controller: Controller) -> int:
        logs = await queue_told.logs_of(transfers, words)
        if scene().json:
            talk.out_json({"logs": [asdict(found) for found in logs]})
        else:
            queue_told.tell_logs(logs)
        return ends.DONE

    return _attached(act, {"logs": []}, always=bool(words))


@command.command()
@click.argument("words", nargs=-1, metavar="[SESSION…]")
@world_options
@json_option
def wait(words: tuple[str, ...]) -> int:
    """Follow these until nothing of them moves any more, as `get` does. ^C ends the following, not the transfers."""
    from mast_tui.cli import queue_told
    from mast_tui.cli.following import conclude, follow

    async def act(transfers: Transfers, controller: Controller) -> int:
        chosen = queue_told.choose(transfers, words)
        sessions = dict.fromkeys(t.session for t in transfers.snapshot() if chosen.holds(t))
        followed = await follow(transfers, list(sessions), ascii_only=controller.settings.plot == "ascii")
        mine = [t for t in followed if chosen.holds(t)]
        if scene().json:
            talk.out_json(queue_told.as_json(transfers, chosen))
        there = sum(t.state == "done" for t in mine)
        talk.say(f"{there} of {len(mine)} files there and right.")
        return conclude([t for t in mine if t.state != "cancelled"] or mine, "`mast-tui queue resume`")

    return _attached(act, {"limit_rate": None, "sessions": []})


@command.command()
@world_options
@json_option
def forget() -> int:
    """Take the sessions with nothing left to do off the list; files and manifests stay."""

    async def act(transfers: Transfers, _controller: Controller) -> int:
        before = len(transfers.sessions())
        await transfers.forget_finished()
        n = before - len(transfers.sessions())
        if scene().json:
            talk.out_json({"forgotten": n})
        talk.say(f"{n} of {before} sessions were finished, and are off the list.")
        return ends.DONE

    return _attached(act, {"forgotten": 0})


def _changed(words: Sequence[str], wish: Callable[[Transfers], Callable[..., Awaitable[object]]], what: str) -> int:
    """Pass a wish on, and say of how many files it changed something."""
    from mast_tui.cli import queue_told
    from mast_tui.core.text import plural

    async def act(transfers: Transfers, _controller: Controller) -> int:
        chosen = queue_told.choose(transfers, words)
        before = _standing(transfers)
        await chosen.tell(wish(transfers))
        after = _standing(transfers)
        mine = {(t.session, t.uri) for t in transfers.snapshot() if chosen.holds(t)}
        n = sum(after[key] != before.get(key) for key in mine)
        if scene().json:
            talk.out_json({"changed": n})
        talk.say(f"{plural(n, 'file')} {what}." if n else "Nothing to change: it is so already.")
        return ends.DONE

    return _attached(act, {"changed": 0})


def _standing(transfers: Transfers) -> dict[tuple[str, str], tuple[object, ...]]:
    """Of each file what a wish may change: state, priority, place in the line."""
    return {(t.session, t.uri): (t.state, t.priority, at) for at, t in enumerate(transfers.snapshot())}


def _attached(act: Act, nothing: dict[str, Any], *, always: bool = False) -> int:
    """Do something with the queue of the process that runs, or of the one that left files; else say that it is empty,
    with `nothing` as its JSON. `always`: do it with an empty queue, too."""
    from mast_tui.cli.running import run_verb

    choices = scene()

    async def work(controller: Controller) -> int:
        controller.visit_transfers = True
        transfers = await controller.transfers()
        there = await transfers.attach_if_running(failed_too=True) and transfers.sessions()
        if not there and not always:
            from mast_tui.cli.queue_told import NOTHING

            if choices.json:
                talk.out_json(nothing)
            talk.say(NOTHING)
            return ends.DONE
        code = await act(transfers, controller)
        await transfers.leave(go_on=True)
        return code

    return run_verb(work, choices)
