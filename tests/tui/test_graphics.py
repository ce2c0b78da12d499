"""True pixels: the terminal is asked only where wanted; a sentence where there are none; drawn on a screen alone."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
import threading
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.settings import Settings
from mast_tui.plot.pictures import enlarged
from mast_tui.tui import graphics
from mast_tui.tui.graphics import OFF, Graphics, ask_terminal
from mast_tui.tui.screens.look_graphics import GraphicsScreen
from mast_tui.tui.screens.look_item import LookScreen
from tests.tui.looks_double import ImageController
from tests.tui.rooms_double import RoomApp, opened, settled
from tests.tui.test_look_keys import a_picture, a_pixel_file, an_image

needs_the_extra = pytest.mark.skipif(find_spec("textual_image") is None, reason="the extra graphics is not installed")


@pytest.mark.parametrize("screen", [an_image, a_pixel_file, a_picture])
async def test_unless_asked_for_there_are_none_and_the_key_says_how(screen: Callable[[], LookScreen]) -> None:
    async with opened(screen, ImageController()) as (app, pilot):
        await pilot.press("G")
        await settled(pilot)
        assert "! Pixel graphics are off: set graphics to auto" in " ".join(app.words.split())


def test_only_off_and_auto_can_be_said() -> None:
    assert Settings().graphics == "off"
    assert Settings().with_values({"graphics": "auto"}, "test").graphics == "auto"
    with pytest.raises(InvalidQuery, match="off, auto"):
        Settings().with_values({"graphics": "sixel"}, "test")


def test_when_off_not_even_the_package_is_imported() -> None:
    code = (
        "import sys; from mast_tui.tui.graphics import ask_terminal; ask_terminal('off');"
        "print([m for m in sys.modules if m.startswith(('textual_image', 'numpy', 'PIL'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n", done


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphics, "_MODULE", "no_such_package_of_that_name")
    found = ask_terminal("auto")
    assert found.protocol == "" and "pip install 'mast-tui[graphics]'" in found.why_not


@needs_the_extra
def test_without_a_terminal_there_are_none() -> None:
    code = "from mast_tui.tui.graphics import ask_terminal; print(ask_terminal('auto'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "protocol=''" in done.stdout and "neither sixel nor kitty" in done.stdout


def terminal(answers: dict[bytes, bytes], size: tuple[int, int] = (24, 80)) -> str:
    """What `ask_terminal` finds on a terminal that gives these answers to these questions."""
    main, side = pty.openpty()
    termios.tcsetwinsize(side, size)
    code = "from mast_tui.tui.graphics import ask_terminal; print('found', ask_terminal('auto').protocol or 'nothing')"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.Popen(
        [sys.executable, "-c", code], stdin=side, stdout=side, stderr=side, env=environment, cwd=Path.cwd()
    )
    os.close(side)
    said = b""

    def listen() -> None:
        nonlocal said
        waiting = dict(answers)
        while True:
            try:
                data = os.read(main, 4096)
            except OSError:
                return
            if not data:
                return
            said += data
            for question in [q for q in waiting if q in said]:
                os.write(main, waiting.pop(question))

    thread = threading.Thread(target=listen)
    thread.start()
    run.wait(timeout=60)
    thread.join(timeout=10)
    os.close(main)
    return said.decode(errors="replace")


@needs_the_extra
def test_a_terminal_that_says_sixel_is_believed() -> None:
    # the answer of xterm: 4 is sixel
    assert "found sixel" in terminal({b"\x1b[c": b"\x1b[?64;1;4;22c", b"\x1b[16t": b"\x1b[6;20;10t"})


@needs_the_extra
def test_a_terminal_that_says_no_or_nothing_has_none() -> None:
    assert "found nothing" in terminal({b"\x1b[c": b"\x1b[?62;22c"})
    assert "found nothing" in terminal({})


@needs_the_extra
def test_a_terminal_that_asking_fails_on_does_not_stop_the_app() -> None:
    # textual-image 0.12 divides by the number of columns
    assert "found nothing" in terminal({}, size=(0, 0))


def sent(app: RoomApp) -> str:
    """All that the screen would write to the terminal."""
    strips = app.screen._compositor.render_strips()
    return "".join(segment.text for strip in strips for segment in strip)


@needs_the_extra
@pytest.mark.parametrize("screen", [an_image, a_pixel_file, a_picture])
async def test_the_picture_is_sent_as_sixels_and_escape_leads_back(screen: Callable[[], LookScreen]) -> None:
    async with opened(screen, ImageController()) as (app, pilot):
        app.graphics = Graphics("sixel", "")
        before = app.screen
        assert "\x1bP" not in sent(app), "never by itself"
        await pilot.press("G")
        await settled(pilot)
        assert isinstance(app.screen, GraphicsScreen) and "drawn by sixel" in app.words
        assert "\x1bP" in sent(app), "the beginning of sixel data"
        await pilot.press("escape")
        await settled(pilot)
        assert app.screen is before


def test_few_pixels_keep_sharp_edges() -> None:
    pixels = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    large = enlarged(pixels)
    assert large.shape == (800, 1200, 3) and np.array_equal(large[::400, ::400], pixels)
    assert enlarged(np.zeros((10, 2000, 3), np.uint8)).shape == (10, 2000, 3)


def test_off_is_what_an_app_starts_with() -> None:
    assert RoomApp(ImageController(), theme="textual-dark", folder=Path("/data")).graphics is OFF
