"""What `get --from` is given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mast_tui.core.errors import InvalidQuery, MastTuiError
from mast_tui.core.fetch import FetchItem
from mast_tui.core.manifest import FileRecord, Manifest
from mast_tui.provenance.exports import FORMS
from mast_tui.transfer import item_for_uri, read_source


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "list"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_plain_list_in_json(tmp_path: Path) -> None:
    files = [
        {"uri": "mast:TESS/product/a_lc.fits", "path": "in/here.fits", "size": 5, "name": "ignored"},
        {"uri": "mast:TESS/product/b_lc.fits"},
        {"uri": "mast:HLA/url/cgi-bin/get.cgi?download=1&filename=c.fits", "size": -1},
        "mast:TESS/product/d.fits",
    ]
    a, b, c, d = read_source(write(tmp_path, json.dumps({"files": files, "token": "SEKRIT"})))
    assert a == FetchItem("mast:TESS/product/a_lc.fits", "in/here.fits", 5)
    assert (b.path, b.size) == ("b_lc.fits", None)
    assert (c.path, c.size) == ("c.fits", None)
    assert d.path == "d.fits"


def test_what_a_json_list_says_of_a_file_reaches_the_record(tmp_path: Path) -> None:
    entry = {
        "uri": "mast:TESS/product/a_lc.fits",
        "path": "a.fits",
        "obs_id": "tess-1",
        "dataRights": "PUBLIC",
        "size": 5,
    }
    (item,) = read_source(write(tmp_path, json.dumps({"files": [entry]})))
    assert (item.path, item.obs_id, item.rights, item.size) == ("a.fits", "tess-1", "PUBLIC", 5)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_as_the_portal_and_astroquery_write_it(tmp_path: Path, delimiter: str) -> None:
    header = ["obsID", "obs_collection", "obs_id", "productFilename", "dataURI", "size", "calib_level", "dataRights"]
    row = ["17", "TESS", "tess-s0001", "a_lc.fits", "mast:TESS/product/a_lc.fits", "2039040", "2", "PUBLIC"]
    text = "\ufeff#int,string\n" + delimiter.join(header) + "\n" + delimiter.join(row) + "\n\n"
    (item,) = read_source(write(tmp_path, text))
    assert (item.uri, item.path, item.size) == ("mast:TESS/product/a_lc.fits", "TESS/tess-s0001/a_lc.fits", 2039040)
    assert (item.obsid, item.calib_level, item.rights) == ("17", 2, "PUBLIC")


@pytest.mark.parametrize("form", ["csv", "ecsv"])
def test_an_exported_table_asks_for_the_very_same_bytes_too(tmp_path: Path, form: str) -> None:
    file = FileRecord("mast:TESS/product/a.fits", "TESS/o/a.fits", "done", 5, "ab" * 32, collection="TESS", obs_id="o")
    record = Manifest("id", "2026-11-21T10:00:00Z", "", "https://mast.stsci.edu", "", "", files=(file,))
    (item,) = read_source(write(tmp_path, FORMS[form].write(record)))
    assert (item.uri, item.path, item.size, item.sha256) == (file.uri, file.path, 5, "ab" * 32)


def test_our_own_record_asks_for_the_very_same_bytes(tmp_path: Path) -> None:
    files = (
        FileRecord("mast:a", "x/a.fits", "done", 5, "ab" * 32, "verified", listed_size=4, obs_id="o", doi="10.1"),
        FileRecord("mast:b", "x/b.fits", "failed", listed_size=7),
        FileRecord("mast:c", "x/c.fits", "cancelled"),
    )
    text = Manifest("id", "", "", "", "", "", files=files).to_text()
    a, b = read_source(write(tmp_path, text))
    assert (a.path, a.size, a.sha256, a.obs_id, a.doi) == ("x/a.fits", 5, "ab" * 32, "o", "10.1")
    assert (b.path, b.size, b.sha256) == ("x/b.fits", 7, "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("a,b\n1,2\n", "no dataURI column"),
        ("DataUri_,b\n1,2\n", "Is it “DataUri_”"),
        ("dataURI\nhttp://x/y.fits\n", "is not a MAST URI"),
        ("dataURI\nmast:TESS/product/\x1b]0;t\x07.fits\n", "is not a MAST URI"),
        ("dataURI\nmast:TESS/product/..\n", "can't be given a name"),
        ("dataURI\n", "names no files"),
        ("{", "not whole JSON"),
        ("[]", "names no files"),
        ('{"files": {}}', "no “files”"),
        ('{"files": [{"uri": "mast:a/b", "sha256": "12"}]}', "is not one"),
        ('{"files": [{}]}', "File 1 of"),
        ('{"files": [{"uri": "mast:a/b", "path": "../x"}]}', "is not used"),
        ('{"files": [{"uri": "mast:a/b", "path": "/etc/x"}]}', "is not used"),
        ('{"schema": "mast-tui manifest", "schema_version": 9}', "version 9"),
    ],
)
def test_bad_lists_are_refused_in_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(MastTuiError) as caught:
        read_source(write(tmp_path, text))
    assert words in str(caught.value)
    assert str(caught.value).isprintable()


def test_what_is_no_text_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(MastTuiError, match="It is not text"):
        read_source(tmp_path / "b")
    with pytest.raises(MastTuiError, match="No such file"):
        read_source(tmp_path / "nowhere")


def test_a_uri_on_the_command_line() -> None:
    assert item_for_uri(" mast:TESS/product/a.fits ").path == "a.fits"
    for bad in ("mast:", "a.fits", "https://x/y", "mast:a/\u202ex"):
        with pytest.raises(InvalidQuery):
            item_for_uri(bad)
