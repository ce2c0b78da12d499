"""A fetch plan in sentences, the same on the screen and in the shell: what comes, how long it takes, what stops it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mast_tui.controller.plan import FetchPlan, Part
from mast_tui.core.products import Amount
from mast_tui.core.text import clean, human_bytes, human_duration, plural

_MOST_REFUSED = 3
_NAMES: dict[Part, str] = {"raw": "raw file", "auxiliary": "auxiliary file", "previews": "preview"}


@dataclass(frozen=True)
class Said:
    """A sentence; `warns` marks those that stand in the way or cost something."""

    text: str
    warns: bool = False


def describe(plan: FetchPlan, *, logged_in: bool) -> Iterator[Said]:
    """What a user wants to know before it begins, the most important first."""
    yield Said(_words(Amount(len(plan.items), plan.total_bytes, plan.unknown)))
    if plan.problem is not None:
        yield Said(str(plan.problem), warns=True)
    if plan.exclusive and not logged_in:
        yield Said(f"{plural(plan.exclusive, 'file')} under exclusive access will wait for a login.", warns=True)
    for uri, why in plan.refused[:_MOST_REFUSED]:
        yield Said(f"Left out: {clean(uri, 60)} ({clean(why, 60)})", warns=True)
    if len(plan.refused) > _MOST_REFUSED:
        yield Said(f"Left out: {len(plan.refused) - _MOST_REFUSED:,} more", warns=True)
    for sentence in plan.mixed:
        yield Said(sentence, warns=True)
    if plan.here.files:
        yield Said(f"Here already: {_words(plan.here)}")
    if plan.elsewhere.files:
        yield Said(f"Copied from your data folders: {_words(plan.elsewhere)}")
    if plan.coming.files and (plan.here.files or plan.elsewhere.files):
        yield Said(f"To be fetched: {_words(plan.coming)}")
    if plan.coming.files:
        yield Said(_time(plan))
    elif plan.items:
        yield Said("Nothing has to be fetched.")
    if plan.free_bytes is not None:
        yield Said(f"{human_bytes(plan.free_bytes)} are free.")
    if plan.left_out:
        parts = [f"{plural(a.files, _NAMES[part])} ({_size(a)})" for part, a in plan.left_out.items()]
        yield Said(f"Could be left out: {', '.join(parts)}")


def plan_as_json(plan: FetchPlan, *, logged_in: bool) -> dict[str, Any]:
    """The plan for scripts: sizes in bytes, the rate in bytes a second, times in seconds."""

    def amount(a: Amount) -> dict[str, int]:
        return {"files": a.files, "bytes": a.bytes, "unknown_size": a.unknown}

    return {
        "folder": str(plan.folder),
        "total": amount(Amount(len(plan.items), plan.total_bytes, plan.unknown)),
        "here": amount(plan.here),
        "elsewhere": amount(plan.elsewhere),
        "to_fetch": amount(plan.coming),
        "could_be_left_out": {part: amount(a) for part, a in plan.left_out.items()},
        "exclusive": plan.exclusive,
        "logged_in": logged_in,
        "free_bytes": plan.free_bytes,
        "measured_bytes_per_s": plan.rate,
        "seconds": plan.seconds,
        "refused": [{"uri": uri, "why": why} for uri, why in plan.refused],
        "mixed": list(plan.mixed),
        "problem": None if plan.problem is None else plan.problem.to_json(),
        "files": [{"uri": item.uri, "path": item.path, "size": item.size} for item in plan.items],
    }


def _words(amount: Amount) -> str:
    return f"{plural(amount.files, 'file')}, {_size(amount)}"


def _size(amount: Amount) -> str:
    if amount.unknown == amount.files:
        return "size not listed"
    return human_bytes(amount.bytes) + (f" and {amount.unknown:,} of unknown size" if amount.unknown else "")


def _time(plan: FetchPlan) -> str:
    if plan.seconds is None or plan.rate is None:
        return "How long it takes is not known: no rate has been measured yet."
    least = "at least " if plan.coming.unknown else "about "
    return f"It takes {least}{human_duration(plan.seconds)} at {human_bytes(plan.rate)}/s, the rate measured before."
