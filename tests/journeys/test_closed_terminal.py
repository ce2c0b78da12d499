"""The terminal goes away in the middle of a download, as when a link breaks: `get` and the app are gone soon, no file
is wrong, and the next start goes on from where they were. Also where somebody up the tree had SIGHUP ignored.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import SLOWLY, World
from tests.journeys.ptyharness import Terminal
from tests.journeys.test_ends import take_large_files
from tests.transfer.chaos import Chaos

#: Where more programs want a core than there are, everything takes longer, also the end.
GONE_S = 2.0 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
SIZE = 6_000_000
FAST = 1_500_000
PROGRAM = [sys.executable, "-m", "mast_tui.cli"]
DEAF = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh"]

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found by /proc")


def gone_in(world: World, limit_s: float = 15.0) -> float:
    """Seconds until no process of this home runs any more."""
    began = time.monotonic()
    while world.processes():
        assert time.monotonic() - began < limit_s, "still running"
        time.sleep(0.02)
    return time.monotonic() - began


@pytest.fixture
def chaos() -> Iterator[Chaos]:
    with Chaos({f"f{i}.dat": SIZE for i in range(3)}, per_connection_bps=FAST) as made:
        yield made


def get_words(world: World, chaos: Chaos) -> list[str]:
    uris = [chaos.uri(name) for name in chaos.files]
    return [*PROGRAM, "get", *uris, "--archive", chaos.base, "--to", str(world.downloads)]


@pytest.mark.parametrize("before", [[], DEAF], ids=["", "SIGHUP ignored"])
def test_get_ends_with_its_terminal_and_the_same_command_goes_on(world: World, chaos: Chaos, before: list[str]) -> None:
    words = get_words(world, chaos)
    with Terminal([*before, *words], env=world.environment(), cwd=world.home) as terminal:
        terminal.wait_until(lambda _screen: chaos.sent > SIZE, "in the middle of the files")
        terminal.hang_up()
        assert gone_in(world) <= GONE_S
    assert [n for n in chaos.files if (world.downloads / n).exists()] == []
    assert subprocess.run(words, env=world.environment(), cwd=world.home, capture_output=True).returncode == 0
    for name in chaos.files:
        assert (world.downloads / name).read_bytes() == chaos.content(name)
    need = SIZE * len(chaos.files)
    assert chaos.sent - need <= 0.02 * need


#: Attaches as the next start of the app does, goes on, and tells where each file went on from.
NEXT_START = """
import asyncio, json, sys
from mast_tui.core.host import ArchiveHost
from mast_tui.transfer import Transfers

async def main():
    transfers = Transfers(ArchiveHost(sys.argv[1]))
    await transfers.attach_if_running()
    waiting = [t.path for t in transfers.snapshot() if t.state == "paused"]
    await transfers.resume()
    (session,) = transfers.sessions()
    done = await transfers.settled(session.id)
    await transfers.leave(False)
    print(json.dumps([waiting, {t.path: [t.state, t.resumed_from] for t in done}]))

asyncio.run(main())
"""


@pytest.mark.parametrize("before", [[], DEAF], ids=["", "SIGHUP ignored"])
def test_the_app_ends_with_its_terminal_and_the_next_start_offers_to_go_on(
    world: World, serve: Callable[..., str], before: list[str]
) -> None:
    address = serve()
    words = [*before, *PROGRAM, "--archive", address]
    with Terminal(words, env=world.environment(**SLOWLY), cwd=world.home) as app:
        app.wait_for("❯")
        take_large_files(app)
        app.hang_up()
        assert gone_in(world) <= GONE_S
    came = {p.relative_to(world.downloads).as_posix(): p.stat().st_size for p in world.downloads.rglob("*.part")}
    assert sum(came.values()) > 0
    assert list(world.downloads.rglob("*.fits")) == []
    with Terminal([*PROGRAM, "--archive", address], env=world.environment(), cwd=world.home) as again:
        again.wait_for("paused since last time; F3, then P goes on with all")
        again.press("f3")
        again.wait_for("paused")
    gone_in(world)
    words = [sys.executable, "-c", NEXT_START, address]
    ran = subprocess.run(words, env=world.environment(), capture_output=True, timeout=60, check=True)
    waiting, done = json.loads(ran.stdout)
    assert set(waiting) == set(done) and {state for state, _from in done.values()} == {"done"}
    assert sum(start for _state, start in done.values()) >= 0.98 * sum(came.values())
