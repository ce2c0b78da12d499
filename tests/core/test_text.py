"""The gate for strings from outside lets names through and nothing that moves a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mast_tui.core.text import clean, human_bytes, human_duration, nearest, path_component, plural


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("M31", "M31"),
        ("α Cen é 星", "α Cen é 星"),
        ("[SPH2006] 1", "[SPH2006] 1"),
        ("a\x1b]52;c;QQ==\x07", "a␛]52;c;QQ==␇"),
        ("x\x9b31m", "x�31m"),
        ("abc\u202etxt.exe", "abc�txt.exe"),
        ("t\tb\nc", "t b c"),
        ("\ud800", "�"),
    ],
)
def test_names_stay_and_escapes_become_visible(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_no_code_point_gives_a_control_byte() -> None:
    for start in range(0, 0x110000, 0x400):
        shown = clean("".join(map(chr, range(start, start + 0x400))))
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in shown)


@given(st.text())
def test_cleaning_twice_changes_nothing_more(raw: str) -> None:
    assert clean(clean(raw)) == clean(raw)


def test_long_text_is_cut_and_combining_marks_do_not_pile_up() -> None:
    assert clean("z" * 3000).endswith("…") and len(clean("z" * 3000)) == 2000
    assert len(clean("e" + "\u0301" * 50)) == 4


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".bashrc", "-rf.fits", "a\nb", "a\x1b]0;t\x07.fits", "x" * 300, "a\u202eb"]
)
def test_names_that_would_harm_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="the name"):
        path_component(name)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\y.fits", "y.fits"),
        ("/abs/file.fits", "file.fits"),
        ("é.fits", "é.fits"),
    ],
)
def test_a_path_is_cut_down_to_its_last_name(name: str, kept: str) -> None:
    assert path_component(name) == kept


@given(st.text(max_size=300))
def test_whatever_comes_a_component_never_leaves_its_folder(raw: str) -> None:
    try:
        name = path_component(raw)
    except ValueError:
        return
    assert "/" not in name and "\\" not in name and name not in (".", "..") and name.isprintable()


@pytest.mark.parametrize(
    ("n", "words"),
    [(0, "0 B"), (999, "999 B"), (2039040, "2.04 MB"), (35_500_000, "35.5 MB"), (4.2e9, "4.2 GB"), (999_950, "1 MB")],
)
def test_bytes_are_said_in_three_figures(n: float, words: str) -> None:
    assert human_bytes(n) == words


def test_durations_and_plurals() -> None:
    assert [human_duration(s) for s in (8.2, 200, 7500, 100_000)] == ["8 s", "3 min 20 s", "2 h 5 min", "1 d 3 h"]
    assert plural(1, "file") == "1 file" and plural(2104, "file") == "2,104 files"


def test_the_nearest_name_is_found_whatever_its_case() -> None:
    assert nearest("OBS_COLECTION", ["obs_collection", "obs_id"]) == "obs_collection"
    assert nearest("xyzzy", ["obs_collection"]) is None
