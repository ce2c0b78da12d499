"""Three words, never one: verified, complete, unverified; and what makes a file which."""

from __future__ import annotations

from mast_tui.core.fetch import FetchItem, FetchSession
from mast_tui.transfer.jobs import Job

from .chaos import Chaos, Fault
from .conftest import Bench
from .fits_files import light_curve

GOOD, NO_SUMS = light_curve(sums=True), light_curve(sums=False)
ROTTEN = GOOD[:-4000] + b"\x07" + GOOD[-3999:]


def get(bench: Bench, chaos: Chaos, name: str, size: int | None = None) -> Job:
    item = FetchItem(chaos.uri(name), name, size)
    (job,) = bench.settle(bench.add(chaos, FetchSession("s", str(bench.out), (item,), chaos.base)))
    return job


def verdict(job: Job) -> str:
    assert job.made is not None, job.why
    return job.made.verdict


def test_a_checksum_that_matches_is_verified(bench: Bench) -> None:
    with Chaos({"a.fits": GOOD}) as chaos:
        assert verdict(get(bench, chaos, "a.fits")) == "verified"


def test_a_length_and_a_whole_structure_are_complete(bench: Bench) -> None:
    with Chaos({"a.fits": NO_SUMS}) as chaos:
        job = get(bench, chaos, "a.fits")
        assert verdict(job) == "complete"
        assert job.why == "no checksum in the file"


def test_without_a_length_a_whole_structure_is_enough_but_unverified(bench: Bench) -> None:
    with Chaos({"a.fits": NO_SUMS}, length=False) as chaos:
        assert verdict(get(bench, chaos, "a.fits")) == "unverified"
        assert len(chaos.asked) == 1


def test_without_a_length_a_matching_checksum_is_still_verified(bench: Bench) -> None:
    with Chaos({"a.fits": GOOD}, length=False) as chaos:
        assert verdict(get(bench, chaos, "a.fits")) == "verified"


def test_a_cut_without_a_length_is_seen_by_the_structure(bench: Bench) -> None:
    with Chaos({"a.fits": NO_SUMS}, faults={"a.fits": [Fault("nolength", at=0.5)] * 2}) as chaos:
        assert get(bench, chaos, "a.fits").state == "done"
        assert (bench.out / "a.fits").read_bytes() == NO_SUMS, "the same cut twice is no agreement on a whole file"


def test_a_part_without_a_length_is_gone_on_with_and_its_length_asked_for(bench: Bench) -> None:
    cut = [Fault("nolength", at=0.5), Fault("reset", at=0.7)]
    with Chaos({"f.dat": 600_000}, faults={"f.dat": cut}) as chaos:
        assert verdict(get(bench, chaos, "f.dat")) == "complete"
        assert (bench.out / "f.dat").read_bytes() == chaos.content("f.dat")
        _first, second, third = chaos.of("f.dat")
        assert (second.headers["range"], third.status) == ("bytes=300000-", 206)
        assert chaos.sent == 600_000, "no byte came twice"


def test_what_came_whole_without_a_length_is_said_to_be_whole_and_not_sent_again(bench: Bench) -> None:
    with Chaos({"f.dat": 300_000}, length=False) as chaos:
        assert verdict(get(bench, chaos, "f.dat")) == "complete"
        assert [asked.status for asked in chaos.asked] == [200, 416]
        assert (bench.out / "f.dat").read_bytes() == chaos.content("f.dat")


def test_without_length_and_range_a_file_is_believed_when_it_came_twice(bench: Bench) -> None:
    with Chaos({"f.dat": 300_000}, length=False, ranges=False) as chaos:
        assert verdict(get(bench, chaos, "f.dat")) == "unverified"
        assert [asked.status for asked in chaos.asked] == [200, 200]


def test_a_part_without_a_length_is_not_joined_to_a_new_version(bench: Bench) -> None:
    with Chaos({"f.dat": 300_000}, faults={"f.dat": [Fault("nolength"), Fault("newversion")]}) as chaos:
        assert verdict(get(bench, chaos, "f.dat")) == "complete"
        assert [asked.status for asked in chaos.asked] == [200, 200]
        assert (bench.out / "f.dat").read_bytes() == chaos.content("f.dat")


def test_a_damaged_file_without_a_length_is_believed_when_it_came_twice_and_not_before(bench: Bench) -> None:
    rotten = ROTTEN + bytes(2880 * 40)
    with Chaos({"a.fits": rotten}, length=False) as chaos:
        job = get(bench, chaos, "a.fits")
        assert verdict(job) == "unverified"
        assert [asked.status for asked in chaos.asked] == [200, 416, 200, 416], "a 416 is no second answer"


def test_a_file_that_is_damaged_in_the_archive_itself_is_kept_and_said_to_be_so(bench: Bench) -> None:
    with Chaos({"a.fits": ROTTEN}) as chaos:
        job = get(bench, chaos, "a.fits")
        assert verdict(job) == "unverified"
        assert "does not match; the archive has sent the same bytes twice" in job.why
        assert (bench.out / "a.fits").read_bytes() == ROTTEN
        assert len(chaos.asked) == 2


def test_bytes_damaged_on_the_way_are_fetched_anew(bench: Bench) -> None:
    class OnceRotten(Chaos):
        def content(self, name: str) -> bytes:
            return ROTTEN if self._gets.get(name) == 1 else GOOD

    with OnceRotten({"a.fits": GOOD}) as chaos:
        assert verdict(get(bench, chaos, "a.fits")) == "verified"
        assert (bench.out / "a.fits").read_bytes() == GOOD
