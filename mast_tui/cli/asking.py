"""From the words after `search` to a query: the target, the radius that makes sense with it, the resolver chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mast_tui.cli import talk
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.query import Query, parse_criteria
from mast_tui.core.resolution import Resolution, disagree, largest_separation_arcsec
from mast_tui.core.sky import parse_radius
from mast_tui.core.text import clean

if TYPE_CHECKING:
    from mast_tui.controller import Controller


async def query_from(
    controller: Controller, words: str, radius: str | None, resolver: str | None, conditions: Sequence[str]
) -> Query:
    """The query these words ask for; a name is resolved first. InvalidQuery or NotFound in a sentence."""
    criteria = parse_criteria(conditions)
    radius_deg = parse_radius(radius) if radius is not None else None
    if not words.strip():
        if radius_deg is not None:
            raise InvalidQuery("a radius needs a place", "", "Give a TARGET before --radius")
        if not criteria:
            raise InvalidQuery("nothing to search for", "", "Give a TARGET, or conditions: -c obs_collection=HST")
        return Query("", None, criteria)
    target = controller.read(words)
    if radius_deg is not None and target.kind in ("proposal", "observation"):
        raise InvalidQuery(
            f"a radius makes no sense with {target.read_as}", "It is not a place on the sky", "Leave --radius out"
        )
    if target.kind == "position":
        radius_deg = radius_deg or controller.settings.radius_deg
    query = controller.query(target, radius_deg, criteria)
    if query is not None:
        return query
    answers = await controller.resolve_one(target.value, notice=talk.notice)
    answer = _chosen(target.value, answers, resolver, radius_deg or controller.settings.radius_deg)
    return controller.query_at(target, answer, radius_deg, criteria)


def _chosen(name: str, answers: Sequence[Resolution], resolver: str | None, radius_deg: float) -> Resolution:
    """The answer of the resolver that was asked for, else the first; where they disagree, that is said."""
    shown = clean(name, 60)
    if resolver is not None:
        for answer in answers:
            if answer.resolver.lower() == resolver.lower():
                return answer
        raise InvalidQuery(
            f"{clean(resolver, 30)} has no answer for “{shown}”",
            "",
            f"Choose one that has: {', '.join(clean(a.resolver, 30) for a in answers)}",
        )
    first = answers[0]
    if disagree(answers, radius_deg):
        others = ", ".join(clean(a.resolver, 30) for a in answers[1:])
        talk.say(
            f"{shown}: the resolvers are up to {largest_separation_arcsec(answers):.1f}″ apart. "
            f"{clean(first.resolver, 30)} is used; --resolver chooses another ({others})."
        )
    return first
