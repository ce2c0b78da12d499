"""Two terminals side by side: one is sent what Textual writes, the other what the wire makes of it."""

from __future__ import annotations

import pyte
from pyte.screens import Char
from rich.cells import cell_len

from mast_tui.tui.wire.cells import Picture
from mast_tui.tui.wire.difference import Abilities, Difference
from mast_tui.tui.wire.palette import Depth
from mast_tui.tui.wire.reading import Drawn, read


class Emulated:
    """A terminal of pyte's, without line wrap, as the driver sets it."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self.screen)
        self._stream.feed("\x1b[?7l")

    def feed(self, text: str) -> None:
        self._stream.feed(text)

    @property
    def cursor(self) -> tuple[int, int]:
        return self.screen.cursor.y, min(self.screen.cursor.x, self.width - 1)

    @property
    def cells(self) -> list[list[Char]]:
        """All cells with their colours and attributes. Half of a wide character is none: pyte leaves such halves
        standing, where terminals wipe them."""
        rows = []
        for y in range(self.height):
            row = [self.screen.buffer[y][x] for x in range(self.width)]
            rows.append([_whole(row, x) for x in range(self.width)])
        return rows


def _whole(row: list[Char], x: int) -> Char:
    char = row[x]
    if char.data == "":
        return char if x and cell_len(row[x - 1].data) == 2 else char._replace(data=" ")
    if cell_len(char.data) == 2 and (x + 1 == len(row) or row[x + 1].data != ""):
        return char._replace(data=" ")
    return char


class Wired(Emulated):
    """A terminal behind the wire: `show` takes what Textual writes, and returns what was sent for it."""

    def __init__(self, width: int, height: int, abilities: Abilities, depth: Depth = "truecolor") -> None:
        super().__init__(width, height)
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
