"""A bounded walk over the structure of a FITS file, before any parser sees it.

It answers where each header and its data lie and whether the file holds them, in a fraction of a millisecond: a
2,880-byte file that claims 99,999,999 axes keeps astropy busy for more than a minute, and a truncated one ends in an
unrelated exception. Used by `fits_file` on every FITS file; the caps are those of the reliability notes.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mast_tui.core.errors import UnreadableFile
from mast_tui.core.text import clean, human_bytes
from mast_tui.preview.headers import BLOCK_BYTES, CARD_BYTES, Header, parse

MAX_HDUS = 2_000
MAX_CARDS = 40_000
#: A table of FITS has at most 999 fields (FITS 4.0, 7.2.1), an array at most 999 axes (4.4.1.1).
MAX_FIELDS = MAX_AXES = 999
MAX_DATA_BYTES = 1 << 50
#: Uncompressed bytes that a gzip file may become; the ratio of honest files stays far under 200, but a file of zeros
#: (48 kB for 42 MB is known) may have more as long as it is small.
MAX_UNZIPPED = 512 << 20
FREE_UNZIPPED = 64 << 20
MAX_RATIO = 200

#: Window bits that make zlib expect a gzip header.
_GZIP = 31
BITPIX_BYTES = {8: 1, 16: 2, 32: 4, 64: 8, -32: 4, -64: 8}


@dataclass(frozen=True)
class Hdu:
    """One header-data unit: where its header and `data_bytes` lie, and how many of these the file has."""

    index: int
    header: Header
    header_offset: int
    data_offset: int
    data_bytes: int
    present_bytes: int

    @property
    def complete(self) -> bool:
        return self.present_bytes >= self.data_bytes

    @property
    def axes(self) -> tuple[int, ...]:
        """Lengths in numpy order: the last FITS axis first."""
        n = self.header.integer("NAXIS") or 0
        return tuple(self.header.integer(f"NAXIS{k}") or 0 for k in range(n, 0, -1))

    @property
    def extension(self) -> str:
        return self.header.text("XTENSION").upper()


class NotFetched(Exception):
    """Bytes `start` to `stop` (excluded) of a file in the archive are asked for and have not come yet.

    Raised by the file object, so that a file that is not here yet is never taken for one that was cut off.
    """

    def __init__(self, start: int, stop: int) -> None:
        super().__init__(f"bytes {start} to {stop} are not here")
        self.start, self.stop = start, stop


@dataclass(frozen=True)
class Walk:
    """What is sound, from the start of the file on; `problem` is one sentence about what is not, or ''.

    `next_bytes` is set where the walk stopped because the file's next bytes have not been fetched.
    """

    hdus: tuple[Hdu, ...]
    problem: str = ""
    next_bytes: tuple[int, int] | None = None


class _Unsound(Exception):
    """Why the walk stops."""


def walk(file: BinaryIO, n_bytes: int, most: int = MAX_HDUS) -> Walk:
    """The first `most` HDUs of a FITS file of `n_bytes` bytes. Reads headers only.

    Never raises for what the file holds.
    """
    hdus: list[Hdu] = []
    offset = 0
    try:
        while offset < n_bytes and len(hdus) < most:
            header, data_offset = _read_header(file, offset, n_bytes, len(hdus))
            if not hdus and "SIMPLE" not in header.values:
                raise _Unsound("This is not a FITS file: its first card is not SIMPLE")
            if hdus and "XTENSION" not in header.values:
                break  # special records after the last HDU are allowed (FITS 4.0, 3.5)
            size = _data_bytes(header, len(hdus))
            present = max(0, min(size, n_bytes - data_offset))
            hdu = Hdu(len(hdus), header, offset, data_offset, size, present)
            hdus.append(hdu)
            if not hdu.complete:
                raise _Unsound(_cut_in_data(hdu, n_bytes))
            offset = data_offset + -(-size // BLOCK_BYTES) * BLOCK_BYTES
    except _Unsound as unsound:
        return Walk(tuple(hdus), str(unsound))
    except NotFetched as bytes_:
        return Walk(tuple(hdus), next_bytes=(bytes_.start, bytes_.stop))
    if len(hdus) == most and offset < n_bytes:
        return Walk(tuple(hdus), f"The file has more than {most:,} HDUs; only the first are shown")
    return Walk(tuple(hdus))


def open_bytes(path: Path) -> tuple[BinaryIO, int]:
    """The file, unpacked in memory when it is gzip, and its length in bytes.

    UnreadableFile for a gzip file that is damaged or grows beyond the caps.
    """
    file = path.open("rb")
    n_bytes = path.stat().st_size
    if file.read(2) != b"\x1f\x8b":
        file.seek(0)
        return file, n_bytes
    with file:
        file.seek(0)
        allowed = min(MAX_UNZIPPED, max(FREE_UNZIPPED, MAX_RATIO * n_bytes))
        content = _unzip(file, allowed)
    return io.BytesIO(content), len(content)


def unzip_start(path: Path, n_bytes: int) -> bytes:
    """What the first `n_bytes` bytes of a gzip file unpack to. UnreadableFile as `open_bytes`."""
    with path.open("rb") as file:
        start = io.BytesIO(file.read(n_bytes))
    return _unzip(start, min(MAX_UNZIPPED, max(FREE_UNZIPPED, MAX_RATIO * n_bytes)))


def _unzip(file: BinaryIO, allowed: int) -> bytes:
    """All members of a gzip file; of a damaged one what came before the damage: the walk says what is missing."""
    parts: list[bytes] = []
    total = 0
    unzip = zlib.decompressobj(_GZIP)
    try:
        while chunk := file.read(1 << 16):
            while chunk:
                parts.append(unzip.decompress(chunk))
                total += len(parts[-1])
                if total > allowed:
                    raise UnreadableFile(
                        "this gzip file is not unpacked for a preview",
                        f"it grows to more than {human_bytes(allowed)}",
                        "Unpack it yourself if you trust it",
                    )
                chunk = unzip.unused_data
                if unzip.eof:
                    unzip = zlib.decompressobj(_GZIP)
    except zlib.error as error:
        if not total:
            raise UnreadableFile("this gzip file is damaged", clean(error, 200), "Download it again") from None
    return b"".join(parts)


def _read_header(file: BinaryIO, offset: int, n_bytes: int, index: int) -> tuple[Header, int]:
    file.seek(offset)
    blocks: list[bytes] = []
    while True:
        block = file.read(BLOCK_BYTES)
        if not blocks and index == 0 and not block.startswith(b"SIMPLE"):
            raise _Unsound("This is not a FITS file: its first card is not SIMPLE")
        blocks.append(block)
        if any(block[at : at + 8] == b"END     " for at in range(0, len(block), CARD_BYTES)):
            break
        if len(block) < BLOCK_BYTES:
            raise _Unsound(
                f"The file ends inside the header of HDU {index}, after {human_bytes(n_bytes)}; get it again"
            )
        if len(blocks) * BLOCK_BYTES > MAX_CARDS * CARD_BYTES:
            raise _Unsound(f"The header of HDU {index} has more than {MAX_CARDS:,} cards")
        if index and len(blocks) == 1 and not block.startswith(b"XTENSION"):
            return parse(b""), offset  # trailing records, not a header
    return parse(b"".join(blocks)), offset + len(blocks) * BLOCK_BYTES


def _data_bytes(header: Header, index: int) -> int:
    """Bytes of data that the header claims (FITS 4.0, 4.4.1.2 and 6.2)."""
    width = BITPIX_BYTES.get(header.integer("BITPIX") or 0)
    n_axes = header.integer("NAXIS")
    if width is None or n_axes is None:
        raise _Unsound(f"The header of HDU {index} has no valid BITPIX and NAXIS")
    if not 0 <= n_axes <= MAX_AXES:
        raise _Unsound(f"The header of HDU {index} claims {n_axes:,} axes; FITS allows {MAX_AXES}")
    fields = header.integer("TFIELDS") or 0
    if not 0 <= fields <= MAX_FIELDS:
        raise _Unsound(f"The header of HDU {index} claims {fields:,} table columns; FITS allows {MAX_FIELDS}")
    axes = [header.integer(f"NAXIS{k}") for k in range(1, n_axes + 1)]
    if any(length is None or length < 0 for length in axes):
        raise _Unsound(f"The header of HDU {index} lacks the length of an axis, or it is negative")
    lengths = [length for length in axes if length is not None]
    if header.get("GROUPS") is True and lengths and lengths[0] == 0:
        lengths = lengths[1:]
    count = 1 if lengths else 0
    for length in lengths:
        count *= length
    per_group = (header.integer("PCOUNT") or 0) + count
    groups = header.integer("GCOUNT")
    size = width * (1 if groups is None else groups) * per_group
    if not 0 <= size <= MAX_DATA_BYTES:
        raise _Unsound(f"The header of HDU {index} claims {human_bytes(abs(size))} of data")
    return size


def _cut_in_data(hdu: Hdu, n_bytes: int) -> str:
    name = clean(hdu.header.name, 60)
    whole = hdu.data_offset + hdu.data_bytes
    where = f"HDU {hdu.index}" + (f" ({name})" if name else "")
    return (
        f"The file is cut off: {n_bytes:,} of at least {whole:,} bytes are there, {where} is incomplete; get it again"
    )
