"""A series in whole sentences, for those who can't see the plot: what it is, how much, how steady, what stands out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mast_tui.core.look import BoolArray, Fact, FloatArray, Series
from mast_tui.core.text import clean, plural
from mast_tui.plot.labels import number, pretty_unit

#: A dip or a rise is told where a mean lies so many times the means' scatter off the running median.
_SIGMAS = 6.0
#: Means over this part of the span, running medians over this many of them on each side.
_N_MEANS, _AROUND = 600, 20
_TOLD = 5
#: 1.4826: the MAD of Gaussian noise to its standard deviation.
_MAD = 1.4826


@dataclass(frozen=True)
class Feature:
    """A stretch off the running median: x of its extreme, its full width, and the relative or absolute change there."""

    x: float
    width: float
    change: float


def in_words(series: Series, facts: Sequence[Fact] = ()) -> str:
    """Sentences in the spelling of speech, one a line; the facts of the file last."""
    lines = [_what(series)]
    if series.x.size:
        lines += [_level(series), _gaps(series)]
        lines += _peak(series) if series.kind == "periodogram" else _features(series)
    lines += [f"Done to the numbers: {'; '.join(series.steps)}."] if series.steps else []
    lines += [f"Note: {note}." for note in series.notes]
    lines += [f"{fact.name}: {fact.value}{f', {fact.meaning}' if fact.meaning else ''}." for fact in facts]
    return "\n".join(clean(line) for line in lines if line)


def _what(series: Series) -> str:
    name = series.product or {"lightcurve": "light curve"}.get(series.kind, series.kind)
    said = f"{name[:1].upper()}{name[1:]}, {series.name}: {plural(series.n_good, 'good point')} of {series.n_rows:,}"
    quality = series.quality
    if quality is not None and series.n_rows:
        said += f"; {quality.n_flagged:,} ({100 * quality.n_flagged / series.n_rows:.1f} percent) are masked"
    if series.x.size:
        low, high = float(series.x.min()), float(series.x.max())
        unit = _unit(series.x_axis.unit)
        said += f". {series.x_axis.label} runs over {number_of(high - low, 3)}{unit}, from {_place(series, low)} to "
        said += _place(series, high)
    return said + "."


def _level(series: Series) -> str:
    y = series.y
    unit = _unit(series.y_axis.unit)
    label = series.y_axis.label
    said = f"{label[:1].upper()}{label[1:]} is {number_of(float(np.median(y)))}{unit} in the median"
    said += f", from {number_of(float(y.min()))} to {number_of(float(y.max()))}"
    scatter = point_scatter(y)
    if series.kind == "lightcurve" and math.isfinite(scatter):
        said += f"; neighbouring points scatter by {_change(series, scatter)}"
    if series.kind == "spectrum" and series.error is not None:
        good = np.isfinite(series.error) & (series.error > 0)
        if good.any():
            said += f"; the median signal to noise is {float(np.median(y[good] / series.error[good])):.1f} a point"
    return said + "."


def _gaps(series: Series) -> str:
    """Gaps in time; the breaks of a spectrum are its segments."""
    inner = np.unique(series.starts[series.starts > 0])
    if series.kind == "spectrum":
        return (
            f"It consists of {plural(inner.size + 1, 'unbroken stretch', 'unbroken stretches')}." if inner.size else ""
        )
    if series.kind == "periodogram" or inner.size == 0:
        return "It has no gap." if series.kind == "lightcurve" else ""
    length = series.x[inner] - series.x[inner - 1]
    k = int(np.argmax(length))
    return (
        f"It has {plural(inner.size, 'gap')}, the longest {number_of(float(length[k]), 3)}{_unit(series.x_axis.unit)} "
        f"after {_place(series, float(series.x[inner[k] - 1]))}."
    )


def _peak(series: Series) -> list[str]:
    k = int(np.argmax(series.y))
    return [f"The highest peak is at {_place(series, float(series.x[k]))}{_unit(series.x_axis.unit)}."]


def _features(series: Series) -> list[str]:
    lines = []
    for downwards in (True, False):
        found = features(series, downwards)
        if series.kind == "lightcurve":
            one = ("dip" if downwards else "brightening") if not series.y_axis.upside_down else (
                "brightening" if downwards else "dip"
            )  # fmt: skip
        else:
            one = "absorption feature" if downwards else "emission feature"
        if not found:
            continue
        unit = _unit(series.x_axis.unit)
        told = [
            f"{_change(series, abs(f.change))} at {_place(series, f.x)}, {number_of(f.width, 2)}{unit} wide"
            for f in found[:_TOLD]
        ]
        rest = f"; {len(found) - _TOLD:,} more" if len(found) > _TOLD else ""
        lines.append(f"{plural(len(found), one)} stand{'s' if len(found) == 1 else ''} out: {'; '.join(told)}{rest}.")
    return lines or [f"No dip or rise stands out by {_SIGMAS:.0f} times the scatter."]


def features(series: Series, downwards: bool) -> list[Feature]:
    """What lies below (or above) the running median by `_SIGMAS` times the scatter of the means, strongest first.

    Means over `_N_MEANS` equal parts of x; their scatter is 1.4826 times the median absolute deviation.
    """
    x, y = _means(series)
    if x.size < 3 * _AROUND:
        return []
    level = _running_median(y)
    off = (level - y) if downwards else (y - level)
    scatter = _MAD * float(np.median(np.abs(off - np.median(off))))
    out = off > _SIGMAS * scatter if scatter > 0 else off > 0
    found = []
    width = (series.x.max() - series.x.min()) / _N_MEANS
    for run in _runs(out):
        k = run.start + int(np.argmax(off[run]))
        found.append(Feature(float(x[k]), float(x[run.stop - 1] - x[run.start] + width), float(off[k])))
    return sorted(found, key=lambda feature: -feature.change)


def _means(series: Series) -> tuple[FloatArray, FloatArray]:
    """Mean x and y of the filled ones of `_N_MEANS` equal parts of x; the points themselves where they are few."""
    order = np.argsort(series.x, kind="stable")
    x, y = series.x[order], series.y[order]
    if x.size <= _N_MEANS:
        return x, y
    part = np.minimum(((x - x[0]) / ((x[-1] - x[0]) or 1.0) * _N_MEANS).astype(np.int64), _N_MEANS - 1)
    count = np.bincount(part, minlength=_N_MEANS)
    filled = count > 0
    return (
        np.bincount(part, x, _N_MEANS)[filled] / count[filled],
        np.bincount(part, y, _N_MEANS)[filled] / count[filled],
    )


def _running_median(y: FloatArray) -> FloatArray:
    padded = np.pad(y, _AROUND, mode="reflect")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * _AROUND + 1), axis=1))


def _runs(out: BoolArray) -> list[slice]:
    change = np.flatnonzero(np.diff(np.r_[False, out, False].astype(np.int8)))
    return [slice(a, b) for a, b in zip(change[::2].tolist(), change[1::2].tolist(), strict=True)]


def point_scatter(y: FloatArray) -> float:
    """Standard deviation of noise from the differences of neighbours, by their MAD: slow changes don't count."""
    if y.size < 3:
        return math.nan
    difference = np.diff(y)
    return _MAD * float(np.median(np.abs(difference - np.median(difference)))) / math.sqrt(2)


def _change(series: Series, change: float) -> str:
    """A change of y: in parts per million or percent of the median where y is a flux above zero, else in its unit."""
    median = float(np.median(series.y))
    unit = series.y_axis.unit
    if series.kind == "lightcurve" and not series.y_axis.upside_down and median > 0 and unit not in ("ppm", "ppt"):
        share = change / median
        return f"{1e6 * share:,.0f} ppm" if share < 0.01 else f"{100 * share:.3g} percent"
    return f"{number_of(change, 3)}{_unit(unit)}"


def _place(series: Series, x: float) -> str:
    """A place on the x axis, with digits enough to be found again in a range that is short against it: Julian dates."""
    span = float(series.x.max() - series.x.min())
    finer = math.ceil(math.log10(abs(x) / span)) + 4 if span > 0 and x else 0
    return number_of(x, min(max(7, finer), 15))


def number_of(value: float, digits: int = 7) -> str:
    """A number as it is spoken: '1,464,602', '27.9', '1.4e-14'."""
    if not math.isfinite(value):
        return number(value)
    if 1e4 <= abs(value) < 1e9:
        decimals = max(0, digits - len(f"{abs(value):.0f}"))
        written = f"{value:,.{decimals}f}"
        return written.rstrip("0").rstrip(".") if decimals else written
    return f"{value:.{digits}g}"


def _unit(unit: str) -> str:
    """With a blank before it; days in full, since one letter is spoken badly."""
    shown = {"d": "days", "BTJD - 2457000, days": "days"}.get(unit, pretty_unit(unit))
    return f" {shown}" if shown else ""
