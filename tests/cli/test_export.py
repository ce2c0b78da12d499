"""A fetch is handed on: a colleague without this program gets the same bytes from script, notebook and table."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from jsonschema import Draft202012Validator
from nbclient import NotebookClient

from .conftest import Command, Ran, command_in

OBSERVATION = "tess2018206045859-s0001-0000000261136679-0120-s"
ENDINGS = ("_lc.fits", "_dvs.pdf", "_tp.fits")


def digests(folder: Path) -> dict[str, str]:
    """sha256 by path of what was fetched into a folder; records and leases are not data."""
    files = (p for p in folder.rglob("*") if p.is_file())
    found = {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
    return {path: digest for path, digest in found.items() if "/" in path and not path.startswith(".")}


@pytest.fixture(scope="module")
def fetched_once(archive_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which files of one observation were fetched, once for all tests here."""
    home = tmp_path_factory.mktemp("fetched", numbered=True)
    home.chmod(0o700)
    command = command_in(home, archive_url)
    listed = command("products", OBSERVATION, "--json").json["files"]
    rows = [f for f in listed if f["uri"].endswith(ENDINGS)]
    assert rows, [f["uri"] for f in listed]
    (home / "list.json").write_text(json.dumps({"files": rows}))
    assert command("get", "--from", str(home / "list.json"), "--to", str(home / "first")).code == 0
    return home


@pytest.fixture
def fetched(mast: Command, fetched_once: Path, tmp_path: Path) -> Path:
    """Files of one observation and their record, in a folder and in the user's own.

    The state folder stays behind: the transfer process may still be taking its journal away from there.
    """
    home = Path(mast.environment["HOME"])
    shutil.copytree(fetched_once / ".local/share", home / ".local/share")
    shutil.copy(fetched_once / "list.json", tmp_path)
    return shutil.copytree(fetched_once / "first", tmp_path / "first")


def python(mast: Command, *words: str, cwd: Path) -> Ran:
    """Python as the colleague has it: astroquery, and nothing of ours on its path."""
    environment = {k: v for k, v in mast.environment.items() if not k.startswith(("MAST_TUI", "PYTHONPATH"))}
    done = subprocess.run(
        [sys.executable, *words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=90
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def test_the_folder_can_be_copied_as_soon_as_the_command_is_back(mast: Command, tmp_path: Path) -> None:
    lc = f"mast:TESS/product/{OBSERVATION}_lc.fits"
    assert mast("get", lc, "--to", str(tmp_path / "first")).code == 0
    copy = shutil.copytree(tmp_path / "first", tmp_path / "copy")  # fails on what goes away under it
    assert sorted(p.relative_to(copy).as_posix() for p in copy.rglob("*") if p.is_file()) == [
        ".mast-tui/ledger.jsonl",
        "manifest.json",
        f"{OBSERVATION}_lc.fits",
    ]


def test_the_script_fetches_the_same_bytes_and_says_so(mast: Command, fetched: Path, tmp_path: Path) -> None:
    text = mast("export", str(fetched), "--as", "script").out
    script = tmp_path / "refetch.py"
    script.write_text(text)
    assert '#     "astroquery==0.4.' in text and "# requires-python" in text
    ran = python(mast, str(script), "again", cwd=tmp_path)
    assert ran.code == 0, ran.out + ran.err
    assert digests(tmp_path / "again") == digests(fetched) != {}
    assert "the same bytes" in ran.out and "astroquery 0.4." in ran.out

    # what is there is not asked for again: nobody answers at this address
    mast.environment["MAST_SERVER"] = "http://127.0.0.1:9"
    assert "here already" in python(mast, str(script), "again", cwd=tmp_path).out
    spoiled = next((tmp_path / "again").rglob("*_lc.fits"))
    spoiled.write_bytes(b"rot")
    broken = python(mast, str(script), "again", cwd=tmp_path)
    assert broken.code == 1
    assert f"{spoiled.name}: NOT FETCHED" in broken.out


def test_the_script_notices_other_bytes_and_leaves_none_under_the_files_name(
    mast: Command, fetched: Path, tmp_path: Path
) -> None:
    manifest = json.loads((fetched / "manifest.json").read_text())
    manifest["files"][0]["sha256"] = "0" * 64
    (tmp_path / "old.json").write_text(json.dumps(manifest))
    (tmp_path / "refetch.py").write_text(mast("export", str(tmp_path / "old.json"), "--as", "script").out)
    ran = python(mast, "refetch.py", "again", cwd=tmp_path)
    assert ran.code == 1
    assert "DIFFERENT" in ran.out and "reprocessed" in ran.out
    assert manifest["files"][0]["path"] not in digests(tmp_path / "again")


def test_the_notebook_is_one_and_ends_with_the_same_bytes(
    mast: Command, fetched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mast("export", str(fetched), "--as", "notebook", "-o", str(tmp_path / "again.ipynb")).code == 0
    book = nbformat.read(tmp_path / "again.ipynb", as_version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    nbformat.validate(book)
    for name in [n for n in os.environ if n.startswith("MAST_TUI")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", mast.environment["HOME"])
    (tmp_path / "again").mkdir()
    NotebookClient(book, timeout=80, resources={"metadata": {"path": str(tmp_path / "again")}}).execute()
    assert digests(tmp_path / "again") == digests(fetched) != {}


@pytest.mark.parametrize("form", ["csv", "ecsv"])
def test_unmodified_astroquery_downloads_the_exported_table(
    form: str, mast: Command, archive_url: str, fetched: Path, tmp_path: Path
) -> None:
    config = tmp_path / "config" / "astropy"
    config.mkdir(parents=True)
    (config / "astroquery.cfg").write_text(f"[mast]\nserver = {archive_url}\n")
    mast.environment["XDG_CONFIG_HOME"] = str(tmp_path / "config")
    (tmp_path / f"products.{form}").write_text(mast("export", str(fetched), "--as", form).out)
    steps = f"""
from astropy.table import Table
from astroquery.mast import Observations
made = Observations.download_products(Table.read("products.{form}"))
assert set(made["Status"]) == {{"COMPLETE"}}, made
"""
    ran = python(mast, "-c", steps, cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert digests(tmp_path / "mastDownload") == digests(fetched) != {}


def test_an_observation_whose_id_is_a_number_keeps_it_in_ecsv(mast: Command, tmp_path: Path) -> None:
    """GALEX: astropy makes a number of it when it reads CSV, which astroquery can't take for a folder's name."""
    listed = mast("products", OBSERVATION, "--json").json["files"]
    row = {**next(f for f in listed if f["uri"].endswith("_lc.fits")), "obs_id": "6374399093149532160"}
    row.pop("path", None)
    (tmp_path / "list.json").write_text(json.dumps({"files": [row]}))
    assert mast("get", "--from", str(tmp_path / "list.json"), "--to", str(tmp_path / "first")).code == 0
    (tmp_path / "products.ecsv").write_text(mast("export", str(tmp_path / "first"), "--as", "ecsv").out)
    read = "from astropy.table import Table; print(repr(str(Table.read('products.ecsv')['obs_id'][0])))"
    assert python(mast, "-c", read, cwd=tmp_path).out.strip() == "'6374399093149532160'"


def test_checksums_are_those_that_sha256sum_checks(mast: Command, fetched: Path) -> None:
    assert mast("export", str(fetched), "--as", "sha256", "-o", str(fetched)).code == 0
    (sums,) = fetched.glob("SHA256SUMS-*")
    done = subprocess.run(["sha256sum", "-c", sums.name], cwd=fetched, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    assert all(line.endswith(": OK") for line in done.stdout.splitlines())


def test_a_record_is_named_by_its_session_its_folder_its_file_or_not_at_all(mast: Command, fetched: Path) -> None:
    session = json.loads((fetched / "manifest.json").read_text())["id"]
    for words in ([], [session[:12]], [str(fetched)]):
        assert OBSERVATION in mast("export", *words, "--as", "csv").out
    for words, code, said in (
        (["20200101"], 1, "no record of a session"),
        ([str(fetched.parent)], 1, "no record at"),
        ([str(fetched.parent / "list.json")], 1, "not a manifest"),
    ):
        ran = mast("export", *words, "--as", "csv")
        assert (ran.code, ran.out) == (code, "") and said.lower() in ran.err.lower(), ran.err


def test_a_file_that_is_there_is_never_replaced(mast: Command, fetched: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("my work")
    ran = mast("export", str(fetched), "--as", "csv", "-o", str(mine))
    assert ran.code == 1 and "is there already" in ran.err
    assert mine.read_text() == "my work"
    for _ in range(2):
        mast("export", str(fetched), "--as", "bibtex", "-o", str(tmp_path))
    assert len(list(tmp_path.glob("references-*.bib"))) == 2


def test_the_schema_can_be_had_from_the_program_and_what_get_writes_keeps_to_it(mast: Command, fetched: Path) -> None:
    schema = json.loads(mast("export", "--schema").out)
    Draft202012Validator(schema).validate(json.loads((fetched / "manifest.json").read_text()))


def test_the_forms_of_the_command_line_are_those_that_there_are() -> None:
    """They are written out there, so that `--help` need not load the rooms."""
    from mast_tui.cli.verb_export import FORMS
    from mast_tui.controller.records import EXPORT_FORMS

    assert list(FORMS) == list(EXPORT_FORMS)


def test_without_any_record_a_sentence_says_where_they_are_kept(bare: Command) -> None:
    ran = bare("export", "--as", "csv")
    assert ran.code == 1 and "no record of any session yet" in ran.err
