"""Who leaves stops what is theirs and nothing else: each pair of get, app, and what was handed over."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from mast_tui.transfer import Transfers
from mast_tui.transfer.holders import Holders

from .chaos import Chaos
from .conftest import Open, service_is_gone, session_of
from .test_service import end, program, right, states, until

SLOW = 300_000


def slow(**sizes: int) -> Chaos:
    """A server on which each of these files takes that many seconds."""
    return Chaos({f"{name}.dat": seconds * SLOW for name, seconds in sizes.items()}, per_connection_bps=SLOW)


async def added(transfers: Transfers, chaos: Chaos, folder: Path, name: str) -> None:
    """The session `name` of the file `name.dat`, with bytes already come."""
    await transfers.add(session_of(chaos, folder / name, f"{name}.dat", name=name))
    await until(lambda: any(t.session == name and t.got > 10_000 for t in transfers.snapshot()))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
async def test_a_get_that_is_stopped_stops_its_own_files_and_not_those_of_the_app(
    open_transfers: Open, home: Path, number: signal.Signals
) -> None:
    """`get` was there first, so the transfer process was in its group; the signal goes to the group, as ^C does."""
    with slow(get=40, app=4) as chaos:
        process = program(chaos, session_of(chaos, home / "get", "get.dat"), "in the group")
        app = open_transfers(chaos)
        await added(app, chaos, home, "app")
        os.killpg(process.pid, number)
        end(process)
        await until(lambda: states(app, "s1") == ["paused"], 5)
        assert app.attached, "the process that the app relies on is not touched"
        assert [t.why for t in app.snapshot() if t.session == "s1"] == ["interrupted; resume to go on"]
        assert [t.state for t in await app.settled("app")] == ["done"]
        assert right(chaos, home) is False and (home / "app/app.dat").is_file() and not (home / "get/get.dat").exists()
        assert app.would_pause() == ()
        await app.cancel(sessions=["s1"])


async def test_leaving_the_app_does_not_stop_a_get_beside_it(open_transfers: Open, home: Path) -> None:
    with slow(get=3, app=40) as chaos:
        app, get = open_transfers(chaos), open_transfers(chaos, detached=False)
        await added(app, chaos, home, "app")
        await added(get, chaos, home, "get")
        await app.leave(go_on=False)
        assert states(get, "get") == ["running"]
        await until(lambda: states(get, "app") == ["paused"])
        assert [t.state for t in await get.settled("get")] == ["done"]
        await get.cancel()


async def test_of_two_apps_each_stops_its_own(open_transfers: Open, home: Path) -> None:
    with slow(one=40, two=40, both=40) as chaos:
        one, two = open_transfers(chaos), open_transfers(chaos)
        for app, name in ((one, "one"), (two, "two"), (one, "both")):
            await added(app, chaos, home, name)
        await two.pause([chaos.uri("both.dat")])
        await two.resume([chaos.uri("both.dat")])
        assert {t.session for t in one.would_pause()} == {"one", "both"}
        await one.leave(go_on=False)
        await until(lambda: states(two, "one") == ["paused"])
        assert states(two, "two") == ["running"]
        assert states(two, "both")[0] in ("queued", "running"), "who made it go on holds it too"
        await two.cancel()


async def test_leaving_the_app_never_stops_what_was_handed_over(open_transfers: Open, home: Path) -> None:
    with slow(detached=4, app=40) as chaos:
        get, app = open_transfers(chaos), open_transfers(chaos)
        await added(get, chaos, home, "detached")
        await get.leave(go_on=True)
        await added(app, chaos, home, "app")
        assert [known.go_on for known in app.sessions()] == [True, False]
        assert {t.session for t in app.would_pause()} == {"app"}
        await app.leave(go_on=False)
        assert not await asyncio.to_thread(service_is_gone, 0.5)
        assert await asyncio.to_thread(service_is_gone, 8)
        assert (home / "detached/detached.dat").read_bytes() == chaos.content("detached.dat")
        assert not (home / "app/app.dat").exists()
        again = open_transfers(chaos)
        assert await again.attach_if_running()
        assert states(again, "app") == ["paused"]
        await again.cancel()


def test_what_was_handed_over_outlives_the_get_in_whose_group_the_process_began(home: Path) -> None:
    with slow(get=40, detached=4) as chaos:
        process = program(chaos, session_of(chaos, home / "get", "get.dat"), "in the group")

        async def hand_over() -> None:
            from mast_tui.core.host import ArchiveHost

            other = Transfers(ArchiveHost(chaos.base), detached=False)
            await added(other, chaos, home, "detached")
            await other.leave(go_on=True)

        asyncio.run(hand_over())
        os.killpg(process.pid, signal.SIGINT)
        end(process)
        assert service_is_gone(9)
        assert (home / "detached/detached.dat").is_file() and not (home / "get/get.dat").exists()


async def test_who_makes_an_old_queue_go_on_and_hands_it_over_may_leave(open_transfers: Open, home: Path) -> None:
    """As `queue resume` from another window, after a logout."""
    with slow(f=3) as chaos:
        first = open_transfers(chaos)
        await added(first, chaos, home, "f")
        await first.leave(go_on=False)
        assert await asyncio.to_thread(service_is_gone, 3)
        visitor = open_transfers(chaos, jobs=None)
        assert await visitor.attach_if_running()
        await visitor.resume(sessions=["f"])
        await visitor.leave(go_on=True)
        assert await asyncio.to_thread(service_is_gone, 9)
        assert (home / "f/f.dat").read_bytes() == chaos.content("f.dat")


async def test_a_visitor_that_hands_nothing_over_changes_nothing_for_the_app(open_transfers: Open, home: Path) -> None:
    with slow(app=40) as chaos:
        app, visitor = open_transfers(chaos), open_transfers(chaos, jobs=None)
        await added(app, chaos, home, "app")
        assert await visitor.attach_if_running()
        await visitor.pause(sessions=["app"])
        await visitor.resume(sessions=["app"])
        await visitor.leave(go_on=True)
        assert [known.go_on for known in app.sessions()] == [False], "the app holds it still"
        await app.leave(go_on=False)
        assert await asyncio.to_thread(service_is_gone, 3)


def test_a_session_is_held_by_everybody_who_asked_for_it() -> None:
    holders: Holders[str] = Holders()
    holders.hold("a", ["1", "2"])
    holders.hold("b", ["2"])
    assert holders.leaves("a") == {"1"}
    assert holders.leaves("b") == {"2"}
    assert holders.leaves("nobody") == set()


def test_who_vanishes_has_a_while_to_come_back() -> None:
    holders: Holders[str] = Holders()
    holders.hold("a", ["1", "2"])
    holders.vanished("a", until=10.0)
    assert holders.overdue(9.0) == set()
    holders.hold("a again", ["2"])
    assert holders.overdue(10.0) == {"1"}
    assert holders.overdue(11.0) == set()
