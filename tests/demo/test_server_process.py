"""The archive as a command: its first line, its options, its quiet end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[2]
SERVE = [sys.executable, "-m", "mast_tui.demo"]


def start(*options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*SERVE, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )


def ask(base_url: str, path: str) -> requests.Response:
    session = requests.Session()
    session.trust_env = False
    return session.get(base_url + path, timeout=20)


def test_the_first_line_is_the_address_and_the_end_of_stdin_is_the_end() -> None:
    with start("--exit-with-stdin", "--fault", "unavailable=1", "--rows", "1000") as process:
        assert process.stdout is not None
        base_url = process.stdout.readline().strip()
        assert base_url.startswith("http://127.0.0.1:")
        assert [ask(base_url, "/whoami").status_code for _ in range(2)] == [503, 200]
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_quietly(number: signal.Signals) -> None:
    with start() as process:
        assert process.stdout is not None
        process.stdout.readline()
        os.kill(process.pid, number)
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--fault", "truncate"], 2, "did you mean 'truncated'"),
        (["--rows", "many"], 2, "--rows"),
        (["--rows", "500001"], 1, "500,000"),
        (["--port", "70000"], 2, "0 to 65535"),
    ],
)
def test_wrong_options_get_a_sentence(options: list[str], code: int, words: str) -> None:
    done = subprocess.run([*SERVE, *options], capture_output=True, text=True, timeout=30, cwd=ROOT)
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_told_in_a_sentence() -> None:
    with start() as first:
        assert first.stdout is not None
        port = first.stdout.readline().strip().rsplit(":", 1)[-1]
        done = subprocess.run([*SERVE, "--port", port], capture_output=True, text=True, timeout=30, cwd=ROOT)
        first.terminate()
    assert (done.returncode, done.stdout) == (1, "")
    assert "can't start" in done.stderr
    assert "Traceback" not in done.stderr


def test_neither_astropy_nor_astroquery_nor_textual_is_loaded() -> None:
    script = (
        "import sys; from mast_tui.demo.server import serve\n"
        "with serve(): pass\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('astropy', 'astroquery', 'textual', 'requests')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, cwd=ROOT)
    assert done.stdout.strip() == "[]", done.stderr
