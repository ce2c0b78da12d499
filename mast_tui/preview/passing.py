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
    Ephemeris,
    Extent,
    Fact,
    Flag,
    Frames,
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
    SkyGrid,
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
        "facts": [vars(fact) for fact in preview.facts],
        "moved": None,
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
        facts=tuple(Fact(_words(f["name"]), _words(f["value"]), _words(f["meaning"])) for f in data["facts"]),
    )


def frames_to_wire(frames: Frames) -> Json:
    return {**vars(frames), "time_axis": vars(frames.time_axis), "value_axis": vars(frames.value_axis)}


def frames_from_wire(data: Mapping[str, Any]) -> Frames:
    """The frames that a worker sent; ValueError where they are none."""
    pixels, times, flags = data["pixels"], data["times"], data["flags"]
    if pixels.ndim != 3 or times.shape != pixels.shape[:1] or flags.shape != pixels.shape[:1]:
        raise ValueError("the frames and their times differ in number")
    return Frames(
        hdu=int(data["hdu"]),
        pixels=pixels.astype(np.float32, copy=False),
        times=times.astype(np.float64, copy=False),
        time_axis=_axis(data["time_axis"]),
        flags=flags.astype(np.int64, copy=False),
        first=int(data["first"]),
        step=int(data["step"]),
        n_rows=int(data["n_rows"]),
        limits=_pair(data["limits"]),
        value_axis=_axis(data["value_axis"]),
    )


def series_to_wire(series: Series) -> Json:
    return _to_wire(series)


def series_from_wire(data: Mapping[str, Any]) -> Series:
    """The series that a worker sent; ValueError where it is not one."""
    return _series_from_wire(data)


def _to_wire(item: Look) -> Json:
    """Fields by name; nested values as lists. `type` says which class to build on the other side."""
    wire: Json = {"type": type(item).__name__}
    match item:
        case Series():
            wire |= vars(item)
            wire["x_axis"], wire["y_axis"] = vars(item.x_axis), vars(item.y_axis)
            wire["quality"] = (
                None
                if item.quality is None
                else {**vars(item.quality), "flags": [vars(flag) for flag in item.quality.flags]}
            )
            wire["ephemerides"] = [vars(e) for e in item.ephemerides]
            wire["time"] = None if item.time is None else vars(item.time)
            wire["summary"] = vars(item.summary)
        case ImageLook():
            wire |= vars(item)
            wire["value_axis"], wire["summary"] = vars(item.value_axis), vars(item.summary)
            wire["plane_axis"] = None if item.plane_axis is None else vars(item.plane_axis)
            wire["sky"] = None if item.sky is None else vars(item.sky)
            wire["extent"] = None
            if item.extent is not None:
                extent = item.extent
                wire["extent"] = {**vars(extent), "x_axis": vars(extent.x_axis), "y_axis": vars(extent.y_axis)}
        case TableLook():
            wire |= vars(item)
            wire["columns"] = [[c.name, c.unit, c.low, c.median, c.high] for c in item.columns]
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
            columns = tuple(
                TableColumn(_words(name), _words(unit), float(low), float(median), float(high))
                for name, unit, low, median, high in data["columns"]
            )
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
            pixels = data["pixels"]
            if pixels is not None and (pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8):
                raise ValueError("a picture has rows, columns and three colours")
            return PictureLook(
                _words(data["name"]), _words(data["format"]), _ints(data["shape"]), pixels, _all_words(data["notes"])
            )
        case "HeaderLook":
            return _header_from_wire(data)
        case other:
            raise ValueError(f"no such item of a preview: {clean(other, 40)}")


def _series_from_wire(data: Mapping[str, Any]) -> Series:
    x, y, error, flags, cadence = data["x"], data["y"], data["error"], data["flags"], data["cadence"]
    if x.ndim != 1 or any(a is not None and a.shape != x.shape for a in (y, error, flags, cadence)):
        raise ValueError("the arrays of a series differ in length")
    starts = data["starts"].astype(np.int64)
    if starts.size and not (starts[0] == 0 and (np.diff(starts) > 0).all() and starts[-1] < max(x.size, 1)):
        raise ValueError("the runs of a series are out of order")
    kind = data["kind"]
    if kind not in ("lightcurve", "spectrum"):
        raise ValueError("a series is a light curve or a spectrum")
    quality, time, medium = data["quality"], data["time"], data["medium"]
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
        else Quality(
            _words(quality["column"]),
            int(quality["bitmask"]),
            int(quality["n_flagged"]),
            tuple(Flag(int(f["bit"]), _words(f["meaning"]), int(f["n"])) for f in quality["flags"]),
        ),
        time=None
        if time is None
        else TimeReference(_words(time["format"]), float(time["offset_jd"]), _words(time["scale"])),
        columns=_all_words(data["columns"]),
        ignore_for_limits=tuple((float(a), float(b)) for a, b in data["ignore_for_limits"]),
        flags=None if flags is None else flags.astype(np.int64, copy=False),
        cadence=None if cadence is None else cadence.astype(np.int64, copy=False),
        ephemerides=tuple(
            Ephemeris(
                _words(e["name"]),
                float(e["period_d"]),
                float(e["epoch"]),
                float(e["duration_d"]),
                float(e["depth"]),
            )
            for e in data["ephemerides"]
        ),
        medium=medium if medium in ("vacuum", "air") else "",
        steps=_all_words(data["steps"]),
        read=bool(data["read"]),
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
        limits=_pair(data["limits"]),
        step=(int(data["step"][0]), int(data["step"][1])),
        shape=_ints(data["shape"]),
        n_rows=int(data["n_rows"]),
        n_good=int(data["n_good"]),
        summary=_summary(data["summary"]),
        wide_limits=None if data["wide_limits"] is None else _pair(data["wide_limits"]),
        origin=(int(data["origin"][0]), int(data["origin"][1])),
        full=(int(data["full"][0]), int(data["full"][1])),
        plane=_int_or_none(data["plane"]),
        n_planes=int(data["n_planes"]),
        plane_axis=None if data["plane_axis"] is None else _axis(data["plane_axis"]),
        plane_value=float(data["plane_value"]),
        sky=_sky(data["sky"]),
        extent=_extent(data["extent"]),
        aperture=_aperture(data["aperture"]),
        notes=_all_words(data["notes"]),
    )


def _sky(data: Mapping[str, Any] | None) -> SkyGrid | None:
    if data is None:
        return None
    x, y, ra, dec = (data[name].astype(np.float64, copy=False) for name in ("x", "y", "ra", "dec"))
    sound = x.ndim == y.ndim == 1 and min(x.size, y.size) >= 2 and ra.shape == dec.shape == (y.size, x.size)
    if not sound or (np.diff(x) <= 0).any() or (np.diff(y) <= 0).any():
        raise ValueError("the sky grid of an image is out of order")
    return SkyGrid(x, y, ra, dec, _words(data["frame"]))


def _extent(data: Mapping[str, Any] | None) -> Extent | None:
    if data is None:
        return None
    return Extent(
        _axis(data["x_axis"]),
        float(data["x_low"]),
        float(data["x_high"]),
        _axis(data["y_axis"]),
        float(data["y_low"]),
        float(data["y_high"]),
    )


def _aperture(data: Any) -> Any:
    if data is None:
        return None
    if data.ndim != 2:
        raise ValueError("an aperture has two axes")
    return data.astype(bool)


def _pair(values: Sequence[object]) -> tuple[float, float]:
    low, high = values
    return float(cast(float, low)), float(cast(float, high))


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
    return Axis(
        _words(data["name"]),
        _words(data["label"]),
        _words(data["unit"]),
        bool(data["upside_down"]),
        bool(data["dates"]),
        bool(data["log"]),
    )


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
