"""The headers of a FITS file: its HDUs, the cards of one of them, and a search over all."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar, NamedTuple

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from mast_tui.core.look import Card, HduLook, HeaderLook
from mast_tui.core.text import clean
from mast_tui.tui.actions import bindings_for
from mast_tui.tui.screens.base import RoomScreen
from mast_tui.tui.widgets.chrome import Line
from mast_tui.tui.widgets.line_list import LineList, clip

#: From this width the HDUs stand beside the cards; below it the line above the cards names the one that is shown.
_BESIDE = 72
_DIM = Style(dim=True)


class Place(NamedTuple):
    """A card of the file: its HDU's place in the list, and its own place in that header."""

    hdu: int
    card: int


class HduList(LineList[HduLook]):
    """The HDUs of the file, one a line."""

    def key_of(self, item: HduLook) -> Hashable:
        return item.index

    def line_of(self, item: HduLook, width: int) -> Text:
        name = item.name or item.kind
        version = f",{item.version}" if item.version > 1 else ""
        line = Text(f"{item.index:>3} ", _DIM, no_wrap=True, end="")
        line.append(clip(f"{name}{version}", max(1, width - 10)), Style())
        line.append(f" {shape_words(item)}", _DIM)
        line.truncate(width, overflow="ellipsis")
        return line


class CardList(LineList[Card]):
    """The cards of one HDU, one a line; what is longer than the line is told in full below the list."""

    def key_of(self, item: Card) -> Hashable:
        return id(item)

    def line_of(self, item: Card, width: int) -> Text:
        line = Text(no_wrap=True, end="")
        line.append(f"{item.keyword:<8} ", Style(bold=True))
        line.append(item.value)
        if item.comment:
            line.append(f"  / {item.comment}", _DIM)
        line.truncate(width, overflow="ellipsis")
        return line


class HeaderBrowser(RoomScreen):
    """All headers of one file. `/` searches keywords, values and comments of every HDU; the cards that fit are walked
    with enter and comma."""

    CONTEXT: ClassVar[str] = "header"
    NAME: ClassVar[str] = "Headers"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("header")
    DEFAULT_CSS = """
    HeaderBrowser #where { padding: 0 1; text-style: bold; }
    HeaderBrowser #middle { height: 1fr; }
    HeaderBrowser HduList { width: 30; }
    HeaderBrowser HduList.hidden { display: none; }
    HeaderBrowser #right { width: 1fr; }
    HeaderBrowser CardList { height: 1fr; }
    HeaderBrowser #card { height: auto; max-height: 3; padding: 0 1; }
    HeaderBrowser #search { display: none; }
    HeaderBrowser #search.shown { display: block; }
    """

    def __init__(self, header: HeaderLook, file: str = "", problem: str = "") -> None:
        """`problem` is what is wrong with the file, where its headers are all that could be read."""
        super().__init__()
        self._header, self._file, self._problem = header, clean(file, 80), problem
        self._at = 0
        self._matches: list[Place] = []
        self._searched = ""

    def body(self) -> ComposeResult:
        yield Line("", id="where")
        with Horizontal(id="middle"):
            yield HduList(id="hdus")
            with Vertical(id="right"):
                yield CardList(id="cards")
                yield Static("", id="card", markup=False)
        box = Input("", "words of a keyword, value or comment, in all HDUs; enter", id="search", compact=True)
        box.cursor_blink = False
        yield box

    def on_mount(self) -> None:
        self.query_one(HduList).show(self._header.hdus)
        self._fit()
        self._show_hdu(0)
        self.query_one(CardList).focus()
        if self._problem:
            self.status.wrong(self._problem)
        elif self._header.notes:
            self.status.idle(" ".join(self._header.notes))

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        hdus = self.query_one(HduList)
        hidden = self.app.size.width < _BESIDE or len(self._header.hdus) < 2
        if hidden and hdus.has_focus:
            self.query_one(CardList).focus()
        hdus.set_class(hidden, "hidden")

    # --- what is shown ------------------------------------------------------------------------------------------

    def _show_hdu(self, at: int, card: int = 0) -> None:
        """The cards of the HDU at this place of the list, the cursor on this one of them."""
        if not self._header.hdus:
            return
        cards = self.query_one(CardList)
        self._at = at
        hdu = self._header.hdus[at]
        self.query_one(HduList).place(at)
        cards.show(hdu.cards)
        cards.place(card)
        cards.refresh()
        self._say_where()
        self._say_card()

    def _say_where(self) -> None:
        hdu, n = self._header.hdus[self._at], len(self._header.hdus)
        parts = [self._file, f"HDU {hdu.index} of {n}" if n > 1 else "", hdu.name, hdu.kind, shape_words(hdu)]
        self.query_one("#where", Line).say(" · ".join(part for part in parts if part))

    def _say_card(self) -> None:
        card = self.query_one(CardList).current
        self.query_one("#card", Static).update(Text(card_words(card), _DIM) if card is not None else "")

    @on(LineList.Moved)
    def _moved(self) -> None:
        hdus = self.query_one(HduList)
        if hdus.cursor != self._at:
            self._show_hdu(hdus.cursor)
        else:
            self._say_card()

    # --- keys ---------------------------------------------------------------------------------------------------

    def why_not(self, action_id: str) -> str | None:
        if action_id in ("previous_hdu", "next_hdu") and len(self._header.hdus) < 2:
            return "There is only this one HDU."
        if action_id in ("next_match", "previous_match") and not self._matches:
            return "Search for something first: / and words."
        if action_id == "copy" and self.query_one(CardList).current is None:
            return "There is no card here."
        return None

    def do_previous_hdu(self) -> None:
        self._show_hdu((self._at - 1) % len(self._header.hdus))

    def do_next_hdu(self) -> None:
        self._show_hdu((self._at + 1) % len(self._header.hdus))

    def do_search(self) -> None:
        box = self.query_one("#search", Input)
        box.add_class("shown")
        box.focus()

    @on(Input.Submitted, "#search")
    def _search(self, event: Input.Submitted) -> None:
        self._close_search()
        self._searched = event.value.strip()
        self._matches = find_cards(self._header, self._searched) if self._searched else []
        self.refresh_chrome()
        if self._matches:
            # the first at or after the cursor, as in a pager
            here = Place(self._at, self.query_one(CardList).cursor)
            self._go_to(next((i for i, place in enumerate(self._matches) if place >= here), 0))
        elif self._searched:
            self.status.wrong(f"No card of any HDU holds “{clean(self._searched, 60)}”.")

    def do_next_match(self) -> None:
        here = Place(self._at, self.query_one(CardList).cursor)
        self._go_to(next((i for i, place in enumerate(self._matches) if place > here), 0))

    def do_previous_match(self) -> None:
        here = Place(self._at, self.query_one(CardList).cursor)
        before = [i for i, place in enumerate(self._matches) if place < here]
        self._go_to(before[-1] if before else len(self._matches) - 1)

    def _go_to(self, match: int) -> None:
        place = self._matches[match]
        self._show_hdu(place.hdu, place.card)
        self.status.idle(f"“{clean(self._searched, 40)}”: card {match + 1:,} of {len(self._matches):,}")

    def _close_search(self) -> None:
        self.query_one("#search").remove_class("shown")
        self.query_one(CardList).focus()

    def do_copy(self) -> None:
        card = self.query_one(CardList).current
        assert card is not None
        self.status.idle(self.room.copy(card_words(card)))

    def do_back(self) -> None:
        if self.query_one("#search").has_class("shown"):
            self._close_search()
        else:
            self.room.go_back()


def find_cards(header: HeaderLook, words: str) -> list[Place]:
    """The cards whose keyword, value or comment hold all these words, in the order of the file."""
    wanted = words.casefold().split()
    return [
        Place(i, j)
        for i, hdu in enumerate(header.hdus)
        for j, card in enumerate(hdu.cards)
        if _fits(f"{card.keyword} {card.value} {card.comment}".casefold(), wanted)
    ]


def _fits(text: str, wanted: list[str]) -> bool:
    return all(word in text for word in wanted)


def card_words(card: Card) -> str:
    """'EXPTIME  = 1200.5  / exposure time (s)'."""
    comment = f"  / {card.comment}" if card.comment else ""
    return f"{card.keyword:<8} = {card.value}{comment}"


def shape_words(hdu: HduLook) -> str:
    """'11 × 13', '20,076 rows', or '' for a header without data."""
    if "table" in hdu.kind and hdu.shape:
        return f"{hdu.shape[0]:,} rows"
    return " × ".join(str(n) for n in hdu.shape)
