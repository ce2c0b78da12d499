"""An astronomer puts a light curve into the form she can compare: relative, binned, folded, stitched, dated."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mast_tui.analysis import binned, default_bin, folded, in_time, normalised, stitched
from mast_tui.analysis.remake import needs_points
from mast_tui.analysis.times import TimeForm, utc_at
from mast_tui.core.errors import InvalidQuery
from mast_tui.core.look import Ephemeris, Flag, Quality, TimeReference

from .made_curves import light_curve, sector, spectrum, with_dips

X = np.arange(100) / 720.0


def wave(size: float) -> np.ndarray:
    return size * np.sin(np.arange(100) / 5.0)


def test_flux_in_electrons_per_second_becomes_parts_per_thousand_of_its_median() -> None:
    raw = light_curve(X, 5000 * (1 + wave(0.02)), error=np.full(100, 5.0))
    flat = normalised(raw)
    assert flat.y_axis.unit == "ppt" and "relative" in flat.y_axis.label.lower()
    assert np.median(flat.y) == pytest.approx(0, abs=1e-9)
    assert np.ptp(flat.y) == pytest.approx(40, rel=0.05)
    assert flat.error is not None and flat.error[0] == pytest.approx(1.0, rel=0.03), "5 of 5000 is 1 ppt"
    assert flat.steps == ("normalised",) and raw.steps == ()
    assert raw.y[0] == 5000, "the series that was asked about stays as it was"


@pytest.mark.parametrize(("size", "unit"), [(0.5, ""), (0.02, "ppt"), (0.0005, "ppm")])
def test_the_unit_follows_the_size_of_the_variation(size: float, unit: str) -> None:
    assert normalised(light_curve(X, 800 * (1 + wave(size)))).y_axis.unit == unit


def test_parts_per_million_about_zero_are_never_divided_by_their_median() -> None:
    tasoc = light_curve(X, wave(300.0) - 1e-10, unit="ppm")
    assert normalised(tasoc).y == pytest.approx(tasoc.y, abs=1e-6)
    zero_centred = light_curve(X, wave(0.01), unit="")
    assert normalised(zero_centred).y == pytest.approx(1000 * zero_centred.y)


def test_relative_flux_stays_where_it_is() -> None:
    assert normalised(light_curve(X, 0.9 + wave(0.5), unit="")).y == pytest.approx(0.9 + wave(0.5))


def test_magnitudes_are_shifted_to_their_median_and_still_grow_downwards() -> None:
    out = normalised(light_curve(X, 11.2 + wave(0.1), unit="mag"))
    assert out.y_axis.upside_down and np.median(out.y) == pytest.approx(0, abs=1e-12)
    assert out.y.max() - out.y.min() == pytest.approx(wave(0.1).max() - wave(0.1).min())


def test_a_faint_spectrum_in_physical_units_is_divided_too() -> None:
    out = normalised(spectrum(X + 1, 3e-15 * (1 + wave(0.2)), "um", "erg/s/cm2/A"))
    assert np.median(out.y) == pytest.approx(1)


def test_a_background_around_zero_is_refused_in_a_sentence() -> None:
    with pytest.raises(InvalidQuery, match="can't be normalised"):
        normalised(light_curve(X, wave(3.0), unit="e-/s"))


@given(st.floats(0.01, 1e6), st.floats(1e-4, 0.5))
def test_the_level_of_the_star_does_not_matter(level: float, size: float) -> None:
    one = normalised(light_curve(X, 1000 * (1 + wave(size))))
    other = normalised(light_curve(X, level * 1000 * (1 + wave(size))))
    assert one.y == pytest.approx(other.y, rel=1e-9, abs=1e-6)


def test_bins_have_the_mean_and_its_standard_error() -> None:
    curve = light_curve(np.arange(10.0), [1, 3, 2, 2, 5, 7, 9, 9, 9, 4])
    out = binned(curve, 2.0)
    assert out.x.tolist() == [0.5, 2.5, 4.5, 6.5, 8.5]
    assert out.y.tolist() == [2, 2, 6, 9, 6.5]
    assert out.error is not None and out.error == pytest.approx([1, 0, 1, 0, 2.5])
    assert out.steps == ("bins of 2 d",) and out.n_rows == 10


@given(st.floats(0.003, 5.0))
def test_bins_keep_the_total_and_stay_in_the_range(width: float) -> None:
    curve = sector(days=3, cadence_min=10)
    out = binned(curve, width)
    n = np.diff(np.append(np.flatnonzero(np.diff(np.floor((curve.x - curve.x[0]) / width), prepend=-1)), curve.x.size))
    assert (out.y * n).sum() == pytest.approx(curve.y.sum(), rel=1e-12)
    assert curve.y.min() <= out.y.min() and out.y.max() <= curve.y.max()
    assert (np.diff(out.x) > 0).all() and set(out.starts) <= set(range(out.x.size))


def test_bins_do_not_join_two_orders_of_a_spectrum() -> None:
    two = spectrum(np.r_[1.0:6.0, 3.0:8.0], np.r_[np.zeros(5), np.ones(5)], "um", "Jy", starts=np.array([0, 5]))
    out = binned(two, 10.0)
    assert out.y.tolist() == [0, 1] and out.starts.tolist() == [0, 1]


def test_the_bin_that_is_offered_is_ten_minutes_or_five_cadences() -> None:
    assert default_bin(sector(days=2)) == pytest.approx(10 / 1440)
    assert default_bin(sector(days=2, cadence_min=30)) == pytest.approx(150 / 1440)
    assert default_bin(folded(sector(days=2), 1.0)) == pytest.approx(1 / 200)


def test_a_fold_puts_the_transit_in_the_middle() -> None:
    curve = with_dips(sector(), 3.3, 1326.0, 0.15, 0.01)
    for epoch in (1326.0, None):
        out = folded(curve, 3.3, epoch)
        assert out.x_axis.label == "Phase" and out.x.min() >= -0.5 and out.x.max() < 0.5
        assert (np.diff(out.x) >= 0).all() and out.time is None
        dip = out.x[out.y < 995]
        assert abs(dip.mean()) < 0.01 and np.ptp(dip) == pytest.approx(0.15 / 3.3, abs=0.01)
        assert out.steps[-1] == "folded at 3.3 d"


def test_a_fold_takes_the_epoch_of_the_files_own_ephemeris() -> None:
    curve = light_curve(X, 1 + wave(0.1), unit="", ephemerides=(Ephemeris("TCE 1", 0.05, 0.013),))
    out = folded(curve, 0.05)
    assert np.sort((curve.x - 0.013) / 0.05 % 1) == pytest.approx(np.sort(out.x % 1), abs=1e-9)


@given(st.floats(0.01, 50), st.floats(-1e4, 1e4))
def test_every_point_has_a_phase(period: float, epoch: float) -> None:
    out = folded(sector(days=2, cadence_min=30), period, epoch)
    assert out.x.min() >= -0.5 and out.x.max() < 0.5 and out.x.size == sector(days=2, cadence_min=30).x.size


@pytest.mark.parametrize("period", [0.0, -1.0, float("nan"), float("inf")])
def test_no_fold_without_a_period(period: float) -> None:
    with pytest.raises(InvalidQuery, match="period"):
        folded(sector(days=2), period)


def test_sectors_are_levelled_and_set_in_order_with_their_joins_kept() -> None:
    mask = Quality("QUALITY", 17087, 3, (Flag(1, "attitude tweak", 3),))
    early = light_curve(X + 1325, 5000 * (1 + wave(0.02)), quality=mask, flags=np.zeros(100, np.int64))
    late = light_curve(X + 2325, 200 * (1 + wave(0.02)), quality=mask, flags=np.ones(100, np.int64))
    kepler_time = light_curve(late.x + 2167, late.y, time=TimeReference("bkjd", 2454833.0, "tdb"))
    out = stitched([late, early])
    assert out.x[0] == early.x[0] and out.x[100] == late.x[0] and out.starts.tolist() == [0, 100]
    assert out.y[:100] == pytest.approx(out.y[100:]) and out.y_axis.unit == "ppt"
    assert out.quality == Quality("QUALITY", 17087, 6, (Flag(1, "attitude tweak", 6),))
    assert out.n_rows == 200 and out.flags is not None and out.flags[150] == 1
    assert stitched([early, kepler_time]).x == pytest.approx(out.x), "another zero point, the same times"
    with pytest.raises(InvalidQuery, match="Magnitudes"):
        stitched([early, light_curve(X + 2325, 11 + wave(0.1), unit="mag")])
    with pytest.raises(InvalidQuery):
        stitched([])


def test_dates_of_a_real_cadence() -> None:
    """The first cadence of pi Men in sector 1; its headers say DATE-OBS 2018-07-25T19:00:27 (UTC at the spacecraft)."""
    curve = light_curve(np.array([1325.2969, 1326.0]), [1.0, 1.0], ephemerides=(Ephemeris("c", 6.2679, 1325.504),))
    assert in_time(curve, "native").x is curve.x
    jd = in_time(curve, "jd")
    assert jd.x[0] == 2458325.2969 and "TDB" in jd.x_axis.label and jd.ephemerides[0].epoch == 2458325.504
    utc = in_time(curve, "utc")
    assert utc.x_axis.dates and (jd.x[0] - utc.x[0]) * 86400 == pytest.approx(69.184, abs=1e-3), "37 + 32.184 s"
    days = in_time(curve, "days")
    assert days.x.tolist() == pytest.approx([0.0, 0.7031]) and days.ephemerides[0].epoch == pytest.approx(0.2071)
    assert days.time is not None and days.time.offset_jd + days.x[0] == pytest.approx(jd.x[0])


@pytest.mark.parametrize(
    ("date", "seconds"),
    [("1978-06-01", 49.184), ("2009-06-01", 66.184), ("2016-12-31", 68.184), ("2017-01-02", 69.184)],
)
def test_leap_seconds_are_those_of_the_date(date: str, seconds: float) -> None:
    jd = dt.date.fromisoformat(date).toordinal() + 1721424.5
    curve = light_curve(np.array([jd, jd + 0.1]), [1.0, 1.0], time=TimeReference("jd", 0.0, "tdb"))
    assert (curve.x[0] - in_time(curve, "utc").x[0]) * 86400 == pytest.approx(seconds, abs=1e-3)


@pytest.mark.parametrize(("form", "time"), [("jd", None), ("utc", None), ("utc", TimeReference("jd", 0.0, ""))])
def test_times_without_a_zero_point_or_scale_get_no_date(form: TimeForm, time: TimeReference | None) -> None:
    with pytest.raises(InvalidQuery):
        in_time(light_curve(X, 1 + wave(0.1), time=time), form)
    assert in_time(light_curve(X, 1 + wave(0.1), time=time), "days").x[0] == 0


def test_a_spectrum_is_no_light_curve() -> None:
    star = spectrum(X + 1, 1 + wave(0.1), "um", "Jy")
    with pytest.raises(InvalidQuery, match="light curve"):
        folded(star, 1.0)
    with pytest.raises(InvalidQuery, match="light curve"):
        in_time(star, "jd")
    with pytest.raises(InvalidQuery, match="light curve"):
        stitched([star])


def test_cadence_numbers_stay_with_their_points() -> None:
    curve = light_curve(X, wave(0.1) + 1, unit="", cadence=np.arange(100) + 5000)
    later = light_curve(X + 27, wave(0.1) + 1, unit="", cadence=np.arange(100) + 20000)
    normal = normalised(curve).cadence
    assert normal is not None and normal.tolist() == list(range(5000, 5100))
    together = stitched([later, curve]).cadence
    assert together is not None and together[[0, 99, 100, 199]].tolist() == [5000, 5099, 20000, 20099]
    assert stitched([curve, light_curve(X + 27, wave(0.1) + 1, unit="")]).cadence is None, "one of them has none"
    for made in (binned(curve, 0.05), folded(curve, 0.04)):
        assert made.cadence is None, made.steps


def test_the_place_of_the_cursor_has_a_date() -> None:
    """The header of pi Men, sector 1: TSTART 1325.29487730636 (BTJD, TDB) and DATE-OBS 2018-07-25T19:03:28.215."""
    curve = light_curve(X + 1325.0, wave(0.1) + 1, unit="")
    assert utc_at(curve, 1325.29487730636) == "2018-07-25T19:03:28"
    assert utc_at(in_time(curve, "utc"), 2458325.5) == "2018-07-26T00:00:00"
    assert utc_at(in_time(curve, "jd"), 2458325.5 + 69.184 / 86400) == "2018-07-26T00:00:00"
    assert utc_at(folded(curve, 0.04), 0.1) is None, "a phase has no date"
    assert utc_at(light_curve(X, wave(0.1), scale=""), 0.1) is None, "no scale, no date"


def test_a_refusal_counts_points_as_one_speaks() -> None:
    with pytest.raises(InvalidQuery, match=r"only 1 good point\b(?!s)"):
        needs_points(light_curve([1.0], [1.0]), "a trend", 3)
    with pytest.raises(InvalidQuery, match="only 2 good points"):
        needs_points(light_curve([1.0, 2.0], [1.0, 1.0]), "a trend", 3)
