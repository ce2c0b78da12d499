"""What all tests share: homes of their own, one embedded archive, and the switch that writes pictures anew."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

#: How long an app under a pilot rests before the next key.
_REST_S = 0.006


# Where tests are started in the background of a script, interrupts are ignored, also by all that they start; and after
# `nohup` the end of a terminal. What the programs do when they are told to stop is what the tests are about.
for _number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler if _number == signal.SIGINT else signal.SIG_DFL)


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


@pytest.fixture(scope="session", autouse=True)
def pilots_look_often() -> Iterator[None]:
    """Textual's pilot waits after each key until the app has rested for 20 ms, thrice: here until it has for 6 ms.

    The pictures come as much more often, so that a rest is longer than the time between two of them, as it was.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("textual._wait.SLEEP_GRANULARITY", _REST_S)
        patch.setattr("textual._wait.SLEEP_IDLE", _REST_S / 20)
        patch.setattr("textual.screen.UPDATE_PERIOD", _REST_S * 0.8)
        yield


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
