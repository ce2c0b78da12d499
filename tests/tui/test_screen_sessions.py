"""Sessions: years later, a person sees what was fetched, checks that it is the same, and gets again what is not."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mast_tui.core.again import record_file
from mast_tui.core.host import MAST
from mast_tui.core.manifest import FileRecord, Manifest
from mast_tui.core.query import Criterion, Query
from mast_tui.tui.screens.sessions import SessionsScreen
from tests.tui.rooms_double import HOSTILE, DoubleController, RoomApp, opened, settled

BYTES = b"SIMPLE  =                    T" * 100


def a_record(name: str, state: str = "done", **more: Any) -> FileRecord:
    size = len(BYTES) if state == "done" else None
    digest = hashlib.sha256(BYTES).hexdigest() if state == "done" else ""
    verdict = "verified" if state == "done" else None
    known: dict[str, Any] = {"size": size, "sha256": digest, "verdict": verdict, "obs_id": "lbhx03010", **more}
    return FileRecord(f"mast:HST/product/{name}", f"HST/lbhx03010/{name}", state, **known)


def a_session(folder: Path | str, *files: FileRecord, asked: str = "pi Men", **more: Any) -> Manifest:
    known: dict[str, Any] = {
        "id": "20261121T100000Z-abc123",
        "created": "2026-11-21T10:00:00Z",
        "finished": "2026-11-21T10:01:00Z",
        "archive": MAST,
        "queries": (Query("pi Men", None, (Criterion("proposal_id", ("11537",)),)).to_json(),),
        "versions": {"mast-tui": "0.1.0", "astroquery": "0.4.11"},
        **more,
    }
    return Manifest(asked=asked, folder=str(folder), files=files, **known)


@pytest.fixture
def session(tmp_path: Path) -> Manifest:
    """Four files that were had, and their record; all are on disk, as they were."""
    folder = tmp_path / "mast"
    made = a_session(folder, *(a_record(f"{n}_x1d.fits") for n in "abcd"))
    for record in made.files:
        path = folder / record.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(BYTES)
    kept = Path(record_file(made))
    kept.parent.mkdir(parents=True)
    kept.write_text(made.to_text(), encoding="utf-8")
    return made


def spoil(session: Manifest) -> None:
    """One file away, one cut short, one with a flipped byte."""
    a, b, c, _ = (Path(session.folder) / f.path for f in session.files)
    a.unlink()
    b.write_bytes(BYTES[:-7])
    c.write_bytes(b"X" + BYTES[1:])


async def test_without_sessions_it_says_where_records_would_be() -> None:
    async with opened(SessionsScreen) as (app, pilot):
        assert "Nothing has been fetched yet" in app.words and "manifests" in app.words
        await pilot.press("v")
        await settled(pilot)
        assert "! There are no sessions yet" in app.words


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_each_session_is_a_line_and_simulated_data_says_so(size: tuple[int, int]) -> None:
    real = a_session("/d", a_record("a.fits"), a_record("b.fits", verdict="complete"))
    demo = a_session(
        "/d", a_record("a.fits", "failed"), asked="M 8", id="2", archive="http://127.0.0.1:4000", simulated=True
    )
    coming = a_session("/d", a_record("a.fits"), a_record("b.fits", "queued"), asked="later", id="3")
    async with opened(SessionsScreen, DoubleController((), (real, demo, coming)), size=size) as (app, _):
        line = next(line for line in app.lines if "pi Men" in line)
        assert "2026-11-21" in line and "✓" in line and "1 verified, 1" in line and "mast.stsci.edu" in line
        assert "6 kB" in line
        line = next(line for line in app.lines if "M 8" in line)
        assert "!" in line and "1 failed" in line and "simulated" in line
        line = next(line for line in app.lines if "later" in line)
        assert "…" in line and "1 to come" in line


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_one_session_tells_what_was_asked_and_which_files_came(size: tuple[int, int]) -> None:
    demo = a_session("/data/mast", a_record("a.fits"), a_record("b.fits", "failed", why="404"), simulated=True)
    async with opened(SessionsScreen, DoubleController((), [demo]), size=size) as (app, pilot):
        await pilot.press("enter")
        await settled(pilot)
        for words in (
            "proposal_id",
            "11537",
            "/data/mast",
            "astroquery 0.4.11",
            "simulated and sample data",
            "1 data set",
        ):
            assert words in app.words, words
        assert "verified" in next(line for line in app.lines if "a.fits" in line)
        assert "failed: 404" in next(line for line in app.lines if "b.fits" in line)
        await pilot.press("escape")
        await settled(pilot)
        assert "when" in app.lines[1] and isinstance(app.screen, SessionsScreen)
        await pilot.press("escape")
        await settled(pilot)
        assert not isinstance(app.screen, SessionsScreen)


async def test_files_that_are_as_they_were(session: Manifest) -> None:
    async with opened(SessionsScreen, DoubleController((), [session])) as (app, pilot):
        await pilot.press("v")
        await settled(pilot)
        assert "✓ 4 files: 4 right" in app.words


async def test_files_that_are_not_are_named_one_by_one(session: Manifest) -> None:
    spoil(session)
    async with opened(SessionsScreen, DoubleController((), [session])) as (app, pilot):
        await pilot.press("enter", "v")
        await settled(pilot)
        assert "! 4 files: 1 right, 1 missing, 1 truncated, 1 changed" in app.words
        for name, found in (("a", "! missing"), ("b", "! truncated"), ("c", "! changed"), ("d", "✓ right")):
            line = next(line for line in app.lines if f"/{name}_x1d.fits" in line)
            sign, word = found.split(" ")
            assert sign in line and f"{word} now (verified)" in line


async def test_only_what_is_not_right_is_fetched_again(session: Manifest) -> None:
    spoil(session)
    controller = DoubleController((), [session])
    async with opened(SessionsScreen, controller) as (app, pilot):
        await pilot.press("g")
        await settled(pilot)
        ((asked, plan),) = controller.fetched
        assert asked == "pi Men" and plan.folder == Path(session.folder)
        assert [i.uri[-10:] for i in plan.items] == ["a_x1d.fits", "b_x1d.fits", "c_x1d.fits"]
        assert {i.sha256 for i in plan.items} == {session.files[0].sha256}, "the very same bytes are wanted"
        assert {i.obs_id for i in plan.items} == {"lbhx03010"}
        assert "3 files queued again" in app.words


async def test_nothing_is_fetched_again_when_all_is_right(session: Manifest) -> None:
    controller = DoubleController((), [session])
    async with opened(SessionsScreen, controller) as (app, pilot):
        await pilot.press("g")
        await settled(pilot)
        assert controller.fetched == [] and "there is nothing to get" in app.words


@pytest.mark.parametrize(
    ("more", "start"),
    [
        ({"simulated": True, "archive": "http://127.0.0.1:4000"}, "mast-tui --demo"),
        ({"archive": "https://mirror.example"}, "mast-tui --archive https://mirror.example"),
    ],
)
async def test_files_of_another_archive_are_not_asked_of_this_one(
    tmp_path: Path, more: dict[str, Any], start: str
) -> None:
    controller = DoubleController((), [a_session(tmp_path, a_record("a.fits"), **more)])
    async with opened(SessionsScreen, controller, size=(120, 40)) as (app, pilot):
        await pilot.press("g")
        await settled(pilot)
        assert controller.fetched == [] and start in app.words


async def test_a_record_that_is_gone_is_told_in_a_sentence(tmp_path: Path) -> None:
    async with opened(SessionsScreen, DoubleController((), [a_session(tmp_path, a_record("a.fits"))])) as (app, pilot):
        await pilot.press("v")
        await settled(pilot)
        assert "! There is no /" in " ".join(app.words.split())


async def test_the_path_of_the_record_goes_to_the_clipboard(session: Manifest, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(SessionsScreen, DoubleController((), [session])) as (app, pilot):
        await pilot.press("y")
        await settled(pilot)
        assert app.clipboard == record_file(session) and Path(app.clipboard).is_file()


async def test_a_record_is_exported_into_the_download_folder(session: Manifest, tmp_path: Path) -> None:
    async with opened(SessionsScreen, DoubleController((), [session])) as (app, pilot):
        app.settings = replace(app.settings, download_folder=str(tmp_path / "taken"))
        await pilot.press("e")
        await settled(pilot)
        assert "Write this record into" in app.words and "Jupyter notebook" in app.words
        await pilot.press("enter")
        await settled(pilot)
        (written,) = (tmp_path / "taken").iterdir()
        assert "wrote" in app.words
    assert written.name == f"refetch-{session.id}.py"
    assert session.files[0].uri in written.read_text()


async def test_a_record_without_a_file_can_not_be_exported_and_that_is_said(tmp_path: Path) -> None:
    empty = a_session(tmp_path, a_record("a.fits", "failed"))
    async with opened(SessionsScreen, DoubleController((), [empty]), size=(120, 40)) as (app, pilot):
        await pilot.press("e", "enter")
        await settled(pilot)
        assert "no file that was had" in app.words
    assert not (tmp_path / "taken").exists()


async def test_words_from_outside_are_shown_and_never_obeyed() -> None:
    sessions = [
        a_session("/d", a_record("a"), FileRecord(name, name, "failed", why=name), asked=name, id=str(i), archive=name)
        for i, name in enumerate(HOSTILE)
    ]
    async with opened(SessionsScreen, DoubleController((), sessions), size=(120, 40)) as (app, pilot):
        for i in range(len(HOSTILE)):
            _is_harmless(app)
            await pilot.press("home", *["down"] * i, "enter")
            await settled(pilot)
            _is_harmless(app)
            await pilot.press("escape")
            await settled(pilot)


def _is_harmless(app: RoomApp) -> None:
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c == "\u202e" for c in app.words.replace("\n", ""))
