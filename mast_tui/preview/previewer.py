"""The preview room as the controller sees it: ask for a look at a file, get a `Preview`.

Files are parsed in one worker process with limits on memory and time; whatever a file does to its parser, the app gets
an answer: the deadline ends a reader that hangs, and a fresh worker takes its place.
"""

from __future__ import annotations

from pathlib import Path

from mast_tui.core.errors import ServerError, TemporarilyUnavailable
from mast_tui.core.look import Preview
from mast_tui.core.text import clean
from mast_tui.core.workers import Limits, Progress, WorkerPool
from mast_tui.preview.masks import Level
from mast_tui.preview.passing import from_wire

#: Address space of the worker and processor time of one job; a sound file of 2 MB takes a hundredth of these.
LIMITS = Limits(memory_bytes=2 << 30, cpu_s=60)
DEADLINE_S = 20.0


class Previewer:
    """Looks at local files, one at a time. `close` ends the worker."""

    def __init__(self) -> None:
        self._pool = WorkerPool("mast_tui.preview.jobs", size=1, limits=LIMITS)

    async def warm(self) -> None:
        """Start the worker and let it import astropy, so that the first look is quick."""
        await self._pool.warm("warm")

    async def look(
        self,
        path: Path,
        *,
        hdu: int | None = None,
        row: int | None = None,
        quality: Level = "default",
        column: str | None = None,
        deadline_s: float = DEADLINE_S,
        progress: Progress | None = None,
    ) -> Preview:
        """What can be seen in the file; a damaged one gives a Preview of kind 'unreadable' that says why.

        `hdu`, `row` (of a table of spectra) and `column` choose one thing; `quality` the mask. NotFound when there is
        no such file, InvalidQuery when it has no such HDU or column. Cancelling ends the reader at once.
        """
        try:
            wire = await self._pool.run(
                "read",
                deadline_s,
                progress,
                path=str(path),
                hdu=hdu,
                row=row,
                quality=quality,
                column=column,
            )
            return from_wire(wire)
        except TemporarilyUnavailable:
            problem = f"Reading it took longer than {deadline_s:.0f} s and was stopped; the file may be damaged."
        except ServerError as error:
            problem = f"Its reader was stopped: {error.why or error.what}; the file may be damaged."
        except (ValueError, KeyError, TypeError) as error:
            problem = f"Its reader gave no sound answer: {clean(error, 200)}."
        return Preview(clean(path.name), "unreadable", None, None, (), (problem,))

    async def close(self) -> None:
        await self._pool.close()
