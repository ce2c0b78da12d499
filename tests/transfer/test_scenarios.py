"""What a bad line and a bad server can do, and that every file comes out right all the same."""

from __future__ import annotations

import errno
import os
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from mast_tui.core.fetch import FetchItem, FetchSession
from mast_tui.core.secret import Secret
from mast_tui.transfer.fileops import FileOps

from .chaos import Chaos, Fault, stated
from .conftest import SILENCE_S, Bench, session_of

SIZE = 400_000


def six(size: int = SIZE) -> dict[str, int | bytes]:
    return {f"f{i}.dat": size for i in range(6)}


def assert_all_right(bench: Bench, chaos: Chaos) -> None:
    assert bench.files() == set(chaos.files)
    for name in chaos.files:
        assert (bench.out / name).read_bytes() == chaos.content(name), name


@dataclass(frozen=True)
class Case:
    """`over`: bytes that may be sent beyond need, as a part of all."""

    name: str
    chaos: Chaos
    over: float = 0.0


def cases() -> list[Case]:
    two = ("f1.dat", "f4.dat")
    return [
        Case("all is well", Chaos(six())),
        Case("reset at half", Chaos(six(), every=[Fault("reset")]), 0.02),
        Case(
            "reset four times",
            Chaos({"f.dat": 2_000_000}, every=[Fault("reset", at=a) for a in (0.2, 0.4, 0.6, 0.8)]),
            0.02,
        ),
        Case("body cut short", Chaos(six(), faults={n: [Fault("cut", at=0.6)] for n in two}), 0.02),
        Case("cut, and no length", Chaos(six(), faults={n: [Fault("nolength", at=0.6)] for n in two}), 0.02),
        Case("chunked, and cut", Chaos(six(), faults={n: [Fault("chunked", at=0.6)] for n in two}), 0.02),
        Case("a page in place of the file", Chaos(six(), faults={n: [Fault("html")] for n in two})),
        Case("changed between the halves", Chaos(six(), faults={"f1.dat": [Fault("reset"), Fault("newversion")]}), 0.1),
        Case("Range ignored", Chaos(six(), faults={"f1.dat": [Fault("reset"), Fault("norange")]}), 0.1),
        Case("no ranges at all", Chaos(six(), ranges=False, faults={"f1.dat": [Fault("reset")]}), 0.1),
        Case("no validator", Chaos(six(), etag=False, faults={"f1.dat": [Fault("reset")]}), 0.1),
        Case(
            "only a date",
            Chaos(six(), etag=False, modified="Mon, 02 Nov 2020 10:00:00 GMT", every=[Fault("reset")]),
            0.02,
        ),
        Case("a weak ETag", Chaos(six(), faults={"f1.dat": [Fault("weak"), Fault("weak")]})),
        Case("server errors", Chaos(six(), every=[stated(code=500), stated(code=502)])),
        Case("empty file", Chaos({"nothing.dat": 0, "f.dat": 10})),
    ]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_every_file_comes_out_right(bench: Bench, case: Case) -> None:
    with case.chaos as chaos:
        jobs = bench.get(chaos)
        assert {job.state for job in jobs} == {"done"}
        assert_all_right(bench, chaos)
        need = sum(len(chaos.content(n)) for n in chaos.files)
        assert chaos.sent - need <= case.over * need + 1


def test_each_file_takes_one_request_on_few_connections(bench: Bench) -> None:
    with Chaos({f"f{i}.dat": 20_000 for i in range(20)}) as chaos:
        bench.get(chaos)
        assert len(chaos.asked) == 20
        assert chaos.connections <= 4
        asked = chaos.asked[0].headers
        assert {a.method for a in chaos.asked} == {"GET"}
        assert asked["accept-encoding"] == "identity"
        assert asked["user-agent"].startswith("mast-tui/")
        assert "cookie" not in asked and "authorization" not in asked


def test_retry_after_is_obeyed(bench: Bench) -> None:
    busy = [stated(code=503, headers={"Retry-After": "1"})]
    with Chaos(six(), faults={"f1.dat": busy, "f4.dat": busy}) as chaos:
        bench.get(chaos)
        assert_all_right(bench, chaos)
        for name in ("f1.dat", "f4.dat"):
            first, second = chaos.of(name)
            assert second.at - first.at >= 1.0


def test_a_busy_file_does_not_hold_the_others_back(bench: Bench) -> None:
    busy = {f"f{i}.dat": [stated(code=503, headers={"Retry-After": "1"})] for i in range(5)}
    with Chaos(six(), faults=busy) as chaos:
        bench.get(chaos)
        last = chaos.of("f5.dat")[0]
        assert last.at < min(chaos.of(f"f{i}.dat")[1].at for i in range(5))


def test_a_stalled_line_is_given_up_and_gone_on_with(bench: Bench) -> None:
    with Chaos(six(), faults={"f2.dat": [Fault("stall")]}) as chaos:
        began = time.monotonic()
        jobs = bench.get(chaos)
        assert time.monotonic() - began < SILENCE_S + 3
        assert_all_right(bench, chaos)
        assert jobs[2].control.resumed_from == SIZE // 2


def test_what_needs_a_login_waits_for_one_while_the_others_go_on(bench: Bench) -> None:
    with Chaos(six(), secret={"f1.dat": "SEKRIT", "f3.dat": "SEKRIT"}) as chaos:
        jobs = bench.get(chaos)
        assert [job.state for job in jobs] == ["done", "needs_login", "done", "needs_login", "done", "done"]
        bench.owner.set_token(chaos.base, Secret("SEKRIT"))
        bench.settle(jobs)
        assert_all_right(bench, chaos)


def test_an_exclusive_file_says_until_when(bench: Bench) -> None:
    with Chaos({"f.dat": 10}, secret={"f.dat": "SEKRIT"}) as chaos:
        item = FetchItem(chaos.uri("f.dat"), "f.dat", rights="EXCLUSIVE_ACCESS", release_mjd=88069.5)
        (job,) = bench.settle(bench.add(chaos, FetchSession("s", str(bench.out), (item,), chaos.base)))
        assert job.state == "needs_login"
        assert job.why.endswith("(HTTP 401); exclusive until 2100-01-01")


def test_a_page_under_a_data_files_type_is_not_taken_for_data(bench: Bench) -> None:
    files: dict[str, int | bytes] = {"image.fits": b"SIMPLE  =" + b" " * 2871}
    with Chaos(files, every=[Fault("disguised")] * 20) as chaos:
        (job,) = bench.get(chaos)
        assert job.state == "failed"
        assert "no FITS file; it begins “<!DOCTYPE html>" in job.why
        assert bench.files() == set()


def test_one_bad_file_never_stops_the_rest(bench: Bench) -> None:
    with Chaos(six(), faults={"f0.dat": [stated(code=404)], "f1.dat": [stated(code=500)] * 30}) as chaos:
        jobs = bench.get(chaos)
        assert [job.state for job in jobs] == ["failed", "failed", "done", "done", "done", "done"]
        assert "no such file" in jobs[0].why
        assert len(chaos.of("f0.dat")) == 1


def test_bytes_that_come_give_a_file_all_its_tries_back(bench: Bench) -> None:
    steps = [Fault("reset", at=n / 13) for n in range(1, 13)]
    with Chaos({"f.dat": 1_300_000}, every=steps) as chaos:
        (job,) = bench.get(chaos)
        assert job.state == "done"
        assert_all_right(bench, chaos)


def test_a_list_that_is_wrong_about_sizes_is_only_noted(bench: Bench) -> None:
    with Chaos({"f.dat": 1000}) as chaos:
        item = FetchItem(chaos.uri("f.dat"), "f.dat", 999)
        (job,) = bench.settle(bench.add(chaos, FetchSession("s", str(bench.out), (item,), chaos.base)))
        assert job.state == "done"
        assert "list said 999" in job.why
        assert_all_right(bench, chaos)


def test_without_a_length_two_answers_must_agree(bench: Bench) -> None:
    with Chaos({"f.dat": 50_000}, length=False) as chaos:
        item = FetchItem(chaos.uri("f.dat"), "f.dat", None)
        (job,) = bench.settle(bench.add(chaos, FetchSession("s", str(bench.out), (item,), chaos.base)))
        assert job.made is not None and job.made.verdict == "unverified"
        assert len(chaos.asked) == 2
        assert_all_right(bench, chaos)


def test_two_files_that_are_one_are_fetched_once(bench: Bench) -> None:
    with Chaos({"f.dat": SIZE}) as chaos:
        items = tuple(FetchItem(chaos.uri("f.dat"), path, SIZE) for path in ("a/f.dat", "b/f.dat", "a/f.dat"))
        jobs = bench.settle(bench.add(chaos, FetchSession("s", str(bench.out), items, chaos.base)))
        assert [job.state for job in jobs] == ["done", "done"]
        assert bench.files() == {"a/f.dat", "b/f.dat"}
        assert len(chaos.asked) == 1


def test_redirects_are_followed_only_where_we_go(bench: Bench) -> None:
    with Chaos(six()) as chaos, Chaos({"f5.dat": SIZE}) as stranger:
        inside = f"{chaos.base}/api/v0.1/Download/file?uri=mast:CHAOS/product/f0.dat"
        chaos.faults = {
            "f0.dat": [Fault("redirect", headers={"Location": inside})],
            "f1.dat": [Fault("redirect", headers={"Location": f"{stranger.base}/f5.dat"})],
            "f2.dat": [Fault("redirect", headers={"Location": "file:///etc/passwd"})],
            "f3.dat": [Fault("redirect", headers={"Location": "https://auth.mast.stsci.edu/login"})],
            "f4.dat": [Fault("redirect", headers={"Location": "/api/v0.1/Download/file?uri=f4.dat"})] * 100,
        }
        bench.owner.set_token(chaos.base, Secret("SEKRIT"))
        jobs = bench.get(chaos)
        assert [job.state for job in jobs] == ["done", "failed", "failed", "needs_login", "failed", "done"]
        assert stranger.asked == []
        assert "which is not asked" in jobs[1].why
        assert all(a.headers["authorization"] == "token SEKRIT" for a in chaos.asked)


def test_a_netrc_does_not_replace_the_token_and_no_proxy_sees_loopback(
    bench: Bench, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = home / "HOME" / ".netrc"
    netrc.write_text("machine 127.0.0.1 login me password wrong\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with Chaos({"f.dat": 10}, secret={"f.dat": "SEKRIT"}) as chaos:
        bench.owner.set_token(chaos.base, Secret("SEKRIT"))
        (job,) = bench.get(chaos)
        assert job.state == "done"


def test_the_rate_is_limited_over_all_files_together(bench: Bench) -> None:
    with Chaos({f"f{i}.dat": 100_000 for i in range(4)}) as chaos:
        bench.owner.bucket.set_rate(400_000)
        began = time.monotonic()
        bench.get(chaos)
        assert time.monotonic() - began > 0.7
        assert_all_right(bench, chaos)


def test_a_new_limit_holds_at_once_for_those_that_wait(bench: Bench) -> None:
    with Chaos({"f.dat": 400_000}) as chaos:
        bench.owner.bucket.set_rate(1000)
        jobs = bench.add(chaos, session_of(chaos, bench.out))
        bench.until(lambda: jobs[0].control.got > 0)
        bench.owner.bucket.set_rate(None)
        bench.settle(jobs)
        assert_all_right(bench, chaos)


def test_an_archive_that_is_not_there_is_told_soon(bench: Bench) -> None:
    with Chaos({"f.dat": 10}) as chaos:
        pass
    (job,) = bench.get(chaos)
    assert job.state == "failed"
    assert "can't be reached: Connection refused" in job.why


class FullDisk(FileOps):
    """A disk with room for so many bytes of data; the last write before the end is a short one."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, fd: int, data: bytes | memoryview) -> int:
        if self.room <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        n = super().write(fd, data[: self.room])
        self.room -= n
        return n


def test_a_full_disk_pauses_everything_and_loses_nothing(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FullDisk(3 * SIZE)
    bench = Bench(tmp_path, disk)
    with Chaos(six(), per_connection_bps=4_000_000) as chaos:
        jobs = bench.get(chaos)
        assert {job.state for job in jobs} <= {"done", "paused"}
        stopped = [job for job in jobs if job.state == "paused"]
        assert stopped and "free some, then resume" in stopped[0].why
        asked = [words for words in bench.notices if "free some, then resume" in words]
        assert len(asked) == 1 and asked[0].startswith(f"{bench.out}: "), "the user is asked once"
        for job in stopped:
            assert any("free some, then resume" in words for _at, words in job.events.kept)
        for name in bench.files() & set(chaos.files):
            assert (bench.out / name).read_bytes() == chaos.content(name)
        disk.room = 1 << 40
        bench.owner.resume(None, None)
        bench.settle(jobs)
        assert_all_right(bench, chaos)
        assert chaos.sent - 6 * SIZE <= 0.2 * 6 * SIZE
    bench.close()


def test_a_file_larger_than_the_limits_allow_fails_alone(bench: Bench) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Chaos({"large.dat": 600_000, "small.dat": 1000}) as chaos:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
        try:
            jobs = bench.get(chaos)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert [job.state for job in jobs] == ["failed", "done"]
        assert "larger than this disk or your limits allow" in jobs[0].why


def test_pause_keeps_what_came_and_cancel_removes_it(bench: Bench) -> None:
    with Chaos(six(2_000_000), per_connection_bps=2_000_000) as chaos:
        jobs = bench.add(chaos, session_of(chaos, bench.out))
        bench.until(lambda: all(job.control.got > 300_000 for job in jobs[:4]))
        bench.owner.pause(None, None)
        bench.settle(jobs)
        assert {job.state for job in jobs} == {"paused"}
        assert {"f0.dat.part", "f0.dat.part.json"} <= bench.files()
        bench.owner.discard(bench.owner.cancel([chaos.uri("f0.dat")], None))
        assert not {"f0.dat.part", "f0.dat.part.json"} & bench.files()
        bench.owner.resume(None, None)
        bench.settle(jobs)
        assert [job.state for job in jobs] == ["cancelled", *["done"] * 5]
        assert jobs[1].control.resumed_from > 0
        assert bench.files() == set(chaos.files) - {"f0.dat"}


def test_cancelling_a_running_file_removes_its_part(bench: Bench) -> None:
    with Chaos({"f.dat": 2_000_000}, every=[Fault("stall", at=0.5)]) as chaos:
        jobs = bench.add(chaos, session_of(chaos, bench.out))
        bench.until(lambda: jobs[0].control.got >= 1_000_000)
        began = time.monotonic()
        bench.owner.cancel(None, None)
        bench.settle(jobs)
        bench.until(lambda: bench.files() == set())
        assert time.monotonic() - began < SILENCE_S
