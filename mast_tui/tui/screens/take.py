"""Before files are queued: what, how much, whereto, and what stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mast_tui.tui.widgets.chrome import Line

if TYPE_CHECKING:
    from pathlib import Path

    from mast_tui.controller import FetchPlan


class TakeScreen(ModalScreen[str | None]):
    """Gives the folder to put the files in, or None. Enter takes, Esc leaves everything as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "no", show=False),
        Binding("up", "scroll(-1)", show=False),
        Binding("down", "scroll(1)", show=False),
    ]
    DEFAULT_CSS = """
    TakeScreen #said { height: auto; max-height: 35vh; }
    TakeScreen #where { height: 1; margin: 1 0 0 0; }
    TakeScreen #where Static { width: auto; text-style: bold; }
    TakeScreen #folder { width: 1fr; }
    """

    def __init__(self, plan: FetchPlan | None, has_token: bool, folder: Path | None = None) -> None:
        """`plan` may come later, by `show`: the dialog stands at once, so that keys typed ahead go to it. Then
        `folder` is where files go unless the user says otherwise."""
        super().__init__()
        self._plan, self._has_token = plan, has_token
        self._folder = plan.folder if plan is not None else folder

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Line("Take these files?", classes="title")
            with VerticalScroll(id="said", can_focus=False):
                yield Static(self._said(), markup=False)
            with Horizontal(id="where"):
                yield Static("into ", markup=False)
                box = Input(str(self._folder or ""), id="folder", compact=True)
                box.cursor_blink = False
                yield box
            yield Line(Text("enter queue them · esc leave it", Style(dim=True)))

    def _said(self) -> Text:
        from mast_tui.controller import describe

        if self._plan is None:
            return Text("Looking at what is here already …")
        text = Text(overflow="fold")
        for n, said in enumerate(describe(self._plan, logged_in=self._has_token)):
            mark = "! " if said.warns else ""
            text.append(("\n" if n else "") + mark + said.text, Style(bold=said.warns or n == 0))
        return text

    def show(self, plan: FetchPlan) -> None:
        """The plan, now that it is made."""
        self._plan = plan
        if self.is_attached:
            self.query_one("#said Static", Static).update(self._said())

    def on_mount(self) -> None:
        self.query_one("#folder", Input).focus()

    @on(Input.Submitted)
    def _yes(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.dismiss(event.value.strip())

    def action_scroll(self, lines: int) -> None:
        """What a small terminal has no room for can be read all the same."""
        self.query_one("#said", VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_no(self) -> None:
        self.dismiss(None)
