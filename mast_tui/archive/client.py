"""The archive as the controller knows it: names, observations, counts, products, who we are.

Every question is a job in one of two worker processes; the app's own process imports neither astroquery nor astropy.
What fails in passing is asked again after a pause that is spent here, so that no worker waits.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator, Coroutine, Iterable, Sequence
from typing import Any

from mast_tui.archive.answers import Page, PageFailed, ProductsAnswer
from mast_tui.archive.isolation import worker_environment
from mast_tui.archive.paging import Notice, read_pages
from mast_tui.archive.retry import RetryPolicy, waiting_words
from mast_tui.core.errors import Cancelled, MastTuiError, NotAllowed, NotFound
from mast_tui.core.host import ArchiveHost
from mast_tui.core.identity import Identity
from mast_tui.core.query import Query
from mast_tui.core.resolution import Resolution
from mast_tui.core.secret import Secret
from mast_tui.core.text import clean
from mast_tui.core.workers import Limits, WorkerPool

_JOBS = "mast_tui.archive.jobs"
#: MAST asks for few questions at once; two keep the second page coming while the first is read.
_WORKERS = 2
#: A list of 20,000 products takes some 100 MB while it is read; a broken server must not take the machine.
_LIMITS = Limits(memory_bytes=2 << 30)
#: Names that the resolver takes in one request.
_NAMES_AT_ONCE = 30
#: Observations whose products are asked for at once: at first, at most, and so that an answer has some
#: `_PRODUCTS_AT_ONCE` rows. One observation of Webb lists thousands, and the archive takes minutes for several of
#: them (astroquery issues 2473, 2507); one of TESS lists five.
_FEW_OBSERVATIONS, _MANY_OBSERVATIONS = 5, 50
_PRODUCTS_AT_ONCE = 4000
#: Longest time for one file on a thin link; a silent server is given up long before.
_FETCH_DEADLINE_S = 3600.0
_RETRIES = RetryPolicy()


class Archive:
    """MAST, or a server that speaks like it, at `host`.

    `token` is sent to that address only. `page_size` is in rows; `deadline_s` is the longest a single job may take.
    Cancelling the task that awaits any of the methods frees it at once, also when the server is silent.
    """

    def __init__(
        self,
        host: ArchiveHost,
        *,
        token: Secret | None = None,
        page_size: int = 2000,
        deadline_s: float = 120,
        retries: RetryPolicy = _RETRIES,
    ) -> None:
        self.host, self.token = host, token
        self._page_size, self._deadline_s, self._retries = page_size, deadline_s, retries
        self._pool = WorkerPool(_JOBS, _WORKERS, _LIMITS, worker_environment())
        self._fetching = WorkerPool(_JOBS, 1, _LIMITS, worker_environment())
        self._warming: asyncio.Task[None] | None = None
        self._facets: dict[str, dict[str, int]] | None = None

    async def start(self) -> None:
        """Begin to warm the workers, at low priority; returns at once. Call it after the first paint."""
        if self._warming is None:
            self._warming = asyncio.create_task(self._warm())

    async def close(self) -> None:
        """End the workers, whatever they do, in less than 0.3 s. Jobs that still run end with `Cancelled`."""
        if self._warming is not None:
            self._warming.cancel()
        await asyncio.gather(self._pool.close(), self._fetching.close())

    async def resolve(self, names: Sequence[str], notice: Notice | None = None) -> dict[str, list[Resolution]]:
        """What each resolver (SIMBAD, NED, the missions' catalogues) says of each name.

        A name that nobody knows has an empty list; if it is the only one asked for, NotFound.
        """
        asked = list(dict.fromkeys(names))
        chunks = [asked[i : i + _NAMES_AT_ONCE] for i in range(0, len(asked), _NAMES_AT_ONCE)]
        answers = await _all(self._ask("resolve", notice, names=chunk) for chunk in chunks)
        found = {name: [Resolution(**one) for one in some[name]] for some in answers for name in some}
        if len(asked) == 1 and not found[asked[0]]:
            raise NotFound(
                f"nobody knows “{clean(asked[0], 60)}”",
                "SIMBAD, NED and the missions' catalogues were asked",
                "Check the spelling, or give coordinates such as 270.904 -24.387",
            )
        return found

    async def page(self, query: Query, number: int, notice: Notice | None = None) -> Page:
        """Page `number` (from 1) of the observations that answer `query`, with the total."""
        return await self._page(query, number, self._page_size, None, notice)

    def pages(
        self, query: Query, *, limit: int | None = None, notice: Notice | None = None
    ) -> AsyncGenerator[Page | PageFailed]:
        """All pages in order, at most `limit` rows; two are asked for at once, after the first.

        A page that fails also after trying again is a `PageFailed` in its place, and the others still come; only the
        first raises. The total may change while pages are read: `notice` tells, and each page has its own. Close the
        iterator (`contextlib.aclosing`) when leaving it early.
        """

        async def ask(number: int, page_size: int, keep: int | None) -> Page:
            return await self._page(query, number, page_size, keep, notice)

        return read_pages(ask, self._page_size, limit, notice)

    async def count(self, query: Query, notice: Notice | None = None) -> int:
        """How many observations answer `query`, without any row (COUNT_BIG, as astroquery's query_criteria_count)."""
        query.params()  # says what is wrong with a query that asks for nothing
        params: dict[str, Any] = {"columns": "COUNT_BIG(*)", "filters": [c.to_filter() for c in query.criteria]}
        service = "Mast.Caom.Filtered"
        if query.position is not None:
            p = query.position
            service += ".Position"
            params["position"] = f"{p.ra_deg!r}, {p.dec_deg!r}, {p.radius_deg!r}"
        return int(await self._ask("count", notice, token=self.token, service=service, params=params))

    async def products(self, obsids: Sequence[str], notice: Notice | None = None) -> AsyncGenerator[ProductsAnswer]:
        """The files of observations, by their `obsid` (product group), in several answers.

        A file is once in an answer; `ProductsAnswer.without` leaves out those that earlier answers had. When some
        observations fail, the others still come; then the first error is raised. Close the iterator
        (`contextlib.aclosing`) when leaving it early.
        """
        left = deque(str(o) for o in dict.fromkeys(obsids))
        at_once = _FEW_OBSERVATIONS
        failure: MastTuiError | None = None
        waiting: deque[asyncio.Task[ProductsAnswer]] = deque()
        try:
            while left or waiting:
                while left and len(waiting) < _WORKERS:
                    some = [left.popleft() for _ in range(min(at_once, len(left)))]
                    waiting.append(asyncio.create_task(self._some_products(some, notice)))
                try:
                    answer = await waiting.popleft()
                except Cancelled:
                    raise
                except MastTuiError as error:
                    failure = failure or error
                    at_once = max(1, at_once // 2)
                    continue
                rows_each = max(1, answer.listed_rows // len(answer.obsids))
                at_once = max(1, min(_MANY_OBSERVATIONS, _PRODUCTS_AT_ONCE // rows_each))
                yield answer
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        if failure is not None:
            raise failure

    async def facets(self, notice: Notice | None = None) -> dict[str, dict[str, int]]:
        """Values with their counts over the whole archive, for each column that has a list of them. Asked for once."""
        if self._facets is None:
            self._facets = await self._ask("facets", notice, token=self.token)
        return self._facets

    async def missions(self, notice: Notice | None = None) -> dict[str, int]:
        """Missions (`obs_collection`) with their number of observations, the largest first."""
        counts = (await self.facets(notice)).get("obs_collection", {})
        return dict(sorted(counts.items(), key=lambda item: -item[1]))

    async def whoami(self, token: Secret | None, notice: Notice | None = None) -> Identity:
        """Who the archive takes the holder of `token` for; NotAllowed when it does not know the token."""
        answer = await self._ask("whoami", notice, token=token)
        identity = Identity(answer["anonymous"], answer["display_name"], answer["user_id"], tuple(answer["scopes"]))
        if token and identity.anonymous:
            raise NotAllowed(
                "the archive does not accept this token",
                "It is mistyped, or has ended: tokens end after 10 days without use, and after 60 days at the latest",
                "Make a new one at https://auth.mast.stsci.edu/token",
            )
        return identity

    async def parts(
        self,
        uri: str,
        wanted: Sequence[tuple[int, int]] | None,
        *,
        moved_before: int = 0,
        fresh: bool = False,
        notice: Notice | None = None,
    ) -> tuple[int, bool]:
        """Bring the bytes `wanted` (spans; None: all) of a file to `core.look_store`; of a small one all.

        How many bytes came for it, and whether what was held before was another version's and is gone. `notice` says
        "moved X of Y", beginning at `moved_before`. `fresh`: what is held was not compared in this session yet.
        """
        arguments = {"token": self.token, "uri": uri, "wanted": wanted, "moved_before": moved_before, "fresh": fresh}
        answer = await self._ask("parts", notice, pool=self._fetching, deadline_s=_FETCH_DEADLINE_S, **arguments)
        return int(answer["moved"]), bool(answer["changed"])

    async def _page(self, query: Query, number: int, page_size: int, keep: int | None, notice: Notice | None) -> Page:
        answer = await self._ask(
            "page",
            notice,
            token=self.token,
            service=query.service,
            params=query.params(),
            number=number,
            page_size=page_size,
            keep=keep,
        )
        return Page(answer["packed"], answer["number"], answer["n_pages"], answer["total"])

    async def _some_products(self, obsids: list[str], notice: Notice | None) -> ProductsAnswer:
        answer = await self._ask("products", notice, token=self.token, obsids=obsids)
        return ProductsAnswer(answer["packed"], answer["listed_rows"], tuple(obsids))

    async def _ask(
        self,
        function: str,
        notice: Notice | None,
        *,
        pool: WorkerPool | None = None,
        deadline_s: float | None = None,
        **arguments: object,
    ) -> Any:
        """One job, and again after a pause while it fails in passing."""
        pool, deadline_s = pool or self._pool, deadline_s or self._deadline_s
        clock = asyncio.get_running_loop().time
        began, attempt = clock(), 0
        while True:
            attempt += 1
            try:
                return await pool.run(function, deadline_s, notice, host=self.host.base, **arguments)
            except MastTuiError as error:
                pause_s = self._retries.pause_s(error, attempt, clock() - began, deadline_s)
                if pause_s is None:
                    raise
                if notice is not None:
                    notice(waiting_words(pause_s, error))
            await asyncio.sleep(pause_s)

    async def _warm(self) -> None:
        with contextlib.suppress(MastTuiError):  # the first job meets the same fault, and tells it
            await self._pool.warm("warm")


async def _all(jobs: Iterable[Coroutine[Any, Any, Any]]) -> list[Any]:
    """The answers of several jobs; the first failure ends the others."""
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
