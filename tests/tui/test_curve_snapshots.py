"""The screens of curves, tables and headers as pictures: two sizes; in colour, without any, in ASCII."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from mast_tui.core.look import Axis, Flag, Quality, Series, TimeReference
from mast_tui.tui.screens.base import RoomScreen
from mast_tui.tui.screens.header_browser import HeaderBrowser
from mast_tui.tui.screens.look_table import TableScreen
from mast_tui.tui.screens.preview import PreviewScreen
from tests.tui.looks_double import ImageController, preview, series
from tests.tui.rooms_double import opened, settled
from tests.tui.snapshot import compare
from tests.tui.test_header_browser import header
from tests.tui.test_table_and_picture import table

SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
PERIOD_D, T0 = 2.0, 1326.0


def light_curve() -> Series:
    """Ten days at 10 minutes with a dip every two days, every second one half as deep; one point is flagged."""
    x = 1325.0 + np.arange(0, 10, 1 / 144)
    turn = np.round((x - T0) / PERIOD_D)
    y = 1000.0 - 8 * (np.abs(x - T0 - turn * PERIOD_D) < 0.1) * np.where(turn % 2 == 1, 0.5, 1.0)
    y += np.random.default_rng(2).normal(0, 0.5, x.size)
    flags = np.zeros(x.size, np.int64)
    flags[x.size // 2] = 32
    return replace(
        series("PDCSAP_FLUX", y, kind="lightcurve"),
        x=x,
        x_axis=Axis("TIME", "BTJD (BJD − 2457000, TDB)", "d"),
        y_axis=Axis("PDCSAP_FLUX", "PDCSAP flux", "e-/s"),
        error=np.full(x.size, 0.5),
        time=TimeReference("btjd", 2457000.0, "tdb"),
        cadence=np.arange(x.size) + 70_000,
        flags=flags,
        quality=Quality("QUALITY", 17087, 12, (Flag(32, "desaturation of reaction wheels", 1),)),
    )


def spectrum() -> Series:
    x = np.linspace(4700.0, 6800.0, 900)
    y = 2e-14 - 4e-18 * (x - 4700.0)
    for line in (4862.69, 5008.24, 6564.61):
        y += 3e-14 * np.exp(-(((x - line) / 6) ** 2))
    return replace(
        series("FLUX", y), x=x, x_axis=Axis("WAVELENGTH", "Wavelength", "Angstrom"),
        y_axis=Axis("FLUX", "Flux", "erg/s/cm2/Angstrom"), medium="vacuum", error=y / 20,
    )  # fmt: skip


def a_curve(*items: Series) -> Callable[[], PreviewScreen]:
    found = replace(preview(*items, kind=items[0].kind), instrument="TESS", target="TIC 1")
    return lambda: PreviewScreen("/data/a.fits", "a.fits", preview=found)


def ways() -> Iterator[tuple[str, Callable[[], RoomScreen], tuple[str, ...]]]:
    yield "curve-cursor", a_curve(light_curve()), ("right",)
    yield "curve-zoomed", a_curve(light_curve()), ("plus", "plus", "b", "e")
    yield "curve-folded", a_curve(light_curve()), ("p", *"2", "space", *"1326", "enter", "O")
    yield "spectrum-lines", a_curve(spectrum(), spectrum()), ("l", "right")
    yield "table", lambda: TableScreen("/data/a.fits", "a.fits", preview(table(12), kind="table"), 0), ()
    yield "headers", lambda: HeaderBrowser(header(), "a.fits"), ("slash", *"exptime", "enter")


@pytest.mark.parametrize("how", ["colour", "no-color", "ascii"])
@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize(("name", "screen", "keys"), list(ways()))
async def test_the_screens_look_as_recorded(
    name: str,
    screen: Callable[[], RoomScreen],
    keys: tuple[str, ...],
    size: str,
    how: str,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    if how != "colour":
        monkeypatch.setenv("NO_COLOR", "1")
    plot = "ascii" if how == "ascii" else "braille"
    async with opened(screen, ImageController(), size=SIZES[size], plot=plot) as (app, pilot):
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        compare(request, f"{name}-{size}-{how}", app)
