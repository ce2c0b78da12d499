"""A download takes over what a look has fetched before: fewer bytes come, and the promises stay the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mast_tui.core.look_store import Kept, Span, new_kept, write_kept

from .chaos import Chaos, Fault, plain_body
from .conftest import Bench
from .fits_files import hdu

BODY = plain_body("f.dat", 400_000)
MB = 1 << 20
#: Of the size of a cube of which a window was looked at.
LARGE = plain_body("f.dat", 8 * MB)
#: The answer to the look itself.
LOOK = Fault("none")


@pytest.fixture
def chaos() -> Chaos:
    return Chaos({"f.dat": BODY})


def looked_at(
    chaos: Chaos,
    n_bytes: int,
    data: bytes = BODY,
    validator: str | None = None,
    further: tuple[Span, ...] = (),
    name: str = "f.dat",
) -> Kept:
    """The store as a look at the first `n_bytes` bytes, and at `further` spans, leaves it; by default under the
    server's own ETag. Where nothing was looked at there are zeros.
    """
    import requests

    answer = requests.get(f"{chaos.base}/api/v0.1/Download/file", params={"uri": chaos.uri(name)}, timeout=10)
    chaos.asked.clear()
    kept = replace(
        new_kept(chaos.base, chaos.uri(name)),
        validator=answer.headers["ETag"] if validator is None else validator,
        total=len(data),
        known=((0, n_bytes), *further),
    )
    held = bytearray(further[-1][1] if further else n_bytes)
    for a, b in kept.known:
        held[a:b] = data[a:b]
    kept.data.write_bytes(held)
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


@pytest.fixture
def large() -> Chaos:
    return Chaos({"f.dat": len(LARGE)})


def ranges(chaos: Chaos) -> list[str]:
    return [asked.headers.get("range", "all") for asked in chaos.of("f.dat")]


def test_only_what_lies_between_the_parts_that_were_looked_at_is_fetched(bench: Bench, large: Chaos) -> None:
    further = ((2 * MB, 2 * MB + 50_000), (3 * MB, 5 * MB), (6 * MB, 8 * MB))
    with large:
        looked_at(large, MB, LARGE, further=further)
        (job,) = bench.get(large)
        # the short span in the first gap is not worth another question
        assert ranges(large) == [f"bytes={MB}-{3 * MB - 1}", f"bytes={5 * MB}-{6 * MB - 1}"]
        assert all(asked.headers["if-range"] for asked in large.of("f.dat"))
        assert large.sent == 3 * MB
    assert job.state == "done" and (bench.out / "f.dat").read_bytes() == LARGE
    assert bench.files() == {"f.dat"}


def test_a_file_that_changes_between_two_gaps_is_begun_anew(bench: Bench, large: Chaos) -> None:
    large.faults = {"f.dat": [LOOK, Fault("none"), Fault("newversion")]}
    with large:
        looked_at(large, MB, LARGE, further=((3 * MB, 5 * MB),))
        (job,) = bench.get(large)
    assert job.state == "done" and (bench.out / "f.dat").read_bytes() == large.content("f.dat") != LARGE


@pytest.mark.parametrize("kind", ["reset", "norange"])
def test_a_line_that_breaks_between_the_parts_costs_no_promise(bench: Bench, large: Chaos, kind: str) -> None:
    large.faults = {"f.dat": [LOOK, Fault(kind, at=0.25)]}
    with large:
        looked_at(large, MB, LARGE, further=((3 * MB, 5 * MB),))
        (job,) = bench.get(large)
    assert job.state == "done" and (bench.out / "f.dat").read_bytes() == LARGE


def test_rotten_bytes_in_the_store_are_found_and_not_offered_again(bench: Bench) -> None:
    cards = {"SIMPLE": True, "BITPIX": 8, "NAXIS": 1, "NAXIS1": 4 * MB}
    good = hdu(cards, plain_body("f.fits", 4 * MB), sums=True)
    rotten = bytearray(good)
    rotten[3 * MB] ^= 0xFF
    with Chaos({"f.fits": good}) as chaos:
        looked_at(chaos, MB, bytes(rotten), further=((2 * MB, 4 * MB),), name="f.fits")
        (job,) = bench.get(chaos)
        first, *_, last = chaos.of("f.fits")
        assert first.headers["range"] == f"bytes={MB}-{2 * MB - 1}" and "range" not in last.headers
    assert job.state == "done" and (bench.out / "f.fits").read_bytes() == good
