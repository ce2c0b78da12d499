"""Where a file comes from: what the archive lists, what is on this machine and what names and headers say, as one tree.

A local file needs no network. For an observation, and for a file of the archive, the archive's product lists are asked
for, and the association files among them, which are small.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from mast_tui.controller.lineage_files import look_around, with_what_is_here
from mast_tui.controller.looks import Looks
from mast_tui.controller.search import Search
from mast_tui.controller.threads import in_own_thread
from mast_tui.core.errors import MastTuiError, NotFound, UnreadableFile
from mast_tui.core.fetch import FetchItem
from mast_tui.core.lineage import Lineage
from mast_tui.core.look import TableLook
from mast_tui.core.manifest import Manifest
from mast_tui.core.products import ProductSet
from mast_tui.core.query import Criterion, Query
from mast_tui.core.text import clean, plural
from mast_tui.provenance import (
    Association,
    KnownFile,
    mixed_versions,
    read_association,
    read_name,
    table_association,
    tree_of,
)

Notice = Callable[[str], None]
#: A file is looked for in the lists of so many observations, out of so many rows of a search; so many association
#: files are read.
_MOST_OBSERVATIONS, _MOST_ROWS, _MOST_ASSOCIATIONS = 12, 500, 20
_LARGEST_ASSOCIATION = 16 << 20


class Lineages:
    """The rooms' doors that are needed come in as functions; `lineage` is the one verb."""

    def __init__(
        self,
        looks: Looks,
        search: Callable[[Query], Awaitable[Search]],
        products: Callable[[Sequence[str], Notice | None], Awaitable[ProductSet]],
        manifests: Callable[[], list[Manifest]],
        places: Callable[[], tuple[str, Sequence[Path]]],
    ) -> None:
        """`places` gives the host's name of the archive, and the user's data folders."""
        self._looks, self._search, self._products, self._manifests = looks, search, products, manifests
        self._places = places

    async def of_file(self, path: Path, *, everything: bool = False) -> Lineage:
        """The tree of a local file, offline. NotFound or UnreadableFile when there is none that can be read."""
        manifests = await asyncio.to_thread(self._manifests)
        near = await in_own_thread(look_around, path.expanduser(), manifests)
        files = [near.file, *near.relatives]
        associations, notes = await self._associations(files)
        own = near.facts.association
        if own is not None and all(a.root != own.root for a in associations):
            associations.append(own)
        elif near.facts.association_file and not associations:
            notes.append(f"It is of the association {near.facts.association_file}, which is not here.")
        tree = tree_of(files, associations, about=str(path), asked=near.file.name, everything=everything)
        return tree.noting(*near.notes, *notes, *_mixed(files))

    async def of_uri(self, uri: str, *, everything: bool = False, notice: Notice | None = None) -> Lineage:
        """The tree of a file of the archive: of the observations whose product lists have it."""
        name = uri.rsplit("/", 1)[-1]
        named = read_name(name)
        groups, cut = await self._groups(named.observations, named.root) if named.observations else ([], False)
        listed: dict[str, KnownFile] = {}
        items: dict[str, FetchItem] = {}
        for group in groups:
            products = await self._products([group], notice)
            files = _known(products)
            if any(file.uri == uri for file in files):
                listed |= {file.uri: file for file in files}
                items |= _items(products)
        notes = []
        if uri not in listed:
            listed[uri] = KnownFile(name, uri)
            where = f"of the first {_MOST_OBSERVATIONS} that its name points to" if cut else "that its name points to"
            notes.append(f"No observation {where} lists this file; the tree is by its name alone.")
        tree = await self._of_listed(listed.values(), uri, name, everything)
        return replace(tree, items=items).noting(*notes)

    async def of_groups(
        self,
        groups: Sequence[str],
        about: str,
        *,
        asked: str = "",
        everything: bool = False,
        notice: Notice | None = None,
    ) -> Lineage:
        """The tree of observations, named by their product groups (obsid); `asked` is the name of one of their files.

        NotFound when nothing is listed.
        """
        products = await self._products(groups, notice)
        files = _known(products)
        if not files:
            raise NotFound(f"the archive lists no files for {clean(about, 100)}")
        return replace(await self._of_listed(files, about, asked, everything), items=_items(products))

    async def _of_listed(self, listed: Iterable[KnownFile], about: str, asked: str, everything: bool) -> Lineage:
        manifests = await asyncio.to_thread(self._manifests)
        files = await in_own_thread(with_what_is_here, list(listed), manifests, *self._places())
        associations, notes = await self._associations(files)
        tree = tree_of(files, associations, about=about, asked=asked, everything=everything)
        return tree.noting(*notes, *_mixed(files))

    async def _groups(self, pattern: str, root: str) -> tuple[list[str], bool]:
        """Product groups of the observations of this pattern, and whether there are more.

        The observation of the file's own root comes first, then those that combine several: a visit can have many.
        """
        search = await self._search(Query("", None, (Criterion("obs_id", pattern=pattern),)))
        search.load_all()
        await search.run(limit=_MOST_ROWS)
        if search.error is not None:
            raise search.error
        table = search.table
        found = {str(table.value(row, "obsid")): str(table.value(row, "obs_id")).lower() for row in range(len(table))}

        def unlikely(group: str) -> tuple[bool, bool, str]:
            return found[group] != root, not read_name(f"{found[group]}_asn.fits").combined, found[group]

        return sorted(found, key=unlikely)[:_MOST_OBSERVATIONS], len(found) > _MOST_OBSERVATIONS

    # --- associations -------------------------------------------------------------------------------------------

    async def _associations(self, files: Iterable[KnownFile]) -> tuple[list[Association], list[str]]:
        """What the association files among these say, and a sentence for each that could not be read."""
        found: list[Association] = []
        notes = []
        named = [file for file in files if read_name(file.name).suffix == "asn"]
        for file in named[:_MOST_ASSOCIATIONS]:
            try:
                path = Path(file.path) if file.path else await self._looks.whole(file.uri)
                found += await self._association(path, file.name)
            except MastTuiError as error:
                notes.append(f"{clean(file.name, 80)} can't be read: {error}")
        if len(named) > _MOST_ASSOCIATIONS:
            notes.append(f"Of {plural(len(named), 'association file')} the first {_MOST_ASSOCIATIONS} were read.")
        return found, notes

    async def _association(self, path: Path, name: str) -> Sequence[Association]:
        if name.lower().endswith(".json"):
            return await asyncio.to_thread(_json_association, path, name)
        for item in (await self._looks.look(str(path))).items:
            if isinstance(item, TableLook):
                columns = [column.name for column in item.columns]
                association = table_association(columns, item.rows, name)
                if association is not None:
                    return (association,)
        raise UnreadableFile("it has no table of members")


def _json_association(path: Path, name: str) -> Sequence[Association]:
    try:
        if path.stat().st_size > _LARGEST_ASSOCIATION:
            raise UnreadableFile("it is larger than an association is")
        return read_association(path.read_text("utf-8"), name)
    except UnicodeDecodeError:
        raise UnreadableFile("it is not text") from None
    except OSError as error:
        raise UnreadableFile("it can't be opened", clean(error.strerror or error, 100)) from None


def _known(products: ProductSet) -> list[KnownFile]:
    """The files of a product list."""
    table = products.table

    def word(row: int, column: str) -> str:
        value = table.value(row, column)
        return "" if value is None else str(value)

    made = []
    for row in range(len(products)):
        size, level = table.value(row, "size"), table.value(row, "calib_level")
        made.append(
            KnownFile(
                word(row, "productFilename"),
                products.uri(row),
                int(level) if isinstance(level, int | float) else None,
                word(row, "productType"),
                word(row, "proposal_id"),
                "",
                word(row, "prvversion"),
                int(size) if isinstance(size, int | float) else None,
            )
        )
    return made


def _items(products: ProductSet) -> dict[str, FetchItem]:
    """What to fetch for each file, by URI; one whose name can't be used on this machine is left out."""
    found = {}
    for row in range(len(products)):
        with contextlib.suppress(ValueError):
            item = products.item(row)
            found[item.uri] = item
    return found


def _mixed(files: Iterable[KnownFile]) -> tuple[str, ...]:
    """Are there several versions in the tree? Headers and the archive's list are not compared with each other."""
    files = list(files)
    read = any(file.version for file in files)
    items = [
        FetchItem(
            file.uri or file.name,
            file.name,
            product_type=file.product_type,
            calib_level=file.level,
            version=file.version if read else file.listed_version,
        )
        for file in files
    ]
    return mixed_versions(items)
