"""What the app and the transfer process say to each other: one JSON object a line, over a private unix socket.

The app asks `{"id": n, "op": ..., ...}` and gets `{"re": n}` or `{"re": n, "error": {...}}`; the service tells
`{"ev": "transfers" | "sessions" | "notice", ...}` whenever something changed, at most four times a second.
The token crosses here and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mast_tui.core import transfer_process
from mast_tui.core.folders import state_folder
from mast_tui.transfer import old_logs

PROTOCOL = 2
#: A line may hold a whole session with its files.
LINE_LIMIT = 1 << 28
#: Transfers in one line.
CHUNK = 500


def socket_path() -> Path:
    return transfer_process.socket_path()


def journal_folder() -> Path:
    return state_folder() / "journal"


def logs_folder() -> Path:
    return journal_folder().with_name(old_logs.FOLDER)


def encode(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> dict[str, Any]:
    """ValueError when it is not one."""
    message = json.loads(line)
    if not isinstance(message, dict):
        raise ValueError("not a message")
    return message
