"""Two terminals side by side: one is sent what Textual writes, the other what the wire makes of it."""

from __future__ import annotations

import pyte
from pyte.screens import Char
from rich.cells import cell_len

from mast_tui.tui.wire.cells import Picture
from mast_tui.tui.wire.difference import Abilities, Difference
from mast_tui.tui.wire.palette import Depth
from mast_tui.tui.wire.reading import Drawn, read


class Screen(pyte.Screen):
    """pyte's, with what it lacks: repeating, and erasing as terminals do it.

    pyte writes all of the pen into what it erases. An xterm leaves the pen's background and nothing else there (`bce`),
    GNU screen not even that.
    """

    bce = True

    def repeat(self, count: int = 1) -> None:
        """ECMA-48 REP: the character left of the cursor again, `count` times."""
        x = min(self.cursor.x, self.columns) - 1
        self.draw(self.buffer[self.cursor.y][x].data * max(1, count))

    def select_graphic_rendition(self, *attrs: int, **kwargs: object) -> None:
        """pyte knows no dim: its blinking, which nothing of ours does, stands for that."""
        numbers, left = [], list(attrs)
        while left:
            number = left.pop(0)
            if number in (38, 48):
                rest = 4 if left[:1] == [2] else 2
                numbers += [number, *left[:rest]]
                del left[:rest]
            else:
                numbers += {2: [5], 22: [22, 25]}.get(number, [number])
        super().select_graphic_rendition(*numbers, **kwargs)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        with_pen = self._erase_pen()
        super().erase_in_line(how, private)
        self.cursor.attrs = with_pen

    def erase_characters(self, count: int | None = None) -> None:
        with_pen = self._erase_pen()
        super().erase_characters(count)
        self.cursor.attrs = with_pen

    def erase_in_display(self, how: int = 0, *args: object, **kwargs: object) -> None:
        with_pen = self._erase_pen()
        super().erase_in_display(how, *args, **kwargs)
        self.cursor.attrs = with_pen

    def _erase_pen(self) -> Char:
        """Put the pen that erases in place of the pen, which is returned."""
        pen = self.cursor.attrs
        self.cursor.attrs = self.default_char._replace(bg=pen.bg if self.bce else "default")
        return pen


class Stream(pyte.Stream):
    csi = {**pyte.Stream.csi, "b": "repeat"}  # noqa: RUF012 - as pyte declares it
    events = frozenset([*pyte.Stream.events, "repeat"])


class Emulated:
    """A terminal of pyte's, without line wrap, as the driver sets it."""

    def __init__(self, width: int, height: int, *, bce: bool = True) -> None:
        self.width, self.height = width, height
        self.screen = Screen(width, height)
        self.screen.bce = bce
        self._stream = Stream(self.screen)
        self._stream.feed("\x1b[?7l")

    def resize(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.screen.resize(height, width)

    def feed(self, text: str) -> None:
        self._stream.feed(text)

    @property
    def cursor(self) -> tuple[int, int]:
        return self.screen.cursor.y, min(self.screen.cursor.x, self.width - 1)

    @property
    def cells(self) -> list[list[Char]]:
        """All cells with their colours and attributes, as they are seen."""
        return [cells_seen([self.screen.buffer[y][x] for x in range(self.width)]) for y in range(self.height)]


def cells_seen(row: list[Char]) -> list[Char]:
    """A row without what the eye can't tell.

    Half of a wide character is none: pyte leaves such halves standing, where terminals wipe them. A blank has a
    foreground only where it is reversed or struck through or underlined.
    """
    return [_seen(_whole(row, x)) for x in range(len(row))]


def _seen(char: Char) -> Char:
    if char.data != " " or char.reverse or char.underscore or char.strikethrough:
        return char
    return Char(" ", bg=char.bg)


def _whole(row: list[Char], x: int) -> Char:
    char = row[x]
    if char.data == "":
        return char if x and cell_len(row[x - 1].data) == 2 else char._replace(data=" ")
    if cell_len(char.data) == 2 and (x + 1 == len(row) or row[x + 1].data != ""):
        return char._replace(data=" ")
    return char


class Wired(Emulated):
    """A terminal behind the wire: `show` takes what Textual writes, and returns what was sent for it.

    It can do what its `abilities` say, and no more.
    """

    def __init__(self, width: int, height: int, abilities: Abilities, depth: Depth = "truecolor") -> None:
        super().__init__(width, height, bce=abilities.bce)
        self.wanted = Picture(width, height)
        self.difference = Difference(width, height, abilities)
        self.difference.cleared()
        self._depth: Depth = depth

    def show(self, text: str, cursor: tuple[int, int] | None = None) -> str:
        for step in read(text, self._depth):
            if isinstance(step, Drawn):
                self.wanted.put(step.y, step.x, step.cells)
        sent = self.difference.to(self.wanted, cursor)
        self.feed(sent)
        return sent
