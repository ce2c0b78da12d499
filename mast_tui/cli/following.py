"""Following transfers until nothing moves: a line with a bar for a person, a line a file for a log, and the outcome.

Used by `get` and `queue wait`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mast_tui.cli import ends, talk
from mast_tui.core.text import clean, human_bytes, human_duration, plural

if TYPE_CHECKING:
    from mast_tui.core.fetch import Transfer
    from mast_tui.transfer import Transfers

BAR_CELLS = 16
#: Below this many columns the words need all the room.
_BAR_FROM_COLUMNS = 60
#: States in which a file does not move by itself any more.
_TOLD = ("done", "failed", "needs_login", "cancelled")


async def follow(
    transfers: Transfers, sessions: Sequence[str], *, ascii_only: bool, from_the_start: bool = False
) -> list[Transfer]:
    """Show how far the files of these sessions are until nothing of them moves by itself any more; the files then.

    `from_the_start`: files that have ended by now are told too.
    """
    ours = set(sessions)
    full, empty = bar_signs(ascii_only)
    ended = [] if from_the_start else [t for t in transfers.snapshot() if t.state in _TOLD]
    told = {(t.session, t.path) for t in ended}
    heard = len(transfers.notices)

    def mine() -> list[Transfer]:
        return [t for t in transfers.snapshot() if t.session in ours]

    def changed() -> None:
        nonlocal heard
        now = mine()
        for transfer in now:
            key = (transfer.session, transfer.path)
            if transfer.state not in _TOLD:
                told.discard(key)
            elif key not in told:
                told.add(key)
                talk.say(outcome(transfer))
        for words in transfers.notices[heard:]:
            talk.say(clean(words, 300))
        heard = len(transfers.notices)
        width = talk.terminal_width(sys.stderr) or 80
        talk.passing(with_bar(now, progress(now), width, full, empty))

    remove = transfers.subscribe(changed)
    try:
        changed()
        settled = [transfer for session in sessions for transfer in await transfers.settled(session)]
        changed()
    finally:
        remove()
    talk.wipe()
    return settled


def bar_signs(ascii_only: bool) -> tuple[str, str]:
    """A full and an empty cell, in signs that the terminal's encoding has."""
    if not ascii_only:
        try:
            "█·".encode(sys.stderr.encoding or "ascii")
            return "█", "·"
        except (LookupError, UnicodeEncodeError):
            pass
    return "#", "."


def with_bar(mine: Sequence[Transfer], words: str, width: int, full: str, empty: str) -> str:
    """The words behind a bar: of bytes where every length is known, else of files. Full only when all is done."""
    if width < _BAR_FROM_COLUMNS:
        return words
    totals = [t.total for t in mine if t.total is not None]
    whole, settled = sum(totals), sum(t.state in _TOLD for t in mine)
    if settled == len(mine):
        cells = BAR_CELLS
    elif len(totals) == len(mine) and whole:
        cells = min(BAR_CELLS - 1, sum(t.got for t in mine) * BAR_CELLS // whole)
    else:
        cells = settled * BAR_CELLS // len(mine)
    return f"[{full * cells}{empty * (BAR_CELLS - cells)}] {words}"


def progress(mine: Sequence[Transfer]) -> str:
    """One line: files, bytes, rate, and what is left of the time at this rate."""
    done = sum(t.state in _TOLD for t in mine)
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
    return f"{line}. {waiting}" if waiting else line


def outcome(transfer: Transfer) -> str:
    """One line on one file."""
    name = clean(Path(transfer.path).name, 120)
    if transfer.state == "done":
        where = ", from the cloud copy" if transfer.source == "cloud" else ""
        return f"{name}: {transfer.verdict}, {human_bytes(transfer.got)}{where}"
    why = clean(transfer.why, 300)
    return f"{name}: {transfer.state.replace('_', ' ')}" + (f". {why}" if why else "")


def conclude(mine: Sequence[Transfer], again: str) -> int:
    """Say what is still missing and what can be done about it; the exit code. `again`: how it is begun again."""
    missing = [t for t in mine if t.state != "done"]
    if not missing and mine:
        return ends.DONE
    paused = Counter(clean(t.why, 300) for t in missing if t.state == "paused")
    for why, n in paused.items():
        talk.say(f"{plural(n, 'file')} paused{f': {why}' if why else ''}. To go on: {again}.")
    if missing and all(t.state == "needs_login" for t in missing):
        talk.say("Log in for the others: set MAST_API_TOKEN (see `mast-tui login --help`), then run this again.")
        return ends.NOT_ALLOWED
    return ends.FAILED
