"""What the best period of a box search may be: tests at half, twice and three times of it, and words for the outcome.

Signals of planets and of eclipsing binaries are told apart as the vetting of Kepler's candidates does: odd against
even depths, a secondary eclipse, dips too deep, a star's shape that tides have changed (Coughlin et al. 2016, ApJS
224, 12; Thompson et al. 2018, ApJS 235, 38). The thresholds are those below; a verdict is a hint, no validation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

from mast_tui.analysis.grouping import phases
from mast_tui.analysis.remake import spread
from mast_tui.analysis.verdicts import harmonic_test, size_of, verdict_of
from mast_tui.core.look import BoolArray, FloatArray, IndexArray, Json

#: Kepler's limit for a threshold-crossing event (Jenkins et al. 2002, ApJ 564, 495).
_DETECTED = 7.1
#: A difference of depths counts when it is so many sigma and so large a part of the deeper one.
_ODD_EVEN_SIGMA, _ODD_EVEN_PART = 5.0, 0.05
#: A second dip is an eclipse of a star when it is above this part of the first; those of hot planets stay far below.
_SECONDARY_SIGMA, _SECONDARY_PART = 5.0, 0.1
#: A dip in only some of the turns: the others have less than this part of it.
_ABSENT = 0.25
#: Planets of Sun-like stars stay below about 2 percent; small red stars reach 3.
_DEEPEST = 0.03
_ELLIPSOIDAL_PART, _ELLIPSOIDAL_SIGMA = 0.15, 10.0
_CORE = 0.35


@dataclass(frozen=True)
class _Depth:
    value: float
    error: float
    n_events: int

    @property
    def sigma(self) -> float:
        return self.value / self.error if self.error > 0 else 0.0


def judge_box(x: FloatArray, flat: FloatArray, period_d: float, epoch: float, duration_d: float) -> Json:
    """The verdict on dips found in a flattened curve: x in days, flat about 1. Fields as in `Verdict`."""
    phase = phases(x, period_d, epoch)
    away = np.abs(phase) * period_d
    outside = away > 0.75 * duration_d
    if outside.sum() < 10:
        return verdict_of("none", period_d, "The dips would fill the whole period.", [])
    level = float(np.median(flat[outside]))
    drop = level - flat
    sigma = _noise(x[outside], drop[outside], duration_d)
    core = away < _CORE * duration_d
    turn = np.round((x - epoch) / period_d).astype(np.int64)
    whole = _depth(drop, core, turn, sigma)
    tests: list[Json] = []
    if whole.n_events < 2 or whole.sigma < _DETECTED:
        words = f"No dip stands out: {max(whole.sigma, 0):.1f} σ in {whole.n_events} turns (7.1 σ in 2 count)."
        return verdict_of("none", period_d, words, tests)
    wave_part, double, double_sigma = _wave(phase, drop, core, outside, whole.value, sigma)
    tests.append(
        harmonic_test(
            "P: wave against box", period_d, wave_part, f"a smooth wave explains {wave_part:.2f} of what a box does"
        )
    )
    if wave_part > 1:
        words = f"A smooth wave of {period_d:.4f} d describes it better than dips do: a variable star."
        return verdict_of("variable", period_d, words, tests)
    # --- three periods, two periods: are all dips there, and the same?
    thirds = [_depth(drop, core & (turn % 3 == k), turn, sigma) for k in range(3)]
    there = [d for d in thirds if d.n_events]
    deepest = max(there, key=lambda d: d.value)
    missing3 = sum(d.value < _ABSENT * deepest.value for d in there)
    tests.append(
        harmonic_test(
            "3P: dips in every turn",
            3 * period_d,
            float(3 - missing3),
            f"{len(there) - missing3} of 3 turns have the dip",
        )
    )
    odd, even = (_depth(drop, core & (turn % 2 == k), turn, sigma) for k in (1, 0))
    differ = (even.value - odd.value) / math.hypot(odd.error, even.error) if odd.n_events and even.n_events else 0.0
    part = abs(even.value - odd.value) / max(odd.value, even.value, 1e-12)
    tests.append(
        harmonic_test(
            "2P: odd and even",
            2 * period_d,
            abs(differ),
            f"even {size_of(even.value)}, odd {size_of(odd.value)}: {abs(differ):.1f} σ apart",
        )
    )
    # --- half a period: is there a second dip, as deep or shallower?
    second = _depth(drop, np.abs(np.abs(phase) - 0.5) * period_d < _CORE * duration_d, turn, sigma)
    tests.append(
        harmonic_test(
            "P/2: a dip at phase 0.5", period_d / 2, second.sigma, f"{size_of(second.value)} deep, {second.sigma:.1f} σ"
        )
    )
    where, other = _anywhere(phase, drop, turn, period_d, duration_d, sigma)
    tests.append(
        harmonic_test(
            "P: a second dip elsewhere",
            period_d,
            other.sigma,
            f"{size_of(other.value)} at phase {where:.2f}, {other.sigma:.1f} σ",
        )
    )
    tests.append(
        harmonic_test(
            "P: depth", period_d, whole.value, f"{size_of(whole.value)} ({whole.sigma:.0f} σ, {whole.n_events} dips)"
        )
    )
    tests.append(
        harmonic_test(
            "P/2: tides",
            period_d / 2,
            double / whole.value,
            f"brightness changes twice a period by ±{size_of(abs(double))}",
        )
    )

    more = [
        (place, found)
        for place, found, limit in ((0.5, second, _SECONDARY_SIGMA), (where, other, _DETECTED))
        if found.sigma > limit and found.value > _SECONDARY_PART * whole.value
    ]
    judged = partial(verdict_of, tests=tests, more=tuple(place for place, _ in more))
    if len(there) == 3 and missing3 == 2 and deepest.sigma > _DETECTED:
        words = f"Only one dip in three is there: the period is 3 × {period_d:.4f} = {3 * period_d:.4f} d."
        return judged("planet-like", 3 * period_d, words, turn=thirds.index(deepest))
    if abs(differ) > _ODD_EVEN_SIGMA and part > _ODD_EVEN_PART:
        deeper = int(odd.value > even.value)
        twice = f"2 × {period_d:.4f} = {2 * period_d:.4f} d"
        if min(odd.value, even.value) < _ABSENT * max(odd.value, even.value) / 2:
            words = f"Only every second dip is there: the period is {twice}."
            return judged("planet-like", 2 * period_d, words, turn=deeper)
        words = (
            f"Odd and even eclipses differ by {abs(differ):.0f} σ ({size_of(odd.value)} and {size_of(even.value)}): "
            f"an eclipsing binary at twice the BLS period, {twice}."
        )
        return judged("eclipsing binary", 2 * period_d, words, turn=deeper)
    if second.sigma > _SECONDARY_SIGMA and second.value > (1 - _ABSENT) * whole.value:
        words = (
            f"The dips at phases 0 and 0.5 are alike: the period is {period_d / 2:.4f} d, or two like stars "
            f"eclipse each other every {period_d:.4f} d."
        )
        return judged("eclipsing binary" if whole.value > _DEEPEST else "planet-like", period_d / 2, words)
    if more:
        place, found = more[0]
        words = (
            f"A second eclipse at phase {place:.2f}, {100 * found.value / whole.value:.0f} % as deep "
            f"({found.sigma:.0f} σ): an eclipsing binary of {period_d:.4f} d."
        )
        return judged("eclipsing binary", period_d, words)
    if double > _ELLIPSOIDAL_PART * whole.value and double_sigma > _ELLIPSOIDAL_SIGMA:
        words = (
            f"Between the dips the star changes twice a period by ±{size_of(double)}, as tides do: "
            f"an eclipsing binary of {period_d:.4f} d."
        )
        return judged("eclipsing binary", period_d, words)
    if whole.value > _DEEPEST:
        words = (
            f"The dips are {size_of(whole.value)} deep, more than planets make: "
            f"likely an eclipsing binary of {period_d:.4f} d."
        )
        return judged("eclipsing binary", period_d, words)
    words = (
        f"Equal dips of {size_of(whole.value)} every {period_d:.4f} d ({whole.sigma:.0f} σ), "
        "no second eclipse: planet-like."
    )
    return judged("planet-like", period_d, words)


def _noise(x: FloatArray, drop: FloatArray, duration_d: float) -> float:
    """Standard deviation of a point, raised by the red noise on the time scale of a dip (Pont et al. 2006).

    The factor is the scatter of means over `duration_d` against that of white noise, at least 1.
    """
    white = max(spread(drop), 1e-15)
    place = ((x - x[0]) / duration_d).astype(np.int64)
    n = np.bincount(place)
    enough = n >= 0.5 * n.max()
    if enough.sum() < 10:
        return white
    means = np.bincount(place, drop)[enough] / n[enough]
    return white * max(1.0, spread(means * np.sqrt(n[enough])) / white)


def _depth(drop: FloatArray, mask: BoolArray, turn: IndexArray, sigma: float) -> _Depth:
    """Mean drop under `mask`; its error is at least that which the scatter from turn to turn gives."""
    if not mask.any():
        return _Depth(0.0, math.inf, 0)
    means, _ = _by_turn(drop[mask], turn[mask])
    error = sigma / math.sqrt(int(mask.sum()))
    if means.size > 2:
        error = max(error, float(means.std(ddof=1)) / math.sqrt(means.size))
    return _Depth(float(drop[mask].mean()), error, means.size)


def _by_turn(drop: FloatArray, turn: IndexArray) -> tuple[FloatArray, IndexArray]:
    first = turn - turn.min()
    n = np.bincount(first)
    return np.bincount(first, drop)[n > 0] / n[n > 0], n[n > 0]


def _anywhere(
    phase: FloatArray, drop: FloatArray, turn: IndexArray, period_d: float, duration_d: float, sigma: float
) -> tuple[float, _Depth]:
    """The deepest dip away from the first one and from phase 0.5: the median over the turns, so that another planet's
    single transit does not count."""
    width = duration_d / period_d
    best, place = _Depth(0.0, math.inf, 0), 0.5
    for centre in np.arange(1.5 * width, 1 - 1.5 * width, width / 2):
        if abs(centre - 0.5) < width:
            continue
        mask = np.abs((phase - centre + 0.5) % 1.0 - 0.5) < _CORE * width
        if not mask.any():
            continue
        means, _ = _by_turn(drop[mask], turn[mask])
        error = 1.25 * sigma / math.sqrt(int(mask.sum()))
        if means.size > 2:
            error = max(error, 1.25 * float(means.std(ddof=1)) / math.sqrt(means.size))
        found = _Depth(float(np.median(means)), error, means.size)
        if found.n_events > 1 and found.sigma > best.sigma:
            best, place = found, float(centre)
    return place, best


def _wave(
    phase: FloatArray, drop: FloatArray, core: BoolArray, outside: BoolArray, depth: float, sigma: float
) -> tuple[float, float, float]:
    """Variance that two harmonics explain over that of the box; the dimming at phases 0 and 0.5 between the dips (the
    amplitude of cos 4πφ there), and its sigma."""
    angle = 2 * np.pi * phase
    basis = np.stack([np.ones_like(angle), np.cos(angle), np.sin(angle), np.cos(2 * angle), np.sin(2 * angle)], axis=1)
    fit, *_ = np.linalg.lstsq(basis, drop, rcond=None)
    total = float(((drop - drop.mean()) ** 2).sum())
    by_wave = total - float(((drop - basis @ fit) ** 2).sum())
    inside = ~outside
    box = np.where(inside, float(drop[inside].mean()), float(drop[outside].mean()))
    by_box = total - float(((drop - box) ** 2).sum())
    between, *_ = np.linalg.lstsq(basis[outside], drop[outside], rcond=None)
    error = sigma * math.sqrt(2 / int(outside.sum()))
    return by_wave / max(by_box, 1e-300), float(between[3]), float(between[3]) / error
