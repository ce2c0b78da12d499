"""The order in which files are taken: by priority, then by place, the lower first. Used by the queue.

A place is a whole number that no other file has. Moving changes as few places as can be, because each change is a
line in the journal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol, TypeVar

from mast_tui.core.fetch import PRIORITIES, Move, Priority

RANKS: dict[Priority, int] = {priority: rank for rank, priority in enumerate(PRIORITIES)}


class Placed(Protocol):
    priority: Priority
    place: int


T = TypeVar("T", bound=Placed)


def new_places(waiting: Iterable[T], chosen: Collection[T], where: Move, lowest: int, beyond: int) -> dict[T, int]:
    """The places that change when the chosen of those that wait go `where`, each among those of its own priority.

    The chosen keep their order among themselves; "up" and "down" take them past one neighbour. All places in use lie
    from `lowest` to below `beyond`.
    """
    lines: dict[Priority, list[T]] = {priority: [] for priority in PRIORITIES}
    for one in waiting:
        lines[one.priority].append(one)
    places: dict[T, int] = {}
    for line in lines.values():
        line.sort(key=lambda one: one.place)
        block = [one for one in line if one in chosen]
        if not block or len(block) == len(line):
            continue
        if where == "first":
            lowest -= len(block)
            places |= {one: lowest + i for i, one in enumerate(block)}
        elif where == "last":
            places |= {one: beyond + i for i, one in enumerate(block)}
            beyond += len(block)
        else:
            places |= _past_a_neighbour(line, block, up=where == "up")
    return places


def _past_a_neighbour(line: Sequence[T], block: Sequence[T], *, up: bool) -> dict[T, int]:
    first, last = line.index(block[0]), line.index(block[-1])
    part = line[max(0, first - 1) : last + 1] if up else line[first : last + 2]
    inside = {id(one) for one in block}
    others = [one for one in part if id(one) not in inside]
    free = sorted(one.place for one in part)
    return dict(zip([*block, *others] if up else [*others, *block], free, strict=True))
