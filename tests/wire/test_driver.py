"""What the driver makes of the terminal's reports, and when Textual is left its own driver."""

from __future__ import annotations

import subprocess
import sys

import pytest
from textual import events
from textual._xterm_parser import XTermParser

from mast_tui.tui.wire import driver_of_terminal
from mast_tui.tui.wire.driver import modified_f3


@pytest.mark.parametrize(
    ("typed", "key"),
    [("\x1b[1;2R", "shift+f3"), ("\x1b[1;5R", "ctrl+f3"), ("\x1b[1;8R", "alt+ctrl+shift+f3"), ("\x1b[1;1R", None)],
)  # fmt: skip
def test_f3_with_modifiers_is_a_key_where_no_place_was_asked_for(typed: str, key: str | None) -> None:
    (message,) = XTermParser().feed(typed)
    assert isinstance(message, events.CursorPosition)
    found = modified_f3(message)
    assert (found.key if found else None) == key


def test_the_names_are_those_of_the_other_function_keys() -> None:
    (f2,) = XTermParser().feed("\x1b[1;6Q")
    f3 = modified_f3(events.CursorPosition(5, 0))
    assert isinstance(f2, events.Key) and f3 is not None
    assert f3.key == f2.key.replace("f2", "f3")


def test_a_place_below_the_first_row_is_no_key() -> None:
    assert modified_f3(events.CursorPosition(1, 4)) is None


@pytest.mark.parametrize("name", ["MAST_TUI_STOCK_DRIVER", "TEXTUAL_DRIVER"])
def test_textual_keeps_its_driver_where_that_is_wanted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for other in ("MAST_TUI_STOCK_DRIVER", "TEXTUAL_DRIVER"):
        monkeypatch.delenv(other, raising=False)
    assert driver_of_terminal() is not None
    monkeypatch.setenv(name, "1")
    assert driver_of_terminal() is None


@pytest.mark.parametrize(("term", "bce"), [("xterm-256color", True), ("linux", True), ("screen", False), ("", False)])
def test_what_erasing_leaves_is_known_from_terminfo(term: str, bce: bool) -> None:
    # in a process of its own: a process asks terminfo for one terminal only
    code = f"from mast_tui.tui.wire.abilities import abilities_of; print(abilities_of({term!r}).bce)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert ran.stdout.strip() == str(bce)
