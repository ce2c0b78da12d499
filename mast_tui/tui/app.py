"""The app: it owns the controller, starts it behind the first picture, and knows how to leave quickly and safely.

Screens are pushed and popped; the queue belongs to no screen. numpy and the controller are imported in a thread after
the first paint, so that the box takes keys at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Offset
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import Worker, WorkerState

from mast_tui.core.errors import MastTuiError
from mast_tui.core.settings import Settings
from mast_tui.core.text import clean, human_bytes, plural
from mast_tui.tui import DEFAULT_THEME
from mast_tui.tui.actions import GLOBAL, bindings_for
from mast_tui.tui.clipboard import send_to_clipboard
from mast_tui.tui.graphics import OFF
from mast_tui.tui.manners import Manners
from mast_tui.tui.screens.base import RoomScreen
from mast_tui.tui.screens.search import SearchScreen
from mast_tui.tui.typeahead import OrderlyKeys
from mast_tui.tui.widgets.chrome import Line
from mast_tui.tui.wire import driver_of_terminal

if TYPE_CHECKING:
    from mast_tui.controller import Controller
    from mast_tui.core.fetch import Transfer
    from mast_tui.tui.wire.pacing import Link

#: How often the transfers and the link are looked at, in seconds.
_TICK_S = 0.5
#: Seconds that leaving may take in all; what is not done by then is ended.
_LEAVE_S = 0.7


class MastApp(OrderlyKeys[None]):
    """The full-screen app. Its return code is 0, or 128+n when a signal ended it."""

    TITLE = "mast-tui"
    CSS_PATH: ClassVar[list[str]] = ["app.tcss"]  # type: ignore[assignment]
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(GLOBAL)
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own declaration

    def __init__(self, settings: Settings, target: str = "", *, demo: bool = False, demo_rows: int = 0) -> None:
        super().__init__(driver_class=driver_of_terminal(settings.colors))
        self.animation_level = "none"
        self.settings, self.first_target = settings, target
        #: What the terminal draws in true pixels; whoever starts the app asks the terminal before.
        self.graphics = OFF
        #: How it behaves on the link to the terminal.
        self.manners = Manners(settings.low_bandwidth)
        self._demo, self._demo_rows = demo, demo_rows
        self._controller: Controller | None = None
        self._controller_ready = asyncio.Event()
        self._start_error: MastTuiError | None = None
        self._transfers_corner = ""
        self._leaving: asyncio.Task[None] | None = None
        self._signal: int | None = None
        self.crash_report: str | None = None

    # --- life ---------------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        if self.theme != (wanted := self._theme_for_terminal()):
            self.theme = wanted
        # after `fg` the screen is empty, and Textual paints it only where something else has changed
        self.app_resume_signal.subscribe(self, lambda _app: self.do_redraw())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            # in tests the loop may run outside the main thread, where no handler can be set
            with contextlib.suppress(ValueError, RuntimeError):
                loop.add_signal_handler(number, self._on_signal, number)

    def _theme_for_terminal(self) -> str:
        """The theme that was wished for; with sixteen colours, and with none, the terminal's own in place of any other:
        a theme's nearest sixteen are words that can't be read, red on grey, and a cursor that is not seen."""
        wished = self.available_themes.get(self.settings.theme)
        if wished is None:
            return DEFAULT_THEME
        if wished.ansi or not (self.no_color or self.console.color_system == "standard"):
            return wished.name
        return "ansi-dark" if wished.dark else "ansi-light"

    def get_default_screen(self) -> Screen[None]:
        # the first screen itself, not one pushed over a blank one: that would cost another layout and 50 ms of waiting
        return SearchScreen(self.first_target)

    def on_ready(self) -> None:
        gc.freeze()
        gc.enable()
        if self.link is not None:
            self.manners.line_is_told_by(lambda: bool(getattr(self._driver, "busy", False)))
            self.set_interval(_TICK_S, self._watch_link)
        self.run_worker(self._start_controller(), group="start", exit_on_error=False, description="start")

    async def _start_controller(self) -> None:
        """Import and start the controller where no key waits for it."""
        module = await asyncio.to_thread(_import_controller)
        controller: Controller = module.Controller(self.settings, demo=self._demo, demo_rows=self._demo_rows)
        self._controller = controller
        try:
            with contextlib.suppress(MastTuiError):  # a keyring that does not answer is told on the login screen
                await controller.token_from_user()
            await controller.archive()
        except MastTuiError as error:
            self._start_error = error
        self._controller_ready.set()
        self._refresh_screen()
        if self._start_error is not None:
            self._tell(str(self._start_error))
            return
        with contextlib.suppress(MastTuiError):
            self._offer_to_go_on(await controller.attach_transfers())
        self.set_interval(_TICK_S, self._watch_transfers)
        with contextlib.suppress(MastTuiError):
            await controller.start()
        if controller.token_source:
            with contextlib.suppress(MastTuiError):
                await controller.whoami()
            self._refresh_screen()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key | events.Paste):
            self.manners.key_came()
        await super().on_event(event)

    async def controller(self) -> Controller:
        """The controller, once it is there; raises why it could not start."""
        await self._controller_ready.wait()
        if self._start_error is not None:
            raise self._start_error
        assert self._controller is not None
        return self._controller

    @property
    def controller_if_ready(self) -> Controller | None:
        return self._controller if self._controller_ready.is_set() else None

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Work that ended in a defect, not in one of our errors: the app lives, the report is written and named."""
        if event.state is WorkerState.ERROR:
            from mast_tui.tui.crash import write_report

            told = write_report(event.worker.error)
            if event.worker.group == "start":
                # whoever waits for the controller is told, not left waiting
                self._start_error = MastTuiError("the app could not start", told, "`mast-tui doctor` checks it")
                self._controller_ready.set()
            self._tell(f"An unexpected error. {told}")

    @property
    def cursor_position(self) -> Offset:
        """Where the terminal's hidden cursor is left: input methods write beside it. Where nothing is typed it stands
        for nothing, and bringing it back to where an input once was would be a third of what a cursor key costs."""
        return self._place_of_typing if isinstance(self.focused, Input) else Offset(0, 0)

    @cursor_position.setter
    def cursor_position(self, place: Offset) -> None:
        self._place_of_typing = place

    # --- what the lines around the screens say -------------------------------------------------------------------

    @property
    def archive_name(self) -> str:
        if self._controller is not None and self._controller.archive_name:
            return self._controller.archive_name
        return "demo archive (simulated and sample data)" if self._demo else _host_of(self.settings.archive)

    def corner(self) -> str:
        """Who we are, and what is on the way."""
        who = "not logged in"
        if self._controller is not None:
            identity = self._controller.identity
            if not identity.anonymous:
                who = identity.display_name or identity.user_id
            elif self._controller.token_source:
                who = "token not checked"
        return f"{self._transfers_corner}{clean(who, 30)}"

    def _watch_transfers(self) -> None:
        controller = self._controller
        if controller is None:
            return
        moving = [t for t in controller.transfers_now() if t.state in ("running", "queued", "waiting")]
        rate = "" if self.manners.slow else f" {human_bytes(sum(t.rate for t in moving))}/s"
        corner = f"↓{len(moving)}{rate} · " if moving else ""
        if corner != self._transfers_corner:
            self._transfers_corner = corner
            self._refresh_screen()

    @property
    def link(self) -> Link | None:
        """What is known of the way to the terminal; None where Textual's own driver writes to it."""
        return getattr(self._driver, "link", None)

    def _watch_link(self) -> None:
        link = self.link
        if link is not None and self.manners.learn(link):
            for screen in self.screen_stack:
                if isinstance(screen, RoomScreen):
                    screen.follow_manners()

    def _offer_to_go_on(self, transfers: Sequence[Transfer]) -> None:
        paused = sum(t.state == "paused" for t in transfers)
        if paused and isinstance(self.screen, RoomScreen):
            self.screen.status.idle(f"{plural(paused, 'file')} paused since last time; F3, then P goes on with all.")

    def _refresh_screen(self) -> None:
        if isinstance(self.screen, RoomScreen):
            self.screen.refresh_chrome()

    def _tell(self, words: str) -> None:
        if isinstance(self.screen, RoomScreen):
            self.screen.status.wrong(words)

    # --- actions everywhere --------------------------------------------------------------------------------------

    async def action_do(self, action_id: str) -> None:
        method = getattr(self, f"do_{action_id}")
        result = method()
        if result is not None:
            await result

    def go_back(self) -> None:
        """One screen back; the search box is the last one."""
        if len(self.screen_stack) > 1:
            self.pop_screen()

    def do_help(self) -> None:
        from mast_tui.tui.screens.help import HelpScreen

        if isinstance(self.screen, RoomScreen):
            self.push_screen(HelpScreen(self.screen.CONTEXT))

    def do_palette(self) -> None:
        from mast_tui.tui.screens.help import PaletteScreen

        if isinstance(self.screen, RoomScreen):
            self.push_screen(PaletteScreen(self.screen))

    def do_new_search(self) -> None:
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def do_downloads(self) -> None:
        from mast_tui.tui.screens.downloads import DownloadsScreen

        self._show(DownloadsScreen)

    def do_sessions(self) -> None:
        from mast_tui.tui.screens.sessions import SessionsScreen

        self._show(SessionsScreen)

    def do_login(self) -> None:
        from mast_tui.tui.screens.login import LoginScreen

        self._show(LoginScreen)

    def _show(self, kind: type[RoomScreen]) -> None:
        """Open a screen once; if it is already on the stack, go back to it."""
        for screen in self.screen_stack:
            if isinstance(screen, kind):
                while self.screen is not screen:
                    self.pop_screen()
                return
        self.push_screen(kind())

    def do_suspend(self) -> None:
        """Stop, as other programs do on this key. Without a shell above that could go on with it, it would be for ever:
        then this program leads its session, or is in the group of who does (`ssh host mast-tui`, a command of tmux)."""
        if os.getpgrp() == os.getsid(0):
            self._tell("There is no shell to go back to: it was started without one. q leaves.")
        else:
            self.action_suspend_process()

    def do_redraw(self) -> None:
        self.refresh(repaint=True, layout=True)
        if (repaint := getattr(self._driver, "repaint", None)) is not None:
            repaint()

    def do_link(self) -> None:
        from mast_tui.tui.wire.link import in_words

        if isinstance(self.screen, RoomScreen):
            how = "fewer bytes at once" if self.manners.slow else "everything at once"
            self.screen.status.idle(f"Link to this terminal: {in_words(self.link)}; the app sends {how}")

    def do_leave(self) -> None:
        controller = self._controller
        moving = controller.transfers_that_would_pause() if controller else ()
        if moving:
            from mast_tui.tui.screens.leave import LeaveScreen

            self.push_screen(LeaveScreen(len(moving)), self._leave_as_told)
        else:
            self.leave(go_on=False)

    def _leave_as_told(self, answer: str | None) -> None:
        if answer in ("go on", "pause"):
            self.leave(go_on=answer == "go on")

    async def action_quit(self) -> None:
        self.do_leave()

    def leave(self, *, go_on: bool) -> None:
        """Leave now: under a second, whatever runs."""
        if self._leaving is None:
            self._leaving = asyncio.create_task(self._leave(go_on))

    async def left(self) -> None:
        """Leave, and wait until all rooms are closed: for tests and scripts that go on in the same process."""
        self.leave(go_on=False)
        assert self._leaving is not None
        await self._leaving

    async def _leave(self, go_on: bool) -> None:
        if self._controller is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LEAVE_S):
                    await self._controller.close(transfers_go_on=go_on)
        self.exit(return_code=128 + self._signal if self._signal else 0)

    def _on_signal(self, number: int) -> None:
        # a closed terminal: transfers pause with their parts kept, and are there at the next start
        self._signal = number
        self.leave(go_on=False)
        asyncio.get_running_loop().call_later(2 * _LEAVE_S, os._exit, 128 + number)

    # --- safe ends -----------------------------------------------------------------------------------------------

    def _fatal_error(self) -> None:
        """A defect: write a report without values of variables, and say one sentence. Textual would print locals."""
        from mast_tui.tui.crash import write_report

        self.crash_report = write_report(sys.exc_info()[1])
        self._close_messages_no_wait()

    def end_of_terminal(self) -> None:
        """After the screen is restored: say where the crash report is, if there was a crash."""
        if self._signal == signal.SIGHUP:
            # the terminal is gone: Python's last flush would fail on it and change the exit code
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
        if self.crash_report is not None:
            print(  # noqa: T201 - the terminal is the shell's again
                f"mast-tui met an unexpected error and had to end. {self.crash_report}", file=sys.stderr
            )

    def get_loading_widget(self) -> Widget:
        return Line("…")

    def copy(self, words: str) -> str:
        """Send `words` to the clipboard of the terminal; returns what to tell the user."""
        return send_to_clipboard(self, words)


def _import_controller() -> Any:
    import importlib

    return importlib.import_module("mast_tui.controller")


def _host_of(address: str) -> str:
    return clean(address.partition("://")[2] or address, 60)
