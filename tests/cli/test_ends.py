"""How a run ends: the code, no traceback, no process left behind, within a second of being told to stop."""

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
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import REPOSITORY, Command

PROGRAM = [sys.executable, "-m", "mast_tui.cli"]


@pytest.fixture(scope="module")
def silent_archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An archive that takes every connection and never answers."""
    from .conftest import empty_home

    environment = empty_home(tmp_path_factory.mktemp("silent-home"))
    command = [*PROGRAM, "demo", "serve", "--fault", "silent"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.kill()


def test_an_archive_that_is_not_there_is_3(bare: Command) -> None:
    ran = bare("whoami", "--archive", "http://127.0.0.1:9", env={"MAST_API_TOKEN": "x", "MAST_TUI_DEADLINE_S": "5"})
    assert ran.code == 3
    count = bare("search", "M8", "--count", "--json", env={"MAST_TUI_ARCHIVE": "http://127.0.0.1:9"})
    assert count.code == 3
    assert count.json["error"]["kind"] == "unavailable"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda n: n.name)
def test_a_signal_ends_it_soon_with_all_its_processes(
    number: signal.Signals, silent_archive: str, bare: Command
) -> None:
    process = started(["search", "TIC 261136679", "--archive", silent_archive], bare.environment)
    children = wait_for_children(process.pid)
    began = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert time.monotonic() - began < 5
    assert process.returncode == 128 + number
    assert "Traceback" not in err
    assert out == ""
    deadline = time.monotonic() + 5
    while any(alive(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(alive(child) for child in children)


def started(words: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    """The program as a shell starts it: with no signal ignored, whatever the tests themselves were started by."""

    def hear_signals() -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)

    return subprocess.Popen(
        [*PROGRAM, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=REPOSITORY,
        preexec_fn=hear_signals,
    )


def wait_for_children(pid: int) -> list[int]:
    """The worker processes, once there are some and they have had the time to ask."""
    for _ in range(200):
        found = [child for child, (parent, _) in processes().items() if parent == pid]
        if found:
            time.sleep(0.3)
            return found
        time.sleep(0.05)
    raise AssertionError("no worker was started")


def alive(pid: int) -> bool:
    """Is it there, and not only its exit code that nobody has asked for?"""
    return not processes().get(pid, (0, "Z"))[1].startswith("Z")


def processes() -> dict[int, tuple[int, str]]:
    """Parent and state of every process."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = (line.split() for line in listed.splitlines())
    return {int(pid): (int(parent), state) for pid, parent, state in rows}


def test_an_interrupted_get_keeps_what_came_and_goes_on_from_there(bare: Command, tmp_path: Path) -> None:
    name = "tess2018206045859-s0001-0000000261136679-0120-s_lc.fits"
    words = ["get", f"mast:TESS/product/{name}", "--to", str(tmp_path / "files")]
    with started(["demo", "serve", "--fault", "rate=500000"], bare.environment) as server:
        assert server.stdout is not None
        bare.environment["MAST_TUI_ARCHIVE"] = server.stdout.readline().strip()
        process = started(words, bare.environment)
        part = tmp_path / "files" / f"{name}.part"
        for _ in range(400):
            if part.exists() and part.stat().st_size > 300_000:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out) == (130, "")
        assert "goes on from there" in err
        assert not (tmp_path / "files" / name).exists()
        again = bare(*words, "--json")
        server.terminate()
    assert again.code == 0
    assert again.json["files"][0]["resumed_from"] > 0


def test_a_reader_that_has_had_enough_is_no_error(mast: Command) -> None:
    for words in ("search M8 --radius 1deg --format jsonl", "search --columns", "--help"):
        ran = subprocess.run(
            ["bash", "-c", f'"{sys.executable}" -m mast_tui.cli {words} | head -n 1; echo "${{PIPESTATUS[0]}}"'],
            capture_output=True,
            text=True,
            env=mast.environment,
            cwd=REPOSITORY,
            timeout=60,
        )
        assert "Traceback" not in ran.stderr
        assert "BrokenPipe" not in ran.stderr
        assert ran.stdout.splitlines()[-1] in ("0", "141")
        assert len(ran.stdout.splitlines()) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_behind_stdout_is_1_in_a_sentence(mast: Command) -> None:
    with open("/dev/full", "w") as full:
        ran = subprocess.run(
            [*PROGRAM, "resolve", "M8"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=mast.environment,
            timeout=60,
        )
    assert ran.returncode == 1
    assert "No space left" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Exception ignored" not in ran.stderr


@pytest.mark.parametrize("redirection", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_defect(redirection: str, mast: Command) -> None:
    ran = subprocess.run(
        ["bash", "-c", f'"{sys.executable}" -m mast_tui.cli resolve M8 {redirection}'],
        capture_output=True,
        text=True,
        env=mast.environment,
        cwd=REPOSITORY,
        timeout=60,
    )
    assert ran.returncode == 0
    assert "defect" not in ran.stderr
    assert list(Path(mast.environment["HOME"]).rglob("crash-*")) == []


def test_hostile_names_never_reach_the_terminal(bare: Command) -> None:
    """An escape sequence that comes in with a wrong word goes out visible and harmless."""
    evil = "x\x1b]52;c;QQ==\x07\u202egpj"
    for words in (
        ("search", "-c", f"{evil}=1"),
        ("search", "M8", "--radius", evil),
        ("resolve", "M8", "--archive", f"https://{evil}"),
        ("get", f"mast:{evil}"),
        ("preview", f"/tmp/{evil}.fits"),
        ("verify", f"/tmp/{evil}"),
        ("config", evil),
        ("search", "M8", "--limit", evil),
        ("get", "--from", f"/tmp/{evil}"),
    ):
        ran = bare(*words)
        assert ran.code in (1, 2)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", ran.out + ran.err), words


def test_a_defect_is_one_sentence_and_a_private_report(bare: Command) -> None:
    code = (
        "import sys\n"
        "from mast_tui.cli import main, verb_config\n"
        "import mast_tui.core.settings as settings\n"
        "def broken(*_, **__):\n"
        "    token = 'SEKRIT'\n"
        "    raise RuntimeError('planted')\n"
        "settings.load = broken\n"
        "sys.argv[1:] = ['config', 'show', '--json']\n"
        "sys.exit(main())\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=bare.environment, timeout=60)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert "defect: RuntimeError" in ran.stderr
    assert '"kind": "defect"' in ran.stdout
    (report,) = Path(bare.environment["HOME"]).rglob("crash-*.txt")
    assert report.stat().st_mode & 0o777 == 0o600
    text = report.read_text()
    assert "planted" in text
    assert "SEKRIT" not in text


@pytest.mark.parametrize(
    ("term", "size", "said"),
    [
        ("dumb", (24, 80), "TERM"),
        ("", (24, 80), "TERM"),
        ("xterm-256color", (10, 80), "too small: 80×10"),
        ("xterm-256color", (24, 30), "too small: 30×24"),
    ],
)
def test_a_terminal_that_can_not_show_the_app_is_told_so(
    term: str, size: tuple[int, int], said: str, bare: Command
) -> None:
    code, shown = in_terminal(["M8", "--demo"], {**bare.environment, "TERM": term}, size)
    assert code == 2
    assert said in shown
    assert "mast-tui search" in shown
    assert "\x1b" not in shown


def test_on_a_terminal_tables_are_cut_to_its_width(mast: Command) -> None:
    code, shown = in_terminal(["search", "TIC 261136679", "--columns", "obs_title,obs_id"], mast.environment, (24, 50))
    assert code == 0
    lines = [line.rpartition("\x1b[K")[2] for line in shown.splitlines()]
    rows = [line for line in lines if "…" in line]
    assert rows
    assert all(len(line) <= 50 for line in rows)


def in_terminal(words: list[str], environment: dict[str, str], size: tuple[int, int]) -> tuple[int, str]:
    """Run in a terminal of `size` (rows, columns); the exit code and everything that was shown."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    process = subprocess.Popen(
        [*PROGRAM, *words], stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=REPOSITORY
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:
        pass  # Linux says so when the other end of a terminal closes
    os.close(ours)
    return process.wait(30), shown.decode("utf-8", "replace")


def test_the_doctor_reports_and_fails_when_the_archive_is_away(mast: Command) -> None:
    well = mast("doctor", "--json")
    states = {check["about"]: check["state"] for check in well.json["checks"]}
    assert states["archive"] == states["resolver"] == "good"
    assert well.code == (1 if "bad" in states.values() else 0)
    assert well.json["not_verified_against_mast"]
    away = mast("doctor", "--archive", "http://127.0.0.1:9")
    assert away.code == 3
    assert re.search(r"^BAD  archive", away.out, re.M)
