"""A download takes over what a look has fetched before: fewer bytes come, and the promises stay the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mast_tui.core.look_store import Kept, new_kept, write_kept

from .chaos import Chaos, plain_body
from .conftest import Bench

BODY = plain_body("f.dat", 400_000)


@pytest.fixture
def chaos() -> Chaos:
    return Chaos({"f.dat": BODY})


def looked_at(chaos: Chaos, n_bytes: int, data: bytes = BODY, validator: str | None = None) -> Kept:
    """The store as a look at the first `n_bytes` bytes leaves it; by default under the server's own ETag."""
    import requests

    answer = requests.get(f"{chaos.base}/api/v0.1/Download/file", params={"uri": chaos.uri("f.dat")}, timeout=10)
    chaos.asked.clear()
    kept = replace(
        new_kept(chaos.base, chaos.uri("f.dat")),
        validator=answer.headers["ETag"] if validator is None else validator,
        total=len(BODY),
        known=((0, n_bytes),),
    )
    kept.data.write_bytes(data[:n_bytes])
    write_kept(kept)
    return kept


def test_the_rest_of_a_file_that_was_looked_at_is_fetched(bench: Bench, chaos: Chaos) -> None:
    with chaos:
        looked_at(chaos, 300_000)
        (job,) = bench.get(chaos)
        assert chaos.sent == 100_000
    assert job.state == "done"
    assert (bench.out / "f.dat").read_bytes() == BODY


def test_of_a_file_that_came_whole_one_byte_is_asked_for(bench: Bench, chaos: Chaos) -> None:
    with chaos:
        looked_at(chaos, len(BODY))
        (job,) = bench.get(chaos)
        assert [asked.headers["range"] for asked in chaos.of("f.dat")] == [f"bytes={len(BODY) - 1}-"]
    assert job.state == "done" and (bench.out / "f.dat").read_bytes() == BODY


@pytest.mark.parametrize("validator", ['"of another version"', ""])
def test_bytes_of_another_version_are_never_used(bench: Bench, chaos: Chaos, validator: str) -> None:
    with chaos:
        looked_at(chaos, 300_000, data=BODY[::-1], validator=validator)
        (job,) = bench.get(chaos)
    assert job.state == "done" and (bench.out / "f.dat").read_bytes() == BODY
    assert bench.files() == {"f.dat"}


def test_a_store_that_lost_its_data_costs_nothing(bench: Bench, chaos: Chaos) -> None:
    with chaos:
        looked_at(chaos, 300_000).data.write_bytes(b"short")
        (job,) = bench.get(chaos)
    assert job.state == "done" and (bench.out / "f.dat").read_bytes() == BODY
