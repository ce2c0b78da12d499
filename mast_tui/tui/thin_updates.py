"""Only the cells that were to be repainted go to the terminal.

Textual 8.2 sends a line from the left edge of its widget up to the cell that changed: a cursor line that moves one
column through a plot costs as much as the plot. `ThinUpdates` starts at the first cell of the changed region.
"""

from __future__ import annotations

from typing import TypeVar

from rich.console import Console, RenderableType
from rich.control import Control
from textual._compositor import ChopsUpdate
from textual.app import App
from textual.screen import Screen

T = TypeVar("T")


class ThinUpdate(ChopsUpdate):
    """The same picture as `ChopsUpdate`, from the same parts of lines."""

    def render_segments(self, console: Console) -> str:
        sequences: list[str] = []
        for y, first, last in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= last or end <= first:
                    continue
                start = 0
                if x < first or end > last:
                    # half of a wide character cannot be sent, so that such lines are sent from their beginning
                    start = max(0, first - x) if strip.cell_length == len(strip.text) else 0
                    strip = strip.crop(start, min(end, last) - x)
                sequences.append(Control.move_to(x + start, y).segment.text)
                sequences.append(strip.render(console))
        return "".join(sequences)


class ThinUpdates(App[T]):
    """An app that repaints no more than what has changed."""

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if type(renderable) is ChopsUpdate:
            renderable = ThinUpdate(renderable.chops, renderable.spans, renderable.chop_ends)
        super()._display(screen, renderable)
