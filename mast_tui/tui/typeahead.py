"""Keys in the order in which they were typed, each after the whole effect of the one before.

Textual hands a key to the widget that has the focus when the key arrives. Over a slow link keys arrive together: of
"/t" the "t" would go to the table, where it takes files, instead of to the filter that "/" opens. Here a key waits
until the one before it has been handled by its widget, by the widgets above, by the app, and by what they told each
other. Nothing waits for work that goes on beside the screen. The app is built on `OrderlyKeys`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, TypeVar

from textual import events
from textual.app import App
from textual.message_pump import MessagePump

Result = TypeVar("Result")

#: A key whose effect is not over after so long holds the others back no more.
_LIMIT_S = 0.3
#: Trips from the focused widget up to the app: one for the key itself, one for what its action posted.
_TRIPS = 2


class OrderlyKeys(App[Result]):
    """An app whose keys wait for each other."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._ahead: deque[events.Event] = deque()
        self._number = 0
        self._under_way = 0
        self._limit: asyncio.TimerHandle | None = None

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._under_way or self._ahead:
            self._ahead.append(event)
        else:
            await self._pass_on(event)

    async def _pass_on(self, event: events.Event) -> None:
        self._number += 1
        number = self._under_way = self._number
        self._limit = asyncio.get_running_loop().call_later(_LIMIT_S, self._over, number)
        start, screen = self.focused or self.screen, self.screen
        await super().on_event(event)
        self._climb(number, start, start, screen, _TRIPS)

    def _climb(
        self, number: int, start: MessagePump, node: MessagePump | None, screen: MessagePump, trips: int
    ) -> None:
        """Wait behind everything that `node` has still to do, then behind what its parents have, up to the app."""
        if number != self._under_way:
            return
        if node is None or node is self:
            self.call_later(self._at_top, number, start, screen, trips - 1)
        elif not node.call_later(self._climb, number, start, node._parent, screen, trips):
            self._climb(number, start, self, screen, trips)

    def _at_top(self, number: int, start: MessagePump, screen: MessagePump, trips: int) -> None:
        if trips:
            self._climb(number, start, start, screen, trips)
        elif self.screen is screen or not self.screen.call_after_refresh(self.call_later, self._over, number):
            self._over(number)

    def _over(self, number: int) -> None:
        """The effect of a key is over: the next one may go."""
        if number != self._under_way:
            return
        if self._limit is not None:
            self._limit.cancel()
        self._under_way = 0
        if self._ahead:
            self.call_later(self._pass_on_next)

    async def _pass_on_next(self) -> None:
        if self._ahead and not self._under_way:
            await self._pass_on(self._ahead.popleft())
