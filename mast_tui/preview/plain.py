"""Files that are not FITS: pictures by their size, tables and text by their first lines. Used by `jobs`.

Nothing here decodes a picture or runs an XML parser; later work may, inside the same worker.
"""

from __future__ import annotations

import csv
import re
import struct
from collections.abc import Iterable
from typing import BinaryIO

from mast_tui.core.errors import UnreadableFile
from mast_tui.core.look import PictureLook, TableColumn, TableLook, TextLook
from mast_tui.core.text import human_bytes

#: Read of a text file for its first lines; counted are the lines of at most `_COUNTED` bytes.
_READ, _COUNTED = 1 << 20, 1 << 28
_SHOWN_ROWS, _SHOWN_COLUMNS = 200, 200

#: First bytes of files that are named in one sentence, and what to do about them.
_OTHERS = (
    (b"\x00\x05\x16\x07", "a macOS resource file (AppleDouble), not the data; take the file without '._' in its name"),
    (b"\x00\x05\x16\x00", "a macOS resource file (AppleSingle), not the data"),
    (b"PK\x03\x04", "a zip archive; unpack it and look at the files inside"),
    (b"#ASDF", "an ASDF file; only FITS, tables, text and pictures can be shown"),
    (b"\x89HDF", "an HDF5 file; only FITS, tables, text and pictures can be shown"),
    (b"%PDF", "a PDF document; open it with a PDF reader"),
    (b"BZh", "a bzip2 file; unpack it first"),
    (b"\xfd7zXZ", "an xz file; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd file; unpack it first"),
)


def read_plain(file: BinaryIO, head: bytes, name: str) -> PictureLook | TableLook | TextLook:
    """What an (unpacked) file that begins with `head` is. UnreadableFile, one sentence, when it can't be shown."""
    picture = _picture(file, head, name)
    if picture is not None:
        return picture
    for magic, what in _OTHERS:
        if head.startswith(magic):
            raise UnreadableFile(f"this is {what}")
    if b"\0" in head or _unprintable(head) > 0.1:
        raise UnreadableFile(
            "this file is neither FITS, nor a table, a text or a picture",
            f"it begins with the bytes {head[:8].hex(' ')}",
            "If it was downloaded, get it again",
        )
    return _text(file, name)


def _unprintable(head: bytes) -> float:
    bad = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in head)
    return bad / max(1, len(head))


def _picture(file: BinaryIO, head: bytes, name: str) -> PictureLook | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n") and len(head) >= 24:
        width, height = struct.unpack(">II", head[16:24])
        return PictureLook(name, "PNG", (height, width))
    if head.startswith((b"GIF87a", b"GIF89a")):
        width, height = struct.unpack("<HH", head[6:10])
        return PictureLook(name, "GIF", (height, width))
    if head.startswith(b"\xff\xd8\xff"):
        size = _jpeg_size(file)
        return PictureLook(name, "JPEG", size, notes=() if size else ("its size could not be read",))
    return None


def _jpeg_size(file: BinaryIO) -> tuple[int, ...]:
    """(height, width) from the first frame header (ITU-T T.81, B.2.2); () when there is none in the first 1 MiB."""
    file.seek(0)
    data = file.read(_READ)
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return struct.unpack(">HH", data[at + 5 : at + 9])
        at += 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
    return ()


def _text(file: BinaryIO, name: str) -> TableLook | TextLook:
    file.seek(0)
    first = file.read(_READ)
    n_lines = first.count(b"\n")
    counted = len(first)
    while counted < _COUNTED and (more := file.read(_READ)):
        n_lines += more.count(b"\n")
        counted += len(more)
    if not first.endswith(b"\n") and counted == len(first):
        n_lines += 1
    cut = bool(file.read(1))
    lines = first.decode("utf-8", "replace").splitlines()
    notes = (f"lines were counted in the first {human_bytes(counted)}",) if cut else ()
    if "<VOTABLE" in first[:4096].decode("utf-8", "replace"):
        return _votable(first.decode("utf-8", "replace"), name)
    if lines and lines[0].startswith("# %ECSV"):
        return _ecsv(lines, name, n_lines, notes)
    cells = table_cells(lines, _SHOWN_ROWS + 1)
    if cells:
        return _separated(cells, lines, name, n_lines, notes)
    return TextLook(name, tuple(lines[:_SHOWN_ROWS]), n_lines, notes)


def table_cells(lines: Iterable[str], most: int | None = None) -> list[list[str]]:
    """Header and rows (`most` lines of them) of values between commas or tabs, without comments and empty lines.

    A comment right before the first row is the header where the row holds numbers, the comment as many cells as the row
    and no number ("#,mission,year", as pandas and lightkurve write it). Empty where the first rows are no table.
    """
    before, body = _body(lines)
    first = [line for line in body[:5] if line.strip()]
    if len(first) + bool(before) < 2 or first[0].lstrip().startswith(("{", "[", "<")):
        return []
    for delimiter in (",", "\t"):
        widths = {len(cells) for cells in csv.reader(first, delimiter=delimiter)}
        if len(widths) == 1 and widths.pop() >= 2:
            break
    else:
        return []
    title, row = next(csv.reader([before], delimiter=delimiter), []), next(csv.reader(first, delimiter=delimiter))
    if len(title) == len(row) and any(map(is_number, row)) and not any(map(is_number, title)):
        body = [before if title[0] == "#" else before.lstrip("# "), *body]
    elif len(first) < 2:
        return []
    return list(csv.reader(body[:most], delimiter=delimiter))


def _body(lines: Iterable[str]) -> tuple[str, list[str]]:
    """The last comment before the first line that is none, and all lines that are none, empty ones left out."""
    before = ""
    body: list[str] = []
    for line in lines:
        if line.startswith("#"):
            before = line if not body else before
        elif line.strip():
            body.append(line)
    return before, body


def is_number(word: str) -> bool:
    """Whether `float` takes it."""
    try:
        float(word)
    except ValueError:
        return False
    return True


def _separated(cells: list[list[str]], lines: list[str], name: str, n_lines: int, notes: tuple[str, ...]) -> TableLook:
    n_others = sum(line.startswith("#") or not line.strip() for line in lines)
    columns = tuple(TableColumn(cell.strip()) for cell in cells[0][:_SHOWN_COLUMNS])
    return _table(name, columns, cells[1:], max(0, n_lines - n_others - 1), ("separated values", *notes))


def _ecsv(lines: list[str], name: str, n_lines: int, notes: tuple[str, ...]) -> TableLook:
    header = [line for line in lines if line.startswith("#")]
    units = dict(re.findall(r"name:\s*([^,}\s]+).*?unit:\s*([^,}]+)", "\n".join(header)))
    comma = any("delimiter: ','" in line or 'delimiter: ","' in line for line in header)
    body = [line for line in lines[: len(header) + _SHOWN_ROWS + 1] if not line.startswith("#")]
    cells = list(csv.reader(body, delimiter="," if comma else " ", skipinitialspace=True))
    if not cells:
        return _table(name, (), [], 0, ("an ECSV table without columns",))
    columns = tuple(TableColumn(cell, units.get(cell, "").strip(" '\"")) for cell in cells[0][:_SHOWN_COLUMNS])
    return _table(name, columns, cells[1:], max(0, n_lines - len(header) - 1), ("an ECSV table", *notes))


def _votable(text: str, name: str) -> TableLook:
    fields = re.findall(r"<FIELD\b([^>]*)>", text)[:_SHOWN_COLUMNS]
    columns = tuple(TableColumn(_attribute(field, "name"), _attribute(field, "unit")) for field in fields)
    n_rows = len(re.findall(r"<TR\b", text))
    return TableLook(name, None, columns, (), n_rows, (n_rows, len(columns)), ("a VOTable; its columns are listed",))


def _attribute(field: str, attribute: str) -> str:
    match = re.search(rf"\b{attribute}\s*=\s*[\"']([^\"']*)", field)
    return match[1] if match else ""


def _table(
    name: str, columns: tuple[TableColumn, ...], cells: list[list[str]], n_rows: int, notes: tuple[str, ...]
) -> TableLook:
    n = len(columns)
    rows = tuple(tuple((row + [""] * n)[:n]) for row in cells[:_SHOWN_ROWS])
    return TableLook(name, None, columns, rows, n_rows, (n_rows, n), notes)
