"""A look at a large file of the archive of which only parts were fetched.

The bytes lie in a file with holes, with the list of spans that are there. `condense` walks the headers, says which
bytes it needs next, and when they are there writes a small sound FITS file of them: fewer rows, with the headers to
match. The readers see that file and nothing else, so a hole is never taken for data. Runs in the worker, as a job;
`placed` is the other half, in the app: it puts what was read back to its place in the large file. `small_file` makes
the same of a file that is here.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from mast_tui.core.look import Json, Preview
from mast_tui.core.text import clean
from mast_tui.preview import guard
from mast_tui.preview.cards import edited, shrunk_axis
from mast_tui.preview.header_look import header_look
from mast_tui.preview.headers import BLOCK_BYTES
from mast_tui.preview.parts import Aim, Taken, available, choose
from mast_tui.preview.passing import to_wire

#: Bytes asked for at once while the headers are walked; most headers are shorter.
HEADER_BYTES = 64 << 10
#: HDUs whose headers are fetched, one request each; of more where a later one is asked for, in smaller requests.
MOST_HDUS, LATER_HEADER_BYTES = 64, 16 << 10
#: So much is taken of a packed file: gzip can only be unpacked from its start.
PACKED_BYTES = 4 << 20
_COPY = 1 << 20

Span = tuple[int, int]


class HasBytes(Protocol):
    """What is needed of a large file to make a small one: its length, and any of its bytes."""

    n_bytes: int

    def raw_bytes(self, offset: int, n_bytes: int) -> bytes: ...


class SparseFile(io.RawIOBase):
    """A file with holes, read-only: `guard.NotFetched` for a read that touches a byte which is not in `known`.

    `known` are spans of `file`'s bytes, `n_bytes` the length of the file in the archive.
    """

    def __init__(self, file: BinaryIO, known: Sequence[Sequence[int]], n_bytes: int) -> None:
        super().__init__()
        self._file, self.n_bytes = file, n_bytes
        self._known = sorted((int(a), int(b)) for a, b in known)
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.n_bytes}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        stop = self.n_bytes if size is None or size < 0 else min(self.n_bytes, self._at + size)
        start = self._at
        if stop <= start:
            return b""
        self.require(start, stop)
        self._file.seek(start)
        data = self._file.read(stop - start)
        if len(data) != stop - start:
            raise guard.NotFetched(start, stop)  # the file is shorter than the list of its spans says
        self._at = stop
        return data

    def raw_bytes(self, offset: int, n_bytes: int) -> bytes:
        self.seek(offset)
        return self.read(n_bytes)

    def require(self, start: int, stop: int) -> None:
        """NotFetched, from the first byte on that is missing."""
        for a, b in self._known:
            if a <= start < b:
                start = b
            if start >= stop:
                return
        raise guard.NotFetched(start, stop)

    def close(self) -> None:
        self._file.close()
        super().close()


def condense(
    path: str,
    known: Sequence[Sequence[int]],
    n_bytes: int | None,
    ranges: bool,
    target: str,
    **aim: Any,
) -> Json:
    """Either `need`: spans of bytes to fetch first; or the small file at `target`, with what it stands for.

    `n_bytes` is the length of the file in the archive, None where it is not known; `ranges` false where nothing but
    the start can be had; `aim` the fields of `parts.Aim`. With `target` come `parts` (see `placed`), `aim` (what to ask
    of the small file), `headers` (the large file's, as a Preview) and `notes`. Not a FITS file: `plain`.
    """
    wanted = Aim(**{name: tuple(value) if isinstance(value, list) else value for name, value in aim.items()})  # type: ignore[arg-type]
    have = max((b for a, b in known if a == 0), default=0)
    with Path(path).open("rb") as raw:
        magic = raw.read(min(2, have))
    if magic == b"\x1f\x8b":
        if ranges and have < min(PACKED_BYTES, n_bytes or 0):
            return {"need": [[have, min(PACKED_BYTES, n_bytes or 0)]]}
        unpacked = guard.unzip_start(Path(path), have)
        file = SparseFile(io.BytesIO(unpacked), [(0, len(unpacked))], guard.MAX_DATA_BYTES)
        return _from_start(file, len(unpacked), path, target, wanted)
    if magic != b"SI":
        return {"plain": True}
    with Path(path).open("rb") as raw, SparseFile(raw, known, n_bytes or guard.MAX_DATA_BYTES) as file:
        if not ranges:
            return _from_start(file, have, path, target, wanted)
        most = max(MOST_HDUS, min(wanted.hdu or 0, guard.MAX_HDUS) + 1)
        walk = guard.walk(cast(BinaryIO, file), file.n_bytes, most)
        if walk.next_bytes is not None:
            start = walk.next_bytes[0]
            length = HEADER_BYTES if len(walk.hdus) < MOST_HDUS else LATER_HEADER_BYTES
            return {"need": [[start, min(start + length, file.n_bytes)]]}
        taken = choose(walk.hdus, wanted)
        need = _missing(file, taken)
        if need:
            return {"need": need}
        return _write(file, walk, taken, path, target, wanted, _problem(walk, most, wanted))


def _problem(walk: guard.Walk, most: int, aim: Aim) -> str:
    """What is wrong with the file; that there are further HDUs only where none was chosen."""
    further = len(walk.hdus) == most and walk.hdus[-1].complete and walk.problem
    if not further:
        return walk.problem
    return "" if aim.hdu is not None else f"{walk.problem}: download it to see all of them"


def _from_start(file: SparseFile, n_bytes: int, path: str, target: str, aim: Aim) -> Json:
    walk = guard.walk(cast(BinaryIO, file), file.n_bytes, MOST_HDUS)
    taken = available(walk.hdus, n_bytes)
    return _write(file, walk, taken, path, target, Aim(aim.hdu), walk.problem)


def _missing(file: SparseFile, taken: Sequence[Taken]) -> list[list[int]]:
    need: list[list[int]] = []
    for part in taken:
        for start, stop in part.spans():
            stop = min(stop, file.n_bytes)
            try:
                if start < stop:
                    file.require(start, stop)
            except guard.NotFetched as missing:
                need.append([missing.start, stop])
    return need


def _write(
    file: SparseFile, walk: guard.Walk, taken: Sequence[Taken], path: str, target: str, aim: Aim, problem: str
) -> Json:
    with Path(target).open("wb") as out:
        small_file(file, taken, out)
    left_out = [
        _named(part.hdu) + (" (can only be had whole)" if part.only_whole else "")
        for part in taken
        if not part.sides and not part.whole and aim.hdu in (None, part.hdu.index)  # the others were not asked for
    ]
    name = Path(path).name
    headers = to_wire(Preview(clean(name), "header", None, None, (), (), header_look(walk), file.n_bytes))
    return {
        "target": target,
        "parts": {
            str(part.hdu.index): {
                "table": part.is_table,
                "axes": list(part.hdu.axes),
                "sides": [[s.first, s.step, s.count, s.length] for s in part.sides],
            }
            for part in taken
            if part.sampled
        },
        "aim": _aim_to_json(aim_at_small(taken, aim)),
        "headers": headers,
        "left_out": left_out,
        "problem": problem,
    }


def small_file(file: HasBytes, taken: Sequence[Taken], out: BinaryIO) -> None:
    """A sound FITS file with what is taken of each HDU, under headers that say how much that is."""
    for part in taken:
        hdu = part.hdu
        header = file.raw_bytes(hdu.header_offset, hdu.data_offset - hdu.header_offset)
        if part.sides:
            out.write(_shortened(header, part))
        else:
            out.write(header if part.whole else _emptied(header, part))
        written = 0
        for start, stop in part.spans():
            written += _copy(file, start, min(stop, file.n_bytes), out)
        out.write(b"\0" * (-written % BLOCK_BYTES))


def _copy(file: HasBytes, start: int, stop: int, out: BinaryIO) -> int:
    for at in range(start, stop, _COPY):
        out.write(file.raw_bytes(at, min(_COPY, stop - at)))
    return stop - start


def _named(hdu: guard.Hdu) -> str:
    return clean(hdu.header.name, 60) or f"HDU {hdu.index}"


def _emptied(header: bytes, part: Taken) -> bytes:
    """The header of an HDU whose data stay in the archive."""
    if part.is_table:
        return edited(header, {"NAXIS2": 0, "PCOUNT": 0, "ZIMAGE": None, "CHECKSUM": None, "DATASUM": None})
    axes = {f"NAXIS{k}": None for k in range(1, len(part.hdu.axes) + 1)}
    return edited(header, {"NAXIS": 0, **axes, "GROUPS": None, "CHECKSUM": None, "DATASUM": None})


def _shortened(header: bytes, part: Taken) -> bytes:
    changes: dict[str, int | float | None] = {"CHECKSUM": None, "DATASUM": None}
    n = len(part.sides) + 1
    for k, side in enumerate(part.sides):
        axis = n - k  # FITS counts the sides from the contiguous one on
        changes[f"NAXIS{axis}"] = side.count
        if not side.whole and not part.is_table:
            changes |= shrunk_axis(part.hdu.header, axis, side.first, side.step)
    if part.is_table:
        changes["PCOUNT"] = 0
    return edited(header, changes)


def aim_at_small(taken: Sequence[Taken], aim: Aim) -> Aim:
    """What to ask of the small file for what was asked of the large one."""
    part = next((p for p in taken if p.hdu.index == aim.hdu), None)
    if part is None or aim.hdu is None:
        part = next((p for p in taken if p.sampled), None)
    row, plane, window = aim.row, aim.plane, aim.window
    if part is not None and part.sampled:
        last = part.sides[-1]
        if row is not None and part.is_table:
            row = 0 if last.count == 1 else row
        if plane is not None and (part.is_table or len(part.sides) > 1):
            plane = 0
        if window is not None and not part.is_table:
            window = (window[0], 0, window[2], last.count)
    return Aim(aim.hdu, row, plane, window)


def _aim_to_json(aim: Aim) -> Json:
    window = None if aim.window is None else list(aim.window)
    return {"hdu": aim.hdu, "row": aim.row, "plane": aim.plane, "window": window}
