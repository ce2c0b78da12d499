"""The observations of the embedded archive as columns: cones by footprint, filters, counts and the rows themselves.

`invoke` asks it for pages and facets, `downloads` and `missions` for the observations it holds. It never changes
after it is made, so requests may ask it at the same time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mast_tui.demo.bulk import FIRST_OBSID, Bulk, simulate
from mast_tui.demo.criteria import Criterion, InvalidRequest, Mask
from mast_tui.demo.datasets import simulated_products
from mast_tui.demo.fields import OBSERVATION_FIELDS, Field
from mast_tui.demo.footprints import ARCSEC, Floats, parse_footprint, separations_deg, unit_vectors
from mast_tui.demo.holdings import Cell, HeldObservation
from mast_tui.demo.recorded import RecordedCone
from mast_tui.demo.store import (
    NO_INT,
    Index,
    MadeColumn,
    NumberColumn,
    StoredColumn,
    TextColumn,
    code_texts,
    joined,
)

_FIELDS = {field.name.lower(): field for field in OBSERVATION_FIELDS}
#: Different in every row, so never kept as codes.
_MADE = ("obs_id", "s_region")
_SLACK_DEG = 1e-4


@dataclass(frozen=True)
class Position:
    """A cone: centre in ICRS degrees and radius in degrees."""

    ra_deg: float
    dec_deg: float
    radius_deg: float


@dataclass(frozen=True)
class Selection:
    """The rows that answer a query, in the sky's order, with their distances in arcseconds when it was a cone."""

    rows: Index
    distance_arcsec: Floats | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def part(self, start: int, stop: int) -> Selection:
        distances = self.distance_arcsec
        return Selection(self.rows[start:stop], None if distances is None else distances[start:stop])


class Sky:
    """All observations: the ones held as rows, then `simulated_rows` simulated ones."""

    def __init__(
        self,
        observations: Sequence[HeldObservation],
        simulated_rows: int = 0,
        recorded_cones: Sequence[RecordedCone] = (),
    ):
        """Raises ValueError for two observations with one objID, or an obsid in the range of simulated ones."""
        self._held = list(observations)
        self._cones = list(recorded_cones)
        self._bulk: Bulk = simulate(simulated_rows, [(cone.ra_deg, cone.dec_deg) for cone in recorded_cones])
        self._by_obsid: dict[int, list[HeldObservation]] = {}
        self._columns = {field.name: self._column(field) for field in OBSERVATION_FIELDS}
        obsids = self._number("obsid", len(self._held)).tolist()
        for obsid, held in zip(obsids, self._held, strict=True):
            self._by_obsid.setdefault(obsid, []).append(held)
        if len({*self._number("objID", len(self._held)).tolist()}) < len(self._held):
            raise ValueError("two held observations have the same objID")
        if obsids and max(obsids) >= FIRST_OBSID:
            raise ValueError("a held obsid lies in the range of the simulated ones")
        self._footprints = [parse_footprint(_text(held.row.get("s_region"))) for held in self._held]
        self._vectors = unit_vectors(self._number("s_ra"), self._number("s_dec"))
        self._reach_deg = np.concatenate([self._held_reach(), self._bulk.reach_deg])

    def __len__(self) -> int:
        return len(self._held) + self._bulk.count

    # -- what is held -------------------------------------------------------------------------------------------

    @property
    def held(self) -> Sequence[HeldObservation]:
        """The observations with rows of their own, without the simulated sky."""
        return self._held

    def observations(self, obsid: int) -> list[HeldObservation]:
        """The observations of one product group, none when there is no such id."""
        row = obsid - FIRST_OBSID
        if 0 <= row < self._bulk.count:
            at = np.array([len(self._held) + row])
            cells = {field.name: self._columns[field.name].cells(at)[0] for field in OBSERVATION_FIELDS}
            return [HeldObservation(cells, lambda: simulated_products(cells))]
        return self._by_obsid.get(obsid, [])

    # -- asking -------------------------------------------------------------------------------------------------

    def select(self, criteria: Sequence[Criterion] = (), position: Position | None = None) -> Selection:
        """The rows that meet every criterion and whose footprint comes within the cone.

        Raises InvalidRequest for a column that does not exist, or a position off the sphere.
        """
        if position is None:
            rows, distances = np.arange(len(self)), None
        else:
            rows, distances = self._cone(position)
        for criterion in criteria:
            field = _FIELDS.get(criterion.name.lower())
            if field is None:
                raise InvalidRequest(f"Invalid column name '{criterion.name:.80}'.")
            good: Mask = self._columns[field.name].accepts(criterion, rows)
            rows = rows[good]
            distances = None if distances is None else distances[good]
        return Selection(rows, distances)

    def rows(self, selection: Selection, fields: Sequence[Field]) -> Iterator[tuple[Cell, ...]]:
        """The cells of a selection, row by row, in the order of `fields`; `distance` and `objID1` may be among them."""
        columns: list[list[Cell]] = []
        for field in fields:
            if field.name == "distance":
                found = selection.distance_arcsec
                columns.append([None] * len(selection) if found is None else found.tolist())
            else:
                name = "objID" if field.name == "objID1" else field.name
                columns.append(self._columns[name].cells(selection.rows))
        return zip(*columns, strict=True)

    def counts(self, name: str) -> dict[str | None, int]:
        """How many rows have each value of a text column, or of a small whole-number column; None is missing."""
        column = self._columns[name]
        if isinstance(column, TextColumn):
            return column.counts()
        values, numbers = np.unique(self._number(name), return_counts=True)
        words = {0: "false", 1: "true"} if isinstance(column, NumberColumn) and column.boolean else {}
        return {
            None if value == NO_INT else words.get(value, str(value)): count
            for value, count in zip(values.tolist(), numbers.tolist(), strict=True)
        }

    def numbers(self, name: str) -> Floats:
        """The known numbers of a float column."""
        column = np.asarray(self._number(name), float)
        known: Floats = column[~np.isnan(column)]
        return known

    # -- cones --------------------------------------------------------------------------------------------------

    def _cone(self, position: Position) -> tuple[Index, Floats]:
        numbers = (position.ra_deg, position.dec_deg, position.radius_deg)
        if not all(np.isfinite(numbers)) or abs(position.dec_deg) > 90 or position.radius_deg < 0:
            raise InvalidRequest("the position must be ra, dec, radius in degrees")
        point = unit_vectors(position.ra_deg, position.dec_deg)
        limit = np.radians(np.minimum(position.radius_deg + self._reach_deg + _SLACK_DEG, 180.0))
        near = np.flatnonzero(self._vectors @ point >= np.cos(limit) - 1e-12)
        first = len(self._held)
        held, late = near[near < first], near[near >= first]
        distances = np.concatenate(
            [
                np.array([self._held_distance(row, point) for row in held.tolist()], float),
                self._bulk.distances_deg(point, late - first) * ARCSEC if len(late) else np.zeros(0),
            ]
        )
        self._as_recorded(position, point, near, distances)
        inside = distances <= position.radius_deg * ARCSEC
        return near[inside], distances[inside]

    def _held_distance(self, row: int, point: Floats) -> float:
        footprint = self._footprints[row]
        if footprint is not None:
            return footprint.distance_arcsec(point)
        return float(separations_deg(point, self._vectors[row])) * ARCSEC

    def _as_recorded(self, position: Position, point: Floats, rows: Index, distances: Floats) -> None:
        """MAST's own distances, where the very question was recorded."""
        for cone in self._cones:
            away = separations_deg(point, unit_vectors(cone.ra_deg, cone.dec_deg)) * ARCSEC
            if float(away) > cone.tolerance_arcsec:
                continue
            for i, obsid in enumerate(self._number("obsid")[rows].tolist()):
                distances[i] = cone.distance_arcsec.get(obsid, distances[i])

    def _held_reach(self) -> Floats:
        reaches = [
            footprint.reach_deg(self._vectors[row]) if footprint else 0.0
            for row, footprint in enumerate(self._footprints)
        ]
        return np.array(reaches, float)

    # -- columns ------------------------------------------------------------------------------------------------

    def _number(self, name: str, stop: int | None = None) -> npt.NDArray[Any]:
        column = self._columns[name]
        if not isinstance(column, NumberColumn):
            raise InvalidRequest(f"{name} is not a column of numbers")
        return column.numbers[:stop]

    def _column(self, field: Field) -> StoredColumn:
        held = [observation.row.get(field.name) for observation in self._held]
        late = self._bulk.column(field.name)
        if field.name in _MADE and isinstance(late, MadeColumn):
            return MadeColumn([_text(cell) for cell in held], late.make)
        if isinstance(late, TextColumn):
            codes, words = code_texts(_text(cell) for cell in held)
            return joined(TextColumn(codes, words), late)
        if not isinstance(late, NumberColumn):
            raise TypeError(f"no way to keep the column {field.name}")
        if field.store == "float":
            floats = np.array([np.nan if cell is None else float(cell) for cell in held], float)
            return NumberColumn(np.concatenate([floats, late.numbers]))
        ints = np.array([NO_INT if cell is None else int(cell) for cell in held], np.int64)
        kind = np.int64 if field.wire == "string" else np.int32
        return NumberColumn(np.concatenate([ints, late.numbers]).astype(kind), field.store == "boolean")


def _text(cell: Cell) -> str | None:
    return None if cell is None or cell == "" else str(cell)
