"""Spectra of one target over time: their white-light curve, and the dynamic spectrum. Used by `jobs`.

Three layouts become one stack: a table with an integration a row (JWST today, N_ALONGDISP pixels of each are used), an
HDU an integration with the times in INT_TIMES (JWST before), one row with a block of exposures (ULLYSES).

A pixel that is masked in one integration would make a dip in the white-light curve; it counts there as its median over
time, so that the curve shows the star and not the mask.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from mast_tui.core.look import Axis, Extent, FloatArray, ImageLook, Look, Quality, Series, Summary, TimeReference
from mast_tui.preview.asking import Asked
from mast_tui.preview.building import good_points
from mast_tui.preview.columns import columns_of, first_present
from mast_tui.preview.fits_file import FitsFile
from mast_tui.preview.guard import Hdu
from mast_tui.preview.masks import bad_points
from mast_tui.preview.recipe import Spectrum, Value
from mast_tui.preview.shrinking import MAX_COLUMNS, MAX_ROWS, percentiles, zscale
from mast_tui.preview.times import MJD_OFFSET

#: Columns of INT_TIMES with the middle of each integration, the barycentric first.
_INT_TIMES = ("INT_MID_BJD_TDB", "INT_MID_MJD_UTC")


@dataclass(frozen=True, eq=False)
class _Stack:
    """`wave`, `flux` (n, m), NaN where masked or padded; `times` (n,) as Modified Julian Dates."""

    hdu: Hdu
    wave: FloatArray
    flux: FloatArray
    times: FloatArray
    wave_axis: Axis
    flux_axis: Axis
    time_name: str
    scale: str
    quality: Quality | None = None

    def name(self, what: str) -> str:
        """'EXTRACT1D white light', with the spectral order where it is not the first."""
        order = self.hdu.header.text("SPORDER")
        return f"{self.hdu.header.name} {f'order {order} ' if order not in ('', '1') else ''}{what}".strip()

    @property
    def time_axis(self) -> Axis:
        return Axis(self.time_name, f"MJD (JD − 2400000.5, {self.scale.upper()})", "d")


def looks(file: FitsFile, hdu: Hdu, recipe: Spectrum, asked: Asked) -> list[Look]:
    """White-light curve and dynamic spectrum of one table; none where it has no times or only one spectrum."""
    if asked.row is not None or not recipe.white_light:
        return []
    stack = _of_table(file, hdu, recipe, asked)
    return [] if stack is None else [_white_light(stack, recipe.product, asked), _dynamic(stack)]


def looks_at_hdus(file: FitsFile, recipe: Spectrum, hdus: list[Hdu], asked: Asked) -> list[Look]:
    """The same of a file with an integration an HDU; none where the number of times is not theirs."""
    stack = _of_hdus(file, recipe, hdus, asked)
    return [] if stack is None else [_white_light(stack, recipe.product, asked), _dynamic(stack)]


def integrations(file: FitsFile) -> list[list[Hdu]]:
    """The HDUs of a file that has an integration an HDU, with the times in INT_TIMES, by their order; else none."""
    names = {hdu.header.name.upper() for hdu in file.walk.hdus}
    if "INT_TIMES" not in names:
        return []
    found = [
        hdu
        for hdu in file.walk.hdus
        if hdu.header.name.upper() == "EXTRACT1D" and hdu.complete and "INT_NUM" not in columns_of(hdu.header)
    ]
    orders: dict[tuple[str, tuple[int, ...]], list[Hdu]] = {}
    for hdu in found:
        orders.setdefault((hdu.header.text("SPORDER"), hdu.axes[:1]), []).append(hdu)
    return [same for same in orders.values() if len(same) > 1]


def _of_table(file: FitsFile, hdu: Hdu, recipe: Spectrum, asked: Asked) -> _Stack | None:
    table = file.table(hdu)
    block = recipe.wavelength == "block"
    time_name = first_present(recipe.white_light, table.columns)
    chosen = asked.choose(_values(recipe, hdu), table.columns)
    x_name = first_present(recipe.x, table.columns)
    if time_name is None or x_name is None or chosen is None:
        return None
    row = 0 if block else None
    value = chosen[0]
    flux, times = table.numbers(value.column, row), table.numbers(time_name, row)
    if flux.ndim != 2 or len(flux) < 2 or times.shape != flux.shape[:1]:
        return None
    wave = np.broadcast_to(table.numbers(x_name, row), flux.shape)
    quality = None
    for mask in recipe.masks:
        if mask.column in table.columns and quality is None:
            bad, bitmask = bad_points(mask, table.raw(mask.column, row), hdu.header, asked.quality)
            flux[np.broadcast_to(bad, flux.shape)] = np.nan
            quality = Quality(table.columns[mask.column].name, bitmask, 0)
    length = first_present(recipe.length, table.columns)
    if length and not block:
        flux[np.arange(flux.shape[1])[None, :] >= table.numbers(length)[:, None]] = np.nan
    x, y = table.columns[x_name], table.columns[value.column]
    scale = "tdb" if time_name.startswith("TDB") else "utc"
    return _Stack(
        hdu, wave, flux, times, Axis(x.name, "Wavelength", x.unit), Axis(y.name, value.label, y.unit),
        table.columns[time_name].name, scale, quality,
    )  # fmt: skip


def _of_hdus(file: FitsFile, recipe: Spectrum, hdus: list[Hdu], asked: Asked) -> _Stack | None:
    timing = next(hdu for hdu in file.walk.hdus if hdu.header.name.upper() == "INT_TIMES")
    clock = file.table(timing)
    time_name = first_present(_INT_TIMES, clock.columns)
    if time_name is None or clock.n_rows != len(hdus):
        return None
    times = clock.numbers(time_name)
    times = np.where(times > 2.4e6, times - MJD_OFFSET, times)
    waves, fluxes = [], []
    axes = (Axis("", ""), Axis("", ""))
    for hdu in hdus:
        table = file.table(hdu)
        chosen, x_name = asked.choose(_values(recipe, hdu), table.columns), first_present(recipe.x, table.columns)
        if chosen is None or x_name is None:
            return None
        flux = table.numbers(chosen[0].column)
        for mask in recipe.masks:
            if mask.column in table.columns:
                flux[bad_points(mask, table.raw(mask.column), hdu.header, asked.quality)[0]] = np.nan
        waves.append(table.numbers(x_name))
        fluxes.append(flux)
        x, y = table.columns[x_name], table.columns[chosen[0].column]
        axes = Axis(x.name, "Wavelength", x.unit), Axis(y.name, chosen[0].label, y.unit)
    scale = "tdb" if time_name.endswith("TDB") else "utc"
    written = clock.columns[time_name].name
    return _Stack(hdus[0], np.array(waves), np.array(fluxes), times, *axes, written, scale)


def _values(recipe: Spectrum, hdu: Hdu) -> tuple[Value, ...]:
    if recipe.extended and hdu.header.text("SRCTYPE").upper() == "EXTENDED":
        return tuple(dict.fromkeys((recipe.extended, *recipe.values)))
    return recipe.values


def _white_light(stack: _Stack, product: str, asked: Asked) -> Series:
    """The sum over wavelength, in the unit of the flux."""
    flux = stack.flux[:, np.isfinite(stack.flux).any(axis=0)]
    typical = _median_spectrum(flux) if flux.size else np.zeros(flux.shape[1])
    total = np.where(np.isfinite(flux), flux, typical[None, :]).sum(axis=1)
    points = good_points(stack.times, total, None, None, evenly_sampled=True)
    kept = asked.afford(points)
    return Series(
        kind="lightcurve",
        name=stack.name("white light"),
        product=product,
        hdu=stack.hdu.index,
        x_axis=stack.time_axis,
        y_axis=Axis(stack.flux_axis.name, f"{stack.flux_axis.label}, summed over wavelength", stack.flux_axis.unit),
        x=kept.x,
        y=kept.y,
        error=None,
        starts=kept.starts,
        n_rows=len(total),
        n_good=points.x.size,
        summary=points.summary,
        shape=stack.flux.shape,
        quality=stack.quality,
        time=TimeReference("mjd", MJD_OFFSET, stack.scale),
        notes=("the sum over wavelength; a masked pixel counts as its median over time",),
    )


def _median_spectrum(flux: FloatArray) -> FloatArray:
    """The median over time at each wavelength; numpy's slow nanmedian only where something is missing."""
    whole = np.isfinite(flux).all(axis=0)
    typical = np.empty(flux.shape[1])
    typical[whole] = np.median(np.ascontiguousarray(flux[:, whole].T), axis=1)
    typical[~whole] = np.nanmedian(flux[:, ~whole], axis=0)
    return typical


def _dynamic(stack: _Stack) -> ImageLook:
    """Flux over its median spectrum, by wavelength (to the right) and time (upwards), both on even steps.

    Wavelengths are interpolated, exposures averaged; a row in which nothing was observed is blank.
    """
    order = np.argsort(stack.times, kind="stable")
    times, wave, flux = stack.times[order], stack.wave[order], stack.flux[order]
    inside = np.isfinite(wave) & np.isfinite(flux)
    used = np.isfinite(times) & inside.any(axis=1)
    times, wave, flux, inside = times[used], wave[used], flux[used], inside[used]
    if len(times) < 2:
        raise ValueError("no two integrations hold data")
    low, high = float(wave[inside].min()), float(wave[inside].max())
    n_columns = min(MAX_COLUMNS, flux.shape[1])
    grid = low + (np.arange(n_columns) + 0.5) * (high - low) / n_columns
    even = np.full((len(times), n_columns), np.nan)
    for k in range(len(times)):
        x, y = wave[k][inside[k]], flux[k][inside[k]]
        if (x[1:] < x[:-1]).any():
            by_x = np.argsort(x)
            x, y = x[by_x], y[by_x]
        even[k] = np.interp(grid, x, y, left=np.nan, right=np.nan)
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # columns and rows without data
        relative = even / _median_spectrum(even)
        relative[~np.isfinite(relative)] = np.nan
        cadence = float(np.median(np.diff(times)))
        start, end = float(times[0]) - cadence / 2, float(times[-1]) + cadence / 2
        n_rows = max(2, min(MAX_ROWS, round((end - start) / cadence) if cadence > 0 else len(times)))
        at = np.clip(((times - start) / (end - start) * n_rows).astype(int), 0, n_rows - 1)
        pixels = np.full((n_rows, n_columns), np.nan, np.float32)
        for row in np.unique(at):
            pixels[row] = np.nanmean(relative[at == row], axis=0)
    finite = relative[np.isfinite(relative)]
    summary = Summary(1.0, float(n_columns))
    if finite.size:
        summary = Summary(1.0, float(n_columns), float(finite.min()), float(finite.max()), float(np.median(finite)))
    return ImageLook(
        kind="image",
        name=stack.name("dynamic spectrum"),
        hdu=stack.hdu.index,
        value_axis=Axis(stack.flux_axis.name, "Flux relative to the median spectrum"),
        pixels=pixels,
        limits=zscale(pixels),
        step=(1, 1),
        shape=stack.flux.shape,
        n_rows=int(stack.flux.size),
        n_good=int(np.isfinite(stack.flux).sum()),
        summary=summary,
        wide_limits=percentiles(pixels),
        full=(n_rows, n_columns),
        extent=Extent(stack.wave_axis, low, high, stack.time_axis, start, end),
        notes=("each exposure is divided by the median spectrum; wavelength and time are on even steps",),
    )
