"""The last questions, so that they can be asked again: one JSON line each in the user's state folder.

History is a comfort: a full disk or a read-only home must never stop the work, so failures to write are told once by
the caller at most, and reading skips what it can't read.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from mast_tui.core import folders
from mast_tui.core.errors import MastTuiError
from mast_tui.core.query import Query

KEPT = 200


@dataclass(frozen=True)
class Asked:
    """One question: the words, the query, and how many rows there were."""

    words: str
    query: Query
    total: int | None


class History:
    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    @property
    def path(self) -> Path:
        return self._path or folders.state_folder() / "history.jsonl"

    def recent(self, most: int = 50) -> list[Asked]:
        """The last distinct questions, newest first."""
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []
        found: dict[str, Asked] = {}
        for line in reversed(lines[-5 * KEPT :]):
            try:
                data = json.loads(line)
                query = Query.from_json(data["query"])
                total = data.get("total")
                asked = Asked(str(data["words"]), query, total if isinstance(total, int) else None)
            except (ValueError, KeyError, TypeError, MastTuiError):
                continue
            found.setdefault(query.describe(), asked)
            if len(found) >= most:
                break
        return list(found.values())

    def add(self, query: Query, total: int | None) -> bool:
        """Remember a question; False when it can't be written."""
        line = json.dumps({"words": query.asked, "query": query.to_json(), "total": total}) + "\n"
        try:
            folders.ensure_private(self.path.parent)
            fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                os.write(fd, line.encode())
            finally:
                os.close(fd)
        except (OSError, MastTuiError):
            return False
        return True
