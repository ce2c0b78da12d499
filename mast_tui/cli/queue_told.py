"""The queue in words and as JSON, and which of its files the words on the command line mean. Used by `queue`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from mast_tui.cli import talk
from mast_tui.cli.text_table import Heading, write_text_table
from mast_tui.core.errors import NotFound
from mast_tui.core.text import clean, human_bytes, human_duration, nearest, plural

if TYPE_CHECKING:
    from mast_tui.core.fetch import FileLog, Transfer
    from mast_tui.transfer import KnownSession, Transfers

NOTHING = "Nothing is queued; what was fetched stands in its manifests (`mast-tui verify` checks them)."
_HEADINGS = (Heading("State"), Heading("Priority"), Heading("Bytes", right=True), Heading("URI"), Heading("Note"))
_ENDED = ("done", "cancelled")
_ORDER = ("running", "waiting", "queued", "paused", "needs_login", "failed", "cancelled", "done")


@dataclass(frozen=True)
class Chosen:
    """Files by URI, and whole sessions; nothing of both is everything."""

    uris: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()

    def holds(self, transfer: Transfer) -> bool:
        return transfer.uri in self.uris or transfer.session in self.sessions or not (self.uris or self.sessions)

    async def tell(self, wish: Callable[[Sequence[str] | None, Sequence[str] | None], Awaitable[object]]) -> None:
        """Pass a wish on: `wish(uris, sessions)`, with None for all."""
        if not self.uris and not self.sessions:
            await wish(None, None)
        if self.sessions:
            await wish(None, self.sessions)
        if self.uris:
            await wish(self.uris, None)


def choose(transfers: Transfers, words: Sequence[str]) -> Chosen:
    """What the words mean: a session's id or the beginning of one, a URI, or a file's name. NotFound otherwise."""
    known = [session.id for session in transfers.sessions()]
    uris: list[str] = []
    sessions: list[str] = []
    for word in words:
        begun = [name for name in known if name.startswith(word)] if word else []
        if word in known or len(begun) == 1:
            sessions.append(word if word in known else begun[0])
            continue
        meant = [t.uri for t in transfers.snapshot() if word in (t.uri, t.path, t.path.rpartition("/")[2])]
        if not meant:
            raise _unknown(word, begun, [*known, *(t.path.rpartition("/")[2] for t in transfers.snapshot())])
        uris += meant
    return Chosen(tuple(dict.fromkeys(uris)), tuple(dict.fromkeys(sessions)))


async def logs_of(transfers: Transfers, words: Sequence[str]) -> list[FileLog]:
    """The logs that the words mean: of the queue, or else of sessions that have left it. NotFound when of neither."""
    try:
        chosen = choose(transfers, words)
    except NotFound:
        old = [log for log in await transfers.old_logs() if any(_means(word, log) for word in words)]
        if not old:
            raise
        return old
    logs: list[FileLog] = []

    async def ask(uris: Sequence[str] | None, sessions: Sequence[str] | None) -> None:
        logs.extend(await transfers.logs(uris, sessions))

    if transfers.sessions():
        await chosen.tell(ask)
    return logs


def _means(word: str, log: FileLog) -> bool:
    return bool(word) and (word in (log.uri, log.path, log.path.rpartition("/")[2]) or log.session.startswith(word))


def _unknown(word: str, begun: Sequence[str], names: Sequence[str]) -> NotFound:
    what = f"there is no “{clean(word, 100)}” in the queue"
    if begun:
        return NotFound(what, f"{len(begun)} sessions begin so", "Write one of them whole; `mast-tui queue` lists them")
    near = nearest(word, names) if len(names) <= 5000 else None
    return NotFound(what, "", f"Did you mean {clean(near, 100)}?" if near else "`mast-tui queue` lists what there is")


# --- as JSON ----------------------------------------------------------------------------------------------------------


def as_json(transfers: Transfers, chosen: Chosen) -> dict[str, Any]:
    """Sessions with their files, each in the order in which they are taken; the limit in bytes a second, or null."""
    files: dict[str, list[dict[str, Any]]] = {}
    for transfer in transfers.snapshot():
        if chosen.holds(transfer):
            data = transfer.to_json()
            files.setdefault(data.pop("session"), []).append(data)
    sessions = [{**asdict(s), "files": files[s.id]} for s in transfers.sessions() if s.id in files]
    return {"limit_rate": transfers.limit_rate, "sessions": sessions}


# --- in words ---------------------------------------------------------------------------------------------------------


def tell_queue(transfers: Transfers, chosen: Chosen, *, all_files: bool) -> None:
    """A line a session on stderr, a line a file on stdout; files that are done are counted, not listed."""
    shown = [t for t in transfers.snapshot() if chosen.holds(t)]
    by_session: dict[str, list[Transfer]] = {}
    for transfer in shown:
        by_session.setdefault(transfer.session, []).append(transfer)
    for known in transfers.sessions():
        if known.id in by_session:
            talk.say(session_line(known, by_session[known.id]))
    listed = [t for t in shown if all_files or t.state not in _ENDED]
    if listed:
        headings = [
            Heading("State"),
            Heading("Priority"),
            Heading("Bytes", right=True),
            Heading("URI"),
            Heading("Note"),
        ]
        write_text_table(headings, [_row(t) for t in listed])
    if transfers.limit_rate is not None:
        talk.say(f"At most {human_bytes(transfers.limit_rate)}/s over all transfers.")


def session_line(known: KnownSession, files: Sequence[Transfer]) -> str:
    """'ID: 10 files: 1 running, 3 queued, 6 done; 1.2 GB of 3.4 GB; goes on by itself; into /home/me/mast'."""
    states: Counter[str] = Counter(t.state for t in files)
    counts = ", ".join(f"{states[state]:,} {state.replace('_', ' ')}" for state in _ORDER if states[state])
    here, totals = sum(t.got for t in files), [t.total for t in files if t.total is not None]
    whole = f" of {human_bytes(sum(totals))}" if len(totals) == len(files) else ""
    parts = [f"{plural(len(files), 'file')}: {counts}", f"{human_bytes(here)}{whole}"]
    if known.go_on and any(t.state in ("running", "waiting", "queued") for t in files):
        parts.append("goes on by itself")
    if known.asked:
        parts.append(f"“{clean(known.asked, 40)}”")
    return f"{clean(known.id, 60)}: {'; '.join(parts)}; into {clean(known.folder, 200)}"


def _row(transfer: Transfer) -> tuple[str, ...]:
    total = "?" if transfer.total is None else human_bytes(transfer.total)
    amount = human_bytes(transfer.got) if transfer.state == "done" else f"{human_bytes(transfer.got)} of {total}"
    return (
        (transfer.verdict or transfer.state).replace("_", " "),
        transfer.priority,
        amount,
        clean(transfer.uri, 300),
        _note(transfer),
    )


def _note(transfer: Transfer) -> str:
    if transfer.state == "running" and transfer.rate >= 1:
        words = f"{human_bytes(transfer.rate)}/s"
        if transfer.total is not None:
            words += f", {human_duration((transfer.total - transfer.got) / transfer.rate)} left"
        return f"{words}, from the cloud copy" if transfer.source == "cloud" else words
    if transfer.state == "done" and transfer.source == "cloud":
        return "; ".join(filter(None, ("from the cloud copy", clean(transfer.why, 200))))
    return clean(transfer.why, 200)


def tell_logs(logs: Sequence[FileLog]) -> None:
    """A line an event, oldest first: the time (UTC), the file where there is more than one, what happened."""
    lines = [(at, clean(log.path, 200), clean(words, 500)) for log in logs for at, words in log.events]
    lines.sort(key=lambda line: line[0])
    for at, path, words in lines:
        talk.out(f"{at}  {words}" if len(logs) == 1 else f"{at}  {path}  {words}")
    if not lines:
        talk.say("Nothing has happened yet: the files wait for their turn.")
