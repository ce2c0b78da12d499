"""The one error family: what failed, why, and what to do next.

Errors of astroquery, requests, the operating system and the parsers are mapped to these once, at the edge where they
arise. The faces print `what`, `why` and `next_step`; the command line takes `exit_code` from the class.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar


class MastTuiError(Exception):
    """Base of all errors that a user may meet.

    `what` failed (a short clause), `why` (one sentence, may be empty), `next_step` (what can be done).
    All three must already have passed `core.text.clean` where they hold words from outside.
    """

    kind: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, why: str = "", next_step: str = "", *, retry_after_s: float | None = None):
        super().__init__(what)
        self.what, self.why, self.next_step = what, why, next_step
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        return " ".join(part for part in map(_sentence, (self.what, self.why, self.next_step)) if part)

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "what": self.what,
            "why": self.why,
            "next_step": self.next_step,
            "retry_after_s": self.retry_after_s,
        }


class NotFound(MastTuiError):
    """Nothing of that name, id or address exists."""

    kind = "not_found"


class InvalidQuery(MastTuiError):
    """The question itself is wrong; `next_step` names the nearest right spelling where there is one."""

    kind = "invalid_query"
    exit_code = 2


class NotAllowed(MastTuiError):
    """Exclusive access, or a token that is missing, wrong or expired."""

    kind = "not_allowed"
    exit_code = 4


class TemporarilyUnavailable(MastTuiError):
    """The archive cannot be reached or does not answer now; trying again later can help."""

    kind = "unavailable"
    exit_code = 3


class ServerError(MastTuiError):
    """The archive answered with an error of its own, whose message is in `why`."""

    kind = "server_error"
    exit_code = 3


class Cancelled(MastTuiError):
    """The user stopped it."""

    kind = "cancelled"
    exit_code = 130


class LocalFailure(MastTuiError):
    """This machine said no: no space, folder not writable, terminal too small."""

    kind = "local"


class UnreadableFile(MastTuiError):
    """A file that is truncated, mangled or of a kind that can't be shown."""

    kind = "unreadable"


KINDS: dict[str, type[MastTuiError]] = {
    cls.kind: cls
    for cls in (
        MastTuiError,
        NotFound,
        InvalidQuery,
        NotAllowed,
        TemporarilyUnavailable,
        ServerError,
        Cancelled,
        LocalFailure,
        UnreadableFile,
    )
}


def from_json(data: dict[str, Any]) -> MastTuiError:
    """The error that `to_json` wrote, on the other side of a process boundary."""
    cls = KINDS.get(str(data.get("kind")), MastTuiError)
    return cls(
        str(data.get("what", "")),
        str(data.get("why", "")),
        str(data.get("next_step", "")),
        retry_after_s=data.get("retry_after_s"),
    )


def _sentence(text: str) -> str:
    text = text.strip()
    if text and text[-1] not in ".?!…":
        text += "."
    # a word begins a sentence in capitals; what was typed, or a name, stays as it is
    return text[:1].upper() + text[1:] if re.match(r"[a-z]+ ", text) else text
