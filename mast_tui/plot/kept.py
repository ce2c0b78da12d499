"""What was worked out of a series, kept as long as the series lives: a series is never changed.

Used by `points`, `series` and `overview`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from mast_tui.core.look import Series

P = ParamSpec("P")
T = TypeVar("T")

#: Results kept for one series: more only come of a window that changes its size all the time.
_MOST = 8


def kept(make: Callable[Concatenate[Series, P], T]) -> Callable[Concatenate[Series, P], T]:
    """`make` once for each series and each of the last few sets of arguments, which must be hashable."""
    made: WeakKeyDictionary[Series, dict[Hashable, T]] = WeakKeyDictionary()

    @wraps(make)
    def ask(series: Series, /, *args: P.args, **kwargs: P.kwargs) -> T:
        mine = made.setdefault(series, {})
        key = (args, tuple(kwargs.items()))
        if key not in mine:
            if len(mine) >= _MOST:
                mine.pop(next(iter(mine)))
            mine[key] = make(series, *args, **kwargs)
        return mine[key]

    return ask
