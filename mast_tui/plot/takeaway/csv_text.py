"""The drawn numbers as ECSV 1.0 (APE 6): plain CSV under comment lines that hold units, origin and what was done.

`astropy.table.Table.read(…, format="ascii.ecsv")` gives units and meta, `pandas.read_csv(…, comment="#")` the columns.
The header is YAML, of which JSON's own spelling of texts is a part.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from mast_tui.core.look import Series
from mast_tui.core.text import clean


def csv_text(series: Series) -> str:
    """One line a point, with all digits: x, y, and where the file has them the error and the quality value."""
    return "\n".join(_lines(series)) + "\n"


def _lines(series: Series) -> Iterator[str]:
    columns: list[tuple[str, str, str, str, list[str]]] = [
        (series.x_axis.name, series.x_axis.unit, "float64", series.x_axis.label, _written(series.x)),
        (series.y_axis.name, series.y_axis.unit, "float64", series.y_axis.label, _written(series.y)),
    ]
    if series.error is not None:
        name = series.error_name or f"{series.y_axis.name}_error"
        columns.append((name, series.y_axis.unit, "float64", "", _written(series.error)))
    if series.flags is not None:
        name = series.quality.column if series.quality is not None else "quality"
        columns.append((name, "", "int64", "", [str(flag) for flag in series.flags.tolist()]))
    names = _unique([_name(column[0]) for column in columns])
    yield "# %ECSV 1.0"
    yield "# ---"
    yield "# delimiter: ','"
    yield "# datatype:"
    for name, (_, unit, datatype, label, _cells) in zip(names, columns, strict=True):
        described = {"name": name, "unit": unit, "datatype": datatype, "description": label}
        yield f"# - {_yaml({k: v for k, v in described.items() if v})}"
    yield "# meta: !!omap"
    for key, value in _about(series).items():
        yield f"# - {_yaml({key: value})}"
    yield "# schema: astropy-2.0"
    yield ",".join(names)
    yield from map(",".join, zip(*(cells for *_, cells in columns), strict=True))


def _about(series: Series) -> dict[str, Any]:
    about: dict[str, Any] = {
        "product": series.product,
        "series": series.name,
        "hdu": series.hdu,
        "rows_in_file": series.n_rows,
        "good_points": series.n_good,
    }
    if series.quality is not None:
        about["quality_column"], about["quality_bitmask"] = series.quality.column, series.quality.bitmask
    if series.time is not None:
        about["time_format"], about["time_scale"] = series.time.format, series.time.scale
        about["time_offset_jd"] = series.time.offset_jd
    if series.medium:
        about["wavelengths_in"] = series.medium
    about["steps"] = list(series.steps)
    about["notes"] = list(series.notes)
    return {key: value for key, value in about.items() if value not in ("", [])}


def _written(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[str]:
    """Shortest spelling that gives the same number back; 'nan' as astropy and pandas read it."""
    return [repr(value) for value in values.tolist()]


def _name(text: str) -> str:
    """A column name without what would need quotes or look like a comment."""
    return clean(text, 60).replace(",", " ").replace('"', "").strip(" #") or "column"


def _unique(names: list[str]) -> list[str]:
    return [name if name not in names[:k] else f"{name}_{k + 1}" for k, name in enumerate(names)]


def _yaml(value: dict[str, Any]) -> str:
    def cleaned(part: Any) -> Any:
        if isinstance(part, str):
            return clean(part)
        return [cleaned(each) for each in part] if isinstance(part, list) else part

    return json.dumps({key: cleaned(part) for key, part in value.items()})
