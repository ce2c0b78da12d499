"""Whether a file is what its name says and is whole, from its bytes alone. Used by the engine and by `verify`.

A FITS file's headers say where each part ends, so a walk over them finds every truncation without reading the data;
DATASUM and CHECKSUM, where a file has them, find every flipped bit. gzip, zip and PNG carry CRCs, JPEG an end mark.
"""

from __future__ import annotations

import binascii
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from mast_tui.core.text import clean, plural

_BLOCK = 2880
_MOST_HDUS = 2000
_MOST_CARDS = 40000
_PIECE = 1 << 18
#: An archive's file may grow this much when unpacked before we stop reading it to the end: it could be a bomb.
_MOST_UNPACKED = 1 << 34
_MOST_RATIO = 300

_NUMBER = re.compile(rb"^(SIMPLE|XTENSION|BITPIX|NAXIS\d{0,3}|PCOUNT|GCOUNT|GROUPS) *= *('?[^/']*'?)")
_SUM = re.compile(rb"^(DATASUM|CHECKSUM) *= *'([^']*)'")


@dataclass(frozen=True)
class Finding:
    """`whole` is None where the kind of file has nothing to tell by; `proved` when a checksum inside it matched;
    `foreign` when this is no such file at all (an error page under a data file's name)."""

    kind: str
    whole: bool | None
    proved: bool = False
    foreign: bool = False
    why: str = ""


class Damaged(Exception):
    pass


@dataclass
class _Hdu:
    start: int
    data: int
    end: int
    datasum: int | None = None
    checksum: bool = False


@dataclass
class _Cards:
    numbers: dict[bytes, bytes] = field(default_factory=dict)
    sums: dict[bytes, str] = field(default_factory=dict)


def inspect(file: BinaryIO, size: int, name: str, proceed: Callable[[], None] = lambda: None) -> Finding:
    """What `file` (`size` bytes, read from its start) under `name` is. `proceed` is called often, and may raise."""
    file.seek(0)
    head = file.read(16)
    low = name.lower()
    kind = _kind_by_name(low)
    if kind == "other":
        return Finding(kind, None)
    if not _MAGIC[kind](head):
        return Finding(kind, False, foreign=True, why=_what_instead(file, kind))
    try:
        return _CHECKS[kind](file, size, proceed)
    except Damaged as error:
        return Finding(kind, False, why=clean(error, 200))
    except (zlib.error, zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, ValueError, EOFError) as error:
        return Finding(kind, False, why=f"its {kind} structure is damaged: {clean(error, 120)}")


def _kind_by_name(low: str) -> str:
    for kind, endings in _ENDINGS.items():
        if low.endswith(endings):
            return kind
    return "other"


def _what_instead(file: BinaryIO, kind: str) -> str:
    file.seek(0)
    words = clean(file.read(200).decode("latin-1").strip(), 80)
    return f"this is no {kind} file; it begins “{words}”" if words else f"this is no {kind} file; it is empty"


# --- FITS ---------------------------------------------------------------------------------------------------------


def walk_fits(file: BinaryIO, size: int) -> list[_Hdu]:
    """The header-data units of a FITS file (Standard 4.0 §3, §4.4). Damaged when it does not end where they say."""
    hdus: list[_Hdu] = []
    at = 0
    while at < size:
        file.seek(at)
        cards = _read_header(file, len(hdus))
        if (b"XTENSION" if hdus else b"SIMPLE") not in cards.numbers:
            if hdus:
                break  # special records after the last extension are allowed (§3.5)
            raise Damaged("it has no FITS header")
        data_at = file.tell()
        length = _data_length(cards.numbers)
        end = data_at + (length + _BLOCK - 1) // _BLOCK * _BLOCK
        hdu = _Hdu(at, data_at, end, checksum=bool(cards.sums.get(b"CHECKSUM", "").strip("0 ")))
        if cards.sums.get(b"DATASUM", "").strip().isdecimal():
            hdu.datasum = int(cards.sums[b"DATASUM"])
        hdus.append(hdu)
        at = end
        if len(hdus) > _MOST_HDUS:
            raise Damaged(f"it has more than {_MOST_HDUS} extensions")
    if not hdus:
        raise Damaged("it is empty")
    if at > size:
        raise Damaged(f"it is truncated: its headers say {at:,} bytes, it has {size:,}")
    return hdus


def _read_header(file: BinaryIO, number: int) -> _Cards:
    cards = _Cards()
    seen = 0
    while True:
        block = file.read(_BLOCK)
        if len(block) < _BLOCK:
            if number and not cards.numbers:
                return cards  # a stump after the last whole extension: no header of ours
            raise Damaged(f"it is truncated in the header of extension {number}")
        for i in range(0, _BLOCK, 80):
            card = block[i : i + 80]
            if card.startswith(b"END     "):
                return cards
            if match := _NUMBER.match(card):
                cards.numbers.setdefault(match[1], match[2].strip())
            elif match := _SUM.match(card):
                cards.sums.setdefault(match[1], match[2].decode("latin-1"))
        if number and b"XTENSION" not in cards.numbers:
            return cards
        seen += _BLOCK // 80
        if seen > _MOST_CARDS:
            raise Damaged(f"a header has more than {_MOST_CARDS:,} cards")


def _data_length(words: dict[bytes, bytes]) -> int:
    try:
        bitpix, naxis = int(words[b"BITPIX"]), int(words[b"NAXIS"])
        if bitpix not in (8, 16, 32, 64, -32, -64) or not 0 <= naxis <= 999:
            raise Damaged("BITPIX or NAXIS has no meaning")
        axes = [int(words[b"NAXIS%d" % k]) for k in range(1, naxis + 1)]
        parameters, groups = int(words.get(b"PCOUNT", b"0")), int(words.get(b"GCOUNT", b"1"))
    except (KeyError, ValueError) as error:
        raise Damaged(f"a header has no usable {clean(error, 60)}") from None
    if any(axis < 0 for axis in axes):
        raise Damaged("an axis is negative")
    if words.get(b"GROUPS") == b"T" and axes and axes[0] == 0:
        axes = axes[1:]
    cells = 1 if axes else 0
    for axis in axes:
        cells *= axis
    length = abs(bitpix) // 8 * groups * (parameters + cells)
    if not 0 <= length < 1 << 50:
        raise Damaged("a header speaks of an absurd size")
    return length


def _check_fits(file: BinaryIO, size: int, proceed: Callable[[], None]) -> Finding:
    hdus = walk_fits(file, size)
    with_data = [h for h in hdus if h.end > h.data]
    proved = 0
    for number, hdu in enumerate(hdus):
        if hdu.datasum is None and not hdu.checksum:
            continue
        total = sum32(file, hdu.data, hdu.end, 0, proceed)
        if hdu.datasum is not None and not _same_sum(total, hdu.datasum):
            raise Damaged(f"the checksum of the data of extension {number} does not match")
        if hdu.checksum and not _same_sum(sum32(file, hdu.start, hdu.data, total, proceed), 0):
            raise Damaged(f"the checksum of extension {number} does not match")
        proved += hdu.end > hdu.data
    if proved and proved == len(with_data):
        return Finding("FITS", True, proved=True)
    if proved:
        return Finding("FITS", True, why=f"only {proved} of {plural(len(with_data), 'extension')} has a checksum")
    return Finding("FITS", True, why="no checksum in the file")


def sum32(file: BinaryIO, start: int, end: int, total: int, proceed: Callable[[], None]) -> int:
    """The ones' complement sum of the 32-bit big-endian words in [start, end), added to `total` (FITS 4.0 App. J)."""
    import numpy as np  # only files with a checksum pay for it

    file.seek(start)
    left = end - start
    while left > 0:
        proceed()
        piece = file.read(min(_PIECE, left))
        if not piece:
            raise Damaged("it ends early")
        left -= len(piece)
        total += int(np.frombuffer(piece, ">u4").sum(dtype=np.uint64))
        while total >> 32:
            total = (total & 0xFFFFFFFF) + (total >> 32)
    return total


def _same_sum(a: int, b: int) -> bool:
    """Ones' complement has two zeros."""
    return a == b or {a, b} == {0, 0xFFFFFFFF}


# --- other kinds --------------------------------------------------------------------------------------------------


def _check_gzip(file: BinaryIO, size: int, proceed: Callable[[], None]) -> Finding:
    file.seek(0)
    limit = min(_MOST_UNPACKED, max(1 << 28, size * _MOST_RATIO))
    made = 0
    rest = b""
    while True:  # one member a turn; a file may have several (RFC 1952 §2.2)
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            proceed()
            data = rest or file.read(1 << 18)
            rest = b""
            if not data:
                raise Damaged("it is truncated: its gzip stream has no end")
            while data and not member.eof:
                made += len(member.decompress(data, _PIECE))
                data = member.unconsumed_tail
                if made > limit:
                    return Finding("gzip", None, why="it unpacks to so much that it was not read to the end")
        rest = (member.unused_data or file.read(1 << 18)).lstrip(b"\0")
        while not rest:
            more = file.read(1 << 18)
            if not more:
                return Finding("gzip", True, proved=True)
            rest = more.lstrip(b"\0")


def _check_zip(file: BinaryIO, size: int, proceed: Callable[[], None]) -> Finding:
    with zipfile.ZipFile(file) as archive:
        limit = min(_MOST_UNPACKED, max(1 << 28, size * _MOST_RATIO))
        if len(archive.infolist()) > 100_000 or sum(i.file_size for i in archive.infolist()) > limit:
            return Finding("zip", None, why="it unpacks to so much that it was not read to the end")
        for info in archive.infolist():
            with archive.open(info) as member:
                while member.read(1 << 18):
                    proceed()
    return Finding("zip", True, proved=True)


def _check_jpeg(file: BinaryIO, size: int, proceed: Callable[[], None]) -> Finding:
    file.seek(max(0, size - 4096))
    if b"\xff\xd9" not in file.read():
        raise Damaged("it is truncated: the JPEG has no end mark")
    return Finding("JPEG", True)


def _check_png(file: BinaryIO, size: int, proceed: Callable[[], None]) -> Finding:
    file.seek(8)
    while True:
        proceed()
        head = file.read(8)
        if len(head) < 8:
            raise Damaged("it is truncated: the PNG has no end")
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if length > size:
            raise Damaged("a PNG chunk is larger than the file")
        crc = binascii.crc32(kind)
        while length > 0:
            piece = file.read(min(length, _PIECE))
            if not piece:
                raise Damaged("it is truncated: the PNG has no end")
            crc = binascii.crc32(piece, crc)
            length -= len(piece)
        if file.read(4) != crc.to_bytes(4, "big"):
            raise Damaged("a checksum of the PNG does not match")
        if kind == b"IEND":
            return Finding("PNG", True, proved=True)


def _check_pdf(file: BinaryIO, size: int, proceed: Callable[[], None]) -> Finding:
    file.seek(max(0, size - 2048))
    if b"%%EOF" not in file.read():
        raise Damaged("it is truncated: the PDF has no end mark")
    return Finding("PDF", True)


def _check_nothing(file: BinaryIO, size: int, proceed: Callable[[], None]) -> Finding:
    return Finding("ASDF", None)


_ENDINGS: dict[str, tuple[str, ...]] = {
    "FITS": (".fits", ".fit", ".fts"),
    "gzip": (".gz", ".tgz"),
    "zip": (".zip",),
    "JPEG": (".jpg", ".jpeg"),
    "PNG": (".png",),
    "PDF": (".pdf",),
    "ASDF": (".asdf",),
}
_MAGIC: dict[str, Callable[[bytes], bool]] = {
    "FITS": lambda head: head.startswith(b"SIMPLE  ="),
    "gzip": lambda head: head.startswith(b"\x1f\x8b"),
    "zip": lambda head: head.startswith(b"PK"),
    "JPEG": lambda head: head.startswith(b"\xff\xd8"),
    "PNG": lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"),
    "PDF": lambda head: b"%PDF" in head,
    "ASDF": lambda head: head.startswith(b"#ASDF"),
}
_CHECKS: dict[str, Callable[[BinaryIO, int, Callable[[], None]], Finding]] = {
    "FITS": _check_fits,
    "gzip": _check_gzip,
    "zip": _check_zip,
    "JPEG": _check_jpeg,
    "PNG": _check_png,
    "PDF": _check_pdf,
    "ASDF": _check_nothing,
}
