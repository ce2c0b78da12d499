"""Who the archive takes us for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """The archive's answer to `whoami`; `token_source` says where our token came from ('' when there is none)."""

    anonymous: bool
    display_name: str = ""
    user_id: str = ""
    scopes: tuple[str, ...] = ()
    token_source: str = ""
