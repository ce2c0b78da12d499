"""How fast it was before, kept for the next plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from mast_tui.transfer import measured_rates
from mast_tui.transfer.rates import Rates, rates_file

from .chaos import Chaos
from .conftest import Bench, session_of

MB = 1_000_000


class Clock:
    at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_transfers_side_by_side_add_up_and_pauses_do_not_count(home: Path) -> None:
    clock = Clock()
    rates = Rates(clock)
    # two at once from 1000 to 1010, one within that, a long pause, one more of 10 s
    for began, ended, n_bytes in ((1000, 1004, 10 * MB), (1000, 1010, 20 * MB), (5000, 5010, 10 * MB)):
        clock.at = ended
        rates.came("mast.stsci.edu", "archive", began, n_bytes)
    assert measured_rates("mast.stsci.edu") == {"archive": 40 * MB / 20}
    assert measured_rates("127.0.0.1") == {}


def test_sources_are_apart_and_old_measurements_fade(home: Path) -> None:
    clock = Clock()
    rates = Rates(clock)
    clock.at = 2000
    rates.came("mast.stsci.edu", "archive", 1000, 1000 * MB)
    for _ in range(6):
        clock.at += 1000
        rates.came("mast.stsci.edu", "archive", clock.at - 1000, 9000 * MB)
        rates.came("mast.stsci.edu", "cloud", clock.at - 100, 2000 * MB)
    found = measured_rates("mast.stsci.edu")
    assert found["cloud"] == pytest.approx(20 * MB)
    assert found["archive"] == pytest.approx(9 * MB, rel=0.02)


def test_the_next_process_goes_on_with_what_this_one_measured(home: Path) -> None:
    clock = Clock()
    for _ in range(2):
        clock.at += 10
        Rates(clock).came("mast.stsci.edu", "archive", clock.at - 10, 30 * MB)
    assert measured_rates("mast.stsci.edu") == {"archive": 3 * MB}


@pytest.mark.parametrize("words", ["", "[]", '{"rates": [[1]]}', '{"rates": [["a", "b", "x", 1]]}'])
def test_a_damaged_file_is_no_measurement(words: str, home: Path) -> None:
    rates_file().parent.mkdir(parents=True)
    rates_file().write_text(words)
    assert measured_rates("a") == {}
    Rates().came("a", "archive", 0.0, 2 * MB)
    assert list(measured_rates("a")) == ["archive"]


def test_a_fetch_measures_and_one_under_the_users_limit_does_not(bench: Bench) -> None:
    with Chaos({"a.dat": 2 * MB, "b.dat": 2 * MB}) as chaos:
        bench.owner.bucket.set_rate(50 * MB)
        bench.settle(bench.add(chaos, session_of(chaos, bench.out, "a.dat", name="slow")))
        assert measured_rates("127.0.0.1") == {}
        bench.owner.bucket.set_rate(None)
        bench.settle(bench.add(chaos, session_of(chaos, bench.out, "b.dat", name="free")))
        assert measured_rates("127.0.0.1")["archive"] > MB
