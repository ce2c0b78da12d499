"""Do the files of a record, or of a folder, come out of one version of one pipeline? Asked after a fetch, by `verify`.

What the headers say counts, not what the archive listed: reprocessed data have other headers under the same names.
"""

from __future__ import annotations

from pathlib import Path

from mast_tui.controller.records import settled_record
from mast_tui.core.fetch import FetchItem
from mast_tui.core.manifest import Manifest
from mast_tui.core.processing import read_processing
from mast_tui.provenance import mixed_versions
from mast_tui.transfer import VerifyReport

#: Files that are there and can be read; of the others the versions say nothing.
_THERE = frozenset(("right", "stranger"))


def mixed_in_record(manifest: Manifest) -> tuple[str, ...]:
    """A sentence for each mixture among the files that were had; () for none."""
    had = [record for record in manifest.files if record.state == "done"]
    return mixed_versions(had, {record.uri: record.calibration for record in had})


async def mixed_in_session(session_id: str) -> tuple[str, ...]:
    """The same for a session that has just come to rest."""
    record = await settled_record(session_id)
    return mixed_in_record(record) if record is not None else ()


def mixed_on_disk(report: VerifyReport) -> tuple[str, ...]:
    """The same for what a check found in a folder. Reads the first blocks of every file: not on the event loop."""
    items = []
    for file in report.files:
        if file.standing in _THERE:
            path = Path(report.folder) / file.path
            if path.is_symlink() or not path.is_file():
                continue  # it was one when it was checked
            try:
                with path.open("rb") as f:
                    version = read_processing(f).calibration
            except OSError:
                continue
            items.append(FetchItem(file.uri or file.path, file.path, version=version))
    return mixed_versions(items)
