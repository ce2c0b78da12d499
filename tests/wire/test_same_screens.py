"""Every screen of the app, in whole journeys: what the terminal shows is what was painted, after every key.

Compared are characters, colours, attributes and the cursor, with what a terminal shows that is sent all that Textual
writes (`teed`), in the same run, so that also what moves by itself is compared.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.wire.teed import Teed

Size = tuple[int, int]
SIZES: tuple[Size, ...] = ((80, 24), (120, 40))
Open = Callable[..., Teed]


def searching(opened: Open, size: Size) -> None:
    app = opened(size)
    app.press("f1")
    app.same("What every key does")
    app.go("pagedown", "end", "esc")
    app.press("ctrl+p")
    app.same("Draw the whole screen")
    app.go(*"draw", "esc", "enter")
    app.same("Nothing to search for")
    app.go(*"xyzzy", "enter")
    app.same("Nobody knows")
    app.press("esc")
    app.go("M", "8")
    app.press("enter")
    app.same("SIMBAD", "NED", "63.76″")
    app.go("down", "up", "down")
    app.press("enter")
    app.same("M8 (NED)", "Mission")
    app.press("esc")
    app.same("Asked before")
    app.press("f6")
    app.same("Mission")
    app.go("down", "down", "esc")
    app.press("f5")
    app.same("Not logged in")
    app.go(*"ab-", "enter")
    app.same("The archive does not accept this token")
    app.press("esc", "f4")
    app.same("Nothing has been fetched")
    app.press("f3")
    app.same("The queue is empty")
    app.press("ctrl+l")
    app.same("The queue is empty")


def lists(opened: Open, size: Size) -> None:
    app = opened(size)
    app.send("M101\r")
    app.same(" of ", "M101", gone="⋯")
    app.go(*["down"] * 4, "pagedown", "pagedown", "up", "end", "pageup", "home", "space", "down", "space", "u")
    app.go("d", "down", "down", "d")
    app.go("/", *"hst", "enter", "down", "esc")
    app.press("F")
    app.same("Counts of which column?")
    app.press("enter")
    app.same("█")
    app.go("down", "esc", "c", "down", "space", "enter", "s", "down", "enter")
    app.press("x")
    app.same("astroquery")
    app.go("pagedown", "esc", "right", "right", "left")


def files_and_downloads(opened: Open, size: Size) -> None:
    app = opened(size, MAST_TUI_LIMIT_RATE="300k")
    app.send("TIC 261136679\r")
    app.same(" of ", "TESS")
    app.press("enter")
    app.same("calibrated science")
    app.go("down", "down", "r", "down", "pagedown", "home", "m", "m", "r", "space", "*", "*", "d", "down", "d")
    app.press("T")
    app.same("file")
    app.go("down", "down", "esc")
    app.press("t")
    app.same("Take these files?")
    app.go("down", "enter")
    app.same("queued into")
    app.press("D")
    app.same("Downloads")
    app.go("down", "d", "l", "esc", "p", "p", "K", "+")
    app.press("q")
    app.same("under way")
    app.press("esc", "f4")
    app.same("session")
    app.go("enter", "down")


def curves(opened: Open, size: Size) -> None:
    app = opened(size)
    app.send("TIC 261136679\r")
    app.same(" of ", "TESS")
    app.press("enter")
    app.same("calibrated science")
    app.go("/")
    app.send("_lc.fits\r")
    app.same("match")
    app.press("enter")
    app.same(" points")
    app.go("right", "right", "+", "+", ".", "left", "-", "0", "e", "b", "b", "f", "a", "=", "_")
    app.press("B")
    app.same("period", gone="searching")
    app.go("right", "enter")
    app.same("fold")
    app.go("<", ">", "*", "O", "p", "i", "esc")
    app.press("h")
    app.same("TELESCOP")
    app.go("pagedown", "/", *"tess", "enter", "enter", "esc", "]", "y", "esc")


def pictures_images_and_pixels(opened: Open, size: Size) -> None:
    app = opened(size)
    app.send("M101\r")
    app.same(" of ", "M101", gone="⋯")
    app.go("/")
    app.send("jw obs_collection:JWST\r")
    app.same()
    app.press("v")
    app.same("the archive's picture", "enter lists its files")
    app.press("v")
    app.same("calibrated science")
    app.press("v")
    app.same("enter looks at the data")
    app.press("enter")
    app.same("MJy/sr", gone="reading")
    app.go("right", "down", "+", "s", "z", "e", "x", "esc", "0")


def pixels_and_tables(opened: Open, size: Size) -> None:
    app = opened(size)
    app.send("TIC 261136679\r")
    app.same(" of ", "TESS")
    app.press("enter")
    app.same("calibrated science")
    app.go("/")
    app.send("_tp.fits\r")
    app.same("match")
    app.press("enter")
    app.same("enter looks at the data")
    app.press("enter")
    app.same("aperture", gone="reading")
    app.go("right", "down", "enter", "s", "e", ".", ",", "m", "g")
    app.same()
    app.go("down", "down", "enter", "right", "down", "H", "down", "]", "esc", "esc")


def a_storm_of_sizes(opened: Open, size: Size) -> None:
    app = opened(size)
    app.send("M101\r")
    app.same(" of ", "M101", gone="⋯")
    for columns, rows in ((100, 30), (60, 16), (200, 50), (40, 12), (81, 25)):
        app.resize(columns, rows)
        app.press("down")
        app.same()
    for columns in range(70, 100, 3):
        app.resize(columns, 20 + columns % 7)
        app.press("down")
    app.same("M101")
    app.press("F")
    app.resize(*size)
    app.same("Counts of which column?")


@pytest.mark.parametrize(
    "journey",
    [searching, lists, files_and_downloads, curves, pictures_images_and_pixels, pixels_and_tables, a_storm_of_sizes],
    ids=lambda journey: journey.__name__,
)
def test_at_both_sizes(journey: Callable[[Open, Size], None], demo_url: str, tmp_path: Path) -> None:
    """At the same time: most of a journey is waiting for the terminal to be silent."""

    def made(size: Size) -> None:
        home = tmp_path / str(size[0])
        home.mkdir()
        with ExitStack() as stack:

            def opened(size: Size, **environment: str) -> Teed:
                app = stack.enter_context(Teed("--archive", demo_url, home=home, size=size, env=environment))
                app.same("❯")
                return app

            journey(opened, size)

    with ThreadPoolExecutor() as pool:
        for seen in [pool.submit(made, size) for size in SIZES]:
            seen.result()
