"""What the engine is asked for, and what it gives back. Shared with the queue and its journal."""

from __future__ import annotations

from dataclasses import dataclass

from mast_tui.core.fetch import Verdict
from mast_tui.core.host import ArchiveHost


@dataclass(frozen=True)
class Want:
    """One file to fetch. `sha256` is given when only these very bytes will do."""

    uri: str
    path: str
    host: ArchiveHost
    listed_size: int | None = None
    sha256: str = ""


@dataclass(frozen=True)
class Fetched:
    """How it ended well: what stands at `path`. `sent` is how many bytes came over the network in this attempt."""

    path: str
    size: int
    sha256: str
    verdict: Verdict
    validator: str = ""
    note: str = ""
    sent: int = 0
