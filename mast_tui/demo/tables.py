"""The catalogues behind the Mashup: the recorded rows of TIC, HSC, DiskDetective and their kin, truly searched.

`invoke` asks for cones and criteria. Only what astroquery's test data recorded is held; a cone elsewhere is empty.
No rows of Gaia or GALEX are recorded: Gaia's are the sources that the DiskDetective rows were matched with, GALEX's
table is empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from mast_tui.demo import recorded
from mast_tui.demo.criteria import Criterion, InvalidRequest
from mast_tui.demo.fields import Field, Store, Wire
from mast_tui.demo.footprints import ARCSEC, separations_deg, unit_vectors
from mast_tui.demo.holdings import Cell
from mast_tui.demo.sky import Position

_STORES: dict[str, Store] = {"string": "text", "float": "float", "int": "int", "boolean": "boolean"}


@dataclass(frozen=True)
class Catalog:
    """Rows with positions in `ra` and `dec`; cones add `distance_name` in units of `distance_unit_deg`."""

    fields: tuple[Field, ...]
    rows: Sequence[Mapping[str, Cell]]
    ra: str
    dec: str
    distance_name: str = "dstArcSec"
    distance_unit_deg: float = 1 / ARCSEC

    def search(
        self, criteria: Sequence[Criterion], position: Position | None
    ) -> tuple[list[Field], list[tuple[Cell, ...]]]:
        """The rows that meet every criterion, nearest first in a cone. Raises InvalidRequest for unknown columns."""
        fields = list(self.fields)
        names = {field.name.lower(): field.name for field in fields}
        for criterion in criteria:
            if criterion.name.lower() not in names:
                raise InvalidRequest(f"Invalid column name '{criterion.name:.80}'.")
        found = [r for r in self.rows if all(c.accepts(r.get(names[c.name.lower()])) for c in criteria)]
        if position is not None:
            found = self._within(found, position)
            if self.distance_name not in names.values():
                fields.append(Field(self.distance_name, "float", "float"))
        return fields, [tuple(row.get(field.name) for field in fields) for row in found]

    def _within(self, rows: Sequence[Mapping[str, Cell]], position: Position) -> list[Mapping[str, Cell]]:
        if not rows:
            return []
        point = unit_vectors(position.ra_deg, position.dec_deg)
        others = unit_vectors([_degrees(r, self.ra) for r in rows], [_degrees(r, self.dec) for r in rows])
        away = separations_deg(point, others).tolist()
        near = [
            dict(row) | {self.distance_name: angle / self.distance_unit_deg}
            for row, angle in zip(rows, away, strict=True)
            if angle <= position.radius_deg
        ]
        return sorted(near, key=lambda row: _degrees(row, self.distance_name))


def _degrees(row: Mapping[str, Cell], name: str) -> float:
    cell = row.get(name)
    return float(cell) if cell is not None else float("nan")


def _wire_fields(answer: Any) -> tuple[Field, ...]:
    made = []
    for entry in answer["fields"]:
        wire: Wire = entry["type"]
        if entry["name"] != "_selected_":
            made.append(Field(entry["name"], wire, _STORES[wire]))
    return tuple(made)


def _catalog(name: str, ra: str, dec: str, **more: Any) -> Catalog:
    answer = recorded.table(name)
    return Catalog(_wire_fields(answer), answer["data"], ra, dec, **more)


@cache
def tic() -> Catalog:
    return _catalog("tic.json", "ra", "dec")


@cache
def hsc() -> Catalog:
    """The Hubble Source Catalog; its recorded `Distance` is in arcminutes."""
    return _catalog("hsc.json", "MatchRA", "MatchDec", distance_name="Distance", distance_unit_deg=1 / 60)


@cache
def disk_detective() -> Catalog:
    return _catalog("dd.json", "ra", "dec")


@cache
def hsc_matches() -> Catalog:
    return _catalog("matchid.json", "SourceRA", "SourceDec")


@cache
def hsc_spectra() -> Catalog:
    return _catalog("spectra.json", "RA", "Dec")


@cache
def gaia() -> Catalog:
    """The Gaia sources of the DiskDetective rows, at the positions of those rows."""
    names = {
        "source_id": ("G_source_id", "string"),
        "ra": ("ra", "float"),
        "dec": ("dec", "float"),
        "parallax": ("G_parallax", "float"),
        "parallax_error": ("G_parallax_error", "float"),
        "pmra": ("G_pmra", "float"),
        "pmdec": ("G_pmdec", "float"),
        "phot_g_mean_mag": ("G_phot_g_mean_mag", "float"),
    }
    fields = tuple(_field(name, kind) for name, (_, kind) in names.items())
    source = recorded.table("dd.json")["data"]
    rows = [{name: row[old] for name, (old, _) in names.items()} for row in source if row["G_source_id"]]
    return Catalog(fields, rows, "ra", "dec", distance_name="distance")


@cache
def galex() -> Catalog:
    names = {"objID": "string", "survey": "string", "ra": "float", "dec": "float"}
    magnitudes = {"fuv_mag": "float", "nuv_mag": "float"}
    fields = tuple(_field(name, kind) for name, kind in (names | magnitudes).items())
    return Catalog(fields, [], "ra", "dec", distance_name="distance_arcmin", distance_unit_deg=1 / 60)


def _field(name: str, kind: str) -> Field:
    if kind == "float":
        return Field(name, "float", "float")
    return Field(name, "string", "text")
