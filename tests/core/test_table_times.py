"""Dates as people write them against the archive's MJD."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mast_tui.core.times import iso_to_mjd, mjd_to_date, mjd_to_iso


@pytest.mark.parametrize(
    ("iso", "mjd"),
    [
        ("1858-11-17T00:00:00", 0.0),
        ("1970-01-01T00:00:00", 40587.0),
        ("2000-01-01T12:00:00", 51544.5),  # J2000.0: JD 2451545.0
        ("2021-12-25T12:20:00", 59573 + (12 * 60 + 20) / 1440),  # launch of JWST
    ],
)
def test_known_dates(iso: str, mjd: float) -> None:
    assert mjd_to_iso(mjd) == iso
    assert iso_to_mjd(iso) == pytest.approx(mjd, abs=1e-9)
    assert mjd_to_date(mjd) == iso[:10]


def test_a_year_or_month_alone_is_its_first_day_and_a_zone_is_honoured() -> None:
    assert iso_to_mjd("2000") == iso_to_mjd("2000-01") == iso_to_mjd("2000-01-01") == 51544.0
    assert iso_to_mjd("2000-01-01T02:00:00+02:00") == 51544.0
    assert iso_to_mjd("2000-01-01T00:00:00Z") == 51544.0


@pytest.mark.parametrize("text", ["", "yesterday", "2000-13", "2000-02-30", "20", "-5", "٢٠٠٠"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        iso_to_mjd(text)


@pytest.mark.parametrize("mjd", [1e9, -1e9, float("nan"), float("inf")])
def test_a_time_outside_the_calendar_is_refused(mjd: float) -> None:
    with pytest.raises(ValueError, match="year"):
        mjd_to_iso(mjd)
    with pytest.raises(ValueError, match="year"):
        mjd_to_date(mjd)


@given(st.floats(-600_000, 2_900_000))
def test_a_date_goes_there_and_back(mjd: float) -> None:
    assert abs(iso_to_mjd(mjd_to_iso(mjd)) - mjd) <= 0.5001 / 86400
