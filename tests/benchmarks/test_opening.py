"""Where no real file is at hand the benchmark makes one of every kind, and it is taken for that kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import opening
from tests.benchmarks.bench_preview import drawn


async def test_a_file_of_every_kind_is_made_opened_and_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "DATA", tmp_path / "nothing here")
    files = opening.paths(tmp_path)
    rows = await opening.opened(files, (60, 15), 1)  # ends the run where a file is not of its kind
    assert [row.kind for row in rows] == list(opening.FILES)
    assert all(row.first_ms > 0 and row.open_ms > 0 and row.draw_ms > 0 for row in rows)
    assert {row.kind for row in rows if row.plotext_ms is not None} == {"lightcurve", "spectrum"}


def test_drawing_is_timed_on_both_sides() -> None:
    times = drawn(2_000, 60, 15, 2)
    assert set(times) == {"first_ms", "next_ms", "bytes", "plotext_ms"} and all(value > 0 for value in times.values())
