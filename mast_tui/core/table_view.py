"""One look at a table: which rows, in which order, with which marks. What a screen draws and an export walks.

Rows of the view are counted by position, from 0; rows of the table keep their number for ever, so marks and the
cursor's row survive a sort, a filter and pages that arrive. Used by the table widget, the facets and the exports;
the caller calls `grow` after each page.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np

from mast_tui.core.table import ColumnTable, Value
from mast_tui.core.table_search import Term, matching, parse_terms
from mast_tui.core.table_sort import SortedRows
from mast_tui.core.table_store import Growing, Mask, Rows

#: Rows that one step of a search looks at: some 6 ms for 20 columns.
SCAN_ROWS = 65_536


class TableView:
    """Order, filter and marks over `table`. `searched` are the columns that free words are looked for in; None: all."""

    def __init__(self, table: ColumnTable, searched: Sequence[str] | None = None) -> None:
        self.table = table
        self.searched = searched
        self.marks: set[int] = set()
        self.sort_name: str | None = None
        self.descending = False
        self.filter_text = ""
        self._terms: tuple[Term, ...] = ()
        self._allowed: Mask | None = None
        self._n = len(table)
        self._sorted: SortedRows | None = None
        # one truth value for each row searched so far, and the rows found; only while there is a filter
        self._hit: Growing | None = None
        self._found = Growing(np.intp)
        # None is the table's own order
        self._order: Rows | None = None

    def __len__(self) -> int:
        return self._n if self._order is None else len(self._order)

    @property
    def complete(self) -> bool:
        """False while rows wait to be searched by `scan`."""
        return self._hit is None or len(self._hit) == self._n

    def row_at(self, position: int) -> int:
        """The table's row at that position of the view; IndexError outside."""
        if not 0 <= position < len(self):
            raise IndexError(f"position {position} of a view of {len(self)} rows")
        return position if self._order is None else int(self._order[position])

    def index_of(self, row: int) -> int | None:
        """Where the table's row stands in the view, or None when it is filtered out."""
        if self._order is None:
            return row if 0 <= row < self._n else None
        found = np.flatnonzero(self._order == row)
        return int(found[0]) if len(found) else None

    def rows(self, start: int = 0, stop: int | None = None) -> Rows:
        """The table's rows at those positions, in the order of the view."""
        if self._order is None:
            return np.arange(start, self._n if stop is None else min(stop, self._n))
        return self._order[start:stop]

    def sort(self, name: str | None, descending: bool = False) -> None:
        """Order by a column, stable, rows without a value last; None: as the rows came. KeyError: no such column."""
        self._sorted = None if name is None else SortedRows(self.table.store(name), descending)
        self.sort_name, self.descending = name, descending and name is not None
        if self._sorted is not None:
            self._scan_all()
        self._rebuild()

    def filter(self, text: str, wait: bool = True) -> None:
        """Only rows that fulfil the terms of `text` (see `core.table_search`); '' is all rows.

        With `wait` false nothing is searched yet, unless the view is sorted: call `scan` until it is `complete`.
        """
        self.filter_text = text
        self._terms = parse_terms(text, self.table)
        self._search(wait)

    def restrict(self, allowed: Mask | None, wait: bool = True) -> None:
        """Only rows for which `allowed` is true, beside the filter; rows that it does not reach to are hidden.

        Rows that the table has got since are taken in, as by `grow`. None lifts the restriction.
        """
        self._allowed = None if allowed is None else np.array(allowed, dtype=np.bool_)
        self._n = len(self.table)
        if self._sorted is not None and self.sort_name is not None:
            self._sorted = self._sorted.grown(self.table.store(self.sort_name))
        self._search(wait)

    def _search(self, wait: bool) -> None:
        self._hit = Growing(np.bool_) if self._terms or self._allowed is not None else None
        self._rebuild()
        if wait or self._sorted is not None:
            self._scan_all()

    def scan(self, rows: int = SCAN_ROWS) -> bool:
        """Search the next `rows` and add what is found to the view; gives whether the search is complete."""
        if self._hit is None or self._order is None or len(self._hit) == self._n:
            return True
        start = len(self._hit)
        stop = min(start + rows, self._n)
        found = matching(self._terms, self.table, start, stop, self.searched)
        if self._allowed is not None:
            allowed = self._allowed[start:stop]
            found[: len(allowed)] &= allowed
            found[len(allowed) :] = False
        self._hit.extend(found)
        if self._sorted is None:
            self._found.extend(np.flatnonzero(found) + start)
            self._order = self._found.values
        elif stop == self._n:
            self._rebuild()
        return stop == self._n

    def grow(self, wait: bool = True) -> None:
        """Take in the rows that the table has got since; sort, filter and marks stay.

        With `wait` false and no sort, a filter is left to `scan`.
        """
        searched_up_to_here = self.complete
        self._n = len(self.table)
        if self._sorted is not None and self.sort_name is not None:
            self._sorted = self._sorted.grown(self.table.store(self.sort_name))
            self._scan_all()
            self._rebuild()
        elif wait and searched_up_to_here:
            self._scan_all()

    def _scan_all(self) -> None:
        while not self.scan():
            pass

    def _rebuild(self) -> None:
        order = None if self._sorted is None else self._sorted.rows
        if self._hit is not None:
            hit = self._hit.values
            if order is None:
                self._found = Growing(np.intp)
                self._found.extend(np.flatnonzero(hit))
                order = self._found.values
            elif self.complete:
                order = order[hit[order]]
            else:
                order = order[:0]
        self._order = order

    def marked(self) -> list[int]:
        """The marked rows of the table in the order of the view, then those that the filter hides."""
        marks = np.array(sorted(self.marks), dtype=np.intp)
        if self._order is not None and len(marks):
            shown = self._order[np.isin(self._order, marks)]
            marks = np.concatenate([shown, np.setdiff1d(marks, shown)])
        return [int(row) for row in marks]

    def facets(self, name: str, limit: int | None = None) -> list[tuple[Value, int]]:
        """Values of a column among the rows of the view with how often each is there, most frequent first.

        None is "no value". KeyError: no such column.
        """
        everything = self._order is None and self._n == len(self.table)
        counts = self.table.store(name).counts(None if everything else self.rows())
        wanted = len(counts) if limit is None else limit
        return heapq.nsmallest(wanted, counts.items(), key=lambda item: (-item[1], item[0] is None, _orderly(item[0])))


def _orderly(value: Value) -> tuple[float, str]:
    return (0.0, value) if isinstance(value, str) else (float(value or 0), "")
