"""What a user types after `/`: words that the rows must hold, and limits on columns.

Called by `core.table_view`. All terms must hold: `nircam m101` is both words, anywhere in the row, in any case.
`"deep field"` is one term; `!word` leaves rows out; `filters:f606w` looks in one column, named as in the archive or
as in the table's head; `t_exptime>1000`, `start>=2018-07`, `calib_level=3` compare. A term that names no column of
this table is just a text, so that `mast:HST/product/x.fits` finds that file.
"""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mast_tui.core.table import DATE_COLUMNS, ColumnTable
from mast_tui.core.table_store import Mask, NumberStore, fold, sort_key
from mast_tui.core.times import iso_to_mjd

_TOKEN = re.compile(r'(?:[^\s"]|"[^"]*"?)+')
_LIMIT = re.compile(r"([^:<>=\"]+)(:|>=|<=|>|<|=)(.*)", re.DOTALL)
_DATE = re.compile(r"\d{4}(-\d\d?(-\d\d?([T ].*)?)?)?")
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
}


@dataclass(frozen=True)
class Term:
    """One condition: `text` held by `column` (any column when None), or `column` `compare` `limit`."""

    text: str
    column: str | None = None
    compare: str = ""
    limits: tuple[float, float] = (0.0, 0.0)
    negate: bool = False


def parse_terms(text: str, table: ColumnTable) -> tuple[Term, ...]:
    """The terms of a filter for `table`; a term that is not finished yet (`t_min>`) asks for nothing."""
    terms = (_term(token, table) for token in _TOKEN.findall(text))
    return tuple(term for term in terms if term is not None)


def _term(token: str, table: ColumnTable) -> Term | None:
    negate = token.startswith("!")
    token = token[1:] if negate else token
    limit = _LIMIT.fullmatch(token)
    name = _column_named(limit[1], table) if limit else None
    if limit is None or name is None:
        words = fold(token.replace('"', ""))
        return Term(words, negate=negate) if words else None
    compare, wanted = limit[2], limit[3].replace('"', "").strip()
    if not wanted:
        return None
    if not isinstance(table.store(name), NumberStore):
        if compare == ":":
            return Term(fold(wanted), name, negate=negate)
        return Term(sort_key(wanted), name, compare, negate=negate)
    limits = _numbers(wanted, name in DATE_COLUMNS)
    if limits is None:
        return Term(fold(token.replace('"', "")), negate=negate)
    return Term(wanted, name, "=" if compare == ":" else compare, limits, negate)


def _column_named(words: str, table: ColumnTable) -> str | None:
    wanted = words.casefold()
    for column in table.columns:
        if wanted in (column.name.casefold(), column.label.casefold(), column.label.casefold().replace(" ", "")):
            return column.name
    return None


def _numbers(text: str, date: bool) -> tuple[float, float] | None:
    """The number meant, twice; for a day, month or year its first and last moment, in MJD."""
    if date and _DATE.fullmatch(text):
        try:
            first = iso_to_mjd(text)
            return first, _period_end(text, first)
        except ValueError:
            return None
    truth = {"yes": 1.0, "true": 1.0, "no": 0.0, "false": 0.0}.get(text.casefold())
    try:
        number = float(text) if truth is None else truth
    except ValueError:
        return None
    return number, number


def _period_end(text: str, first: float) -> float:
    if len(text) > 10:
        return first
    year, month, day = [*map(int, text.split("-")), 0, 0][:3]
    if day:
        return first + 1 - 1e-9
    after = dt.date(year + 1, 1, 1) if not month or month == 12 else dt.date(year, month + 1, 1)
    return iso_to_mjd(after.isoformat()) - 1e-9


def matching(terms: Sequence[Term], table: ColumnTable, start: int, stop: int, searched: Sequence[str] | None) -> Mask:
    """Which of the rows from `start` to `stop` fulfil all `terms`; free words look in `searched`, or all texts."""
    found = np.ones(stop - start, dtype=np.bool_)
    for term in terms:
        if not found.any():
            break
        hits = _hits(term, table, start, stop, searched)
        found &= ~hits if term.negate else hits
    return found


def _hits(term: Term, table: ColumnTable, start: int, stop: int, searched: Sequence[str] | None) -> Mask:
    if term.column is None:
        found = np.zeros(stop - start, dtype=np.bool_)
        for name in table.names:
            store = table.store(name)
            if searched is not None and name not in searched:
                continue
            if not isinstance(store, NumberStore):
                found |= store.hits(term.text, start, stop)
        return found
    store = table.store(term.column)
    if isinstance(store, NumberStore):
        return _compared(store.values[start:stop], term) & ~store.mask(start, stop)
    if not term.compare:
        return store.hits(term.text, start, stop)
    compare = _COMPARE[term.compare]
    texts = store.strings(slice(start, stop))
    verdicts = {text: bool(text) and compare(sort_key(text), term.text) for text in set(texts)}
    return np.array([verdicts[text] for text in texts], dtype=np.bool_)


def _compared(values: NDArray[Any], term: Term) -> Mask:
    first, last = term.limits
    if term.compare == "=":
        found: Mask = (values >= first) & (values <= last)
    else:
        # after 2018 is after its last moment, before 2018 is before its first
        found = _COMPARE[term.compare](values, last if term.compare in (">", "<=") else first)
    return found
