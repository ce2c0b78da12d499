"""The resolvers side by side, when they disagree by more than a tenth of the radius: a person chooses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mast_tui.core import sky
from mast_tui.core.resolution import Resolution, largest_separation_arcsec
from mast_tui.core.text import clean
from mast_tui.tui.actions import bindings_for
from mast_tui.tui.screens.base import RoomScreen
from mast_tui.tui.widgets.chrome import Line


class ResolveScreen(RoomScreen):
    CONTEXT: ClassVar[str] = "resolve"
    NAME: ClassVar[str] = "Resolve"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("resolve")
    DEFAULT_CSS = """
    ResolveScreen #asked { margin: 1 2 0 2; }
    ResolveScreen #apart { margin: 0 2 1 2; }
    ResolveScreen #heads { margin: 0 2; text-style: bold; }
    ResolveScreen #answers { margin: 0 2; height: 1fr; }
    """

    def __init__(
        self, name: str, answers: Sequence[Resolution], radius_deg: float, chosen: Callable[[Resolution], None]
    ) -> None:
        super().__init__()
        self._asked, self._answers, self._radius_deg, self._chosen = name, answers, radius_deg, chosen

    def body(self) -> ComposeResult:
        apart = largest_separation_arcsec(self._answers)
        radius = self._radius_deg * 3600
        yield Line(Text(f"The resolvers disagree about “{clean(self._asked, 60)}”.", Style(bold=True)), id="asked")
        yield Line(
            f"They are {apart:.2f}″ apart, {apart / radius:.0%} of the search radius of {radius:.4g}″: which is meant?",
            id="apart",
        )
        yield Line(f"  {'by':<7}{'position (ICRS)':<31}{'from 1st':>9}  {'known as':<14} type", id="heads")
        yield OptionList(*(Option(self._line(a)) for a in self._answers), id="answers", markup=False, compact=True)

    def _line(self, answer: Resolution) -> Text:
        first = self._answers[0]
        apart = sky.separation_arcsec(first.ra_deg, first.dec_deg, answer.ra_deg, answer.dec_deg)
        place = sky.format_position(answer.ra_deg, answer.dec_deg)
        return Text(
            f"  {clean(answer.resolver, 6):<7}{place:<31}{apart:>8.2f}″  "
            f"{clean(answer.canonical_name, 14):<14} {clean(answer.object_type, 9)}",
            no_wrap=True,
            overflow="ellipsis",
        )

    def on_mount(self) -> None:
        options = self.query_one("#answers", OptionList)
        options.highlighted = 0
        options.focus()

    @on(OptionList.OptionSelected, "#answers")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._choose(event.option_index)

    def do_choose(self) -> None:
        self._choose(self.query_one("#answers", OptionList).highlighted or 0)

    def _choose(self, index: int) -> None:
        self.room.go_back()
        self._chosen(self._answers[index])
