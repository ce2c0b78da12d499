"""The queue: what is being fetched, how far, how sure; pause, go on, try again, take off, put in order. It belongs to
the transfers, not to this screen, which only looks at it twice a second (seldom on a slow link) and sends what changed.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, ClassVar, Literal

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from mast_tui.core.fetch import Transfer
from mast_tui.core.text import clean, human_bytes, plural
from mast_tui.core.times import mjd_to_date
from mast_tui.tui.actions import actions_of, bindings_for
from mast_tui.tui.screens.leave import DropScreen
from mast_tui.tui.screens.queue_keys import QueueKeys
from mast_tui.tui.widgets.chrome import Line
from mast_tui.tui.widgets.line_list import Facts, LineList
from mast_tui.tui.widgets.transfer_list import Totals, TransferList, key_of, name_of

if TYPE_CHECKING:
    from textual.timer import Timer

Verb = Literal["pause", "resume", "retry", "cancel"]
#: Looks at the transfers between two into the records, and how often a record without a date is looked into.
_TICKS_A_RECORD, _LOOKS_INTO_A_RECORD = 4, 5
#: From this many lines the detail is there without being asked for.
_TALL = 32

#: Actions that need something in the queue.
_ON_A_FILE = frozenset(a.id for a in actions_of("downloads")) - {"back"}
_VERDICTS = {
    "verified": "a checksum inside the file, or of the record, matched",
    "complete": "its length is what the server stated, and its structure is whole",
    "unverified": "the server stated no length; two answers agreed",
}
_SOURCES = {"archive": "the archive itself", "cloud": "its public cloud copy"}
_EMPTY = """
The queue is empty.

Search (n), open the files of an observation (enter), mark some (space), and press {key}.
They go to {folder}; four at once, resumed after a break, checked when whole.
Transfers go on while you do something else, and, if you say so when leaving, without the app.
Everything fetched earlier is under sessions (S).
"""


class DownloadsScreen(QueueKeys):
    CONTEXT: ClassVar[str] = "downloads"
    NAME: ClassVar[str] = "Downloads"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("downloads")
    DEFAULT_CSS = """
    DownloadsScreen #empty { height: 1fr; padding: 0 2; }
    DownloadsScreen #transfer-detail { height: 10; border-top: solid $primary; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._totals = Totals()
        self._timer: Timer | None = None
        self._ticks = 0
        self._wants_detail: bool | None = None
        #: Release dates (MJD) of files that need a login, from the sessions' records.
        self._released: dict[tuple[str, str], float] = {}
        #: Sessions whose record was looked into, and how often: it is written a moment after they begin.
        self._looked_for: Counter[str] = Counter()
        #: What the transfer process has to say; it grows at its end.
        self._notices: list[str] = []
        self._last_notice = ""

    def body(self) -> ComposeResult:
        yield Line(id="counts")
        yield Line(id="bytes")
        yield TransferList(id="transfers", marker_only=self.room.manners.marker(self.room.settings))
        yield Static(id="empty", markup=False)
        yield Facts(id="transfer-detail")

    def on_mount(self) -> None:
        key = next(a.shown_key for a in actions_of("products") if a.id == "take")
        self.query_one("#empty", Static).update(
            Text(_EMPTY.format(folder=clean(self.room.settings.folder, 200), key=key))
        )
        self.follow_manners()
        self.start(self._listen(), "notices")
        self.call_after_refresh(self._look)  # by then the list knows how many lines it has, and can follow

    def follow_manners(self) -> None:
        super().follow_manners()
        manners = self.room.manners
        self.transfers.coarse = manners.slow
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_interval(manners.progress_s, self._look, pause=not self.is_current)
        self._look()

    def on_screen_suspend(self) -> None:
        if self._timer is not None:
            self._timer.pause()

    def on_screen_resume(self) -> None:
        if self._timer is not None:
            self._timer.resume()
            self._look()

    async def _listen(self) -> None:
        self._notices = (await (await self.room.controller()).transfers()).notices

    # --- what is shown ------------------------------------------------------------------------------------------

    def look_again(self) -> None:
        self._look()

    def _look(self) -> None:
        controller = self.room.controller_if_ready
        now = controller.transfers_now() if controller is not None else ()
        before = self.transfers.current
        self._totals.update(now)
        self.transfers.show(now)
        self.transfers.follow()
        there = bool(now)
        self.query_one("#empty").display = not there
        for name in ("#counts", "#bytes", "#transfers"):
            self.query_one(name).display = there
        if there and not self.transfers.has_focus and self.focused is None:
            self.transfers.focus()
        counts, sizes = self._totals.words(self.size.width - 2, coarse=self.transfers.coarse) if there else ("", "")
        self.query_one("#counts", Line).say(f" {counts}")
        self.query_one("#bytes", Line).say(f" {sizes}")
        if self._notices and self._notices[-1] is not self._last_notice:
            self._last_notice = self._notices[-1]
            self.status.wrong(self._last_notice)
        current = self.transfers.current
        if current is not before:
            self._show_detail()
            if before is None or current is None or before.state != current.state:
                self.refresh_chrome()
        if self._ticks % _TICKS_A_RECORD == 0 and self._sessions_without_dates():
            self.start(self._learn_release_dates(), "release dates")
        self._ticks += 1

    @on(LineList.Moved)
    def _moved(self) -> None:
        self._show_detail()
        self.refresh_chrome()

    def on_resize(self) -> None:
        self._show_detail()

    def _show_detail(self) -> None:
        pane, current = self.query_one(Facts), self.transfers.current
        wanted = self._wants_detail if self._wants_detail is not None else self.size.height >= _TALL
        pane.display = wanted and current is not None
        if pane.display and current is not None:
            pane.tell(detail_of(current, self._sentence(current)))

    def _sessions_without_dates(self) -> set[str]:
        if not self._totals.states["needs_login"]:
            return set()
        return {
            t.session
            for t in self.transfers.items
            if t.state == "needs_login"
            and key_of(t) not in self._released
            and self._looked_for[t.session] < _LOOKS_INTO_A_RECORD
        }

    async def _learn_release_dates(self) -> None:
        """Until when files are exclusive stands in their session's record."""
        sessions = self._sessions_without_dates()
        self._looked_for.update(sessions)
        controller = await self.room.controller()
        for manifest in await asyncio.to_thread(controller.manifests):
            if manifest.id in sessions:
                for record in manifest.files:
                    if record.release_mjd is not None:
                        self._released[manifest.id, record.uri] = record.release_mjd
        self._show_detail()

    def _sentence(self, transfer: Transfer) -> str:
        """Why it is as it is, and what to do next."""
        why = clean(transfer.why, 300)
        match transfer.state:
            case "needs_login":
                return _exclusive(why, self._released.get(key_of(transfer)))
            case "failed":
                return f"{why or 'It failed, and nobody said why'} · r tries again"
            case "paused":
                return f"{why} · space goes on, P with all" if why else "Paused: space goes on where it stopped"
            case "cancelled":
                return "Taken off the queue: r queues it again"
            case "done":
                return why or _VERDICTS[transfer.verdict or "unverified"]
            case _:
                return why

    # --- actions ------------------------------------------------------------------------------------------------

    def why_not(self, action_id: str) -> str | None:
        if action_id not in _ON_A_FILE:
            return None
        current = self.transfers.current
        if current is None:
            return "There are no transfers"
        no_order = self.why_no_order(action_id, current)
        if no_order is not None:
            return no_order
        match action_id, current.state:
            case "pause_all", _:
                idle = not self._totals.moving and not self._totals.states["paused"]
                return "Nothing is under way or paused" if idle else None
            case "pause", "done" | "cancelled":
                return "This file is not on the way any more"
            case "pause", "failed" | "needs_login":
                return "This file is not on the way; r tries again"
            case "retry", ("running" | "queued" | "waiting" | "paused") as state:
                return f"This file is {state}; there is nothing to try again"
            case "retry", "done":
                return "This file is here; sessions (S) can verify it"
            case "cancel", "done":
                return "This file is here already"
            case "cancel", "cancelled":
                return "This file is off the queue already"
        return None

    def do_pause(self) -> None:
        current = self.transfers.current
        if current is not None:
            self._tell("resume" if current.state == "paused" else "pause", current)

    def do_pause_all(self) -> None:
        moving = self._totals.moving
        self._tell("pause" if moving else "resume", None)
        self.status.idle("All transfers pause; P goes on" if moving else "")

    def do_retry(self) -> None:
        if self.transfers.current is not None:
            self._tell("retry", self.transfers.current)

    def do_cancel(self) -> None:
        current = self.transfers.current
        if current is None:
            return
        if not current.got:
            self._tell("cancel", current)
            return

        def answered(answer: str | None) -> None:
            if answer is not None:
                self._tell("cancel", current)

        self.app.push_screen(DropScreen(name_of(current), human_bytes(current.got)), answered)

    def do_lineage(self) -> None:
        from mast_tui.tui.screens.lineage import LineageScreen, of_file_or_uri

        current = self.transfers.current
        if current is not None:
            path = current.file if current.state == "done" else None
            self.app.push_screen(LineageScreen(name_of(current), of_file_or_uri(current.uri, path)))

    def do_forget(self) -> None:
        self.status.idle()
        self.start(self._forget(), "forget")

    async def _forget(self) -> None:
        transfers = await (await self.room.controller()).transfers()
        await transfers.forget_finished()
        self._look()

    def _tell(self, verb: Verb, transfer: Transfer | None) -> None:
        """Pass the user's wish on for one file or for all; the answer may take a while, the keys don't wait for it."""
        uris = None if transfer is None else [transfer.uri]
        self.status.idle()
        self.start(self._told(verb, uris), f"{verb} {uris}")

    async def _told(self, verb: Verb, uris: list[str] | None) -> None:
        transfers = await (await self.room.controller()).transfers()
        match verb:
            case "pause":
                await transfers.pause(uris)
            case "resume":
                await transfers.resume(uris)
            case "retry":
                await transfers.retry(uris)
            case "cancel":
                await transfers.cancel(uris)
        self._look()

    def do_detail(self) -> None:
        self._wants_detail = not self.query_one("#transfer-detail").display
        self._show_detail()


def _exclusive(why: str, release_mjd: float | None) -> str:
    """Until when a file is its owners' alone, and what can be done about it."""
    if release_mjd is not None:
        return f"Exclusive access until {mjd_to_date(release_mjd)}: L to log in with a token that may have it"
    return f"{why or 'Exclusive access: the archive wants to know who asks'} · L to log in"


def detail_of(transfer: Transfer, sentence: str) -> list[tuple[str, str]]:
    """All that is known of one file; the most wanted first, because the pane is low."""
    state = transfer.verdict or transfer.state.replace("_", " ")
    return [
        ("state", f"{state}: {sentence}" if sentence else state),
        ("bytes", _bytes_of(transfer)),
        *([("from", _SOURCES[transfer.source])] if transfer.source else []),
        ("URI", clean(transfer.uri, 300)),
        ("path", clean(transfer.path, 300)),
        ("sha256", clean(transfer.sha256, 64) or "known when the file is whole"),
        ("session", clean(transfer.session, 80)),
    ]


def _bytes_of(transfer: Transfer) -> str:
    if transfer.state == "cancelled":
        return "dropped" + (f"; the file has {transfer.total:,}" if transfer.total is not None else "")
    words = f"{transfer.got:,}" + (f" of {transfer.total:,}" if transfer.total is not None else ", length not stated")
    if transfer.resumed_from:
        moved = plural(transfer.got - transfer.resumed_from, "byte")
        words += f"; resumed from {transfer.resumed_from:,}, so {moved} moved"
    return words
