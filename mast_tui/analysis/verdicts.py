"""How judges hand back what they found: plain values for the way out of the worker process."""

from __future__ import annotations

import math

from mast_tui.core.look import Json


def size_of(depth: float) -> str:
    """A relative depth as people write it."""
    if abs(depth) >= 0.01:
        return f"{100 * depth:.2f} %"
    return f"{1e6 * depth:.0f} ppm"


def harmonic_test(name: str, period_d: float, value: float, words: str) -> Json:
    return {"name": name, "period_d": period_d, "value": value if math.isfinite(value) else 0.0, "words": words}


def verdict_of(
    kind: str, period_d: float, words: str, tests: list[Json], turn: int = 0, more: tuple[float, ...] = ()
) -> Json:
    """`turn`: how many of the search's periods after its epoch the deepest dip is; `more`: phases (in turns of that
    period) of further dips of the same two bodies."""
    return {"kind": kind, "period_d": period_d, "words": words, "tests": tests, "turn": turn, "more": list(more)}
