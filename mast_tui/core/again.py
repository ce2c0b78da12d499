"""Getting again what a record says was had: which files, and how to ask for the very same bytes.

Used by the sessions screen and by `get --from`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from mast_tui.core.errors import MastTuiError
from mast_tui.core.fetch import FetchItem
from mast_tui.core.folders import manifests_folder
from mast_tui.core.manifest import FileRecord, Manifest
from mast_tui.core.query import Query
from mast_tui.core.text import clean

_SHARED = FetchItem.__dataclass_fields__.keys() & FileRecord.__dataclass_fields__.keys() - {"size"}


def item_of(record: FileRecord) -> FetchItem:
    """What to fetch to have this file again; its sha256 goes along, so that other bytes are noticed."""
    size = record.size if record.size is not None else record.listed_size
    return FetchItem(**{name: getattr(record, name) for name in _SHARED}, size=size)


def items_again(manifest: Manifest, paths: Iterable[str]) -> tuple[FetchItem, ...]:
    """The items of those files of the record that stand under `paths` (cleaned, as a check names them)."""
    wanted = set(paths)
    return tuple(item_of(record) for record in manifest.files if clean(record.path) in wanted)


def queries_of(manifest: Manifest) -> tuple[Query, ...]:
    """The questions that led to a session; those of a kind that this version can't read are left out."""
    found = []
    for data in manifest.queries:
        with contextlib.suppress(MastTuiError, KeyError, TypeError, ValueError, AttributeError):
            query = Query.from_json(data)
            query.params()  # a question without any condition is none
            found.append(query)
    return tuple(found)


def record_file(manifest: Manifest) -> str:
    """Where the session's own record is kept, as a path for people and for `verify`."""
    return str(manifests_folder() / f"{manifest.id}.json")
