"""How many bytes a second came of each source, over all transfers at once, as measured before. Kept for the next time.

Used by the engine, which tells what came, and by the plan, which says how long a fetch will take. What was measured
under the user's own limit says nothing of the line, and is not counted.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mast_tui.core.errors import MastTuiError
from mast_tui.core.folders import ensure_private, state_folder, write_whole

#: Of what is older than so many seconds of transfers, half is forgotten: lines change.
_REMEMBERED_S = 600.0
#: Less than so many bytes in all are no measurement: the way to the first byte is most of it.
_TELLING_BYTES = 1_000_000
_WRITE_EVERY_S = 1.0
_LARGEST = 1 << 20


def rates_file() -> Path:
    return state_folder() / "rates.json"


@dataclass
class _Sum:
    """Bytes, and the seconds in which at least one transfer ran; `until` is the end of the last."""

    n_bytes: float = 0.0
    seconds: float = 0.0
    until: float = float("-inf")


class Rates:
    """Safe to use from several threads. `clock` in seconds, for tests."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._sums: dict[tuple[str, str], _Sum] | None = None
        self._written_at = float("-inf")

    def now(self) -> float:
        return self._clock()

    def came(self, archive: str, source: str, began: float, n_bytes: int) -> None:
        """One transfer that `began` then (by `now`) ends now, with so many bytes over the network."""
        with self._lock:
            if self._sums is None:
                self._sums = {place: _Sum(*sums) for place, sums in _read().items()}
            mine = self._sums.setdefault((archive, source), _Sum())
            now = self._clock()
            # transfers are told in the order of their ends, so this adds up the time in which any of them ran
            mine.seconds += max(0.0, now - max(began, mine.until))
            mine.n_bytes += n_bytes
            mine.until = now
            if mine.seconds > _REMEMBERED_S:
                mine.seconds, mine.n_bytes = mine.seconds / 2, mine.n_bytes / 2
            if now - self._written_at >= _WRITE_EVERY_S:
                self._written_at = now
                self._write()

    def _write(self) -> None:
        kept = [[*place, s.n_bytes, s.seconds] for place, s in (self._sums or {}).items()]
        with suppress(OSError, MastTuiError):  # a rate that is not kept is measured again
            ensure_private(state_folder())
            write_whole(rates_file(), json.dumps({"v": 1, "rates": kept}))


def measured_rates(archive: str) -> dict[str, float]:
    """Bytes a second by source ("archive", "cloud") of the archive with this host name; nothing where not measured."""
    return {
        source: n_bytes / seconds
        for (of, source), (n_bytes, seconds) in _read().items()
        if of == archive and n_bytes >= _TELLING_BYTES and seconds > 0
    }


def _read() -> dict[tuple[str, str], tuple[float, float]]:
    try:
        with rates_file().open("rb") as f:
            data = json.loads(f.read(_LARGEST))
        return {(str(a), str(source)): (float(b), float(s)) for a, source, b, s in data["rates"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
