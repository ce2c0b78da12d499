"""The order of a table's rows by one column: stable, without regard to case, rows without a value last.

Called by `core.table_view`. Numbers and coded texts are argsorted; long columns of texts are sorted as big-endian
words of eight bytes, 0.2 s for 500,000 identifiers against 1.1 s for Python's own sort of the same keys.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mast_tui.core.table_store import DIGITS, CodedStore, NumberStore, Rows, Store, TextStore, sort_key

#: Texts up to this many bytes are sorted as words; longer ones (footprints) by Python.
_WIDEST = 128
_SPAN = 8192

#: ASCII capitals to small letters; everything else to itself.
_LOWER = np.array([c + 32 if 65 <= c <= 90 else c for c in range(256)], dtype=np.uint8)


class SortedRows:
    """The rows of one column in order: those with a value, then those without, in table order."""

    def __init__(self, store: Store, descending: bool) -> None:
        keys, mask = _keys(store)
        self._kind, self._descending, self._n = store.kind, descending, len(mask)
        here = np.flatnonzero(~mask)
        keys = [key if len(here) == len(mask) else key[here] for key in keys]
        # descending, what is equal stays in table order too: sorted backwards, then turned round
        order = len(here) - 1 - _stable([key[::-1] for key in keys])[::-1] if descending else _stable(keys)
        self._with, self._without = here[order], np.flatnonzero(mask)

    @property
    def rows(self) -> Rows:
        return np.concatenate([self._with, self._without])

    def grown(self, store: Store) -> SortedRows:
        """The order with the rows that `store` has got since: a small page is put in its places, a large one sorted.

        `store` is the column's present store, which may be another than before.
        """
        added = len(store) - self._n
        many = added > 5000 or added * 20 > self._n
        if many or isinstance(store, CodedStore) or store.kind != self._kind:
            return SortedRows(store, self._descending)
        new = range(self._n, len(store))
        valued = [row for row in new if store.value(row) is not None]
        valued.sort(key=lambda row: _key(store, row), reverse=self._descending)
        at = _places(store, self._with[::-1] if self._descending else self._with, valued, left=self._descending)
        self._with = np.insert(self._with, len(self._with) - at if self._descending else at, valued)
        self._without = np.concatenate([self._without, np.setdiff1d(new, valued)])
        self._n = len(store)
        return self


def _stable(keys: Sequence[NDArray[Any]]) -> Rows:
    return np.argsort(keys[0], kind="stable") if len(keys) == 1 else np.lexsort(tuple(keys[::-1]))


def _places(store: NumberStore | TextStore, order: Rows, rows: Sequence[int], left: bool) -> Rows:
    """Where in the ascending `order` each of `rows` belongs, before or after what is equal."""
    if isinstance(store, NumberStore):
        return np.searchsorted(store.values[order], store.values[rows], "left" if left else "right")
    side = bisect_left if left else bisect_right
    found = [side(order, _key(store, row), key=lambda other: _key(store, int(other))) for row in rows]
    return np.array(found, dtype=np.intp)


def _key(store: Store, row: int) -> Any:
    value = store.value(row)
    return sort_key(value) if isinstance(value, str) else value


def _keys(store: Store) -> tuple[list[NDArray[Any]], NDArray[np.bool_]]:
    """Arrays that order the rows, the first of most weight, and True where there is no value."""
    if isinstance(store, NumberStore):
        return [store.values], store.mask()
    if isinstance(store, CodedStore):
        ranks, mask = store.ranks()
        return [ranks], mask
    return _text_keys(store)


def _text_keys(store: TextStore) -> tuple[list[NDArray[Any]], NDArray[np.bool_]]:
    blob, ends = store.blob, store.ends.astype(np.int64)
    starts = np.concatenate([[0], ends[:-1] + 1])
    lengths = ends - starts
    odd = {row: sort_key(store.value(row) or "").encode("utf-8", "surrogatepass") for row in store.odd.tolist()}
    widest = max([int(lengths.max(initial=1)), DIGITS, *map(len, odd.values())])
    if widest > _WIDEST:
        keys = [sort_key(text) for text in store.strings()]
        place = {key: rank for rank, key in enumerate(sorted(set(keys)))}
        return [np.array([place[key] for key in keys], dtype=np.int64)], lengths == 0
    width = (widest + 7) // 8 * 8
    padded = np.zeros((len(ends), width), dtype=np.uint8)
    for a in range(0, len(ends), _SPAN):
        b = min(a + _SPAN, len(ends))
        _fill(padded[a:b], _LOWER[blob[starts[a] : ends[b - 1] + 1]], starts[a:b] - starts[a], lengths[a:b])
    for row, key in odd.items():
        padded[row] = 0
        padded[row, : len(key)] = np.frombuffer(key, dtype=np.uint8)
    words = padded.view(">u8")
    return [words[:, i].astype(np.uint64) for i in range(words.shape[1])], lengths == 0


def _fill(padded: NDArray[np.uint8], data: NDArray[np.uint8], starts: NDArray[Any], lengths: NDArray[Any]) -> None:
    """Each text into its line: at the left, or, a number of digits alone, at the right of a field of zeros."""
    width = padded.shape[1]
    inside = np.ones(len(data), dtype=np.bool_)
    inside[starts + lengths] = False
    other = np.flatnonzero(inside & ((data < 0x30) | (data > 0x39)))
    after = np.searchsorted(other, starts + lengths)
    numbers = (np.diff(after, prepend=0) == 0) & (lengths > 0) & (lengths <= DIGITS)
    shift = np.where(numbers, DIGITS - lengths, 0)
    padded[numbers, :DIGITS] = 0x30
    line = np.arange(len(starts)) * width + shift - starts
    to = np.repeat(line, lengths + 1) + np.arange(len(data))
    padded.reshape(-1)[to[inside]] = data[inside]
