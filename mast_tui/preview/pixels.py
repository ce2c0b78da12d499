"""Pixel files: a table with an image a row, as a median frame, single frames and the light curve of an aperture.

Which tables these are, is data: `PIXEL_FILES`. Apertures are those of the file (bit 2 of the APERTURE image; Kepler
Archive Manual, 2.3.2), or lightkurve's threshold mask where the file has none (TESScut). Used by `jobs`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Axis, BoolArray, FloatArray, Frames, ImageArray, ImageLook, IndexArray, Series, Summary
from mast_tui.preview.asking import Asked
from mast_tui.preview.building import good_points
from mast_tui.preview.columns import Columns, first_present, matches
from mast_tui.preview.fits_file import PARSER_ERRORS, FitsFile, Table, image_axes
from mast_tui.preview.guard import Hdu
from mast_tui.preview.headers import Header
from mast_tui.preview.light_curve_recipes import K2_QUALITY, TESS_QUALITY
from mast_tui.preview.masked import Masked, masked
from mast_tui.preview.masks import Level
from mast_tui.preview.pixel_sky import pixel_sky
from mast_tui.preview.recipe import PixelFile, Where
from mast_tui.preview.shrinking import block_maximum, zscale
from mast_tui.preview.times import TimeAxis, time_axis

PIXEL_FILES: tuple[PixelFile, ...] = (
    PixelFile(
        "Kepler pixel file", Where(("FLUX", "TIME", "QUALITY"), (("TELESCOP", "Kepler|K2"),)), masks=(K2_QUALITY,)
    ),
    PixelFile("TESS pixel file", Where(("FLUX", "TIME", "QUALITY")), masks=(TESS_QUALITY,)),
)

#: So many frames make the median that is drawn; so many bytes of frames travel at once.
_FRAMES, _MAX_BYTES = 64, 32 << 20
#: Pixels that the mission summed have this bit in the APERTURE image.
_OPTIMAL = 2
#: lightkurve's `create_threshold_mask`: median + 3 sigma, sigma from the median absolute deviation.
_SIGMAS, _MAD_TO_SIGMA = 3.0, 1.4826


def recipe_for(hdu: Hdu, columns: Columns, primary: Header, file_name: str) -> PixelFile | None:
    """The first recipe that fits; its flux column holds an image a row. The columns decide, not what CREATOR says."""
    for recipe in PIXEL_FILES:
        if matches(recipe.where, hdu, columns, primary, file_name) and len(columns[recipe.flux].shape) == 2:
            return recipe
    return None


@dataclass(frozen=True, eq=False)
class _Opened:
    """One pixel table: `flux` is (rows, ny, nx), `used` are the rows whose median is shown."""

    hdu: Hdu
    recipe: PixelFile
    table: Table
    flux: npt.NDArray[Any]
    times: FloatArray
    axis: TimeAxis
    found: Masked

    @property
    def good(self) -> IndexArray:
        usable = np.isfinite(self.times)
        return np.flatnonzero(usable if self.found.bad is None else usable & ~self.found.bad)

    @property
    def used(self) -> IndexArray:
        rows = self.good if self.good.size else np.arange(self.table.n_rows)
        return rows[:: max(1, -(-rows.size // _FRAMES))]

    @property
    def time_axis(self) -> Axis:
        return Axis(self.table.columns[self.recipe.time].name, self.axis.label, "d")

    @property
    def value_axis(self) -> Axis:
        column = self.table.columns[self.recipe.flux]
        return Axis(column.name, "Flux", column.unit)


def _open(file: FitsFile, hdu: Hdu, recipe: PixelFile, level: Level) -> _Opened:
    table = file.table(hdu)
    flux = table.raw(recipe.flux)
    if table.n_rows == 0 or flux.ndim != 3 or 0 in flux.shape:
        raise ValueError("no cadence of the pixel file is there")
    values = table.numbers(recipe.time)
    finite = values[np.isfinite(values)]
    median = float(np.median(finite)) if finite.size else 0.0
    axis = time_axis(hdu.header, file.primary, table.columns[recipe.time].unit, median)
    found = masked(table, recipe.masks, (), hdu.header, level)
    return _Opened(hdu, recipe, table, flux, values * axis.days_per_unit, axis, found)


def read(file: FitsFile, hdu: Hdu, recipe: PixelFile, asked: Asked) -> list[ImageLook | Series]:
    """The median frame (or the cadence `asked.plane`), and the light curve of its aperture.

    `n_rows` and `n_good` of the image count cadences. InvalidQuery for a cadence that is not there.
    """
    opened = _open(file, hdu, recipe, asked.quality)
    median = _median(opened.flux[opened.used])
    aperture, what = _aperture(file, median)
    sky, note = pixel_sky(file, hdu, recipe.flux, (int(median.shape[0]), int(median.shape[1])))
    image = _image(opened, median, aperture, asked.plane, what)
    image = replace(image, sky=sky, notes=(*image.notes, note) if note else image.notes)
    curve = _curve(opened, aperture, asked, what) if aperture.any() else None
    return [image] if curve is None else [image, curve]


def frames(file: FitsFile, hdu: Hdu, first: int, count: int, step: int) -> Frames:
    """`count` cadences from `first`, every `step`-th; fewer at the end, and so few that they are 32 MiB at most."""
    opened = _open(file, hdu, _wanted(file, hdu), "default")
    n_rows = opened.table.n_rows
    if step < 1 or count < 1 or not 0 <= first < n_rows:
        raise InvalidQuery(f"there is no cadence {first}", "", f"The cadences of this file are 0 to {n_rows - 1:,}")
    fitting = max(1, _MAX_BYTES // (4 * opened.flux[0].size))
    rows = np.arange(first, n_rows, step)[: min(count, fitting)]
    flags = opened.found.flags
    return Frames(
        hdu=hdu.index,
        pixels=np.asarray(opened.flux[rows], np.float32),
        times=opened.times[rows],
        time_axis=opened.time_axis,
        flags=np.zeros(rows.size, np.int64) if flags is None else flags[rows],
        first=first,
        step=step,
        n_rows=n_rows,
        limits=zscale(_median(opened.flux[opened.used])),
        value_axis=opened.value_axis,
    )


def aperture_curve(file: FitsFile, hdu: Hdu, aperture: BoolArray, level: Level) -> Series:
    """The light curve of the pixels that are true in `aperture`; InvalidQuery where none is, or its shape is wrong."""
    opened = _open(file, hdu, _wanted(file, hdu), level)
    if aperture.shape != opened.flux.shape[1:]:
        ny, nx = opened.flux.shape[1:]
        raise InvalidQuery(f"the aperture must have {nx} × {ny} pixels, as the frames have")
    if not aperture.any():
        raise InvalidQuery("the aperture has no pixel", "", "Mark at least one")
    n = int(np.count_nonzero(aperture))
    return _curve(opened, aperture, Asked(quality=level), f"{n} chosen pixel{'s' if n > 1 else ''}")


def _wanted(file: FitsFile, hdu: Hdu) -> PixelFile:
    recipe = recipe_for(hdu, file.columns(hdu), file.primary, "") if hdu.extension == "BINTABLE" else None
    if recipe is None:
        raise InvalidQuery(f"HDU {hdu.index} is no table of pixels")
    return recipe


def _image(opened: _Opened, median: ImageArray, aperture: BoolArray, plane: int | None, what: str) -> ImageLook:
    n_rows, ny, nx = opened.flux.shape
    if plane is not None and not 0 <= plane < n_rows:
        raise InvalidQuery(f"there is no cadence {plane}", "", f"The cadences of this file are 0 to {n_rows - 1:,}")
    pixels = median if plane is None else np.asarray(opened.flux[plane], np.float32)
    n_good = opened.good.size
    flagged = "" if opened.found.quality is None else f" ({opened.found.quality.rule})"
    if plane is not None:
        shown = f"cadence {plane + 1:,} of {n_rows:,} is shown"
    else:
        shown = f"the median of {opened.used.size} {'good ' if n_good else ''}cadences is shown"
    notes = [shown] if n_rows > 1 else []
    notes += [f"{n_rows - n_good:,} of {n_rows:,} cadences are flagged{flagged}", f"aperture: {what}"]
    finite = pixels[np.isfinite(pixels)].astype(np.float64)
    summary = Summary(1.0, float(nx))
    wide = None
    if finite.size:
        summary = Summary(1.0, float(nx), float(finite.min()), float(finite.max()), float(np.median(finite)))
        low, high = np.percentile(finite, (0.5, 99.5))
        wide = (float(low), float(high)) if high > low else None
    small, step = block_maximum(pixels)
    return ImageLook(
        kind="pixels",
        name=opened.hdu.header.name or f"HDU {opened.hdu.index}",
        hdu=opened.hdu.index,
        value_axis=opened.value_axis,
        pixels=small,
        limits=zscale(median),
        step=step,
        shape=(n_rows, ny, nx),
        n_rows=n_rows,
        n_good=n_good,
        summary=summary,
        wide_limits=wide,
        full=(ny, nx),
        plane=plane,
        n_planes=n_rows,
        plane_axis=opened.time_axis,
        plane_value=float("nan") if plane is None else float(opened.times[plane]),
        aperture=aperture,
        notes=tuple(notes),
    )


def _curve(opened: _Opened, aperture: BoolArray, asked: Asked, what: str) -> Series:
    y = _sums(opened.flux, aperture)
    error_name = first_present((opened.recipe.error,), opened.table.columns)
    error = None
    if error_name and opened.table.columns[error_name].shape == opened.flux.shape[1:]:
        error = np.sqrt(_sums(opened.table.raw(error_name), aperture, squared=True))
    found = opened.found
    cadence = opened.table.counters(opened.recipe.cadence)
    points = good_points(opened.times, y, error, found.bad, evenly_sampled=True, flags=found.flags, cadence=cadence)
    kept = asked.afford(points)
    return Series(
        kind="lightcurve",
        name=f"{opened.hdu.header.name} aperture".strip(),
        product=f"light curve of a {opened.recipe.product}",
        hdu=opened.hdu.index,
        x_axis=opened.time_axis,
        y_axis=Axis(opened.value_axis.name, "Flux in the aperture", opened.value_axis.unit),
        x=kept.x,
        y=kept.y,
        error=kept.error,
        starts=kept.starts,
        n_rows=opened.table.n_rows,
        n_good=points.x.size,
        summary=points.summary,
        shape=opened.flux.shape,
        error_name=opened.table.columns[error_name].name if error_name and error is not None else None,
        quality=found.quality,
        time=opened.axis.reference,
        flags=kept.flags,
        cadence=kept.cadence,
        notes=(f"the sum over {what}",),
    )


def _sums(cube: npt.NDArray[Any], aperture: BoolArray, *, squared: bool = False) -> FloatArray:
    """The sum over the aperture a row, NaN pixels left out; NaN where no pixel has a value (as lightkurve does)."""
    values = np.asarray(cube[:, aperture], np.float64)
    there = np.isfinite(values)
    values[~there] = 0.0
    sums = (values**2 if squared else values).sum(axis=1)
    sums[~there.any(axis=1)] = np.nan
    return np.asarray(sums, np.float64)


def _median(stack: npt.NDArray[Any]) -> ImageArray:
    values = np.asarray(stack, np.float32)
    empty = ~np.isfinite(values).any(axis=0)
    return np.where(empty, np.nan, np.nanmedian(np.where(empty, 0.0, values), axis=0)).astype(np.float32)


def _aperture(file: FitsFile, median: ImageArray) -> tuple[BoolArray, str]:
    """The mission's aperture, or the threshold mask where the file marks no pixel as optimal; and which it is."""
    for hdu in file.walk.hdus:
        if hdu.header.name.upper() == "APERTURE" and hdu.complete and image_axes(hdu) == median.shape:
            try:
                bits = np.nan_to_num(np.asarray(file.image(hdu), np.float64)).astype(np.int64)
            except PARSER_ERRORS:
                continue
            optimal = (bits & _OPTIMAL) != 0
            if optimal.any():
                n = int(np.count_nonzero(optimal))
                return optimal, f"the file's optimal aperture ({n} pixel{'s' if n > 1 else ''})"
    mask = threshold_mask(median)
    n = int(np.count_nonzero(mask))
    return mask, f"{n} pixel{'s' if n != 1 else ''} above 3 σ around the centre; the file has no optimal aperture"


def threshold_mask(median: ImageArray) -> BoolArray:
    """Pixels 3 sigma above the median that hang together (by sides), those nearest to the centre.

    As `lightkurve.TargetPixelFile.create_threshold_mask(threshold=3, reference_pixel="center")`.
    """
    values = median[np.isfinite(median)].astype(np.float64)
    if values.size == 0:
        return np.zeros(median.shape, bool)
    middle = float(np.median(values))
    cut = middle + _SIGMAS * _MAD_TO_SIGMA * float(np.median(np.abs(values - middle)))
    bright = np.nan_to_num(median, nan=-np.inf) >= cut
    places = np.argwhere(bright)
    if places.size == 0:
        return bright
    centre = np.array(median.shape) / 2
    start = places[int(np.argmin(np.hypot(*(places - centre).T)))]
    found = np.zeros(median.shape, bool)
    found[tuple(start)] = True
    while True:
        grown = found.copy()
        grown[1:] |= found[:-1]
        grown[:-1] |= found[1:]
        grown[:, 1:] |= found[:, :-1]
        grown[:, :-1] |= found[:, 1:]
        grown &= bright
        if (grown == found).all():
            return found
        found = grown
