"""What is to be fetched, how far it is, what was had: the nouns between basket, transfers and record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from mast_tui.core.text import clean, path_component

#: A file is never just "done". verified: a checksum inside it, or the one that the server states,
#: matched; complete: its length is the one the server stated and its structure is whole; unverified: there was no
#: length, and two answers agreed.
Verdict = Literal["verified", "complete", "unverified"]
#: Where the bytes of a file came from: the archive itself, or the public cloud copy of its files.
SourceKind = Literal["archive", "cloud"]
#: And where the user lets them come from; "auto" is whichever was measured to be faster.
SourceChoice = Literal["auto", "archive", "cloud"]
State = Literal["queued", "running", "waiting", "paused", "needs_login", "failed", "cancelled", "done"]
FINISHED: frozenset[State] = frozenset({"failed", "cancelled", "done"})
#: What is taken from the queue before what; the first word first.
Priority = Literal["high", "normal", "low"]
PRIORITIES: tuple[Priority, ...] = ("high", "normal", "low")
#: Where a file goes among those of its priority that are still to come.
Move = Literal["first", "up", "down", "last"]
MOVES: tuple[Move, ...] = ("first", "up", "down", "last")


@dataclass(frozen=True)
class FetchItem:
    """One file to fetch: `uri`, `path` below the session's folder, and what the archive said of it when it was chosen.

    `size` is the archive's hint in bytes, or None. `sha256` is given when the very bytes of an earlier record are
    wanted: a file that comes out different is kept, and reported as failed. The rest goes into the manifest as it is.
    """

    uri: str
    path: str
    size: int | None = None
    collection: str = ""
    obs_id: str = ""
    obsid: str = ""
    product_type: str = ""
    calib_level: int | None = None
    description: str = ""
    rights: str = ""
    release_mjd: float | None = None
    proposal_id: str = ""
    version: str = ""
    sha256: str = ""
    doi: str | None = None
    doi_note: str = ""

    def to_json(self) -> dict[str, Any]:
        return dict(vars(self))  # flat; `asdict` copies deeply, which takes twenty times as long

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FetchItem:
        return cls(**{f.name: data[f.name] for f in fields(cls) if f.name in data})


@dataclass(frozen=True)
class FetchSession:
    """One "get": files, the absolute folder they go to, and the question they came from (for the manifest).

    `archive` names the host; `simulated` says that it is the embedded one, whose data are made up. `data_folders` are
    absolute: what stands there already is copied, not fetched; with `refetch` the archive is asked for every file.
    """

    id: str
    folder: str
    items: tuple[FetchItem, ...]
    archive: str
    asked: str = ""
    queries: tuple[Mapping[str, Any], ...] = ()
    created: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    simulated: bool = False
    source: SourceChoice = "auto"
    data_folders: tuple[str, ...] = ()
    refetch: bool = False

    def to_json(self) -> dict[str, Any]:
        made = {f.name: getattr(self, f.name) for f in fields(self)}
        made["items"] = [item.to_json() for item in self.items]
        made["queries"] = [dict(q) for q in self.queries]
        made["versions"] = dict(self.versions)
        return made

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FetchSession:
        return cls(
            id=str(data["id"]),
            folder=str(data["folder"]),
            items=tuple(FetchItem.from_json(i) for i in data["items"]),
            archive=str(data["archive"]),
            asked=str(data.get("asked", "")),
            queries=tuple(data.get("queries", ())),
            created=str(data.get("created", "")),
            versions=dict(data.get("versions", {})),
            simulated=bool(data.get("simulated", False)),
            source=data["source"] if data.get("source") in ("archive", "cloud") else "auto",
            data_folders=tuple(str(folder) for folder in data.get("data_folders", ())),
            refetch=bool(data.get("refetch", False)),
        )


@dataclass(frozen=True)
class Transfer:
    """How far one file is. `got`, `total` in bytes (total None while unknown), `rate` in bytes a second, smoothed.

    `path` is below `folder`, which is absolute. It can differ from the item's, where that name was taken. `source` is
    where the bytes come from, '' before they do and for a file that was here.
    """

    session: str
    uri: str
    path: str
    state: State
    got: int = 0
    total: int | None = None
    rate: float = 0.0
    verdict: Verdict | None = None
    why: str = ""
    sha256: str = ""
    resumed_from: int = 0
    folder: str = ""
    priority: Priority = "normal"
    source: SourceKind | Literal[""] = ""

    @property
    def file(self) -> Path:
        """Where the file stands, or will."""
        return Path(self.folder) / self.path

    def to_json(self) -> dict[str, Any]:
        return dict(vars(self))  # flat; `asdict` copies deeply, which takes twenty times as long

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Transfer:
        return cls(**{f.name: data[f.name] for f in fields(cls) if f.name in data})


@dataclass(frozen=True)
class FileLog:
    """What happened to one file of a session, oldest first: (UTC as ISO 8601, words). Kept to the last 50."""

    session: str
    uri: str
    path: str
    events: tuple[tuple[str, str], ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FileLog:
        events = tuple((str(at), str(words)) for at, words in data["events"])
        return cls(str(data["session"]), str(data["uri"]), str(data["path"]), events)


def local_path(collection: str, obs_id: str, filename: str) -> str:
    """Where a product goes below the download folder: collection/obs_id/filename, each made safe.

    The layout of astroquery's `mastDownload`, so that scripts find what they know. ValueError when the file's own
    name can't be used; a collection or id that can't is left out.
    """
    parts = []
    for word in (collection, obs_id):
        try:
            parts.append(path_component(word))
        except ValueError:
            continue
    try:
        name = path_component(filename)
    except ValueError as error:
        raise ValueError(f"“{clean(filename, 60)}”: {error}") from None
    return "/".join((*parts, name))
