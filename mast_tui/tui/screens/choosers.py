"""Small questions over a screen: one of a list, some of a list, counts of a column, a text to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from mast_tui.core.text import clean
from mast_tui.tui.widgets.chrome import Line, one_line

_CLOSE: list[BindingType] = [Binding("escape,q", "dismiss_empty", show=False)]


class _Dialog(ModalScreen[str | None]):
    BINDINGS: ClassVar[list[BindingType]] = _CLOSE
    DEFAULT_CSS = """
    _Dialog OptionList { height: auto; max-height: 18; }
    _Dialog .title { text-style: bold; }
    """

    def action_dismiss_empty(self) -> None:
        self.dismiss(None)


class ChooseOne(_Dialog):
    """Gives the chosen word, or None. Typing a letter goes to the next entry that begins with it."""

    def __init__(self, title: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title, self._choices = title, choices

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Line(self._title, classes="title")
            yield OptionList(
                *(Option(one_line(label)) for _, label in self._choices),
                markup=False,
                compact=True,
            )
            yield Line(Text("enter choose · letter jumps · esc close", Style(dim=True)))

    def on_mount(self) -> None:
        self.query_one(OptionList).highlighted = 0

    def on_key(self, event: object) -> None:
        letter = (getattr(event, "character", None) or "").lower()
        if len(letter) == 1 and letter.isalnum():
            options = self.query_one(OptionList)
            start = (options.highlighted or 0) + 1
            order = [*range(start, len(self._choices)), *range(start)]
            for i in order:
                if i < len(self._choices) and self._choices[i][1].lstrip().lower().startswith(letter):
                    options.highlighted = i
                    break

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._choices[event.option_index][0])


class FacetsScreen(ChooseOne):
    """Values of a column with their counts; choosing one narrows to it."""

    def __init__(self, title: str, counts: Sequence[tuple[str, int]]) -> None:
        most = max((n for _, n in counts), default=1)
        width = max((len(clean(v, 30)) for v, _ in counts), default=1)
        super().__init__(
            title,
            [(v, f"{clean(v, 30) or '(none)':<{width}}  {n:>11,}  {'█' * round(20 * n / most)}") for v, n in counts],
        )


class ChooseColumns(_Dialog):
    """Which columns are shown: space turns one on or off; gives their names joined by commas, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "done", show=False, priority=True),
        Binding("space", "on_off", show=False, priority=True),
    ]

    def __init__(self, columns: Sequence[tuple[str, str]], shown: Sequence[str]) -> None:
        super().__init__()
        # shown ones first, in their order; the others below
        by_name = dict(columns)
        names = [n for n in shown if n in by_name] + [n for n, _ in columns if n not in shown]
        self._columns = [(n, by_name[n]) for n in names]
        self._on = {n for n in shown if n in by_name}

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Line("Columns", classes="title")
            yield OptionList(*(Option(self._line(i)) for i in range(len(self._columns))), markup=False, compact=True)
            yield Line(Text("space on or off · enter done", Style(dim=True)))

    def on_mount(self) -> None:
        self.query_one(OptionList).highlighted = 0

    def _line(self, i: int) -> Text:
        name, description = self._columns[i]
        sign = "✓" if name in self._on else " "
        return one_line(f"{sign} {clean(name, 20):<20} {clean(description, 80)}")

    def action_on_off(self) -> None:
        options = self.query_one(OptionList)
        i = options.highlighted
        if i is not None:
            self._on ^= {self._columns[i][0]}
            options.replace_option_prompt_at_index(i, self._line(i))

    def action_done(self) -> None:
        self.dismiss(",".join(n for n, _ in self._columns if n in self._on) or None)


class ReadText(_Dialog):
    """A text to read and scroll: code, headers, details."""

    BINDINGS: ClassVar[list[BindingType]] = [*_CLOSE, Binding("y", "copy", show=False)]
    DEFAULT_CSS = """
    ReadText VerticalScroll { height: auto; max-height: 30; scrollbar-size-vertical: 1; }
    ReadText .dialog { width: 100; }
    """

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._lines = [clean(line, 2000) for line in text.splitlines()]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Line(self._title, classes="title")
            with VerticalScroll():
                yield Static(Text("\n".join(self._lines)), markup=False)
            yield Line(Text("y copy · ↑↓ scroll · esc close", Style(dim=True)), id="foot")

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def action_copy(self) -> None:
        from mast_tui.tui.clipboard import send_to_clipboard

        self.query_one("#foot", Line).say(send_to_clipboard(self.app, "\n".join(self._lines)))
