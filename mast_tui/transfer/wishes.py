"""What a client may ask of the queue: each word of the protocol, and what the owner of the queue does for it.

All of them run in a thread, because the journal is written before the answer. Used by the service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.fetch import MOVES, PRIORITIES, FetchSession
from mast_tui.core.text import clean
from mast_tui.transfer.owner import QueueOwner

Message = Mapping[str, Any]
#: What goes into the answer; `held` names the sessions that the client holds from now on.
Reply = dict[str, Any]


def fulfil(owner: QueueOwner, message: Message) -> Reply:
    """Do what the message asks. InvalidQuery for a word that nobody knows; KeyError and the like for a bad message."""
    wish = _WISHES.get(str(message["op"]))
    if wish is None:
        raise InvalidQuery("the transfer process does not know this request", clean(message["op"], 40))
    return wish(owner, message) or {}


def _which(message: Message) -> tuple[list[str] | None, list[str] | None]:
    """URIs and sessions; None is all."""
    return message.get("uris"), message.get("sessions")


def _add(owner: QueueOwner, message: Message) -> Reply:
    session = FetchSession.from_json(message["session"])
    owner.add(session, str(message["base"]))
    return {"held": [session.id]}


def _pause(owner: QueueOwner, message: Message) -> None:
    owner.pause(*_which(message))


def _resume(owner: QueueOwner, message: Message) -> Reply:
    return {"held": sorted(owner.resume(*_which(message)))}


def _retry(owner: QueueOwner, message: Message) -> Reply:
    return {"held": sorted(owner.retry(*_which(message)))}


def _cancel(owner: QueueOwner, message: Message) -> None:
    owner.discard(owner.cancel(*_which(message)))


def _move(owner: QueueOwner, message: Message) -> None:
    owner.move(*_which(message), _one_of(message["where"], MOVES))


def _prioritise(owner: QueueOwner, message: Message) -> None:
    owner.prioritise(*_which(message), _one_of(message["priority"], PRIORITIES))


def _log(owner: QueueOwner, message: Message) -> Reply:
    return {"logs": [asdict(log) for log in owner.logs(*_which(message))]}


def _forget(owner: QueueOwner, message: Message) -> None:
    owner.forget_finished()


def _limit(owner: QueueOwner, message: Message) -> None:
    owner.bucket.set_rate(message["bytes_per_s"])


def _jobs(owner: QueueOwner, message: Message) -> None:
    owner.workers.set_size(int(message["jobs"]))


def _one_of(word: object, words: tuple[Any, ...]) -> Any:
    if word not in words:
        raise ValueError(f"{word} is none of {words}")
    return word


_WISHES: dict[str, Callable[[QueueOwner, Message], Reply | None]] = {
    "add": _add,
    "pause": _pause,
    "resume": _resume,
    "retry": _retry,
    "cancel": _cancel,
    "move": _move,
    "priority": _prioritise,
    "log": _log,
    "forget": _forget,
    "limit": _limit,
    "jobs": _jobs,
}
