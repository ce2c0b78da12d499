"""The files of this machine for a tree of provenance: a file itself, those that stand near it, those of the records.

Reads folders, first blocks of files and nothing else; everything here blocks and is called in a thread. Used by
`lineages`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from mast_tui.core.errors import NotFound, UnreadableFile
from mast_tui.core.manifest import FileRecord, Manifest
from mast_tui.core.processing import Processing, read_cards
from mast_tui.core.text import clean
from mast_tui.provenance import HeaderFacts, KnownFile, Named, header_facts, read_name
from mast_tui.transfer import Library, Sought, archive_of

#: So many entries of a folder are looked at, and of so many files that belong to the tree the headers are read.
_MOST_ENTRIES, _MOST_HEADERS = 20_000, 500
#: A data folder that is not read by then, in seconds, is left out.
_PATIENCE_S = 5.0


@dataclass(frozen=True)
class NearBy:
    """What this machine knows around one file. `file` has the name it was made under, `facts` what its header says."""

    file: KnownFile
    facts: HeaderFacts
    relatives: tuple[KnownFile, ...]
    notes: tuple[str, ...] = ()


def look_around(path: Path, manifests: Sequence[Manifest]) -> NearBy:
    """The file at `path` and its relatives. NotFound when there is no such file, UnreadableFile when it can't be read.

    Relatives are of the same observation or sector, in the same folder or in a folder of a record.
    """
    if not path.exists():
        raise NotFound(f"there is no {clean(path, 200)}", "", "Name a file, a mast: URI, or an observation")
    if not path.is_file():
        raise UnreadableFile(f"{clean(path, 200)} is not a file", "", "Name one of the files in it")
    path = path.absolute()
    try:
        with path.open("rb") as f:
            cards = read_cards(f, lambda keyword: True)
    except OSError as error:
        raise UnreadableFile(f"{clean(path, 200)} can't be read", clean(error.strerror or error, 100)) from None
    facts = header_facts(cards, path.name)
    notes: list[str] = []
    name = path.name
    if not read_name(name).mission and read_name(facts.file).mission:
        name = facts.file
        notes.append(f"{clean(path.name, 80)} was made as {name}: so its header says, and its place is found by that.")
    had = here(manifests)
    uri = next((uri for uri, (_, there) in had.items() if there == path), "")
    record = had[uri][0] if uri else None
    file = _known(path, record, name, facts.proposal, Processing(cards).calibration)
    named, found = read_name(name), []
    near = _in_folder(path.parent, named) if named.mission else []
    of_records = ((record, there) for record, there in had.values() if related(there.name, named))
    relatives = {there: record for record, there in of_records} | {p: None for p in near if p not in _paths(had)}
    relatives.pop(path, None)
    for there, its_record in islice(relatives.items(), _MOST_HEADERS):
        found.append(read_known(there, its_record))
    if len(relatives) > _MOST_HEADERS:
        notes.append(f"Only {_MOST_HEADERS:,} of the {len(relatives):,} files of this observation here are shown.")
    return NearBy(file, facts, tuple(found), tuple(notes))


def here(manifests: Iterable[Manifest]) -> dict[str, tuple[FileRecord, Path]]:
    """The files that records say were had and that are still there, by URI; the newest record counts."""
    found: dict[str, tuple[FileRecord, Path]] = {}
    for manifest in manifests:
        for record in manifest.files:
            if record.state == "done" and record.uri not in found:
                path = Path(manifest.folder) / record.path
                if path.is_file():
                    found[record.uri] = (record, path)
    return found


def read_known(path: Path, record: FileRecord | None = None) -> KnownFile:
    """A file of this machine as its header and its record describe it; nothing is raised for one that can't be read."""
    try:
        with path.open("rb") as f:
            cards = read_cards(f, lambda keyword: True)
    except OSError:
        cards = {}
    return _known(path, record, path.name, header_facts(cards, path.name).proposal, Processing(cards).calibration)


def with_what_is_here(
    files: Iterable[KnownFile], manifests: Sequence[Manifest], archive: str, data_folders: Iterable[Path]
) -> list[KnownFile]:
    """The files of `archive` (a host's name), with paths and the versions of their headers where they are here.

    A file is here by a record of that archive, or in one of the user's data folders. Other archives' records don't
    count: the embedded one has files of its own under MAST's names.
    """
    had = here(manifest for manifest in manifests if archive_of(manifest.archive) == archive)
    library = Library((folder.absolute() for folder in data_folders), _PATIENCE_S)
    made = []
    for file in files:
        record, path = had.get(file.uri, (None, None))
        if path is None:
            found = next(library.find(Sought(file.uri, file.name, archive, file.size)), None)
            path = None if found is None else found.file
        if path is not None:
            known = read_known(path, record)
            file = replace(file, path=known.path, version=known.version, proposal=file.proposal or known.proposal)
        made.append(file)
    return made


def related(name: str, named: Named) -> bool:
    """Is a file of this name of the same observation, visit or sector?"""
    other = read_name(name)
    return bool(named.above) and other.above == named.above and bool(other.mission)


def _known(path: Path, record: FileRecord | None, name: str, proposal: str, version: str) -> KnownFile:
    try:
        size: int | None = path.stat().st_size
    except OSError:
        size = None
    if record is None:
        return KnownFile(name, proposal=proposal, version=version, size=size, path=str(path))
    return KnownFile(
        name,
        record.uri,
        record.calib_level,
        record.product_type,
        proposal or record.proposal_id,
        version or record.calibration,
        record.version,
        size,
        str(path),
    )


def _paths(had: dict[str, tuple[FileRecord, Path]]) -> set[Path]:
    return {path for _, path in had.values()}


def _in_folder(folder: Path, named: Named) -> list[Path]:
    def entries() -> Iterator[Path]:
        try:
            yield from folder.iterdir()
        except OSError:
            return

    return sorted(p for p in islice(entries(), _MOST_ENTRIES) if related(p.name, named) and p.is_file())
