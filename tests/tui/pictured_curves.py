"""Screens of curves, tables and headers of which pictures are recorded, and the keys that lead there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from mast_tui.core.look import Axis, Flag, Quality, Series, TimeReference
from mast_tui.tui.screens.base import RoomScreen
from mast_tui.tui.screens.header_browser import HeaderBrowser
from mast_tui.tui.screens.look_table import TableScreen
from mast_tui.tui.screens.preview import PreviewScreen
from tests.tui.looks_double import preview, series
from tests.tui.test_header_browser import header
from tests.tui.test_table_and_picture import table

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
