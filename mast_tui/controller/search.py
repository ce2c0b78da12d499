"""One running search: a table that fills page by page while it is read.

The first page brings the total. A page that can't be had after all retries leaves a gap that is counted and told; it
never takes the other pages with it. Large answers pause after `AUTOMATIC_ROWS`: the rest is loaded when asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

from mast_tui.archive import Archive, Page, PageFailed
from mast_tui.core.errors import MastTuiError
from mast_tui.core.query import Query
from mast_tui.core.table import ColumnTable

#: Rows loaded without being asked for; more would be a burden on the archive and on a thin link.
AUTOMATIC_ROWS = 10_000

SearchState = Literal["asking", "loading", "paused", "done", "failed"]


class Search:
    """Rows so far (`table`), the archive's own count (`total`, None until known), and what is going on (`notice`)."""

    def __init__(self, archive: Archive, query: Query, automatic_rows: int = AUTOMATIC_ROWS) -> None:
        self.query = query
        self.table = ColumnTable()
        self.total: int | None = None
        self.state: SearchState = "asking"
        self.notice = ""
        self.error: MastTuiError | None = None
        self.failed_pages: dict[int, MastTuiError] = {}
        self._archive = archive
        self._go_on = asyncio.Event()
        self._automatic_rows = automatic_rows
        self._have: set[int] = set()
        self._n_pages = 0
        self._first = asyncio.Event()
        self._listeners: list[Callable[[], None]] = []

    def on_change(self, listener: Callable[[], None]) -> None:
        """`listener` is called on the event loop after each page, notice or change of state."""
        self._listeners.append(listener)

    def load_all(self) -> None:
        """Go on past the pause."""
        self._automatic_rows = 1 << 62
        self._go_on.set()

    @property
    def loaded(self) -> int:
        return len(self.table)

    @property
    def complete(self) -> bool:
        return self.state == "done" and not self.failed_pages

    async def first_page(self) -> None:
        """Wait until the first rows, or the error, are there."""
        await self._first.wait()

    async def run(self, limit: int | None = None) -> None:
        """Fill the table. Cancelling stops at once and keeps what has come; errors end up in `error`."""
        pages = self._archive.pages(self.query, limit=limit, notice=self._heard)
        try:
            async for page in pages:
                if isinstance(page, PageFailed):
                    self.failed_pages[page.number] = page.error
                else:
                    self._take(page)
                self.notice = ""
                self._first.set()
                more = self.total is not None and self.loaded < self.total
                if more and self.loaded >= self._automatic_rows and (limit is None or self.loaded < limit):
                    self._change("paused")
                    await self._go_on.wait()
                self._change("loading")
            self._change("done")
        except MastTuiError as error:
            self.error = error
            self._change("failed")
        except asyncio.CancelledError:
            self._change("paused" if self.loaded else "failed")
            raise
        finally:
            self._first.set()
            await pages.aclose()

    async def resume(self) -> None:
        """Ask for the pages that are not here: after a stop, and those that failed. Errors end up in `failed_pages`."""
        self._change("loading")
        try:
            for number in range(1, self._n_pages + 1):
                if number not in self._have:
                    try:
                        self._take(await self._archive.page(self.query, number, notice=self._heard))
                        self.failed_pages.pop(number, None)
                    except MastTuiError as error:
                        self.failed_pages[number] = error
                    self.notice = ""
                    self._change("loading")
            self._change("done")
        except asyncio.CancelledError:
            self._change("paused")
            raise

    def _take(self, page: Page) -> None:
        self.table.append(page.packed)
        self.total, self._n_pages = page.total, page.n_pages
        self._have.add(page.number)

    def _heard(self, words: str) -> None:
        self.notice = words
        self._tell()

    def _change(self, state: SearchState) -> None:
        self.state = state
        self._tell()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
