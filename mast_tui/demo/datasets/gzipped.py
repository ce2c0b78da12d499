"""Gzip files whose length is known before they are made: the data is stored, not squeezed.

For the data sets that the archive serves as `.gz` (IUE, GALEX, Kepler target pixels). Any gzip reader opens them.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass, field

from mast_tui.demo.holdings import Content

_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_BLOCK = 65535


@dataclass
class Gzipped:
    """`inner` as a gzip member (RFC 1952) of stored deflate blocks (RFC 1951, 3.2.4)."""

    inner: Content
    _bytes: bytes | None = field(default=None, repr=False)

    @property
    def size(self) -> int:
        blocks = max(1, -(-self.inner.size // _BLOCK))
        return len(_HEAD) + 5 * blocks + self.inner.size + 8

    def _get(self) -> bytes:
        if self._bytes is None:
            data = self.inner.read(0, self.inner.size)
            pieces = [data[i : i + _BLOCK] for i in range(0, len(data), _BLOCK)] or [b""]
            parts = [_HEAD]
            for number, piece in enumerate(pieces, 1):
                last = number == len(pieces)
                parts += [struct.pack("<BHH", last, len(piece), len(piece) ^ 0xFFFF), piece]
            parts.append(struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF))
            self._bytes = b"".join(parts)
        return self._bytes

    @property
    def etag(self) -> str:
        return '"' + hashlib.sha256(self._get()).hexdigest()[:24] + '"'

    def read(self, offset: int, length: int) -> bytes:
        return self._get()[offset : offset + length]
