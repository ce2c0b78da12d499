"""Pictures in pixels (sixels, a DCS string) among the cells: drawn at their place, behind the cells of their frame.

What they cover is not known, so where one may be the wire does as Textual does: what is drawn there is sent, whatever
the cells held before. That ends, row by row, when a whole row is drawn. (Kitty's pictures stand on characters of their
own, and need none of this.)
"""

from __future__ import annotations

from mast_tui.tui.wire.reading import Drawn

PIXELS = "\x1bP"


class Pixels:
    """Which rows may show pixels, and what is to be drawn with the next frame."""

    def __init__(self) -> None:
        self._rows: set[int] = set()
        self._waiting: list[tuple[tuple[int, int], str]] = []

    def add(self, place: tuple[int, int], picture: str, height: int) -> None:
        """A picture at a (row, column) of a screen of `height` rows; how far it reaches is its own."""
        self._rows.update(range(place[0], height))
        self._waiting.append((place, picture))

    def lie_under(self, drawn: Drawn, width: int) -> bool:
        """Whether cells are drawn where pixels may be; a whole row of them leaves none there."""
        if drawn.y not in self._rows:
            return False
        if drawn.x == 0 and len(drawn.cells) >= width:
            self._rows.discard(drawn.y)
        return True

    def take(self) -> list[tuple[tuple[int, int], str]]:
        """The pictures that go out now, with their places."""
        taken, self._waiting = self._waiting, []
        return taken
