"""Which client holds which session: a session goes on while somebody holds it, or when it was handed over.

Pure book-keeping, without a clock of its own. Used by the service, whose docstring has the rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

Client = TypeVar("Client")


class Holders(Generic[Client]):
    def __init__(self) -> None:
        self._held: dict[Client, set[str]] = {}
        self._vanished: list[tuple[float, set[str]]] = []

    def hold(self, client: Client, sessions: Iterable[str]) -> None:
        self._held.setdefault(client, set()).update(sessions)

    def leaves(self, client: Client) -> set[str]:
        """The client lets go of all it held: the sessions that nobody else holds."""
        mine = self._held.pop(client, set())
        return mine.difference(*self._held.values())

    def vanished(self, client: Client, until: float) -> None:
        """It is gone without a word: what it held alone stays held `until` then, should it come back."""
        alone = self.leaves(client)
        if alone:
            self._vanished.append((until, alone))

    def overdue(self, now: float) -> set[str]:
        """The sessions of those who vanished and did not come back in time, if nobody holds them by now."""
        late = {session for until, sessions in self._vanished if until <= now for session in sessions}
        self._vanished = [(until, sessions) for until, sessions in self._vanished if until > now]
        return late.difference(*self._held.values())
