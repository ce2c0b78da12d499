"""The command as a user runs it: a process with an empty home, on an embedded archive that all tests share."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        import json

        return json.loads(self.out)


class Command(Protocol):
    """`mast("search", "M8")` runs `mast-tui search M8`."""

    environment: dict[str, str]

    def __call__(self, *words: str, stdin: str | None = None, env: Mapping[str, str] | None = None) -> Ran: ...


class _Command:
    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def __call__(self, *words: str, stdin: str | None = None, env: Mapping[str, str] | None = None) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "mast_tui.cli", *words],
            input="" if stdin is None else stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**self.environment, **(env or {})},
            cwd=REPOSITORY,
            timeout=90,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert "\x1b" not in done.stdout + done.stderr, "control bytes in a pipe"
        return Ran(done.returncode, done.stdout, done.stderr)


def empty_home(folder: Path) -> dict[str, str]:
    """The environment of a new user: nothing of whoever runs the tests."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "TMPDIR", "VIRTUAL_ENV")}
    return {
        **kept,
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "PYTHONPATH": str(REPOSITORY),
    }


@pytest.fixture(scope="session")
def archive_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The embedded archive, as `mast-tui demo serve` starts it."""
    environment = empty_home(tmp_path_factory.mktemp("server-home"))
    command = [sys.executable, "-m", "mast_tui.cli", "demo", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        yield url
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0


def command_in(home: Path, archive_url: str) -> Command:
    """The command of the user of this home, on an embedded archive; for fixtures that outlive a test."""
    return _Command({**empty_home(home), "MAST_TUI_ARCHIVE": archive_url})


@pytest.fixture
def bare(tmp_path: Path) -> Command:
    """The command with an empty home, and no archive named: MAST itself, which no test may reach."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return _Command(empty_home(home))


@pytest.fixture
def mast(bare: Command, archive_url: str) -> Command:
    """The command on the shared embedded archive."""
    bare.environment["MAST_TUI_ARCHIVE"] = archive_url
    return bare
