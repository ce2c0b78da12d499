"""Somebody fetches files of which there is a public cloud copy beside the archive: each may be slow, wrong, or away."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mast_tui.core.fetch import FetchItem, FetchSession, SourceChoice
from mast_tui.core.host import ArchiveHost, CloudHost
from mast_tui.core.manifest import read_manifest
from mast_tui.core.secret import Secret
from mast_tui.transfer.cloud_keys import key_of, may_be_there
from mast_tui.transfer.jobs import Job
from mast_tui.transfer.mirrors import choice_for, stated_md5
from mast_tui.transfer.speeds import Speeds

from .chaos import Chaos, Fault, plain_body
from .conftest import Bench
from .fits_files import hdu

LENGTH = 400_000
NAMES = [f"u9o4050{i}m_drz.dat" for i in range(8)]
ONE = NAMES[0]


class Both:
    """An archive and its cloud copy, each on a port of its own. By default they hold the same bytes."""

    def __init__(self) -> None:
        files: dict[str, int | bytes] = dict.fromkeys(NAMES, LENGTH)
        self.cloud = Chaos(dict(files))
        self.archive = Chaos(dict(files))
        self.archive.pages = {
            "/demo/cloud": lambda query: {"cloud": self.cloud.base},
            "/api/v0.1/path_lookup": lambda query: {uri: self.path(uri) for uri in query["uri"]},
        }
        self.unlisted: set[str] = set()

    def path(self, uri: str) -> dict[str, Any]:
        name = uri.rsplit("/", 1)[-1]
        if name in self.unlisted:
            return {"status_code": 404, "path": None}
        return {"status_code": 200, "path": f"/hst/public/{name[:4]}/{name[:9]}/{name}"}

    @property
    def lookups(self) -> int:
        return len(self.archive.of("/api/v0.1/path_lookup"))

    def gets(self, *names: str) -> tuple[int, int]:
        """How often the archive and the cloud copy were asked for these files."""
        return sum(len(self.archive.of(n)) for n in names), sum(len(self.cloud.of(n)) for n in names)


@pytest.fixture
def both() -> Iterator[Both]:
    pair = Both()
    with pair.archive, pair.cloud:
        yield pair


def session(both: Both, out: Path, source: SourceChoice, *names: str, name: str = "s1", **what: Any) -> FetchSession:
    items = tuple(FetchItem(f"mast:HST/product/{n}", n, **what) for n in names)
    return FetchSession(name, str(out), items, both.archive.base, source=source)


def fetch(bench: Bench, both: Both, source: SourceChoice, *names: str, name: str = "s1", **what: Any) -> list[Job]:
    return bench.settle(bench.add(both.archive, session(both, bench.out, source, *names, name=name, **what)))


def right(bench: Bench, *names: str) -> bool:
    return all((bench.out / n).read_bytes() == plain_body(n, LENGTH) for n in names)


# --- which one is asked -------------------------------------------------------------------------------------------


def test_from_the_cloud_copy_when_the_user_says_so(bench: Bench, both: Both) -> None:
    jobs = fetch(bench, both, "cloud", *NAMES)
    assert right(bench, *NAMES)
    assert both.gets(*NAMES) == (0, len(NAMES))
    assert {job.to_transfer().source for job in jobs} == {"cloud"}
    assert both.cloud.of(ONE)[0].headers["host"] == f"127.0.0.1:{both.cloud.port}"
    bench.owner.recorder.flush()
    record = read_manifest((bench.out / "manifest.json").read_text())
    assert {f.source for f in record.files} == {"cloud"}


def test_from_the_archive_alone_when_the_user_says_so_and_nothing_is_looked_up(bench: Bench, both: Both) -> None:
    (job,) = fetch(bench, both, "archive", ONE)
    assert right(bench, ONE) and job.to_transfer().source == "archive"
    assert [asked.name for asked in both.archive.asked] == [ONE] and both.cloud.asked == []


def test_paths_are_looked_up_forty_at_a_time_and_once(bench: Bench, both: Both) -> None:
    many = [f"u9o40{i:03d}m_flt.dat" for i in range(100)]
    both.cloud.files |= dict.fromkeys(many, 500)
    fetch(bench, both, "cloud", *many)
    assert both.lookups == 3
    fetch(bench, both, "cloud", *many, name="s2")
    assert both.lookups == 3


def test_of_other_missions_nothing_is_looked_up(bench: Bench, both: Both) -> None:
    item = FetchItem(f"mast:IUE/product/{ONE}", ONE)
    (job,) = bench.settle(
        bench.add(both.archive, FetchSession("s1", str(bench.out), (item,), both.archive.base, source="cloud"))
    )
    assert job.state == "done" and [asked.name for asked in both.archive.asked] == [ONE]
    assert job.why.endswith("the cloud copy is not known to have it; it came from the archive")


@pytest.mark.parametrize("what", [{"rights": "EXCLUSIVE_ACCESS"}, {"rights": "PUBLIC", "release_mjd": 99_000.0}])
def test_what_is_not_public_is_never_asked_of_the_cloud_copy(bench: Bench, both: Both, what: dict[str, Any]) -> None:
    (job,) = fetch(bench, both, "cloud", ONE, **what)
    assert job.state == "done" and both.cloud.asked == [] and both.lookups == 0


def test_the_cloud_copy_and_the_lookup_never_see_the_token(bench: Bench, both: Both) -> None:
    bench.owner.set_token(both.archive.base, Secret("SEKRIT"))
    both.unlisted = set(NAMES[4:])
    fetch(bench, both, "cloud", *NAMES)
    seen = [*both.cloud.asked, *both.archive.of("/api/v0.1/path_lookup"), *both.archive.of("/demo/cloud")]
    assert len(seen) >= 6 and not any("SEKRIT" in repr(asked.headers) for asked in seen)
    assert all("SEKRIT" in asked.headers["authorization"] for n in NAMES[4:] for asked in both.archive.of(n))


def test_auto_tries_both_and_then_takes_the_faster(bench: Bench, both: Both) -> None:
    both.archive.per_connection_bps = 600_000
    bench.owner.workers.set_size(1)
    jobs = fetch(bench, both, "auto", *NAMES)
    assert right(bench, *NAMES)
    came = [job.to_transfer().source for job in jobs]
    assert sorted(came[:4]) == ["archive", "archive", "cloud", "cloud"] and came[4:] == ["cloud"] * 4
    speeds = bench.owner.mirrors.speeds.measured()
    archive, cloud = speeds[both.archive.base, "archive"], speeds[both.archive.base, "cloud"]
    assert (archive.files, cloud.files) == (2, 6)
    assert archive.bytes_per_s is not None and 300_000 < archive.bytes_per_s < 1_200_000
    assert cloud.bytes_per_s is not None and cloud.bytes_per_s > archive.bytes_per_s


# --- one of them fails --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [403, 404, 410])
def test_what_the_cloud_copy_lacks_comes_from_the_archive_and_is_not_asked_for_twice(
    bench: Bench, both: Both, code: int
) -> None:
    both.cloud.faults[ONE] = [Fault("status", code=code)]
    (job,) = fetch(bench, both, "cloud", ONE)
    assert right(bench, ONE) and both.gets(ONE) == (1, 1)
    assert job.to_transfer().source == "archive" and "the cloud copy did not give it" in job.why


def test_a_cloud_copy_that_has_nothing_of_what_it_should_is_soon_left_alone(bench: Bench, both: Both) -> None:
    both.cloud.files.clear()
    bench.owner.workers.set_size(1)
    fetch(bench, both, "cloud", *NAMES)
    assert right(bench, *NAMES) and len(both.cloud.asked) == 5


@pytest.mark.parametrize("address", ["http://169.254.169.254/x", "file:///etc/passwd", "https://evil.example.org/x"])
def test_a_redirect_of_the_cloud_copy_to_elsewhere_is_not_followed(bench: Bench, both: Both, address: str) -> None:
    both.cloud.faults[ONE] = [Fault("redirect", headers={"Location": address})]
    (job,) = fetch(bench, both, "cloud", ONE)
    assert right(bench, ONE) and job.to_transfer().source == "archive"


def test_a_file_without_a_path_comes_from_the_archive_with_a_word_about_it(bench: Bench, both: Both) -> None:
    both.unlisted = {ONE}
    (job,) = fetch(bench, both, "cloud", ONE)
    assert right(bench, ONE) and both.cloud.asked == []
    assert "the cloud copy is not known to have it; it came from the archive" in job.why


def test_a_cloud_copy_that_is_away_costs_one_try_and_is_then_left_alone(bench: Bench, both: Both) -> None:
    base = both.cloud.base
    with Chaos({}) as gone:
        dead = gone.base
    both.archive.pages["/demo/cloud"] = lambda query: {"cloud": dead}
    bench.owner.workers.set_size(1)
    jobs = fetch(bench, both, "cloud", *NAMES)
    assert right(bench, *NAMES) and base != dead
    assert {job.to_transfer().source for job in jobs} == {"archive"}
    assert all(job.failures == 0 for job in jobs)
    assert "did not give it" in jobs[0].why and all("failed shortly before" in job.why for job in jobs[1:])
    assert bench.owner.mirrors.speeds.avoided(both.archive.base, "cloud")


def test_an_archive_that_is_busy_does_not_keep_a_file_that_the_cloud_copy_has(bench: Bench, both: Both) -> None:
    both.archive.faults[ONE] = [Fault("status", code=503, headers={"Retry-After": "600"})] * 3
    (job,) = fetch(bench, both, "auto", ONE)
    assert right(bench, ONE) and job.to_transfer().source == "cloud"


def test_a_lookup_that_fails_leaves_the_archive(bench: Bench, both: Both) -> None:
    both.archive.pages["/api/v0.1/path_lookup"] = lambda query: ["no", "object"]
    (job,) = fetch(bench, both, "auto", ONE)
    assert right(bench, ONE) and job.to_transfer().source == "archive" and both.cloud.asked == []


def test_an_archive_without_a_copy_is_not_asked_for_paths(bench: Bench, both: Both) -> None:
    del both.archive.pages["/demo/cloud"]
    (job,) = fetch(bench, both, "auto", ONE)
    assert right(bench, ONE) and both.lookups == 0 and job.to_transfer().source == "archive"


def test_a_simulated_archive_can_point_to_this_machine_only(bench: Bench, both: Both) -> None:
    both.archive.pages["/demo/cloud"] = lambda query: {"cloud": "https://elsewhere.example.org"}
    (job,) = fetch(bench, both, "cloud", ONE)
    assert right(bench, ONE) and job.to_transfer().source == "archive"


def test_a_login_that_the_archive_asks_for_is_not_gone_around(bench: Bench, both: Both) -> None:
    both.archive.secret[ONE] = "SEKRIT"
    both.cloud.faults[ONE] = [Fault("status", code=403)] * 5
    (job,) = fetch(bench, both, "auto", ONE)
    assert job.state == "needs_login" and "the archive does not give this file to everybody" in job.why


# --- other bytes --------------------------------------------------------------------------------------------------


def test_a_part_of_the_cloud_copy_is_gone_on_with_there(bench: Bench, both: Both) -> None:
    both.cloud.files[ONE] = plain_body("other bytes", LENGTH)
    both.cloud.faults[ONE] = [Fault("reset", at=0.6)]
    (job,) = fetch(bench, both, "cloud", ONE)
    assert (bench.out / ONE).read_bytes() == plain_body("other bytes", LENGTH)
    first, second = both.cloud.of(ONE)
    assert first.sent > LENGTH / 2 and second.sent == LENGTH - first.sent, "only the rest is asked for"
    assert both.gets(ONE) == (0, 2) and job.to_transfer().resumed_from > 0


@pytest.mark.parametrize("begun", ["cloud", "archive"])
def test_bytes_of_two_sources_are_never_mixed(bench: Bench, both: Both, begun: SourceChoice) -> None:
    """The two hold different bytes of one length, and name them alike: as two servers may that go by dates. Half of
    the file comes from one, then the user wants the other."""
    for server in (both.archive, both.cloud):
        server.etag, server.modified = False, "Wed, 01 Jul 2020 10:00:00 GMT"
    both.cloud.files[ONE] = plain_body("other bytes", LENGTH)
    first, second = (both.cloud, both.archive) if begun == "cloud" else (both.archive, both.cloud)
    first.faults[ONE] = [Fault("stall", at=0.5)]
    jobs = bench.add(both.archive, session(both, bench.out, begun, ONE))
    bench.until(lambda: jobs[0].control.got >= LENGTH // 2)
    bench.owner.pause(None, None)
    bench.until(lambda: not jobs[0].busy)
    assert json.loads((bench.out / f"{ONE}.part.json").read_text())["source"] == begun

    (job,) = fetch(bench, both, "archive" if begun == "cloud" else "cloud", ONE, name="s2")
    assert job.state == "done" and right(bench, ONE)
    if begun == "cloud":  # which must not be asked any more: begun anew
        assert [asked.headers.get("range") for asked in second.of(ONE)] == [None]
    else:  # what is there is gone on with where it came from
        assert "a part of it was here, from the archive" in job.why
        assert second.of(ONE) == [] and [asked.status for asked in first.of(ONE)] == [200, 206]


def test_a_part_is_given_up_when_its_source_fails_again_and_again(bench: Bench, both: Both) -> None:
    both.cloud.files[ONE] = plain_body("other bytes", LENGTH)
    both.cloud.faults[ONE] = [Fault("reset", at=0.6), *[Fault("status", code=500)] * 20]
    (job,) = fetch(bench, both, "cloud", ONE)
    assert right(bench, ONE) and job.to_transfer().source == "archive"
    assert 3 <= both.gets(ONE)[1] <= 5


def test_a_part_outlives_a_line_that_is_down(bench: Bench, both: Both) -> None:
    """Both fail, again and again; when the line is back, the rest comes from where the part is from."""
    both.cloud.faults[ONE] = [Fault("reset", at=0.6), *[Fault("status", code=502)] * 5]
    both.archive.faults[ONE] = [Fault("status", code=502)] * 20
    (job,) = fetch(bench, both, "cloud", ONE)
    assert right(bench, ONE) and job.to_transfer().source == "cloud"
    first, *_refused, last = both.cloud.of(ONE)
    assert both.gets(ONE)[0] >= 2 and last.sent == LENGTH - first.sent


def test_another_length_than_the_archive_lists_is_another_version(bench: Bench, both: Both) -> None:
    both.cloud.files[ONE] = LENGTH - 1000
    (job,) = fetch(bench, both, "cloud", ONE, size=LENGTH)
    assert right(bench, ONE) and both.cloud.sent < LENGTH - 1000
    assert job.to_transfer().source == "archive"


def test_bytes_of_a_record_that_the_cloud_copy_has_no_more_come_from_the_archive(bench: Bench, both: Both) -> None:
    import hashlib

    both.cloud.files[ONE] = plain_body("other bytes", LENGTH)
    (job,) = fetch(bench, both, "cloud", ONE, sha256=hashlib.sha256(plain_body(ONE, LENGTH)).hexdigest())
    assert job.state == "done" and right(bench, ONE)


def test_a_damaged_file_of_the_cloud_copy_is_compared_with_the_archives(bench: Bench, both: Both) -> None:
    good = hdu({"SIMPLE": True, "BITPIX": 8, "NAXIS": 1, "NAXIS1": 20_000}, bytes(20_000))
    for server, data in ((both.archive, good), (both.cloud, good[:-2880])):
        server.files["u9o40509m_drz.fits"] = data
    (job,) = fetch(bench, both, "cloud", "u9o40509m_drz.fits")
    assert (bench.out / "u9o40509m_drz.fits").read_bytes() == good
    assert job.to_transfer().source == "archive" and job.made is not None and job.made.verdict == "complete"


@pytest.mark.parametrize(("noted", "resumed"), [(None, True), ("archive", True), ("cloud", False), ("tape", False)])
def test_a_note_of_an_older_version_means_the_archive(
    bench: Bench, both: Both, noted: str | None, resumed: bool
) -> None:
    both.archive.faults[ONE] = [Fault("stall", at=0.5)]
    jobs = bench.add(both.archive, session(both, bench.out, "archive", ONE))
    bench.until(lambda: jobs[0].control.got >= LENGTH // 2)
    bench.owner.pause(None, None)
    bench.until(lambda: not jobs[0].busy)
    path = bench.out / f"{ONE}.part.json"
    note = json.loads(path.read_text())
    path.write_text(json.dumps({k: v for k, v in note.items() if k != "source"} | ({"source": noted} if noted else {})))
    bench.owner.resume(None, None)
    bench.settle(jobs)
    assert right(bench, ONE)
    assert ("range" in both.archive.of(ONE)[-1].headers) == resumed


def test_the_choice_is_part_of_the_session_also_through_the_journal(both: Both, tmp_path: Path) -> None:
    wished = session(both, tmp_path, "cloud", ONE)
    assert FetchSession.from_json(wished.to_json()).source == "cloud"
    for older in ({}, {"source": "tape"}):
        assert FetchSession.from_json({k: v for k, v in wished.to_json().items() if k != "source"} | older).source == (
            "auto"
        )


# --- what S3 states -----------------------------------------------------------------------------------------------


def test_an_md5_that_matches_proves_the_file(bench: Bench, both: Both) -> None:
    both.cloud.faults[ONE] = [Fault("reset", at=0.6)]  # also over two answers
    (job,) = fetch(bench, both, "cloud", ONE)
    assert job.made is not None and job.made.verdict == "verified" and "MD5" in job.why
    (plain,) = fetch(bench, both, "archive", NAMES[1], name="s2")
    assert plain.made is not None and plain.made.verdict == "complete", "the archive's ETag is no checksum"


def test_an_md5_that_does_not_match_sends_us_to_the_archive(bench: Bench, both: Both) -> None:
    both.cloud.etag = False
    both.cloud.headers["ETag"] = '"0123456789abcdef0123456789abcdef"'
    (job,) = fetch(bench, both, "cloud", ONE)
    assert right(bench, ONE) and both.gets(ONE) == (1, 1)
    assert job.to_transfer().source == "archive"


@pytest.mark.parametrize(
    ("headers", "md5"),
    [
        ({"etag": '"' + "0f" * 16 + '"'}, "0f" * 16),
        ({"etag": '"' + "0f" * 16 + '"', "x-amz-server-side-encryption": "AES256"}, "0f" * 16),
        ({"etag": '"' + "0f" * 16 + '"', "x-amz-server-side-encryption": "aws:kms"}, ""),
        ({"etag": '"' + "0f" * 16 + '"', "x-amz-server-side-encryption-customer-algorithm": "AES256"}, ""),
        ({"etag": '"' + "0f" * 16 + '-12"'}, ""),
        ({"etag": 'W/"' + "0f" * 16 + '"'}, ""),
        ({}, ""),
    ],
)
def test_an_etag_is_an_md5_only_where_s3_says_so(headers: dict[str, str], md5: str) -> None:
    assert stated_md5(headers) == md5


# --- the rules, one by one ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/hst/public/u24r/u24r0102t/u24r0102t_c1f.fits", "hst/public/u24r/u24r0102t/u24r0102t_c1f.fits"),
        ("/ps1/rings.v3.skycell/1334/061/x.fits", "panstarrs/ps1/public/rings.v3.skycell/1334/061/x.fits"),
        ("/hlsp_local/public/jades/x.fits", "mast/hlsp/jades/x.fits".replace("hlsp/", "")),
        ("/mast/galex/GR6/x.fits", "galex/GR6/x.fits"),
        (None, None), ("", None), ("/", None), (17, None), ("/a/../b", None), ("/a\nb", None), ("/" + "x" * 2000, None),
    ],
)  # fmt: skip
def test_a_path_of_the_archive_becomes_a_key_as_in_astroquery(path: object, key: str | None) -> None:
    assert key_of(path) == key


def test_missions_are_those_of_astroquery() -> None:
    import importlib.util

    spec = importlib.util.find_spec("astroquery")
    assert spec is not None and spec.submodule_search_locations
    source = (Path(spec.submodule_search_locations[0]) / "mast" / "cloud.py").read_text()
    listed = re.search(r"self\.supported_missions = \[([^]]*)\]", source)
    assert listed is not None
    for mission in re.findall(r'"([^"]+)"', listed[1]):
        assert may_be_there(f"{mission}/x.fits".replace("hst", "HST"))
    assert not may_be_there("mast:IUE/url/x.fits")


def test_choice_of_a_file_whose_rights_are_not_known_is_the_users() -> None:
    assert choice_for(FetchItem("u", "p"), "cloud") == "cloud"
    assert choice_for(FetchItem("u", "p", rights="public", release_mjd=51_000.0), "auto") == "auto"
    assert choice_for(FetchItem("u", "p", rights="RESTRICTED"), "auto") == "archive"


def test_the_bucket_and_its_region_are_trusted_and_nothing_that_looks_like_it() -> None:
    cloud = CloudHost()
    address = cloud.file_url("hst/public/a b+c.fits")
    assert address == "https://stpubdata.s3.amazonaws.com/hst/public/a%20b%2Bc.fits"
    assert cloud.trusts(address) and cloud.trusts("https://stpubdata.s3.us-east-1.amazonaws.com/x")
    for other in (
        "http://stpubdata.s3.amazonaws.com/x", "https://stpubdata.s3.amazonaws.com.evil.org/x",
        "https://u@stpubdata.s3.amazonaws.com/x", "https://stpubdata.s3.amazonaws.com:8443/x",
        "https://other.s3.amazonaws.com/x", "https://127.0.0.1/x", "https://stpubdata.s3.a.b.amazonaws.com/x", "//x",
    ):  # fmt: skip
        assert not cloud.trusts(other), other
    assert not cloud.takes_token(address)
    assert not ArchiveHost().takes_token(address)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def measured(clock: Clock) -> Speeds:
    """Two files each: the archive with 1 MB/s and its first byte after 0.1 s, the cloud copy with 10 MB/s after 1 s."""
    speeds = Speeds(clock)
    for _ in range(2):
        for kind, rate, first in (("archive", 1e6, 0.1), ("cloud", 1e7, 1.0)):
            speeds.begun("b", kind)  # type: ignore[arg-type]
            speeds.came("b", kind, 10_000_000, 1e7 / rate, first)  # type: ignore[arg-type]
    return speeds


def test_small_files_come_from_where_the_first_byte_is_early_large_ones_from_where_they_flow() -> None:
    speeds = measured(Clock())
    assert speeds.order("b", ("archive", "cloud"), 100_000) == ["archive", "cloud"]
    assert speeds.order("b", ("archive", "cloud"), 5_000_000) == ["cloud", "archive"]
    assert speeds.order("b", ("archive", "cloud"), None) == ["cloud", "archive"]


def test_a_source_that_failed_is_avoided_the_longer_the_oftener() -> None:
    clock = Clock()
    speeds = measured(clock)
    speeds.failed("b", "cloud")
    assert speeds.order("b", ("archive", "cloud"), 5_000_000)[0] == "archive"
    clock.now += 31
    assert speeds.order("b", ("archive", "cloud"), 5_000_000)[0] == "cloud"
    speeds.failed("b", "cloud")
    clock.now += 31
    assert speeds.avoided("b", "cloud")
    clock.now += 31
    assert not speeds.avoided("b", "cloud")
    speeds.failed("b", "cloud", after_s=600)
    clock.now += 599
    assert speeds.avoided("b", "cloud")


def test_the_slower_one_is_measured_again_now_and_then_but_not_with_a_large_file() -> None:
    clock = Clock()
    speeds = measured(clock)  # in which the cloud copy came last
    for _ in range(31):
        assert speeds.order("b", ("archive", "cloud"), 5_000_000)[0] == "cloud"
        speeds.begun("b", "cloud")
    assert speeds.order("b", ("archive", "cloud"), 5_000_000_000)[0] == "cloud"
    assert speeds.order("b", ("archive", "cloud"), 5_000_000)[0] == "archive"
    speeds.begun("b", "archive")
    assert speeds.order("b", ("archive", "cloud"), 5_000_000)[0] == "cloud"
    clock.now += 301
    assert speeds.order("b", ("archive", "cloud"), 5_000_000)[0] == "archive"
