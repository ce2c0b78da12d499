"""The jobs of the period-search worker. Runs only in that process: it imports astropy.

Times are days since the first point, fluxes relative. Called by name through `core.workers`; `Periodograms` asks.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from astropy.timeseries import BoxLeastSquares, LombScargle

from mast_tui.analysis.grouping import phases
from mast_tui.analysis.judge import judge_box
from mast_tui.analysis.judge_waves import judge_wave
from mast_tui.analysis.remake import median, spread
from mast_tui.analysis.trends import trend_of
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import FloatArray, Json
from mast_tui.core.workers import report

_TEN_MINUTES, _HALF_HOUR = 10 / 1440, 30 / 1440
#: Above this span (d) the bins are longer: a year of 10-minute bins is a minute of search.
_LONG_SPAN = 100.0
#: The longest period that is tried unasked in such a series.
_LONG_HIGH = 40.0
_MAX_PERIODS = 20_000
#: lightkurve's durations (d); at a given period only those up to a quarter of it are tried.
_DURATIONS = np.array([0.05, 0.1, 0.15, 0.2, 0.33])
_CHUNK = 250
#: What a trial period may be off at the end of the series, in shortest durations.
_DRIFT, _WIDEST_DRIFT = 0.5, 2.0
_WINDOW_D = 1.5
_REFINED, _REFINE_WIDTH = 3, 0.02


def bls(x: FloatArray, y: FloatArray, low_d: float | None = None, high_d: float | None = None) -> Json:
    """Box least squares on bins of the flattened curve, then on all points around the three best periods."""
    x, y = _in_order(x, y)
    span = float(x[-1])
    is_long = span > _LONG_SPAN
    low, high = _range(low_d, high_d, 0.5, min(span / 3, _LONG_HIGH) if is_long else span / 3)
    flat = y / trend_of(x, y, min(_WINDOW_D, span / 2))
    flat = _without_flares(flat)
    width = _HALF_HOUR if is_long else _TEN_MINUTES
    tb, yb = bins_of(x, flat, width)
    notes: list[str] = []
    shortest = float(_DURATIONS[0])
    whole = math.log(high / low) * span / shortest
    # of a long series first the grid is made wider, then the range narrower
    drift = min(max(_DRIFT, whole / _MAX_PERIODS), _WIDEST_DRIFT) if is_long else _DRIFT
    n = min(math.ceil(whole / drift), _MAX_PERIODS * (3 if is_long else 1)) + 2
    if n < whole / drift:
        low = high / math.exp((n - 2) * shortest * drift / span)
    if is_long and low_d is None and high_d is None:
        notes.append(f"In {span:.0f} days only periods from {low:.2g} to {high:.3g} d were searched.")
    elif n < whole / drift:
        notes.append(f"Only periods over {low:.3g} d were searched: the range holds too many.")
    periods = np.exp(np.linspace(math.log(low), math.log(high), n))
    coarse = BoxLeastSquares(tb, yb, dy=max(spread(yb), 1e-12))
    snr = np.empty(n)
    for first in range(0, n, _CHUNK):
        report(f"Box search: {first} of {n} periods")
        piece = periods[first : first + _CHUNK]
        snr[first : first + _CHUNK] = _power(coarse, piece).depth_snr
    # a search of all of a million points would take minutes; their bins are as good
    fine = coarse if x.size > 200_000 else BoxLeastSquares(x, flat, dy=max(spread(flat), 1e-12))
    best: tuple[float, ...] | None = None
    for k in _peaks(snr, periods):
        report(f"Box search: refining {periods[k]:.4f} d")
        near = float(periods[k])
        step = 0.05 * shortest * near / span
        half = min(_REFINE_WIDTH * near, 60 * step)
        found = _power(fine, np.arange(max(near - half, low * 0.98), near + half, step), near)
        i = int(np.argmax(found.depth_snr))
        this = tuple(
            float(a[i]) for a in (found.depth_snr, found.period, found.transit_time, found.duration, found.depth)
        )
        best = this if best is None or this[0] > best[0] else best
    assert best is not None
    value, period, epoch, duration, depth = best
    # now that it is known where the dips are, the trend need not follow them
    inside = np.abs(phases(x, period, epoch)) * period < 0.75 * duration
    clean_flat = _without_flares(y / trend_of(x, y, min(_WINDOW_D, span / 2), inside))
    in_box = np.abs(phases(x, period, epoch)) * period < 0.5 * duration
    if in_box.any() and not inside.all():
        depth = median(clean_flat[~inside]) - float(clean_flat[in_box].mean())
    verdict = judge_box(x, clean_flat, period, epoch, duration)
    return {
        "periods": periods,
        "power": np.nan_to_num(snr, nan=0.0, posinf=0.0, neginf=0.0),
        "period_d": period,
        # at a multiple of the period the deepest dip is phase 0, whichever the series sees first
        "epoch": epoch + verdict["turn"] * period,
        "duration_d": duration,
        "depth": depth,
        "snr": value,
        "verdict": verdict,
        "false_alarm": math.nan,
        "level": math.nan,
        "notes": notes,
    }


def ls(x: FloatArray, y: FloatArray, low_d: float | None = None, high_d: float | None = None) -> Json:
    """Lomb-Scargle power; frequencies are sampled 5 times a peak, the best then 100 times."""
    x, y = _in_order(x, y)
    span = float(x[-1])
    cadence = median(np.diff(x))
    low, high = _range(low_d, high_d, max(2 * cadence, 1 / 50), span)
    n = math.ceil(5 * span * (1 / low - 1 / high)) + 2
    notes: list[str] = []
    if n > 50 * _MAX_PERIODS:
        raise InvalidQuery(
            "this range holds too many periods", f"{n} would have to be tried", "Give a longer shortest one"
        )
    report("Lomb-Scargle search")
    search = LombScargle(x, y)
    f0, df = 1 / high, (1 / low - 1 / high) / (n - 1)
    power = np.asarray(search.power(f0 + df * np.arange(n), method=_fast(), assume_regular_frequency=True))
    k = int(np.argmax(power))
    report("Lomb-Scargle search: refining")
    frequency, step, top = f0 + df * k, df, 0.0
    for _ in range(2):  # between two samples the peak has one summit: ten times finer, twice
        near = np.linspace(max(f0, frequency - step), frequency + step, 21)
        fine = np.asarray(search.power(near, method="cython"))
        frequency, step = float(near[int(np.argmax(fine))]), step / 10
        top = float(np.clip(fine.max(), 0.0, 1.0))
    period = 1 / frequency
    _, sine, cosine = search.model_parameters(frequency)
    semi = math.hypot(sine, cosine)
    model = search.model(x, frequency)
    noise = float(np.std(y - model))
    # sin(wt) s + cos(wt) c is least where its phase is that of (-s, -c)
    epoch = math.atan2(-sine, -cosine) / (2 * math.pi) % 1.0 * period
    false_alarm, level = _false_alarm(top, x, 1 / low), _level(0.01, x, 1 / low)
    snr = semi / (noise * math.sqrt(2 / x.size)) if noise > 0 else math.inf
    frequencies = f0 + df * np.arange(n)
    return {
        "periods": (1 / frequencies)[::-1],
        "power": np.clip(np.nan_to_num(power), 0.0, 1.0)[::-1],
        "period_d": period,
        "epoch": epoch,
        "duration_d": math.nan,
        "depth": 2 * semi,
        "snr": snr,
        "verdict": judge_wave(x, y, period, false_alarm),
        "false_alarm": false_alarm,
        "level": level,
        "notes": notes,
    }


def bins_of(x: FloatArray, y: FloatArray, width: float) -> tuple[FloatArray, FloatArray]:
    """Mean x and y in bins of `width`; x ascends, empty bins are left out."""
    place = ((x - x[0]) / width).astype(np.int64)
    n = np.bincount(place)
    some = n > 0
    return np.bincount(place, x)[some] / n[some], np.bincount(place, y)[some] / n[some]


def _false_alarm(power: float, x: FloatArray, highest: float) -> float:
    """Probability that white noise gives a peak of `power` (standard normalisation) below the frequency `highest`.

    Baluev 2008, MNRAS 385, 1279, as in astropy, whose own function needs scipy.
    """
    n_h, n_k = x.size - 1, x.size - 3
    if power >= 1:
        return 0.0
    gamma = math.sqrt(2 / n_h) * math.exp(math.lgamma(n_h / 2) - math.lgamma((n_h - 1) / 2))
    width = highest * math.sqrt(4 * math.pi * float(x.var()))
    single = math.pow(1 - power, 0.5 * n_k)
    tau = gamma * width * math.pow(1 - power, 0.5 * (n_k - 1)) * math.sqrt(0.5 * n_h * power)
    return single - (1 - single) * math.expm1(-tau)


def _level(probability: float, x: FloatArray, highest: float) -> float:
    """The power that noise passes with this probability: by bisection, as the probability falls with it above 2/n."""
    low, high = 2 / x.size, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _false_alarm(middle, x, highest) > probability else (low, middle)
    return high


def _fast() -> str:
    """nifty-ls (an extra), where it is installed, registers a method whose sums take a fifteenth of the time."""
    try:
        import nifty_ls  # type: ignore[import-not-found] # noqa: F401
    except ImportError:
        return "fast"
    return "fastnifty"


def _in_order(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    order = np.argsort(x, kind="stable")
    return x[order], y[order]


def _range(low_d: float | None, high_d: float | None, low: float, high: float) -> tuple[float, float]:
    low = low if low_d is None else low_d
    high = high if high_d is None else high_d
    if not (math.isfinite(low) and math.isfinite(high) and 0 < low < high):
        raise InvalidQuery(
            "there are no periods to search",
            f"The longest to look for, {high:.3g} d, is not above the shortest, {low:.3g} d: the series must see three "
            "dips or one wave",
            "Give another range, or stitch more light curves",
        )
    return low, high


def _without_flares(flat: FloatArray) -> FloatArray:
    """What is 5 sigma above is set to the level: a flare or a glint; what is below may be an eclipse."""
    middle = median(flat)
    return np.where(flat > middle + 5 * spread(flat), middle, flat)


def _power(search: Any, periods: FloatArray, near: float | None = None) -> Any:
    shortest = float(periods[0] if near is None else near)
    durations = _DURATIONS[shortest / 4 >= _DURATIONS]
    if durations.size == 0:
        durations = np.array([shortest / 5])
    return search.power(periods, durations, oversample=5 if near is None else 10)


def _peaks(snr: FloatArray, periods: FloatArray) -> list[int]:
    """The places of the highest values that are not within 2 percent of a higher one."""
    left = np.nan_to_num(snr, nan=-1.0)
    found: list[int] = []
    for _ in range(_REFINED):
        k = int(np.argmax(left))
        found.append(k)
        left[np.abs(periods / periods[k] - 1) < _REFINE_WIDTH] = -2.0
        if left.max() < 0:
            break
    return found
