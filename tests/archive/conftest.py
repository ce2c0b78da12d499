"""One archive with warm workers for each file of tests, in front of a server that each test scripts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from mast_tui.archive import Archive, RetryPolicy
from mast_tui.core.host import parse_host

from .servers import ScriptedServer, scripted_server


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def archive(server: ScriptedServer) -> AsyncIterator[Archive]:
    """Pages of ten rows, and retries that do not keep the tests waiting."""
    made = Archive(parse_host(server.base), page_size=10, deadline_s=20, retries=RetryPolicy(base_s=0.02))
    await made.start()
    yield made
    await made.close()
