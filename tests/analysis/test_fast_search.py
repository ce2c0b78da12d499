"""With nifty-ls installed a Lomb-Scargle search gives the same answer; without it there is the one of astropy alone."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from mast_tui.analysis.jobs import ls

from .made_curves import sector


def test_without_it_the_search_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nifty_ls", None)  # importing it fails
    quiet = sector(days=10)
    y = quiet.y / 1000 * (1 + 0.003 * np.sin(2 * np.pi * quiet.x / 0.8))
    assert ls(quiet.x - quiet.x[0], y)["period_d"] == pytest.approx(0.8, rel=1e-3)


def test_both_ways_give_the_same_spectrum(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("nifty_ls")
    quiet = sector(days=10)
    x, y = quiet.x - quiet.x[0], quiet.y / 1000 * (1 + 0.003 * np.sin(2 * np.pi * quiet.x / 0.8))
    fast = ls(x, y)
    monkeypatch.setitem(sys.modules, "nifty_ls", None)
    plain = ls(x, y)
    assert fast["power"] == pytest.approx(plain["power"], abs=1e-5)
    assert fast["period_d"] == pytest.approx(plain["period_d"], rel=1e-6)
    assert fast["verdict"] == plain["verdict"]
