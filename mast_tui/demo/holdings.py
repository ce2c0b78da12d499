"""What the embedded archive holds, as plain nouns: observations, their products, and the bytes of the files.

The data sets (`demo.datasets`) make these; the sky (`demo.sky`) searches them; the server hands them out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

Cell = str | int | float | bool | None
Row = Mapping[str, Cell]

#: How every simulated row and file says what it is; searched for by tests and shown by the app.
SIMULATED = "SIMULATED"


class Content(Protocol):
    """The bytes of one file, readable from any offset without the whole being held."""

    @property
    def size(self) -> int: ...
    @property
    def etag(self) -> str: ...
    def read(self, offset: int, length: int) -> bytes: ...


@dataclass
class MadeContent:
    """Bytes made on first use by `make` (deterministic), then kept; for files up to some 15 MB."""

    make: Callable[[], bytes]
    _bytes: bytes | None = field(default=None, repr=False)
    _etag: str = field(default="", repr=False)

    def _get(self) -> bytes:
        if self._bytes is None:
            self._bytes = self.make()
        return self._bytes

    @property
    def size(self) -> int:
        return len(self._get())

    @property
    def etag(self) -> str:
        if not self._etag:  # hashed once: a look asks for a hundred parts of a file
            self._etag = '"' + hashlib.sha256(self._get()).hexdigest()[:24] + '"'
        return self._etag

    def read(self, offset: int, length: int) -> bytes:
        return self._get()[offset : offset + length]


@dataclass(frozen=True)
class FileContent:
    """A real public file that the package carries."""

    path: Path

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    @property
    def etag(self) -> str:
        return '"' + hashlib.sha256(self.path.read_bytes()).hexdigest()[:24] + '"'

    def read(self, offset: int, length: int) -> bytes:
        with self.path.open("rb") as f:
            f.seek(offset)
            return f.read(length)


@dataclass(frozen=True)
class TiledContent:
    """A large simulated file: a made head, then one block repeated up to `size`; nothing big is ever stored."""

    head: bytes
    tile: bytes
    size: int

    @property
    def etag(self) -> str:
        return '"' + hashlib.sha256(self.head + self.tile + str(self.size).encode()).hexdigest()[:24] + '"'

    def read(self, offset: int, length: int) -> bytes:
        end = min(offset + length, self.size)
        out = bytearray(self.head[offset:end])
        while offset + len(out) < end:
            start = (offset + len(out) - len(self.head)) % len(self.tile)
            out += self.tile[start : start + end - offset - len(out)]
        return bytes(out)


@dataclass(frozen=True)
class HeldProduct:
    """One row of `Mast.Caom.Products` (without obsID) and the bytes behind its dataURI.

    `row` has every product column of domain §4.4 except `obsID`; `size` may be left out, then it is the content's.
    """

    row: Row
    content: Content | None = None


@dataclass(frozen=True)
class HeldObservation:
    """One CAOM observation row (columns of caom-columns.md, domain §4.3) and a way to its products.

    `products` is called when the list is asked for, so that an archive of thousands of files starts at once.
    """

    row: Row
    products: Callable[[], Sequence[HeldProduct]]
