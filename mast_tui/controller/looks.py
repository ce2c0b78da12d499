"""Looking at files: local ones, those that were taken, and those of the archive before they are taken.

The faces ask here; bytes come from the archive into a private folder that ends with the app, and are read by the
preview room's worker.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from mast_tui.archive import Archive
from mast_tui.core.look import Preview
from mast_tui.preview import Level, Previewer

Notice = Callable[[str], None]


class Looks:
    """`archive` gives the archive room; `taken` the local file of a URI that was downloaded already, or None."""

    def __init__(self, archive: Callable[[], Awaitable[Archive]], taken: Callable[[str], Path | None]) -> None:
        self._archive, self._taken = archive, taken
        self._previewer: Previewer | None = None
        self._folder: Path | None = None

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
        notice: Notice | None = None,
    ) -> Preview:
        """Look at a local file, or at a `mast:` URI: fetched whole into a private folder that ends with the app."""
        path = await self._bytes_of(where, notice) if where.startswith("mast:") else Path(where).expanduser()
        return await self.previewer().look(path, hdu=hdu, row=row, quality=quality, column=column)

    async def close(self) -> None:
        """End the reader and drop what was fetched for looking."""
        if self._previewer is not None:
            await self._previewer.close()
        if self._folder is not None:
            _remove(self._folder)

    async def _bytes_of(self, uri: str, notice: Notice | None) -> Path:
        taken = self._taken(uri)
        if taken is not None:
            return taken
        if self._folder is None:
            self._folder = _make_folder()
        target = self._folder / _name_for(uri)
        if not target.exists():
            archive = await self._archive()
            await archive.fetch(uri, target, notice=notice)
        return target


def _make_folder() -> Path:
    import tempfile

    return Path(tempfile.mkdtemp(prefix="mast-tui-looks-"))


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def _name_for(uri: str) -> str:
    """A file name for a looked-at URI: unique by hash, with the ending that tells gzip and pictures apart."""
    import hashlib

    from mast_tui.core.text import path_component

    digest = hashlib.sha256(uri.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    try:
        return f"{digest}-{path_component(uri.partition('?')[0])}"
    except ValueError:
        return digest
