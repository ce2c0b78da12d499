"""The command starts at once and loads only what it needs; what it is asked wrongly it answers in a sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mast_tui import __version__

from .conftest import Command

HEAVY = ("textual", "rich", "astropy", "astroquery", "plotext", "requests", "keyring")


def loaded_after(words: list[str], environment: dict[str, str]) -> set[str]:
    """The top-level modules in the process that ran these words."""
    code = f"from mast_tui.cli import main\nmain({words!r})\nimport sys\nprint('LOADED', *sorted(sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60, check=True
    )
    return set(ran.stdout.rsplit("LOADED", 1)[1].split())


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["search", "--help"], ["get", "--help"], ["config", "path"]], ids=" ".join
)
def test_help_and_version_load_nothing_heavy(words: list[str], bare: Command) -> None:
    loaded = loaded_after(words, bare.environment)
    assert not loaded & {*HEAVY, "numpy", "asyncio", "mast_tui.controller"}


def test_a_headless_verb_loads_neither_the_screens_nor_astropy(mast: Command) -> None:
    loaded = loaded_after(["resolve", "M8"], mast.environment)
    assert "mast_tui.controller" in loaded
    assert not loaded & {*HEAVY}
    assert not any(name.startswith("mast_tui.tui.") for name in loaded)


def test_version_and_help_are_data(bare: Command) -> None:
    assert bare("--version").out == f"mast-tui {__version__}\n"
    told = bare("--help")
    assert told.code == 0
    for verb in ("resolve", "search", "products", "preview", "get", "verify", "login", "doctor", "demo"):
        assert f"\n  {verb} " in told.out


def test_each_verb_has_help_that_fits_a_small_terminal(bare: Command) -> None:
    from mast_tui.cli.program import VERBS

    for verb in VERBS:
        told = bare(verb, "--help", env={"COLUMNS": "80"})
        assert told.code == 0
        assert max(map(len, told.out.splitlines())) <= 80, verb


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["search", "M8", "--radius", "5 parsec"], "is not a radius"),
        (["search", "M8", "--radius", "-1deg"], "makes no sense"),
        (["search", "--radius", "0.1deg"], "a radius needs a place"),
        (["search", "proposal 1979", "--radius", "0.1deg"], "makes no sense with proposal 1979"),
        (["search"], "nothing to search for"),
        (["search", "370 95"], "no point of the sky"),
        (["search", "1 2 3 4"], "can't be read as coordinates"),
        (["search", "-c", "obs_colection=HST"], "Did you mean obs_collection?"),
        (["search", "-c", "obs_collection"], "is not a condition"),
        (["search", "-c", "t_min=soon..later"], "is no range for t_min"),
        (["search", "M8", "--format", "xml"], "xml"),
        (["search", "M8", "--json", "--format", "csv"], "can't be used together"),
        (["search", "M8", "--limit", "-1"], "--limit"),
        (["search", "mast:TESS/product/x.fits"], "names one file"),
        (["preview", "x.fits", "--size", "wide"], "120x35"),
        (["get"], "URIs or with --from"),
        (["get", "--jobs", "9", "mast:x/y"], "--jobs"),
        (["get", "--limit-rate", "fast", "mast:x/y"], "is not a rate"),
        (["get", "http://example.org/x.fits"], "is not a MAST URI"),
        (["products"], "OBSID"),
        (["demo", "serve", "--fault", "solw"], "slow"),
        (["--demo", "--archive", "https://x.org", "resolve", "M8"], "can't be used together"),
        (["--rows", "5", "resolve", "M8"], "use it with --demo"),
        (["resolve", "M8", "--archive", "http://example.org"], "must be https"),
        (["resolve", "M8", "--archive", "ftp://example.org"], "must be https"),
        (["search", "M8", "--frobnicate"], "--frobnicate"),
    ],
    ids=lambda x: " ".join(x)[:40] if isinstance(x, list) else "",
)
def test_a_wrong_question_gets_a_sentence_and_2(words: list[str], said: str, bare: Command) -> None:
    ran = bare(*words)
    assert ran.code == 2
    assert said.lower() in ran.err.lower()
    assert ran.out == "" or "--json" in words


def test_with_json_an_error_is_also_data(bare: Command) -> None:
    ran = bare("search", "--json", "-c", "obs_colection=HST")
    assert ran.code == 2
    error = ran.json["error"]
    assert error["kind"] == "invalid_query"
    assert error["next_step"] == "Did you mean obs_collection?"
    assert bare("search", "--json", "--nope").json["error"]["kind"] == "usage"


def test_without_a_terminal_the_app_names_the_verbs_instead(bare: Command) -> None:
    for words in ((), ("M8",), ("--demo",), ("--demo", "270.9", "-24.4")):
        ran = bare(*words)
        assert ran.code == 2
        assert "needs a terminal" in ran.err
        assert "mast-tui search" in ran.err


def test_a_wrong_setting_is_told_with_the_file_it_stands_in(bare: Command) -> None:
    config = Path(bare("config", "path").out.strip())
    config.parent.mkdir(parents=True)
    config.write_text("pagesize = 100\n")
    ran = bare("resolve", "M8")
    assert ran.code == 2
    assert "Did you mean page_size?" in ran.err
    config.write_text("page_size = \n")
    assert "is not valid TOML" in bare("config", "show").err


def test_config_shows_where_each_value_comes_from(bare: Command) -> None:
    config = Path(bare("config", "path").out.strip())
    config.parent.mkdir(parents=True)
    config.write_text('jobs = 2\nradius = "72arcsec"\n')
    shown = bare("config", "show", "--json", env={"MAST_TUI_PAGE_SIZE": "500", "MAST_API_TOKEN": "SEKRIT"})
    assert shown.json["jobs"] == {"value": 2, "origin": str(config), "help": shown.json["jobs"]["help"]}
    assert shown.json["page_size"]["origin"] == "environment MAST_TUI_PAGE_SIZE"
    assert shown.json["mouse"]["origin"] == "built in"
    assert "SEKRIT" not in shown.out + shown.err
    table = bare("config", "show").out.splitlines()
    assert any(line.split()[:2] == ["jobs", "2"] for line in table)


def test_the_columns_to_search_by_are_listed(bare: Command) -> None:
    ran = bare("search", "--columns")
    assert ran.code == 0
    assert any(line.split()[:1] == ["t_exptime"] and " s " in line for line in ran.out.splitlines())
    named = {c["name"] for c in bare("search", "--columns", "--json").json["columns"]}
    assert {"obs_collection", "sequence_number"} <= named
    assert "distance" not in named


def test_a_word_that_needs_another_says_which_there_are(bare: Command) -> None:
    told = bare("demo")
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith("Usage: mast-tui demo")
    assert "\n  serve" in told.err


def test_the_settings_are_shown_without_a_further_word(bare: Command) -> None:
    assert bare("config").out == bare("config", "show").out
    assert bare("config", "--json").json == bare("config", "show", "--json").json
