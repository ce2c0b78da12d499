"""How many colours the terminal is taken to have, and what the app is told then."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest

from mast_tui.core.settings import load
from mast_tui.tui import DEFAULT_THEME, as_terminal_is
from mast_tui.tui.wire.depth import depth_of, tell_textual

#: What terminfo says of these types.
_KNOWN = {"xterm": 8, "xterm-256color": 256, "xterm-direct": 1 << 24, "screen": 8, "linux": 8, "vt220": 0}


@pytest.mark.parametrize(
    ("environment", "depth"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor"),
        ({"TERM": "xterm-256color", "COLORTERM": "24bit"}, "truecolor"),
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "xterm-256color", "COLORTERM": "yes"}, "256"),
        ({"TERM": "xterm-direct"}, "truecolor"),
        ({"TERM": "xterm"}, "16"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "vt220"}, "none"),
        ({"TERM": "foot-256color"}, "256"),
        ({"TERM": "wonderterm"}, "16"),
        # within GNU screen the variable is that of the terminal around it
        ({"TERM": "screen", "STY": "1.pts", "COLORTERM": "truecolor"}, "16"),
        ({"TERM": "screen.xterm-256color", "STY": "1.pts", "COLORTERM": "truecolor"}, "256"),
        # tmux has a TERM of the same name, and turns 24 bits into what its terminal has
        ({"TERM": "screen-256color", "TMUX": "/tmp/x", "COLORTERM": "truecolor"}, "truecolor"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "256"),
    ],
)
def test_the_terminal_tells(environment: Mapping[str, str], depth: str) -> None:
    assert depth_of("auto", environment, _KNOWN.get) == depth


def test_what_is_wished_for_comes_before_what_the_terminal_tells() -> None:
    for wish in ("truecolor", "256", "16", "none"):
        assert depth_of(wish, {"TERM": "xterm", "NO_COLOR": "1"}, _KNOWN.get) == wish


def test_textual_paints_in_what_looks_best() -> None:
    """The wire has the nearer of 256; for fewer than that the widgets choose other signs, and must know."""
    told: dict[str, str] = {"NO_COLOR": "1"}
    tell_textual("256", told, wired=True)
    assert told == {"TEXTUAL_COLOR_SYSTEM": "truecolor"}
    tell_textual("256", told, wired=False)
    assert told == {"TEXTUAL_COLOR_SYSTEM": "256"}
    tell_textual("16", told, wired=True)
    assert told == {"TEXTUAL_COLOR_SYSTEM": "standard"}
    tell_textual("none", told, wired=True)
    assert told == {"TEXTUAL_COLOR_SYSTEM": "standard", "NO_COLOR": "1"}


def test_sixteen_colours_are_the_terminals_own_whatever_the_theme(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM"):
        monkeypatch.setenv(name, "")  # so that it is put back afterwards
    as_terminal_is(load(overrides={"theme": "nord", "colors": "256"}))
    assert os.environ["TEXTUAL_THEME"] == "nord"
    settings = as_terminal_is(load(overrides={"theme": "nord", "colors": "16"}))
    assert os.environ["TEXTUAL_THEME"] == DEFAULT_THEME
    assert (settings.theme, settings.colors, settings.plot) == ("nord", "16", "braille")


def test_the_linux_console_has_no_braille(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TEXTUAL_THEME", "TEXTUAL_COLOR_SYSTEM"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("TERM", "linux")
    assert as_terminal_is(load()).plot == "ascii"
    assert as_terminal_is(load(overrides={"plot": "braille"})).plot == "braille"
