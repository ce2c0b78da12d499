"""The period searches that were made: the same question about the same numbers is not asked twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from mast_tui.core.look import Series

if TYPE_CHECKING:
    from mast_tui.analysis import PeriodSearch

Method: TypeAlias = Literal["bls", "ls"]


class KnownSearches:
    """The last answer of each method. Curves are told apart by their numbers: each drawing makes new arrays of them."""

    def __init__(self) -> None:
        self._answers: dict[Method, tuple[Series, PeriodSearch]] = {}

    def keep(self, curve: Series, found: PeriodSearch) -> None:
        self._answers[found.method] = (curve, found)

    def answer(self, method: Method, curve: Series) -> PeriodSearch | None:
        """What `method` found in the same curve before."""
        known = self._answers.get(method)
        return known[1] if known is not None and same_numbers(known[0], curve) else None


def same_numbers(one: Series, other: Series) -> bool:
    """Is the same curve drawn, over the same times? Some milliseconds for a million points."""
    if one is other:
        return True
    return (
        one.x_axis == other.x_axis
        and one.y_axis == other.y_axis
        and one.time == other.time
        and np.array_equal(one.x, other.x)
        and np.array_equal(one.y, other.y)
    )
