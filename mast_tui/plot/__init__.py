"""The plot room: numbers to characters. Lines as braille inside a plotext frame, images as half blocks, all as text.

It imports numpy and `core` only; plotext is imported when a frame is drawn, Textual never. `draw_series` and
`draw_image` serve the app's widgets, `text` the command line.
"""

from mast_tui.plot.images import ImageFrame, draw_image
from mast_tui.plot.labels import number, pretty_unit, to_ascii
from mast_tui.plot.report import text
from mast_tui.plot.series import PlotFrame, Range, Span, StyleName, draw_series, full_range, visible_limits

__all__ = [
    "ImageFrame",
    "PlotFrame",
    "Range",
    "Span",
    "StyleName",
    "draw_image",
    "draw_series",
    "full_range",
    "number",
    "pretty_unit",
    "text",
    "to_ascii",
    "visible_limits",
]
