"""The keys that bring further files to a curve, and those that take it away: overlay, stitch, write."""

from __future__ import annotations

from collections.abc import Callable

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Series
from mast_tui.core.text import plural
from mast_tui.tui.asked import Drawn
from mast_tui.tui.screens.choosers import ReadText
from mast_tui.tui.screens.look_period_keys import PeriodKeys
from mast_tui.tui.screens.writing import CSV, PNG, SVG, ask_form, write_away

#: Curves that can be told apart when they lie over each other; parts that are joined at once.
_OVERLAID, _JOINED = 3, 60
_WAYS = (
    PNG,
    SVG,
    CSV,
    ("wav", "WAV: the curve as a sound"),
    ("words", "read a summary in words, to be spoken"),
)


class KeepKeys(PeriodKeys):
    """`marked` are further files (URI or path, name) that were chosen in the list this look was opened from."""

    def __init__(self, where: str, file: str) -> None:
        super().__init__(where, file)
        self.marked: tuple[tuple[str, str], ...] = ()

    def why_not(self, action_id: str) -> str | None:
        if action_id in ("overlay", "stitch"):
            reason = self.why_no_curve("lightcurve" if action_id == "stitch" else "")
            if reason is None and not self.others and not self.marked and not self._other_items():
                return "There is no other curve; mark further files in the list (space), then look at one."
            return reason
        if action_id == "write":
            return self.why_no_curve()
        return super().why_not(action_id)

    # --- further files ----------------------------------------------------------------------------------------------

    def do_overlay(self) -> None:
        self._with_others(join=False)

    def do_stitch(self) -> None:
        self._with_others(join=True)

    def _with_others(self, *, join: bool) -> None:
        if self.others and self.asked.join == join:
            self.others = ()
            self.ask(join=False)
        else:
            self.start(self._bring(join), "look")

    async def _bring(self, join: bool) -> None:
        at_most = _JOINED if join else _OVERLAID
        found = await self._read_marked(at_most) if self.marked else list(self._other_items())
        if not found:
            raise InvalidQuery("the other files hold no curve of this kind", "", "Mark others in the list")
        self.others = tuple(found[:at_most])
        self.ask(join=join)
        rest = len(found) - len(self.others)
        words = f"{plural(len(self.others), 'curve')} {'joined' if join else 'laid over this one'}"
        self.status.good(words + (f"; {rest} more are left out" if rest > 0 else ""))

    async def _read_marked(self, at_most: int) -> list[Series]:
        base = self.base
        assert base is not None
        controller = await self.room.controller()
        found: list[Series] = []
        for k, (where, name) in enumerate(self.marked[:at_most]):
            self.say_busy(f"getting {name} ({k + 1} of {len(self.marked)}) … esc stops")
            preview = await controller.looks.look(where, notice=self.say_busy)
            series = [s for s in preview.series if s.kind == base.kind and s.x.size]
            same = [s for s in series if s.y_axis.name == base.y_axis.name]
            found += (same or series)[:1]
        return found

    def _other_items(self) -> tuple[Series, ...]:
        base, preview = self.base, self.preview
        if base is None or preview is None:
            return ()
        return tuple(s for s in preview.series if s is not base and s.kind == base.kind and s.x.size)

    # --- taking it away ---------------------------------------------------------------------------------------------

    def do_write(self) -> None:
        ask_form(self, "this curve", _WAYS, self._write_as)

    def _write_as(self, way: str) -> None:
        if self.drawn is not None:
            self.start(self._write(way, self._shown(self.drawn)), "write")

    def _shown(self, drawn: Drawn) -> Drawn:
        if self.searching and self.search is not None:
            spectrum = self.search.spectrum
            return Drawn(spectrum, spectrum, marks=self.peak())
        return drawn

    async def _write(self, way: str, shown: Drawn) -> None:
        if way == "words":
            from mast_tui.controller.threads import in_own_thread
            from mast_tui.plot.takeaway import in_words

            facts = self.preview.facts if self.preview is not None else ()
            words = await in_own_thread(in_words, shown.series, facts)
            self.room.push_screen(ReadText(f"{self.file} in words", words))
            return
        await write_away(self, self.file, way, self._content(way, shown))

    def _content(self, way: str, shown: Drawn) -> Callable[[], bytes]:
        """What makes the file's bytes, to be called in a thread: it looks at no widget."""
        from mast_tui.plot.takeaway import How, to_csv, to_png, to_svg, to_wav

        series = shown.series
        how: How = {
            "title": " · ".join(part for part in (self.target_words(), *shown.steps) if part),
            "x_range": self.plot.x_range,
            "y_range": self.plot.y_range,
            "also": shown.also,
            "over": shown.over,
            "errors": self.asked.errors,
            "marks": shown.marks,
        }
        makers: dict[str, Callable[[], bytes]] = {
            "png": lambda: to_png(series, **how),
            "svg": lambda: to_svg(series, **how).encode(),
            "csv": lambda: to_csv(series).encode(),
            "wav": lambda: to_wav(series),
        }
        return makers[way]

    def target_words(self) -> str:
        """The target and the instrument, or the file's name."""
        preview = self.preview
        return " ".join(part for part in ((preview.target, preview.instrument) if preview else ()) if part) or self.file
