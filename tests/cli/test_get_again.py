"""`get --from` a record, anywhere: byte-equal files, or which are not and why, and an exit code that says so."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import Command, Ran, empty_home

OBSERVATION = "tess2018206045859-s0001-0000000261136679-0120-s"
URI = f"mast:TESS/product/{OBSERVATION}_lc.fits"
EXCLUSIVE = "jw01979-o002_t001_nircam_clear-f150w2"


@pytest.fixture
def archive_with(tmp_path: Path, bare: Command) -> Iterator[Callable[..., None]]:
    """Point the command at an embedded archive with these faults; ended with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*faults: str) -> None:
        words = [word for fault in faults for word in ("--fault", fault)]
        command = [sys.executable, "-m", "mast_tui.cli", "demo", "serve", *words]
        home = tmp_path / f"server{len(started)}"
        home.mkdir()
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=empty_home(home))
        started.append(server)
        assert server.stdout is not None
        bare.environment["MAST_TUI_ARCHIVE"] = server.stdout.readline().strip()

    yield start
    for server in started:
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0
        assert server.stdout is not None
        server.stdout.close()


def get_again(command: Command, manifest: Path, folder: Path) -> Ran:
    return command("get", "--from", str(manifest), "--to", str(folder), "--json")


def changed_record(manifest: Path, to: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    data = json.loads(manifest.read_text())
    change(data)
    to.write_text(json.dumps(data))
    return to


def test_a_file_that_the_archive_has_changed_is_kept_and_told_with_what_differs(
    bare: Command, archive_with: Callable[..., None], tmp_path: Path
) -> None:
    archive_with("changed=1")
    assert bare("get", URI, "--to", str(tmp_path / "first")).code == 0
    ran = get_again(bare, tmp_path / "first" / "manifest.json", tmp_path / "second")
    assert ran.code == 1
    (difference,) = ran.json["differences"]
    assert difference["cause"] == "reprocessed"
    assert difference["was"]["sha256"] != difference["now"]["sha256"]
    assert difference["was"]["validator"] != difference["now"]["validator"]
    assert "reprocessed: " in ran.err and "the new file is kept" in ran.err
    kept = tmp_path / "second" / difference["path"]
    assert kept.stat().st_size == (tmp_path / "first" / difference["path"]).stat().st_size


def test_an_older_calibration_in_the_record_is_told_next_to_the_new_one(mast: Command, tmp_path: Path) -> None:
    assert mast("get", URI, "--to", str(tmp_path / "first")).code == 0

    def last_year(data: dict[str, Any]) -> None:
        assert data["files"][0]["calibration"], "the record has the version of the header"
        data["files"][0] |= {"sha256": "0" * 64, "calibration": "spoc-3.3.36-20180925, data release 1"}

    old = changed_record(tmp_path / "first" / "manifest.json", tmp_path / "old.json", last_year)
    ran = get_again(mast, old, tmp_path / "second")
    assert ran.code == 1
    assert "calibration spoc-3.3.36-20180925, data release 1 → " in ran.err


def test_what_is_gone_and_what_is_not_allowed_is_told_and_the_rest_comes(mast: Command, tmp_path: Path) -> None:
    assert mast("get", URI, "--to", str(tmp_path / "first")).code == 0
    closed = mast("products", EXCLUSIVE, "--json").json["files"][0]["uri"]

    def more(data: dict[str, Any]) -> None:
        one = data["files"][0]
        data["files"] += [
            {**one, "uri": "mast:TESS/product/withdrawn_lc.fits", "path": "TESS/withdrawn_lc.fits"},
            {**one, "uri": closed, "path": "JWST/closed.fits", "release_mjd": 72000.5, "rights": "EXCLUSIVE_ACCESS"},
        ]

    old = changed_record(tmp_path / "first" / "manifest.json", tmp_path / "old.json", more)
    ran = get_again(mast, old, tmp_path / "second")
    assert ran.code == 1
    found = {d["uri"]: d for d in ran.json["differences"]}
    assert {uri: d["cause"] for uri, d in found.items()} == {
        "mast:TESS/product/withdrawn_lc.fits": "gone",
        closed: "not_allowed",
    }
    assert "404" in found["mast:TESS/product/withdrawn_lc.fits"]["why"]
    assert "exclusive until 2056-01-03" in found[closed]["why"]
    first = json.loads((tmp_path / "first" / "manifest.json").read_text())["files"][0]
    assert (tmp_path / "second" / first["path"]).read_bytes() == (tmp_path / "first" / first["path"]).read_bytes()
    assert "withdrawn_lc.fits: gone" in ran.err and "closed.fits: not allowed" in ran.err


def test_only_not_allowed_is_exit_code_4(mast: Command, tmp_path: Path) -> None:
    closed = mast("products", EXCLUSIVE, "--json").json["files"][0]["uri"]
    assert mast("get", closed, "--to", str(tmp_path / "first")).code == 4
    ran = get_again(mast, tmp_path / "first" / "manifest.json", tmp_path / "second")
    assert ran.code == 4
    assert [d["cause"] for d in ran.json["differences"]] == ["not_allowed"]


def test_the_questions_of_the_record_go_on_into_the_new_one(mast: Command, tmp_path: Path) -> None:
    assert mast("get", URI, "--to", str(tmp_path / "first")).code == 0
    question = {"asked": "pi Men", "service": "Mast.Caom.Filtered", "params": {}, "criteria": ["sequence_number=1"]}

    def asked(data: dict[str, Any]) -> None:
        data["queries"] = [question, {"of": "another kind"}, 5]

    old = changed_record(tmp_path / "first" / "manifest.json", tmp_path / "old.json", asked)
    assert get_again(mast, old, tmp_path / "second").code == 0
    (found,) = json.loads((tmp_path / "second" / "manifest.json").read_text())["queries"]
    assert found["criteria"] == ["sequence_number=1"]
    assert "query_criteria" in found["spellings"]["astroquery"]


def test_a_record_of_the_first_version_is_fetched_from(mast: Command, tmp_path: Path) -> None:
    assert mast("get", URI, "--to", str(tmp_path / "first")).code == 0
    later = ("cause", "source", "started", "pipeline", "calibration", "header")

    def version_1(data: dict[str, Any]) -> None:
        data["schema_version"] = 1
        for file in data["files"]:
            for name in later:
                file.pop(name, None)

    old = changed_record(tmp_path / "first" / "manifest.json", tmp_path / "old.json", version_1)
    ran = get_again(mast, old, tmp_path / "second")
    assert (ran.code, ran.json["differences"]) == (0, [])
