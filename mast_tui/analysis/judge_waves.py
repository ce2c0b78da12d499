"""What the best period of a Lomb-Scargle search may be: a wave, a wave of twice the period, or dips and no wave."""

from __future__ import annotations

import numpy as np

from mast_tui.analysis.verdicts import harmonic_test, size_of, verdict_of
from mast_tui.core.look import FloatArray, Json

#: An alarm of noise less likely than this counts as a wave.
_FALSE_ALARM = 1e-3
_PROFILE_BINS = 20
#: The bins of the profile in which a dip is told from a wave: 3.6 degrees each.
_SHAPE_BINS = 100


def judge_wave(x: FloatArray, y: FloatArray, period_d: float, false_alarm: float) -> Json:
    """The verdict on a wave that Lomb-Scargle found; y about 1, not flattened."""
    if not false_alarm < _FALSE_ALARM:
        words = f"No wave stands out: noise alone gives such a peak with probability {false_alarm:.2g}."
        return verdict_of("none", period_d, words, [])
    tests, parts = [], {}
    for name, turns in (("P/2", 0.5), ("P", 1.0), ("2P", 2.0), ("3P", 3.0)):
        parts[name] = _explained(x, y, period_d * turns, round(_PROFILE_BINS * max(turns, 1)))
        tests.append(
            harmonic_test(
                name, period_d * turns, parts[name], f"a fold explains {100 * parts[name]:.0f} % of the variance"
            )
        )
    ratio, dip = _box_against_wave(x, y, period_d)
    tests.append(
        harmonic_test(
            "P: box against wave", period_d, ratio, f"a short dip explains {ratio:.2f} of what a smooth wave does"
        )
    )
    if ratio > 1 and dip > 0:
        words = (
            f"Short dips recur every {period_d:.4f} d or a multiple of it, {size_of(dip)} deep in the mean of all: "
            "transits or eclipses, no wave. The search for dips (BLS) tells their period and depth."
        )
        return verdict_of("dips", period_d, words, tests)
    chance = "less than 1e-99" if false_alarm < 1e-99 else f"{false_alarm:.1g}"
    if parts["2P"] > 1.1 * parts["P"] + 0.005:
        words = (
            f"At twice the period odd and even waves differ ({100 * parts['2P']:.0f} % explained instead of "
            f"{100 * parts['P']:.0f} %): a variable star or close binary of 2 × {period_d:.4f} = {2 * period_d:.4f} d."
        )
        return verdict_of("variable", 2 * period_d, words, tests)
    words = f"A wave of {period_d:.4f} d (probability of a false alarm {chance}): a variable star."
    return verdict_of("variable", period_d, words, tests)


def _box_against_wave(x: FloatArray, y: FloatArray, period_d: float) -> tuple[float, float]:
    """Variance of the folded profile that the best short dip explains over that of two harmonics, and its depth.

    A dip may take up to a sixth of the period; where the search found a part of the true period, all dips still fall
    on one phase, diluted by the turns without.
    """
    place = ((x / period_d % 1.0) * _SHAPE_BINS).astype(np.int64).clip(0, _SHAPE_BINS - 1)
    n = np.bincount(place, minlength=_SHAPE_BINS).astype(np.float64)
    total = np.bincount(place, y - y.mean(), minlength=_SHAPE_BINS)
    angle = 2 * np.pi * (np.arange(_SHAPE_BINS) + 0.5) / _SHAPE_BINS
    basis = np.stack([np.ones_like(angle), np.cos(angle), np.sin(angle), np.cos(2 * angle), np.sin(2 * angle)], axis=1)
    weight = np.sqrt(n)
    fit, *_ = np.linalg.lstsq(basis * weight[:, None], total / np.maximum(weight, 1.0), rcond=None)
    by_wave = float((n * (basis @ fit) ** 2).sum())
    by_box, depth = 0.0, 0.0
    for width in range(1, _SHAPE_BINS // 6 + 1):
        # the sums over `width` bins from each bin on, round the end of the profile
        inside = np.convolve(np.concatenate([n, n[: width - 1]]), np.ones(width), "valid")
        light = np.convolve(np.concatenate([total, total[: width - 1]]), np.ones(width), "valid")
        usable = (inside > 0) & (inside < x.size)
        # with a mean of zero the light outside is -light: both means' squares, weighted by their points
        gain = np.where(usable, light**2 * x.size / np.maximum(inside * (x.size - inside), 1.0), 0.0)
        gain = np.where(light < 0, gain, 0.0)
        k = int(np.argmax(gain))
        if gain[k] > by_box:
            by_box = float(gain[k])
            depth = -float(light[k] / inside[k] + light[k] / (x.size - inside[k]))
    return by_box / max(by_wave, 1e-300), depth


def _explained(x: FloatArray, y: FloatArray, period_d: float, n_bins: int) -> float:
    """Part of the variance that the mean profile in `n_bins` phase bins explains, corrected for their number."""
    place = ((x / period_d % 1.0) * n_bins).astype(np.int64).clip(0, n_bins - 1)
    n = np.bincount(place, minlength=n_bins)
    mean = np.bincount(place, y, minlength=n_bins) / np.maximum(n, 1)
    used = int((n > 0).sum())
    left = float(((y - mean[place]) ** 2).sum()) / max(y.size - used, 1)
    total = float(y.var(ddof=1))
    return max(0.0, 1 - left / total) if total > 0 else 0.0
