"""Looking at a file of the archive: bring what is needed of it, and no more. Used by `looks`.

Small files come whole. Of a large one first the headers come, then the rows that a terminal can show; the store of
looks keeps them, so that the next look, the next session and the download do not ask for them again.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from mast_tui.archive import Archive
from mast_tui.core import look_store
from mast_tui.core.errors import InvalidQuery, LocalFailure, TemporarilyUnavailable
from mast_tui.core.look import Frames, Moved, Preview
from mast_tui.core.look_store import Kept, Span
from mast_tui.core.text import human_bytes
from mast_tui.preview import Aim, Condensed, Condenser, Level, Previewer, placed, placed_frames

Notice = Callable[[str], None]

#: Rounds of "these bytes first": one for each header, one for the data; a file that wants more is broken.
_MOST_ROUNDS = 400
_START: tuple[Span, ...] = ((0, 64 << 10),)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class RemoteLooks:
    def __init__(self, archive: Callable[[], Awaitable[Archive]], previewer: Previewer) -> None:
        self._archive, self._previewer = archive, previewer
        self._condenser: Condenser | None = None
        self._folder: Path | None = None
        self._base = ""
        #: URIs whose kept bytes were compared with the archive in this session, and how many bytes came for each.
        self._compared: set[str] = set()
        self._moved: Counter[str] = Counter()
        self._number = 0

    async def look(self, uri: str, aim: Aim, quality: Level, column: str | None, notice: Notice | None) -> Preview:
        kept, small = await self._bring(uri, aim, notice)
        if small is not None:
            to = small.aim
            try:
                preview = await self._previewer.look(
                    small.path,
                    hdu=to.hdu,
                    row=to.row,
                    quality=quality,
                    column=column,
                    plane=to.plane,
                    window=to.window,
                )
            finally:
                _remove(small.path.parent)
            preview = placed(preview, small, kept.total)
        else:
            preview = await self._look_whole(kept, aim, quality, column)
        how = kept.refusal
        if not kept.whole and (how or small is None or kept.data.name.lower().endswith(".gz")):
            came = f"only the first {human_bytes(kept.prefix)} of this file were fetched"
            why = f": {how}" if how else ": it is packed" if small is not None else ""
            preview = replace(
                preview, problems=(*preview.problems, f"{_sentence(came + why)}; download it to see all of it.")
            )
        return replace(preview, moved=Moved(self._moved[uri], kept.total, how))

    async def frames(self, uri: str, hdu: int, rows: tuple[int, int, int], notice: Notice | None) -> Frames:
        first, step, count = rows
        kept, small = await self._bring(uri, Aim(hdu=hdu, rows=rows), notice)
        if small is None:
            return await self._previewer.frames(kept.data, hdu=hdu, first=first, count=count, step=step)
        try:
            if hdu not in small.sampled:  # a small table came whole
                return await self._previewer.frames(small.path, hdu=hdu, first=first, count=count, step=step)
            return placed_frames(await self._previewer.frames(small.path, hdu=hdu, first=0, count=count), small)
        finally:
            _remove(small.path.parent)

    async def whole(self, uri: str, notice: Notice | None, most: int | None = None) -> Path:
        """The whole file. With `most`, InvalidQuery before more than so many bytes would be moved for it."""
        if most is not None:
            kept = await self._fetch(uri, _START, notice)
            held = kept.known if kept.ranges else ()
            left = None if kept.total is None else sum(b - a for a, b in look_store.missing(held, [(0, kept.total)]))
            if not kept.whole and (left is None or left > most):
                much = f"of which {human_bytes(left)} are not here" if left is not None else "of unknown length"
                raise InvalidQuery(
                    f"this needs the whole file, {much}",
                    f"No more than {human_bytes(most)} come unasked",
                    "Get the whole file first",
                )
        kept = await self._fetch(uri, None, notice)
        if not kept.whole:
            raise TemporarilyUnavailable("the file did not come whole", "", "Try again")
        return kept.data

    async def close(self) -> None:
        if self._condenser is not None:
            await self._condenser.close()
        if self._folder is not None:
            _remove(self._folder)
        if (urlsplit(self._base).hostname or "") in _LOOPBACK:  # it has another address next time
            for uri in self._compared:
                look_store.drop(self._base, uri)

    async def _bring(self, uri: str, aim: Aim, notice: Notice | None) -> tuple[Kept, Condensed | None]:
        """What is held now, and a small file with the parts; None where the file is whole, or is no FITS file."""
        kept = await self._fetch(uri, _START, notice)
        for _ in range(_MOST_ROUNDS):
            if kept.whole:
                return kept, None
            answer = await self._condense(kept, aim)
            if not isinstance(answer, list):
                return kept, answer
            kept = await self._fetch(uri, answer, notice)
        raise TemporarilyUnavailable(
            "this file can't be looked at in parts", "It has too many", "download it to see all of it"
        )

    async def _fetch(self, uri: str, spans: Sequence[Span] | None, notice: Notice | None) -> Kept:
        """What is held after these bytes have come; a file that changed meanwhile is begun anew."""
        archive = await self._archive()
        self._base = archive.host.base
        kept = look_store.read_kept(self._base, uri)
        compared = uri in self._compared
        if kept is None or not compared or spans is None or (kept.ranges and look_store.missing(kept.known, spans)):
            moved, changed = await archive.parts(
                uri, spans, moved_before=self._moved[uri], fresh=not compared, notice=notice
            )
            self._moved[uri] += moved
            self._compared.add(uri)
            kept = look_store.read_kept(self._base, uri)
            if changed and notice is not None:
                notice("the file has changed in the archive; it is read anew")
        if kept is None:
            raise LocalFailure("what was fetched for this look is gone", "", "Look again")
        return kept

    async def _condense(self, kept: Kept, aim: Aim) -> list[Span] | Condensed | None:
        if self._condenser is None:
            self._condenser = Condenser()
        target = self._place() / kept.data.name
        done = False
        try:
            answer = await self._condenser.ask(kept.data, kept.known, kept.total, kept.ranges, target, aim)
            done = isinstance(answer, Condensed)
            return answer
        finally:
            if not done:
                _remove(target.parent)

    async def _look_whole(self, kept: Kept, aim: Aim, quality: Level, column: str | None) -> Preview:
        """Look at a whole file, or at the start of one that is not FITS: a copy without the holes behind it."""
        path = kept.data
        if not kept.whole:
            path = self._place() / kept.data.name
            with kept.data.open("rb") as file:
                path.write_bytes(file.read(min(kept.prefix, 1 << 20)))
        return await self._previewer.look(
            path, hdu=aim.hdu, row=aim.row, quality=quality, column=column, plane=aim.plane, window=aim.window
        )

    def _place(self) -> Path:
        """A folder of its own for one small file, so that it can have the large one's name."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="mast-tui-looks-"))
        self._number += 1
        place = self._folder / str(self._number)
        place.mkdir()
        return place


def _remove(folder: Path) -> None:
    with contextlib.suppress(OSError):
        shutil.rmtree(folder)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
