"""A light curve, a spectrum or a periodogram on a page: every extreme is kept, whatever the number of points.

Lines keep the first, last, lowest and highest point of every column of the page (M4: Jugel et al., PVLDB 7, 797,
2014), points those that no other covers; so the picture is that of all points, and the file stays small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mast_tui.core.look import Axis, BoolArray, FloatArray, IndexArray, Series
from mast_tui.plot.labels import pretty_unit
from mast_tui.plot.limits import robust_limits, with_margin
from mast_tui.plot.plot_frame import Mark
from mast_tui.plot.raster import column_ranges
from mast_tui.plot.scales import Range, sound_range
from mast_tui.plot.takeaway import axes
from mast_tui.plot.takeaway.axes import Ruler
from mast_tui.plot.takeaway.drawing import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PURPLE,
    VERMILLION,
    Area,
    Drawing,
    Field,
    Lines,
    Points,
    Words,
    text_width,
)

#: Light curves are drawn as points up to so many that don't cover each other, then as a line.
_MOST_POINTS = 40_000
_OVERLAYS = (GREEN, PURPLE, ORANGE)
_BAND = "#cfe3f0"


def series_page(
    series: Series,
    width: int,
    height: int,
    *,
    title: str = "",
    x_range: Range | None = None,
    y_range: Range | None = None,
    also: Sequence[Series] = (),
    over: Series | None = None,
    errors: bool = False,
    marks: Sequence[Mark] = (),
) -> Drawing:
    """The page; options as of `takeaway.to_svg`."""
    drawn = (series, *also)
    x_axis, y_axis = series.x_axis, series.y_axis
    x_low, x_high = x_range or _whole(drawn)
    y_low, y_high = y_range or _visible(drawn, x_low, x_high)
    x_axis, (x_low, x_high) = _drawable(x_axis, (x_low, x_high), np.concatenate([s.x for s in drawn]))
    y_axis, (y_low, y_high) = _drawable(y_axis, (y_low, y_high), np.concatenate([s.y for s in drawn]))
    bottom, top = height - 84.0, 84.0
    y_ticks, y_words = axes.y_ticks_of(y_axis, (y_low, y_high), bottom - top)
    field = Field(60 + axes.room_for(y_ticks, 15), top, width - 32.0, bottom)
    x_ticks, x_words = axes.x_ticks_of(x_axis, (x_low, x_high), field.width)
    x = Ruler(x_low, x_high, field.left, field.right, x_axis.log)
    y = Ruler(y_low, y_high, bottom, top, y_axis.log)
    if y_axis.upside_down:
        y = replace(y, start=top, end=bottom)
    page = Drawing(width, height, title or series.product or series.name, field)
    if errors and series.error is not None:
        page.inside += _band(series, x, y)
    colours = (BLUE, *_OVERLAYS)
    n_clipped = 0
    for k, one in enumerate(drawn):
        n_clipped += _data(page, one, x, y, colours[k % len(colours)], dashed=k > 0)
    if over is not None:
        page.inside.append(Lines(tuple(_paths(over, x, y)), VERMILLION, 2.4))
    _mark(page, marks, x)
    axes.frame(page, x, x_ticks, x_words, y, y_ticks, y_words)
    axes.heading(page, _about(series, n_clipped), tuple(note for s in drawn for note in s.notes))
    if also or over is not None:
        _legend(page, drawn, over)
    return page


def _whole(drawn: Sequence[Series]) -> Range:
    x = np.concatenate([s.x for s in drawn])
    if x.size == 0:
        return 0.0, 1.0
    low, high = float(x.min()), float(x.max())
    return (low, high) if high > low else with_margin(low, high)


def _visible(drawn: Sequence[Series], low: float, high: float) -> Range:
    x, y = (np.concatenate(parts) for parts in ([s.x for s in drawn], [s.y for s in drawn]))
    seen = (x >= low) & (x <= high)
    if seen.any():
        x, y = x[seen], y[seen]
    return robust_limits(x, y, drawn[0].ignore_for_limits)


def _drawable(axis: Axis, limits: Range, values: FloatArray) -> tuple[Axis, Range]:
    """Limits that a logarithm has a place for; a linear axis where no value is above zero."""
    if axis.log and limits[0] <= 0:
        above = values[(values > 0) & (values <= limits[1])]
        if above.size == 0:
            axis = replace(axis, log=False)
        else:
            limits = float(above.min()), limits[1]
    return axis, sound_range(limits, axis.log)


def _data(page: Drawing, series: Series, x: Ruler, y: Ruler, colour: str, dashed: bool) -> int:
    """The series as points or a line; marks and number of the points above or below the field."""
    place = np.stack((x.of(series.x), y.of(series.y)), axis=1)
    field = page.box
    across = (place[:, 0] >= field.left) & (place[:, 0] <= field.right)
    inside = across & (place[:, 1] >= field.top) & (place[:, 1] <= field.bottom)
    shown = _uncovered(place[inside]) if series.kind == "lightcurve" else None
    if shown is not None and len(shown) <= _MOST_POINTS:
        page.inside.append(Points(shown, colour, 2.2 if len(shown) > 2000 else 3.6))
    else:
        page.inside.append(Lines(tuple(_paths(series, x, y)), colour, 1.2, dashed))
    n_clipped = 0
    for beyond, edge, away in (
        (across & (place[:, 1] < field.top), field.top, 8.0),
        (across & (place[:, 1] > field.bottom), field.bottom, -8.0),
    ):
        n_clipped += int(beyond.sum())
        for at in np.unique(np.round(place[beyond, 0] / 6)) * 6:
            corners = np.array([(at - 4, edge + away), (at + 4, edge + away), (at, edge + away / 8)])
            page.inside.append(Area(corners, INK))
    return n_clipped


def _uncovered(place: FloatArray) -> FloatArray:
    """One of the points that fall on the same half point of the page."""
    if len(place) == 0:
        return place
    cell = np.round(place * 2).astype(np.int64)
    _, first = np.unique(cell[:, 0] * 1_000_003 + cell[:, 1], return_index=True)
    return np.asarray(place[np.sort(first)])


def _paths(series: Series, x: Ruler, y: Ruler) -> list[FloatArray]:
    """One line for every unbroken run, its points thinned to what a page column can show."""
    along, up = x.of(series.x), y.of(series.y)
    ends = np.unique(np.r_[0, series.starts, series.x.size])
    paths = []
    for begin, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        kept = begin + thinned(along[begin:end], up[begin:end], x.start, x.end)
        kept = kept[np.isfinite(along[kept]) & np.isfinite(up[kept])]
        if kept.size:
            paths.append(np.stack((along[kept], up[kept]), axis=1))
    return paths


def thinned(along: FloatArray, up: FloatArray, low: float, high: float) -> IndexArray:
    """Indices of the first, last, lowest and highest point of each column of one unit between `low` and `high`.

    `along` ascends; one point on each side beyond the limits stays, so that a line reaches the edge.
    """
    first = max(0, int(np.searchsorted(along, low)) - 1)
    last = min(along.size, int(np.searchsorted(along, high, side="right")) + 1)
    along, up = along[first:last], up[first:last]
    if along.size <= 4 * (high - low):
        return np.arange(first, last)
    column = np.floor(along - low).astype(np.int64)
    new = np.flatnonzero(np.diff(column)) + 1
    by_value = np.lexsort((up, column))
    begins, ends = np.r_[0, new], np.r_[new, along.size] - 1
    return first + np.unique(np.concatenate((begins, ends, by_value[begins], by_value[ends])))


def _band(series: Series, x: Ruler, y: Ruler) -> list[Area]:
    """y ± error, its envelope where many points share a page column, broken at gaps."""
    assert series.error is not None
    error = np.where(np.isfinite(series.error), series.error, 0.0)
    n_columns = int(x.end - x.start)
    starts = np.flatnonzero(np.diff(series.x, prepend=-np.inf) < 0)
    areas = []
    edges = np.unique(np.r_[0, starts, series.x.size])
    for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        run = slice(begin, end)
        inside = series.starts[(series.starts >= begin) & (series.starts < end)] - begin
        along = x.of(series.x[run])
        low, _ = column_ranges(along, series.y[run] - error[run], inside, x.start, x.end, n_columns)
        _, high = column_ranges(along, series.y[run] + error[run], inside, x.start, x.end, n_columns)
        centres = x.start + np.arange(n_columns) + 0.5
        for piece in _unbroken(np.isfinite(low) & np.isfinite(high)):
            upper, lower = y.of(high[piece]), y.of(low[piece])
            lower = np.where(np.isfinite(lower), lower, y.start)
            outline = np.r_[np.c_[centres[piece], upper], np.c_[centres[piece], lower][::-1]]
            areas.append(Area(outline[np.isfinite(outline).all(axis=1)], _BAND))
    return [area for area in areas if len(area.outline) > 2]


def _unbroken(good: BoolArray) -> list[slice]:
    change = np.flatnonzero(np.diff(np.r_[False, good, False].astype(np.int8)))
    return [slice(a, b) for a, b in zip(change[::2].tolist(), change[1::2].tolist(), strict=True)]


def _mark(page: Drawing, marks: Sequence[Mark], x: Ruler) -> None:
    """A broken upright line for each mark in sight; its words turned beside it, where the last ones leave room."""
    named: list[float] = []
    for mark in sorted(marks, key=lambda mark: (not mark.strong, mark.x)):
        at = float(x.of([mark.x])[0])
        if not page.box.left <= at <= page.box.right:
            continue
        line = np.array([(at, page.box.top), (at, page.box.bottom)])
        page.inside.append(Lines((line,), GREY, 1.0, dashed=True))
        if mark.words and all(abs(at - other) > 15 for other in named):
            down = page.box.top + 8 + text_width(mark.words, 12)
            page.inside.append(Words(at - 3, down, mark.words, 12, colour=INK, turned=True))
            named.append(at)


def _legend(page: Drawing, drawn: Sequence[Series], over: Series | None) -> None:
    entries = [(s.name, colour, k > 0) for k, (s, colour) in enumerate(zip(drawn, (BLUE, *_OVERLAYS), strict=False))]
    entries = entries if len(drawn) > 1 else []
    if over is not None:
        entries.append((over.steps[-1] if over.steps else over.name, VERMILLION, False))
    for k, (name, colour, dashed) in enumerate(entries):
        down = page.box.bottom - 14 - 20 * (len(entries) - 1 - k)
        line = np.array([(page.box.left + 12, down - 5), (page.box.left + 44, down - 5)])
        page.outside += [Lines((line,), colour, 3.0, dashed), Words(page.box.left + 52, down, name, 14)]


def _about(series: Series, n_clipped: int) -> str:
    """'18,264 of 20,076 points · masked 1,812 (9.0 %) by QUALITY & 17087 · flattened over 1.5 d'."""
    parts = [f"{series.n_good:,} of {series.n_rows:,} points"]
    quality = series.quality
    if quality is not None and series.n_rows:
        share = 100 * quality.n_flagged / series.n_rows
        parts.append(f"masked {quality.n_flagged:,} ({share:.1f} %) by {quality.rule}")
    if n_clipped:
        parts.append(f"{n_clipped:,} beyond the limits")
    unit = pretty_unit(series.y_axis.unit)
    described = f"{series.y_axis.name} in {unit}" if unit else series.y_axis.name
    return " · ".join((described, *parts, *series.steps))
