"""A stand-in for `controller.looks` that reads from arrays in memory, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import numpy as np

from mast_tui.core.errors import MastTuiError
from mast_tui.core.look import (
    Axis,
    BoolArray,
    Card,
    Flag,
    Frames,
    HduLook,
    HeaderLook,
    ImageLook,
    Preview,
    Quality,
    Series,
    SkyGrid,
    Summary,
    Window,
)
from tests.tui.rooms_double import DoubleController

#: A star in a field of 400 columns by 300 rows, of which looks give a block of 4 by 4 when they show all of it.
NX, NY, STAR = 400, 300, (250, 180)


def field() -> Any:
    y, x = np.mgrid[0:NY, 0:NX]
    return (np.exp(-((x - STAR[0]) ** 2 + (y - STAR[1]) ** 2) / 50.0) * 1000 + 0.01 * x).astype(np.float32)


def sky(window: Window = (0, 0, NX, NY)) -> SkyGrid:
    """North up, east left, 0.36 arcsec a pixel, around RA 150, Dec 2; of a window, as a reader gives it."""
    x0, y0, x1, y1 = window
    xs, ys = np.linspace(x0 - 0.5, x1 - 0.5, 5), np.linspace(y0 - 0.5, y1 - 0.5, 5)
    dec = np.repeat((2 + (ys - NY / 2) * 1e-4)[:, None], 5, axis=1)
    ra = 150 - (xs - NX / 2)[None, :] * 1e-4 / np.cos(np.radians(dec))
    return SkyGrid(xs, ys, ra, dec)


def image(window: Window | None = None, plane: int | None = None, n_planes: int = 1) -> ImageLook:
    values = field() * (1 if plane is None else plane + 1)
    x0, y0, x1, y1 = window or (0, 0, NX, NY)
    part = values[y0:y1, x0:x1]
    step = 4 if window is None else 1
    if step > 1:
        part = part.reshape(NY // 4, 4, NX // 4, 4).max(axis=(1, 3))
    return ImageLook(
        kind="cube" if n_planes > 1 else "image",
        name="SCI",
        hdu=1,
        value_axis=Axis("SCI", "Value", "MJy/sr"),
        pixels=part,
        limits=(0.0, 1000.0),
        wide_limits=(0.0, 900.0),
        step=(step, step),
        shape=(NY, NX) if n_planes == 1 else (n_planes, NY, NX),
        n_rows=NX * NY,
        n_good=NX * NY,
        summary=Summary(1, NX, 0, 1000, 2),
        origin=(y0, x0),
        full=(NY, NX),
        plane=plane,
        n_planes=n_planes,
        plane_axis=Axis("WAVE", "Wavelength", "um") if n_planes > 1 else None,
        plane_value=5.0 + 0.1 * plane if plane is not None else float("nan"),
        sky=sky(window or (0, 0, NX, NY)),
    )


def series(name: str, y: Any, quality: Quality | None = None, kind: Any = "spectrum") -> Series:
    y = np.asarray(y, np.float64)
    x = np.arange(y.size, dtype=np.float64)
    return Series(
        kind=kind,
        name=name,
        hdu=1,
        x_axis=Axis("X", "Place"),
        y_axis=Axis("Y", name),
        x=x,
        y=y,
        error=None,
        starts=np.zeros(1, np.int64),
        n_rows=y.size,
        n_good=y.size,
        summary=Summary(0, y.size - 1, float(y.min()), float(y.max()), float(np.median(y))),
        shape=y.shape,
        quality=quality,
    )


#: A pixel file of 30 cadences, 7 columns by 5 rows; a star moves along row 2. Cadence 4 has the flag 32.
CADENCES = 30


def pixel_frames() -> Any:
    frames = np.ones((CADENCES, 5, 7), np.float32)
    for n in range(CADENCES):
        frames[n, 2, n % 7] = 100.0
    return frames


def pixel_image(aperture: bool = True) -> ImageLook:
    mask = np.zeros((5, 7), np.bool_)
    mask[1:4, 2:5] = aperture
    return ImageLook(
        kind="pixels",
        name="PIXELS",
        hdu=1,
        value_axis=Axis("FLUX", "Flux", "e-/s"),
        pixels=np.median(pixel_frames(), axis=0).astype(np.float32),
        limits=(0.0, 100.0),
        step=(1, 1),
        shape=(CADENCES, 5, 7),
        n_rows=CADENCES,
        n_good=CADENCES - 1,
        summary=Summary(1, 7, 1, 100, 1),
        full=(5, 7),
        n_planes=CADENCES,
        aperture=mask if aperture else None,
    )


def preview(*items: Any, kind: Any = "image", problems: tuple[str, ...] = ()) -> Preview:
    header = HeaderLook((HduLook(0, "PRIMARY", 1, "image", (), (Card("TELESCOP", "JWST", "telescope"),)),))
    return Preview("a.fits", kind, "JWST NIRCam", "M-31", items, problems, header, 12_345)


class DoubleLooks:
    """Answers at once, or when `gate` is opened, or with `error`."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: MastTuiError | None = None
        self.n_planes = 1

    async def _wait(self, **asked: Any) -> None:
        self.asked.append(asked)
        await self.gate.wait()
        if self.error is not None:
            raise self.error

    async def look(self, where: str, *, hdu: int, window: Any, plane: Any, notice: Any) -> Preview:
        await self._wait(what="look", window=window, plane=plane)
        return preview(image(window, plane, self.n_planes))

    async def spaxel(self, where: str, *, hdu: int, x: int, y: int, half: int = 0) -> Series:
        await self._wait(what="spaxel", x=x, y=y, half=half)
        return series("spaxel", np.arange(20) + x)

    async def frames(self, where: str, *, hdu: int, first: int, count: int, step: int = 1) -> Frames:
        await self._wait(what="frames", first=first, count=count, step=step)
        rows = np.arange(first, CADENCES, step)[:count]
        flags = np.where(rows == 4, 32, 0)
        times = 1325.0 + rows / 100
        return Frames(
            hdu, pixel_frames()[rows], times, Axis("TIME", "BTJD", "d"), flags, first, step, CADENCES, (0.0, 100.0),
            Axis("FLUX", "Flux", "e-/s"),
        )  # fmt: skip

    async def aperture_curve(self, where: str, *, hdu: int, aperture: BoolArray, quality: Any) -> Series:
        await self._wait(what="curve", n=int(aperture.sum()))
        flags = Quality("QUALITY", 32, 1, (Flag(32, "desaturation of reaction wheels", 1),))
        sums = pixel_frames()[:, aperture].sum(axis=1)
        return replace(series("aperture", sums, flags, "lightcurve"), y_axis=Axis("SUM", "Aperture flux", "e-/s"))


class ImageController(DoubleController):
    def __init__(self) -> None:
        super().__init__()
        self.looks = DoubleLooks()
