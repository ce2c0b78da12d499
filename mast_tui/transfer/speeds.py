"""How fast each source of files has been, measured on the files themselves, and which is to be preferred.

Kept for each archive: bytes a second while a body came, and the seconds to its first byte, both smoothed; and whether
a source had better be avoided for a while because it failed. Used by `mirrors`, in the workers' threads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mast_tui.core.fetch import SourceKind

#: What remains of older measurements when a new one comes.
_OLD_SHARE = 0.7
#: A body shorter than this says something of the way to the first byte, but nothing of bytes a second.
_TELLING_BYTES = 1 << 18
#: Each source gets so many files before they are compared.
_FIRST_FILES = 2
#: The slower one is measured again after so many files of the faster, or so many seconds; with small files only.
_AGAIN_FILES, _AGAIN_S, _AGAIN_BYTES = 32, 300.0, 64 << 20
#: For a file of which no size is listed, and until bytes a second are known.
_TYPICAL_BYTES, _TYPICAL_RATE = 10 << 20, 1e6
_AVOID_S, _AVOID_MOST_S = 30.0, 900.0


@dataclass(frozen=True)
class Speed:
    """What was measured of one source. None where it was not."""

    files: int
    bytes_per_s: float | None
    first_byte_s: float | None


@dataclass
class _Measured:
    begun: int = 0
    files: int = 0
    n_bytes: float = 0.0
    seconds: float = 0.0
    first_byte_s: float | None = None
    at: float = 0.0
    others: int = 0
    failures: int = 0
    avoid_until: float = 0.0

    @property
    def rate(self) -> float | None:
        return self.n_bytes / self.seconds if self.seconds > 0 else None


class Speeds:
    """Safe to use from many threads. `clock` in seconds, for tests."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._all: dict[tuple[str, SourceKind], _Measured] = {}

    def order(self, base: str, kinds: Sequence[SourceKind], size: int | None) -> list[SourceKind]:
        """The sources of the archive at `base`, the one to be asked first in front; `size` of the file in bytes."""
        with self._guard:
            now = self._clock()
            found = {kind: self._of(base, kind) for kind in kinds}
            good = [kind for kind in kinds if found[kind].avoid_until <= now]
            good.sort(key=lambda kind: _seconds_for(found[kind], size))
            fewest = min(good, key=lambda kind: found[kind].begun, default=None)
            if fewest is not None and found[fewest].begun < _FIRST_FILES:
                good.sort(key=lambda kind: kind != fewest)
            elif len(good) > 1 and size is not None and size <= _AGAIN_BYTES:
                slow = found[good[-1]]
                if slow.others >= _AGAIN_FILES or now - slow.at > _AGAIN_S:
                    good.reverse()
            avoided = sorted((k for k in kinds if k not in good), key=lambda kind: found[kind].avoid_until)
            return [*good, *avoided]

    def begun(self, base: str, kind: SourceKind) -> None:
        """A file is asked of this source now."""
        with self._guard:
            for (of, other), measured in self._all.items():
                if of == base and other != kind:
                    measured.others += 1
            mine = self._of(base, kind)
            mine.begun += 1
            mine.others, mine.at = 0, self._clock()

    def came(self, base: str, kind: SourceKind, n_bytes: int, seconds: float, first_byte_s: float | None) -> None:
        """`n_bytes` were read in `seconds` of waiting for them, `first_byte_s` after they were asked for."""
        with self._guard:
            mine = self._of(base, kind)
            mine.files += 1
            if first_byte_s is not None:
                old = first_byte_s if mine.first_byte_s is None else mine.first_byte_s
                mine.first_byte_s = _OLD_SHARE * old + (1 - _OLD_SHARE) * first_byte_s
            if n_bytes >= _TELLING_BYTES:
                mine.n_bytes = _OLD_SHARE * mine.n_bytes + n_bytes
                mine.seconds = _OLD_SHARE * mine.seconds + max(seconds, 1e-6)

    def well(self, base: str, kind: SourceKind) -> None:
        with self._guard:
            self._of(base, kind).failures = 0

    def failed(self, base: str, kind: SourceKind, after_s: float | None = None) -> None:
        """It is avoided for a while, the longer the oftener it fails; at least for the `after_s` that it asked for."""
        with self._guard:
            mine = self._of(base, kind)
            mine.failures += 1
            rest = min(_AVOID_MOST_S, _AVOID_S * 2.0 ** (min(mine.failures, 10) - 1))
            mine.avoid_until = self._clock() + max(rest, after_s or 0.0)

    def avoided(self, base: str, kind: SourceKind) -> bool:
        """Did it fail so lately that it is not asked if there is another?"""
        with self._guard:
            return self._of(base, kind).avoid_until > self._clock()

    def measured(self) -> dict[tuple[str, SourceKind], Speed]:
        """By archive and source, those that sent something."""
        with self._guard:
            return {
                place: Speed(m.files, m.rate, m.first_byte_s) for place, m in self._all.items() if m.files
            }  # fmt: skip

    def _of(self, base: str, kind: SourceKind) -> _Measured:
        return self._all.setdefault((base, kind), _Measured())


def _seconds_for(measured: _Measured, size: int | None) -> float:
    rate = measured.rate or _TYPICAL_RATE
    return (measured.first_byte_s or 0.0) + (_TYPICAL_BYTES if size is None else size) / rate
