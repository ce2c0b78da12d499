"""Settings come from four places, each knows where, and a typo is never ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

from mast_tui.core import folders
from mast_tui.core.errors import InvalidQuery, LocalFailure, UnreadableFile
from mast_tui.core.host import ArchiveHost, parse_host
from mast_tui.core.manifest import FileRecord, Manifest, read_manifest
from mast_tui.core.secret import Secret
from mast_tui.core.settings import load, parse_rate


def test_command_line_beats_environment_beats_file(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('radius = "1arcmin"\njobs = 2\ncursor = "marker"\n')
    settings = load(file, {"MAST_TUI_JOBS": "3", "MAST_TUI_OTHER": "x"}, {"radius": "5arcsec", "theme": None})
    assert (settings.radius, settings.jobs, settings.cursor, settings.theme) == ("5arcsec", 3, "marker", "auto")
    assert settings.origins["jobs"] == "environment MAST_TUI_JOBS" and settings.origins["radius"] == "command line"
    assert settings.origins["cursor"] == str(file)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("radios = 3\n", "radius"),
        ("jobs = 9\n", "1 to 4"),
        ("mouse = 'sideways'\n", "true or false"),
        ("radius = 'wide'\n", "unit"),
        ("archive = 'http://example.org'\n", "https"),
        ("cursor = 'arrow'\n", "row, marker"),
        ("not toml", "TOML"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(tmp_path: Path, text: str, hint: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(InvalidQuery) as refused:
        load(file, {})
    assert hint in str(refused.value) and str(file) in str(refused.value)


@pytest.mark.parametrize(
    "address", ["https://mast.stsci.edu", "http://127.0.0.1:8000", "http://localhost:1", "http://[::1]:5/"]
)
def test_archives_that_may_be_spoken_to(address: str) -> None:
    assert parse_host(address).base == address.rstrip("/")


@pytest.mark.parametrize(
    "address", ["http://mast.stsci.edu", "ftp://x", "mast", "https://a@b/", "https://", "http://127.0.0.1.evil.org", ""]
)
def test_archives_that_may_not(address: str) -> None:
    with pytest.raises(InvalidQuery):
        parse_host(address)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "http://127.0.0.1/", "http://169.254.169.254/", "https://mast.stsci.edu.evil.org/",
        "https://mast.stsci.edu@evil/", "//evil/x", "https://mast.stsci.edu:8443/x", "http://archive.stsci.edu/x",
    ],
)  # fmt: skip
def test_addresses_in_rows_are_not_followed_elsewhere(url: str) -> None:
    assert not ArchiveHost().trusts(url) and not ArchiveHost().takes_token(url)


def test_the_token_goes_to_the_archive_alone() -> None:
    host = ArchiveHost()
    assert host.trusts("https://archive.stsci.edu/x") and not host.takes_token("https://archive.stsci.edu/x")
    assert host.takes_token(host.download_url("mast:HST/product/a b.fits"))
    assert host.download_url("mast:HST/product/a b.fits").endswith("uri=mast:HST/product/a%20b.fits")


def test_a_secret_never_shows() -> None:
    secret = Secret(" SEKRIT ")
    assert "SEKRIT" not in f"{secret} {secret!r} {[secret]}" and secret.reveal() == "SEKRIT"
    with pytest.raises(TypeError):
        __import__("pickle").dumps(secret)


@pytest.mark.parametrize(
    ("words", "rate"), [("500k", 500_000), ("2M", 2_000_000), ("1500", 1500), ("1.5MB/s", 1_500_000)]
)
def test_rates(words: str, rate: int) -> None:
    assert parse_rate(words) == rate


@pytest.mark.parametrize("words", ["fast", "0", "-3", "2X"])
def test_wrong_rates(words: str) -> None:
    with pytest.raises(InvalidQuery):
        parse_rate(words)


def test_a_manifest_is_the_same_after_it_was_read() -> None:
    record = FileRecord(
        "mast:X/a.fits", "X/o/a.fits", "done", 5, "ab", "complete", obs_id="o", doi_note="none is known"
    )
    made = Manifest(
        "id", "2026-01-01T00:00:00Z", "", "https://mast.stsci.edu", "M8", "/d", files=(record,), simulated=True
    )
    assert read_manifest(made.to_text()) == made and made.datasets == ("o",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"schema": "mast-tui manifest", "schema_version": 99}',
        '{"schema": "mast-tui manifest", "schema_version": 1}',
    ],
)
def test_what_is_no_manifest_is_said_in_a_sentence(text: str) -> None:
    with pytest.raises(UnreadableFile):
        read_manifest(text)


def test_private_folders_are_private_and_files_whole(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir(mode=0o755)
    assert folders.ensure_private(folder).stat().st_mode & 0o777 == 0o700
    folders.write_whole(folder / "a.json", "{}")
    folders.write_whole(folder / "a.json", '{"b": 1}')
    assert (folder / "a.json").read_text() == '{"b": 1}' and [p.name for p in folder.iterdir()] == ["a.json"]
    assert (folder / "a.json").stat().st_mode & 0o777 == 0o600
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(LocalFailure):
        folders.ensure_private(blocked / "below")


def test_data_folders_are_a_list_in_the_file_and_one_word_in_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('data_folders = ["/data/mast", "~/old"]\n')
    assert load(file, {}).data_folder_paths == (Path("/data/mast"), Path.home() / "old")
    assert load(file, {"MAST_TUI_DATA_FOLDERS": "/a:/b:"}).data_folders == ("/a", "/b")
    for wrong, hint in (('["data"]', "not an absolute path"), ("7", "no list of folders"), ("[7]", "no list")):
        file.write_text(f"data_folders = {wrong}\n")
        with pytest.raises(InvalidQuery, match=hint):
            load(file, {})


def test_how_much_is_much_can_be_said(tmp_path: Path) -> None:
    assert load(tmp_path / "none", {}).ask_above_bytes == 2_000_000_000
    assert load(tmp_path / "none", {"MAST_TUI_ASK_ABOVE_SIZE": "500M"}).ask_above_bytes == 500_000_000
    with pytest.raises(InvalidQuery, match=r"ask_above_size .* is “much”\. It is a size in bytes"):
        load(tmp_path / "none", {"MAST_TUI_ASK_ABOVE_SIZE": "much"})
