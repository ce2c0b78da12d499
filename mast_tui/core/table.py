"""The rows of an answer in memory: one compact array a column, pages added as they arrive.

`pack_rows` makes a page in a worker process; `ColumnTable.append` takes it in, in the app. The screens look at a
table through a `core.table_view.TableView`, the exports through `to_rows`. Nothing here waits, prints or draws.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast, get_args

import numpy as np
from numpy.typing import NDArray

from mast_tui.core.columns import Column, Kind, observation_column
from mast_tui.core.table_pack import MAX_CELL, RAW_COLUMNS, pack_rows
from mast_tui.core.table_store import CodedStore, NumberStore, Store, TextStore, Value
from mast_tui.core.text import clean, nearest
from mast_tui.core.times import mjd_to_date

__all__ = ["DATE_COLUMNS", "RAW_COLUMNS", "ColumnTable", "Value", "heading", "pack_rows"]

#: Columns in MJD that are shown as calendar dates.
DATE_COLUMNS = frozenset({"t_min", "t_max", "t_obs_release"})

_CHUNK = 4096


class ColumnTable:
    """Rows of typed columns, added page by page in page order.

    `describe` gives the `Column` (label, unit, digits) for a name and kind: `observation_column` or
    `product_column`. Rows are numbered from 0 in the order in which they came; a row never moves or changes.
    """

    def __init__(
        self, describe: Callable[[str, Kind], Column] = observation_column, expected: Sequence[Column] = ()
    ) -> None:
        """`expected` columns are there from the start, masked where an answer leaves them out."""
        self._describe = describe
        self._stores: dict[str, Store] = {}
        self._columns: dict[str, Column] = {}
        self._n = 0
        for column in expected:
            self._set(column.name, _empty(column.kind))

    @classmethod
    def from_rows(
        cls,
        fields: Sequence[Mapping[str, Any]],
        rows: Sequence[Mapping[str, Any]],
        describe: Callable[[str, Kind], Column] = observation_column,
    ) -> ColumnTable:
        """A table of one page, packed here: for small lists and tests."""
        table = cls(describe)
        table.append(pack_rows(fields, rows))
        return table

    def __len__(self) -> int:
        return self._n

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns in the order in which they first came."""
        return tuple(self._columns.values())

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._columns)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError with the nearest name when there is none."""
        try:
            return self._columns[name]
        except KeyError:
            near = nearest(name, self._columns)
            raise KeyError(f"no column {clean(name, 60)!r}" + (f"; the nearest is {near!r}" if near else "")) from None

    @property
    def nbytes(self) -> int:
        """Bytes that the values take; room reserved for rows to come is not counted, as nothing is written there."""
        return sum(store.nbytes for store in self._stores.values())

    def append(self, page: Mapping[str, Any]) -> int:
        """Take in a page from `pack_rows`; gives the number of its rows.

        A column that was not there before is masked in all earlier rows, one that is missing now in these. ValueError
        for a page that does not hold together; the table is then as it was.
        """
        n = int(page["n"])
        for packed in page["columns"]:
            _check(packed, n)
        if len({packed["name"] for packed in page["columns"]}) < len(page["columns"]):
            raise ValueError("a page names a column twice: it does not hold together")
        for packed in page["columns"]:
            name = packed["name"]
            store = self._stores.get(name)
            if store is None:
                store = _missing(_empty(packed["kind"]), self._n)
            self._set(name, _extended(store, packed))
        for name, store in self._stores.items():
            if len(store) < self._n + n:
                self._stores[name] = _missing(store, n)
        self._n += n
        return n

    def _set(self, name: str, store: Store) -> None:
        self._stores[name] = store
        if name not in self._columns or self._columns[name].kind != store.kind:
            self._columns[name] = replace(self._describe(name, store.kind), kind=store.kind)

    def store(self, name: str) -> Store:
        """How the column is kept: for `core.table_view` and its searches. KeyError with the nearest name."""
        return self._stores[self.column(name).name]

    def value(self, row: int, name: str) -> Value:
        """One value, None where masked. Texts of `RAW_COLUMNS` are byte for byte the archive's: never show them."""
        if not 0 <= row < self._n:
            raise IndexError(f"row {row} of a table of {self._n} rows")
        return self.store(name).value(row)

    def get(self, row: int, name: str) -> Value:
        """One value, None where masked, and where the archive's answer has no such column."""
        return self.value(row, name) if name in self._columns else None

    def text(self, row: int, name: str) -> str:
        """One value as it is shown: safe, with the column's digits, times as dates, '' where masked."""
        return shown(self.value(row, name), self._columns[name])

    def strings(self, name: str) -> list[str]:
        """A column's texts, '' where masked; the numbers of a numeric column as they are shown."""
        store, column = self.store(name), self._columns[name]
        if isinstance(store, NumberStore):
            return [shown(store.value(row), column) for row in range(self._n)]
        return store.strings()

    def floats(self, name: str) -> NDArray[np.float64]:
        """A copy of a numeric column in its unit, NaN where masked.

        Of a column that holds texts too, because the archive sent some, the texts that are no numbers are NaN.
        """
        store = self.store(name)
        if isinstance(store, NumberStore):
            return store.floats()
        return np.array([_number(text) for text in store.strings()], dtype=np.float64)

    def row(self, row: int) -> dict[str, Value]:
        return {name: self.value(row, name) for name in self._columns}

    def to_rows(self, rows: Sequence[int] | NDArray[np.intp] | None = None) -> Iterator[dict[str, Value]]:
        """All rows, or those asked for, one after the other: for exports."""
        for row in range(self._n) if rows is None else rows:
            yield self.row(int(row))


def heading(column: Column) -> str:
    """The column's head: label and unit; a time that is shown as a date has no unit."""
    return column.label if column.name in DATE_COLUMNS else column.heading


def shown(value: Value, column: Column) -> str:
    """`value` of that column as a person reads it; safe to show."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value, MAX_CELL)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if column.name in DATE_COLUMNS:
        try:
            return mjd_to_date(value)
        except ValueError:
            return f"{value:g}"
    if column.digits is None or abs(value) >= 1e15:
        return f"{value:.10g}"
    return f"{value:.{column.digits}f}"


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _check(packed: Mapping[str, Any], n: int) -> None:
    if packed["kind"] not in get_args(Kind):
        raise ValueError(f"a page with a column of kind {clean(packed['kind'], 20)} does not hold together")
    numbers = packed["codes"] if packed["kind"] == "str" else packed["values"]
    sound = isinstance(packed["name"], str) and numbers.shape == (n,)
    if packed["kind"] == "str":
        blob = packed["words"]
        words = blob.count(b"\xff")
        sound = sound and numbers.dtype.kind == "u" and (not n or int(numbers.max()) < words)
        sound = sound and (not blob or blob.endswith(b"\xff"))
    elif packed["kind"] == "float":
        sound = sound and numbers.dtype.kind == "f"
    else:
        sound = sound and numbers.dtype.kind == "i"
        mask = packed.get("mask")
        sound = sound and (mask is None or (mask.shape == (n,) and mask.dtype == np.bool_))
    if not sound:
        raise ValueError(f"the column {clean(packed['name'], 60)} of a page does not hold together")


def _empty(kind: Kind) -> Store:
    return CodedStore() if kind == "str" else NumberStore(kind)


def _extended(store: Store, packed: Mapping[str, Any]) -> Store:
    if packed["kind"] == store.kind:
        if isinstance(store, NumberStore):
            values = packed["values"]
            store.extend(values, values < 0 if store.kind == "bool" else packed.get("mask"))
            return store
        return store.extend(packed["codes"], packed["words"])
    other = _extended(_empty(packed["kind"]), packed)
    if {store.kind, other.kind} == {"int", "float"}:
        both = NumberStore("float")
        both.extend(cast(NumberStore, store).floats())
        both.extend(cast(NumberStore, other).floats())
        return both
    return _joined(_joined(CodedStore(), store), other)


def _joined(texts: CodedStore | TextStore, more: Store) -> CodedStore | TextStore:
    """`texts` with the values of `more` as texts after them."""
    column = {"name": "values", "type": "string"}
    for start in range(0, len(more), _CHUNK):
        rows = [{"values": more.value(row)} for row in range(start, min(start + _CHUNK, len(more)))]
        packed = pack_rows([column], rows)["columns"][0]
        texts = texts.extend(packed["codes"], packed["words"])
    return texts


def _missing(store: Store, n: int) -> Store:
    if isinstance(store, NumberStore):
        store.extend_missing(n)
        return store
    return store.extend(np.zeros(n, dtype=np.uint8), b"\xff")
