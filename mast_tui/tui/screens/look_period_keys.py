"""The keys that look for a period and fold at it: box least squares, Lomb-Scargle, fold, twice and half the period."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from mast_tui.core.look import Series
from mast_tui.plot import Mark
from mast_tui.tui.asked import Fold, tweaked
from mast_tui.tui.screens.ask import AskLine
from mast_tui.tui.screens.look_curve import CurveScreen

if TYPE_CHECKING:
    from mast_tui.analysis import PeriodSearch

_FOLDED = frozenset({"period_less", "period_more", "period_double", "period_half"})
_SEARCHES = frozenset({"box_search", "wave_search", "fold"})
_NAMES = {"bls": "transits (BLS)", "ls": "a wave (Lomb-Scargle)"}
Method = Literal["bls", "ls"]


class PeriodKeys(CurveScreen):
    """`search` is the last search's result, `searching` whether its periodogram stands in the place of the curve."""

    def __init__(self, where: str, file: str) -> None:
        super().__init__(where, file)
        self.search: PeriodSearch | None = None
        self.searching = False
        self._searched: Series | None = None

    def why_not(self, action_id: str) -> str | None:
        if action_id in _SEARCHES:
            return self.why_no_curve("lightcurve")
        if action_id in _FOLDED and (self.asked.fold is None or self.searching):
            return "The curve isn't folded; p folds it."
        if action_id == "fold_here" and not self.searching:
            return "There is no periodogram here; B or P makes one."
        return super().why_not(action_id)

    # --- searches ---------------------------------------------------------------------------------------------------

    def do_box_search(self) -> None:
        self._look_for("bls")

    def do_wave_search(self) -> None:
        self._look_for("ls")

    def _look_for(self, method: Method) -> None:
        if self.searching and self.search is not None and self.search.method == method:
            self.close_search()
        elif self.drawn is not None:
            known = self.search is not None and self.search.method == method and self._searched is self.drawn.searched
            if known:
                self._show_search()
            else:
                self.start(self._search(method, self.drawn.searched), "period")

    async def _search(self, method: Method, series: Series) -> None:
        controller = await self.room.controller()
        self.say_busy(f"looking for {_NAMES[method]} in {series.x.size:,} points … esc stops")
        self.search = await controller.periodograms.search(
            series, method, progress=lambda words: self.say_busy(f"{words} … esc stops")
        )
        self._searched = series
        self._show_search()

    def _show_search(self) -> None:
        assert self.search is not None
        self.searching = True
        self.show_drawn()
        self.status.good(f"{self.search.verdict.words} Enter folds; esc goes back to the curve.")

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

    # --- folding ----------------------------------------------------------------------------------------------------

    def do_fold_here(self) -> None:
        search = self.search
        assert search is not None
        at = self.plot.cursor_x
        self.searching = False
        if at is None or math.isclose(at, search.period_d, rel_tol=1e-3):
            self._fold_at(Fold(search.verdict.period_d, search.epoch))
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
            self._fold_at(Fold(numbers[0], numbers[1] if len(numbers) > 1 else None))

    def _fold_at(self, fold: Fold) -> None:
        self.asked = replace(self.asked, fold=fold, bin=self.asked.bin or 1)
        words = f"folded at {fold.period_d:.8g} d; < > shift the period, * / double and halve it, p unfolds"
        self.draw(lambda: self.status.good(words))

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


def _no_period(words: str) -> str | None:
    try:
        numbers = [float(word) for word in words.split()]
    except ValueError:
        return "A period is a number of days."
    if not 1 <= len(numbers) <= 2 or not all(map(math.isfinite, numbers)) or numbers[0] <= 0:
        return "A period above zero in days, and after it a time of phase 0 if you like."
    return None
