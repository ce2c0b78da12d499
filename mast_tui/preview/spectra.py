"""Spectra: tables with a wavelength, as a row a pixel or as a vector a row, read as a recipe says. Used by `jobs`."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from mast_tui.core.look import Axis, BoolArray, Flag, FloatArray, IndexArray, Quality, Series
from mast_tui.preview.asking import MAX_SERIES, UNASKED_POINTS, Asked
from mast_tui.preview.building import Points, cut_overlaps, good_points, joined
from mast_tui.preview.columns import Columns, first_present, matches, present_values
from mast_tui.preview.fits_file import HasTable, Table
from mast_tui.preview.general import general_recipe
from mast_tui.preview.guard import Hdu
from mast_tui.preview.headers import Header
from mast_tui.preview.masks import Bits, Mask, bad_points, flag_values, flags_that_occur
from mast_tui.preview.recipe import Spectrum, Value
from mast_tui.preview.spectrum_recipes import SPECTRA

_NAMES = {
    "SPORDER": "order",
    "ORDER": "order",
    "SLTNAME": "slit",
    "SOURCEID": "source",
    "SOURCE_ID": "source",
    "INT_NUM": "integration",
    "EXTVER": "exposure",
    "APERTURE": "aperture",
}
#: Keywords that say nothing when they are 1: there is only one, or it is the first.
_SILENT_ONE = frozenset(("EXTVER", "SPORDER", "INT_NUM"))


def recipe_for(hdu: Hdu, columns: Columns, primary: Header, file_name: str) -> Spectrum | None:
    """The first recipe that fits the HDU and finds its columns there."""
    for recipe in SPECTRA:
        if (
            first_present(recipe.x, columns)
            and present_values(recipe.values, columns)
            and matches(recipe.where, hdu, columns, primary, file_name)
        ):
            return recipe
    return general_recipe(columns)


def read(file: HasTable, hdu: Hdu, recipe: Spectrum, asked: Asked) -> list[Series]:
    """The spectra of one HDU: joined first where they are parts of one, then a series a row."""
    table = file.table(hdu)
    values = recipe.values
    if recipe.extended and hdu.header.text("SRCTYPE").upper() == "EXTENDED":
        values = tuple(dict.fromkeys((recipe.extended, *values)))
    chosen = asked.choose(values, table.columns)
    x_name = first_present(recipe.x, table.columns)
    if chosen is None or x_name is None or table.n_rows == 0:
        return []
    value, names = chosen
    reading = _Reading(table, hdu, recipe, asked, value, names, x_name)
    readings = {row: reading.for_row(row) for row in reading.rows()}
    unread = {row: readings.pop(row) for row in list(readings)[reading.n_unasked :]}
    parts = [part for part in (one.part(row) for row, one in readings.items()) if part is not None]
    first: list[Series] = []
    if asked.row is None and recipe.join:
        first = [reading.series(part, note) for part, note in reading.together(parts)]
    found = [*first, *(readings[part.row].series(part) for part in parts)]
    found += [one.listed(row) for row, one in unread.items() if one.has_wavelengths(row)]
    if found and asked.row is None and not reading.row_a_pixel and reading.n_spectra > MAX_SERIES:
        note = f"the first {MAX_SERIES} of {reading.n_spectra:,} spectra are listed; the others are read by their row"
        found[0] = replace(found[0], notes=(*found[0].notes, note))
    return found


@dataclass(frozen=True, eq=False)
class _Part:
    """The points of one row, of a whole table, or of rows joined; and what was counted on the way."""

    row: int | None
    name: str
    points: Points
    n_rows: int
    n_flagged: int
    n_empty: int
    bitmask: int
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, eq=False)
class _Reading:
    table: Table
    hdu: Hdu
    recipe: Spectrum
    asked: Asked
    value: Value
    names: tuple[str, ...]
    x_name: str

    @property
    def row_a_pixel(self) -> bool:
        return self.recipe.wavelength == "column" and self.table.columns[self.x_name].shape == ()

    @property
    def error_name(self) -> str | None:
        return first_present(self.value.errors, self.table.columns)

    @property
    def mask(self) -> Mask | None:
        return next((mask for mask in self.recipe.masks if mask.column in self.table.columns), None)

    def rows(self) -> list[int | None]:
        """The rows to read; None stands for a table that is one spectrum."""
        if self.row_a_pixel:
            return [None]
        n_rows = self.n_spectra
        if self.asked.row is not None:
            return [self.asked.row] if 0 <= self.asked.row < n_rows else []
        return list(range(min(n_rows, MAX_SERIES)))

    @property
    def n_spectra(self) -> int:
        if self.recipe.wavelength == "block":
            shape = self.table.columns[self.value.column].shape
            return shape[0] if len(shape) == 2 else 1
        return self.table.n_rows

    @property
    def n_unasked(self) -> int:
        """How many of the rows are read before they are asked for: all where they are parts of one spectrum."""
        if self.recipe.join or self.row_a_pixel:
            return MAX_SERIES
        return max(1, UNASKED_POINTS // max(1, self._n_points))

    @property
    def _n_points(self) -> int:
        return math.prod(self.table.columns[self.value.column].shape[-1:])

    def for_row(self, row: int | None) -> _Reading:
        """The reading of one row: as surface brightness where the row says that its source is extended."""
        recipe = self.recipe
        if row is None or not recipe.row_type or recipe.extended is None or self.asked.column is not None:
            return self
        if recipe.row_type not in self.table.columns or recipe.extended.column not in self.table.columns:
            return self
        extended = str(self.table.raw(recipe.row_type, row)).strip().upper() == "EXTENDED"
        return replace(self, value=recipe.extended) if extended else self

    def _numbers(self, name: str, row: int | None) -> FloatArray:
        """The values of one spectrum; of a block the exposure `row`."""
        if self.recipe.wavelength != "block":
            return self.table.numbers(name, row).ravel()
        values = self.table.numbers(name, 0)
        return values[row] if values.ndim == 2 and row is not None else values.ravel()

    def part(self, row: int | None) -> _Part | None:
        """The good points of a row; None where it holds no wavelength."""
        y = self._numbers(self.value.column, row)
        x = self._wavelengths(row, y.size)
        if not np.isfinite(x).any():
            return None
        y = self._slice(y, row, x.size)
        error_name = self.error_name
        error = self._slice(self._numbers(error_name, row), row, x.size) if error_name else None
        flagged, bitmask = self._flagged(row, x.size)
        beyond = self._beyond(row, x.size)
        empty = self._empty(y, error) & ~flagged & ~beyond
        flags, occurring = self._flags(row, x.size)
        points = good_points(x, y, error, flagged | beyond | empty, evenly_sampled=False, flags=flags)
        counts = [int(np.count_nonzero(what)) for what in (flagged, empty)]
        return _Part(row, self._name(row), points, x.size, counts[0], counts[1], bitmask, occurring)

    def has_wavelengths(self, row: int | None) -> bool:
        return bool(np.isfinite(self._wavelengths(row, self._n_points)).any())

    def listed(self, row: int | None) -> Series:
        """A row by its name alone, for lists too long to be read unasked."""
        nothing = Points(np.empty(0), np.empty(0), None, np.empty(0, np.int64))
        named = self.series(_Part(row, self._name(row), nothing, self._n_points, 0, 0, 0))
        note = "its points are not read until it is asked for by its row"
        return replace(named, read=False, quality=None, notes=(note,))

    def together(self, parts: list[_Part]) -> list[tuple[_Part, str]]:
        """All rows as one, with a note how, when there is more than one."""
        some = sorted((part for part in parts if part.points.x.size), key=lambda part: float(part.points.x[0]))
        if len(some) < 2:
            return []
        points = [part.points for part in some]
        note = ""
        if self.recipe.join == "orders":
            points = cut_overlaps(points, self.recipe.cut_at)
            note = "where orders overlap, each ends where the next begins"
            name = f"{len(some)} orders"
        else:
            name = " + ".join(part.name for part in some)
        whole = _Part(
            None,
            " ".join(word for word in (self.hdu.header.name, *self._hdu_words(), name) if word),
            joined(points),
            sum(part.n_rows for part in parts),
            sum(part.n_flagged for part in parts),
            sum(part.n_empty for part in parts),
            some[0].bitmask,
            _added(parts),
        )
        return [(whole, note)]

    def series(self, part: _Part, note: str = "") -> Series:
        columns, mask, points = self.table.columns, self.mask, part.points
        notes = [note] if note else []
        if part.n_empty:
            notes.append(f"{part.n_empty:,} points without data (flux 0) are left out")
        if self.value.lower in columns:
            notes.append(f"errors are those upwards; downwards they are in {columns[self.value.lower].name}")
        x, y = columns[self.x_name], columns[self.value.column]
        kept = self.asked.afford(points)
        return Series(
            kind="spectrum",
            name=part.name,
            product=self.recipe.product,
            hdu=self.hdu.index,
            row=part.row,
            x_axis=Axis(x.name, _x_label(x.unit), x.unit, log=self.recipe.log),
            y_axis=Axis(y.name, self.value.label, y.unit or self._usual_unit(), log=self.recipe.log),
            x=kept.x,
            y=kept.y,
            error=kept.error,
            starts=kept.starts,
            n_rows=part.n_rows,
            n_good=points.x.size,
            summary=points.summary,
            shape=(self.hdu.header.integer("NAXIS2") or 0, *columns[self.value.column].shape),
            error_name=columns[self.error_name].name if self.error_name else None,
            quality=Quality(columns[mask.column].name, part.bitmask, part.n_flagged, part.flags) if mask else None,
            flags=kept.flags,
            medium=self.recipe.medium,
            columns=self.names,
            ignore_for_limits=self.recipe.airglow,
            notes=tuple(notes),
        )

    def _usual_unit(self) -> str:
        return self.recipe.unit if self.value is self.recipe.values[0] else ""

    def _wavelengths(self, row: int | None, n: int) -> FloatArray:
        if self.recipe.wavelength == "start and step":
            start, step = float(self.table.numbers("WAVELENGTH", row)), float(self.table.numbers("DELTAW", row))
            n_points = int(self.table.raw("NPOINTS", row))
            return np.asarray(start + step * np.arange(max(0, min(n, n_points))), np.float64)
        x = self._numbers(self.x_name, row)
        return np.asarray(10.0**x if self.x_name == "LOGLAM" else x, np.float64)

    def _slice(self, values: npt.NDArray[np.float64], row: int | None, n: int) -> npt.NDArray[np.float64]:
        """The part of a vector that belongs to the wavelengths: IUE's high-dispersion orders begin at STARTPIX."""
        first = 0
        if self.recipe.wavelength == "start and step" and "STARTPIX" in self.table.columns:
            first = max(0, int(self.table.raw("STARTPIX", row)) - 1)
        part = values[first : first + n]
        if part.size != n:
            raise ValueError("wavelength and flux differ in length")
        return part

    def _flagged(self, row: int | None, n: int) -> tuple[BoolArray, int]:
        mask = self.mask
        if mask is None:
            return np.zeros(n, bool), 0
        values = self.table.raw(mask.column, 0 if self.recipe.wavelength == "block" else row)
        values = values[row] if self.recipe.wavelength == "block" and values.ndim == 2 else values.ravel()
        bad, bitmask = bad_points(mask, values, self.hdu.header, self.asked.quality)
        return self._slice(bad.astype(np.float64), row, n) > 0, bitmask

    def _flags(self, row: int | None, n: int) -> tuple[IndexArray | None, tuple[Flag, ...]]:
        """Each point's quality bits, also where the mask is a weight, and which of them occur."""
        mask = next((m for m in self.recipe.masks if isinstance(m, Bits) and m.column in self.table.columns), None)
        if mask is None or self.recipe.wavelength != "column":
            return None, ()
        values = flag_values(mask, self.table.raw(mask.column, row).ravel())
        if values is None or values.size != n:
            return None, ()
        return values, flags_that_occur(mask, values)

    def _beyond(self, row: int | None, n: int) -> BoolArray:
        """Padding at the end of a vector that is longer than its spectrum."""
        length = first_present(self.recipe.length, self.table.columns)
        if length is None or row is None or self.recipe.wavelength != "column":
            return np.zeros(n, bool)
        return np.arange(n) >= int(self.table.raw(length, row))

    def _empty(self, y: FloatArray, error: FloatArray | None) -> BoolArray:
        if self.asked.quality != "none":
            if self.recipe.empty == "zero flux":
                return np.asarray(y == 0)
            if self.recipe.empty == "zero flux and error" and error is not None:
                return np.asarray((y == 0) & (error <= 0))
        return np.zeros(y.size, bool)

    def _hdu_words(self) -> list[str]:
        words = []
        for keyword in self.recipe.hdus:
            written = self.hdu.header.text(keyword)
            if written and written.upper() != "UNKNOWN" and not (keyword in _SILENT_ONE and written == "1"):
                words.append(f"{_NAMES.get(keyword, '')} {written}".strip())
        return words

    def _name(self, row: int | None) -> str:
        words = []
        for name in self.recipe.rows:
            if name in self.table.columns and row is not None:
                words.append(f"{_NAMES.get(name, '')} {str(self.table.raw(name, row)).strip()}".strip())
        if not self.recipe.join:
            words = [self.hdu.header.name, *self._hdu_words(), *words]
        if self.recipe.wavelength == "block" and row is not None:
            words.append(f"exposure {row + 1}")
        return " ".join(dict.fromkeys(word for word in words if word)) or f"HDU {self.hdu.index}"


def _added(parts: list[_Part]) -> tuple[Flag, ...]:
    """The flags of all parts, counted together."""
    counts: dict[tuple[int, str], int] = {}
    for part in parts:
        for flag in part.flags:
            counts[flag.bit, flag.meaning] = counts.get((flag.bit, flag.meaning), 0) + flag.n
    return tuple(Flag(bit, meaning, n) for (bit, meaning), n in sorted(counts.items()))


def _x_label(unit: str) -> str:
    short = unit.strip().lower()
    if short.endswith("hz"):
        return "Frequency"
    if short.endswith("ev"):
        return "Energy"
    return "Wavenumber" if short in ("cm-1", "1/cm", "cm^-1") else "Wavelength"
