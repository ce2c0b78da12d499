"""Before files are queued: what, how much, whereto, and what stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mast_tui.core.text import clean, human_bytes, plural
from mast_tui.tui.widgets.chrome import Line

if TYPE_CHECKING:
    from mast_tui.controller import FetchPlan


class TakeScreen(ModalScreen[str | None]):
    """Gives the folder to put the files in, or None. Enter takes, Esc leaves everything as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "no", show=False)]
    DEFAULT_CSS = """
    TakeScreen #where { height: 1; margin: 1 0; }
    TakeScreen #where Static { width: auto; text-style: bold; }
    TakeScreen #folder { width: 1fr; }
    """

    def __init__(self, plan: FetchPlan, has_token: bool) -> None:
        super().__init__()
        self._plan, self._has_token = plan, has_token

    def compose(self) -> ComposeResult:
        plan = self._plan
        text = Text(overflow="fold")
        size = human_bytes(plan.total_bytes)
        text.append(f"{plural(len(plan.items), 'file')}, {size}", Style(bold=True))
        if plan.unknown:
            text.append(f" and {plural(plan.unknown, 'file')} of unknown size")
        if plan.free_bytes is not None:
            text.append(f"; {human_bytes(plan.free_bytes)} are free")
        text.append(".\n")
        if plan.exclusive and not self._has_token:
            files = plural(plan.exclusive, "file")
            text.append(f"! {files} under exclusive access will wait for a login (L).\n", Style(bold=True))
        for uri, why in plan.refused[:3]:
            text.append(f"! left out: {clean(uri, 60)} ({clean(why, 60)})\n")
        if len(plan.refused) > 3:
            text.append(f"! and {len(plan.refused) - 3} more\n")
        if plan.problem is not None:
            text.append(f"! {plan.problem}\n", Style(bold=True))
        with Vertical(classes="dialog"):
            yield Line("Take these files?", classes="title")
            yield Static(text, markup=False)
            with Horizontal(id="where"):
                yield Static("into ", markup=False)
                box = Input(str(plan.folder), id="folder", compact=True)
                box.cursor_blink = False
                yield box
            yield Line(Text("enter queue them · esc leave it", Style(dim=True)))

    def on_mount(self) -> None:
        self.query_one("#folder", Input).focus()

    @on(Input.Submitted)
    def _yes(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.dismiss(event.value.strip())

    def action_no(self) -> None:
        self.dismiss(None)
