"""The token: where it is taken from, that it is checked, and that it is nowhere to be read afterwards."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from .conftest import REPOSITORY, Command

GOOD, BAD = "demo-pi-1979", "SEKRIT-not-a-good-one"


def files_with(word: str, folder: Path) -> list[str]:
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and word.encode() in path.read_bytes():
            found.append(str(path))
    return found


def test_a_right_token_says_whose_it_is_and_is_not_kept(mast: Command) -> None:
    ran = mast("login", "--stdin", stdin=f"{GOOD}\n")
    assert ran.code == 0
    assert "Demo Pi of programme 1979" in ran.out
    assert "not kept" in ran.err
    assert GOOD not in ran.out + ran.err
    assert files_with(GOOD, Path(mast.environment["HOME"])) == []
    assert mast("whoami").out == "anonymous\n"


def test_a_wrong_token_is_4(mast: Command) -> None:
    ran = mast("login", "--stdin", "--json", stdin=f"{BAD}\n")
    assert ran.code == 4
    assert ran.json["error"]["kind"] == "not_allowed"
    assert BAD not in ran.out + ran.err
    assert mast("whoami", env={"MAST_API_TOKEN": BAD}).code == 4


def test_the_token_of_the_environment_is_used(mast: Command) -> None:
    who = mast("whoami", "--json", env={"MAST_API_TOKEN": GOOD})
    assert who.json["anonymous"] is False
    assert who.json["token_source"] == "MAST_API_TOKEN"


def test_a_token_on_the_command_line_is_refused_and_not_repeated(mast: Command) -> None:
    ran = mast("login", BAD)
    assert ran.code == 2
    assert "does not belong on the command line" in ran.err
    assert BAD not in ran.out + ran.err


def test_without_a_terminal_a_token_comes_on_stdin_or_not_at_all(mast: Command) -> None:
    assert "--stdin" in mast("login").err
    empty = mast("login", "--stdin", stdin="\n")
    assert empty.code == 2
    assert "not a token" in empty.err


def test_a_typed_token_is_not_shown(mast: Command) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "mast_tui.cli", "login"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=mast.environment,
        cwd=REPOSITORY,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    while b"Token" not in shown:
        shown += os.read(ours, 1000)
    os.write(ours, GOOD.encode() + b"\n")
    try:
        while piece := os.read(ours, 1000):
            shown += piece
    except OSError:
        pass  # Linux says so when the other end of a terminal closes
    os.close(ours)
    assert process.wait(30) == 0
    assert b"Demo Pi" in shown
    assert GOOD.encode() not in shown


def test_with_the_token_an_exclusive_file_comes_and_the_token_stays_nowhere(mast: Command, tmp_path: Path) -> None:
    uri = next(f["uri"] for f in mast("products", "jw01979-o002_t001_nircam_clear-f150w2", "--json").json["files"])
    ran = mast("get", uri, "--to", str(tmp_path / "files"), "--json", env={"MAST_API_TOKEN": GOOD})
    assert ran.code == 0, ran.err
    assert files_with(GOOD, tmp_path) == []
    assert GOOD not in ran.out + ran.err


def test_a_machine_without_a_keyring_says_so_and_how_else(mast: Command) -> None:
    env = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    ran = mast("login", "--stdin", "--keyring", stdin=f"{GOOD}\n", env=env)
    assert ran.code == 1
    assert "no usable keyring" in ran.err
    assert "MAST_API_TOKEN" in ran.err


def test_logging_in_with_the_keyring_turns_it_on_and_logging_out_forgets(mast: Command, tmp_path: Path) -> None:
    backend = tmp_path / "paper_keyring.py"
    backend.write_text(PAPER_KEYRING)
    store = tmp_path / "paper"
    env = {
        "PYTHON_KEYRING_BACKEND": "paper_keyring.Keyring",
        "PYTHONPATH": f"{REPOSITORY}:{tmp_path}",
        "PAPER_KEYRING": str(store),
    }
    kept = mast("login", "--stdin", "--keyring", stdin=f"{GOOD}\n", env=env)
    assert kept.code == 0
    assert "keyring = true is now set" in kept.err
    assert store.read_text() == GOOD
    who = mast("whoami", "--json", env=env).json
    assert who["token_source"] == "keyring"
    assert mast("logout", env=env).code == 0
    assert not store.exists()
    assert mast("whoami", env=env).out == "anonymous\n"


def test_logging_out_without_anything_kept_is_no_failure(mast: Command) -> None:
    ran = mast("logout", env={"MAST_API_TOKEN": GOOD})
    assert ran.code == 0
    assert "unset MAST_API_TOKEN" in ran.err
    assert mast("logout", "--json").json == {"forgotten": False, "in_environment": False}


PAPER_KEYRING = """
import os, pathlib
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = 1
    path = property(lambda self: pathlib.Path(os.environ["PAPER_KEYRING"]))

    def get_password(self, service, username):
        return self.path.read_text() if self.path.exists() else None

    def set_password(self, service, username, password):
        self.path.write_text(password)

    def delete_password(self, service, username):
        self.path.unlink()
"""
