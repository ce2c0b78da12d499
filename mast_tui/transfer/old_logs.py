"""What happened to the files of sessions that have left the queue, for the morning after.

`STATE/logs/SESSION.log`, a line a file. Only the newest sessions are kept; the lasting record is the manifest.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from mast_tui.core.fetch import FileLog
from mast_tui.core.folders import ensure_private
from mast_tui.core.text import path_component

FOLDER = "logs"
#: More sessions than this are forgotten, the oldest first.
MOST_SESSIONS = 100


def keep(folder: Path, session: str, logs: Iterable[FileLog]) -> None:
    """Write a session's logs. A disk that refuses costs the log and nothing else."""
    lines = [json.dumps(asdict(log)) for log in logs if log.events]
    if not lines:
        return
    with contextlib.suppress(OSError, ValueError):
        ensure_private(folder)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(folder / f"{path_component(session)}.log", flags, 0o600), "w") as f:
            f.write("\n".join(lines) + "\n")
        for old in sorted(folder.glob("*.log"), key=lambda path: path.name)[:-MOST_SESSIONS]:
            old.unlink(missing_ok=True)


def read(folder: Path) -> list[FileLog]:
    """All that is kept, the oldest session first. What can't be read is left out."""
    found = []
    for path in sorted(folder.glob("*.log"), key=lambda path: path.name):
        with contextlib.suppress(OSError):
            for line in path.read_text("utf-8", "replace").splitlines():
                with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
                    found.append(FileLog.from_json(json.loads(line)))
    return found
