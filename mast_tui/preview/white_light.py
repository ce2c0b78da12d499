"""The white-light curve of time-series spectra: one integration a row, flux summed over wavelength. Used by `spectra`.

A pixel that is masked in one integration would make a dip; it counts there as its median over time, so that the curve
shows the star and not the mask.
"""

from __future__ import annotations

import numpy as np

from mast_tui.core.look import Axis, Quality, Series, TimeReference
from mast_tui.preview.asking import Asked
from mast_tui.preview.building import good_points
from mast_tui.preview.columns import first_present
from mast_tui.preview.fits_file import Table
from mast_tui.preview.guard import Hdu
from mast_tui.preview.masks import bad_points
from mast_tui.preview.recipe import Spectrum, Value
from mast_tui.preview.times import MJD_OFFSET


def white_light(table: Table, hdu: Hdu, recipe: Spectrum, value: Value, asked: Asked) -> list[Series]:
    """One light curve in the flux unit of the table; none where there is no time column or only one row."""
    time_name = first_present(recipe.white_light, table.columns)
    if time_name is None or table.n_rows < 2:
        return []
    flux = table.numbers(value.column)
    quality = None
    for mask in recipe.masks:
        if mask.column in table.columns and quality is None:
            bad, bitmask = bad_points(mask, table.raw(mask.column), hdu.header, asked.quality)
            flux[bad] = np.nan
            quality = Quality(table.columns[mask.column].name, bitmask, 0)
    length = first_present(recipe.length, table.columns)
    if length:
        flux[np.arange(flux.shape[1])[None, :] >= table.numbers(length)[:, None]] = np.nan
    flux = flux[:, np.isfinite(flux).any(axis=0)]
    typical = np.nanmedian(flux, axis=0) if flux.size else np.zeros(flux.shape[1])
    total = np.where(np.isfinite(flux), flux, typical[None, :]).sum(axis=1)
    points = good_points(table.numbers(time_name), total, None, None, evenly_sampled=True)
    kept = asked.afford(points)
    scale = "tdb" if time_name.startswith("TDB") else "utc"
    column = table.columns[value.column]
    return [
        Series(
            kind="lightcurve",
            name=f"{hdu.header.name} white light".strip(),
            product=recipe.product,
            hdu=hdu.index,
            x_axis=Axis(table.columns[time_name].name, f"MJD (JD − 2400000.5, {scale.upper()})", "d"),
            y_axis=Axis(column.name, f"{value.label}, summed over wavelength", column.unit),
            x=kept.x,
            y=kept.y,
            error=None,
            starts=kept.starts,
            n_rows=table.n_rows,
            n_good=points.x.size,
            summary=points.summary,
            shape=(table.n_rows, *column.shape),
            quality=quality,
            time=TimeReference("mjd", MJD_OFFSET, scale),
            notes=("the sum over wavelength; a masked pixel counts as its median over time",),
        )
    ]
