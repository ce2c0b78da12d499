"""The archive's own picture of a file or an observation, shown before a byte of the data is moved.

One key leads on to what it is a picture of. A picture that does not come, or can't be decoded, is said in words; the
key leads on all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static

from mast_tui.core.errors import MastTuiError
from mast_tui.core.look import PictureLook, Preview
from mast_tui.tui.actions import bindings_for
from mast_tui.tui.screens.base import RoomScreen
from mast_tui.tui.screens.listing import chips
from mast_tui.tui.screens.look_item import moved_words
from mast_tui.tui.widgets.picture_view import PictureView


class FirstLookScreen(RoomScreen):
    CONTEXT: ClassVar[str] = "first_look"
    NAME: ClassVar[str] = "Look"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("first_look")
    DEFAULT_CSS = """
    FirstLookScreen #about { height: auto; max-height: 2; padding: 0 1; }
    FirstLookScreen #picture { height: 1fr; }
    """

    def __init__(self, picture: str, name: str, why: str, enter_does: str, further: Callable[[], RoomScreen]) -> None:
        """`picture` is the URI of the picture of `name`, `why` what picture it is; `further` makes the next screen,
        `enter_does` says what that does.
        """
        super().__init__()
        self._uri, self._of, self._why, self._further = picture, name, why, further
        self._go_on = f"enter {enter_does}"

    def body(self) -> ComposeResult:
        yield Static(chips((self._of, True), self._why), id="about", markup=False)
        yield Vertical(id="picture")

    def on_mount(self) -> None:
        self.start(self._load(), "look")

    async def _load(self) -> None:
        controller = await self.room.controller()
        self.say_busy(f"getting {self._why} … esc stops, {self._go_on}")
        preview = await controller.looks.look(self._uri, notice=self.say_busy)
        await self._show(preview)

    async def _show(self, preview: Preview) -> None:
        look = preview.items[0] if preview.items else None
        if not isinstance(look, PictureLook) or look.pixels is None:
            notes = look.notes if look is not None else ()
            said = " ".join((*preview.problems, *notes)) or f"it is no picture but {preview.kind}"
            self.status.wrong(f"The archive's picture can't be shown: {said.rstrip('.')}; {self._go_on}.")
            return
        pixels = f"{look.format} {' × '.join(str(n) for n in reversed(look.shape))} pixels"
        self.query_one("#about", Static).update(chips((self._of, True), *look.notes[:1], self._why, pixels))
        await self.query_one("#picture").mount(PictureView(look, ascii_only=self.room.settings.plot == "ascii"))
        came = f"{moved_words(preview.moved)}; " if preview.moved is not None else ""
        self.status.idle(f"{came}{self._go_on}")

    def failed(self, error: MastTuiError) -> None:
        self.status.wrong(f"The archive's picture did not come: {error} Or {self._go_on}.")

    def do_look(self) -> None:
        self.stop("look")
        self.app.switch_screen(self._further())

    def do_back(self) -> None:
        self.stop("look")
        self.room.go_back()
