"""Before anything is fetched: is there room, can it be written, what is here already."""

from __future__ import annotations

import hashlib
import json
import os
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest

from mast_tui.controller import describe
from mast_tui.controller import plan as plans
from mast_tui.core.fetch import FetchItem
from mast_tui.core.products import Amount

Usage = namedtuple("Usage", "total used free")


def ledger(folder: Path, uri: str, path: str, data: bytes) -> None:
    """A file that an earlier session left, with its line in the folder's ledger."""
    (folder / ".mast-tui").mkdir(parents=True, exist_ok=True)
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(data)
    line = {
        "v": 1, "uri": uri, "path": path, "size": len(data), "sha256": hashlib.sha256(data).hexdigest(),
        "verdict": "complete", "archive": "mast.stsci.edu",
    }  # fmt: skip
    with (folder / ".mast-tui/ledger.jsonl").open("a") as f:
        f.write(json.dumps(line) + "\n")


def test_what_is_here_already_needs_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"x" * 40)
    (tmp_path / "b.part").write_bytes(b"x" * 30)
    items = [FetchItem("mast:a", "a", 40), FetchItem("mast:b", "b", 100), FetchItem("mast:c", "c", None)]
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(0, 0, plans.RESERVE_BYTES + 70))
    plan = plans.plan_items(items, tmp_path)
    assert (plan.total_bytes, plan.unknown, plan.problem) == (140, 1, None)
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(0, 0, plans.RESERVE_BYTES + 69))
    assert "70 B are to come" in str(plans.plan_items(items, tmp_path).problem)
    assert {p.name for p in tmp_path.iterdir()} == {"a", "b.part"}, "looking makes nothing"


def test_a_folder_that_is_not_there_yet_is_judged_by_the_one_above(tmp_path: Path) -> None:
    plan = plans.plan_items([FetchItem("mast:a", "a", 1)], tmp_path / "new" / "deep")
    assert plan.problem is None and plan.free_bytes is not None and not (tmp_path / "new").exists()


def test_what_can_not_be_written_is_said_before(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "is not a folder" in str(plans.plan_items([], tmp_path / "file").problem)
    assert plans.plan_items([], tmp_path / "file" / "below").problem is not None
    if os.geteuid() != 0:
        (tmp_path / "locked").mkdir(mode=0o500)
        assert "Permission denied" in str(plans.plan_items([], tmp_path / "locked").problem)


def test_what_is_here_what_is_copied_and_what_comes_are_told_apart(tmp_path: Path) -> None:
    folder, shelf = tmp_path / "mast", tmp_path / "data"
    ledger(folder, "mast:a", "A/a.fits", b"a" * 10)
    ledger(shelf / "deep", "mast:b", "B/b.fits", b"b" * 20)
    (shelf / "mastDownload/C").mkdir(parents=True)
    (shelf / "mastDownload/C/c.fits").write_bytes(b"c" * 30)
    items = [FetchItem(f"mast:{x}", f"{x.upper()}/{x}.fits", 10 * n) for n, x in enumerate("abcd", 1)]
    places = plans.Places("mast.stsci.edu", (shelf,))
    plan = plans.plan_items(items, folder, places=places)
    assert (plan.here, plan.elsewhere, plan.coming) == (Amount(1, 10), Amount(2, 50), Amount(1, 40))
    anew = plans.plan_items(items, folder, places=replace(places, refetch=True))
    assert (anew.here, anew.elsewhere, anew.coming) == (Amount(0, 0), Amount(0, 0), Amount(4, 100))


def test_a_file_that_shrank_or_is_another_archives_is_not_here(tmp_path: Path) -> None:
    ledger(tmp_path, "mast:a", "a.fits", b"a" * 10)
    item = FetchItem("mast:a", "a.fits", 10)
    assert plans.plan_items([item], tmp_path, places=plans.Places("127.0.0.1")).here.files == 0
    (tmp_path / "a.fits").write_bytes(b"a" * 9)
    assert plans.plan_items([item], tmp_path, places=plans.Places("mast.stsci.edu")).here.files == 0


def test_the_time_is_told_by_what_was_measured_of_the_source_and_never_guessed(tmp_path: Path) -> None:
    items = [FetchItem("mast:a", "a", 30_000_000)]

    def seconds(**known: object) -> float | None:
        return plans.plan_items(items, tmp_path, places=replace(plans.Places(), **known)).seconds  # type: ignore[arg-type]

    measured = {"archive": 1e6, "cloud": 3e6}
    assert seconds() is None
    assert seconds(measured=measured) == 10
    assert seconds(measured=measured, source="archive") == 30
    assert seconds(measured={"archive": 1e6}, source="cloud") is None
    assert seconds(measured=measured, limit=500_000) == 60


def test_what_could_be_left_out_is_told_by_type_and_level(tmp_path: Path) -> None:
    def item(name: str, kind: str, level: int | None) -> FetchItem:
        return FetchItem(f"mast:{name}", name, 100, product_type=kind, calib_level=level, rights="PUBLIC")

    items = [
        item("lc", "SCIENCE", 3), item("uncal", "SCIENCE", 1), item("raw", "SCIENCE", 0), item("gs", "AUXILIARY", 1),
        item("jpg", "PREVIEW", 2), item("log", "INFO", None), item("plain", "", None),
    ]  # fmt: skip
    plan = plans.plan_items(items, tmp_path)
    assert plan.left_out == {"raw": Amount(2, 200), "auxiliary": Amount(2, 200), "previews": Amount(1, 100)}
    words = [said.text for said in describe(plan, logged_in=True)]
    assert "Could be left out: 2 raw files (200 B), 2 auxiliary files (200 B), 1 preview (100 B)" in words
    assert "How long it takes is not known: no rate has been measured yet." in words


def test_what_stands_in_the_way_is_said_first(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    items = [FetchItem("mast:a", "a", None, rights="EXCLUSIVE_ACCESS")]
    plan = plans.plan_items(items, tmp_path / "file", [("mast:x", "no name")])
    said = list(describe(plan, logged_in=False))
    assert [s.warns for s in said[:5]] == [False, True, True, True, False]
    assert said[0].text == "1 file, size not listed"
    assert "is not a folder" in said[1].text
    assert "wait for a login" in said[2].text
    assert not any("login" in s.text for s in describe(plan, logged_in=True))
