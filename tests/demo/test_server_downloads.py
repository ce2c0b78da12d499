"""Somebody downloads files from the embedded archive: whole, in pieces, with and without the right to."""

from __future__ import annotations

import subprocess
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from .conftest import BYTES, EXCLUSIVE_URI, PUBLIC_URI, RELEASED_URI, Client


def test_a_file_comes_whole_and_says_how_long_it_is_and_which_version(archive: Client) -> None:
    answer = archive.file(PUBLIC_URI)
    assert (answer.status_code, answer.content) == (200, BYTES)
    assert answer.headers["Content-Length"] == str(len(BYTES))
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["ETag"].startswith('"')
    assert parsedate_to_datetime(answer.headers["Last-Modified"]).year >= 2025
    head = archive.file(PUBLIC_URI, "HEAD")
    assert head.content == b""
    for name in ("Content-Length", "ETag", "Last-Modified", "Accept-Ranges"):
        assert head.headers[name] == answer.headers[name]


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-2879", 0, 2880), ("bytes=150000-", 150_000, 200_000), ("bytes=-100", 199_900, 200_000),
     ("bytes=199999-400000", 199_999, 200_000), ("bytes=0-0", 0, 1)],
)  # fmt: skip
def test_a_range_gives_just_those_bytes(archive: Client, asked: str, start: int, stop: int) -> None:
    answer = archive.file(PUBLIC_URI, Range=asked)
    assert (answer.status_code, answer.content) == (206, BYTES[start:stop])
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(BYTES)}"


def test_a_range_behind_the_end_is_refused_with_the_true_size(archive: Client) -> None:
    answer = archive.file(PUBLIC_URI, Range="bytes=200000-")
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(BYTES)}"


@pytest.mark.parametrize("asked", ["bytes=5-2", "lines=1-2", "bytes=", "bytes=a-b", "bytes=0-1,5-6"])
def test_a_range_that_makes_no_sense_is_ignored(archive: Client, asked: str) -> None:
    assert archive.file(PUBLIC_URI, Range=asked).status_code == 200


def test_if_range_resumes_the_same_version_only(archive: Client) -> None:
    first = archive.file(PUBLIC_URI, "HEAD").headers
    rest = "bytes=100000-"
    assert archive.file(PUBLIC_URI, Range=rest, If_Range=first["ETag"]).status_code == 206
    assert archive.file(PUBLIC_URI, Range=rest, If_Range=first["Last-Modified"]).status_code == 206
    for old in ('"other"', "Wed, 01 Jan 2020 00:00:00 GMT", "W/" + first["ETag"], "nonsense"):
        answer = archive.file(PUBLIC_URI, Range=rest, If_Range=old)
        assert (answer.status_code, answer.content) == (200, BYTES)
    assert archive.file(PUBLIC_URI, If_None_Match=first["ETag"]).status_code == 304


@pytest.mark.parametrize(
    ("who", "status"),
    [("", 401), ("token wrong", 401), ("Bearer demo-guest", 403), ("token demo-pi-2733", 403),
     ("token demo-pi-1979", 200), ("Bearer demo-pi-01979", 200)],
)  # fmt: skip
def test_an_exclusive_file_is_for_its_programme_only(archive: Client, who: str, status: int) -> None:
    answer = archive.file(EXCLUSIVE_URI, **({"Authorization": who} if who else {}))
    assert answer.status_code == status
    assert (answer.content == BYTES) == (status == 200)
    if status != 200:
        assert answer.json()["status"] == "ERROR"


def test_the_cookie_works_like_the_header_and_a_release_date_opens_the_file(archive: Client) -> None:
    assert archive.file(EXCLUSIVE_URI, Cookie="mast_token=demo-pi-1979").status_code == 200
    assert archive.file(EXCLUSIVE_URI, Cookie="mast_token=demo-guest").status_code == 403
    assert archive.file(RELEASED_URI).content == BYTES


def test_the_log_says_that_a_token_came_and_never_which(archive: Client) -> None:
    archive.file(EXCLUSIVE_URI, Authorization="Bearer demo-secretword")
    archive.get("/whoami?token=demo-secretword", headers={"Cookie": "mast_token=demo-secretword"})
    log = archive.get("/demo/log")
    assert "secretword" not in log.text
    assert [entry["with_token"] for entry in log.json()["requests"][-2:]] == [True, True]


def test_an_unknown_file_is_not_found(archive: Client) -> None:
    answer = archive.file("mast:HST/product/../../etc/passwd")
    assert answer.status_code == 404
    assert "not found" in answer.json()["msg"].lower()


def test_the_old_portal_address_and_the_missions_address_give_the_same_file(archive: Client) -> None:
    assert archive.get(f"/portal/Download/file?uri={PUBLIC_URI}").content == BYTES
    part = archive.get(
        "/search/hst/api/v0.1/retrieve_product?product_name=demo_100%2Fdemo_public_drz.fits",
        headers={"Range": "bytes=10-19"},
    )
    assert (part.status_code, part.content) == (206, BYTES[10:20])
    exclusive = "/search/jwst/api/v0.1/retrieve_product?product_name=demo_101%2Fjw01979_demo_i2d.fits"
    assert archive.get(exclusive).status_code == 401
    assert archive.get(exclusive, headers={"Authorization": "token demo-pi-1979"}).content == BYTES


def test_a_recorded_product_has_the_recorded_size_and_is_a_sound_fits_file(archive: Client, tmp_path: Path) -> None:
    from astropy.io import fits

    answer = archive.file("mast:HST/product/u9o40504m_c3m.fits")
    assert len(answer.content) == 207_360
    path = tmp_path / "c3m.fits"
    path.write_bytes(answer.content)
    with fits.open(path, checksum=True) as file:
        file.verify("exception")
        assert file[0].header["ORIGIN"] == "SIMULATED"
        assert file[0].data.std() > 1
    tail = archive.file("mast:HST/product/u9o40504m_drz.fits", Range="bytes=-10")
    assert (tail.status_code, len(tail.content)) == (206, 10)


def test_the_curl_script_is_one_that_a_shell_runs(archive: Client, tmp_path: Path) -> None:
    answer = archive.post("/api/v0.1/Download/bundle.sh", data={"uri": [PUBLIC_URI, "mast:no/such 'file`"]})
    script = tmp_path / "get.sh"
    script.write_text(answer.text, encoding="utf-8")
    subprocess.run(["bash", "-n", str(script)], check=True, timeout=20)
    assert f"{archive.url}/api/v0.1/Download/file?uri={PUBLIC_URI}" in answer.text
    assert "# not found: mast:no/such 'file`" in answer.text
    assert archive.post("/api/v0.1/Download/bundle.sh", data={}).status_code == 400


def test_the_cloud_paths_are_the_recorded_ones(archive: Client) -> None:
    known, unknown = "mast:HST/product/u9o40504m_c3m.fits", "mast:HST/product/does_not_exist.fits"
    ruled = "mast:HST/product/u9o40504m_drz.fits"
    found = archive.get("/api/v0.1/path_lookup/", params={"uri": [known, unknown, ruled]}).json()
    assert found[known] == {"status_code": 200, "path": "/hst/public/u9o4/u9o40504m/u9o40504m_c3m.fits"}
    assert found[unknown] == {"status_code": 404, "path": None}
    assert found[ruled]["path"] == "/hst/public/u9o4/u9o40504m/u9o40504m_drz.fits"


def test_who_am_i(archive: Client) -> None:
    assert archive.get("/whoami").json()["anon"] is True
    assert archive.get("/whoami", headers={"Authorization": "token stolen"}).json()["anon"] is True
    me = archive.get("/whoami", headers={"Cookie": "mast_token=demo-pi-1979"})
    assert me.json()["anon"] is False
    assert "1979" in me.json()["attrib"]["display_name"]
    assert "demo-pi-1979" not in me.text.replace("@demo", "")
