"""What series, images and the other items share: arrays, an axis, limits and a median, and how they become JSON."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]
IndexArray: TypeAlias = npt.NDArray[np.int64]
ImageArray: TypeAlias = npt.NDArray[np.float32]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
ByteArray: TypeAlias = npt.NDArray[np.uint8]
Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Axis:
    """One axis of a series. `name` is the file's column, `unit` its unit as the file writes it ('' when it has none).

    `label` is for people, without the unit. `upside_down` is true for magnitudes, which grow downwards; `dates` where
    the values are Julian dates (UTC) to be written as calendar dates; `log` where they are drawn on a logarithmic axis.
    """

    name: str
    label: str
    unit: str = ""
    upside_down: bool = False
    dates: bool = False
    log: bool = False


@dataclass(frozen=True)
class Summary:
    """Limits and median over the good points, NaN when there is none."""

    x_min: float = math.nan
    x_max: float = math.nan
    y_min: float = math.nan
    y_max: float = math.nan
    y_median: float = math.nan


class Told(Protocol):
    """What every item of a preview says of itself on the command line."""

    @property
    def name(self) -> str: ...
    @property
    def hdu(self) -> int | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def n_rows(self) -> int: ...
    @property
    def n_good(self) -> int: ...
    @property
    def shape(self) -> tuple[int, ...]: ...
    @property
    def notes(self) -> tuple[str, ...]: ...


def axis_json(axis: Axis) -> Json:
    return {"name": axis.name, "label": axis.label, "unit": axis.unit}


def number_or_none(value: float) -> float | None:
    """JSON has no number that is not finite."""
    return value if math.isfinite(value) else None


def item_json(
    item: Told,
    x: Json | None = None,
    y: Json | None = None,
    error: str | None = None,
    quality: Json | None = None,
    time: Json | None = None,
    read: bool = True,
) -> Json:
    """An item as the command line prints it; `read` is false where its good points have not been counted."""
    return {
        "name": item.name,
        "hdu": item.hdu,
        "kind": item.kind,
        "x": x,
        "y": y,
        "error": error,
        "n_rows": item.n_rows,
        "n_good": item.n_good if read else None,
        "quality": quality,
        "time": time,
        "shape": list(item.shape),
        "notes": list(item.notes),
    }
