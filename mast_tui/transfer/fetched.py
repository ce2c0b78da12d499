"""What the engine is asked for, and what it gives back. Shared with the queue and its journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mast_tui.core.fetch import SourceChoice, SourceKind, Verdict
from mast_tui.core.host import ArchiveHost


@dataclass(frozen=True)
class Want:
    """One file to fetch. `sha256` is given when only these very bytes will do. `source`: where it may come from.

    `data_folders` are looked through before the network; with `refetch` nothing that is here already will do.
    """

    uri: str
    path: str
    host: ArchiveHost
    listed_size: int | None = None
    sha256: str = ""
    source: SourceChoice = "archive"
    data_folders: tuple[str, ...] = ()
    refetch: bool = False


@dataclass(frozen=True)
class Fetched:
    """How it ended well: what stands at `path`. `sent` is how many bytes came over the network in this attempt,
    `source` where from ('' for a file that was here)."""

    path: str
    size: int
    sha256: str
    verdict: Verdict
    validator: str = ""
    note: str = ""
    sent: int = 0
    source: SourceKind | Literal[""] = ""
