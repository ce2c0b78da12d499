"""The keys that look for a period and fold at it: box least squares, Lomb-Scargle, fold, twice and half the period."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from mast_tui.core.look import Fact, Series
from mast_tui.plot import Mark
from mast_tui.tui.asked import Dips, Fold, fold_words, of_file, tweaked
from mast_tui.tui.known_searches import KnownSearches, Method, same_numbers
from mast_tui.tui.screens.ask import AskLine
from mast_tui.tui.screens.look_curve import CurveScreen

if TYPE_CHECKING:
    from mast_tui.analysis import PeriodSearch

_FOLDED = frozenset({"period_less", "period_more", "period_double", "period_half", "odd_even"})
SEARCHES = frozenset({"box_search", "wave_search", "fold"})
_NAMES = {"bls": "transits (BLS)", "ls": "a wave (Lomb-Scargle)"}
#: What changes the curve, unseen while a periodogram stands in its place.
_OF_THE_CURVE = frozenset(
    {
        "normalise", "flatten", "bin", "errors", "unit", "x_unit", "column", "choose_column", "quality",
        "overlay", "stitch",
    }
)  # fmt: skip


class PeriodKeys(CurveScreen):
    """`search` is the last search's result, `searching` whether its periodogram stands in the place of the curve."""

    def __init__(self, where: str, file: str) -> None:
        super().__init__(where, file)
        self.search: PeriodSearch | None = None
        self.searching = False
        self._known = KnownSearches()
        self._looking_in: Series | None = None
        #: What the last search looked in.
        self._searched: Series | None = None

    def why_not_now(self, action_id: str) -> str | None:
        """Why the curve can't be changed while its periodogram is shown."""
        if self.searching and action_id in _OF_THE_CURVE:
            return "This is the periodogram; esc goes back to the curve, which that key changes."
        return None

    def why_not(self, action_id: str) -> str | None:
        if action_id in SEARCHES:
            return self.why_no_curve("lightcurve")
        if action_id in _FOLDED and (self.asked.fold is None or self.searching):
            return "The curve isn't folded; p folds it."
        if action_id == "fold_here" and not self.searching:
            return "There is no periodogram here; B or P makes one."
        if action_id == "residual_search":
            return self._why_no_residual()
        return super().why_not(action_id)

    def _why_no_residual(self) -> str | None:
        if not self.searching or self.search is None:
            return "There is no periodogram here; B makes one."
        return None if self.search.dips else "This search found no dips that could be left out."

    # --- searches ---------------------------------------------------------------------------------------------------

    def do_box_search(self) -> None:
        self._look_for("bls")

    def do_wave_search(self) -> None:
        self._look_for("ls")

    def _look_for(self, method: Method) -> None:
        if self.searching and self.search is not None and self.search.method == method:
            self.close_search()
        elif self.asked != self.answered:
            # keys before this one are still being worked out: it is their curve that is meant
            self.draw(lambda: self._look_in_drawn(method))
        else:
            self._look_in_drawn(method)

    def _look_in_drawn(self, method: Method) -> None:
        if self.drawn is None:
            return
        curve = self.drawn.searched
        known = self._known.answer(method, curve)
        if known is not None:
            self.stop("period")
            self._show_search(known, curve)
        else:
            self._looking_in = curve
            self.start(self._search(method, curve), "period")

    def do_residual_search(self) -> None:
        assert self.search is not None and self._searched is not None
        self._looking_in = self._searched
        self.start(self._search_left(self._searched, self.search), "period")

    async def _search_left(self, curve: Series, found: PeriodSearch) -> None:
        from mast_tui.analysis import without_dips
        from mast_tui.controller.threads import in_own_thread

        left = await in_own_thread(without_dips, curve, found)
        await self._search(found.method, left)

    async def _search(self, method: Method, curve: Series) -> None:
        controller = await self.room.controller()
        self.say_busy(f"looking for {_NAMES[method]} in {curve.x.size:,} points … esc stops")
        found = await controller.periodograms.search(
            curve, method, progress=lambda words: self.say_busy(f"{words} … esc stops")
        )
        self._known.keep(curve, found)
        self._show_search(found, curve)

    def end_other_search(self, curve: Series) -> None:
        """What is being looked for in another curve than this one must not come over it."""
        if self._looking_in is not None and not same_numbers(self._looking_in, curve) and self.stop("period"):
            self.status.idle("The curve is another one now; the search in the former was stopped.")

    def _show_search(self, found: PeriodSearch, curve: Series) -> None:
        self.search, self.searching, self._searched = found, True, curve
        self.show_drawn()
        self.status.good(f"{found.verdict.words} Enter folds; esc goes back to the curve.")

    def close_search(self) -> bool:
        """Back from the periodogram to the curve; False when there was none."""
        if not self.searching:
            return False
        self.searching = False
        self.show_drawn()
        return True

    def peak(self) -> tuple[Mark, ...]:
        if self.search is None or not math.isfinite(self.search.period_d):
            return ()
        return (Mark(self.search.period_d, f"{self.search.period_d:.5g} d", "period"),)

    def search_facts(self) -> tuple[Fact, ...]:
        """What the search found, and the questions that its verdict was made of."""
        found = self.search
        if found is None:
            return ()
        numbers = (
            Fact("Period", f"{found.period_d:.8g} d", "of the highest peak"),
            Fact("T0", f"{found.epoch:.5f}", "middle of a dip, on the axis of the curve"),
            Fact("Depth", f"{found.depth * 1e6:.4g} ppm", "of the box" if found.method == "bls" else "crest to trough"),
            Fact("Duration", f"{found.duration_d * 24:.3g} h"),
            Fact("S/N", f"{found.snr:.4g}", "of the depth"),
            Fact("False alarm", f"{found.false_alarm:.2g}", "chance that noise gives such a peak (Baluev 2008)"),
        )
        known = (found.period_d, found.epoch, found.depth, found.duration_d, found.snr, found.false_alarm)
        tests = (Fact(test.name, f"{test.value:.3g}", test.words) for test in found.verdict.tests)
        verdict = Fact("Verdict", f"{found.verdict.period_d:.8g} d", found.verdict.words)
        return (*(n for n, value in zip(numbers, known, strict=True) if math.isfinite(value)), *tests, verdict)

    # --- folding ----------------------------------------------------------------------------------------------------

    def do_fold_here(self) -> None:
        search = self.search
        assert search is not None
        at = self.plot.cursor_x
        self.searching = False
        if at is None or math.isclose(at, search.period_d, rel_tol=1e-3):
            self._fold_at(Fold(search.verdict.period_d, search.epoch, _dips(search)))
        else:
            self._fold_at(Fold(at))

    def do_fold(self) -> None:
        if self.asked.fold is not None and not self.searching:
            self.ask(fold=None)
            self.status.idle("Unfolded.")
            return
        base = self.base
        assert base is not None
        known = [f"{e.name} {e.period_d:.6g} d" for e in base.ephemerides]
        hint = f"the file gives {', '.join(known)}" if known else "days; a time of phase 0 may follow: 6.268 1325.5"
        self.room.push_screen(AskLine("Fold at which period?", self._proposed(base), hint, _no_period), self._folded)

    def _proposed(self, base: Series) -> str:
        if self.search is not None and math.isfinite(self.search.verdict.period_d):
            return f"{self.search.verdict.period_d:.8g} {self.search.epoch:.8g}"
        if base.ephemerides:
            return f"{base.ephemerides[0].period_d:.8g} {base.ephemerides[0].epoch:.10g}"
        return ""

    def _folded(self, words: str | None) -> None:
        if words is not None:
            numbers = [float(word) for word in words.split()]
            self.searching = False
            self._fold_at(self._as_known(Fold(numbers[0], numbers[1] if len(numbers) > 1 else None)))

    def _as_known(self, fold: Fold) -> Fold:
        """With what the search or the file says of dips of this period."""
        found, base = self.search, self.base
        if found is not None and math.isclose(found.verdict.period_d, fold.period_d, rel_tol=1e-6):
            return replace(fold, dips=_dips(found))
        return fold if base is None else replace(fold, dips=of_file(base, fold.period_d))

    def _fold_at(self, fold: Fold) -> None:
        self.asked = replace(self.asked, fold=fold, bin=self.asked.bin or 1)
        self.draw(lambda: self.status.good(self._folded_words(fold)))

    def _folded_words(self, fold: Fold) -> str:
        epoch = self.drawn.epoch if self.drawn is not None else None
        known = fold_words(fold, epoch) if epoch is not None else ()
        words = " · ".join((f"folded at {fold.period_d:.8g} d", *known))
        return f"{words}; < > shift the period, * / double and halve it, O parts odd and even, p unfolds"

    def do_period_less(self) -> None:
        self._tweak(-1)

    def do_period_more(self) -> None:
        self._tweak(1)

    def _tweak(self, direction: int) -> None:
        assert self.asked.fold is not None and self.drawn is not None
        x = self.drawn.searched.x
        self._fold_at(tweaked(self.asked.fold, float(np.ptp(x)), direction))

    def do_period_double(self) -> None:
        assert self.asked.fold is not None
        self._fold_at(replace(self.asked.fold, period_d=self.asked.fold.period_d * 2))

    def do_period_half(self) -> None:
        assert self.asked.fold is not None
        self._fold_at(replace(self.asked.fold, period_d=self.asked.fold.period_d / 2))

    def do_odd_even(self) -> None:
        self.ask(odd_even=not self.asked.odd_even)


def _dips(search: PeriodSearch) -> Dips:
    """Of a wave there is none: its amplitude is no depth."""
    if search.method == "ls":
        return Dips()
    return Dips(search.depth, search.duration_d, search.snr)


def _no_period(words: str) -> str | None:
    try:
        numbers = [float(word) for word in words.split()]
    except ValueError:
        return "A period is a number of days."
    if not 1 <= len(numbers) <= 2 or not all(map(math.isfinite, numbers)) or numbers[0] <= 0:
        return "A period above zero in days, and after it a time of phase 0 if you like."
    return None
