"""Recorded answers of MAST: the test data that every installed astroquery carries, read at run time.

The folder is found without importing astroquery, which would cost half a second. The sky, the resolver, the catalogs,
the missions and the cut-outs all start from these; rows made from them say `recorded` in `provenance_name`.
The numbers of the recordings (19 rows around M103, 22 products of U9O40504M, ...) are kept exactly.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mast_tui.demo.datasets import simulated_products
from mast_tui.demo.holdings import Cell, HeldObservation, HeldProduct, Row
from mast_tui.demo.simulated import filler

#: What the rows from the recordings say in `provenance_name`.
RECORDED = "recorded (astroquery test data)"

#: The observation whose 22 products are recorded; its position and times are not.
PRODUCTS_OBSID = 2003738726


@cache
def folder() -> Path:
    """The recordings. Raises FileNotFoundError when astroquery is not installed or came without its test data."""
    spec = find_spec("astroquery")
    for place in (spec.submodule_search_locations if spec else None) or ():
        found = Path(place) / "mast" / "tests" / "data"
        if found.is_dir():
            return found
    raise FileNotFoundError("the embedded archive needs astroquery with its test data (astroquery/mast/tests/data)")


@cache
def table(name: str) -> Any:
    """One recorded JSON answer. It is shared: callers must not change it."""
    return json.loads((folder() / name).read_text(encoding="utf-8"))


def raw(name: str) -> bytes:
    """The bytes of one recorded answer, JSON or zip."""
    return (folder() / name).read_bytes()


@dataclass(frozen=True)
class RecordedCone:
    """The distances (arcsec) that MAST gave for a question that was recorded, by obsid.

    MAST measures to the edges of its own approximation of a footprint, up to 0.1 % away from great circles; for the
    recorded position (within `tolerance_arcsec`) its numbers are kept.
    """

    ra_deg: float
    dec_deg: float
    tolerance_arcsec: float
    distance_arcsec: Mapping[int, float]


def cones() -> list[RecordedCone]:
    """M103 at NED's position as in astroquery's tests; M101, for which only the object's name is recorded."""
    return [
        RecordedCone(23.34086, 60.658, 0.1, _distances("caom.json")),
        RecordedCone(210.80227, 54.34895, 1.0, _distances("advSearchPos.json")),
    ]


def _distances(name: str) -> dict[int, float]:
    return {row["obsid"]: float(row["distance"]) for row in table(name)["data"]}


def observations() -> list[HeldObservation]:
    """Every observation row of the recordings, and the one that the recorded product list belongs to."""
    rows = [row for name in ("caom.json", "advSearch.json", "advSearchPos.json") for row in table(name)["data"]]
    held = [_held(_today(row)) for row in rows]
    held.append(HeldObservation(_products_owner(), _recorded_products))
    return held


def _held(row: Row) -> HeldObservation:
    return HeldObservation(row, lambda: simulated_products(row))


def _today(row: Mapping[str, Any]) -> Row:
    """A recorded row with the columns that MAST has added since; the question's own columns are left out."""
    kept: dict[str, Cell] = {k: v for k, v in row.items() if k not in ("distance", "objID1", "_selected_")}
    return kept | {
        "intentType": "science",
        "provenance_name": RECORDED,
        "proposal_type": None,
        "sequence_number": None,
        "dataRights": "PUBLIC",
        "mtFlag": False,
        "srcDen": None,
    }


def _products_owner() -> Row:
    return _today(
        {
            "obs_collection": "HST",
            "instrument_name": "WFPC2",
            "project": "HST",
            "obs_id": "U9O40504M",
            "dataproduct_type": "image",
            "calib_level": 3,
            "obs_title": "Recorded product list; position and times were not recorded",
            "obsid": PRODUCTS_OBSID,
            "objID": PRODUCTS_OBSID + 9_000_000,
        }
    )


@cache
def _recorded_products() -> Sequence[HeldProduct]:
    """The recorded product list; the bytes are simulated, of the recorded sizes."""
    made = []
    for row in table("products.json")["data"]:
        kept = {k: v for k, v in row.items() if k not in ("obsID", "_selected_")}
        kept |= {"proposal_id": None, "parent_obsid": None, "dataRights": "PUBLIC", "filters": None}
        kept["calib_level"] = 2 if row["productType"] == "SCIENCE" else 1
        made.append(HeldProduct(kept, filler(row["productFilename"], row["size"])))
    return made
