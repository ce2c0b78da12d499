"""Time-series spectra in their three layouts: white-light curve first, dynamic spectrum next, then each exposure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from mast_tui.core.look import ImageLook, Preview, Series
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview
from mast_tui.preview.passing import from_wire, to_wire
from tests.preview.made_files import jwst_x1dints, table, write


def look(path: Path, **asked: object) -> Preview:
    return preview(path, Asked(**asked, file_name=path.name))  # type: ignore[arg-type]


def test_a_dynamic_spectrum_follows_the_white_light_curve(tmp_path: Path) -> None:
    found = look(jwst_x1dints(tmp_path / "x1dints.fits"))
    assert [type(item) for item in found.items[:3]] == [Series, ImageLook, Series]
    shown = found.items[1]
    assert isinstance(shown, ImageLook) and shown.extent is not None
    extent = shown.extent
    assert (extent.x_axis.unit, extent.y_axis.name) == ("um", "TDB-MID")
    assert extent.x_low == pytest.approx(0.6) and extent.x_high == pytest.approx(0.6 + 33 / 39 * 4.7), "34 of 40 pixels"
    assert (extent.y_low, extent.y_high) == pytest.approx((59770.0035, 59770.0155), abs=1e-6)
    assert shown.pixels.shape == (12, 40)
    # integration 6 is 1 % fainter; nonsense that is flagged in integration 4 is not drawn
    assert np.allclose(shown.pixels[5], 0.99) and np.nanmax(shown.pixels) == pytest.approx(1.0)
    again = from_wire(to_wire(found)).items[1]
    assert isinstance(again, ImageLook) and again.extent == extent


def test_of_long_series_the_last_integrations_are_only_listed(tmp_path: Path) -> None:
    path = jwst_x1dints(tmp_path / "x1dints.fits", n_integrations=40, n=3000)
    found = look(path)
    integrations = found.series[1:]
    assert [s.name for s in integrations] == [f"EXTRACT1D integration {k}" for k in range(1, 41)]
    assert [s.loaded for s in integrations] == [True] * 21 + [False] * 19, "65,536 points and no more"
    last = integrations[-1]
    assert (last.read, last.n_rows, last.n_good, last.row, last.y_axis.unit) == (False, 3000, 0, 39, "Jy")
    assert "asked for by its row" in last.notes[0] and last.to_json()["y"]["median"] is None
    assert last.to_json()["n_good"] is None and integrations[0].to_json()["n_good"] == 2994
    (asked,) = look(path, row=39).series
    assert asked.loaded and (asked.name, asked.n_good) == (last.name, 2994)
    assert [s.read for s in from_wire(to_wire(found)).series] == [s.read for s in found.series]
    assert found.series[0].n_good == 40, "the white-light curve is of all of them"


def test_exposures_after_a_gap_leave_blank_rows_between(tmp_path: Path) -> None:
    path = jwst_x1dints(tmp_path / "x1dints.fits", n_integrations=10)
    with fits.open(path, mode="update") as hdus:
        hdus[1].data["TDB-MID"][5:] += 0.01  # as long as the ten integrations together
    shown = look(path).items[1]
    assert isinstance(shown, ImageLook)
    blank = np.asarray(np.isnan(shown.pixels).all(axis=1))
    assert blank.sum() == 10 and not blank[:4].any() and not blank[-4:].any()


def test_older_files_have_an_integration_an_hdu_and_their_times_apart(tmp_path: Path) -> None:
    n = 6
    times = 59770.0 + np.arange(n) * 0.002
    clock = table([("integration_number", "J", np.arange(1, n + 1)), ("int_mid_BJD_TDB", "D", times)], "INT_TIMES")
    spectra = []
    for k in range(n):
        flux = np.full(30, 0.02 if k != 2 else 0.019)
        dq = np.zeros(30, int)
        if k == 4:
            flux[8], dq[8] = 9.0, 1
        columns: list[Any] = [
            ("WAVELENGTH", "D", np.linspace(1, 2, 30), "um"),
            ("FLUX", "D", flux, "Jy"),
            ("DQ", "J", dq),
        ]
        spectra.append(table(columns, "EXTRACT1D", {"INT_NUM": k + 1}))
    found = look(write(tmp_path / "old_x1dints.fits", [*spectra, clock], {"TELESCOP": "JWST", "INSTRUME": "NIRISS"}))
    white, dynamic = found.items[:2]
    assert isinstance(white, Series) and isinstance(dynamic, ImageLook)
    assert (found.kind, white.x.tolist(), white.time and white.time.scale) == ("lightcurve", times.tolist(), "tdb")
    assert white.y == pytest.approx([0.6, 0.6, 0.57, 0.6, 0.6, 0.6])
    assert dynamic.extent is not None and np.allclose(dynamic.pixels[2], 0.95)
    assert [s.name for s in found.series[1:3]] == ["EXTRACT1D", "EXTRACT1D integration 2"]


def test_every_order_of_an_older_file_has_its_curve(tmp_path: Path) -> None:
    n, hdus = 4, []
    clock = table([("int_mid_BJD_TDB", "D", 59770.0 + np.arange(n) * 0.002)], "INT_TIMES")
    for k in range(n):
        for order, level in ((1, 0.02), (2, 0.01 if k != 3 else 0.009)):
            columns: list[Any] = [("WAVELENGTH", "D", np.linspace(1, 2, 10) / order, "um")]
            columns.append(("FLUX", "D", np.full(10, level), "Jy"))
            hdus.append(table(columns, "EXTRACT1D", {"INT_NUM": k + 1, "SPORDER": order}))
    found = look(write(tmp_path / "soss_x1dints.fits", [*hdus, clock], {"TELESCOP": "JWST", "INSTRUME": "NIRISS"}))
    first, second = found.series[:2]
    assert [item.name for item in found.items[:4]] == [
        "EXTRACT1D white light", "EXTRACT1D order 2 white light",
        "EXTRACT1D dynamic spectrum", "EXTRACT1D order 2 dynamic spectrum",
    ]  # fmt: skip
    assert first.y == pytest.approx([0.2] * 4) and second.y == pytest.approx([0.1, 0.1, 0.1, 0.09])


def test_ullyses_time_series_hold_a_block_of_exposures(tmp_path: Path) -> None:
    wave, flux = np.linspace(1150, 1700, 50), np.full((4, 50), 1e-14)
    flux[3] *= 2
    block = table(
        [
            ("MJDSTART", "4D", [59000.0 + np.arange(4) * 0.1], "d"),
            ("MJDEND", "4D", [59000.05 + np.arange(4) * 0.1], "d"),
            ("WAVELENGTH", "50D", [wave], "Angstrom"),
            ("FLUX", "200D", flux[None], "erg /s /cm**2 /Angstrom"),
            ("ERROR", "200D", flux[None] / 10, "erg /s /cm**2 /Angstrom"),
        ],
        "SCIENCE",
        dims={"FLUX": "(50,4)", "ERROR": "(50,4)"},
    )
    path = write(tmp_path / "ullyses_gm-aur_tss.fits", [block], {"TELESCOP": "HST", "INSTRUME": "COS"})
    found = look(path)
    white, dynamic, *exposures = found.items
    assert isinstance(white, Series) and isinstance(dynamic, ImageLook)
    assert white.y / white.y[0] == pytest.approx([1, 1, 1, 2]) and white.x[0] == 59000.0
    assert dynamic.extent is not None and dynamic.extent.x_axis.unit == "Angstrom"
    assert [item.name for item in exposures] == [f"SCIENCE exposure {k}" for k in (1, 2, 3, 4)]
    last = look(path, row=3).items[0]
    assert isinstance(last, Series) and last.y[0] == pytest.approx(2e-14) and last.error is not None
    assert last.medium == "vacuum"
