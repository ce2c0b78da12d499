"""Light curves: a table with a time column and fluxes, read as a recipe says. Used by `jobs` and for plain tables."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from mast_tui.core.look import Axis, Ephemeris, FloatArray, Series
from mast_tui.preview.asking import Asked
from mast_tui.preview.building import good_points
from mast_tui.preview.columns import Columns, first_present, matches, present_values
from mast_tui.preview.fits_file import FitsFile, Table
from mast_tui.preview.guard import Hdu
from mast_tui.preview.headers import Header
from mast_tui.preview.light_curve_recipes import LIGHT_CURVES
from mast_tui.preview.masked import masked
from mast_tui.preview.recipe import LightCurve, Value
from mast_tui.preview.times import HOURS_A_DAY, TimeAxis, time_axis


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
    """The asked or preferred flux of the HDU over time, flagged cadences left out; of stacked vectors several.

    Of a file with many HDUs of stacked vectors, the HDUs after the first give one each until they are asked for.
    """
    return read_table(file.table(hdu), hdu, file.primary, recipe, asked)


def read_table(table: Table, hdu: Hdu, primary: Header, recipe: LightCurve, asked: Asked) -> list[Series]:
    """The same of a table that is already open."""
    chosen = asked.choose(recipe.values, table.columns)
    if chosen is None or table.n_rows == 0:
        return []
    value, names = chosen
    wanted = [value]
    if asked.column is None and (asked.hdu is not None or asked.is_first):
        wanted = present_values(recipe.values, table.columns)[: recipe.stacked]
    return [_series(table, hdu, primary, recipe, asked, one, names) for one in wanted]


def _series(
    table: Table, hdu: Hdu, primary: Header, recipe: LightCurve, asked: Asked, value: Value, names: tuple[str, ...]
) -> Series:
    time_name = first_present(recipe.time, table.columns)
    if time_name is None:
        raise ValueError("the table has no time")
    times, notes = _times(table, time_name)
    y = table.numbers(value.column)
    if y.ndim != 1:
        raise ValueError(f"column {value.column} holds arrays")
    unit = table.columns[time_name].unit or recipe.time_unit
    axis = time_axis(hdu.header, primary, unit, _median(times), recipe.offset_jd)
    found = masked(table, value.masks or recipe.masks, recipe.also, hdu.header, asked.quality)
    error_name = next((name for name in value.errors if name in table.columns), None)
    error = table.numbers(error_name) if error_name else None
    if error is not None and value.error_of in table.columns:
        with np.errstate(divide="ignore", invalid="ignore"):
            error = np.abs(y * error / table.numbers(value.error_of))
    if math.isfinite(recipe.lowest):
        y[y <= recipe.lowest] = np.nan
    points = good_points(
        times * axis.days_per_unit,
        y,
        error,
        found.bad,
        evenly_sampled=True,
        flags=found.flags,
        cadence=table.counters(recipe.cadence),
    )
    kept = asked.afford(points)
    column = table.columns[value.column]
    return Series(
        kind="lightcurve",
        name=" ".join(word for word in (hdu.header.name, column.name) if word),
        product=recipe.product,
        hdu=hdu.index,
        x_axis=Axis(table.columns[time_name].name, axis.label, "d"),
        y_axis=Axis(column.name, value.label, column.unit or value.unit, upside_down=value.magnitudes),
        x=kept.x,
        y=kept.y,
        error=kept.error,
        starts=kept.starts,
        n_rows=table.n_rows,
        n_good=points.x.size,
        summary=points.summary,
        shape=(*hdu.axes[:1], len(table.columns)),
        error_name=table.columns[error_name].name if error_name else None,
        quality=found.quality,
        time=axis.reference,
        columns=names,
        flags=kept.flags,
        cadence=kept.cadence,
        ephemerides=_ephemerides(hdu, axis) if recipe.ephemeris else (),
        notes=notes,
    )


def _ephemerides(hdu: Hdu, axis: TimeAxis) -> tuple[Ephemeris, ...]:
    """The transits that the header describes: TPERIOD and TEPOCH in days, TDUR in hours, TDEPTH in ppm.

    TEPOCH counts from the same zero as the time column (TESS Science Data Products Description, section 8).
    """
    period, epoch = hdu.header.number("TPERIOD"), hdu.header.number("TEPOCH")
    if period is None or epoch is None or not 0 < period < math.inf:
        return ()
    if epoch > axis.reference.offset_jd > 0:
        epoch -= axis.reference.offset_jd
    hours, ppm = hdu.header.number("TDUR"), hdu.header.number("TDEPTH")
    return (
        Ephemeris(
            hdu.header.name or f"HDU {hdu.index}",
            period,
            epoch,
            math.nan if hours is None else hours / HOURS_A_DAY,
            math.nan if ppm is None else ppm * 1e-6,
        ),
    )


def _times(table: Table, name: str) -> tuple[FloatArray, tuple[str, ...]]:
    times = table.numbers(name)
    if times.ndim == 2:  # astropy writes a time as two parts of a Julian date, for precision
        return np.asarray(times.sum(axis=1), np.float64), ("the time is the sum of the two parts of a Julian date",)
    return times, ()


def _median(values: npt.NDArray[np.float64]) -> float:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if finite.size else 0.0
