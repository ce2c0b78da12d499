"""The plot in the app: zoom, pan and cursor, with the place in physical units, redrawn only when something changed."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pytest
from rich.color import ColorSystem
from textual.app import App, ComposeResult
from textual.events import MouseScrollUp

from mast_tui.core.look import Axis, Flag, Quality, Series
from mast_tui.plot import PlotFrame, draw_series
from mast_tui.tui.widgets import plot_picture
from mast_tui.tui.widgets.cursor import nearest
from mast_tui.tui.widgets.image_view import ImageView
from mast_tui.tui.widgets.plot_view import PlotView
from tests.plot.made_series import image, series, spectrum

N = 2000
CURVE = series(np.arange(N) / 100 + 1325, 1.4646e6 + 100 * np.sin(np.arange(N) / 30), error=np.full(N, 130.4))


class Shown(App[None]):
    CSS: ClassVar[str] = "PlotView { height: 1fr; } ImageView { height: 10; }"

    def __init__(self) -> None:
        super().__init__()
        self.readouts: list[str] = []

    def compose(self) -> ComposeResult:
        yield PlotView()
        yield ImageView()

    def on_plot_view_readout_changed(self, event: PlotView.ReadoutChanged) -> None:
        self.readouts.append(event.readout)

    def lines(self) -> list[str]:
        return ["".join(segment.text for segment in strip) for strip in self.screen._compositor.render_strips()]


async def test_a_series_is_drawn_with_plotexts_frame() -> None:
    app = Shown()
    async with app.run_test(size=(80, 34)) as pilot:
        app.query_one(PlotView).show(CURVE)
        await pilot.pause()
        lines = app.lines()
        assert lines[0].strip() == "PDCSAP flux [×10⁶ e⁻/s]" and "┌" in lines[1] and "┤" in "".join(lines)
        assert any("⠀" < sign <= "⣿" for sign in "".join(lines[2:18]))
        assert "BTJD (BJD − 2457000, TDB) [d]" in lines[23]


async def test_zooming_and_panning_stay_within_the_data() -> None:
    app = Shown()
    async with app.run_test(size=(80, 34)) as pilot:
        view = app.query_one(PlotView)
        view.show(CURVE)
        await pilot.pause()
        low, high = view.x_range
        view.action_zoom("in")
        assert view.x_range == pytest.approx((low + (high - low) / 4, high - (high - low) / 4))
        for _ in range(9):
            view.action_pan("left")
        assert view.x_range[0] == pytest.approx(low)
        for _ in range(40):
            view.action_zoom("in")
        assert view.x_range[1] - view.x_range[0] == pytest.approx(0.04, rel=0.01), "some points stay in sight"
        for _ in range(40):
            view.action_zoom("out")
        assert view.x_range == pytest.approx((low, high))
        view.action_zoom("in")
        view.action_reset()
        assert view.x_range == pytest.approx((low, high))


async def test_the_cursor_reads_out_points_in_physical_units() -> None:
    app = Shown()
    async with app.run_test(size=(80, 34)) as pilot:
        view = app.query_one(PlotView)
        view.show(CURVE)
        await pilot.pause()
        view.action_cursor("right")
        await pilot.pause()
        assert view.readout.startswith("BTJD 1334.99") or view.readout.startswith("BTJD 1335")
        assert "± 130 e⁻/s" in view.readout and "2018-08-04 11:44 UTC" in view.readout
        first = view.readout
        view.action_cursor("left")
        await pilot.pause()
        assert app.readouts == [first, view.readout] and view.readout != first
        assert any("┊" in line for line in app.lines())
        view.action_reset()
        await pilot.pause()
        assert view.readout == "" and not any("┊" in line for line in app.lines())


async def test_the_cursor_steps_over_gaps_and_reaches_every_point_when_zoomed() -> None:
    gappy = series(np.r_[np.arange(10.0), np.arange(1000.0, 1010.0)], np.ones(20), (0, 10))
    app = Shown()
    async with app.run_test(size=(80, 34)) as pilot:
        view = app.query_one(PlotView)
        view.show(gappy)
        await pilot.pause()
        seen = set()
        for _ in range(30):
            view._cursor._last = (0.0, None, 1)  # single key presses, not a held key
            view.action_cursor("right")
            seen.add(view.readout)
        assert len(seen) > 1 and "point 20 of 20" in view.readout
        for _ in range(30):
            view._cursor._last = (0.0, None, 1)
            view.action_cursor("left")
        assert "point 1 of 20" in view.readout


async def test_zooming_keeps_the_cursor_where_it_is() -> None:
    app = Shown()
    async with app.run_test(size=(80, 34)) as pilot:
        view = app.query_one(PlotView)
        view.show(CURVE)
        await pilot.pause()
        for _ in range(12):
            view._cursor._last = (0.0, None, 1)
            view.action_cursor("right")
        column = view._cursor_column()
        view.action_zoom("in")
        await pilot.pause()
        after = view._cursor_column()
        assert column is not None and after is not None and abs(after - column) <= 1


async def test_the_plot_is_built_only_when_something_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Series] = []

    def counting(series: Series, *args: Any, **kwargs: Any) -> PlotFrame:
        built.append(series)
        return draw_series(series, *args, **kwargs)

    monkeypatch.setattr(plot_picture, "draw_series", counting)
    app = Shown()
    async with app.run_test(size=(80, 34)) as pilot:
        view = app.query_one(PlotView)
        view.show(CURVE)
        await pilot.pause()
        assert len(built) == 1
        for _ in range(5):
            view.action_cursor("right")
            await pilot.pause()
        view.refresh()
        view.focus()
        await pilot.pause()
        assert len(built) == 1, "the cursor and the focus need no new plot"
        view.action_zoom("in")
        await pilot.pause()
        assert len(built) == 2
        await pilot.resize_terminal(100, 40)
        await pilot.pause()
        assert len(built) == 3
        app.theme = "nord"
        await pilot.pause()
        assert len(built) >= 4


async def test_another_series_begins_anew_and_none_empties_the_plot() -> None:
    app = Shown()
    async with app.run_test(size=(80, 34)) as pilot:
        view = app.query_one(PlotView)
        view.show(CURVE)
        await pilot.pause()
        view.action_zoom("in")
        view.show(spectrum(np.linspace(1130, 1430, 300), np.full(300, 2e-14)))
        await pilot.pause()
        assert view.x_range == pytest.approx((1130, 1430)) and "Wavelength [Å]" in app.lines()[23]
        view.action_cursor("right")
        assert " Å   Flux 2e-14 erg/s/cm²/Å" in view.readout


async def test_without_a_series_the_plot_is_empty_and_the_keys_do_nothing() -> None:
    app = Shown()
    async with app.run_test(size=(80, 34)) as pilot:
        view = app.query_one(PlotView)
        view.show(CURVE)
        view.show(None)
        await pilot.pause()
        view.action_zoom("in")
        view.action_cursor("right")
        assert not "".join(app.lines()[:24]).strip() and view.readout == ""


async def test_an_image_is_shown_in_half_blocks_with_its_scale() -> None:
    app = Shown()
    async with app.run_test(size=(80, 34)) as pilot:
        pixels = np.zeros((30, 30))
        pixels[15, 15] = 1
        app.query_one(ImageView).show(image(pixels))
        await pilot.pause()
        lines = app.lines()[24:]
        assert "▀" in lines[3] and lines[9].startswith("Value [e⁻/s]: 0 ") and "1, asinh" in lines[9]


async def test_backspace_goes_back_through_the_views_and_y_can_be_zoomed_alone() -> None:
    app = Shown()
    async with app.run_test(size=(80, 34)) as pilot:
        view = app.query_one(PlotView)
        view.show(CURVE)
        await pilot.pause()
        everything, (low, high) = view.x_range, view.y_range
        view.action_zoom("in")
        view.action_zoom_y("in")
        assert view.y_range[1] - view.y_range[0] < 0.6 * (high - low)
        assert view.action_back() and view.action_back() and not view.action_back()
        assert view.x_range == everything and view.y_range == (low, high)


async def test_an_outlier_is_out_of_sight_until_all_points_are_asked_for() -> None:
    outlier = series(np.arange(5000.0), np.r_[np.sin(np.arange(4999.0)), 1e4])
    app = Shown()
    async with app.run_test(size=(80, 34)) as pilot:
        view = app.query_one(PlotView)
        view.show(outlier)
        await pilot.pause()
        assert view.y_range[1] < 100
        assert view.action_auto_y() and view.y_range[1] > 1e4
        assert not view.action_auto_y() and view.y_range[1] < 100


async def test_the_mouse_zooms_where_it_points_draws_a_box_and_sets_the_cursor() -> None:
    app = Shown()
    async with app.run_test(size=(80, 34)) as pilot:
        view = app.query_one(PlotView)
        view.show(CURVE)
        await pilot.pause()
        frame = view.plot_frame
        assert frame is not None
        left, right = frame.left + 10, frame.left + 30
        at, until = frame.x_at(left), frame.x_at(right)
        await pilot.mouse_down(PlotView, offset=(left, frame.top + 5))
        await pilot.hover(PlotView, offset=(right, frame.top + 5))
        await pilot.mouse_up(PlotView, offset=(right, frame.top + 5))
        assert view.x_range == pytest.approx((at, until)) and view.readout == ""
        await pilot.click(PlotView, offset=(left, frame.top + 5))
        await pilot.pause()
        frame = view.plot_frame
        assert view.cursor_x is not None and frame is not None and abs(view.cursor_x - frame.x_at(left)) < 0.3
        view.action_reset()
        await pilot.pause()
        await pilot._post_mouse_events([MouseScrollUp], PlotView, offset=(left, frame.top + 5))
        await pilot.pause()
        low, high = view.x_range
        assert (high - low) == pytest.approx((CURVE.x[-1] - CURVE.x[0]) / 2)
        assert (at - low) / (high - low) == pytest.approx((at - CURVE.x[0]) / (CURVE.x[-1] - CURVE.x[0]), abs=0.02)


async def test_a_point_with_a_flag_says_what_the_flag_means() -> None:
    quality = Quality("QUALITY", 17087, 7, (Flag(32, "desat", 3), Flag(128, "manual exclude", 4)))
    flagged = series(np.arange(9.0), np.arange(9.0), quality=quality, flags=np.full(9, 32 | 128))
    app = Shown()
    async with app.run_test(size=(100, 34)) as pilot:
        view = app.query_one(PlotView)
        view.show(flagged)
        await pilot.pause()
        view.action_cursor("right")
        assert "flags: desat, manual exclude (160)" in view.readout


def brightness(view: PlotView, name: str) -> float:
    """How far the style's colour is from the background: 0 to 255, by the luma of ITU-R BT.601."""
    style = view.get_component_rich_style(f"plot-view--{name}")
    assert style.color is not None and style.bgcolor is not None
    ink, paper = style.color.get_truecolor(), style.bgcolor.get_truecolor()
    return abs(sum(w * (a - b) for w, a, b in zip((0.299, 0.587, 0.114), ink, paper, strict=True)))


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
async def test_denser_places_stand_out_more_on_a_dark_and_on_a_light_background(theme: str) -> None:
    app = Shown()
    async with app.run_test(size=(80, 24)) as pilot:
        app.theme = theme
        await pilot.pause()
        steps = [brightness(app.query_one(PlotView), f"density{k}") for k in range(7)]
    assert steps == sorted(steps) and steps[0] > 25 and steps[-1] > 2 * steps[0]


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
async def test_sixteen_colours_still_tell_seven_steps_of_density_apart(theme: str) -> None:
    app = Shown()
    async with app.run_test(size=(80, 24)) as pilot:
        app.theme = theme
        app.console._color_system = ColorSystem.STANDARD
        await pilot.pause()
        view = app.query_one(PlotView)
        colours = [view._style(f"density{k}").color for k in range(7)]
        numbers = [colour.downgrade(ColorSystem.STANDARD).number for colour in colours if colour is not None]
        assert len(set(numbers)) == 7
        lumas = [
            sum(w * c for w, c in zip((0.299, 0.587, 0.114), colour.get_truecolor(), strict=True))
            for colour in colours
            if colour
        ]
        assert lumas == sorted(lumas, reverse=theme == "textual-light")
        assert view._style("data") == view.get_component_rich_style("plot-view--data")


async def test_without_colour_sparse_points_are_dim_and_the_line_over_them_bold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Shown()
    async with app.run_test(size=(80, 24)):
        view = app.query_one(PlotView)
        styles = [view.get_component_rich_style(f"plot-view--{name}") for name in ("density0", "density6", "over")]
    assert [style.dim or False for style in styles] == [True, False, False]
    assert [style.bold or False for style in styles] == [False, False, True]


async def test_on_a_logarithmic_axis_a_zoom_step_is_a_factor_and_the_cursor_stays_where_it_is() -> None:
    x = np.logspace(-1, 3, 400)
    sed = spectrum(
        x, x**-2, x_axis=Axis("WAVE", "Wavelength", "um", log=True), y_axis=Axis("F", "Flux", "Jy", log=True)
    )
    app = Shown()
    async with app.run_test(size=(80, 34)) as pilot:
        view = app.query_one(PlotView)
        view.show(sed)
        await pilot.pause()
        view.action_zoom("in")
        assert np.log10(view.x_range) == pytest.approx((0, 2)), "a middle of 10, not of 500; two decades of four"
        await pilot.pause()
        view.action_cursor("right")
        for _ in range(12):
            view.action_cursor("right")
        await pilot.pause()
        frame, at = view.plot_frame, view.cursor_x
        assert frame is not None and at is not None and at > 12
        before = frame.column_of(at)
        view.action_zoom("in")
        low, high = np.log10(view.x_range)
        assert high - low == pytest.approx(1)
        await pilot.pause()
        assert view.plot_frame is not None and before is not None
        assert view.plot_frame.column_of(at) == pytest.approx(before, abs=1)
        view.action_pan("right")
        assert np.log10(view.x_range) == pytest.approx((low + 0.25, high + 0.25))
        bottom, top = np.log10(view.y_range)
        view.action_zoom_y("in")
        assert np.log10(view.y_range) == pytest.approx((bottom * 0.75 + top * 0.25, bottom * 0.25 + top * 0.75))
        view.action_reset()
        assert view.x_range == pytest.approx((0.1, 1000))


def test_the_cursor_finds_the_nearest_point_also_where_segments_overlap() -> None:
    rng = np.random.default_rng(4)
    x = np.concatenate([np.sort(rng.uniform(a, a + 4, 60)) for a in (0, 2, 1)])
    overlapping = spectrum(x, x, (0, 60, 120))
    for at in np.linspace(-1, 7, 50):
        found = nearest(overlapping, at, (1.5, 5.0))
        seen = np.flatnonzero((x >= 1.5) & (x <= 5.0))
        assert found is not None and found in seen
        assert abs(x[found] - at) == np.abs(x[seen] - at).min()
    assert nearest(overlapping, 3.0, (50.0, 60.0)) is None
