"""Help: what every key does here; and the palette: any action by its name. Both read the action table, nothing else."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mast_tui.tui.actions import GLOBAL, KEY_NAMES, Action, actions_of
from mast_tui.tui.screens.base import RoomScreen
from mast_tui.tui.widgets.chrome import Line
from mast_tui.tui.widgets.line_list import LineList

_KEY = Style(bold=True)
_MOVING = (
    ("↑ ↓", "One line up or down; PgUp PgDn a page, Home End to the first or last"),
    ("tab", "The next field; shift+tab the one before"),
    ("F1", "This help, also while you type into a field"),
)


def keys_of(action: Action) -> str:
    """All keys of an action as a person reads them: 'D F3'."""
    return " ".join(KEY_NAMES.get(key, key) for key in action.keys)


class HelpScreen(ModalScreen[None]):
    """Every key of one context, then those that work everywhere."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,f1,enter", "close", show=False)]

    def __init__(self, context: str) -> None:
        super().__init__()
        self._of = context

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Line(Text.assemble((f"Keys: {self._of}", _KEY), "   ↑↓ scroll   esc close"))
            with VerticalScroll(id="help-keys"):
                yield Static(self._table(), markup=False)

    def _table(self) -> Table:
        rows = [(keys_of(a), a.help) for a in actions_of(self._of)]
        everywhere = [*((keys_of(a), a.help) for a in actions_of(GLOBAL)), *_MOVING]
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True)
        table.add_column()
        for part in (rows, [("", ""), ("Everywhere", "")], everywhere):
            for keys, words in part:
                table.add_row(Text(keys, _KEY), Text(words))
        return table

    def action_close(self) -> None:
        self.dismiss()


@dataclass(frozen=True)
class Offer:
    """An action, and why it can't be done now (None: it can)."""

    action: Action
    reason: str | None


class OfferList(LineList[Offer]):
    """The actions that fit what was typed."""

    def key_of(self, item: Offer) -> Hashable:
        return item.action.context, item.action.id

    def line_of(self, item: Offer, width: int) -> Text:
        style = Style() if item.reason is None else Style(dim=True)
        line = Text(f"{keys_of(item.action):<14} ", style=_KEY if item.reason is None else style, no_wrap=True, end="")
        line.append(item.action.help if item.reason is None else f"{item.action.help}: not now. {item.reason}", style)
        line.truncate(width, overflow="ellipsis")
        return line


class PaletteScreen(ModalScreen[None]):
    """Type words of an action, choose it, and it is done on the screen below."""

    DEFAULT_CSS = "PaletteScreen OfferList { height: 14; } PaletteScreen #help-words { height: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", show=False),
        Binding("down,ctrl+n", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("pageup", "move(-10)", show=False),
    ]

    def __init__(self, below: RoomScreen) -> None:
        super().__init__()
        self._below = below

    def compose(self) -> ComposeResult:
        words = Input(placeholder="what to do: words of it, then enter", id="palette-words", compact=True)
        words.cursor_blink = False
        actions = OfferList(id="palette-actions")
        actions.can_focus = False
        with Vertical(classes="dialog"):
            yield words
            yield actions
            yield Line("↑↓ choose   enter do it   esc close")

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self._offer("")

    def _offer(self, typed: str) -> None:
        below = self._below
        offers = [Offer(a, below.why_not(a.id)) for a in actions_of(below.CONTEXT)]
        offers += [Offer(a, None) for a in actions_of(GLOBAL) if a.id != "palette"]
        actions = self.query_one(OfferList)
        actions.show(fitting(offers, typed))
        actions.place(0)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._offer(event.value)

    @on(Input.Submitted)
    def _chosen(self) -> None:
        offer = self.query_one(OfferList).current
        self.dismiss()
        if offer is not None:
            # by the screen below, after this one is gone: what it does may open another
            self._below.call_later(self._below.action_do, offer.action.id)

    def action_move(self, by: int) -> None:
        self.query_one(OfferList).action_move(by)

    def action_close(self) -> None:
        self.dismiss()


def fitting(offers: list[Offer], typed: str) -> list[Offer]:
    """The offers that hold all typed words, in any order; those where words begin so come first."""
    wanted = typed.casefold().split()

    def misfit(offer: Offer) -> int | None:
        has = f"{offer.action.label} {offer.action.help} {offer.action.id.replace('_', ' ')}".casefold()
        starts = has.split()
        if not all(word in has for word in wanted):
            return None
        return sum(not any(s.startswith(word) for s in starts) for word in wanted)

    ranked = [(misfit(o), i) for i, o in enumerate(offers)]
    return [offers[i] for rank, i in sorted((r, i) for r, i in ranked if r is not None)]
