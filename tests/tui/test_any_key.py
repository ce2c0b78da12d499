"""Whatever is looked at and whichever key is pressed, the screen stays, and says in words what can't be done."""

from __future__ import annotations

import importlib
import pkgutil
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from mast_tui.core.settings import load
from mast_tui.tui import screens
from mast_tui.tui.actions import GLOBAL, actions_of, clashes
from mast_tui.tui.app import MastApp
from mast_tui.tui.screens.base import RoomScreen
from mast_tui.tui.screens.preview import PreviewScreen
from tests.preview.made_files import TESS, Field, cos_spectrum, pixel_file, spoc_light_curve, stis_echelle, table, write
from tests.tui.snapshot import screen_text


def _curve(path: Path, time: list[float], flux: list[float], quality: int = 0, unit: str = "e-/s") -> Path:
    fields: list[Field] = [
        ("TIME", "D", time, "BJD - 2457000, days"),
        ("PDCSAP_FLUX", "D", flux, unit),
        ("QUALITY", "J", np.full(len(time), quality, np.int32)),
    ]
    return write(path, [table(fields, "LIGHTCURVE", {"BJDREFI": 2457000})], {**TESS, "CREATOR": "LightCurveExporter"})


def _cube(path: Path) -> Path:
    header = {"CTYPE3": "WAVE", "CRVAL3": 5.0, "CDELT3": 0.1, "CRPIX3": 1.0, "CUNIT3": "um", "BUNIT": "MJy/sr"}
    cube = fits.ImageHDU(np.arange(4 * 9 * 9, dtype=np.float32).reshape(4, 9, 9), name="SCI")
    cube.header.update(header)
    return write(path, [cube], {"TELESCOP": "JWST", "INSTRUME": "MIRI"})


def _mischief(path: Path) -> Path:
    _curve(path, [1.0, 2.0, 3.0], [1e-30, 2e-30, 1e-30], unit="[red]J**((")
    content = path.read_bytes()
    assert b"'TIC 261136679'" in content
    path.write_bytes(content.replace(b"'TIC 261136679'", b"'[red]\x1b[31mX'  "))
    return path


def _text(path: Path) -> Path:
    path.write_text("a\x1b[2Jb [red]c\n" * 3)
    return path


FILES: dict[str, Callable[[Path], Path]] = {
    "light curve": spoc_light_curve,
    "spectrum": cos_spectrum,
    "echelle": stis_echelle,
    "pixel file": pixel_file,
    "cube": _cube,
    "image": lambda path: write(path, [], {}, np.arange(400.0).reshape(20, 20)),
    "image without a value": lambda path: write(path, [], {}, np.full((9, 9), np.nan)),
    "table": lambda path: write(path, [table([("A", "J", [1, 2]), ("B", "5A", ["x", "y"])], "LIST")]),
    "nothing good": lambda path: _curve(path, [1.0, 2.0], [np.nan, np.nan]),
    "all flagged": lambda path: _curve(path, [1.0, 2.0], [5.0, 6.0], quality=8),
    "no row": lambda path: _curve(path, [], []),
    "one row": lambda path: _curve(path, [1.0], [5.0]),
    "one time": lambda path: _curve(path, [1.0] * 5, [1.0, 2.0, 3.0, 4.0, 5.0]),
    "constant": lambda path: _curve(path, [float(k) for k in range(50)], [7.0] * 50),
    "backwards": lambda path: _curve(path, [float(-k) for k in range(50)], [float(k) for k in range(50)]),
    "mischief": _mischief,
    "text": _text,
}


def test_no_key_means_two_things_and_every_key_does_something() -> None:
    assert clashes() == []
    for screen in every_screen(RoomScreen):
        for action in actions_of(screen.CONTEXT):
            assert hasattr(screen, f"do_{action.id}") or hasattr(MastApp, f"do_{action.id}"), (screen, action.id)


def every_screen(of: type[RoomScreen]) -> set[type[RoomScreen]]:
    """The screens of the app that have keys."""
    for module in pkgutil.iter_modules(screens.__path__):
        importlib.import_module(f"{screens.__name__}.{module.name}")
    return {s for sub in of.__subclasses__() for s in ({sub} if sub.CONTEXT else set()) | every_screen(sub)}


@pytest.mark.parametrize("name", FILES)
async def test_keys_in_any_order_on_every_kind(name: str, tmp_path: Path, demo_url: str) -> None:
    path = FILES[name](tmp_path / "it.fits")
    app = MastApp(load(overrides={"archive": demo_url, "download_folder": str(tmp_path / "got")}))
    async with app.run_test(size=(80, 24)) as pilot:
        look = PreviewScreen(str(path), path.name)
        await app.push_screen(look)
        for _ in range(500):
            if not look.query("LoadingIndicator") and "reading" not in screen_text(app).lower():
                break
            await pilot.pause(0.02)
        order = random.Random(name)
        for k in range(16):
            if k == 8:
                await pilot.resize_terminal(40, 12)
            screen = app.screen
            context = screen.CONTEXT if isinstance(screen, RoomScreen) else ""
            actions = [a for a in actions_of(context) if a.id not in ("back", "whole", "get_whole")]
            actions += [a for a in actions_of(GLOBAL) if a.id in ("help", "palette", "redraw")]
            if not context or not actions or (order.random() < 0.1 and screen is not look):
                await pilot.press("escape")
            else:
                await pilot.press(order.choice(order.choice(actions).keys))
            await pilot.pause()
            shown = screen_text(app)
            assert "\x1b" not in shown and "Traceback" not in shown
            if look not in app.screen_stack:
                await app.push_screen(look := PreviewScreen(str(path), path.name))
        await app.left()
