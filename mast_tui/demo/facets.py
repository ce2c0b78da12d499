"""The answer of `Mast.Caom.All`: how many observations have each mission, instrument, filter, date, ...

astroquery's `list_missions` and the app's facets read it. The layout is that of the recorded `missions.extjs`: counts
by value for words, 145 bins for numbers; the numbers are those of the sky that is served.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mast_tui.demo import recorded
from mast_tui.demo.fields import OBSERVATION_FIELDS, SEPARATED, Field
from mast_tui.demo.formats import NO_PAGING, extjs
from mast_tui.demo.messages import Json
from mast_tui.demo.sky import Sky

_BINS = 145
#: Columns whose values are (nearly) all different: MAST sends no histogram for them either.
_WITHOUT = ("target_name", "obs_id", "obs_title", "s_region", "jpegURL", "dataURL", "obsid", "objID", "srcDen")
_WITHOUT_PEOPLE = ("proposal_id", "proposal_pi")


def all_observations(sky: Sky) -> Json:
    """The whole answer: no rows, and the histograms in the columns' properties."""
    kept = {c["text"]: c["ExtendedProperties"] for c in _recorded_columns()}
    made = extjs(OBSERVATION_FIELDS, (), NO_PAGING | {"rowsTotal": len(sky)})
    table = made["data"]["Tables"][0]
    for column, field in zip(table["Columns"], OBSERVATION_FIELDS, strict=True):
        described = {k: v for k, v in kept.get(field.name, {}).items() if k != "histObj"}
        column["ExtendedProperties"] = described | _histogram(sky, field)
    return made


def _recorded_columns() -> list[Any]:
    columns: list[Any] = recorded.table("missions.extjs")["data"]["Tables"][0]["Columns"]
    return columns


def _histogram(sky: Sky, field: Field) -> dict[str, Any]:
    if field.name in _WITHOUT or field.name in _WITHOUT_PEOPLE:
        return {}
    if field.store == "float":
        return _binned(sky, field.name)
    counts: dict[str, int] = {}
    for word, number in sky.counts(field.name).items():
        parts = (word or "").split(";") if field.name in SEPARATED else [word or ""]
        for part in {part.strip() for part in parts}:
            counts[part] = counts.get(part, 0) + number
    entries: list[Any] = [{"count": number, "key": word} for word, number in counts.items()]
    by_word = {entry["key"]: entry for entry in entries if entry["key"] != "hist"}
    return {"histObj": {"hist": entries} | by_word}


def _binned(sky: Sky, name: str) -> dict[str, Any]:
    numbers = sky.numbers(name)
    if not len(numbers):
        return {}
    low, high = float(numbers.min()), float(numbers.max())
    counts, edges = np.histogram(numbers, _BINS, (low, high if high > low else low + 1))
    bins = [{"key": edge, "count": n} for edge, n in zip(edges.tolist(), counts.tolist(), strict=False)]
    return {"histObj": {"hist": {"hist": bins}, "min": low, "max": high, "type": "numeric"}}
