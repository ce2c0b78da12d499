"""Stand-ins for the controller and its transfers, in memory, and an app that opens one screen on them.

The screens are tested here for what the user sees and for which verbs they call; the real rooms have tests of their
own, and the journeys drive all of it together.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen

from mast_tui.controller.history import History
from mast_tui.controller.plan import FetchPlan, plan_items
from mast_tui.core.errors import MastTuiError, NotAllowed
from mast_tui.core.fetch import FINISHED, FetchItem, FileLog, Move, Priority, Transfer
from mast_tui.core.identity import Identity
from mast_tui.core.manifest import Manifest
from mast_tui.core.query import Query
from mast_tui.core.secret import Secret
from mast_tui.core.settings import Settings
from mast_tui.transfer import VerifyReport, verify
from mast_tui.transfer.verification import Progress as VerifyProgress
from mast_tui.tui import app as app_module
from mast_tui.tui.app import MastApp

GOOD_TOKEN = "0123456789abcdef0123456789abcdef"
HOSTILE = (
    "x\x1b]52;c;QQ==\x1b\\y",
    "a\u202egpj.exe",
    "HD[/] [@click=app.quit]M31[/] [OIII]5007",
    "[red]x[/red] \x9b2J \x00",
)


class DoubleTransfers:
    """The queue's verbs on plain states: what they are told to do happens at once."""

    def __init__(self, transfers: Sequence[Transfer] = ()) -> None:
        self.all = {(t.session, t.uri): t for t in transfers}
        self.calls: list[tuple[str, tuple[str, ...] | None]] = []
        self.notices: list[str] = []
        self.events: tuple[tuple[str, str], ...] = ()

    def snapshot(self) -> tuple[Transfer, ...]:
        return tuple(self.all.values())

    def set(self, uri: str, **changes: Any) -> None:
        for key, transfer in self.all.items():
            if transfer.uri == uri:
                self.all[key] = replace(transfer, **changes)

    async def pause(self, uris: Sequence[str] | None = None) -> None:
        self._do("pause", uris, "paused", ("running", "queued", "waiting"))

    async def resume(self, uris: Sequence[str] | None = None) -> None:
        self._do("resume", uris, "queued", ("paused",))

    async def retry(self, uris: Sequence[str] | None = None) -> None:
        self._do("retry", uris, "queued", ("failed", "needs_login", "cancelled"))

    async def cancel(self, uris: Sequence[str] | None = None) -> None:
        self._do("cancel", uris, "cancelled", ("running", "queued", "waiting", "paused", "failed", "needs_login"))

    async def move(self, where: Move, uris: Sequence[str], sessions: Sequence[str]) -> None:
        self.calls.append((f"move {where}", tuple(uris)))
        transfers = list(self.snapshot())
        chosen = [t for t in transfers if t.uri in uris]
        at = transfers.index(chosen[0])
        rest = [t for t in transfers if t.uri not in uris]
        at = {"first": 0, "up": max(0, at - 1), "down": at + 1, "last": len(rest)}[where]
        self.all = {(t.session, t.uri): t for t in [*rest[:at], *chosen, *rest[at:]]}

    async def prioritise(self, priority: Priority, uris: Sequence[str], sessions: Sequence[str]) -> None:
        self.calls.append((f"priority {priority}", tuple(uris)))
        for uri in uris:
            self.set(uri, priority=priority)

    async def logs(self, uris: Sequence[str], sessions: Sequence[str]) -> list[FileLog]:
        return [FileLog(t.session, t.uri, t.path, self.events) for t in self.snapshot() if t.uri in uris]

    async def forget_finished(self) -> None:
        self.calls.append(("forget", None))
        self.all = {k: t for k, t in self.all.items() if t.state not in FINISHED}

    def _do(self, verb: str, uris: Sequence[str] | None, state: str, of: tuple[str, ...]) -> None:
        self.calls.append((verb, None if uris is None else tuple(uris)))
        for transfer in self.snapshot():
            if transfer.state in of and (uris is None or transfer.uri in uris):
                self.set(transfer.uri, state=state, rate=0.0)


class DoubleController:
    """What the screens use of `Controller`, without an archive."""

    archive_name = "test archive"

    def __init__(self, transfers: Sequence[Transfer] = (), manifests: Sequence[Manifest] = ()) -> None:
        self.double = DoubleTransfers(transfers)
        self.identity = Identity(anonymous=True)
        self.token_source = ""
        self.known = list(manifests)
        self.kept = self.forgotten = False
        self.login_error: MastTuiError | None = None
        self.demo = False
        self.history = History()
        self.settings = Settings()
        self.fetched: list[tuple[str, FetchPlan]] = []

    def transfers_now(self) -> tuple[Transfer, ...]:
        return self.double.snapshot()

    def transfers_that_would_pause(self) -> tuple[Transfer, ...]:
        return tuple(t for t in self.double.snapshot() if t.state in ("running", "queued", "waiting"))

    async def transfers(self) -> DoubleTransfers:
        return self.double

    def manifests(self) -> list[Manifest]:
        return self.known

    async def verify(self, path: Path, progress: VerifyProgress) -> VerifyReport:
        return await asyncio.to_thread(verify, path, progress)

    async def plan_items(self, items: Sequence[FetchItem], folder: Path) -> FetchPlan:
        return plan_items(items, folder)

    async def fetch(self, plan: FetchPlan, asked: str = "", queries: Sequence[Query] = ()) -> None:
        if plan.problem is not None:
            raise plan.problem
        self.fetched.append((asked, plan))

    async def login(self, token: Secret, *, keep: bool = False) -> Identity:
        await asyncio.sleep(0)
        if self.login_error is not None:
            raise self.login_error
        if token.reveal() != GOOD_TOKEN:
            raise NotAllowed("the archive does not know this token", "", "Get a new one")
        self.kept, self.token_source = keep, "keyring" if keep else "this session"
        self.identity = Identity(
            anonymous=False, display_name="Vera Rubin", user_id="vrubin", scopes=("mast:user:info",)
        )
        return self.identity

    async def logout(self, *, forget: bool = False) -> None:
        self.forgotten, self.token_source = forget, ""
        self.identity = Identity(anonymous=True)

    async def close(self, *, transfers_go_on: bool = False) -> None:
        return None


class RoomApp(MastApp):
    """The real app with a double for its controller, opening on the screen under test."""

    CSS_PATH: ClassVar[list[str]] = [str(Path(app_module.__file__).with_name("app.tcss"))]

    def __init__(self, controller: DoubleController, *, theme: str, folder: Path, plot: str = "braille") -> None:
        super().__init__(Settings(theme=theme, download_folder=str(folder), plot=plot))
        self.double = controller
        #: What leaving was told, where a test listens instead of leaving.
        self.told: list[bool] = []

    async def _start_controller(self) -> None:
        self._controller = self.double  # type: ignore[assignment]  # it has the verbs that the screens call
        self._controller_ready.set()
        self._refresh_screen()

    @property
    def words(self) -> str:
        """The whole screen as text."""
        return screen_words(self)

    @property
    def lines(self) -> list[str]:
        return self.words.splitlines()


@asynccontextmanager
async def opened(
    screen: Callable[[], Screen[Any]],
    controller: DoubleController | None = None,
    *,
    size: tuple[int, int] = (80, 24),
    theme: str = "textual-dark",
    folder: Path = Path("/data/mast"),
    hook: Callable[[Message], None] | None = None,
    plot: str = "braille",
) -> AsyncIterator[tuple[RoomApp, Pilot[None]]]:
    """The app with `screen` above the search box, drawn and at rest."""
    app = RoomApp(controller or DoubleController(), theme=theme, folder=folder, plot=plot)
    async with app.run_test(size=size, message_hook=hook) as pilot:
        await app.controller()
        app.push_screen(screen())
        await settled(pilot)
        yield app, pilot


async def settled(pilot: Pilot[None]) -> None:
    """Workers have ended and what they changed is drawn."""
    for _ in range(3):
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
    await pilot.pause(0.02)


def screen_words(app: MastApp) -> str:
    """What stands on the screen, a line each, as a terminal would show it."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


def a_transfer(name: str = "a.fits", state: Any = "queued", **more: Any) -> Transfer:
    return Transfer("20261121T100000Z-abc123", f"mast:HST/product/{name}", f"HST/obs/{name}", state, **more)


def an_item(name: str = "a.fits") -> FetchItem:
    return FetchItem(f"mast:HST/product/{name}", f"HST/obs/{name}")
