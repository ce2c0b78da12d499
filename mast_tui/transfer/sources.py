"""What `get --from FILE` is given, read into items.

A manifest of ours, a CSV with a dataURI column (as MAST's portal and astroquery write it), or
`{"files": [{"uri", "path", "size"}]}`, where `path` is relative to the download folder. Used by the controller.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from mast_tui.core.errors import InvalidQuery, UnreadableFile
from mast_tui.core.fetch import FetchItem, local_path
from mast_tui.core.manifest import SCHEMA, FileRecord, read_manifest
from mast_tui.core.text import clean, nearest
from mast_tui.transfer.safe_open import Unsafe, split_path

_LARGEST = 256 << 20


def read_source(path: Path) -> list[FetchItem]:
    """The files that `path` names. UnreadableFile or InvalidQuery in a sentence when it names none."""
    name = clean(path, 200)
    try:
        if path.stat().st_size > _LARGEST:
            raise UnreadableFile(f"{name} is larger than a list of files should be")
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFile(f"{name} is not a list of files", "it is not text") from None
    except OSError as error:
        raise UnreadableFile(f"{name} can't be read", clean(error.strerror or error, 100)) from None
    items = _from_json(text, name) if text.lstrip().startswith(("{", "[")) else _from_csv(text, name)
    if not items:
        raise InvalidQuery(f"{name} names no files")
    return items


def item_for_uri(uri: str) -> FetchItem:
    """The item of a bare URI: its path is the last part of the URI. InvalidQuery when it can't be one."""
    uri = uri.strip()
    if not uri.lower().startswith("mast:") or clean(uri) != uri or "/" not in uri:
        raise InvalidQuery(f"“{clean(uri, 100)}” is not a MAST URI", "", "It looks like mast:TESS/product/….fits")
    return FetchItem(uri, _path_of(uri, "", "", ""))


# --- the three forms --------------------------------------------------------------------------------------------------


def _from_json(text: str, name: str) -> list[FetchItem]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise UnreadableFile(f"{name} is not whole JSON", clean(error, 120)) from None
    if isinstance(data, dict) and data.get("schema") == SCHEMA:
        return [_of_record(record) for record in read_manifest(text).files if record.state != "cancelled"]
    files = data.get("files") if isinstance(data, dict) else data
    if not isinstance(files, list):
        raise UnreadableFile(
            f"{name} is not a list of files", "It has no “files”", 'It looks like {"files": [{"uri": …}]}'
        )
    return [_of_entry(entry, n, name) for n, entry in enumerate(files, 1)]


def _of_record(record: FileRecord) -> FetchItem:
    names = FetchItem.__dataclass_fields__.keys() & FileRecord.__dataclass_fields__.keys() - {"size"}
    path = _checked_path(record.path, record.uri)
    size = record.size if record.size is not None else record.listed_size
    return FetchItem(**{n: getattr(record, n) for n in names} | {"path": path, "size": size})


def _of_entry(entry: object, n: int, name: str) -> FetchItem:
    if isinstance(entry, str):
        return item_for_uri(entry)
    if not isinstance(entry, dict) or not isinstance(entry.get("uri"), str):
        raise InvalidQuery(f"file {n} of {name} has no “uri”")
    # what else the list says of a file (its observation, rights …) belongs into the record, as from a CSV
    words = {str(k).lower(): str(v) for k, v in entry.items() if isinstance(v, str | int) and not isinstance(v, bool)}
    item = _of_row({**words, "datauri": entry["uri"]})
    path = entry.get("path")
    return replace(item, path=_checked_path(str(path), item.uri)) if path else item


def _from_csv(text: str, name: str) -> list[FetchItem]:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise UnreadableFile(f"{name} is empty")
    delimiter = max(",;\t|", key=lines[0].count)
    rows = csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter, strict=False)
    try:
        header = [word.strip().strip("\"'") for word in next(rows)]
        place = {word.lower(): i for i, word in reversed(list(enumerate(header)))}
        if "datauri" not in place and "uri" not in place:
            near = nearest("dataURI", header)
            raise InvalidQuery(
                f"{name} has no dataURI column",
                f"its columns are {clean(', '.join(header), 120)}",
                f"Is it “{clean(near, 40)}”? Rename it" if near else "",
            )
        return [_of_row({k: row[i].strip() for k, i in place.items() if i < len(row)}) for row in rows if any(row)]
    except csv.Error as error:
        raise UnreadableFile(f"{name} is not a CSV that can be read", clean(error, 100)) from None


def _of_row(row: Mapping[str, str]) -> FetchItem:
    uri = item_for_uri(row.get("datauri") or row.get("uri", "")).uri
    collection, obs_id = row.get("obs_collection", ""), row.get("obs_id", "")
    size, level = row.get("size", ""), row.get("calib_level", "")
    return FetchItem(
        uri,
        _path_of(uri, row.get("productfilename", ""), collection, obs_id),
        int(size) if size.isdecimal() else None,
        collection=clean(collection, 60),
        obs_id=clean(obs_id, 200),
        obsid=clean(row.get("obsid", ""), 40),
        product_type=clean(row.get("producttype", ""), 40),
        calib_level=int(level) if level.lstrip("-").isdecimal() else None,
        description=clean(row.get("description", ""), 300),
        rights=clean(row.get("datarights", ""), 40),
        proposal_id=clean(row.get("proposal_id", ""), 40),
        version=clean(row.get("prvversion", ""), 60),
        sha256=_digest_of(row.get("sha256", ""), uri),
    )


def _digest_of(word: str, uri: str) -> str:
    """The very bytes that are wanted, where the list says so, as `mast-tui export` does; InvalidQuery for nonsense."""
    if word and not re.fullmatch(r"[0-9A-Fa-f]{64}", word):
        raise InvalidQuery(f"the sha256 of {clean(uri, 120)} is not one", f"It is “{clean(word, 70)}”")
    return word.lower()


def _path_of(uri: str, filename: str, collection: str, obs_id: str) -> str:
    # some URIs carry a query with the file's name: ...?download=1&filename=x.fits
    tail = uri.rpartition("filename=")[2].partition("&")[0] if "filename=" in uri else uri.partition("?")[0]
    try:
        return local_path(collection, obs_id, filename or tail)
    except ValueError as error:
        raise InvalidQuery(f"{clean(uri, 120)} can't be given a name", clean(error, 120)) from None


def _checked_path(path: str, uri: str) -> str:
    try:
        split_path(path)
    except Unsafe as error:
        raise InvalidQuery(f"the path “{clean(path, 80)}” of {clean(uri, 120)} is not used", str(error)) from None
    return path


# --- before it begins -------------------------------------------------------------------------------------------------
