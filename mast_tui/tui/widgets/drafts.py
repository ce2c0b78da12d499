"""Pictures that come as a draft first and fine when the line is quiet, a few lines at a time, so that no key waits.

For the widgets that draw plots and images. On a fast link the fine picture is drawn at once, and nothing else happens.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.geometry import Region
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from mast_tui.tui.manners import manners_of

#: How often is looked whether the line is quiet, while a draft is shown.
_LOOK_S = 0.1
#: A picture that changes more often than this, in looks, is a film and stays a draft.
_STEADY = 5
#: A piece may take the line so long, with its round trip: so long may a key be kept waiting by it.
_PIECE_S = 0.4


class Drafts:
    """The lines that `widget` shows. A picture has two sets of lines of the same number, a draft and a fine one."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._lines: list[Strip] = []
        self._fine: list[Strip] = []
        self._of: object = None
        #: Lines that are fine already, lines that make a piece, and how often the line was found busy with the last.
        self._done, self._piece, self._busy = 0, 1, 0
        #: Looks since the picture is another.
        self._steady = 0
        self._timer: Timer | None = None

    def lines(self, of: object, fine: list[Strip], draft: Callable[[], list[Strip]]) -> list[Strip]:
        """What to show now; the list is changed in place, and the lines painted, as more of it becomes fine. While
        `of` is equal to what it was, lines that are fine stay so."""
        if not manners_of(self._widget.app).slow:
            self._stop()
            return fine
        if of != self._of:
            self._of, self._done, self._steady = of, 0, 0
        rough = draft() if self._done < len(fine) else []
        if len(rough) != len(fine):
            self._stop()
            return fine
        self._fine, self._lines = fine, [*fine[: self._done], *rough[self._done :]]
        if self._timer is None:
            self._busy = 0
            self._timer = self._widget.set_interval(_LOOK_S, self._look)
        return self._lines

    def _look(self) -> None:
        manners = manners_of(self._widget.app)
        self._steady += 1
        if manners.busy:
            self._busy += 1
        elif manners.quiet and self._steady >= _STEADY:
            short = self._busy * _LOOK_S <= _PIECE_S
            self._piece = 2 * self._piece if short else max(1, self._piece // 2)
            self._busy = 0
            self._refine(self._piece)

    def _refine(self, n: int) -> None:
        first, self._done = self._done, min(self._done + n, len(self._fine))
        self._lines[first : self._done] = self._fine[first : self._done]
        self._widget.refresh(Region(0, first, self._widget.size.width, self._done - first))
        if self._done == len(self._fine):
            self._stop()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._piece = 1
