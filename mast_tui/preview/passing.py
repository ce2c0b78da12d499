"""How a `Preview` crosses from the worker process to the app, and the gate its words pass.

Used by `preview.jobs` (inside the worker) and `preview.Previewer` (in the app). The worker reads files from outside and
is not trusted: `from_wire` checks lengths and kinds, and every word passes `core.text.clean`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

import numpy as np

from mast_tui.core.look import (
    Axis,
    Card,
    HduLook,
    HeaderLook,
    ImageLook,
    Json,
    Kind,
    Look,
    PictureLook,
    Preview,
    Quality,
    Series,
    Summary,
    TableColumn,
    TableLook,
    TextLook,
    TimeReference,
)
from mast_tui.core.text import clean


def to_wire(preview: Preview) -> Json:
    """A JSON-like dictionary with numpy arrays, as `core.wire` carries it."""
    return {
        **vars(preview),
        "items": [_to_wire(item) for item in preview.items],
        "header": None if preview.header is None else _to_wire(preview.header),
    }


def from_wire(data: Mapping[str, Any]) -> Preview:
    """The preview that a worker sent; ValueError where it is not one."""
    kind = data["kind"]
    if kind not in get_args(Kind):
        raise ValueError(f"no such kind of preview: {clean(kind, 40)}")
    header = data["header"]
    return Preview(
        file=_words(data["file"]),
        kind=cast(Kind, kind),
        instrument=_words_or_none(data["instrument"]),
        target=_words_or_none(data["target"]),
        items=tuple(_from_wire(item) for item in data["items"]),
        problems=_all_words(data["problems"]),
        header=None if header is None else _header_from_wire(header),
        n_bytes=int(data["n_bytes"]),
    )


def _to_wire(item: Look) -> Json:
    """Fields by name; nested values as lists. `type` says which class to build on the other side."""
    wire: Json = {"type": type(item).__name__}
    match item:
        case Series():
            wire |= vars(item)
            wire["x_axis"], wire["y_axis"] = vars(item.x_axis), vars(item.y_axis)
            wire["quality"] = None if item.quality is None else vars(item.quality)
            wire["time"] = None if item.time is None else vars(item.time)
            wire["summary"] = vars(item.summary)
        case ImageLook():
            wire |= vars(item)
            wire["value_axis"], wire["summary"] = vars(item.value_axis), vars(item.summary)
        case TableLook():
            wire |= vars(item)
            wire["columns"] = [[c.name, c.unit] for c in item.columns]
        case HeaderLook():
            wire["notes"] = item.notes
            wire["hdus"] = [
                {**vars(hdu), "cards": [[c.keyword, c.value, c.comment] for c in hdu.cards]} for hdu in item.hdus
            ]
        case _:
            wire |= vars(item)
    return wire


def _from_wire(data: Mapping[str, Any]) -> Look:
    match data["type"]:
        case "Series":
            return _series_from_wire(data)
        case "ImageLook":
            return _image_from_wire(data)
        case "TableLook":
            columns = tuple(TableColumn(_words(name), _words(unit)) for name, unit in data["columns"])
            return TableLook(
                name=_words(data["name"]),
                hdu=_int_or_none(data["hdu"]),
                columns=columns,
                rows=tuple(_all_words(row)[: len(columns)] for row in data["rows"]),
                n_rows=int(data["n_rows"]),
                shape=_ints(data["shape"]),
                notes=_all_words(data["notes"]),
            )
        case "TextLook":
            return TextLook(
                _words(data["name"]), _all_words(data["lines"]), int(data["n_rows"]), _all_words(data["notes"])
            )
        case "PictureLook":
            return PictureLook(
                _words(data["name"]), _words(data["format"]), _ints(data["shape"]), _all_words(data["notes"])
            )
        case "HeaderLook":
            return _header_from_wire(data)
        case other:
            raise ValueError(f"no such item of a preview: {clean(other, 40)}")


def _series_from_wire(data: Mapping[str, Any]) -> Series:
    x, y, error = data["x"], data["y"], data["error"]
    if x.ndim != 1 or y.shape != x.shape or (error is not None and error.shape != x.shape):
        raise ValueError("the arrays of a series differ in length")
    starts = data["starts"].astype(np.int64)
    if starts.size and not (starts[0] == 0 and (np.diff(starts) > 0).all() and starts[-1] < max(x.size, 1)):
        raise ValueError("the runs of a series are out of order")
    kind = data["kind"]
    if kind not in ("lightcurve", "spectrum"):
        raise ValueError("a series is a light curve or a spectrum")
    quality, time = data["quality"], data["time"]
    return Series(
        kind=kind,
        name=_words(data["name"]),
        product=_words(data["product"]),
        hdu=int(data["hdu"]),
        row=_int_or_none(data["row"]),
        x_axis=_axis(data["x_axis"]),
        y_axis=_axis(data["y_axis"]),
        x=x.astype(np.float64, copy=False),
        y=y.astype(np.float64, copy=False),
        error=None if error is None else error.astype(np.float64, copy=False),
        starts=starts,
        n_rows=int(data["n_rows"]),
        n_good=int(data["n_good"]),
        summary=_summary(data["summary"]),
        shape=_ints(data["shape"]),
        error_name=_words_or_none(data["error_name"]),
        quality=None
        if quality is None
        else Quality(_words(quality["column"]), int(quality["bitmask"]), int(quality["n_flagged"])),
        time=None
        if time is None
        else TimeReference(_words(time["format"]), float(time["offset_jd"]), _words(time["scale"])),
        columns=_all_words(data["columns"]),
        ignore_for_limits=tuple((float(a), float(b)) for a, b in data["ignore_for_limits"]),
        notes=_all_words(data["notes"]),
    )


def _image_from_wire(data: Mapping[str, Any]) -> ImageLook:
    pixels = data["pixels"]
    kind = data["kind"]
    if pixels.ndim != 2 or kind not in ("image", "cube", "pixels"):
        raise ValueError("an image has two axes")
    return ImageLook(
        kind=kind,
        name=_words(data["name"]),
        hdu=int(data["hdu"]),
        value_axis=_axis(data["value_axis"]),
        pixels=pixels.astype(np.float32, copy=False),
        limits=(float(data["limits"][0]), float(data["limits"][1])),
        step=(int(data["step"][0]), int(data["step"][1])),
        shape=_ints(data["shape"]),
        n_rows=int(data["n_rows"]),
        n_good=int(data["n_good"]),
        summary=_summary(data["summary"]),
        notes=_all_words(data["notes"]),
    )


def _header_from_wire(data: Mapping[str, Any]) -> HeaderLook:
    return HeaderLook(
        hdus=tuple(
            HduLook(
                index=int(hdu["index"]),
                name=_words(hdu["name"]),
                version=int(hdu["version"]),
                kind=_words(hdu["kind"]),
                shape=_ints(hdu["shape"]),
                cards=tuple(Card(_words(k), _words(v), _words(c)) for k, v, c in hdu["cards"]),
                columns=_all_words(hdu["columns"]),
            )
            for hdu in data["hdus"]
        ),
        notes=_all_words(data["notes"]),
    )


def _axis(data: Mapping[str, Any]) -> Axis:
    return Axis(_words(data["name"]), _words(data["label"]), _words(data["unit"]), bool(data["upside_down"]))


def _summary(data: Mapping[str, Any]) -> Summary:
    return Summary(*(float(data[name]) for name in ("x_min", "x_max", "y_min", "y_max", "y_median")))


def _words(value: object) -> str:
    return clean(value, 400)


def _words_or_none(value: object) -> str | None:
    return None if value is None else _words(value)


def _all_words(values: Sequence[object]) -> tuple[str, ...]:
    return tuple(_words(value) for value in values)


def _ints(values: Sequence[object]) -> tuple[int, ...]:
    return tuple(int(cast(int, value)) for value in values)


def _int_or_none(value: object) -> int | None:
    return None if value is None else int(cast(int, value))
