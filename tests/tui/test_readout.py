"""The line under a curve: what of the point at the cursor is told, and what gives way where there is less room."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mast_tui.core.look import Axis, Flag, Quality, Series, TimeReference
from mast_tui.tui.widgets.readout import read_out
from tests.tui.looks_double import series

CURVE: Series = replace(
    series("PDCSAP_FLUX", np.array([1.4646e6, 1.4647e6]), kind="lightcurve"),
    x=np.array([1339.5321, 1339.5335]),
    x_axis=Axis("TIME", "BTJD (BJD − 2457000, TDB)", "d"),
    y_axis=Axis("PDCSAP_FLUX", "PDCSAP flux", "e-/s"),
    error=np.array([130.0, np.nan]),
    time=TimeReference("btjd", 2457000.0, "tdb"),
    cadence=np.array([91234, 91235]),
    flags=np.array([0, 32]),
    quality=Quality("QUALITY", 17087, 1, (Flag(32, "desaturation of reaction wheels", 1),)),
)


def test_all_of_a_point_is_told_where_there_is_room() -> None:
    assert read_out(CURVE, 0, 200) == (
        "BTJD 1339.5321   PDCSAP flux 1464600 ± 130 e⁻/s   cadence 91234   2018-08-09 00:45 UTC   point 1 of 2"
    )


@pytest.mark.parametrize("width", [100, 78, 60, 38])
def test_in_less_room_the_names_go_first_and_what_is_left_out_is_left_out_whole(width: int) -> None:
    said = read_out(CURVE, 0, width)
    place = "1339.5321   1464600 ± 130 e⁻/s"
    expected = {
        100: f"BTJD {place}   cadence 91234   2018-08-09 00:45 UTC".replace("   14", "   PDCSAP flux 14"),
        78: f"{place}   cadence 91234   2018-08-09 00:45 UTC",
        60: f"{place}   cadence 91234",
        38: place,
    }
    assert said == expected[width]


def test_flags_in_words_come_before_cadence_and_date() -> None:
    said = read_out(CURVE, 1, 90)
    assert said == "1339.5335   1464700 e⁻/s   flags: desaturation of reaction wheels (32)   cadence 91235"


def test_a_folded_curve_has_phases_and_a_date_axis_its_date_once() -> None:
    folded = replace(CURVE, x=np.array([-0.25, 0.25]), x_axis=Axis("phase", "Phase"), time=None, cadence=None)
    assert read_out(folded, 0, 78).startswith("Phase -0.25   PDCSAP flux")
    dates = replace(
        CURVE,
        x=CURVE.x + 2457000,
        x_axis=Axis("TIME", "Date (UTC)", "d", dates=True),
        time=TimeReference("jd", 0, "utc"),
    )
    said = read_out(dates, 0, 200)
    assert said.count("UTC") == 1 and said.startswith("Date 2018-08-09 00:46 UTC   PDCSAP flux")


def test_a_spectrum_has_its_unit_and_no_date() -> None:
    line = replace(
        series("FLUX", [1e-14, 2e-14]), x=np.array([1215.67, 1216.0]), x_axis=Axis("W", "Wavelength", "Angstrom")
    )
    assert read_out(line, 0, 200) == "Wavelength 1215.67 Å   FLUX 1e-14   point 1 of 2"
