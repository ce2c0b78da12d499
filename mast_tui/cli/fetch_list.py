"""What `get` is asked for, as fetch items: bare URIs, or a file that lists them; and the words for the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mast_tui.controller import item_for_uri, read_source
from mast_tui.core.errors import MastTuiError
from mast_tui.core.fetch import FetchItem
from mast_tui.core.manifest import read_manifest
from mast_tui.core.text import clean, path_component


def items_from_uris(uris: Sequence[str]) -> tuple[list[FetchItem], str]:
    """One item a URI, each URI once. Files of one name get the folders of their URI, so that none hides another."""
    items = [item_for_uri(uri) for uri in dict.fromkeys(uris)]
    names = Counter(item.path for item in items)
    apart = [item if names[item.path] == 1 else replace(item, path=_long_path(item)) for item in items]
    return apart, f"get {clean(' '.join(uris), 500)}"


def items_from_file(source: str) -> tuple[list[FetchItem], str]:
    """The items that a manifest, a CSV or a JSON list names; "-" is stdin. A manifest's own question is kept."""
    path = Path("/dev/stdin") if source == "-" else Path(source).expanduser()
    items = read_source(path)
    return items, _asked_in(path) or f"get --from {clean(source, 300)}"


def _long_path(item: FetchItem) -> str:
    parts = []
    for word in item.uri.removeprefix("mast:").split("/")[:-1]:
        try:
            parts.append(path_component(word))
        except ValueError:
            continue
    return "/".join((*parts, item.path))


def _asked_in(path: Path) -> str:
    """The question that led to a manifest; '' for any other list, and for stdin, which is read already."""
    if path.suffix != ".json":
        return ""
    try:
        return read_manifest(path.read_text(encoding="utf-8")).asked
    except (OSError, UnicodeDecodeError, MastTuiError):
        return ""
