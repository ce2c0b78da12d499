"""A list of one-line things with a cursor: only the lines on the screen are made, only what changed in them is sent.

Used for transfers, sessions and their files. A list of 30,000 files costs what a list of 20 does.
"""

from __future__ import annotations

import textwrap
from abc import abstractmethod
from collections.abc import Hashable, Sequence
from typing import ClassVar, Generic, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

Item = TypeVar("Item")

#: Stands before the line of the cursor, so that it is seen without colour.
CURSOR_SIGN = "▸"
REVERSE = Style(reverse=True)


class LineList(ScrollView, Generic[Item], can_focus=True):
    """Subclasses say what a line looks like (`line_of`) and which item is the same as before (`key_of`)."""

    DEFAULT_CSS = """
    LineList { height: 1fr; width: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; background: $background; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("home", "go(0)", show=False),
        Binding("end", "go(-1)", show=False),
    ]

    class Moved(Message):
        """The cursor is on another line."""

    #: Lists that are only read have none.
    HAS_CURSOR: ClassVar[bool] = True

    def __init__(self, *, id: str | None = None, marker_only: bool = False) -> None:  # noqa: A002
        """`marker_only`: show the cursor by its sign alone, which is fewer bytes on a thin link."""
        super().__init__(id=id)
        self.items: Sequence[Item] = ()
        self.cursor = 0
        self.touched = False
        self._marker_only = marker_only
        self._drawn: dict[int, Text] = {}

    def show_marker_only(self, marker_only: bool) -> None:
        """Show the cursor in this way from now on, as the constructor says."""
        if marker_only != self._marker_only:
            self._marker_only = marker_only
            self.refresh(Region(0, self.cursor - self.scroll_offset.y, self.size.width, 1))

    @abstractmethod
    def line_of(self, item: Item, width: int) -> Text:
        """One line of at most `width` cells; every word in it that came from outside is clean."""

    @abstractmethod
    def key_of(self, item: Item) -> Hashable:
        """What stays the same while the item changes."""

    @property
    def current(self) -> Item | None:
        return self.items[self.cursor] if self.cursor < len(self.items) else None

    def show(self, items: Sequence[Item]) -> None:
        """The items as they are now. The cursor stays on its item; only what changed on the screen is drawn."""
        old, self.items = self.items, items
        at = self.cursor
        if at < len(old) and not (at < len(items) and self.key_of(items[at]) == self.key_of(old[at])):
            key = self.key_of(old[at])
            at = next((i for i, item in enumerate(items) if self.key_of(item) == key), at)
        at = max(0, min(at, len(items) - 1))
        if len(items) != len(old):
            self.virtual_size = Size(0, len(items))
        if at != self.cursor:
            self._put(at)
        self._draw_changes()

    def _draw_changes(self) -> None:
        top = self.scroll_offset.y
        for y, drawn in list(self._drawn.items()):
            new = self._line(top + y)
            if new == drawn:
                continue
            first, last = _difference(drawn, new)
            self.refresh(Region(first, y, max(1, last - first), 1))

    def _line(self, row: int) -> Text:
        if not 0 <= row < len(self.items):
            return Text("")
        width = self.size.width
        here = row == self.cursor and self.HAS_CURSOR
        line = Text(CURSOR_SIGN if here else " ", no_wrap=True, end="")
        line.append_text(self.line_of(self.items[row], width - 1))
        line.truncate(width, pad=True)
        return line

    def render_line(self, y: int) -> Strip:
        row = self.scroll_offset.y + y
        line = self._drawn[y] = self._line(row)
        width, base = self.size.width, self.rich_style
        if row >= len(self.items):
            return Strip.blank(width, base)
        if row == self.cursor and self.HAS_CURSOR and not self._marker_only:
            base += REVERSE
        segments = [
            Segment(s.text, base + s.style if isinstance(s.style, Style) else base)
            for s in line.render(self.app.console)
        ]
        return Strip(segments).adjust_cell_length(width, base)

    def on_resize(self) -> None:
        self._drawn.clear()
        self.virtual_size = Size(0, len(self.items))
        self.refresh()

    # --- the cursor ---------------------------------------------------------------------------------------------

    def _put(self, row: int) -> None:
        old, self.cursor = self.cursor, max(0, min(row, len(self.items) - 1))
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, immediate=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, immediate=True)
        else:
            width = 1 if self._marker_only else self.size.width
            for line in (old, self.cursor):
                self.refresh(Region(0, line - top, width, 1))
        if old != self.cursor:
            self.post_message(self.Moved())

    def place(self, row: int) -> None:
        """Put the cursor on a line."""
        if self.items and row != self.cursor:
            self._put(row)

    def action_move(self, by: int) -> None:
        self.touched = True
        self.place(max(0, self.cursor + by))

    def action_page(self, by: int) -> None:
        self.touched = True
        self.place(max(0, self.cursor + by * max(1, self.size.height - 1)))

    def action_go(self, row: int) -> None:
        self.touched = True
        self.place(len(self.items) - 1 if row < 0 else row)


class Facts(LineList[tuple[str, str]], can_focus=False):
    """What is known of one thing, a fact a line: name, words. Long words go on in lines below their own."""

    HAS_CURSOR = False
    _facts: Sequence[tuple[str, str]] = ()

    def on_resize(self) -> None:
        self.tell(self._facts)

    def tell(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show these facts; every word in them that came from outside is clean."""
        self._facts = facts
        names = max((len(name) for name, _ in facts), default=0)
        room = max(20, self.size.width - names - 5)
        lines = []
        for name, words in facts:
            parts = textwrap.wrap(words, room) or [""]
            lines += [(f"{n:>{names}}", part) for n, part in zip((name, *[""] * len(parts)), parts, strict=False)]
        self.show(lines)

    def key_of(self, item: tuple[str, str]) -> Hashable:
        return 0

    def line_of(self, item: tuple[str, str], width: int) -> Text:
        return Text.assemble((item[0], Style(dim=True)), "  ", item[1], no_wrap=True, end="")


def _difference(old: Text, new: Text) -> tuple[int, int]:
    """The cells from the first to the last that differ: (first, one past the last)."""
    wide = old.cell_len != len(old.plain) or new.cell_len != len(new.plain)
    if wide or old.spans != new.spans or len(old.plain) != len(new.plain):
        return 0, max(old.cell_len, new.cell_len)
    differ = [i for i, (a, b) in enumerate(zip(old.plain, new.plain, strict=True)) if a != b]
    return (differ[0], differ[-1] + 1) if differ else (0, 0)


def clip(words: str, width: int) -> str:
    """`words` in at most `width` cells: the end goes."""
    if cell_len(words) <= width:
        return words
    return set_cell_size(words, width - 1).rstrip() + "…" if width > 0 else ""


def shorten(words: str, width: int) -> str:
    """`words` in at most `width` cells: the middle goes, because names differ at their ends."""
    if width <= 0:
        return ""
    if cell_len(words) != len(words):
        return set_cell_size(words, width).rstrip() if cell_len(words) > width else words
    if len(words) <= width:
        return words
    tail = (width - 1) * 3 // 5
    return words[: width - 1 - tail] + "…" + words[len(words) - tail :]
