"""The record of one fetch session: what was asked, when, with what, and exactly which files came of it.

Written as `manifest.json` beside the files and into the user data directory. Plain JSON that can be read without the
app; `mast-tui get --from manifest.json` gets the same files again, `mast-tui verify` checks them, `mast-tui export`
writes it in other forms. `manifest.schema.json` beside this module is its JSON Schema (draft 2020-12).

Version 2 added to each file `cause`, `source`, `started`, `pipeline`, `calibration` and `header`, and to each query its
`spellings`. A record of version 1 is read as one that leaves them empty.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from mast_tui.core.errors import UnreadableFile
from mast_tui.core.text import clean

SCHEMA = "mast-tui manifest"
SCHEMA_VERSION = 2
FILE_NAME = "manifest.json"

#: Why a file is not the one that was wanted. reprocessed: the archive now has other bytes than an earlier record names;
#: gone: it has no such file; not_allowed: it gives the file to others only. '' is any other reason, told in `why`.
Cause = Literal["", "reprocessed", "gone", "not_allowed"]


@dataclass(frozen=True)
class FileRecord:
    """One file as it was had. `size` in bytes is what is on disk; `listed_size` what the archive's database said.

    Rights and `release_mjd` (UTC, Modified Julian Date) are those of the time it was chosen. `started` and `finished`
    are UTC; `source` is "archive" or "cloud" (its public cloud copy), '' where nothing was fetched. `pipeline`,
    `calibration` and `header` are what the file's primary header says of its making (`core.processing`).
    """

    uri: str
    path: str
    state: str
    size: int | None = None
    sha256: str = ""
    verdict: str | None = None
    why: str = ""
    validator: str = ""
    finished: str = ""
    listed_size: int | None = None
    collection: str = ""
    obs_id: str = ""
    obsid: str = ""
    proposal_id: str = ""
    product_type: str = ""
    calib_level: int | None = None
    description: str = ""
    rights: str = ""
    release_mjd: float | None = None
    version: str = ""
    doi: str | None = None
    doi_note: str = ""
    cause: Cause = ""
    source: str = ""
    started: str = ""
    pipeline: str = ""
    calibration: str = ""
    header: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "header": dict(self.header)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FileRecord:
        made = {f.name: data[f.name] for f in fields(cls) if f.name in data}
        made |= {name: str(made[name]) for name in _WORDS if name in made}
        return cls(**made | {"header": {str(k): str(v) for k, v in dict(made.get("header", {})).items()}})


#: The fields that are text: a record may have been written by another program, or by hand.
_WORDS = tuple(f.name for f in fields(FileRecord) if f.type in ("str", "Cause"))


@dataclass(frozen=True)
class Manifest:
    """A fetch session's record. Times are UTC in ISO 8601; `queries` hold each question as asked and as sent."""

    id: str
    created: str
    finished: str
    archive: str
    asked: str
    folder: str
    queries: tuple[Mapping[str, Any], ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    files: tuple[FileRecord, ...] = ()
    simulated: bool = False

    @property
    def datasets(self) -> tuple[str, ...]:
        """The observation ids that the files belong to, each once, in order."""
        return tuple(dict.fromkeys(f.obs_id for f in self.files if f.obs_id))

    def to_json(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "schema_version": SCHEMA_VERSION,
            "id": self.id,
            "created": self.created,
            "finished": self.finished,
            "archive": self.archive,
            "simulated": self.simulated,
            "asked": self.asked,
            "queries": [dict(q) for q in self.queries],
            "versions": dict(self.versions),
            "datasets": list(self.datasets),
            "folder": self.folder,
            "files": [f.to_json() for f in self.files],
        }

    def to_text(self) -> str:
        return json.dumps(self.to_json(), indent=1, ensure_ascii=False) + "\n"


def schema_text() -> str:
    """The JSON Schema of the manifests that this program writes."""
    from importlib import resources  # here, because the transfer process, for which somebody waits, does not need it

    return (resources.files("mast_tui.core") / "manifest.schema.json").read_text("utf-8")


def read_manifest(text: str) -> Manifest:
    """The manifest that `to_text` wrote. UnreadableFile in a sentence when it is not one, or of a later version."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise UnreadableFile("this is not a manifest", clean(error, 120)) from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise UnreadableFile("this is not a manifest of mast-tui", "It has no “schema” saying so")
    version = data.get("schema_version")
    if not isinstance(version, int) or version > SCHEMA_VERSION:
        raise UnreadableFile(
            f"this manifest is of version {clean(version, 20)}",
            f"This program reads up to {SCHEMA_VERSION}",
            "Install a newer mast-tui",
        )
    try:
        return Manifest(
            id=str(data["id"]),
            created=str(data["created"]),
            finished=str(data.get("finished", "")),
            archive=str(data["archive"]),
            asked=str(data.get("asked", "")),
            folder=str(data.get("folder", "")),
            queries=tuple(data.get("queries", ())),
            versions=dict(data.get("versions", {})),
            files=tuple(FileRecord.from_json(f) for f in data["files"]),
            simulated=bool(data.get("simulated", False)),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UnreadableFile("this manifest is damaged", f"missing or wrong: {clean(error, 80)}") from None
