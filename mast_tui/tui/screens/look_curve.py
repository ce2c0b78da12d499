"""What the keys of a curve share: the series as read, what was asked of it, and what is drawn for that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mast_tui.core.errors import MastTuiError
from mast_tui.core.look import Preview, Series
from mast_tui.tui.asked import Asked, Drawn, drawn
from mast_tui.tui.screens.base import RoomScreen
from mast_tui.tui.widgets.plot_view import PlotView

_NOUNS = {"lightcurve": "light curve", "spectrum": "spectrum", "periodogram": "periodogram"}
_PLURALS = {"lightcurve": "light curves", "spectrum": "spectra"}


class CurveScreen(RoomScreen):
    """One item of `preview`, and the series `others` that are laid over it or joined to it.

    `ask` changes the question; the numbers are worked out in a thread and `show_drawn` is called with them. `answered`
    is the question that `drawn` answers.
    """

    def __init__(self, where: str, file: str) -> None:
        super().__init__()
        self.where, self.file = where, file
        self.preview: Preview | None = None
        self.item = 0
        self.asked = Asked()
        self.others: tuple[Series, ...] = ()
        self.drawn: Drawn | None = None
        self.answered = Asked()

    @property
    def base(self) -> Series | None:
        """The item as it was read, where it is a curve."""
        preview = self.preview
        item = preview.items[self.item] if preview is not None and preview.items else None
        return item if isinstance(item, Series) else None

    @property
    def plot(self) -> PlotView:
        return self.query_one(PlotView)

    def ask(self, **changes: object) -> None:
        """Draw with these changes to the question; the last of several quick ones counts."""
        self.asked = replace(self.asked, **changes)  # type: ignore[arg-type]
        self.draw()

    def draw(self, then: Callable[[], None] | None = None) -> None:
        self.start(self._draw(then), "draw")

    async def _draw(self, then: Callable[[], None] | None) -> None:
        from mast_tui.controller.threads import in_own_thread

        base, asked = self.base, self.asked
        if base is None:
            return
        try:
            self.drawn = await in_own_thread(drawn, base, self.others, asked)
        except MastTuiError:
            self.asked = self.answered
            raise
        self.answered = asked
        self.show_drawn()
        if then is not None:
            then()

    def show_drawn(self) -> None:
        """The plot and the words around it, as `drawn` is now."""
        raise TypeError("a screen of a curve shows it")

    def why_no_curve(self, kind: str = "") -> str | None:
        """Why nothing can be asked of a curve here, or of one of this kind."""
        base = self.base
        if base is None:
            return "There is no curve here."
        if base.x.size == 0:
            return "There are no good points here; m changes the mask."
        if kind and base.kind != kind:
            return f"That key is for {_PLURALS[kind]}; this is a {_NOUNS[base.kind]}."
        return None
