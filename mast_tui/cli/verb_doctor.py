"""`mast-tui doctor`: what one wants to know of a machine where something does not work.

Each check is a line that can be read aloud; none waits longer than its limit.
"""

from __future__ import annotations

import asyncio
import locale
import os
import platform
import shutil
import stat
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from mast_tui.cli import ends, talk
from mast_tui.cli.scene import json_option, scene, world_options

if TYPE_CHECKING:
    from mast_tui.controller import Controller

_LIMIT_S = 15.0
#: What could be shown on the embedded archive only, because MAST itself was out of reach where this was made.
UNVERIFIED = (
    "Range requests and redirects of Download/file for files of every mission",
    "tokens on exclusive-access files that are kept in the cloud",
    "the public cloud copy: which files it has under which keys, its ETags, its redirects",
    "the name resolver over https",
    "limits on the rate of questions, and the words of its maintenance pages",
)


@dataclass(frozen=True)
class Check:
    """One line: what was looked at, how it is, and what was found. `note` is no judgement."""

    about: str
    state: Literal["good", "bad", "note"]
    found: str


@click.command(short_help="Check this machine and the way to the archive.")
@world_options
@json_option
def command() -> int:
    """Check versions, folders, the terminal, the keyring, and the way to the archive and its name resolver."""
    choices = scene()
    settings = choices.settings()
    from mast_tui.cli.running import run_verb

    async def work(controller: Controller) -> int:
        checks = [*_versions(), *_folders(settings.folder), *_terminal(), _disk(settings.folder)]
        checks += await _network(controller)
        checks.append(_sources(settings.source, await controller.source_rates()))
        checks.append(await _keyring(settings.keyring))
        if choices.json:
            talk.out_json(
                {
                    "checks": [{"about": c.about, "state": c.state, "found": c.found} for c in checks],
                    "not_verified_against_mast": list(UNVERIFIED),
                }
            )
        else:
            signs = {"good": "ok  ", "bad": "BAD ", "note": "    "}
            width = max(len(c.about) for c in checks)
            for check in checks:
                talk.out(f"{signs[check.state]} {check.about:<{width}}  {check.found}")
            talk.out("\nNot verified against MAST itself, only against the embedded archive:")
            for words in UNVERIFIED:
                talk.out(f"  - {words}")
        bad = [c for c in checks if c.state == "bad"]
        if any(c.about in ("archive", "resolver") for c in bad):
            return ends.UNREACHABLE
        return ends.FAILED if bad else ends.DONE

    return run_verb(work, choices)


def _versions() -> list[Check]:
    from mast_tui.controller.controller import versions

    found = ", ".join(f"{name} {version}" for name, version in versions().items())
    return [Check("versions", "note", found), Check("system", "note", platform.platform())]


def _folders(downloads: Path) -> list[Check]:
    from mast_tui.core import folders

    places = {
        "settings": folders.config_file().parent,
        "state": folders.state_folder(),
        "manifests": folders.manifests_folder(),
        "private socket": folders.runtime_folder(),
    }
    checks = [_folder(name, path, private=True) for name, path in places.items()]
    return [*checks, _folder("downloads", downloads, private=False)]


def _folder(name: str, path: Path, private: bool) -> Check:
    from mast_tui.core.text import clean

    shown = clean(path, 300)
    try:
        status = path.stat()
    except FileNotFoundError:
        parent = path.parent
        while not parent.exists() and parent != parent.parent:
            parent = parent.parent
        if os.access(parent, os.W_OK | os.X_OK):
            return Check(name, "good", f"{shown} (will be made)")
        return Check(name, "bad", f"{shown} can't be made: {clean(parent, 200)} is not writable")
    except OSError as error:
        return Check(name, "bad", f"{shown}: {clean(error.strerror or error, 100)}")
    if not stat.S_ISDIR(status.st_mode) or not os.access(path, os.W_OK | os.X_OK):
        return Check(name, "bad", f"{shown} is not a folder that can be written")
    mode = stat.S_IMODE(status.st_mode)
    if private and mode & 0o077:
        return Check(name, "note", f"{shown} has mode {mode:o}; it is made 700 when it is used")
    return Check(name, "good", f"{shown} (mode {mode:o})")


def _terminal() -> list[Check]:
    from mast_tui.cli.verb_open_app import terminal_problem
    from mast_tui.core.text import clean

    size = shutil.get_terminal_size((80, 24))
    kind, colours = os.environ.get("TERM", ""), os.environ.get("COLORTERM", "")
    words = [f"TERM={clean(kind, 40)}", f"{size.columns}×{size.lines}"]
    words += [f"COLORTERM={clean(colours, 40)}"] if colours else []
    words += ["NO_COLOR"] if os.environ.get("NO_COLOR") else []
    words += [name for name in ("TMUX", "STY", "SSH_CONNECTION") if os.environ.get(name)]
    problem = terminal_problem()
    checks = [Check("terminal", "note", ", ".join(words) + (f". {problem}" if problem else ""))]
    checks.append(Check("link", "note", _link()))
    encoding = locale.getpreferredencoding(False)
    utf8 = encoding.lower().replace("-", "") == "utf8" and (sys.stdout.encoding or "").lower() in ("utf-8", "utf8")
    advice = "" if utf8 else ': signs such as σ and ⣿ show as ?; set LANG to a UTF-8 locale, and plot = "ascii"'
    return [*checks, Check("encoding", "good" if utf8 else "note", f"{encoding}{advice}")]


def _link() -> str:
    """How far the terminal is away, where one is asked: its answer, alone and behind 2 kB that show nothing."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        return "not measured: this is no terminal that answers"
    from mast_tui.tui.wire.link import in_words, measure

    try:
        fd = sys.stdin.fileno()
        if os.tcgetpgrp(fd) != os.getpgrp():
            return "not measured: this runs in the background"
        sys.stdout.flush()
        return in_words(measure(fd))
    except OSError:
        return "not measured: the terminal can't be asked"


def _disk(folder: Path) -> Check:
    from mast_tui.core.text import clean, human_bytes

    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Check("free disk", "bad", f"{clean(folder, 200)}: {clean(error.strerror or error, 100)}")
    state: Literal["good", "bad"] = "good" if free > 1_000_000_000 else "bad"
    return Check("free disk", state, f"{human_bytes(free)} at {clean(folder, 200)}")


async def _network(controller: Controller) -> list[Check]:
    """A round trip to the archive and one to its resolver, side by side, both within their limit."""

    async def archive() -> str:
        room = await controller.archive()
        began = time.monotonic()
        await room.whoami(None)
        return f"{controller.archive_name} answered in {time.monotonic() - began:.2f} s (with the start of a worker)"

    async def resolver() -> str:
        began = time.monotonic()
        answers = await controller.resolve_one("M8")
        names = ", ".join(dict.fromkeys(a.resolver for a in answers))
        return f"answered in {time.monotonic() - began:.2f} s for M8: {names}"

    async def identity() -> str:
        who = await controller.whoami()
        return "anonymous (no token)" if who.anonymous else f"{who.user_id}, token from {controller.token_source}"

    return list(
        await asyncio.gather(_tried("archive", archive), _tried("resolver", resolver), _tried("login", identity))
    )


def _sources(chosen: str, rates: dict[str, float]) -> Check:
    """Where files come from, and how fast each source was when files last came from there."""
    from mast_tui.core.text import human_bytes

    measured = ", ".join(f"{source} {human_bytes(rate)}/s" for source, rate in sorted(rates.items()))
    return Check("files from", "note", f"{chosen}; measured: {measured or 'nothing yet'}")


async def _tried(about: str, ask: Callable[[], Awaitable[str]]) -> Check:
    from mast_tui.core.errors import MastTuiError
    from mast_tui.core.text import clean

    try:
        async with asyncio.timeout(_LIMIT_S):
            return Check(about, "good", clean(await ask(), 300))
    except TimeoutError:
        return Check(about, "bad", f"no answer in {_LIMIT_S:.0f} s")
    except MastTuiError as error:
        return Check(about, "bad", clean(error, 300))


async def _keyring(used: bool) -> Check:
    from mast_tui.controller import token as tokens
    from mast_tui.core.errors import MastTuiError
    from mast_tui.core.text import clean

    if not used:
        return Check("keyring", "note", "not used (setting keyring)")
    try:
        token = await tokens.from_keyring()
    except MastTuiError as error:
        return Check("keyring", "bad", clean(error, 200))
    return Check("keyring", "good", "has a token" if token else "has no token")
