"""One plot of simulated points in a terminal, for `bench_preview`: `python -m tests.benchmarks.plot_app WHOSE N`.

WHOSE is 'mast-tui' (the widget of the preview screen) or 'plotext' (that of textual-plotext, fed every point). Keys:
f shows a series that was never drawn, z zooms in, p pans, c moves the cursor. textual-plotext's widget can do none of
it; it draws again.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import ClassVar

import numpy as np
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Static
from textual_plotext import PlotextPlot

from mast_tui.core.look import Axis, Series, Summary
from mast_tui.tui.widgets.plot_view import PlotView
from mast_tui.tui.wire import driver_of_terminal

READY = "READY"


def simulated(n: int) -> Series:
    """A light curve of 2-minute cadence: white noise of 400 ppm around one."""
    x = np.arange(n) / 720.0
    y = np.random.default_rng(n).normal(1.0, 4e-4, n)
    return Series(
        "lightcurve", "simulated", 1, Axis("TIME", "BTJD", "d"), Axis("FLUX", "Flux", "e-/s"), x, y, None,
        np.array([0]), n, n, Summary(), (n,),
    )  # fmt: skip


class PlotApp(App[None]):
    BINDINGS: ClassVar[list[BindingType]] = [("f", "first"), ("z", "zoom"), ("p", "pan"), ("c", "cursor")]

    def __init__(self, whose: str, n: int) -> None:
        super().__init__(driver_class=driver_of_terminal() if whose == "mast-tui" else None)
        self._series, self._shown = simulated(n), 0
        self._view: PlotView | PlotextPlot = PlotView() if whose == "mast-tui" else PlotextPlot()

    def compose(self) -> ComposeResult:
        yield self._view
        yield Static(READY)

    def action_first(self) -> None:
        if isinstance(self._view, PlotView):
            self._shown += 1  # another label, so that its frame was never drawn either
            self._view.show(replace(self._series, y_axis=Axis("FLUX", f"Flux {self._shown}", "e-/s")))
        else:
            self._view.plt.clear_data()
            self._view.plt.scatter(self._series.x.tolist(), self._series.y.tolist(), marker="braille")
            self._view.refresh()

    def action_zoom(self) -> None:
        if isinstance(self._view, PlotView):
            self._view.action_zoom("in")

    def action_pan(self) -> None:
        if isinstance(self._view, PlotView):
            # to and fro, so that there is always somewhere to go
            self._view.action_pan("right")
            if self._view.x_range[1] >= float(self._series.x[-1]):
                self._view.action_reset()
                self._view.action_zoom("in")
        else:
            self._view.refresh()

    def action_cursor(self) -> None:
        if isinstance(self._view, PlotView):
            self._view.action_cursor("right")


if __name__ == "__main__":
    PlotApp(sys.argv[1], int(sys.argv[2])).run()
