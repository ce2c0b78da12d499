"""Transmission spectra of exoplanets: four columns of numbers in a text, told by their values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mast_tui.core.look import Preview, TableLook
from mast_tui.preview.asking import Asked
from mast_tui.preview.jobs import preview

WAVE = np.linspace(0.6, 5.0, 30)
DEPTH = 0.021 + 0.0004 * np.sin(WAVE)


def look(path: Path) -> Preview:
    return preview(path, Asked(file_name=path.name))


def text(path: Path, rows: object, head: str = "") -> Path:
    path.write_text(head + "\n".join(" ".join(f"{value:.8g}" for value in row) for row in np.asarray(rows)) + "\n")
    return path


ROWS = np.column_stack((WAVE, np.full(30, 0.05), DEPTH, np.full(30, 5e-5)))


@pytest.mark.parametrize("head", ["", "# wavelength  half width  (Rp/Rs)^2  error\n"])
def test_four_columns_of_numbers_are_a_transmission_spectrum(tmp_path: Path, head: str) -> None:
    found = look(text(tmp_path / "wasp39b_transmission.txt", ROWS, head))
    assert found.kind == "spectrum" and [item.kind for item in found.items] == ["spectrum", "table"]
    spectrum = found.series[0]
    assert (spectrum.product, spectrum.n_good, spectrum.x_axis.unit) == ("transmission spectrum", 30, "um")
    assert spectrum.y == pytest.approx(DEPTH, rel=1e-6) and spectrum.y_axis.label == "Transit depth (Rp/Rs)²"
    assert spectrum.error is not None and set(spectrum.error.tolist()) == {5e-5}
    shown = found.items[1]
    assert isinstance(shown, TableLook)
    assert [column.name for column in shown.columns] == ["WAVELENGTH", "HALF_WIDTH", "TRANSIT_DEPTH", "ERROR"]


@pytest.mark.parametrize(
    "rows",
    [
        ROWS[:, [2, 1, 0, 3]],  # another order of the columns
        np.column_stack((WAVE, WAVE, DEPTH, DEPTH)),  # widths as long as the wavelengths
        np.column_stack((WAVE * 1e4, np.full(30, 5.0), DEPTH, DEPTH / 9)),  # a spectrum in Å
        np.column_stack((ROWS, WAVE)),
    ],
)
def test_other_columns_of_numbers_stay_a_table_without_names(tmp_path: Path, rows: object) -> None:
    found = look(text(tmp_path / "numbers.txt", rows))
    shown = found.items[0]
    assert found.kind == "table" and isinstance(shown, TableLook) and shown.columns[0].name == "col1"
