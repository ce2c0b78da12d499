"""How the app behaves on the link it has: on a slow one it sends little at once, and the rest when the line is quiet.

One place decides, and screens and widgets ask it. On a fast link nothing of this can be seen. `Manners.learn` is told
what the wire measures; it turns slow or fast only when two measurements in a row say so, and needs twice the rate to
come back, so that a stall of the machine or a rate at the limit does not make the screen change to and fro.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from textual.app import App

from mast_tui.core.settings import Settings
from mast_tui.tui.wire.pacing import Link

#: Bytes a second. A page of a list is up to 2 kB: below this it takes over 0.1 s more than the round trip, the longest
#: that a person feels as at once (Miller 1968, Response time in man-computer conversational transactions).
SLOW_BELOW, FAST_ABOVE = 20_000.0, 40_000.0
#: Measurements in a row that must agree.
_AGREE = 2
#: Seconds without a key after which a slow line is quiet enough for what can wait.
_QUIET_S = 1.0


class Manners:
    """`wish` is the setting `low_bandwidth`: auto, on or off. `clock` in seconds."""

    def __init__(self, wish: str = "auto", clock: Callable[[], float] = time.monotonic) -> None:
        self.slow = wish == "on"
        self._auto, self._clock = wish == "auto", clock
        self._measured = (0, 0.0)
        self._against = 0
        self._key_at = -_QUIET_S
        self._busy: Callable[[], bool] = bool

    # --- what is known --------------------------------------------------------------------------------------------

    def learn(self, link: Link) -> bool:
        """What the wire knows of the link by now; True when the manners are others from now on."""
        if link.bytes_per_s is None or (link.n_rates, link.bytes_per_s) == self._measured:
            return False
        self._measured = (link.n_rates, link.bytes_per_s)
        other = link.bytes_per_s > FAST_ABOVE if self.slow else link.bytes_per_s < SLOW_BELOW
        self._against = self._against + 1 if other else 0
        if not self._auto or self._against < _AGREE:
            return False
        self.slow, self._against = not self.slow, 0
        return True

    def key_came(self) -> None:
        self._key_at = self._clock()

    def line_is_told_by(self, busy: Callable[[], bool]) -> None:
        """`busy` says whether something still waits for the line, or is on its way."""
        self._busy = busy

    # --- what follows ---------------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether something waits for the line, or is on its way."""
        return self._busy()

    @property
    def quiet(self) -> bool:
        """Whether what can wait may be sent now: nothing is on the way, and no key came for a while."""
        return self._clock() - self._key_at >= _QUIET_S and not self.busy

    @property
    def rest_s(self) -> float:
        """Seconds for which the cursor must stay on a row before more than the row is drawn."""
        # a slow link also brings a held key in jerks, but who let go waits for what is beside the row
        return 0.25 if self.slow else 0.15

    @property
    def progress_s(self) -> float:
        """Seconds between two pictures of running transfers."""
        return 2.0 if self.slow else 0.5

    def marker(self, settings: Settings) -> bool:
        """Whether a cursor is a sign before its row, which is a tenth of the bytes; what the user set comes first."""
        return settings.cursor == "marker" or (self.slow and "cursor" not in settings.origins)


def manners_of(app: App[Any]) -> Manners:
    """The manners of the app; those of a fast link where an app has none (widgets by themselves)."""
    found = getattr(app, "manners", None)
    return found if isinstance(found, Manners) else Manners("off")
