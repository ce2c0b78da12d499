"""From the journal of a former transfer process to sessions of the queue. Used by the owner of the queue."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

from mast_tui.core.host import ArchiveHost
from mast_tui.transfer.events import Events
from mast_tui.transfer.jobs import MOVING, Job, JobQueue, SessionState
from mast_tui.transfer.journal import INTERRUPTED, SavedSession
from mast_tui.transfer.open_folders import OpenFolders
from mast_tui.transfer.part import PART_SUFFIX


def restore(saved: SavedSession, queue: JobQueue, folders: OpenFolders, places: dict[Job, int]) -> SessionState:
    """Put the session into the queue as it was; what moved goes on where it had been handed over, and else is paused.

    `places` gets the place of each job that had one.
    """
    folder = folders.get_if_there(saved.session.folder)
    owner = SessionState(saved.session, ArchiveHost(saved.base), folder, saved.go_on)
    known = [saved.jobs[n] for n in sorted(saved.jobs)]
    owner.session = replace(saved.session, items=tuple(job.item for job in known))
    for job, was in zip(queue.add(owner, [(job.item, job.path) for job in known]), known, strict=True):
        job.made, job.started, job.finished, job.why = was.made, was.started, was.finished, was.why
        job.state, job.priority, job.events = was.state, was.priority, Events(was.events)
        job.control.total = was.total
        if was.place is not None:
            places[job] = was.place
        if was.state in MOVING:
            job.state, job.why = ("queued", "") if saved.go_on and folder else ("paused", INTERRUPTED)
        if folder is not None:
            folder.assign(job.path, job.item.uri)
            if job.made is None:  # what came before is shown before it is gone on with
                with contextlib.suppress(OSError):
                    job.control.got = Path(owner.session.folder, job.path + PART_SUFFIX).lstat().st_size
    return owner
