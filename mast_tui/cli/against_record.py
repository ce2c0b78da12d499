"""After `get --from` a record: which files are not the ones it names, and why, for a person and for a program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mast_tui.cli import talk

if TYPE_CHECKING:
    from mast_tui.core.differences import Difference
    from mast_tui.core.manifest import Manifest
    from mast_tui.core.query import Query


async def against_record(source: str | None, session_id: str) -> Sequence[Difference]:
    """What differs from the record that `source` is; empty for any other list of files."""
    from mast_tui.controller.records import settled_record
    from mast_tui.core.differences import differences

    earlier = _record_in(source)
    now = await settled_record(session_id) if earlier is not None else None
    return differences(earlier, now) if earlier is not None and now is not None else ()


def questions_in(source: str | None) -> Sequence[Query]:
    """The questions of the record that `source` is, which go on into the new record."""
    from mast_tui.core.again import queries_of

    record = _record_in(source)
    return queries_of(record) if record is not None else ()


def _record_in(source: str | None) -> Manifest | None:
    from mast_tui.controller.records import find_record
    from mast_tui.core.errors import MastTuiError

    if source is None or source == "-":
        return None
    try:
        return find_record(source)
    except MastTuiError:
        return None  # a CSV or a plain list


def tell(found: Sequence[Difference]) -> None:
    """A line a file, under a line that says what they are."""
    from mast_tui.core.text import plural

    if found:
        talk.say(f"Not as in the record: {plural(len(found), 'file')}.")
    for difference in found:
        talk.say(f"  {difference}")
