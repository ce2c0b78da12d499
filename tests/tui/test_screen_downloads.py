"""The queue's screen: each file's state in signs and words, keys that do what they say, silence at rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest
from textual.geometry import Region

from mast_tui.core.manifest import FileRecord, Manifest
from mast_tui.tui.actions import actions_of
from mast_tui.tui.screens.downloads import DownloadsScreen, detail_of
from mast_tui.tui.widgets.transfer_list import Totals, TransferList, amount, bar, time_left
from tests.tui.rooms_double import HOSTILE, DoubleController, a_transfer, opened, settled

MIXED = (
    a_transfer("lbhx03010_x1dsum.fits", "done", got=2_040_000, total=2_040_000, verdict="verified", sha256="ab" * 32),
    a_transfer("jw01073006001_02101_00001_nrcalong_cal.fits", "running", got=40_000_000, total=118_000_000, rate=850e3),
    a_transfer("secret.fits", "needs_login", total=100_000),
    a_transfer("gone.fits", "failed", why="the archive does not have this file (404)"),
    a_transfer("rest.fits", "paused", got=1_000_000, total=4_200_000, resumed_from=500_000),
    a_transfer("busy.fits", "waiting", why="the archive is busy, again in 8 s"),
    a_transfer("next.fits", "queued", total=1000),
)


async def test_an_empty_queue_says_how_to_fill_it() -> None:
    async with opened(DownloadsScreen) as (app, pilot):
        assert "The queue is empty" in app.words
        key = next(a.shown_key for a in actions_of("products") if a.id == "take")
        assert f"press {key}." in " ".join(app.words.split())
        assert "/data/mast" in app.words
        await pilot.press("p")
        assert "! There are no transfers" in app.words


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_state_is_told_by_a_sign_and_a_word(size: tuple[int, int]) -> None:
    async with opened(DownloadsScreen, DoubleController(MIXED), size=size) as (app, _):
        lines = {
            name: next(line for line in app.lines if name in line)
            for name in ("x1dsum", "secret", "gone", "rest", "next")
        }
        assert "✓" in lines["x1dsum"] and "verified" in lines["x1dsum"] and "2.04 MB" in lines["x1dsum"]
        assert "?" in lines["secret"] and "log in: L" in lines["secret"]
        assert "!" in lines["gone"] and "failed" in lines["gone"]
        assert "‖" in lines["rest"] and "1 / 4.2 MB" in lines["rest"] and "paused" in lines["rest"]
        assert "…" in lines["next"] and "queued" in lines["next"]
        running = next(line for line in app.lines if "↓ jw0107" in line)
        assert "40 / 118 MB" in running and "850 kB/s" in running and "1 min" in running
        assert "███·······" in running
        assert "43 / 124 MB and 2 files of unknown size · 850 kB/s" in app.words


async def test_a_narrow_screen_counts_in_signs_when_words_do_not_fit() -> None:
    async with opened(DownloadsScreen, DoubleController(MIXED), size=(60, 24)) as (app, _):
        assert "7 files: ↓ 1  … 1  … 1  ‖ 1  ? 1  ! 1  ✓ 1 verified" in app.words


async def test_pausing_one_and_going_on() -> None:
    controller = DoubleController([a_transfer("a.fits", "running", got=10, total=100), a_transfer("b.fits")])
    async with opened(DownloadsScreen, controller) as (app, pilot):
        await pilot.press("p")
        await settled(pilot)
        assert controller.double.calls == [("pause", ("mast:HST/product/a.fits",))]
        assert "‖ a.fits" in app.words
        await pilot.press("space")
        await settled(pilot)
        assert controller.double.calls[-1] == ("resume", ("mast:HST/product/a.fits",))
        await pilot.press("down", "p")
        await settled(pilot)
        assert controller.double.calls[-1] == ("pause", ("mast:HST/product/b.fits",))


async def test_pausing_everything_and_going_on() -> None:
    controller = DoubleController(MIXED)
    async with opened(DownloadsScreen, controller) as (app, pilot):
        await pilot.press("P")
        await settled(pilot)
        assert controller.double.calls == [("pause", None)]
        assert "4 paused" in app.words
        await pilot.press("P")
        await settled(pilot)
        assert controller.double.calls[-1] == ("resume", None)


async def test_a_key_that_can_not_act_says_why() -> None:
    async with opened(DownloadsScreen, DoubleController([MIXED[0]])) as (app, pilot):
        for key, why in (("p", "not on the way any more"), ("r", "sessions (S) can verify it"), ("x", "here already")):
            await pilot.press(key)
            await settled(pilot)
            assert why in app.words
        assert app.double.double.calls == []


async def test_trying_a_failed_file_again() -> None:
    controller = DoubleController([MIXED[3]])
    async with opened(DownloadsScreen, controller) as (app, pilot):
        await pilot.press("r")
        await settled(pilot)
        assert controller.double.calls == [("retry", ("mast:HST/product/gone.fits",))]
        assert "… gone.fits" in app.words


async def test_bytes_that_are_here_are_dropped_only_after_a_yes() -> None:
    controller = DoubleController([MIXED[4], a_transfer("none.fits")])
    async with opened(DownloadsScreen, controller) as (app, pilot):
        await pilot.press("x")
        await settled(pilot)
        assert "1 MB of rest.fits are here and would be dropped" in app.words
        await pilot.press("escape")
        await settled(pilot)
        assert controller.double.calls == []
        await pilot.press("x", "x")
        await settled(pilot)
        assert controller.double.calls == [("cancel", ("mast:HST/product/rest.fits",))]
        await pilot.press("down", "x")
        await settled(pilot)
        assert controller.double.calls[-1] == ("cancel", ("mast:HST/product/none.fits",)), (
            "nothing to drop, no question"
        )


async def test_what_is_finished_leaves_the_list_when_told() -> None:
    async with opened(DownloadsScreen, DoubleController(MIXED)) as (app, pilot):
        await pilot.press("f")
        await settled(pilot)
        assert "x1dsum" not in app.words and "rest.fits" in app.words


async def test_the_detail_tells_all_that_is_known() -> None:
    async with opened(DownloadsScreen, DoubleController(MIXED)) as (app, pilot):
        assert "sha256" not in app.words
        await pilot.press("d", "home")
        await settled(pilot)
        assert "ab" * 30 in app.words
        assert "mast:HST/product/lbhx03010_x1dsum.fits" in app.words
        assert "verified: a checksum inside the file" in app.words
        await pilot.press(*["down"] * 4)
        await settled(pilot)
        assert "1,000,000 of 4,200,000; resumed from 500,000, so 500,000 bytes moved" in app.words


@pytest.mark.parametrize(
    ("source", "words"), [("cloud", "its public cloud copy"), ("archive", "the archive itself"), ("", "")]
)
def test_the_detail_tells_where_the_bytes_came_from(source: Literal["cloud", "archive", ""], words: str) -> None:
    transfer = replace(MIXED[0], source=source)
    assert dict(detail_of(transfer, "")).get("from", "") == words


async def test_an_exclusive_file_says_until_when_and_what_to_do() -> None:
    secret = MIXED[2]
    record = FileRecord(secret.uri, secret.path, "needs_login", rights="EXCLUSIVE_ACCESS", release_mjd=61564.0)
    manifest = Manifest(
        secret.session, "2026-11-21T10:00:00Z", "", "test archive", "1979", "/data/mast", files=(record,)
    )
    async with opened(DownloadsScreen, DoubleController([secret], [manifest]), size=(120, 40)) as (app, _):
        assert "Exclusive access until 2027-06-08: L to log in" in app.words


async def test_words_from_outside_are_shown_and_never_obeyed() -> None:
    controller = DoubleController([a_transfer(name, "failed", why=name) for name in HOSTILE])
    async with opened(DownloadsScreen, controller, size=(120, 40)) as (app, pilot):
        for _ in HOSTILE:
            assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c == "\u202e" for c in app.words.replace("\n", ""))
            await pilot.press("down")
            await settled(pilot)
        assert "␛]52;c;QQ==␛\\y" in app.words
        assert "[OIII]5007" in app.words and "[red]x[/red]" in app.words


async def test_the_cursor_stays_on_its_file_when_others_come_before_it() -> None:
    controller = DoubleController([a_transfer("b.fits"), a_transfer("c.fits")])
    async with opened(DownloadsScreen, controller) as (app, pilot):
        await pilot.press("down")
        queue = app.screen.query_one(TransferList)
        queue.show((a_transfer("a.fits"), *controller.double.snapshot()))
        await settled(pilot)
        assert queue.current is not None and queue.current.uri.endswith("c.fits")
        assert next(line for line in app.lines if line.startswith("▸")).startswith("▸… c.fits")


async def test_the_view_follows_the_running_file_until_a_key_is_pressed() -> None:
    done = [a_transfer(f"f{i:03}.fits", "done", got=1, total=1, verdict="complete") for i in range(200)]
    controller = DoubleController([*done, a_transfer("now.fits", "running", total=9)])
    async with opened(DownloadsScreen, controller) as (app, pilot):
        assert "now.fits" in app.words
        await pilot.press("home")
        await settled(pilot)
        app.screen.query_one(TransferList).follow()
        await settled(pilot)
        assert "f000.fits" in app.words and "now.fits" not in app.words


async def test_only_what_changed_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    controller = DoubleController(MIXED)
    async with opened(DownloadsScreen, controller) as (app, pilot):
        drawn: list[Region] = []
        queue = app.screen.query_one(TransferList)
        monkeypatch.setattr(queue, "refresh", lambda *regions, **_: drawn.extend(regions))
        queue.show(controller.double.snapshot())
        assert drawn == []
        controller.double.set(MIXED[1].uri, got=41_000_000)
        queue.show(controller.double.snapshot())
        assert [(r.y, r.height) for r in drawn] == [(1, 1)]
        assert drawn[0].width < 20, "only the digits that differ"
        await pilot.pause()


async def test_thirty_thousand_files_are_counted_by_what_changes() -> None:
    queue = [replace(a_transfer(f"f{i}.fits"), total=1000) for i in range(30_000)]
    totals = Totals()
    totals.update(tuple(queue))
    assert totals.words(80)[0] == "30,000 files: 30,000 queued"
    queue[5] = replace(queue[5], state="running", got=500, rate=100.0)
    queue[6] = replace(queue[6], state="done", got=1000, verdict="complete")
    totals.update(tuple(queue))
    assert totals.words(80) == (
        "30,000 files: 1 running, 29,998 queued, 1 complete",
        "1.5 kB / 30 MB · 100 B/s, 3 d 11 h left",
    )
    queue[5], queue[6] = queue[6], queue[5]
    totals.update(tuple(queue))
    assert totals.moving == 29_999 and len(totals.running) == 1


def test_a_bar_is_full_only_when_every_byte_is_here() -> None:
    assert bar(a_transfer(state="running", got=999, total=1000)) == "█████████·"
    assert bar(a_transfer(state="done", got=1000, total=1000, verdict="complete")) == "██████████"
    assert bar(a_transfer(state="running", got=10)) == "··········"


def test_amounts_and_times_are_short_and_true() -> None:
    assert amount(1_200_000, 3_400_000) == "1.2 / 3.4 MB"
    assert amount(999_000, 3_400_000_000) == "999 kB / 3.4 GB"
    assert amount(1_200_000, None) == "1.2 MB / ?"
    assert time_left(a_transfer(state="running", got=0, total=1000, rate=10.0)) == "1 min"
    assert time_left(a_transfer(state="running", got=0, total=100_000_000, rate=10.0)) == "115 d"
    assert time_left(a_transfer(state="running", got=5, rate=10.0)) == ""


async def test_the_queue_is_put_in_order_by_keys() -> None:
    controller = DoubleController([a_transfer(f"{n}.fits") for n in "abc"])
    async with opened(DownloadsScreen, controller) as (app, pilot):
        await pilot.press("down", "K")
        await settled(pilot)
        assert controller.double.calls == [("move up", ("mast:HST/product/b.fits",))]
        assert [t.path[-6] for t in controller.double.snapshot()] == ["b", "a", "c"]
        assert next(line for line in app.lines if line.startswith("▸")).startswith("▸… b.fits"), "the cursor goes along"
        await pilot.press("greater_than_sign")
        await settled(pilot)
        assert controller.double.calls[-1] == ("move last", ("mast:HST/product/b.fits",))
        await pilot.press("shift+up", "shift+up", "J", "less_than_sign")
        await settled(pilot)
        assert [words for words, _ in controller.double.calls[2:]] == ["move up", "move up", "move down", "move first"]


async def test_priority_goes_up_and_down_and_is_told_in_words() -> None:
    controller = DoubleController([a_transfer("a.fits"), MIXED[0], MIXED[1]])
    async with opened(DownloadsScreen, controller) as (app, pilot):
        await pilot.press("plus")
        await settled(pilot)
        assert controller.double.calls == [("priority high", ("mast:HST/product/a.fits",))]
        assert "queued, high" in app.words
        await pilot.press("plus")
        await settled(pilot)
        assert "Its priority is high already" in app.words
        await pilot.press("minus", "minus")
        await settled(pilot)
        assert "queued, low" in app.words
        await pilot.press("down", "K")
        await settled(pilot)
        assert "not in line any more" in app.words
        assert len(controller.double.calls) == 3


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_the_log_of_a_file_is_a_key_away(size: tuple[int, int]) -> None:
    controller = DoubleController([a_transfer("a.fits", "waiting", why="busy")])
    controller.double.events = (
        ("2026-11-21T16:40:12Z", "attempt 1: mast.stsci.edu answered 503; again in 2 s"),
        ("2026-11-21T16:40:14Z", f"attempt 2: {HOSTILE[0]}"),
    )
    async with opened(DownloadsScreen, controller, size=size) as (app, pilot):
        await pilot.press("l")
        await settled(pilot)
        words = " ".join(app.words.replace("│", " ").split())
        assert "What happened to a.fits" in words
        for part in ("2026-11-21T16:40:12Z", "attempt 1:", "mast.stsci.edu", "answered 503"):
            assert part in words
        assert not any(ord(c) < 32 for c in app.words.replace("\n", ""))
        await pilot.press("escape")
        controller.double.events = ()
        await pilot.press("l")
        await settled(pilot)
        assert "Nothing yet" in app.words


async def test_a_full_disk_says_what_to_do() -> None:
    why = "4.2 MB are still to come, the disk has 1 MB: free some, then resume"
    controller = DoubleController([a_transfer("a.fits", "paused", why=why)])
    controller.double.notices.append(f"/data/mast: {why}")
    async with opened(DownloadsScreen, controller, size=(120, 40)) as (app, pilot):
        assert f"! /data/mast: {why}" in app.words, "it asks"
        assert "free some, then resume · space goes on, P with all" in app.words
        await pilot.press("P")
        await settled(pilot)
        assert controller.double.calls == [("resume", None)]


async def test_the_keys_of_the_queue_are_hinted_at_80_columns() -> None:
    async with opened(DownloadsScreen, DoubleController(MIXED)) as (app, _):
        hints = " ".join(app.lines[-1].split())
        assert hints == "space pause P all r retry x cancel d detail K sooner l log ? help"
