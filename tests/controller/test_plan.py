"""Before anything is fetched: is there room, can it be written, what is here already."""

from __future__ import annotations

import os
from collections import namedtuple
from pathlib import Path

import pytest

from mast_tui.controller import plan as plans
from mast_tui.core.fetch import FetchItem

Usage = namedtuple("Usage", "total used free")


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
