"""Questions before something that can't be undone: leaving with transfers under way, dropping bytes.

Each says what would happen and names its keys; esc changes nothing.
"""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from mast_tui.core.text import clean


class _Question(ModalScreen[str | None]):
    """A sentence, and a line for each answer: key and what it does. The answer is given to the caller."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "answer('')", show=False)]

    def __init__(self, sentence: str, answers: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self._sentence, self._answers = sentence, answers

    def compose(self) -> ComposeResult:
        text = Text(clean(self._sentence, 300) + "\n")
        for key, words in (*self._answers, ("esc", "stay")):
            text.append("\n").append(f"{key:>5}  ", Style(bold=True)).append(words)
        with Vertical(classes="dialog"):
            yield Static(text, markup=False)

    def action_answer(self, answer: str) -> None:
        self.dismiss(answer or None)


class LeaveScreen(_Question):
    """Asked when the app is left while `moving` transfers are under way: "go on", "pause" or None (stay)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "answer('go on')", show=False),
        Binding("p,q", "answer('pause')", show=False),
    ]

    def __init__(self, moving: int) -> None:
        running = "1 transfer is under way." if moving == 1 else f"{moving:,} transfers are under way."
        super().__init__(
            running,
            (
                ("g", "they go on without the app; come back any time to see them"),
                ("p q", "pause them and leave; bytes so far are kept"),
            ),
        )


class DropScreen(_Question):
    """Asked before bytes that were fetched are dropped: "drop" or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("x,y", "answer('drop')", show=False)]

    def __init__(self, name: str, amount: str) -> None:
        super().__init__(
            f"{amount} of {name} are here and would be dropped.",
            (("x", "drop them and take it off the queue"),),
        )
