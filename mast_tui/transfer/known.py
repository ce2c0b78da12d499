"""What was looked at of a file before it was asked for: copied from the store of looks, not fetched again.

The start of the file becomes a part like one of an interrupted download; then what is missing is asked for from one
kept span to the next, and the part grows from its first byte on as it always does. So everything that holds for a part
holds here: every question is asked under the same validator (If-Range), the file is hashed and checked as a whole, and
a crash leaves a part that is resumed, or one without a note, which is begun anew. Used by the engine, once a job.

Spans shorter than a question is worth are fetched again: the rows of a thinned image lie hundreds of kilobytes apart.
"""

from __future__ import annotations

import os

from mast_tui.core.look_store import Kept, Span, read_kept
from mast_tui.transfer.fetched import Want
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.part import Held, Part
from mast_tui.transfer.stream import Control

#: A start shorter than this is fetched faster than it is copied and synced.
_WORTH_COPYING = 64 << 10
#: A span shorter than this comes faster than another question is answered (0.1 s at 10 MB/s).
_WORTH_A_QUESTION = 1 << 20
_PIECE = 1 << 20


def looked_at(want: Want, control: Control) -> Kept | None:
    """What a look has left of this file that can be used; offered once a job, for it may have been refused since."""
    if control.seeded:
        return None
    control.seeded = True
    kept = read_kept(want.host.base, want.uri)
    usable = kept is not None and kept.validator and kept.ranges and kept.total is not None
    return kept if usable else None


def start_of(kept: Kept, part: Part, ops: FileOps, control: Control) -> Held | None:
    """The part with the file's kept start; None where that is not worth it.

    The last byte is always left out: asking for it makes the server say that this is still the file.
    """
    size = min(kept.prefix, (kept.total or 0) - 1)
    if size < _WORTH_COPYING:
        return None
    part.drop_note()
    return _copied(kept, 0, size, part, ops, control)


def next_span(kept: Kept, offset: int) -> Span | None:
    """The next kept bytes behind `offset` that are worth skipping in what is asked for."""
    return next(((a, b) for a, b in kept.known if a > offset and b - a >= _WORTH_A_QUESTION), None)


def with_span(kept: Kept, span: Span, part: Part, ops: FileOps, control: Control) -> Held | None:
    """The part, which reaches to the span's start, with the span's bytes; None where they are gone."""
    return _copied(kept, *span, part, ops, control)


def _copied(kept: Kept, start: int, stop: int, part: Part, ops: FileOps, control: Control) -> Held | None:
    try:
        source = kept.data.open("rb")
    except OSError:
        return None
    with source:
        source.seek(start)
        fd = part.open(start)
        try:
            left = stop - start
            while left > 0:
                control.check()
                data = source.read(min(_PIECE, left))
                if not data:
                    return None  # the store was emptied meanwhile
                ops.write_all(fd, data)
                left -= len(data)
            ops.sync(fd)
        finally:
            os.close(fd)
    part.note(kept.validator, kept.total or 0, stop)
    return Held(stop, kept.validator, kept.total or 0)
