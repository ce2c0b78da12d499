"""Arrays made small for a terminal, and the limits between which they are drawn. Used by `images`.

A block of pixels is drawn by its maximum: taking every n-th pixel, or the mean, loses stars.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from mast_tui.core.look import ImageArray

#: No terminal shows more; the array travels to the app with every look.
MAX_ROWS, MAX_COLUMNS = 160, 320
#: zscale as in IRAF (`imexamine`/ds9; Tody 1986): contrast, share of the sample that must remain, sigmas, rounds.
_CONTRAST, _MIN_SHARE, _SIGMAS, _ROUNDS, _SAMPLE = 0.25, 0.5, 2.5, 5, 10_000


def block_maximum(
    pixels: npt.NDArray[Any], max_rows: int = MAX_ROWS, max_columns: int = MAX_COLUMNS
) -> tuple[ImageArray, tuple[int, int]]:
    """`pixels` (ny, nx) as float32 of at most the given size, each the maximum of a block; and the block's sides.

    NaN where a block has no finite pixel. Works in bands of rows, so that a mapped file is never held as a whole.
    """
    ny, nx = pixels.shape
    step_y, step_x = -(-ny // max_rows), -(-nx // max_columns)
    small = np.full((-(-ny // step_y), -(-nx // step_x)), np.nan, np.float32)
    columns = np.arange(0, nx, step_x)
    for row in range(small.shape[0]):
        band = np.asarray(pixels[row * step_y : (row + 1) * step_y], np.float32)
        band = np.where(np.isfinite(band), band, -np.inf)
        small[row] = np.maximum.reduceat(band.max(axis=0), columns)
    small[~np.isfinite(small)] = np.nan
    return small, (step_y, step_x)


def zscale(values: npt.NDArray[Any]) -> tuple[float, float]:
    """The limits of IRAF's zscale over the finite `values`: a line through the sorted sample, stretched by contrast."""
    sample = np.asarray(values, np.float64).ravel()
    sample = sample[np.isfinite(sample)]
    if sample.size == 0:
        return 0.0, 1.0
    sample = np.sort(sample[:: -(-sample.size // _SAMPLE)])
    low, high = float(sample[0]), float(sample[-1])
    n = sample.size
    if n >= 5 and high > low:
        slope = _slope(sample)
        if slope is not None:
            middle = float(np.median(sample))
            centre = (n - 1) / 2
            slope /= _CONTRAST
            low = max(low, middle - centre * slope)
            high = min(high, middle + (n - 1 - centre) * slope)
    return (low, high) if high > low else (low, low + 1.0)


def percentiles(values: npt.NDArray[Any], low: float = 0.5, high: float = 99.5) -> tuple[float, float] | None:
    """The limits that leave out the faintest and the brightest half percent; None where no value is finite."""
    finite = np.asarray(values, np.float64)[np.isfinite(values)]
    if finite.size == 0:
        return None
    bottom, top = (float(limit) for limit in np.percentile(finite, (low, high)))
    return (bottom, top) if top > bottom else (bottom, bottom + 1.0)


def _slope(ordered: npt.NDArray[np.float64]) -> float | None:
    """The slope of the line through the sorted sample without its outliers; None when too few points remain."""
    index = np.arange(ordered.size, dtype=np.float64)
    kept = np.ones(ordered.size, bool)
    fit = (0.0, 0.0)
    for _ in range(_ROUNDS):
        x, y = index[kept], ordered[kept]
        dx = x - x.mean()
        slope = float((dx * (y - y.mean())).sum() / max((dx * dx).sum(), 1e-300))
        fit = (slope, float(y.mean() - slope * x.mean()))
        residual = ordered - (fit[1] + fit[0] * index)
        sigma = float(residual[kept].std())
        still = np.abs(residual) < _SIGMAS * sigma
        if still.sum() < max(5, _MIN_SHARE * ordered.size):
            return None
        if sigma == 0 or (still == kept).all():
            break
        kept = still
    return fit[0]
