"""The plot room: numbers to characters. Lines as braille inside a plotext frame, images as half blocks, all as text.

It imports numpy and `core` only; plotext is imported when a frame is drawn, Textual never. `draw_series` and
`draw_image` serve the app's widgets, `text` the command line.
"""

from mast_tui.plot.image_frame import ImageFrame, Limits, Stretch
from mast_tui.plot.image_text import ImageRun, colour_bar, image_runs
from mast_tui.plot.images import draw_image
from mast_tui.plot.labels import number, pretty_unit, to_ascii
from mast_tui.plot.overview import overview
from mast_tui.plot.pictures import PictureFrame, draw_picture
from mast_tui.plot.plot_frame import Mark, Overview, PlotFrame, Span, StyleName
from mast_tui.plot.report import text
from mast_tui.plot.scales import Range, Scale
from mast_tui.plot.series import draw_series, full_range, in_sight, visible_limits

__all__ = [
    "ImageFrame",
    "ImageRun",
    "Limits",
    "Mark",
    "Overview",
    "PictureFrame",
    "PlotFrame",
    "Range",
    "Scale",
    "Span",
    "Stretch",
    "StyleName",
    "colour_bar",
    "draw_image",
    "draw_picture",
    "draw_series",
    "full_range",
    "image_runs",
    "in_sight",
    "number",
    "overview",
    "pretty_unit",
    "text",
    "to_ascii",
    "visible_limits",
]
