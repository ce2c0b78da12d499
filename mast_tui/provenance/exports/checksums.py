"""`sha256sum -c` reads this: a digest and a path a line, to be run in the folder of the session."""

from __future__ import annotations

from mast_tui.core.manifest import Manifest
from mast_tui.provenance.exports.had import files_had


def checksums(manifest: Manifest) -> str:
    """In the format of GNU coreutils' sha256sum. Paths hold no backslash and no newline, so none needs escaping."""
    return "".join(f"{file.sha256}  {file.path}\n" for file in files_had(manifest))
