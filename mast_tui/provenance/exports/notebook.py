"""A Jupyter notebook (nbformat 4.5) that fetches exactly the files of a record again, and checks them.

The format is plain JSON, described at https://nbformat.readthedocs.io/en/latest/format_description.html; nothing but
`json` is needed to write it.
"""

from __future__ import annotations

import json
from typing import Any

from mast_tui.core.manifest import Manifest
from mast_tui.core.text import plural
from mast_tui.provenance.exports import pieces
from mast_tui.provenance.exports.had import files_had


def notebook(manifest: Manifest) -> str:
    """Cells: what this is, versions, the files, how they are fetched, fetching, and how they were found."""
    files = plural(len(files_had(manifest)), "file")
    install = " ".join(pieces.requirements(manifest.versions))
    cells = [
        _text(
            f"# {files} again, the same bytes\n\nFrom the record of {_plain(pieces.about(manifest))}.\n\n"
            f"With the versions of the record: `%pip install {install}`. Files that are not public need a token in the "
            "variable `MAST_API_TOKEN`; `MAST_SERVER` names another archive."
        ),
        _code(pieces.IMPORTS),
        _code(pieces.constants(manifest)),
        _code(pieces.SHOW_VERSIONS + "\n\nshow_versions()\n"),
        _code(pieces.FETCH),
        _text("The files go below the folder of this notebook; what is there already is not fetched again."),
        _code('assert fetch_all(Path(".")), "not every file has the bytes of the record"\n'),
    ]
    found = pieces.found_by(manifest)
    if found:
        spelled = "\n".join(found).replace("```", "")
        cells.append(_text(f"## How they were found\n\n```python\n{spelled}\n```"))
    book = {
        "cells": [{"id": f"cell-{n}", **cell} for n, cell in enumerate(cells, 1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(book, indent=1) + "\n"


def _text(words: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": words.splitlines(keepends=True)}


def _code(words: str) -> dict[str, Any]:
    source = words.strip("\n").splitlines(keepends=True)
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}


def _plain(words: str) -> str:
    """Words from outside in Markdown: no link, no HTML."""
    return "".join("\\" + sign if sign in "\\`*_[]<>#" else sign for sign in words)
