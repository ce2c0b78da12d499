"""Light curves: a table with a time column and fluxes, read as a recipe says. Used by `jobs`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mast_tui.core.look import Axis, FloatArray, Quality, Series
from mast_tui.preview.asking import Asked
from mast_tui.preview.building import good_points
from mast_tui.preview.columns import Columns, first_present, matches, present_values
from mast_tui.preview.fits_file import FitsFile, Table
from mast_tui.preview.guard import Hdu
from mast_tui.preview.headers import Header
from mast_tui.preview.light_curve_recipes import LIGHT_CURVES
from mast_tui.preview.masks import BoolArray, Level, Mask, bad_points
from mast_tui.preview.recipe import LightCurve
from mast_tui.preview.times import time_axis


def recipe_for(hdu: Hdu, columns: Columns, primary: Header, file_name: str) -> LightCurve | None:
    """The first recipe that fits the HDU. A time and a value of one number a row: pixel files hold images there."""
    for recipe in LIGHT_CURVES:
        time = first_present(recipe.time, columns)
        if time is None or not matches(recipe.where, hdu, columns, primary, file_name):
            continue
        values = present_values(recipe.values, columns)
        if values and columns[values[0].column].shape == () and columns[time].shape in ((), (2,)):
            return recipe
    return None


def read(file: FitsFile, hdu: Hdu, recipe: LightCurve, asked: Asked) -> list[Series]:
    """One series: the asked or preferred flux of the HDU over time, flagged cadences left out."""
    table = file.table(hdu)
    chosen = asked.choose(recipe.values, table.columns)
    time_name = first_present(recipe.time, table.columns)
    if chosen is None or time_name is None or table.n_rows == 0:
        return []
    value, names = chosen
    times, notes = _times(table, time_name)
    y = table.numbers(value.column)
    if y.ndim != 1:
        raise ValueError(f"column {value.column} holds arrays")
    unit = table.columns[time_name].unit
    axis = time_axis(hdu.header, file.primary, unit, _median(times), recipe.offset_jd)
    bad, quality = _masked(table, recipe.masks, hdu.header, asked.quality)
    error_name = next((name for name in value.errors if name in table.columns), None)
    error = table.numbers(error_name) if error_name else None
    points = good_points(times * axis.days_per_unit, y, error, bad, evenly_sampled=True)
    kept = asked.afford(points)
    column = table.columns[value.column]
    return [
        Series(
            kind="lightcurve",
            name=" ".join(word for word in (hdu.header.name, column.name) if word),
            product=recipe.product,
            hdu=hdu.index,
            x_axis=Axis(table.columns[time_name].name, axis.label, "d"),
            y_axis=Axis(column.name, value.label, column.unit, upside_down=recipe.magnitudes),
            x=kept.x,
            y=kept.y,
            error=kept.error,
            starts=kept.starts,
            n_rows=table.n_rows,
            n_good=points.x.size,
            summary=points.summary,
            shape=(*hdu.axes[:1], len(table.columns)),
            error_name=table.columns[error_name].name if error_name else None,
            quality=quality,
            time=axis.reference,
            columns=names,
            notes=notes,
        )
    ]


def _masked(
    table: Table, masks: tuple[Mask, ...], header: Header, level: Level
) -> tuple[BoolArray | None, Quality | None]:
    """The bad rows by the first mask whose column the table has."""
    for mask in masks:
        if mask.column in table.columns:
            bad, bitmask = bad_points(mask, table.raw(mask.column), header, level)
            return bad, Quality(table.columns[mask.column].name, bitmask, int(np.count_nonzero(bad)))
    return None, None


def _times(table: Table, name: str) -> tuple[FloatArray, tuple[str, ...]]:
    times = table.numbers(name)
    if times.ndim == 2:  # astropy writes a time as two parts of a Julian date, for precision
        return np.asarray(times.sum(axis=1), np.float64), ("the time is the sum of the two parts of a Julian date",)
    return times, ()


def _median(values: npt.NDArray[np.float64]) -> float:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if finite.size else 0.0
