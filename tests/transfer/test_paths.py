"""No name from the archive, and nothing planted in the folder, makes us write anywhere else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mast_tui.core.fetch import FetchItem, FetchSession
from mast_tui.transfer.folder import apart

from .chaos import Chaos
from .conftest import Bench

BODY = b"the file's own bytes"
VICTIM = b"somebody else's"


@pytest.fixture
def chaos() -> Chaos:
    return Chaos({"x.fits.txt": BODY, "other.txt": b"other", "good.txt": b"good"})


def get(bench: Bench, chaos: Chaos, *paths: str, uri: str = "x.fits.txt") -> list[tuple[str, str]]:
    """State and reason of each path; a good file beside them must always come."""
    items = [FetchItem(chaos.uri(uri), path) for path in paths] + [FetchItem(chaos.uri("good.txt"), "good.txt")]
    session = FetchSession(f"s{len(bench.owner.queue.sessions)}", str(bench.out), tuple(items), chaos.base)
    jobs = bench.settle(bench.add(chaos, session))
    assert jobs[-1].state == "done", "the batch goes on"
    return [(job.state, job.why) for job in jobs[:-1]]


def everything_below(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}


@pytest.mark.parametrize(
    "path",
    [
        "/etc/cron.d/x", "../../x", "a/../../b", "..", "", ".bashrc", "-rf.fits", "a\x1b]0;t\x07.fits", "a\nb",
        "x" * 300, "C:\\x\\y.fits", "a\u202etxt.fits", "a//b", "a/./b", "/".join("abcdefghij"), "a\0b",
    ],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused_with_a_reason(
    bench: Bench, chaos: Chaos, path: str, tmp_path: Path
) -> None:
    before = everything_below(tmp_path)
    with chaos:
        ((state, why),) = get(bench, chaos, path)
    assert state == "failed"
    assert why and why.isprintable()
    new = everything_below(tmp_path) - before
    assert {n for n in new if not n.startswith(("out/.mast-tui/", "out/manifest", "state/"))} == {"out/good.txt"}
    assert "x.fits.txt" not in {asked.name for asked in chaos.asked}, "nothing was asked for it"


@pytest.mark.parametrize("what", ["link", "dangling link", "pipe", "folder", "hard link", "device link"])
@pytest.mark.parametrize("where", ["t.txt", "t.txt.part", "t.txt.part.json"])
def test_what_is_planted_at_the_target_keeps_its_bytes(
    bench: Bench, chaos: Chaos, what: str, where: str, tmp_path: Path
) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(VICTIM)
    bench.out.mkdir()
    planted = bench.out / where
    if what == "link":
        planted.symlink_to(victim)
    elif what == "dangling link":
        planted.symlink_to(tmp_path / "new")
    elif what == "device link":
        planted.symlink_to("/dev/full")
    elif what == "pipe":
        os.mkfifo(planted)
    elif what == "folder":
        planted.mkdir()
    else:
        planted.hardlink_to(victim)
    with chaos:
        ((state, why),) = get(bench, chaos, "t.txt")
    assert victim.read_bytes() == VICTIM
    assert not (tmp_path / "new").exists()
    if where == "t.txt.part.json":
        return  # a note that is no note is only ignored, or replaced
    assert state == "failed"
    assert "not a plain file" in why or "linked from elsewhere" in why or "Is a directory" in why


def test_a_linked_folder_on_the_way_is_refused(bench: Bench, chaos: Chaos, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    bench.out.mkdir()
    (bench.out / "sub").symlink_to(elsewhere)
    with chaos:
        ((state, why),) = get(bench, chaos, "sub/t.txt")
    assert (state, list(elsewhere.iterdir())) == ("failed", [])
    assert "a link or a file, not a folder" in why


def test_the_download_folder_itself_may_be_a_link(bench: Bench, chaos: Chaos, tmp_path: Path) -> None:
    (tmp_path / "big disk").mkdir()
    bench.out.symlink_to(tmp_path / "big disk")
    with chaos:
        ((state, _why),) = get(bench, chaos, "t.txt")
    assert state == "done"
    assert (tmp_path / "big disk" / "t.txt").read_bytes() == BODY


@pytest.mark.parametrize("twin", ["a/t.txt", "A/T.TXT"])
def test_two_uris_with_one_path_become_two_files(bench: Bench, chaos: Chaos, twin: str) -> None:
    items = (FetchItem(chaos.uri("x.fits.txt"), "a/t.txt"), FetchItem(chaos.uri("other.txt"), twin))
    with chaos:
        jobs = bench.settle(bench.add(chaos, FetchSession("s", str(bench.out), items, chaos.base)))
    assert [job.path for job in jobs] == ["a/t.txt", apart(twin, chaos.uri("other.txt"))]
    assert (bench.out / jobs[0].path).read_bytes() == BODY
    assert (bench.out / jobs[1].path).read_bytes() == b"other"


def test_the_twin_gets_the_same_name_in_a_later_session(bench: Bench, chaos: Chaos, tmp_path: Path, home: Path) -> None:
    with chaos:
        get(bench, chaos, "t.txt")
        bench.close()
        later = Bench(tmp_path)
        session = FetchSession("later", str(bench.out), (FetchItem(chaos.uri("other.txt"), "t.txt"),), chaos.base)
        (job,) = later.settle(later.add(chaos, session))
        later.close()
    assert job.path == apart("t.txt", chaos.uri("other.txt"))
    assert (bench.out / "t.txt").read_bytes() == BODY


def test_names_that_are_ours_are_never_given_to_a_file(bench: Bench, chaos: Chaos) -> None:
    with chaos:
        for path in ("manifest.json", "manifest-s0.json", "x.part", "x.part.json"):
            get(bench, chaos, path)
    for job in bench.owner.queue.all_jobs():
        if job.item.path != "good.txt":
            assert "~" in job.path and not job.path.endswith((".part", ".json"))
            assert (bench.out / job.path).read_bytes() == BODY


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/b.fits", "a/b~{}.fits"),
        ("b.fits.gz", "b~{}.fits.gz"),
        ("v1.2_x.fits", "v1.2_x~{}.fits"),
        ("README", "README~{}"),
    ],
)
def test_the_mark_goes_before_the_suffix(path: str, name: str) -> None:
    mark = apart("x", "mast:a")[2:]
    assert apart(path, "mast:a") == name.format(mark)
