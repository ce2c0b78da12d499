"""Reading the answers of MAST's name resolver (SANTA), also when the archive passes them on (`Mast.Name.Lookup`).

Both answer `{"resolvedCoordinate": [{"searchString", "resolver", "canonicalName", "ra", "decl", "objectType" …}]}`
(recorded in astroquery 0.4.11, `mast/tests/data/resolver.json`). Runs in the workers, called by `archive.jobs`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from mast_tui.archive import failures
from mast_tui.core.text import clean

#: The resolver takes no more names in one request.
MOST_NAMES = 30
#: Seconds to connect, and to wait for an answer: SIMBAD and NED take up to some seconds when nothing is stored.
RESOLVER_TIMEOUT_S = (10.0, 30.0)


def answers_of(answer: object, names: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The answers for each name, in the resolver's order; an empty list for a name that nobody knows."""
    found = answer.get("resolvedCoordinate") if isinstance(answer, dict) else None
    if not isinstance(found, list):
        raise failures.unreadable("It should be a list of positions")
    by_search: dict[str, list[Any]] = {}
    for one in found:
        if isinstance(one, dict):
            by_search.setdefault(_folded(one.get("searchString")), []).append(one)
    return {name: [r for one in by_search.get(_folded(name), []) if (r := _resolution(one, name))] for name in names}


def looked_up(answer: object, name: str) -> list[dict[str, Any]]:
    """The answers to a question about one name only."""
    found = answer.get("resolvedCoordinate") if isinstance(answer, dict) else None
    if not isinstance(found, list):
        raise failures.unreadable("It should be a list of positions")
    return [r for one in found if isinstance(one, dict) and (r := _resolution(one, name))]


def _folded(name: object) -> str:
    """The resolver gives the name it searched for in lower case."""
    return " ".join(str(name).casefold().split())


def _resolution(one: dict[str, Any], name: str) -> dict[str, Any] | None:
    """The fields of `core.resolution.Resolution`, or None when the answer holds no point of the sky."""
    try:
        ra_deg, dec_deg = float(one["ra"]), float(one["decl"])
    except (KeyError, TypeError, ValueError):
        return None
    if not (math.isfinite(ra_deg) and -90 <= dec_deg <= 90):
        return None
    return {
        "name": name,
        "resolver": clean(one.get("resolver") or "", 40),
        "canonical_name": clean(" ".join(str(one.get("canonicalName") or name).split()), 100),
        "ra_deg": ra_deg % 360.0,
        "dec_deg": dec_deg,
        "object_type": clean(one.get("objectType") or "", 60),
    }
