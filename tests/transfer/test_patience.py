"""An archive in trouble costs no file its tries; a file in trouble is given up soon."""

from __future__ import annotations

import time

import pytest

from mast_tui.transfer import backoff

from .chaos import Chaos, Fault, stated
from .conftest import Bench, session_of


class Outage(Chaos):
    """Answers 503 to everything until `over`."""

    over = 0.0

    def _fault(self, name: str) -> Fault:
        return stated(code=503, headers={"Retry-After": "0"}) if time.monotonic() < self.over else Fault("none")


def test_an_outage_of_the_archive_gives_up_no_file(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long enough for each file to be asked for more often than one that fails alone."""
    monkeypatch.setattr(backoff, "BASE_S", 0.01)
    monkeypatch.setattr(backoff, "CAP_S", 0.1)
    with Outage({f"f{i:02d}.dat": 1000 for i in range(20)}) as chaos:
        bench.get(chaos, "f00.dat")
        chaos.over = time.monotonic() + 5
        jobs = bench.add(chaos, session_of(chaos, bench.out, *list(chaos.files)[1:], name="s2"))
        bench.settle(jobs)
        assert {job.state for job in jobs} == {"done"}
        assert max(len(chaos.of(job.path)) for job in jobs) > 9, "it was asked often"


def test_while_it_lasts_the_archive_is_asked_less_often(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "BASE_S", 0.1)
    monkeypatch.setattr(backoff, "CAP_S", 1.0)
    with Outage({f"f{i:03d}.dat": 1000 for i in range(200)}) as chaos:
        chaos.over = time.monotonic() + 3
        bench.settle(bench.add(chaos, session_of(chaos, bench.out)))
        refused = [asked for asked in chaos.asked if asked.status == 503]
        assert len(refused) < 120, "each file once would be 200 within a second"


def test_files_that_fail_among_good_ones_are_given_up_soon(bench: Bench) -> None:
    bad = {f"f{i}.dat": [stated(code=500)] * 50 for i in (1, 3)}
    with Chaos({f"f{i}.dat": 1000 for i in range(6)}, faults=bad) as chaos:
        jobs = bench.get(chaos)
        assert [job.state for job in jobs] == ["done", "failed", "done", "failed", "done", "done"]
        assert len(chaos.of("f1.dat")) < 12
