"""Series with invented numbers, for the tests of the plot room."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from mast_tui.core.look import Axis, ImageLook, Quality, Series, Summary, TimeReference


def series(x: npt.ArrayLike, y: npt.ArrayLike, starts: tuple[int, ...] = (0,), **fields: Any) -> Series:
    """A light curve in e-/s, or with `fields` something else."""
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    summary = Summary()
    if x.size:
        with np.errstate(all="ignore"):
            summary = Summary(float(x.min()), float(x.max()), float(y.min()), float(y.max()), float(np.median(y)))
    made: dict[str, Any] = {
        "kind": "lightcurve",
        "name": "LIGHTCURVE PDCSAP_FLUX",
        "product": "TESS light curve",
        "hdu": 1,
        "x_axis": Axis("TIME", "BTJD (BJD − 2457000, TDB)", "d"),
        "y_axis": Axis("PDCSAP_FLUX", "PDCSAP flux", "e-/s"),
        "x": x,
        "y": y,
        "error": None,
        "starts": np.array(starts if x.size else (), np.int64),
        "n_rows": x.size + 7,
        "n_good": x.size,
        "summary": summary,
        "shape": (x.size + 7, 20),
        "quality": Quality("QUALITY", 17087, 7),
        "time": TimeReference("btjd", 2457000.0, "tdb"),
    }
    return Series(**(made | fields))


def spectrum(x: npt.ArrayLike, y: npt.ArrayLike, starts: tuple[int, ...] = (0,), **fields: Any) -> Series:
    made = {
        "kind": "spectrum",
        "name": "SCI",
        "product": "COS spectrum",
        "x_axis": Axis("WAVELENGTH", "Wavelength", "angstrom"),
        "y_axis": Axis("FLUX", "Flux", "erg /s /cm**2 /angstrom"),
        "quality": None,
        "time": None,
    }
    return series(x, y, starts, **(made | fields))


def image(pixels: npt.ArrayLike, limits: tuple[float, float] = (0.0, 1.0), step: tuple[int, int] = (1, 1)) -> ImageLook:
    small = np.asarray(pixels, np.float32)
    shape = (small.shape[0] * step[0], small.shape[1] * step[1])
    return ImageLook(
        kind="image",
        name="SCI",
        hdu=1,
        value_axis=Axis("SCI", "Value", "electrons/s"),
        pixels=small,
        limits=limits,
        step=step,
        shape=shape,
        n_rows=small.size,
        n_good=int(np.isfinite(small).sum()),
        summary=Summary(1.0, float(shape[1]), 0.0, 1.0, 0.5),
    )
