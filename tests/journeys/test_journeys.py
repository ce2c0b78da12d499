"""Whole jobs, by the keyboard alone, in a real terminal of the design size and of a larger one."""

from __future__ import annotations

import re

import pytest

from tests.journeys.conftest import SIZES, SLOWLY, World
from tests.journeys.ptyharness import Terminal

both_sizes = pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])


@both_sizes
def test_a_name_that_means_two_places(world: World, size: tuple[int, int]) -> None:
    """M8: SIMBAD and NED are 64 arcseconds apart. Choose, count, rows, facets, and the same query as code."""
    app = world.demo(size=size)
    app.send("M8")
    app.wait_for("read as: a name")
    app.press("enter")
    app.wait_for("SIMBAD", "NED", "63.76″")
    app.press("down", "enter")
    app.wait_for("M8 (NED)", "Mission", " of ")
    app.press("esc")
    app.wait_for("Asked before", "M8 (NED) within 72″")
    app.press("enter")
    app.wait_for("which is meant?")
    app.press("enter")
    app.wait_for("M8 (SIMBAD)", "Mission")
    app.rest()
    total = re.search(r"([\d,]+) of ([\d,]+) · M8", app.screen)
    assert total is not None and total[1] == total[2], "all rows have come"
    app.press("F")
    app.wait_for("Counts of which column?")
    app.press("enter")
    app.wait_for(f"Mission in {total[1]} observations", "HST ", "█")
    app.press("enter")
    app.wait_for(" match “obs_collection=")
    app.press("esc")
    app.wait_gone(" match “")
    app.press("x")
    app.wait_for("astroquery", "SkyCoord(270.904, -24.387", "query_region(")
    app.press("esc")
    app.wait_gone("query_region(")
    leave(app)


@both_sizes
def test_exclusive_data_of_a_programme(world: World, size: tuple[int, int]) -> None:
    """Programme 1979: its files say until when they are exclusive; a token of its team gets them, and no other."""
    app = world.demo(size=size, env=SLOWLY)
    app.send("proposal 1979")
    app.wait_for("read as: proposal 1979")
    app.press("enter")
    app.wait_for("5 of 5 · proposal 1979")
    app.press("enter")
    screen = " ".join(app.wait_for("Exclusive access until ").split())
    until = re.search(r"Exclusive access until (\d{4}-\d\d-\d\d)", screen)
    assert until is not None and until[1] > "2026-11-21"
    app.press("t")
    app.wait_for("8 files under exclusive access will wait for a login")
    app.press("enter")
    app.wait_for("8 files queued")
    app.press("D")
    app.wait_for("8 need login", "log in: L")
    if size[1] < 32:
        app.press("d")
    app.wait_for(f"needs login: Exclusive access until {until[1]}: L to log in")

    app.press("L")
    app.wait_for("Not logged in", "https://auth.mast.stsci.edu/token")
    app.send("0123456789abcdef0123456789abcdef")
    app.wait_for("••••")
    app.press("enter")
    app.wait_for("The archive does not accept this token")
    app.send("demo-pi-1979")
    app.press("enter")
    app.wait_for("The archive knows you as", "8 files that waited for it")
    app.press("esc")
    app.wait_for("Downloads", "running", "queued")
    assert "demo-pi-1979" not in app.raw.decode("utf-8", "replace")
    app.press("q")
    app.wait_for("transfers are under way")
    app.press("p")
    assert app.wait_exit()[0] == 0

    again = world.demo(size=size)
    again.press("f3")
    again.wait_for(" paused")
    assert "running" not in again.screen
    leave(again)


@both_sizes
def test_many_observations_that_share_files(world: World, size: tuple[int, int]) -> None:
    """Programme 1073, F277W: 30,000 product rows are 6,060 files; the calibrated ones, their sum, and the queue."""
    app = world.demo(size=size, env=SLOWLY)
    app.send("proposal 1073")
    app.press("tab", "tab", "tab", "tab")
    app.rest()
    app.send("F277W")
    app.press("enter")
    app.wait_for("15 of 15 · proposal 1073")
    app.press(*["space"] * 15)
    app.wait_for("15 marked")
    app.press("enter")
    app.wait_until(lambda s: _files(s) == 6060, "6,060 different files", 60)
    app.wait_for("calibrated science: 1,470 files 152 GB", "23,940 repeats joined")
    app.press("t")
    app.wait_for("Take these files?", " are free")
    if "Not enough room" in app.rest():
        app.press("enter")
        app.wait_for("Not enough room", "Take fewer files")
    else:
        app.press("esc")
    app.press("/")
    app.send("_cat.ecsv")
    app.press("enter")
    app.rest()
    app.press("t")
    app.wait_for("Take these files?", " are free")
    taken = re.search(r"(\d+) files, ", app.screen)
    assert taken is not None and int(taken[1]) == 15
    app.press("enter")
    app.wait_for("15 files queued")
    app.press("D")
    app.wait_for("15 files:")
    app.wait_for("15 complete", limit_s=60)
    app.press("S")
    app.wait_for("simulated", "15 complete")
    app.press("v")
    app.wait_for("15 files: 15 right")
    leave(app)
    assert len(list(world.downloads.rglob("*_cat.ecsv"))) == 15


def _files(screen: str) -> int:
    """How many files the list of files knows of: shown and hidden."""
    head = " ".join(screen.split())
    return sum(int(n.replace(",", "")) for n in re.findall(r"([\d,]+) files? [\d.]+ [kMGT]?B", head)[:2])


def leave(app: Terminal) -> None:
    """Nothing is under way, so nothing is asked."""
    app.press("q")
    assert app.wait_exit()[0] == 0
