"""Who is asking: tokens of the demo, `GET /whoami`, and who may have an exclusive file.

Every token that starts with `demo-` is good: `demo-guest` is a user without programmes, `demo-pi-1979` is on
programme 1979. All others are nobody, as with MAST. A token is never written to an answer, a log or an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from mast_tui.demo.holdings import Row
from mast_tui.demo.messages import Json, Request, Response

_GOOD = re.compile(r"demo-([a-z]+)(?:-(\w+))?", re.IGNORECASE)
_MJD_ZERO = datetime(1858, 11, 17, tzinfo=UTC)

Verdict = Literal["yes", "who", "no"]


@dataclass(frozen=True)
class Identity:
    """A user, and the programme whose exclusive files they may have (empty: none)."""

    name: str
    programme: str

    def to_json(self) -> Json:
        shown = f"Demo {self.name.title()}" + (f" of programme {self.programme}" if self.programme else "")
        return {
            "anon": False,
            "ezid": f"{self.name}{self.programme}",
            "eppn": f"{self.name}{self.programme}@demo.invalid",
            "attrib": {"display_name": shown, "first_name": "Demo", "last_name": self.name.title()},
            "scopes": ["mast:user:info", "mast:exclusive_access"],
            "token": {"scope": "mast:exclusive_access"},
        }


_NOBODY: Json = {
    "anon": True,
    "ezid": "anonymous",
    "eppn": "anonymous",
    "attrib": {"display_name": "Anonymous"},
    "scopes": [],
    "token": None,
}


def identify(token: str) -> Identity | None:
    """The user of a token, None for no token or a bad one."""
    good = _GOOD.fullmatch(token)
    return Identity(good[1].lower(), (good[2] or "").lstrip("0")) if good else None


def whoami(request: Request) -> Response:
    who = identify(request.token)
    return Response.of_json(who.to_json() if who else _NOBODY)


def may_have(who: Identity | None, product: Row, observation: Row) -> Verdict:
    """Whether a file may be handed out: `yes`, `who` (say who you are first), or `no` (not with this token).

    Exclusive files are free from the observation's release date (`t_obs_release`, MJD) on.
    """
    rights = product.get("dataRights") or observation.get("dataRights")
    release: Any = observation.get("t_obs_release")
    if rights in (None, "PUBLIC") or (release is not None and float(release) <= now_mjd()):
        return "yes"
    if who is None:
        return "who"
    programme = str(product.get("proposal_id") or observation.get("proposal_id") or "").lstrip("0")
    return "yes" if who.programme and who.programme == programme else "no"


def now_mjd() -> float:
    return (datetime.now(UTC) - _MJD_ZERO).total_seconds() / 86400
