"""A Python script that fetches exactly the files of a record again, with astroquery alone, and checks them."""

from __future__ import annotations

from mast_tui.core.manifest import Manifest
from mast_tui.core.text import plural
from mast_tui.provenance.exports import pieces
from mast_tui.provenance.exports.had import files_had, how_many_more

_USE = """\
    python THIS_FILE [FOLDER]     with astroquery installed
    uv run THIS_FILE [FOLDER]     in an environment with the very versions of the record

The exit code is 0 only when every file is there with the bytes of the record. What is there already is not fetched.
Files that are not public need a token in the variable MAST_API_TOKEN; MAST_SERVER names another archive.
"""
_MAIN = """\
if __name__ == "__main__":
    show_versions()
    sys.exit(0 if fetch_all(Path(sys.argv[1] if len(sys.argv) > 1 else ".")) else 1)
"""


def script(manifest: Manifest) -> str:
    """With inline metadata (PEP 723) that pins the versions of the record."""
    needed = [f'#     "{word}",' for word in pieces.requirements(manifest.versions)]
    head = ["# /// script", '# requires-python = ">=3.11"', "# dependencies = [", *needed, "# ]", "# ///"]
    files = plural(len(files_had(manifest)), "file")
    # inside a string literal: what comes from outside may hold neither quotes nor backslashes
    about = _quiet(pieces.about(manifest))
    doc = f'"""Fetch {files} again and check that they are the same bytes.\n\nFrom the record of {about}.\n\n{_USE}"""'
    notes = [f"# {plural(how_many_more(manifest), 'file')} of the record never came and are not here."]
    spelled = ["# How they were found:", *(f"# {line}".rstrip() for line in pieces.found_by(manifest))]
    parts = [
        "\n".join(head),
        doc,
        *(["\n".join(notes)] if how_many_more(manifest) else []),
        *(["\n".join(spelled)] if len(spelled) > 1 else []),
        pieces.IMPORTS,
        pieces.constants(manifest),
        "\n" + pieces.SHOW_VERSIONS,
        "\n" + pieces.FETCH,
        "\n" + _MAIN,
    ]
    return "\n".join(part if part.endswith("\n") else part + "\n" for part in parts)


def _quiet(words: str) -> str:
    return words.replace("\\", "/").replace('"', "'")
