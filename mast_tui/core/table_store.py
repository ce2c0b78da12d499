"""How one column of a `core.table.ColumnTable` is kept in memory: numbers, coded texts, or one blob of texts.

500,000 observations of 20 columns take some 230 bytes a row this way, against 1,100 as Python lists. The searches
run in these very bytes, without a second, lower-cased copy.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mast_tui.core.columns import Kind
from mast_tui.core.table_pack import END, MAX_CELL
from mast_tui.core.text import clean

Value = str | float | int | bool | None
Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]

#: Texts are kept as codes while they are few: at most this many, or one in sixteen rows.
_FEW_WORDS = 2048
_MOST_WORDS = 65_535


class Growing:
    """A one-dimensional array that grows at its end, amortised, and widens its integer type when it must."""

    def __init__(self, dtype: Any) -> None:
        self._room: NDArray[Any] = np.empty(0, dtype=dtype)
        self._n = 0

    def __len__(self) -> int:
        return self._n

    @property
    def values(self) -> NDArray[Any]:
        return self._room[: self._n]

    def extend(self, more: NDArray[Any]) -> None:
        dtype = np.promote_types(self._room.dtype, more.dtype)
        n = self._n + len(more)
        if n > len(self._room) or dtype != self._room.dtype:
            # memory that is not written to is not taken: the spare room costs address space only
            room = np.empty(max(n, len(self._room), min(n + n // 2, n + (1 << 26))), dtype=dtype)
            room[: self._n] = self.values
            self._room = room
        self._room[self._n : n] = more
        self._n = n


class NumberStore:
    """Floats (f8, NaN is masked), integers (as narrow as they fit) or truth values, with a mask where one is needed."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self._values = Growing(np.float64 if kind == "float" else np.int8)
        self._mask: Growing | None = None

    def __len__(self) -> int:
        return len(self._values)

    @property
    def nbytes(self) -> int:
        return self.values.nbytes + (len(self) if self._mask is not None else 0)

    @property
    def values(self) -> NDArray[Any]:
        """The numbers; what stands where the mask is set means nothing."""
        return self._values.values

    def mask(self, start: int = 0, stop: int | None = None) -> Mask:
        """True where there is no value."""
        values = self.values[start:stop]
        if self.kind == "float":
            missing: Mask = np.isnan(values)
            return missing
        if self._mask is None:
            return np.zeros(len(values), dtype=np.bool_)
        masked: Mask = self._mask.values[start:stop]
        return masked

    def extend(self, values: NDArray[Any], mask: NDArray[Any] | None = None) -> None:
        before = len(self)
        if self.kind != "float" and mask is not None and mask.any() and self._mask is None:
            self._mask = Growing(np.bool_)
            self._mask.extend(np.zeros(before, dtype=np.bool_))
        self._values.extend(values)
        if self._mask is not None:
            self._mask.extend(np.zeros(len(values), dtype=np.bool_) if mask is None else mask)

    def extend_missing(self, n: int) -> None:
        if self.kind == "float":
            self.extend(np.full(n, np.nan))
        else:
            self.extend(np.zeros(n, dtype=np.int8), np.ones(n, dtype=np.bool_))

    def value(self, row: int) -> Value:
        value = self.values[row]
        if self.kind == "float":
            return None if np.isnan(value) else float(value)
        if self._mask is not None and self._mask.values[row]:
            return None
        return bool(value) if self.kind == "bool" else int(value)

    def floats(self) -> NDArray[np.float64]:
        """A copy as floats, NaN where masked."""
        values = self.values.astype(np.float64)
        if self._mask is not None:
            values[self._mask.values] = np.nan
        return values

    def counts(self, rows: Rows | None) -> Counter[Value]:
        values, mask = self.values, self.mask()
        if rows is not None:
            values, mask = values[rows], mask[rows]
        found, times = np.unique(values[~mask], return_counts=True)
        make = {"float": float, "int": int, "bool": bool}[self.kind]
        counter: Counter[Value] = Counter(dict(zip(map(make, found), map(int, times), strict=True)))
        if missing := int(mask.sum()):
            counter[None] = missing
        return counter


class CodedStore:
    """Texts of which there are few: each word once, and a number a row."""

    kind: Kind = "str"

    def __init__(self) -> None:
        self._codes = Growing(np.uint8)
        self._words: list[str] = []
        self._index: dict[str, int] = {}
        self._folded: list[str] = []
        # the last text searched for, and which words hold it: a search goes over the rows in steps
        self._searched: tuple[str, Mask] = ("", np.zeros(0, dtype=np.bool_))
        self._word_bytes = 0

    def __len__(self) -> int:
        return len(self._codes)

    @property
    def nbytes(self) -> int:
        # a word is one str (49 bytes and its signs), its place in the list, and its entry in the index
        return self._codes.values.nbytes + self._word_bytes + 150 * len(self._words)

    def extend(self, codes: NDArray[Any], blob: bytes) -> CodedStore | TextStore:
        """This store with the rows added, or, when the words become too many, a `TextStore` with all of them."""
        few = min(_MOST_WORDS, max(_FEW_WORDS, (len(self) + len(codes)) // 16))
        if blob.count(b"\xff") > few:
            return self._as_texts().extend(codes, blob)
        words = [_decoded(w) for w in _split(blob)]
        new = [w for w in dict.fromkeys(words) if w not in self._index]
        if len(self._words) + len(new) > few:
            return self._as_texts().extend(codes, blob)
        for word in new:
            self._index[word] = len(self._words)
            self._words.append(word)
            self._word_bytes += len(word)
        width = np.min_scalar_type(max(1, len(self._words)) - 1)
        table = np.array([self._index[w] for w in words], dtype=width)
        self._codes.extend(table[codes])
        return self

    def _as_texts(self) -> TextStore:
        store = TextStore()
        store.extend(self._codes.values, b"".join(_encoded(w) for w in self._words))
        return store

    def value(self, row: int) -> str | None:
        return self._words[self._codes.values[row]] or None

    def strings(self, rows: Rows | slice | None = None) -> list[str]:
        codes = self._codes.values if rows is None else self._codes.values[rows]
        words = self._words
        return [words[c] for c in codes.tolist()]

    def hits(self, needle: str, start: int, stop: int) -> Mask:
        """Which of the rows from `start` to `stop` hold `needle` (folded) as they are shown, whatever their case."""
        self._folded += [fold(w) for w in self._words[len(self._folded) :]]
        last, found = self._searched
        if last != needle or len(found) != len(self._folded):
            found = np.fromiter((needle in w for w in self._folded), dtype=np.bool_, count=len(self._folded))
            self._searched = needle, found
        rows: Mask = found[self._codes.values[start:stop]]
        return rows

    def counts(self, rows: Rows | None) -> Counter[Value]:
        codes = self._codes.values if rows is None else self._codes.values[rows]
        times = np.bincount(codes, minlength=len(self._words)).tolist()
        return Counter({w or None: n for w, n in zip(self._words, times, strict=True) if n})

    def ranks(self) -> tuple[NDArray[np.uint16], Mask]:
        """For each row the place of its text among all texts in `sort_key`'s order, and True where there is none."""
        keys = [sort_key(w) for w in self._words]
        place = {key: rank for rank, key in enumerate(sorted(set(keys)))}
        ranks = np.array([place[key] for key in keys], dtype=np.uint16)
        empty = np.array([not w for w in self._words], dtype=np.bool_)
        codes = self._codes.values
        return ranks[codes], empty[codes]


class TextStore:
    """Texts of which there are many: one blob of UTF-8, each text ended by 0xFF, and where each ends."""

    kind: Kind = "str"

    def __init__(self) -> None:
        self._blob = Growing(np.uint8)
        self._ends = Growing(np.uint32)
        # rows whose text is not plain printable ASCII: few, and compared one by one
        self._odd = Growing(np.uint32)

    def __len__(self) -> int:
        return len(self._ends)

    @property
    def nbytes(self) -> int:
        return self._blob.values.nbytes + self._ends.values.nbytes + self._odd.values.nbytes

    def extend(self, codes: NDArray[Any], blob: bytes) -> TextStore:
        words = blob.split(b"\xff")
        if len(words) - 1 != len(codes) or not np.array_equal(codes, np.arange(len(codes))):
            blob = b"".join([words[c] + b"\xff" for c in codes.tolist()])
        data = np.frombuffer(blob, dtype=np.uint8)
        ends = np.flatnonzero(data == END)
        strange = np.flatnonzero(((data < 0x20) | (data > 0x7E)) & (data != END))
        self._odd.extend((np.unique(np.searchsorted(ends, strange)) + len(self)).astype(np.uint32))
        size = len(self._blob) + len(data)
        self._ends.extend((ends + len(self._blob)).astype(np.uint32 if size < 1 << 32 else np.int64))
        self._blob.extend(data)
        return self

    @property
    def blob(self) -> NDArray[np.uint8]:
        return self._blob.values

    @property
    def ends(self) -> NDArray[Any]:
        """Where in the blob each row's text ends: the place of its 0xFF."""
        return self._ends.values

    @property
    def odd(self) -> NDArray[np.uint32]:
        """Rows whose text is not plain printable ASCII, in order."""
        return self._odd.values

    def value(self, row: int) -> str | None:
        ends = self._ends.values
        start = int(ends[row - 1]) + 1 if row else 0
        return _decoded(self._blob.values[start : int(ends[row])].tobytes()) or None

    def strings(self, rows: Rows | slice | None = None) -> list[str]:
        if isinstance(rows, np.ndarray) and len(rows) * 8 < len(self):
            return [self.value(row) or "" for row in rows.tolist()]
        if isinstance(rows, np.ndarray):
            texts = self.strings()
            return [texts[row] for row in rows.tolist()]
        start, stop, _ = (rows or slice(None)).indices(len(self))
        return [_decoded(w) for w in _split(self._bytes(start, stop))]

    def _bytes(self, start: int, stop: int) -> bytes:
        """The texts of rows from `start` to `stop`, each with its end."""
        if start >= stop:
            return b""
        ends = self._ends.values
        first = int(ends[start - 1]) + 1 if start else 0
        return self._blob.values[first : int(ends[stop - 1]) + 1].tobytes()

    def hits(self, needle: str, start: int, stop: int) -> Mask:
        """Which of the rows from `start` to `stop` hold `needle` (folded) as they are shown, whatever their case."""
        found = np.zeros(stop - start, dtype=np.bool_)
        if needle.isascii() and needle.isprintable():
            for a in range(start, stop, _SPAN):
                b = min(a + _SPAN, stop)
                found[a - start : b - start] = self._ascii_hits(needle.encode("ascii"), a, b)
            if not _AMBIGUOUS.isdisjoint(needle):
                for row in np.flatnonzero(found).tolist():
                    found[row] = needle in fold(self.value(start + row) or "")
        odd = self._odd.values
        for row in odd[np.searchsorted(odd, start) : np.searchsorted(odd, stop)].tolist():
            found[row - start] = needle in fold(self.value(row) or "")
        return found

    def _ascii_hits(self, needle: bytes, start: int, stop: int) -> Mask:
        """Hits among plain rows, taking signs for equal that differ only in bit 0x20 (letters in their case).

        Setting a bit is many times faster than lower-casing; 0xFF stays what it is, so no hit reaches over an end.
        """
        blob, ends = self._blob.values, self._ends.values
        first = int(ends[start - 1]) + 1 if start else 0
        folded = blob[first : int(ends[stop - 1]) + 1] | np.uint8(0x20)
        wanted = bytes(c | 0x20 for c in needle)
        if len(wanted) == 1:
            at = np.flatnonzero(folded == wanted[0])
        else:
            gaps = [len(part) for part in folded.tobytes().split(wanted)]
            at = np.cumsum(np.array(gaps[:-1], dtype=np.int64) + len(wanted)) - len(wanted)
        before = np.searchsorted(at, ends[start:stop].astype(np.int64) - first)
        return np.diff(before, prepend=0) > 0

    def counts(self, rows: Rows | None) -> Counter[Value]:
        return Counter(text or None for text in self.strings(rows))


Store = NumberStore | CodedStore | TextStore

#: Rows searched at a time: their bytes stay in the processor's cache.
_SPAN = 8192

#: Signs that differ from another printable one only in bit 0x20 and are no letters.
_AMBIGUOUS = frozenset("@`[{\\|]}^~")

#: Texts of digits sort as numbers up to this many digits; proposals, TIC and group ids have at most 20.
DIGITS = 24


def fold(text: str) -> str:
    """`text` as it is shown, in the form in which case makes no difference."""
    return clean(text, MAX_CELL).casefold()


def sort_key(text: str) -> str:
    """What texts are ordered by: no case, and a text of digits alone as the number that it is."""
    return text.zfill(DIGITS) if text.isascii() and text.isdigit() else fold(text)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass") + b"\xff"


def _split(blob: bytes) -> list[bytes]:
    return blob.split(b"\xff")[:-1]


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")
