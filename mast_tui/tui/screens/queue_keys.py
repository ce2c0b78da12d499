"""The keys that put the queue in order, and the one that tells what happened to a file. A part of the downloads screen.

What runs is never interrupted by them: they say what is taken next.
"""

from __future__ import annotations

import itertools
from abc import abstractmethod
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from mast_tui.core.fetch import FINISHED, PRIORITIES, FileLog, Move, Transfer
from mast_tui.core.text import clean
from mast_tui.tui.screens.base import RoomScreen
from mast_tui.tui.screens.choosers import ReadText
from mast_tui.tui.widgets.transfer_list import TransferList, name_of

if TYPE_CHECKING:
    from mast_tui.core.fetch import Priority


class Orders(Protocol):
    """What of the transfers is told here."""

    async def move(self, where: Move, uris: list[str] | None = None, sessions: list[str] | None = None) -> None: ...

    async def prioritise(
        self, priority: Priority, uris: list[str] | None = None, sessions: list[str] | None = None
    ) -> None: ...

    async def logs(self, uris: list[str] | None = None, sessions: list[str] | None = None) -> list[FileLog]: ...


_MOVES: dict[str, Move] = {"move_up": "up", "move_down": "down", "move_first": "first", "move_last": "last"}


class QueueKeys(RoomScreen):
    """Each key acts on the file under the cursor."""

    @property
    def transfers(self) -> TransferList:
        return self.query_one(TransferList)

    def why_no_order(self, action_id: str, current: Transfer) -> str | None:
        """Why this file's turn can't be changed so, or None."""
        if action_id not in (*_MOVES, "raise", "lower"):
            return None
        if current.state in FINISHED:
            return "This file is not in line any more"
        if action_id == "raise" and current.priority == PRIORITIES[0]:
            return "Its priority is high already"
        if action_id == "lower" and current.priority == PRIORITIES[-1]:
            return "Its priority is low already"
        return None

    def do_move_up(self) -> None:
        self._move("up")

    def do_move_down(self) -> None:
        self._move("down")

    def do_move_first(self) -> None:
        self._move("first")

    def do_move_last(self) -> None:
        self._move("last")

    def do_raise(self) -> None:
        self._prioritise(-1)

    def do_lower(self) -> None:
        self._prioritise(1)

    def _move(self, where: Move) -> None:
        current = self.transfers.current
        if current is not None:
            self._order(lambda transfers: transfers.move(where, [current.uri], [current.session]))

    def _prioritise(self, step: int) -> None:
        current = self.transfers.current
        if current is not None:
            priority = PRIORITIES[PRIORITIES.index(current.priority) + step]
            self._order(lambda transfers: transfers.prioritise(priority, [current.uri], [current.session]))
            self.status.idle(f"{name_of(current)}: priority {priority}")

    #: Each press is work of its own: a second one must not end the first.
    _presses = itertools.count()

    def _order(self, order: Callable[[Orders], Awaitable[None]]) -> None:
        self.status.idle()
        self.start(self._ordered(order), f"order {next(self._presses)}")

    async def _ordered(self, order: Callable[[Orders], Awaitable[None]]) -> None:
        await order(await (await self.room.controller()).transfers())
        self.look_again()

    @abstractmethod
    def look_again(self) -> None:
        """Show what the transfers are like now."""

    def do_log(self) -> None:
        current = self.transfers.current
        if current is not None:
            self.start(self._tell_log(current), "log")

    async def _tell_log(self, transfer: Transfer) -> None:
        transfers = await (await self.room.controller()).transfers()
        logs = await transfers.logs([transfer.uri], [transfer.session])
        lines = [f"{at}  {clean(words, 500)}" for log in logs for at, words in log.events]
        words = "\n".join(lines) or "Nothing yet: it waits for its turn."
        self.room.push_screen(ReadText(f"What happened to {clean(name_of(transfer), 60)} (UTC)", words))
