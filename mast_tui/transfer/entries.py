"""What the journal's lines say: a session, its files, how each stands, its turn, what happened to it.

Written by the owner of the queue, read by `journal.fold`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from typing import Any

from mast_tui.transfer.jobs import MOVING, Job, SessionState

Entry = dict[str, Any]


def everything(owner: SessionState) -> Iterator[Entry]:
    name = owner.session.id
    session = replace(owner.session, items=()).to_json()
    yield {"op": "session", "s": name, "base": owner.host.base, "session": session}
    if owner.go_on:
        yield go_on(owner)
    for job in owner.jobs:
        queued = {"op": "queued", "s": name, "n": job.n, "item": job.item.to_json(), "path": job.path}
        yield {**queued, "place": job.place, "priority": job.priority}
        if job.state != "queued":
            yield state(job)
        for event in job.events.kept:
            yield _event(job, *event)
        job.events.take_unsaved()


def state(job: Job) -> Entry:
    return {
        "op": "state",
        "s": job.owner.session.id,
        "n": job.n,
        "state": "queued" if job.state in MOVING else job.state,
        "why": job.why,
        "path": job.path,
        "started": job.started,
        "finished": job.finished,
        "total": job.control.total,
        "made": asdict(job.made) if job.made else None,
    }


def turn(job: Job) -> Entry:
    return {"op": "turn", "s": job.owner.session.id, "n": job.n, "place": job.place, "priority": job.priority}


def events(jobs: Iterable[Job]) -> Iterator[Entry]:
    """What happened to these that the journal was not told yet."""
    for job in jobs:
        for event in job.events.take_unsaved():
            yield _event(job, *event)


def _event(job: Job, at: str, words: str) -> Entry:
    return {"op": "event", "s": job.owner.session.id, "n": job.n, "at": at, "words": words}


def go_on(owner: SessionState) -> Entry:
    return {"op": "go_on", "s": owner.session.id, "on": owner.go_on}


def removed(owner: SessionState) -> Entry:
    return {"op": "removed", "s": owner.session.id}
