"""Names that came from the archive, from its product list to the disk and the record: six promises, P1 to P6.

`test_paths` has the single names and plants one by one; here each promise is kept by the whole way of a session.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mast_tui.core.fetch import FetchItem, FetchSession, local_path
from mast_tui.core.manifest import read_manifest
from mast_tui.transfer.jobs import Job

from .chaos import Chaos
from .conftest import Bench

VICTIM = b"somebody else's"


@pytest.fixture
def chaos() -> Chaos:
    return Chaos({"x.txt": b"one", "y.txt": b"two", "good.txt": b"good"})


def take(bench: Bench, chaos: Chaos, *wanted: tuple[str, str]) -> list[Job]:
    """Fetch these (name on the server, path) and a good file beside them, which always comes."""
    items = [FetchItem(chaos.uri(name), path) for name, path in (*wanted, ("good.txt", "good.txt"))]
    jobs = bench.settle(bench.add(chaos, FetchSession("s1", str(bench.out), tuple(items), chaos.base)))
    assert jobs[-1].state == "done" and (bench.out / "good.txt").read_bytes() == b"good"
    bench.until(lambda: bench.owner.recorder.idle)
    return jobs[:-1]


def files_outside(bench: Bench, root: Path) -> set[Path]:
    return {p for p in root.rglob("*") if p.is_file() and not p.is_relative_to(bench.out) and p.parent.name != "state"}


@pytest.mark.parametrize("obs_id", ["/etc/cron.d", "../../x", "a/../../b", "..", ".", "", "\x1b]0;t\x07"])
@pytest.mark.parametrize("collection", ["HST", "../up", "/tmp"])
def test_p1_an_observation_id_that_leads_elsewhere_stays_inside(
    bench: Bench, chaos: Chaos, tmp_path: Path, obs_id: str, collection: str
) -> None:
    before = files_outside(bench, tmp_path)
    with chaos:
        (job,) = take(bench, chaos, ("x.txt", local_path(collection, obs_id, "x.txt")))
    assert job.state == "done"
    assert (bench.out / job.path).resolve().is_relative_to(bench.out.resolve())
    assert len(Path(job.path).parts) <= 3 and ".." not in Path(job.path).parts
    assert files_outside(bench, tmp_path) == before


@pytest.mark.parametrize(
    "name",
    ["..", "", ".bashrc", "-rf.fits", "a\x1b]0;t\x07.fits", "a\nb", "x" * 300, "C:\\x\\y.fits", "a\u202etxt.fits"],
    ids=["dots", "empty", "hidden", "an option", "escape", "newline", "long", "windows", "bidi"],
)
def test_p2_a_file_name_that_is_none_is_refused_in_a_sentence(bench: Bench, chaos: Chaos, name: str) -> None:
    try:
        path = local_path("HST", "obs", name)
    except ValueError as error:
        assert str(error).isprintable()
        path = name  # and when it gets as far as the queue, as from a list of the user's
    with chaos:
        (job,) = take(bench, chaos, ("x.txt", path))
    assert job.state in ("failed", "done")
    if job.state == "failed":
        assert job.why and job.why.isprintable()
        assert bench.files() == {"good.txt"}
    else:
        assert job.path.isprintable() and (bench.out / job.path).read_bytes() == b"one"


@pytest.mark.parametrize("what", ["link", "pipe", "file", "hard link", "device link"])
def test_p3_a_parent_that_is_no_folder_costs_that_file_alone(
    bench: Bench, chaos: Chaos, tmp_path: Path, what: str
) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(VICTIM)
    bench.out.mkdir()
    parent = bench.out / "sub"
    if what == "link":
        (tmp_path / "elsewhere").mkdir()
        parent.symlink_to(tmp_path / "elsewhere")
    elif what == "pipe":
        os.mkfifo(parent)
    elif what == "file":
        parent.write_bytes(VICTIM)
    elif what == "hard link":
        parent.hardlink_to(victim)
    else:
        parent.symlink_to("/dev/full")
    with chaos:
        (job,) = take(bench, chaos, ("x.txt", "sub/x.txt"))
    assert job.state == "failed" and "not a folder" in job.why
    assert victim.read_bytes() == VICTIM
    assert not (tmp_path / "elsewhere" / "x.txt").exists()


def test_p4_the_name_that_the_server_offers_is_ignored(bench: Bench, chaos: Chaos, tmp_path: Path) -> None:
    before = files_outside(bench, tmp_path)
    with chaos:  # each of its answers says: Content-Disposition: attachment; filename="../../x"
        (job,) = take(bench, chaos, ("x.txt", "sub/x.txt"))
    assert job.path == "sub/x.txt"
    assert bench.files() == {"sub/x.txt", "good.txt"}
    assert files_outside(bench, tmp_path) == before


def test_p5_two_files_of_one_name_are_two_and_the_record_tells_them_apart(bench: Bench, chaos: Chaos) -> None:
    with chaos:
        one, two = take(bench, chaos, ("x.txt", "HST/obs/same.txt"), ("y.txt", "HST/obs/same.txt"))
    assert one.path != two.path
    record = read_manifest((bench.out / "manifest.json").read_text())
    paths = {f.uri: f.path for f in record.files}
    assert (bench.out / paths[chaos.uri("x.txt")]).read_bytes() == b"one"
    assert (bench.out / paths[chaos.uri("y.txt")]).read_bytes() == b"two"


@pytest.mark.parametrize("twins", [("A.txt", "a.txt"), ("sub/b.TXT", "SUB/B.txt"), ("con.txt", "CON.txt")])
def test_p6_names_that_differ_in_case_alone_are_two_files_on_any_disk(
    bench: Bench, chaos: Chaos, twins: tuple[str, str]
) -> None:
    with chaos:
        one, two = take(bench, chaos, ("x.txt", twins[0]), ("y.txt", twins[1]))
    assert one.path.casefold() != two.path.casefold()
    assert (bench.out / one.path).read_bytes() == b"one"
    assert (bench.out / two.path).read_bytes() == b"two"
