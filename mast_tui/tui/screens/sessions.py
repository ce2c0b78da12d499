"""Sessions: what was fetched when, from where, with what; are the files still the same; get again what is not."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static

from mast_tui.core.again import items_again, queries_of, record_file
from mast_tui.core.errors import InvalidQuery, MastTuiError
from mast_tui.core.keep import write_new
from mast_tui.core.manifest import Manifest
from mast_tui.core.text import clean, human_bytes, plural
from mast_tui.tui.actions import bindings_for
from mast_tui.tui.screens.base import RoomScreen
from mast_tui.tui.screens.writing import ask_form
from mast_tui.tui.widgets.chrome import Line
from mast_tui.tui.widgets.line_list import LineList
from mast_tui.tui.widgets.session_list import FileLine, FileList, SessionList, place_of, state_of, total_bytes

if TYPE_CHECKING:
    from mast_tui.controller import Controller

#: Seconds between two words on how far a check is.
_TELL_S = 0.5
_TO_GET = ("missing", "changed", "truncated", "longer", "unreadable", "unfinished")
_EMPTY = """
Nothing has been fetched yet.

Every fetch leaves a record: what was asked, when, with which versions, every file with its
size and sha256. It is kept in {records}
and beside the files. Here they can be verified, years later, and fetched again.
"""


class SessionsScreen(RoomScreen):
    CONTEXT: ClassVar[str] = "sessions"
    NAME: ClassVar[str] = "Sessions"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("sessions")
    DEFAULT_CSS = """
    SessionsScreen #empty { height: 1fr; padding: 0 2; }
    SessionsScreen #heading { text-style: bold; }
    SessionsScreen #one { height: 1fr; }
    SessionsScreen #about { height: auto; max-height: 60%; padding: 0 1; border-bottom: solid $primary; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._open: Manifest | None = None
        #: What the last check found, by session and cleaned path.
        self._found: dict[str, dict[str, str]] = {}
        self._check = _Check()

    def body(self) -> ComposeResult:
        marker_only = self.room.manners.marker(self.room.settings)
        yield Line(id="heading")
        yield SessionList(id="sessions", marker_only=marker_only)
        yield Static(id="empty", markup=False)
        with Vertical(id="one"):
            yield Static(id="about", markup=False)
            yield FileList(id="files", marker_only=marker_only)

    def on_mount(self) -> None:
        self._arrange()
        self.set_interval(_TELL_S, self._tell_progress)
        self.start(self._read(), "read")

    def on_screen_resume(self) -> None:
        if self.is_mounted and self.sessions.items:
            self.start(self._read(), "read")

    def on_resize(self) -> None:
        self._arrange()

    def on_unmount(self) -> None:
        self._check.stop()

    # --- what is shown ------------------------------------------------------------------------------------------

    @property
    def sessions(self) -> SessionList:
        return self.query_one(SessionList)

    @property
    def current(self) -> Manifest | None:
        """The session that the keys are about."""
        return self._open or self.sessions.current

    async def _read(self) -> None:
        controller = await self.room.controller()
        manifests = await asyncio.to_thread(controller.manifests)
        self.sessions.show(manifests)
        if self._open is not None:
            self._open = next((m for m in manifests if self._open and m.id == self._open.id), self._open)
        if not manifests:
            empty = _EMPTY.format(records=clean(Path(record_file(_nothing())).parent, 200))
            self.query_one("#empty", Static).update(Text(empty))
        self._arrange()
        self.refresh_chrome()

    def _arrange(self) -> None:
        """The list, one session, or what to do when there is none."""
        if not self.is_mounted:
            return
        there, one = bool(self.sessions.items), self._open
        self.query_one("#heading", Line).say(f" {SessionList.heading(max(40, self.size.width - 2))}")
        self.query_one("#heading").display = there and one is None
        self.sessions.display = there and one is None
        self.query_one("#empty").display = not there
        self.query_one("#one").display = one is not None
        if one is not None:
            self.query_one("#about", Static).update(about(one))
            self._show_files(one)
        target: LineList[Manifest] | FileList = self.sessions if one is None else self.query_one(FileList)
        if there and not target.has_focus:
            target.focus()

    def _show_files(self, manifest: Manifest) -> None:
        found = self._found.get(manifest.id, {})
        self.query_one(FileList).show([FileLine(r, found.get(clean(r.path), "")) for r in manifest.files])

    @on(LineList.Moved)
    def _moved(self) -> None:
        self.refresh_chrome()

    def _tell_progress(self) -> None:
        if self._check.running:
            self.say_busy(self._check.words())

    # --- actions ------------------------------------------------------------------------------------------------

    def why_not(self, action_id: str) -> str | None:
        if action_id == "lineage" and (self._open is None or self.query_one(FileList).current is None):
            return "Open a session with enter, and go to one of its files"
        if action_id not in ("detail", "verify", "again", "export", "copy"):
            return None
        if self.current is None:
            return "There are no sessions yet"
        if action_id in ("verify", "again") and self._check.running:
            return "A check is running; esc stops it"
        return None

    def do_detail(self) -> None:
        if self._open is None:
            self._open = self.sessions.current
            self._arrange()

    def do_back(self) -> None:
        if self._check.running:
            self._check.stop()
            self.stop("check")
            self.status.idle("The check was stopped")
        elif self._open is not None:
            self._open = None
            self._arrange()
        else:
            super().do_back()

    def do_copy(self) -> None:
        if self.current is not None:
            self.status.good(self.room.copy(record_file(self.current)))

    def do_lineage(self) -> None:
        from mast_tui.tui.screens.lineage import LineageScreen, of_file_or_uri

        manifest, file = self._open, self.query_one(FileList).current
        if manifest is not None and file is not None:
            path = Path(manifest.folder) / file.record.path if file.record.state == "done" else None
            name = clean(Path(file.record.path).name, 120)
            self.app.push_screen(LineageScreen(name, of_file_or_uri(file.record.uri, path)))

    def do_export(self) -> None:
        from mast_tui.controller.records import EXPORT_FORMS

        manifest = self.current
        if manifest is None:
            return

        def chosen(form: str) -> None:
            self.start(self._export(manifest, form), "export")

        ask_form(self, "this record", [(form, about) for form, (about, _) in EXPORT_FORMS.items()], chosen)

    async def _export(self, manifest: Manifest, form: str) -> None:
        from mast_tui.controller.records import export

        name, text = await asyncio.to_thread(export, manifest, form)
        content = text.encode("utf-8", "backslashreplace")
        path = await asyncio.to_thread(write_new, self.room.settings.folder, name, content)
        self.status.good(f"wrote {clean(path, 200)}")

    def do_verify(self) -> None:
        if self.current is not None:
            self.start(self._verify_only(self.current), "check")

    def do_again(self) -> None:
        if self.current is not None:
            self.start(self._get_again(self.current), "check")

    async def _verify_only(self, manifest: Manifest) -> None:
        await self._verify(manifest)

    async def _verify(self, manifest: Manifest) -> dict[str, str]:
        """Look at every file of a session; what was found, by path."""
        controller = await self.room.controller()
        self._check = check = _Check()
        self.refresh_chrome()
        try:
            report = await controller.verify(Path(record_file(manifest)), check.progress)
        finally:
            check.stop()
            self.refresh_chrome()
        found: dict[str, str] = {f.path: f.standing for f in report.files}
        self._found[manifest.id] = found
        if self._open is not None and self._open.id == manifest.id:
            self._show_files(self._open)
        words = check_words([f.standing for f in report.files])
        if report.ok:
            self.status.good(words)
        else:
            self.status.wrong(f"{words} · g gets again what is not right")
        return found

    async def _get_again(self, manifest: Manifest) -> None:
        controller = await self.room.controller()
        _same_archive(controller, manifest)
        found = await self._verify(manifest)
        items = items_again(manifest, (path for path, standing in found.items() if standing in _TO_GET))
        if not items:
            self.status.good("Every file is here, with the bytes of the record; there is nothing to get")
            return
        plan = await controller.plan_items(items, Path(manifest.folder))
        await controller.fetch(plan, asked=manifest.asked, queries=queries_of(manifest))
        self.status.good(f"{plural(len(items), 'file')} queued again, into {clean(manifest.folder, 80)}; D shows them")


class _Check:
    """How far a check is: told by its thread, read by the screen. `stop` ends the thread at its next file."""

    def __init__(self) -> None:
        self.running = False
        self._stopped = False
        self._at = (0, 0, "")

    def progress(self, done: int, total: int, name: str) -> None:
        if self._stopped:
            raise InvalidQuery("the check was stopped")
        self._at = (done, total, name)
        self.running = done < total

    def stop(self) -> None:
        self._stopped, self.running = True, False

    def words(self) -> str:
        done, total, name = self._at
        return f"checking {done + 1:,} of {plural(total, 'file')}: {clean(name, 100)} · esc stops"


def _same_archive(controller: Controller, manifest: Manifest) -> None:
    """Files are fetched again from where they came; InvalidQuery says how to get there."""
    if manifest.simulated != controller.demo:
        start = "mast-tui --demo" if manifest.simulated else "mast-tui without --demo"
        raise InvalidQuery(f"these files came from {place_of(manifest)}", "not from this archive", f"Start {start}")
    here = controller.settings.archive
    if not manifest.simulated and manifest.archive.rstrip("/") != here.rstrip("/"):
        place = clean(manifest.archive, 100)
        raise InvalidQuery(f"these files came from {place}", "", f"Start mast-tui --archive {place}")


def check_words(standings: Sequence[str]) -> str:
    """'12 files: 9 right, 2 missing, 1 changed'."""
    counts = [(standings.count(s), s) for s in dict.fromkeys(("right", *standings))]
    return f"{plural(len(standings), 'file')}: " + ", ".join(f"{n:,} {s}" for n, s in counts if n)


def about(manifest: Manifest) -> Text:
    """What is known of a session besides its files: a fact a line."""
    from mast_tui.controller import mixed_in_record

    sign, words, _ = state_of(manifest)
    files = f"{plural(len(manifest.files), 'file')}, {human_bytes(total_bytes(manifest))}: {sign} {words}"
    dois = sorted({clean(f.doi, 80) for f in manifest.files if f.doi})
    facts = [
        ("asked", clean(manifest.asked, 200) or "for files by their URIs"),
        *(("query", words) for words in _queries(manifest)),
        ("when", f"{clean(manifest.created, 30)} to {clean(manifest.finished, 30) or '… not finished'}"),
        ("from", f"{clean(manifest.archive, 100)}{' — simulated and sample data' if manifest.simulated else ''}"),
        ("into", clean(manifest.folder, 200)),
        ("had", f"{files}; {plural(len(manifest.datasets), 'data set')}"),
        ("DOI", ", ".join(dois[:4]) + (" …" if len(dois) > 4 else "") if dois else "none is known for certain"),
        *(("mixed", sentence) for sentence in mixed_in_record(manifest)),
        ("with", ", ".join(f"{clean(k, 30)} {clean(v, 30)}" for k, v in manifest.versions.items())),
    ]
    text = Text()
    for name, fact in facts:
        text.append(f"{name:>6}  ", Style(dim=True)).append(fact + "\n")
    text.rstrip()
    return text


def _queries(manifest: Manifest) -> list[str]:
    from mast_tui.core.query import Query

    found = []
    for data in manifest.queries[:3]:
        try:
            found.append(clean(Query.from_json(data).describe(), 300))
        except (MastTuiError, KeyError, TypeError, ValueError):
            found.append("of a kind that this version can't read; it is in the record")
    return found


def _nothing() -> Manifest:
    return Manifest("", "", "", "", "", "")
