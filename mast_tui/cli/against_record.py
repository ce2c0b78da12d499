"""After `get --from` a record: which files are not the ones it names, and why, for a person and for a program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mast_tui.cli import talk

if TYPE_CHECKING:
    from mast_tui.core.differences import Difference


async def against_record(source: str | None, session_id: str) -> Sequence[Difference]:
    """What differs from the record that `source` is; empty for any other list of files."""
    from mast_tui.controller.records import find_record, settled_record
    from mast_tui.core.differences import differences
    from mast_tui.core.errors import MastTuiError

    if source is None or source == "-":
        return ()
    try:
        earlier = find_record(source)
    except MastTuiError:
        return ()  # a CSV or a plain list
    now = await settled_record(session_id)
    return differences(earlier, now) if now is not None else ()


def tell(found: Sequence[Difference]) -> None:
    """A line a file, under a line that says what they are."""
    from mast_tui.core.text import plural

    if found:
        talk.say(f"Not as in the record: {plural(len(found), 'file')}.")
    for difference in found:
        talk.say(f"  {difference}")
