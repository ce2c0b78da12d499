"""The start of a file that was looked at before it was asked for: copied from the store of looks, not fetched again.

It becomes a part like one of an interrupted download, so everything that holds for those holds here: the rest is asked
for under the same validator (If-Range), the file is hashed and checked as a whole, and a crash leaves a part without a
note, which is begun anew. Used by the engine, once a job.
"""

from __future__ import annotations

import os

from mast_tui.core.look_store import read_kept
from mast_tui.transfer.fetched import Want
from mast_tui.transfer.fileops import FileOps
from mast_tui.transfer.part import Held, Part
from mast_tui.transfer.stream import Control

#: Less is fetched faster than it is copied and synced.
_WORTH_BYTES = 64 << 10
_PIECE = 1 << 20


def held_from_look(want: Want, part: Part, ops: FileOps, control: Control) -> Held | None:
    """The part with what a look has brought of the file from its first byte on; None where that is not worth it.

    The last byte is always left out: asking for it makes the server say that this is still the file.
    """
    if control.seeded:
        return None  # what was held was refused once
    control.seeded = True
    kept = read_kept(want.host.base, want.uri)
    if kept is None or not kept.validator or not kept.ranges or kept.total is None:
        return None
    size = min(kept.prefix, kept.total - 1)
    if size < _WORTH_BYTES:
        return None
    try:
        source = kept.data.open("rb")
    except OSError:
        return None
    part.drop_note()
    with source:
        fd = part.open(0)
        try:
            left = size
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
    part.note(kept.validator, kept.total, size)
    return part.held()
