"""Light curves and spectra with invented numbers, as the preview room hands them out."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from mast_tui.analysis.remake import summary_of
from mast_tui.core.look import Axis, Series, TimeReference


def light_curve(
    x: npt.ArrayLike, y: npt.ArrayLike, *, unit: str = "e-/s", scale: str = "tdb", **changed: Any
) -> Series:
    """A curve over BTJD; a new run wherever the step is longer than 5 times the median step."""
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    steps = np.diff(x)
    breaks = np.flatnonzero(steps > 5 * (np.median(steps) if steps.size else 0.0)) + 1
    given: dict[str, Any] = {
        "x_axis": Axis("TIME", "BTJD (BJD − 2457000, TDB)", "d"),
        "y_axis": Axis("PDCSAP_FLUX", "PDCSAP flux", unit, upside_down=unit == "mag"),
        "starts": np.array([0, *breaks], np.int64),
        "time": TimeReference("btjd", 2457000.0, scale),
        "error": None,
    } | changed
    return Series(
        kind="lightcurve",
        name="TIC 1",
        hdu=1,
        x=x,
        y=y,
        n_rows=x.size,
        n_good=x.size,
        summary=summary_of(x, y),
        shape=(x.size,),
        **given,
    )


def spectrum(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    x_unit: str,
    y_unit: str,
    *,
    medium: Literal["", "vacuum", "air"] = "vacuum",
    **changed: Any,
) -> Series:
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    given: dict[str, Any] = {"error": None, "starts": np.zeros(1, np.int64)} | changed
    return Series(
        kind="spectrum",
        name="STAR",
        hdu=1,
        x_axis=Axis("WAVELENGTH", "Wavelength", x_unit),
        y_axis=Axis("FLUX", "Flux", y_unit),
        x=x,
        y=y,
        n_rows=x.size,
        n_good=x.size,
        summary=summary_of(x, y),
        shape=(x.size,),
        medium=medium,
        **given,
    )


def sector(days: float = 27.0, cadence_min: float = 2.0, noise_ppm: float = 300.0, seed: int = 1) -> Series:
    """White noise about 1000 e-/s with a break of a day in the middle."""
    x = 1325.3 + np.arange(0.0, days, cadence_min / 1440)
    x = x[np.abs(x - x[0] - days / 2) > 0.5]
    noise = np.random.default_rng(seed).standard_normal(x.size)
    return light_curve(x, 1000 * (1 + 1e-6 * noise_ppm * noise), error=np.full(x.size, 1e-3 * noise_ppm))


def with_dips(curve: Series, period_d: float, epoch: float, duration_d: float, depth: float) -> Series:
    """The curve times a box of `depth` that recurs."""
    away = np.abs((curve.x - epoch + period_d / 2) % period_d - period_d / 2)
    y = curve.y * np.where(away < duration_d / 2, 1 - depth, 1.0)
    return light_curve(curve.x, y, unit=curve.y_axis.unit, error=curve.error)
