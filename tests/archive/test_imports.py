"""The app's own process stays light: astroquery, astropy and requests live in the workers only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import mast_tui

ROOT = Path(mast_tui.__file__).resolve().parents[1]
HEAVY = ("astropy", "astroquery", "requests", "keyring", "pyvo", "textual")


def loaded_by(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import json, sys; {code}; print(json.dumps(sorted(sys.modules)))"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


def test_the_archive_room_and_the_worker_pool_load_nothing_heavy() -> None:
    loaded = loaded_by("import mast_tui.archive, mast_tui.core.workers")
    assert "mast_tui" in loaded
    assert not loaded.intersection(HEAVY)


def test_an_archive_that_has_been_made_still_has_not() -> None:
    made = "from mast_tui.core.host import ArchiveHost; import mast_tui.archive as a; a.Archive(ArchiveHost())"
    assert not loaded_by(made).intersection(HEAVY)
