"""How good a series or an image is, in the lines of a summary: what was masked, how regular, how noisy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mast_tui.analysis.photometry import calibration_of
from mast_tui.analysis.remake import cadence_of, median, needs_points, spread
from mast_tui.analysis.scaling import relative
from mast_tui.analysis.trends import trend_of
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Fact, FloatArray, HeaderLook, ImageLook, Series

_HOUR_D = 1 / 24


def der_snr(y: FloatArray) -> float:
    """Signal-to-noise ratio from the flux alone; NaN for fewer than 5 points or without noise.

    DER_SNR (Stoehr et al. 2008, ASP Conf. 394, 505): median(f) over 1.482602/sqrt(6) median|2 f_i - f_i-2 - f_i+2|.
    """
    if y.size < 5:
        return float("nan")
    noise = 1.482602 / np.sqrt(6) * median(np.abs(2 * y[2:-2] - y[:-4] - y[4:]))
    return median(y) / float(noise) if noise > 0 else float("nan")


def quality_report(
    look: Series | ImageLook, facts: Sequence[Fact] = (), header: HeaderLook | None = None
) -> tuple[Fact, ...]:
    """Lines of the summary: counts and masks, sampling, values and noise, then the file's own `facts`.

    Of an image the `header` tells what a pixel is worth.
    """
    return (*(_of_image(look, header) if isinstance(look, ImageLook) else _of_series(look)), *facts)


def _of_image(look: ImageLook, header: HeaderLook | None) -> list[Fact]:
    s, unit = look.summary, look.value_axis.unit
    n_bad = look.n_rows - look.n_good
    whole = "×".join(map(str, look.shape))
    if look.kind == "pixels":
        found = [
            Fact("Cadences", f"{look.n_rows}", f"frames of the pixel file, {whole} in all"),
            _counted("Not used", n_bad, look.n_rows, "without a time, or flagged"),
        ]
    else:
        found = [
            Fact("Pixels", f"{look.n_rows}", f"read for this look; the whole is {whole}"),
            _counted("Without data", n_bad, look.n_rows, "NaN, blank or flagged"),
        ]
    if look.n_good:
        found += [
            Fact(name, f"{value:.6g} {unit}".strip())
            for name, value in (("Minimum", s.y_min), ("Median", s.y_median), ("Maximum", s.y_max))
        ]
    calibration = calibration_of(header, look.hdu)
    return [*found, *(calibration.facts if calibration is not None else ())]


def _of_series(series: Series) -> list[Fact]:
    found = [
        Fact("Rows", f"{series.n_rows}"),
        _counted("Good points", series.n_good, series.n_rows, "finite, unmasked"),
    ]
    quality = series.quality
    if quality is not None:
        found.append(_counted("Masked", quality.n_flagged, series.n_rows, quality.rule))
        found += [_counted(f"Flag {flag.written}", flag.n, series.n_rows, flag.meaning) for flag in quality.flags]
    if series.x.size > 1:
        found += _sampling(series)
        found += _values(series)
    return found


def cdpp_1h_ppm(series: Series) -> float:
    """An estimate of the 1-hour noise (ppm): the scatter of 1-hour means of the curve without its trend of 1.5 d.

    As the combined differential photometric precision of Kepler (Christiansen et al. 2012, PASP 124, 1279), estimated
    as Gilliland et al. 2011 (ApJS 197, 6) do, with 1-hour bins. InvalidQuery where the series has no level; NaN where
    fewer than 10 hours are well filled.
    """
    needs_points(series, "the 1-hour noise", 10)
    found = relative(series)
    order = np.argsort(series.x, kind="stable")
    x, y = series.x[order], found.y[order]
    span = float(x[-1] - x[0])
    if span < 10 * _HOUR_D:
        return float("nan")
    flat = y - trend_of(x, y, min(1.5, span / 2))
    place = ((x - x[0]) / _HOUR_D).astype(np.int64)
    n = np.bincount(place)
    full = n >= max(1.0, 0.5 * float(n.max()))
    if full.sum() < 10:
        return float("nan")
    to_flux = 0.4 * np.log(10) if found.magnitudes else 1.0
    return 1e6 * to_flux * spread(np.bincount(place, flat)[full] / n[full])


def _sampling(series: Series) -> list[Fact]:
    x, unit = series.x, series.x_axis.unit
    step, span = cadence_of(series), float(x.max() - x.min())
    found = [Fact("Range", f"{x.min():.8g} to {x.max():.8g} {unit}".strip(), f"{span:.6g} {unit}".strip())]
    if series.kind != "lightcurve" or unit != "d" or not np.isfinite(step):
        found.append(Fact("Step", f"{step:.4g} {unit}".strip(), "median distance of the points"))
        return found
    found.append(Fact("Cadence", f"{step * 86400:.4g} s", "median time from point to point"))
    # by the number of cadences: each point stands for one
    found.append(
        Fact("Duty cycle", f"{100 * min(1.0, x.size / (span / step + 1)):.1f} %", "points of those that fit in")
    )
    breaks = series.starts[series.starts > 0]
    gaps = x[breaks] - x[breaks - 1]
    gaps = gaps[gaps > 0]
    longest = f"the longest {gaps.max():.4g} d, together {gaps.sum():.4g} d" if gaps.size else ""
    found.append(Fact("Gaps", f"{gaps.size}", longest))
    return found


def _values(series: Series) -> list[Fact]:
    s, unit = series.summary, series.y_axis.unit
    found = [
        Fact("Minimum", f"{s.y_min:.6g} {unit}".strip()),
        Fact("Median", f"{s.y_median:.6g} {unit}".strip()),
        Fact("Maximum", f"{s.y_max:.6g} {unit}".strip()),
        Fact("Scatter", f"{spread(series.y):.4g} {unit}".strip(), "1.4826 × median absolute deviation"),
    ]
    if series.kind == "lightcurve" and series.x_axis.unit == "d":
        try:
            noise = cdpp_1h_ppm(series)
        except InvalidQuery:
            noise = float("nan")  # a background about zero has no relative noise
        if np.isfinite(noise):
            found.append(Fact("1-h noise", f"{noise:.0f} ppm", "estimate of the CDPP: scatter of 1-hour means"))
    if series.kind == "spectrum" and not series.y_axis.upside_down:
        if series.error is not None and (good := series.error > 0).any():
            low, middle, high = np.percentile(series.y[good] / series.error[good], (16, 50, 84))
            found.append(
                Fact("S/N", f"{middle:.3g}", f"median of flux / error; 16 % below {low:.3g}, 16 % above {high:.3g}")
            )
        derived = der_snr(series.y)
        if np.isfinite(derived):
            found.append(Fact("S/N (DER_SNR)", f"{derived:.3g}", "from the flux alone (Stoehr et al. 2008)"))
    return found


def _counted(name: str, n: int, of: int, meaning: str) -> Fact:
    part = f" ({100 * n / of:.1f} %)" if of else ""
    return Fact(name, f"{n}{part}", meaning)
