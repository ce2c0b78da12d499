"""Hypothesis plays the user, the server and fate with the real transfer process: add, pause, resume, cancel, retry,
priorities, faults, kill -9, leaving and coming back, a second client, a second machine on the same folder.

At every moment no wrong file stands under a final name; what was acknowledged is never forgotten; and at the end, when
everything is asked for again, every file is right and nothing is left over. A few runs here; MAST_TUI_MACHINE=100 by
hand for as many.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from mast_tui.core.errors import LocalFailure
from mast_tui.core.fetch import FINISHED
from mast_tui.core.host import ArchiveHost
from mast_tui.transfer import Transfers, verify

from .chaos import Chaos, Fault
from .conftest import SILENCE_S, service_is_gone, session_of
from .test_kill_loop import CLIENT, transfer_process

RUNS = int(os.environ.get("MAST_TUI_MACHINE", "5"))
NAMES = [f"f{i}.dat" for i in range(6)]
FAULTS = ["reset", "stall", "cut", "chunked", "html", "norange", "newversion", "weak", "status"]
some = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)
which = st.one_of(st.none(), some)


class TransferMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="mt-"))
        self.kept = dict(os.environ)
        os.environ.update(self._environment("here"), MAST_TUI_SILENCE_S=str(SILENCE_S))
        self.out = self.home / "out"
        sizes: dict[str, int | bytes] = {name: 60_000 + 30_000 * i for i, name in enumerate(NAMES)}
        self.chaos = Chaos(sizes, per_connection_bps=400_000, faults={name: [] for name in NAMES})
        self.chaos.__enter__()
        self.runner = asyncio.Runner()
        self.clients = [Transfers(ArchiveHost(self.chaos.base))]
        self.asked: dict[str, list[str]] = {}
        self.acknowledged: set[str] = set()
        self.cancelled: set[tuple[str, str]] = set()
        self.second: subprocess.Popen[str] | None = None

    def _environment(self, machine: str) -> dict[str, str]:
        made = {}
        for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            made[name] = str(self.home / machine / name)
            Path(made[name]).mkdir(parents=True, mode=0o700, exist_ok=True)
        return made

    def _try(self, what: Coroutine[Any, Any, Any]) -> bool:
        """Do it; False when the program says in a sentence that it could not."""
        try:
            self.runner.run(what)
        except LocalFailure:
            return False
        return True

    def _uris(self, names: list[str] | None) -> list[str] | None:
        return None if names is None else [self.chaos.uri(name) for name in names]

    # --- the user ------------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.asked) < 4)
    @rule(names=some, client=st.integers(0, 1))
    def add(self, names: list[str], client: int) -> None:
        name = f"s{len(self.asked) + 1}"
        self.asked[name] = names
        transfers = self.clients[client % len(self.clients)]
        if self._try(transfers.add(session_of(self.chaos, self.out, *names, name=name))):
            self.acknowledged.add(name)

    @precondition(lambda self: self.asked)
    @rule(op=st.sampled_from(["pause", "resume", "cancel", "retry"]), names=which, client=st.integers(0, 1))
    def tell(self, op: str, names: list[str] | None, client: int) -> None:
        transfers = self.clients[client % len(self.clients)]
        if op == "cancel":
            self.cancelled |= {(s, n) for s, wanted in self.asked.items() for n in wanted if n in (names or NAMES)}
        self._try(getattr(transfers, op)(self._uris(names)))

    @precondition(lambda self: self.asked)
    @rule(word=st.sampled_from(["high", "normal", "low"]), names=some)
    def prioritise(self, word: Any, names: list[str]) -> None:
        self._try(self.clients[0].prioritise(word, self._uris(names)))

    @rule(go_on=st.booleans())
    def leave_and_come_back(self, go_on: bool) -> None:
        self.runner.run(self.clients[0].leave(go_on))
        self.clients[0] = Transfers(ArchiveHost(self.chaos.base))
        self._try(self.clients[0].attach_if_running())

    @precondition(lambda self: len(self.clients) == 1)
    @rule()
    def a_second_client_comes(self) -> None:
        self.clients.append(Transfers(ArchiveHost(self.chaos.base)))
        self._try(self.clients[1].attach_if_running())

    @precondition(lambda self: self.second is None and self.asked)
    @rule(names=some)
    def a_second_machine_wants_the_same(self, names: list[str]) -> None:
        session = session_of(self.chaos, self.out, *names, name="other")
        self.asked["other"] = names
        words = [sys.executable, "-c", CLIENT, self.chaos.base, json.dumps(session.to_json())]
        environment = {**os.environ, **self._environment("there")}
        self.second = subprocess.Popen(
            words, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
        )

    # --- the server, and fate ------------------------------------------------------------------------------------

    @rule(name=st.sampled_from(NAMES), kind=st.sampled_from(FAULTS), at=st.sampled_from([0.1, 0.5, 0.9]))
    def next_answer_is_spoiled(self, name: str, kind: str, at: float) -> None:
        plan = self.chaos.faults[name]
        plan.extend([Fault("none")] * (len(self.chaos.of(name)) - len(plan)))
        plan.append(Fault(kind, at=at))

    @rule()
    def the_process_is_killed(self) -> None:
        pid = transfer_process(self.home / "here")
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    @rule(seconds=st.sampled_from([0.05, 0.2, 0.5]))
    def time_passes(self, seconds: float) -> None:
        self.runner.run(asyncio.sleep(seconds))

    # --- what must hold ------------------------------------------------------------------------------------------

    @invariant()
    def nothing_wrong_has_a_final_name(self) -> None:
        for name in NAMES:
            if (self.out / name).exists():
                assert (self.out / name).read_bytes() == self.chaos.content(name), name

    def teardown(self) -> None:
        try:
            if self.asked:
                self.runner.run(self._all_comes_right())
        finally:
            for transfers in self.clients:
                self.runner.run(transfers.leave(False))
            gone = service_is_gone(10)
            if self.second is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.second.pid, signal.SIGKILL)
                self.second.wait()
                assert self.second.stdout is not None
                self.second.stdout.close()
            self.runner.close()
            self.chaos.__exit__()
            os.environ.clear()
            os.environ.update(self.kept)
            shutil.rmtree(self.home, ignore_errors=True)
            assert gone, "a transfer process was left behind"

    async def _all_comes_right(self) -> None:
        transfers = Transfers(ArchiveHost(self.chaos.base))
        self.clients.append(transfers)
        await transfers.start()
        known = {session.id for session in transfers.sessions()}
        for name, names in self.asked.items():
            if name != "other" and name not in known:
                there = [n for n in names if (self.out / n).exists()]
                dealt_with = all(n in there or (name, n) in self.cancelled for n in names)
                assert name not in self.acknowledged or dealt_with, f"{name} was acknowledged, and is forgotten"
                if len(there) < len(names):
                    await transfers.add(session_of(self.chaos, self.out, *names, name=name))
        deadline = time.monotonic() + 40
        while not all(t.state == "done" for t in transfers.snapshot()):
            assert time.monotonic() < deadline, [(t.session, t.path, t.state, t.why) for t in transfers.snapshot()]
            again = [t.uri for t in transfers.snapshot() if t.state == "paused" or t.state in FINISHED - {"done"}]
            if again:
                await transfers.retry(again)
            await asyncio.sleep(0.1)
        if self.second is not None:
            assert await asyncio.to_thread(self.second.wait, 40) == 0
        wanted = {name for names in self.asked.values() for name in names}
        self.nothing_wrong_has_a_final_name()
        left = {p.name for p in self.out.iterdir() if not p.name.startswith("manifest")}
        assert left == {*wanted, ".mast-tui"}, "missing or left over"
        report = await asyncio.to_thread(verify, self.out)
        assert report.ok and report.count("right") == len(wanted), report


@pytest.mark.timeout(60 * RUNS)
def test_whatever_is_done_in_whatever_order_it_comes_right() -> None:
    run_state_machine_as_test(
        TransferMachine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=14,
            deadline=None,
            derandomize=RUNS == 5,
            database=None,
            phases=[Phase.generate],  # a smaller example of a race is another race
            suppress_health_check=list(HealthCheck),
        ),
    )
