"""Preview: a file's light curve or spectrum, and the questions one asks of it, before its bytes are taken for good.

Other kinds of items have screens of their own (`look_kinds`); a text, and a file that can't be read, are shown here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from mast_tui.core.errors import MastTuiError
from mast_tui.core.look import ImageLook, Look, Preview, Series
from mast_tui.core.text import clean
from mast_tui.tui.actions import Action, bindings_for
from mast_tui.tui.screens.choosers import ChooseOne, ReadText
from mast_tui.tui.screens.header_browser import HeaderBrowser
from mast_tui.tui.screens.look_about import about_curve, curve_state, in_words, laid_out
from mast_tui.tui.screens.look_item import say_what_came
from mast_tui.tui.screens.look_keep_keys import KeepKeys
from mast_tui.tui.screens.look_period_keys import SEARCHES
from mast_tui.tui.screens.look_question_keys import OF_LIGHT, OF_SPECTRA, QuestionKeys, listed
from mast_tui.tui.screens.look_reading_keys import ReadingKeys
from mast_tui.tui.screens.look_view_keys import ViewKeys
from mast_tui.tui.widgets.chrome import Line
from mast_tui.tui.widgets.plot_view import PlotView

#: Below this many rows the plot needs every one of them.
_SHORT = 16


class PreviewScreen(ReadingKeys, ViewKeys, QuestionKeys, KeepKeys):
    """Looks at `where` (a path or URI); with `preview` and `item`, at what has been read already."""

    CONTEXT: ClassVar[str] = "preview"
    NAME: ClassVar[str] = "Look"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for("preview"),
        *(Binding(str(k), f"item({k})", show=False) for k in range(1, 10)),
    ]
    DEFAULT_CSS = """
    PreviewScreen #about { height: auto; max-height: 2; padding: 0 1; }
    PreviewScreen #readout { padding: 0 1; }
    PreviewScreen PlotView { height: 1fr; display: none; }
    PreviewScreen #words { height: 1fr; display: none; padding: 0 1; scrollbar-size-vertical: 1; }
    PreviewScreen .shown { display: block; }
    PreviewScreen.-short #about { max-height: 1; }
    """

    def __init__(
        self,
        where: str,
        name: str,
        size: int | None = None,
        *,
        preview: Preview | None = None,
        item: int = 0,
        marked: Sequence[tuple[str, str]] = (),
    ) -> None:
        """`marked` are further files, as URI and name, that may be laid over the curve of this one."""
        super().__init__(where, name, size)
        self.preview, self.item, self.marked = preview, item, tuple(marked)

    def body(self) -> ComposeResult:
        yield Static("", id="about", markup=False)
        yield PlotView(ascii_only=self.room.settings.plot == "ascii")
        with VerticalScroll(id="words"):
            yield Static("", id="text", markup=False)
        yield Line("", id="readout")

    def on_resize(self) -> None:
        super().on_resize()
        self.set_class(self.size.height < _SHORT, "-short")
        self._say_about()

    def on_mount(self) -> None:
        self._say_about()
        if self.preview is None:
            self.read()
        else:
            self._turn_to(self.item)

    def failed(self, error: MastTuiError) -> None:
        super().failed(error)
        self.refresh_chrome()

    # --- showing ----------------------------------------------------------------------------------------------------

    def _look(self) -> Look | None:
        return self.preview.items[self.item] if self.preview is not None and self.preview.items else None

    def show_item(self) -> None:
        from mast_tui.tui.screens.look_kinds import screen_for

        assert self.preview is not None
        other = screen_for(self.where, self.file, self.preview, self.item)
        if other is not None:
            self.app.switch_screen(other)
            return
        # a search of what was shown before must not come over this
        self.stop("period")
        self.search, self.searching, self.drawn = None, False, None
        self._say_about()
        base = self.base
        self.plot.set_class(base is not None, "shown")
        words = self.query_one("#words")
        words.set_class(base is None, "shown")
        self.query_one("#readout", Line).say("")
        if base is not None:
            self.plot.focus()
            self.draw()
        else:
            self.query_one("#text", Static).update(in_words(self._look(), self.preview))
            words.focus()
        say_what_came(self.status, self.preview)
        self.refresh_chrome()

    def show_drawn(self) -> None:
        drawn = self.drawn
        if drawn is None:
            return
        self.end_other_search(drawn.searched)
        if self.searching and self.search is not None:
            self.plot.show(self.search.spectrum, marks=self.peak())
        else:
            before = self.plot.series
            same_axis = before is not None and before.x_axis == drawn.series.x_axis
            self.plot.show(
                drawn.series,
                also=drawn.also,
                over=drawn.over,
                marks=drawn.marks,
                errors=self.asked.errors,
                keep_view=same_axis,
            )
        self._say_about()
        self.refresh_chrome()

    def _say_about(self) -> None:
        preview, item = self.preview, self._look()
        about = self.query_one("#about", Static)
        if preview is None:
            about.update(laid_out([(self.file, True)], self._about_width, 1))
            return
        series = item if isinstance(item, Series) else None
        shown = self.drawn.series if series is not None and self.drawn is not None and self.asked.join else series
        parts = about_curve(self.file, preview, item, self.item, shown, self._state(), self.mask)
        about.update(laid_out(parts, self._about_width, 1 if self.size.height < _SHORT else 2))

    @property
    def _about_width(self) -> int:
        """What the padding leaves of the line."""
        return max(1, (self.size.width or self.app.size.width) - 2)

    def _state(self) -> tuple[str, ...]:
        if self.searching and self.search is not None:
            return ("box least squares" if self.search.method == "bls" else "Lomb-Scargle periodogram",)
        return curve_state(self.drawn, self.asked)

    @on(PlotView.ReadoutChanged)
    def _read_out(self, event: PlotView.ReadoutChanged) -> None:
        self.query_one("#readout", Line).say(event.readout)

    # --- keys -------------------------------------------------------------------------------------------------------

    def why_not(self, action_id: str) -> str | None:
        preview = self.preview
        if action_id == "back":
            return None
        if preview is None:
            return "The file is not here yet."
        if action_id in ("previous_item", "next_item", "jump") and len(preview.items) < 2:
            return "There is only this one."
        if action_id == "header" and preview.header is None:
            return "This file has no FITS headers."
        return self.why_not_now(action_id) or super().why_not(action_id)

    def hinted(self) -> Sequence[Action]:
        """Without what this kind of curve can't be asked: a narrow line of hints has no room for it."""
        kind = self.base.kind if self.base is not None else ""
        others = {"spectrum": OF_LIGHT | SEARCHES | {"quality"}, "lightcurve": OF_SPECTRA}.get(kind, frozenset())
        return [action for action in super().hinted() if action.id not in others]

    def do_previous_item(self) -> None:
        assert self.preview is not None
        self._turn_to((self.item - 1) % len(self.preview.items))

    def do_next_item(self) -> None:
        assert self.preview is not None
        self._turn_to((self.item + 1) % len(self.preview.items))

    def action_item(self, number: int) -> None:
        if self.preview is not None and number <= len(self.preview.items):
            self._turn_to(number - 1)
        else:
            self.status.wrong(f"There is no item {number}.")

    def do_jump(self) -> None:
        assert self.preview is not None
        choices = [(str(k), f"{k + 1}  {clean(i.name, 50)}  {i.kind}") for k, i in enumerate(self.preview.items)]
        self.room.push_screen(ChooseOne("Which of the file's items?", choices), self._jumped)

    def _jumped(self, answer: str | None) -> None:
        if answer is not None:
            self._turn_to(int(answer))

    def _turn_to(self, item: int) -> None:
        assert self.preview is not None
        self.item, self.others = item, ()
        self.asked = replace(self.asked, join=False, fold=None)
        look = self._look()
        if isinstance(look, Series | ImageLook) and not look.loaded:
            self.start(self.read_item(look), "look")
        else:
            self.show_item()

    def do_summary(self) -> None:
        if self.searching:
            self.room.push_screen(ReadText("What the search found", listed(self.search_facts())))
        else:
            super().do_summary()

    def do_header(self) -> None:
        assert self.preview is not None and self.preview.header is not None
        self.room.push_screen(HeaderBrowser(self.preview.header, self.file))

    def do_back(self) -> None:
        """Stop what is running; then out of the periodogram; then out of the file."""
        running = [self.stop(group) for group in ("period", "write")]
        if self.preview is not None:
            running.append(self.stop("look"))
        if any(running):
            self.status.idle("Stopped; what was shown stays.")
        elif self.preview is not None and self.close_search():
            say_what_came(self.status, self.preview)
        else:
            self.stop("look")
            self.room.go_back()
