"""The preview room as the controller sees it: ask for a look at a file, get a `Preview`.

Files are parsed in one worker process with limits on memory and time; whatever a file does to its parser, the app gets
an answer: the deadline ends a reader that hangs, and a fresh worker takes its place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from mast_tui.core.errors import ServerError, TemporarilyUnavailable, UnreadableFile
from mast_tui.core.look import BoolArray, Fact, Frames, Preview, Series, Window
from mast_tui.core.text import clean
from mast_tui.core.workers import Limits, Progress, WorkerPool
from mast_tui.preview.masks import Level
from mast_tui.preview.passing import frames_from_wire, from_wire, series_from_wire

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
        plane: int | None = None,
        window: Window | None = None,
        deadline_s: float = DEADLINE_S,
        progress: Progress | None = None,
    ) -> Preview:
        """What can be seen in the file; a damaged one gives a Preview of kind 'unreadable' that says why.

        `hdu`, `row` (of a table of spectra) and `column` choose one thing; `quality` the mask; `plane` a slice of a
        cube or a cadence of a pixel file, from 0; `window` a part of an image, (x0, y0, x1, y1) in its pixels from 0
        with the upper ends excluded. Of what is too large to be read whole some rows are shown, and a note says which;
        a window is shown with every pixel where its rows have 64 MiB or less. NotFound when there is no such file,
        InvalidQuery when it has no such HDU, column or plane. Cancelling ends the reader at once.
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
                plane=plane,
                window=None if window is None else list(window),
            )
            return from_wire(wire)
        except TemporarilyUnavailable:
            problem = f"Reading it took longer than {deadline_s:.0f} s and was stopped; the file may be damaged."
        except ServerError as error:
            problem = f"Its reader was stopped: {error.why or error.what}; the file may be damaged."
        except (ValueError, KeyError, TypeError) as error:
            problem = f"Its reader gave no sound answer: {clean(error, 200)}."
        return Preview(clean(path.name), "unreadable", None, None, (), (problem,))

    async def frames(self, path: Path, *, hdu: int, first: int, count: int, step: int = 1) -> Frames:
        """`count` cadences of the pixel file from `first`, every `step`-th; fewer at its end or where they are large.

        NotFound, InvalidQuery (no pixel file there, or no such cadence) or UnreadableFile.
        """
        return frames_from_wire(await self._ask("frames", path, hdu=hdu, first=first, count=count, step=step))

    async def aperture_curve(self, path: Path, *, hdu: int, aperture: BoolArray, quality: Level = "default") -> Series:
        """The light curve of a pixel file: the sum of the pixels that are true in `aperture` (ny, nx), a point a
        cadence. Errors as for `frames`; InvalidQuery also where the aperture has another shape or no pixel.
        """
        return series_from_wire(await self._ask("aperture_curve", path, hdu=hdu, aperture=aperture, quality=quality))

    async def checksums(self, path: Path, progress: Progress | None = None) -> Fact:
        """Whether a FITS file is whole, its checksums verified however large it is. Errors as for `frames`."""
        data = await self._ask("checksums", path, progress)
        return Fact(*(clean(data[word], 400) for word in ("name", "value", "meaning")))

    async def spaxel(self, path: Path, *, hdu: int, x: int, y: int, half: int = 0) -> Series:
        """The spectrum of a cube at a pixel (from 0), or the mean over the (2 `half` + 1)² pixels around it.

        Errors as for `frames`; InvalidQuery also for a pixel outside of the cube.
        """
        return series_from_wire(await self._ask("spaxel", path, hdu=hdu, x=x, y=y, half=half))

    async def collapsed(
        self,
        path: Path,
        *,
        hdu: int,
        first: int,
        last: int,
        how: Literal["sum", "median"],
        window: Window | None = None,
    ) -> Preview:
        """Planes `first` to `last` of a cube, from 0 and both included, as one image: the only item.

        `window` as in `look`. Errors as for `frames`; InvalidQuery also for planes outside of the cube.
        """
        part = None if window is None else list(window)
        return from_wire(await self._ask("collapsed", path, hdu=hdu, first=first, last=last, how=how, window=part))

    async def _ask(self, function: str, path: Path, progress: Progress | None = None, **arguments: object) -> Any:
        try:
            return await self._pool.run(function, DEADLINE_S, progress, path=str(path), **arguments)
        except TemporarilyUnavailable:
            what = f"reading {clean(path.name)} took longer than {DEADLINE_S:.0f} s and was stopped"
            raise UnreadableFile(what, "", "The file may be damaged") from None
        except ServerError as error:
            what = f"the reader of {clean(path.name)} was stopped"
            raise UnreadableFile(what, error.why or error.what, "The file may be damaged") from None

    async def close(self) -> None:
        await self._pool.close()
