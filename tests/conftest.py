"""What all tests share: homes of their own, one embedded archive, and the switch that writes pictures anew."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures-update", action="store_true", help="write the pictures of the screens anew")


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the folders, the token or the settings of the person who runs it."""
    home = tmp_path_factory.mktemp("home")
    for name, place in {
        "HOME": "",
        "XDG_CONFIG_HOME": "config",
        "XDG_DATA_HOME": "data",
        "XDG_STATE_HOME": "state",
        "XDG_CACHE_HOME": "cache",
    }.items():
        monkeypatch.setenv(name, str(home / place))
    for name in list(os.environ):
        if name.startswith("MAST_TUI_") and name != "MAST_TUI_REAL_DATA":
            monkeypatch.delenv(name)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    (home / "config").mkdir()  # astropy warns of a folder that is not there
    for name in ("MAST_API_TOKEN", "XDG_RUNTIME_DIR", "NO_COLOR", "TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture(scope="session")
def demo_url() -> Iterator[str]:
    """The address of an embedded archive that runs as long as the tests do."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mast_tui.demo", "--exit-with-stdin"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    assert url.startswith("http://127.0.0.1:"), url
    yield url
    process.kill()
    process.wait()
