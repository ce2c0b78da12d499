"""What all screens share: title, status, key hints, one way to run an action, one way to wait for the controller."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Input
from textual.worker import Worker

from mast_tui.core.errors import MastTuiError
from mast_tui.tui.actions import GLOBAL, Action, actions_of
from mast_tui.tui.widgets.chrome import KeyHints, StatusLine, TitleBar

if TYPE_CHECKING:
    from mast_tui.tui.app import MastApp


class RoomScreen(Screen[None]):
    """A full screen of the app. Subclasses set `CONTEXT` and `TITLE`, compose `body`, and have a `do_ID` per action."""

    CONTEXT: ClassVar[str] = ""
    NAME: ClassVar[str] = ""
    BINDINGS: ClassVar[list[BindingType]] = []

    @property
    def room(self) -> MastApp:
        """The app, typed."""
        from mast_tui.tui.app import MastApp

        return cast(MastApp, self.app)

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield from self.body()
        with Vertical(id="foot"):
            yield StatusLine()
            yield KeyHints()

    def body(self) -> ComposeResult:
        raise TypeError("a screen has a body")

    # --- the lines around ---------------------------------------------------------------------------------------

    @property
    def status(self) -> StatusLine:
        return self.query_one(StatusLine)

    def on_screen_resume(self) -> None:
        self.refresh_chrome()

    def on_resize(self) -> None:
        self.refresh_chrome()

    def refresh_chrome(self) -> None:
        """Title and hints as they are now; costs no bytes when nothing changed."""
        # a screen that is being opened has no lines yet
        if not self.is_attached or not self.query(TitleBar):
            return
        width = self.size.width or self.app.size.width
        self.query_one(TitleBar).show(self.NAME, self.room.archive_name, self.room.corner(), width)
        hints = [(a.shown_key, a.label, self.why_not(a.id) is None) for a in self.hinted() if a.label]
        # text goes into a focused input, so there only function keys lead elsewhere
        typing = isinstance(self.focused, Input)
        everywhere = [a for a in actions_of(GLOBAL) if a.label]
        for action in sorted(everywhere, key=lambda a: a.id == "help"):
            keys = [k for k in action.keys if len(k) > 1 and (k[0] == "f" or "+" in k)] if typing else action.keys
            hints.append((_shown(keys or action.keys), action.label, True))
        self.query_one(KeyHints).show(hints, width)

    def hinted(self) -> Sequence[Action]:
        """The actions whose keys are hinted at, the most wanted first; those with a label."""
        return actions_of(self.CONTEXT)

    def on_descendant_focus(self) -> None:
        self.refresh_chrome()

    def follow_manners(self) -> None:
        """The link is known to be slow, or fast again: draw as `room.manners` says from now on."""
        from mast_tui.tui.widgets.line_list import LineList

        marker = self.room.manners.marker(self.room.settings)
        for lines in self.query("LineList"):
            if isinstance(lines, LineList):
                lines.show_marker_only(marker)

    # --- actions ------------------------------------------------------------------------------------------------

    def why_not(self, action_id: str) -> str | None:
        """Why this action can't be done now, in a sentence; None when it can."""
        return None

    async def action_do(self, action_id: str) -> None:
        if not self.query(StatusLine):
            return  # a quick key met a screen that is only being opened
        reason = self.why_not(action_id)
        if reason is not None:
            self.status.wrong(reason)
            return
        method: Callable[[], Awaitable[None] | None] | None = getattr(self, f"do_{action_id}", None)
        if method is None:
            await self.room.action_do(action_id)
            return
        result = method()
        if result is not None:
            await result

    def do_back(self) -> None:
        self.room.go_back()

    # --- waiting ------------------------------------------------------------------------------------------------

    def start(self, work: Coroutine[None, None, None], group: str) -> Worker[None]:
        """Run `work` beside the screen; a new one of the same group ends the old one. Errors become the status line."""
        return self.run_worker(self._guarded(work), group=group, exclusive=True, exit_on_error=False, description=group)

    async def _guarded(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except MastTuiError as error:
            self.failed(error)

    def failed(self, error: MastTuiError) -> None:
        self.status.wrong(str(error))

    def say_busy(self, words: str) -> None:
        self.status.busy(words)

    def stop(self, group: str) -> bool:
        """End the work of a group; was there any?"""
        running = [w for w in self.workers if w.node is self and w.group == group and w.is_running]
        for worker in running:
            worker.cancel()
        return bool(running)


def _shown(keys: list[str] | tuple[str, ...]) -> str:
    from mast_tui.tui.actions import KEY_NAMES

    return KEY_NAMES.get(keys[0], keys[0])
