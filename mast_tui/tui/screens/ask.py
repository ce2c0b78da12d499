"""One question that is answered in one line: a period, a redshift, a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from mast_tui.tui.widgets.chrome import Line


class AskLine(ModalScreen[str | None]):
    """Gives what was typed once `wrong` (a sentence of what is wrong with it, or None) accepts it; None for Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "no", show=False)]
    DEFAULT_CSS = "AskLine .title { text-style: bold; }"

    def __init__(self, title: str, value: str, hint: str, wrong: Callable[[str], str | None]) -> None:
        super().__init__()
        self._title, self._value, self._hint, self._wrong = title, value, hint, wrong

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Line(self._title, classes="title")
            yield Input(self._value, compact=True, select_on_focus=True)
            yield Line(Text(self._hint, Style(dim=True)), id="hint")
            yield Line(Text("enter go on · esc close", Style(dim=True)))

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        words = event.value.strip()
        reason = self._wrong(words)
        if reason is None:
            self.dismiss(words)
        else:
            self.query_one("#hint", Line).say(Text(f"! {reason}", Style(bold=True)))

    def action_no(self) -> None:
        self.dismiss(None)
