"""Before anything large: what it will be, what is here already, and a question only where somebody can answer it."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import REPOSITORY, Command

OBSERVATION = "tess2018206045859-s0001-0000000261136679-0120-s"
URI = f"mast:TESS/product/{OBSERVATION}_lc.fits"


@pytest.fixture
def wanted(mast: Command, tmp_path: Path) -> Path:
    """A list of the observation's files, as `products --json` gives it."""
    files = mast("products", OBSERVATION, "--all", "--json").json["files"]
    (tmp_path / "list.json").write_text(json.dumps({"files": files}))
    return tmp_path / "list.json"


def test_a_plan_tells_everything_and_fetches_nothing(mast: Command, wanted: Path, tmp_path: Path) -> None:
    ran = mast("get", "--from", str(wanted), "--to", str(tmp_path / "new"), "--plan")
    assert ran.code == 0
    assert f"Into {tmp_path / 'new'}" in ran.out
    assert "no rate has been measured yet" in ran.out or "the rate measured before" in ran.out
    assert "Could be left out:" in ran.out
    plan = mast("get", "--from", str(wanted), "--to", str(tmp_path / "new"), "--plan", "--json").json
    assert plan["to_fetch"] == plan["total"] and plan["total"]["files"] == len(plan["files"])
    assert plan["free_bytes"] > 0 and plan["problem"] is None
    assert not (tmp_path / "new").exists()


def test_left_out_parts_stay_away(mast: Command, wanted: Path, tmp_path: Path) -> None:
    whole = mast("get", "--from", str(wanted), "--plan", "--json").json
    less = mast("get", "--from", str(wanted), "--leave-out", "auxiliary", "--leave-out", "previews", "--plan", "--json")
    left = sum(a["files"] for part, a in whole["could_be_left_out"].items() if part in ("auxiliary", "previews"))
    assert left and less.json["total"]["files"] == whole["total"]["files"] - left
    assert mast("get", URI, "--leave-out", "raw", "--plan").code == 0, "a bare URI says nothing of its level"


def test_a_file_of_another_folder_is_copied_and_the_plan_says_so_before(mast: Command, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert mast("get", URI, "--to", str(first)).code == 0
    env = {"MAST_TUI_DATA_FOLDERS": f"{first}:{tmp_path / 'nowhere'}"}
    here = mast("get", URI, "--to", str(first), "--plan", "--json").json
    assert (here["here"]["files"], here["to_fetch"]["files"]) == (1, 0)
    plan = mast("get", URI, "--to", str(second), "--plan", "--json", env=env).json
    assert (plan["elsewhere"]["files"], plan["to_fetch"]["files"]) == (1, 0)
    ran = mast("get", URI, "--to", str(second), "--json", env=env)
    (file,) = ran.json["files"]
    assert ran.code == 0 and file["verdict"] == "verified"
    assert f"copied from {first}" in file["why"]
    assert (second / file["path"]).read_bytes() == (first / file["path"]).read_bytes()
    anew = mast("get", URI, "--to", str(second), "--refetch", "--json", env=env)
    assert anew.code == 0 and "copied" not in anew.json["files"][0]["why"]


def test_a_plan_that_can_not_be_has_the_exit_code_of_the_fetch(mast: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = mast("get", URI, "--to", str(tmp_path / "file"), "--plan")
    assert ran.code == 1 and "is not a folder" in ran.out


def test_a_script_is_never_asked(mast: Command, tmp_path: Path) -> None:
    env = {"MAST_TUI_ASK_ABOVE_FILES": "0"}
    ran = mast("get", URI, "--to", str(tmp_path / "files"), env=env)
    assert ran.code == 0 and "Fetch them?" not in ran.err


@pytest.mark.parametrize(("typed", "fetched"), [("n\n", False), ("y\n", True), ("\n", True), ("\x04", False)])
def test_a_person_is_asked_before_much(mast: Command, tmp_path: Path, typed: str, fetched: bool) -> None:
    code, shown = at_a_terminal(mast, ["get", URI, "--to", str(tmp_path / "files")], typed)
    assert (code == 0) is fetched
    assert (tmp_path / "files" / f"{OBSERVATION}_lc.fits").exists() is fetched
    assert ("Nothing was fetched." in shown) is not fetched


def test_the_question_can_be_left_with_an_interrupt_and_skipped_with_yes(mast: Command, tmp_path: Path) -> None:
    code, _shown = at_a_terminal(mast, ["get", URI, "--to", str(tmp_path / "files")], "\x03")
    assert code == 130
    assert not (tmp_path / "files").exists()
    code, shown = at_a_terminal(mast, ["get", URI, "--to", str(tmp_path / "files"), "--yes"], None)
    assert code == 0 and "Fetch them?" not in shown


def at_a_terminal(mast: Command, words: list[str], typed: str | None) -> tuple[int, str]:
    """Run a command at a terminal that asks above one file; type when it asks. The exit code, and what was shown."""
    main, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "mast_tui.cli", *words],
        stdin=side, stdout=side, stderr=side, cwd=REPOSITORY, start_new_session=True, preexec_fn=_own_terminal,
        env={**mast.environment, "MAST_TUI_ASK_ABOVE_FILES": "0"},
    )  # fmt: skip
    os.close(side)
    shown, end = b"", time.monotonic() + 60
    try:
        while time.monotonic() < end:
            if select.select([main], [], [], 0.2)[0]:
                try:
                    shown += os.read(main, 65536)
                except OSError:
                    break
            if typed is not None and b"[Y/n]" in shown:
                os.write(main, typed.encode())
                typed = None
            if process.poll() is not None and not select.select([main], [], [], 0)[0]:
                break
        return process.wait(10), shown.decode("utf-8", "replace")
    finally:
        process.kill()
        process.wait()
        os.close(main)


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
