"""The controller itself: what can be done, as async methods over plain nouns."""

from __future__ import annotations

import asyncio
import contextlib
import platform
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import cast

from mast_tui import __version__
from mast_tui.analysis import Periodograms
from mast_tui.archive import Archive
from mast_tui.controller import token as tokens
from mast_tui.controller.demo_process import DemoProcess
from mast_tui.controller.history import History
from mast_tui.controller.lineages import Lineages
from mast_tui.controller.looks import Looks
from mast_tui.controller.plan import FetchPlan, Places, free_bytes, items_of, plan_items
from mast_tui.controller.records import all_records
from mast_tui.controller.search import Search
from mast_tui.controller.threads import in_own_thread
from mast_tui.core.columns import PRODUCT_COLUMNS, product_column
from mast_tui.core.errors import NotFound
from mast_tui.core.fetch import FetchItem, FetchSession, SourceChoice, Transfer
from mast_tui.core.host import ArchiveHost
from mast_tui.core.identity import Identity
from mast_tui.core.manifest import Manifest
from mast_tui.core.products import ProductSet
from mast_tui.core.query import Criterion, Position, Query, query_for
from mast_tui.core.resolution import Resolution
from mast_tui.core.secret import Secret
from mast_tui.core.settings import Settings
from mast_tui.core.table import ColumnTable
from mast_tui.core.target import Target, read_target
from mast_tui.provenance import doi_for, spellings
from mast_tui.transfer import Transfers, VerifyReport, archive_of, measured_rates, verify

#: How the embedded archive's simulated files are described, also when it runs elsewhere.
SIMULATED = "SIMULATED"
Notice = Callable[[str], None]
VerifyProgress = Callable[[int, int, str], None]


class Controller:
    """One user, one archive. `start` connects the rooms in the background; every verb waits for what it needs."""

    def __init__(self, settings: Settings, *, demo: bool = False, demo_rows: int = 0) -> None:
        self.settings = settings
        self.demo = demo
        #: Whether the transfers live in a session of their own, apart from this process's group and terminal.
        self.detach_transfers = True
        #: Whether the settings for jobs and rate are left as the transfer process has them.
        self.visit_transfers = False
        self.history = History()
        self.identity = Identity(anonymous=True)
        self._token: Secret | None = None
        self.token_source = ""
        self._demo = DemoProcess(demo_rows) if demo else None
        self._host: ArchiveHost | None = None if demo else ArchiveHost(settings.archive)
        self._archive: Archive | None = None
        self._transfers: Transfers | None = None
        self._starting = asyncio.Lock()
        #: Everything that is asked of files before (and after) they are taken.
        self.looks = Looks(self.archive, self._taken)
        #: Where files come from, and what was made of them.
        self.lineages = Lineages(self.looks, self.search, self.products, self.manifests, self._places)
        #: Period searches of light curves; their worker starts with the first one.
        self.periodograms = Periodograms()

    # --- life ---------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Connect to the archive and warm the workers; errors of a demo that does not start are raised here."""
        archive = await self.archive()
        await archive.start()

    async def close(self, *, transfers_go_on: bool = False) -> None:
        """End everything of this app in less than a second; transfers go on only when told so."""
        rooms = []
        if self._transfers is not None:
            rooms.append(self._transfers.leave(go_on=transfers_go_on))
        if self._archive is not None:
            rooms.append(self._archive.close())
        rooms.append(self.looks.close())
        rooms.append(self.periodograms.close())
        await asyncio.gather(*rooms, return_exceptions=True)
        if self._transfers is not None:
            await self._transfers.close()
        if self._demo is not None:
            await self._demo.close()

    async def archive(self) -> Archive:
        """The archive room; its address is known once the embedded archive, where it is used, has started."""
        async with self._starting:
            if self._host is None:
                assert self._demo is not None
                self._host = await self._demo.start()
            if self._archive is None:
                self._archive = Archive(
                    self._host,
                    token=self._token,
                    page_size=self.settings.page_size,
                    deadline_s=self.settings.deadline_s,
                )
            return self._archive

    async def transfers(self) -> Transfers:
        await self.archive()
        if self._transfers is None:
            assert self._host is not None
            self._transfers = Transfers(
                self._host,
                jobs=None if self.visit_transfers else self.settings.jobs,
                limit_rate=None if self.visit_transfers else self.settings.limit_rate_bytes,
                detached=self.detach_transfers,
            )
            if self._token is not None:
                await self._transfers.set_token(self._token)
        return self._transfers

    def _taken(self, uri: str) -> Path | None:
        """The file of a finished transfer of this URI that is still there."""
        for transfer in self._transfers.snapshot() if self._transfers is not None else ():
            if transfer.uri == uri and transfer.state == "done" and transfer.file.is_file():
                return transfer.file
        return None

    @property
    def archive_name(self) -> str:
        """What the screens call the archive: the demo is never taken for the real one."""
        if self.demo:
            return "demo archive (simulated and sample data)"
        return self._host.name if self._host is not None else ""

    # --- find ---------------------------------------------------------------------------------------------------

    def read(self, words: str) -> Target:
        return read_target(words)

    async def resolve(self, names: Sequence[str], notice: Notice | None = None) -> dict[str, list[Resolution]]:
        archive = await self.archive()
        return await archive.resolve(names, notice=notice)

    async def resolve_one(self, name: str, notice: Notice | None = None) -> list[Resolution]:
        """All answers for one name; NotFound when nobody knows it."""
        answers = (await self.resolve([name], notice)).get(name, [])
        if not answers:
            raise NotFound(f"no resolver knows “{name}”", "", "Check the spelling, or give coordinates")
        return answers

    def query(self, target: Target | None, radius_deg: float | None, criteria: Sequence[Criterion]) -> Query | None:
        """The query if no name has to be resolved first; None if one has."""
        if target is None:
            return Query("", None, tuple(criteria))
        return query_for(target, radius_deg, criteria)

    def query_at(
        self, target: Target, answer: Resolution, radius_deg: float | None, criteria: Sequence[Criterion]
    ) -> Query:
        """The query around one resolver's answer."""
        radius = radius_deg or self.settings.radius_deg
        place = Position(answer.ra_deg, answer.dec_deg, radius, target.asked, answer.resolver)
        return Query(target.asked, place, tuple(criteria))

    async def count(self, query: Query, notice: Notice | None = None) -> int:
        archive = await self.archive()
        return await archive.count(query, notice=notice)

    async def facets(self) -> dict[str, dict[str, int]]:
        """Counts of the whole archive by column and value: missions, product types …"""
        archive = await self.archive()
        return await archive.facets()

    async def search(self, query: Query) -> Search:
        """A search, ready to `run`."""
        return Search(await self.archive(), query)

    async def products(
        self, obsids: Sequence[str], notice: Notice | None = None, grew: Callable[[ProductSet], None] | None = None
    ) -> ProductSet:
        """The unique files of these product groups; `grew` is called with what has come so far.

        When some groups fail, what came of the others has gone to `grew`; then the first error is raised.
        """
        archive = await self.archive()
        table, listed, seen = ColumnTable(product_column, PRODUCT_COLUMNS), 0, set[str]()
        async with contextlib.aclosing(archive.products(obsids, notice=notice)) as answers:
            async for answer in answers:
                listed += answer.listed_rows
                table.append(answer.without(seen))
                if grew is not None:
                    grew(ProductSet(table, listed))
        return ProductSet(table, listed)

    def spellings(self, query: Query) -> dict[str, str]:
        """The same question for astroquery, curl and the command line."""
        return spellings(query)

    # --- look ---------------------------------------------------------------------------------------------------

    # --- take ---------------------------------------------------------------------------------------------------

    async def plan(
        self,
        products: ProductSet,
        rows: Sequence[int],
        folder: Path | None = None,
        releases: Callable[[int], float | None] = lambda row: None,
    ) -> FetchPlan:
        """What fetching these rows would be; `releases` gives the release date (MJD) of a row's observation."""
        items, refused = items_of(products, rows, releases)
        return await self.plan_items(items, folder or self.settings.folder, refused)

    async def plan_items(
        self,
        items: Sequence[FetchItem],
        folder: Path,
        refused: Sequence[tuple[str, str]] = (),
        *,
        refetch: bool = False,
    ) -> FetchPlan:
        """What fetching these files would be. With `refetch` the archive is asked for what is here already, too."""
        archive = archive_of(self._host.base if self._host is not None else "")
        places = Places(
            archive=archive,
            data_folders=tuple(path.absolute() for path in self._data_folders(folder)),
            refetch=refetch,
            source=self.settings.source,
            measured=await self.source_rates(),
            limit=self.settings.limit_rate_bytes,
        )
        return await in_own_thread(plan_items, items, folder, refused, places)

    async def source_rates(self) -> dict[str, float]:
        """Bytes a second by source ("archive", "cloud"), over all transfers at once, as they were measured before."""
        archive = archive_of(self._host.base if self._host is not None else "")
        return await in_own_thread(measured_rates, archive)

    def free_bytes(self) -> int | None:
        """Bytes free where files go by default."""
        return free_bytes(self.settings.folder)

    def _places(self) -> tuple[str, list[Path]]:
        """The host's name of the archive, and the folders where its files may stand on this machine."""
        base = self._host.base if self._host is not None else ""
        return archive_of(base), [*self.settings.data_folder_paths, self.settings.folder]

    def _data_folders(self, folder: Path) -> list[Path]:
        """Where files for `folder` may stand already: the folders that the user named, and the usual one."""
        return [path for path in (*self.settings.data_folder_paths, self.settings.folder) if path != folder]

    async def fetch(self, plan: FetchPlan, asked: str = "", queries: Sequence[Query] = ()) -> FetchSession:
        """Hand a plan's files to the transfers; the problem of a plan that has one is raised."""
        if plan.problem is not None:
            raise plan.problem
        transfers = await self.transfers()
        assert self._host is not None
        now = datetime.now(UTC)
        session = FetchSession(
            id=f"{now:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:6]}",
            folder=str(plan.folder.absolute()),
            # another server than MAST may hold anything under a known name, so no DOI is claimed for it
            items=tuple(doi_for(item, from_mast=self._host.is_mast) for item in plan.items),
            archive=self._host.base,
            asked=asked,
            queries=tuple({**q.to_json(), "spellings": spellings(q, self._host)} for q in queries),
            created=f"{now:%Y-%m-%dT%H:%M:%SZ}",
            versions=versions(),
            simulated=self.demo or any(SIMULATED in item.description for item in plan.items),
            source=cast(SourceChoice, self.settings.source),
            data_folders=tuple(str(path.absolute()) for path in self._data_folders(plan.folder)),
            refetch=plan.refetch,
        )
        await transfers.start()
        await transfers.add(session)
        return session

    async def attach_transfers(self) -> tuple[Transfer, ...]:
        """Transfers of an earlier session that are still there, without starting anything."""
        transfers = await self.transfers()
        await transfers.attach_if_running()
        return transfers.snapshot()

    def transfers_now(self) -> tuple[Transfer, ...]:
        """What is known of all transfers at this moment; nothing is started for it."""
        return self._transfers.snapshot() if self._transfers is not None else ()

    def transfers_that_would_pause(self) -> tuple[Transfer, ...]:
        """Those under way that pause when this app is left without "go on": its own, not those of another window, and
        not those that were handed over."""
        return self._transfers.would_pause() if self._transfers is not None else ()

    # --- keep the record ----------------------------------------------------------------------------------------

    def manifests(self) -> list[Manifest]:
        """All sessions' records, newest first; files that can't be read are left out."""
        return all_records()

    async def verify(
        self, path: Path, progress: VerifyProgress = lambda done, total, name: None, *, adopt: bool = False
    ) -> VerifyReport:
        """Check a folder or a manifest's files against the record, offline; `progress` is called from a thread.

        `adopt` notes strangers, outside of the folder, for the next check."""
        return await in_own_thread(verify, path, progress, adopt=adopt)

    # --- who we are ---------------------------------------------------------------------------------------------

    async def set_token(self, token: Secret | None, source: str) -> None:
        self._token, self.token_source = token, source if token else ""
        if self._archive is not None:
            self._archive.token = token
        if self._transfers is not None:
            await self._transfers.set_token(token)

    async def token_from_user(self) -> None:
        """The token from the environment or, where the user keeps it there, the keyring."""
        token = tokens.take_from_environment()
        if token is not None:
            await self.set_token(token, tokens.VARIABLE)
        elif self.settings.keyring:
            token = await tokens.from_keyring()
            await self.set_token(token, "keyring")

    async def login(self, token: Secret, *, keep: bool = False) -> Identity:
        """Ask the archive who this token is; keep it only when the archive knows it. NotAllowed when it does not."""
        archive = await self.archive()
        identity = await archive.whoami(token)
        await self.set_token(token, "this session")
        self.identity = identity
        if keep:
            await tokens.keep_in_keyring(token)
            self.token_source = "keyring"  # noqa: S105 - a place, not a secret
        return identity

    async def logout(self, *, forget: bool = False) -> None:
        await self.set_token(None, "")
        self.identity = Identity(anonymous=True)
        if forget:
            await tokens.forget_in_keyring()

    async def whoami(self) -> Identity:
        if self._token is None:
            self.identity = Identity(anonymous=True)
        else:
            archive = await self.archive()
            self.identity = await archive.whoami(self._token)
        return self.identity


def versions() -> dict[str, str]:
    """Versions of what a result depends on, without importing any of it."""
    found = {"mast-tui": __version__, "python": platform.python_version()}
    for package in ("astroquery", "astropy", "numpy", "requests"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found
