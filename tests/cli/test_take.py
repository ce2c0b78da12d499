"""Look and take: a file drawn in text, files fetched and verified, and the exit code that a script can trust."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from .conftest import Command

OBSERVATION = "tess2018206045859-s0001-0000000261136679-0120-s"
URI = f"mast:TESS/product/{OBSERVATION}_lc.fits"
EXCLUSIVE = "jw01979-o002_t001_nircam_clear-f150w2"


def test_a_light_curve_of_the_archive_is_drawn_to_size(mast: Command) -> None:
    ran = mast("preview", URI, "--size", "90x25")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert len(lines) <= 25
    assert max(map(len, lines)) <= 90
    assert "PDCSAP" in ran.out
    assert any(0x2800 <= ord(sign) < 0x2900 for sign in ran.out)


def test_a_font_without_braille_gets_ascii(mast: Command) -> None:
    for env in ({"MAST_TUI_PLOT": "ascii"}, {"LC_ALL": "en_US.ISO-8859-1", "PYTHONIOENCODING": "latin-1"}):
        ran = mast("preview", URI, env=env)
        assert ran.code == 0
        assert not any(0x2800 <= ord(sign) < 0x2900 for sign in ran.out)
    assert ran.out.isascii()


def test_the_numbers_of_a_preview_are_data(mast: Command) -> None:
    shown = mast("preview", URI, "--json", "--info").json
    item = shown["items"][0]
    assert shown["kind"] == "lightcurve"
    assert item["x"]["unit"] == "d"
    assert 0 < item["n_good"] < item["n_rows"]
    assert [h["name"] for h in shown["hdus"]][:2] == ["PRIMARY", "LIGHTCURVE"]
    raw = mast("preview", URI, "--json", "--quality", "none", "--column", "SAP_FLUX").json["items"][0]
    assert raw["y"]["name"] == "SAP_FLUX"
    assert raw["n_good"] > item["n_good"]


def test_what_can_not_be_looked_at_gets_a_sentence(mast: Command, tmp_path: Path) -> None:
    broken = tmp_path / "broken.fits"
    broken.write_bytes(b"SIMPLE  =                    T" + b" " * 100)
    for words, code in (
        ([str(tmp_path / "nothing.fits")], 1),
        ([str(broken)], 1),
        (["mast:TESS/product/nothing.fits"], 1),
        ([URI, "--hdu", "99"], 2),
        ([URI, "--column", "FLUXX"], 2),
    ):
        ran = mast("preview", *words)
        assert ran.code == code, words
        assert ran.err.count("\n") <= 2
        assert ran.err.startswith("mast-tui: ")


def test_from_search_to_verified_files_and_back_again(mast: Command, tmp_path: Path) -> None:
    """The whole job in a shell: products into a list, the list into files, the manifest into the same files again."""
    listed = mast("products", OBSERVATION, "--json")
    wanted = [f for f in listed.json["files"] if f["uri"].endswith("_lc.fits")]
    (tmp_path / "list.json").write_text(json.dumps({"files": wanted}))
    first = tmp_path / "first"
    ran = mast("get", "--from", str(tmp_path / "list.json"), "--to", str(first), "--json")
    assert ran.code == 0
    (file,) = ran.json["files"]
    assert file["state"] == "done"
    assert file["verdict"] == "verified"
    assert (first / wanted[0]["path"]).stat().st_size == wanted[0]["size"]
    manifest = Path(ran.json["manifest"])
    assert manifest.is_file()

    second = tmp_path / "second"
    again = mast("get", "--from", str(manifest), "--to", str(second))
    assert again.code == 0
    assert again.out.strip() == wanted[0]["path"]
    assert "1 of 1 file there and right" in again.err
    assert (second / wanted[0]["path"]).read_bytes() == (first / wanted[0]["path"]).read_bytes()

    assert mast("verify", str(second)).code == 0
    assert mast("verify", str(manifest), "--json").json["ok"] is True
    with (second / wanted[0]["path"]).open("r+b") as f:
        f.seek(50_000)
        f.write(b"rot")
    wrong = mast("verify", str(second))
    assert wrong.code == 1
    assert wrong.out.startswith("changed  ")
    (first / wanted[0]["path"]).unlink()
    gone = mast("verify", str(manifest), "--json")
    assert gone.code == 1
    assert [f["standing"] for f in gone.json["files"]] == ["missing"]


def test_a_csv_on_stdin_is_a_list_too(mast: Command, tmp_path: Path) -> None:
    listed = mast("products", OBSERVATION, "--format", "csv").out
    head, *rows = listed.splitlines()
    chosen = "\n".join([head, *(row for row in rows if "_lc.fits" in row)])
    ran = mast("get", "--from", "-", "--to", str(tmp_path / "files"), stdin=chosen + "\n")
    assert ran.code == 0
    assert ran.out.strip() == f"TESS/{OBSERVATION}/{OBSERVATION}_lc.fits"


def test_one_file_that_fails_never_stops_the_others_and_the_code_is_1(mast: Command, tmp_path: Path) -> None:
    ran = mast("get", URI, "mast:TESS/product/nothing.fits", "--to", str(tmp_path / "files"))
    assert ran.code == 1
    assert ran.out.strip() == f"{OBSERVATION}_lc.fits"
    assert "nothing.fits: failed." in ran.err
    assert "1 of 2 files there and right" in ran.err


def test_files_of_one_name_do_not_hide_each_other(mast: Command, tmp_path: Path) -> None:
    ran = mast("get", "mast:A/one/x.fits", "mast:B/two/x.fits", "--to", str(tmp_path / "files"), "--json")
    assert ran.code == 1
    assert sorted(f["path"] for f in ran.json["files"]) == ["A/one/x.fits", "B/two/x.fits"]


def test_exclusive_files_need_a_login_and_the_code_is_4(mast: Command, tmp_path: Path) -> None:
    uri = next(f["uri"] for f in mast("products", EXCLUSIVE, "--json").json["files"])
    ran = mast("get", uri, "--to", str(tmp_path / "files"))
    assert ran.code == 4
    assert "needs login" in ran.err
    assert "MAST_API_TOKEN" in ran.err
    assert mast("preview", uri).code == 4


def test_a_folder_that_can_not_be_used_is_told_before_anything_is_fetched(mast: Command, tmp_path: Path) -> None:
    occupied = tmp_path / "occupied"
    occupied.write_text("a file")
    ran = mast("get", URI, "--to", str(occupied))
    assert ran.code == 1
    assert "is not a folder" in ran.err
    if os.getuid() != 0:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o500)
        assert mast("get", URI, "--to", str(closed / "files")).code == 1


def test_more_than_the_disk_holds_is_refused(mast: Command, tmp_path: Path) -> None:
    huge = {"files": [{"uri": URI, "path": "x.fits", "size": 10**18}]}
    (tmp_path / "huge.json").write_text(json.dumps(huge))
    ran = mast("get", "--from", str(tmp_path / "huge.json"), "--to", str(tmp_path / "files"))
    assert ran.code == 1
    assert "room" in ran.err or "fit" in ran.err


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"files": [{"uri": "mast:A/x.fits", "path": "../../x.fits"}]}', 2),
        ('{"files": [{"uri": "file:///etc/passwd"}]}', 2),
        ('{"files": [', 1),
        ("uri;name\n", 2),
        ("", 1),
        ("obs_id,productFilename\na,b\n", 2),
    ],
)
def test_a_list_that_is_wrong_is_told_in_a_sentence(text: str, code: int, mast: Command, tmp_path: Path) -> None:
    (tmp_path / "list").write_text(text)
    ran = mast("get", "--from", str(tmp_path / "list"), "--to", str(tmp_path / "files"))
    assert ran.code == code
    assert ran.err.startswith("mast-tui: ")
    assert not (tmp_path / "x.fits").exists()


def test_handed_over_files_come_by_themselves(mast: Command, tmp_path: Path) -> None:
    ran = mast("get", URI, "--to", str(tmp_path / "files"), "--detach")
    assert ran.code == 0
    assert ran.out.strip()
    for _ in range(300):
        if mast_file(tmp_path).exists():
            break
        time.sleep(0.1)
    assert mast_file(tmp_path).stat().st_size > 1_000_000


def mast_file(folder: Path) -> Path:
    return folder / "files" / f"{OBSERVATION}_lc.fits"


def test_transfers_are_not_handed_over_to_an_archive_that_ends_now(mast: Command, tmp_path: Path) -> None:
    ran = mast("get", URI, "--demo", "--to", str(tmp_path / "files"), "--detach")
    assert ran.code == 2
    assert "mast-tui demo serve" in " ".join(ran.err.split())
    assert not (tmp_path / "files").exists()
