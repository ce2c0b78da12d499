"""Which files of an earlier record could not be had again, and why: processed again, gone, or not allowed.

Used after `get --from` a record, by the command line and the sessions screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mast_tui.core.manifest import FileRecord, Manifest
from mast_tui.core.text import clean, human_bytes

#: What the versions of a file are told apart by, in the order of telling.
_VERSIONS = ("calibration", "pipeline", "version", "size", "validator", "sha256")


@dataclass(frozen=True)
class Difference:
    """`cause` is that of the record, or 'failed'; `was` and `now` hold what differs of the two, `now` when it came."""

    uri: str
    path: str
    cause: str
    why: str
    was: Mapping[str, Any]
    now: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {
            "uri": self.uri,
            "path": self.path,
            "cause": self.cause,
            "why": self.why,
            "was": dict(self.was),
            "now": dict(self.now),
        }

    def __str__(self) -> str:
        """'a_x1d.fits: reprocessed: calibration 3.6.0 → 3.6.1, 1.85 MB → 1.86 MB.' Safe to show."""
        name = clean(self.path.rpartition("/")[2], 120)
        words = clean(self.why, 300)
        if self.cause == "reprocessed":
            words = self._versions()
        return f"{name}: {self.cause.replace('_', ' ')}: {words}"

    def _versions(self) -> str:
        told = []
        for key in ("calibration", "pipeline", "version"):
            if key in self.now:
                told.append(f"{key} {_word(self.was.get(key))} → {_word(self.now[key])}")
        if "size" in self.now:
            before, after = self.was.get("size"), self.now["size"]
            told.append(f"{_bytes(before)} → {_bytes(after)}")
        if not told:
            told.append("the header names the same versions, the bytes differ")
        return ", ".join(told) + "; the new file is kept"


def differences(earlier: Manifest, now: Manifest) -> tuple[Difference, ...]:
    """The files of the session `now` that are not there with the bytes which `earlier` has of them, in its order."""
    by_place = {(file.uri, file.path): file for file in earlier.files}
    by_uri = {file.uri: file for file in earlier.files}
    found = []
    for file in now.files:
        before = by_place.get((file.uri, file.path)) or by_uri.get(file.uri)
        if before is None or file.state in ("done", "cancelled"):
            continue
        was, new = _apart(before, file) if file.sha256 else ({}, {})
        found.append(Difference(file.uri, file.path, file.cause or "failed", file.why, was, new))
    return tuple(found)


def _apart(before: FileRecord, now: FileRecord) -> tuple[dict[str, Any], dict[str, Any]]:
    differing = [key for key in _VERSIONS if getattr(before, key) != getattr(now, key)]
    return {key: getattr(before, key) for key in differing}, {key: getattr(now, key) for key in differing}


def _word(value: object) -> str:
    return clean(value, 100) if value else "(not in the record)"


def _bytes(value: object) -> str:
    # exact: a reprocessed file may be one block longer
    if not isinstance(value, int):
        return "unknown size"
    return f"{human_bytes(value)} ({value:,} B)" if value >= 1000 else f"{value} B"
