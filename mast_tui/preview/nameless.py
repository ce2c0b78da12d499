"""Columns of numbers without names that can be told by their values. Used by `plain_tables`.

One layout is known: the transmission spectra of exoplanets as exo.MAST and the literature write them, four columns
λ (µm), Δλ (µm), (Rp/Rs)² and its error, without a header or with one in a comment.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Named = tuple[tuple[str, str], ...]

TRANSMISSION: Named = (("WAVELENGTH", "um"), ("HALF_WIDTH", "um"), ("TRANSIT_DEPTH", ""), ("ERROR", ""))
#: Spectrographs from the ultraviolet to the mid-infrared, µm; the transits of giant planets around small stars stay
#: below a tenth of the light.
_WAVELENGTHS, _DEEPEST = (0.1, 30.0), 0.1


def names_of(columns: Sequence[npt.NDArray[np.float64]]) -> Named:
    """(name, unit) of each column, or () where their values do not tell what they are."""
    if len(columns) != len(TRANSMISSION) or columns[0].size < 3 or not all(np.isfinite(c).all() for c in columns):
        return ()
    wave, width, depth, error = columns
    steps = np.diff(wave)
    fits = (
        ((steps > 0).all() or (steps < 0).all())
        and _WAVELENGTHS[0] < wave.min()
        and wave.max() < _WAVELENGTHS[1]
        and (width > 0).all()
        and (width < wave / 2).all()
        and (depth > 0).all()
        and depth.max() < _DEEPEST
        and (error > 0).all()
        and float(np.median(error)) < float(np.median(depth))
    )
    return TRANSMISSION if fits else ()
