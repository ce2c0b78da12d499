"""No time is lost between the bytes: broken lines, slow disks, and many files on few lines."""

from __future__ import annotations

import pytest

from mast_tui.transfer import backoff

from .chaos import Chaos, Fault
from .conftest import Bench

SIZE = 1_000_000


def test_a_line_that_broke_after_a_good_piece_is_asked_again_at_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backoff, "BASE_S", 60.0)
    with Chaos({"f.dat": SIZE}, every=[Fault("cut", at=0.4), Fault("cut", at=0.8)]) as chaos:
        (job,) = bench.get(chaos, within_s=5)
        assert job.state == "done"
        first, second, third = chaos.of("f.dat")
        assert [a.sent for a in (first, second, third)] == [400_000, 400_000, 200_000]


def test_a_line_that_breaks_after_a_few_bytes_is_not_hammered(bench: Bench) -> None:
    with Chaos({"f.dat": SIZE}, every=[Fault("cut", at=0.1), Fault("cut", at=0.2)]) as chaos:
        (job,) = bench.get(chaos)
        assert job.state == "done"
        first, second, third = chaos.of("f.dat")
        assert min(second.at - first.at, third.at - second.at) >= 0.1
