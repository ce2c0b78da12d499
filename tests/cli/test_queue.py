"""`get` and `queue` as a user meets them: the bar on a terminal, the queue from another window and after a logout."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mast_tui.cli import ends, following
from mast_tui.core.fetch import Transfer

from .conftest import REPOSITORY, Command

TESS = "mast:TESS/product/tess2018206045859-s0001-0000000261136679-0120-s"
LC, TP = f"{TESS}_lc.fits", f"{TESS}_tp.fits"
#: The light curve has some 2 MB: at this rate it takes far longer than a test.
SLOWLY = "40k"


@pytest.fixture
def queue(mast: Command) -> Iterator[Command]:
    """The command; at the end nothing is left on its way."""
    yield mast
    mast("queue", "pause")


def wait_until(true: Callable[[], bool], within_s: float = 20) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def lines(shown: str) -> list[list[str]]:
    """The words of the lines below the headings."""
    return [line.split() for line in shown.splitlines()[1:]]


@pytest.mark.parametrize(
    "words", [(), ("list",), ("pause",), ("resume",), ("log",), ("wait",), ("limit", "1M"), ("forget",)]
)
def test_with_nothing_there_it_says_so_and_all_is_well(queue: Command, words: tuple[str, ...]) -> None:
    ran = queue("queue", *words)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("Nothing is queued")
    assert queue("queue", *words, "--json").json is not None


def test_from_another_window_the_queue_is_seen_ordered_paused_and_told(queue: Command, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    handed = queue("get", TP, LC, "--to", str(folder), "--jobs", "1", "--limit-rate", SLOWLY, "--detach")
    assert handed.code == 0
    session = handed.out.strip()
    assert f"mast-tui queue wait {session}" in handed.err

    ran = queue("queue")
    assert ran.code == 0
    assert ran.err.startswith(f"{session}: 2 files: ") and "goes on by itself" in ran.err
    assert "At most 40 kB/s over all transfers." in ran.err, "looking changes no setting"
    assert [words[0] for words in lines(ran.out)] == ["running", "queued"]

    assert "1 file of high priority" in queue("queue", "priority", "high", LC).err
    (files,) = (s["files"] for s in queue("queue", "--json").json["sessions"])
    assert [(f["uri"], f["priority"], f["state"]) for f in files] == [
        (LC, "high", "queued"),
        (TP, "normal", "running"),
    ], "what runs is not interrupted"
    assert "1 file of normal priority" in queue("queue", "priority", "normal", LC).err
    assert "first in line" in queue("queue", "first", Path(LC).name).err
    assert queue("queue", "pause", LC).code == 0
    order = lines(queue("queue").out)
    assert order[0][0] == "paused" and LC in order[0], "it is first, and waits for its turn all the same"

    assert "1 file paused" in queue("queue", "pause", session[:-2]).err, "the beginning of an id is enough"
    assert [words[0] for words in lines(queue("queue").out)] == ["paused", "paused"]
    told = queue("queue", "log", TP).out.splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  ", line) for line in told)
    assert any("paused" in line for line in told) and any(" answered 200; " in line for line in told)

    wrong = queue("queue", "pause", "nothing.fits")
    assert wrong.code == 1 and "here is no “nothing.fits” in the queue" in wrong.err
    assert queue("queue", "priority", "urgent", LC).code == 2
    assert queue("queue", "cancel").code == 2, "everything is not cancelled by a word that was forgotten"
    assert queue("queue", "wait").code == 1, "nothing moves, and the files are not here"

    assert "1 file cancelled" in queue("queue", "cancel", TP).err
    # the process has ended meanwhile, with its limit; what it left is gone on with
    assert "1 file on their way again" in queue("queue", "resume", LC, "--json").err
    ran = queue("queue", "wait", "--json")
    assert ran.code == 0
    assert (folder / Path(LC).name).stat().st_size > 1_000_000
    assert not list(folder.rglob("*.part"))
    assert "verified, " in queue("queue", "log", LC).out.splitlines()[-1], "also when it has left the queue"


def test_a_get_that_was_interrupted_goes_on_from_another_window(queue: Command, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    command = [sys.executable, "-m", "mast_tui.cli", "get", LC, "--to", str(folder), "--limit-rate", "400k"]
    with subprocess.Popen(
        command, env=queue.environment, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as get:
        wait_until(lambda: any(p.stat().st_size > 300_000 for p in folder.rglob("*.part")))
        os.killpg(get.pid, signal.SIGINT)
        assert get.stderr is not None
        assert "the same command goes on from there, or `mast-tui queue resume`" in get.stderr.read()
        assert get.wait(5) == 130
    ran = queue("queue")
    assert "1 paused" in ran.err and "interrupted; resume to go on" in ran.out
    assert queue("queue", "resume").code == 0
    assert queue("queue", "wait").code == 0
    wait_until(lambda: (folder / Path(LC).name).exists())


# --- the line -------------------------------------------------------------------------------------------------------


def on_a_terminal(environment: dict[str, str], *words: str, columns: int = 80) -> tuple[int, str]:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    command = [sys.executable, "-m", "mast_tui.cli", *words]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs, env=environment, cwd=REPOSITORY
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:
        pass  # Linux says so when the other end of a terminal closes
    os.close(ours)
    return process.wait(30), shown.decode()


@pytest.mark.parametrize(
    ("extra", "columns", "bar"),
    [({}, 80, r"\[█+·+\] "), ({"MAST_TUI_PLOT": "ascii", "NO_COLOR": "1"}, 80, r"\[#+\.+\] "), ({}, 40, "")],
)
def test_on_a_terminal_get_shows_a_bar_that_fits_the_line(
    queue: Command, tmp_path: Path, extra: dict[str, str], columns: int, bar: str
) -> None:
    words = ("get", LC, "--to", str(tmp_path / "files"), "--limit-rate", "1M")
    code, shown = on_a_terminal({**queue.environment, **extra}, *words, columns=columns)
    assert code == 0
    drawn = [line for line in re.split(r"\r|\n|\x1b\[K", shown) if re.match(r"(\[.{16}\] )?[01] of 1 files, ", line)]
    assert 2 <= len(drawn) <= 12, "some twice a second, and no more"
    assert all(len(line) < columns for line in drawn)
    assert len(set(drawn)) == len(drawn), "no bytes when nothing changes"
    assert any(re.match(bar + r"0 of 1 files, ", line) for line in drawn)
    assert "\x1b[" not in shown.replace("\x1b[K", ""), "no colour, no movement but to the line's beginning"
    assert f"{Path(LC).name}: verified, " in shown


def a(state: str, got: int = 0, total: int | None = 100, **more: object) -> Transfer:
    return Transfer("s", f"mast:X/{state}", f"x/{state}.fits", state, got, total, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("transfers", "bar"),
    [
        ([a("running", 0)], "." * 16),
        ([a("running", 50)], "#" * 8 + "." * 8),
        ([a("running", 100)], "#" * 15 + "."),
        ([a("done", 100), a("running", 10, None)], "#" * 8 + "." * 8),
        ([a("done", 100), a("failed", 10)], "#" * 16),
        ([], "#" * 16),
    ],
)
def test_the_bar_is_of_bytes_or_else_of_files_and_full_only_at_the_end(transfers: list[Transfer], bar: str) -> None:
    assert following.with_bar(transfers, "words", 80, "#", ".") == f"[{bar}] words"
    assert following.with_bar(transfers, "words", 40, "#", ".") == "words"


def test_a_full_disk_is_told_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    why = "no space left for the download: free some, then resume"
    code = following.conclude([a("done", 100), a("paused", 10, why=why)], "`mast-tui queue resume ID`")
    assert code == ends.FAILED
    assert capsys.readouterr().err == f"1 file paused: {why}. To go on: `mast-tui queue resume ID`.\n"
