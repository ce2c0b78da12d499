"""Files taken from the public cloud copy, as a user of the command sees it: asked for, told, recorded, got again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from mast_tui.core.manifest import read_manifest
from mast_tui.demo.faults import parse_fault
from mast_tui.demo.server import DemoServer, serve

from .conftest import Command

#: Recorded products of U9O40504M, whose path in the cloud is recorded, or follows HST's rule.
URIS = [f"mast:HST/product/u9o40504m_{suffix}.fits" for suffix in ("c3m", "c0m", "shm")]
ELSEWHERE = "mast:TESS/product/tess2018206045859-s0001-0000000261136679-0120-s_lc.fits"


@pytest.fixture(scope="module")
def archive() -> Iterator[DemoServer]:
    with serve(cloud=True) as server:
        yield server


@pytest.fixture
def mast(bare: Command, archive: DemoServer) -> Command:
    bare.environment["MAST_TUI_ARCHIVE"] = archive.base_url
    return bare


def log(server: DemoServer | None, scope: str = "download") -> list[dict[str, Any]]:
    assert server is not None
    entries = requests.get(f"{server.base_url}/demo/log", timeout=20).json()["requests"]
    return [entry for entry in entries if entry["scope"] == scope]


def test_get_takes_the_cloud_copy_tells_it_and_records_it(mast: Command, archive: DemoServer, tmp_path: Path) -> None:
    secret = {"MAST_API_TOKEN": "demo-pi-1979"}
    ran = mast("get", *URIS, "--to", str(tmp_path), "--source", "cloud", "--json", env=secret)
    assert ran.code == 0, ran.err
    assert {file["source"] for file in ran.json["files"]} == {"cloud"}
    assert ran.err.count("from the cloud copy") == len(URIS)
    record = read_manifest((tmp_path / "manifest.json").read_text())
    assert [(f.source, f.verdict) for f in record.files] == [("cloud", "verified")] * len(URIS)
    assert log(archive) == []
    assert len(log(archive.cloud)) == len(URIS) and not any(entry["with_token"] for entry in log(archive.cloud))
    assert not any(entry["with_token"] for entry in log(archive, "metadata") if "path_lookup" in entry["path"])
    assert mast("verify", str(tmp_path)).code == 0

    again = mast("get", "--from", str(tmp_path / "manifest.json"), "--to", str(tmp_path / "b"), "--source", "archive")
    assert again.code == 0, again.err
    assert len(log(archive)) == len(URIS)
    for uri in URIS:
        name = uri.rsplit("/", 1)[-1]
        here, there = (next(folder.rglob(name)) for folder in (tmp_path / "b", tmp_path))
        assert here.read_bytes() == there.read_bytes()


def test_what_the_cloud_copy_lacks_comes_all_the_same_with_a_word(mast: Command, tmp_path: Path) -> None:
    ran = mast("get", ELSEWHERE, "--to", str(tmp_path), env={"MAST_TUI_SOURCE": "cloud"})
    assert ran.code == 0, ran.err
    record = json.loads((tmp_path / "manifest.json").read_text())["files"][0]
    assert (
        record["source"] == "archive"
        and "the cloud copy is not known to have it; it came from the archive" in record["why"]
    )


@pytest.mark.parametrize(("fault", "from_archive"), [("missing", 1), ("truncated=0.5", 0)])
def test_a_cloud_copy_that_lacks_a_file_or_breaks_off_costs_no_file(
    bare: Command, tmp_path: Path, fault: str, from_archive: int
) -> None:
    """What it lacks comes from the archive; what it broke off is gone on with where it came from."""
    with serve(cloud=True, cloud_faults=[parse_fault(fault)]) as server:
        ran = bare("get", URIS[0], "--to", str(tmp_path), "--source", "cloud", "--archive", server.base_url, "--json")
        assert ran.code == 0, ran.err
        assert [file["source"] for file in ran.json["files"]] == ["archive" if from_archive else "cloud"]
        assert len(log(server)) == from_archive
        resumed = [entry["range"] for entry in log(server.cloud) if entry["range"]]
        assert len(resumed) == 1 - from_archive


def test_a_source_that_is_none_is_refused_with_those_that_are(mast: Command) -> None:
    ran = mast("get", URIS[0], "--source", "tape")
    assert ran.code == 2 and "auto" in ran.err and "cloud" in ran.err
    ran = mast("get", URIS[0], env={"MAST_TUI_SOURCE": "tape"})
    assert ran.code == 2 and "auto, archive, cloud" in ran.err


def test_the_doctor_tells_where_files_come_from(mast: Command) -> None:
    found = {check["about"]: check["found"] for check in mast("doctor", "--json").json["checks"]}
    assert found["files from"] == "auto; measured: nothing yet"
