"""The Python that fetches a record's files again with astroquery alone: what the script and the notebook share."""

from __future__ import annotations

from collections.abc import Mapping

from mast_tui.core.host import MAST
from mast_tui.core.manifest import Manifest
from mast_tui.core.text import clean
from mast_tui.provenance.exports.had import files_had

#: What a refetch needs; of these the versions are pinned where the record has them.
_NEEDED = ("astroquery", "astropy", "numpy", "requests")

IMPORTS = """\
import hashlib
import os
import sys
from importlib.metadata import version
from pathlib import Path

from astroquery.mast import Observations
"""

SHOW_VERSIONS = '''\
def show_versions():
    """Print what is used here, and what the record was made with where that differs."""
    here = {"python": sys.version.split()[0], **{name: version(name) for name in VERSIONS if name != "python"}}
    for name, recorded in VERSIONS.items():
        print(name, here[name], "" if here[name] == recorded else f"(the record was made with {recorded})")
'''

FETCH = '''\
def sha256(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fetch(uri, path, size, digest, folder):
    """Have one file under its name with exactly the recorded bytes, or say why not."""
    target = folder / path
    if target.is_file() and sha256(target) == digest:
        return "here already"
    coming = folder / "coming"  # astroquery writes where it is told while it reads, so not under the file's name
    coming.mkdir(parents=True, exist_ok=True)
    part = coming / os.path.basename(uri)
    try:
        status, message, _ = Observations.download_file(
            uri, local_path=str(coming), base_url=SERVER + "/api/v0.1/Download/file", cache=False
        )
        if status != "COMPLETE":
            return f"NOT FETCHED: {message}"
        if sha256(part) != digest:
            return f"DIFFERENT: {part.stat().st_size} bytes now, {size} recorded; reprocessed since?"
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(part, target)
        return "the same bytes"
    except Exception as error:
        return f"NOT FETCHED: {type(error).__name__}: {error}"
    finally:
        part.unlink(missing_ok=True)


def fetch_all(folder):
    """Every file; True when all are there with the recorded bytes. One that fails does not stop the others."""
    if "MAST_API_TOKEN" in os.environ and NEED_LOGIN:
        Observations.login(token=os.environ["MAST_API_TOKEN"])
    outcomes = []
    for uri, path, size, digest in FILES:
        outcome = fetch(uri, path, size, digest, folder)
        print(f"{path}: {outcome}")
        outcomes.append(outcome)
    good = sum(outcome in ("here already", "the same bytes") for outcome in outcomes)
    print(f"{good} of {len(FILES)} files are there with the recorded bytes")
    coming = folder / "coming"
    if coming.is_dir() and not any(coming.iterdir()):
        coming.rmdir()
    return good == len(FILES)
'''


def constants(manifest: Manifest) -> str:
    """SERVER, VERSIONS, NEED_LOGIN and FILES as Python; every text as an ASCII literal."""
    files = files_had(manifest)
    versions = {"python": manifest.versions.get("python", "?"), **pinned(manifest.versions)}
    lines = [
        f'SERVER = os.environ.get("MAST_SERVER", {manifest.archive.rstrip("/") or MAST!a})',
        f"VERSIONS = {versions!a}",
        f"NEED_LOGIN = {any(f.rights not in ('', 'PUBLIC') for f in files)}",
        "#: URI, path below the folder, bytes, sha256",
        "FILES = [",
        *(f"    {(f.uri, f.path, f.size, f.sha256)!a}," for f in files),
        "]",
    ]
    return "\n".join(lines) + "\n"


def pinned(versions: Mapping[str, str]) -> dict[str, str]:
    """The versions of what is needed, of those that the record has and that are versions."""
    known = {name: clean(versions[name], 40) for name in _NEEDED if name in versions}
    return {name: v for name, v in known.items() if v and all(c.isalnum() or c in ".+!-_" for c in v)}


def requirements(versions: Mapping[str, str]) -> list[str]:
    """For pip or uv: 'astroquery==0.4.11'."""
    pins = pinned(versions)
    return [f"{name}=={pins[name]}" if name in pins else name for name in _NEEDED]


def found_by(manifest: Manifest) -> list[str]:
    """How these files were found: astroquery's spelling of each question, one line an entry."""
    lines: list[str] = []
    for query in manifest.queries:
        spelled = query.get("spellings")
        if isinstance(spelled, Mapping) and isinstance(spelled.get("astroquery"), str):
            lines += [clean(line, 300) for line in spelled["astroquery"].splitlines()]
    return lines


def about(manifest: Manifest) -> str:
    """One line: which session, from where, when."""
    place = "a simulated archive" if manifest.simulated else manifest.archive
    asked = f" ({clean(manifest.asked, 100)})" if manifest.asked else ""
    when = clean(manifest.created, 30)
    return f"session {clean(manifest.id, 60)}{asked}, fetched from {clean(place, 100)} on {when}"
