"""Our readers beside lightkurve and specutils, on every real file that these can read.

    python -m tests.compare.compare_readers [FOLDER]

in an environment with the extra `compare`. Compared are the number of good points, the x range and the median of y, as
each library gives them by its defaults; ours is asked for the column that lightkurve chose. The run fails where ours
differs for another reason than those below.

lightkurve 2.6.0: 18 of 18 files equal.
specutils 2.4.0: 2 of 4 equal. It applies no quality to the other two, where ours leaves points out: COS `_x1dsum`,
4,307 points with DQ_WGT 0; NIRSpec `.spec.fits`, 13 points of flux 0, which stand for no data. Asked for every finite
point (`--quality none`) ours equals it there too; that is checked.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mast_tui.core.errors import MastTuiError
from mast_tui.core.look import Series
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview
from mast_tui.preview.masks import Level

_LEVELS: tuple[Level, ...] = ("default", "none")


@dataclass(frozen=True)
class Numbers:
    """Good points, x range, median of y."""

    n_good: int
    x_min: float
    x_max: float
    median: float

    def equals(self, other: Numbers) -> bool:
        """The same count; ranges and median within 1e-6, which is what float32 columns leave."""
        mine, theirs = (self.x_min, self.x_max, self.median), (other.x_min, other.x_max, other.median)
        return self.n_good == other.n_good and np.allclose(mine, theirs, rtol=1e-6, atol=0, equal_nan=True)


@dataclass(frozen=True)
class Row:
    """One file read by both, by ours with its mask and without. None where ours has no series of it."""

    library: str
    file: str
    theirs: Numbers
    ours: Numbers | None
    unmasked: Numbers | None

    @property
    def equal(self) -> bool:
        return self.ours is not None and self.ours.equals(self.theirs)

    @property
    def explained(self) -> bool:
        """Specutils masks nothing; lightkurve masks as ours does, so there no difference is right."""
        return self.library == "specutils" and self.unmasked is not None and self.unmasked.equals(self.theirs)


def numbers(x: npt.ArrayLike, y: npt.ArrayLike) -> Numbers:
    x, y = np.asarray(x, np.float64).ravel(), np.asarray(y, np.float64).ravel()
    good = np.isfinite(x) & np.isfinite(y)
    if not good.any():
        return Numbers(0, np.nan, np.nan, np.nan)
    return Numbers(int(good.sum()), float(x[good].min()), float(x[good].max()), float(np.median(y[good])))


def compared(folder: Path) -> Iterator[Row]:
    """Every FITS file below `folder` that lightkurve reads as a light curve or specutils as a spectrum."""
    lightkurve: Any = importlib.import_module("lightkurve")
    specutils: Any = importlib.import_module("specutils")
    for path in sorted(p for p in folder.rglob("*") if p.name.endswith((".fits", ".fits.gz")) and p.is_file()):
        name = str(path.relative_to(folder))
        if name.startswith("corrupt"):
            continue
        curve = _quietly(lightkurve.read, str(path))
        if curve is not None and isinstance(curve, lightkurve.LightCurve):
            yield Row("lightkurve", name, *_light_curves(path, curve))
            continue
        spectrum = _quietly(specutils.Spectrum.read, str(path))
        if spectrum is not None:
            yield Row("specutils", name, *_spectra(path, spectrum))


def _quietly(read: Any, path: str) -> Any:
    """What a library reads; None where it refuses the file, in whatever way it does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return read(path)
        except Exception:  # noqa: BLE001 - libraries raise all kinds
            return None


def _light_curves(path: Path, curve: Any) -> tuple[Numbers, Numbers | None, Numbers | None]:
    column = curve.meta.get("FLUX_ORIGIN")
    named = column if _ours(path, Asked(column=column)) else None
    return numbers(_plain(curve.time.value), _plain(curve.flux)), *_both(path, named)


def _spectra(path: Path, spectrum: Any) -> tuple[Numbers, Numbers | None, Numbers | None]:
    flux, mask = _plain(spectrum.flux), getattr(spectrum, "mask", None)
    if mask is not None:
        flux = np.where(np.asarray(mask, bool), np.nan, flux)
    x = np.broadcast_to(_plain(spectrum.spectral_axis), flux.shape)
    return numbers(x, flux), *_both(path, None)


def _both(path: Path, column: str | None) -> tuple[Numbers | None, Numbers | None]:
    """Ours with its mask and without."""
    found = [_ours(path, Asked(column=column, quality=level, file_name=path.name)) for level in _LEVELS]
    masked, unmasked = (numbers(series[0].x, series[0].y) if series else None for series in found)
    return masked, unmasked


def _ours(path: Path, asked: Asked) -> tuple[Series, ...]:
    try:
        return preview(path, asked).series
    except MastTuiError:
        return ()


def _plain(values: Any) -> npt.NDArray[np.float64]:
    """Values of a quantity, a masked array or neither; masked ones are NaN."""
    values = getattr(values, "value", values)
    if hasattr(values, "filled"):
        return np.asarray(values.filled(np.nan), np.float64)
    if hasattr(values, "unmasked"):
        return np.where(np.asarray(values.mask), np.nan, np.asarray(values.unmasked, np.float64))
    return np.asarray(values, np.float64)


def main() -> int:
    logging.disable(logging.WARNING)
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("MAST_TUI_REAL_DATA", "../shared/data"))
    rows = list(compared(folder))
    for row in rows:
        print("equal  " if row.equal else "no mask" if row.explained else "DIFFERS", f"{row.library:<10}", row.file)
        if not row.equal:
            print(
                f"        theirs {row.theirs}\n        ours   {row.ours}\n        ours, nothing masked {row.unmasked}"
            )
    for library in ("lightkurve", "specutils"):
        of = [row for row in rows if row.library == library]
        print(f"{library}: {sum(row.equal for row in of)} of {len(of)} files equal")
    return 0 if rows and all(row.equal or row.explained for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
