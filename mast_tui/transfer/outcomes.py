"""How one attempt at one file can end, other than with the file. Raised in the engine, met in the workers."""

from __future__ import annotations

#: In the reason for a file that the server no longer has; the record tells such files apart by it.
NO_SUCH_FILE = "has no such file"


class Outcome(Exception):
    """Base; `why` is a sentence for the user, already clean."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class TryAgain(Outcome):
    """Not this time. `after_s` is what the server asked for; `drop` when the bytes held are of no use."""

    def __init__(self, why: str, *, after_s: float | None = None, drop: bool = False, unreached: bool = False) -> None:
        super().__init__(why)
        self.after_s, self.drop, self.unreached = after_s, drop, unreached


class GiveUp(Outcome):
    """Trying again would not help. `kept` is the file that came all the same, but is not the one that was wanted."""

    def __init__(self, why: str, *, kept: object = None) -> None:
        super().__init__(why)
        self.kept = kept


class NeedsLogin(Outcome):
    """The archive wants to know who asks."""


class DiskFull(Outcome):
    """No space, or over quota: everything for that folder waits for the user."""


class FolderBusy(Outcome):
    """Another process writes into that folder."""


class Stopped(Outcome):
    """The user, or the end of the process, stopped it."""

    def __init__(self) -> None:
        super().__init__("stopped")
