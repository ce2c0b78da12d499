"""The keys that ask something of a curve's numbers: relative, flattened, binned, in other units, with lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

from mast_tui.analysis import units_for, x_units_for
from mast_tui.core.look import Fact
from mast_tui.plot import pretty_unit
from mast_tui.tui.asked import BINS, TimeForm, next_flatten
from mast_tui.tui.screens.ask import AskLine
from mast_tui.tui.screens.choosers import ChooseOne, ReadText
from mast_tui.tui.screens.look_curve import CurveScreen

OF_LIGHT = frozenset({"flatten", "normalise"})
OF_SPECTRA = frozenset({"lines", "redshift", "redshift_less", "redshift_more", "medium"})
_OF_ALL = frozenset({"bin", "errors", "unit", "x_unit", "summary"})
_REDSHIFT_STEP = 0.001
_TIMES = (
    ("native", "as in the file"),
    ("utc", "calendar dates, UTC"),
    ("jd", "full Julian dates"),
    ("days", "days since the first point"),
)


class QuestionKeys(CurveScreen):
    def why_not(self, action_id: str) -> str | None:
        if action_id in OF_LIGHT:
            return self.why_no_curve("lightcurve")
        if action_id in OF_SPECTRA:
            return self.why_no_curve("spectrum")
        if action_id in _OF_ALL:
            reason = self.why_no_curve()
            if reason is None and action_id == "errors" and self.base is not None and self.base.error is None:
                return "The file gives no errors for this column."
            return reason
        return super().why_not(action_id)

    def do_normalise(self) -> None:
        self.ask(normalise=not self.asked.normalise)

    def do_flatten(self) -> None:
        self.ask(flatten=next_flatten(self.asked).flatten)

    def do_bin(self) -> None:
        self.ask(bin=(self.asked.bin + 1) % len(BINS))

    def do_errors(self) -> None:
        self.ask(errors=not self.asked.errors)

    def do_lines(self) -> None:
        self.ask(lines=not self.asked.lines)

    def do_redshift_less(self) -> None:
        self._shift_to(self.asked.redshift - _REDSHIFT_STEP)

    def do_redshift_more(self) -> None:
        self._shift_to(self.asked.redshift + _REDSHIFT_STEP)

    def do_redshift(self) -> None:
        hint = "z, as 0.158; 0 for lines at rest"
        ask = AskLine("Redshift of the lines", f"{self.asked.redshift:g}", hint, _no_redshift)
        self.room.push_screen(ask, lambda words: self._shift_to(float(words)) if words is not None else None)

    def _shift_to(self, redshift: float) -> None:
        redshift = round(redshift, 9)
        if redshift > -1:
            self.ask(lines=True, redshift=redshift)

    def do_unit(self) -> None:
        base = self.base
        assert base is not None
        choices = [(unit, pretty_unit(unit) or "no unit") for unit in units_for(base) if unit != base.y_axis.unit]
        if not choices:
            self.status.idle(f"Nothing else can be made of {pretty_unit(base.y_axis.unit) or 'values without a unit'}.")
            return
        choices.insert(0, ("", f"{pretty_unit(base.y_axis.unit) or 'no unit'} (as in the file)"))
        self.room.push_screen(ChooseOne("Unit of the values", choices), self._unit)

    def _unit(self, unit: str | None) -> None:
        if unit is not None:
            self.ask(unit=unit)

    def do_x_unit(self) -> None:
        base = self.base
        assert base is not None
        if base.kind == "lightcurve":
            self.room.push_screen(ChooseOne("Time system", _TIMES), self._time)
            return
        choices = [(unit, pretty_unit(unit)) for unit in x_units_for(base) if unit != base.x_axis.unit]
        choices.insert(0, ("", f"{pretty_unit(base.x_axis.unit)} (as in the file)"))
        self.room.push_screen(ChooseOne("Unit of the wavelength", choices), self._x_unit)

    def _time(self, form: str | None) -> None:
        if form is not None:
            self.ask(time=cast(TimeForm, form))

    def _x_unit(self, unit: str | None) -> None:
        if unit is not None:
            self.ask(x_unit=unit)

    def do_medium(self) -> None:
        base = self.base
        assert base is not None
        if not base.medium:
            self.status.wrong("The file doesn't say whether its wavelengths are in air or in vacuum.")
        elif self.asked.medium:
            self.ask(medium="")
        else:
            self.ask(medium="air" if base.medium == "vacuum" else "vacuum")

    def do_summary(self) -> None:
        self.start(self._summary(), "summary")

    async def _summary(self) -> None:
        from mast_tui.analysis import quality_report, report_in_sight
        from mast_tui.controller.threads import in_own_thread

        base, preview, now = self.base, self.preview, self.drawn
        assert base is not None and preview is not None
        whole = await in_own_thread(quality_report, base, preview.facts)
        seen = () if now is None else await in_own_thread(report_in_sight, now.series, *self.plot.x_range)
        units = tuple(axis.unit for axis in (base.x_axis, base.y_axis) if axis.unit)
        words = listed((*seen, *((Fact("", ""),) if seen else ()), *whole), units)
        self.room.push_screen(ReadText(f"Data quality of {self.file}", words))


def listed(facts: Sequence[Fact], units: Sequence[str] = ()) -> str:
    """The lines of a summary in columns; these units of the file as one writes them."""
    columns = [[_with_units(words, units) for words in (fact.name, fact.value, fact.meaning)] for fact in facts]
    name_width = max((len(name) for name, _, _ in columns), default=0)
    value_width = min(24, max((len(value) for _, value, _ in columns), default=0))
    return "\n".join(
        f"{name:<{name_width}}  {value:<{value_width}}  {words}".rstrip() for name, value, words in columns
    )


def _with_units(words: str, units: Sequence[str]) -> str:
    for unit in units:
        if words.endswith(f" {unit}"):
            return words[: -len(unit)] + pretty_unit(unit)
    return words


def _no_redshift(words: str) -> str | None:
    try:
        value = float(words)
    except ValueError:
        return "That is not a number."
    return None if math.isfinite(value) and value > -1 else "A redshift is a number above -1."
