"""The records of former fetches: found by a file, a folder or a session's name, and written in other forms."""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path

from mast_tui.core import folders
from mast_tui.core.errors import LocalFailure, MastTuiError, NotFound, UnreadableFile
from mast_tui.core.manifest import FILE_NAME, Manifest, read_manifest
from mast_tui.core.text import clean
from mast_tui.provenance.exports import FORMS

#: Form: (what it is, for people; the name of its file with {} for the session).
EXPORT_FORMS: dict[str, tuple[str, str]] = {name: (form.about, form.file_name) for name, form in FORMS.items()}


def all_records() -> list[Manifest]:
    """All sessions' records of this user, newest first; files that can't be read are left out."""
    found = []
    with contextlib.suppress(OSError):
        for path in folders.manifests_folder().glob("*.json"):
            with contextlib.suppress(OSError, MastTuiError, UnicodeDecodeError):
                found.append(read_manifest(path.read_text(encoding="utf-8")))
    return sorted(found, key=lambda m: (m.created, m.id), reverse=True)


def find_record(words: str) -> Manifest:
    """The record that `words` names: a manifest, a folder that has one, a session's id or its beginning; '' the newest.

    NotFound when there is none, UnreadableFile when it is no record.
    """
    path = Path(words).expanduser()
    if words and path.exists():
        return _read(path / FILE_NAME if path.is_dir() else path)
    if "/" in words:
        raise NotFound(f"there is no {clean(words, 200)}")
    fitting = [record for record in all_records() if record.id.startswith(words)]
    if not fitting:
        what = f"no record of a session {clean(words, 60)}" if words else "no record of any session yet"
        raise NotFound(f"there is {what}", f"records are kept in {clean(folders.manifests_folder(), 200)}")
    return fitting[0]


async def settled_record(session_id: str, within_s: float = 3.0) -> Manifest | None:
    """The record of a session once it says what became of every file; as it is after `within_s`, None for none.

    The transfer process tells that a session is at rest a moment before it has written so.
    """
    path = folders.manifests_folder() / f"{session_id}.json"
    deadline = time.monotonic() + within_s
    while True:
        found: Manifest | None = None
        with contextlib.suppress(OSError, MastTuiError, UnicodeDecodeError):
            found = read_manifest(await asyncio.to_thread(path.read_text, "utf-8"))
        if found is not None and all(file.state != "queued" for file in found.files):
            return found
        if time.monotonic() > deadline:
            return found
        await asyncio.sleep(0.05)


def export(record: Manifest, form: str) -> tuple[str, str]:
    """The name of the file and its text, for one of EXPORT_FORMS. InvalidQuery when the record has no file in it."""
    made = FORMS[form]
    return made.file_name.format(_plain(record.id)), made.write(record)


def _plain(name: str) -> str:
    return "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign in "-_"))[:60] or "session"


def _read(path: Path) -> Manifest:
    name = clean(path, 200)
    try:
        return read_manifest(path.read_text("utf-8"))
    except FileNotFoundError:
        raise NotFound(f"there is no record at {name}", "", "Name a manifest, or a session") from None
    except UnicodeDecodeError:
        raise UnreadableFile(f"{name} is not a manifest", "it is not text") from None
    except OSError as error:
        raise LocalFailure(f"{name} can't be read", clean(error.strerror or error, 100)) from None
