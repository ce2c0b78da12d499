"""All pages of one question: the first alone, since it says how many there are, the others two at a time, in order.

Called by `Archive.pages`; knows nothing of workers or of the network.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable

from mast_tui.archive.answers import Page, PageFailed
from mast_tui.core.errors import Cancelled, MastTuiError, ServerError
from mast_tui.core.text import plural

Notice = Callable[[str], None]
#: Asks for page NUMBER with PAGE_SIZE rows, of which the first KEEP are wanted (None: all).
AskPage = Callable[[int, int, int | None], Awaitable[Page]]

#: Pages asked for at once: as many as there are workers.
_AHEAD = 2
#: After so many failed pages in a row the archive is left alone; the rest is reported as failed, too.
_ENOUGH_FAILURES = 3


async def read_pages(
    ask: AskPage, page_size: int, limit: int | None, notice: Notice | None
) -> AsyncGenerator[Page | PageFailed]:
    """Pages in order. Raises what the first page raises; a later one that fails is a `PageFailed` in its place."""
    wanted = page_size if limit is None else max(1, min(page_size, limit))
    first = await ask(1, wanted, limit)
    yield first
    total, last = first.total, _last_page(first, wanted, limit)
    waiting: deque[tuple[int, asyncio.Task[Page]]] = deque()
    following, failures_in_a_row = 2, 0
    try:
        while following <= last or waiting:
            while following <= last and len(waiting) < _AHEAD:
                keep = None if limit is None else limit - (following - 1) * wanted
                waiting.append((following, asyncio.create_task(_ask_again_once(ask, following, wanted, keep))))
                following += 1
            number, task = waiting.popleft()
            try:
                page = await task
            except Cancelled:
                raise
            except MastTuiError as error:
                failures_in_a_row += 1
                yield PageFailed(number, error)
                if failures_in_a_row >= _ENOUGH_FAILURES:
                    for missed in range(number + 1, last + 1):
                        yield PageFailed(missed, error)
                    return
                continue
            failures_in_a_row = 0
            if page.total != total:
                _tell(notice, f"the archive now counts {plural(page.total, 'row')}, it was {total:,} a moment ago")
                total, last = page.total, max(last, _last_page(page, wanted, limit))
            yield page
    finally:
        for _, task in waiting:
            task.cancel()
        await asyncio.gather(*(task for _, task in waiting), return_exceptions=True)


async def _ask_again_once(ask: AskPage, number: int, page_size: int, keep: int | None) -> Page:
    """One more try when the archive reports an error: since the first page came, the question itself is right."""
    try:
        return await ask(number, page_size, keep)
    except ServerError:
        return await ask(number, page_size, keep)


def _last_page(page: Page, page_size: int, limit: int | None) -> int:
    return page.n_pages if limit is None else min(page.n_pages, -(-limit // page_size))


def _tell(notice: Notice | None, words: str) -> None:
    if notice is not None:
        notice(words)
