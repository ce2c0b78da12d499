"""Looking at files: local ones, those that were taken, and those of the archive before they are taken.

The faces ask here, with a path or a `mast:` URI. Local files go to the preview room's reader at once; for those of the
archive `look_remote` brings what is needed first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal

from mast_tui.archive import Archive
from mast_tui.controller.look_first import FirstLook, first_look
from mast_tui.controller.look_remote import Notice, RemoteLooks
from mast_tui.core.look import BoolArray, Fact, Frames, Preview, Series, Window
from mast_tui.core.products import ProductSet
from mast_tui.preview import Aim, Level, Previewer

#: A question that needs the whole file brings no more than this: 10 s at 10 MB/s. For more the user says so first.
MOST_UNASKED = 100 << 20


class Looks:
    """`archive` gives the archive room; `taken` the local file of a URI that was downloaded already, or None.

    Everywhere `where` is a local path or a `mast:` URI; cancelling the task ends the reading and the fetching at once.
    Errors are those of `Previewer` and, for files of the archive, of `Archive`.
    """

    def __init__(self, archive: Callable[[], Awaitable[Archive]], taken: Callable[[str], Path | None]) -> None:
        self._archive, self._taken = archive, taken
        self._previewer: Previewer | None = None
        self._remote: RemoteLooks | None = None

    def previewer(self) -> Previewer:
        if self._previewer is None:
            self._previewer = Previewer()
        return self._previewer

    async def look(
        self,
        where: str,
        *,
        hdu: int | None = None,
        row: int | None = None,
        quality: Level = "default",
        column: str | None = None,
        plane: int | None = None,
        window: Window | None = None,
        notice: Notice | None = None,
    ) -> Preview:
        """What can be seen in a file. Of a large one in the archive only parts are fetched, and `moved` says how much.

        `notice` hears "moved X of Y" meanwhile. The other arguments are those of `Previewer.look`.
        """
        path = self._local(where)
        if path is not None:
            return await self.previewer().look(
                path, hdu=hdu, row=row, quality=quality, column=column, plane=plane, window=window
            )
        return await self._far().look(where, Aim(hdu, row, plane, window), quality, column, notice)

    async def frames(
        self, where: str, *, hdu: int, first: int, count: int, step: int = 1, notice: Notice | None = None
    ) -> Frames:
        """Cadences of a pixel file, as `Previewer.frames`; of one in the archive their rows alone are fetched."""
        path = self._local(where)
        if path is not None:
            return await self.previewer().frames(path, hdu=hdu, first=first, count=count, step=step)
        return await self._far().frames(where, hdu, (first, step, count), notice)

    async def aperture_curve(
        self,
        where: str,
        *,
        hdu: int,
        aperture: BoolArray,
        quality: Level = "default",
        notice: Notice | None = None,
    ) -> Series:
        """The light curve of the pixels of a pixel file; needs every cadence, hence the whole file.

        InvalidQuery where more than MOST_UNASKED of that is in the archive still; `whole` brings it.
        """
        path = await self._whole_unasked(where, notice)
        return await self.previewer().aperture_curve(path, hdu=hdu, aperture=aperture, quality=quality)

    async def spaxel(
        self, where: str, *, hdu: int, x: int, y: int, half: int = 0, notice: Notice | None = None
    ) -> Series:
        """The spectrum of a cube at a pixel; touches every plane, hence needs the whole file: a question for each of
        thousands of planes would take longer. InvalidQuery as for `aperture_curve`.
        """
        path = await self._whole_unasked(where, notice)
        return await self.previewer().spaxel(path, hdu=hdu, x=x, y=y, half=half)

    async def collapsed(
        self,
        where: str,
        *,
        hdu: int,
        first: int,
        last: int,
        how: Literal["sum", "median"],
        window: Window | None = None,
        notice: Notice | None = None,
    ) -> Preview:
        """Some planes of a cube as one image, as `Previewer.collapsed`; needs the whole file, as `spaxel` does."""
        path = await self._whole_unasked(where, notice)
        return await self.previewer().collapsed(path, hdu=hdu, first=first, last=last, how=how, window=window)

    async def checksums(self, where: str, notice: Notice | None = None) -> Fact | None:
        """Whether a FITS file that is here is whole, all its checksums verified; None for one in the archive."""
        path = self._local(where)
        return None if path is None else await self.previewer().checksums(path, notice)

    async def whole(self, where: str, notice: Notice | None = None) -> Path:
        """The whole file, also where only parts were looked at; those are not fetched again. Later looks use it."""
        return self._local(where) or await self._far().whole(where, notice)

    async def _whole_unasked(self, where: str, notice: Notice | None) -> Path:
        return self._local(where) or await self._far().whole(where, notice, MOST_UNASKED)

    def first_look(self, products: ProductSet, row: int, observation_picture: str = "") -> FirstLook:
        """What to show first of a product that is not here yet: its picture, or itself. See `look_first`."""
        return first_look(products, row, self._taken, observation_picture)

    async def close(self) -> None:
        """End the readers. What was fetched stays in the cache folder, that of an embedded archive goes."""
        if self._previewer is not None:
            await self._previewer.close()
        if self._remote is not None:
            await self._remote.close()

    def _far(self) -> RemoteLooks:
        if self._remote is None:
            self._remote = RemoteLooks(self._archive, self.previewer())
        return self._remote

    def _local(self, where: str) -> Path | None:
        return self._taken(where) if where.startswith("mast:") else Path(where).expanduser()
