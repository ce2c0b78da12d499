"""The files of a record that were had, checked before their names go into a program that somebody will run."""

from __future__ import annotations

import re

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.manifest import FileRecord, Manifest
from mast_tui.core.text import clean, path_component


def files_had(manifest: Manifest) -> list[FileRecord]:
    """Those that are done. InvalidQuery when there are none, and for a path that would lead out of the folder."""
    had = [file for file in manifest.files if file.state == "done"]
    if not had:
        raise InvalidQuery(
            "this record has no file that was had", "", "Fetch first: mast-tui get --from " + _named(manifest)
        )
    for file in had:
        try:
            safe = all(path_component(part) == part for part in file.path.split("/"))
        except ValueError:
            safe = False
        if not safe:
            raise InvalidQuery(f"the path “{clean(file.path, 80)}” in this record is not used", "it may lead elsewhere")
        if not re.fullmatch(r"[0-9a-f]{64}", file.sha256):
            raise InvalidQuery(
                f"this record has no SHA-256 of {clean(file.path, 80)}", "it can't be said to be the same"
            )
        if clean(file.uri) != file.uri or not file.uri:
            raise InvalidQuery(f"the URI “{clean(file.uri, 80)}” in this record is not used", "it has odd signs")
    return had


def _named(manifest: Manifest) -> str:
    return f"the manifest of {clean(manifest.id, 60)}"


def how_many_more(manifest: Manifest) -> int:
    """Files of the record that were not had, and are in no export."""
    return sum(file.state != "done" for file in manifest.files)
