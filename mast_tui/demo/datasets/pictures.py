"""Preview pictures: valid JPEG and PNG files of grey images and of plotted points, written with numpy and zlib.

The length of a picture is promised before it is drawn (a comment segment fills it up), so that listing ten thousand
previews draws none. Called by every module that lists products.

JPEG: baseline sequential, one component, the quantisation and Huffman tables of ITU-T T.81 annex K. PNG: 8-bit grey.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from mast_tui.demo.fits import Array
from mast_tui.demo.holdings import SIMULATED

_NOTE = f"{SIMULATED}: drawn by the mast-tui demo.".encode()
# fmt: off
_QUANTISATION = np.array([
    [16, 11, 10, 16, 24, 40, 51, 61], [12, 12, 14, 19, 26, 58, 60, 55],
    [14, 13, 16, 24, 40, 57, 69, 56], [14, 17, 22, 29, 51, 87, 80, 62],
    [18, 22, 37, 56, 68, 109, 103, 77], [24, 35, 55, 64, 81, 104, 113, 92],
    [49, 64, 78, 87, 103, 121, 120, 101], [72, 92, 95, 98, 112, 100, 103, 99],
])
# fmt: on
_DC_COUNTS = bytes.fromhex("00010501010101010100000000000000")
_DC_VALUES = bytes(range(12))
_AC_COUNTS = bytes.fromhex("0002010303020403050504040000017d")
_AC_VALUES = bytes.fromhex(
    "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a"
    "434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9"
    "aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa"
)


def _zigzag() -> Array:
    order = sorted(
        ((y, x) for y in range(8) for x in range(8)),
        key=lambda p: (p[0] + p[1], p[1] if (p[0] + p[1]) % 2 == 0 else p[0]),
    )
    return np.array([8 * y + x for y, x in order])


def _codes(counts: bytes, values: bytes) -> dict[int, str]:
    """Symbol to its Huffman code as a string of bits (T.81 annex C)."""
    made, code, i = {}, 0, 0
    for length, count in enumerate(counts, 1):
        for _ in range(count):
            made[values[i]] = f"{code:0{length}b}"
            code, i = code + 1, i + 1
        code <<= 1
    return made


_ZIGZAG, _DC, _AC = _zigzag(), _codes(_DC_COUNTS, _DC_VALUES), _codes(_AC_COUNTS, _AC_VALUES)


def _bits(value: int) -> tuple[int, str]:
    """Size category and the bits of a coefficient (T.81 F.1.2.1)."""
    size = abs(value).bit_length()
    return size, f"{value if value > 0 else value + (1 << size) - 1:0{size}b}" if size else ""


def jpeg(pixels: Array) -> bytes:
    """A JPEG of 8-bit grey `pixels`; the sides must be multiples of 8."""
    height, width = pixels.shape
    u = np.arange(8)
    basis = np.cos((2 * u[None, :] + 1) * u[:, None] * np.pi / 16) * np.where(u == 0, np.sqrt(0.125), 0.5)[:, None]
    blocks = pixels.astype(np.float64).reshape(height // 8, 8, width // 8, 8).swapaxes(1, 2) - 128
    scaled = np.rint(basis @ blocks @ basis.T / _QUANTISATION).astype(int)
    coefficients = scaled.reshape(-1, 64)[:, _ZIGZAG]
    out, before = [], 0
    for block in coefficients:
        size, bits = _bits(int(block[0]) - before)
        before = int(block[0])
        out += [_DC[size], bits]
        last = 0
        for place in np.flatnonzero(block[1:]) + 1:
            run = int(place) - last - 1
            out += [_AC[0xF0]] * (run // 16)
            size, bits = _bits(int(block[place]))
            out += [_AC[(run % 16) << 4 | size], bits]
            last = int(place)
        if last != 63:
            out.append(_AC[0x00])
    stream = "".join(out)
    stream += "1" * (-len(stream) % 8)
    scan = int(stream, 2).to_bytes(len(stream) // 8, "big").replace(b"\xff", b"\xff\x00")
    tables = bytes([0]) + _QUANTISATION.ravel()[_ZIGZAG].astype(np.uint8).tobytes()
    parts = [
        b"\xff\xd8",
        _segment(0xE0, b"JFIF\0\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
        _segment(0xDB, tables),
        _segment(0xC0, struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0)),
        _segment(0xC4, b"\x00" + _DC_COUNTS + _DC_VALUES),
        _segment(0xC4, b"\x10" + _AC_COUNTS + _AC_VALUES),
        _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
        scan,
        b"\xff\xd9",
    ]
    return b"".join(parts)


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def png(pixels: Array) -> bytes:
    """A PNG of 8-bit grey `pixels`."""
    height, width = pixels.shape
    rows = b"".join(b"\0" + row.astype(np.uint8).tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@dataclass
class Picture:
    """A preview as `Content`: `size` bytes whatever is drawn. `draw()` gives 8-bit grey pixels."""

    draw: Callable[[], Array]
    size: int
    kind: str = "jpg"
    _bytes: bytes | None = field(default=None, repr=False)

    def _get(self) -> bytes:
        if self._bytes is None:
            made = jpeg(self.draw()) if self.kind == "jpg" else png(self.draw())
            room = self.size - len(made)
            if room < 80:
                raise ValueError(f"the picture takes {len(made)} bytes and {self.size} were promised")
            if self.kind == "jpg":
                self._bytes = made[:2] + _comments(room) + made[2:]
            else:
                text = b"Comment\0" + _NOTE.ljust(room - 12 - 8)
                self._bytes = made[:33] + _chunk(b"tEXt", text) + made[33:]
        return self._bytes

    @property
    def etag(self) -> str:
        return '"' + hashlib.sha256(self._get()).hexdigest()[:24] + '"'

    def read(self, offset: int, length: int) -> bytes:
        return self._get()[offset : offset + length]


def _comments(room: int) -> bytes:
    """JPEG comment segments of exactly `room` bytes in all; one holds 64 kB at most."""
    made = b""
    while room - len(made) > 60000:
        made += _segment(0xFE, _NOTE.ljust(30000))
    return made + _segment(0xFE, _NOTE.ljust(room - len(made) - 4)[: room - len(made) - 4])


def grey(sky: Array, side: int = 256) -> Array:
    """A picture of a sky: asinh between the 1st and the 99.5th percentile, `side` by `side`, north up."""
    rows = np.linspace(0, sky.shape[0] - 1, side).astype(int)
    shrunk = np.nan_to_num(np.asarray(sky, dtype=np.float64)[np.ix_(rows, rows)])
    low, high = np.percentile(shrunk, (1, 99.5))
    scaled = np.arcsinh(10 * np.clip((shrunk - low) / max(high - low, 1e-30), 0, 1)) / np.arcsinh(10)
    return np.asarray((255 * scaled)[::-1], dtype=np.uint8)


def plot(x: Array, y: Array, width: int = 384, height: int = 192) -> Array:
    """Points of a light curve or spectrum in black on white within a frame, between the 0.1 and 99.9 percentiles."""
    page = np.full((height, width), 255, dtype=np.uint8)
    good = np.isfinite(x) & np.isfinite(y)
    x, y = np.asarray(x)[good], np.asarray(y)[good]
    (left, right), (low, high) = (x.min(), x.max()), np.percentile(y, (0.1, 99.9))
    column = 8 + (width - 17) * (x - left) / max(right - left, 1e-30)
    row = height - 9 - (height - 17) * np.clip((y - low) / max(high - low, 1e-30), 0, 1)
    page[row.astype(int), column.astype(int)] = 0
    page[[4, -5], 4:-4] = 96
    page[4:-4, [4, -5]] = 96
    return page
