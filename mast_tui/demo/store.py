"""Columns of the sky in numpy arrays, so that half a million rows are filtered in milliseconds.

Text with few different values is kept as codes into a vocabulary; text that is different in every row (ids,
footprints) of simulated observations is made when it is asked for. Used by `sky` and filled by it and by `bulk`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from mast_tui.demo.criteria import Criterion, Mask
from mast_tui.demo.holdings import Cell

Index = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
_CHUNK = 50_000
#: Stands for a missing whole number; the same that astroquery masks.
NO_INT = -999_999_999


class StoredColumn(Protocol):
    """One column: the cells of some rows for an answer, and which rows a criterion accepts."""

    def cells(self, rows: Index) -> list[Cell]: ...
    def accepts(self, criterion: Criterion, rows: Index) -> Mask: ...


@dataclass(frozen=True)
class TextColumn:
    """Codes into `vocabulary`, which may hold None."""

    codes: Codes
    vocabulary: Sequence[str | None]

    def cells(self, rows: Index) -> list[Cell]:
        return [self.vocabulary[code] for code in self.codes[rows].tolist()]

    def accepts(self, criterion: Criterion, rows: Index) -> Mask:
        good = np.array([criterion.accepts_text(word) for word in self.vocabulary], dtype=bool)
        return good[self.codes[rows]]

    def counts(self) -> dict[str | None, int]:
        """How many rows have each value, over the whole column."""
        numbers = np.bincount(self.codes, minlength=len(self.vocabulary)).tolist()
        return {word: number for word, number in zip(self.vocabulary, numbers, strict=True) if number}


@dataclass(frozen=True)
class MadeColumn:
    """Text kept for the first rows (`held`), and made by `make` from 0-based row numbers for those after them."""

    held: Sequence[str | None]
    make: Callable[[Index], list[str | None]]

    def cells(self, rows: Index) -> list[Cell]:
        return list(self._texts(rows))

    def accepts(self, criterion: Criterion, rows: Index) -> Mask:
        found = np.zeros(len(rows), dtype=bool)
        for start in range(0, len(rows), _CHUNK):
            texts = self._texts(rows[start : start + _CHUNK])
            found[start : start + len(texts)] = [criterion.accepts_text(text) for text in texts]
        return found

    def _texts(self, rows: Index) -> list[str | None]:
        first = len(self.held)
        if len(rows) == 0 or int(rows.max()) < first:
            return [self.held[row] for row in rows.tolist()]
        late = rows >= first
        made = iter(self.make(rows[late] - first))
        return [next(made) if is_late else self.held[row] for row, is_late in zip(rows.tolist(), late, strict=True)]


@dataclass(frozen=True)
class NumberColumn:
    """Floats with NaN, or whole numbers with NO_INT, for missing cells; `boolean` gives True and False."""

    numbers: npt.NDArray[Any]
    boolean: bool = False

    def known(self, rows: Index) -> Mask:
        cells = self.numbers[rows]
        known: Mask = ~np.isnan(cells) if cells.dtype.kind == "f" else cells != NO_INT
        return known

    def cells(self, rows: Index) -> list[Cell]:
        cells, known = self.numbers[rows], self.known(rows)
        found: list[Cell] = (cells.astype(bool) if self.boolean else cells).tolist()
        if not known.all():
            for row in np.flatnonzero(~known).tolist():
                found[row] = None
        return found

    def accepts(self, criterion: Criterion, rows: Index) -> Mask:
        return criterion.accepts_numbers(self.numbers[rows], self.known(rows))


def code_texts(texts: Iterable[str | None]) -> tuple[Codes, list[str | None]]:
    """Codes and vocabulary of a list of texts, in order of first appearance."""
    seen: dict[str | None, int] = {}
    codes = [seen.setdefault(text, len(seen)) for text in texts]
    return np.array(codes, dtype=np.int32), list(seen)


def joined(first: TextColumn, then: TextColumn) -> TextColumn:
    """Two blocks of rows as one column."""
    seen = {word: code for code, word in enumerate(first.vocabulary)}
    moved = np.array([seen.setdefault(word, len(seen)) for word in then.vocabulary], dtype=np.int32)
    codes = np.concatenate([first.codes, moved[then.codes] if len(then.codes) else then.codes])
    return TextColumn(codes.astype(np.int32), list(seen))
