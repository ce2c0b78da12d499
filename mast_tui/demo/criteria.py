"""The filters of a Mashup request, read once and then asked of single cells or of whole columns.

`sky` and `catalogs` call this. A criterion holds where the cell equals one of its values, lies in one of its ranges,
or matches its `freeText`. Text is compared without regard to case, as SQL Server's usual collation does; that MAST's
databases do so has not been verified.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mast_tui.demo.holdings import Cell

Mask = npt.NDArray[np.bool_]


class InvalidRequest(ValueError):
    """The question can't be answered; the text is what MAST's `msg` would say."""


def like(pattern: str) -> re.Pattern[str]:
    """A regular expression for a text with the wildcards `%` and `*`, for the whole of a cell."""
    parts = (re.escape(part) for part in re.split(r"[%*]", pattern))
    return re.compile(".*".join(parts), re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Criterion:
    """One entry of `filters`: the column, and what its cells may be."""

    name: str
    values: frozenset[str]
    ranges: tuple[tuple[float, float], ...]
    free_text: re.Pattern[str] | None
    separator: str

    @staticmethod
    def read(entry: Mapping[str, Any], separator: str = "") -> Criterion:
        """From `{"paramName", "values", "separator", "freeText"}`. Raises InvalidRequest for anything else.

        `separator` is the column's own, for requests that give none.
        """
        name, given = entry.get("paramName"), entry.get("values", [])
        if not isinstance(name, str) or not isinstance(given, list):
            raise InvalidRequest("a filter needs a paramName and a list of values")
        values, ranges = set[str](), list[tuple[float, float]]()
        for value in given:
            if isinstance(value, Mapping):
                ranges.append((_bound(value.get("min"), -np.inf), _bound(value.get("max"), np.inf)))
            else:
                values.add(str(value).strip().casefold())
        text = str(entry.get("freeText") or "")
        found = like(text) if text else None
        return Criterion(name, frozenset(values), tuple(ranges), found, str(entry.get("separator") or separator))

    @property
    def is_open(self) -> bool:
        """Nothing was asked of the column."""
        return not (self.values or self.ranges or self.free_text)

    def accepts_text(self, cell: str | None) -> bool:
        if cell is None:
            return "" in self.values or "null" in self.values
        parts = [part.strip() for part in cell.split(self.separator)] if self.separator else []
        if any(part.casefold() in self.values for part in (cell.strip(), *parts)):
            return True
        if self.free_text and any(self.free_text.fullmatch(part) for part in (cell, *parts)):
            return True
        return bool(self.ranges) and _in_ranges(cell, self.ranges)

    def accepts_numbers(self, cells: npt.NDArray[Any], known: Mask) -> Mask:
        """Which of the numbers are accepted; unknown ones (`known` False) never are."""
        found = np.zeros(len(cells), dtype=bool)
        for low, high in self.ranges:
            found |= (cells >= low) & (cells <= high)
        for value in self.values:
            number = _number(value)
            if number is not None:
                found |= cells == number
        if self.free_text:
            found |= np.array([bool(self.free_text.fullmatch(f"{cell:g}")) for cell in cells.tolist()], dtype=bool)
        return found & known

    def accepts(self, cell: Cell) -> bool:
        """The same for one cell of any type."""
        if cell is None or isinstance(cell, str):
            return self.accepts_text(cell)
        number = float(cell)
        return bool(self.accepts_numbers(np.array([number]), np.array([number == number]))[0])


def read_filters(entries: Any, separators: Mapping[str, str]) -> list[Criterion]:
    """All criteria of a request that ask for something. Raises InvalidRequest."""
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise InvalidRequest("filters must be a list")
    found = []
    for entry in entries:
        if not isinstance(entry, Mapping):
            raise InvalidRequest("a filter must be an object")
        found.append(Criterion.read(entry, separators.get(str(entry.get("paramName")), "")))
    return [criterion for criterion in found if not criterion.is_open]


def _bound(value: Any, missing: float) -> float:
    if value is None or value == "":
        return missing
    try:
        return float(value)
    except (TypeError, ValueError):
        raise InvalidRequest(f"Error converting data type varchar to float: {value!s:.40}") from None


def _number(value: str) -> float | None:
    words = {"true": 1.0, "false": 0.0}
    try:
        return words[value] if value in words else float(value)
    except ValueError:
        return None


def _in_ranges(cell: str, ranges: Sequence[tuple[float, float]]) -> bool:
    number = _number(cell.strip())
    return number is not None and any(low <= number <= high for low, high in ranges)
