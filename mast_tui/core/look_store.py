"""Files that were looked at in the archive, as far as they came: their bytes with holes, and which of them are there.

One folder a file in the user's cache folder, private to the user: the data, and `known.json`, which names the spans of
bytes that are on disk. The data is synced before `known.json` says so, hence a crash leaves spans that are there but
not known, never the reverse. Written by the archive's worker (`archive.ranges`); read by the controller, and by the
transfers, which take the start of a file from here instead of fetching it twice.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mast_tui.core import folders
from mast_tui.core.errors import LocalFailure
from mast_tui.core.text import clean, path_component

#: Bytes on disk that all kept files together may take; the one that was looked at longest ago goes first.
MAX_KEPT = 200 << 20
_NOTE = "known.json"
_LONGEST_NOTE = 1 << 20

#: Bytes from the first number up to, without, the second.
Span = tuple[int, int]


def joined(spans: Iterable[Sequence[int]], gap: int = 0) -> list[Span]:
    """The same bytes as few spans in ascending order; those at most `gap` bytes apart become one, gap included."""
    found: list[Span] = []
    for start, stop in sorted((int(a), int(b)) for a, b in spans):
        if stop <= start:
            continue
        if found and start <= found[-1][1] + gap:
            found[-1] = (found[-1][0], max(found[-1][1], stop))
        else:
            found.append((start, stop))
    return found


def missing(known: Iterable[Sequence[int]], wanted: Iterable[Sequence[int]]) -> list[Span]:
    """The bytes of `wanted` that are not in `known`."""
    have = joined(known)
    found: list[Span] = []
    for start, stop in joined(wanted):
        for a, b in have:
            if b <= start:
                continue
            if a >= stop:
                break
            if a > start:
                found.append((start, a))
            start = b
        if start < stop:
            found.append((start, stop))
    return found


@dataclass(frozen=True)
class Kept:
    """What is held of `uri` at the archive `base`: the spans `known` in the file `data`.

    `total` is the file's length, None where the server does not tell it; `validator` the strong validator (RFC 9110
    §8.8) under which all of it came, '' where there is none: such bytes serve this look only. `ranges` says whether
    the server sends parts of files in a way that can be used; where not, `refusal` says in words how it sends them.
    """

    base: str
    uri: str
    data: Path
    validator: str = ""
    total: int | None = None
    known: tuple[Span, ...] = ()
    ranges: bool = True
    refusal: str = ""

    @property
    def whole(self) -> bool:
        return self.total is not None and not missing(self.known, [(0, self.total)])

    @property
    def prefix(self) -> int:
        """How many bytes from the first on are there without a hole."""
        return self.known[0][1] if self.known and self.known[0][0] == 0 else 0

    def with_spans(self, spans: Iterable[Sequence[int]]) -> Kept:
        return replace(self, known=tuple(joined([*self.known, *spans])))


def store_folder() -> Path:
    return folders.cache_folder() / "looks"


def folder_of(base: str, uri: str) -> Path:
    """Where the file `uri` of the archive at `base` is kept, if it is."""
    name = hashlib.sha256(f"{base}\n{uri}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return store_folder() / name


def read_kept(base: str, uri: str) -> Kept | None:
    """What is held of a file; None where nothing is, or where the note does not fit the data."""
    folder = folder_of(base, uri)
    try:
        with (folder / _NOTE).open("rb") as file:
            note = json.loads(file.read(_LONGEST_NOTE))
        if (note["base"], note["uri"]) != (base, uri):
            return None
        data = folder / str(note["place"]) / _name_for(uri)
        known = tuple(joined(note["known"]))
        total = None if note["total"] is None else int(note["total"])
        status = data.lstat()
        end = known[-1][1] if known else 0
        if status.st_size < end or (end > total if total is not None else end == 0):
            return None
        refusal = clean(note.get("refusal", ""), 200)
        return Kept(base, uri, data, str(note["validator"]), total, known, bool(note["ranges"]), refusal)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def new_kept(base: str, uri: str) -> Kept:
    """A place for a file of which nothing is held; what was there of an older version goes. LocalFailure."""
    drop(base, uri)
    folders.ensure_private(folders.cache_folder())
    folders.ensure_private(store_folder())
    # a name of its own for every version: who still reads or writes the old one never meets the new one's bytes
    place = folder_of(base, uri) / secrets.token_hex(4)
    try:
        place.mkdir(mode=0o700, parents=True)
        data = place / _name_for(uri)
        data.touch(mode=0o600)
    except OSError as error:
        raise LocalFailure(
            "the cache folder can't be written", clean(error.strerror or ""), "Free some space"
        ) from None
    return Kept(base, uri, data)


def write_kept(kept: Kept) -> None:
    """Write down what is held; the data must have been synced. OSError."""
    note = {
        "base": kept.base,
        "uri": kept.uri,
        "place": kept.data.parent.name,
        "validator": kept.validator,
        "total": kept.total,
        "known": [list(span) for span in kept.known],
        "ranges": kept.ranges,
        "refusal": kept.refusal,
    }
    folders.write_whole(kept.data.parent.parent / _NOTE, json.dumps(note))


def drop(base: str, uri: str) -> None:
    shutil.rmtree(folder_of(base, uri), ignore_errors=True)


def tidy(limit: int = MAX_KEPT, spare: Kept | None = None) -> None:
    """Remove what was looked at longest ago until all takes at most `limit` bytes of disk; never `spare`, which is
    looked at now and may be larger than the limit.
    """
    found: list[tuple[float, int, Path]] = []
    with contextlib.suppress(OSError):
        for folder in store_folder().iterdir():
            used = sum(f.lstat().st_blocks * 512 for f in folder.rglob("*") if f.is_file())
            found.append((folder.lstat().st_mtime, used, folder))
    total = sum(used for _, used, _ in found)
    spared = None if spare is None else folder_of(spare.base, spare.uri)
    for _, used, folder in sorted(found):
        if total <= limit:
            return
        if folder == spared:
            continue
        shutil.rmtree(folder, ignore_errors=True)
        total -= used


def touch(kept: Kept) -> None:
    """It was looked at now."""
    with contextlib.suppress(OSError):
        os.utime(kept.data.parent.parent)


def _name_for(uri: str) -> str:
    """The file's own name: recognition breaks ties by it."""
    try:
        return path_component(uri.partition("?")[0].rsplit("/", 1)[-1])
    except ValueError:
        return "file"
