"""All transfers as a client knows them from what the transfer process told, in the order in which they are taken."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from mast_tui.core.fetch import Transfer
from mast_tui.transfer.places import RANKS

_Key = tuple[str, int]


class Picture:
    """Sorting and making the tuple are put off until somebody looks, and are done only after a change."""

    def __init__(self) -> None:
        self._transfers: dict[_Key, Transfer] = {}
        self._places: dict[_Key, int] = {}
        self._order: list[_Key] | None = []
        self._seen: tuple[Transfer, ...] | None = ()

    def put(self, data: Mapping[str, Any]) -> None:
        """One transfer as the process tells it: with its number `n` in its session, and its place."""
        key, place, transfer = (data["session"], data["n"]), data["place"], Transfer.from_json(data)
        before = self._transfers.get(key)
        if before is None or before.priority != transfer.priority or self._places[key] != place:
            self._order = None
        self._transfers[key], self._places[key] = transfer, place
        self._seen = None

    def keep_only(self, sessions: Collection[str]) -> None:
        gone = [key for key in self._transfers if key[0] not in sessions]
        for key in gone:
            del self._transfers[key], self._places[key]
        if gone:
            self._order = self._seen = None

    def seen(self) -> tuple[Transfer, ...]:
        if self._seen is None:
            if self._order is None:
                self._order = sorted(self._transfers, key=self._turn)
            self._seen = tuple(self._transfers[key] for key in self._order)
        return self._seen

    def _turn(self, key: _Key) -> tuple[int, int, _Key]:
        return (RANKS[self._transfers[key].priority], self._places[key], key)
